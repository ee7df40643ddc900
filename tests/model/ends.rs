//! The other ends of a repository: its key, and later whatever else points at it.

use ecrlint::input::{self, Context, DeployTarget, Scratch};
use ecrlint::model::facts::{self, Described, Scope};
use ecrlint::model::{Data, Declared, EntityKind, Environment, Organisation, Value};
use ecrlint::source::{SourceId, Span};

const OWN: &str = "111111111111";

fn declared(value: &str) -> Declared<String> {
    Declared {
        value: value.to_owned(),
        span: Span::default(),
    }
}

/// Environments `own`, `prod` and `test` in accounts 1, 3 and 5.
fn organisation() -> Organisation {
    let environment = |name: &str, account: &str| Environment {
        name: name.to_owned(),
        account: declared(account),
        region: None,
    };
    Organisation {
        prefix: Some(declared("acme")),
        app: Some(declared("shop")),
        environments: vec![
            environment("own", OWN),
            environment("prod", "333333333333"),
            environment("test", "555555555555"),
        ],
        ..Organisation::default()
    }
}

fn describe(template: &str, account: Option<&str>) -> Described {
    describe_first(template, account, EntityKind::is_repository)
}

/// The first identity of a template.
fn describe_identity(template: &str) -> Described {
    let is_identity = |kind| kind == EntityKind::Principals;
    describe_first(template, Some(OWN), is_identity)
}

fn describe_first(
    template: &str,
    account: Option<&str>,
    is_wanted: impl Fn(EntityKind) -> bool,
) -> Described {
    let context = Context {
        environment: DeployTarget {
            account: account.map(str::to_owned),
            region: Some("eu-west-1".to_owned()),
        },
        ..Context::default()
    };
    let loaded = input::load(template, SourceId(0), &context, &mut Scratch::default());
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let organisation = organisation();
    let scope = Scope {
        organisation: Some(&organisation),
        ..Scope::default()
    };
    let mut repositories = loaded.entities.iter();
    let first = repositories.find(|one| is_wanted(one.kind()));
    let described = facts::describe(first.expect("there is one"), &scope);
    conforms(&described);
    described
}

/// What is known of a value, as JSON; what is absent or unknown is left out.
fn json(value: Value<'_>) -> Option<serde_json::Value> {
    Some(match value.data() {
        Data::Absent | Data::Unknown(_) => return None,
        Data::Null => serde_json::Value::Null,
        Data::Bool(flag) => flag.into(),
        Data::Number(text) => serde_json::from_str(text).expect("a number"),
        Data::String(text) => text.into(),
        Data::Array => value.items().filter_map(json).collect(),
        Data::Object => value
            .members()
            .filter_map(|(key, member)| Some((key.to_owned(), json(member)?)))
            .collect(),
    })
}

/// Holds a description against the schema. What is not known can be anything, so that nothing is
/// required here.
fn conforms(described: &Described) {
    fn relax(schema: &mut serde_json::Value) {
        match schema {
            serde_json::Value::Object(members) => {
                members.remove("required");
                members.values_mut().for_each(relax);
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(relax),
            _ => {}
        }
    }
    let mut schema: serde_json::Value =
        serde_json::from_str(include_str!("../../schemas/repository.json"))
            .expect("the schema is valid");
    relax(&mut schema);
    let validator = jsonschema::validator_for(&schema).expect("the schema is valid");
    let repository = json(described.document.value(described.repository));
    let world = serde_json::json!({ "repository": repository });
    let errors: Vec<_> = validator
        .iter_errors(&world)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn at<'d>(described: &'d Described, path: &str) -> Value<'d> {
    let root = described.document.value(described.repository);
    path.split('.').fold(root, |value, name| {
        let found = match name.parse::<usize>() {
            Ok(position) => value.items().nth(position),
            Err(_) => value.by_key(name),
        };
        found.unwrap_or_else(|| panic!("no `{name}` of `{path}`"))
    })
}

