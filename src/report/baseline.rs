//! What was found before: a list of findings, as a file, and which of the findings of a run are on it.
//! It does not know where the file is, nor which inputs a run has seen.

use std::collections::{HashMap, VecDeque};
use std::io::{self, Write};

use serde::Serialize;

use super::escaped;
use super::{Diagnostic, DraftReport};
use crate::source::{Kind, Node, Problem, SourceId, Span, Tree, json};

/// Id of the finding that nothing needs an entry of the baseline any more.
pub const UNUSED: &str = "unused-baseline";
/// The format that is written.
const VERSION: &str = "1";
/// Digits of a fingerprint.
const DIGITS: usize = 16;

/// Findings that were there when the baseline was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// One for each finding.
    pub entries: Vec<BaselineEntry>,
}

/// One finding of then. Only the numbers say which it is; the rest is for whoever reads the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct BaselineEntry {
    /// Id of the rule.
    pub rule: String,
    /// What it is about; empty for a finding about a file.
    pub subject: String,
    /// The input, seen from the top of the checkout.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// [`Diagnostic::fingerprint`].
    pub fingerprint: String,
    /// [`Diagnostic::content`].
    pub content: String,
    /// Where it stands in the file.
    #[serde(skip)]
    pub span: Span,
}

/// How the findings of a run and the entries belong together.
#[derive(Debug)]
pub struct Compared {
    /// For each finding of the report, its entry.
    pub known: Vec<Option<usize>>,
    /// For each entry, whether its finding is still there.
    pub found: Vec<bool>,
}

impl BaselineEntry {
    fn of(finding: &Diagnostic, path: &str) -> Self {
        let subject = finding.subject.as_deref();
        Self {
            rule: finding.rule.clone(),
            subject: subject
                .and_then(|subject| subject.label())
                .unwrap_or_default(),
            path: path.to_owned(),
            message: finding.message.clone(),
            fingerprint: finding.fingerprint(path),
            content: finding.content(),
            span: Span::default(),
        }
    }
}

/// Whether a finding can be on a baseline: what could not be read cannot, and neither can what is said of the
/// baseline itself or was set aside by others.
fn is_listed(finding: &Diagnostic) -> bool {
    finding.verdict.counts() && !finding.is_unreadable() && finding.rule != UNUSED
}

impl Baseline {
    /// The findings of a report that count. `path` says where each is, seen from the top of the checkout.
    pub fn of<'r>(report: &'r DraftReport, path: impl Fn(&'r Diagnostic) -> String) -> Self {
        let listed = report.diagnostics.iter().filter(|one| is_listed(one));
        Self {
            entries: listed
                .map(|one| BaselineEntry::of(one, &path(one)))
                .collect(),
        }
    }

    /// Reads what [`Baseline::write`] writes.
    ///
    /// # Errors
    /// The text is not a baseline; the problem says where it ceases to be one.
    pub fn read(text: &str, source: SourceId) -> Result<Self, Problem> {
        let top = Span::new(source, 0, text.len().min(1));
        if text.trim().is_empty() {
            return Err(broken(top, "the baseline is empty"));
        }
        let mut tree = Tree::default();
        json::parse(text, source, &mut tree)?;
        let root = tree.root(text).filter(|root| root.kind() == Kind::Object);
        let root =
            root.ok_or_else(|| broken(top, "this is not a baseline: it is not a mapping"))?;
        let version = root
            .get("version")
            .ok_or_else(|| broken(top, "this is not a baseline: it has no `version`"))?;
        if version.as_text() != Some(VERSION) {
            let title = format!("this baseline is not of version {VERSION}");
            return Err(Problem::new(version.span(), title)
                .label("a version that is not known")
                .help("use the ecrlint that wrote it, or write it anew"));
        }
        let findings = root
            .get("findings")
            .filter(|list| list.kind() == Kind::Array);
        let findings = findings
            .ok_or_else(|| broken(root.span(), "the baseline has no list of `findings`"))?;
        let entries: Result<Vec<BaselineEntry>, Problem> = findings.items().map(entry).collect();
        Ok(Self { entries: entries? })
    }

