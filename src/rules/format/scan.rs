//! A first look over the text of a query: places, brackets and blanks.
//! It does not know what a query means.

use std::collections::VecDeque;
use std::ops::Range;

use super::error::QueryError;

/// Places that the parser's tree does not keep. Its nodes come in the order of the text, so the
/// n-th call in the tree is the n-th call in the text; the same holds for `$`.
#[derive(Default)]
pub(super) struct Marks {
    pub(super) calls: VecDeque<Range<usize>>,
    pub(super) roots: VecDeque<Range<usize>>,
}

/// How deep calls may lie in the arguments of calls. The grammar of `jsonpath-rust` reads an argument
/// in several ways, one after the other, so each level multiplies its time.
const CALL_DEPTH: usize = 4;

impl Marks {
    /// Whether the bracket at `at` stands directly behind the name of a function.
    fn opens_call(&self, at: usize) -> bool {
        self.calls
            .binary_search_by(|call| call.end.cmp(&at))
            .is_ok()
    }

    /// Finds the marks, and the blanks that `jsonpath-rust` would take for a part of a name:
    /// it reads `@.a in ['x']` as the member `a in`.
    pub(super) fn scan(text: &str) -> Result<Self, QueryError> {
        let mut marks = Self::default();
        let mut open = Vec::new();
        let mut at = 0;
        while let Some(character) = text[at..].chars().next() {
            let rest = &text[at..];
            let mut length = character.len_utf8();
            match character {
                '\'' | '"' => {
                    length = string_length(rest).ok_or_else(|| {
                        QueryError::new(at..text.len(), "text in a query is not closed")
                            .help(format!("add `{character}` behind the text"))
                    })?;
                }
                '[' | '(' => open.push((at, character)),
                ']' | ')' => close(open.pop(), at, character)?,
                '$' => marks.roots.push_back(at..at + root_length(rest)),
                '.' => {
                    if rest[1..].starts_with(is_blank) {
                        return Err(QueryError::new(at..at + 2, "blank behind a dot")
                            .help("write the name directly behind the dot"));
                    }
                    let name = name_length(&rest[1..]);
                    check_blank(text, at + 1, at + 1 + name)?;
                    length += name;
                }
                _ if is_name(character) => {
                    length = name_length(rest);
                    if rest[length..].starts_with('(') {
                        let call = at..at + length;
                        let depth = open.iter().filter(|(at, _)| marks.opens_call(*at)).count();
                        if depth >= CALL_DEPTH {
                            let title =
                                format!("function calls nest deeper than {CALL_DEPTH} levels");
                            return Err(QueryError::new(call, title));
                        }
                        marks.calls.push_back(call);
                    }
                }
                _ => {}
            }
            at += length;
        }
        match open.pop() {
            None => Ok(marks),
            Some((at, bracket)) => Err(QueryError::new(
                at..at + 1,
                format!("`{bracket}` is never closed"),
            )),
        }
    }
}

/// Compares a closing bracket with the one that was opened last.
fn close(opened: Option<(usize, char)>, at: usize, bracket: char) -> Result<(), QueryError> {
    let wanted = match opened {
        Some((_, '[')) => ']',
        Some(_) => ')',
        None => {
            let title = format!("`{bracket}` closes nothing");
            return Err(QueryError::new(at..at + 1, title));
        }
    };
    if wanted == bracket {
        return Ok(());
    }
    let title = format!("`{bracket}` stands where `{wanted}` is needed");
    Err(QueryError::new(at..at + 1, title).help(format!("write `{wanted}`")))
}

/// Refuses a shorthand name that is followed by blanks and another word.
fn check_blank(text: &str, start: usize, end: usize) -> Result<(), QueryError> {
    let behind = text[end..].trim_start_matches(is_blank);
    let word = name_length(behind);
    if start == end || word == 0 || behind.len() == text.len() - end {
        return Ok(());
    }
    let from = text.len() - behind.len();
    let word = &behind[..word];
    let error = QueryError::new(from..from + word.len(), "unknown operator in a query")
        .label(format!("`{word}` follows the name `{}`", &text[start..end]));
    Err(match word {
        "in" | "nin" | "contains" | "any_of" | "none_of" | "subset_of" => {
            error.help("compare with each value, joined by `||`, or use `match()`")
        }
        "and" => error.help("write `&&`"),
        "or" => error.help("write `||`"),
        _ => error.help("write a name that contains a blank in quotes: `['a b']`"),
    })
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || !character.is_ascii()
}

/// Number of bytes of the name at the beginning of `text`.
fn name_length(text: &str) -> usize {
    text.find(|character| !is_name(character))
        .unwrap_or(text.len())
}

/// Number of bytes of `$` and the name of the first member.
pub(super) fn root_length(text: &str) -> usize {
    let rest = &text[1..];
    if let Some(rest) = rest.strip_prefix('.') {
        return 2 + name_length(rest);
    }
    match rest.strip_prefix('[') {
        Some(quoted) if quoted.starts_with(['\'', '"']) => {
            2 + string_length(quoted).unwrap_or(quoted.len())
        }
        _ => 1,
    }
}

/// Number of bytes of the quoted string at the beginning of `text`, if it ends.
fn string_length(text: &str) -> Option<usize> {
    let quote = text.chars().next();
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if Some(character) == quote => return Some(at + character.len_utf8()),
            _ => {}
        }
    }
    None
}
