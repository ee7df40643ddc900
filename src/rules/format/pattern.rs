//! Regular expressions of queries: I-Regexp (RFC 9485), compiled once.
//! It does not know queries.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};

use regex::Regex;
use serde::{Deserialize, Serialize};

/// How many patterns that come from documents are kept compiled, per place in a query.
const CACHED_PATTERNS: usize = 64;

/// The functions of RFC 9535 that compare a text with a regular expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum MatchFunction {
    /// `match()`: the whole text has to fit.
    #[default]
    Match,
    /// `search()`: a part of the text has to fit.
    Search,
}

/// A regular expression, and the function that it is an argument of.
///
/// It is compiled when it is first needed: most runs need few of the patterns of all rules.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct QueryRegex {
    text: String,
    function: MatchFunction,
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

/// Compiled patterns that were read from documents.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct PatternCache {
    function: MatchFunction,
    #[serde(skip)]
    patterns: RwLock<HashMap<String, Arc<QueryRegex>>>,
}

impl QueryRegex {
    /// The pattern `text` of a call of `function`.
    pub(crate) fn new(text: &str, function: MatchFunction) -> Self {
        Self {
            text: text.to_owned(),
            function,
            compiled: OnceLock::new(),
        }
    }

    /// The same, refused with a reason when the text is not a regular expression.
    pub(crate) fn checked(text: &str, function: MatchFunction) -> Result<Self, String> {
        let pattern = Self::new(text, function);
        // The expression alone is compiled first: within the anchors of `match()`, `a)|(b` would fit.
        let compiled = Regex::new(&translate(text))
            .and_then(|_| Regex::new(&pattern.expression()))
            .map_err(|error| reason(&error))?;
        let _ = pattern.compiled.set(Some(compiled));
        Ok(pattern)
    }

    /// Whether `text` fits. A pattern that is not a regular expression fits nothing (RFC 9535, section 2.4.6).
    pub(crate) fn fits(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    /// The pattern in the notation of the `regex` crate, anchored when it must fit a whole text.
    pub(crate) fn expression(&self) -> String {
        let inner = translate(&self.text);
        match self.function {
            MatchFunction::Match => format!(r"\A(?:{inner})\z"),
            MatchFunction::Search => inner,
        }
    }

    /// Whether the pattern is a regular expression at all.
    pub(crate) fn is_readable(&self) -> bool {
        self.regex().is_some()
    }

    fn regex(&self) -> Option<&Regex> {
        self.compiled
            .get_or_init(|| {
                let checked = Self::checked(&self.text, self.function).ok()?;
                checked.compiled.into_inner().flatten()
            })
            .as_ref()
    }
}

impl PartialEq for QueryRegex {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.function) == (&other.text, other.function)
    }
}

impl PatternCache {
    /// A cache for patterns of calls of `function`.
    pub(crate) fn new(function: MatchFunction) -> Self {
        Self {
            function,
            patterns: RwLock::default(),
        }
    }

    /// The pattern `text`, compiled now or earlier.
    pub(crate) fn pattern(&self, text: &str) -> Arc<QueryRegex> {
        // A poisoned lock only means that another thread gave up; the map is whole at any time.
        let known = match self.patterns.read() {
            Ok(patterns) => patterns.get(text).cloned(),
            Err(poisoned) => poisoned.into_inner().get(text).cloned(),
        };
        known.unwrap_or_else(|| self.remember(text))
    }

    fn remember(&self, text: &str) -> Arc<QueryRegex> {
        let pattern = Arc::new(QueryRegex::new(text, self.function));
        let mut patterns = match self.patterns.write() {
            Ok(patterns) => patterns,
            Err(poisoned) => poisoned.into_inner(),
        };
        if patterns.len() >= CACHED_PATTERNS {
            patterns.clear();
        }
        patterns.insert(text.to_owned(), Arc::clone(&pattern));
        pattern
    }
}

impl Clone for PatternCache {
    fn clone(&self) -> Self {
        Self::new(self.function)
    }
}

impl PartialEq for PatternCache {
    fn eq(&self, other: &Self) -> bool {
        self.function == other.function
    }
}

/// I-Regexp in the notation of the `regex` crate: outside a class, `.` stands for anything but the
/// two line breaks (RFC 9485, section 5.3).
fn translate(pattern: &str) -> String {
    let mut translated = String::with_capacity(pattern.len() + 8);
    let mut in_class = false;
    let mut escaped = false;
    for character in pattern.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '.' if !in_class => {
                translated.push_str(r"[^\n\r]");
                continue;
            }
            _ => {}
        }
        translated.push(character);
    }
    translated
}

/// The last line of an error of the `regex` crate, which names the cause; the lines before draw it.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let line = text.lines().last().unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::MatchFunction::{Match, Search};
    use super::{PatternCache, QueryRegex};

    #[test]
    fn match_needs_the_whole_text_and_search_a_part() {
        assert!(!QueryRegex::new("a|b", Match).fits("ab"));
        assert!(QueryRegex::new("a|b", Search).fits("ab"));
    }

    #[test]
    fn a_dot_stands_for_anything_but_line_breaks() {
        let dot = QueryRegex::new(".", Match);
        assert!(dot.fits("\u{2028}"));
        assert!(!dot.fits("\r"));
        assert!(!dot.fits("\n"));
        assert!(QueryRegex::new(r"[.]\.", Match).fits(".."));
    }

    #[test]
    fn a_broken_pattern_is_refused_with_its_cause_and_fits_nothing() {
        assert_eq!(
            QueryRegex::checked("(", Match).unwrap_err(),
            "unclosed group"
        );
        assert!(QueryRegex::checked("a)|(?:b", Match).is_err());
        assert!(!QueryRegex::new("a)|(?:b", Match).fits("a"));
    }

    #[test]
    fn a_pattern_of_a_document_is_compiled_once() {
        let cache = PatternCache::new(Match);
        let first = cache.pattern("a+");
        assert!(first.fits("aa"));
        assert!(std::sync::Arc::ptr_eq(&first, &cache.pattern("a+")));
    }
}
