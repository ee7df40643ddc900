//! Which SSM parameters a repository of the organisation has to be published in, and which are there.
//! It does not know parameters that hold nothing of the repository.

mod advice;
mod unexpected;
mod value;
mod words;

use super::leaf::{self, Leaf};
use super::{Scope, declared, naming};
use crate::model::{Document, NodeId, Truth, Unknown};
use crate::model::{EntityKind, Holds, Of, Parameter, Repository, Stated};
use words::{are_alike, fill, with_underscores};

/// How parameters are named unless the organisation says otherwise.
const TEMPLATE: &str = "ECR_{BASE}_{kind}";

/// A value that is published, and the word for it in the parameter's name.
#[derive(Clone, Copy)]
struct PublishedValue {
    kind: &'static str,
    holds: Holds,
}

const ARN: PublishedValue = PublishedValue {
    kind: "arn",
    holds: Holds::Arn,
};
const NAME: PublishedValue = PublishedValue {
    kind: "name",
    holds: Holds::Name,
};
const KEY: PublishedValue = PublishedValue {
    kind: "kms_key_arn",
    holds: Holds::KeyArn,
};

/// How the parameters of a repository are named.
enum Naming<'s> {
    /// Nobody says, or the repository is none that is published.
    Unasked,
    /// The repository is none of the organisation's.
    Foreign,
    /// Its name does not tell whether it is the organisation's.
    Unknown(Unknown),
    /// By this template and base name.
    Known(&'s str, &'s str),
}

/// Adds `{expected, found, unexpected, duplicates, name_problems}`. `manager` is who manages the
/// key that encrypts the repository.
pub(super) fn describe(
    document: &mut Document,
    repository: Of<'_, Repository>,
    scope: &Scope<'_>,
    manager: NodeId,
) -> NodeId {
    let naming = naming(repository, scope);
    let place = repository.place;
    let mut spelled = Vec::new();
    let doubt = match &naming {
        Naming::Unknown(unknown) => Some(unknown.clone()),
        _ => None,
    };
    let (expected, unexpected) = match naming {
        Naming::Unasked => (document.absent(place), document.absent(place)),
        Naming::Foreign => (document.array(&[], place), document.array(&[], place)),
        Naming::Unknown(unknown) => {
            let unknown = document.unknown(unknown, place);
            (unknown, unknown)
        }
        Naming::Known(template, base) => {
            let spellings = NameSpelling::all(template, base);
            let expected = expected(document, repository, &spellings, (scope, manager));
            spelled.extend(spellings);
            (
                expected,
                unexpected::unexpected(document, repository, &spelled, (scope, manager)),
            )
        }
    };
    let duplicates = unexpected::duplicates(document, repository, &spelled);
    let name_problems = unexpected::name_problems(document, repository, &spelled, doubt.as_ref());
    let found: Vec<_> = repository
        .own
        .parameters
        .iter()
        .map(|parameter| {
            let holds = leaf::optional(document, parameter.holds.map(word), parameter.place);
            let members = [
                ("name", parameter.name),
                ("type", parameter.kind),
                ("holds", holds),
            ];
            document.object(&members, parameter.place)
        })
        .collect();
    let found = document.array(&found, repository.place);
    document.object(
        &[
            ("expected", expected),
            ("found", found),
            ("unexpected", unexpected),
            ("duplicates", duplicates),
            ("name_problems", name_problems),
        ],
        repository.place,
    )
}

fn word(holds: Holds) -> &'static str {
    match holds {
        Holds::Arn => "arn",
        Holds::Name => "name",
        Holds::Uri => "uri",
        Holds::KeyArn => "kms_key_arn",
    }
}

fn naming<'s>(repository: Of<'s, Repository>, scope: &Scope<'s>) -> Naming<'s> {
    let (Some(organisation), EntityKind::Private) = (scope.organisation, repository.kind()) else {
        return Naming::Unasked;
    };
    let document = &repository.entity().document;
    let name = leaf::text(document.value(repository.own.settings.name));
    let base = match (scope.declared, name) {
        (Some(declared), _) => declared.base.value.as_str(),
        // A repository that nobody declares is found for that, and publishes nothing.
        (None, _) if declared::is_undeclared(organisation, scope, &repository) => {
            return Naming::Foreign;
        }
        (None, Leaf::Known(name)) => {
            let full = naming::Start::of(organisation).filter(|_| organisation.app.is_some());
            match full.and_then(|start| start.strip(name)) {
                Some(base) if !base.is_empty() => base,
                _ => return Naming::Foreign,
            }
        }
        (None, Leaf::Unknown(unknown)) if naming::may_begin(unknown, organisation) => {
            return Naming::Unknown(Unknown::because(unknown.reason.as_str()));
        }
        (None, _) => return Naming::Foreign,
    };
    let template = organisation.parameter_name.as_ref();
    Naming::Known(template.map_or(TEMPLATE, |template| &template.value), base)
}

