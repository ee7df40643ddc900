//! Templates of the corpus with several conditions and parameters each, as a team writes them that deploys
//! one stack to every stage.

use std::path::Path;

use super::{REPOSITORIES, template, write};

/// The sections that a template needs besides its resources.
const SECTIONS: &str = r#" "Conditions": {
  "IsProd": { "Fn::Equals": [{ "Ref": "Stage" }, "prod"] },
  "IsTest": { "Fn::Equals": [{ "Ref": "Stage" }, "test"] },
  "Scans": { "Fn::Or": [{ "Condition": "IsProd" }, { "Fn::Equals": [{ "Ref": "Scan" }, "true"] }] },
  "IsSandbox": { "Fn::And": [{ "Fn::Not": [{ "Condition": "IsProd" }] }, { "Fn::Not": [{ "Condition": "IsTest" }] }] },
  "IsHome": { "Fn::Equals": [{ "Ref": "AWS::Region" }, "eu-west-1"] },
  "CDKMetadataAvailable": { "Fn::Or": [
   { "Fn::Or": [{ "Fn::Equals": [{ "Ref": "AWS::Region" }, "af-south-1"] }, { "Fn::Equals": [{ "Ref": "AWS::Region" }, "eu-west-1"] }] },
   { "Fn::Or": [{ "Fn::Equals": [{ "Ref": "AWS::Region" }, "us-east-1"] }, { "Fn::Equals": [{ "Ref": "AWS::Region" }, "us-west-2"] }] }
  ] }
 },
 "Mappings": {
  "Stages": { "dev": { "owner": "shop" }, "test": { "owner": "shop" }, "prod": { "owner": "shop-operations" } }
 },
 "Rules": {
  "Scanned": { "RuleCondition": { "Fn::Equals": [{ "Ref": "Stage" }, "test"] }, "Assertions": [
   { "Assert": { "Fn::Contains": [["true"], { "Ref": "Scan" }] } }
  ] }
 },
 "Parameters": {
  "Stage": { "Type": "String", "AllowedValues": ["dev", "test", "prod"], "Default": "dev" },
  "Scan": { "Type": "String", "AllowedPattern": "^(true|false)$", "Default": "true" },
  "KeepImages": { "Type": "Number", "Default": 10 },
  "Trusted": { "Type": "String", "Default": "222222222222" },
"#;

/// What stands in the templates without conditions, and what takes its place.
const CHANGES: [(&str, &str); 6] = [
    (
        r#""ImageTagMutability": "IMMUTABLE""#,
        r#""ImageTagMutability": { "Fn::If": ["IsSandbox", "MUTABLE", "IMMUTABLE"] }"#,
    ),
    (
        r#""ScanOnPush": true"#,
        r#""ScanOnPush": { "Fn::If": ["Scans", true, { "Fn::If": ["IsHome", false, true] }] }"#,
    ),
    (
        r#"\"countNumber\":10},\"action\":{\"type\":\"expire\"}}]}""#,
        r#"\"countNumber\":", { "Ref": "KeepImages" }, "},\"action\":{\"type\":\"expire\"}}]}"]] }"#,
    ),
    (
        r#""LifecyclePolicyText": ""#,
        r#""LifecyclePolicyText": { "Fn::Join": ["", [""#,
    ),
    (
        r#"":iam::222222222222:root""#,
        r#"":iam::", { "Ref": "Trusted" }, ":root""#,
    ),
    (
        r#""Value": "shop""#,
        r#""Value": { "Fn::FindInMap": ["Stages", { "Ref": "Stage" }, "owner"] }"#,
    ),
];

/// Writes `count` templates, returns their bytes in all.
pub(crate) fn write_conditional(folder: &Path, count: usize) -> usize {
    write(folder, count, "template.json", conditional)
}

fn conditional(index: usize) -> String {
    let mut text = template(index, true).replacen(" \"Parameters\": {\n", SECTIONS, 1);
    for (plain, chosen) in CHANGES {
        text = text.replace(plain, chosen);
    }
    for number in 0..REPOSITORIES {
        let plain = format!(r#""acme-shop-service-{index}-{number}""#);
        let chosen = format!(r#"{{ "Fn::Sub": "acme-${{Stage}}-service-{index}-{number}" }}"#);
        text = text.replace(&plain, &chosen);
    }
    text
}
