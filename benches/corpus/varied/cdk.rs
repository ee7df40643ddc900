//! Templates as the CDK synthesizes them, and the manifest of their assembly.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::parts::{self, ACCOUNTS};
use super::random::Random;
use super::{Resources, fill, has_conditions};

/// A template of the CDK: repositories with keys and parameters, and what they are deployed with.
pub(super) fn template(random: &mut Random, index: usize, size: usize) -> Value {
    let stack = format!("Stack{index:05}");
    let mut resources = Resources::new();
    for _ in 0..random.between(3, 7) {
        repository(random, index, &mut resources);
    }
    fill(random, &mut resources, size, 17);
    resources.insert(
        "CDKMetadata".into(),
        json!({ "Type": "AWS::CDK::Metadata",
        "Properties": { "Analytics": format!("v2:deflate64:H4sI{}", random.hexadecimal(40)) },
        "Metadata": { "aws:cdk:path": format!("{stack}/CDKMetadata/Default") } }),
    );
    let mut template = json!({ "Resources": resources });
    template["Parameters"] = json!({
        "BootstrapVersion": { "Type": "AWS::SSM::Parameter::Value<String>",
            "Default": "/cdk-bootstrap/hnb659fds/version" },
    });
    if has_conditions(index) {
        template["Parameters"]["Stage"] =
            json!({ "Type": "String", "AllowedValues": ["dev", "test", "prod"] });
        template["Conditions"] = json!({
            "IsProd": { "Fn::Equals": [{ "Ref": "Stage" }, "prod"] },
            "IsHome": { "Fn::Equals": [{ "Ref": "AWS::Region" }, "eu-west-1"] },
        });
    }
    template
}

fn repository(random: &mut Random, index: usize, resources: &mut Resources) {
    let stack = format!("Stack{index:05}");
    let name = random.word();
    let construct = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let hash = random.hexadecimal(8).to_uppercase();
    let (id, key) = (
        format!("{construct}Repository{hash}"),
        format!("{construct}Key{hash}"),
    );
    let scans = Value::from(!random.one_in(10));
    let scans = match has_conditions(index) {
        true => json!({ "Fn::If": ["IsProd", true, scans] }),
        false => scans,
    };
    let mut properties = json!({
        "RepositoryName": format!("acme-shop-{name}"),
        "ImageScanningConfiguration": { "ScanOnPush": scans },
        "ImageTagMutability": "IMMUTABLE",
        "EmptyOnDelete": true,
        "LifecyclePolicy": { "LifecyclePolicyText": parts::lifecycle(random).to_string() },
        "RepositoryPolicyText": parted(&parts::policy(random, Some(account(index)))),
        "Tags": tags(random),
    });
    let mut published = vec![
        ("arn", json!({ "Fn::GetAtt": [id, "Arn"] })),
        ("name", json!({ "Ref": id })),
    ];
    if random.one_in(2) {
        properties["EncryptionConfiguration"] =
            json!({ "EncryptionType": "KMS", "KmsKey": { "Fn::GetAtt": [key, "Arn"] } });
        published.push(("kms_key_arn", json!({ "Fn::GetAtt": [key, "Arn"] })));
        let policy = parted(&parts::key_policy(random, account(index)));
        resources.insert(key.clone(), json!({ "Type": "AWS::KMS::Key",
            "Properties": { "KeyPolicy": policy, "EnableKeyRotation": true, "Description": random.word() },
            "UpdateReplacePolicy": "Delete", "DeletionPolicy": "Delete",
            "Metadata": { "aws:cdk:path": format!("{stack}/{construct}/Key/Resource") } }));
    }
    let base = name.to_uppercase();
    for (kind, value) in published {
        resources.insert(format!("{construct}Parameter{kind}"), json!({ "Type": "AWS::SSM::Parameter",
            "Properties": { "Name": format!("ECR_{base}_{kind}"), "Type": "String", "Value": value },
            "Metadata": { "aws:cdk:path": format!("{stack}/{construct}/Parameter-{kind}/Resource") } }));
    }
    resources.insert(
        id,
        json!({ "Type": "AWS::ECR::Repository", "Properties": properties,
        "UpdateReplacePolicy": "Delete", "DeletionPolicy": "Delete",
        "Metadata": { "aws:cdk:path": format!("{stack}/{construct}/Repository/Resource") } }),
    );
}

fn tags(random: &mut Random) -> Vec<Value> {
    let tags = parts::tags(random).into_iter();
    tags.map(|(key, value)| json!({ "Key": key, "Value": value }))
        .collect()
}

/// ARNs with the partition of the stack in them, as the CDK writes them.
fn parted(value: &Value) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix("arn:aws:iam::") {
            Some(rest) => {
                json!({ "Fn::Join": ["", ["arn:", { "Ref": "AWS::Partition" }, format!(":iam::{rest}")]] })
            }
            None => value.clone(),
        },
        Value::Array(items) => items.iter().map(parted).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), parted(value)))
            .collect(),
        _ => value.clone(),
    }
}

/// The account of a stack.
fn account(index: usize) -> &'static str {
    ACCOUNTS[index % ACCOUNTS.len()]
}

/// The entry of a stack in the manifest.
pub(super) fn stack(index: usize, file: &str) -> Value {
    json!({ "type": "aws:cloudformation:stack", "environment": format!("aws://{}/eu-west-1", account(index)),
        "properties": { "templateFile": file } })
}

pub(super) fn write_manifest(folder: &Path, stacks: Map<String, Value>) {
    let manifest = json!({ "version": "55.0.0", "artifacts": stacks });
    fs::write(folder.join("manifest.json"), manifest.to_string())
        .expect("the manifest can be written");
    fs::write(folder.join("cdk.out"), r#"{"version":"55.0.0"}"#)
        .expect("the marker can be written");
}
