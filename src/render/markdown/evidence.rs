//! What repositories keep and what they do not, counted by rule, by control, by account and region, and for each
//! repository.
//! It does not know single findings, nor why a rule says what.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::escaping::{LIMIT, escape};
use crate::render::view::{View, many};
use crate::report::{Evidence, SubjectKind, Tally, Verdict};

/// The columns that every table ends with.
const COUNTS: &str = "Judged | Kept | Broken | Undetermined | Ignored | Kept, % |";
const LINES: &str = "---:|---:|---:|---:|---:|---:|";
/// What stands where an account or region is not known.
const UNKNOWN: &str = "–";

/// Adds the tables. Repositories that a tool made are not counted.
pub(super) fn add(page: &mut String, view: &View<'_>) {
    let repositories: Vec<&Evidence> = view
        .report
        .repositories()
        .iter()
        .filter(|one| one.subject.kind == SubjectKind::Repository && !one.tool_owned)
        .collect();
    if repositories.is_empty() {
        return;
    }
    page.push_str(&rules(view, &repositories));
    page.push_str(&controls(view, &repositories));
    page.push_str(&places(&repositories));
    list(page, &repositories);
}

/// One row for each rule that has something to say about a repository.
fn rules(view: &View<'_>, repositories: &[&Evidence]) -> String {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for (rule, verdict) in repositories.iter().flat_map(|one| one.verdicts.iter()) {
        tallies.entry(rule).or_default().add(verdict);
    }
    let mut table = head("By rule", "Rule | Severity | Controls", 3);
    for (rule, tally) in tallies.iter().filter(|(_, tally)| judged(tally) > 0) {
        let summary = view.rule(rule).map(|(_, summary)| summary);
        let severity = summary.map_or(UNKNOWN, |summary| summary.severity.as_str());
        let controls = summary.map_or_else(String::new, |summary| {
            let named = summary.controls.iter();
            let named = named.map(|(framework, ids)| format!("{framework} {}", ids.join(", ")));
            named.collect::<Vec<_>>().join("; ")
        });
        let names = format!("{} | {severity} | {}", escape(rule), escape(&controls));
        row(&mut table, &names, tally);
    }
    table
}

/// One row for each control: a repository keeps one that all rules for it find kept.
fn controls(view: &View<'_>, repositories: &[&Evidence]) -> String {
    let mut rules: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for summary in view.report.rules() {
        for (framework, ids) in &summary.controls {
            for id in ids {
                let control = rules.entry((framework, id)).or_default();
                control.push(&summary.id);
            }
        }
    }
    let mut table = head("By control", "Framework | Control | Rules", 3);
    let mut any = false;
    for ((framework, control), rules) in rules {
        let mut tally = Tally::default();
        for repository in repositories {
            let verdicts = rules
                .iter()
                .filter_map(|rule| repository.verdicts.get(rule));
            tally.add(verdicts.max().unwrap_or(Verdict::NotApplicable));
        }
        if judged(&tally) > 0 {
            let (framework, control) = (escape(framework), escape(control));
            let names = format!("{framework} | {control} | {}", escape(&rules.join(", ")));
            row(&mut table, &names, &tally);
            any = true;
        }
    }
    if any { table } else { String::new() }
}

/// One row for each account and region: a repository counts with its worst verdict.
fn places(repositories: &[&Evidence]) -> String {
    let mut tallies: BTreeMap<(&str, &str), Tally> = BTreeMap::new();
    for repository in repositories {
        let worst = repository.verdicts.iter().map(|(_, verdict)| verdict).max();
        let tally = tallies.entry(place(repository)).or_default();
        tally.add(worst.unwrap_or(Verdict::NotApplicable));
    }
    let mut table = head("By account and region", "Account | Region", 2);
    for ((account, region), tally) in tallies {
        let names = format!("{} | {}", escape(account), escape(region));
        row(&mut table, &names, &tally);
    }
    table
}

/// One row for each repository: its verdicts, counted, and the rules that it breaks.
fn list(page: &mut String, repositories: &[&Evidence]) {
    let mut head = head("By repository", "Repository | Account | Region", 3);
    head.insert_str(head.len() - 1, "---|");
    let head = head.replace(COUNTS, &format!("{COUNTS} Broken rules |"));
    page.push_str(&head);
    for (index, repository) in repositories.iter().enumerate() {
        let mut tally = Tally::default();
        let mut broken = Vec::new();
        for (rule, verdict) in repository.verdicts.iter() {
            tally.add(verdict);
            if verdict == Verdict::Fail {
                broken.push(rule);
            }
        }
        let (account, region) = place(repository);
        let (account, region) = (escape(account), escape(region));
        let names = format!("{} | {account} | {region}", escape(name(repository)));
        let mut line = String::new();
        row(&mut line, &names, &tally);
        line.insert_str(
            line.len() - 1,
            &format!(" {} |", escape(&broken.join(", "))),
        );
        if page.len() + line.len() > LIMIT {
            let count = repositories.len() - index;
            let more = if count == 1 { "y" } else { "ies" };
            let more = format!(
                "{} left out",
                many(count, &format!("more repositor{more}"), "")
            );
            let _infallible = writeln!(page, "\n{more}: a summary holds 1 MiB");
            return;
        }
        page.push_str(&line);
    }
}

fn place(repository: &Evidence) -> (&str, &str) {
    let subject = &repository.subject;
    let account = subject.account.as_deref().unwrap_or(UNKNOWN);
    (account, subject.region.as_deref().unwrap_or(UNKNOWN))
}

fn name(repository: &Evidence) -> &str {
    let subject = &repository.subject;
    let known = subject.name.as_deref().or(subject.logical_id.as_deref());
    known.unwrap_or(UNKNOWN)
}

fn head(title: &str, names: &str, count: usize) -> String {
    let lines = "---|".repeat(count);
    format!("\n### {title}\n\n| {names} | {COUNTS}\n|{lines}{LINES}\n")
}

/// Repositories that a rule has something to say about.
fn judged(tally: &Tally) -> usize {
    tally.pass + tally.fail + tally.undetermined + aside(tally)
}

/// Repositories of which every finding was set aside.
fn aside(tally: &Tally) -> usize {
    tally.ignored + tally.baselined + tally.unchanged
}

/// One line of a table. A share is rounded down: 100 % means every one.
fn row(table: &mut String, names: &str, tally: &Tally) {
    let judged = judged(tally);
    let share = (tally.pass * 100)
        .checked_div(judged)
        .map_or_else(|| UNKNOWN.to_owned(), |share| share.to_string());
    let _infallible = writeln!(
        table,
        "| {names} | {judged} | {} | {} | {} | {} | {share} |",
        tally.pass,
        tally.fail,
        tally.undetermined,
        aside(tally)
    );
}
