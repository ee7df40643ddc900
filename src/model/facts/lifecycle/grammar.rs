//! The grammar of lifecycle policies: keys, kinds, words, numbers, and what may stand together.
//! It does not know how rules affect each other.

use super::super::leaf::Leaf;
use super::keys;
use super::mended::MemberEdit;
use super::problems::PolicyProblems;
use super::reading::{
    RuleField, is_misspelled, mapping, optional_word, present_member, refuse, required, whole, word,
};
use super::refusals::{self, said};
use super::words::{COUNT, MOST_RULES};
use crate::model::{Data, MemberKey, Value};

const POLICY_KEYS: &[&str] = &[keys::RULES.name()];
const RULE_KEYS: &[&str] = &[
    keys::RULE_PRIORITY.name(),
    keys::DESCRIPTION.name(),
    keys::SELECTION.name(),
    keys::ACTION.name(),
];
const ACTION_KEYS: &[&str] = &[keys::ACTION_TYPE.name(), keys::TARGET_STORAGE_CLASS.name()];
const SELECTION_KEYS: &[&str] = &[
    keys::TAG_STATUS.name(),
    keys::TAG_PATTERN_LIST.name(),
    keys::TAG_PREFIX_LIST.name(),
    keys::STORAGE_CLASS.name(),
    keys::COUNT_TYPE.name(),
    keys::COUNT_UNIT.name(),
    keys::COUNT_NUMBER.name(),
];
const STATUSES: &[&str] = &["tagged", "untagged", "any"];
const CLASSES: &[&str] = &["standard", "archive"];
const UNITS: &[&str] = &["days"];
const ACTIONS: &[&str] = &["expire", "transition"];
pub(super) const PUSHED: &str = "sinceImagePushed";
pub(super) const PULLED: &str = "sinceImagePulled";
pub(super) const ARCHIVED: &str = "sinceImageTransitioned";
const COUNT_TYPES: &[&str] = &[COUNT, PUSHED, PULLED, ARCHIVED];

/// A rule as far as it can be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct ParsedRule<'v> {
    pub(super) priority: RuleField<'v, i64>,
    pub(super) status: RuleField<'v, &'v str>,
    /// `standard` unless another class is written.
    pub(super) class: RuleField<'v, &'v str>,
    /// `tagPatternList` or `tagPrefixList`, and which of the two.
    pub(super) list: Option<(MemberKey, Value<'v>)>,
    pub(super) count_type: RuleField<'v, &'v str>,
    pub(super) count: RuleField<'v, i64>,
    pub(super) action: RuleField<'v, &'v str>,
}

/// Reads a policy that is JSON.
pub(super) fn policy<'v>(
    problems: &mut PolicyProblems<'_>,
    policy: Value<'v>,
) -> Vec<ParsedRule<'v>> {
    if !mapping(problems, policy, "the policy", POLICY_KEYS) {
        return Vec::new();
    }
    let Some(rules) = required(
        problems,
        policy,
        "the policy",
        POLICY_KEYS,
        keys::RULES.name(),
    ) else {
        return Vec::new();
    };
    match rules.data() {
        Data::Array => {}
        Data::Unknown(unknown) => {
            problems.cannot_tell(unknown);
            return Vec::new();
        }
        Data::Object => {
            let problem = "`rules` is a mapping, expected a list of rules";
            problems.add_change(
                rules.span(),
                problem,
                (keys::RULES.name(), rules.span()),
                MemberEdit::Alone,
            );
            return Vec::new();
        }
        _ => {
            refuse(problems, rules, keys::RULES.name(), "a list of rules");
            return Vec::new();
        }
    }
    let count = rules.items().len();
    if !(1..=MOST_RULES).contains(&count) {
        let text = format!("`rules` has {count} rules, expected 1 to {MOST_RULES}");
        let says = match count {
            0 => refusals::NO_RULES,
            _ => refusals::TOO_MANY_RULES,
        };
        problems.add(rules.span(), said(text, says));
    }
    rules
        .items()
        .take(MOST_RULES)
        .filter_map(|value| rule(problems, value))
        .collect()
}

