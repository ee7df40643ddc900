//! SSM parameters that are one too many, or named in a way that Systems Manager refuses.
//! It does not know what parameters hold.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::published::{KEY, wants_key};
use super::spelling::{ParameterName, ParameterNames, known};
use super::words::are_alike;
use crate::model::facts::Scope;
use crate::model::facts::problems::Problems;
use crate::model::{Document, NodeId, Truth, Unknown};
use crate::model::{Of, Repository};

/// Most characters of a parameter's name.
const LONGEST: usize = 1011;
/// Most levels of a name that is a path.
const DEEPEST: usize = 15;

/// Adds `[{problem}]`: parameters of a key though there is none, and near misses of expected names.
pub(super) fn unexpected(
    document: &mut Document,
    repository: Of<'_, Repository>,
    names: ParameterNames<'_, '_>,
    scope: &Scope<'_>,
    manager: NodeId,
) -> NodeId {
    let ParameterNames {
        spellings: spelled,
        there: names,
    } = names;
    let wants_key = wants_key(document, scope, manager);
    let mut problems = Problems::new(document);
    leave_open(&mut problems, repository);
    for (name, one) in known(names) {
        let parameter = one.parameter;
        let span = repository.document.value(parameter.name).span();
        if let Some(exact) = spelled.iter().find(|spelled| one.is_spelled(spelled)) {
            match &wants_key {
                _ if exact.kind != KEY.kind => {}
                Truth::True => {}
                Truth::False => {
                    let text = format!("`{name}` is there without a customer-managed key");
                    problems.add_resource(span, None, &text, parameter.logical_id.as_deref());
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
    names: &[ParameterName<'_>],
) -> NodeId {
    let mut problems = Problems::new(document);
    leave_open(&mut problems, repository);
    if are_different(names) {
        return problems.finish(repository.place);
    }
    let mut firsts: FxHashMap<&str, &ParameterName<'_>> = FxHashMap::default();
    for (name, one) in known(names) {
        let first = match firsts.entry(name) {
            Entry::Occupied(first) => *first.get(),
            Entry::Vacant(none) => {
                none.insert(one);
                continue;
            }
        };
        if !one.is_of_repository() && !first.is_of_repository() {
            continue;
        }
        let (parameter, first) = (one.parameter, first.parameter);
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
        problems.add_resource(span, Some(first), &text, surplus);
    }
    problems.finish(repository.place)
}

/// Adds `[{problem}]`: names that Systems Manager refuses, of parameters of the repository and of
/// parameters that it is to have.
pub(super) fn name_problems(
    document: &mut Document,
    repository: Of<'_, Repository>,
    names: ParameterNames<'_, '_>,
    doubt: Option<&Unknown>,
) -> NodeId {
    let ParameterNames {
        spellings: spelled,
        there: names,
    } = names;
    let mut problems = Problems::new(document);
    if let Some(doubt) = doubt {
        problems.cannot_tell(doubt);
    }
    leave_open(&mut problems, repository);
    for (name, one) in known(names) {
        if one.is_of_repository()
            && let Some(problem) = refused(name)
        {
            let span = repository.document.value(one.parameter.name).span();
            let text = format!("`{name}` {problem}");
            let own = spelled.iter().find(|spelled| one.is_spelled(spelled));
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

/// Whether no two parameters have one name, as is usual.
fn are_different(names: &[ParameterName<'_>]) -> bool {
    let mut names: Vec<&str> = known(names).map(|(name, _)| name).collect();
    // Most names that differ differ in length.
    names.sort_unstable_by_key(|name| (name.len(), *name));
    names.windows(2).all(|two| two[0] != two[1])
}

/// Why Systems Manager refuses a name, as a clause that follows it.
fn refused(name: &str) -> Option<String> {
    let allowed =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-' | '/');
    if let Some(letter) = name.chars().find(|letter| !allowed(*letter)) {
        Some(format!("has the character `{letter}`"))
    } else if name.contains('/') && !name.starts_with('/') {
        Some("has a `/`, but does not begin with one".to_owned())
    } else if name.chars().count() > LONGEST {
        Some(format!("is longer than {LONGEST} characters"))
    } else if name.matches('/').count() > DEEPEST {
        Some(format!("has more than {DEEPEST} levels"))
    } else if is_reserved(name) {
        Some("begins with `aws` or `ssm`, which is reserved".to_owned())
    } else {
        None
    }
}

/// Whether a name begins with a word of AWS, in any letter case.
fn is_reserved(name: &str) -> bool {
    let start = name.trim_start_matches('/').as_bytes().get(..3);
    let is = |word: &[u8]| start.is_some_and(|start| start.eq_ignore_ascii_case(word));
    is(b"aws") || is(b"ssm")
}
