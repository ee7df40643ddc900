//! Runs over several templates: what one says about another, through the program.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where a run is not as it was set up"
)]

use serde_json::Value as Json;

use crate::program::{ecrlint, folder};

/// Judges the files of a run and gives the report.
fn check(files: &[(&str, &str)], options: &[&str]) -> Json {
    let folder = folder(files);
    let arguments = [
        "check",
        ".",
        "-o",
        "json",
        "--evidence",
        "--fail-on",
        "never",
    ];
    let run = ecrlint(arguments.iter().chain(options));
    let ended = run.within(folder.path()).ends();
    assert!(ended.err.is_empty(), "{}", ended.err);
    serde_json::from_str(&ended.out).unwrap()
}

/// `rule verdict path:line` of every finding of some rules.
fn found(report: &Json, rules: &[&str]) -> Vec<String> {
    let diagnostics = report["diagnostics"].as_array().unwrap().iter();
    diagnostics
        .filter(|one| rules.contains(&one["rule"].as_str().unwrap()))
        .map(|one| {
            let location = &one["location"];
            format!(
                "{} {} {}:{}",
                one["rule"].as_str().unwrap(),
                one["verdict"].as_str().unwrap(),
                location["path"].as_str().unwrap().trim_start_matches("./"),
                location["start"]["line"]
            )
        })
        .collect()
}

const KEYS: &str = r#"
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      Enabled: false
      KeyPolicy:
        Statement:
          - { Effect: Allow, Principal: "*", Action: "kms:*", Resource: "*" }
Outputs:
  Key: { Value: !GetAtt Key.Arn, Export: { Name: images-key } }
"#;

const IMAGES: &str = r#"
Resources:
  Api:
    Type: AWS::ECR::Repository
    Properties:
      EncryptionConfiguration: { EncryptionType: KMS, KmsKey: !ImportValue images-key }
"#;

#[test]
fn a_key_of_another_stack_is_judged_where_it_is_written() {
    let report = check(&[("keys.yaml", KEYS), ("images.yaml", IMAGES)], &[]);
    assert_eq!(
        found(&report, &["kms-key-public", "kms-key-unusable"]),
        [
            "kms-key-unusable fail keys.yaml:6",
            "kms-key-public fail keys.yaml:9"
        ]
    );
    let alone = check(&[("images.yaml", IMAGES)], &[]);
    assert!(found(&alone, &["kms-key-public", "kms-key-unusable"]).is_empty());
}

#[test]
fn a_name_that_a_parent_passes_counts_as_written() {
    let parent = "
Resources:
  One:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: parts/images.yaml, Parameters: { Name: Not-Valid } }
";
    let child = "
Parameters: { Name: { Type: String } }
Resources:
  Api: { Type: AWS::ECR::Repository, Properties: { RepositoryName: !Ref Name } }
";
    let report = check(&[("all.yaml", parent), ("parts/images.yaml", child)], &[]);
    assert_eq!(
        found(&report, &["name-valid"]),
        ["name-valid fail parts/images.yaml:4"]
    );
}

#[test]
fn a_nested_stack_that_nests_itself_is_a_mistake() {
    let text = "
Resources:
  Api: { Type: AWS::ECR::Repository }
  Self: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ./b.yaml } }
";
    let other = text.replace("b.yaml", "a.yaml");
    let report = check(&[("a.yaml", text), ("b.yaml", &other)], &[]);
    let diagnostics = report["diagnostics"].as_array().unwrap();
    let circles = diagnostics.iter().filter(|one| {
        let message = one["message"].as_str().unwrap();
        message.ends_with("leads back to its own template")
    });
    assert_eq!(circles.count(), 1);
}

/// A template with a role that has these statements, and nothing of ECR besides.
fn role(statements: &str) -> String {
    format!(
        "
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{ Version: '2012-10-17', Statement: [] }}
      Policies:
        - PolicyName: images
          PolicyDocument:
            Statement:
{statements}"
    )
}

const IAM: &[&str] = &[
    "auth-token-missing",
    "auth-token-scope",
    "iam-resource-shape",
    "public-gallery-token",
    "pull-incomplete",
    "push-incomplete",
];
const TOKEN: &str =
    "              - { Effect: Allow, Action: 'ecr:GetAuthorizationToken', Resource: '*' }\n";

/// One line with a statement about a repository.
fn statement(actions: &str, repository: &str) -> String {
    let arn = format!("arn:aws:ecr:eu-west-1:111111111111:repository/{repository}");
    format!("              - {{ Effect: Allow, Action: [{actions}], Resource: '{arn}' }}\n")
}

