//! What to do about a finding: prose as a note, code below it behind a bar.
//! It does not know which finding it is for.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{NOTE, Page};
use crate::render::paint::Ink;
use crate::render::text::clean;

/// Lines that a reader surely sees at once: those of the smallest usual terminal.
const SCREEN: usize = 24;
/// How a line of code begins that says something to people, in the languages of fixes.
const COMMENTS: [&str; 2] = ["# ", "// "];

impl<'a> Page<'_, 'a> {
    /// What to do. A fix of several lines is not shown twice on a screen.
    pub(super) fn help(&mut self, help: Cow<'a, str>, is_code: bool) {
        let here = self.above + self.lines();
        let is_tall = help.contains('\n');
        let last = self.fixes.get(&help);
        let is_near = last.is_some_and(|line| here - line < SCREEN);
        if is_tall && is_near && !self.view.options.verbose {
            self.note("help", "as above");
            return;
        }
        let (prose, code) = parts(&help, is_code);
        if !prose.is_empty() {
            self.note("help", &sentence(&prose));
        }
        for (index, line) in code.iter().enumerate() {
            let is_first = prose.is_empty() && index == 0;
            self.code(line, is_first);
        }
        if is_tall {
            self.fixes.insert(help, here);
        }
    }

    /// A line of code, never broken: it is there to be copied.
    fn code(&mut self, line: &str, is_first: bool) {
        let line: String = line.replace('\t', "  ");
        let bar = self.brush.paint(Ink::Quiet, self.look.bar());
        let line = format!("{bar} {}", clean(&line));
        if is_first {
            let key = self.brush.paint(Ink::Key, "help:");
            let pad = NOTE - "help".len();
            let _infallible = writeln!(self.text, "{:pad$}{key} {}", "", line.trim_end());
        } else {
            let indent = NOTE + 2;
            let _infallible = writeln!(self.text, "{:indent$}{}", "", line.trim_end());
        }
    }
}

/// The lines that speak to people, and those that are to be typed. A fix begins with the former as comments.
fn parts(help: &str, is_code: bool) -> (Vec<&str>, Vec<&str>) {
    let mut lines: Vec<&str> = help.lines().collect();
    let count = match is_code {
        true => lines
            .iter()
            .take_while(|line| spoken(line).is_some())
            .count(),
        false => 1,
    };
    let code = lines.split_off(count.min(lines.len()));
    let prose = lines.iter().map(|line| spoken(line).unwrap_or(line));
    (prose.collect(), code)
}

/// Lines that speak to people as one: each is a clause.
fn sentence(lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines {
        let goes_on = text.is_empty() || text.ends_with([':', ';', ',']);
        text.push_str(if goes_on { "" } else { ";" });
        text.push_str(if text.is_empty() { "" } else { " " });
        text.push_str(line);
    }
    text
}

/// What a comment says.
fn spoken<'a>(line: &&'a str) -> Option<&'a str> {
    COMMENTS.iter().find_map(|mark| line.strip_prefix(mark))
}

#[cfg(test)]
mod tests {
    use super::{parts, sentence};

    #[test]
    fn clauses_become_a_sentence() {
        assert_eq!(sentence(&["here", "a; b", "c"]), "here; a; b; c");
        assert_eq!(
            sentence(&["as many:", "any", "both;", "c"]),
            "as many: any; both; c"
        );
        assert_eq!(sentence(&[]), "");
    }

    #[test]
    fn comments_before_code_are_prose() {
        for (help, is_code, prose, code) in [
            ("a: 1", true, vec![], vec!["a: 1"]),
            (
                "# say\n# more\na: 1\n# b",
                true,
                vec!["say", "more"],
                vec!["a: 1", "# b"],
            ),
            ("// say\na();", true, vec!["say"], vec!["a();"]),
            ("# say", true, vec!["say"], vec![]),
            ("#say", true, vec![], vec!["#say"]),
            ("say", false, vec!["say"], vec![]),
            ("# say", false, vec!["say"], vec![]),
            ("say:\na: 1", false, vec!["say:"], vec!["a: 1"]),
            ("", false, vec![], vec![]),
        ] {
            assert_eq!(parts(help, is_code), (prose, code), "{help}");
        }
    }
}
