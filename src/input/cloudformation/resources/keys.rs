//! The KMS key that encrypts a repository, in its own template or in another one.
//! It does not know what a key has to be like.

use std::borrow::Cow;

use crate::input::cloudformation::expression::evaluate::{Evaluator, Reads};
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{Document, KmsKey, Reference};
use crate::source::Tree;

/// An alias of a key.
#[derive(Clone)]
struct Alias<'t> {
    resource: Resource<'t>,
    name: Option<String>,
    target: Resolved<'t>,
    /// What it depends on that may differ between combinations of conditions.
    reads: Reads,
}

/// The aliases of a template.
pub(crate) struct Aliases<'t>(Vec<Alias<'t>>);

/// A key that the inputs declare.
pub(crate) enum Key<'t> {
    /// In the template itself.
    Own(Resource<'t>),
    /// In another one.
    Other(Reference),
}

impl Key<'_> {
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
    ) -> Option<Key<'t>> {
        if let Some(reference) = value.reference()
            && let Some(found) = referred(evaluator, reference)
        {
            return Some(found);
        }
        let own = evaluator.template.source();
        let text = value.known_text();
        let mut aliases = self.0.iter().map(|one| one.under(evaluator));
        let alias = aliases.find(|alias| {
            let referred = value
                .reference()
                .is_some_and(|reference| reference.is_of(own, alias.resource.id));
            let named = match (text.as_deref(), alias.name.as_deref()) {
                (Some(text), Some(name)) => is_alias(evaluator, text, name),
                _ => false,
            };
            referred || named
        })?;
        referred(evaluator, alias.target.reference()?)
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
fn referred<'t>(evaluator: &Evaluator<'t, '_>, reference: &Reference) -> Option<Key<'t>> {
    let template = evaluator.template;
    if reference.template != template.source() {
        return evaluator.setting.others?.key(reference).map(Key::Other);
    }
    let found = template.resources.get(reference.logical_id.as_str());
    let found = found.filter(|found| found.kind == ResourceKind::Key);
    found.map(|found| Key::Own(*found))
}

/// Whether `text` names the alias `name` of the stack's own account and region.
fn is_alias(evaluator: &Evaluator<'_, '_>, text: &str, name: &str) -> bool {
    let mut fields = text.splitn(6, ':');
    let arn = [(); 6].map(|()| fields.next());
    match arn {
        [
            Some("arn"),
            Some(_),
            Some("kms"),
            region,
            account,
            Some(resource),
        ] => {
            resource == name
                && region == evaluator.context.region()
                && account == evaluator.context.account()
        }
        _ => text == name,
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
        name: name.known_text().map(Cow::into_owned),
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
    let policy = evaluator.inside(&properties, "KeyPolicy");
    KmsKey {
        logical_id: Some(key.id.to_owned()),
        place: key.place,
        enabled: evaluator.write_bool(document, enabled),
        rotation: evaluator.write_bool(document, rotation),
        // Only AWS itself can say it.
        state: document.absent(key.place),
        manager: document.absent(key.place),
        spec: evaluator.write_string(document, spec),
        usage: evaluator.write_string(document, usage),
        policy: evaluator.write_policy(document, policy, embedded),
    }
}
