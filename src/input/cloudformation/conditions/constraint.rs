//! What the declaration of a parameter allows: a list of values, a pattern, a length, a range.
//! It does not know what the parameter is compared with.

use std::cell::OnceCell;
use std::ops::RangeInclusive;

use regex::{Regex, RegexBuilder};
use rustc_hash::FxHashSet;

use crate::input::cloudformation::expression::limits::is_plain;
use crate::source::Node;

/// Bytes that a compiled pattern may take.
const MOST_MEMORY: usize = 1 << 20;

/// Constraints of one parameter.
#[derive(Debug, Default)]
pub(crate) struct Constraints<'t> {
    /// `AllowedPattern`, when it means the same to every engine.
    pattern: Option<&'t str>,
    least: Option<usize>,
    most: Option<usize>,
    /// What a number lies between; `None` for parameters that are texts.
    range: Option<RangeInclusive<f64>>,
    compiled: OnceCell<Option<Regex>>,
}

impl<'t> Constraints<'t> {
    /// Those of a declaration.
    pub(crate) fn of(declaration: Node<'t>) -> Self {
        let limit = |name: &str| declaration.get(name)?.as_text()?.parse::<usize>().ok();
        let pattern = declaration.get("AllowedPattern").and_then(Node::as_str);
        let bound = |name: &str| declaration.get(name)?.as_text()?.parse::<f64>().ok();
        let is_number = declaration.get("Type").and_then(Node::as_str) == Some("Number");
        let range = || {
            let least = bound("MinValue").unwrap_or(f64::NEG_INFINITY);
            least..=bound("MaxValue").unwrap_or(f64::INFINITY)
        };
        Self {
            range: is_number.then(range),
            pattern: pattern.filter(|pattern| is_plain(pattern)),
            least: limit("MinLength"),
            most: limit("MaxLength"),
            compiled: OnceCell::new(),
        }
    }

    /// Whether the parameter can have this value: false only for what CloudFormation certainly refuses.
    pub(crate) fn admit(&self, text: &str) -> bool {
        let length = text.chars().count();
        if self.least.is_some_and(|least| length < least)
            || self.most.is_some_and(|most| length > most)
        {
            return false;
        }
        let number = text.parse::<f64>().ok();
        let is_outside =
            |range: &RangeInclusive<f64>| number.is_some_and(|it| !range.contains(&it));
        if self.range.as_ref().is_some_and(is_outside) {
            return false;
        }
        // Engines differ about letters and line ends beyond these.
        let is_plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        let Some(pattern) = self.pattern.filter(|_| is_plain) else {
            return true;
        };
        let compile = || {
            // The pattern has to match the whole value.
            let whole = format!("^(?:{pattern})$");
            let mut builder = RegexBuilder::new(&whole);
            builder.size_limit(MOST_MEMORY).build().ok()
        };
        let compiled = self.compiled.get_or_init(compile).as_ref();
        compiled.is_none_or(|compiled| compiled.is_match(text))
    }

    /// Every text that the pattern matches, when it is nothing but a choice of words.
    pub(crate) fn words(&self) -> Option<Vec<String>> {
        let pattern = self.pattern?;
        let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
        let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
        let inner = pattern
            .strip_prefix('(')
            .and_then(|it| it.strip_suffix(')'));
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_/: ".contains(&byte);
        let choice = inner.unwrap_or(pattern);
        if !choice.split('|').all(|word| word.bytes().all(is_word)) {
            return None;
        }
        let mut words = distinct(choice.split('|').map(str::to_owned));
        words.retain(|word| self.admit(word));
        (!words.is_empty()).then_some(words)
    }
}

/// Each text once, where it stands first.
pub(crate) fn distinct(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = FxHashSet::default();
    let texts = texts.into_iter();
    texts.filter(|text| seen.insert(text.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::{Constraints, is_plain};

    fn pattern(pattern: &str) -> Constraints<'_> {
        Constraints {
            pattern: Some(pattern).filter(|pattern| is_plain(pattern)),
            ..Constraints::default()
        }
    }

    fn kept(allowed: &str, texts: &[&str]) -> Vec<String> {
        let allowed = pattern(allowed);
        let texts = texts.iter().filter(|text| allowed.admit(text));
        texts.map(ToString::to_string).collect()
    }

    #[test]
    fn a_pattern_has_to_match_the_whole_value() {
        assert_eq!(kept("[a-z]+", &["dev", "Dev", "dev1", ""]), ["dev"]);
        assert_eq!(
            kept("^dev|prod$", &["dev", "prod", "devs"]),
            ["dev", "prod"]
        );
        assert_eq!(
            kept(r"\d{12}", &["123456789012", "12345678901"]),
            ["123456789012"]
        );
        assert_eq!(kept(r"\w*", &["é", "a b"]), ["é"]);
    }

    #[test]
    fn what_engines_read_differently_excludes_nothing() {
        for odd in [
            "(?!prod).*",
            "a++b",
            "a*+",
            "a{2}+",
            "[a-z&&[^b]]",
            r"\p{Alpha}",
            r"(a)\1",
            "[a",
            "é",
            r"\Qa\E",
            "[]a]",
            "[a--b]",
            "a??",
            "[a~~b]",
        ] {
            assert_eq!(kept(odd, &["other"]), ["other"], "{odd}");
        }
    }

    #[test]
    fn a_choice_of_words_is_a_list_of_values() {
        let words = |text| pattern(text).words();
        let some = |words: &[&str]| Some(words.iter().map(ToString::to_string).collect());
        assert_eq!(words("^(dev|prod)$"), some(&["dev", "prod"]));
        assert_eq!(words("true|false|true"), some(&["true", "false"]));
        assert_eq!(words("(|eu-west-1)"), some(&["", "eu-west-1"]));
        for more in ["dev.*", "(dev)|(prod)", "dev|pro?", "[ab]", ".", "(?:a|b)"] {
            assert_eq!(words(more), None, "{more}");
        }
    }
}
