//! The commands beside `check`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::WARNED;
use crate::program::{ecrlint, files, folder, root, rules};

/// The text of every rule file, by id.
fn rule_files() -> BTreeMap<String, String> {
    let paths = files(&root().join("rules")).into_iter();
    let rules = paths.filter(|path| path.extension().is_some_and(|end| end == "yaml"));
    let named = rules.map(|path| {
        let id = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        (
            id,
            std::fs::read_to_string(path).expect("a rule can be read"),
        )
    });
    named.collect()
}

#[test]
fn every_rule_file_is_listed() {
    let expected: Vec<String> = rule_files().into_keys().collect();
    assert_eq!(rules(), expected);
    let list = ecrlint(["rules"]).ends();
    assert_eq!(list.code, 0);
    for id in &expected {
        assert!(
            list.out
                .lines()
                .any(|line| line.split_whitespace().next() == Some(id)),
            "{id}"
        );
    }
}

#[test]
fn every_rule_is_explained_with_reason_fixes_and_real_output() {
    for (id, file) in rule_files() {
        let ended = ecrlint(["explain", &id]).ends();
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{id}");
        let text = ended.out;
        assert!(text.starts_with(&format!("# {id}\n\n")), "{text}");
        let (_, why) = text.split_once("\n## Why\n\n").expect("a reason");
        assert!(
            why.lines().next().is_some_and(|line| line.len() > 40),
            "{id}: {why}"
        );
        let mut fixes = 0;
        for (key, title) in [
            ("cdk-typescript", "### CDK, TypeScript\n\n```ts\n"),
            ("cdk-python", "### CDK, Python\n\n```python\n"),
            ("cloudformation", "### CloudFormation\n\n```yaml\n"),
            ("cli", "### AWS CLI\n\n```sh\n"),
        ] {
            let given = file.contains(&format!("\n  {key}:"));
            assert_eq!(text.contains(title), given, "{id}: {key}");
            fixes += usize::from(given);
        }
        assert!(fixes > 0, "{id} does not say how to fix it");
        let (_, shown) = text
            .split_once("\n## What it looks like\n\n```text\n")
            .expect("output");
        assert!(shown.starts_with("── "), "{id}: {shown}");
        assert!(shown.contains(&format!("[{id}]: ")), "{id}: {shown}");
        assert!(shown.contains("failed: "), "{id}: {shown}");
        assert!(
            text.contains("\n## References\n\n- <https://"),
            "{id} cites nobody"
        );
    }
}

#[test]
fn a_page_is_drawn_for_people_and_markdown_for_programs() {
    for id in ["scan-on-push", "lifecycle-missing", "unused-ignore"] {
        let markdown = ecrlint(["explain", id]).ends().out;
        assert!(markdown.starts_with(&format!("# {id}\n\n")), "{markdown}");
        for run in [
            ecrlint(["explain", id, "--color", "always"]),
            ecrlint(["explain", id]).env("FORCE_COLOR", "1"),
        ] {
            let page = run.env("COLUMNS", "60").ends().out;
            assert!(
                page.starts_with(&format!("\u{1b}[1m{id}\u{1b}[0m\n\n")),
                "{page}"
            );
            assert!(page.contains("\u{1b}[1mWhy\u{1b}[0m\n"), "{page}");
            for line in page.lines() {
                assert!(!line.starts_with(['#', '`']), "{line}");
            }
        }
    }
}

#[test]
fn a_rule_is_found_by_the_name_that_cdk_gives_it() {
    let plain = ecrlint(["explain", "scan-on-push"]).ends();
    assert_eq!(ecrlint(["explain", "ecrlint::scan-on-push"]).ends(), plain);
}

#[test]
fn the_examples_of_all_rules_hold() {
    let ended = ecrlint(["test"]).ends();
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    let rules = rules().len();
    assert!(
        ended
            .out
            .ends_with(&format!(" examples of {rules} rules hold\n")),
        "{}",
        ended.out
    );
    assert_eq!(
        ecrlint(["test", "rules"]).ends(),
        ended,
        "the same from their files"
    );
}

