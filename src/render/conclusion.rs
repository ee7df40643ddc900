//! What a run amounts to, in one line: the same words in every format.
//! It does not know how any format looks.

use std::fmt;

use super::view::many;
use crate::report::{Outcome, Report, Summary};

/// Words for a run that judged nothing.
pub(crate) const NOTHING: &str = "nothing to judge";
/// Words for a run that judged other things than repositories, and found nothing wrong.
pub(crate) const NO_REPOSITORY: &str = "no repository";

/// What a run amounts to.
pub(crate) struct Conclusion {
    /// How the line begins, such as `passed`.
    pub(crate) word: &'static str,
    /// What was counted.
    pub(crate) text: String,
}

impl fmt::Display for Conclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.word, self.text)
    }
}

impl Conclusion {
    /// The conclusion of a report. A run that judged nothing about ECR has not passed anything.
    pub(crate) fn of(report: &Report) -> Self {
        Self::with_causes(report, usize::MAX)
    }

    /// The conclusion of a report that is drawn as so many causes, which are reported where they are fewer than the
    /// findings.
    pub(crate) fn with_causes(report: &Report, causes: usize) -> Self {
        Self::of_counts(report.outcome(), report.summary(), causes)
    }

    fn of_counts(outcome: Outcome, summary: &Summary, causes: usize) -> Self {
        let is_missing = outcome == Outcome::Error && summary.unreadable == 0;
        let mut text = match summary.has_nothing() {
            true => nothing(summary, causes, outcome),
            false if summary.inputs == 0 => {
                format!("{}, and no other input", found(summary, causes))
            }
            false => format!("{} in {}", found(summary, causes), judged(summary)),
        };
        text.push_str(&unanswered(summary));
        if is_missing {
            text.push_str("; a repository is required");
        }
        let word = match outcome {
            Outcome::Pass | Outcome::Error if summary.has_nothing() => NOTHING,
            // A run without repositories has passed nobody's repositories.
            Outcome::Pass if summary.repositories == 0 => NO_REPOSITORY,
            Outcome::Pass => "passed",
            Outcome::Fail => "failed",
            Outcome::Error => "could not finish",
        };
        Self { word, text }
    }

    /// What there is to say in place of findings, where there was nothing to judge.
    pub(crate) fn in_place_of_findings(report: &Report) -> Option<Self> {
        let own = Self::of(report);
        (own.word == NOTHING).then_some(own)
    }
}

/// `298 templates, none with an ECR repository`, with what was found all the same.
fn nothing(summary: &Summary, causes: usize, outcome: Outcome) -> String {
    // Whoever was refused something does not know that there is none.
    let inputs = match summary.unlisted + summary.refused {
        0 => format!("{}, none with an ECR repository", inputs(summary)),
        _ => inputs(summary),
    };
    let inputs = match summary.inputs {
        0 => {
            let files = many(summary.files.looked_at, "file", "s");
            format!("no template or snapshot in {files}")
        }
        _ => inputs,
    };
    let findings = words(summary, causes);
    match (findings.is_empty(), outcome) {
        (true, _) => inputs,
        (false, Outcome::Fail) => format!("{} in {inputs}", findings.join(", ")),
        (false, _) => format!("{inputs}; {}", findings.join(", ")),
    }
}

/// What AWS did not answer when a snapshot was taken: of that, nothing has passed.
fn unanswered(summary: &Summary) -> String {
    let mut text = String::new();
    if summary.unlisted > 0 {
        let places = match summary.unlisted {
            1 => "1 account and region".to_owned(),
            n => format!("{n} accounts and regions"),
        };
        text.push_str(&format!("; not seen: the repositories of {places}"));
    }
    if summary.refused > 0 {
        let records = many(summary.refused, "record", "s");
        text.push_str(&format!("; AWS did not answer calls about {records}"));
    }
    text
}

/// What was judged: `4 repositories (2 inputs checked)`.
fn judged(summary: &Summary) -> String {
    let checked = many(summary.inputs, "input", "s");
    match (summary.repositories, summary.others) {
        (0, 0) => many(summary.inputs, "input", "s"),
        (0, others) => {
            let others = many(others, "resource", "s");
            format!("{others} about ECR ({checked} checked)")
        }
        (1, _) => format!("1 repository ({checked} checked)"),
        (n, _) => format!("{n} repositories ({checked} checked)"),
    }
}

/// Inputs by what they are.
fn inputs(summary: &Summary) -> String {
    let templates = summary.inputs.saturating_sub(summary.snapshots);
    let templates = many(templates, "template", "s");
    let snapshots = many(summary.snapshots, "snapshot", "s");
    match summary.snapshots {
        0 => templates,
        all if all == summary.inputs => snapshots,
        _ => format!("{templates} and {snapshots}"),
    }
}

