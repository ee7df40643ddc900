//! `AWS::Events::Rule`: the rules of a template that may be about a repository.
//! It does not know what a pattern matches.

mod concern;

use self::concern::Concern;
use super::references::is_function;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::events::is_foreign;
use crate::model::{Document, EventRule, NodeId, Truth, Unknown};
use crate::source::{Kind, Member, Node, Tree};

/// Why nothing is known of the rules that see a repository.
const TOO_MANY: &str =
    "the template has more event rules and repositories than are compared with each other";

/// Rules that may be about repositories of the template.
pub(crate) struct Rules<'t> {
    rules: Vec<EventRuleCandidate<'t>>,
    concern: Concern<'t>,
}

/// A rule with what can be determined about it without evaluating anything.
pub(crate) struct EventRuleCandidate<'t> {
    /// The rule.
    pub(crate) resource: Resource<'t>,
    /// The pattern as it is written.
    pattern: Node<'t>,
    /// Of a rule that SAM makes, the key of the event beside the function or state machine.
    event: Option<&'t str>,
}

/// Events of SAM that become rules of EventBridge: the second is the first by its older name.
///
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventbridgerule.html>
const EVENTS: [&str; 2] = ["EventBridgeRule", "CloudWatchEvent"];

impl<'t> Rules<'t> {
    /// Looks through the rules of a template.
    pub(crate) fn find(evaluator: &Evaluator<'t, '_>, embedded: &mut Tree) -> Self {
        let template = evaluator.template;
        let rules = template.of_kind(ResourceKind::EventRule);
        let made = template.of_kind(ResourceKind::Serverless);
        let made = made.flat_map(made_by_sam);
        let candidates = rules.filter_map(candidate).chain(made);
        let concerned = candidates.filter(|rule| !rule.is_foreign(evaluator, embedded));
        let rules: Vec<_> = concerned.collect();
        let patterns = rules.iter().map(|rule| rule.pattern);
        Self {
            concern: Concern::of(template, patterns),
            rules,
        }
    }

    /// Writes the rules that may be about a repository into its document.
    pub(crate) fn write(
        &self,
        evaluator: &Evaluator<'t, '_>,
        repository: &Resource<'t>,
        document: &mut Document,
        embedded: &mut Tree,
    ) -> Vec<EventRule> {
        let Some(numbers) = self.concern.with(repository.id) else {
            return vec![EventRule::unseen(document, TOO_MANY, repository.place)];
        };
        let rules = numbers.iter().map(|number| &self.rules[*number]);
        rules
            .filter(|rule| !evaluator.existence(&rule.resource).is_false())
            .map(|rule| rule.write(evaluator, document, embedded))
            .collect()
    }

    /// Every rule that may be about ECR.
    pub(crate) fn all(&self) -> impl Iterator<Item = &EventRuleCandidate<'t>> {
        self.rules.iter()
    }
}

impl<'t> EventRuleCandidate<'t> {
    /// Whether the pattern is about something else, however conditions turn out.
    fn is_foreign(&self, evaluator: &Evaluator<'t, '_>, embedded: &mut Tree) -> bool {
        let mut document = Document::default();
        let pattern = self.write(evaluator, &mut document, embedded).pattern;
        is_foreign(document.value(pattern))
    }

    /// Writes the rule into a document.
    pub(crate) fn write(
        &self,
        evaluator: &Evaluator<'t, '_>,
        document: &mut Document,
        embedded: &mut Tree,
    ) -> EventRule {
        let mut properties = evaluator.properties(&self.resource);
        if let Some(event) = self.event {
            for name in ["Events", event, "Properties"] {
                properties = evaluator.inside(&properties, name);
            }
        }
        let inside = |name| evaluator.inside(&properties, name);
        let pattern = match self.event {
            Some(_) => "Pattern",
            None => "EventPattern",
        };
        EventRule {
            logical_id: Some(format!(
                "{}{}",
                self.resource.id,
                self.event.unwrap_or_default()
            )),
            place: self.resource.place,
            state: match evaluator.existence(&self.resource) {
                // One that may not exist may not be enabled.
                Truth::Unknown(reason) => {
                    document.unknown(Unknown::because(reason), self.resource.place)
                }
                Truth::True | Truth::False => evaluator.write_string(document, inside("State")),
            },
            bus: evaluator.write_string(document, inside("EventBusName")),
            pattern: evaluator.write_policy(document, inside(pattern), embedded),
            targets: match self.event {
                Some(_) => self.made_target(document),
                None => evaluator.write_any(document, inside("Targets")),
            },
        }
    }
}

impl EventRuleCandidate<'_> {
    /// The target of a rule that SAM makes: the function or state machine itself.
    fn made_target(&self, document: &mut Document) -> NodeId {
        let place = self.resource.place;
        let id = self.resource.id;
        let reason = format!("the ARN of `{id}` is known only after deployment");
        let arn = document.unknown(Unknown::because(reason), place);
        let name = document.string(id, place);
        let target = document.object(&[("Arn", arn), ("Id", name)], place);
        document.array(&[target], place)
    }
}

/// The rules that SAM makes beside a function or state machine.
fn made_by_sam<'t>(resource: Resource<'t>) -> Vec<EventRuleCandidate<'t>> {
    let rule = |event: Member<'t>| {
        let kind = event.value.get("Type")?.as_str()?;
        let own = event.value.get("Properties")?;
        let pattern = own.get("Pattern").unwrap_or(own);
        if !EVENTS.contains(&kind) || is_about_others(pattern) {
            return None;
        }
        Some(EventRuleCandidate {
            resource: Resource {
                place: event.key_span,
                ..resource
            },
            pattern,
            event: Some(event.key),
        })
    };
    let events = resource.written("Events").into_iter();
    let events = events.flat_map(Node::members);
    events.filter_map(rule).collect()
}

fn candidate(resource: Resource<'_>) -> Option<EventRuleCandidate<'_>> {
    let properties = resource.node.get("Properties")?;
    // What a function makes of all properties may have a pattern.
    let pattern = match properties.get("EventPattern") {
        Some(pattern) => pattern,
        None => properties.members().find(is_function).map(|_| properties)?,
    };
    (!is_about_others(pattern)).then_some(EventRuleCandidate {
        resource,
        pattern,
        event: None,
    })
}

/// Whether a pattern that is written without functions has none of our words. A quick look: what really is about ECR
/// is told by the pattern that was read. Depth is bounded by the parser's limit.
fn is_about_others(pattern: Node<'_>) -> bool {
    let Some(sources) = pattern.get("source") else {
        return false;
    };
    let is_text = |source: Node<'_>| source.kind() == Kind::String;
    sources.kind() == Kind::Array && sources.items().all(is_text) && !has_our_words(pattern)
}

/// Whether a text below the node has the letters of ECR or Inspector, or a function stands for one.
fn has_our_words(node: Node<'_>) -> bool {
    match node.kind() {
        Kind::String => node.as_str().is_some_and(|text| {
            let text = text.to_ascii_lowercase();
            text.contains("ecr") || text.contains("inspector")
        }),
        Kind::Array => node.items().any(has_our_words),
        Kind::Object => node.members().any(|member| {
            // What a condition or reference stands for is not written here.
            let is_known = member.key == "Ref" || member.key == "Fn::GetAtt";
            (is_function(&member) && !is_known) || has_our_words(member.value)
        }),
        _ => false,
    }
}
