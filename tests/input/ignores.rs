//! Ignores: every case of `tests/input/ignores` is checked by the binary and says what its `expected.txt`
//! lists; `UPDATE_GOLDEN=1` writes it anew. Then what every case has in common, and what no file shows.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and an unwrap names its line"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ecrlint::config;
use ecrlint::engine::{self, Plan, RuleSelection, Thresholds};
use ecrlint::ignore::Date;
use ecrlint::input::{self, Context, Scratch};
use ecrlint::model::Inventory;
use ecrlint::report::{DraftReport, Severity, Verdict};
use ecrlint::rules::RuleSet;
use ecrlint::source::Sources;
use serde_json::Value as Json;

use crate::golden::assert_golden;
use crate::program::{Ended, ecrlint, root};

fn case(name: &str) -> PathBuf {
    root().join("tests/input/ignores").join(name)
}

/// Checks a folder. Only a configuration in that folder counts.
fn check(folder: &Path, arguments: &[&str]) -> Ended {
    let arguments = ["check"].iter().chain(arguments);
    let ended = ecrlint(arguments).within(folder).ends();
    assert!(ended.err.is_empty(), "{}", ended.err);
    ended
}

fn json(folder: &Path, arguments: &[&str]) -> Json {
    let arguments = [&["--output", "json"], arguments].concat();
    serde_json::from_str(&check(folder, &arguments).out).unwrap()
}

/// The rules of the findings with that verdict.
fn rules(report: &Json, verdict: &str) -> Vec<String> {
    let found = report["diagnostics"].as_array().unwrap().iter();
    let found = found.filter(|one| one["verdict"] == verdict);
    found
        .map(|one| one["rule"].as_str().unwrap().to_owned())
        .collect()
}

fn place(location: &Json) -> String {
    let start = &location["start"];
    let path = location["path"].as_str().unwrap();
    format!("{path}:{}:{}", start["line"], start["column"])
}

/// A report in a few lines.
fn told(folder: &Path) -> String {
    let report = json(folder, &["--evidence"]);
    let mut text = String::new();
    for one in report["diagnostics"].as_array().unwrap() {
        let word = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let (rule, verdict, severity) = (word("rule"), word("verdict"), word("severity"));
        let at = place(&one["location"]);
        writeln!(
            text,
            "{at} {verdict} {severity}[{rule}]: {}",
            word("message")
        )
        .unwrap();
        if rule.ends_with("-ignore") || rule == "unreadable-input" || verdict == "ignored" {
            writeln!(text, "    help: {}", word("help")).unwrap();
        }
        for related in one["related"].as_array().unwrap() {
            let message = related["message"].as_str().unwrap();
            writeln!(text, "    {}: {message}", place(&related["location"])).unwrap();
        }
    }
    let ignored = &report["summary"]["ignored"];
    let code = check(folder, &[]).code;
    writeln!(text, "{ignored} ignored, exit code {code}").unwrap();
    text
}

