//! What a report says of repositories that depend on conditions.
//! They do not know how conditions are decided.

use super::{Combination, CombinationTable, when};
use crate::config::Config;
use crate::engine::{Plan, RuleSelection, Thresholds, check};
use crate::ignore::Date;
use crate::input::{Context, Scratch, load};
use crate::model::{AssumedOutcome, Assumption, Inventory};
use crate::report::{DraftReport, Severity, Verdict};
use crate::rules::RuleSet;
use crate::source::SourceId;

/// `A` for true, `a` for false.
fn combinations(texts: &[&str]) -> Vec<Combination> {
    let assumption = |letter: char| Assumption {
        about: letter.to_ascii_uppercase().to_string(),
        outcome: AssumedOutcome::Condition(letter.is_uppercase()),
    };
    texts
        .iter()
        .map(|text| text.chars().map(assumption).collect())
        .collect()
}

fn said(texts: &[&str], variants: &[usize]) -> String {
    when(&CombinationTable::of(&combinations(texts)), variants).unwrap_or_default()
}

#[test]
fn what_always_holds_needs_no_condition() {
    assert_eq!(said(&[""], &[0]), "");
    assert_eq!(said(&["A", "a"], &[0, 1]), "");
}

#[test]
fn the_condition_of_the_repository_itself_is_always_named() {
    assert_eq!(said(&["A"], &[0]), "`A` is true");
    assert_eq!(said(&["AB", "Ab"], &[0, 1]), "`A` is true");
    assert_eq!(said(&["AB", "Ab"], &[1]), "`A` is true and `B` is false");
}

#[test]
fn a_condition_that_does_not_matter_is_not_named() {
    let all = ["AB", "Ab", "aB", "ab"];
    assert_eq!(said(&all, &[2, 3]), "`A` is false");
    assert_eq!(said(&all, &[0, 2]), "`B` is true");
    assert_eq!(said(&all, &[1]), "`A` is true and `B` is false");
    assert_eq!(
        said(&["A", "aB", "ab"], &[2]),
        "`A` is false and `B` is false"
    );
}

#[test]
fn alternatives_are_named_while_they_are_few() {
    let all = ["AB", "Ab", "aB", "ab"];
    let equal = "`A` is true and `B` is true, or `A` is false and `B` is false";
    assert_eq!(said(&all, &[0, 3]), equal);
    let all = ["ABC", "ABc", "AbC", "Abc", "aBC", "aBc", "abC", "abc"];
    let odd = said(&all, &[0, 3, 5, 6]);
    assert_eq!(odd, "some combinations of `A`, `B`, `C` hold");
}

/// What the built-in rules say about a template with these resources.
fn judged(resources: &str) -> DraftReport {
    let text = format!(
        "Parameters: {{Env: {{Type: String, Default: dev, AllowedValues: [dev, test, prod]}}}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsTest: !Equals [!Ref Env, test]
  NotProd: !Not [!Condition IsProd]
Resources:
{resources}"
    );
    let loaded = load(
        &text,
        SourceId(0),
        &Context::default(),
        &mut Scratch::default(),
    );
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let inventory = Inventory {
        inputs: 1,
        entities: loaded.entities,
        registries: loaded.registries,
        ..Inventory::default()
    };
    let thresholds = Thresholds {
        fail_on: None,
        undetermined: Severity::Note,
        today: Date::from_unix_seconds(0),
    };
    let rules = RuleSet::builtin();
    let config = Config::default();
    let plan =
        Plan::new(&rules, &config, &RuleSelection::default()).expect("nothing is configured");
    check(&plan, &config, &inventory, thresholds, Vec::new())
}

/// Verdict, message and condition of each finding of a rule.
fn findings<'r>(report: &'r DraftReport, rule: &str) -> Vec<(Verdict, &'r str, &'r str)> {
    let found = report.diagnostics.iter().filter(|one| one.rule == rule);
    found
        .map(|one| {
            let when = one.when.as_deref().unwrap_or_default();
            (one.verdict, one.message.as_str(), when)
        })
        .collect()
}

#[test]
fn a_finding_of_one_branch_says_when() {
    let report = judged(
        "  Repo:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: app
      ImageScanningConfiguration: !If [IsProd, {ScanOnPush: true}, !Ref AWS::NoValue]",
    );
    let message = "repository `app` does not scan images on push";
    let expected = [(Verdict::Fail, message, "`IsProd` is false")];
    assert_eq!(findings(&report, "scan-on-push"), expected);
    let verdicts = &report.repositories[0].verdicts;
    assert_eq!(report.counted.repositories, 1);
    assert_eq!(verdicts.get("scan-on-push"), Some(Verdict::Fail));
}

#[test]
fn a_finding_of_every_branch_is_reported_once() {
    let report = judged(
        "  Repo:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: !Sub 'app-${Env}'
      ImageScanningConfiguration: {ScanOnPush: false}
      EmptyOnDelete: !If [IsProd, false, !If [IsTest, true, false]]",
    );
    let message = "repository `app-${Env}` does not scan images on push";
    let expected = [(Verdict::Fail, message, "")];
    assert_eq!(findings(&report, "scan-on-push"), expected);
    assert_eq!(report.repositories[0].subject.name, None);
}

#[test]
fn a_conditional_repository_is_judged_where_it_exists() {
    let report = judged(
        "  Repo:
    Type: AWS::ECR::Repository
    Condition: IsProd
    Properties:
      RepositoryName: app
      ImageScanningConfiguration: {ScanOnPush: !If [NotProd, true, false]}",
    );
    let message = "repository `app` does not scan images on push";
    let expected = [(Verdict::Fail, message, "`IsProd` is true")];
    assert_eq!(findings(&report, "scan-on-push"), expected);
}

#[test]
fn only_repositories_that_exist_together_share_a_name() {
    let pair = |one: &str, other: &str| {
        judged(&format!(
            "  One: {{Type: 'AWS::ECR::Repository', {one} Properties: {{RepositoryName: app,
    EmptyOnDelete: !If [IsTest, true, false]}}}}
  Other: {{Type: 'AWS::ECR::Repository', {other} Properties: {{RepositoryName: app}}}}"
        ))
    };
    let never = pair("Condition: IsProd,", "Condition: NotProd,");
    assert!(findings(&never, "name-unique").is_empty());
    let always = pair("", "");
    let when: Vec<_> = findings(&always, "name-unique")
        .iter()
        .map(|(_, _, when)| *when)
        .collect();
    assert_eq!(when, ["", ""]);
    let sometimes = pair("", "Condition: IsTest,");
    let when: Vec<_> = findings(&sometimes, "name-unique")
        .iter()
        .map(|(_, _, when)| *when)
        .collect();
    assert_eq!(when, ["`IsTest` is true", "`IsTest` is true"]);
}

#[test]
fn a_repository_of_a_tool_stays_one_under_every_condition() {
    let report = judged(
        "  Assets:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: !If [IsProd, ours, 'cdk-x-container-assets-1-eu-west-1']",
    );
    assert!(report.repositories[0].tool_owned);
    assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
}
