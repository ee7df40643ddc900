//! Which rules a run is about, which findings it shows, and which files and ignores it passes over.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::program::{Ended, ecrlint, folder};

/// Breaks a rule of several categories and severities: scanning, mutability, lifecycle, deletion.
const OPEN: &str = "\
Resources:
  App:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/app
";

/// A rule of one's own, in a set that nothing else switches on.
const OWN: &str = "\
id: owner-tag
title: nobody owns the repository
severity: warning
sets: [mine]
why: Somebody has to be asked.
require: $.repository.tags[?@.key == 'owner']
message: repository `{repository.name}` has no owner
fix: { cli: \"true\" }
references: [https://example.com/]
examples:
  pass:
    - cloudformation: |
        Resources:
          App: { Type: AWS::ECR::Repository, Properties: { Tags: [{ Key: owner, Value: me }] } }
  fail:
    - cloudformation: |
        Resources:
          App: { Type: AWS::ECR::Repository }
      at: Resources.App
";

/// The rules with findings, as a check in a folder with these files says them.
fn rules(files: &[(&str, &str)], arguments: &[&str]) -> BTreeSet<String> {
    let mut all = vec![("a.yaml", OPEN), ("mine/tags/owner-tag.yaml", OWN)];
    all.extend_from_slice(files);
    let folder = folder(&all);
    let run = ["check", "a.yaml", "-o", "json", "--fail-on", "never"];
    let run = ecrlint(run.iter().chain(arguments)).within(folder.path());
    let (code, report) = run.json();
    assert_eq!(code, 0, "{report}");
    let found = report["diagnostics"].as_array().expect("a list");
    let ids = found.iter().filter_map(|one| one["rule"].as_str());
    ids.map(str::to_owned).collect()
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn the_command_line_chooses_among_the_rules() {
    let scan = "scan-on-push";
    for (arguments, expected) in [
        (&["--select", scan][..], &[scan][..]),
        (&["--select", "scanning"], &[scan]),
        (&["--select", "ecrlint::scan-on-push"], &[scan]),
        (
            &["--select", "scan-on-push, mutability"],
            &[scan, "tag-immutability"],
        ),
        (
            &["--select", scan, "--select", "mutability"],
            &[scan, "tag-immutability"],
        ),
        (&["--select", "naming"], &[]),
        // What only runs when it is asked for.
        (&["--select", "scan-event-target"], &["scan-event-target"]),
        // Sets add, also to what is selected; what is ignored is off however it was switched on.
        (&["--select", "mine", "--rules", "mine"], &["owner-tag"]),
        (
            &["--select", scan, "--rules", "mine", "--set", "mine"],
            &[scan, "owner-tag"],
        ),
        (
            &[
                "--select",
                "recommended",
                "--ignore",
                "lifecycle,deletion,mutability",
            ],
            &[scan],
        ),
        (&["--select", "scanning", "--ignore", scan], &[]),
        (
            &["--rules", "mine", "--ignore", "recommended"],
            &["owner-tag"],
        ),
        (&["--rules", "mine", "--ignore", "recommended,tags"], &[]),
    ] {
        assert_eq!(rules(&[], arguments), set(expected), "{arguments:?}");
    }
    let all = rules(&[], &[]);
    assert!(all.len() > 2 && all.contains(scan), "{all:?}");
    let mut with_own = all.clone();
    with_own.insert("owner-tag".to_owned());
    for arguments in [
        &["--rules", "mine"][..],
        &["--rules", "mine", "--set", "mine"],
    ] {
        assert_eq!(rules(&[], arguments), with_own, "{arguments:?}");
    }
    let mut less = all.clone();
    less.remove(scan);
    assert_eq!(rules(&[], &["--ignore", "scanning"]), less);
}

#[test]
fn the_configuration_has_its_say_beside_the_command_line() {
    let off = [(
        "ecrlint.yaml",
        "rules: { scan-on-push: off, kms-key-rotation: note }\n",
    )];
    let scan = "scan-on-push";
    for (arguments, expected) in [
        // Whoever names the rule itself means it; a category does not bring back what is off.
        (&["--select", scan][..], &[scan][..]),
        (&["--select", "scanning"], &[]),
        (
            &["--select", "recommended", "--ignore", "lifecycle,deletion"],
            &["tag-immutability"],
        ),
    ] {
        assert_eq!(rules(&off, arguments), set(expected), "{arguments:?}");
    }
    let own = [("ecrlint.yaml", "rules: { owner-tag: off }\n")];
    assert!(!rules(&own, &["--rules", "mine"]).contains("owner-tag"));
    let organisation = [("ecrlint.yaml", "organisation: { prefix: acme }\n")];
    let without = rules(&organisation, &[]);
    let both = rules(&organisation, &["--set", "recommended"]);
    assert!(!without.contains("tag-immutability") && both.contains("tag-immutability"));
    assert!(both.is_superset(&without), "{without:?} {both:?}");
}

#[test]
fn a_name_that_selects_nothing_is_refused() {
    for (arguments, expected) in [
        (["--select", "scan-on-psuh"], "did you mean `scan-on-push`?"),
        (["--select", "scaning"], "did you mean `scanning`?"),
        (
            ["--ignore", "tag-imutability"],
            "did you mean `tag-immutability`?",
        ),
        (
            ["--ignore", "scan-on-push,nothing-like-it"],
            "`nothing-like-it`",
        ),
        (
            ["--ignore", "unreadable-input"],
            "`unreadable-input` cannot be switched off",
        ),
        (["--select", ""], "names no rule"),
    ] {
        let folder = folder(&[("a.yaml", OPEN)]);
        let run = ecrlint(["check", "a.yaml"].iter().chain(&arguments));
        let ended = run.within(folder.path()).ends();
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.err.contains(expected), "{arguments:?}: {ended:?}");
    }
}

#[test]
fn what_is_less_severe_is_counted_and_not_shown() {
    let config = "rules: { lifecycle-missing: note }\n";
    let folder = folder(&[("a.yaml", OPEN), ("ecrlint.yaml", config)]);
    let run = |arguments: &[&str]| {
        let run = ["check", "a.yaml", "-o", "json"];
        ecrlint(run.iter().chain(arguments))
            .within(folder.path())
            .json()
    };
    let severities = |report: &Value| {
        let found = report["diagnostics"].as_array().expect("a list");
        let all = found.iter().filter_map(|one| one["severity"].as_str());
        all.map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let (code, all) = run(&[]);
    assert_eq!(severities(&all), set(&["error", "note", "warning"]));
    for (arguments, expected) in [
        (&["--min-severity", "error"][..], &["error"][..]),
        (&["--min-severity", "warning"], &["error", "warning"]),
        (&["--min-severity", "note"], &["error", "note", "warning"]),
        // What fails the run is shown, whatever is asked for.
        (
            &["--min-severity", "error", "--fail-on", "warning"],
            &["error", "warning"],
        ),
        (
            &["--min-severity", "error", "--fail-on", "note"],
            &["error", "note", "warning"],
        ),
        (
            &["--min-severity", "error", "--fail-on", "never"],
            &["error"],
        ),
    ] {
        let (own, report) = run(arguments);
        assert_eq!(severities(&report), set(expected), "{arguments:?}");
        assert_eq!(report["summary"], all["summary"], "{arguments:?}");
        assert_eq!(
            own,
            if arguments.contains(&"never") {
                0
            } else {
                code
            }
        );
    }
    let human = ecrlint(["check", "a.yaml", "--min-severity", "error"]);
    let human = human.within(folder.path()).ends().out;
    assert!(human.contains("below `error` not shown"), "{human}");
    assert!(!human.contains("warning["), "{human}");
}

#[test]
fn a_quiet_run_tells_findings_alone() {
    let folder = folder(&[
        ("a.yaml", OPEN),
        (
            "none.yaml",
            "Resources: { Logs: { Type: AWS::S3::Bucket } }\n",
        ),
    ]);
    let run = |arguments: &[&str]| -> Ended {
        let run = ecrlint(["check"].iter().chain(arguments));
        run.within(folder.path()).ends()
    };
    let quiet = run(&["a.yaml", "-q"]);
    assert_eq!((quiet.code, quiet.err.as_str()), (1, ""), "{quiet:?}");
    assert!(quiet.out.contains("error[scan-on-push]"), "{quiet:?}");
    assert!(!quiet.out.contains("failed: "), "{quiet:?}");
    let clean = run(&["a.yaml", "--quiet", "--select", "naming"]);
    assert_eq!(
        (clean.code, clean.out.as_str(), clean.err.as_str()),
        (0, "", "")
    );
    // Why the job was not done is never kept back.
    let missing = run(&["b.yaml", "-q"]);
    assert!(
        missing.code == 2 && missing.err.contains("`b.yaml`"),
        "{missing:?}"
    );
    let required = run(&["none.yaml", "-q", "--require-repositories"]);
    assert!(
        required.code == 2 && required.out.contains("is required"),
        "{required:?}"
    );
}

#[test]
fn standard_input_has_the_name_that_is_given() {
    let strict = "rules: { tag-immutability: error }\n";
    let folder = folder(&[("stacks/ecrlint.yaml", strict), ("stacks/other.yaml", "")]);
    let run = [
        "check",
        "-",
        "--stdin-filename",
        "stacks/app.yaml",
        "-o",
        "json",
    ];
    let (code, report) = ecrlint(run).within(folder.path()).given(OPEN).json();
    assert_eq!(code, 1);
    assert_eq!(report["configuration"], "stacks/ecrlint.yaml");
    for one in report["diagnostics"].as_array().expect("a list") {
        assert_eq!(one["location"]["path"], "stacks/app.yaml", "{one}");
        if one["rule"] == "tag-immutability" {
            assert_eq!(one["severity"], "error", "{one}");
        }
    }
    let broken = ["check", "-", "--stdin-filename", "x.yaml"];
    let ended = ecrlint(broken)
        .within(folder.path())
        .given("Resources: [")
        .ends();
    assert!(
        ended.code == 2 && ended.out.contains("x.yaml:1"),
        "{ended:?}"
    );
    let nothing = ["check", "stacks", "--stdin-filename", "x.yaml"];
    let ended = ecrlint(nothing).within(folder.path()).ends();
    assert!(
        ended.code == 2 && ended.err.contains("add `-`"),
        "{ended:?}"
    );
}

/// Files as a hook names them: whatever was changed.
const CHANGED: [(&str, &str); 6] = [
    ("README.md", "# Words\n"),
    ("values.yaml", "replicas: {{ .Values.replicas }}\n"),
    ("workflow.yml", "on: push\njobs: { test: { steps: [] } }\n"),
    ("package.json", "{ \"name\": \"app\" }"),
    ("lib/app.ts", "new ecr.Repository(this, 'App');\n"),
    (
        "bucket.yaml",
        "Resources: { Logs: { Type: AWS::S3::Bucket } }\n",
    ),
];

#[test]
fn files_of_others_are_passed_over_where_that_is_asked_for() {
    let names: Vec<&str> = CHANGED.iter().map(|(name, _)| *name).collect();
    let broken = "Resources:\n  App:\n    Type: AWS::ECR::Repository\n   Properties: {}\n";
    let mut files = CHANGED.to_vec();
    files.extend([("a.yaml", OPEN), ("broken.yaml", broken)]);
    let folder = folder(&files);
    let run = |more: &[&str]| {
        let run = ["check", "-o", "json"].iter().chain(&names).chain(more);
        ecrlint(run).within(folder.path()).json()
    };
    assert_eq!(run(&[]).0, 2, "they are named");
    let (code, report) = run(&["--skip-foreign"]);
    assert_eq!(
        (code, report["outcome"].as_str()),
        (0, Some("pass")),
        "{report}"
    );
    let said = report["conclusion"].as_str().expect("words");
    assert!(said.starts_with("nothing to judge"), "{said}");
    let (code, report) = run(&["a.yaml", "--skip-foreign"]);
    assert_eq!((code, &report["summary"]["repositories"]), (1, &1.into()));
    // One of ours that cannot be read, and one that is not there, are still told.
    assert_eq!(run(&["broken.yaml", "--skip-foreign"]).0, 2);
    let missing = ecrlint(["check", "gone.yaml", "--skip-foreign"]);
    assert_eq!(missing.within(folder.path()).ends().code, 2);
    let alone = ecrlint(["check", "README.md", "--skip-foreign"]);
    let alone = alone.within(folder.path()).ends();
    assert_eq!(alone.code, 0, "{alone:?}");
    assert!(
        alone.out.contains("no template or snapshot in 1 file"),
        "{alone:?}"
    );
}

#[test]
fn a_program_is_asked_for_what_it_synthesizes() {
    for name in [
        "lib/app.ts",
        "app.py",
        "bin/x.mjs",
        "App.java",
        "Stack.cs",
        "main.go",
        "a.JS",
    ] {
        let folder = folder(&[(name, "print('AWS::ECR::Repository', 'Resources')\n")]);
        let ended = ecrlint(["check", name]).within(folder.path()).ends();
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.out.contains("is a program"), "{ended:?}");
        assert!(ended.out.contains("ecrlint check cdk.out"), "{ended:?}");
    }
}

/// The ids of rules of the tool itself with findings.
fn about_ignores(arguments: &[&str]) -> BTreeSet<String> {
    let config = "ignores:\n\
        - { rule: scan-on-push, subject: \"team/web\", reason: elsewhere }\n\
        - { rule: tag-immutability, subject: \"*-cache\", reason: caches }\n\
        - { rule: name-valid, reason: all of them }\n";
    let files = [
        ("ecrlint.yaml", config),
        ("app/a.yaml", OPEN),
        ("app/none.txt", ""),
        ("b.yaml", "Resources: { Logs: { Type: AWS::S3::Bucket } }\n"),
    ];
    let folder = folder(&files);
    let run = ["check", "-o", "json", "--fail-on", "never"];
    let run = ecrlint(run.iter().chain(arguments)).within(folder.path());
    let (_, report) = run.json();
    let found = report["diagnostics"].as_array().expect("a list");
    let own = found.iter().filter(|one| one["rule"] == "unused-ignore");
    let said = own.filter_map(|one| one["message"].as_str()?.split('`').nth(1));
    said.map(str::to_owned).collect()
}

#[test]
fn ignores_that_are_out_of_sight_are_not_unused() {
    let all = set(&["name-valid", "scan-on-push", "tag-immutability"]);
    for whole in [&[][..], &["."], &["app", "."], &["./app/.."]] {
        assert_eq!(about_ignores(whole), all, "{whole:?}");
    }
    for part in [
        &["app/a.yaml"][..],
        &["app"],
        &["app/*.yaml"],
        &["app/a.yaml", "b.yaml", "--skip-foreign"],
        &["app/a.yaml", "--config", "ecrlint.yaml"],
    ] {
        assert_eq!(about_ignores(part), set(&[]), "{part:?}");
    }
    // Rules that are off for this run alone.
    assert_eq!(
        about_ignores(&["--select", "scan-on-push"]),
        set(&["scan-on-push"])
    );
    let less = set(&["name-valid", "tag-immutability"]);
    assert_eq!(about_ignores(&["--ignore", "scanning"]), less);
    assert_eq!(about_ignores(&["--ignore", "unused-ignore"]), set(&[]));
}
