//! What the organisation has declared: which declaration is a repository's, and how rules see it.
//! It does not know whether a repository keeps to it.

use super::leaf::{self, Leaf};
use super::{DeclarationFate, Scope};
use crate::model::members;
use crate::model::{
    Declared, DeclaredRepository, Entity, Environment, Organisation, RegistryScanning, Stated,
};
use crate::model::{Document, NodeId, Unknown};
use crate::source::{Span, Suggestion};

/// Declarations that a name known in part is held against.
const MOST_TRIED: usize = 1_000;

/// The declaration that belongs to a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match<'o> {
    /// The organisation does not say which repositories there are.
    Unasked,
    /// This is the one.
    Declared(&'o DeclaredRepository),
    /// None of them can be.
    Undeclared,
    /// It is one of several that differ, or one of them may be it: then the unknown declaration may not exist.
    Unknown(Unknown),
}

/// Finds the declaration of a repository by its name, `{prefix}-{app}-{base}`, among those for all
/// environments and for `environment`. Without an environment every one of them is considered.
#[must_use]
pub fn declaration_for<'o>(
    organisation: &'o Organisation,
    environment: Option<&Environment>,
    repository: &Entity,
) -> Match<'o> {
    if !organisation.declares_repositories {
        return Match::Unasked;
    }
    let undeclared = || match &organisation.unread_declarations {
        Some(reason) => Match::Unknown(Unknown::because(&*reason.value).maybe_absent()),
        None => Match::Undeclared,
    };
    let possible = candidates(organisation, environment);
    if possible.clone().next().is_none() {
        return undeclared();
    }
    if organisation.prefix.is_none() || organisation.app.is_none() {
        let reason = "the names of declared repositories begin with a prefix and an application, \
                      which are not both configured";
        return Match::Unknown(Unknown::because(reason).maybe_absent());
    }
    match repository.given_name().map_or(Leaf::Absent, leaf::text) {
        Leaf::Known(name) => match declaration_named(organisation, environment, name) {
            Match::Undeclared => undeclared(),
            found => found,
        },
        Leaf::Absent | Leaf::Other => Match::Undeclared,
        Leaf::Unknown(unknown) => {
            let possible = unknown.shape.as_ref().is_none_or(|shape| {
                let names = possible.map(|one| organisation.repository_name(&one.base.value));
                // Any of them may be it where they are too many to try.
                let mut names = names.enumerate();
                names.any(|(number, name)| {
                    number >= MOST_TRIED || name.is_some_and(|name| shape.admits(&name))
                })
            });
            if possible {
                Match::Unknown(Unknown::because(unknown.reason.as_str()).maybe_absent())
            } else {
                undeclared()
            }
        }
    }
}

/// The declaration by which a repository gets this name, in an environment or in any.
#[must_use]
pub fn declaration_named<'o>(
    organisation: &'o Organisation,
    environment: Option<&Environment>,
    name: &str,
) -> Match<'o> {
    let all = organisation.declared_as(name);
    one(all.filter(|one| is_meant(one, environment)))
}

/// The declarations for all environments and for this one, or for any where it is not known.
fn candidates<'o>(
    organisation: &'o Organisation,
    environment: Option<&Environment>,
) -> impl Iterator<Item = &'o DeclaredRepository> + Clone {
    let all = organisation.repositories.iter();
    all.filter(move |one| is_meant(one, environment))
}

fn is_meant(declared: &DeclaredRepository, environment: Option<&Environment>) -> bool {
    match (&declared.environment, environment) {
        (Some(name), Some(environment)) => *name == environment.name,
        _ => true,
    }
}

/// Whether none of the organisation's declarations can be the repository's.
pub(super) fn is_undeclared(
    organisation: &Organisation,
    scope: &Scope<'_>,
    repository: &Entity,
) -> bool {
    let declared = declaration_for(organisation, scope.environment, repository);
    matches!(declared, Match::Undeclared)
}

/// The one declaration among those with the right name. One for an environment goes before one for
/// all; several that say the same are as good as one.
fn one<'o>(matching: impl Iterator<Item = &'o DeclaredRepository>) -> Match<'o> {
    let mut best: Option<&DeclaredRepository> = None;
    let mut conflict = None;
    for declared in matching {
        match best {
            Some(known) if known.environment.is_some() && declared.environment.is_none() => {}
            Some(known) if known.environment.is_some() == declared.environment.is_some() => {
                if !same_content(known, declared) {
                    conflict = Some((known, declared));
                }
            }
            _ => {
                best = Some(declared);
                conflict = None;
            }
        }
    }
    match (best, conflict) {
        (_, Some((first, second))) => Match::Unknown(Unknown::because(ambiguity(first, second))),
        (Some(declared), None) => Match::Declared(declared),
        (None, None) => Match::Undeclared,
    }
}

fn same_content(left: &DeclaredRepository, right: &DeclaredRepository) -> bool {
    let content = |declared: &DeclaredRepository| {
        (
            declared.use_kms_key.value().unwrap_or_default(),
            declared.images_retained.value(),
            declared.shareable_with_all_envs.value().unwrap_or_default(),
        )
    };
    let unclear = |declared: &DeclaredRepository| {
        matches!(declared.use_kms_key, Stated::Unclear(_))
            || matches!(declared.images_retained, Stated::Unclear(_))
            || matches!(declared.shareable_with_all_envs, Stated::Unclear(_))
    };
    !unclear(left) && !unclear(right) && content(left) == content(right)
}

fn ambiguity(first: &DeclaredRepository, second: &DeclaredRepository) -> String {
    match (&first.environment, &second.environment) {
        (Some(one), Some(other)) if one != other => format!(
            "environments `{one}` and `{other}` declare it differently, and the account that it \
             is deployed to is not known"
        ),
        _ => format!(
            "`{}` and `{}` are declared differently and get the same name",
            first.base.value, second.base.value
        ),
    }
}

