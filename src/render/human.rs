//! The report for people: each finding framed in its text, then what the run amounts to.
//! It does not know whether it writes to a terminal; the options say what that can do.

mod closing;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::cause::Cause;
use super::frame::{self, Look, Mark};
use super::name::name;
use super::paint::{Brush, Ink};
use super::text::{clean, harmless, width, wrap};
use super::view::{Grade, View, many, parted};
use crate::report::{Diagnostic, SourceLocation, Verdict};
use crate::source::{SourceId, Span};

/// Findings of one rule that are shown with their text; the others follow in two lines each.
const FRAMED: usize = 20;
/// Related places that are shown.
const RELATED: usize = 6;
/// Fixes of one cause that are shown, and instances that are listed besides the first.
const FIXES: usize = 3;
const OTHERS: usize = 20;
/// Lines that a reader surely sees at once: those of the smallest usual terminal.
const SCREEN: usize = 24;
/// Columns before the colon of a note, so that notes stand below each other.
const NOTE: usize = "  subject".len();
/// The line above repositories that no author of the inputs answers for.
pub(super) const OWNED: &str = "made by a tool, not counted";
/// Prose is not set wider than this: long lines are hard to read.
const PROSE: usize = 100;

pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(view);
    let causes = Cause::all(view);
    for cause in &causes {
        page.cause(cause);
        out.write_all(harmless(&page.text).as_bytes())?;
        page.above += page.lines();
        page.text.clear();
    }
    page.close(causes.len());
    out.write_all(harmless(&page.text).as_bytes())
}

/// What is being written, and what was written before.
struct Page<'v, 'a> {
    view: &'v View<'a>,
    brush: Brush,
    look: Look,
    text: String,
    /// How often each rule was reported.
    seen: HashMap<&'a str, usize>,
    /// Fixes of several lines, with the line of the report at which each was last shown in full.
    fixes: HashMap<Cow<'a, str>, usize>,
    /// Lines that were written before `text`.
    above: usize,
    /// Ids of the sources that hold the user's own program.
    programs: HashMap<&'a str, SourceId>,
}

impl<'v, 'a> Page<'v, 'a> {
    fn new(view: &'v View<'a>) -> Self {
        let options = view.options;
        let originated = view.report.diagnostics.iter();
        let mut programs = HashMap::new();
        if originated.clone().any(|one| one.source_location.is_some()) {
            let ids = (0..view.sources.next_id().0).map(SourceId);
            programs.extend(ids.map(|id| (view.sources.source(id).name.as_str(), id)));
        }
        Self {
            view,
            brush: Brush {
                color: options.color,
                links: options.links,
            },
            look: Look {
                color: options.color,
                unicode: options.unicode,
                width: options.width.clamp(40, 240),
                context: 1,
            },
            text: String::new(),
            seen: HashMap::new(),
            fixes: HashMap::new(),
            above: 0,
            programs,
        }
    }

    /// Lines of `text`.
    fn lines(&self) -> usize {
        self.text.bytes().filter(|byte| *byte == b'\n').count()
    }

    /// One cause with all that helps to understand and mend it.
    fn cause(&mut self, cause: &Cause<'a>) {
        let finding = cause.first;
        let before = *self.seen.get(finding.rule.as_str()).unwrap_or(&0);
        self.seen.insert(&finding.rule, before + 1);
        let grade = Grade::of(finding);
        self.heading(cause, grade.as_str());
        let is_brief = before >= FRAMED && !self.view.options.verbose;
        if is_brief {
            self.place(finding);
        } else {
            self.frames(finding, grade);
            self.notes(cause);
        }
        self.others(cause);
        if before == 0 && self.view.rule(&cause.title()).is_some() {
            let rule = clean(&finding.rule);
            let key = self.brush.paint(Ink::Key, "see:");
            // A command is there to be copied, whatever the width.
            let _infallible = writeln!(self.text, "      {key} ecrlint explain {rule}");
        }
        self.text.push('\n');
    }

