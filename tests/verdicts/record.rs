//! Every verdict on every fixture and on every example of a rule, in one file.
//!
//! It says nothing about what is right, which the tables do: it shows what a change of the program changes. Renew it by
//! `just golden verdicts record`, and say in the commit why each line that differs does.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::Value;

use crate::examples;
use crate::golden::assert_golden;
use crate::program::{ecrlint, folder, root};
use ecrlint::rules::{Example, ExampleKind, Rule, RuleSet};

/// Folders below `fixtures` that are one input each.
const WHOLE: [&str; 3] = ["access", "cdk-app", "example"];
/// Folders below `fixtures` each entry of which is an input.
const EACH: [&str; 6] = [
    "broken",
    "cdk-shapes/out",
    "cloudformation",
    "policies",
    "snapshot",
    "standard",
];

#[test]
fn every_verdict_is_the_one_on_record() {
    let mut inputs = fixtures();
    let (rules, tables) = (RuleSet::builtin(), verdicts());
    inputs.extend(tables);
    let mut rows: Vec<String> = inputs
        .par_iter()
        .flat_map(|name| with_fixture(name, rows_of))
        .collect();
    let examples: Vec<Shown<'_>> = rules.iter().flat_map(shown).collect();
    rows.par_extend(
        examples
            .par_iter()
            .flat_map(|one| with_example(one, rows_of)),
    );
    assert!(rows.len() > 2_000, "{} rows", rows.len());
    let header = "input\trule\tsubject\tverdict\tseverity\twhen\tplace\tmessage";
    let found = format!("{header}\n{}\n", rows.join("\n"));
    assert_golden(&root().join("tests/verdicts/record.tsv"), &found);
}

/// An input that is on record, with what it is checked with.
pub(super) struct Recorded<'r> {
    pub(super) name: &'r str,
    file: &'r str,
    folder: &'r Path,
    options: &'r [String],
}

impl Recorded<'_> {
    /// The exit code and the JSON report.
    pub(super) fn report(&self) -> (i32, Value) {
        self.run(self.options.iter().map(String::as_str))
    }

    /// The JSON report by one rule alone.
    pub(super) fn report_by(&self, rule: &str) -> Value {
        let mut options = vec!["--select", rule];
        let mut given = self.options.iter().map(String::as_str);
        while let Some(option) = given.next() {
            match option {
                // It would add the rules of the set.
                "--set" => _ = given.next(),
                option => options.push(option),
            }
        }
        self.run(options.into_iter()).1
    }

    fn run<'o>(&'o self, options: impl Iterator<Item = &'o str>) -> (i32, Value) {
        let fixed = ["check", self.file, "-o", "json", "--fail-on", "never"];
        let arguments = fixed.into_iter().chain(options);
        ecrlint(arguments).within(self.folder).json()
    }
}

/// The inputs of folders that have no table, by their paths below `fixtures`.
pub(super) fn fixtures() -> Vec<String> {
    let mut inputs: Vec<String> = WHOLE.map(str::to_owned).to_vec();
    for folder in EACH {
        inputs.extend(entries(folder));
    }
    inputs
}

/// The inputs of the tables.
pub(super) fn verdicts() -> Vec<String> {
    let kinds = entries("verdicts").into_iter();
    let kinds = kinds.filter(|kind| fixture(kind).is_dir());
    kinds.flat_map(|kind| entries(&kind)).collect()
}

/// What is in a folder below `fixtures` but for tables and configurations, in its order.
fn entries(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(fixture(folder)).expect("a folder of fixtures");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = names
        .map(|name| format!("{folder}/{}", name.to_string_lossy()))
        .filter(|name| !name.ends_with(".tsv") && !name.ends_with("ecrlint.yaml"))
        .collect();
    names.sort();
    names
}

fn fixture(name: &str) -> PathBuf {
    root().join("fixtures").join(name)
}

/// An example with its name and its rule.
pub(super) type Shown<'r> = (String, &'r Rule, &'r Example);

/// The examples of a rule, by what they show.
pub(super) fn shown(rule: &Rule) -> Vec<Shown<'_>> {
    let all = &rule.documentation().examples;
    let kinds = [
        ("pass", &all.pass),
        ("fail", &all.fail),
        ("undetermined", &all.undetermined),
    ];
    let examples = kinds.into_iter().flat_map(|(kind, examples)| {
        let named = move |number| format!("{} {kind} {number}", rule.id());
        let numbered = examples.iter().zip(1..);
        numbered.map(move |(example, number)| (named(number), rule, example))
    });
    examples.collect()
}

pub(super) fn with_fixture<T>(name: &str, look: impl FnOnce(&Recorded<'_>) -> T) -> T {
    let path = fixture(name);
    let folder = path.parent().expect("a fixture lies in a folder");
    let file = path.file_name().expect("a name").to_string_lossy();
    let configuration = format!("{}.ecrlint.yaml", path.with_extension("").display());
    let mut options = Vec::new();
    if Path::new(&configuration).exists() {
        options.extend(["--config".to_owned(), configuration]);
    }
    let (file, folder) = match WHOLE.contains(&name) {
        true => (".", path.as_path()),
        false => (&*file, folder),
    };
    look(&Recorded {
        name,
        file,
        folder,
        options: &options,
    })
}

pub(super) fn with_example<T>(
    (name, rule, example): &Shown<'_>,
    look: impl FnOnce(&Recorded<'_>) -> T,
) -> T {
    let file = match example.kind {
        ExampleKind::Cloudformation => "template.yaml",
        ExampleKind::Snapshot => "snapshot.ndjson",
    };
    let beside = examples::files_beside(rule, example);
    let beside = beside.iter().map(|(name, text)| (*name, text.as_str()));
    let files: Vec<_> = beside.chain([(file, example.text.as_str())]).collect();
    let folder = folder(&files);
    let mut options = examples::options(example);
    for (parameter, value) in &example.parameters {
        options.extend(["--parameters".to_owned(), format!("{parameter}={value}")]);
    }
    look(&Recorded {
        name,
        file,
        folder: folder.path(),
        options: &options,
    })
}

/// A line for each finding, and one for the whole input.
fn rows_of(input: &Recorded<'_>) -> Vec<String> {
    let name = input.name;
    let (code, report) = input.report();
    let summary = &report["summary"];
    let judged = format!(
        "{name}\t-\t\t{}\t\t\t\t{} repositories, {} others, exit code {code}",
        report["conclusion"].as_str().unwrap_or_default(),
        summary["repositories"],
        summary["others"]
    );
    let findings = report["diagnostics"].as_array().into_iter().flatten();
    std::iter::once(judged)
        .chain(findings.map(|finding| format!("{name}\t{}", row(finding))))
        .collect()
}

fn row(finding: &Value) -> String {
    let text = |value: &Value| {
        value
            .as_str()
            .unwrap_or_default()
            .replace(['\t', '\n'], " ")
    };
    let (subject, place) = (&finding["subject"], &finding["location"]);
    let subject = match subject["logical_id"].is_string() {
        true => text(&subject["logical_id"]),
        false => text(&subject["name"]),
    };
    let start = &place["start"];
    let when = match finding["when"].is_null() {
        true => String::new(),
        false => finding["when"].to_string(),
    };
    [
        text(&finding["rule"]),
        subject,
        text(&finding["verdict"]),
        text(&finding["severity"]),
        when,
        format!(
            "{}:{}:{}",
            text(&place["path"]),
            start["line"],
            start["column"]
        ),
        text(&finding["message"]),
    ]
    .join("\t")
}
