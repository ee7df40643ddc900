//! The strictest mutability that breaks nothing of the inputs: tags that have to move stay out of it.
//! It does not know whether the setting that is there is good enough.

use super::releases::{MOST_FILTERS, Releases, fault, release_tags_mutable};
use crate::model::facts::leaf::{self, Leaf};
use crate::model::members;
use crate::model::{Document, NodeId, Of, RepositorySettings, Value, events};

/// Adds `{mode, tags, filters, shorthand, construct, without}`.
pub(super) fn describe(
    document: &mut Document,
    repository: Of<'_, RepositorySettings>,
    mode: Value<'_>,
    filters: Value<'_>,
    releases: &Releases<'_>,
) -> NodeId {
    let span = mode.span();
    let tags = moving(repository, mode, filters, releases);
    let has_filters = filters.items().len() > 0;
    let with = !tags.is_empty();
    let word = match with {
        true => "IMMUTABLE_WITH_EXCLUSION",
        false => "IMMUTABLE",
    };
    let mut members = vec![("mode", document.string(word, span))];
    if with {
        let texts: Vec<_> = tags.iter().map(|tag| document.string(tag, span)).collect();
        let list = document.array(&texts, span);
        let filters: Vec<_> = texts
            .iter()
            .map(|text| {
                let kind = document.string("WILDCARD", span);
                let members = [
                    ("ImageTagMutabilityExclusionFilterType", kind),
                    ("ImageTagMutabilityExclusionFilterValue", *text),
                ];
                document.object(&members, span)
            })
            .collect();
        let filters = document.array(&filters, span);
        let words = tags
            .iter()
            .map(|tag| format!("filterType=WILDCARD,filter='{tag}'"));
        let words: Vec<_> = words.collect();
        let shorthand = document.string(&words.join(" "), span);
        let words = tags
            .iter()
            .map(|tag| format!("ecr.ImageTagMutabilityExclusionFilter.wildcard(\"{tag}\")"));
        let words: Vec<_> = words.collect();
        let construct = document.string(&words.join(", "), span);
        members.extend([
            ("tags", list),
            ("filters", filters),
            ("shorthand", shorthand),
            ("construct", construct),
        ]);
    }
    let without = (has_filters && !with).then_some("ImageTagMutabilityExclusionFilters");
    members.push(("without", leaf::optional(document, without, span)));
    document.object(&members, span)
}

/// Tags that have to move, without releases.
fn moving(
    repository: Of<'_, RepositorySettings>,
    mode: Value<'_>,
    filters: Value<'_>,
    releases: &Releases<'_>,
) -> Vec<String> {
    // Where exclusion is used well already, only somebody who wants none can ask for more.
    let excludes = mode.as_str() == Some("IMMUTABLE_WITH_EXCLUSION")
        && filters.items().len() <= MOST_FILTERS
        && filters.items().all(is_accepted);
    if excludes && release_tags_mutable(mode, filters, releases).is_false() {
        return Vec::new();
    }
    let mut tags: Vec<String> = Vec::new();
    for entry in filters.items() {
        if let Leaf::Known(filter) = leaf::member_text(entry, members::FILTER) {
            tags_of(filter, releases, &mut tags);
        }
    }
    for rule in repository.event_rules() {
        let pattern = repository.document.value(rule.pattern);
        for tag in events::awaited_tags(pattern, &repository) {
            tags_of(&tag, releases, &mut tags);
        }
    }
    tags.truncate(MOST_FILTERS);
    tags
}

/// Whether ECR takes a filter.
fn is_accepted(entry: Value<'_>) -> bool {
    let kind = leaf::member_text(entry, members::FILTER_TYPE).known();
    let filter = leaf::member_text(entry, members::FILTER).known();
    kind == Some("WILDCARD") && filter.is_some_and(|filter| fault(filter).is_none())
}

/// Adds a tag, or a pattern of tags, unless it is about releases or ECR would refuse it.
fn tags_of(tag: &str, releases: &Releases<'_>, tags: &mut Vec<String>) {
    if fault(tag).is_none() && !releases.meet(tag) && !tags.iter().any(|known| known == tag) {
        tags.push(tag.to_owned());
    }
}
