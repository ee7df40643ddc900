//! Policies that say the same get the same verdicts, however they are written.
//!
//! Random policies are rewritten (split, merged, put in another order, written in another form), and each
//! rewriting is a repository beside the original's in one template: no rule may tell them apart.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use crate::program::ecrlint;

/// Policies that are tried; each in every rewriting.
const POLICIES: usize = 80;

/// Policies in one template.
const BATCH: usize = 40;

const ACTIONS: [&str; 12] = [
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchCheckLayerAvailability",
    "ecr:PutImage",
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:DescribeImages",
    "ecr:BatchDeleteImage",
    "ecr:Get*",
    "ecr:*",
    "ecr:StartImageScan",
];

const PRINCIPALS: [&str; 6] = [
    "222222222222",
    "333333333333",
    "arn:aws:iam::222222222222:role/ci",
    "arn:aws:iam::444444444444:root",
    "arn:aws:iam::111111111111:role/deploy",
    "*",
];

const CONFIGURATION: &str = r#"
organisation:
  prefix: acme
  app: shop
  environments:
    dev: { account: "111111111111", region: eu-west-1 }
    prod: { account: "222222222222", region: eu-west-1 }
  repositories: {}
"#;

type Statement = Map<String, Value>;

/// A way of writing the same, or `None` where it would change nothing.
type Rewriting = fn(&[Statement]) -> Option<Value>;

const REWRITINGS: [(&str, Rewriting); 16] = [
    ("split by action", |all| split(all, &["Action"])),
    ("split by principal", |all| {
        split(all, &["Principal", "AWS"])
    }),
    ("split by both", |all| {
        let once = split(all, &["Action"])?;
        split(&statements(&once), &["Principal", "AWS"])
    }),
    ("statements in reverse", |all| {
        Some(policy(all.iter().rev().cloned()))
    }),
    ("lists in reverse", |all| each(all, &|one| reverse(one))),
    ("lists of one as scalars", |all| {
        each(all, &|one| scalars(one))
    }),
    ("account ids as root ARNs", |all| {
        principals(all, &|text| match text.len() {
            12 => format!("arn:aws:iam::{text}:root"),
            _ => text.to_owned(),
        })
    }),
    ("root ARNs as account ids", |all| {
        principals(all, &|text| {
            let id = text.strip_prefix("arn:aws:iam::");
            let id = id.and_then(|text| text.strip_suffix(":root"));
            id.unwrap_or(text).to_owned()
        })
    }),
    ("every statement twice", |all| {
        Some(policy(all.iter().chain(all).cloned()))
    }),
    ("each Deny again at the end", |all| {
        let denied = all.iter().filter(|one| one["Effect"] == "Deny");
        Some(policy(all.iter().chain(denied).cloned()))
    }),
    ("a narrower Deny beside each", narrower),
    ("other Sids", |all| {
        let named = all.iter().enumerate().map(|(index, one)| {
            let mut one = one.clone();
            one.insert("Sid".to_owned(), json!(format!("Statement{index}")));
            one
        });
        Some(policy(named))
    }),
    ("actions in another case", |all| {
        each(all, &|one| {
            let upper = |action: &Value| json!(action.as_str().unwrap_or_default().to_uppercase());
            one["Action"] = one["Action"]
                .as_array()
                .into_iter()
                .flatten()
                .map(upper)
                .collect();
        })
    }),
    ("actions twice", |all| {
        each(all, &|one| {
            let actions = one["Action"].as_array().cloned().unwrap_or_default();
            one["Action"] = actions.iter().chain(&actions).cloned().collect();
        })
    }),
    ("as text", |all| {
        Some(json!(policy(all.iter().cloned()).to_string()))
    }),
    ("a lonely statement without its list", |all| match all {
        [one] => Some(json!({ "Version": "2012-10-17", "Statement": one })),
        _ => None,
    }),
];

fn policy(statements: impl IntoIterator<Item = Statement>) -> Value {
    let statements: Vec<_> = statements.into_iter().map(Value::Object).collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}

fn statements(policy: &Value) -> Vec<Statement> {
    let listed = policy["Statement"].as_array().into_iter().flatten();
    listed.filter_map(|one| one.as_object().cloned()).collect()
}

fn each(all: &[Statement], change: &dyn Fn(&mut Statement)) -> Option<Value> {
    let changed = all.iter().cloned().map(|mut one| {
        change(&mut one);
        one
    });
    Some(policy(changed))
}

/// One statement for each entry of a list in it.
fn split(all: &[Statement], path: &[&str]) -> Option<Value> {
    let mut parts = Vec::new();
    for statement in all {
        let whole = Value::Object(statement.clone());
        let pointer = format!("/{}", path.join("/"));
        let entries = whole.pointer(&pointer).and_then(Value::as_array);
        for entry in entries? {
            let mut part = whole.clone();
            *part.pointer_mut(&pointer)? = json!([entry]);
            parts.extend(part.as_object().cloned());
        }
    }
    Some(policy(parts))
}

fn reverse(statement: &mut Statement) {
    for list in [&["Action"][..], &["Principal", "AWS"]] {
        let found = list
            .iter()
            .skip(1)
            .fold(statement.get_mut(list[0]), |at, key| {
                at.and_then(|at| at.get_mut(*key))
            });
        if let Some(Value::Array(items)) = found {
            items.reverse();
        }
    }
}

