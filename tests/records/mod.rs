//! Records of snapshots, and what a report says of them.

use serde_json::{Value, json};

/// A record of a repository, which scans unless told otherwise.
pub(crate) fn record(name: &str, scans: bool) -> String {
    let arn = format!("arn:aws:ecr:eu-west-1:111122223333:repository/{name}");
    let frequency = if scans { "SCAN_ON_PUSH" } else { "MANUAL" };
    json!({
        "account": "111122223333", "region": "eu-west-1",
        "repository": {"repositoryArn": arn, "repositoryName": name, "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": scans}, "encryptionConfiguration": {"encryptionType": "AES256"}},
        "lifecyclePolicy": null, "repositoryPolicy": null, "tags": [], "parameters": [],
        "scanning": {"scanFrequency": frequency},
    })
    .to_string()
}

/// The names of the repositories of a report with evidence, in its order.
pub(crate) fn names(report: &Value) -> Vec<&str> {
    let repositories = report["repositories"].as_array().expect("a list").iter();
    repositories
        .map(|one| one["subject"]["name"].as_str().expect("a name"))
        .collect()
}