#[test]
fn every_case_says_what_it_expects() {
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("tests/input/ignores"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(folders.len() > 10, "{folders:?}");
    for folder in folders {
        let actual = told(&folder);
        assert_golden(&folder.join("expected.txt"), &actual);
    }
}

#[test]
fn an_ignored_finding_is_shown_only_as_evidence() {
    for name in ["configuration", "metadata", "comment"] {
        let folder = case(name);
        assert!(rules(&json(&folder, &[]), "ignored").is_empty(), "{name}");
        let report = json(&folder, &["--evidence"]);
        assert!(
            rules(&report, "ignored").contains(&"scan-on-push".to_owned()),
            "{name}"
        );
        let repositories = report["repositories"].as_array().unwrap();
        let verdicts: Vec<_> = repositories
            .iter()
            .map(|one| &one["verdicts"]["scan-on-push"])
            .collect();
        assert_eq!(verdicts[..2], ["fail", "ignored"], "{name}");
        let human = check(&folder, &["--evidence"]).out;
        assert!(
            human.contains("ignored by platform until 2999-12-31: "),
            "{human}"
        );
    }
}

#[test]
fn an_ignore_does_not_leak_to_another_resource() {
    for name in [
        "configuration",
        "metadata",
        "comment",
        "comment-at-a-property",
    ] {
        assert_eq!(
            rules(&json(&case(name), &[]), "fail"),
            ["scan-on-push"],
            "{name}"
        );
    }
}

#[test]
fn only_the_configuration_counts_without_inline_ignores() {
    let flag = "--no-inline-ignores";
    for (name, ignored) in [("metadata", 0), ("comment", 0), ("configuration", 1)] {
        let report = json(&case(name), &[flag]);
        assert_eq!(report["summary"]["ignored"], ignored, "{name}");
    }
    for name in ["unknown-rule", "no-reason", "expired"] {
        let report = json(&case(name), &[flag]);
        assert_eq!(report["summary"]["unreadable"], 0, "{name}");
        assert!(
            rules(&report, "fail").contains(&"scan-on-push".to_owned()),
            "{name}"
        );
    }
    let app = root().join("fixtures/cdk-app");
    assert_eq!(json(&app, &[])["summary"]["ignored"], 2);
    assert_eq!(json(&app, &[flag])["summary"]["ignored"], 1);
}

#[test]
fn an_acknowledgement_of_a_cdk_app_counts_with_its_reason() {
    let report = json(&root().join("fixtures/cdk-app"), &["--evidence"]);
    let found = report["diagnostics"].as_array().unwrap().iter();
    let ignored: Vec<_> = found.filter(|one| one["verdict"] == "ignored").collect();
    let scan = ignored
        .iter()
        .find(|one| one["rule"] == "scan-on-push")
        .unwrap();
    assert_eq!(
        scan["subject"]["construct_path"],
        "Payments/BuildCache/Resource"
    );
    assert!(
        scan["help"]
            .as_str()
            .unwrap()
            .starts_with("ignored: layers of builds")
    );
    let acknowledged = &scan["related"][0]["location"];
    assert_eq!(acknowledged["path"], "lib/payments-stack.ts");
    let program = root().join("fixtures/cdk-app/lib/payments-stack.ts");
    let line = acknowledged["start"]["line"].as_u64().unwrap();
    let program = fs::read_to_string(program).unwrap();
    let line = program.lines().nth(usize::try_from(line).unwrap() - 1);
    assert!(line.unwrap().contains("acknowledge("), "{line:?}");
    assert!(
        !rules(&report, "fail")
            .iter()
            .any(|rule| rule.ends_with("-ignore"))
    );
}

#[test]
fn an_acknowledgement_does_not_leak_into_another_assembly() {
    let folder = tempfile::tempdir().unwrap();
    for (app, rules) in [("one", r#"{"ecrlint::scan-on-push": "x"}"#), ("two", "{}")] {
        let out = folder.path().join(app);
        fs::create_dir(&out).unwrap();
        let manifest = r#"{"artifacts": {"A": {"type": "aws:cloudformation:stack",
            "properties": {"templateFile": "A.template.json"}, "additionalMetadataFile": "A.metadata.json"}}}"#;
        let template = r#"{"Resources": {"Repo": {"Type": "AWS::ECR::Repository", "Metadata": {"aws:cdk:path": "A/Repo"}}}}"#;
        let metadata =
            format!(r#"{{"/A": [{{"type": "aws:cdk:acknowledged-rules", "data": {rules}}}]}}"#);
        for (name, text) in [
            ("cdk.out", "{}"),
            ("manifest.json", manifest),
            ("A.template.json", template),
            ("A.metadata.json", metadata.as_str()),
        ] {
            fs::write(out.join(name), text).unwrap();
        }
    }
    let report = json(folder.path(), &["--evidence", "one", "two"]);
    let found = report["diagnostics"].as_array().unwrap().iter();
    let scan = found.filter(|one| one["rule"] == "scan-on-push");
    let verdicts: Vec<_> = scan.map(|one| one["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["ignored", "fail"]);
}

#[test]
fn ignored_findings_are_suppressed_in_sarif_as_evidence_alone() {
    let suppressions = |more: &[&str]| -> Vec<Json> {
        let arguments = [&["--output", "sarif"], more].concat();
        let log = check(&case("comment"), &arguments).out;
        let log: Json = serde_json::from_str(&log).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().iter();
        results.map(|one| one["suppressions"].clone()).collect()
    };
    assert_eq!(suppressions(&[]), [Json::Null]);
    let evidence = suppressions(&["--evidence"]);
    // An empty list says that a result is certainly not suppressed.
    let [Json::Array(counts), Json::Array(ignored)] = evidence.as_slice() else {
        panic!("{evidence:?}");
    };
    assert!(counts.is_empty(), "{counts:?}");
    let reason = ignored[0]["justification"].as_str();
    assert!(
        reason.is_some_and(|reason| !reason.is_empty()),
        "{ignored:?}"
    );
}

#[test]
fn every_result_of_sarif_has_its_rule() {
    for name in ["expired", "unused", "unknown-rule"] {
        let sarif = check(&case(name), &["--output", "sarif"]).out;
        let log: Json = serde_json::from_str(&sarif).unwrap();
        let run = &log["runs"][0];
        for result in run["results"].as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            let rule = &run["tool"]["driver"]["rules"][index];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(
                rule["help"]["markdown"]
                    .as_str()
                    .unwrap()
                    .contains("## Why"),
                "{rule}"
            );
        }
    }
}

#[test]
fn the_rules_of_the_tool_are_explained() {
    for rule in engine::TOOL_RULES {
        let page = ecrlint(["explain", rule.id]).ends().out;
        assert!(page.starts_with(&format!("# {}\n", rule.id)));
    }
}

#[test]
fn a_configuration_cannot_switch_off_what_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let template = case("comment").join("template.yaml");
    fs::copy(template, folder.path().join("template.yaml")).unwrap();
    for rule in [
        "unreadable-input: off",
        "unused-ignore: { settings: { a: 1 } }",
    ] {
        let text = format!("rules:\n  {rule}\n");
        fs::write(folder.path().join("ecrlint.yaml"), text).unwrap();
        let ended = check(folder.path(), &[]);
        assert_eq!(ended.code, 2, "{rule}");
        assert!(ended.out.contains("a rule of the tool itself"), "{rule}");
    }
}

