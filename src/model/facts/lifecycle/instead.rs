//! What a lifecycle policy does in place of keeping a number of images, in words and at the value that decides it.
//! It does not know which number was wanted.

use super::super::leaf::Leaf;
use super::grammar::ParsedRule;
use super::keys;
use super::words::COUNT;
use crate::model::{Data, Document, MemberKey, NodeId, Value};
use crate::source::Span;

/// Adds a clause such as "it keeps 20", "its policy is about archived images" or "rule 1 counts only images tagged `v*`",
/// at the value that it is about.
pub(super) fn describe(
    document: &mut Document,
    policy: Value<'_>,
    rules: &[ParsedRule<'_>],
    refused: bool,
) -> NodeId {
    let (clause, at) = clause(policy, rules, refused);
    document.string(&clause, at)
}

fn clause(policy: Value<'_>, rules: &[ParsedRule<'_>], refused: bool) -> (String, Span) {
    let span = policy.span();
    let says = |clause: &str, at: Span| (clause.to_owned(), at);
    match policy.data() {
        Data::Absent | Data::Null => return says("it has no lifecycle policy", span),
        Data::String(_) => return says("the text of its lifecycle policy is not JSON", span),
        Data::Unknown(_) => return says("its lifecycle policy is not known", span),
        _ if refused => return says("ECR refuses its lifecycle policy", span),
        _ => {}
    }
    // The rule that ECR applies first takes its images out of every later count.
    let first = rules
        .iter()
        .min_by_key(|rule| rule.priority.leaf.known().unwrap_or(i64::MAX));
    let Some(first) = first else {
        return says("its lifecycle policy has no rule", span);
    };
    let name = match (rules, first.priority.leaf) {
        ([_], _) => "its policy".to_owned(),
        (_, Leaf::Known(priority)) => format!("rule {priority}"),
        _ => "a rule".to_owned(),
    };
    if let Some((clause, at)) = unlike(first, &name) {
        return (clause, at);
    }
    let others = rules.iter().filter(|rule| !std::ptr::eq(*rule, first));
    let other = others.min_by_key(|rule| rule.priority.leaf.known().unwrap_or(i64::MAX));
    if let Some(other) = other {
        let name = match other.priority.leaf {
            Leaf::Known(priority) => format!("rule {priority}"),
            _ => "another rule".to_owned(),
        };
        let (clause, at) = unlike(other, &name)
            .unwrap_or_else(|| (format!("{name} acts, too"), other.status.span));
        return (clause, at);
    }
    match first.count.leaf {
        Leaf::Known(count) => (format!("it keeps {count}"), first.count.span),
        _ => says("the number that it keeps is not known", first.count.span),
    }
}

/// What makes a rule another one than `any`, `imageCountMoreThan`, `expire`.
fn unlike(rule: &ParsedRule<'_>, name: &str) -> Option<(String, Span)> {
    let counts = rule.count_type.leaf.known() == Some(COUNT);
    let verb = if counts { "counts only" } else { "is about" };
    let clause = match (rule.status.leaf.known(), rule.list) {
        (Some("untagged"), _) => (format!("{name} {verb} untagged images"), rule.status.span),
        (Some("tagged"), Some((key, list))) => {
            let tags = tags(key, list);
            (format!("{name} {verb} images tagged {tags}"), list.span())
        }
        (Some("tagged"), None) => (format!("{name} {verb} tagged images"), rule.status.span),
        _ if rule.class.leaf.known() == Some("archive") => {
            (format!("{name} is about archived images"), rule.class.span)
        }
        _ if rule.action.leaf.known() == Some("transition") => {
            let clause = format!("{name} archives images and expires none");
            (clause, rule.action.span)
        }
        _ => match rule.count_type.leaf.known() {
            Some(COUNT) | None => return None,
            Some(clock) => {
                let clause = format!("{name} goes by age (`{clock}`) and keeps no number");
                (clause, rule.count_type.span)
            }
        },
    };
    Some(clause)
}

/// The entries of a list of tags, all of which an image has to fit.
fn tags(key: MemberKey, list: Value<'_>) -> String {
    let is_prefix = key == keys::TAG_PREFIX_LIST;
    // What a star in a prefix means is not documented, so that it is told as it is written.
    let entry = |text: &str| match (is_prefix, text.contains('*')) {
        (true, true) => format!("with the prefix `{text}`"),
        (true, false) => format!("`{text}*`"),
        (false, _) => format!("`{text}`"),
    };
    let entries: Vec<_> = list
        .items()
        .filter_map(|it| it.as_str().map(entry))
        .collect();
    match entries.is_empty() {
        true => "in a way that is not known".to_owned(),
        false => entries.join(" and "),
    }
}
