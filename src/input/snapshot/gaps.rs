//! What is missing from a snapshot: the end of a file that was cut off, lines that somebody took out, and what AWS
//! refused to answer. It does not know how files are read, nor what the answers mean.

use std::collections::BTreeMap;

use crate::source::{Kind, Node, Problem, Span};

/// The member of the first and of the last line that `ecrlint snapshot` writes.
pub(super) const EDGE: &str = "snapshot";
/// Its value in the first line.
pub(super) const BEGINS: &str = "begins";
/// Its value in the last line.
pub(super) const ENDS: &str = "ends";
/// Members that are named where AWS refused them.
const NAMED: usize = 5;

/// Errors that say that the service failed, not that the caller may not ask. Source: the common errors of the API
/// references of ECR, KMS and Systems Manager; `NoAnswer`, `UnexpectedAnswer` and `Http500` are those of
/// `ecrlint snapshot`, which has names for failures that AWS gives none.
const FAILURES: [&str; 13] = [
    "DependencyTimeout",
    "ExcessiveAnswer",
    "Http5",
    "InternalException",
    "InternalFailure",
    "InternalServer",
    "KMSInternal",
    "NoAnswer",
    "RequestTimeout",
    "ServerException",
    "ServiceUnavailable",
    "Throttling",
    "UnexpectedAnswer",
];

/// Why a call gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// The service failed: the same call may work later.
    Failed,
    /// The caller may not ask, or the error is none that is known to pass.
    Refused,
}

impl Reason {
    /// Of an error as a record has it: its name, mostly with a message behind it.
    fn of(error: Node<'_>) -> Self {
        let text = error.as_text().unwrap_or_default();
        match FAILURES.iter().any(|name| text.starts_with(name)) {
            true => Self::Failed,
            false => Self::Refused,
        }
    }
}

/// What the records of one file, or of some of its lines, say about the whole of it.
#[derive(Clone, Debug, Default)]
pub struct Gaps {
    /// Captures that begin, and where the first does.
    begun: (usize, Option<Span>),
    /// Captures that end, and where the first does.
    ended: (usize, Option<Span>),
    /// Repositories and registries that the last lines count.
    told: [u64; 2],
    /// Repositories and registries that are there.
    found: [u64; 2],
    /// Repositories and registries about which AWS refused a call, and where the first error stands.
    refused: ([u64; 2], Option<Span>),
    /// The members that are missing therefore, and what kept AWS from answering.
    members: BTreeMap<String, Reason>,
    /// Accounts and regions in which repositories could not be listed.
    pub unlisted: usize,
}

/// Whether an object is the first or the last line of a capture.
pub(super) fn is_edge(node: Node<'_>) -> bool {
    let edge = node.get(EDGE).and_then(Node::as_str);
    edge.is_some_and(|edge| [BEGINS, ENDS].contains(&edge))
}

impl Gaps {
    /// Takes what a record says: one of a repository, of a registry, or an edge.
    pub(super) fn note(&mut self, record: Node<'_>) {
        if is_edge(record) {
            return self.note_edge(record);
        }
        let what = usize::from(record.get("registry").is_some());
        if record
            .get("registry")
            .or(record.get("repository"))
            .is_none()
        {
            return;
        }
        self.found[what] += 1;
        let errors = record.get("errors").into_iter().flat_map(Node::members);
        let errors = errors.filter(|error| error.value.kind() != Kind::Null);
        let mut is_refused = false;
        for error in errors {
            if error.key == "repositories" {
                self.unlisted += 1;
                continue;
            }
            is_refused = true;
            self.refused.1 = self.refused.1.or(Some(error.value.span()));
            let reason = Reason::of(error.value);
            match self.members.get_mut(error.key) {
                Some(worst) => *worst = reason.max(*worst),
                None => _ = self.members.insert(error.key.to_owned(), reason),
            }
        }
        self.refused.0[what] += u64::from(is_refused);
    }

    fn note_edge(&mut self, edge: Node<'_>) {
        let place = edge.get(EDGE).map(Node::span);
        let begins = edge.get(EDGE).and_then(Node::as_str) == Some(BEGINS);
        let (count, first) = match begins {
            true => &mut self.begun,
            false => &mut self.ended,
        };
        *count += 1;
        *first = first.or(place);
        for (told, key) in self.told.iter_mut().zip(["repositories", "registries"]) {
            let count = edge.get(key).and_then(Node::as_text);
            let count = count.and_then(|count| count.parse::<u64>().ok());
            *told = told.saturating_add(count.filter(|_| !begins).unwrap_or(0));
        }
    }

