//! What the declaration of a parameter says of every value that it can have: `AllowedPattern`, `AllowedValues`,
//! `MinLength`, `MaxLength`, and that it is a number.
//! It does not know what the parameter is used for.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>

use std::sync::Arc;

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::value::literal;
use crate::input::cloudformation::template::parameters::{is_list, is_looked_up};
use crate::model::{CharacterSet, LimitedRun, TextLimits};
use crate::source::Node;

/// Runs that a pattern is read into at most; the rest is any text.
const MOST_RUNS: usize = 256;

/// What limits the characters of a parameter; `None` where nothing does. What is said about a list is not said of a
/// text, and what is said about the name of a Systems Manager parameter not about what it holds.
pub(crate) fn limits(declaration: Node<'_>) -> Option<Arc<TextLimits>> {
    if is_list(declaration) || is_looked_up(declaration) {
        return None;
    }
    let size = |name: &str| declaration.get(name)?.as_text()?.parse::<usize>().ok();
    let whole = LimitedRun {
        set: CharacterSet::ALL,
        least: size("MinLength").unwrap_or(0),
        most: size("MaxLength"),
    };
    let runs = if let Some(values) = allowed_values(declaration) {
        vec![of_values(&values)]
    } else if declaration.get("Type").and_then(Node::as_str) == Some("Number") {
        vec![LimitedRun {
            set: CharacterSet::between('0', '9').or(CharacterSet::of("+-.eE")),
            least: 1,
            most: None,
        }]
    } else {
        let pattern = declaration.get("AllowedPattern").and_then(Node::as_str);
        let pattern = pattern.filter(|pattern| is_plain(pattern));
        match pattern.and_then(runs) {
            Some(runs) => within(runs, whole),
            None => vec![whole],
        }
    };
    let is_open = runs.as_slice() == [LimitedRun::any(CharacterSet::ALL)];
    (!is_open).then(|| Arc::new(TextLimits::of(runs)))
}

/// The values of `AllowedValues`, where all of them can be read.
pub(crate) fn allowed_values(declaration: Node<'_>) -> Option<Vec<String>> {
    let allowed = declaration.get("AllowedValues")?;
    let allowed: Option<Vec<String>> = allowed.items().map(literal).collect();
    allowed.filter(|allowed| !allowed.is_empty())
}

/// One run that each of the values is.
fn of_values(values: &[String]) -> LimitedRun {
    let sets = values.iter().map(|value| CharacterSet::of(value));
    let lengths = || values.iter().map(|value| value.chars().count());
    LimitedRun {
        set: sets.fold(CharacterSet::NONE, CharacterSet::or),
        least: lengths().min().unwrap_or(0),
        most: lengths().max(),
    }
}

/// Runs with what is said of the length besides, which says something of one run alone.
fn within(mut runs: Vec<LimitedRun>, whole: LimitedRun) -> Vec<LimitedRun> {
    if let [only] = runs.as_mut_slice() {
        only.least = only.least.max(whole.least);
        only.most = match (only.most, whole.most) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    runs
}

/// The runs that every text is made of which a pattern matches as a whole; `None` for a pattern that cannot be read.
fn runs(pattern: &str) -> Option<Vec<LimitedRun>> {
    // The classes of Java, which CloudFormation uses, are of ASCII.
    let mut builder = ParserBuilder::new();
    let parsed = builder.unicode(false).utf8(false).build().parse(pattern);
    let mut runs = Vec::new();
    add(&parsed.ok()?, &mut runs);
    if runs.len() > MOST_RUNS {
        runs.truncate(MOST_RUNS);
        runs.push(LimitedRun::any(CharacterSet::ALL));
    }
    Some(runs)
}

/// Adds the runs of an expression, which the parser keeps from being nested too deeply. A place that has to be the
/// start, the end or an edge of a word takes no character.
fn add(expression: &Hir, runs: &mut Vec<LimitedRun>) {
    match expression.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => {
            let letters = String::from_utf8_lossy(&literal.0);
            let letters = letters.chars().map(|one| CharacterSet::between(one, one));
            runs.extend(letters.map(LimitedRun::one));
        }
        HirKind::Class(class) => runs.push(LimitedRun::one(set(class))),
        HirKind::Capture(group) => add(&group.sub, runs),
        HirKind::Concat(parts) => parts.iter().for_each(|part| add(part, runs)),
        HirKind::Alternation(parts) => runs.push(either(parts)),
        HirKind::Repetition(repeated) => {
            let one = joined(&repeated.sub);
            let times = |length: usize, count: u32| {
                let count = usize::try_from(count).unwrap_or(usize::MAX);
                length.saturating_mul(count)
            };
            let most = one.most.zip(repeated.max);
            runs.push(LimitedRun {
                set: one.set,
                least: times(one.least, repeated.min),
                most: most.map(|(length, count)| times(length, count)),
            });
        }
    }
}

