//! Texts that are cut at a delimiter, though part of them is not known.
//! It does not know where the texts come from.

use super::value::{Text, TextPart};
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Template;
use crate::model::{CharacterSet, TextLimits};

/// The pieces of a text, and why those behind them are not known.
///
/// What is not known may hold the delimiter, so that only what stands before it is certain; but no account, region or
/// name of a repository holds a colon.
pub(crate) fn pieces<'t>(
    template: &Template<'t>,
    text: Text<'t>,
    delimiter: &str,
) -> (Vec<Vec<TextPart<'t>>>, Option<String>) {
    let span = text.span;
    let mut pieces = vec![Vec::new()];
    let mut known = String::new();
    let mut add = |known: &mut String, hole: Option<TextPart<'t>>| {
        for (index, piece) in known.split(delimiter).enumerate() {
            if index > 0 {
                pieces.push(Vec::new());
            }
            if let Some(last) = pieces.last_mut().filter(|_| !piece.is_empty()) {
                last.push(TextPart::known(piece.to_owned(), span));
            }
        }
        known.clear();
        if let (Some(last), Some(hole)) = (pieces.last_mut(), hole) {
            last.push(hole.at(span));
        }
    };
    let mut rest = None;
    for part in text.parts {
        match part {
            TextPart::Known { text, .. } => known.push_str(&text),
            TextPart::Hole {
                ref name,
                ref limits,
                ..
            } if !may_hold(template, name, limits.as_deref(), delimiter) => {
                add(&mut known, Some(part));
            }
            TextPart::Hole { reason, .. } => {
                rest = Some(reason);
                break;
            }
        }
    }
    add(&mut known, None);
    if rest.is_some() {
        pieces.pop();
    }
    for piece in &mut pieces {
        if piece.is_empty() {
            piece.push(TextPart::known("", span));
        }
    }
    (pieces, rest)
}

/// Whether what fills a hole may hold a character of the delimiter. None of those that may not is ever empty.
fn may_hold(
    template: &Template<'_>,
    name: &str,
    limits: Option<&TextLimits>,
    delimiter: &str,
) -> bool {
    let is_without = |limits: &TextLimits| !limits.may_hold(CharacterSet::of(delimiter));
    if limits.is_some_and(|limits| limits.shortest() > 0 && is_without(limits)) {
        return false;
    }
    let is_word = |more: &'static str| {
        move |letter: char| letter.is_ascii_alphanumeric() || more.contains(letter)
    };
    let resource = |name: &str| template.resources.get(name).map(|resource| resource.kind);
    match (name, resource(name)) {
        ("AWS::AccountId", _) => delimiter.contains(|letter: char| letter.is_ascii_digit()),
        ("AWS::Region" | "AWS::Partition" | "AWS::StackName", _) => {
            delimiter.contains(is_word("-"))
        }
        ("AWS::URLSuffix", _) => delimiter.contains(is_word("-.")),
        // The name that CloudFormation makes up.
        (_, Some(ResourceKind::Repository | ResourceKind::PublicRepository)) => {
            delimiter.contains(is_word("-._/"))
        }
        // The id of a key, and the name of a role, user or group.
        (_, Some(ResourceKind::Key)) => delimiter.contains(is_word("-")),
        (_, Some(ResourceKind::IamPrincipal)) => delimiter.contains(is_word("-_+=,.@")),
        _ => true,
    }
}
