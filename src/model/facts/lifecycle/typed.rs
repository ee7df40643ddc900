//! A lifecycle policy as the simulator takes it: one of which everything is known, and that ECR takes.
//! It does not know images.

use super::super::leaf::Leaf;
use super::effect;
use super::grammar::{self, ParsedRule};
use super::keys;
use super::parse::parse;
use super::problems::PolicyProblems;
use super::reading::RuleField;
use crate::model::lifecycle::{
    self, LifecycleAction, LifecyclePolicy, Limit, StorageClass, TagListEntry, Tags,
};
use crate::model::members;
use crate::model::{Data, Document, Value, Written};
use crate::source::Span;

/// Why there is no policy that could be simulated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPolicy {
    /// There is none, or one that does nothing.
    Missing,
    /// Something of it is not known: where, and completes "undetermined, because …".
    Unknown(Span, String),
    /// ECR refuses it: where, and why.
    Refused(Vec<(Span, String)>),
}

/// Reads a policy.
///
/// # Errors
/// Says why it cannot be simulated.
pub fn lifecycle_policy(policy: Value<'_>, written: Written) -> Result<LifecyclePolicy, NoPolicy> {
    match policy.data() {
        Data::Absent | Data::Null => return Err(NoPolicy::Missing),
        Data::Unknown(unknown) => {
            return Err(NoPolicy::Unknown(policy.span(), unknown.reason.clone()));
        }
        Data::String(text) if text.trim().is_empty() => return Err(NoPolicy::Missing),
        _ => {}
    }
    let mut document = Document::default();
    let mut problems = PolicyProblems::new(&mut document, policy);
    let rules = parse(&mut problems, policy, written);
    let list = problems.finish(policy.span());
    let found = document.value(list).items();
    let found =
        found.filter_map(|one| Some((one.span(), one.get(members::PROBLEM)?.as_str()?.to_owned())));
    let found: Vec<_> = found.collect();
    if !found.is_empty() {
        return Err(NoPolicy::Refused(found));
    }
    if let Some(unknown) = effect::hidden(policy) {
        return Err(NoPolicy::Unknown(policy.span(), unknown.reason.clone()));
    }
    let policy = known_policy(&rules);
    let policy = policy.map_err(|(span, unknown)| NoPolicy::Unknown(span, unknown))?;
    // What ECR refuses was reported above.
    policy.ok_or(NoPolicy::Missing)
}

/// The policy of rules that ECR takes, of which there are not too many.
///
/// # Errors
/// Something of them is not known.
pub(super) fn known_policy<'r, 'v: 'r>(
    rules: impl IntoIterator<Item = &'r ParsedRule<'v>>,
) -> Result<Option<LifecyclePolicy>, PlacedDoubt> {
    let rules: Result<Vec<_>, _> = rules.into_iter().map(rule).collect();
    Ok(LifecyclePolicy::new(rules?))
}

/// What is not known: where, and why.
pub(super) type PlacedDoubt = (Span, String);

fn rule(rule: &ParsedRule<'_>) -> Result<lifecycle::LifecycleRule, PlacedDoubt> {
    let days = known(rule.count)?;
    let days = u64::try_from(days).unwrap_or(0);
    Ok(lifecycle::LifecycleRule {
        priority: known(rule.priority)?,
        class: match known(rule.class)? {
            "archive" => StorageClass::Archive,
            _ => StorageClass::Standard,
        },
        tags: match known(rule.status)? {
            "any" => Tags::Any,
            "untagged" => Tags::Untagged,
            _ => Tags::Tagged(entries(rule)?),
        },
        limit: match known(rule.count_type)? {
            grammar::PUSHED => Limit::Pushed(days),
            grammar::PULLED => Limit::Pulled(days),
            grammar::ARCHIVED => Limit::Archived(days),
            _ => Limit::Count(days),
        },
        action: match known(rule.action)? {
            "transition" => LifecycleAction::Archive,
            _ => LifecycleAction::Expire,
        },
    })
}

fn entries(rule: &ParsedRule<'_>) -> Result<Vec<TagListEntry>, PlacedDoubt> {
    let Some((key, list)) = rule.list else {
        return Ok(Vec::new());
    };
    if let Data::Unknown(unknown) = list.data() {
        return Err((list.span(), unknown.reason.clone()));
    }
    let entries = list.items().map(|entry| match entry.data() {
        Data::Unknown(unknown) => Err((entry.span(), unknown.reason.clone())),
        _ => {
            let text = entry.as_str().unwrap_or_default().to_owned();
            Ok(match key {
                keys::TAG_PREFIX_LIST => TagListEntry::Prefix(text),
                _ => TagListEntry::Pattern(text),
            })
        }
    });
    entries.collect()
}

fn known<T>(field: RuleField<'_, T>) -> Result<T, PlacedDoubt> {
    match field.leaf {
        Leaf::Known(value) => Ok(value),
        Leaf::Unknown(unknown) => Err((field.span, unknown.reason.clone())),
        // ECR refuses what lacks it.
        Leaf::Absent | Leaf::Other => Err((field.span, "it cannot be read".to_owned())),
    }
}
