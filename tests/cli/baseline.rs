//! `check --baseline`: what was there before counts no more, and the list never grows or shrinks in silence.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Ended, ecrlint, folder};
use crate::sarif;

const TWO: &str = "\
Resources:
  App:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/app
  Web:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/web
      ImageScanningConfiguration:
        ScanOnPush: false
";

const OTHER: &str = "\
Resources:
  Old:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/old
";

fn estate() -> TempDir {
    folder(&[("infra/two.yaml", TWO), ("infra/other.yaml", OTHER)])
}

fn run(folder: &Path, arguments: &[&str]) -> Ended {
    let arguments = ["check", "--baseline", "known.json"]
        .iter()
        .chain(arguments);
    ecrlint(arguments).within(folder).ends()
}

/// Writes the baseline of everything.
fn write(folder: &Path) -> String {
    let ended = run(folder, &["--write-baseline"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    fs::read_to_string(folder.join("known.json")).expect("it was written")
}

/// Exit code, the counts that matter, and rule and subject of what counts.
fn judged(folder: &Path, arguments: &[&str]) -> (i32, [u64; 2], Vec<String>) {
    let usual = ["-o", "json"];
    let ended = run(folder, &[arguments, &usual].concat());
    let report: Value = serde_json::from_str(&ended.out).expect("a report");
    let count = |name: &str| report["summary"][name].as_u64().expect("a count");
    let found = report["diagnostics"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let found = found.map(|one| {
        format!(
            "{} {}",
            text(&one["rule"]),
            text(&one["subject"]["logical_id"])
        )
    });
    (
        ended.code,
        [count("baselined"), count("fixed")],
        found.collect(),
    )
}

#[test]
fn what_was_there_before_counts_no_more_and_what_is_new_does() {
    let folder = estate();
    let folder = folder.path();
    assert_eq!(ecrlint(["check"]).within(folder).ends().code, 1);
    let ended = run(folder, &["--write-baseline"]);
    assert_eq!(ended.code, 0);
    assert_eq!(ended.err, "`known.json` lists 9 findings: 9 new\n");
    assert_eq!(
        ended.out.lines().next(),
        Some("passed: no findings, 9 in the baseline in 3 repositories (2 inputs checked)")
    );
    assert_eq!(judged(folder, &[]), (0, [9, 0], vec![]));
    let text = fs::read_to_string(folder.join("infra/two.yaml")).expect("it is there");
    let text = text.replace(
        "Resources:\n",
        "Resources:\n  New:\n    Type: AWS::ECR::Repository\n",
    );
    fs::write(folder.join("infra/two.yaml"), text).expect("it can be written");
    let (code, counts, found) = judged(folder, &[]);
    assert_eq!((code, counts), (1, [9, 0]));
    assert!(found.iter().all(|one| one.ends_with(" New")), "{found:?}");
    assert!(found.contains(&"scan-on-push New".to_owned()));
}

/// How an estate changes without any finding being new or fixed.
type Move = (&'static str, fn(&Path));

#[test]
fn moving_changes_nothing() {
    let moves: [Move; 5] = [
        ("lines", |folder| {
            let path = folder.join("infra/two.yaml");
            fs::write(path, format!("# one\n\n# two\n{TWO}")).expect("it can be written");
        }),
        ("resources", |folder| {
            let (head, rest) = TWO.split_once("  Web:").expect("two resources");
            let (top, app) = head.split_once('\n').expect("lines");
            let text = format!("{top}\n  Web:{rest}{app}");
            fs::write(folder.join("infra/two.yaml"), text).expect("it can be written");
        }),
        ("files", |folder| {
            fs::create_dir(folder.join("stacks")).expect("a folder");
            let from = folder.join("infra/two.yaml");
            fs::rename(from, folder.join("stacks/moved.yaml")).expect("it can be moved");
        }),
        ("form", |folder| {
            let json = r#"{"Resources": {
                "App": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "team/app"}},
                "Web": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "team/web",
                    "ImageScanningConfiguration": {"ScanOnPush": false}}}}}"#;
            fs::remove_file(folder.join("infra/two.yaml")).expect("it is there");
            fs::write(folder.join("infra/two.json"), json).expect("it can be written");
        }),
        ("nothing", |_| {}),
    ];
    for (what, make) in moves {
        let folder = estate();
        let before = write(folder.path());
        make(folder.path());
        assert_eq!(judged(folder.path(), &[]), (0, [9, 0], vec![]), "{what}");
        let after = write(folder.path());
        if what == "lines" || what == "resources" || what == "nothing" {
            assert_eq!(before, after, "{what}");
        }
    }
}