/// Each item of a list as the texts of two of its members, `?` when it is unknown.
fn items(described: &Described, path: &str, members: [&str; 2]) -> Vec<String> {
    let list = at(described, path);
    if list.as_unknown().is_some() {
        return vec!["? as a whole".to_owned()];
    }
    let text = |item: Value<'_>, key| match item.by_key(key).map(Value::data) {
        Some(Data::String(text)) => text.to_owned(),
        Some(Data::Unknown(_)) => "?".to_owned(),
        _ => "-".to_owned(),
    };
    list.items()
        .map(|item| match item.as_unknown() {
            Some(_) => "?".to_owned(),
            None => members.map(|key| text(item, key)).join(" "),
        })
        .collect()
}

// Sharing

fn shared(statements: &str, account: Option<&str>) -> [Vec<String>; 2] {
    let template = format!(
        "Parameters: {{ P: {{ Type: String }} }}\nResources:\n  App:\n    Type: AWS::ECR::Repository\n    \
         Properties:\n      RepositoryPolicyText:\n        Statement: [{statements}]\n"
    );
    let described = describe(&template, account);
    ["sharing.missing", "sharing.excess"]
        .map(|path| items(&described, path, ["environment", "actions"]))
}

const SIX: &str = "['ecr:List*', 'ecr:Get*', 'ecr:Describe*', ecr:BatchGetImage, \
                   ecr:BatchCheckLayerAvailability, ecr:BatchGetRepositoryScanningConfiguration]";

fn allow(principal: &str, action: &str) -> String {
    format!("{{ Effect: Allow, Principal: {principal}, Action: {action} }}")
}

const BOTH: &str = "{ AWS: ['333333333333', 'arn:aws:iam::555555555555:root'] }";

#[test]
fn what_every_environment_gets_counts_over_all_statements() {
    let nothing: [Vec<String>; 2] = [vec![], vec![]];
    assert_eq!(shared(&allow(BOTH, SIX), Some(OWN)), nothing);
    let with_own = "{ AWS: ['111111111111', '333333333333', '555555555555'] }";
    assert_eq!(shared(&allow(with_own, SIX), Some(OWN)), nothing);
    let split = [
        allow(BOTH, "['ecr:Get*', 'ecr:List*', 'ecr:Describe*']"),
        allow(BOTH, "['ecr:BatchCheck*', 'ecr:BatchGet*']"),
    ];
    assert_eq!(shared(&split.join(", "), Some(OWN)), nothing);
    let conditional = allow("'*'", SIX).replace(
        " }",
        ", Condition: { StringEquals: { 'aws:PrincipalAccount': ['333333333333', '555555555555'] } } }",
    );
    assert_eq!(shared(&conditional, Some(OWN)), nothing);
}

#[test]
fn an_account_or_pattern_that_is_left_out_is_missing() {
    let one = allow("{ AWS: '333333333333' }", SIX);
    let [missing, excess] = shared(&one, Some(OWN));
    assert_eq!(missing.len(), 1);
    assert!(missing[0].starts_with("test `ecr:BatchCheckLayerAvailability`, `ecr:BatchGetImage`"));
    assert!(excess.is_empty());
    let fewer = SIX.replace("'ecr:List*', ", "");
    let expected = vec!["prod `ecr:List*`", "test `ecr:List*`"];
    assert_eq!(shared(&allow(BOTH, &fewer), Some(OWN))[0], expected);
    let taken = "{ Effect: Deny, Principal: '*', Action: ecr:ListImages }";
    let taken = format!("{}, {taken}", allow(BOTH, SIX));
    assert_eq!(shared(&taken, Some(OWN))[0], expected);
    let role = "{ AWS: ['arn:aws:iam::333333333333:role/ci', '555555555555'] }";
    assert_eq!(shared(&allow(role, SIX), Some(OWN))[0].len(), 1);
}

#[test]
fn what_goes_beyond_the_patterns_is_excess() {
    let more = SIX.replace("['ecr:List*'", "[ecr:PutImage, 'ecr:List*'");
    let [missing, excess] = shared(&allow(BOTH, &more), Some(OWN));
    assert!(missing.is_empty());
    assert_eq!(excess, ["prod `ecr:PutImage`", "test `ecr:PutImage`"]);
}

#[test]
fn what_depends_on_more_than_the_policy_stays_open() {
    let organisation = allow("'*'", SIX).replace(
        " }",
        ", Condition: { StringEquals: { 'aws:PrincipalOrgID': o-abcdefghij } } }",
    );
    assert_eq!(shared(&organisation, Some(OWN))[0], ["?", "?"]);
    assert_eq!(shared("", None)[0], ["?", "?", "?"]);
    let unknown = allow("!Ref P", SIX);
    assert_eq!(shared(&unknown, Some(OWN))[0], ["?", "?"]);
}