/// Adds `$.declared`; `None` when nothing is declared for the repository.
pub(super) fn describe(
    document: &mut Document,
    repository: &Entity,
    scope: &Scope<'_>,
) -> Option<NodeId> {
    let Some(declared) = scope.declared else {
        let is_repository = repository.kind().is_repository();
        let organisation = scope.organisation.filter(|_| is_repository)?;
        return match declaration_for(organisation, scope.environment, repository) {
            Match::Unknown(unknown) => Some(document.unknown(unknown, repository.place)),
            Match::Declared(_) | Match::Undeclared | Match::Unasked => None,
        };
    };
    let place = declared.base.span;
    let base = document.string(&declared.base.value, place);
    let environment = scope
        .environment
        .map(|environment| environment.name.as_str());
    let environment = leaf::optional(document, environment, place);
    let use_kms_key = declared_flag(document, &declared.use_kms_key, declared);
    let shareable = declared_flag(document, &declared.shareable_with_all_envs, declared);
    let retained = match &declared.images_retained {
        Stated::Value(count) => document.number(&count.value.to_string(), count.span),
        Stated::Nothing => document.absent(place),
        Stated::Unclear(reason) => {
            let unknown = Unknown::because(&*reason.value).maybe_absent();
            document.unknown(unknown, reason.span)
        }
    };
    Some(document.object(
        &[
            (members::BASE.name(), base),
            (members::ENVIRONMENT.name(), environment),
            ("use_kms_key", use_kms_key),
            ("images_retained", retained),
            ("shareable_with_all_envs", shareable),
        ],
        place,
    ))
}

/// What is not declared is off.
fn declared_flag(
    document: &mut Document,
    flag: &Stated<bool>,
    declared: &DeclaredRepository,
) -> NodeId {
    match flag {
        Stated::Value(flag) => document.bool(flag.value, flag.span),
        Stated::Nothing => document.bool(false, declared.base.span),
        Stated::Unclear(reason) => document.unknown(Unknown::because(&*reason.value), reason.span),
    }
}

/// Adds whether a declared repository is in the inputs.
pub(super) fn built(
    document: &mut Document,
    fate: Option<&DeclarationFate<'_>>,
    place: Span,
) -> NodeId {
    match fate.and_then(|fate| fate.built) {
        Some(built) => built.map_doubt(Unknown::because).write(document, place),
        None => document.absent(place),
    }
}

/// Adds what is wrong with a declaration.
pub(super) fn problems(
    document: &mut Document,
    fate: Option<&DeclarationFate<'_>>,
    place: Span,
) -> NodeId {
    let problems: Vec<NodeId> = fate
        .into_iter()
        .flat_map(|fate| &fate.problems)
        .map(|one| {
            let problem = document.string(&one.title, one.span);
            let advice = leaf::optional(document, one.help.as_deref(), one.span);
            let meant = one.meant.as_deref().map(|meant| match meant {
                Suggestion::Key(key) => (members::MEANT_KEY.name(), document.string(key, one.span)),
                Suggestion::Word(word) if word.starts_with(char::is_numeric) => {
                    ("instead", document.number(word, one.span))
                }
                Suggestion::Word(word) => ("instead", document.bool(word == "true", one.span)),
            });
            let members = [(members::PROBLEM.name(), problem), ("advice", advice)];
            let members: Vec<_> = members.into_iter().chain(meant).collect();
            document.object(&members, one.span)
        })
        .collect();
    document.array(&problems, place)
}

/// Adds `$.registry`.
pub(super) fn registry(document: &mut Document, registry: &RegistryScanning) -> NodeId {
    let scan_type = registry.document.value(registry.scan_type);
    let rules = registry.document.value(registry.rules);
    let span = scan_type.span();
    let scan_type = document.copy(scan_type);
    let rules = document.copy(rules);
    document.object(&[("scan_type", scan_type), ("rules", rules)], span)
}

/// Adds `$.organisation`. What is not declared stands where the repository does: there is no better
/// place for it.
pub(super) fn organisation(
    document: &mut Document,
    organisation: &Organisation,
    repository: &Entity,
) -> NodeId {
    let nowhere = repository.place;
    let prefix = declared_text(document, organisation.prefix.as_ref(), repository);
    let app = declared_text(document, organisation.app.as_ref(), repository);
    let environments: Vec<_> = organisation
        .environments
        .iter()
        .map(|environment| {
            let span = environment.account.span;
            let name = document.string(&environment.name, span);
            let account = document.string(&environment.account.value, span);
            let region = match &environment.region {
                Some(region) => document.string(&region.value, region.span),
                None => document.absent(span),
            };
            let members = [("name", name), ("account", account), ("region", region)];
            document.object(&members, span)
        })
        .collect();
    let environments = document.array(&environments, nowhere);
    let trusted: Vec<_> = organisation
        .trusted_accounts
        .iter()
        .map(|account| document.string(&account.value, account.span))
        .collect();
    let trusted = document.array(&trusted, nowhere);
    let declares = document.bool(organisation.declares_repositories, nowhere);
    document.object(
        &[
            ("prefix", prefix),
            ("app", app),
            ("environments", environments),
            ("trusted_accounts", trusted),
            (members::DECLARES_REPOSITORIES.name(), declares),
        ],
        nowhere,
    )
}

fn declared_text(
    document: &mut Document,
    text: Option<&Declared<String>>,
    repository: &Entity,
) -> NodeId {
    match text {
        Some(text) => document.string(&text.value, text.span),
        None => document.absent(repository.place),
    }
}
