//! A run that finds nothing about ECR says so, in every format, and has not passed anything.

use crate::program::{ecrlint, folder};
use serde_json::Value;

const BUCKET: &str = "Resources:\n  Files:\n    Type: AWS::S3::Bucket\n";
const ROLE: &str = "Resources:\n  Reader:\n    Type: AWS::IAM::Role\n    Properties:\n      Policies:\n        - \
    PolicyName: p\n          PolicyDocument:\n            Statement:\n              - { Effect: Allow, Action: \
    'ecr:GetAuthorizationToken', Resource: '*' }\n";
const REPOSITORY: &str = "Resources:\n  Api:\n    Type: AWS::ECR::Repository\n";
/// What is about ECR, and nothing that anybody could get wrong.
const REPLICATION: &str = "Resources:
  Copies:
    Type: AWS::ECR::ReplicationConfiguration
    Properties:
      ReplicationConfiguration: { Rules: [{ Destinations: [{ Region: eu-central-1, RegistryId: '111111111111' }] }] }
";
/// An answer of the AWS CLI about a registry without repositories.
const ANSWER: &str = r#"{"account": "111111111111", "region": "eu-west-1", "ecr": {"describe-repositories": {"repositories": []}}}"#;

#[test]
fn what_is_not_about_ecr_is_nothing_to_judge() {
    let words = "Resources:\n  Key:\n    Type: AWS::SecretsManager::Secret\n    Properties: { Description: ecr }\n";
    let other_role = ROLE.replace("ecr:GetAuthorizationToken", "secretsmanager:GetSecretValue");
    let nowhere = "Conditions: { Never: !Equals [a, b] }\nResources:\n  Api:\n    Type: AWS::ECR::Repository\n    \
        Condition: Never\n";
    let json = r#"{"Resources": {"Files": {"Type": "AWS::S3::Bucket"}}}"#;
    let table: [(&[(&str, &str)], &str); 8] = [
        (
            &[("a.yaml", BUCKET)],
            "nothing to judge: 1 template, none with an ECR repository",
        ),
        (
            &[("a.yaml", BUCKET), ("b.json", json)],
            "nothing to judge: 2 templates, none with an ECR repository",
        ),
        (
            &[("a.yaml", words)],
            "nothing to judge: 1 template, none with an ECR repository",
        ),
        (
            &[("a.yaml", &other_role)],
            "nothing to judge: 1 template, none with an ECR repository",
        ),
        (
            &[("a.yaml", nowhere)],
            "nothing to judge: 1 template, none with an ECR repository",
        ),
        (
            &[("a.yaml", REPLICATION)],
            "nothing to judge: 1 template, none with an ECR repository",
        ),
        (
            &[("a.json", ANSWER)],
            "nothing to judge: 1 snapshot, none with an ECR repository",
        ),
        (
            &[("a.json", ANSWER), ("b.yaml", BUCKET)],
            "nothing to judge: 1 template and 1 snapshot, none with an ECR repository",
        ),
    ];
    for (files, expected) in table {
        let here = folder(files);
        let run = |options: &[&str]| {
            let names = files.iter().map(|(name, _)| *name);
            let arguments = ["check"].into_iter().chain(options.iter().copied());
            let ended = ecrlint(arguments.chain(names)).within(&here).ends();
            let line = ended.out.lines().next().unwrap_or_default().to_owned();
            (ended.code, line)
        };
        assert_eq!(run(&[]), (0, expected.to_owned()));
        let required = format!("{expected}; a repository is required");
        assert_eq!(run(&["--require-repositories"]), (2, required));
    }
}

#[test]
fn every_format_says_it() {
    let said = "nothing to judge: 1 template, none with an ECR repository";
    let here = folder(&[("a.yaml", BUCKET)]);
    for format in &ecrlint::render::FORMATS {
        for required in [false, true] {
            let mut arguments = vec!["check", "a.yaml", "--output", format.name];
            arguments.extend(required.then_some("--require-repositories"));
            let ended = ecrlint(arguments).within(&here).ends();
            assert_eq!(ended.code, if required { 2 } else { 0 }, "{}", format.name);
            let expected = match format.name {
                "markdown" => {
                    "## ecrlint: nothing to judge\n\n1 template, none with an ECR repository"
                }
                "html" => {
                    "<strong>nothing to judge</strong>: 1 template, none with an ECR repository"
                }
                _ => said,
            };
            assert!(
                ended.out.contains(expected),
                "{}: {}",
                format.name,
                ended.out
            );
            assert_eq!(
                ended.out.contains("a repository is required"),
                required,
                "{}",
                format.name
            );
            let words = ended
                .out
                .replace("passed_over", "")
                .replace("passed-over", "");
            assert!(!words.contains("passed"), "{}: {}", format.name, ended.out);
            // A later run finds the report and replaces it.
            assert!(format.begins(&ended.out), "{}: {}", format.name, ended.out);
        }
    }
}

#[test]
fn what_is_about_ecr_and_no_repository_is_judged() {
    let here = folder(&[("a.yaml", ROLE)]);
    let check = |more: &[&str]| {
        let arguments = ["check", "a.yaml", "--output", "json"];
        let arguments = arguments.iter().chain(more);
        ecrlint(arguments).within(&here).json()
    };
    let (code, report) = check(&[]);
    assert_eq!(code, 0);
    assert_eq!(
        report["conclusion"],
        "no repository: no findings in 1 resource about ECR (1 input checked)"
    );
    let count = |name: &str| report["summary"][name].as_u64();
    assert_eq!(
        (count("repositories"), count("others"), count("snapshots")),
        (Some(0), Some(1), Some(0))
    );
    let (code, report) = check(&["--require-repositories"]);
    assert_eq!((code, &report["outcome"]), (2, &Value::from("error")));
}

#[test]
fn a_repository_is_enough() {
    let here = folder(&[("a.yaml", BUCKET), ("b.yaml", REPOSITORY)]);
    let ended = ecrlint(["check", ".", "--require-repositories", "--fail-on", "never"])
        .within(&here)
        .ends();
    assert_eq!(ended.code, 0, "{}", ended.out);
    assert!(
        ended.out.contains("in 1 repository (2 inputs checked)"),
        "{}",
        ended.out
    );
}

#[test]
fn what_cannot_be_read_is_not_passed_over_as_nothing() {
    let here = folder(&[("a.yaml", BUCKET), ("b.yaml", "Resources: [")]);
    let ended = ecrlint(["check", "a.yaml", "b.yaml"]).within(&here).ends();
    assert_eq!(ended.code, 2);
    assert!(
        ended.out.contains("could not finish: 1 unreadable file"),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("nothing to judge"), "{}", ended.out);
}

#[test]
fn declarations_alone_are_nothing_to_judge() {
    let config = "organisation:\n  prefix: acme\n  app: shop\n  environments: { dev: { account: \"111111111111\", \
        region: eu-west-1 } }\n  repositories:\n    api: { images_retained: 5 }\n";
    let here = folder(&[("a.yaml", BUCKET), ("ecrlint.yaml", config)]);
    let ended = ecrlint(["check", "a.yaml"]).within(&here).ends();
    assert!(!ended.out.contains("passed"), "{}", ended.out);
    assert!(
        ended
            .out
            .contains("1 template, none with an ECR repository"),
        "{}",
        ended.out
    );
}
