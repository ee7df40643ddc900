//! Text made fit for a terminal: nothing that can command it, and no line wider than it.
//! It does not know what the text says.

use std::borrow::Cow;

/// Whether a character could move the cursor, change colours, or show text in another order than it
/// is read: an input must not be able to forge the report about itself.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// `text` in one line, with each unsafe character replaced by `�`, and line breaks by spaces.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let safe = text.chars().map(|c| match c {
        '\n' | '\t' => ' ',
        c if is_unsafe(c) => '\u{fffd}',
        c => c,
    });
    Cow::Owned(safe.collect())
}

/// Columns that a character fills on a terminal.
pub(crate) fn columns(c: char) -> usize {
    match c {
        ' '..='~' => 1,
        // Combining marks and variation selectors stand on the character before them.
        '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Columns that a text fills.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// Breaks one line at spaces so that no part is wider than `first` (the first part) or `rest`. A word
/// that is wider stays whole: paths and commands are there to be copied.
pub(crate) fn wrap(line: &str, first: usize, rest: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut end, mut filled) = (0, 0, 0);
    let mut at = 0;
    for word in line.split(' ') {
        let word_width = width(word);
        let room = if parts.is_empty() { first } else { rest };
        if end > start && filled + 1 + word_width > room {
            parts.push(&line[start..end]);
            (start, filled) = (at, word_width);
        } else {
            filled += usize::from(end > start) + word_width;
        }
        end = at + word.len();
        at = end + 1;
    }
    parts.push(&line[start..end]);
    parts
}

#[cfg(test)]
mod tests {
    use super::{clean, wrap};

    #[test]
    fn escape_sequences_and_bidi_overrides_are_disarmed() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c"), "a\u{fffd}[31mb\u{fffd}c");
        assert_eq!(clean("plain é 漢"), "plain é 漢");
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("one two three", 7, 5), ["one two", "three"]);
        assert_eq!(wrap("averylongword b", 4, 4), ["averylongword", "b"]);
        assert_eq!(wrap("", 4, 4), [""]);
    }
}
