//! What repositories are made of: policies, lifecycle texts, keys, tags, and the resources that stand beside them.

use serde_json::{Value, json};

use super::random::Random;

/// Accounts of the organisation that the corpora are made for.
pub(super) const ACCOUNTS: [&str; 3] = ["111111111111", "222222222222", "333333333333"];

/// What a pull takes, and what may come with it.
const PULL: [&str; 3] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
];
const READ: [&str; 5] = [
    "ecr:DescribeImages",
    "ecr:DescribeRepositories",
    "ecr:DescribeImageScanFindings",
    "ecr:GetRepositoryPolicy",
    "ecr:ListImages",
];
const PUSH: [&str; 4] = [
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
];

/// A repository policy of one to four statements, most of them with a condition of its own; only those of the own
/// account may push, where that is known.
pub(super) fn policy(random: &mut Random, own: Option<&str>) -> Value {
    let count = random.between(1, 4);
    let statements: Vec<Value> = (0..count).map(|_| statement(random, own)).collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}

fn statement(random: &mut Random, own: Option<&str>) -> Value {
    let pull = [&PULL[..], &random.some(&READ)].concat();
    let mut statement = json!({ "Sid": random.id("Access"), "Effect": "Allow", "Action": pull });
    match (random.below(6), own) {
        (0, _) => {
            let service = *random.pick(&["lambda.amazonaws.com", "codebuild.amazonaws.com"]);
            let account = *random.pick(&ACCOUNTS);
            statement["Principal"] = json!({ "Service": service });
            statement["Condition"] = json!({
                "StringEquals": { "aws:SourceAccount": account },
                "ArnLike": { "aws:SourceArn": format!("arn:aws:*:eu-west-1:{account}:*:{}*", random.word()) },
            });
        }
        (1, _) => {
            statement["Effect"] = "Deny".into();
            statement["Principal"] = "*".into();
            statement["Action"] = random.some(&PUSH).into();
            statement["Condition"] = json!({ "ArnNotLike": {
                "aws:PrincipalArn": format!("arn:aws:iam::*:role/ci/{}-*", random.word()),
            } });
        }
        (2, Some(own)) => {
            let role = format!("arn:aws:iam::{own}:role/ci/{}", random.word());
            statement["Principal"] = json!({ "AWS": role });
            statement["Action"] = [&PULL[..], &PUSH, &random.some(&READ)].concat().into();
        }
        (3, _) => {
            statement["Principal"] = json!({ "AWS": principal(random) });
            statement["Condition"] = json!({ "StringLike": {
                "aws:PrincipalTag/team": [random.word(), format!("{}-*", random.word())],
            } });
        }
        _ => {
            let count = random.between(1, 3);
            let principals: Vec<String> = (0..count).map(|_| principal(random)).collect();
            statement["Principal"] = json!({ "AWS": principals });
        }
    }
    statement
}

fn principal(random: &mut Random) -> String {
    let account = *random.pick(&ACCOUNTS);
    match random.below(3) {
        0 => format!("arn:aws:iam::{account}:role/service/{}", random.word()),
        _ => format!("arn:aws:iam::{account}:role/{}-puller", random.word()),
    }
}

/// One to six rules, in an order that ECR takes.
pub(super) fn lifecycle(random: &mut Random) -> Value {
    let mut rules = Vec::new();
    if random.one_in(2) {
        rules.push(
            json!({ "tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days",
            "countNumber": random.between(1, 60) }),
        );
    }
    for _ in 0..random.below(5) {
        let (list, entry) = match random.one_in(2) {
            true => ("tagPrefixList", format!("{}-", random.word())),
            false => ("tagPatternList", format!("{}-*", random.word())),
        };
        rules.push(
            json!({ "tagStatus": "tagged", list: [entry], "countType": "imageCountMoreThan",
            "countNumber": random.between(1, 500) }),
        );
    }
    rules.push(json!({ "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": random.between(20, 900) }));
    let rules = rules.into_iter().enumerate().map(|(at, selection)| {
        json!({ "rulePriority": at * 10 + random.between(1, 9), "description": format!("what {} keeps", random.word()),
            "selection": selection, "action": { "type": "expire" } })
    });
    json!({ "rules": rules.collect::<Vec<_>>() })
}

