//! SSM parameters that are one too many, or named in a way that Systems Manager refuses.
//! It does not know what parameters hold.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::published::{KEY, wants_key};
use super::spelling::NameSpelling;
use super::words::are_alike;
use crate::model::facts::Scope;
use crate::model::facts::leaf;
use crate::model::facts::problems::Problems;
use crate::model::{Document, NodeId, Truth, Unknown};
use crate::model::{Of, Parameter, Repository};

/// Most characters of a parameter's name.
const LONGEST: usize = 1011;
/// Most levels of a name that is a path.
const DEEPEST: usize = 15;

/// Adds `[{problem}]`: parameters of a key though there is none, and near misses of expected names.
pub(super) fn unexpected(
    document: &mut Document,
    repository: Of<'_, Repository>,
    spelled: &[NameSpelling],
    (scope, manager): (&Scope<'_>, NodeId),
) -> NodeId {
    let wants_key = wants_key(document, scope, manager);
    let mut problems = Problems::new(document);
    leave_open(&mut problems, repository);
    for (name, parameter) in named(repository) {
        let span = repository.document.value(parameter.name).span();
        let is = |spelled: &NameSpelling| spelled.spellings().any(|known| known == name);
        if let Some(exact) = spelled.iter().find(|spelled| is(spelled)) {
            match &wants_key {
                _ if exact.kind != KEY.kind => {}
                Truth::True => {}
                Truth::False => {
                    let text = format!("`{name}` is there without a customer-managed key");
                    problems.add_resource((span, None), &text, parameter.logical_id.as_deref());
                }
                Truth::Unknown(unknown) => problems.cannot_tell(unknown),
            }
            continue;
        }
        let near = spelled
            .iter()
            .find(|spelled| are_alike(name, spelled.shown()));
        if let Some(near) = near {
            let text = format!("`{name}` is spelled unlike `{}`", near.shown());
            problems.add_instead(span, &text, near.shown());
        }
    }
    problems.finish(repository.place)
}

/// Adds `[{problem}]`: parameters of the repository whose names others of the template have, too.
pub(super) fn duplicates(
    document: &mut Document,
    repository: Of<'_, Repository>,
    spelled: &[NameSpelling],
) -> NodeId {
    let mut problems = Problems::new(document);
    leave_open(&mut problems, repository);
    let mut firsts: FxHashMap<&str, &Parameter> = FxHashMap::default();
    for (name, parameter) in named(repository) {
        let first = match firsts.entry(name) {
            Entry::Occupied(first) => *first.get(),
            Entry::Vacant(none) => {
                none.insert(parameter);
                continue;
            }
        };
        if !is_of_repository(spelled, name, parameter) && !is_of_repository(spelled, name, first) {
            continue;
        }
        let span = repository.document.value(parameter.name).span();
        let condition = parameter.condition.as_ref().or(first.condition.as_ref());
        if let Some(condition) = condition {
            let reason = format!("the condition `{condition}` decides whether it exists");
            problems.cannot_tell(&Unknown::because(reason));
            continue;
        }
        let id = first.logical_id.as_deref().unwrap_or_default();
        let text = format!("`{name}` is the name of `{id}`, too");
        let first = repository.document.value(first.name).span();
        let surplus = parameter.logical_id.as_deref();
        problems.add_resource((span, Some(first)), &text, surplus);
    }
    problems.finish(repository.place)
}

/// Adds `[{problem}]`: names that Systems Manager refuses, of parameters of the repository and of
/// parameters that it is to have.
pub(super) fn name_problems(
    document: &mut Document,
    repository: Of<'_, Repository>,
    spelled: &[NameSpelling],
    doubt: Option<&Unknown>,
) -> NodeId {
    let mut problems = Problems::new(document);
    if let Some(doubt) = doubt {
        problems.cannot_tell(doubt);
    }
    leave_open(&mut problems, repository);
    for (name, parameter) in named(repository) {
        if is_of_repository(spelled, name, parameter)
            && let Some(problem) = refused(name)
        {
            let span = repository.document.value(parameter.name).span();
            let text = format!("`{name}` {problem}");
            let own = spelled
                .iter()
                .find(|one| one.spellings().any(|it| it == name));
            match own.filter(|own| refused(own.shown()).is_none()) {
                Some(own) => problems.add_instead(span, &text, own.shown()),
                None => problems.add(span, &text),
            }
        }
    }
    for spelled in spelled {
        if spelled.kind != KEY.kind
            && spelled.spellings().all(|name| refused(name).is_some())
            && let Some(problem) = refused(spelled.shown())
        {
            let text = format!("`{}` {problem}", spelled.shown());
            problems.add(repository.place, &text);
        }
    }
    problems.finish(repository.place)
}

/// Whatever is asked of parameters that were not compared with the repository cannot be determined.
pub(super) fn leave_open(problems: &mut Problems<'_>, repository: Of<'_, Repository>) {
    let unseen = repository.own.parameters.iter().filter(|one| one.is_unseen);
    for parameter in unseen {
        if let Some(unknown) = repository.document.value(parameter.name).as_unknown() {
            problems.cannot_tell(unknown);
        }
    }
}

/// Parameters whose names are known.
fn named<'r>(repository: Of<'r, Repository>) -> impl Iterator<Item = (&'r str, &'r Parameter)> {
    let document = &repository.entity().document;
    repository
        .own
        .parameters
        .iter()
        .filter_map(move |parameter| {
            let name = leaf::text(document.value(parameter.name)).known()?;
            Some((name, parameter))
        })
}

fn is_of_repository(spelled: &[NameSpelling], name: &str, parameter: &Parameter) -> bool {
    parameter.holds.is_some()
        || spelled
            .iter()
            .any(|spelled| spelled.spellings().any(|known| known == name))
}

/// Why Systems Manager refuses a name, as a clause that follows it.
fn refused(name: &str) -> Option<String> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_.-/".contains(letter);
    let lower = name.trim_start_matches('/').to_ascii_lowercase();
    if let Some(letter) = name.chars().find(|letter| !allowed(*letter)) {
        Some(format!("has the character `{letter}`"))
    } else if name.contains('/') && !name.starts_with('/') {
        Some("has a `/`, but does not begin with one".to_owned())
    } else if name.chars().count() > LONGEST {
        Some(format!("is longer than {LONGEST} characters"))
    } else if name.matches('/').count() > DEEPEST {
        Some(format!("has more than {DEEPEST} levels"))
    } else if lower.starts_with("aws") || lower.starts_with("ssm") {
        Some("begins with `aws` or `ssm`, which is reserved".to_owned())
    } else {
        None
    }
}
