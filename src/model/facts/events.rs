//! Which rules of EventBridge see events of a repository, and what keeps them from doing anything.
//! It does not know which rules there have to be.

use super::leaf::{self, Leaf};
use super::problems::Problems;
use crate::model::events::{self, Events};
use crate::model::policy::Truth;
use crate::model::{Data, Document, EventRule, NodeId, Unknown, Value};
use crate::model::{RegistryScanning, Repository, RepositoryKind};

/// The name of the bus to which AWS sends its own events.
const DEFAULT_BUS: &str = "default";

/// Adds `[{logical_id, enabled, has_target, sees_finished_scans, waits_for_scans, names_repositories, idle,
/// problems}]`, each at its rule.
pub(super) fn describe(
    document: &mut Document,
    repository: &Repository,
    registry: Option<&RegistryScanning>,
) -> NodeId {
    let rules: Vec<NodeId> = match repository.kind {
        RepositoryKind::Public => Vec::new(),
        _ if repository.event_rules.is_empty() => Vec::new(),
        _ => {
            let enhanced = enhanced(registry);
            let events = Events::of(repository, enhanced);
            let rules = repository.event_rules.iter();
            let rules =
                rules.filter_map(|rule| one(document, (repository, rule), &events, enhanced));
            rules.collect()
        }
    };
    document.array(&rules, repository.place)
}

/// Whether the registry scans by Inspector, where that is known.
fn enhanced(registry: Option<&RegistryScanning>) -> Option<bool> {
    let registry = registry?;
    let kind = registry.document.value(registry.scan_type).as_str()?;
    Some(kind == "ENHANCED")
}

fn one(
    document: &mut Document,
    (repository, rule): (&Repository, &EventRule),
    events: &Events,
    enhanced: Option<bool>,
) -> Option<NodeId> {
    let value = |id| repository.document.value(id);
    let pattern = value(rule.pattern);
    let bus = on_default_bus(value(rule.bus));
    let about = events::is_about(pattern);
    let seen = (bus.clone()).and(events.show_finished_scans(pattern));
    // A rule about something else is only of interest where it may see the repository.
    if !about && (seen.is_no() || pattern.is_absent()) {
        return None;
    }
    let waits = (seen.clone()).and(!events.show_others(pattern));
    // Another bus has what other accounts and regions send on.
    let enhanced = enhanced.filter(|_| bus.is_yes());
    let enabled = enabled(value(rule.state));
    let has_target = has_target(value(rule.targets));
    let place = rule.place;
    let idle = match (&enabled, &has_target) {
        _ if !about => document.absent(place),
        (Truth::No, _) => document.string("is disabled", place),
        (_, Truth::No) => document.string("has no target", place),
        (Truth::Unknown(reason), _) | (_, Truth::Unknown(reason)) => {
            let unknown = Unknown::because(reason.as_str()).maybe_absent();
            document.unknown(unknown, place)
        }
        (Truth::Yes, Truth::Yes) => document.absent(place),
    };
    let disabled = match (about, &enabled) {
        (true, Truth::No) => document.bool(true, place),
        _ => document.absent(place),
    };
    let names = document.bool(events::names_repositories(pattern), pattern.span());
    let problems = match about {
        true => problems(document, (repository, rule), enhanced),
        false => document.array(&[], place),
    };
    let id = leaf::optional(document, rule.logical_id.as_deref(), place);
    let enabled = answer(document, enabled, rule);
    let has_target = answer(document, has_target, rule);
    let seen = answer(document, seen, rule);
    let waits = answer(document, waits, rule);
    let members = [
        ("logical_id", id),
        ("enabled", enabled),
        ("has_target", has_target),
        ("sees_finished_scans", seen),
        ("waits_for_scans", waits),
        ("names_repositories", names),
        ("idle", idle),
        ("disabled", disabled),
        ("problems", problems),
    ];
    Some(document.object(&members, place))
}

fn answer(document: &mut Document, truth: Truth, rule: &EventRule) -> NodeId {
    match truth {
        Truth::Yes => document.bool(true, rule.place),
        Truth::No => document.bool(false, rule.place),
        Truth::Unknown(reason) => document.unknown(Unknown::because(reason), rule.place),
    }
}

fn problems(
    document: &mut Document,
    (repository, rule): (&Repository, &EventRule),
    enhanced: Option<bool>,
) -> NodeId {
    let id = repository.subject.logical_id.as_deref();
    let state = leaf::text(repository.document.value(rule.state));
    let setting = events::Setting {
        enhanced,
        repository: id.map(|id| (repository.place.source, id)),
        reads: match state {
            Leaf::Known("ENABLED") | Leaf::Absent => Some(false),
            // Of one that is disabled that is said.
            Leaf::Known(_) => Some(true),
            Leaf::Unknown(_) | Leaf::Other => None,
        },
    };
    let sense = events::sense(repository.document.value(rule.pattern), setting);
    let mut problems = Problems::new(document);
    for (span, problem) in sense.problems {
        problems.add_mistake(span, &problem);
    }
    if let Some(reason) = sense.unknown {
        problems.cannot_tell(&Unknown::because(reason));
    }
    problems.finish(rule.place)
}

fn enabled(state: Value<'_>) -> Truth {
    match leaf::text(state) {
        Leaf::Known("DISABLED") => Truth::No,
        Leaf::Known("ENABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS") | Leaf::Absent => {
            Truth::Yes
        }
        Leaf::Known(state) => Truth::unknown(format!("`{state}` is no state of a rule")),
        Leaf::Unknown(unknown) => Truth::unknown(unknown.reason.as_str()),
        Leaf::Other => Truth::unknown("`State` is written in a form that cannot be read"),
    }
}

fn has_target(targets: Value<'_>) -> Truth {
    match targets.data() {
        Data::Array => Truth::from(targets.items().any(|target| !target.is_absent())),
        Data::Unknown(unknown) => Truth::unknown(unknown.reason.as_str()),
        _ => Truth::No,
    }
}

/// AWS's own events come through the default bus only.
fn on_default_bus(bus: Value<'_>) -> Truth {
    match leaf::text(bus) {
        Leaf::Absent => Truth::Yes,
        Leaf::Known(name) => Truth::from(name.rsplit('/').next() == Some(DEFAULT_BUS)),
        Leaf::Unknown(unknown) => Truth::unknown(unknown.reason.as_str()),
        Leaf::Other => Truth::No,
    }
}