fn set(class: &Class) -> CharacterSet {
    let ranges: Vec<(char, char)> = match class {
        Class::Bytes(bytes) => {
            let ranges = bytes.iter();
            let ranges = ranges.map(|range| (range.start().into(), range.end().into()));
            ranges.collect()
        }
        Class::Unicode(letters) => {
            let ranges = letters.iter();
            ranges.map(|range| (range.start(), range.end())).collect()
        }
    };
    let sets = ranges.into_iter();
    let sets = sets.map(|(first, last)| CharacterSet::between(first, last));
    sets.fold(CharacterSet::NONE, CharacterSet::or)
}

/// One run that everything is which the expression matches.
fn joined(expression: &Hir) -> LimitedRun {
    let mut runs = Vec::new();
    add(expression, &mut runs);
    let limits = TextLimits::of(runs);
    let sets = limits.runs().iter().map(|run| run.set);
    LimitedRun {
        set: sets.fold(CharacterSet::NONE, CharacterSet::or),
        least: limits.shortest(),
        most: limits.longest(),
    }
}

/// One run that everything is which one of the expressions matches.
fn either(parts: &[Hir]) -> LimitedRun {
    let mut parts = parts.iter().map(joined);
    let first = parts.next().unwrap_or(LimitedRun::any(CharacterSet::ALL));
    parts.fold(first, |all, part| LimitedRun {
        set: all.set.or(part.set),
        least: all.least.min(part.least),
        most: all.most.zip(part.most).map(|(one, other)| one.max(other)),
    })
}

/// Whether a pattern has only what Java, which CloudFormation uses, and this engine agree about:
/// no look-around, no possessive quantifiers, no sets in sets, no escapes but the plainest.
pub(crate) fn is_plain(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let mut at = 0;
    let mut in_set = false;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        let is_known = match byte {
            b'\\' => {
                at += 1;
                next.is_some_and(|next| b"dDwW.-/\\+*?()[]{}|^$".contains(&next))
            }
            b'[' if in_set => false,
            b'[' => {
                in_set = true;
                next != Some(b']') && next != Some(b'&')
            }
            b']' => std::mem::replace(&mut in_set, false),
            b'&' | b'~' => !in_set,
            b'-' => !(in_set && next == Some(b'-')),
            b'(' if !in_set => next != Some(b'?'),
            b'*' | b'+' | b'?' | b'}' if !in_set => !matches!(next, Some(b'+' | b'?' | b'*')),
            byte => byte.is_ascii() && !byte.is_ascii_control(),
        };
        if !is_known {
            return false;
        }
        at += 1;
    }
    !in_set
}

#[cfg(test)]
mod tests {
    use super::{is_plain, runs};
    use crate::model::{CharacterSet, TextLimits};

    fn limits(pattern: &str) -> TextLimits {
        assert!(is_plain(pattern), "{pattern}");
        TextLimits::of(runs(pattern).unwrap())
    }

    #[test]
    fn a_pattern_says_how_long_a_text_is_and_what_is_not_in_it() {
        let wild = CharacterSet::of("*?");
        for (pattern, shortest, longest, is_wild) in [
            (r"^\d{12}$", 12, Some(12), false),
            ("[0-9]{12}", 12, Some(12), false),
            (r"(\d{12}|\*)", 1, Some(12), true),
            (r"^\d{12}|\*$", 1, Some(12), true),
            ("[a-z0-9-]+", 1, None, false),
            ("o-[a-z0-9]{10,32}", 12, Some(34), false),
            (r"(arn:aws:iam::\d{12}:root|\d{12})", 12, Some(30), false),
            ("([a-z]+-){2}x?", 4, None, false),
            (".*", 0, None, true),
            ("[^*]+", 1, None, true),
            ("", 0, Some(0), false),
        ] {
            let limits = limits(pattern);
            assert_eq!(
                (limits.shortest(), limits.longest(), limits.may_hold(wild)),
                (shortest, longest, is_wild),
                "{pattern}"
            );
        }
    }

    #[test]
    fn classes_are_those_of_java() {
        let digits = limits(r"\d");
        assert!(!digits.may_hold(CharacterSet::of("٣")));
        assert!(limits("[^a]").may_hold(CharacterSet::of("é")));
        assert!(!limits(r"\w").may_hold(CharacterSet::of("é")));
    }
}
