//! Policies made of the words of their language: never a panic, and the order and the grouping of
//! what they say changes no verdict.
#![no_main]

use arbitrary::Arbitrary;
use ecrlint::report::Verdict;
use ecrlint_fuzz::whole;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Principal {
    Everyone,
    Account(u8),
    Root(u8),
    Role(u8),
    Service(u8),
    Stack,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
struct Condition {
    operator: u8,
    key: u8,
    value: u8,
    if_exists: bool,
}

#[derive(Arbitrary, Debug)]
struct Statement {
    denies: bool,
    not_principal: bool,
    principals: Vec<Principal>,
    not_action: bool,
    actions: Vec<u8>,
    conditions: Vec<Condition>,
}

const ACTIONS: [&str; 14] = [
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchCheckLayerAvailability",
    "ecr:PutImage",
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:Get*",
    "ecr:*",
    "*",
    "ECR:putimage",
    "ecr:DeleteRepository",
    "ecr:GetAuthorizationToken",
    "s3:GetObject",
];
const SERVICES: [&str; 3] = [
    "lambda.amazonaws.com",
    "codebuild.amazonaws.com",
    "replication.ecr.amazonaws.com",
];
const OPERATORS: [&str; 6] = [
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "ArnLike",
    "Bool",
    "ForAllValues:StringEquals",
];
const KEYS: [&str; 6] = [
    "aws:PrincipalOrgID",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:PrincipalAccount",
    "AWS:principalorgid",
    "aws:SecureTransport",
];
const VALUES: [&str; 6] = [
    "o-abcde12345",
    "111111111111",
    "arn:aws:lambda:eu-west-1:111111111111:function:*",
    "*",
    "true",
    "false",
];

fn pick<'w>(words: &[&'w str], at: u8) -> &'w str {
    words[usize::from(at) % words.len()]
}

fn account(number: u8) -> String {
    char::from(b'1' + number % 4).to_string().repeat(12)
}

impl Principal {
    fn written(self) -> (&'static str, Value) {
        match self {
            Self::Everyone => ("AWS", json!("*")),
            Self::Account(number) => ("AWS", json!(account(number))),
            Self::Root(number) => (
                "AWS",
                json!(format!("arn:aws:iam::{}:root", account(number))),
            ),
            Self::Role(number) => (
                "AWS",
                json!(format!("arn:aws:iam::{}:role/r", account(number))),
            ),
            Self::Service(number) => ("Service", json!(pick(&SERVICES, number))),
            Self::Stack => (
                "AWS",
                json!({ "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root" }),
            ),
        }
    }
}

impl Statement {
    fn written(&self, backwards: bool) -> Value {
        let mut principals: Map<String, Value> = Map::new();
        for principal in in_order(&self.principals, backwards) {
            let (kind, value) = principal.written();
            let list = principals.entry(kind).or_insert_with(|| json!([]));
            if let Some(list) = list.as_array_mut() {
                list.push(value);
            }
        }
        let mut conditions: Map<String, Value> = Map::new();
        for condition in &self.conditions {
            let mut operator = pick(&OPERATORS, condition.operator).to_owned();
            if condition.if_exists {
                operator.push_str("IfExists");
            }
            let keys = conditions.entry(operator).or_insert_with(|| json!({}));
            keys[pick(&KEYS, condition.key)] = json!(pick(&VALUES, condition.value));
        }
        let actions = in_order(&self.actions, backwards).map(|action| pick(&ACTIONS, *action));
        let actions: Vec<&str> = actions.collect();
        let mut statement = json!({ "Effect": if self.denies { "Deny" } else { "Allow" } });
        let principal = if self.not_principal {
            "NotPrincipal"
        } else {
            "Principal"
        };
        statement[principal] = Value::Object(principals);
        let action = if self.not_action {
            "NotAction"
        } else {
            "Action"
        };
        statement[action] = json!(actions);
        if !conditions.is_empty() {
            statement["Condition"] = Value::Object(conditions);
        }
        statement
    }
}

fn in_order<T>(items: &[T], backwards: bool) -> impl Iterator<Item = &T> {
    let count = items.len();
    (0..count).map(move |at| &items[if backwards { count - 1 - at } else { at }])
}

fn verdicts(statements: &[Statement], backwards: bool) -> Vec<(String, Verdict)> {
    let statements = in_order(statements, backwards).map(|one| one.written(backwards));
    let statements: Vec<Value> = statements.collect();
    let policy = json!({ "Version": "2012-10-17", "Statement": statements });
    let properties = json!({ "RepositoryName": "mare-shop-api", "RepositoryPolicyText": policy });
    let repository = json!({ "Type": "AWS::ECR::Repository", "Properties": properties });
    let template = json!({ "Resources": { "Api": repository } });
    whole::judged("template.json", &template.to_string())
}

fuzz_target!(|statements: Vec<Statement>| {
    // Longer policies say nothing new, and cost.
    if statements.len() > 6 {
        return;
    }
    let forwards = verdicts(&statements, false);
    let backwards = verdicts(&statements, true);
    assert_eq!(forwards, backwards, "the order of a policy decides");
});
