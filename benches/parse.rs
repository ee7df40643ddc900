//! Speed of the parsers, beside that of what they stand in for.

use ecrlint::source::{SourceId, Tree, json, yaml};

fn main() {
    divan::main();
}

/// A template such as `cdk synth` writes, of about two megabytes.
fn template() -> serde_json::Value {
    let policy = r#"{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":100},"action":{"type":"expire"}}]}"#;
    let mut resources = serde_json::Map::new();
    for index in 0..1_500 {
        resources.insert(
            format!("Service{index}Repository4F8A{index:04X}"),
            serde_json::json!({
                "Type": "AWS::ECR::Repository",
                "Properties": {
                    "RepositoryName": {"Fn::Join": ["-", ["acme", {"Ref": "AWS::AccountId"}, format!("service-{index}")]]},
                    "ImageScanningConfiguration": {"ScanOnPush": index % 2 == 0},
                    "LifecyclePolicy": {"LifecyclePolicyText": policy},
                    "RepositoryPolicyText": {
                        "Statement": [{
                            "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
                            "Effect": "Allow",
                            "Principal": {"AWS": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::123456789012:root"]]}},
                        }],
                        "Version": "2012-10-17",
                    },
                    "Tags": [{"Key": "team", "Value": "größe"}, {"Key": "cost", "Value": "42"}],
                },
                "UpdateReplacePolicy": "Retain",
                "DeletionPolicy": "Retain",
                "Metadata": {"aws:cdk:path": format!("Stack/Service{index}/Repository/Resource")},
            }),
        );
    }
    serde_json::json!({"Resources": resources})
}

fn json_text() -> String {
    serde_json::to_string_pretty(&template()).expect("a value can be written")
}

/// The same template in block style.
fn yaml_text() -> String {
    let mut text = String::new();
    write_block(&template(), 0, &mut text);
    text
}

fn write_block(value: &serde_json::Value, depth: usize, out: &mut String) {
    match value {
        serde_json::Value::Object(members) => {
            for (key, value) in members {
                let quoted = key.contains(':');
                let key = if quoted {
                    format!("{key:?}")
                } else {
                    key.clone()
                };
                out.push_str(&format!("\n{}{key}:", "  ".repeat(depth)));
                write_block(value, depth + 1, out);
            }
        }
        serde_json::Value::Array(items) => {
            for item in items {
                out.push_str(&format!("\n{}-", "  ".repeat(depth)));
                write_block(item, depth + 1, out);
            }
        }
        scalar => out.push_str(&format!(" {scalar}")),
    }
}

#[divan::bench]
fn json_own(bencher: divan::Bencher<'_, '_>) {
    let text = json_text();
    let mut tree = Tree::default();
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench_local(|| json::parse(&text, SourceId(0), &mut tree));
}

#[divan::bench]
fn json_own_minified(bencher: divan::Bencher<'_, '_>) {
    let text = template().to_string();
    let mut tree = Tree::default();
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench_local(|| json::parse(&text, SourceId(0), &mut tree));
}

#[divan::bench]
fn json_serde_value(bencher: divan::Bencher<'_, '_>) {
    let text = json_text();
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench_local(|| serde_json::from_slice::<serde_json::Value>(text.as_bytes()));
}

#[divan::bench]
fn yaml_own(bencher: divan::Bencher<'_, '_>) {
    let text = yaml_text();
    let mut tree = Tree::default();
    yaml::parse(&text, SourceId(0), &mut tree).expect("the template is YAML");
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench_local(|| yaml::parse(&text, SourceId(0), &mut tree));
}

#[divan::bench]
fn yaml_events(bencher: divan::Bencher<'_, '_>) {
    let text = yaml_text();
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench_local(|| {
            granit_parser::Parser::new_from_str(&text)
                .filter(Result::is_ok)
                .count()
        });
}
