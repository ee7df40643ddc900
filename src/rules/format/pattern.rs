//! Regular expressions of queries: I-Regexp (RFC 9485), compiled once.
//! It does not know queries.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};

use regex::Regex;
use serde::{Deserialize, Serialize};

/// How many patterns that come from documents are kept compiled, per place in a query.
const CACHED_PATTERNS: usize = 64;

/// A regular expression, and whether it must fit a whole text or a part of it.
///
/// It is compiled when it is first needed: most runs need few of the patterns of all rules.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct QueryRegex {
    text: String,
    whole: bool,
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

/// Compiled patterns that were read from documents.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct PatternCache {
    whole: bool,
    #[serde(skip)]
    patterns: RwLock<HashMap<String, Arc<QueryRegex>>>,
}

impl QueryRegex {
    /// The pattern `text` for `match()` (`whole`) or `search()`.
    pub(crate) fn new(text: &str, whole: bool) -> Self {
        Self {
            text: text.to_owned(),
            whole,
            compiled: OnceLock::new(),
        }
    }

    /// The same, refused with a reason when the text is not a regular expression.
    pub(crate) fn checked(text: &str, whole: bool) -> Result<Self, String> {
        let pattern = Self::new(text, whole);
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
        if self.whole {
            format!(r"\A(?:{inner})\z")
        } else {
            inner
        }
    }

    /// Whether the pattern is a regular expression at all.
    pub(crate) fn is_readable(&self) -> bool {
        self.regex().is_some()
    }

    fn regex(&self) -> Option<&Regex> {
        self.compiled
            .get_or_init(|| {
                let checked = Self::checked(&self.text, self.whole).ok()?;
                checked.compiled.into_inner().flatten()
            })
            .as_ref()
    }
}

impl PartialEq for QueryRegex {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.whole) == (&other.text, other.whole)
    }
}

impl PatternCache {
    /// A cache for patterns of `match()` (`whole`) or `search()`.
    pub(crate) fn new(whole: bool) -> Self {
        Self {
            whole,
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
        let pattern = Arc::new(QueryRegex::new(text, self.whole));
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
        Self::new(self.whole)
    }
}

impl PartialEq for PatternCache {
    fn eq(&self, other: &Self) -> bool {
        self.whole == other.whole
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
    use super::{PatternCache, QueryRegex};

    #[test]
    fn match_needs_the_whole_text_and_search_a_part() {
        assert!(!QueryRegex::new("a|b", true).fits("ab"));
        assert!(QueryRegex::new("a|b", false).fits("ab"));
    }

    #[test]
    fn a_dot_stands_for_anything_but_line_breaks() {
        let dot = QueryRegex::new(".", true);
        assert!(dot.fits("\u{2028}"));
        assert!(!dot.fits("\r"));
        assert!(!dot.fits("\n"));
        assert!(QueryRegex::new(r"[.]\.", true).fits(".."));
    }

    #[test]
    fn a_broken_pattern_is_refused_with_its_cause_and_fits_nothing() {
        assert_eq!(
            QueryRegex::checked("(", true).unwrap_err(),
            "unclosed group"
        );
        assert!(QueryRegex::checked("a)|(?:b", true).is_err());
        assert!(!QueryRegex::new("a)|(?:b", true).fits("a"));
    }

    #[test]
    fn a_pattern_of_a_document_is_compiled_once() {
        let cache = PatternCache::new(true);
        let first = cache.pattern("a+");
        assert!(first.fits("aa"));
        assert!(std::sync::Arc::ptr_eq(&first, &cache.pattern("a+")));
    }
}
