//! The organisation's standard, statement by statement: what its builder synthesizes has no finding, and
//! each way to leave the standard raises the rules that are about it, and no others.
//!
//! `fixtures/cdk-shapes/python` is the builder. A rule that does not exist yet is left out of what is
//! expected, counted and printed; it is expected as soon as `ecrlint rules` knows it.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where a fixture is not as it was written"
)]

#[rustfmt::skip] // a table
mod broken;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use broken::{Broken, Change};
use serde_json::Value as Json;
use tempfile::TempDir;

/// The assembly that is broken, one way a row.
const COMPLIANT: &str = "python-2.275.0-default";

fn shapes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cdk-shapes")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

fn edit(file: &Path, change: impl FnOnce(&mut Json)) {
    let mut json = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    change(&mut json);
    fs::write(file, serde_json::to_string_pretty(&json).unwrap()).unwrap();
}

/// Puts a value at a pointer whose parent is there, or takes away what is.
fn put(json: &mut Json, pointer: &str, value: Option<Json>) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    let parent = json
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("nothing at {pointer}"));
    match (parent, value) {
        (Json::Object(members), Some(value)) => drop(members.insert(last.to_owned(), value)),
        (Json::Object(members), None) => drop(
            members
                .remove(last)
                .expect("there is something to take away"),
        ),
        (Json::Array(items), Some(value)) if last.parse() == Ok(items.len()) => items.push(value),
        (Json::Array(items), Some(value)) => items[last.parse::<usize>().unwrap()] = value,
        (Json::Array(items), None) => drop(items.remove(last.parse().unwrap())),
        (other, _) => panic!("{pointer} leads into {other}"),
    }
}

fn apply(change: Change, folder: &Path) {
    let template = |environment: &str| {
        folder
            .join("cdk.out")
            .join(format!("Registry-{environment}.template.json"))
    };
    match change {
        Change::Resource(construct, pointer, value) => {
            let (environment, _) = construct.split_once('/').unwrap();
            let path = format!("Registry-{construct}");
            edit(&template(environment), |json| {
                let mut resources = json["Resources"].as_object().unwrap().iter();
                let resource =
                    resources.find(|(_, it)| it["Metadata"]["aws:cdk:path"] == path.as_str());
                let (id, _) = resource.unwrap_or_else(|| panic!("no resource at {path}"));
                let pointer = format!("/Resources/{id}{pointer}");
                put(json, &pointer, value);
            });
        }
        Change::New(environment, id, resource) => {
            edit(&template(environment), |json| {
                put(json, &format!("/Resources/{id}"), Some(resource))
            });
        }
        Change::Declared(pointer, value) => edit(&folder.join("cdk.json"), |json| {
            put(json, &format!("/context/environments{pointer}"), value);
        }),
        Change::Configured(lines) => {
            let file = folder.join("ecrlint.yaml");
            let text = fs::read_to_string(&file).unwrap();
            fs::write(file, format!("{text}\n{lines}\n")).unwrap();
        }
    }
}

fn ecrlint(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ecrlint"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("ECRLINT_CONFIG")
        .output()
        .unwrap();
    let (text, talk) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{arguments:?}: {text}{talk}");
    text
}

fn check(folder: &Path, assembly: &str) -> Json {
    let text = ecrlint(
        folder,
        &[
            "check",
            assembly,
            "--output",
            "json",
            "--evidence",
            "--fail-on",
            "never",
        ],
    );
    serde_json::from_str(&text).unwrap()
}

/// The ids of the rules that exist.
fn existing() -> BTreeSet<String> {
    let text = ecrlint(&shapes(), &["rules"]);
    let ids = text
        .lines()
        .map_while(|line| line.split_whitespace().next());
    ids.map(str::to_owned).collect()
}

/// What a report says, a line a finding.
fn told(report: &Json) -> String {
    let diagnostics = report["diagnostics"].as_array().unwrap().iter();
    diagnostics
        .map(|it| format!("  {} {}: {}\n", it["rule"], it["verdict"], it["message"]))
        .collect()
}

/// Whether the findings of a report are the expected ones, about the expected repository.
fn mistake(report: &Json, row: &Broken, expected: &BTreeSet<&str>) -> Option<String> {
    let diagnostics = report["diagnostics"].as_array().unwrap();
    let of = |verdict: &str| -> BTreeSet<&str> {
        let found = diagnostics.iter().filter(|it| it["verdict"] == verdict);
        found.map(|it| it["rule"].as_str().unwrap()).collect()
    };
    let open: BTreeSet<&str> = row.open.iter().copied().collect();
    let (environment, base) = row.subject.split_once('/').unwrap_or_default();
    let subject = format!("Registry-{environment}/{base}/");
    let is_about = |it: &Json| match it["subject"]["construct_path"].as_str() {
        Some(path) => row.subject.is_empty() || path.starts_with(&subject),
        None => true,
    };
    let fits =
        of("fail") == *expected && of("undetermined") == open && diagnostics.iter().all(is_about);
    (!fits).then(|| {
        format!(
            "{}, {}: expected {expected:?}, got\n{}",
            row.statement,
            row.what,
            told(report)
        )
    })
}

#[test]
fn what_the_builder_builds_has_no_finding_in_any_version_and_mode() {
    let mut assemblies = 0;
    for entry in fs::read_dir(shapes().join("out")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.starts_with("python-2.") {
            let report = check(&shapes().join("python"), &format!("../out/{name}"));
            assert!(told(&report).is_empty(), "{name}\n{}", told(&report));
            assert_eq!(report["summary"]["repositories"], 9, "{name}");
            assemblies += 1;
        }
    }
    assert_eq!(assemblies, 6);
}

#[test]
#[allow(
    clippy::print_stdout,
    reason = "rows that wait for a rule are counted in the open"
)]
fn each_way_to_leave_the_standard_raises_its_rules_and_no_others() {
    let existing = existing();
    let (mut later, mut mistakes) = (Vec::new(), String::new());
    let mut statements = BTreeSet::new();
    for mut row in broken::ways() {
        statements.insert(row.statement);
        let (expected, missing): (BTreeSet<&str>, BTreeSet<&str>) = row
            .rules
            .iter()
            .copied()
            .partition(|rule| existing.contains(*rule));
        if !missing.is_empty() {
            later.push(format!("{}, {}: {missing:?}", row.statement, row.what));
        }
        if expected.is_empty() {
            continue;
        }
        let folder = TempDir::new().unwrap();
        copy(
            &shapes().join("out").join(COMPLIANT),
            &folder.path().join("cdk.out"),
        );
        for file in ["cdk.json", "ecrlint.yaml"] {
            fs::copy(shapes().join("python").join(file), folder.path().join(file)).unwrap();
        }
        for change in std::mem::take(&mut row.changes) {
            apply(change, folder.path());
        }
        if let Some(mistake) = mistake(&check(folder.path(), "cdk.out"), &row, &expected) {
            mistakes += &mistake;
        }
    }
    println!("{} rows wait for rules:\n{}", later.len(), later.join("\n"));
    assert!(mistakes.is_empty(), "{mistakes}");
    assert_eq!(
        statements.len(),
        15,
        "every statement has a row: {statements:?}"
    );
}
