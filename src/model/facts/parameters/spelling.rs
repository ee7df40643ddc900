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
    /// The bit of this one in sets of them.
    mark: u8,
}

impl NameSpelling {
    /// The names of all parameters that are published, by the template and a base name.
    pub(super) fn all(template: &str, base: &str) -> [Self; 3] {
        let upper = base.to_uppercase();
        let joined = with_underscores(&upper);
        let joined = (joined != upper).then(|| fill(template, "{BASE}", &joined));
        let plain = fill(template, "{BASE}", &upper);
        [(ARN, 1), (NAME, 2), (KEY, 4)].map(|(PublishedValue { kind, .. }, mark)| Self {
            kind,
            mark,
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

    /// Whether a name is one of its spellings.
    pub(super) fn is(&self, name: &str) -> bool {
        self.plain == name || self.joined.as_deref() == Some(name)
    }

    pub(super) fn found(&self, names: &[ParameterName<'_>]) -> Truth<Unknown> {
        let mut found = Truth::False;
        for name in names {
            let here = match name.name {
                Leaf::Known(_) if name.is_spelled(self) => exists(name.parameter),
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
        names: &[ParameterName<'r>],
        holds: Holds,
    ) -> Option<(&'r str, &'r Parameter)> {
        let mut named = known(names);
        named
            .find(|(_, one)| one.parameter.holds == Some(holds))
            .or_else(|| known(names).find(|(name, _)| are_alike(name, self.shown())))
            .map(|(name, one)| (name, one.parameter))
    }
}

/// The name of a parameter beside a repository, held against those that it is to have.
pub(super) struct ParameterName<'r> {
    pub(super) parameter: &'r Parameter,
    pub(super) name: Leaf<'r, &'r str>,
    /// For each number of a [`NameSpelling`], whether the name is one of its spellings.
    spelled: u8,
}

/// The names that parameters are to have, and those that there are.
#[derive(Clone, Copy)]
pub(super) struct ParameterNames<'n, 'r> {
    pub(super) spellings: &'n [NameSpelling],
    pub(super) there: &'n [ParameterName<'r>],
}

/// A parameter that a repository is to have, beside those that there are.
#[derive(Clone, Copy)]
pub(super) struct ExpectedParameter<'n, 'r> {
    pub(super) spelled: &'n NameSpelling,
    pub(super) there: &'n [ParameterName<'r>],
    pub(super) wanted: PublishedValue,
}

impl<'r> ParameterName<'r> {
    /// The names of all parameters beside a repository, in their order.
    pub(super) fn all(repository: Of<'r, Repository>, spellings: &[NameSpelling]) -> Vec<Self> {
        let document = &repository.entity().document;
        let parameters = repository.own.parameters.iter();
        let names = parameters.map(|parameter| {
            let name = leaf::text(document.value(parameter.name));
            let is = |one: &NameSpelling| match name {
                Leaf::Known(name) if one.is(name) => one.mark,
                _ => 0,
            };
            Self {
                parameter,
                name,
                spelled: spellings.iter().map(is).fold(0, |all, mark| all | mark),
            }
        });
        names.collect()
    }

    /// Whether the name is a spelling of this one.
    pub(super) fn is_spelled(&self, spelling: &NameSpelling) -> bool {
        self.spelled & spelling.mark != 0
    }

    /// Whether the parameter is one of the repository's: by its value or by its name.
    pub(super) fn is_of_repository(&self) -> bool {
        self.parameter.holds.is_some() || self.spelled != 0
    }
}

/// Parameters whose names are known.
pub(super) fn known<'n, 'r>(
    names: &'n [ParameterName<'r>],
) -> impl Iterator<Item = (&'r str, &'n ParameterName<'r>)> {
    let named = names.iter();
    named.filter_map(|one| Some((one.name.known()?, one)))
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
