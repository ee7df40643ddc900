//! What is undetermined says what decides it, and doing so decides it.

use serde_json::Value;

use crate::program::{ecrlint, folder, root};

/// Input, with the arguments of the run; rule; what its advice has to hold; more arguments that decide it.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static str,
    &'static [&'static str],
);

const PLACE: &[&str] = &["--account", "111111111111", "--region", "eu-west-1"];

const CASES: &[Case] = &[
    (
        "Parameters: { Scan: { Type: String } }
Resources:
  Repo: { Type: 'AWS::ECR::Repository', Properties: { ImageScanningConfiguration: { ScanOnPush: !Ref Scan } } }",
        &[],
        "scan-on-push",
        "`--parameters Scan=VALUE`",
        &["--parameters", "Scan=true"],
    ),
    (
        "Parameters: { Mode: { Type: String } }
Resources:
  Repo: { Type: 'AWS::ECR::Repository', Properties: { ImageTagMutability: {'Fn::Sub': '${Mode}'} } }",
        &[],
        "tag-immutability",
        "`--parameters Mode=VALUE`",
        &["--parameters", "Mode=IMMUTABLE"],
    ),
    (
        "Parameters: { Open: { Type: String, Default: 'no' } }
Conditions: { IsOpen: !Equals [!Ref Open, 'yes'] }
Resources:
  Repo:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryPolicyText:
        Statement: { Effect: Allow, Principal: { AWS: '111111111111' }, Action: 'ecr:PutImage' }",
        &[],
        "access-cross-account-write",
        "`--account ID --region REGION`",
        PLACE,
    ),
    (
        r#"{"Resources": {"Repo": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryPolicyText": {"Statement":
{"Effect": "Allow", "Principal": {"AWS": ["111111111111"]}, "Action": ["ecr:*"]}}}}}}"#,
        &["--config", "standard.yaml"],
        "access-cross-account-write",
        "`--environment dev`, `--environment prod` or `--account ID --region REGION`",
        &["--environment", "prod"],
    ),
    (
        "Resources:
  Repo:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryPolicyText:
        Statement:
          Effect: Allow
          Principal: { AWS: !Sub 'arn:${AWS::Partition}:iam::111111111111:root' }
          Action: ecr:PutImage",
        &[],
        "access-cross-account-write",
        "`--account ID --region REGION`",
        PLACE,
    ),
    (
        "Resources:
  Repo: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: !Sub '${AWS::StackName}-Api' } }",
        &["--config", "standard.yaml"],
        "name-pattern",
        "`--stack-name NAME`",
        &["--stack-name", "team-shop"],
    ),
    (
        "Resources:
  Repo: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: !Join ['-', [!Ref 'AWS::Region', api]] } }",
        &["--config", "standard.yaml", "--set", "recommended", "--set", "pattern"],
        "regional-name",
        "`--environment dev`",
        &["--region", "eu-west-1"],
    ),
    (
        r#"{"account":"111122223333","region":"eu-west-1","repository":{"repositoryArn":"arn:aws:ecr:eu-west-1:111122223333:repository/api","repositoryName":"api","imageTagMutability":"IMMUTABLE","imageScanningConfiguration":{"scanOnPush":true},"encryptionConfiguration":{"encryptionType":"AES256"}},"lifecyclePolicy":null,"tags":[],"errors":{"repositoryPolicy":"AccessDeniedException: User is not authorized"}}"#,
        &[],
        "access-public",
        "grant `ecr:GetRepositoryPolicy` and capture again",
        &[],
    ),
    (
        r#"{"account":"111122223333","region":"eu-west-1","repository":{"repositoryArn":"arn:aws:ecr:eu-west-1:111122223333:repository/api","repositoryName":"api","imageTagMutability":"IMMUTABLE","imageScanningConfiguration":{"scanOnPush":true},"encryptionConfiguration":{"encryptionType":"AES256"}},"lifecyclePolicy":null,"tags":[]}"#,
        &[],
        "access-public",
        "capture it with `ecrlint snapshot`, or add `repositoryPolicy` to the record",
        &[],
    ),
    (
        "Resources:
  Repo:
    Type: AWS::ECR::Repository
    Properties: { ImageScanningConfiguration: { ScanOnPush: !ImportValue platform-scans } }",
        &[],
        "scan-on-push",
        "check the template that exports `platform-scans` in the same run",
        &["exports.yaml"],
    ),
    (
        "Resources:
  Repo:
    Type: AWS::ECR::Repository
    Properties: { ImageScanningConfiguration: { ScanOnPush: '{{resolve:ssm:scans}}' } }",
        &[],
        "scan-on-push",
        "no option gives a dynamic reference",
        &[],
    ),
    (
        "Parameters: { Scan: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /scans } }
Resources:
  Repo: { Type: 'AWS::ECR::Repository', Properties: { ImageScanningConfiguration: { ScanOnPush: !Ref Scan } } }",
        &[],
        "scan-on-push",
        "declare `Scan` as `String`",
        &[],
    ),
];