    /// What is found, or what is unknown and leaves several rules open.
    fn heading(&mut self, cause: &Cause<'a>, word: &str) {
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

    /// The texts that belong to a finding, the user's own program first.
    fn frames(&mut self, finding: &'a Diagnostic, grade: Grade) {
        let ink = ink(finding);
        let look = Look {
            context: usize::from(grade != Grade::Undetermined),
            ..self.look
        };
        let sources = self.view.sources;
        if let Some(origin) = &finding.source_location {
            match self.origin(origin) {
                Some(span) => {
                    let label = &origin.message;
                    frame::draw(&[Mark { span, label, ink }], sources, look, &mut self.text);
                }
                None => self.arrow(&origin.path, origin.line, origin.column),
            }
        }
        let label = match parted(finding).1 {
            Some(reason) => format!("because {reason}"),
            None => finding.primary.message.clone(),
        };
        let primary = Mark {
            span: finding.primary.span,
            label: &label,
            ink,
        };
        let related = finding.related.iter().take(RELATED).map(|place| Mark {
            span: place.span,
            label: &place.message,
            ink: if ink == Ink::Quiet { ink } else { Ink::Key },
        });
        let marks: Vec<_> = std::iter::once(primary).chain(related).collect();
        frame::draw(&marks, sources, look, &mut self.text);
        let hidden = finding.related.len().saturating_sub(RELATED);
        if hidden > 0 {
            self.note(
                "and",
                &format!("{} not shown", many(hidden, "more place", "s")),
            );
        }
    }

    /// The line of the user's own program, when its text is at hand.
    fn origin(&self, origin: &SourceLocation) -> Option<Span> {
        let id = *self.programs.get(origin.path.as_str())?;
        let sources = self.view.sources;
        sources.rest_of_line(id, origin.line, origin.column)
    }

    /// `──▶ path:line:column`.
    fn arrow(&mut self, path: &str, line: u32, column: Option<u32>) {
        let column = column
            .map(|column| format!(":{column}"))
            .unwrap_or_default();
        let place = format!("{}:{line}{column}", clean(path));
        let place = self.brush.paint(Ink::Key, place);
        let _infallible = writeln!(self.text, "  {} {place}", self.look.arrow());
    }

    /// The place of a finding in one line.
    fn place(&mut self, finding: &'a Diagnostic) {
        let place = self.view.place(finding);
        self.arrow(&place.path, place.line, place.column);
        if let Some(reason) = parted(finding).1 {
            self.note("because", reason);
        }
        if let Some(when) = &finding.when {
            self.note("when", when);
        }
    }

    /// What to know and to do, below the frames.
    fn notes(&mut self, cause: &Cause<'a>) {
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
        for fix in fixes.into_iter().take(shown) {
            self.help(fix);
        }
        if more > 0 && shown == FIXES {
            self.note("and", &format!("{more} more fixes, with `--verbose`"));
        }
        if let Some(subject) = finding.subject.as_ref().and_then(name) {
            self.note("subject", &subject);
        }
    }

    /// The instances besides the first, in a few words each.
    fn others(&mut self, cause: &Cause<'a>) {
        let others = cause.others(self.view);
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

    /// What to do. A fix of several lines is not shown twice on a screen.
    fn help(&mut self, help: Cow<'a, str>) {
        let here = self.above + self.lines();
        let (first, fix) = help.split_once('\n').unwrap_or((&help, ""));
        let last = self.fixes.get(&help);
        let is_near = last.is_some_and(|line| here - line < SCREEN);
        if !fix.is_empty() && is_near && !self.view.options.verbose {
            self.note("help", "as above");
            return;
        }
        self.note("help", first);
        for line in fix.lines() {
            let line: String = line.replace('\t', "  ");
            let line = format!("{:indent$}{}", "", clean(&line), indent = NOTE + 2);
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
        if !fix.is_empty() {
            self.fixes.insert(help, here);
        }
    }

    /// `key: text`, wrapped below itself.
    fn note(&mut self, key: &str, text: &str) {
        let pad = NOTE - key.len();
        let painted = self.brush.paint(Ink::Key, format!("{key}:"));
        let _infallible = write!(self.text, "{:pad$}{painted} ", "");
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
        Verdict::Ignored => Ink::Quiet,
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
