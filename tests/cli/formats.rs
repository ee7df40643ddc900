//! Every format of one run: the same code, the same findings, its own schema.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ecrlint::render::FORMATS;
use serde_json::Value;

use crate::program::{ecrlint, folder, root};

const CLEAN: &str = "fixtures/cloudformation/clean.yaml";
const FAULTY: &str = "fixtures/example/registry.yaml";
const BROKEN: &str = "fixtures/broken/tabs.yaml";

/// Inputs with little and with much to tell.
const INPUTS: [&str; 6] = [
    CLEAN,
    FAULTY,
    BROKEN,
    "fixtures/cloudformation",
    "fixtures/cdk-app/cdk.out",
    "fixtures/cloudformation/powershell.yaml",
];

#[test]
fn every_format_ends_with_the_same_code() {
    for (input, code) in [(CLEAN, 0), (FAULTY, 1), (BROKEN, 2)] {
        for format in &FORMATS {
            let ended = ecrlint(["check", input, "--output", format.name]).ends();
            assert_eq!(ended.code, code, "{input} as {}", format.name);
            assert_eq!(ended.err, "", "reports are data, not talk");
        }
    }
}

#[test]
fn one_run_writes_every_report_that_was_asked_for() {
    let here = folder(&[]);
    let file = |name: &str| here.path().join(name);
    let mut arguments = vec!["check".to_owned(), FAULTY.to_owned()];
    arguments.extend(["--output".to_owned(), "human".to_owned()]);
    for format in &FORMATS {
        let path = file(format.name);
        arguments.extend([
            "--output".to_owned(),
            format!("{}={}", format.name, path.display()),
        ]);
    }
    let ended = ecrlint(&arguments).ends();
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    for format in &FORMATS {
        let alone = ecrlint(["check", FAULTY, "--output", format.name]).ends();
        let written = std::fs::read_to_string(file(format.name)).expect("the file is written");
        assert_eq!(written, alone.out, "{}", format.name);
    }
    assert_eq!(ended.out, ecrlint(["check", FAULTY]).ends().out);
}

#[test]
fn a_file_is_never_coloured() {
    let here = folder(&[]);
    let path = here.path().join("report.txt");
    let output = format!("human={}", path.display());
    ecrlint(["check", FAULTY, "--color", "always", "-o", &output]).ends();
    let written = std::fs::read_to_string(path).expect("the file is written");
    assert!(!written.is_empty() && !written.contains('\u{1b}'));
}

#[test]
fn a_report_that_cannot_be_written_fails_the_run() {
    for input in [CLEAN, FAULTY] {
        let ended = ecrlint(["check", input, "-o", "json=no/such/folder/report.json"]).ends();
        assert_eq!(ended.code, 2);
        let start = "error: cannot write `no/such/folder/report.json`: ";
        assert!(ended.err.starts_with(start), "{}", ended.err);
    }
}

#[test]
fn all_formats_count_the_same_findings() {
    for input in INPUTS {
        let text = |format: &str| ecrlint(["check", input, "-o", format]).ends().out;
        let json: Value = serde_json::from_str(&text("json")).expect("JSON");
        let findings = json["diagnostics"].as_array().expect("a list").len();
        let sarif: Value = serde_json::from_str(&text("sarif")).expect("JSON");
        let gitlab: Value = serde_json::from_str(&text("gitlab")).expect("JSON");
        let summed: u64 = ["errors", "warnings", "notes", "undetermined", "unreadable"]
            .iter()
            .map(|name| json["summary"][name].as_u64().expect("a count"))
            .sum();
        let junit = text("junit");
        let counts = BTreeMap::from([
            ("summary", usize::try_from(summed).expect("a small number")),
            (
                "sarif",
                sarif["runs"][0]["results"]
                    .as_array()
                    .expect("a list")
                    .len(),
            ),
            ("gitlab", gitlab.as_array().expect("a list").len()),
            (
                "junit",
                junit.matches("<failure ").count() + junit.matches("<skipped ").count(),
            ),
        ]);
        for (name, count) in counts {
            assert_eq!(count, findings, "{input}: {name}");
        }
        // Formats that people read tell of causes, which their last line counts.
        let human = text("human");
        let causes = titles(&human);
        assert_eq!(annotated(&text("github")), causes, "{input}: github");
        let told = format!("({causes} cause");
        assert_eq!(human.contains(&told), causes < findings, "{input}: human");
    }
}

/// Findings that annotations tell of: GitHub shows ten of a kind, so the tenth counts the rest.
fn annotated(github: &str) -> usize {
    let annotations = github.lines().filter(|line| line.starts_with("::"));
    let told = |line: &str| {
        let rest = line.split_once(" title=ecrlint::")?.1;
        rest.split_once(" more ")?.0.parse().ok()
    };
    annotations.map(|line| told(line).unwrap_or(1)).sum()
}

fn titles(human: &str) -> usize {
    let words = ["error[", "warning[", "note[", "undetermined["];
    let is_title = |line: &&str| words.iter().any(|word| line.starts_with(word));
    human.lines().filter(is_title).count()
}