// The key

fn keyed(key: &str) -> Described {
    let template = format!(
        "Parameters: {{ P: {{ Type: String }} }}\nResources:\n  Key: {{ Type: AWS::KMS::Key, Properties: {key} }}\n  \
         App:\n    Type: AWS::ECR::Repository\n    Properties:\n      EncryptionConfiguration:\n        \
         EncryptionType: KMS\n        KmsKey: !GetAtt Key.Arn\n"
    );
    describe(&template, Some(OWN))
}

#[test]
fn a_key_policy_is_read_for_the_actions_of_keys() {
    let key = |statement: &str| {
        keyed(&format!(
            "{{ KeyPolicy: {{ Statement: [{{ Effect: Allow, Resource: '*', {statement} }}] }} }}"
        ))
    };
    let cases = [
        ("Principal: '*', Action: 'kms:*'", "public"),
        ("Principal: '*', Action: 'ecr:*'", "nobody"),
        (
            "Principal: { AWS: '333333333333' }, Action: kms:Decrypt",
            "named-accounts",
        ),
        (
            "Principal: { AWS: '111111111111' }, Action: '*'",
            "same-account",
        ),
        (
            "Principal: '*', Action: 'kms:*', Condition: { StringEquals: { 'kms:CallerAccount': '111111111111' } }",
            "same-account",
        ),
        (
            "Principal: '*', Action: 'kms:*', Condition: { StringEquals: { 'kms:KeyOrigin': AWS_KMS } }",
            "?",
        ),
    ];
    for (statement, class) in cases {
        let described = key(statement);
        let found = items(&described, "key.access", ["class", "class"]);
        assert_eq!(found, [format!("{class} {class}")], "{statement}");
    }
    let described = key("Principal: { AWS: '333333333333' }, Action: kms:Decrypt");
    assert_eq!(
        items(
            &described,
            "key.sharing.missing",
            ["environment", "actions"]
        ),
        [
            "prod `kms:DescribeKey`",
            "test `kms:Decrypt`, `kms:DescribeKey`"
        ]
    );
}

#[test]
fn a_key_that_ecr_cannot_use_has_a_problem() {
    for (key, problems) in [
        ("{ Enabled: true }", vec![]),
        ("{ Enabled: 'false' }", vec!["is disabled -"]),
        (
            "{ KeySpec: RSA_2048 }",
            vec!["has the spec `RSA_2048`, and ECR needs `SYMMETRIC_DEFAULT` -"],
        ),
        ("{ Enabled: !Ref P }", vec!["? as a whole"]),
    ] {
        let described = keyed(key);
        assert_eq!(
            items(&described, "key.problems", ["problem", "-"]),
            problems
        );
    }
}

// Parameters

fn parameters(parameters: &str) -> Described {
    let template = format!(
        "Parameters: {{ P: {{ Type: String }} }}\nResources:\n  App:\n    Type: AWS::ECR::Repository\n    \
         Properties: {{ RepositoryName: acme-shop-api }}\n  Other: {{ Type: AWS::ECR::Repository }}\n{parameters}"
    );
    describe(&template, Some(OWN))
}

fn parameter(id: &str, name: &str, value: &str) -> String {
    format!(
        "  {id}: {{ Type: AWS::SSM::Parameter, Properties: {{ Name: {name}, Type: String, Value: {value} }} }}\n"
    )
}

