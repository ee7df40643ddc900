//! The report for people: each finding framed in its text, then what the run amounts to.
//! It does not know whether it writes to a terminal; the options say what that can do.

mod closing;
mod group;
mod heading;
mod help;
mod places;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use self::group::SubjectGroup;
use super::cause::CauseGroup;
use super::frame::SnippetStyle;
use super::name::{brief, name};
use super::paint::{Brush, Ink};
use super::text::{clean, harmless, width, wrap};
use super::view::{Grade, View, parted};
use crate::report::Diagnostic;

/// Findings of one rule that are shown with their text; the others follow in two lines each.
const FRAMED: usize = 20;
/// Fixes of one cause that are shown, and instances that are listed besides the first.
const FIXES: usize = 3;
const OTHERS: usize = 20;
/// Columns before the colon of a note, so that notes stand below each other.
const NOTE: usize = "  subject".len();
/// The line above repositories that no author of the inputs answers for.
pub(super) const OWNED: &str = "made by a tool, not counted";
/// Prose is not set wider than this: long lines are hard to read.
const PROSE: usize = 100;

pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut page = HumanReport::new(view);
    let causes = CauseGroup::all(view);
    let count = causes.len();
    for group in SubjectGroup::all(view, causes) {
        page.head(&group);
        for cause in &group.causes {
            page.cause(cause, group.subject.is_some());
            out.write_all(harmless(&page.text).as_bytes())?;
            page.above += page.lines();
            page.text.clear();
        }
    }
    page.close(count);
    out.write_all(harmless(&page.text).as_bytes())
}

/// What is being written, and what was written before.
struct HumanReport<'v, 'a> {
    view: &'v View<'a>,
    brush: Brush,
    look: SnippetStyle,
    text: String,
    /// How often each rule was reported.
    seen: HashMap<&'a str, usize>,
    /// Fixes of several lines, with the line of the report at which each was last shown in full.
    fixes: HashMap<Cow<'a, str>, usize>,
    /// Lines that were written before `text`.
    above: usize,
}

impl<'v, 'a> HumanReport<'v, 'a> {
    fn new(view: &'v View<'a>) -> Self {
        let options = view.options;
        Self {
            view,
            brush: Brush {
                color: options.color,
                links: options.links,
            },
            look: SnippetStyle {
                color: options.color,
                unicode: options.unicode,
                width: options.width.clamp(40, 240),
                context: 1,
            },
            text: String::new(),
            seen: HashMap::new(),
            fixes: HashMap::new(),
            above: 0,
        }
    }

    /// Lines of `text`.
    fn lines(&self) -> usize {
        self.text.bytes().filter(|byte| *byte == b'\n').count()
    }

    /// One cause with all that helps to understand and mend it. The heading may have said what it is about.
    fn cause(&mut self, cause: &CauseGroup<'a>, is_headed: bool) {
        let finding = cause.first;
        let before = *self.seen.get(finding.rule.as_str()).unwrap_or(&0);
        self.seen.insert(&finding.rule, before + 1);
        let grade = Grade::of(finding);
        self.heading(cause, grade.as_str());
        let is_brief = before >= FRAMED && !self.view.options.verbose;
        if is_brief {
            self.place(finding);
        } else {
            self.frames(cause, grade);
            self.notes(cause, is_headed);
        }
        self.others(cause);
        if before == 0 {
            self.page(&cause.title());
        }
        self.text.push('\n');
    }

    /// Where to read about a rule, unless its id in the title leads there.
    fn page(&mut self, id: &str) {
        let Some((_, rule)) = self.view.rule(id) else {
            return;
        };
        let command = || format!("ecrlint explain {}", rule.id);
        let page = rule.url.clone().unwrap_or_else(command);
        if !self.brush.leads(rule.url.as_deref()) {
            let key = self.brush.paint(Ink::Key, "see:");
            // It is there to be copied, whatever the width.
            let _infallible = writeln!(self.text, "      {key} {}", clean(&page));
        }
    }

