//! Which rules of EventBridge see events of a repository, and what keeps them from doing anything.
//! It does not know which rules there have to be.

use super::Scope;
use super::leaf::{self, Leaf};
use super::problems::Problems;
use crate::model::events::{self, Events};
use crate::model::members;
use crate::model::{Data, Document, EventRule, NodeId, Truth, Unknown, Value};
use crate::model::{Entity, EntityKind, RegistryScanning};
use crate::source::Span;

/// The name of the bus to which AWS sends its own events.
const DEFAULT_BUS: &str = "default";

/// Adds `[{logical_id, enabled, has_target, sees_finished_scans, waits_for_scans, names_repositories, idle,
/// problems}]`, each at its rule.
pub(super) fn describe(document: &mut Document, repository: &Entity, scope: &Scope<'_>) -> NodeId {
    let captured = scope.captured.filter(|captured| {
        repository.kind() == EntityKind::Private && !captured.event_rules.is_empty()
    });
    let is_live = repository.kind().is_repository() && repository.subject.arn.is_some();
    // What AWS answers for the account stands in the place of what the record of one repository cannot say.
    let own = match is_live && scope.captured.is_some() {
        true => &[],
        false => repository.event_rules(),
    };
    if repository.kind() == EntityKind::Public || own.is_empty() && captured.is_none() {
        return document.array(&[], repository.place);
    }
    let enhanced = enhanced(scope.registry);
    let events = Events::of(repository, enhanced);
    let rules = own.iter();
    let rules = rules.filter_map(|rule| one(document, repository, rule, &events, enhanced));
    let mut rules: Vec<NodeId> = rules.collect();
    if let Some(captured) = captured {
        let seeing = seeing(captured, &events);
        rules.extend(seeing.and_then(|rule| rule.write(document, is_live, repository.place)));
    }
    document.array(&rules, repository.place)
}

/// Captured rules that are looked at for one repository.
const MOST_CAPTURED: usize = 100;

/// A rule of the account that brings finished scans of the repository to somebody, or may.
enum Seeing {
    Surely(String, Span),
    Perhaps(String, Span),
}

/// The rule of the account that brings finished scans to somebody: one that certainly does, else the first that may.
fn seeing(captured: &RegistryScanning, events: &Events) -> Option<Seeing> {
    let value = |id| captured.document.value(id);
    let mut perhaps = None;
    for rule in captured.event_rules.iter().take(MOST_CAPTURED) {
        let does = (on_default_bus(value(rule.bus)))
            .and(enabled(value(rule.state)))
            .and(has_target(value(rule.targets)));
        if does.is_false() {
            continue;
        }
        match does.and(events.show_finished_scans(value(rule.pattern))) {
            Truth::True => {
                let name = rule.logical_id.clone().unwrap_or_default();
                return Some(Seeing::Surely(name, rule.place));
            }
            Truth::Unknown(reason) => {
                perhaps.get_or_insert(Seeing::Perhaps(reason, rule.place));
            }
            Truth::False => {}
        }
    }
    if captured.event_rules.len() > MOST_CAPTURED {
        let reason = format!("the account has more than {MOST_CAPTURED} rules of EventBridge");
        perhaps.get_or_insert(Seeing::Perhaps(reason, captured.event_rules[0].place));
    }
    perhaps
}

impl Seeing {
    /// Adds its row. For a repository of a template it is a doubt at most: whether a live rule stays, is for the stack
    /// that it belongs to.
    fn write(self, document: &mut Document, is_live: bool, place: Span) -> Option<NodeId> {
        let (seen, place) = match self {
            Self::Surely(_, rule) if is_live => (document.bool(true, rule), rule),
            Self::Surely(name, _) => {
                let reason = format!(
                    "the live event rule `{name}` sees its finished scans, and no input shows whether it stays"
                );
                (document.unknown(Unknown::because(reason), place), place)
            }
            Self::Perhaps(reason, rule) if is_live => {
                (document.unknown(Unknown::because(reason), rule), rule)
            }
            Self::Perhaps(..) => return None,
        };
        let yes = document.bool(true, place);
        let members = [
            ("enabled", yes),
            ("has_target", yes),
            ("sees_finished_scans", seen),
        ];
        Some(document.object(&members, place))
    }
}

/// Whether the registry scans by Inspector.
fn enhanced(registry: Option<&RegistryScanning>) -> Truth<()> {
    let kind = registry.and_then(|one| one.document.value(one.scan_type).as_str());
    Truth::equal(kind, Some("ENHANCED"))
}