#[test]
fn a_parameter_is_held_against_what_its_name_promises() {
    let arn = "'arn:aws:ecr:eu-west-1:111111111111:repository/acme-shop-api'";
    for (value, problem) in [
        ("!GetAtt App.Arn", None),
        (
            "!Sub 'arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/${App}'",
            None,
        ),
        (arn, None),
        (&arn.replace("aws:ecr", "aws-cn:ecr"), Some("does not hold")),
        (&arn.replace("1111:", "1112:"), Some("does not hold")),
        ("!Ref App", Some("holds the repository's name")),
        ("!GetAtt Other.Arn", Some("?")),
        (
            "!GetAtt App.RepositoryUri",
            Some("holds the repository's URI"),
        ),
        ("!Ref P", Some("?")),
        (
            "!Sub 'arn:aws:ecr:eu-west-1:${P}:repository/acme-shop-web'",
            Some("does not hold"),
        ),
    ] {
        let described = parameters(&parameter("One", "ECR_API_arn", value));
        let found = items(
            &described,
            "parameters.expected.0.problems",
            ["problem", "-"],
        );
        match problem {
            None => assert!(found.is_empty(), "{value}: {found:?}"),
            Some(problem) => assert!(found[0].contains(problem), "{value}: {found:?}"),
        }
    }
}

#[test]
fn one_name_twice_is_a_duplicate_at_the_second() {
    let twice = parameter("One", "ECR_API_arn", "!GetAtt App.Arn")
        + &parameter("Two", "ECR_API_arn", "!GetAtt App.Arn");
    let found = items(
        &parameters(&twice),
        "parameters.duplicates",
        ["problem", "-"],
    );
    assert_eq!(found, ["`ECR_API_arn` is the name of `One`, too -"]);
    let foreign = twice
        .replace("ECR_API_arn", "ECR_X_arn")
        .replace("App.Arn", "Other.Arn");
    assert!(
        items(
            &parameters(&foreign),
            "parameters.duplicates",
            ["problem", "-"]
        )
        .is_empty()
    );
}

// Deletion and lifecycle

/// One word for a fact: `?` when it is unknown, `-` when it is absent.
fn word(described: &Described, path: &str) -> String {
    match at(described, path).data() {
        Data::Bool(flag) => flag.to_string(),
        Data::Unknown(_) => "?".to_owned(),
        Data::Absent => "-".to_owned(),
        other => format!("{other:?}"),
    }
}

#[test]
fn the_custom_resource_of_cdk_belongs_to_the_repository_that_it_names() {
    let template = "Resources:\n  App: { Type: AWS::ECR::Repository }\n  \
                    C: { Type: 'Custom::ECRAutoDeleteImages', Properties: { RepositoryName: !Ref App } }\n";
    assert_eq!(
        word(&describe(template, None), "deletion.auto_delete"),
        "true"
    );
    let other = template.replace("!Ref App", "app");
    assert_eq!(
        word(&describe(&other, None), "deletion.auto_delete"),
        "false"
    );
}

#[test]
fn tagged_images_are_capped_by_a_rule_that_selects_some() {
    let policy = |rules: &str| {
        let template = format!(
            "Parameters: {{ P: {{ Type: String }} }}\nResources:\n  App:\n    Type: AWS::ECR::Repository\n    Properties:\n      \
             LifecyclePolicy:\n        LifecyclePolicyText: {rules}\n"
        );
        word(&describe(&template, None), "lifecycle.caps_tagged")
    };
    let one = |status: &str, action: &str| {
        let list = if status == "tagged" {
            ",\"tagPrefixList\":[\"a\"]"
        } else {
            ""
        };
        format!(
            "!Sub '{{\"rules\":[{{\"rulePriority\":1,\"selection\":{{\"tagStatus\":\"{status}\"{list},\
             \"countType\":\"imageCountMoreThan\",\"countNumber\":10}},\"action\":{{{action}}}}}]}}'"
        )
    };
    let expire = "\"type\":\"expire\"";
    let archive = "\"type\":\"transition\",\"targetStorageClass\":\"archive\"";
    assert_eq!(policy(&one("any", expire)), "true");
    assert_eq!(policy(&one("tagged", expire)), "true");
    assert_eq!(policy(&one("untagged", expire)), "false");
    assert_eq!(policy(&one("any", archive)), "false");
    assert_eq!(policy(&one("${P}", expire)), "?");
    assert_eq!(policy("!Ref P"), "?");
    assert_eq!(policy(&one("all", expire)), "-");
}

// Event rules

fn watching(pattern: &str) -> String {
    let template = format!(
        "Parameters: {{ P: {{ Type: String }} }}\nResources:\n  App: {{ Type: AWS::ECR::Repository, Properties: {{ RepositoryName: team/api }} }}\n  \
         Watch:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern: {pattern}\n"
    );
    word(
        &describe(&template, Some(OWN)),
        "event_rules.0.sees_finished_scans",
    )
}