/// Beside each input.
const FILES: [(&str, &str); 3] = [
    (
        "standard.yaml",
        "organisation:
  prefix: team
  app: shop
  environments:
    dev: { account: '111111111111', region: eu-west-1 }
    prod: { account: '333333333333', region: eu-west-1 }
sets: [organisation, recommended]
rules_dirs: [rules]
",
    ),
    (
        "exports.yaml",
        "Resources: {}
Outputs: { Scans: { Value: 'true', Export: { Name: platform-scans } } }
",
    ),
    (
        "rules/naming/regional-name.yaml",
        "id: regional-name
title: name does not begin with a region of Europe
severity: warning
sets: [pattern]
why: An example.
when: $[?@.kind == 'private']
require: $[?match(@.name, 'eu-west-1.*')]
message: name `{repository.name}` does not begin with a region of Europe
examples:
  pass:
    - cloudformation: 'Resources: { A: { Type: AWS::ECR::Repository, Properties: { RepositoryName: eu-west-1-a } } }'
  fail:
    - cloudformation: 'Resources: { A: { Type: AWS::ECR::Repository, Properties: { RepositoryName: b-a } } }'
      at: Resources.A
",
    ),
];

/// What is undetermined in a run: rule and help.
fn undetermined(report: &Value) -> Vec<(&str, &str)> {
    let found = report["diagnostics"].as_array().expect("a list").iter();
    let open = found.filter(|one| one["verdict"] == "undetermined");
    let texts = open.map(|one| (one["rule"].as_str(), one["help"].as_str()));
    let texts = texts.map(|(rule, help)| (rule.expect("a rule"), help.unwrap_or_default()));
    texts.collect()
}

#[test]
fn what_an_advice_says_decides_what_it_is_about() {
    for (input, arguments, rule, advice, more) in CASES {
        let name = if input.contains(r#""account""#) {
            "input.ndjson"
        } else {
            "input.yaml"
        };
        let mut files = FILES.to_vec();
        files.push((name, input));
        let folder = folder(&files);
        let run = |arguments: &[&str]| {
            let usual = ["check", name, "-o", "json", "--fail-on", "never"];
            let all = usual.iter().chain(arguments);
            ecrlint(all).within(folder.path()).json().1
        };
        let report = run(arguments);
        let open = undetermined(&report);
        let own = open.iter().find(|(open, _)| open == rule);
        let (_, help) = own.unwrap_or_else(|| panic!("{rule} is decided: {report}"));
        assert!(help.starts_with("to decide: "), "{help}");
        assert!(help.contains(advice), "{rule}: {help}");
        if !more.is_empty() {
            let all: Vec<&str> = arguments.iter().chain(*more).copied().collect();
            let report = run(&all);
            let open = undetermined(&report);
            assert!(
                open.iter().all(|(open, _)| open != rule),
                "{rule}: {open:?}"
            );
        }
    }
}

