//! Which resource of a template a finding points into: a rule, a key or a role has lines of its own.
//! It does not know what the resources are for.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::source::{self, Node, SourceId, Sources, Span, Tree};

/// Where the resources of templates are.
#[derive(Default)]
pub(super) struct ResourceLines {
    by_source: BTreeMap<SourceId, TemplateLines>,
}

/// The resources of one template.
#[derive(Default)]
pub(super) struct TemplateLines {
    /// In the order of the text.
    all: Vec<TemplateResource>,
    by_id: FxHashMap<String, usize>,
}

/// A resource of a template.
pub(super) struct TemplateResource {
    /// From its key to the end of its value.
    whole: Span,
    /// Logical id.
    pub(super) id: String,
    /// Type; empty where there is none.
    pub(super) kind: String,
    /// The path that the CDK writes beside it.
    pub(super) construct_path: Option<String>,
    /// Its properties with their places.
    properties: Vec<(Span, String)>,
}

impl ResourceLines {
    /// The resources of a template. Only JSON is looked at: that is what the CDK writes.
    pub(super) fn of(&mut self, source: SourceId, sources: &Sources) -> &TemplateLines {
        let read = || TemplateLines::read(sources.source(source).text(), source);
        self.by_source.entry(source).or_insert_with(read)
    }
}

impl TemplateLines {
    fn read(text: &str, source: SourceId) -> Self {
        let mut tree = Tree::default();
        if source::json::parse(text, source, &mut tree).is_err() {
            return Self::default();
        }
        let resources = tree.root(text).and_then(|root| root.get("Resources"));
        let members = resources.into_iter().flat_map(source::Node::members);
        let mut all: Vec<TemplateResource> = members.map(|one| resource(&one)).collect();
        all.sort_by_key(|one| one.whole);
        let ids = all.iter().map(|one| one.id.clone());
        Self {
            by_id: ids.zip(0..).collect(),
            all,
        }
    }

    /// The resource that a place is in.
    pub(super) fn at(&self, place: Span) -> Option<&TemplateResource> {
        let behind = self
            .all
            .partition_point(|one| one.whole.start <= place.start);
        let resource = &self.all[behind.checked_sub(1)?];
        resource.whole.contains(place).then_some(resource)
    }

    /// The resource with a logical id.
    pub(super) fn get(&self, id: &str) -> Option<&TemplateResource> {
        Some(&self.all[*self.by_id.get(id)?])
    }

    /// The resources of a type.
    pub(super) fn of_kind<'t>(
        &'t self,
        kind: &'t str,
    ) -> impl Iterator<Item = &'t TemplateResource> {
        self.all.iter().filter(move |one| one.kind == kind)
    }
}

impl TemplateResource {
    /// The property that a place is in.
    pub(super) fn property_at(&self, place: Span) -> Option<&str> {
        let mut properties = self.properties.iter();
        let found = properties.find(|(whole, _)| whole.contains(place))?;
        Some(&found.1)
    }
}

fn resource(member: &source::Member<'_>) -> TemplateResource {
    let value = member.value;
    let metadata = value.get("Metadata");
    let path = metadata.and_then(|one| one.get("aws:cdk:path"));
    let properties = value.get("Properties").into_iter();
    let properties = properties.flat_map(Node::members);
    TemplateResource {
        whole: whole(member),
        id: member.key.to_owned(),
        kind: value
            .get("Type")
            .and_then(Node::as_str)
            .unwrap_or_default()
            .to_owned(),
        construct_path: path.and_then(Node::as_str).map(str::to_owned),
        properties: properties
            .map(|one| (whole(&one), one.key.to_owned()))
            .collect(),
    }
}

/// From the key of a member to the end of its value.
fn whole(member: &source::Member<'_>) -> Span {
    Span {
        end: member.value.span().end.max(member.key_span.end),
        ..member.key_span
    }
}

#[cfg(test)]
mod tests {
    use super::ResourceLines;
    use crate::source::{Sources, Span};

    #[test]
    fn a_place_belongs_to_the_resource_around_it() {
        let mut sources = Sources::default();
        let text =
            r#"{"Resources": {"A": {"Properties": {"x": 1}}, "B": {"y": 2}}, "Outputs": {"C": 3}}"#;
        let source = sources.add("t.json", text);
        let mut resources = ResourceLines::default();
        let resources = resources.of(source, &sources);
        let place = |word: &str| {
            let start = text.find(word).expect("a word");
            Span::new(source, start, start + word.len())
        };
        let at = |word: &str| resources.at(place(word)).map(|one| one.id.as_str());
        assert_eq!(at("\"x\""), Some("A"));
        assert_eq!(at("\"B\""), Some("B"));
        assert_eq!(at("2"), Some("B"));
        assert_eq!(at("3"), None);
        assert_eq!(at("\"Resources\""), None);
        let one = resources.get("A").expect("a resource");
        assert_eq!(one.property_at(place("1")), Some("x"));
        assert_eq!(one.property_at(place("\"A\"")), None);
    }

    #[test]
    fn what_is_no_json_has_no_resources() {
        let mut sources = Sources::default();
        let source = sources.add("t.yaml", "Resources: {A: {}}");
        let place = Span::new(source, 12, 13);
        let mut resources = ResourceLines::default();
        assert!(resources.of(source, &sources).at(place).is_none());
    }
}
