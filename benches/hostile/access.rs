//! Policies: many statements, principals, conditions and denials, in one policy and in many.

use serde_json::{Value, json};

use super::{Case, case, many, mapping, repository, resource, resources, with};

const FIRST: usize = 100_000_000_000;

fn root(it: usize) -> String {
    format!("arn:aws:iam::{}:root", FIRST + it)
}

fn policy(statements: Vec<Value>) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// One repository with a policy of many statements.
fn one(name: &'static str, count: usize, make: impl Fn(usize) -> Value) -> Case {
    let policy = policy(many(count, make));
    resources(
        name,
        [(
            "R".to_owned(),
            with("acme-shop-api", "RepositoryPolicyText", policy),
        )],
    )
}

/// Repositories with policies as long as ECR takes, no two alike.
fn each(name: &'static str, count: usize, make: impl Fn(usize) -> Vec<Value>) -> Case {
    resources(
        name,
        many(count, |it| {
            (
                format!("R{it}"),
                with(
                    &format!("acme-shop-{it}"),
                    "RepositoryPolicyText",
                    policy(make(it)),
                ),
            )
        }),
    )
}

/// One repository with a policy, each statement of which stands under a condition of its own.
fn conditional(name: &'static str, count: usize, make: impl Fn(usize) -> Value) -> Case {
    let mut repository = repository("acme-shop-api");
    repository["Properties"]["RepositoryPolicyText"] = policy(many(count, make));
    case(
        name,
        &json!({
            "Parameters": mapping(count, |it| (format!("P{it}"), json!({ "Type": "String" }))),
            "Conditions": mapping(count, |it| (format!("C{it}"), json!({ "Fn::Equals": [{ "Ref": format!("P{it}") }, "a"] }))),
            "Resources": { "R": repository },
        }),
    )
}

fn allow(principal: &Value) -> Value {
    json!({ "Effect": "Allow", "Principal": principal, "Action": "ecr:BatchGetImage" })
}

