//! `check --changed-since`: everything is judged, and what is in nothing that changed is not reported.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{copied, ecrlint, folder, git};

const TEMPLATE: &str = "\
Parameters:
  Scan:
    Type: String
    Default: 'false'
Resources:
  App:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/app
      ImageScanningConfiguration:
        ScanOnPush: true
  Web:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/web
      ImageScanningConfiguration:
        ScanOnPush: true
Outputs:
  Name:
    Value: !Ref App
";

/// A checkout with these files, all of them committed on `main`.
fn checkout(files: &[(&str, &str)]) -> TempDir {
    let folder = folder(files);
    git(folder.path(), &["init", "-q", "-b", "main"]);
    commit(folder.path());
    folder
}

fn commit(folder: &Path) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "x"]);
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).expect("it is there");
    assert!(text.contains(from), "{from}");
    fs::write(path, text.replacen(from, to, 1)).expect("it can be written");
}

/// The logical ids of what is reported, each once, and how many findings are not.
fn reported(folder: &Path, arguments: &[&str]) -> (Vec<String>, u64) {
    let usual = ["check", "-o", "json", "--fail-on", "never"];
    let (code, report) = ecrlint(usual.iter().chain(arguments)).within(folder).json();
    assert_eq!(code, 0, "{report:#}");
    let found = report["diagnostics"].as_array().expect("a list").iter();
    let id = |one: &Value| {
        one["subject"]["logical_id"]
            .as_str()
            .unwrap_or("-")
            .to_owned()
    };
    let mut ids: Vec<String> = found.map(id).collect();
    ids.sort();
    ids.dedup();
    (
        ids,
        report["summary"]["unchanged"].as_u64().expect("a count"),
    )
}

#[test]
fn what_is_in_changed_resources_is_reported() {
    for (from, to, expected) in [
        ("team/app", "team/app2", &["App"][..]),
        (
            "        ScanOnPush: true\n  Web",
            "        ScanOnPush: false\n  Web",
            &["App"],
        ),
        // What is taken away changes what it was taken from.
        ("      RepositoryName: team/web\n", "", &["Web"]),
        // What all of them may depend on changes all of them; outputs change none.
        ("'false'", "'true'", &["App", "Web"]),
        ("!Ref App", "!GetAtt App.Arn", &[]),
        (
            "Resources:\n",
            "Resources:\n  New:\n    Type: AWS::ECR::Repository\n",
            &["New"],
        ),
        ("Parameters:", "Description: x\nParameters:", &[]),
    ] {
        for committed in [false, true] {
            let folder = checkout(&[("a.yaml", TEMPLATE), ("README.md", "x\n")]);
            let folder = folder.path();
            git(folder, &["checkout", "-q", "-b", "work"]);
            edit(&folder.join("a.yaml"), from, to);
            if committed {
                commit(folder);
            }
            let (found, unchanged) = reported(folder, &["--changed-since", "main"]);
            assert_eq!(found, expected, "{from}");
            assert!(unchanged > 0 || expected.len() == 2, "{from}");
        }
    }
}

#[test]
fn what_others_changed_meanwhile_is_not_reported() {
    let folder = checkout(&[("a.yaml", TEMPLATE)]);
    let folder = folder.path();
    git(folder, &["checkout", "-q", "-b", "work"]);
    edit(&folder.join("a.yaml"), "team/app", "team/app2");
    commit(folder);
    git(folder, &["checkout", "-q", "main"]);
    edit(&folder.join("a.yaml"), "team/web", "team/web2");
    commit(folder);
    git(folder, &["checkout", "-q", "work"]);
    assert_eq!(
        reported(folder, &["--changed-since", "main"]),
        (vec!["App".to_owned()], 2)
    );
}

#[test]
fn new_moved_and_strangely_named_files_are_seen() {
    let other = TEMPLATE.replace("team/", "crew/");
    let folder = checkout(&[("a.yaml", TEMPLATE), ("sp ace/ü.yaml", &other)]);
    let folder = folder.path();
    assert_eq!(reported(folder, &["--changed-since", "HEAD"]), (vec![], 8));
    fs::create_dir(folder.join("new")).expect("a folder");
    fs::write(folder.join("new/b.yaml"), TEMPLATE.replace("team/", "new/"))
        .expect("it can be written");
    assert_eq!(reported(folder, &["--changed-since", "HEAD", "new"]).1, 0);
    git(folder, &["mv", "a.yaml", "moved.yaml"]);
    assert_eq!(
        reported(folder, &["--changed-since", "HEAD", "moved.yaml"]),
        (vec![], 4)
    );
    edit(&folder.join("sp ace/ü.yaml"), "crew/app", "crew/app2");
    let arguments = ["--changed-since", "HEAD", "../sp ace"];
    assert_eq!(
        reported(&folder.join("new"), &arguments),
        (vec!["App".to_owned()], 2)
    );
}