fn rule<'v>(problems: &mut PolicyProblems<'_>, value: Value<'v>) -> Option<ParsedRule<'v>> {
    if !mapping(problems, value, "a rule", RULE_KEYS) {
        return None;
    }
    if let Some(description) = value.get(keys::DESCRIPTION) {
        match description.data() {
            Data::String(_) | Data::Absent | Data::Unknown(_) => {}
            _ => refuse(problems, description, keys::DESCRIPTION.name(), "a text"),
        }
    }
    let priority = whole(problems, value, keys::RULE_PRIORITY.name(), RULE_KEYS);
    let selection = required(problems, value, "a rule", RULE_KEYS, keys::SELECTION.name())
        .filter(|selection| mapping(problems, *selection, "`selection`", SELECTION_KEYS));
    let action = required(problems, value, "a rule", RULE_KEYS, keys::ACTION.name())
        .filter(|action| is_action(problems, *action));
    // Without one of its parts, the words in a rule have nothing to disagree with.
    let (selection, action) = (selection?, action?);
    let rule = ParsedRule {
        priority,
        status: word(
            problems,
            selection,
            keys::TAG_STATUS.name(),
            SELECTION_KEYS,
            STATUSES,
        ),
        class: optional_word(problems, selection, keys::STORAGE_CLASS.name(), CLASSES),
        list: list(selection),
        count_type: word(
            problems,
            selection,
            keys::COUNT_TYPE.name(),
            SELECTION_KEYS,
            COUNT_TYPES,
        ),
        count: whole(
            problems,
            selection,
            keys::COUNT_NUMBER.name(),
            SELECTION_KEYS,
        ),
        action: word(
            problems,
            action,
            keys::ACTION_TYPE.name(),
            ACTION_KEYS,
            ACTIONS,
        ),
    };
    check_lists(problems, selection, rule.status);
    check_unit(problems, selection, rule.count_type);
    check_target(problems, action, rule.action);
    check_clock(problems, &rule);
    Some(rule)
}

/// Whether the action of a rule is a mapping: its type alone is mended to one.
fn is_action(problems: &mut PolicyProblems<'_>, action: Value<'_>) -> bool {
    if action.as_str().is_some_and(|text| ACTIONS.contains(&text)) {
        let at = (keys::ACTION.name(), action.span());
        let problem = "`action` is not a mapping";
        problems.add_change(
            action.span(),
            problem,
            at,
            MemberEdit::Under(keys::ACTION_TYPE.name()),
        );
        return false;
    }
    mapping(problems, action, "`action`", ACTION_KEYS)
}

/// The list of a tagged rule. Two lists are a problem of their own.
fn list(selection: Value<'_>) -> Option<(MemberKey, Value<'_>)> {
    [keys::TAG_PATTERN_LIST, keys::TAG_PREFIX_LIST]
        .into_iter()
        .find_map(|key| present_member(selection, key.name()).map(|list| (key, list)))
}

/// A tagged rule has one list, any other has none.
fn check_lists(
    problems: &mut PolicyProblems<'_>,
    selection: Value<'_>,
    status: RuleField<'_, &str>,
) {
    let patterns = present_member(selection, keys::TAG_PATTERN_LIST.name());
    let prefixes = present_member(selection, keys::TAG_PREFIX_LIST.name());
    for (key, list) in [
        (keys::TAG_PATTERN_LIST.name(), patterns),
        (keys::TAG_PREFIX_LIST.name(), prefixes),
    ] {
        if let Some(list) = list {
            check_list(problems, key, list);
        }
    }
    match (status.leaf, patterns, prefixes) {
        (_, Some(_), Some(second)) => problems.add(
            second.span(),
            said(
                "`tagPatternList` and `tagPrefixList` stand together, expected one of them",
                refusals::BOTH_LISTS,
            ),
        ),
        (Leaf::Known("tagged"), None, None)
            if is_misspelled(selection, keys::TAG_PATTERN_LIST.name(), SELECTION_KEYS)
                || is_misspelled(selection, keys::TAG_PREFIX_LIST.name(), SELECTION_KEYS) => {}
        (Leaf::Known("tagged"), None, None) => problems.add(
            status.span,
            said(
                "`tagStatus` is `tagged`, but there is no `tagPatternList` or `tagPrefixList`",
                refusals::NO_LIST,
            ),
        ),
        (Leaf::Known(other @ ("untagged" | "any")), Some(list), None)
        | (Leaf::Known(other @ ("untagged" | "any")), None, Some(list)) => {
            let text = format!("`tagStatus` is `{other}`, which takes no list of tags");
            let key = if patterns.is_some() {
                keys::TAG_PATTERN_LIST.name()
            } else {
                keys::TAG_PREFIX_LIST.name()
            };
            problems.add(
                list.span(),
                said(text, refusals::list_without_tags(key, other)),
            );
        }
        _ => {}
    }
}

