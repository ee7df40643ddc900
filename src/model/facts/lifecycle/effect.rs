//! What a lifecycle policy amounts to, where that can be said in one number.
//! It does not know which number was wanted.

use super::super::leaf::Leaf;
use super::grammar::ParsedRule;
use super::keys;
use super::mended;
use super::problems::PolicyProblems;
use super::reading::RuleField;
use super::words::COUNT;
use crate::model::{Data, Document, Mistake, NodeId, Truth, Unknown, Value};
use crate::source::Span;

/// Adds `{count: N}` when the policy keeps exactly the N newest images whatever their tags.
///
/// One rule that selects `any` does that, and nothing else can: a rule before it shields every image
/// that it selects, in or beyond its own limit, so that `any` can never expire them; a rule behind it
/// is refused by ECR; a rule of the archive goes on expiring what was already moved away. Hence a
/// policy of several rules is never the same, and there is nothing to gain from looking for dead ones.
pub(super) fn keeps(
    document: &mut Document,
    policy: Value<'_>,
    rules: &[ParsedRule<'_>],
    refused: bool,
) -> NodeId {
    let span = policy.span();
    if refused {
        return document.absent(span);
    }
    let (unknown, at) = match (policy.data(), rules) {
        (Data::Unknown(unknown), _) => (unknown, span),
        (Data::Object, []) => match policy.get(keys::RULES).map(Value::data) {
            Some(Data::Unknown(unknown)) => (unknown, span),
            _ => match first_unknown(policy) {
                Some(unknown) => (unknown, span),
                None => return document.absent(span),
            },
        },
        (Data::Object, [rule]) if only_rule(policy) => match doubt(rule) {
            RuleOutcome::Other => return document.absent(span),
            RuleOutcome::Doubt(unknown, at) => (unknown, at),
            RuleOutcome::Keeps(count) => {
                let at = rule.count.span;
                let count = document.integer(count, at);
                return document.object(&[("count", count)], at);
            }
        },
        _ => return document.absent(span),
    };
    document.unknown(Unknown::because(unknown.reason.as_str()), at)
}

/// Adds `[{problem}]` at each list whose several entries an image has to fit all at once.
pub(super) fn narrow_lists(
    document: &mut Document,
    policy: Value<'_>,
    rules: &[ParsedRule<'_>],
) -> NodeId {
    let mut problems = PolicyProblems::new(document, policy);
    if let Some(unknown) = hidden(policy) {
        problems.cannot_tell(unknown);
    }
    for (key, list) in rules.iter().filter_map(|rule| rule.list) {
        let mut parts = std::iter::once(list).chain(list.items());
        if let Some(unknown) = parts.find_map(open_list) {
            problems.cannot_tell(unknown);
        }
        let count = list.items().len();
        if count > 1 {
            let text = format!("the {count} entries of `{}`", key.name());
            let entries = list.items().filter_map(Value::as_str);
            let entries: Vec<_> = entries.map(|entry| format!("`{entry}`")).collect();
            let problem = Mistake::new(text).with("written", entries.join(" and "));
            let split = |policy| mended::split(policy, key, list);
            problems.add_mended(list.span(), problem, split);
        }
    }
    problems.finish(policy.span())
}

/// Why a list, or what stands in it, can turn out to be any number of entries. A text that is not known is one entry all
/// the same; what stands between brackets in place of one, such as `[${Tags}]`, can be several.
fn open_list<'v>(part: Value<'v>) -> Option<&'v Unknown> {
    let unknown = part.as_unknown()?;
    unknown.shape.is_none().then_some(unknown)
}

/// Why rules of the policy, or parts of them, could not be read.
pub(super) fn hidden(policy: Value<'_>) -> Option<&Unknown> {
    let whole = policy.as_unknown();
    let rules = policy.get(keys::RULES);
    whole.or_else(|| rules?.as_unknown()).or_else(|| {
        rules?.items().find_map(|rule| {
            let parts = [
                Some(rule),
                rule.get(keys::SELECTION),
                rule.get(keys::ACTION),
            ];
            parts.into_iter().flatten().find_map(Value::as_unknown)
        })
    })
}

/// What one rule alone amounts to.
enum RuleOutcome<'v> {
    Keeps(i64),
    /// It may keep a number, depending on the value at this place.
    Doubt(&'v Unknown, Span),
    Other,
}

fn doubt<'v>(rule: &ParsedRule<'v>) -> RuleOutcome<'v> {
    let words = [
        (rule.status, "any"),
        (rule.class, "standard"),
        (rule.count_type, COUNT),
        (rule.action, "expire"),
    ];
    let mut doubt = None;
    for (field, wanted) in words {
        match is_word(field, wanted) {
            Truth::True => {}
            Truth::Unknown(unknown) => doubt = doubt.or(Some((unknown, field.span))),
            Truth::False => return RuleOutcome::Other,
        }
    }
    match (rule.count.leaf, doubt) {
        (Leaf::Unknown(unknown), None) => RuleOutcome::Doubt(unknown, rule.count.span),
        (Leaf::Known(_) | Leaf::Unknown(_), Some((unknown, at))) => RuleOutcome::Doubt(unknown, at),
        (Leaf::Known(count), None) => RuleOutcome::Keeps(count),
        (Leaf::Absent | Leaf::Other, _) => RuleOutcome::Other,
    }
}

/// Whether a word is the wanted one.
fn is_word<'v>(field: RuleField<'v, &'v str>, wanted: &str) -> Truth<&'v Unknown> {
    match field.leaf {
        Leaf::Known(word) => Truth::from(word == wanted),
        Leaf::Unknown(unknown) => {
            let admitted = unknown
                .shape
                .as_ref()
                .is_none_or(|shape| shape.admits(wanted));
            match admitted {
                true => Truth::Unknown(unknown),
                false => Truth::False,
            }
        }
        Leaf::Absent | Leaf::Other => Truth::False,
    }
}

/// Whether the rule that was read is the only one that is written.
fn only_rule(policy: Value<'_>) -> bool {
    policy
        .get(keys::RULES)
        .is_some_and(|rules| rules.items().len() == 1)
}

/// The reason why the only rule of a policy could not be read at all.
fn first_unknown(policy: Value<'_>) -> Option<&Unknown> {
    let mut rules = policy.get(keys::RULES)?.items();
    let rule = rules.next().filter(|_| rules.next().is_none())?;
    let parts = [
        Some(rule),
        rule.get(keys::SELECTION),
        rule.get(keys::ACTION),
    ];
    parts.into_iter().flatten().find_map(Value::as_unknown)
}
