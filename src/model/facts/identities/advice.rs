//! What to write in a policy of an identity, in place of something that does not do what it is meant to.
//! It does not know what was found wrong, only where.

use crate::model::facts::glob;
use crate::model::policy::{Arn, GALLERY, PULL, PUSH, TOKEN, one_or_many};
use crate::model::{Document, NodeId, Piece, Reference, Shape, Unknown, Value};
use crate::source::{SourceId, Span};

/// The managed policy that gives pulling and pushing, and no more.
///
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/security-iam-awsmanpol.html>
const POWER_USER: &str =
    "arn:${AWS::Partition}:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser";
/// Stands for a hole of a text while the text is changed: the first of the characters for private use.
const HOLE: u32 = 0xE000;

/// Where something was found.
pub(super) struct Found<'d> {
    statement: Value<'d>,
    /// Values under the key in which it was found.
    values: Vec<Value<'d>>,
    at: Value<'d>,
}

impl<'d> Found<'d> {
    /// The statement that has a value with this place under `key`.
    pub(super) fn of(policies: &[Value<'d>], key: &str, span: Span) -> Option<Self> {
        let statements = policies.iter().filter_map(|policy| policy.get("Statement"));
        statements.flat_map(one_or_many).find_map(|statement| {
            let values = one_or_many(statement.get(key)?);
            let at = *values.iter().find(|value| value.span() == span)?;
            Some(Self {
                statement,
                values,
                at,
            })
        })
    }

    /// `("resource", "*")` for a statement about nothing but tokens.
    pub(super) fn everything(&self, document: &mut Document) -> Option<(&'static str, NodeId)> {
        let token = |value: &Value<'_>| {
            let text = value.as_str().unwrap_or_default();
            [TOKEN, GALLERY]
                .iter()
                .any(|it| it.eq_ignore_ascii_case(text))
        };
        let is_whole = self.statement.get("Resource").is_some();
        (is_whole && self.values.iter().all(token))
            .then(|| ("resource", document.string("*", self.at.span())))
    }

    /// `("actions", …)`: those of the statement, with names in place of the pattern.
    pub(super) fn named(&self, document: &mut Document) -> Option<(&'static str, NodeId)> {
        let span = self.at.span();
        // A managed policy is written elsewhere: its actions stand where it is named.
        if self.statement.span() == span {
            let managed = text(document, POWER_USER, span);
            return Some(("instead", managed));
        }
        let on_all = self.statement.get("Resource").and_then(Value::as_str) == Some("*");
        let mut names: Vec<&str> = Vec::new();
        for value in &self.values {
            let written = value.as_str()?;
            if value.span() != span {
                names.push(written);
                continue;
            }
            let pattern = written.to_ascii_lowercase();
            let known = PULL.iter().chain(&PUSH).chain(on_all.then_some(&TOKEN));
            let known = known.filter(|name| glob::matches(&pattern, &name.to_ascii_lowercase()));
            names.extend(known);
        }
        names.sort_unstable();
        names.dedup();
        (!names.is_empty()).then(|| ("actions", list(document, &names, span)))
    }

    /// `("instead", …)`: the ARN that was meant.
    pub(super) fn arn(
        &self,
        document: &mut Document,
        near: &[(&'d str, (String, Arn<'d>))],
        template: SourceId,
    ) -> Option<(&'static str, NodeId)> {
        let span = self.at.span();
        let is_near = |id: &str| near.iter().any(|(known, _)| *known == id);
        let (written, holes) = spelled(self.at)?;
        let first = written.chars().next().and_then(|first| hole(first, &holes));
        let own = first.map(|name| name.split('.').next().unwrap_or(name));
        let reference = self.at.as_unknown().and_then(|it| it.reference.as_ref());
        let own = reference.map(|it| it.logical_id.as_str()).or(own);
        if let Some(id) = own.filter(|id| is_near(id)) {
            return Some(("instead", attribute(document, template, id, span)));
        }
        let (fixed, name) = repaired(&written)?;
        let is_full = written.starts_with("arn:") && !fixed.contains("${");
        let named = near.iter().find(|(_, (known, _))| *known == name);
        if let Some((id, _)) = named.filter(|_| !is_full) {
            return Some(("instead", attribute(document, template, id, span)));
        }
        if fixed == written {
            return None;
        }
        let shown: String = fixed
            .chars()
            .map(|one| match hole(one, &holes) {
                Some(name) => format!("${{{name}}}"),
                None => one.to_string(),
            })
            .collect();
        Some(("instead", text(document, &shown, span)))
    }
}