#[test]
fn patterns_match_as_eventbridge_does() {
    let name = |test: &str| {
        format!(
            "{{ source: [aws.ecr], detail-type: [ECR Image Scan], detail: {{ repository-name: [{test}] }} }}"
        )
    };
    for (test, sees) in [
        ("team/api", "true"),
        ("Team/Api", "false"),
        ("{ prefix: team/ }", "true"),
        ("{ prefix: { equals-ignore-case: TEAM } }", "true"),
        ("{ suffix: /api }", "true"),
        ("{ suffix: /web }", "false"),
        ("{ wildcard: 'te*/a*i' }", "true"),
        ("{ wildcard: 'te*/web' }", "false"),
        ("{ equals-ignore-case: TEAM/API }", "true"),
        ("{ anything-but: team/api }", "false"),
        ("{ anything-but: [team/web, team/db] }", "true"),
        ("{ anything-but: { prefix: team } }", "false"),
        ("{ anything-but: { suffix: [web, db] } }", "true"),
        ("{ exists: true }", "true"),
        ("{ exists: false }", "false"),
        ("{ numeric: ['>', 0] }", "false"),
        ("!Ref P", "?"),
        ("team/web, !Ref App", "true"),
    ] {
        assert_eq!(watching(&name(test)), sees, "{test}");
    }
    for (pattern, sees) in [
        ("{ source: [aws.ecr] }", "true"),
        (
            "{ source: [aws.ecr], detail-type: [ECR Image Action] }",
            "false",
        ),
        ("{ source: [aws.inspector2] }", "true"),
        (
            "{ source: [aws.ecr], detail: { scan-status: [FAILED] } }",
            "false",
        ),
        ("{ source: [aws.ecr], account: ['222222222222'] }", "false"),
        (
            "{ source: [aws.ecr], detail: { finding-severity-counts: { CRITICAL: [{ numeric: ['>', 0] }] } } }",
            "true",
        ),
        (
            "{ source: [aws.ecr], resources: ['arn:aws:ecr:eu-west-1:111111111111:repository/team/api'] }",
            "true",
        ),
        (
            "{ $or: [{ source: [aws.s3] }, { source: [aws.ecr] }] }",
            "true",
        ),
        ("{ source: [aws.ecr], detail: { nothing: [x] } }", "false"),
        (
            "{ source: [aws.ecr], detail: { nothing: [{ exists: false }] } }",
            "true",
        ),
        ("'{\"source\": [\"aws.ecr\"]}'", "true"),
    ] {
        assert_eq!(watching(pattern), sees, "{pattern}");
    }
}

#[test]
fn a_rule_that_does_not_name_ecr_may_see_its_scans() {
    let template = |properties: &str| {
        format!(
            "Parameters: {{ P: {{ Type: String }} }}\nResources:\n  App: {{ Type: AWS::ECR::Repository, Properties: {{ RepositoryName: team/api }} }}\n  \
             Watch: {{ Type: AWS::Events::Rule, Properties: {{ {properties} }} }}\n"
        )
    };
    for (pattern, sees) in [
        ("{ source: [{ prefix: aws. }] }", Some("true")),
        ("{ source: [{ anything-but: aws.s3 }] }", Some("true")),
        ("{ account: ['111111111111'] }", Some("true")),
        ("'{\"source\": [{\"prefix\": \"aws.\"}]}'", Some("true")),
        ("!Ref P", Some("?")),
        ("{ source: [!Ref P] }", Some("?")),
        ("{ source: !Split [',', !Ref P] }", Some("?")),
        ("{ source: [{ prefix: !Ref P }] }", Some("?")),
        ("{ source: [{ prefix: acme. }] }", None),
        ("{ source: [aws.s3], detail-type: [!Ref P] }", None),
        ("!Ref AWS::NoValue", None),
    ] {
        let described = describe(&template(&format!("EventPattern: {pattern}")), Some(OWN));
        let rules = at(&described, "event_rules").items().len();
        assert_eq!(rules, usize::from(sees.is_some()), "{pattern}");
        if let Some(sees) = sees {
            let found = word(&described, "event_rules.0.sees_finished_scans");
            assert_eq!(found, sees, "{pattern}");
            assert_eq!(word(&described, "event_rules.0.idle"), "-", "{pattern}");
        }
    }
    let scheduled = template("ScheduleExpression: rate(1 day)");
    let described = describe(&scheduled, Some(OWN));
    assert_eq!(at(&described, "event_rules").items().len(), 0);
}

