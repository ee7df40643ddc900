//! Text made fit for a terminal: nothing that can command it, and no line wider than it.
//! It does not know what the text says.

use std::borrow::Cow;

use crate::report::escaped::{is_unsafe, mark};

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

/// Finished text of a report without anything that the runner of a job reads as a command, whichever line it came to
/// stand on: GitHub obeys lines that begin with `::`, Azure Pipelines, TeamCity and older runners of GitHub
/// whatever stands behind `##[`, `##vso[` and the like.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    let mut safe = unmarked(text);
    if safe.lines().any(|line| command(line).is_some()) {
        let mut lines = String::with_capacity(safe.len() + 16);
        for line in safe.split_inclusive('\n') {
            let (before, behind) = line.split_at(command(line).unwrap_or(line.len()));
            lines.push_str(before);
            lines.push_str(if behind.is_empty() { "" } else { "\\" });
            lines.push_str(behind);
        }
        safe = Cow::Owned(lines);
    }
    safe
}

/// Text without the marks that runners look for anywhere in a line.
pub(crate) fn unmarked(text: &str) -> Cow<'_, str> {
    let mut rest = text;
    let mut safe = String::new();
    while let Some(at) = mark(rest) {
        safe.push_str(&rest[..=at]);
        safe.push('\u{fffd}');
        rest = &rest[at + 2..];
    }
    match safe.is_empty() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(safe + rest),
    }
}

/// Where in a line the `::` is that it begins with, behind blanks and colours.
fn command(line: &str) -> Option<usize> {
    let mut rest = line;
    loop {
        rest = rest.trim_start();
        let painted = rest.strip_prefix("\u{1b}[");
        match painted.and_then(|rest| rest.split_once('m')) {
            Some((code, behind)) if code.bytes().all(|b| b.is_ascii_digit() || b == b';') => {
                rest = behind;
            }
            _ => break,
        }
    }
    rest.starts_with("::").then(|| line.len() - rest.len())
}

/// The parts of a text, and whether each is a name that stood in backticks. A lone backtick stays one.
pub(crate) fn names(text: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, name, behind)) = rest.split_once('`').and_then(|(before, rest)| {
        let (name, behind) = rest.split_once('`')?;
        Some((before, name, behind))
    }) {
        parts.extend([(before, false), (name, true)]);
        rest = behind;
    }
    parts.push((rest, false));
    parts
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
    use super::{clean, harmless, wrap};

    #[test]
    fn escape_sequences_and_bidi_overrides_are_disarmed() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c"), "a\u{fffd}[31mb\u{fffd}c");
        assert_eq!(clean("plain é 漢"), "plain é 漢");
    }

    #[test]
    fn no_line_is_a_command_to_a_runner() {
        for (text, safe) in [
            ("a\n::error::b\n", "a\n\\::error::b\n"),
            ("  \u{a0}::set-env::b", "  \u{a0}\\::set-env::b"),
            ("\u{1b}[1;31m ::stop::", "\u{1b}[1;31m \\::stop::"),
            ("AWS::ECR::Repository", "AWS::ECR::Repository"),
            ("a ##[error]b", "a #\u{fffd}[error]b"),
            (
                "###[a] ##vso[b] ##TeamCity[c]",
                "##\u{fffd}[a] #\u{fffd}vso[b] #\u{fffd}TeamCity[c]",
            ),
            ("## ecrlint: [a]", "## ecrlint: [a]"),
        ] {
            assert_eq!(harmless(text), safe, "{text}");
        }
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("one two three", 7, 5), ["one two", "three"]);
        assert_eq!(wrap("averylongword b", 4, 4), ["averylongword", "b"]);
        assert_eq!(wrap("", 4, 4), [""]);
    }
}
