//! `ecrlint access` as users run it: who may do what with a repository, against golden texts.

mod program;

use std::fs;

use program::{Ended, ecrlint, root};

const TEMPLATE: &str = "fixtures/access/ecr.yaml";

fn access(arguments: &[&str]) -> Ended {
    let all = ["access"].iter().chain(arguments);
    ecrlint(all).env("COLUMNS", "100").ends()
}

/// Compares with a file of `tests/access`; `UPDATE_GOLDEN` writes it.
fn golden(name: &str, found: &str) {
    let path = root().join("tests/access").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::write(&path, found).expect("the golden file can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == found,
        "{} differs; if that is meant, run `UPDATE_GOLDEN=1 cargo test --test access`:\n{found}",
        path.display()
    );
}

fn told(name: &str, arguments: &[&str]) -> String {
    let ended = access(arguments);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{arguments:?}");
    golden(name, &ended.out);
    ended.out
}

#[test]
fn everybody_is_listed_with_statements_conditions_and_denials() {
    let config = [
        "--config",
        "fixtures/access/ecrlint.yaml",
        "--environment",
        "dev",
    ];
    let out = told("api.txt", &[&["team/api", TEMPLATE][..], &config].concat());
    assert!(
        out.contains("account 333333333333 (prod): named-accounts"),
        "{out}"
    );
    assert!(
        !out.contains("555555555555"),
        "that statement is about others"
    );
}

#[test]
fn what_the_account_of_the_stack_decides_stays_open() {
    let out = told("open.txt", &["Api", TEMPLATE]);
    assert!(out.contains("the stack's account is not known"), "{out}");
}

#[test]
fn narrow_terminals_get_lines_that_fit() {
    let arguments = ["access", "team/api", TEMPLATE];
    let ended = ecrlint(arguments).env("COLUMNS", "56").ends();
    golden("narrow.txt", &ended.out);
    for line in ended.out.lines() {
        // What has no space to break at stays whole: it is there to be copied.
        let breakable = line.trim_start().contains(' ');
        assert!(line.chars().count() <= 56 || !breakable, "`{line}`");
    }
}

#[test]
fn colours_come_when_they_are_wanted() {
    let plain = access(&["team/other", TEMPLATE]).out;
    assert!(!plain.contains('\u{1b}'));
    let painted = access(&["team/api", TEMPLATE, "--color", "always"]).out;
    assert!(painted.contains("\u{1b}[1m"));
    let forced = ecrlint(["access", "team/api", TEMPLATE]).env("CLICOLOR_FORCE", "1");
    assert!(forced.ends().out.contains('\u{1b}'));
    let refused = ecrlint(["access", "team/api", TEMPLATE]);
    let refused = refused.env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
    assert!(!refused.ends().out.contains('\u{1b}'));
}

#[test]
fn programs_get_the_same_as_json() {
    let out = told("api.json", &["team/api", TEMPLATE, "--output", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let access = json["repositories"][0]["access"]
        .as_array()
        .expect("a list");
    assert_eq!(access.len(), 7);
    assert_eq!(access[0]["class"], "organisation");
    assert_eq!(access[0]["taken_by"][0]["sid"], "NobodyPushes");
    assert_eq!(access[0]["given_by"][0]["location"]["start"]["line"], 13);
    assert_eq!(access[1]["class"], serde_json::Value::Null);
    assert_eq!(
        access[1]["class_unknown"],
        "the stack's account is not known"
    );
    assert_eq!(access[6]["token"], false);
}

#[test]
fn a_policy_that_is_not_known_is_said_to_be_not_known() {
    told("hidden.txt", &["team/hidden", TEMPLATE]);
}

#[test]
fn without_a_policy_the_registry_still_lets_somebody_in() {
    told("other.txt", &["team/other", TEMPLATE]);
}

#[test]
fn the_ways_conditions_turn_out_are_told_one_by_one() {
    let template = "\
Parameters: { Open: { Type: String } }
Conditions: { IsOpen: !Equals [!Ref Open, 'yes'], IsRed: !Equals [!Ref Open, red] }
Resources:
  App:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: app
      EmptyOnDelete: !If [IsRed, true, false]
      RepositoryPolicyText:
        Statement:
          - { Effect: Allow, Principal: !If [IsOpen, '*', { AWS: '222222222222' }], Action: ecr:BatchGetImage }
";
    let ended = ecrlint(["access", "app", "-"]).given(template).ends();
    assert_eq!(ended.code, 0, "{}", ended.err);
    golden("conditions.txt", &ended.out);
    assert_eq!(
        ended.out.matches("access to `app`").count(),
        2,
        "{}",
        ended.out
    );
}

#[test]
fn a_repository_that_is_not_there_comes_with_the_nearest() {
    let ended = access(&["team/ap", TEMPLATE]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    let expected = "error: there is no repository `team/ap`, `team/api` comes nearest\n";
    assert_eq!(ended.err, expected);
}

#[test]
fn an_input_that_cannot_be_read_is_never_passed_over() {
    let ended = ecrlint(["access", "app", "-"]).given("Resources: {").ends();
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("unreadable-input"), "{}", ended.err);
}
