//! Event rules: under which conditions something is wrong with one, and what each operator of a pattern makes of
//! each kind of value in an event.

use serde_json::{Value, json};

use crate::program::{ecrlint, root};
use ecrlint::input::{Context, Scratch, load};
use ecrlint::model::EntityKind;
use ecrlint::model::facts::{self, Scope};
use ecrlint::source::SourceId;

fn diagnostics(file: &str, rule: &str) -> Vec<Value> {
    let folder = root().join("fixtures/verdicts/event-rules");
    let arguments = ["check", file, "-o", "json", "--fail-on", "never"];
    let (_, json) = ecrlint(arguments).within(folder).json();
    let all = json["diagnostics"].as_array().expect("diagnostics");
    all.iter()
        .filter(|one| one["rule"] == rule)
        .cloned()
        .collect()
}

#[test]
fn findings_about_event_rules_say_under_which_conditions_they_hold() {
    let prod = "`IsProd` is true";
    let other = "`IsProd` is false";
    for (file, rule, when) in [
        ("targets-by-condition", "event-rule-target", other),
        ("one-target-by-condition", "event-rule-target", other),
        ("state-by-condition", "event-rule-target", other),
        ("long-state-by-condition", "event-rule-target", prod),
        ("rule-by-condition", "event-rule-target", prod),
        ("source-by-condition", "event-rule-target", prod),
        ("pattern-by-condition", "event-rule-pattern", prod),
        ("part-by-condition", "event-rule-pattern", prod),
    ] {
        for beside in ["", "-alone"] {
            let found = diagnostics(&format!("{file}{beside}.yaml"), rule);
            let whens: Vec<_> = found.iter().map(|one| &one["when"]).collect();
            assert_eq!(whens, [&json!(when)], "{file}{beside}");
        }
    }
}

/// What is wrong with a pattern: the problems, `?` where that is open, `other` where it is not about ECR.
fn judged(pattern: &str) -> String {
    let template = format!(
        "Parameters: {{ P: {{ Type: String }} }}\nResources:\n  Shop: {{ Type: AWS::ECR::Repository, Properties: {{ RepositoryName: acme/shop }} }}\n  \
         Watch:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern: {pattern}\n"
    );
    let context = Context::default();
    let loaded = load(&template, SourceId(0), &context, &mut Scratch::default());
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let mut repositories = loaded.entities.iter();
    let shop = repositories.find(|one| one.kind() == EntityKind::Private);
    let described = facts::describe(shop.expect("a repository"), &Scope::default());
    let document = described.document.value(described.repository);
    let rules = document.by_key("event_rules").expect("event rules");
    let Some(rule) = rules.items().next() else {
        return "other".to_owned();
    };
    let problems = rule.by_key("problems").expect("problems");
    if problems.as_unknown().is_some() {
        return "?".to_owned();
    }
    let texts = problems
        .items()
        .filter_map(|one| one.by_key("problem")?.as_str());
    texts.collect::<Vec<_>>().join("; ")
}