#[test]
fn the_place_from_which_it_is_run_changes_nothing() {
    let folder = estate();
    let folder = folder.path();
    fs::create_dir(folder.join(".git")).expect("a checkout");
    write(folder);
    let whole = folder.join("infra/two.yaml");
    let whole = whole.to_str().expect("text");
    for (place, arguments) in [
        ("infra", vec!["../known.json", "two.yaml"]),
        ("infra", vec!["../known.json", "../infra/./two.yaml"]),
        ("infra", vec!["../known.json", whole]),
        ("", vec!["known.json", "infra/two.yaml"]),
        ("", vec!["known.json", whole]),
    ] {
        let arguments = ["check", "-o", "summary", "--baseline"]
            .iter()
            .chain(&arguments);
        let ended = ecrlint(arguments).within(folder.join(place)).ends();
        assert!(
            ended.out.contains("\nbaselined=6\n"),
            "{place}: {}",
            ended.out
        );
        assert!(ended.out.contains("\nfixed=0\n"), "{place}: {}", ended.out);
        assert_eq!(ended.code, 0);
    }
}

#[test]
fn what_is_fixed_is_reported_until_the_list_is_written_anew() {
    let folder = estate();
    let folder = folder.path();
    write(folder);
    let mended = TWO.replace("ScanOnPush: false", "ScanOnPush: true");
    fs::write(folder.join("infra/two.yaml"), mended).expect("it can be written");
    assert_eq!(
        judged(folder, &[]),
        (0, [8, 1], vec!["unused-baseline -".to_owned()])
    );
    let told = run(folder, &[]).out;
    assert!(told.contains("the baseline lists a finding of `scan-on-push` that is fixed: `Web`"));
    // Another severity makes of it a list that has to be kept.
    fs::write(
        folder.join("ecrlint.yaml"),
        "rules: { unused-baseline: error }\n",
    )
    .expect("written");
    assert_eq!(run(folder, &[]).code, 1);
    fs::write(
        folder.join("ecrlint.yaml"),
        "rules: { unused-baseline: off }\n",
    )
    .expect("written");
    assert_eq!(judged(folder, &[]), (0, [8, 1], vec![]));
    let ended = run(folder, &["--write-baseline"]);
    assert_eq!(
        ended.err,
        "`known.json` lists 8 findings: 1 fixed and removed\n"
    );
    assert_eq!(judged(folder, &[]), (0, [8, 0], vec![]));
}

#[test]
fn what_a_run_does_not_judge_is_neither_fixed_nor_lost() {
    for arguments in [
        &["infra/other.yaml"][..],
        &["--select", "naming"],
        &["--ignore", "scan-on-push,lifecycle,mutability"],
        &["infra/other.yaml", "--select", "scan-on-push"],
    ] {
        let folder = estate();
        let folder = folder.path();
        let before = write(folder);
        let (code, [_, fixed], found) = judged(folder, arguments);
        assert_eq!((code, fixed, found), (0, 0, vec![]), "{arguments:?}");
        let ended = run(folder, &[arguments, &["--write-baseline"]].concat());
        assert!(
            ended.err.contains(" not judged in this run and kept"),
            "{}",
            ended.err
        );
        let after = fs::read_to_string(folder.join("known.json")).expect("it is there");
        assert_eq!(before, after, "{arguments:?}");
    }
    // A file that is gone is no more where the run has looked for it, and unknown where it has not.
    let folder = estate();
    let folder = folder.path();
    write(folder);
    fs::remove_file(folder.join("infra/other.yaml")).expect("it is there");
    let (code, counts, _) = judged(folder, &["infra/two.yaml"]);
    assert_eq!((code, counts), (0, [6, 0]));
    let (code, counts, _) = judged(folder, &[]);
    assert_eq!((code, counts), (0, [6, 3]));
}

