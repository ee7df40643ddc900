//! What the script of the page searches and sorts: findings, and repositories with their verdicts.
//! It does not know how they are shown.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::finding::{Told, whereabouts};
use crate::render::name::heading;
use crate::render::text::clean;
use crate::render::view::View;
use crate::report::{Diagnostic, Evidence, Verdict};

/// How bad a finding can be, worst first.
pub(super) const GRADES: [&str; 4] = ["error", "warning", "undetermined", "note"];

/// The data of a page. It is written one finding at a time: all of them would take more memory than the report itself.
pub(super) struct Data<'a> {
    view: &'a View<'a>,
    findings: Vec<&'a Diagnostic>,
}

impl<'a> Data<'a> {
    pub(super) fn of(view: &'a View<'a>) -> Self {
        let findings = view.worst_first();
        Self { view, findings }
    }

    /// The findings, worst first.
    pub(super) fn findings(&self) -> &[&'a Diagnostic] {
        &self.findings
    }

    /// The rules that are on, in the order of the verdicts.
    pub(super) fn rule_ids(&self) -> impl Iterator<Item = &'a str> {
        self.view.report.rules.iter().map(|rule| rule.id.as_str())
    }
}

impl Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.view.report;
        let columns: Vec<&str> = report.repositories.first().map_or_else(Vec::new, |one| {
            one.verdicts.iter().map(|(rule, _)| rule).collect()
        });
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("columns", &columns)?;
        map.serialize_entry("repositories", &each(&report.repositories, Row::of))?;
        map.serialize_entry(
            "findings",
            &each(&self.findings, |one| Told::of(self.view, one)),
        )?;
        map.end()
    }
}

/// A list whose items are made while it is written.
struct Each<'l, T, F>(&'l [T], F);

fn each<'l, T, U, F: Fn(&'l T) -> U>(list: &'l [T], make: F) -> Each<'l, T, F> {
    Each(list, make)
}

impl<'l, T, U: Serialize, F: Fn(&'l T) -> U> Serialize for Each<'l, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(&self.1))
    }
}

/// A repository: what it is called, where it belongs, and one letter for each verdict.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(rename = "s")]
    name: String,
    #[serde(rename = "w")]
    whereabouts: [Option<&'a str>; 3],
    #[serde(rename = "v")]
    verdicts: String,
    #[serde(rename = "t", skip_serializing_if = "std::ops::Not::not")]
    tool_owned: bool,
}

impl<'a> Row<'a> {
    fn of(one: &'a Evidence) -> Self {
        let subject = &one.subject;
        let name = heading(subject).unwrap_or_else(|| "(no name)".to_owned());
        Self {
            name: clean(&name).into_owned(),
            whereabouts: whereabouts(subject),
            verdicts: one
                .verdicts
                .iter()
                .map(|(_, verdict)| letter(verdict))
                .collect(),
            tool_owned: one.tool_owned,
        }
    }
}

/// The letter that stands for a verdict in the data of the page.
fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::NotApplicable => '-',
        Verdict::Pass => 'p',
        Verdict::Ignored => 'i',
        Verdict::Baselined | Verdict::Unchanged => 'b',
        Verdict::Undetermined => 'u',
        Verdict::Fail => 'f',
    }
}