#[test]
fn each_operator_decides_about_each_kind_of_value() {
    let push = |member: &str| {
        format!("{{ source: [aws.ecr], detail-type: [ECR Image Action], detail: {{ {member} }} }}")
    };
    let scan =
        |member: &str| format!("{{ source: [aws.ecr], detail-type: [ECR Image Scan], {member} }}");
    let call = |member: &str| {
        format!(
            "{{ source: [aws.ecr], detail-type: [AWS API Call via CloudTrail], detail: {{ {member} }} }}"
        )
    };
    for (pattern, expected) in [
        // Words.
        (push("result: [SUCCESS]"), "fits"),
        (push("result: [SUCCESS, Success]"), "dead"),
        (push("result: [SUCCESS, TIMEOUT]"), "fits"),
        (push("result: [TIMEOUT]"), "?"),
        (push("result: [{ prefix: SUC }]"), "fits"),
        (push("result: [{ prefix: suc }]"), "dead"),
        (push("result: [{ prefix: { equals-ignore-case: suc } }]"), "fits"),
        (push("result: [{ suffix: ESS }]"), "fits"),
        (push("result: [{ suffix: ess }]"), "dead"),
        (push("result: [{ equals-ignore-case: success }]"), "fits"),
        (push("result: [{ wildcard: 'SUC*' }]"), "fits"),
        (push("result: [{ wildcard: 'suc*' }]"), "dead"),
        (push("result: ['SUC*']"), "dead"),
        (push("result: [{ anything-but: TIMEOUT }]"), "fits"),
        (push("result: [{ anything-but: [SUCCESS] }]"), "?"),
        (push("action-type: [{ anything-but: PUSH }]"), "fits"),
        (push("action-type: [{ anything-but: { prefix: [P, D, U] } }]"), "?"),
        (push("result: [{ exists: true }]"), "fits"),
        (push("result: [{ numeric: ['=', 1] }]"), "dead"),
        (push("result: [{ cidr: 10.0.0.0/8 }]"), "dead"),
        (push("result: [1]"), "dead"),
        (push("result: [null]"), "dead"),
        (push("result: [!Ref P]"), "?"),
        (push("result: [{ contains: x }]"), "dead"),
        // Names and tags.
        (push("repository-name: [other/shop]"), "fits"),
        (push("repository-name: [Other/Shop]"), "dead"),
        (push("repository-name: ['acme/*']"), "dead"),
        (push("repository-name: [{ wildcard: 'acme/*' }]"), "fits"),
        (push("repository-name: [{ wildcard: 'arn:*' }]"), "dead"),
        (push("repository-name: [{ prefix: acme/ }]"), "fits"),
        (push("repository-name: [{ prefix: 'arn:aws:ecr' }]"), "dead"),
        (push("repository-name: [{ equals-ignore-case: Acme/Shop }]"), "fits"),
        (push("repository-name: [{ anything-but: { wildcard: 'tmp/*' } }]"), "fits"),
        (push("repository-name: [!Ref Shop]"), "fits"),
        (push("repository-name: [!Ref P]"), "fits"),
        (push("repository-name: [!GetAtt Shop.Arn]"), "dead"),
        (push("repository-name: [!Sub '${AWS::AccountId}.dkr.ecr.eu-west-1.amazonaws.com/x']"), "dead"),
        (push("repository-name: [111111111111.dkr.ecr.eu-west-1.amazonaws.com/x]"), "dead"),
        (push("repository-name: [111111111111.dkr.ecr-fips.us-east-1.amazonaws.com/x]"), "dead"),
        (push("repository-name: [111111111111.dkr-ecr.eu-west-1.on.aws/x]"), "dead"),
        (push("repository-name: [!Sub '${AWS::AccountId}.dkr-ecr.eu-west-1.on.aws/x']"), "dead"),
        (push("repository-name: [!Sub '${AWS::AccountId}.dkr-ecr-fips.${AWS::Region}.on.aws/x']"), "dead"),
        (push("repository-name: [111111111111.dkr-other/x]"), "fits"),
        (push("image-tag: [latest, { prefix: v }, { suffix: -rc }]"), "fits"),
        (push("image-tag: ['v1 beta']"), "dead"),
        // ARNs and empty lists.
        (scan("resources: [!GetAtt Shop.Arn]"), "fits"),
        (scan("resources: [!Ref Shop]"), "dead"),
        (scan("resources: [{ suffix: :repository/acme/shop }]"), "fits"),
        (scan("resources: [{ prefix: 'arn:aws:s3' }]"), "fits"),
        (scan("resources: ['arn:aws:s3:::bucket']"), "dead"),
        (scan("resources: [{ exists: true }]"), "fits"),
        ("{ source: [aws.ecr], detail-type: [ECR Image Action], resources: [{ exists: true }] }".to_owned(), "?"),
        ("{ source: [aws.ecr], detail-type: [ECR Image Action], resources: [{ exists: false }] }".to_owned(), "fits"),
        ("{ source: [aws.ecr], detail-type: [ECR Image Action], resources: [{ anything-but: x }] }".to_owned(), "dead"),
        // Numbers and mappings.
        (scan("detail: { finding-severity-counts: { HIGH: [3] } }"), "fits"),
        (scan("detail: { finding-severity-counts: { HIGH: [three] } }"), "dead"),
        (scan("detail: { finding-severity-counts: { HIGH: [{ numeric: ['>', 0, '<=', 5] }] } }"), "fits"),
        (scan("detail: { finding-severity-counts: { HIGH: [{ numeric: ['>', 0, '<', 0] }] } }"), "dead"),
        (scan("detail: { finding-severity-counts: { HIGH: [{ anything-but: 0 }] } }"), "fits"),
        (scan("detail: { finding-severity-counts: { HIGH: [{ prefix: '1' }] } }"), "dead"),
        (scan("detail: { finding-severity-counts: { HIGH: [{ exists: false }] } }"), "fits"),
        (scan("detail: { finding-severity-counts: { high: [1] } }"), "dead"),
        (scan("detail: { finding-severity-counts: { NEGLIGIBLE: [1] } }"), "?"),
        (scan("detail: { finding-severity-counts: [{ exists: true }] }"), "dead"),
        // Fields that stay open, and fields that are not there.
        (call("sourceIPAddress: [{ cidr: 10.0.0.0/8 }]"), "fits"),
        (call("requestParameters: { repositoryName: [Any Thing], x: { y: [1] } }"), "fits"),
        (call("eventName: [PutImage, BatchDeleteImage]"), "fits"),
        (call("eventName: [putimage]"), "dead"),
        (call("eventName: [{ prefix: Put }]"), "fits"),
        (call("eventName: [{ prefix: put }]"), "dead"),
        (call("eventname: [PutImage]"), "dead"),
        (push("nothing: [{ exists: false }]"), "fits"),
        (push("nothing: [{ exists: true }]"), "dead"),
        (push("nothing: { at: { all: [x] } }"), "dead"),
        // Alternatives.
        (push("$or: [{ result: [SUCCESS] }, { action-type: [PUSH] }]"), "fits"),
        (push("$or: [{ result: [SUCCESS] }, { action: [PUSH] }]"), "dead"),
        (push("$or: [{ result: [SUCCESS] }]"), "dead"),
        // Forms that EventBridge refuses.
        ("{ source: aws.ecr }".to_owned(), "dead"),
        ("{ source: [aws.ecr], detail-type: [] }".to_owned(), "dead"),
        ("'{\"source\": [\"aws.ecr\"], }'".to_owned(), "dead"),
        ("{ Source: [aws.ecr], DetailType: [ECR Image Scan] }".to_owned(), "dead"),
        ("{ source: [aws.inspector], detail-type: [Inspector2 Finding] }".to_owned(), "dead"),
        ("{ source: [aws.containers], detail-type: [ECR Image Action] }".to_owned(), "dead"),
        ("{ source: [aws.ecr], detail-type: [AWS API Call via Cloudtrail] }".to_owned(), "dead"),
        ("{ source: [ecr], detail-type: [Image Built] }".to_owned(), "other"),
        ("{ source: [aws.ecr], resources: [!GetAtt Shop.Arn], detail: { action-type: [PUSH] } }".to_owned(), "dead"),
        ("{ source: [aws.ecr], detail: { eventSource: [ecr] } }".to_owned(), "dead"),
        // Parts that are not known.
        ("!Sub '{\"source\": [\"aws.ecr\"], \"detail\": ${P}}'".to_owned(), "?"),
        ("{ source: [aws.ecr], detail-type: !Split [',', !Ref P] }".to_owned(), "?"),
        ("{ source: [aws.ecr], detail: { repository-name: !Split [',', !Ref P] } }".to_owned(), "?"),
        // Inspector, about images and more.
        ("{ source: [aws.inspector2], detail: { resources: { type: [AWS_EC2_INSTANCE, AWS_ECR_CONTAINER_IMAGE] } } }".to_owned(), "fits"),
        ("{ source: [aws.inspector2], detail-type: [Inspector2 Scan], detail: { scan-status: [COMPLETE] } }".to_owned(), "dead"),
        ("{ source: [aws.ecr], detail-type: [ECR Image Scan], detail: { scan-status: [INITIAL_SCAN_COMPLETE] } }".to_owned(), "dead"),
        ("{ source: [aws.inspector2], detail-type: [Inspector2 Finding], detail: { severity: [High] } }".to_owned(), "dead"),
        // Not about ECR, however it is spelled.
        ("{ source: [aws.secretsmanager] }".to_owned(), "other"),
        ("'{\"source\": [\"aws.secretsmanager\"]}'".to_owned(), "other"),
        ("{ source: [{ prefix: aws.secretsmanager }] }".to_owned(), "other"),
        ("{ source: [aws.inspector2], detail: { resources: { type: [{ prefix: AWS_LAMBDA }] } } }".to_owned(), "other"),
        ("{ source: [aws.inspector2], resources: [{ prefix: i- }] }".to_owned(), "other"),
        ("{ source: [aws.inspector2], detail-type: [AWS API Call via CloudTrail] }".to_owned(), "other"),
    ] {
        let found = judged(&pattern);
        let word = match found.as_str() {
            "" => "fits",
            "?" | "other" => &found,
            _ => "dead",
        };
        assert_eq!(word, expected, "{pattern}: {found}");
    }
}
