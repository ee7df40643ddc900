//! What EventBridge does with a rule about a repository: which of its events the pattern matches, and
//! what keeps the pattern from matching any.
//! It does not know how a rule is written down, nor whether it has a target.
//!
//! ```text
//! kinds (findings · cloudtrail · names) → sample ┐
//! pattern → conjunct → matcher → wildcard        ┴→ about · awaited · grammar · impossible → words
//! ```

mod about;
mod awaited;
mod cloudtrail;
mod conjunct;
mod findings;
mod grammar;
mod impossible;
mod kind;
mod kinds;
mod left;
mod matcher;
mod names;
mod numbers;
mod operator;
mod pattern;
mod sample;
mod wildcard;
mod words;

use self::kind::EventKind;
use self::names::RepositorySamples;
use self::sample::Sample;
use super::{Data, Entity, Value};
use crate::model::Truth;

pub(crate) use about::{is_about, is_foreign};
pub(crate) use awaited::awaited_tags;
pub(crate) use impossible::{EventRuleContext, impossible};

/// What is sent about one repository.
pub(crate) struct Events {
    /// That a scan is finished.
    finished: Vec<EventKind>,
    /// Whatever else ECR sends, such as pushes.
    others: Vec<EventKind>,
}

impl Events {
    /// What is sent about a repository. `enhanced` says whether images are scanned by Inspector.
    pub(crate) fn of(repository: &Entity, enhanced: Truth<()>) -> Self {
        let names = RepositorySamples::of(repository);
        let basic = kinds::basic_scan(&names, Sample::text("COMPLETE"));
        let initial = kinds::enhanced_scan(&names, Sample::text("INITIAL_SCAN_COMPLETE"));
        let finding = findings::of_images(&names);
        Self {
            finished: match enhanced {
                Truth::True => vec![initial, finding],
                Truth::False => vec![basic],
                Truth::Unknown(()) => vec![basic, initial, finding],
            },
            others: kinds::ecr(&names),
        }
    }

    /// Whether a pattern matches an event that says a scan of the repository is finished.
    pub(crate) fn show_finished_scans(&self, pattern: Value<'_>) -> Truth {
        any(&self.finished, pattern)
    }

    /// Whether a pattern matches what ECR sends about the repository besides scans, such as pushes.
    pub(crate) fn show_others(&self, pattern: Value<'_>) -> Truth {
        any(&self.others, pattern)
    }
}

fn any(kinds: &[EventKind], pattern: Value<'_>) -> Truth {
    let kinds = kinds.iter();
    Truth::any(kinds.map(|kind| pattern::matches(pattern, &kind.event)))
}

/// The names of repositories that a pattern waits for, in `detail`.
pub(crate) fn awaited_names(pattern: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    let detail = pattern.by_key("detail");
    let names = detail.and_then(|detail| detail.by_key("repository-name"));
    names.into_iter().flat_map(Value::items)
}

/// Whether a pattern asks for certain repositories.
pub(crate) fn names_repositories(pattern: Value<'_>) -> bool {
    pattern.members().any(|(key, value)| match key {
        "repository-name" | "repositoryName" | "resources" | "repository-arn"
            if matches!(value.data(), Data::Array) =>
        {
            value.items().any(is_certain)
        }
        "$or" => value.items().any(names_repositories),
        _ => names_repositories(value),
    }) || pattern.items().any(names_repositories)
}

/// Whether an alternative asks for something, and not for the absence of it.
fn is_certain(test: Value<'_>) -> bool {
    match test.data() {
        Data::Object => {
            let name = operator::operator(test).map(|(name, _)| name);
            !matches!(name, Some("exists" | "anything-but"))
        }
        _ => true,
    }
}