#[test]
fn an_assembly_that_is_not_there_leaves_its_entries_alone() {
    let folder = estate();
    let folder = folder.path();
    fs::create_dir(folder.join("cdk.out")).expect("a folder");
    let template = folder.join("cdk.out/App.template.json");
    let json = r#"{"Resources": {"A": {"Type": "AWS::ECR::Repository", "Properties": {}}}}"#;
    fs::write(&template, json).expect("it can be written");
    let ended = run(folder, &["cdk.out", "infra", "--write-baseline"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    fs::remove_dir_all(folder.join("cdk.out")).expect("it is there");
    assert_eq!(judged(folder, &[]), (0, [9, 0], vec![]));
}

#[test]
fn one_entry_stands_for_one_finding() {
    let statement = |account: &str| {
        format!(
            "          - {{ Effect: Allow, Principal: {{ AWS: '{account}' }}, Action: 'ecr:PutImage' }}\n"
        )
    };
    let template = |statements: &[&str]| {
        let statements: String = statements.iter().map(|one| statement(one)).collect();
        format!(
            "Resources:\n  A:\n    Type: AWS::ECR::Repository\n    Properties:\n      RepositoryPolicyText:\n        \
             Version: '2012-10-17'\n        Statement:\n{statements}"
        )
    };
    let folder = folder(&[("a.yaml", &template(&["222222222222"]))]);
    let folder = folder.path();
    let here = ["--account", "111111111111"];
    assert_eq!(
        run(folder, &[&here[..], &["--write-baseline"]].concat()).code,
        0
    );
    assert_eq!(judged(folder, &here).0, 0);
    for statements in [
        &["444444444444", "222222222222"][..],
        &["222222222222", "444444444444"],
    ] {
        fs::write(folder.join("a.yaml"), template(statements)).expect("it can be written");
        let usual = ["check", "--baseline", "known.json", "-o", "json"];
        let (code, report) = ecrlint(usual.iter().chain(&here)).within(folder).json();
        assert_eq!(code, 1, "{statements:?}");
        let found = report["diagnostics"].as_array().expect("a list").iter();
        let place = |one: &Value| one["location"]["start"]["line"].as_u64().expect("a line");
        let new = 8 + statements
            .iter()
            .position(|one| *one == "444444444444")
            .expect("new") as u64;
        let failing: Vec<u64> = found
            .filter(|one| one["rule"] == "access-cross-account-write")
            .map(place)
            .collect();
        assert_eq!(failing, [new], "{statements:?}: {report:#}");
    }
}

#[test]
fn a_list_that_cannot_be_read_is_reported_with_its_place() {
    for (text, place, says) in [
        (None, "known.json:1:1", "there is no baseline `known.json`"),
        (Some(""), "known.json:1:1", "the baseline is empty"),
        (Some("{"), "known.json:1:2", ""),
        (Some("[]"), "known.json:1:1", "it is not a mapping"),
        (
            Some("{\"findings\": []}"),
            "known.json:1:1",
            "it has no `version`",
        ),
        (
            Some("{\n  \"version\": 2,\n  \"findings\": []\n}"),
            "known.json:2:14",
            "not of version 1",
        ),
        (
            Some("{\"version\": 1}"),
            "known.json:1:1",
            "no list of `findings`",
        ),
        (
            Some("{\"version\": 1, \"findings\": [\n{}]}"),
            "known.json:2:1",
            "has no text `rule`",
        ),
        (
            Some(
                "{\"version\": 1, \"findings\": [\n{\"rule\": \"x\", \"subject\": \"\", \"path\": \"\", \"message\": \
                 \"\", \"fingerprint\": \"12\", \"content\": \"0123456789abcdef\"}]}",
            ),
            "known.json:2:72",
            "not a number of 16 digits",
        ),
    ] {
        let folder = estate();
        if let Some(text) = text {
            fs::write(folder.path().join("known.json"), text).expect("it can be written");
        }
        let ended = run(folder.path(), &[]);
        assert_eq!(ended.code, 2, "{text:?}: {}", ended.out);
        let plain = ended.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            plain.contains(place) && plain.contains(says),
            "{text:?}: {plain}"
        );
        // What is not a baseline is nobody's to replace.
        if text.is_some_and(|text| !text.is_empty()) {
            assert_eq!(run(folder.path(), &["--write-baseline"]).code, 2);
            let now = fs::read_to_string(folder.path().join("known.json")).ok();
            assert_eq!(now.as_deref(), text);
        }
    }
}

#[test]
fn nothing_is_written_while_something_cannot_be_read() {
    let folder = estate();
    let before = write(folder.path());
    fs::write(
        folder.path().join("infra/broken.yaml"),
        "Resources:\n  A: [\n",
    )
    .expect("written");
    let ended = run(
        folder.path(),
        &["--write-baseline", "infra/broken.yaml", "infra"],
    );
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("is left as it is"), "{}", ended.err);
    let after = fs::read_to_string(folder.path().join("known.json")).expect("it is there");
    assert_eq!(before, after);
    // What could not be read is never known before.
    assert_eq!(run(folder.path(), &["infra/broken.yaml", "infra"]).code, 2);
}

