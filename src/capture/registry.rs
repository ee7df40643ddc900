//! The line of a registry: what holds for every repository of an account and region.
//! It does not know repositories.

use serde_json::{Map, Value, json};

use super::answer::{object, with_text};
use super::caller::RegionalClient;
use super::events;
use super::failure::Failure;
use super::operation::{DESCRIBE_REGISTRY, GET_REGISTRY_POLICY, GET_REGISTRY_SCANNING};
use super::record::RecordMembers;
use super::{CaptureOptions, SnapshotPart, listing};

/// Asks everything about the registry. Failures stand in the members' errors.
pub(super) async fn describe(
    caller: &RegionalClient,
    options: &CaptureOptions,
) -> Result<(Map<String, Value>, Map<String, Value>), Failure> {
    let mut members = RecordMembers::default();
    let nothing = json!({});
    let (scanning, policy, registry, templates, cache) = tokio::join!(
        caller.ask(&GET_REGISTRY_SCANNING, &nothing),
        caller.ask(&GET_REGISTRY_POLICY, &nothing),
        caller.ask(&DESCRIBE_REGISTRY, &nothing),
        listing::CREATION_TEMPLATES.all(caller, json!({})),
        listing::CACHE_RULES.all(caller, json!({})),
    );
    let scanning = scanning.and_then(|answer| object(answer, "scanningConfiguration"));
    members.add("scanning", scanning)?;
    members.add_or_null(
        "policy",
        policy
            .and_then(|answer| with_text(answer, "policyText"))
            .map(Value::Object),
        &["RegistryPolicyNotFoundException"],
    )?;
    let replication = registry.and_then(|answer| object(answer, "replicationConfiguration"));
    members.add("replication", replication)?;
    members.add_or_none(
        "creationTemplates",
        templates,
        &["TemplateNotFoundException"],
    )?;
    members.add_or_none(
        "pullThroughCacheRules",
        cache,
        &["PullThroughCacheRuleNotFoundException"],
    )?;
    if options.parts.contains(&SnapshotPart::Events) {
        let rules = events::rules(caller).await;
        members.add("eventRules", rules.map(Value::Array))?;
    }
    Ok(members.into_parts())
}
