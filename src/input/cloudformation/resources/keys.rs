//! The KMS key that encrypts a repository, in its own template or in another one.
//! It does not know what a key has to be like.

use std::borrow::Cow;

use super::writer::mark_computed;
use crate::input::cloudformation::expression::evaluate::{Evaluator, Reads};
use crate::input::cloudformation::expression::references::REF;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{Document, KmsKey, NodeId, Piece, Reference, Unknown};
use crate::source::{Node, Span, Tree};

/// An alias of a key.
#[derive(Clone)]
struct Alias<'t> {
    resource: Resource<'t>,
    name: Option<Spelled>,
    target: Resolved<'t>,
    /// What it depends on that may differ between combinations of conditions.
    reads: Reads,
}

/// The aliases of a template.
pub(crate) struct Aliases<'t>(Vec<Alias<'t>>);

/// A key that the inputs declare.
pub(crate) enum DeclaredKey<'t> {
    /// In the template itself.
    Own(Resource<'t>),
    /// In another one.
    Other(Reference),
}

impl DeclaredKey<'_> {
    /// Whether it is the resource of a reference.
    pub(crate) fn is_of(&self, reference: &Reference) -> bool {
        match self {
            Self::Own(key) => reference.is_of(key.place.source, key.id),
            Self::Other(key) => reference.is_of(key.template, &key.logical_id),
        }
    }

    /// Writes the key into the document of the repository that it encrypts.
    pub(crate) fn write<'t>(
        &self,
        evaluator: &Evaluator<'t, '_>,
        document: &mut Document,
        embedded: &mut Tree,
    ) -> Option<KmsKey>
    where
        Self: 't,
    {
        match self {
            Self::Own(key) => Some(write_key(evaluator, key, document, embedded)),
            Self::Other(key) => evaluator.setting.others?.write_key(key, document, embedded),
        }
    }
}

impl<'t> Aliases<'t> {
    /// Looks through a template.
    pub(crate) fn find(evaluator: &Evaluator<'t, '_>) -> Self {
        let aliases = evaluator.template.of_kind(ResourceKind::Alias);
        Self(aliases.map(|resource| alias(evaluator, resource)).collect())
    }

    /// The key that a `KmsKey` stands for.
    pub(crate) fn key(
        &self,
        evaluator: &Evaluator<'t, '_>,
        value: &Resolved<'t>,
    ) -> Option<DeclaredKey<'t>> {
        let spelled = Spelled::of(value);
        if let Some(found) = meant(evaluator, value, spelled.as_ref()) {
            return Some(found);
        }
        let own = evaluator.template.source();
        let place = value.span()?;
        let mut aliases = self.0.iter().map(|one| one.under(evaluator));
        let alias = aliases.find(|alias| {
            let referred = value
                .reference()
                .is_some_and(|reference| reference.is_of(own, alias.resource.id));
            let named = match (&spelled, &alias.name) {
                (Some(text), Some(name)) => {
                    text == name || text.in_own_place(evaluator, place).as_ref() == Some(name)
                }
                _ => false,
            };
            referred || named
        })?;
        let target = &alias.target;
        meant(evaluator, target, Spelled::of(target).as_ref())
    }
}

impl<'t> Alias<'t> {
    /// The alias as it is in the combination of conditions of `evaluator`, as far as that is decided.
    fn under(&self, evaluator: &Evaluator<'t, '_>) -> Cow<'_, Self> {
        match evaluator.decides_any(self.reads) {
            true => Cow::Owned(evaluator.quietly(|| alias(evaluator, self.resource))),
            false => Cow::Borrowed(self),
        }
    }
}

/// The key that an attribute of a resource stands for.
fn referred<'t>(evaluator: &Evaluator<'t, '_>, reference: &Reference) -> Option<DeclaredKey<'t>> {
    let template = evaluator.template;
    if reference.template != template.source() {
        return evaluator
            .setting
            .others?
            .key(reference)
            .map(DeclaredKey::Other);
    }
    let found = template.resources.get(reference.logical_id.as_str());
    let found = found.filter(|found| found.kind == ResourceKind::Key);
    found.map(|found| DeclaredKey::Own(*found))
}

/// The key that a value stands for, be it an attribute of the key or a text that has been put together from one.
fn meant<'t>(
    evaluator: &Evaluator<'t, '_>,
    value: &Resolved<'t>,
    spelled: Option<&Spelled>,
) -> Option<DeclaredKey<'t>> {
    if let Some(found) = value
        .reference()
        .and_then(|reference| referred(evaluator, reference))
    {
        return Some(found);
    }
    let spelled = spelled?;
    let resource = spelled.in_own_place(evaluator, value.span()?);
    let id = resource
        .as_ref()
        .and_then(|resource| resource.after("key/"));
    let hole = id.as_ref().unwrap_or(spelled).only_hole()?;
    let id = hole.strip_suffix(".KeyId").unwrap_or(hole);
    let found = evaluator.template.resources.get(id);
    let found = found
        .filter(|found| found.kind == ResourceKind::Key && !evaluator.existence(found).is_false());
    found.map(|found| DeclaredKey::Own(*found))
}

