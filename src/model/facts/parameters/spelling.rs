//! The ways in which the name of a parameter may be spelled, and which parameters have it.
//! It does not know what parameters hold.

use super::published::{ARN, KEY, NAME, PublishedValue};
use super::words::{are_alike, fill, with_underscores};
use crate::model::facts::leaf::{self, Leaf};
use crate::model::{Holds, Of, Parameter, Repository, Truth, Unknown};

/// The ways in which one parameter's name may be spelled.
pub(super) struct NameSpelling {
    /// The word for the value that is published.
    pub(super) kind: &'static str,
    /// With the base name in capitals, and nothing else changed.
    pub(super) plain: String,
    /// With every run of other characters as one `_`, where that makes a difference.
    pub(super) joined: Option<String>,
}

impl NameSpelling {
    /// The names of all parameters that are published, by the template and a base name.
    pub(super) fn all(template: &str, base: &str) -> [Self; 3] {
        let upper = base.to_uppercase();
        let joined = with_underscores(&upper);
        let joined = (joined != upper).then(|| fill(template, "{BASE}", &joined));
        let plain = fill(template, "{BASE}", &upper);
        [ARN, NAME, KEY].map(|PublishedValue { kind, .. }| Self {
            kind,
            plain: fill(&plain, "{kind}", kind),
            joined: joined.as_ref().map(|name| fill(name, "{kind}", kind)),
        })
    }

    pub(super) fn spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.plain.as_str()).chain(self.joined.as_deref())
    }

    /// The one to show: SSM takes no `/` inside a name that does not begin with one.
    pub(super) fn shown(&self) -> &str {
        match &self.joined {
            Some(joined) if self.plain.contains('/') && !self.plain.starts_with('/') => joined,
            _ => &self.plain,
        }
    }

    /// The parameters that certainly have the name.
    pub(super) fn named<'r>(
        &self,
        repository: Of<'r, Repository>,
    ) -> impl Iterator<Item = &'r Parameter> {
        repository.own.parameters.iter().filter(move |parameter| {
            let name = leaf::text(repository.document.value(parameter.name)).known();
            name.is_some_and(|name| self.spellings().any(|spelled| spelled == name))
        })
    }

    pub(super) fn found(&self, repository: Of<'_, Repository>) -> Truth<Unknown> {
        let mut found = Truth::False;
        for parameter in &repository.own.parameters {
            let name = leaf::text(repository.document.value(parameter.name));
            let here = match name {
                Leaf::Known(name) if self.spellings().any(|spelled| spelled == name) => {
                    exists(parameter)
                }
                Leaf::Unknown(unknown) if self.admitted(unknown) => {
                    Truth::Unknown(Unknown::because(unknown.reason.as_str()))
                }
                // The template of many repositories has many parameters.
                _ => continue,
            };
            found = found.or(here);
        }
        found
    }

    pub(super) fn admitted(&self, unknown: &Unknown) -> bool {
        unknown
            .shape
            .as_ref()
            .is_none_or(|shape| self.spellings().any(|spelled| shape.admits(spelled)))
    }

    /// A parameter that holds the right value under another name, or whose name differs in letter
    /// case and separators only. Names that are merely alike belong to other repositories.
    pub(super) fn near_miss<'r>(
        &self,
        repository: Of<'r, Repository>,
        holds: Holds,
    ) -> Option<(&'r str, &'r Parameter)> {
        let document = &repository.entity().document;
        let named = || {
            repository.own.parameters.iter().filter_map(|parameter| {
                let name = leaf::text(document.value(parameter.name)).known()?;
                Some((name, parameter))
            })
        };
        named()
            .find(|(_, parameter)| parameter.holds == Some(holds))
            .or_else(|| named().find(|(name, _)| are_alike(name, self.shown())))
    }
}

/// Whether a parameter of the inputs is there in every deployment.
pub(super) fn exists(parameter: &Parameter) -> Truth<Unknown> {
    match &parameter.condition {
        None => Truth::True,
        Some(condition) => Truth::Unknown(Unknown::because(format!(
            "the condition `{condition}` decides whether it exists"
        ))),
    }
}
