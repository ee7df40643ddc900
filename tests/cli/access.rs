//! `ecrlint access` as users run it: who may do what with a repository, against golden texts.

use crate::golden::assert_golden;
use crate::program::{self, Ended, ecrlint, root};

const TEMPLATE: &str = "fixtures/access/ecr.yaml";

fn access(arguments: &[&str]) -> Ended {
    let all = ["access"].iter().chain(arguments);
    ecrlint(all).env("COLUMNS", "100").ends()
}

/// Holds a text against its file in `tests/cli/access`.
fn golden(name: &str, found: &str) {
    assert_golden(&root().join("tests/cli/access").join(name), found);
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
fn administrators_are_said_not_to_be_listed() {
    let role = |id: &str, action: &str| {
        format!(
            "  {id}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{ Version: '2012-10-17', Statement: [] }}
      Policies:
        - PolicyName: all
          PolicyDocument: {{ Version: '2012-10-17', Statement: [{{ Effect: Allow, Action: '{action}', Resource: '*' }}] }}
"
        )
    };
    let repository = "Resources:\n  Api:\n    Type: AWS::ECR::Repository\n";
    let template = [repository, &role("Admin", "*"), &role("Registrar", "ecr:*")].concat();
    let folder = program::folder(&[("ecr.yaml", &template)]);
    let ended = ecrlint(["access", "Api", "ecr.yaml"])
        .env("COLUMNS", "200")
        .within(folder.path())
        .ends();
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(
        ended.out.contains("`Registrar` of this template"),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("`Admin`"), "{}", ended.out);
    assert!(
        ended.out.contains("not listed: administrators"),
        "{}",
        ended.out
    );
}

/// A template with one role, which may pull what stands under `Resource`.
fn puller(id: &str, resource: &str) -> String {
    format!(
        "Parameters: {{ Name: {{ Type: String }} }}
Resources:
  {id}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{ Version: '2012-10-17', Statement: [] }}
      Policies:
        - PolicyName: pull
          PolicyDocument:
            Version: '2012-10-17'
            Statement: [{{ Effect: Allow, Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], Resource: {resource} }}]
"
    )
}

/// What `ecrlint access` says of each principal of the first listing: who, whether it certainly gets something.
fn listed(folder: &std::path::Path, repository: &str, options: &[&str]) -> Vec<(String, bool)> {
    let arguments = ["access", repository, ".", "-o", "json"];
    let (code, json) = ecrlint(arguments.iter().chain(options))
        .within(folder)
        .json();
    assert_eq!(code, 0, "{repository}");
    let access = json["repositories"][0]["access"].as_array();
    let access = access.expect("a list").iter();
    let listed = access.map(|one| {
        let given = one["actions"].as_array().expect("a list");
        (
            one["principal"].as_str().expect("a text").to_owned(),
            !given.is_empty(),
        )
    });
    listed.collect()
}

#[test]
fn principals_of_other_templates_are_listed_where_they_are_given_something() {
    let producer = "
Parameters: { Name: { Type: String } }
Resources:
  Api: { Type: AWS::ECR::Repository, Properties: { RepositoryName: team/api } }
  Open: { Type: AWS::ECR::Repository, Properties: { RepositoryName: !Ref Name } }
  MadeUp: { Type: AWS::ECR::Repository }
Outputs:
  Api: { Value: !GetAtt Api.Arn, Export: { Name: api-arn } }
";
    let arn =
        "!Sub 'arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/${Name}'";
    let folder = program::folder(&[
        ("producer.yaml", producer),
        (
            "importing.yaml",
            &puller("Importing", "!ImportValue api-arn"),
        ),
        ("everything.yaml", &puller("Everything", "'*'")),
        (
            "spelled.yaml",
            &puller(
                "Spelled",
                "arn:aws:ecr:eu-west-1:111111111111:repository/team/*",
            ),
        ),
        (
            "other.yaml",
            &puller(
                "Other",
                "arn:aws:ecr:eu-west-1:111111111111:repository/other",
            ),
        ),
        ("hole.yaml", &puller("Hole", arn)),
    ]);
    let place = ["--account", "111111111111", "--region", "eu-west-1"];
    let named = |id: &str, surely: bool| (format!("`{id}` of another template"), surely);
    let in_one_account = [
        named("Everything", true),
        named("Hole", false),
        named("Importing", true),
        named("Spelled", true),
    ];
    assert_eq!(listed(folder.path(), "team/api", &place), in_one_account);
    // `Name` of one template need not be `Name` of another.
    let open = [
        named("Everything", true),
        named("Hole", false),
        named("Importing", false),
        named("Other", false),
        named("Spelled", false),
    ];
    assert_eq!(listed(folder.path(), "Open", &place), open);
    // A name that CloudFormation makes up is none that is spelled out.
    let made_up = [
        named("Everything", true),
        named("Hole", false),
        named("Spelled", false),
    ];
    assert_eq!(listed(folder.path(), "MadeUp", &place), made_up);
    // Where the others are deployed nobody knows; an import is of the same account.
    let alone = [named("Importing", true)];
    assert_eq!(listed(folder.path(), "team/api", &[]), alone);
}

