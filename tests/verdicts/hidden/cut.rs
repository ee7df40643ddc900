//! Snapshots that are not whole.

use serde_json::{Value, json};

use crate::program::{Ended, ecrlint, folder};
use crate::records::{names, record};

const BEGINS: &str = r#"{"snapshot":"begins","format":1,"ecrlint":"0.1.0","at":"2026-01-01T00:00:00Z","accounts":[{"account":"111122223333","regions":["eu-west-1"]}],"included":["ecr"]}"#;

fn registry() -> String {
    json!({"account": "111122223333", "region": "eu-west-1", "capturedAt": "2026-01-01T00:00:00Z",
        "included": ["ecr"], "registry": {"scanning": {"scanType": "BASIC", "rules": []}}})
    .to_string()
}

fn ends(repositories: usize) -> String {
    json!({"snapshot": "ends", "at": "2026-01-01T00:00:01Z", "registries": 1, "repositories": repositories,
        "gone": 0, "denied": [], "unlisted": []})
    .to_string()
}

/// A capture of two repositories.
fn whole() -> Vec<String> {
    let records = [registry(), record("one", true), record("two", true)];
    [vec![BEGINS.to_owned()], records.to_vec(), vec![ends(2)]].concat()
}

fn text(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The report about `text` in a file of that name, which is found in its folder.
fn judged(name: &str, text: &str, more: &[&str]) -> (i32, Value) {
    let folder = folder(&[(name, text)]);
    let arguments = ["check", ".", "-o", "json", "--evidence"];
    let run = ecrlint(arguments.iter().chain(more));
    run.within(folder.path()).json()
}

fn messages(report: &Value) -> Vec<&str> {
    let diagnostics = report["diagnostics"].as_array().expect("a list").iter();
    let own = diagnostics.filter(|one| one["rule"] == "unreadable-input");
    own.map(|one| one["message"].as_str().expect("a text"))
        .collect()
}

#[test]
fn a_whole_snapshot_has_nothing_to_say_about_its_edges() {
    for text in [
        text(&whole()),
        text(&whole()).replace('\n', "\r\n"),
        text(&whole()[1..4]),
        text(&[vec![record("own", true)], whole()].concat()),
        format!("\u{feff}{}", text(&whole())),
        format!(r#"{{"repositories":[{}]}}"#, whole().join(",")),
    ] {
        let (code, report) = judged("snapshot.ndjson", &text, &[]);
        assert_eq!((code, messages(&report)), (0, vec![]), "{text}");
    }
}

#[test]
fn a_snapshot_that_was_cut_off_is_reported_and_judged_when_that_is_wanted() {
    let all = whole();
    let full = text(&all);
    let half = |line: usize| {
        let before: usize = all[..line].iter().map(|line| line.len() + 1).sum();
        full[..before + all[line].len() / 2].to_owned()
    };
    let cut_off = "the snapshot is cut off: what closes it is missing";
    let beginning = "the snapshot is cut off: its beginning is missing";
    let table = [
        (text(&all[..1]), cut_off, vec![]),
        (text(&all[..2]), cut_off, vec![]),
        (text(&all[..3]), cut_off, vec!["one"]),
        (text(&all[..4]), cut_off, vec!["one", "two"]),
        (
            text(&all[..4]).trim_end().to_owned(),
            cut_off,
            vec!["one", "two"],
        ),
        (half(0), "a line of the snapshot cannot be read", vec![]),
        (half(2), cut_off, vec![]),
        (half(3), cut_off, vec!["one"]),
        (half(4), cut_off, vec!["one", "two"]),
        (text(&all[1..]), beginning, vec!["one", "two"]),
        (text(&all[4..]), beginning, vec![]),
        (
            text(&[&all[..3], &all[4..]].concat()),
            "the snapshot counts 2 repositories, but has 1",
            vec!["one"],
        ),
        (
            text(&[&all[..1], &all[2..]].concat()),
            "the snapshot counts 1 registries, but has 0",
            vec!["one", "two"],
        ),
        (
            format!(r#"{{"repositories":[{}]}}"#, all[..4].join(",")),
            cut_off,
            vec!["one", "two"],
        ),
        (text(&all[..3]).replace('\n', "\r\n"), cut_off, vec!["one"]),
    ];
    for (text, told, there) in table {
        let (code, report) = judged("snapshot.ndjson", &text, &[]);
        let told_so = |report: &Value| messages(report).iter().any(|one| one.contains(told));
        assert_eq!((code, told_so(&report)), (2, true), "{text}: {report}");
        assert_eq!(names(&report), there, "{text}");
        let (code, report) = judged("snapshot.ndjson", &text, &["--allow-partial"]);
        assert_eq!((code, told_so(&report)), (0, true), "{text}: {report}");
        assert_eq!(names(&report), there, "{text}");
        let more = ["--allow-partial", "--undetermined", "error"];
        let (code, _) = judged("snapshot.ndjson", &text, &more);
        assert_eq!(
            code,
            i32::from(told != "a line of the snapshot cannot be read"),
            "{text}"
        );
    }
}

#[test]
fn what_a_capture_left_is_no_snapshot() {
    let folder = folder(&[
        ("now.ndjson.part", &text(&whole()[..3])),
        ("whole.part", &text(&whole())),
    ]);
    for name in ["now.ndjson.part", "whole.part"] {
        let run = |more: &[&str]| -> Ended {
            let run = ecrlint(["check", name].iter().chain(more));
            run.within(folder.path()).ends()
        };
        let refused = run(&[]);
        assert_eq!(refused.code, 2);
        assert!(
            refused
                .out
                .contains("is not a snapshot, but what a capture has left"),
            "{}",
            refused.out
        );
        assert_eq!(run(&["--allow-partial"]).code, 0);
    }
}

#[test]
fn a_live_snapshot_that_was_cut_off_is_reported() {
    let template = "Resources:\n  A:\n    Type: AWS::ECR::Repository\n    Properties:\n      RepositoryName: one\n      \
                    ImageScanningConfiguration: {ScanOnPush: true}\n";
    let all = whole();
    let (cut, part) = (text(&all[..3]), text(&all[..3]));
    let folder = folder(&[
        ("t.yaml", template),
        ("live.ndjson", &cut),
        ("live.ndjson.part", &part),
    ]);
    for name in ["live.ndjson", "live.ndjson.part"] {
        let run = |more: &[&str]| {
            let arguments = ["check", "t.yaml", "--live", name];
            ecrlint(arguments.iter().chain(more))
                .within(folder.path())
                .ends()
        };
        let refused = run(&[]);
        assert_eq!(refused.code, 2, "{}", refused.out);
        assert_eq!(run(&["--allow-partial"]).code, 0, "{name}");
    }
}
