//! An assembly that was written by another state of its program says so, and no line is shown that is not meant.

use std::fs;
use std::path::Path;

use crate::program::{copied, ecrlint, root};
use serde_json::Value;

/// The file of the program that most findings come from.
const PROGRAM: &str = "lib/catalogue-stack.ts";
const SAID: &str = "the assembly is of another state of the program: line ";

/// The CDK app of the fixtures with its assembly, after `change` to the text of a file.
fn changed(file: &str, change: impl Fn(&str) -> String) -> tempfile::TempDir {
    let here = copied("fixtures/cdk-app");
    let path = here.path().join(file);
    let text = fs::read_to_string(&path).expect("a file of the app");
    fs::write(&path, change(&text)).expect("a file can be written");
    here
}

fn judged(here: &Path) -> (Value, Vec<String>) {
    let run = ecrlint(["check", "-o", "json", "--fail-on", "never"]).within(here);
    let (_, report) = run.json();
    let said = report["diagnostics"].as_array().expect("a list").iter();
    let said = said.filter(|one| one["rule"] == "unreadable-input");
    let said = said.map(|one| {
        assert_eq!(one["severity"], "warning");
        assert!(
            one["help"]
                .as_str()
                .is_some_and(|help| help.contains("`cdk synth`"))
        );
        one["message"].as_str().expect("a message").to_owned()
    });
    let said = said.collect();
    (report, said)
}

/// The lines of the program that findings are shown at.
fn lines(report: &Value) -> Vec<u64> {
    let found = report["diagnostics"].as_array().expect("a list").iter();
    let places = found.map(|one| &one["source_location"]);
    let places = places.filter(|place| place["path"] == PROGRAM);
    places.filter_map(|place| place["line"].as_u64()).collect()
}

#[test]
fn a_program_that_was_changed_since_is_reported_and_not_shown() {
    type Change = fn(&str) -> String;
    let changes: [(&str, Change); 7] = [
        ("a line more above", |text| format!("// new\n{text}")),
        ("three lines more above", |text| {
            format!("import 'x';\n\n\n{text}")
        }),
        ("a line less above", |text| {
            text.split_once('\n').expect("lines").1.to_owned()
        }),
        ("another construct", |text| {
            text.replace("'Importer'", "'Exporter'")
        }),
        ("a comment", |text| {
            text.replace("    const importer = new", "    // const importer = new")
        }),
        ("more indentation", |text| {
            text.replace("\n    ", "\n      ")
        }),
        ("an empty file", |_| String::new()),
    ];
    for (what, change) in changes {
        let here = changed(PROGRAM, change);
        let (report, said) = judged(here.path());
        assert_eq!(said.len(), 1, "{what}: {said:?}");
        assert!(said[0].starts_with(SAID), "{what}: {said:?}");
        assert!(
            said[0].contains(&format!("of `{PROGRAM}` is not where `")),
            "{said:?}"
        );
        let text = fs::read_to_string(here.path().join(PROGRAM)).expect("the program");
        for line in lines(&report) {
            let shown = text
                .lines()
                .nth(line as usize - 1)
                .expect("a line of the file");
            assert!(
                shown.contains("new ") || shown.contains('('),
                "{what}: {shown}"
            );
        }
        let human = ecrlint(["check"]).within(here.path()).ends();
        assert_eq!(human.code, 1, "{what}");
        let flat: Vec<_> = human.out.split_whitespace().collect();
        assert!(
            flat.join(" ").contains(SAID.trim()),
            "{what}: {}",
            human.out
        );
        assert!(
            !human.out.contains("name no file of this checkout"),
            "{what}"
        );
    }
}

#[test]
fn a_program_that_says_the_same_is_not_told() {
    type Change = fn(&str) -> String;
    let changes: [(&str, Change); 4] = [
        ("nothing", str::to_owned),
        ("lines below", |text| format!("{text}\n// the end\n")),
        ("other settings", |text| {
            text.replace(
                "repositoryName: environments",
                "emptyOnDelete: true, repositoryName: environments",
            )
        }),
        ("line ends of Windows", |text| text.replace('\n', "\r\n")),
    ];
    for (what, change) in changes {
        let here = changed(PROGRAM, change);
        let (report, said) = judged(here.path());
        assert_eq!(said, Vec::<String>::new(), "{what}");
        assert!(!lines(&report).is_empty(), "{what}");
    }
}

#[test]
fn assemblies_of_these_programs_are_of_their_state() {
    for app in ["fixtures/cdk-app", "fixtures/cdk-shapes"] {
        let report = ecrlint(["check", app, "-o", "json", "--fail-on", "never"])
            .json()
            .1;
        let said = report["diagnostics"].as_array().expect("a list").iter();
        let said: Vec<_> = said
            .filter_map(|one| one["message"].as_str())
            .filter(|message| message.starts_with(SAID))
            .collect();
        assert_eq!(said, Vec::<&str>::new(), "{app}");
    }
}

#[test]
fn the_warning_counts() {
    let here = changed(PROGRAM, |text| format!("// new\n{text}"));
    let fails = |least: &str| {
        ecrlint(["check", "--fail-on", least])
            .within(here.path())
            .ends()
            .code
    };
    assert_eq!((fails("warning"), fails("never")), (1, 0));
    let before = judged(&root().join("fixtures/cdk-app")).0;
    let after = judged(here.path()).0;
    let warnings = |report: &Value| report["summary"]["warnings"].as_u64().expect("a count");
    assert_eq!(warnings(&after), warnings(&before) + 1);
}