fn expected(
    document: &mut Document,
    repository: Of<'_, Repository>,
    [arn, name, key]: &[NameSpelling; 3],
    (scope, manager): (&Scope<'_>, NodeId),
) -> NodeId {
    let mut entries = vec![
        entry(document, repository, arn, ARN),
        entry(document, repository, name, NAME),
    ];
    entries.extend(key_entry(document, repository, key, (scope, manager)));
    document.array(&entries, repository.place)
}

/// The key's parameter is expected of a repository with a customer's key, declared or real.
fn key_entry(
    document: &mut Document,
    repository: Of<'_, Repository>,
    spelled: &NameSpelling,
    (scope, manager): (&Scope<'_>, NodeId),
) -> Option<NodeId> {
    let doubt = match wants_key(document, scope, manager) {
        Truth::True => None,
        Truth::Unknown(unknown) => Some(unknown),
        Truth::False => return None,
    };
    let Some(doubt) = doubt else {
        return Some(entry(document, repository, spelled, KEY));
    };
    match spelled.found(repository) {
        Truth::False => Some(spelled.write(document, repository, KEY, Truth::Unknown(doubt))),
        answer => Some(spelled.write(document, repository, KEY, answer)),
    }
}

/// Whether a customer's key encrypts the repository, or is declared to.
fn wants_key(document: &Document, scope: &Scope<'_>, manager: NodeId) -> Truth<Unknown> {
    let declared = scope.declared.map(|declared| &declared.use_kms_key);
    match leaf::text(document.value(manager)) {
        _ if declared.and_then(Stated::value) == Some(true) => Truth::True,
        Leaf::Known("customer") => Truth::True,
        Leaf::Unknown(unknown) => Truth::Unknown(Unknown::because(unknown.reason.as_str())),
        _ => match declared {
            Some(Stated::Unclear(reason)) => Truth::Unknown(Unknown::because(&*reason.value)),
            _ => Truth::False,
        },
    }
}

fn entry(
    document: &mut Document,
    repository: Of<'_, Repository>,
    spelled: &NameSpelling,
    wanted: PublishedValue,
) -> NodeId {
    let found = spelled.found(repository);
    spelled.write(document, repository, wanted, found)
}

/// The ways in which one parameter's name may be spelled.
struct NameSpelling {
    /// The word for the value that is published.
    kind: &'static str,
    /// With the base name in capitals, and nothing else changed.
    plain: String,
    /// With every run of other characters as one `_`, where that makes a difference.
    joined: Option<String>,
}

impl NameSpelling {
    /// The names of all parameters that are published, by the template and a base name.
    fn all(template: &str, base: &str) -> [Self; 3] {
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

    fn spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.plain.as_str()).chain(self.joined.as_deref())
    }

    /// The one to show: SSM takes no `/` inside a name that does not begin with one.
    fn shown(&self) -> &str {
        match &self.joined {
            Some(joined) if self.plain.contains('/') && !self.plain.starts_with('/') => joined,
            _ => &self.plain,
        }
    }

    /// The parameters that certainly have the name.
    fn named<'r>(&self, repository: Of<'r, Repository>) -> impl Iterator<Item = &'r Parameter> {
        repository.own.parameters.iter().filter(move |parameter| {
            let name = leaf::text(repository.document.value(parameter.name)).known();
            name.is_some_and(|name| self.spellings().any(|spelled| spelled == name))
        })
    }

    fn found(&self, repository: Of<'_, Repository>) -> Truth<Unknown> {
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

    fn admitted(&self, unknown: &Unknown) -> bool {
        unknown
            .shape
            .as_ref()
            .is_none_or(|shape| self.spellings().any(|spelled| shape.admits(spelled)))
    }

    fn write(
        &self,
        document: &mut Document,
        repository: Of<'_, Repository>,
        wanted: PublishedValue,
        found: Truth<Unknown>,
    ) -> NodeId {
        let span = repository.place;
        let near = match found {
            Truth::False => self.near_miss(repository, wanted.holds),
            _ => None,
        };
        let problem = match (&found, near) {
            (Truth::False, Some((name, _))) => {
                document.string(&format!("is missing, though there is `{name}`"), span)
            }
            (Truth::False, None) => document.string("is missing", span),
            _ => document.absent(span),
        };
        let near_id = near.and_then(|(_, parameter)| parameter.logical_id.as_deref());
        let near_id = leaf::optional(document, near_id, span);
        let near = match near {
            Some((name, parameter)) => {
                let span = repository.document.value(parameter.name).span();
                document.string(name, span)
            }
            None => document.absent(span),
        };
        let value = advice::value(document, repository, wanted.holds, span);
        let logical_id = advice::logical_id(document, repository, wanted.holds, span);
        let problems = value::problems(document, repository, self, wanted.holds);
        let kind = document.string(wanted.kind, span);
        let is_of = value::is_of(wanted.holds);
        let name = document.string(self.shown(), span);
        let found = found.write(document, span);
        let members = [
            ("kind", kind),
            (is_of, document.bool(true, span)),
            ("name", name),
            ("found", found),
            ("near_miss", near),
            ("near_id", near_id),
            ("value", value),
            ("logical_id", logical_id),
            ("problem", problem),
            ("problems", problems),
        ];
        document.object(&members, span)
    }

    /// A parameter that holds the right value under another name, or whose name differs in letter
    /// case and separators only. Names that are merely alike belong to other repositories.
    fn near_miss<'r>(
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
fn exists(parameter: &Parameter) -> Truth<Unknown> {
    match &parameter.condition {
        None => Truth::True,
        Some(condition) => Truth::Unknown(Unknown::because(format!(
            "the condition `{condition}` decides whether it exists"
        ))),
    }
}