const MY_RULE: &str = "\
id: owner-tag
title: a repository has no owner
severity: warning
sets: [mine]
since: 0.1.0
why: Somebody has to be asked.
when: $[?@.kind == 'private']
require: $.repository.tags[?@.key == 'owner']
message: repository `{repository.name}` has no owner
fix:
  cloudformation: |
    Tags:
      - { Key: owner, Value: team }
references:
  - https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html
examples:
  pass:
    - cloudformation: |
        Resources:
          App:
            Type: AWS::ECR::Repository
            Properties:
              Tags:
                - { Key: owner, Value: team }
  fail:
    - cloudformation: |
        Resources:
          App:
            Type: AWS::ECR::Repository
      at: Resources.App
";

#[test]
fn a_rule_of_ones_own_is_tested_listed_explained_and_used() {
    let here = folder(&[("mine/tags/owner-tag.yaml", MY_RULE), ("a.yaml", WARNED)]);
    let run = |arguments: &[&str]| ecrlint(arguments).within(&here).ends();
    let tested = run(&["test", "mine"]);
    assert_eq!(tested.code, 0, "{tested:?}");
    assert_eq!(tested.out, "2 examples of 1 rule hold\n");
    assert!(
        run(&["rules", "--rules", "mine"])
            .out
            .contains("\nowner-tag ")
    );
    let explained = run(&["explain", "owner-tag", "--rules", "mine"]).out;
    assert!(
        explained.contains("Somebody has to be asked."),
        "{explained}"
    );
    let heard = run(&["check", "a.yaml", "--rules", "mine"]).out;
    assert!(
        heard.contains("warning[owner-tag]: repository `team/app` has no owner"),
        "{heard}"
    );
}

#[test]
fn an_example_that_does_not_hold_fails_the_test_and_is_shown() {
    for (from, to, name) in [
        (
            "Key: owner, Value: team }\n  fail",
            "Key: owners, Value: team }\n  fail",
            "pass example 1",
        ),
        ("at: Resources.App", "at: Resources", "fail example 1"),
    ] {
        let wrong = MY_RULE.replace(from, to);
        assert_ne!(wrong, MY_RULE);
        let here = folder(&[("mine/tags/owner-tag.yaml", &wrong)]);
        let ended = ecrlint(["test", "mine"]).within(&here).ends();
        assert_eq!(ended.code, 1, "{ended:?}");
        let line = format!("owner-tag: {name} does not hold");
        assert!(ended.out.contains(&line), "{}", ended.out);
        assert!(
            ended
                .out
                .ends_with("1 of 2 examples of 1 rule does not hold\n"),
            "{}",
            ended.out
        );
    }
}

#[test]
fn init_writes_a_configuration_that_loads_and_never_overwrites_one() {
    let here = folder(&[("template.yaml", WARNED)]);
    let ended = ecrlint(["init"]).within(&here).ends();
    assert_eq!((ended.code, ended.out.as_str()), (0, ""), "{ended:?}");
    assert!(ended.err.contains("wrote `ecrlint.yaml`"), "{}", ended.err);
    let path = here.path().join("ecrlint.yaml");
    let written = std::fs::read_to_string(&path).expect("it is written");
    assert!(written.contains("organisation"), "{written}");
    assert_eq!(ecrlint(["check"]).within(&here).ends().code, 0);
    let again = ecrlint(["init"]).within(&here).ends();
    assert_eq!(again.code, 2);
    assert!(again.err.contains("`ecrlint.yaml` exists"), "{}", again.err);
    assert_eq!(
        std::fs::read_to_string(&path).expect("it is there"),
        written
    );
    let other = ecrlint(["init", "other.yaml"]).within(&here).ends();
    assert_eq!(other.code, 0);
    let arguments = ["check", "--config", "other.yaml"];
    assert_eq!(ecrlint(arguments).within(&here).ends().code, 0);
}

#[test]
fn init_takes_what_cdk_json_tells() {
    let cdk = r#"{"app": "x", "context": {"organization_prefix": "mare", "app_name": "shop"}}"#;
    let here = folder(&[("cdk.json", cdk), ("template.yaml", WARNED)]);
    let ended = ecrlint(["init"]).within(&here).ends();
    assert!(
        ended.err.contains("with what cdk.json says"),
        "{}",
        ended.err
    );
    let written = std::fs::read_to_string(here.path().join("ecrlint.yaml")).expect("it is there");
    assert!(
        written.contains("cdk.json#/context/organization_prefix"),
        "{written}"
    );
    let checked = ecrlint(["check", "template.yaml"]).within(&here).ends();
    assert_ne!(checked.code, 2, "{checked:?}");
}

