//! Findings by what causes them, for formats that people read: what has one cause is drawn once, and
//! lists its instances. It does not change a report: programs get each instance.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::name::brief;
use super::view::{Grade, View, many, parted, sentence};
use crate::report::Diagnostic;
use crate::source::{SourceId, Span};

/// How a reason begins that is about a parameter of a template.
const PARAMETER: &str = "parameter `";

/// Findings that have one cause, in the order of the report; never empty.
pub(crate) struct CauseGroup<'a> {
    /// The finding that stands for all of them.
    pub(crate) first: &'a Diagnostic,
    /// The others.
    others: Vec<&'a Diagnostic>,
}

/// What findings with one cause have in common.
#[derive(PartialEq, Eq, Hash)]
enum CauseKey<'a> {
    /// The same line of the user's own program, whichever stacks it ends up in.
    Line(&'a str, Grade, &'a str, u32, Option<u32>),
    /// The same place of an input. Not its line: a template may be a single one.
    Place(&'a str, Grade, Span),
    /// What cannot be known about one program or template, whichever rules ask for it.
    Unknown(UnknownScope<'a>, &'a str),
}

/// Where something can be unknown in one way.
#[derive(PartialEq, Eq, Hash)]
enum UnknownScope<'a> {
    Program(&'a str),
    Input(SourceId),
}

impl<'a> CauseKey<'a> {
    fn of(finding: &'a Diagnostic) -> Self {
        let (rule, grade) = (finding.rule.as_str(), Grade::of(finding));
        let origin = finding.source_location.as_ref();
        if let (Grade::Undetermined, Some(_), Some(reason)) =
            (grade, &finding.subject, parted(finding).1)
        {
            let home = match origin {
                Some(origin) => UnknownScope::Program(&origin.path),
                None => UnknownScope::Input(finding.primary.span.source),
            };
            return CauseKey::Unknown(home, parameter(reason).unwrap_or(reason));
        }
        match origin {
            Some(origin) => CauseKey::Line(rule, grade, &origin.path, origin.line, origin.column),
            None => CauseKey::Place(rule, grade, finding.primary.span),
        }
    }
}

/// The name of the parameter that a reason is about.
fn parameter(reason: &str) -> Option<&str> {
    let name = reason.strip_prefix(PARAMETER)?;
    name.split_once('`').map(|(name, _)| name)
}

impl<'a> CauseGroup<'a> {
    /// The causes of the findings that count, worst first, then by the place that a reader is sent to.
    pub(crate) fn all(view: &View<'a>) -> Vec<Self> {
        let mut causes: Vec<Self> = Vec::new();
        let mut known: HashMap<CauseKey<'a>, usize> = HashMap::new();
        for finding in view.findings() {
            let index = *known.entry(CauseKey::of(finding)).or_insert(causes.len());
            match causes.get_mut(index) {
                Some(cause) => cause.others.push(finding),
                None => causes.push(Self {
                    first: finding,
                    others: Vec::new(),
                }),
            }
        }
        causes.sort_by_cached_key(|cause| {
            let place = view.place(cause.first);
            let at = (place.path.into_owned(), place.line, place.column);
            (Grade::of(cause.first), at, &cause.first.rule)
        });
        causes
    }

    /// How many findings it has.
    pub(crate) fn len(&self) -> usize {
        1 + self.others.len()
    }

    /// All of them, the first before the others.
    pub(crate) fn instances(&self) -> impl Iterator<Item = &'a Diagnostic> {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }

    /// The rules that it leaves open, where it leaves several.
    pub(crate) fn open(&self) -> Option<UnknownCause<'a>> {
        let rules: BTreeSet<_> = self.instances().map(|one| one.rule.as_str()).collect();
        let reason = parted(self.first).1.filter(|_| rules.len() > 1)?;
        Some(UnknownCause {
            reason,
            rules: rules.into_iter().collect(),
        })
    }

    /// The rule, or how many there are.
    pub(crate) fn title(&self) -> Cow<'a, str> {
        match self.open() {
            Some(open) => Cow::Owned(many(open.rules.len(), "rule", "s")),
            None => Cow::Borrowed(&self.first.rule),
        }
    }

    /// What it is about in one line, for formats without excerpts.
    pub(crate) fn sentence(&self) -> Cow<'a, str> {
        match self.open() {
            Some(UnknownCause { reason, rules }) => {
                Cow::Owned(format!("{reason}, which leaves open: {}", rules.join(", ")))
            }
            None => sentence(self.first),
        }
    }

    /// What to do, each fix once: one that differs in names alone is the same.
    pub(crate) fn fixes(&self) -> Vec<Cow<'a, str>> {
        let mut seen = BTreeSet::new();
        let fixes = self.instances().filter_map(|one| {
            let help = one.help.as_deref()?.trim_end();
            seen.insert(nameless(help, one))
                .then_some(Cow::Borrowed(help))
        });
        fixes.collect()
    }

    /// The instances besides the first, in a line each: where and what, and what is found there if that is not
    /// the same as of the first.
    pub(crate) fn other_places(&self, view: &View<'_>) -> Vec<String> {
        let is_open = self.open().is_some();
        let line = |one: &Diagnostic| {
            let mut parts = Vec::new();
            if one.primary.span != self.first.primary.span {
                let location = view.excerpts.locate(one.primary.span);
                let (path, start) = (location.path, location.start);
                parts.push(format!("{path}:{}:{}", start.line, start.column));
            }
            if !parts.is_empty() || one.subject != self.first.subject {
                parts.extend(one.subject.as_deref().and_then(brief));
            }
            parts.extend(one.when.iter().map(|when| format!("when {when}")));
            let mut line = parts.join(", ");
            let own = nameless(&one.message, one) != nameless(&self.first.message, self.first);
            if line.is_empty() || own && !is_open {
                line.push_str(if line.is_empty() { "" } else { ": " });
                line.push_str(parted(one).0);
            }
            line
        };
        let mut seen: BTreeSet<_> = [line(self.first)].into();
        let lines = self.others.iter().map(|one| line(one));
        lines.filter(|line| seen.insert(line.clone())).collect()
    }
}

/// What cannot be known, with the rules that are open because of it.
pub(crate) struct UnknownCause<'a> {
    pub(crate) reason: &'a str,
    pub(crate) rules: Vec<&'a str>,
}

/// A text without the names of what it is about, which differ from stack to stack.
fn nameless(text: &str, finding: &Diagnostic) -> String {
    let mut text = text.to_owned();
    if let Some(subject) = &finding.subject {
        let names = [&subject.name, &subject.logical_id, &subject.arn];
        for name in names.into_iter().flatten().filter(|name| !name.is_empty()) {
            text = text.replace(name.as_str(), "\0");
        }
    }
    text
}
