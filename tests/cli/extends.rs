//! `extends` and sets of a version: one standard for many, which changes when they say so.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{Ended, ecrlint, folder};

const TEMPLATE: &str = "Resources: { A: { Type: AWS::ECR::Repository, Properties: { RepositoryName: mare-shop-api } } }\n";

const STANDARD: &str = "\
sets: [recommended]
rules: { lifecycle-missing: error, tag-immutability: off }
organisation:
  prefix: mare
  environments:
    dev: { account: '111111111111', region: eu-west-1 }
    prod: { account: '333333333333', region: eu-west-1 }
  required_tags: { owner: {} }
rules_dirs: [more]
";

const RULE: &str = "\
id: named
title: the name is odd
severity: warning
sets: [ours]
why: because
require: $.repository[?@.name == 'x']
message: repository `{repository.name}` is not called x
fix: { cli: rename it }
references: [https://example.com]
examples:
  pass: [{ cloudformation: 'Resources: { A: { Type: AWS::ECR::Repository, Properties: { RepositoryName: x } } }' }]
  fail: [{ cloudformation: 'Resources: { A: { Type: AWS::ECR::Repository } }' }]
";

fn run(folder: &Path, arguments: &[&str]) -> Ended {
    let usual = ["check", "a.yaml", "-o", "json", "--fail-on", "never"];
    ecrlint(usual.iter().chain(arguments)).within(folder).ends()
}

/// Rule and severity of each finding, sorted.
fn found(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let ended = run(folder, arguments);
    assert_eq!(ended.code, 0, "{ended:?}");
    let report: Value = serde_json::from_str(&ended.out).expect("a report");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let found = report["diagnostics"].as_array().expect("a list").iter();
    let mut found: Vec<String> = found
        .map(|one| format!("{} {}", text(&one["rule"]), text(&one["severity"])))
        .collect();
    found.sort();
    found
}

/// What keeps a configuration from being used: place and message of each mistake.
fn refused(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let ended = run(folder, arguments);
    assert_eq!(ended.code, 2, "{ended:?}");
    let report: Value = serde_json::from_str(&ended.out).expect("a report");
    let found = report["diagnostics"].as_array().expect("a list").iter();
    let told = found.map(|one| {
        let (path, start) = (&one["location"]["path"], &one["location"]["start"]);
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        format!(
            "{}:{}:{} {}",
            text(path),
            start["line"],
            start["column"],
            text(&one["message"])
        )
    });
    told.collect()
}

#[test]
fn what_is_said_holds_over_what_is_extended() {
    for (own, expected) in [
        (
            "",
            &[
                "lifecycle-missing error",
                "named warning",
                "scan-on-push error",
            ][..],
        ),
        (
            "rules: { lifecycle-missing: off, tag-immutability: note }",
            &[
                "named warning",
                "scan-on-push error",
                "tag-immutability note",
            ],
        ),
        ("sets: []", &["lifecycle-missing error", "named warning"]),
        (
            "rules: { required-tags: warning, named: off }",
            &[
                "lifecycle-missing error",
                "required-tags warning",
                "scan-on-push error",
            ],
        ),
    ] {
        let config = format!("extends: platform/standard.yaml\n{own}\n");
        let folder = folder(&[
            ("a.yaml", TEMPLATE),
            ("ecrlint.yaml", &config),
            ("platform/standard.yaml", STANDARD),
            ("platform/more/x/named.yaml", RULE),
        ]);
        // Rules of a folder are on when they are given a severity, or their set is.
        let own_set = ["--set", "ours"];
        assert_eq!(found(folder.path(), &own_set), expected, "{own}");
    }
}

#[test]
fn later_ones_hold_over_earlier_ones_and_any_form_will_do() {
    let (one, two) = (
        "rules: { scan-on-push: note }\n",
        "rules: { scan-on-push: warning }\n",
    );
    for (config, severity) in [
        ("extends: one.yaml\n", "note"),
        ("extends: [one.yaml, two.yaml]\n", "warning"),
        ("extends:\n  - two.yaml\n  - path: one.yaml\n", "note"),
        ("extends: { path: chain.yaml }\n", "warning"),
        ("extends: data.json\n", "error"),
    ] {
        let folder = folder(&[
            ("a.yaml", TEMPLATE),
            ("ecrlint.yaml", config),
            ("one.yaml", one),
            ("two.yaml", two),
            ("chain.yaml", "extends: [one.yaml, two.yaml]\n"),
            ("data.json", "{\"rules\": {\"scan-on-push\": \"error\"}}"),
        ]);
        let found = found(folder.path(), &["--select", "scan-on-push"]);
        assert_eq!(found, [format!("scan-on-push {severity}")], "{config}");
    }
}

#[test]
fn environments_of_the_standard_declare_repositories_of_a_team() {
    let config = "\
extends: standard.yaml
organisation:
  app: shop
  repositories: { from: 'cdk.json#/context/{environment}/ecr' }
";
    let cdk = r#"{"context": {"dev": {"ecr": {"api": {}, "web": {}}}, "prod": {"ecr": {}}}}"#;
    let folder = folder(&[
        ("a.yaml", TEMPLATE),
        ("ecrlint.yaml", config),
        (
            "standard.yaml",
            &STANDARD
                .replace("rules_dirs: [more]\n", "")
                .replace("[recommended]", "[organisation]"),
        ),
        ("cdk.json", cdk),
    ]);
    let arguments = [
        "--environment",
        "dev",
        "--select",
        "declared-repository-missing,undeclared-repository",
    ];
    assert_eq!(
        found(folder.path(), &arguments),
        ["declared-repository-missing error"]
    );
}

#[test]
fn what_lies_outside_has_to_be_permitted() {
    let outside = folder(&[("standard.yaml", "rules: { scan-on-push: note }\n")]);
    let outside = outside.path().canonicalize().expect("it is there");
    let name = outside.join("standard.yaml");
    let config = format!("extends: {}\n", name.display());
    let folder = folder(&[("a.yaml", TEMPLATE), ("ecrlint.yaml", &config)]);
    let folder = folder.path();
    let told = refused(folder, &[]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("ecrlint.yaml:1:10 "), "{told:?}");
    assert!(
        told[0].ends_with("lies outside of the checkout"),
        "{told:?}"
    );
    let allowed = outside.to_str().expect("text");
    let arguments = ["--allow-outside", allowed, "--select", "scan-on-push"];
    assert_eq!(found(folder, &arguments), ["scan-on-push note"]);
}

#[test]
fn a_checksum_holds_the_standard_as_it_was() {
    // `printf 'rules: { scan-on-push: note }\n' | sha256sum`
    let sum = "f64ed2d5a5bbdf17bd7e1bbbc7a1a7b3b1c1fb3c9a2c3fdb2b6f4ec7f9b4b8f6";
    let config = |path: &str, sum: &str| format!("extends: {{ path: {path}, sha256: '{sum}' }}\n");
    let folder = folder(&[
        ("a.yaml", TEMPLATE),
        ("ecrlint.yaml", &config("standard.yaml", sum)),
        ("standard.yaml", "rules: { scan-on-push: note }\n"),
        ("rules/x/named.yaml", RULE),
        ("rules/README.md", "no rule"),
    ]);
    let folder = folder.path();
    for (path, select, expected) in [
        ("standard.yaml", "scan-on-push", "scan-on-push note"),
        ("rules", "named", "named warning"),
    ] {
        fs::write(folder.join("ecrlint.yaml"), config(path, &"0".repeat(64))).expect("written");
        let told = refused(folder, &[]);
        assert_eq!(told.len(), 1);
        let right = told[0].rsplit(' ').next().expect("the checksum").to_owned();
        assert!(
            told[0].contains(&format!("`{path}` is not what it was")),
            "{told:?}"
        );
        fs::write(
            folder.join("ecrlint.yaml"),
            config(path, &right.to_uppercase()),
        )
        .expect("written");
        assert_eq!(found(folder, &["--select", select]), [expected]);
        fs::write(folder.join("ecrlint.yaml"), config(path, "12")).expect("written");
        assert!(refused(folder, &[])[0].contains("`sha256` is not a checksum"));
    }
    // Another file of the folder is another folder.
    let sum = refused_sum(folder);
    fs::write(
        folder.join("rules/x/other.yml"),
        RULE.replace("id: named", "id: other"),
    )
    .expect("written");
    assert_ne!(sum, refused_sum(folder));
}

fn refused_sum(folder: &Path) -> String {
    let config = format!("extends: {{ path: rules, sha256: '{}' }}\n", "0".repeat(64));
    fs::write(folder.join("ecrlint.yaml"), config).expect("it can be written");
    let told = refused(folder, &[]);
    told[0].rsplit(' ').next().expect("the checksum").to_owned()
}

#[test]
fn mistakes_are_reported_at_their_places() {
    for (config, expected) in [
        (
            "extends: gone.yaml\n",
            "ecrlint.yaml:1:10 cannot read `gone.yaml`",
        ),
        (
            "sets: [recommended]\nextends: [ecrlint.yaml]\n",
            "ecrlint.yaml:2:11 `ecrlint.yaml` is extended by itself",
        ),
        (
            "extends: circle.yaml\n",
            "circle.yaml:1:10 `ecrlint.yaml` is extended by itself",
        ),
        (
            "extends: broken.yaml\n",
            "broken.yaml:1:1 unknown key `ruels`",
        ),
        (
            "extends: [{ sha256: x }]\n",
            "ecrlint.yaml:1:21 `sha256` is not a checksum",
        ),
        (
            "extends: [{}]\n",
            "ecrlint.yaml:1:11 what is extended has no path",
        ),
        (
            "extends: { file: a }\n",
            "ecrlint.yaml:1:12 unknown key `file`",
        ),
        ("extends: 7\n", "ecrlint.yaml:1:10 `extends` is a number"),
        (
            "extends: unknown.yaml\n",
            "unknown.yaml:1:10 there is no rule `scan-on-psuh`",
        ),
    ] {
        let folder = folder(&[
            ("a.yaml", TEMPLATE),
            ("ecrlint.yaml", config),
            ("circle.yaml", "extends: ecrlint.yaml\n"),
            ("broken.yaml", "ruels: {}\n"),
            ("unknown.yaml", "rules: { scan-on-psuh: error }\n"),
        ]);
        let told = refused(folder.path(), &[]);
        assert!(
            told.iter().any(|one| one.starts_with(expected)),
            "{config}: {told:?}"
        );
    }
}

#[test]
fn a_set_of_a_version_has_no_rules_that_came_later() {
    let later = RULE.replace("sets: [ours]", "sets: [ours, recommended@9.1]");
    let since = RULE
        .replace("id: named", "id: early")
        .replace("sets: [ours]", "sets: [ours, recommended]\nsince: 0.1.0");
    for (config, expected) in [
        ("sets: [recommended]\n", &["early", "named"][..]),
        ("sets: [recommended@0.1]\n", &["early"]),
        ("sets: ['recommended@0.1.0']\n", &["early"]),
        ("sets: [recommended@9.1]\n", &["early", "named"]),
        ("sets: [recommended@9]\n", &["early", "named"]),
        ("sets: [recommended@9.0.7]\n", &["early"]),
        ("sets: [recommended@0.1, ours]\n", &["early", "named"]),
    ] {
        let config = format!("{config}rules_dirs: [rules]\n");
        let folder = folder(&[
            ("a.yaml", TEMPLATE),
            ("ecrlint.yaml", &config),
            ("rules/x/named.yaml", &later),
            ("rules/x/early.yaml", &since),
        ]);
        let found = found(folder.path(), &[]);
        let is_ours = |one: &&String| one.starts_with("named") || one.starts_with("early");
        let own: Vec<&str> = found
            .iter()
            .filter(is_ours)
            .filter_map(|one| one.split(' ').next())
            .collect();
        assert_eq!(own, expected, "{config}");
        assert!(found.contains(&"scan-on-push error".to_owned()), "{config}");
    }
    for (config, expected) in [
        (
            "sets: [recommended@new]\n",
            "`recommended@new` names no version",
        ),
        (
            "sets: [recommended@0.0]\n",
            "no rule belonged to `recommended` in version 0.0",
        ),
        (
            "sets: [recomended@0.1]\n",
            "there is no rule set `recomended`",
        ),
    ] {
        let folder = folder(&[("a.yaml", TEMPLATE), ("ecrlint.yaml", config)]);
        let told = refused(folder.path(), &[]);
        assert_eq!(told, [format!("ecrlint.yaml:1:8 {expected}")]);
    }
    let plain = folder(&[("a.yaml", TEMPLATE)]);
    assert!(!found(plain.path(), &["--set", "recommended@0.1"]).is_empty());
    assert!(!found(plain.path(), &["--select", "recommended@0.1"]).is_empty());
    assert_eq!(run(plain.path(), &["--set", "recommended@x"]).code, 2);
    assert_eq!(run(plain.path(), &["--select", "recommended@x"]).code, 2);
}
