//! Templates as people write them: policies as objects and as texts, joins, substitutions, mappings, parameters.

use serde_json::{Value, json};

use super::parts::{self, ACCOUNTS};
use super::random::Random;
use super::{Resources, fill, has_conditions};

/// What texts are cut at to put a reference in.
const HOLE: &str = "444444444444";

/// Names that this template gives to what its repositories share.
struct Shared {
    stage: String,
    app: String,
    account: String,
    count: String,
    mapping: String,
    conditions: bool,
}

/// A template of a person, of about this size when it is indented.
pub(super) fn template(random: &mut Random, index: usize, size: usize) -> Value {
    let shared = Shared {
        stage: format!(
            "{}{}",
            random.pick(&["Stage", "Environment", "Tier"]),
            random.below(100)
        ),
        app: format!(
            "{}{}",
            random.pick(&["App", "Product", "Service"]),
            random.below(100)
        ),
        account: format!(
            "{}{}",
            random.pick(&["PullAccount", "Consumer", "TrustedAccount"]),
            random.below(100)
        ),
        count: format!(
            "{}{}",
            random.pick(&["Keep", "Images", "Retained"]),
            random.below(100)
        ),
        mapping: format!(
            "{}{}",
            random.pick(&["Stages", "Settings", "PerStage"]),
            random.below(100)
        ),
        conditions: has_conditions(index),
    };
    let mut resources = Resources::new();
    for _ in 0..random.between(3, 6) {
        repository(random, &shared, &mut resources);
    }
    fill(random, &mut resources, size, 19);
    let setting = |random: &mut Random| json!({ "owner": format!("team-{}", random.word()), "scan": "true", "images": random.between(20, 90).to_string() });
    let mut template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": format!("Images of {}", random.word()),
        "Parameters": {
            &shared.stage: { "Type": "String", "Default": "prod", "AllowedValues": ["dev", "test", "prod"] },
            &shared.app: { "Type": "String", "Default": "shop", "AllowedValues": ["shop"] },
            &shared.account: { "Type": "String", "Default": *random.pick(&ACCOUNTS), "AllowedPattern": "^[0-9]{12}$" },
            &shared.count: { "Type": "Number", "Default": random.between(20, 400) },
        },
        "Mappings": { &shared.mapping: { "dev": setting(random), "test": setting(random), "prod": setting(random) } },
    });
    if shared.conditions {
        template["Conditions"] = json!({
            "IsProd": { "Fn::Equals": [{ "Ref": shared.stage }, "prod"] },
            "IsOpen": { "Fn::Not": [{ "Fn::Or": [{ "Condition": "IsProd" },
                { "Fn::Equals": [{ "Ref": shared.stage }, "test"] }] }] },
        });
    }
    template["Resources"] = resources.into();
    template
}

fn repository(random: &mut Random, shared: &Shared, resources: &mut Resources) {
    let name = random.word();
    let id = random.id("Images");
    let mut properties = json!({
        "RepositoryName": named(random, shared, &name),
        "ImageTagMutability": "IMMUTABLE",
        "EmptyOnDelete": true,
        "ImageScanningConfiguration": { "ScanOnPush": scanned(random, shared) },
        "LifecyclePolicy": { "LifecyclePolicyText": lifecycle(random, shared) },
        "RepositoryPolicyText": policy(random, shared),
        "Tags": tags(random, shared),
    });
    let mut published = vec![
        ("arn", json!({ "Fn::GetAtt": [id, "Arn"] })),
        ("name", json!({ "Ref": id })),
    ];
    let key = match random.below(4) {
        0 => {
            let arn = format!(
                "arn:${{AWS::Partition}}:kms:${{AWS::Region}}:${{AWS::AccountId}}:key/{}",
                random.uuid()
            );
            Some(json!({ "Fn::Sub": arn }))
        }
        1 | 2 => Some(key(random, resources)),
        _ => None,
    };
    if let Some(key) = key {
        properties["EncryptionConfiguration"] = json!({ "EncryptionType": "KMS", "KmsKey": key });
        published.push(("kms_key_arn", key));
    }
    for (kind, value) in published {
        let name = format!("ECR_{}_{kind}", name.to_uppercase());
        resources.insert(
            random.id("Output"),
            json!({ "Type": "AWS::SSM::Parameter",
            "Properties": { "Name": name, "Type": "String", "Value": value } }),
        );
    }
    let mut resource = json!({ "Type": "AWS::ECR::Repository", "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete", "Properties": properties });
    if shared.conditions && random.one_in(3) {
        resource["Condition"] = "IsProd".into();
    }
    resources.insert(id, resource);
}

