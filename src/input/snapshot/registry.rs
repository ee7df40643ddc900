//! The policy of a live registry, and its templates for repositories that ECR creates: what is judged in the place
//! of a repository. It does not know which repositories there are.

use super::answer::Answer;
use super::repository::UNSEEN;
use crate::model::events::is_about;
use crate::model::members;
use crate::model::{CreationTemplate, Document, Entity, EventRule, NodeId, Particulars};
use crate::model::{Identifiers, RepositorySettings, Written};
use crate::source::{Kind, Node, Span, Tree};

/// What the record of a registry gives to judge. What was not asked for gives nothing: nobody wanted to know it.
pub(super) fn load(
    record: Node<'_>,
    registry: Node<'_>,
    account: &str,
    region: &str,
    tree: &mut Tree,
) -> Vec<Entity> {
    let subject = Identifiers {
        account: Some(account.to_owned()),
        region: Some(region.to_owned()),
        ..Identifiers::default()
    };
    let mut judged = Vec::new();
    let place = record
        .members()
        .next()
        .map_or(record.span(), |it| it.key_span);
    // The errors of a registry's record go by the members of `registry`.
    let policy = Answer::in_record(record, registry.get("policy"), "policy", place);
    let was_asked = registry.get("policy").is_some() || is_refused(record, "policy");
    if was_asked && !matches!(policy, Answer::Nothing(_)) {
        let policy = policy.required("policyText");
        judged.push(registry_policy(&policy, subject.clone(), place, tree));
    }
    let templates = registry.get("creationTemplates").into_iter();
    for template in templates.flat_map(Node::items) {
        judged.push(creation_template(template, subject.clone(), tree));
    }
    let rules = registry.get("eventRules").into_iter();
    let rules = rules.flat_map(Node::items);
    judged.extend(rules.filter_map(|rule| event_rule(rule, subject.clone(), tree)));
    judged
}

/// Writes the policy of a registry, where it has one.
pub(super) fn policy(
    registry: Node<'_>,
    document: &mut Document,
    tree: &mut Tree,
) -> Option<NodeId> {
    let policy = registry.get("policy")?;
    let text = policy.get("policyText")?;
    Some(Answer::Given(text).write_policy(document, tree))
}

fn is_refused(record: Node<'_>, key: &str) -> bool {
    let error = record.get("errors").and_then(|errors| errors.get(key));
    error.is_some_and(|error| error.kind() != Kind::Null)
}

/// What `ListRules` and `ListTargetsByRule` answer for a rule of EventBridge; `None` for one that is not about ECR
/// (<https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Rule.html>).
fn event_rule(entry: Node<'_>, subject: Identifiers, tree: &mut Tree) -> Option<Entity> {
    let rule = entry.get("rule")?;
    let name = rule.get("Name");
    let place = name.map_or(entry.span(), Node::span);
    let text = |key: &str| rule.get(key).and_then(Node::as_str).map(str::to_owned);
    let subject = Identifiers {
        name: text("Name"),
        arn: text("Arn"),
        ..subject
    };
    let mut document = Document::default();
    let rule = write_rule(entry, &mut document, tree)?;
    if !is_about(document.value(rule.pattern)) {
        return None;
    }
    let particulars = Particulars::Principals {
        identities: Vec::new(),
        event_rules: vec![rule],
    };
    Some(Entity::new(
        document.take_shrunk(),
        subject,
        place,
        particulars,
    ))
}

/// The rules of EventBridge that may see events of the registry's repositories; one that is not known stands for all
/// where they were not captured.
pub(super) fn event_rules(
    rules: &Answer<'_>,
    document: &mut Document,
    tree: &mut Tree,
) -> Vec<EventRule> {
    let unseen = |document: &mut Document, reason: &str, place: Span| {
        vec![EventRule::unseen(document, reason, place)]
    };
    match rules {
        Answer::Given(list) if list.kind() == Kind::Array => list
            .items()
            .filter_map(|entry| write_rule(entry, document, tree))
            .collect(),
        Answer::Given(other) => unseen(document, "`eventRules` is not a list", other.span()),
        Answer::Nothing(place) => unseen(document, UNSEEN, *place),
        Answer::Unknown(place, reason) => unseen(document, reason, *place),
    }
}

/// Writes what the API answers for one rule.
fn write_rule(entry: Node<'_>, document: &mut Document, tree: &mut Tree) -> Option<EventRule> {
    let rule = entry.get("rule")?;
    let name = rule.get("Name");
    let own = Answer::Given(rule);
    Some(EventRule {
        logical_id: name.and_then(Node::as_str).map(str::to_owned),
        place: name.map_or(entry.span(), Node::span),
        state: own.optional("State").write(document),
        bus: own.optional("EventBusName").write(document),
        pattern: own.optional("EventPattern").write_policy(document, tree),
        targets: Answer::Given(entry).required("targets").write(document),
    })
}

fn registry_policy(
    policy: &Answer<'_>,
    subject: Identifiers,
    place: Span,
    tree: &mut Tree,
) -> Entity {
    let mut document = Document::default();
    let policy = policy.write_policy(&mut document, tree);
    let particulars = Particulars::Registry { policy };
    Entity::new(document.take_shrunk(), subject, place, particulars)
}

/// What `DescribeRepositoryCreationTemplates` answers for one prefix
/// (<https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RepositoryCreationTemplate.html>).
fn creation_template(template: Node<'_>, subject: Identifiers, tree: &mut Tree) -> Entity {
    let prefix = template.get("prefix");
    let place = prefix.map_or(template.span(), Node::span);
    let subject = Identifiers {
        name: prefix.and_then(Node::as_str).map(str::to_owned),
        ..subject
    };
    let mut document = Document::default();
    let own = Answer::Given(template);
    let encryption = own.optional("encryptionConfiguration");
    let lifecycle = own.optional("lifecyclePolicy");
    let names = [
        ("Key", members::TAG_KEY.name()),
        ("Value", members::TAG_VALUE.name()),
    ];
    let filters = [
        ("filterType", members::FILTER_TYPE.name()),
        ("filter", members::FILTER.name()),
    ];
    let length = lifecycle.text().map(|text| text.chars().count());
    let settings = RepositorySettings {
        name: own.optional("prefix").write(&mut document),
        tag_mutability: own.optional("imageTagMutability").write(&mut document),
        exclusion_filters: own
            .optional("imageTagMutabilityExclusionFilters")
            .write_list(&mut document, &filters),
        encryption_type: encryption.optional("encryptionType").write(&mut document),
        kms_key: encryption.optional("kmsKey").write(&mut document),
        key: None,
        lifecycle_written: length.map_or(Written::Unmeasured, Written::Text),
        lifecycle_policy: lifecycle.write_policy(&mut document, tree),
        repository_policy: own
            .optional("repositoryPolicy")
            .write_policy(&mut document, tree),
        registry_policies: Vec::new(),
        tags: own
            .optional("resourceTags")
            .write_list(&mut document, &names),
    };
    let template = CreationTemplate {
        settings,
        custom_role: own.optional("customRoleArn").write(&mut document),
    };
    let particulars = Particulars::CreationTemplate(Box::new(template));
    Entity::new(document.take_shrunk(), subject, place, particulars)
}