#[test]
fn json_keeps_its_schema_on_every_input() {
    let schema = include_str!("../../schemas/report.json");
    let schema = serde_json::from_str(schema).expect("a schema in JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for input in INPUTS {
        for more in [&[][..], &["--evidence"], &["--set", "organisation"]] {
            let arguments = ["check", input, "-o", "json"].into_iter();
            let arguments = arguments.chain(more.iter().copied());
            let (_, report) = ecrlint(arguments).json();
            let problems = validator
                .iter_errors(&report)
                .map(|error| error.to_string());
            assert_eq!(
                problems.collect::<Vec<_>>(),
                Vec::<String>::new(),
                "{input}"
            );
        }
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that was skipped says so")]
fn sarif_keeps_its_schema_on_every_input() {
    let shared = std::env::var_os("ECRLINT_SHARED").map(PathBuf::from);
    let near = root().join("../shared");
    let path = shared.unwrap_or(near).join("data/sarif-schema-2.1.0.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: no SARIF schema here, ECRLINT_SHARED names its folder");
        return;
    };
    // The published pattern is no regular expression: its bracket is not closed.
    let text = text.replace("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}");
    let schema = serde_json::from_str(&text).expect("a schema in JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for input in INPUTS {
        let (_, sarif) = ecrlint(["check", input, "-o", "sarif"]).json();
        let problems = validator.iter_errors(&sarif).map(|error| error.to_string());
        assert_eq!(
            problems.collect::<Vec<_>>(),
            Vec::<String>::new(),
            "{input}"
        );
    }
}

#[test]
fn sarif_says_what_code_scanning_needs() {
    for input in INPUTS {
        let (_, sarif) = ecrlint(["check", input, "-o", "sarif"]).json();
        assert_eq!(sarif["version"], "2.1.0");
        let run = &sarif["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        let mut fingerprints = Vec::new();
        for result in run["results"].as_array().expect("results") {
            let rule = result["ruleIndex"].as_u64().map(|index| index as usize);
            let rule = rule.and_then(|index| rules.get(index)).expect("its rule");
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(
                result["message"]["text"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty())
            );
            let locations = result["locations"].as_array().expect("places");
            assert_eq!(locations.len(), 1, "code scanning shows the first");
            let place = &locations[0]["physicalLocation"];
            assert!(place["region"]["startLine"].as_u64() >= Some(1));
            is_relative(place["artifactLocation"]["uri"].as_str().expect("a URI"));
            fingerprints.push(result["partialFingerprints"].to_string());
        }
        let found = fingerprints.len();
        fingerprints.sort();
        fingerprints.dedup();
        assert_eq!(
            fingerprints.len(),
            found,
            "{input}: no two findings are one"
        );
    }
}

fn is_relative(uri: &str) {
    assert!(
        !uri.contains(':')
            && !uri.starts_with('/')
            && !uri.starts_with("..")
            && !uri.contains('\\'),
        "{uri} is not relative"
    );
}

#[test]
fn places_in_the_checkout_are_relative_however_they_were_named() {
    let folder = root().join("fixtures/cdk-app");
    let absolute = root().join(FAULTY);
    let absolute = absolute.to_str().expect("a path in Unicode");
    for (within, input) in [
        (root(), absolute),
        (root(), "./fixtures/../fixtures/example/registry.yaml"),
        (root(), FAULTY),
    ] {
        let (_, sarif) = ecrlint(["check", input, "-o", "sarif"])
            .within(within)
            .json();
        assert_eq!(uris(&sarif), [FAULTY], "{input}");
        let (_, gitlab) = ecrlint(["check", input, "-o", "gitlab"])
            .within(within)
            .json();
        assert_eq!(gitlab[0]["location"]["path"], FAULTY);
        let github = ecrlint(["check", input, "-o", "github"])
            .within(within)
            .ends()
            .out;
        assert!(github.contains(&format!("file={FAULTY},")), "{github}");
    }
    let (_, sarif) = ecrlint(["check", "-o", "sarif"]).within(folder).json();
    for uri in uris(&sarif) {
        is_relative(&uri);
        assert!(
            root().join("fixtures/cdk-app").join(&uri).is_file(),
            "{uri}"
        );
    }
}

fn uris(sarif: &Value) -> Vec<String> {
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let place = |result: &Value| {
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        place.as_str().expect("a URI").to_owned()
    };
    let mut uris: Vec<_> = results.iter().map(place).collect();
    uris.dedup();
    uris
}

#[test]
fn junit_is_xml_and_markdown_a_table() {
    for input in INPUTS {
        let junit = ecrlint(["check", input, "-o", "junit"]).ends().out;
        assert!(
            junit.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
            "{junit}"
        );
        assert!(balanced(&junit), "{junit}");
        let markdown = ecrlint(["check", input, "-o", "markdown"]).ends().out;
        assert!(markdown.starts_with("## ecrlint: "), "{markdown}");
    }
}

/// Whether every element that begins ends, in the right order.
fn balanced(xml: &str) -> bool {
    let mut open = Vec::new();
    for tag in xml.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap_or((tag, ""));
        if tag.starts_with(['?', '!']) || tag.ends_with('/') {
            continue;
        }
        match tag.strip_prefix('/') {
            Some(name) if open.pop() == Some(name) => {}
            Some(_) => return false,
            None => open.push(tag.split_whitespace().next().unwrap_or(tag)),
        }
    }
    open.is_empty()
}