/// A key of the template, and its ARN.
fn key(random: &mut Random, resources: &mut Resources) -> Value {
    let key = random.id("Key");
    let policy = parts::key_policy(random, ACCOUNTS[0]);
    resources.insert(
        key.clone(),
        json!({ "Type": "AWS::KMS::Key",
        "Properties": { "KeyPolicy": policy, "EnableKeyRotation": true } }),
    );
    json!({ "Fn::GetAtt": [key, "Arn"] })
}

fn named(random: &mut Random, shared: &Shared, name: &str) -> Value {
    match random.below(4) {
        0 => json!({ "Fn::Sub": format!("acme-${{{}}}-{name}", shared.app) }),
        1 => json!({ "Fn::Join": ["-", ["acme", { "Ref": shared.app }, name]] }),
        _ => format!("acme-shop-{name}").into(),
    }
}

fn scanned(random: &mut Random, shared: &Shared) -> Value {
    match random.below(10) {
        0 => false.into(),
        1 | 2 => json!({ "Fn::FindInMap": [shared.mapping, { "Ref": shared.stage }, "scan"] }),
        3 | 4 if shared.conditions => json!({ "Fn::If": ["IsOpen", false, true] }),
        _ => true.into(),
    }
}

fn tags(random: &mut Random, shared: &Shared) -> Vec<Value> {
    let mut tags = parts::tags(random);
    if random.one_in(3) {
        tags[0].1 = json!({ "Fn::FindInMap": [shared.mapping, { "Ref": shared.stage }, "owner"] });
    }
    if random.one_in(3) {
        tags.push((random.word(), json!({ "Ref": shared.stage })));
    }
    tags.into_iter()
        .map(|(key, value)| json!({ "Key": key, "Value": value }))
        .collect()
}

fn lifecycle(random: &mut Random, shared: &Shared) -> Value {
    let mut policy = parts::lifecycle(random);
    let form = random.below(4);
    if form < 2 {
        let hole: u64 = HOLE.parse().expect("a number");
        let last = policy["rules"]
            .as_array_mut()
            .and_then(|rules| rules.last_mut());
        last.expect("a rule is there")["selection"]["countNumber"] = hole.into();
    }
    let text = match random.one_in(2) {
        true => super::pretty(&policy, 2),
        false => policy.to_string(),
    };
    match form {
        0 => substituted(&text, &shared.count),
        1 => joined(&text, &shared.count),
        _ => text.into(),
    }
}

fn policy(random: &mut Random, shared: &Shared) -> Value {
    let mut policy = parts::policy(random, None);
    let form = random.below(6);
    if form < 3 {
        let statements = policy["Statement"].as_array_mut().expect("statements");
        statements.push(json!({ "Sid": random.id("Consumer"), "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{HOLE}:root") },
            "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            "Condition": { "StringEquals": { "aws:PrincipalTag/app": random.word() } } }));
    }
    match form {
        0 => substituted(&policy.to_string(), &shared.account),
        1 => joined(&super::pretty(&policy, 2), &shared.account),
        2 => filled(&policy, &shared.account),
        3 => policy.to_string().into(),
        _ => policy,
    }
}

fn substituted(text: &str, parameter: &str) -> Value {
    json!({ "Fn::Sub": text.replace(HOLE, &format!("${{{parameter}}}")) })
}

fn joined(text: &str, parameter: &str) -> Value {
    let (before, after) = text.split_once(HOLE).expect("a hole was made");
    json!({ "Fn::Join": ["", [before, { "Ref": parameter }, after]] })
}

/// Texts with a hole, substituted where they stand.
fn filled(value: &Value, parameter: &str) -> Value {
    match value {
        Value::String(text) if text.contains(HOLE) => substituted(text, parameter),
        Value::Array(items) => items.iter().map(|item| filled(item, parameter)).collect(),
        Value::Object(members) => {
            let members = members.iter();
            members
                .map(|(key, value)| (key.clone(), filled(value, parameter)))
                .collect()
        }
        _ => value.clone(),
    }
}