fn check_list(problems: &mut PolicyProblems<'_>, key: &str, list: Value<'_>) {
    match list.data() {
        Data::Array => {}
        Data::Unknown(unknown) => return problems.cannot_tell(unknown),
        Data::String(_) => {
            let problem = format!("`{key}` is a text, expected a list of texts");
            return problems.add_change(
                list.span(),
                &problem,
                (key, list.span()),
                MemberEdit::Alone,
            );
        }
        _ => return refuse(problems, list, key, "a list of texts"),
    }
    if list.items().len() == 0 {
        let problem = said(format!("`{key}` is empty"), refusals::NO_LIST);
        problems.add(list.span(), problem);
    }
    for entry in list.items() {
        match entry.data() {
            Data::String(text) if text.matches('*').count() > 4 => {
                let text = format!("pattern `{text}` has more than four `*`");
                problems.add(entry.span(), said(text, refusals::BAD_PATTERN));
            }
            Data::String(_) => {}
            Data::Unknown(unknown) => problems.cannot_tell(unknown),
            _ => refuse(problems, entry, key, "a list of texts"),
        }
    }
}

/// Ages are counted in days, images are not.
fn check_unit(
    problems: &mut PolicyProblems<'_>,
    selection: Value<'_>,
    count_type: RuleField<'_, &str>,
) {
    match (
        count_type.leaf,
        present_member(selection, keys::COUNT_UNIT.name()),
    ) {
        (Leaf::Known(COUNT), Some(unit)) => {
            let text = format!("`countUnit` stands beside `{COUNT}`, which counts images");
            problems.add_change(
                unit.span(),
                &text,
                (keys::COUNT_UNIT.name(), unit.span()),
                MemberEdit::Away,
            );
        }
        (Leaf::Known(COUNT), None) => {}
        (Leaf::Known(_), None)
            if is_misspelled(selection, keys::COUNT_UNIT.name(), SELECTION_KEYS) => {}
        (Leaf::Known(since), None) => {
            let text = format!("`{since}` is without `countUnit`, expected `days`");
            let at = (keys::SELECTION.name(), selection.span());
            problems.add_change(
                count_type.span,
                &text,
                at,
                MemberEdit::Member(keys::COUNT_UNIT.name(), "days"),
            );
        }
        (_, Some(_)) => {
            word(
                problems,
                selection,
                keys::COUNT_UNIT.name(),
                SELECTION_KEYS,
                UNITS,
            );
        }
        (_, None) => {}
    }
}

/// Only a transition has a target, which is the archive.
fn check_target(problems: &mut PolicyProblems<'_>, action: Value<'_>, kind: RuleField<'_, &str>) {
    match (
        kind.leaf,
        present_member(action, keys::TARGET_STORAGE_CLASS.name()),
    ) {
        (Leaf::Known("expire"), Some(target)) => problems.add_change(
            target.span(),
            "`targetStorageClass` stands beside `expire`, expected it with `transition` only",
            (keys::TARGET_STORAGE_CLASS.name(), target.span()),
            MemberEdit::Away,
        ),
        (Leaf::Known("transition"), None) => problems.add_change(
            kind.span,
            said(
                "`transition` is without `targetStorageClass`, expected `archive`",
                refusals::UNREADABLE,
            ),
            (keys::ACTION.name(), action.span()),
            MemberEdit::Member(keys::TARGET_STORAGE_CLASS.name(), "archive"),
        ),
        (_, Some(_)) => {
            word(
                problems,
                action,
                keys::TARGET_STORAGE_CLASS.name(),
                ACTION_KEYS,
                &["archive"],
            );
        }
        (_, None) => {}
    }
}

/// Each way of counting belongs to one storage class and to certain actions.
fn check_clock(problems: &mut PolicyProblems<'_>, rule: &ParsedRule<'_>) {
    let (Leaf::Known(clock), class) = (rule.count_type.leaf, rule.class.leaf) else {
        return;
    };
    if clock != ARCHIVED {
        if let Leaf::Known("archive") = class {
            let text = format!("`{clock}` counts in storage class `standard` only");
            problems.add(rule.class.span, said(text, refusals::STANDARD_ONLY));
        }
        if let (PULLED, Leaf::Known("expire")) = (clock, rule.action.leaf) {
            let text = format!("`{PULLED}` is used with `expire`, expected `transition`");
            problems.add(rule.action.span, &text);
        }
        return;
    }
    if let Leaf::Known("standard") = class {
        let text = format!("`{ARCHIVED}` is used without `storageClass` `archive`");
        problems.add(rule.count_type.span, &text);
    }
    if let Leaf::Known("transition") = rule.action.leaf {
        let text = format!("`{ARCHIVED}` is used with `transition`, expected `expire`");
        problems.add(rule.action.span, &text);
    }
    if let Leaf::Known(days @ 1..90) = rule.count.leaf {
        let text = format!("`countNumber` is {days}, expected at least 90 days in the archive");
        problems.add(rule.count.span, &text);
    }
}