#[test]
fn every_schema_is_a_json_schema_and_the_published_one() {
    for name in ["report", "repository", "rule", "config", "lifecycle"] {
        let (code, schema) = ecrlint(["schema", name]).json();
        assert_eq!(code, 0);
        let file = root().join(format!("schemas/{name}.json"));
        let file = std::fs::read_to_string(file).expect("a schema can be read");
        assert_eq!(schema, serde_json::from_str::<Value>(&file).expect("JSON"));
        assert!(
            jsonschema::meta::is_valid(&schema),
            "{name} keeps the draft that it names"
        );
        jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ended = ecrlint(["completions", shell]).ends();
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{shell}");
        for word in ["ecrlint", "check", "explain", "fail-on", "undetermined"] {
            assert!(ended.out.contains(word), "{shell} does not know {word}");
        }
    }
}

#[test]
fn the_manual_page_is_roff_and_names_every_command() {
    let ended = ecrlint(["man"]).ends();
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.contains("\n.TH ecrlint 1"), "{}", ended.out);
    for command in [
        "check",
        "explain",
        "rules",
        "test",
        "init",
        "schema",
        "completions",
    ] {
        assert!(
            ended.out.contains(command),
            "the page does not name {command}"
        );
    }
}

#[test]
fn help_is_data_and_version_is_one_line() {
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["check", "--help"],
        &["check", "-h"],
    ] {
        let ended = ecrlint(arguments).ends();
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        assert!(ended.out.contains("Usage: ecrlint"), "{}", ended.out);
    }
    let version = format!("ecrlint {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(ecrlint(["--version"]).ends().out, version);
}

#[test]
fn a_control_is_explained_by_the_rules_that_stand_for_it() {
    for (control, rules) in [
        ("ECR.1", &["scan-on-push"][..]),
        ("ecr.2", &["tag-immutability"]),
        ("aws-fsbp:ECR.3", &["lifecycle-missing"]),
        ("CKV_AWS_163", &["scan-on-push"]),
        ("ckv_aws_51", &["tag-immutability"]),
        ("CKV_AWS_136", &["kms-customer-key"]),
        ("AVD-AWS-0030", &["scan-on-push"]),
        ("AWS-0032", &["access-public"]),
        ("ecr-repository-tagged", &["required-tags"]),
        (
            "CA-9(1)",
            &["kms-customer-key", "lifecycle-missing", "tag-immutability"],
        ),
    ] {
        let ended = ecrlint(["explain", control]).ends();
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{control}");
        let list = ended
            .out
            .lines()
            .filter_map(|line| line.strip_prefix("- `"));
        let ids: Vec<_> = list.filter_map(|line| line.split_once("`: ")).collect();
        let ids: Vec<&str> = ids.into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, rules, "{control}: {}", ended.out);
        let page = format!("# {}\n", rules[0]);
        assert_eq!(ended.out.contains(&page), rules.len() == 1, "{control}");
    }
    for (near, expected) in [
        ("CKV_AWS_136x", "did you mean `CKV_AWS_136`?"),
        ("scan-on-psuh", "did you mean `scan-on-push`?"),
        ("tag-immutabiltiy", "did you mean `tag-immutability`?"),
    ] {
        let ended = ecrlint(["explain", near]).ends();
        assert!(ended.code == 2 && ended.err.contains(expected), "{ended:?}");
    }
}

#[test]
fn help_is_a_command_too() {
    let all = ecrlint(["help"]).ends();
    assert_eq!(all, ecrlint(["--help"]).ends());
    for command in ["check", "explain", "snapshot", "rules"] {
        let told = ecrlint(["help", command]).ends();
        assert_eq!((told.code, told.err.as_str()), (0, ""), "{told:?}");
        assert_eq!(told, ecrlint([command, "--help"]).ends());
    }
    let unknown = ecrlint(["help", "chekc"]).ends();
    assert_eq!(unknown.code, 2, "{unknown:?}");
}
