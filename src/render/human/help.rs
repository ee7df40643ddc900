//! What to do about a finding: prose as a note, code below it behind a bar.
//! It does not know which finding it is for.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{HumanReport, NOTE};
use crate::render::advice::{prose_and_code, sentence};
use crate::render::paint::Ink;
use crate::render::text::clean;

/// Lines that a reader surely sees at once: those of the smallest usual terminal.
const SCREEN: usize = 24;

impl<'a> HumanReport<'_, 'a> {
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
        let (prose, code) = prose_and_code(&help, is_code);
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