#[test]
fn a_role_is_judged_where_there_is_no_repository() {
    let pull = "'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'";
    let cases = [
        (statement(pull, "api") + TOKEN, vec![]),
        (
            statement("'ecr:BatchGetImage'", "api") + TOKEN,
            vec!["pull-incomplete fail roles.yaml:11"],
        ),
        // Each repository by itself: one has too little.
        (
            statement(pull, "api") + &statement("'ecr:BatchGetImage'", "web") + TOKEN,
            vec!["pull-incomplete fail roles.yaml:12"],
        ),
        // Two statements make one whole.
        (
            statement("'ecr:BatchGetImage'", "api")
                + &statement("'ecr:GetDownloadUrlForLayer'", "*")
                + TOKEN,
            vec![],
        ),
        (
            statement("'ecr:BatchGetImage'", "api")
                + &statement("'ecr:GetDownloadUrlForLayer'", "api")
                + TOKEN,
            vec![],
        ),
        // A token is missed once, however many repositories there are.
        (
            statement(pull, "api") + &statement(pull, "web"),
            vec!["auth-token-missing fail roles.yaml:3"],
        ),
    ];
    for (statements, wanted) in cases {
        let report = check(&[("roles.yaml", &role(&statements))], &[]);
        assert_eq!(found(&report, IAM), wanted, "{statements}");
        assert_eq!(report["summary"]["repositories"], 0);
    }
}

#[test]
fn what_only_sounds_like_ecr_is_passed_over() {
    let text = role("              - { Effect: Allow, Action: 'kms:Decrypt', Resource: '*' }\n");
    let report = check(&[("roles.yaml", &text)], &[]);
    assert!(report["diagnostics"].as_array().unwrap().is_empty());
    assert_eq!(report["summary"]["inputs"], 1);
}

const STANDARD: &str = "
organisation:
  prefix: acme
  app: shop
  repositories: { api: {} }
";
const API: &str = "
Resources:
  Api: { Type: AWS::ECR::Repository, Properties: { RepositoryName: acme-shop-api } }
Outputs:
  Arn: { Value: !GetAtt Api.Arn, Export: { Name: api-arn } }
  Name: { Value: !Ref Api, Export: { Name: api-name } }
";
const PUBLISHED: &str = "
Resources:
  Arn: { Type: AWS::SSM::Parameter, Properties: { Name: ECR_API_arn, Type: String, Value: !ImportValue api-arn } }
  Name: { Type: AWS::SSM::Parameter, Properties: { Name: ECR_API_name, Type: String, Value: !ImportValue api-name } }
";
const SSM: &[&str] = &[
    "ssm-parameter-missing",
    "ssm-parameter-mismatch",
    "ssm-parameter-duplicate",
];

#[test]
fn parameters_of_another_stack_count() {
    let config = ("ecrlint.yaml", STANDARD);
    let api = ("api.yaml", API);
    let missing = "ssm-parameter-missing fail api.yaml:3";
    assert_eq!(found(&check(&[config, api], &[]), SSM), [missing, missing]);
    let report = check(&[config, api, ("parameters.yaml", PUBLISHED)], &[]);
    assert!(found(&report, SSM).is_empty(), "{report}");
    // What holds another value is not a parameter of the repository where the account is not known.
    let other = PUBLISHED.replace("!ImportValue api-arn", "something-else");
    let report = check(&[config, api, ("parameters.yaml", &other)], &[]);
    assert_eq!(found(&report, SSM), [missing]);
}

/// A role that may pull, and a policy of another template with the token for it, attached by name.
const PULLER: &str = r#"
Resources:
  App:
    Type: AWS::ECR::Repository
  Puller:
    Type: AWS::IAM::Role
    Properties:
      RoleName: puller
      Policies:
        - PolicyName: pull
          PolicyDocument:
            Statement:
              Effect: Allow
              Action: [ecr:BatchCheckLayerAvailability, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer]
              Resource: !GetAtt App.Arn
"#;
const TOKEN_ELSEWHERE: &str = r#"
Resources:
  Token:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: token
      Roles: [puller]
      PolicyDocument:
        Statement: { Effect: Allow, Action: ecr:GetAuthorizationToken, Resource: "*" }
"#;

#[test]
fn a_policy_of_another_template_may_give_what_a_role_lacks() {
    let rules = ["auth-token-missing", "pull-incomplete"];
    let alone = check(&[("role.yaml", PULLER)], &[]);
    assert_eq!(
        found(&alone, &rules),
        ["auth-token-missing fail role.yaml:5"]
    );
    let both = check(
        &[("role.yaml", PULLER), ("token.yaml", TOKEN_ELSEWHERE)],
        &[],
    );
    let told = found(&both, &rules);
    assert!(told.iter().all(|one| !one.contains(" fail ")), "{told:?}");
    assert!(
        told.contains(&"auth-token-missing undetermined role.yaml:5".to_owned()),
        "{told:?}"
    );
    // A policy that stays in its own template leaves nothing open elsewhere.
    let own = TOKEN_ELSEWHERE.replace("Roles: [puller]", "Roles: [!Ref Other]")
        + "  Other: { Type: AWS::IAM::Role }\n";
    let apart = check(&[("role.yaml", PULLER), ("token.yaml", &own)], &[]);
    assert!(
        found(&apart, &rules).contains(&"auth-token-missing fail role.yaml:5".to_owned()),
        "{apart}"
    );
}