#[test]
fn a_rule_belongs_to_the_repositories_that_it_refers_to() {
    let template = "Resources:\n  App: { Type: AWS::ECR::Repository }\n  Other: { Type: AWS::ECR::Repository }\n  \
         Watch: { Type: AWS::Events::Rule, Properties: { EventPattern: { source: [aws.ecr], detail: { repository-name: [!Ref App] } } } }\n";
    let described = describe(template, None);
    assert_eq!(
        word(&described, "event_rules.0.sees_finished_scans"),
        "true"
    );
    assert_eq!(
        word(&described, "event_rules.0.idle"),
        "String(\"has no target\")"
    );
    let other = describe(&template.replace("!Ref App", "!Ref Other"), None);
    assert_eq!(at(&other, "event_rules").items().len(), 0);
}

// Identities

#[test]
fn what_an_identity_may_do_counts_over_all_its_policies() {
    let role = |statements: &str, more: &str| {
        let template = format!(
            "Parameters: {{ P: {{ Type: String }} }}\nResources:\n  App: {{ Type: AWS::ECR::Repository, Properties: {{ RepositoryName: team/api }} }}\n  \
             Role:\n    Type: AWS::IAM::Role\n    Properties:\n      Policies:\n        - PolicyName: one\n          PolicyDocument: {{ Statement: [{statements}] }}\n\
             {more}"
        );
        let described = describe_identity(&template);
        ["pull_missing", "push_missing", "token_missing"]
            .map(|key| word(&described, &format!("identities.0.{key}")))
            .join(" ")
    };
    let allow = |action: &str, resource: &str| {
        format!("{{ Effect: Allow, Action: [{action}], Resource: {resource} }}")
    };
    let pull = "ecr:BatchGetImage, ecr:GetDownloadUrlForLayer";
    let arn = "'arn:aws:ecr:eu-west-1:111111111111:repository/team/*'";
    let token = allow("ecr:GetAuthorizationToken", "'*'");
    let other = "'arn:aws:ecr:eu-west-1:111111111111:repository/other'";
    for (statements, expected) in [
        (
            format!("{}, {token}", allow(pull, "!GetAtt App.Arn")),
            "- - false",
        ),
        (format!("{}, {token}", allow(pull, arn)), "- - false"),
        (allow(pull, arn), "- - true"),
        (allow(pull, other), "- - true"),
        (allow(pull, "!Ref P"), "- - ?"),
        (
            allow("ecr:BatchGetImage", other),
            "String(\"`ecr:GetDownloadUrlForLayer`\") - false",
        ),
        (allow("'ecr:*'", "'*'"), "- - false"),
    ] {
        assert_eq!(role(&statements, ""), expected, "{statements}");
    }
    let half = allow("ecr:BatchGetImage", arn);
    assert!(role(&half, "").starts_with("String(\"`ecr:GetDownloadUrlForLayer`\") -"));
    let rest = format!(
        "  More: {{ Type: AWS::IAM::ManagedPolicy, Properties: {{ Roles: [!Ref Role], PolicyDocument: {{ Statement: [{}, {token}] }} }} }}\n",
        allow("'ecr:GetDownload*'", arn)
    );
    assert_eq!(role(&half, &rest), "- - false");
    let denied = format!(
        "{}, {token}, {{ Effect: Deny, Action: 'ecr:Get*', Resource: '*' }}",
        allow(pull, arn)
    );
    // The `Deny` takes the right to layers back, and the token.
    assert!(role(&denied, "").starts_with("String(\"`ecr:GetDownloadUrlForLayer`\") - false"));
    let elsewhere = denied.replace(
        "Action: 'ecr:Get*', Resource: '*'",
        &format!("Action: 'ecr:Get*', Resource: {other}"),
    );
    assert_eq!(role(&elsewhere, ""), "- - false");
    let perhaps = denied.replace(
        "Resource: '*' }",
        "Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }",
    );
    assert_eq!(role(&perhaps, ""), "? - ?");
}