#[test]
fn what_git_cannot_tell_is_reported() {
    let folder = checkout(&[(".gitignore", "made/\n"), ("made/a.yaml", TEMPLATE)]);
    assert_eq!(
        reported(folder.path(), &["--changed-since", "HEAD", "made"]).1,
        0
    );
    let usual = ["check", "-", "-o", "summary", "--changed-since", "HEAD"];
    let ended = ecrlint(usual).within(folder.path()).given(TEMPLATE).ends();
    assert!(ended.out.contains("\nunchanged=0\n"), "{}", ended.out);
}

#[test]
fn a_changed_line_of_the_program_or_of_the_declaration_counts() {
    let app = |edit: fn(&Path)| {
        let scratch = copied("fixtures/cdk-app");
        fs::write(scratch.path().join(".gitignore"), "cdk.out\n").expect("it can be written");
        git(scratch.path(), &["init", "-q", "-b", "main"]);
        commit(scratch.path());
        edit(scratch.path());
        reported(scratch.path(), &["--changed-since", "main"]).0
    };
    assert_eq!(app(|_| {}), Vec::<String>::new());
    let thumbnails = vec!["Thumbnails115905A6".to_owned()];
    let changed = app(|folder| {
        let stack = folder.join("lib/catalogue-stack.ts");
        edit(
            &stack,
            "imageTagMutability: ecr.TagMutability.MUTABLE,",
            "imageTagMutability: undefined,",
        );
    });
    assert_eq!(changed, thumbnails);
    let changed = app(|folder| {
        edit(
            &folder.join("lib/catalogue-stack.ts"),
            "days(90)",
            "days(91)",
        )
    });
    assert_eq!(changed, thumbnails);
    let changed = app(|folder| {
        edit(
            &folder.join("cdk.json"),
            "\"catalogue-thumbnails\": {\n",
            "\"catalogue-thumbnails\": {\n\n",
        )
    });
    assert_eq!(changed, thumbnails);
}

#[test]
fn what_cannot_be_compared_is_no_run() {
    let bare = folder(&[("a.yaml", TEMPLATE)]);
    let folder = checkout(&[("a.yaml", TEMPLATE)]);
    for (place, revision, says) in [
        (bare.path(), "main", "there is no git repository here"),
        (
            folder.path(),
            "origin/main",
            "git knows no such revision here",
        ),
        (folder.path(), "--output=x", "a revision is the name of"),
        (folder.path(), "", "a revision is the name of"),
    ] {
        let option = format!("--changed-since={revision}");
        let ended = ecrlint(["check", &option]).within(place).ends();
        assert_eq!(ended.code, 2, "{revision}");
        assert!(ended.err.contains(says), "{revision}: {}", ended.err);
    }
}

#[test]
fn findings_that_are_not_reported_do_not_fail_the_run() {
    let text = TEMPLATE.replacen("ScanOnPush: true", "ScanOnPush: false", 1);
    let folder = checkout(&[("a.yaml", &text)]);
    let run = |arguments: &[&str]| {
        let ended = ecrlint(["check"].iter().chain(arguments))
            .within(folder.path())
            .ends();
        (ended.code, ended.out)
    };
    assert_eq!(run(&[]).0, 1);
    let (code, out) = run(&["--changed-since", "HEAD"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("passed: no findings, 5 in unchanged lines"),
        "{out}"
    );
    // A baseline of such a run has everything all the same.
    let (code, _) = run(&[
        "--changed-since",
        "HEAD",
        "--baseline",
        "b.json",
        "--write-baseline",
    ]);
    assert_eq!(code, 0);
    let (code, out) = run(&["--baseline", "b.json"]);
    assert_eq!(code, 0);
    assert!(out.contains("5 in the baseline"), "{out}");
}