fn one(
    document: &mut Document,
    repository: &Entity,
    rule: &EventRule,
    events: &Events,
    enhanced: Truth<()>,
) -> Option<NodeId> {
    let value = |id| repository.document.value(id);
    let pattern = value(rule.pattern);
    let bus = on_default_bus(value(rule.bus));
    let about = events::is_about(pattern);
    let seen = (bus.clone()).and(events.show_finished_scans(pattern));
    // A rule about something else is only of interest where it may see the repository.
    if !about && (seen.is_false() || pattern.is_absent()) {
        return None;
    }
    let waits = (seen.clone()).and(!events.show_others(pattern));
    // Another bus has what other accounts and regions send on.
    let enhanced = match bus.is_true() {
        true => enhanced,
        false => Truth::Unknown(()),
    };
    let enabled = enabled(value(rule.state));
    let has_target = has_target(value(rule.targets));
    let place = rule.place;
    let idle = match (&enabled, &has_target) {
        _ if !about => document.absent(place),
        (Truth::False, _) => document.string("is disabled", place),
        (_, Truth::False) => document.string("has no target", place),
        (Truth::Unknown(reason), _) | (_, Truth::Unknown(reason)) => {
            let unknown = Unknown::because(reason.as_str()).maybe_absent();
            document.unknown(unknown, place)
        }
        (Truth::True, Truth::True) => document.absent(place),
    };
    let [disabled, cause] = match (about, &enabled) {
        (true, Truth::False) => {
            let state = value(rule.state).span();
            [document.bool(true, place), document.object(&[], state)]
        }
        _ => [document.absent(place), document.absent(place)],
    };
    let names = document.bool(events::names_repositories(pattern), pattern.span());
    let problems = match about {
        true => problems(document, repository, rule, enhanced),
        false => document.array(&[], place),
    };
    let id = leaf::optional(document, rule.logical_id.as_deref(), place);
    let enabled = answer(document, enabled, rule);
    let has_target = answer(document, has_target, rule);
    let seen = answer(document, seen, rule);
    let waits = answer(document, waits, rule);
    let members = [
        (members::LOGICAL_ID.name(), id),
        ("enabled", enabled),
        ("has_target", has_target),
        ("sees_finished_scans", seen),
        ("waits_for_scans", waits),
        ("names_repositories", names),
        ("idle", idle),
        ("disabled", disabled),
        (members::CAUSE.name(), cause),
        (members::PROBLEMS.name(), problems),
    ];
    Some(document.object(&members, place))
}

fn answer(document: &mut Document, truth: Truth, rule: &EventRule) -> NodeId {
    truth
        .map_doubt(Unknown::because)
        .write(document, rule.place)
}

fn problems(
    document: &mut Document,
    repository: &Entity,
    rule: &EventRule,
    enhanced: Truth<()>,
) -> NodeId {
    let id = repository.subject.logical_id.as_deref();
    let state = leaf::text(repository.document.value(rule.state));
    let setting = events::EventRuleContext {
        enhanced,
        repository: id.map(|id| (repository.place.source, id)),
        reads: match state {
            Leaf::Known("ENABLED") | Leaf::Absent => Truth::False,
            // Of one that is disabled that is said.
            Leaf::Known(_) => Truth::True,
            Leaf::Unknown(_) | Leaf::Other => Truth::Unknown(()),
        },
    };
    let pattern = repository.document.value(rule.pattern);
    let impossible = events::impossible(pattern, setting);
    let mut problems = Problems::new(document);
    for (span, problem) in impossible.problems {
        let key = || key_of(pattern, span);
        let key = problem.is_about_key().then(key).flatten();
        problems.add_mistake(key.unwrap_or(span), &problem);
    }
    if let Some(reason) = impossible.unknown {
        problems.cannot_tell(&Unknown::because(reason));
    }
    problems.finish(rule.place)
}

/// Where the key of the value at `span` stands. Depth is bounded by the parser's limit.
fn key_of(value: Value<'_>, span: Span) -> Option<Span> {
    let mut members = value.members_as_written();
    members
        .find_map(|(_, key, member)| match member.span() == span {
            true => Some(key),
            false => key_of(member, span),
        })
        .or_else(|| value.items().find_map(|item| key_of(item, span)))
}

fn enabled(state: Value<'_>) -> Truth {
    match leaf::text(state) {
        Leaf::Known("DISABLED") => Truth::False,
        Leaf::Known("ENABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS") | Leaf::Absent => {
            Truth::True
        }
        Leaf::Known(state) => Truth::unknown(format!("`{state}` is not a state of a rule")),
        Leaf::Unknown(unknown) => Truth::unknown(unknown.reason.as_str()),
        Leaf::Other => Truth::unknown("`State` is written in a form that cannot be read"),
    }
}

fn has_target(targets: Value<'_>) -> Truth {
    match targets.data() {
        Data::Array => Truth::from(targets.items().any(|target| !target.is_absent())),
        Data::Unknown(unknown) => Truth::unknown(unknown.reason.as_str()),
        _ => Truth::False,
    }
}

/// AWS's own events come through the default bus only.
fn on_default_bus(bus: Value<'_>) -> Truth {
    match leaf::text(bus) {
        Leaf::Absent => Truth::True,
        Leaf::Known(name) => Truth::from(name.rsplit('/').next() == Some(DEFAULT_BUS)),
        Leaf::Unknown(unknown) => Truth::unknown(unknown.reason.as_str()),
        Leaf::Other => Truth::False,
    }
}