/// Stands before and after the name of a hole; no text of CloudFormation holds it.
const EDGE: char = '\0';

/// A text in which each hole is the name of what fills it, so that equal ones are equal whatever that turns out to be.
#[derive(Clone, PartialEq, Eq)]
struct Spelled(String);

impl Spelled {
    /// `None` for what is not a text, and where the name of a hole does not say what fills it.
    fn of(value: &Resolved<'_>) -> Option<Self> {
        let mut spelled = String::new();
        for piece in value.clone().into_text()?.shape().0 {
            match piece {
                Piece::Text(text) => spelled.push_str(&text),
                Piece::Hole(name, _) if name == REF || name.starts_with("Fn::") => return None,
                Piece::Hole(name, _) => {
                    // A colon ends a field of an ARN.
                    let name = name.replace(':', "\u{1}");
                    spelled.extend([EDGE.to_string(), name, EDGE.to_string()]);
                }
            }
        }
        Some(Self(spelled))
    }

    /// The key or alias that an ARN of KMS names, where it is one of the stack's own account and region.
    fn in_own_place(&self, evaluator: &Evaluator<'_, '_>, place: Span) -> Option<Self> {
        let mut fields = self.0.splitn(6, ':');
        let mut next = || fields.next();
        let (Some("arn"), Some(_), Some("kms")) = (next(), next(), next()) else {
            return None;
        };
        let own = |name| Self::of(&evaluator.reference_to(name, place));
        let is_own = |field: Option<&str>, name| own(name).is_some_and(|own| field == Some(&own.0));
        let is_here = is_own(next(), "AWS::Region") && is_own(next(), "AWS::AccountId");
        next()
            .filter(|_| is_here)
            .map(|resource| Self(resource.to_owned()))
    }

    /// What follows `start`.
    fn after(&self, start: &str) -> Option<Self> {
        self.0.strip_prefix(start).map(|rest| Self(rest.to_owned()))
    }

    /// The name of the hole that is the whole text.
    fn only_hole(&self) -> Option<&str> {
        let name = self.0.strip_prefix(EDGE)?.strip_suffix(EDGE)?;
        (!name.contains(EDGE)).then_some(name)
    }
}

fn alias<'t>(evaluator: &Evaluator<'t, '_>, resource: Resource<'t>) -> Alias<'t> {
    let ((name, target), reads) = evaluator.reading(|| {
        let properties = evaluator.properties(&resource);
        let name = evaluator.inside(&properties, "AliasName").value;
        (name, evaluator.inside(&properties, "TargetKeyId").value)
    });
    Alias {
        resource,
        name: Spelled::of(&name),
        target,
        reads,
    }
}

/// Writes a key into the document of the repository that it encrypts.
pub(crate) fn write_key<'t>(
    evaluator: &Evaluator<'t, '_>,
    key: &Resource<'t>,
    document: &mut Document,
    embedded: &mut Tree,
) -> KmsKey {
    let properties = evaluator.properties(key);
    let enabled = evaluator.inside(&properties, "Enabled");
    let rotation = evaluator.inside(&properties, "EnableKeyRotation");
    let spec = evaluator.inside(&properties, "KeySpec");
    let usage = evaluator.inside(&properties, "KeyUsage");
    let origin = evaluator.inside(&properties, "Origin");
    let policy = evaluator.inside(&properties, "KeyPolicy");
    let [rotation, spec, usage, origin] = match is_replica(key) {
        true => [rotation, spec, usage, origin].map(|_| of_primary(key, document)),
        false => [
            evaluator.write_bool(document, rotation),
            evaluator.write_string(document, spec),
            evaluator.write_string(document, usage),
            evaluator.write_string(document, origin),
        ],
    };
    for (name, value) in [("KeySpec", spec), ("Origin", origin)] {
        mark_computed(document, key.written(name), value);
    }
    KmsKey {
        logical_id: Some(key.id.to_owned()),
        place: key.place,
        enabled: evaluator.write_bool(document, enabled),
        rotation,
        // Only AWS itself can say it.
        state: document.absent(key.place),
        manager: document.absent(key.place),
        spec,
        usage,
        origin,
        policy: evaluator.write_policy(document, policy, embedded),
    }
}

/// Whether a key is the copy of a key of another region.
fn is_replica(key: &Resource<'_>) -> bool {
    key.node.get("Type").and_then(Node::as_str) == Some("AWS::KMS::ReplicaKey")
}

/// What a replica shares with its primary key, which is in another region.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html#mrk-sync-properties>
fn of_primary(key: &Resource<'_>, document: &mut Document) -> NodeId {
    let reason = format!("`{}` has it from its primary key in another region", key.id);
    document.unknown(Unknown::because(reason), key.place)
}