/// A value that a template can hold for the resource of a statement.
pub(super) fn resource(document: &mut Document, arn: &Arn<'_>, span: Span) -> NodeId {
    match &arn.reference {
        Some(reference) => {
            let id = reference.logical_id.clone();
            attribute(document, reference.template, &id, span)
        }
        None => {
            let shown = arn.shown();
            text(document, &shown, span)
        }
    }
}

/// A list of texts.
pub(in crate::model::facts) fn list(document: &mut Document, texts: &[&str], span: Span) -> NodeId {
    let items = texts.iter().map(|text| document.string(text, span));
    let items: Vec<_> = items.collect();
    document.array(&items, span)
}

/// A text with `${…}` for what is not known.
fn text(document: &mut Document, written: &str, span: Span) -> NodeId {
    let mut pieces = Vec::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        pieces.push(Piece::Text(before.to_owned()));
        pieces.push(Piece::Hole(name.to_owned()));
        rest = behind;
    }
    if pieces.is_empty() {
        return document.string(written, span);
    }
    pieces.push(Piece::Text(rest.to_owned()));
    let unknown = Unknown::because("it is filled in when the stack is deployed");
    document.unknown(unknown.with_shape(Shape(pieces)), span)
}

fn attribute(document: &mut Document, template: SourceId, id: &str, span: Span) -> NodeId {
    let unknown = Unknown::because("it is filled in when the stack is deployed");
    let reference = Reference {
        template,
        logical_id: id.to_owned(),
        attribute: "Arn".to_owned(),
    };
    document.unknown(unknown.with_reference(reference), span)
}

/// A text with a character in place of each hole, and what the holes stand for.
fn spelled(value: Value<'_>) -> Option<(String, Vec<String>)> {
    if let Some(text) = value.as_str() {
        return Some((text.to_owned(), Vec::new()));
    }
    let unknown = value.as_unknown()?;
    let Some(shape) = &unknown.shape else {
        return unknown.reference.as_ref().map(|_| Default::default());
    };
    let (mut text, mut holes) = (String::new(), Vec::new());
    for piece in &shape.0 {
        match piece {
            Piece::Text(piece) => text.push_str(piece),
            Piece::Hole(name) => {
                let index = u32::try_from(holes.len()).ok()?;
                text.push(char::from_u32(HOLE + index)?);
                holes.push(name.clone());
            }
        }
    }
    Some((text, holes))
}

fn hole(character: char, holes: &[String]) -> Option<&str> {
    let index = u32::from(character).checked_sub(HOLE)?;
    holes.get(usize::try_from(index).ok()?).map(String::as_str)
}

/// The ARN of the repository that a text is about, and the repository's name.
///
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html>
fn repaired(written: &str) -> Option<(String, String)> {
    let bare = written
        .trim_start_matches("https://")
        .trim_start_matches("http://");
    if let Some((account, rest)) = bare.split_once(".dkr.ecr.") {
        let (host, path) = rest.split_once('/')?;
        let region = host.split('.').next().unwrap_or_default();
        let partition = if host.ends_with(".cn") {
            "aws-cn"
        } else {
            "${AWS::Partition}"
        };
        let name = name(path);
        return Some((
            format!("arn:{partition}:ecr:{region}:{account}:repository/{name}"),
            name,
        ));
    }
    let Some(arn) = bare.strip_prefix("arn:") else {
        let is_name = |one: char| one.is_ascii_alphanumeric() || "/._-:@".contains(one);
        let name = name(bare);
        let is_one = !name.is_empty() && bare.chars().all(is_name);
        let own = "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/";
        return is_one.then(|| (format!("{own}{name}"), name));
    };
    let fields: Vec<&str> = arn.splitn(5, ':').collect();
    let [partition, service, region, account, resource] = fields.as_slice() else {
        return None;
    };
    if !["ecr", "ecr-public"].contains(service) {
        return None;
    }
    let region = match (*service, *region) {
        ("ecr-public", _) => "",
        (_, "") => "${AWS::Region}",
        (_, region) => region,
    };
    let account = if account.is_empty() {
        "${AWS::AccountId}"
    } else {
        account
    };
    let name = name(resource.trim_end_matches("/*"));
    (!name.is_empty()).then(|| {
        let arn = format!("arn:{partition}:{service}:{region}:{account}:repository/{name}");
        (arn, name)
    })
}

/// The name of a repository without what may stand around it: its type, a tag or digest, slashes.
fn name(resource: &str) -> String {
    let kinds = ["repository/", "repository:", "/"];
    let bare = kinds
        .iter()
        .find_map(|kind| resource.strip_prefix(kind))
        .unwrap_or(resource);
    let bare = bare.split([':', '@']).next().unwrap_or_default();
    let parts: Vec<&str> = bare.split('/').filter(|part| !part.is_empty()).collect();
    parts.join("/").to_lowercase()
}