/// The counts of findings in words: `3 errors, 1 undetermined`.
fn found(summary: &Summary, causes: usize) -> String {
    let mut words = words(summary, causes);
    let found = [
        summary.unreadable,
        summary.errors,
        summary.warnings,
        summary.notes,
        summary.undetermined,
    ];
    if found.iter().all(|count| *count == 0) {
        words.insert(0, "no findings".to_owned());
    }
    words.join(", ")
}

fn words(summary: &Summary, causes: usize) -> Vec<String> {
    let parts = [
        (summary.unreadable, "unreadable file", "s"),
        (summary.errors, "error", "s"),
        (summary.warnings, "warning", "s"),
        (summary.notes, "note", "s"),
        (summary.undetermined, "undetermined", ""),
    ];
    let named = parts.iter().filter(|(count, ..)| *count > 0);
    let mut words: Vec<_> = named.map(|(n, one, s)| many(*n, one, s)).collect();
    let findings: usize = parts.iter().map(|(count, ..)| count).sum();
    if causes < findings
        && let Some(last) = words.last_mut()
    {
        last.push_str(&format!(" ({})", many(causes, "cause", "s")));
    }
    let apart = [
        (summary.ignored, "ignored"),
        (summary.baselined, "in the baseline"),
        (summary.fixed, "fixed"),
        (summary.unchanged, "in unchanged lines"),
    ];
    let apart = apart.into_iter().filter(|(count, _)| *count > 0);
    words.extend(apart.map(|(count, what)| many(count, what, "")));
    words
}

#[cfg(test)]
mod tests {
    use super::Conclusion;
    use crate::report::{Outcome, Summary};

    fn line(outcome: Outcome, summary: Summary) -> String {
        Conclusion::of_counts(outcome, &summary, usize::MAX).to_string()
    }

    fn summary(inputs: usize, repositories: usize) -> Summary {
        Summary {
            inputs,
            repositories,
            ..Summary::default()
        }
    }

    fn holds(table: impl IntoIterator<Item = (Outcome, Summary, &'static str)>) {
        for (outcome, summary, expected) in table {
            assert_eq!(line(outcome, summary), expected);
        }
    }

    #[test]
    fn a_run_says_what_it_amounts_to() {
        let clean = Summary {
            ignored: 1,
            ..summary(1, 4)
        };
        let found = Summary {
            errors: 3,
            warnings: 1,
            undetermined: 1,
            ..summary(2, 1)
        };
        let roles = Summary {
            others: 2,
            ..summary(1, 0)
        };
        holds([
            (
                Outcome::Pass,
                clean,
                "passed: no findings, 1 ignored in 4 repositories (1 input checked)",
            ),
            (
                Outcome::Fail,
                found,
                "failed: 3 errors, 1 warning, 1 undetermined in 1 repository (2 inputs checked)",
            ),
            (
                Outcome::Pass,
                roles,
                "no repository: no findings in 2 resources about ECR (1 input checked)",
            ),
            (
                Outcome::Error,
                roles,
                "could not finish: no findings in 2 resources about ECR \
                (1 input checked); a repository is required",
            ),
        ]);
    }

    #[test]
    fn a_run_without_anything_to_judge_says_so() {
        let mixed = Summary {
            snapshots: 1,
            notes: 1,
            ..summary(4, 0)
        };
        let snapshot = Summary {
            snapshots: 1,
            ..summary(1, 0)
        };
        let undeclared = Summary {
            errors: 2,
            ..summary(3, 0)
        };
        let unreadable = Summary {
            unreadable: 1,
            ..summary(0, 0)
        };
        holds([
            (
                Outcome::Pass,
                summary(298, 0),
                "nothing to judge: 298 templates, none with an ECR repository",
            ),
            (
                Outcome::Pass,
                snapshot,
                "nothing to judge: 1 snapshot, none with an ECR repository",
            ),
            (
                Outcome::Pass,
                mixed,
                "nothing to judge: 3 templates and 1 snapshot, none with an ECR repository; 1 note",
            ),
            (
                Outcome::Error,
                summary(2, 0),
                "nothing to judge: 2 templates, none with an ECR repository; a repository is required",
            ),
            (
                Outcome::Fail,
                undeclared,
                "failed: 2 errors in 3 templates, none with an ECR repository",
            ),
            (
                Outcome::Error,
                unreadable,
                "could not finish: 1 unreadable file, and no other input",
            ),
        ]);
    }
}
