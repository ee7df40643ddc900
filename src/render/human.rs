//! The report for people: each finding framed in its text, then what the run amounts to.
//! It does not know whether it writes to a terminal; the options say what that can do.

mod closing;

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::io::{self, Write};

use super::frame::{self, Look, Mark};
use super::paint::{Brush, Ink};
use super::text::{clean, width, wrap};
use super::view::{Grade, View, many, parted};
use crate::report::{Diagnostic, SourceLocation, Subject, SubjectKind, Verdict};
use crate::source::{SourceId, Span};

/// Findings of one rule that are shown with their text; the others follow in two lines each.
const FRAMED: usize = 20;
/// Related places that are shown.
const RELATED: usize = 6;
/// Columns before the colon of a note, so that notes stand below each other.
const NOTE: usize = "  subject".len();
/// The line above repositories that no author of the inputs answers for.
pub(super) const OWNED: &str = "made by a tool, not counted";
/// Prose is not set wider than this: long lines are hard to read.
const PROSE: usize = 100;

pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(view);
    for finding in view.findings() {
        page.finding(finding);
        out.write_all(page.text.as_bytes())?;
        page.text.clear();
    }
    page.close();
    out.write_all(page.text.as_bytes())
}

/// What is being written, and what was written before.
struct Page<'v, 'a> {
    view: &'v View<'a>,
    brush: Brush,
    look: Look,
    text: String,
    /// How often each rule was reported.
    seen: HashMap<&'a str, usize>,
    /// Fixes that were shown in full.
    fixes: BTreeSet<&'a str>,
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
            fixes: BTreeSet::new(),
            programs,
        }
    }

    /// One finding with all that helps to understand and mend it.
    fn finding(&mut self, finding: &'a Diagnostic) {
        let before = *self.seen.get(finding.rule.as_str()).unwrap_or(&0);
        self.seen.insert(&finding.rule, before + 1);
        let grade = Grade::of(finding);
        self.title(finding, grade.as_str());
        if before >= FRAMED && !self.view.options.verbose {
            self.place(finding);
        } else {
            self.frames(finding, grade);
            self.notes(finding, before == 0);
        }
        self.text.push('\n');
    }

    /// `error[rule]: message`.
    fn title(&mut self, finding: &Diagnostic, word: &str) {
        let id = clean(&finding.rule);
        let url = self
            .view
            .rule(&finding.rule)
            .and_then(|(_, rule)| rule.url.as_deref());
        let head = width(word) + width(&id) + 4;
        let ink = ink(finding);
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
        let message = clean(parted(finding).0);
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
    fn notes(&mut self, finding: &'a Diagnostic, first: bool) {
        if let Some(when) = &finding.when {
            self.note("when", when);
        }
        if let Some(help) = &finding.help {
            self.help(help);
        }
        if let Some(subject) = finding.subject.as_ref().and_then(name) {
            self.note("subject", &subject);
        }
        if first {
            let known = self.view.rule(&finding.rule).is_some();
            if known {
                let rule = clean(&finding.rule);
                let key = self.brush.paint(Ink::Key, "see:");
                // A command is there to be copied, whatever the width.
                let _infallible = writeln!(self.text, "      {key} ecrlint explain {rule}");
            }
        }
    }

    /// What to do. A fix of several lines is shown once: who mends one finding has it at hand.
    fn help(&mut self, help: &'a str) {
        let help = help.trim_end();
        let (first, fix) = help.split_once('\n').unwrap_or((help, ""));
        if !fix.is_empty() && !self.fixes.insert(help) && !self.view.options.verbose {
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

/// What people call a kind of subject.
fn kind_word(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Principals => "identity",
        SubjectKind::EventRule => "event rule",
        SubjectKind::CreationTemplate => "creation template",
        kind => kind.as_str(),
    }
}

/// What a human calls a repository: the most precise name, then where it belongs. What is no repository is
/// told from one by its kind.
pub(crate) fn name(subject: &Subject) -> Option<String> {
    let names = (&subject.logical_id, &subject.arn, &subject.name);
    let own = match names {
        (Some(id), ..) => Some(id),
        (None, Some(arn), _) => Some(arn),
        (None, None, name) => name.as_ref().or(subject.construct_path.as_ref()),
    };
    let mut text = match (subject.kind, own) {
        (SubjectKind::Repository, own) => own?.clone(),
        (kind, Some(own)) => format!("{} {own}", kind_word(kind)),
        (kind, None) => kind_word(kind).to_owned(),
    };
    if let (None, Some(_)) = (&subject.logical_id, &subject.arn) {
        return Some(text);
    }
    if let Some(stack) = &subject.stack {
        text.push_str(" in stack ");
        text.push_str(stack);
    }
    if let Some(path) = &subject.construct_path
        && own != Some(path)
    {
        text.push_str(" (construct ");
        text.push_str(path);
        text.push(')');
    }
    let home = [subject.account.as_deref(), subject.region.as_deref()];
    let home: Vec<_> = home.into_iter().flatten().collect();
    if !home.is_empty() {
        text.push_str(", ");
        text.push_str(&home.join(" "));
    }
    Some(text)
}
