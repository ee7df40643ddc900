//! A finding in the words and lines that the page shows of it.
//! It does not know where on the page it stands.

use std::borrow::Cow;

use serde::Serialize;

use crate::render::advice::{parts, sentence};
use crate::render::frame::{ShownLine, shown};
use crate::render::name::heading;
use crate::render::path::relative;
use crate::render::text::clean;
use crate::render::view::{Grade, View, parted};
use crate::report::Diagnostic;
use crate::source::Span;

/// Related places that are told.
const RELATED: usize = 6;

/// What the page shows of a finding. The names of the members are short because every finding has them.
#[derive(Serialize)]
pub(super) struct Told<'a> {
    /// `error`, `warning`, `undetermined` or `note`.
    #[serde(rename = "g")]
    pub(super) grade: &'static str,
    /// Id of the rule.
    #[serde(rename = "r")]
    pub(super) rule: &'a str,
    /// What it is about.
    #[serde(rename = "s")]
    pub(super) subject: Option<String>,
    /// Account, region and stack of what it is about.
    #[serde(rename = "w")]
    pub(super) whereabouts: [Option<&'a str>; 3],
    /// What is wrong.
    #[serde(rename = "m")]
    pub(super) message: Cow<'a, str>,
    /// Why it cannot be told.
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    pub(super) because: Option<Cow<'a, str>>,
    /// The condition under which it holds.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub(super) when: Option<Cow<'a, str>>,
    /// Where a reader is sent: path, line and column.
    #[serde(rename = "p")]
    pub(super) place: String,
    /// The lines there.
    #[serde(rename = "x")]
    pub(super) lines: Vec<Line>,
    /// What stands at the place.
    #[serde(rename = "l", skip_serializing_if = "str::is_empty")]
    pub(super) label: Cow<'a, str>,
    /// What to know and to do, in words.
    #[serde(rename = "h", skip_serializing_if = "String::is_empty")]
    pub(super) advice: String,
    /// What to type.
    #[serde(rename = "t", skip_serializing_if = "String::is_empty")]
    pub(super) code: String,
    /// Other places that belong to it, each with a few words.
    #[serde(rename = "o", skip_serializing_if = "Vec::is_empty")]
    pub(super) related: Vec<(String, Cow<'a, str>)>,
    /// Page of the rule.
    #[serde(rename = "u", skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<&'a str>,
}

/// A line of a source: its number, and the text before, in and behind the mark.
#[derive(Serialize)]
pub(super) struct Line(
    pub(super) Option<u32>,
    pub(super) String,
    pub(super) String,
    pub(super) String,
);

impl From<ShownLine> for Line {
    fn from(line: ShownLine) -> Self {
        Self(line.number, line.before, line.marked, line.behind)
    }
}

impl<'a> Told<'a> {
    pub(super) fn of(view: &View<'a>, finding: &'a Diagnostic) -> Self {
        let root = view.options.root.as_deref();
        let (message, because) = parted(finding);
        let place = view.place(finding);
        let column = place.column.map(|column| format!(":{column}"));
        let (origin, help) = (finding.source_location.as_deref(), finding.help.as_deref());
        let span = origin
            .and_then(|own| own.span)
            .unwrap_or(finding.primary.span);
        let label = match origin.filter(|own| own.span.is_some()) {
            Some(own) => own.message.as_str(),
            None if because.is_some() => "",
            None => &finding.primary.message,
        };
        let (prose, code) = parts(
            help.unwrap_or_default(),
            view.has_code(&finding.rule, finding),
        );
        let code: Vec<_> = code.iter().map(|line| clean(line)).collect();
        let subject = finding.subject.as_deref();
        let rule = view.rule(&finding.rule);
        let at = |span: Span| {
            let found = view.sources.locate(span);
            let path = relative(&found.path, root);
            clean(&format!(
                "{path}:{}:{}",
                found.start.line, found.start.column
            ))
            .into_owned()
        };
        let mut related: Vec<_> = finding
            .related
            .iter()
            .take(RELATED)
            .map(|one| (at(one.span), clean(&one.message)))
            .collect();
        if origin.is_some() {
            related.insert(
                0,
                (at(finding.primary.span), clean(&finding.primary.message)),
            );
        }
        Self {
            grade: Grade::of(finding).as_str(),
            rule: &finding.rule,
            subject: subject
                .and_then(heading)
                .map(|name| clean(&name).into_owned()),
            whereabouts: subject.map_or([None; 3], |one| {
                [
                    one.account.as_deref(),
                    one.region.as_deref(),
                    one.stack.as_deref(),
                ]
            }),
            message: clean(message),
            because: because.map(clean),
            when: finding.when.as_deref().map(clean),
            place: clean(&format!(
                "{}:{}{}",
                relative(&place.path, root),
                place.line,
                column.unwrap_or_default()
            ))
            .into_owned(),
            lines: shown(span, view.sources)
                .into_iter()
                .map(Line::from)
                .collect(),
            label: clean(label),
            advice: clean(&sentence(&prose)).into_owned(),
            code: code.join("\n"),
            related,
            url: rule
                .and_then(|(_, rule)| rule.url.as_deref())
                .filter(|url| url.starts_with("https://")),
        }
    }
}
