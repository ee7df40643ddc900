//! Hostile names through every format: whatever things are called, a report stays what it is.
#![no_main]

use arbitrary::Arbitrary;
use ecrlint_fuzz::whole;
use libfuzzer_sys::fuzz_target;
use serde_json::json;

#[derive(Arbitrary, Debug)]
struct Names<'a> {
    file: &'a str,
    logical_id: &'a str,
    repository: &'a str,
    sid: &'a str,
    principal: &'a str,
    action: &'a str,
    key: &'a str,
    tag: (&'a str, &'a str),
    lifecycle: &'a str,
    parameter: &'a str,
}

fuzz_target!(|names: Names<'_>| {
    let statement = json!({
        "Sid": names.sid,
        "Effect": "Allow",
        "Principal": { "AWS": names.principal },
        "Action": [names.action, "ecr:BatchGetImage"],
        "Condition": { "StringEquals": { names.key: names.principal } },
    });
    let properties = json!({
        "RepositoryName": names.repository,
        "RepositoryPolicyText": { "Version": "2012-10-17", "Statement": [statement] },
        "LifecyclePolicy": { "LifecyclePolicyText": names.lifecycle },
        "Tags": [{ "Key": names.tag.0, "Value": names.tag.1 }],
    });
    let parameter = json!({ "Type": "String", "Name": names.parameter, "Value": names.repository });
    let template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            names.logical_id: { "Type": "AWS::ECR::Repository", "Properties": properties },
            "Parameter": { "Type": "AWS::SSM::Parameter", "Properties": parameter },
        },
    });
    whole::judged(names.file, &template.to_string());
});
