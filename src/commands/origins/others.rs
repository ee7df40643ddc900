//! Which resource of a template a finding points into: a rule, a key or a role has lines of its own.
//! It does not know what the resources are for.

use std::collections::BTreeMap;

use crate::source::{self, SourceId, Sources, Span, Tree};

/// Where the resources of templates are.
#[derive(Default)]
pub(super) struct Resources {
    /// From the key of a resource to the end of its value, with its logical id, by template.
    by_source: BTreeMap<SourceId, Vec<(Span, String)>>,
}

impl Resources {
    /// The logical id of the resource that a place is in. Only JSON is looked at: that is what the CDK
    /// writes.
    pub(super) fn at(&mut self, place: Span, sources: &Sources) -> Option<&str> {
        let read = || resources(&sources.source(place.source).text, place.source);
        let resources = self.by_source.entry(place.source).or_insert_with(read);
        let behind = resources.partition_point(|(span, _)| span.start <= place.start);
        let (span, id) = resources.get(behind.checked_sub(1)?)?;
        span.contains(place).then_some(id)
    }
}

fn resources(text: &str, source: SourceId) -> Vec<(Span, String)> {
    let mut tree = Tree::default();
    if source::json::parse(text, source, &mut tree).is_err() {
        return Vec::new();
    }
    let resources = tree.root(text).and_then(|root| root.get("Resources"));
    let members = resources.into_iter().flat_map(source::Node::members);
    let mut found: Vec<(Span, String)> = members
        .map(|member| {
            let end = member.value.span().end.max(member.key_span.end);
            let whole = Span {
                end,
                ..member.key_span
            };
            (whole, member.key.to_owned())
        })
        .collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::Resources;
    use crate::source::{Sources, Span};

    #[test]
    fn a_place_belongs_to_the_resource_around_it() {
        let mut sources = Sources::default();
        let text = r#"{"Resources": {"A": {"x": 1}, "B": {"y": 2}}, "Outputs": {"C": 3}}"#;
        let source = sources.add("t.json", text);
        let mut resources = Resources::default();
        let mut at = |word: &str| {
            let start = text.find(word).expect("a word");
            let place = Span::new(source, start, start + word.len());
            let id = resources.at(place, &sources);
            id.map(str::to_owned)
        };
        assert_eq!(at("\"x\"").as_deref(), Some("A"));
        assert_eq!(at("\"B\"").as_deref(), Some("B"));
        assert_eq!(at("2").as_deref(), Some("B"));
        assert_eq!(at("3"), None);
        assert_eq!(at("\"Resources\""), None);
    }

    #[test]
    fn what_is_no_json_has_no_resources() {
        let mut sources = Sources::default();
        let source = sources.add("t.yaml", "Resources: {A: {}}");
        let place = Span::new(source, 12, 13);
        assert_eq!(Resources::default().at(place, &sources), None);
    }
}