pub(super) fn cases() -> Vec<Case> {
    let nothing = json!({ "Ref": "AWS::NoValue" });
    vec![
        one("statements", 4500, |it| json!({ "Sid": format!("S{it}"), "Effect": "Allow", "Principal": { "AWS": root(it) },
            "Action": ["ecr:BatchGetImage"], "Condition": { "StringEquals": { "aws:PrincipalOrgID": format!("o-{it}") } } })),
        one("denials", 4500, |it| json!({ "Sid": format!("S{it}"), "Effect": if it % 2 == 0 { "Allow" } else { "Deny" },
            "Principal": "*", "Action": ["ecr:BatchGetImage"],
            "Condition": { "StringNotEquals": { format!("aws:PrincipalTag/k{it}"): format!("o-{it}") } } })),
        one("principals", 1, |_| allow(&json!({ "AWS": many(25_000, root) }))),
        conditional("statements-conditional", 4000, |it| json!({ "Fn::If": [format!("C{it}"), allow(&json!({ "AWS": root(it) })), nothing] })),
        conditional("effects-conditional", 3500, |it| json!({ "Effect": { "Fn::If": [format!("C{it}"), "Allow", "Deny"] },
            "Principal": { "AWS": { "Ref": format!("P{it}") } }, "Action": "ecr:BatchGetImage" })),
        conditional("principals-conditional", 1, |_| allow(&json!({ "AWS": many(16_000, |it| json!({ "Fn::If": ["C0", root(it), { "Ref": "P0" }] })) }))),
        conditional("principals-unknown", 1, |_| allow(&json!({ "AWS": many(40_000, |_| json!({ "Ref": "P0" })) }))),
        conditional("actions-unknown", 1, |_| json!({ "Effect": "Allow", "Principal": "*", "Action": many(50_000, |_| json!({ "Ref": "P0" })) })),
        each("policies-of-accounts", 95, |it| vec![allow(&json!({ "AWS": many(270, |at| root(it * 270 + at)) }))]),
        each("policies-of-statements", 95, |it| many(75, |at| json!({ "Effect": if at % 2 == 0 { "Allow" } else { "Deny" },
            "Principal": { "AWS": root(it * 270 + at) }, "Action": "ecr:*" }))),
        each("policies-of-conditions", 95, |it| many(50, |at| json!({ "Effect": if at % 2 == 0 { "Allow" } else { "Deny" },
            "Principal": "*", "Action": "ecr:*", "Condition": { "StringNotEquals": { "aws:PrincipalOrgID": format!("o-{it:04}{at:06}"),
            "aws:PrincipalAccount": format!("{}", FIRST + it * 50 + at) } } }))),
        each("policies-of-paths", 95, |it| many(45, |at| json!({ "Effect": if at % 2 == 0 { "Allow" } else { "Deny" },
            "Principal": "*", "Action": "ecr:*", "Condition": { "ForAnyValue:StringLike": {
            "aws:PrincipalOrgPaths": format!("o-{it:04}{at:06}/r-*/ou-{at}*/*") },
            "ArnNotLike": { "aws:PrincipalArn": format!("arn:*:iam::{}:role/*x*", FIRST + at) } } }))),
        each("policies-of-networks", 95, |it| many(60, |at| json!({ "Effect": if at % 2 == 0 { "Allow" } else { "Deny" },
            "Principal": "*", "Action": "ecr:*", "Condition": { "StringEquals": { "aws:SourceVpce": format!("vpce-{it}{at}"),
            "aws:PrincipalOrgID": format!("o-{at:010}") } } }))),
        each("policies-of-services", 95, |it| many(60, |at| json!({ "Effect": "Allow",
            "Principal": { "Service": format!("s{at}.amazonaws.com") }, "Action": "ecr:*", "Condition": { "ArnLike": {
            "aws:SourceArn": format!("arn:aws:s3:::b{it}-{at}-*") } } }))),
        each("policies-of-stars", 95, |it| many(6, |at| json!({ "Effect": "Allow", "Principal": "*", "Action": "ecr:*",
            "Condition": { "StringLike": { "aws:PrincipalArn": format!("{}{it}{at}", "*a".repeat(700)) } } }))),
        each("policies-of-open-patterns", 95, |it| many(60, |at| json!({ "Effect": if at % 3 == 0 { "Deny" } else { "Allow" }, "Principal": "*",
            "Action": "ecr:*", "Condition": { "ArnLike": { "aws:PrincipalArn": format!("arn:aws:iam::*:role/r{it}-{at}-*") } } }))),
        each("policies-of-exceptions", 95, |it| many(50, |at| json!({ "Effect": if at % 2 == 0 { "Allow" } else { "Deny" },
            "NotPrincipal": { "AWS": [root(it), root(it + at), format!("arn:aws:iam::{}:role/r{at}", FIRST + at)] }, "Action": "ecr:*" }))),
        resources("keys-of-statements", many(30, |it| (format!("R{it}"), with(&format!("acme-shop-{it}"), "EncryptionConfiguration",
            json!({ "EncryptionType": "KMS", "KmsKey": { "Fn::GetAtt": [format!("K{it}"), "Arn"] } }))))
            .into_iter().chain(many(30, |it| (format!("K{it}"), resource("KMS::Key", &json!({ "KeyPolicy": policy(many(150, |at| {
                json!({ "Effect": if at % 2 == 0 { "Allow" } else { "Deny" }, "Principal": "*", "Action": "kms:*", "Resource": "*",
                    "Condition": { "StringNotEquals": { "aws:PrincipalOrgID": format!("o-{it:04}{at:06}"),
                    "kms:CallerAccount": format!("{}", FIRST + at) } } })
            })) })))))),
        resources("registry-policies", many(40, |it| (format!("G{it}"), resource("ECR::RegistryPolicy", &json!({ "PolicyText":
            policy(many(60, |at| json!({ "Sid": format!("s{at}"), "Effect": "Deny", "Principal": { "AWS": root(at) }, "Action": "ecr:*",
            "Resource": format!("arn:aws:ecr:*:*:repository/*{it}*{at}") }))) }))))
            .into_iter().chain(many(4000, |it| (format!("R{it}"), repository(&format!("acme-shop-{it}")))))),
    ]
}
