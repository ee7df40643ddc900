//! Verdicts on what people really write: one table for each kind of input that is easily judged wrongly.
//!
//! `fixtures/verdicts/KIND.tsv` lists what has to be said about the inputs in `fixtures/verdicts/KIND`. Its columns:
//!
//! | column | meaning |
//! |---|---|
//! | file | the input, a file or a folder |
//! | subject | name or logical id; several with a bar between them, `*` for any |
//! | rule | the rule, `*` for any |
//! | expected | `fail`, `undetermined`, or `quiet`: no finding at all |
//! | says | a text that message, help or related places hold; may be empty |
//! | at | the text at the reported place begins with it; may be empty |
//! | why | the reason |
//!
//! `FILE.ecrlint.yaml`, without the ending of the input, is its configuration.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{ecrlint, root};

struct Row {
    file: String,
    subject: String,
    rule: String,
    expected: String,
    says: String,
    at: String,
    why: String,
}

#[test]
fn every_table_holds() {
    let mut wrong = Vec::new();
    for table in tables() {
        let folder = table.with_extension("");
        let mut reports = BTreeMap::new();
        for row in rows(&table) {
            let report = reports
                .entry(row.file.clone())
                .or_insert_with(|| report(&folder, &row.file));
            if let Err(found) = holds(&row, report, &folder) {
                let Row {
                    file,
                    subject,
                    rule,
                    why,
                    ..
                } = row;
                let kind = folder.file_name().expect("a kind has a name").display();
                wrong.push(format!("{kind}/{file}: {subject}: {rule}: {found} ({why})"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_input_has_a_row() {
    for table in tables() {
        let folder = table.with_extension("");
        let rows = rows(&table);
        for entry in fs::read_dir(&folder).expect("a table has a folder") {
            let name = entry.expect("an entry can be read").file_name();
            let name = name.to_string_lossy();
            let configuration = name.ends_with(".ecrlint.yaml");
            assert!(
                configuration || rows.iter().any(|row| row.file == name),
                "{}: {name} has no row",
                table.display()
            );
        }
    }
}

#[test]
fn findings_about_roles_say_under_which_conditions_they_hold() {
    let folder = root().join("fixtures/verdicts/identities");
    let diagnostics = report(&folder, "conditions.yaml");
    let mut found: Vec<(&str, &str)> = diagnostics
        .iter()
        .map(|one| {
            let id = one["subject"]["logical_id"].as_str().expect("a subject");
            (id, one["when"].as_str().unwrap_or("always"))
        })
        .collect();
    found.sort_unstable();
    let live = "`IsLive` is true";
    let other = "`IsLive` is false";
    let expected = [
        ("Action", live),
        ("Attached", live),
        ("List", live),
        ("Managed", live),
        ("ManagedItem", live),
        ("Nested", "`IsLive` is true and `IsOld` is false"),
        ("Own", other),
        ("Policy", live),
        ("Statement", live),
        ("Trust", other),
        ("User", live),
    ];
    assert_eq!(found, expected);
}

fn tables() -> Vec<PathBuf> {
    let folder = root().join("fixtures/verdicts");
    let entries = fs::read_dir(folder).expect("there are tables");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    let mut tables: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "tsv"))
        .collect();
    tables.sort();
    assert!(!tables.is_empty(), "no table of verdicts");
    tables
}

fn rows(table: &Path) -> Vec<Row> {
    let text = fs::read_to_string(table).expect("a table can be read");
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    let rows: Vec<_> = lines
        .map(|line| {
            let cells: Vec<_> = line.split('\t').map(str::to_owned).collect();
            let cells = <[String; 7]>::try_from(cells);
            let [file, subject, rule, expected, says, at, why] =
                cells.unwrap_or_else(|_| panic!("{}: not seven columns: {line}", table.display()));
            assert!(
                ["fail", "undetermined", "quiet"].contains(&expected.as_str()),
                "{}: `{expected}` is not a verdict",
                table.display()
            );
            Row {
                file,
                subject,
                rule,
                expected,
                says,
                at,
                why,
            }
        })
        .collect();
    assert!(!rows.is_empty(), "{}: no rows", table.display());
    rows
}

/// The diagnostics on an input.
fn report(folder: &Path, file: &str) -> Vec<Value> {
    assert!(folder.join(file).exists(), "{file} is not there");
    let mut arguments = vec!["check", file, "-o", "json", "--fail-on", "never"];
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let configuration = format!("{stem}.ecrlint.yaml");
    if folder.join(&configuration).exists() {
        arguments.extend(["--config", &configuration]);
    }
    let (_, json) = ecrlint(arguments).within(folder).json();
    let diagnostics = json["diagnostics"].as_array().expect("diagnostics");
    diagnostics.clone()
}

/// `Err` says what was found in place of what is expected.
fn holds(row: &Row, diagnostics: &[Value], folder: &Path) -> Result<(), String> {
    let about = |one: &&Value| {
        let names = [&one["subject"]["name"], &one["subject"]["logical_id"]];
        let mut subjects = row.subject.split('|');
        row.subject == "*" || subjects.any(|subject| names.contains(&&Value::from(subject)))
    };
    let hits: Vec<&Value> = diagnostics
        .iter()
        .filter(|one| row.rule == "*" || one["rule"] == row.rule.as_str())
        .filter(about)
        .collect();
    let fails = hits.iter().any(|one| one["verdict"] == "fail");
    let found = match hits.first() {
        None => "quiet",
        Some(_) if fails => "fail",
        Some(one) => one["verdict"].as_str().expect("a verdict"),
    };
    if found != row.expected {
        let messages: Vec<_> = hits.iter().map(|one| &one["message"]).collect();
        return Err(format!(
            "{found} in place of {}: {messages:?}",
            row.expected
        ));
    }
    if !row.says.is_empty() && !hits.iter().any(|one| words(one).contains(&row.says)) {
        let words: Vec<_> = hits.iter().map(|one| words(one)).collect();
        return Err(format!("does not say `{}`: {words:?}", row.says));
    }
    let places: Vec<_> = hits.iter().map(|one| text_at(one, folder)).collect();
    if !row.at.is_empty() && !places.iter().any(|text| text.starts_with(&row.at)) {
        return Err(format!("not at `{}` but {places:?}", row.at));
    }
    Ok(())
}

/// Message, help and what is said about related places.
fn words(diagnostic: &Value) -> String {
    let related = diagnostic["related"].as_array().expect("related places");
    let related = related.iter().map(|one| &one["message"]);
    [&diagnostic["message"], &diagnostic["help"]]
        .into_iter()
        .chain(related)
        .filter_map(Value::as_str)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The rest of the line from the reported place on.
fn text_at(diagnostic: &Value, folder: &Path) -> String {
    let location = &diagnostic["location"];
    let path = location["path"].as_str().expect("a path");
    let text = fs::read_to_string(folder.join(path)).expect("the reported file can be read");
    let number = |name: &str| {
        let number = location["start"][name].as_u64().expect("a number");
        usize::try_from(number).expect("a small number") - 1
    };
    let line = text.lines().nth(number("line")).unwrap_or_default();
    line.chars().skip(number("column")).collect()
}
