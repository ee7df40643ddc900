//! What has to be said about the fixtures was written down before there were rules: `expected.tsv`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::program::{ecrlint, root, rules};

/// Rows that wait for a part of the loader, by input, subject and rule; the others have to hold.
const NOT_YET: &[(&str, &str, &str)] = &[
    // Conditions are not evaluated yet.
    ("cloudformation/long-form.yaml", "harbour-cranes", "-"),
    ("cloudformation/conditions.yaml", "Orders", "scan-on-push"),
    (
        "cloudformation/conditions.yaml",
        "Invoices",
        "lifecycle-missing",
    ),
    ("cloudformation/conditions.yaml", "Ledger", "-"),
    ("cloudformation/conditions.yaml", "LedgerPreview", "-"),
];

/// One line of the table.
struct Row {
    input: String,
    subject: String,
    rule: String,
    verdict: String,
}

impl Row {
    fn not_yet(&self) -> bool {
        NOT_YET.contains(&(&self.input, &self.subject, &self.rule))
    }
}

fn rows() -> Vec<Row> {
    let table = root().join("fixtures/expected.tsv");
    let table = std::fs::read_to_string(table).expect("the table can be read");
    let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|row| {
        let cells: Vec<_> = row.split('\t').map(str::to_owned).collect();
        let [input, subject, rule, verdict] = cells.try_into().expect("four columns");
        Row {
            input,
            subject,
            rule,
            verdict,
        }
    })
    .collect()
}

/// The report on an input, with the configuration that the table names; `None` where inputs of this
/// kind are not read yet.
fn report(input: &str) -> Option<Value> {
    let path = root().join("fixtures").join(input);
    let path = path.to_str().expect("a path in Unicode");
    let mut arguments = vec!["check", path, "-o", "json", "--evidence"];
    if ["cdk-app/", "snapshot/"]
        .iter()
        .any(|start| input.starts_with(start))
    {
        arguments.extend(["--config", "fixtures/cdk-app/ecrlint.yaml"]);
    }
    let ended = ecrlint(arguments).ends();
    let report: Value = serde_json::from_str(&ended.out).ok()?;
    (report["summary"]["inputs"] != 0).then_some(report)
}

/// Whether a subject of the report is the one that the table calls `wanted`.
fn is(subject: &Value, wanted: &str) -> bool {
    let text = |name: &str| subject[name].as_str();
    match (wanted.split_once('/'), text("account")) {
        (Some((account, name)), Some(own)) if account == own => text("name") == Some(name),
        _ => text("name") == Some(wanted) || text("logical_id") == Some(wanted),
    }
}

/// What the report says about a row's subject and rule, when it is not what the row says.
fn disagreement(row: &Row, report: &Value) -> Option<String> {
    let list = |name: &str| report[name].as_array().expect("a list").iter();
    // What is in no input is not a repository of the report.
    if let Some(account) = row.subject.strip_suffix("/-") {
        let mut found = list("diagnostics").filter(|one| {
            let subject = &one["subject"];
            subject["kind"] == "declaration" && subject["account"] == account
        });
        let fits = |one: &Value| one["rule"] == *row.rule && one["verdict"] == *row.verdict;
        return (!found.any(fits)).then(|| "nothing of it".to_owned());
    }
    let subjects: Vec<_> = list("repositories")
        .filter(|one| is(&one["subject"], &row.subject))
        .collect();
    if subjects.is_empty() {
        // Roles and the like are not repositories; what is found about them is reported all the same.
        let mut found = list("diagnostics").filter(|one| is(&one["subject"], &row.subject));
        if found.any(|one| one["rule"] == *row.rule && one["verdict"] == *row.verdict) {
            return None;
        }
        return Some("there is no such repository".to_owned());
    }
    if row.rule == "-" {
        let findings = list("diagnostics").filter(|one| is(&one["subject"], &row.subject));
        let loud = findings.filter(|one| one["verdict"] == "fail" && one["severity"] != "note");
        let loud: Vec<_> = loud.map(|one| one["message"].to_string()).collect();
        return (!loud.is_empty()).then(|| loud.join(", "));
    }
    let verdicts = subjects
        .iter()
        .map(|one| one["verdicts"][&row.rule].as_str());
    let verdicts: BTreeSet<_> = verdicts.map(|one| one.unwrap_or("not on")).collect();
    let agrees = verdicts.contains(row.verdict.as_str());
    (!agrees).then(|| format!("{verdicts:?}"))
}

#[test]
#[expect(
    clippy::print_stderr,
    reason = "a test tells what it could not look at"
)]
fn the_fixtures_are_judged_as_was_written_down() {
    let known = rules();
    let mut reports = BTreeMap::new();
    let (mut held, mut waiting, mut wrong) = (0, BTreeMap::<String, usize>::new(), Vec::new());
    for row in rows() {
        let report = reports
            .entry(row.input.clone())
            .or_insert_with_key(|input| report(input));
        let Some(report) = report else {
            *waiting.entry(row.input.clone()).or_default() += 1;
            continue;
        };
        if row.rule != "-" && !known.contains(&row.rule) {
            *waiting.entry(row.rule.clone()).or_default() += 1;
            continue;
        }
        match disagreement(&row, report) {
            None => held += 1,
            Some(_) if row.not_yet() => *waiting.entry(row.input.clone()).or_default() += 1,
            Some(said) => wrong.push(format!(
                "{} {}: {} {}, but it says {said}",
                row.input, row.subject, row.rule, row.verdict
            )),
        }
    }
    let rows: usize = waiting.values().sum();
    eprintln!("{held} rows hold, {rows} wait for rules or inputs to come: {waiting:?}");
    assert!(held > 40, "only {held} rows were looked at");
    assert!(
        wrong.is_empty(),
        "{} rows do not hold:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
