//! Whether a repository's images are scanned: the repository's flag under the registry's rules.
//! It does not know where the registry's rules were read.

use super::cause::{self, Cause};
use super::found::{BY_REGISTRY, ScanningNodes};
use super::leaf::{self, Leaf};
use super::{Rival, Scope};
use crate::model::glob;
use crate::model::members;
use crate::model::{Document, Truth, Unknown, Value};
use crate::model::{EntityKind, Of, RegistryScanning, Repository};

/// The answer, and whose word it is.
type Decision = (Truth<Unknown>, &'static str);

const BY_REPOSITORY: &str = "repository";

/// Adds `{on_push, effective, decided_by}`.
pub(super) fn describe(
    document: &mut Document,
    repository: Of<'_, Repository>,
    scope: &Scope<'_>,
) -> ScanningNodes {
    let own = repository.document.value(repository.own.scan_on_push);
    let span = own.span();
    let (on_push, flag) = match leaf::flag(own) {
        Leaf::Known(flag) => (document.bool(flag, span), Truth::from(flag)),
        Leaf::Absent => (own.id(), Truth::False),
        Leaf::Unknown(unknown) => (own.id(), Truth::Unknown(unknown.clone())),
        Leaf::Other => {
            let unknown = leaf::misplaced("`ScanOnPush`");
            (
                document.unknown(unknown.clone(), span),
                Truth::Unknown(unknown),
            )
        }
    };
    let (effective, by) = if repository.kind() == EntityKind::Public {
        (document.absent(span), BY_REPOSITORY)
    } else {
        let (answer, by) = among(repository, &flag, scope);
        (answer.write(document, span), by)
    };
    let decided_by = document.string(by, span);
    let members = [
        ("on_push", on_push),
        ("effective", effective),
        ("decided_by", decided_by),
    ];
    ScanningNodes {
        node: document.object(&members, span),
        on_push,
        effective,
        by,
    }
}

/// What every registry that may be the repository's own makes of it.
///
/// A registry has one scanning configuration. Where it is not known which of several that is, the answer is known
/// only if all of them give the same.
fn among(repository: Of<'_, Repository>, flag: &Truth<Unknown>, scope: &Scope<'_>) -> Decision {
    let mut found = decide(repository, flag.clone(), scope.registry);
    for rival in scope.rivals {
        let other = decide(repository, flag.clone(), Some(rival.registry));
        match (&found.0, &other.0) {
            (Truth::True, Truth::True) | (Truth::False, Truth::False) => {}
            (Truth::Unknown(_), _) => return found,
            _ => {
                let reason = doubt(rival, scope.registry, &other.0);
                found = (Truth::Unknown(Unknown::because(reason)), BY_REGISTRY);
            }
        }
    }
    found
}

/// Why the configuration of another registry leaves the answer open.
fn doubt(rival: &Rival<'_>, own: Option<&RegistryScanning>, answer: &Truth<Unknown>) -> String {
    let named = |registry: &RegistryScanning| match &registry.file {
        Some(file) => format!("`{file}`"),
        None => "this template".to_owned(),
    };
    let other = named(rival.registry);
    let unclear = match answer {
        Truth::Unknown(unknown) => format!(", and {}", unknown.reason),
        _ => String::new(),
    };
    match (rival.is_certain, own) {
        (true, Some(own)) if own.file == rival.registry.file => {
            let often = "configures the scanning of the registry more than once";
            match answer {
                Truth::Unknown(_) => format!("{other} {often}{unclear}"),
                _ => format!("{other} {often}, in different ways"),
            }
        }
        (true, Some(own)) => format!(
            "{} and {other} configure the scanning of the registry in different ways{unclear}",
            named(own)
        ),
        _ => {
            format!("{other} configures the scanning of a registry that may be this one{unclear}")
        }
    }
}

/// AWS's own summary first, then the registry's rules, then the repository's flag.
fn decide(
    repository: Of<'_, Repository>,
    flag: Truth<Unknown>,
    registry: Option<&RegistryScanning>,
) -> Decision {
    let frequency = repository.document.value(repository.own.scan_frequency);
    match frequency.as_str() {
        Some("SCAN_ON_PUSH" | "CONTINUOUS_SCAN") => return (Truth::True, BY_REGISTRY),
        // Without rules of the registry that is the repository's own flag once more.
        Some("MANUAL") if flag.is_false() && !has_rules(registry) => {
            return (Truth::False, BY_REPOSITORY);
        }
        Some("MANUAL") => return (Truth::False, BY_REGISTRY),
        _ => {}
    }
    let Some(registry) = registry else {
        // Nobody has changed the registry of a template, as far as it knows. A live one may have rules.
        return match frequency.as_unknown() {
            Some(unknown) => (Truth::Unknown(unknown.clone()), BY_REGISTRY),
            None => (flag, BY_REPOSITORY),
        };
    };
    let rules = registry.document.value(registry.rules);
    let name = leaf::text(repository.document.value(repository.own.settings.name));
    match leaf::text(registry.document.value(registry.scan_type)) {
        Leaf::Known("ENHANCED") => (enhanced(rules, name), BY_REGISTRY),
        Leaf::Known("BASIC") | Leaf::Absent => basic(rules, name, flag),
        Leaf::Unknown(unknown) => (Truth::Unknown(unknown.clone()), BY_REGISTRY),
        Leaf::Known(_) | Leaf::Other => {
            let unknown = leaf::misplaced("the registry's scan type");
            (Truth::Unknown(unknown), BY_REGISTRY)
        }
    }
}

/// Whether the registry may decide without regard to the flag.
fn has_rules(registry: Option<&RegistryScanning>) -> bool {
    registry.is_some_and(|registry| {
        let rules = registry.document.value(registry.rules);
        let scan_type = registry.document.value(registry.scan_type);
        let is_basic = matches!(leaf::text(scan_type), Leaf::Known("BASIC") | Leaf::Absent);
        !is_basic || rules.as_unknown().is_some() || rules.items().len() > 0
    })
}

/// What keeps a repository from being scanned that the registry certainly leaves out.
pub(super) fn cause(
    repository: Of<'_, Repository>,
    registry: Option<&RegistryScanning>,
) -> Option<Cause> {
    let frequency = repository.document.value(repository.own.scan_frequency);
    let name = leaf::text(repository.document.value(repository.own.settings.name));
    let fitting = match name {
        Leaf::Known(name) => format!("the filter `{name}`"),
        _ => "a filter that its name fits".to_owned(),
    };
    let remedy =
        format!("give a scanning rule of the registry with the frequency `SCAN_ON_PUSH` {fitting}");
    let rules = registry.map(|registry| registry.document.value(registry.rules));
    if let Some(by_hand) = rules.and_then(|rules| by_hand(rules, name)) {
        return Some(match frequency.as_str() {
            Some("MANUAL") => Cause {
                span: frequency.span(),
                ..by_hand
            },
            _ => by_hand,
        });
    }
    if frequency.as_str() == Some("MANUAL") {
        return Some(Cause {
            span: frequency.span(),
            text: "its `scanFrequency` is `MANUAL`, whatever its own flag says".to_owned(),
            remedy: Some(remedy),
            named: None,
        });
    }
    let rules = rules?;
    let lists = rules.items().filter_map(|rule| rule.get(members::FILTERS));
    let mut filters = lists.flat_map(cause::filters);
    let (span, text) = match (filters.next(), filters.next()) {
        (Some((span, filter)), None) => {
            let text = format!("the only scanning rule of its registry is for `{filter}`");
            (span, text)
        }
        _ => {
            let text = "no scanning rule of its registry matches the name".to_owned();
            (rules.span(), text)
        }
    };
    Some(Cause {
        span,
        text,
        remedy: Some(remedy),
        named: None,
    })
}

/// The first rule that matches and has scans start by hand.
fn by_hand(rules: Value<'_>, name: Leaf<'_, &str>) -> Option<Cause> {
    let rule = rules
        .items()
        .find(|rule| cause::certain(&rule_matches(*rule, name)))?;
    let frequency = rule.get(members::FREQUENCY)?;
    let known = leaf::text(frequency).known()?;
    let filter = rule
        .get(members::FILTERS)
        .and_then(|it| cause::filters(it).next());
    let filter = filter.map_or_else(String::new, |(_, filter)| format!(" for `{filter}`"));
    Some(Cause {
        span: frequency.span(),
        text: format!("the scanning rule{filter} of its registry has the frequency `{known}`"),
        remedy: Some(format!(
            "give the scanning rule{filter} of the registry the frequency `SCAN_ON_PUSH`"
        )),
        named: None,
    })
}

/// What the rules match. Without rules AWS documents both that everything is scanned and that nothing is.
fn enhanced(rules: Value<'_>, name: Leaf<'_, &str>) -> Truth<Unknown> {
    if let Some(unknown) = rules.as_unknown() {
        return Truth::Unknown(unknown.clone());
    }
    if rules.items().len() == 0 {
        let reason = "AWS documents both that an enhanced registry without scanning rules scans every \
                      repository and that it scans none";
        return Truth::Unknown(Unknown::because(reason));
    }
    matched(rules, name, &["SCAN_ON_PUSH", "CONTINUOUS_SCAN"])
}

/// What a rule matches is scanned on push whatever the flag says; the flag counts where no rule is.
fn basic(rules: Value<'_>, name: Leaf<'_, &str>, flag: Truth<Unknown>) -> Decision {
    if let Some(unknown) = rules.as_unknown() {
        return (Truth::Unknown(unknown.clone()), BY_REGISTRY);
    }
    if rules.items().len() == 0 {
        return (flag, BY_REPOSITORY);
    }
    match (matched(rules, name, &["SCAN_ON_PUSH"]), flag) {
        (Truth::True, _) => (Truth::True, BY_REGISTRY),
        (Truth::False, Truth::False) => (Truth::False, BY_REGISTRY),
        (Truth::Unknown(unknown), _) | (Truth::False, Truth::Unknown(unknown)) => {
            (Truth::Unknown(unknown), BY_REGISTRY)
        }
        (Truth::False, Truth::True) => {
            let reason = "no scanning rule of the registry matches, and AWS does not say whether \
                          the repository's own flag counts then";
            (Truth::Unknown(Unknown::because(reason)), BY_REGISTRY)
        }
    }
}

/// Whether a rule with one of `frequencies` matches the name.
fn matched(rules: Value<'_>, name: Leaf<'_, &str>, frequencies: &[&str]) -> Truth<Unknown> {
    rules.items().fold(Truth::False, |sofar, rule| {
        if let Some(unknown) = rule.as_unknown() {
            return sofar.or(Truth::Unknown(unknown.clone()));
        }
        let answer = match leaf::member_text(rule, members::FREQUENCY) {
            Leaf::Known(frequency) if frequencies.contains(&frequency) => rule_matches(rule, name),
            Leaf::Unknown(unknown) => match rule_matches(rule, name) {
                Truth::False => Truth::False,
                _ => Truth::Unknown(unknown.clone()),
            },
            _ => Truth::False,
        };
        sofar.or(answer)
    })
}

fn rule_matches(rule: Value<'_>, name: Leaf<'_, &str>) -> Truth<Unknown> {
    let filters = rule.get(members::FILTERS);
    if let Some(unknown) = filters.and_then(Value::as_unknown) {
        return Truth::Unknown(unknown.clone());
    }
    let mut filters = filters.into_iter().flat_map(Value::items).peekable();
    if filters.peek().is_none() {
        let reason = "AWS does not say what a scanning rule without filters selects";
        return Truth::Unknown(Unknown::because(reason));
    }
    filters.fold(Truth::False, |sofar, entry| {
        let text = match entry.as_unknown() {
            Some(unknown) => Leaf::Unknown(unknown),
            None => leaf::member_text(entry, members::FILTER),
        };
        sofar.or(match text {
            Leaf::Known(filter) => filter_matches(filter, name),
            Leaf::Unknown(unknown) => Truth::Unknown(unknown.clone()),
            Leaf::Absent | Leaf::Other => Truth::False,
        })
    })
}

/// A filter without `*` is found anywhere in the name; one with `*` matches the whole name.
fn filter_matches(filter: &str, name: Leaf<'_, &str>) -> Truth<Unknown> {
    let anywhere = !filter.contains('*');
    match name {
        Leaf::Known(name) if anywhere => name.contains(filter).into(),
        Leaf::Known(name) => glob::matches(filter, name).into(),
        _ if filter == "*" => Truth::True,
        Leaf::Unknown(unknown) => {
            let shape = unknown.shape.as_ref().map(glob::of_shape);
            let filter = if anywhere {
                format!("*{filter}*")
            } else {
                filter.to_owned()
            };
            match shape {
                Some(shape) if glob::covers(&filter, &shape) => Truth::True,
                Some(shape) if !glob::overlap(&filter, &shape) => Truth::False,
                _ => Truth::Unknown(unknown.clone()),
            }
        }
        Leaf::Absent => Truth::Unknown(Unknown::because(
            "the registry's scanning rules go by name, and CloudFormation makes up the name",
        )),
        Leaf::Other => Truth::Unknown(leaf::misplaced("the name")),
    }
}
