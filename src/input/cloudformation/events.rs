//! `AWS::Events::Rule`: the rules of a template that may be about a repository.
//! It does not know what a pattern matches.

use std::borrow::Cow;

use memchr::memmem;

use super::evaluate::Evaluator;
use super::template::{Resource, ResourceKind, Template};
use crate::model::{Document, EventRule, Unknown};
use crate::source::{Kind, Member, Node, Tree};

/// Words of which a pattern about ECR has at least one.
const WORDS: [&str; 4] = ["ecr", "ECR", "inspector", "Inspector"];

/// Rules that may be about repositories of the template.
pub(super) struct Rules<'t> {
    rules: Vec<Candidate<'t>>,
}

/// A rule with what can be told about it without evaluating anything.
pub(super) struct Candidate<'t> {
    resource: Resource<'t>,
    /// The pattern as it is written.
    text: Cow<'t, str>,
    /// Repositories of the template that the pattern refers to.
    named: Vec<&'t str>,
    /// Whether the pattern has one of our words.
    names_us: bool,
}

impl<'t> Rules<'t> {
    /// Looks through the rules of a template.
    pub(super) fn find(template: &Template<'t>) -> Self {
        let rules = template.of_kind(ResourceKind::EventRule);
        Self {
            rules: rules
                .filter_map(|resource| candidate(template, resource))
                .collect(),
        }
    }

    /// Writes the rules that may be about a repository into its document.
    pub(super) fn write(
        &self,
        evaluator: &Evaluator<'t, '_>,
        repository: &Resource<'t>,
        document: &mut Document,
        embedded: &mut Tree,
    ) -> Vec<EventRule> {
        let rules = self.rules.iter().filter(|rule| {
            rule.concerns(repository) && evaluator.existence(&rule.resource) != Ok(false)
        });
        rules
            .map(|rule| rule.write(evaluator, document, embedded))
            .collect()
    }

    /// Every rule that names ECR or Inspector, with its resource.
    pub(super) fn naming_us(&self) -> impl Iterator<Item = (&Resource<'t>, &Candidate<'t>)> {
        let rules = self.rules.iter().filter(|rule| rule.names_us);
        rules.map(|rule| (&rule.resource, rule))
    }
}

impl<'t> Candidate<'t> {
    /// Writes the rule into a document.
    pub(super) fn write(
        &self,
        evaluator: &Evaluator<'t, '_>,
        document: &mut Document,
        embedded: &mut Tree,
    ) -> EventRule {
        let properties = evaluator.properties(&self.resource);
        let inside = |name| evaluator.inside(&properties, name);
        EventRule {
            logical_id: Some(self.resource.id.to_owned()),
            place: self.resource.place,
            state: match evaluator.existence(&self.resource) {
                // One that may not exist may not be enabled.
                Err(reason) => document.unknown(Unknown::because(reason), self.resource.place),
                Ok(_) => evaluator.write_string(document, inside("State")),
            },
            bus: evaluator.write_string(document, inside("EventBusName")),
            pattern: evaluator.write_policy(document, inside("EventPattern"), embedded),
            targets: evaluator.write_any(document, inside("Targets")),
            names_us: self.names_us,
        }
    }
}

fn candidate<'t>(template: &Template<'t>, resource: Resource<'t>) -> Option<Candidate<'t>> {
    let properties = resource.node.get("Properties")?;
    // What a function makes of all properties may have a pattern.
    let pattern = match properties.get("EventPattern") {
        Some(pattern) => pattern,
        None => properties.members().find(is_function).map(|_| properties)?,
    };
    let text = template.text_of(pattern);
    let names_us = WORDS
        .iter()
        .any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some());
    if !names_us && is_about_others(pattern) {
        return None;
    }
    let mut named = Vec::new();
    references(template, pattern, &mut named);
    Some(Candidate {
        resource,
        text,
        named,
        names_us,
    })
}

fn is_function(member: &Member<'_>) -> bool {
    member.key.starts_with("Fn::")
}

/// Whether a pattern without our words asks for certain sources, which are others then.
fn is_about_others(pattern: Node<'_>) -> bool {
    let Some(sources) = pattern.get("source") else {
        return false;
    };
    let mut items = sources.items();
    sources.kind() == Kind::Array && items.all(|source| source.kind() == Kind::String)
}

/// Collects the repositories to which a value refers. Depth is bounded by the parser's limit.
pub(super) fn references<'t>(template: &Template<'t>, node: Node<'t>, named: &mut Vec<&'t str>) {
    for member in node.members() {
        let id = match member.key {
            "Ref" => member.value.as_str(),
            "Fn::GetAtt" => {
                let listed = member.value.items().next().and_then(Node::as_str);
                listed.or_else(|| member.value.as_str()?.split('.').next())
            }
            _ => None,
        };
        let resource = id.and_then(|id| template.resources.get(id));
        if let Some(resource) = resource
            && resource.kind == ResourceKind::Repository
        {
            named.push(resource.id);
        }
        references(template, member.value, named);
    }
    for item in node.items() {
        references(template, item, named);
    }
}

impl Candidate<'_> {
    /// Whether the rule may be about the repository: it does not refer to others only.
    fn concerns(&self, repository: &Resource<'_>) -> bool {
        let name = || {
            let properties = repository.node.get("Properties")?;
            properties.get("RepositoryName")?.as_str()
        };
        self.named.is_empty()
            || self.named.contains(&repository.id)
            || name().is_some_and(|name| self.text.contains(name))
    }
}
