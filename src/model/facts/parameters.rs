//! Which SSM parameters a repository of the organisation has to be published in, and which are there.
//! It does not know parameters that hold nothing of the repository.

mod advice;
mod published;
mod spelling;
mod unexpected;
mod value;
mod words;

use super::leaf::{self, Leaf};
use super::{Scope, declared, naming};
use crate::model::members;
use crate::model::{Document, NodeId, Truth, Unknown};
use crate::model::{EntityKind, Holds, Of, Repository};
use published::{ARN, KEY, NAME, wants_key};
use spelling::{ExpectedParameter, NameSpelling, ParameterName, ParameterNames};

/// How parameters are named unless the organisation says otherwise.
const TEMPLATE: &str = "ECR_{BASE}_{kind}";

/// How the parameters of a repository are named.
enum Naming<'s> {
    /// Nobody says, or the repository is none that is published.
    Unasked,
    /// The repository is none of the organisation's.
    Foreign,
    /// Its name does not say whether it is the organisation's.
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
    let spelled = match naming {
        Naming::Known(template, base) => Some(NameSpelling::all(template, base)),
        _ => None,
    };
    let spellings = spelled.as_ref().map_or(&[][..], |all| all);
    let names = ParameterNames {
        spellings,
        there: &ParameterName::all(repository, spellings),
    };
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
        Naming::Known(..) => (
            expected(document, repository, names, scope, manager),
            unexpected::unexpected(document, repository, names, scope, manager),
        ),
    };
    let duplicates = unexpected::duplicates(document, repository, names.there);
    let name_problems = unexpected::name_problems(document, repository, names, doubt.as_ref());
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
    names: ParameterNames<'_, '_>,
    scope: &Scope<'_>,
    manager: NodeId,
) -> NodeId {
    let mut entries = Vec::with_capacity(names.spellings.len());
    for (spelled, wanted) in names.spellings.iter().zip([ARN, NAME, KEY]) {
        let found = spelled.found(names.there);
        let found = match wanted.holds {
            Holds::KeyArn => key_found(document, found, scope, manager),
            _ => Some(found),
        };
        entries.extend(found.map(|found| {
            let expected = ExpectedParameter {
                spelled,
                there: names.there,
                wanted,
            };
            write(document, repository, expected, found)
        }));
    }
    document.array(&entries, repository.place)
}

/// Whether the key's parameter is found, which is expected of a repository with a customer's key, declared or real.
fn key_found(
    document: &Document,
    found: Truth<Unknown>,
    scope: &Scope<'_>,
    manager: NodeId,
) -> Option<Truth<Unknown>> {
    match wants_key(document, scope, manager) {
        Truth::True => Some(found),
        Truth::Unknown(doubt) if found.is_false() => Some(Truth::Unknown(doubt)),
        Truth::Unknown(_) => Some(found),
        Truth::False => None,
    }
}

fn write(
    document: &mut Document,
    repository: Of<'_, Repository>,
    expected: ExpectedParameter<'_, '_>,
    found: Truth<Unknown>,
) -> NodeId {
    let ExpectedParameter {
        spelled,
        there,
        wanted,
    } = expected;
    let span = repository.place;
    let near = match found {
        Truth::False => spelled.near_miss(there, wanted.holds),
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
    let problems = value::problems(document, repository, expected, value);
    let kind = document.string(wanted.kind, span);
    let is_of = value::is_of(wanted.holds);
    let name = document.string(spelled.shown(), span);
    let found = found.write(document, span);
    let members = [
        ("kind", kind),
        (is_of, document.bool(true, span)),
        ("name", name),
        ("found", found),
        ("near_miss", near),
        ("near_id", near_id),
        ("value", value),
        (members::LOGICAL_ID.name(), logical_id),
        (members::PROBLEM.name(), problem),
        (members::PROBLEMS.name(), problems),
    ];
    document.object(&members, span)
}
