//! What the script of the page searches and sorts: findings, repositories with their verdicts, and who may do what.
//! It does not know how they are shown.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::access::AccessTable;
use super::finding::{HtmlFinding, whereabouts};
use super::lifecycle;
use crate::render::name::heading;
use crate::render::text::clean;
use crate::render::view::View;
use crate::report::{Diagnostic, Evidence, SubjectKind, Verdict};

/// How bad a finding can be, worst first.
pub(super) const GRADES: [&str; 4] = ["error", "warning", "undetermined", "note"];

/// The data of a page. It is written one finding at a time: all of them would take more memory than the report itself.
pub(super) struct PageContent<'a> {
    view: &'a View<'a>,
    findings: Vec<&'a Diagnostic>,
    access: AccessTable<'a>,
}

impl<'a> PageContent<'a> {
    pub(super) fn of(view: &'a View<'a>) -> Self {
        Self {
            view,
            findings: view.worst_first(),
            access: AccessTable::of(view),
        }
    }

    /// Who may do what.
    pub(super) fn access(&self) -> &AccessTable<'a> {
        &self.access
    }

    /// The findings, worst first.
    pub(super) fn findings(&self) -> &[&'a Diagnostic] {
        &self.findings
    }

    /// The rules that are on, in the order of the verdicts.
    pub(super) fn rule_ids(&self) -> impl Iterator<Item = &'a str> {
        self.view.report.rules().iter().map(|rule| rule.id.as_str())
    }
}

impl Serialize for PageContent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.view.report;
        let judged: Vec<&Evidence> = report
            .repositories()
            .iter()
            .chain(report.others())
            .collect();
        let columns = columns(&judged);
        let drawn = report
            .depicted()
            .into_iter()
            .flat_map(|one| &one.lifecycles);
        let drawn: Vec<_> = drawn.map(lifecycle::key).collect();
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("columns", &columns)?;
        map.serialize_entry(
            "repositories",
            &each(&judged, |one| RepositoryRow::of(one, &columns)),
        )?;
        map.serialize_entry("access", &self.access)?;
        map.serialize_entry("timelines", &drawn)?;
        map.serialize_entry(
            "findings",
            &each(&self.findings, |one| HtmlFinding::of(self.view, one)),
        )?;
        map.end()
    }
}

/// The rules that are asked of anything in the table, in the order of their ids.
fn columns<'a>(judged: &[&'a Evidence]) -> Vec<&'a str> {
    let same =
        |one: &&&Evidence, other: &&&Evidence| one.verdicts.are_of_the_rules_of(&other.verdicts);
    let kinds = judged.chunk_by(|one, other| same(&one, &other));
    let lists = kinds.filter_map(|kind| kind.first());
    let all: BTreeSet<&str> = lists
        .flat_map(|one| one.verdicts.iter().map(|(rule, _)| rule))
        .collect();
    all.into_iter().collect()
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
struct RepositoryRow<'a> {
    #[serde(rename = "s")]
    name: String,
    #[serde(rename = "w")]
    whereabouts: [Option<&'a str>; 3],
    #[serde(rename = "v")]
    verdicts: String,
    #[serde(rename = "t", skip_serializing_if = "std::ops::Not::not")]
    tool_owned: bool,
    /// Whether it is not a repository.
    #[serde(rename = "o", skip_serializing_if = "std::ops::Not::not")]
    is_other: bool,
}

impl<'a> RepositoryRow<'a> {
    fn of(one: &'a Evidence, columns: &[&str]) -> Self {
        let subject = &one.subject;
        let name = heading(subject).unwrap_or_else(|| "(no name)".to_owned());
        Self {
            name: clean(&name).into_owned(),
            whereabouts: whereabouts(subject),
            verdicts: letters(one, columns),
            tool_owned: one.tool_owned,
            is_other: subject.kind != SubjectKind::Repository,
        }
    }
}

/// One letter for each column; a space where the rule is not asked. Both are in the order of the ids.
fn letters(one: &Evidence, columns: &[&str]) -> String {
    let mut verdicts = one.verdicts.iter().peekable();
    let letters = columns.iter().map(|column| {
        let own = verdicts.next_if(|(rule, _)| rule == column);
        own.map_or(' ', |(_, verdict)| letter(verdict))
    });
    letters.collect()
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