#[test]
fn whoever_is_not_listed_is_told_in_every_format() {
    let folder = program::folder(&[(
        "ecr.yaml",
        "Resources:\n  Api:\n    Type: AWS::ECR::Repository\n",
    )]);
    let words = "whose IAM policies allow everything";
    let json = ecrlint(["access", "Api", "ecr.yaml", "-o", "json"]).within(folder.path());
    let (_, json) = json.json();
    let unlisted = json["repositories"][0]["unlisted"].as_str();
    assert!(unlisted.is_some_and(|text| text.contains(words)), "{json}");
    let open = "Resources:
  Api:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryPolicyText: { Statement: [{ Effect: Allow, Principal: '*', Action: 'ecr:BatchGetImage' }] }
";
    let arguments = ["check", "-", "--output", "html", "--fail-on", "never"];
    let page = ecrlint(arguments).given(open).ends().out;
    let told = page.split("Not listed: ").nth(1);
    assert!(told.is_some_and(|text| text.starts_with("administrators") && text.contains(words)));
}

#[test]
fn whom_a_condition_lets_in_is_called_by_it() {
    let template = "Resources:
  Api:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryPolicyText:
        Statement:
          - { Effect: Allow, Principal: '*', Action: 'ecr:BatchGetImage', Condition: { StringEquals: { 'aws:PrincipalOrgID': o-abc1234567 } } }
";
    let ended = ecrlint(["access", "Api", "-"]).given(template).ends();
    assert!(
        ended
            .out
            .contains("1. organisation o-abc1234567: organisation"),
        "{}",
        ended.out
    );
}

#[test]
fn roles_that_a_template_makes_go_by_their_logical_ids() {
    let template = "\
Resources:
  Api:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryPolicyText:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal:
              AWS:
                - !GetAtt Pusher.Arn
                - !GetAtt Named.Arn
                - !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Puller}
            Action: [ecr:BatchGetImage, ecr:GetDownloadUrlForLayer]
  Pusher: { Type: AWS::IAM::Role }
  Puller: { Type: AWS::IAM::Role }
  Named: { Type: AWS::IAM::Role, Properties: { RoleName: deploy } }
";
    let folder = program::folder(&[("ecr.yaml", template)]);
    let ended = ecrlint(["access", "Api", "ecr.yaml", "--account", "111111111111"])
        .within(folder.path())
        .ends();
    for who in [
        "role `Pusher` of account 111111111111: same-account",
        "role deploy of account 111111111111: same-account",
        "role ${Puller} of account 111111111111: same-account",
    ] {
        assert!(ended.out.contains(who), "{who}: {}", ended.out);
    }
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
fn the_ways_conditions_turn_out_are_reported_one_by_one() {
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

/// A record of a live repository, with a policy that lets `reader` pull.
fn record(region: &str, name: &str, reader: &str) -> String {
    let policy = format!(
        r#"{{\"Statement\":{{\"Effect\":\"Allow\",\"Principal\":{{\"AWS\":\"{reader}\"}},\"Action\":\"ecr:BatchGetImage\"}}}}"#
    );
    format!(
        r#"{{"account":"111122223333","region":"{region}","repository":{{"repositoryArn":"arn:aws:ecr:{region}:111122223333:repository/{name}","repositoryName":"{name}","imageTagMutability":"IMMUTABLE","imageScanningConfiguration":{{"scanOnPush":true}},"encryptionConfiguration":{{"encryptionType":"AES256"}}}},"lifecyclePolicy":null,"repositoryPolicy":{{"policyText":"{policy}"}},"tags":[{{"Key":"aws:cloudformation:logical-id","Value":"{name}Repo"}}]}}"#
    )
}

const REGISTRY: &str = r#"{"account":"111122223333","region":"eu-west-1","registry":{"policy":{"policyText":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"},\"Action\":\"ecr:BatchGetImage\",\"Resource\":\"*\"}}"}}}"#;

const STACK: &str = r#"{"version": "36.0.0", "artifacts": {"App": {"type": "aws:cloudformation:stack",
  "environment": "aws://111122223333/eu-west-1", "properties": {"templateFile": "App.template.json"}}}}"#;

