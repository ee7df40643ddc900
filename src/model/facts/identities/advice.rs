//! What to write in a policy of an identity, in place of something that does not do what it is meant to.
//! It does not know what was found wrong, only where.

use super::repair;
use crate::model::members;
use crate::model::policy::keys;
use crate::model::policy::{
    Arn, GALLERY, Letter, PULL, PUSH, TOKEN, letters, matches, one_or_many,
};
use crate::model::{Document, MemberKey, NodeId, Piece, Reference, Shape, Unknown, Value};
use crate::source::{SourceId, Span};

/// The managed policy that gives pulling and pushing, and no more, behind the partition in its ARN.
///
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/security-iam-awsmanpol.html>
const POWER_USER: &str = ":iam::aws:policy/AmazonEC2ContainerRegistryPowerUser";

/// Where something was found.
pub(super) struct FoundStatement<'d> {
    statement: Value<'d>,
    /// Values under the key in which it was found.
    values: Vec<Value<'d>>,
    at: Value<'d>,
}

impl<'d> FoundStatement<'d> {
    /// The statement that has a value with this place under `key`.
    pub(super) fn of(policies: &[Value<'d>], key: MemberKey, span: Span) -> Option<Self> {
        let statements = policies
            .iter()
            .filter_map(|policy| policy.get(keys::STATEMENT));
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
        let is_whole = self.statement.get(keys::RESOURCE).is_some();
        (is_whole && self.values.iter().all(token))
            .then(|| ("resource", document.string("*", self.at.span())))
    }

    /// `("actions", …)`: those of the statement, with names in place of the pattern.
    pub(super) fn named(&self, document: &mut Document) -> Option<(&'static str, NodeId)> {
        let span = self.at.span();
        // A managed policy is written elsewhere: its actions stand where it is named.
        if self.statement.span() == span {
            let mut managed = letters("arn:");
            managed.push(Letter::Hole("AWS::Partition"));
            managed.extend(letters(POWER_USER));
            let managed = text(document, &managed, span);
            return Some(("instead", managed));
        }
        let on_all = self.statement.get(keys::RESOURCE).and_then(Value::as_str) == Some("*");
        let mut names: Vec<&str> = Vec::new();
        for value in &self.values {
            let written = value.as_str()?;
            if value.span() != span {
                names.push(written);
                continue;
            }
            let pattern = written.to_ascii_lowercase();
            let known = PULL.iter().chain(&PUSH).chain(on_all.then_some(&TOKEN));
            let known = known.filter(|name| matches(&pattern, &name.to_ascii_lowercase()));
            names.extend(known);
        }
        names.sort_unstable();
        names.dedup();
        (!names.is_empty()).then(|| (members::ACTIONS.name(), list(document, &names, span)))
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
        let written = repair::spelled(self.at)?;
        let own = match written.first() {
            Some(Letter::Hole(name)) => Some(name.split('.').next().unwrap_or(name)),
            _ => None,
        };
        let reference = self.at.as_unknown().and_then(|it| it.reference.as_ref());
        let own = reference.map(|it| it.logical_id.as_str()).or(own);
        if let Some(id) = own.filter(|id| is_near(id)) {
            return Some(("instead", attribute(document, template, id, span)));
        }
        let repaired = repair::repaired(&written)?;
        let named = near.iter().find(|(_, (known, _))| repaired.is_named(known));
        if let Some((id, _)) = named.filter(|_| !repaired.is_full) {
            return Some(("instead", attribute(document, template, id, span)));
        }
        (repaired.arn != written).then(|| ("instead", text(document, &repaired.arn, span)))
    }
}

/// A value that a template can hold for the resource of a statement.
pub(super) fn resource(document: &mut Document, arn: &Arn<'_>, span: Span) -> NodeId {
    match &arn.reference {
        Some(reference) => {
            let id = reference.logical_id.clone();
            attribute(document, reference.template, &id, span)
        }
        None => text(document, &arn.letters(), span),
    }
}

/// What a program writes for a value that is filled in when the stack is deployed: `("repository", …)` by the logical
/// id of the repository whose ARN it is, `("substituted", …)` by a text for `Fn::Sub`.
pub(super) fn program(
    document: &mut Document,
    value: NodeId,
    span: Span,
) -> Option<(&'static str, NodeId)> {
    let unknown = document.value(value).as_unknown()?;
    let (member, text) = match (&unknown.reference, &unknown.shape) {
        (Some(reference), _) => ("repository", reference.logical_id.clone()),
        (None, Some(shape)) => ("substituted", shape.to_string()),
        (None, None) => return None,
    };
    Some((member, document.string(&text, span)))
}

/// A list of texts.
pub(in crate::model::facts) fn list(document: &mut Document, texts: &[&str], span: Span) -> NodeId {
    let items = texts.iter().map(|text| document.string(text, span));
    let items: Vec<_> = items.collect();
    document.array(&items, span)
}

/// A text, or one that is filled in when the stack is deployed.
fn text(document: &mut Document, letters: &[Letter<'_>], span: Span) -> NodeId {
    let mut pieces: Vec<Piece> = Vec::new();
    for letter in letters {
        match (letter, pieces.last_mut()) {
            (Letter::Char(one), Some(Piece::Text(last))) => last.push(*one),
            (Letter::Char(one), _) => pieces.push(Piece::Text(one.to_string())),
            (Letter::Hole(name), _) => pieces.push(Piece::hole((*name).to_owned())),
        }
    }
    if let [Piece::Text(known)] = pieces.as_slice() {
        return document.string(known, span);
    }
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
