//! Snapshots of live accounts: one repository a line.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use serde_json::{Value, json};

use super::parts;
use super::random::Random;

/// Writes a snapshot of `count` repositories, of which hardly one has a finding.
pub(crate) fn write_snapshot(path: &Path, count: usize) {
    let mut out = BufWriter::new(File::create(path).expect("the corpus can be written"));
    let registry = json!({ "account": "111111111111", "region": "eu-west-1",
        "registry": { "scanning": { "scanType": "BASIC", "rules": [] }, "policy": null } });
    writeln!(out, "{registry}").expect("the corpus can be written");
    for index in 0..count {
        let record = record(&mut Random::new("snapshot", index), index);
        writeln!(out, "{record}").expect("the corpus can be written");
    }
}

fn record(random: &mut Random, index: usize) -> Value {
    let name = format!("acme-shop-{}-{index}", random.word());
    let arn = format!("arn:aws:ecr:eu-west-1:111111111111:repository/{name}");
    let scans = !random.one_in(500);
    let policy = match random.below(6) {
        0 => Value::Null,
        _ => {
            let policy = parts::policy(random, Some("111111111111"));
            let text = if random.one_in(2) {
                super::pretty(&policy, 2)
            } else {
                policy.to_string()
            };
            json!({ "registryId": "111111111111", "repositoryName": name, "policyText": text })
        }
    };
    let tags = parts::tags(random).into_iter();
    let mut record = json!({
        "account": "111111111111", "region": "eu-west-1",
        "repository": { "repositoryArn": arn, "registryId": "111111111111", "repositoryName": name,
            "repositoryUri": format!("111111111111.dkr.ecr.eu-west-1.amazonaws.com/{name}"),
            "createdAt": 1_700_000_000 + random.below(80_000_000), "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": { "scanOnPush": scans },
            "encryptionConfiguration": { "encryptionType": "AES256" } },
        "scanning": { "repositoryArn": arn, "repositoryName": name, "scanOnPush": scans,
            "scanFrequency": if scans { "SCAN_ON_PUSH" } else { "MANUAL" }, "appliedScanFilters": [] },
        "lifecyclePolicy": { "registryId": "111111111111", "repositoryName": name,
            "lifecyclePolicyText": parts::lifecycle(random).to_string(),
            "lastEvaluatedAt": 1_700_000_000 + random.below(80_000_000) },
        "repositoryPolicy": policy,
        "tags": tags.map(|(key, value)| json!({ "Key": key, "Value": value })).collect::<Vec<_>>(),
        "parameters": [],
    });
    let mut published = vec![("arn", arn), ("name", name.clone())];
    if random.one_in(2) {
        published.push(("kms_key_arn", encrypted(random, &mut record)));
    }
    let base = name["acme-shop-".len()..].to_uppercase().replace('-', "_");
    let parameters = published.into_iter().map(|(kind, value)| {
        let own = format!("ECR_{base}_{kind}");
        json!({ "Name": own, "Type": "String", "Value": value, "Version": random.between(1, 9),
            "LastModifiedDate": 1_700_000_000 + random.below(80_000_000),
            "ARN": format!("arn:aws:ssm:eu-west-1:111111111111:parameter/{own}"), "DataType": "text" })
    });
    record["parameters"] = parameters.collect();
    record
}

/// Gives a repository a key of its own, and returns its ARN.
fn encrypted(random: &mut Random, record: &mut Value) -> String {
    let key = random.uuid();
    let arn = format!("arn:aws:kms:eu-west-1:111111111111:key/{key}");
    record["repository"]["encryptionConfiguration"] =
        json!({ "encryptionType": "KMS", "kmsKey": arn });
    record["kmsKey"] = json!({ "AWSAccountId": "111111111111", "KeyId": key, "Arn": arn,
        "CreationDate": 1_700_000_000 + random.below(80_000_000), "Enabled": true, "Description": random.word(),
        "KeyUsage": "ENCRYPT_DECRYPT", "KeyState": "Enabled", "Origin": "AWS_KMS", "KeyManager": "CUSTOMER",
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "KeySpec": "SYMMETRIC_DEFAULT",
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"], "MultiRegion": false });
    record["kmsKeyRotation"] = json!({ "KeyId": arn, "KeyRotationEnabled": true,
        "RotationPeriodInDays": random.between(90, 900) });
    record["kmsKeyPolicy"] = json!({ "Policy": parts::key_policy(random, "111111111111").to_string(),
        "PolicyName": "default" });
    arn
}