/// Lists of one entry as that entry, also in conditions.
fn scalars(statement: &mut Statement) {
    fn flatten(value: &mut Value) {
        match value {
            Value::Array(items) if items.len() == 1 => *value = items.remove(0),
            Value::Object(members) => members.values_mut().for_each(flatten),
            _ => {}
        }
    }
    statement.values_mut().for_each(flatten);
}

fn principals(all: &[Statement], change: &dyn Fn(&str) -> String) -> Option<Value> {
    each(all, &|one| {
        if let Some(Value::Array(listed)) = one["Principal"].get_mut("AWS") {
            for principal in listed {
                *principal = json!(change(principal.as_str().unwrap_or_default()));
            }
        }
    })
}

/// Beside each Deny one that takes a part of the same.
fn narrower(all: &[Statement]) -> Option<Value> {
    let mut with = Vec::new();
    for statement in all {
        with.push(statement.clone());
        if statement["Effect"] == "Deny" {
            let mut part = statement.clone();
            part["Action"] = json!([statement["Action"][0]]);
            with.push(part);
        }
    }
    Some(policy(with))
}

fn condition() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        4 => Just(None),
        1 => Just(Some(json!({ "StringEquals": { "aws:PrincipalOrgID": ["o-abcdefghij"] } }))),
        1 => Just(Some(json!({ "StringEquals": { "aws:PrincipalAccount": ["222222222222", "333333333333"] } }))),
        1 => Just(Some(json!({ "StringNotEquals": { "aws:PrincipalOrgID": ["o-abcdefghij"] } }))),
        1 => Just(Some(json!({ "Bool": { "aws:SecureTransport": ["true"] } }))),
    ]
}

fn statement() -> impl Strategy<Value = Statement> {
    let actions = proptest::sample::subsequence(ACTIONS.to_vec(), 1..=4);
    let principals = proptest::sample::subsequence(PRINCIPALS.to_vec(), 1..=2);
    (prop::bool::weighted(0.7), principals, actions, condition()).prop_map(
        |(allow, principals, actions, condition)| {
            let mut one = Map::new();
            let effect = if allow { "Allow" } else { "Deny" };
            one.insert("Effect".to_owned(), json!(effect));
            one.insert("Principal".to_owned(), json!({ "AWS": principals }));
            one.insert("Action".to_owned(), json!(actions));
            if let Some(condition) = condition {
                one.insert("Condition".to_owned(), condition);
            }
            one
        },
    )
}

/// The verdicts on every repository of a template, by its logical id.
fn verdicts(template: &Value, flags: &[&str]) -> BTreeMap<String, BTreeSet<(String, String)>> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let input = folder.path().join("policies.template.json");
    std::fs::write(&input, template.to_string()).expect("a file can be written");
    let configuration = folder.path().join("ecrlint.yaml");
    std::fs::write(&configuration, CONFIGURATION).expect("a file can be written");
    let arguments = ["check", "policies.template.json", "--output", "json"];
    let (_, report) = ecrlint(arguments.iter().chain(flags))
        .within(folder.path())
        .json();
    let mut found: BTreeMap<String, BTreeSet<_>> = BTreeMap::new();
    for finding in report["diagnostics"].as_array().into_iter().flatten() {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let id = text(&finding["subject"]["logical_id"]);
        assert_ne!(id, "", "{finding}");
        let verdict = (text(&finding["rule"]), text(&finding["verdict"]));
        found.entry(id).or_default().insert(verdict);
    }
    found
}

#[test]
fn no_rewriting_of_a_policy_changes_a_verdict() {
    let mut runner = TestRunner::deterministic();
    let strategy = proptest::collection::vec(statement(), 1..=4);
    let mut draw = || {
        let tree = strategy.new_tree(&mut runner);
        tree.expect("statements can be drawn").current()
    };
    let policies: Vec<_> = std::iter::repeat_with(&mut draw).take(POLICIES).collect();
    let mut wrong = Vec::new();
    for batch in policies.chunks(BATCH) {
        let mut resources = Map::new();
        let mut compared = Vec::new();
        let mut add = |id: String, policy: Value| {
            let properties = json!({ "RepositoryPolicyText": policy });
            let resource = json!({ "Type": "AWS::ECR::Repository", "Properties": properties });
            resources.insert(id, resource);
        };
        for (index, all) in batch.iter().enumerate() {
            let original = policy(all.iter().cloned());
            add(format!("P{index}"), original.clone());
            for (number, (name, rewriting)) in REWRITINGS.iter().enumerate() {
                if let Some(rewritten) = rewriting(all) {
                    add(format!("P{index}R{number}"), rewritten);
                    compared.push((index, number, *name, original.clone()));
                }
            }
        }
        let template = json!({ "Resources": resources });
        for flags in [&[][..], &["--environment", "dev"]] {
            let found = verdicts(&template, flags);
            for (index, number, name, original) in &compared {
                let one = found.get(&format!("P{index}"));
                let other = found.get(&format!("P{index}R{number}"));
                if one != other {
                    wrong.push(format!("{name}: {original}\n  {one:?}\n  {other:?}"));
                }
            }
        }
    }
    let count = wrong.len();
    assert!(
        wrong.is_empty(),
        "{count}\n{}",
        wrong[..count.min(12)].join("\n")
    );
}