/// What a repository that is not scanned amounts to on a day.
fn on(today: &str) -> DraftReport {
    let mut sources = Sources::default();
    let text = "ignores: [{ rule: scan-on-push, reason: x, expires: 2027-06-30 }]";
    let mut nothing = |_: &Path| Err(std::io::ErrorKind::NotFound.into());
    let path = Path::new("ecrlint.yaml");
    let config = config::parse(path, text.to_owned(), &mut sources, &mut nothing).unwrap();
    let template = "Resources: { A: { Type: AWS::ECR::Repository } }";
    let source = sources.add("template.yaml", template);
    let loaded = input::load(
        template,
        source,
        &Context::default(),
        &mut Scratch::default(),
    );
    let inventory = Inventory {
        inputs: 1,
        entities: loaded.entities,
        registries: loaded.registries,
        ..Inventory::default()
    };
    let rules = RuleSet::builtin();
    let plan = Plan::new(&rules, &config, &RuleSelection::default()).unwrap();
    let thresholds = Thresholds {
        fail_on: Some(Severity::Error),
        undetermined: Severity::Note,
        today: today.parse::<Date>().unwrap(),
    };
    engine::check(&plan, &config, &inventory, thresholds, Vec::new())
}

#[test]
fn an_ignore_holds_through_its_last_day() {
    let found = |today: &str, rule: &str| {
        let report = on(today);
        let found = report.diagnostics.into_iter();
        found
            .filter(|one| one.rule == rule)
            .map(|one| one.verdict)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("2027-06-30", "scan-on-push"), [Verdict::Ignored]);
    assert_eq!(found("2027-07-01", "scan-on-push"), [Verdict::Fail]);
    assert_eq!(found("2027-06-30", "expired-ignore"), []);
    assert_eq!(found("2027-07-01", "expired-ignore"), [Verdict::Fail]);
}