#[test]
fn formats_tell_what_is_known_with_evidence_alone() {
    let folder = estate();
    let folder = folder.path();
    write(folder);
    let sarif = |evidence: &[&str]| {
        let ended = run(folder, &[&["-o", "sarif"], evidence].concat());
        assert_eq!(ended.code, 0);
        let log: Value = serde_json::from_str(&ended.out).expect("SARIF");
        assert!(sarif::schema().is_valid(&log));
        log["runs"][0].clone()
    };
    let bare = sarif(&[]);
    assert_eq!(bare["results"].as_array().map(Vec::len), Some(0));
    let told = &bare["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(
        told.as_str(),
        Some(
            "9 findings of the baseline left out; `--evidence` reports them as suppressed results"
        )
    );
    let full = sarif(&["--evidence"]);
    let results = full["results"].as_array().expect("results");
    assert_eq!(results.len(), 9);
    for result in results {
        assert_eq!(result["baselineState"], "unchanged");
        assert_eq!(result["suppressions"][0]["kind"], "external");
    }
    let json = run(folder, &["-o", "json", "--evidence"]);
    let report: Value = serde_json::from_str(&json.out).expect("a report");
    assert_eq!(report["baseline"], "known.json");
    assert_eq!(report["diagnostics"][0]["verdict"], "baselined");
    let verdicts = &report["repositories"][0]["verdicts"];
    assert_eq!(verdicts["scan-on-push"], "baselined");
    let human = run(folder, &["--evidence"]).out;
    assert!(
        human.contains("listed in the baseline `known.json`"),
        "{human}"
    );
    let junit = run(folder, &["-o", "junit"]).out;
    assert!(junit.contains("failures=\"0\""), "{junit}");
    // What is new is told as such.
    fs::write(folder.join("infra/new.yaml"), OTHER.replace("Old", "New")).expect("written");
    let ended = run(folder, &["-o", "sarif"]);
    let log: Value = serde_json::from_str(&ended.out).expect("SARIF");
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert!(!results.is_empty());
    assert!(results.iter().all(|one| one["baselineState"] == "new"));
}

#[test]
fn what_is_ignored_is_told_as_suppressed_with_evidence() {
    let text = TWO.replace(
        "  App:",
        "  # ecrlint: ignore scan-on-push -- build cache\n  App:",
    );
    let config = "ignores: [{ rule: lifecycle-missing, subject: '*', reason: kept for audits }]\n";
    let folder = folder(&[("a.yaml", &text), ("ecrlint.yaml", config)]);
    let run = ecrlint(["check", "-o", "sarif", "--evidence"]).within(folder.path());
    let (_, log) = run.json();
    assert!(sarif::schema().is_valid(&log));
    let results = log["runs"][0]["results"].as_array().expect("results");
    let kinds = |rule: &str| {
        let own = results.iter().filter(|one| one["ruleId"] == rule);
        let kinds = own.map(|one| {
            one["suppressions"][0]["kind"]
                .as_str()
                .unwrap_or("none")
                .to_owned()
        });
        kinds.collect::<Vec<_>>()
    };
    assert_eq!(kinds("scan-on-push"), ["none", "inSource"]);
    assert_eq!(kinds("lifecycle-missing"), ["external", "external"]);
}

#[test]
fn the_list_is_as_its_schema_says() {
    let folder = estate();
    let list: Value = serde_json::from_str(&write(folder.path())).expect("JSON");
    let schema = ecrlint(["schema", "baseline"]).ends().out;
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    assert!(jsonschema::is_valid(&schema, &list));
}