    /// What is found, or what is unknown and leaves several rules open.
    fn heading(&mut self, cause: &CauseGroup<'a>, word: &str) {
        match cause.open() {
            Some(open) => {
                let id = cause.title();
                self.title(&id, word, open.reason, ink(cause.first));
            }
            None => self.finding(cause.first, word),
        }
    }

    /// The title of one finding.
    fn finding(&mut self, finding: &Diagnostic, word: &str) {
        self.title(&finding.rule, word, parted(finding).0, ink(finding));
    }

    /// `error[rule]: message`.
    fn title(&mut self, rule: &str, word: &str, message: &str, ink: Ink) {
        let id = clean(rule);
        let url = self
            .view
            .rule(rule)
            .and_then(|(_, rule)| rule.url.as_deref());
        let head = width(word) + width(&id) + 4;
        let linked = self.brush.link(url, &id);
        let _infallible = write!(
            self.text,
            "{}: ",
            self.brush.paint(ink, format_args!("{word}[{linked}]"))
        );
        let strong = match ink {
            Ink::Quiet => None,
            _ => Some(Ink::Strong),
        };
        let message = clean(message);
        let room = self.look.width;
        for (index, line) in wrap(&message, room.saturating_sub(head), room - 4)
            .iter()
            .enumerate()
        {
            self.text.push_str(if index > 0 { "    " } else { "" });
            match strong {
                Some(ink) => _ = writeln!(self.text, "{}", self.brush.paint(ink, line)),
                None => _ = writeln!(self.text, "{line}"),
            }
        }
    }

    /// What to know and to do, below the frames.
    fn notes(&mut self, cause: &CauseGroup<'a>, is_headed: bool) {
        let finding = cause.first;
        if let Some(when) = &finding.when {
            self.note("when", when);
        }
        if let Some(open) = cause.open() {
            self.note("rules", &open.rules.join(", "));
        }
        let fixes = cause.fixes();
        let more = fixes.len().saturating_sub(FIXES);
        let shown = if self.view.options.verbose {
            usize::MAX
        } else {
            FIXES
        };
        // A rule gives code for what it finds; of what it cannot tell, and of the tool itself, people are told.
        let is_code = self.view.has_code(&cause.title(), finding);
        for fix in fixes.into_iter().take(shown) {
            self.help(fix, is_code);
        }
        if more > 0 && shown == FIXES {
            self.note("and", &format!("{more} more fixes, with `--verbose`"));
        }
        let subject = finding.subject.as_deref().filter(|_| !is_headed);
        if let Some(subject) = subject.and_then(brief) {
            self.note("subject", &subject);
        }
    }

    /// The instances besides the first, in a few words each.
    fn others(&mut self, cause: &CauseGroup<'a>) {
        let others = cause.other_places(self.view);
        let shown = match self.view.options.verbose {
            true => others.len(),
            false => OTHERS,
        };
        for other in others.iter().take(shown) {
            self.note("also", other);
        }
        let hidden = others.len().saturating_sub(shown);
        if hidden > 0 {
            self.note("and", &format!("{hidden} more, with `--verbose`"));
        }
    }

    /// `key: text`, wrapped below itself.
    fn note(&mut self, key: &str, text: &str) {
        let pad = NOTE - key.len();
        let painted = self.brush.paint(Ink::Key, format!("{key}:"));
        let _infallible = write!(self.text, "{:pad$}{painted} ", "");
        self.wrapped(text);
    }

    fn wrapped(&mut self, text: &str) {
        let indent = NOTE + 2;
        let room = self.look.width.min(PROSE) - indent;
        for (index, line) in wrap(&clean(text), room, room).iter().enumerate() {
            if index > 0 {
                self.text.extend(std::iter::repeat_n(' ', indent));
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
    }
}

fn ink(finding: &Diagnostic) -> Ink {
    match finding.verdict {
        verdict if !verdict.counts() => Ink::Quiet,
        _ => grade_ink(Grade::of(finding)),
    }
}

fn grade_ink(grade: Grade) -> Ink {
    match grade {
        Grade::Error => Ink::Error,
        Grade::Warning => Ink::Warning,
        Grade::Note => Ink::Note,
        Grade::Undetermined => Ink::Quiet,
    }
}