const APP: &str = r#"{"Resources": {"ApiF00D": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "team/api",
  "RepositoryPolicyText": {"Statement": {"Effect": "Allow", "Principal": {"AWS": "777788889999"}, "Action": "ecr:BatchGetImage"}}},
  "Metadata": {"aws:cdk:path": "App/Api/Resource"}},
  "Shown": {"Type": "AWS::ECR::PublicRepository", "Properties": {"RepositoryName": "shown"}},
  "Open": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": {"Fn::Sub": "open-${Stage}"}}}},
  "Parameters": {"Stage": {"Type": "String"}}}"#;

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, with a row for each spelling"
)]
fn a_repository_is_found_in_every_kind_of_input_by_each_of_its_names() {
    let live = [
        REGISTRY.to_owned(),
        record("eu-west-1", "api", "222233334444"),
        record("eu-west-1", "web", "555566667777"),
        record("eu-central-1", "api", "888899990000"),
    ]
    .join("\n");
    let one_document = format!(
        "{{\"repositories\": [{}]}}",
        record("eu-west-1", "api", "222233334444")
    );
    let folder = program::folder(&[
        ("live.ndjson", &live),
        ("live.json", &one_document),
        ("cdk.out/manifest.json", STACK),
        ("cdk.out/cdk.out", r#"{"version": "36.0.0"}"#),
        ("cdk.out/App.template.json", APP),
        ("bare/App.template.json", APP),
    ]);
    let api = "arn:aws:ecr:eu-west-1:111122223333:repository/api";
    let team = "arn:aws:ecr:eu-west-1:111122223333:repository/team/api";
    for (wanted, input, told) in [
        (
            "api",
            "live.ndjson",
            &["222233334444", "888899990000", "444455556666"][..],
        ),
        (api, "live.ndjson", &["222233334444", "444455556666"]),
        (
            "arn:aws:ecr:eu-central-1:111122223333:repository/api",
            "live.ndjson",
            &["888899990000"],
        ),
        ("webRepo", "live.ndjson", &["555566667777", "444455556666"]),
        ("web", "live.ndjson", &["555566667777", "444455556666"]),
        ("api", "live.json", &["222233334444"]),
        (api, "live.json", &["222233334444"]),
        ("team/api", "cdk.out", &["777788889999"]),
        (team, "cdk.out", &["777788889999"]),
        ("ApiF00D", "cdk.out", &["777788889999"]),
        ("App/Api", "cdk.out", &["777788889999"]),
        ("App/Api/Resource", "cdk.out", &["777788889999"]),
        (team, "bare/App.template.json", &["777788889999"]),
        ("team/api", ".", &["777788889999", "444455556666"]),
        ("web", ".", &["555566667777", "444455556666"]),
    ] {
        let ended = ecrlint(["access", wanted, input])
            .within(folder.path())
            .ends();
        assert_eq!(ended.code, 0, "{wanted} {input}: {}", ended.err);
        for account in [
            "222233334444",
            "555566667777",
            "888899990000",
            "444455556666",
            "777788889999",
        ] {
            let is_told = ended.out.contains(account);
            assert_eq!(
                is_told,
                told.contains(&account),
                "{wanted} {input} {account}: {}",
                ended.out
            );
        }
        let ended = ecrlint(["access", wanted, input, "-o", "json"]).within(folder.path());
        let (code, _) = ended.json();
        assert_eq!(code, 0, "{wanted} {input}");
    }
    // What is not there is not there only where it was looked for.
    for (wanted, input, says) in [
        (
            "apj",
            "live.ndjson",
            "there is no repository `apj`, `api` comes nearest",
        ),
        ("nothing-like-it", "live.ndjson", "among 3 private ones"),
        (
            "arn:aws:ecr:us-east-1:111122223333:repository/team/api",
            "cdk.out",
            "there is no repository",
        ),
        (
            "arn:aws:ecr:eu-west-1:999999999999:repository/team/api",
            "cdk.out",
            "there is no repository",
        ),
        (
            "shown",
            "cdk.out",
            "`shown` is a repository of the public gallery",
        ),
        (
            "open-dev",
            "cdk.out",
            "`Open` may, because parameter `Stage` has no default; to decide: `--parameters Stage=VALUE`",
        ),
    ] {
        let ended = ecrlint(["access", wanted, input])
            .within(folder.path())
            .ends();
        assert_eq!(ended.code, 2, "{wanted} {input}: {}", ended.out);
        assert!(ended.err.contains(says), "{wanted} {input}: {}", ended.err);
    }
}

#[test]
fn what_may_hide_is_not_said_to_be_missing() {
    let refused = r#"{"account":"111122223333","region":"eu-west-1","errors":{"repositories":"AccessDeniedException: no"},"registry":{"policy":null}}"#;
    let own = "Transform: OwnMacro\nResources: { A: { Type: AWS::ECR::Repository, Properties: { RepositoryName: other } } }";
    let begun = r#"{"snapshot":"begins","accounts":["111122223333"]}"#;
    let cut = format!("{begun}\n{}", record("eu-west-1", "web", "555566667777"));
    let broken = format!(
        "{}\n{{\"account\":",
        record("eu-west-1", "web", "555566667777")
    );
    for (name, text) in [
        ("refused.ndjson", refused),
        ("macro.yaml", own),
        ("cut.ndjson", cut.as_str()),
        ("broken.ndjson", broken.as_str()),
    ] {
        let folder = program::folder(&[(name, text)]);
        let ended = ecrlint(["access", "hidden-one", name])
            .within(folder.path())
            .ends();
        assert_eq!(ended.code, 2, "{name}: {}", ended.out);
        assert!(
            !ended.err.contains("there is no repository"),
            "{name}: {}",
            ended.err
        );
        assert!(!ended.err.is_empty(), "{name}");
    }
}
