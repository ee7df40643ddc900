//! The least policy that a capture needs, from the rows of the calls.
//! It does not know who will carry it.

use serde_json::{Value, json};

use super::CaptureOptions;
use super::operation::{OPERATIONS, Operation, PermissionResource};
use super::parameters::ParameterNaming;
use crate::model::partition;

/// Why two resources never share a statement: a call that knows no resource needs `*`.
const STATEMENTS: [(PermissionResource, &str); 5] = [
    (PermissionResource::Repository, "EcrlintRepositories"),
    (PermissionResource::Any, "EcrlintAccount"),
    (PermissionResource::Key, "EcrlintKeys"),
    (PermissionResource::EventRule, "EcrlintEventRules"),
    (PermissionResource::Parameter, "EcrlintParameters"),
];

/// The IAM policy that lets a principal take the snapshot that `options` ask for, and nothing else.
///
/// Accounts stay open, because one policy is meant for a role in each of them. Regions are closed
/// where `options` name them.
#[must_use]
pub fn policy(options: &CaptureOptions) -> Value {
    let calls: Vec<&Operation> = calls(options).collect();
    let statements: Vec<Value> = STATEMENTS
        .iter()
        .filter_map(|(resource, sid)| {
            let actions: Vec<String> = calls
                .iter()
                .filter(|call| call.resource == *resource)
                .map(|call| format!("{}:{}", call.service.name, call.name))
                .collect();
            (!actions.is_empty()).then(|| {
                json!({
                    "Sid": sid,
                    "Effect": "Allow",
                    "Action": actions,
                    "Resource": arns(*resource, options),
                })
            })
        })
        .collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// The calls that a capture with these options makes.
pub(super) fn calls(options: &CaptureOptions) -> impl Iterator<Item = &'static Operation> {
    let all_regions = options.all_regions;
    OPERATIONS
        .iter()
        .copied()
        .filter(move |operation| match operation.part {
            Some(part) => options.parts.contains(&part),
            None => all_regions,
        })
}

/// What the statement about a kind of resource names.
fn arns(resource: PermissionResource, options: &CaptureOptions) -> Value {
    let regions: Vec<&str> = if options.regions.is_empty() || options.all_regions {
        vec!["*"]
    } else {
        options.regions.iter().map(String::as_str).collect()
    };
    let partition = |region: &str| match region {
        "*" => partition::name(options.regions.first().map_or("", String::as_str)),
        region => partition::name(region),
    };
    let kinds: Vec<String> = match resource {
        PermissionResource::Any => return json!("*"),
        PermissionResource::Repository => vec!["ecr:{region}:*:repository/*".to_owned()],
        PermissionResource::Key => vec!["kms:{region}:*:key/*".to_owned()],
        PermissionResource::EventRule => vec!["events:{region}:*:rule/*".to_owned()],
        PermissionResource::Parameter => ParameterNaming::new(&options.parameter_name)
            .resources()
            .iter()
            .map(|name| format!("ssm:{{region}}:*:parameter/{name}"))
            .collect(),
    };
    let arns: Vec<String> = regions
        .iter()
        .flat_map(|region| {
            kinds.iter().map(move |kind| {
                let kind = kind.replace("{region}", region);
                format!("arn:{}:{kind}", partition(region))
            })
        })
        .collect();
    match arns.as_slice() {
        [one] => json!(one),
        _ => json!(arns),
    }
}

#[cfg(test)]
mod tests {
    use super::policy;
    use crate::capture::{CaptureOptions, SnapshotPart};

    fn options() -> CaptureOptions {
        CaptureOptions {
            parts: vec![
                SnapshotPart::Ecr,
                SnapshotPart::Kms,
                SnapshotPart::Ssm,
                SnapshotPart::Events,
            ],
            ..CaptureOptions::default()
        }
    }

    fn actions(options: &CaptureOptions) -> Vec<String> {
        let policy = policy(options);
        let statements = policy["Statement"].as_array().unwrap();
        statements
            .iter()
            .flat_map(|statement| statement["Action"].as_array().unwrap())
            .map(|action| action.as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn a_part_that_is_not_included_needs_no_permission() {
        let all = actions(&options());
        assert!(all.contains(&"kms:GetKeyPolicy".to_owned()));
        assert!(!all.contains(&"ecr:DescribeImages".to_owned()));
        assert!(!all.contains(&"account:ListRegions".to_owned()));
        let ecr = actions(&CaptureOptions {
            parts: vec![SnapshotPart::Ecr],
            ..options()
        });
        assert!(ecr.iter().all(|action| action.starts_with("ecr:")));
    }

    #[test]
    fn content_of_images_and_values_of_secrets_are_never_asked_for() {
        let all = actions(&CaptureOptions {
            parts: SnapshotPart::ALL.to_vec(),
            all_regions: true,
            ..options()
        });
        for never in [
            "ecr:GetAuthorizationToken",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
            "kms:Decrypt",
        ] {
            assert!(!all.contains(&never.to_owned()), "{never}");
        }
    }

    #[test]
    fn regions_and_partition_are_closed_where_they_are_named() {
        let policy = policy(&CaptureOptions {
            regions: vec!["cn-north-1".to_owned(), "cn-northwest-1".to_owned()],
            ..options()
        });
        assert_eq!(
            policy["Statement"][0]["Resource"][1],
            "arn:aws-cn:ecr:cn-northwest-1:*:repository/*"
        );
    }
}