    /// Whether `later` has a place of a kind of which none is known here: one that may have to be shown.
    #[must_use]
    pub fn is_new_place(&self, later: &Self) -> bool {
        let places = |one: &Self| [one.begun.1, one.ended.1, one.refused.1];
        let mut pairs = places(self).into_iter().zip(places(later));
        pairs.any(|(own, later)| own.is_none() && later.is_some())
    }

    /// Adds what later lines of the same file say.
    pub fn add(&mut self, later: Self) {
        for (own, later) in [
            (&mut self.begun, later.begun),
            (&mut self.ended, later.ended),
        ] {
            own.0 += later.0;
            own.1 = own.1.or(later.1);
        }
        for index in 0..2 {
            self.told[index] = self.told[index].saturating_add(later.told[index]);
            self.found[index] += later.found[index];
            self.refused.0[index] += later.refused.0[index];
        }
        self.refused.1 = self.refused.1.or(later.refused.1);
        for (member, reason) in later.members {
            let worst = self.members.entry(member).or_insert(reason);
            *worst = reason.max(*worst);
        }
        self.unlisted += later.unlisted;
    }

    /// Records about which AWS refused a call.
    #[must_use]
    pub fn refused(&self) -> usize {
        usize::try_from(self.refused.0.iter().sum::<u64>()).unwrap_or(usize::MAX)
    }

    /// Why the file is not all of what was captured. What people put together themselves has neither a first nor a
    /// last line, and nothing is expected of it.
    #[must_use]
    pub fn loss(&self) -> Option<Problem> {
        let (begun, ended) = (self.begun, self.ended);
        let help = "capture it again with `ecrlint snapshot`, or judge what is there with `--allow-partial`";
        if begun.0 > ended.0 {
            let title = "the snapshot is cut off: what closes it is missing";
            let problem = Problem::new(begun.1?, title).label("this capture has no end");
            return Some(problem.help(help));
        }
        if ended.0 > begun.0 {
            let title = "the snapshot is cut off: its beginning is missing";
            let problem =
                Problem::new(ended.1?, title).label("this ends something that is not here");
            return Some(problem.help(help));
        }
        let words = ["repositories", "registries"];
        let mut counts = words.iter().zip(self.told.iter().zip(self.found));
        let (what, (told, found)) = counts.find(|(_, (told, found))| **told > *found)?;
        let title = format!("the snapshot counts {told} {what}, but has {found}");
        let problem = Problem::new(ended.1?, title).label("counted here");
        Some(problem.help(help))
    }

    /// What AWS refused to answer: nobody knows what it would have been.
    #[must_use]
    pub fn refusals(&self) -> Option<Problem> {
        let ([repositories, registries], place) = self.refused;
        let span = place?;
        let counted = [
            (repositories, "repository", "repositories"),
            (registries, "registry", "registries"),
        ];
        let counted = counted.iter().filter(|(count, ..)| *count > 0);
        let counted: Vec<String> = counted
            .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
            .collect();
        let refused = self
            .named(Reason::Refused)
            .map(|names| format!("AWS refused {names}"));
        let failed = self
            .named(Reason::Failed)
            .map(|names| format!("calls for {names} failed"));
        let reasons: Vec<String> = [refused, failed].into_iter().flatten().collect();
        let (about, reasons) = (counted.join(" and "), reasons.join(" and "));
        let title = format!("cannot determine everything about {about}, because {reasons}");
        let label = match self.members.values().max() {
            Some(Reason::Failed) => "one of the failures",
            _ => "one of the refusals",
        };
        Some(Problem::new(span, title).label(label))
    }

    /// The members that are missing for one reason, if any are.
    fn named(&self, reason: Reason) -> Option<String> {
        let all = || self.members.iter().filter(|(_, why)| **why == reason);
        let mut names: Vec<String> = all()
            .take(NAMED)
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        let count = all().count();
        if count > NAMED {
            names.push(format!("{} more", count - NAMED));
        }
        (count > 0).then(|| names.join(", "))
    }
}
