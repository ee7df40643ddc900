//! The organisation's standard, statement by statement: what its builder synthesizes has no finding, and
//! each way to leave the standard raises the rules that are about it, and no others.
//!
//! `fixtures/cdk-shapes/python` is the builder (statements B), `fixtures/standard/library.yaml` what the documentation
//! of the construct library shows (statements C). The tables in `broken` say what is changed and which rules find it;
//! `fixtures/standard/places.tsv` says at which text.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where a fixture is not as it was written"
)]

#[rustfmt::skip] // a table
mod broken;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use broken::library::{self, Edited};
use broken::{Broken, Change, Rules};
use rayon::prelude::*;
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::golden::assert_golden;
use crate::program::{ecrlint, root};

/// The assembly that is broken, one way a row.
const COMPLIANT: &str = "python-2.275.0-default";

fn shapes() -> PathBuf {
    root().join("fixtures/cdk-shapes")
}

fn standard() -> PathBuf {
    root().join("fixtures/standard")
}

/// The first lines of the table of places.
const HEAD: &str = "# At which text each way to leave the standard is found; behind `<`, at which declaration.\nstatement\twhat\trule\tplace\n";

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
    let last = &*last.replace("~1", "/");
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

fn check(folder: &Path, assembly: &str) -> Json {
    let arguments = [
        "check",
        assembly,
        "-o",
        "json",
        "--evidence",
        "--fail-on",
        "never",
    ];
    let (code, report) = ecrlint(arguments).within(folder).json();
    assert_eq!(code, 0, "{assembly}: {report}");
    report
}

