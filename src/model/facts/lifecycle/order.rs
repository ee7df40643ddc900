//! What lifecycle rules demand of each other: priorities, and selections that may occur once.
//! It does not know what the rules do.

use super::super::leaf::Leaf;
use super::grammar::ParsedRule;
use super::keys;
use super::mended::MemberEdit;
use super::problems::PolicyProblems;
use super::refusals::{self, said};
use crate::model::Value;

/// Examines the rules of one policy, of which there are at most fifty.
pub(super) fn check(problems: &mut PolicyProblems<'_>, rules: &[ParsedRule<'_>]) {
    for (index, rule) in rules.iter().enumerate() {
        let before = &rules[..index];
        priority(problems, rule, before, rules);
        selected_once(problems, rule, before);
        same_tags(problems, rule, before);
        any_last(problems, rule, rules);
    }
}

fn priority(
    problems: &mut PolicyProblems<'_>,
    rule: &ParsedRule<'_>,
    before: &[ParsedRule<'_>],
    all: &[ParsedRule<'_>],
) {
    let Leaf::Known(priority) = rule.priority.leaf else {
        return;
    };
    let has = |rules: &[ParsedRule<'_>], number| {
        let mut others = rules.iter();
        others.any(|other| other.priority.leaf.known() == Some(number))
    };
    if !has(before, priority) {
        return;
    }
    let text = format!("`rulePriority` {priority} is used twice");
    let text = said(text, refusals::SAME_PRIORITY);
    // The next one keeps the order of all rules, where nobody has it.
    match priority.checked_add(1).filter(|next| !has(all, *next)) {
        Some(next) => {
            let at = (keys::RULE_PRIORITY.name(), rule.priority.span);
            problems.add_change(at.1, text, at, MemberEdit::Number(next));
        }
        None => problems.add(rule.priority.span, text),
    }
}

/// `any` and `untagged` may each be selected by one rule of a storage class.
fn selected_once(
    problems: &mut PolicyProblems<'_>,
    rule: &ParsedRule<'_>,
    before: &[ParsedRule<'_>],
) {
    let Leaf::Known(status @ ("any" | "untagged")) = rule.status.leaf else {
        return;
    };
    if before
        .iter()
        .any(|other| same_class(rule, other) && other.status.leaf.known() == Some(status))
    {
        let text = format!("`{status}` is selected by a second rule of the same storage class");
        let says = match status {
            "any" => refusals::ANY_NOT_LAST,
            _ => refusals::UNTAGGED_TWICE,
        };
        problems.add(rule.status.span, said(text, says));
    }
}

/// No two rules of a storage class may select the same tags.
fn same_tags(problems: &mut PolicyProblems<'_>, rule: &ParsedRule<'_>, before: &[ParsedRule<'_>]) {
    let Some((key, list)) = rule.list else {
        return;
    };
    let mut duplicate = before.iter().filter_map(|other| match other.list {
        Some((other_key, other_list)) if other_key == key && same_class(rule, other) => {
            Some(other_list)
        }
        _ => None,
    });
    if duplicate.any(|other| same_set(list, other)) {
        let text = format!("`{}` is the same as in a rule before", key.name());
        problems.add(list.span(), &text);
    }
}

/// `any` takes what is left, so it comes last in its storage class.
fn any_last(problems: &mut PolicyProblems<'_>, rule: &ParsedRule<'_>, rules: &[ParsedRule<'_>]) {
    let (Leaf::Known("any"), Leaf::Known(priority)) = (rule.status.leaf, rule.priority.leaf) else {
        return;
    };
    let behind = rules.iter().filter(|other| {
        // A second `any` is named as such.
        same_class(rule, other) && other.status.leaf.known() != Some("any")
    });
    let highest = behind.filter_map(|other| other.priority.leaf.known()).max();
    if let Some(highest) = highest
        && highest > priority
    {
        let text = format!(
            "`any` is selected at priority {priority}, expected behind priority {highest}, the \
             last of its storage class"
        );
        let at = (keys::RULE_PRIORITY.name(), rule.priority.span);
        let text = said(text, refusals::ANY_NOT_LAST);
        problems.add_change(rule.status.span, text, at, MemberEdit::Number(highest + 1));
    }
}

fn same_class(left: &ParsedRule<'_>, right: &ParsedRule<'_>) -> bool {
    match (left.class.leaf, right.class.leaf) {
        (Leaf::Known(left), Leaf::Known(right)) => left == right,
        _ => false,
    }
}

/// Whether two lists of known texts hold the same texts. The order does not matter.
fn same_set(left: Value<'_>, right: Value<'_>) -> bool {
    match (texts(left), texts(right)) {
        (Some(left), Some(right)) => left == right,
        _ => false,
    }
}

fn texts(list: Value<'_>) -> Option<Vec<&str>> {
    let mut texts = list
        .items()
        .map(Value::as_str)
        .collect::<Option<Vec<_>>>()?;
    texts.sort_unstable();
    texts.dedup();
    (!texts.is_empty()).then_some(texts)
}