#[test]
fn everything_undetermined_in_the_fixtures_says_what_decides_it() {
    let fixtures = ["verdicts", "cloudformation", "snapshot", "standard"];
    let mut kinds = 0;
    for name in fixtures {
        let folder = root().join("fixtures").join(name);
        let run = ecrlint(["check", ".", "-o", "json", "--fail-on", "never"]);
        let (_, report) = run.within(folder).json();
        for (rule, help) in undetermined(&report) {
            kinds += 1;
            assert!(help.starts_with("to decide: "), "{name}: {rule}: {help}");
            assert!(!help.contains('\n'), "{name}: {rule}: {help}");
            let is_general = help.contains("nothing that can be passed shows it");
            assert!(!is_general, "{name}: {rule}: {report:#}");
        }
    }
    assert!(kinds > 100, "{kinds}");
}

#[test]
fn an_account_and_a_region_are_what_aws_takes_for_one() {
    for wrong in [
        &["--account", "12"][..],
        &["--account", "11111111111x"],
        &["--region", "Paris"],
        &["--region", "eu-west"],
        &["--region", "eu-west-"],
        &["--account", "111111111111", "--environment", "dev"],
    ] {
        let ended = ecrlint(["check"].iter().chain(wrong)).ends();
        assert_eq!(ended.code, 2, "{wrong:?}: {ended:?}");
    }
}

/// A record of a repository of a live account.
fn record(account: &str, region: &str, name: &str) -> String {
    format!(
        r#"{{"account":"{account}","region":"{region}","repository":{{"repositoryArn":"arn:aws:ecr:{region}:{account}:repository/{name}","repositoryName":"{name}","imageTagMutability":"MUTABLE","imageScanningConfiguration":{{"scanOnPush":true}},"encryptionConfiguration":{{"encryptionType":"AES256"}}}},"lifecyclePolicy":null,"repositoryPolicy":null,"tags":[]}}"#
    )
}

#[test]
fn a_snapshot_of_one_place_says_where_the_templates_are_deployed() {
    let template = "Resources: { Api: { Type: AWS::ECR::Repository, Properties: { RepositoryName: team/api, \
                    ImageTagMutability: IMMUTABLE, ImageScanningConfiguration: { ScanOnPush: true } } } }";
    let own = record("111111111111", "eu-west-1", "team/api");
    let second = record("111111111111", "eu-west-1", "team/web");
    let registry = r#"{"account":"111111111111","region":"eu-west-1","registry":{"policy":null}}"#;
    let elsewhere = record("111111111111", "eu-central-1", "team/api");
    let foreign = record("222222222222", "eu-west-1", "team/web");
    let other_registry =
        r#"{"account":"222222222222","region":"eu-west-1","registry":{"policy":null}}"#;
    let (own, registry) = (own.as_str(), registry);
    let none: &[&str] = &[];
    for (lines, arguments, is_decided) in [
        (vec![own], none, true),
        (vec![registry, own, &second], none, true),
        (vec![own, &elsewhere], none, false),
        (vec![own, &foreign], none, false),
        (vec![own, other_registry], none, false),
        (vec![own, &foreign], PLACE, true),
        (vec![own, &elsewhere], PLACE, true),
    ] {
        let lines = lines.join("\n");
        let folder = folder(&[("a.yaml", template), ("live.ndjson", &lines)]);
        let mut all = vec!["check", "a.yaml", "--live", "live.ndjson", "-o", "json"];
        all.extend(arguments);
        let (_, report) = ecrlint(all).within(folder.path()).json();
        let found = report["diagnostics"].as_array().expect("a list").iter();
        let drift: Vec<_> = found.filter(|one| one["rule"] == "drift").collect();
        let verdicts: Vec<_> = drift.iter().map(|one| &one["verdict"]).collect();
        let expected = if is_decided { "fail" } else { "undetermined" };
        assert_eq!(verdicts, [expected], "{lines} {arguments:?}: {drift:?}");
    }
}
