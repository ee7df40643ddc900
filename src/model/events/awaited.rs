//! The tags that a pattern waits for.
//! It does not know whether they can be moved.

use super::conjunct::{Conjunct, PatternField, conjuncts};
use super::kinds;
use super::names::RepositorySamples;
use super::operator::operator;
use super::pattern::fits;
use crate::model::{Data, Entity, Value};

/// Tags that a pattern waits for: exact ones, and `dev-*` for those that begin with `dev-`. None where it is about
/// other repositories.
pub(crate) fn awaited_tags(pattern: Value<'_>, repository: &Entity) -> Vec<String> {
    let mut conjuncts = conjuncts(pattern).unwrap_or_default();
    let is_tag = |field: &&PatternField<'_>| field.is(&["detail", "image-tag"]);
    conjuncts.retain(|conjunct| conjunct.iter().any(|field| is_tag(&field)));
    if conjuncts.is_empty() {
        return Vec::new();
    }
    let kinds = kinds::ecr(&RepositorySamples::of(repository));
    let is_about = |conjunct: &&Conjunct<'_>| {
        let holds = |field: &PatternField<'_>| {
            kinds
                .iter()
                .any(|kind| !fits(field, &kind.event).is_false())
        };
        conjunct.iter().all(holds)
    };
    let conjuncts = conjuncts.iter().filter(is_about);
    let fields = conjuncts.flat_map(|conjunct| conjunct.iter().filter(is_tag));
    fields
        .flat_map(|field| field.alternatives().into_iter().filter_map(tag))
        .collect()
}

/// What an alternative lets through, as a filter of tags.
fn tag(test: Value<'_>) -> Option<String> {
    if let Data::String(tag) = test.data() {
        return Some(tag.to_owned());
    }
    let (name, operand) = operator(test)?;
    let text = operand.as_str()?;
    match name {
        "prefix" => Some(format!("{text}*")),
        "suffix" => Some(format!("*{text}")),
        "wildcard" => Some(text.to_owned()),
        _ => None,
    }
}