/// A policy of a key for its account, a role and a service.
pub(super) fn key_policy(random: &mut Random, account: &str) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": random.id("Own"), "Effect": "Allow", "Principal": { "AWS": format!("arn:aws:iam::{account}:root") },
          "Action": "kms:*", "Resource": "*" },
        { "Sid": random.id("Use"), "Effect": "Allow", "Principal": { "AWS": [principal(random), principal(random)] },
          "Action": ["kms:Decrypt", "kms:DescribeKey"], "Resource": "*",
          "Condition": { "StringEquals": { "kms:EncryptionContext:team": random.word() } } },
    ] })
}

/// Two to six tags; `owner` is among them.
pub(super) fn tags(random: &mut Random) -> Vec<(String, Value)> {
    let mut tags = vec![(
        "owner".to_owned(),
        Value::from(format!("team-{}", random.word())),
    )];
    for _ in 0..random.between(1, 5) {
        tags.push((
            format!(
                "{}:{}",
                random.pick(&["cost", "app", "stage", "data"]),
                random.word()
            ),
            random.word().into(),
        ));
    }
    tags
}

/// A resource of another service, with its logical id.
pub(super) fn other(random: &mut Random) -> (String, Value) {
    match random.below(5) {
        0 => (
            random.id("Queue"),
            json!({ "Type": "AWS::SQS::Queue", "Properties": {
            "QueueName": random.word(), "VisibilityTimeout": random.below(900), "KmsMasterKeyId": "alias/aws/sqs",
            "RedrivePolicy": { "maxReceiveCount": random.between(1, 9),
                "deadLetterTargetArn": format!("arn:aws:sqs:eu-west-1:111111111111:{}", random.word()) } } }),
        ),
        1 => (
            random.id("Bucket"),
            json!({ "Type": "AWS::S3::Bucket", "Properties": {
            "BucketName": format!("acme-{}", random.word()), "VersioningConfiguration": { "Status": "Enabled" },
            "PublicAccessBlockConfiguration": { "BlockPublicAcls": true, "BlockPublicPolicy": true,
                "IgnorePublicAcls": true, "RestrictPublicBuckets": true },
            "Tags": [{ "Key": "owner", "Value": random.word() }] } }),
        ),
        2 => (
            random.id("Logs"),
            json!({ "Type": "AWS::Logs::LogGroup", "Properties": {
            "LogGroupName": format!("/aws/lambda/{}", random.word()), "RetentionInDays": 30 } }),
        ),
        3 => (
            random.id("Role"),
            json!({ "Type": "AWS::IAM::Role", "Properties": {
            "RoleName": random.word(),
            "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [
                { "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sts:AssumeRole" }] },
            "Policies": [{ "PolicyName": random.word(), "PolicyDocument": { "Version": "2012-10-17", "Statement": [
                { "Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"],
                  "Resource": format!("arn:aws:dynamodb:eu-west-1:111111111111:table/{}", random.word()) }] } }] } }),
        ),
        _ => (
            random.id("Handler"),
            json!({ "Type": "AWS::Lambda::Function", "Properties": {
            "Code": { "S3Bucket": "cdk-hnb659fds-assets-111111111111-eu-west-1",
                "S3Key": format!("{}.zip", random.hexadecimal(64)) },
            "Environment": { "Variables": { "LOG_LEVEL": "info", "TABLE_NAME": random.word() } },
            "Handler": "index.handler", "MemorySize": 128 * random.between(1, 16), "Runtime": "nodejs22.x",
            "Role": format!("arn:aws:iam::111111111111:role/{}", random.word()), "Timeout": random.between(3, 900) } }),
        ),
    }
}