/// What is missing of the first identity when the template says `more`: to pull, to push, a token.
fn missing_with(role: &str, more: &str) -> String {
    let template = format!(
        "Parameters: {{ P: {{ Type: String }} }}\nConditions: {{ C: !Equals [!Ref P, x] }}\nResources:\n  \
         App: {{ Type: AWS::ECR::Repository, Properties: {{ RepositoryName: team/api }} }}\n  \
         Role: {{ Type: AWS::IAM::Role, Properties: {{ RoleName: ci, {role} }} }}\n  \
         User: {{ Type: AWS::IAM::User, Properties: {{ UserName: ci }} }}\n{more}"
    );
    let described = describe_identity(&template);
    ["pull_missing", "push_missing", "token_missing"]
        .map(|key| word(&described, &format!("identities.0.{key}")))
        .join(" ")
}

const PULLS: &str = "Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, \
                     Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], Resource: '*' }] } }]";

fn token_by(kind: &str, target: &str, more: &str) -> String {
    format!(
        "  Token: {{ Type: 'AWS::IAM::{kind}', Properties: {{ PolicyName: t, {target}, PolicyDocument: {{ Statement: \
         [{{ Effect: Allow, Action: 'ecr:GetAuthorizationToken', Resource: '*'{more} }}] }} }} }}\n"
    )
}

#[test]
fn a_policy_of_its_own_counts_for_whom_it_names() {
    assert_eq!(missing_with(PULLS, ""), "- - true");
    for (kind, target, token) in [
        ("RolePolicy", "RoleName: !Ref Role", "false"),
        ("RolePolicy", "RoleName: ci", "false"),
        ("RolePolicy", "RoleName: other", "true"),
        ("RolePolicy", "RoleName: !Ref P", "?"),
        ("UserPolicy", "UserName: ci", "true"),
        ("UserPolicy", "UserName: !Ref P", "true"),
        ("Policy", "Roles: [ci]", "false"),
        ("Policy", "Roles: !Split [',', !Ref P]", "?"),
        ("Policy", "Roles: [!Ref User, !Ref Role]", "false"),
        ("ManagedPolicy", "Users: [!Ref User]", "true"),
    ] {
        let found = missing_with(PULLS, &token_by(kind, target, ""));
        assert_eq!(found, format!("- - {token}"), "{kind} {target}");
    }
}

#[test]
fn policies_of_aws_are_known_by_name_or_leave_the_answer_open() {
    for (arn, expected) in [
        (
            "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly",
            "false",
        ),
        (
            "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
            "false",
        ),
        (
            "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser",
            "false",
        ),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", "false"),
        (
            "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
            "false",
        ),
        (
            "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
            "true",
        ),
        ("arn:aws:iam::aws:policy/AmazonSageMakerFullAccess", "?"),
        (
            "arn:aws:iam::111111111111:policy/AmazonEC2ContainerRegistryReadOnly",
            "?",
        ),
    ] {
        let role = format!("ManagedPolicyArns: ['{arn}'], {PULLS}");
        assert_eq!(missing_with(&role, ""), format!("- - {expected}"), "{arn}");
    }
    let open = "ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly']";
    assert_eq!(missing_with(&format!("{open}, {PULLS}"), ""), "- - false");
    let unknown = "ManagedPolicyArns: !Split [',', !Ref P]";
    assert_eq!(missing_with(&format!("{unknown}, {PULLS}"), ""), "- - ?");
}

#[test]
fn a_statement_under_a_condition_may_count() {
    let condition = ", Condition: { StringEquals: { 'aws:RequestedRegion': eu-west-1 } }";
    let token = token_by("RolePolicy", "RoleName: ci", condition);
    assert_eq!(missing_with(PULLS, &token), "- - ?");
    let effect = token_by("RolePolicy", "RoleName: ci", "").replace("Allow", "!Ref P");
    assert_eq!(missing_with(PULLS, &effect), "- - ?");
    let half = PULLS.replace("Resource: '*'", &format!("Resource: '*'{condition}"));
    let half = half.replace(", 'ecr:GetDownloadUrlForLayer'", "");
    assert_eq!(missing_with(&half, ""), "? - false");
}