    /// Writes the list, one finding a line and sorted, so that changes of it can be read and merged.
    ///
    /// # Errors
    /// `out` cannot be written to.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut entries: Vec<&BaselineEntry> = self.entries.iter().collect();
        entries.sort_by_key(|one| (&one.path, &one.subject, *one));
        write!(out, "{{\n  \"version\": {VERSION},\n  \"findings\": [")?;
        for (index, entry) in entries.into_iter().enumerate() {
            write!(out, "{}\n    ", if index == 0 { "" } else { "," })?;
            let mut line = Vec::new();
            escaped::write_line(entry, &mut line)?;
            out.write_all(line.trim_ascii_end())?;
        }
        write!(out, "\n  ]\n}}\n")
    }

    /// Which findings of a report are on the list. An entry stands for one finding: the one that is what and where
    /// it was, else the same one elsewhere, else what is found in its place.
    pub fn compare<'r>(
        &self,
        report: &'r DraftReport,
        path: impl Fn(&'r Diagnostic) -> String,
    ) -> Compared {
        let findings = &report.diagnostics;
        let mut compared = Compared {
            known: vec![None; findings.len()],
            found: vec![false; self.entries.len()],
        };
        let listed = findings
            .iter()
            .enumerate()
            .filter(|(_, one)| is_listed(one));
        let now: Vec<(usize, [String; 2])> = listed
            .map(|(index, one)| (index, [one.fingerprint(&path(one)), one.content()]))
            .collect();
        type By = fn(&[String; 2]) -> [&str; 2];
        let ways: [By; 3] = [
            |[fingerprint, content]| [fingerprint, content],
            |[_, content]| ["", content],
            |[fingerprint, _]| [fingerprint, ""],
        ];
        let then = self.entries.iter();
        let then: Vec<[String; 2]> = then
            .map(|one| [one.fingerprint.clone(), one.content.clone()])
            .collect();
        for way in ways {
            let mut open: HashMap<[&str; 2], VecDeque<usize>> = HashMap::new();
            for (entry, numbers) in then.iter().enumerate() {
                if !compared.found[entry] {
                    open.entry(way(numbers)).or_default().push_back(entry);
                }
            }
            for (finding, numbers) in &now {
                let known = &mut compared.known[*finding];
                if known.is_none() {
                    *known = open.get_mut(&way(numbers)).and_then(VecDeque::pop_front);
                    known.iter().for_each(|entry| compared.found[*entry] = true);
                }
            }
        }
        compared
    }
}

fn entry(node: Node<'_>) -> Result<BaselineEntry, Problem> {
    let text = |key: &str| {
        let value = node.get(key);
        match value.and_then(Node::as_str) {
            Some(text) => Ok(text.to_owned()),
            None => {
                let place = value.map_or(node.span(), Node::span);
                Err(broken(
                    place,
                    &format!("an entry of the baseline has no text `{key}`"),
                ))
            }
        }
    };
    let number = |key: &str| {
        let text = text(key)?;
        let is_one = text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match (is_one, node.get(key)) {
            (false, Some(value)) => {
                let title = format!("`{key}` of an entry is not a number of {DIGITS} digits");
                Err(broken(value.span(), &title))
            }
            _ => Ok(text),
        }
    };
    Ok(BaselineEntry {
        rule: text("rule")?,
        subject: text("subject")?,
        path: text("path")?,
        message: text("message")?,
        fingerprint: number("fingerprint")?,
        content: number("content")?,
        span: node.span(),
    })
}

fn broken(span: Span, title: &str) -> Problem {
    Problem::new(span, title)
        .help("name what `--write-baseline` has written, or another file to write it to")
}