/// What a report says, a line a finding.
fn told(report: &Json) -> String {
    let diagnostics = report["diagnostics"].as_array().unwrap().iter();
    diagnostics
        .map(|it| format!("  {} {}: {}\n", it["rule"], it["verdict"], it["message"]))
        .collect()
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

/// A row of either table, as an input that is ready to be checked.
struct Row {
    statement: &'static str,
    what: &'static str,
    rules: Rules,
    /// Where the constructs of every subject lie; empty where any subject will do.
    subject: String,
    folder: TempDir,
    input: &'static str,
}

fn broken(row: Broken) -> Row {
    let folder = TempDir::new().unwrap();
    let from = shapes().join("out").join(COMPLIANT);
    copy(&from, &folder.path().join("cdk.out"));
    for file in ["cdk.json", "ecrlint.yaml"] {
        fs::copy(shapes().join("python").join(file), folder.path().join(file)).unwrap();
    }
    for change in row.changes {
        apply(change, folder.path());
    }
    let subject = row.subject.split_once('/');
    Row {
        statement: row.statement,
        what: row.what,
        rules: row.rules,
        subject: subject.map_or_else(String::new, |(environment, base)| {
            format!("Registry-{environment}/{base}/")
        }),
        folder,
        input: "cdk.out",
    }
}

fn edited(row: Edited) -> Row {
    let folder = TempDir::new().unwrap();
    let mut template = fs::read_to_string(standard().join("library.yaml")).unwrap();
    for (from, to) in row.edits {
        let times = template.matches(from).count();
        assert_eq!(
            times, 1,
            "{}: `{from}` stands there {times} times",
            row.what
        );
        template = template.replace(from, to);
    }
    let config = fs::read_to_string(standard().join("ecrlint.yaml")).unwrap();
    let config = format!("{config}{}\n", row.configured);
    fs::write(folder.path().join("library.yaml"), template).unwrap();
    fs::write(folder.path().join("ecrlint.yaml"), config).unwrap();
    Row {
        statement: row.statement,
        what: row.what,
        rules: row.rules,
        subject: String::new(),
        folder,
        input: "library.yaml",
    }
}

/// What is found, a line a finding, as the table of places has it: the rule, with `?` when it cannot be decided,
/// and what stands at the place; behind `<` what stands at the declaration that it goes against.
fn found(row: &Row, report: &Json) -> Vec<String> {
    let findings = report["diagnostics"].as_array().unwrap().iter();
    let mut lines: Vec<String> = findings
        .map(|finding| {
            let open = if finding["verdict"] == "fail" {
                ""
            } else {
                "?"
            };
            let rule = finding["rule"].as_str().unwrap();
            let place = excerpt(row.folder.path(), &finding["location"]);
            let declared = &finding["source_location"];
            let declared = match declared["path"].as_str() {
                Some("cdk.json") => format!(" < {}", word(row.folder.path(), declared)),
                _ => String::new(),
            };
            format!(
                "{}\t{}\t{rule}{open}\t{place}{declared}",
                row.statement, row.what
            )
        })
        .collect();
    lines.sort();
    lines.dedup();
    lines
}

/// The first line of what stands at a place.
fn excerpt(folder: &Path, location: &Json) -> String {
    let text = fs::read_to_string(folder.join(location["path"].as_str().unwrap())).unwrap();
    let number = |place: &str, what: &str| {
        usize::try_from(location[place][what].as_u64().unwrap()).unwrap() - 1
    };
    let line: Vec<char> = text
        .lines()
        .nth(number("start", "line"))
        .unwrap()
        .chars()
        .collect();
    let end = match number("end", "line") == number("start", "line") {
        true => number("end", "column"),
        false => line.len(),
    };
    line[number("start", "column")..end]
        .iter()
        .take(80)
        .collect()
}

/// What begins at a place of `cdk.json`.
fn word(folder: &Path, place: &Json) -> String {
    let text = fs::read_to_string(folder.join("cdk.json")).unwrap();
    let number = |what: &str| usize::try_from(place[what].as_u64().unwrap()).unwrap() - 1;
    let line = text.lines().nth(number("line")).unwrap().chars();
    let word = line.skip(number("column"));
    word.take_while(|letter| !",:}".contains(*letter)).collect()
}

/// What is not as the row says.
fn mistake(row: &Row, report: &Json) -> Option<String> {
    let diagnostics = report["diagnostics"].as_array().unwrap();
    let found: BTreeSet<String> = diagnostics
        .iter()
        .map(|it| {
            let open = if it["verdict"] == "fail" { "" } else { "?" };
            format!("{}{open}", it["rule"].as_str().unwrap())
        })
        .collect();
    let is_about = |it: &Json| {
        let path = it["subject"]["construct_path"].as_str();
        path.is_none_or(|path| path.starts_with(&row.subject))
    };
    let expected: BTreeSet<String> = row.rules.iter().map(|&rule| rule.to_owned()).collect();
    let fits = found == expected && diagnostics.iter().all(is_about);
    (!fits).then(|| {
        let told = told(report);
        format!(
            "{}, {}: expected {expected:?}, got\n{told}",
            row.statement, row.what
        )
    })
}

#[test]
fn what_the_construct_library_shows_has_no_finding() {
    let row = edited(Edited {
        statement: "C1",
        what: "nothing",
        edits: Vec::new(),
        configured: "",
        rules: &[],
    });
    let report = check(row.folder.path(), row.input);
    assert!(told(&report).is_empty(), "{}", told(&report));
    assert_eq!(report["summary"]["repositories"], 2);
}

#[test]
fn what_is_as_good_as_the_builder_has_no_finding() {
    let rows: Vec<Row> = broken::equals().into_iter().map(broken).collect();
    let reports = rows
        .par_iter()
        .map(|row| check(row.folder.path(), row.input));
    let reports: Vec<Json> = reports.collect();
    let pairs = rows.iter().zip(&reports);
    let mistakes: String = pairs
        .filter_map(|(row, report)| mistake(row, report))
        .collect();
    assert!(mistakes.is_empty(), "{mistakes}");
}

#[test]
fn the_standard_is_the_same_in_other_partitions() {
    for (partition, region) in [("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")] {
        let row = broken(Broken {
            statement: "B7",
            what: partition,
            subject: "",
            changes: Vec::new(),
            rules: &[],
        });
        let folder = row.folder.path();
        let mut files = vec![folder.join("cdk.json")];
        files.extend(
            fs::read_dir(folder.join("cdk.out"))
                .unwrap()
                .map(|it| it.unwrap().path()),
        );
        for file in files.iter().filter(|file| file.is_file()) {
            let text = fs::read_to_string(file).unwrap();
            let text = text
                .replace("eu-west-1", region)
                .replace("eu-central-1", region);
            fs::write(file, text.replace("arn:aws:", &format!("arn:{partition}:"))).unwrap();
        }
        let report = check(folder, row.input);
        assert!(told(&report).is_empty(), "{partition}\n{}", told(&report));
        assert_eq!(report["summary"]["repositories"], 9);
    }
}

#[test]
fn each_way_to_leave_the_standard_raises_its_rules_at_their_places_and_no_others() {
    let broken = broken::ways().into_iter().map(broken);
    let rows: Vec<Row> = broken
        .chain(library::edits().into_iter().map(edited))
        .collect();
    let statements: BTreeSet<&str> = rows.iter().map(|row| row.statement).collect();
    assert_eq!(
        statements.len(),
        31,
        "every statement has a row: {statements:?}"
    );
    assert!(rows.len() >= 100, "{} rows", rows.len());
    let reports: Vec<Json> = rows
        .par_iter()
        .map(|row| check(row.folder.path(), row.input))
        .collect();
    let pairs = || rows.iter().zip(&reports);
    let mistakes: String = pairs()
        .filter_map(|(row, report)| mistake(row, report))
        .collect();
    assert!(mistakes.is_empty(), "{mistakes}");
    let lines: Vec<String> = pairs()
        .flat_map(|(row, report)| found(row, report))
        .collect();
    let table = format!("{HEAD}{}\n", lines.join("\n"));
    assert_golden(&standard().join("places.tsv"), &table);
}
