//! Much that belongs to repositories: parameters, keys, roles, rules of events and of registries.

use serde_json::{Value, json};

use super::{
    CONFIGURATION, Case, case, many, mapping, repositories, repository, resource, resources, text,
    with,
};

fn parameter(name: &Value, value: &Value) -> Value {
    resource(
        "SSM::Parameter",
        &json!({ "Name": name, "Type": "String", "Value": value }),
    )
}

fn arn(it: usize) -> Value {
    json!({ "Fn::GetAtt": [format!("R{it}"), "Arn"] })
}

fn role(actions: &Value, resource_arns: &Value) -> Value {
    resource(
        "IAM::Role",
        &json!({
            "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole" }] },
            "Policies": [{ "PolicyName": "p", "PolicyDocument": { "Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Action": actions, "Resource": resource_arns }] } }],
        }),
    )
}

fn event_rule(names: &Value) -> Value {
    resource(
        "Events::Rule",
        &json!({
            "EventPattern": { "source": ["aws.ecr"], "detail-type": ["ECR Image Scan"],
                "detail": { "repository-name": names } },
            "Targets": [{ "Id": "a", "Arn": "arn:aws:sns:eu-west-1:111111111111:x" }],
        }),
    )
}

/// Repositories, and `count` other resources.
fn beside(name: &'static str, repos: usize, count: usize, make: impl Fn(usize) -> Value) -> Case {
    let others = many(count, |it| (format!("X{it}"), make(it)));
    resources(name, repositories(repos).into_iter().chain(others))
}

fn scanning(rules: Vec<Value>) -> Value {
    resource(
        "ECR::RegistryScanningConfiguration",
        &json!({ "ScanType": "ENHANCED", "Rules": rules }),
    )
}

fn scanning_rule(filters: Vec<String>) -> Value {
    let filters: Vec<_> = filters
        .into_iter()
        .map(|it| json!({ "Filter": it, "FilterType": "WILDCARD" }))
        .collect();
    json!({ "ScanFrequency": "SCAN_ON_PUSH", "RepositoryFilters": filters })
}

pub(super) fn cases() -> Vec<Case> {
    let pull = json!(["ecr:BatchGetImage", "ecr:PutImage"]);
    let mut all = vec![
        resources("names-same", many(9000, |it| (format!("R{it}"), repository("acme-shop-api")))),
        resources("names", repositories(9000)),
        beside("ssm", 3000, 3000, |it| parameter(&json!(format!("ECR_{it}_arn")), &arn(it))),
        beside("ssm-same-name", 3000, 3000, |it| parameter(&json!("ECR_API_arn"), &arn(it))),
        beside("ssm-one-repository", 1000, 6000, |it| parameter(&json!(format!("ECR_{it}_arn")), &arn(0))),
        beside("ssm-literal", 3000, 3000, |it| parameter(&json!("ECR_API_name"), &json!(format!("acme-shop-{it}")))),
        resources("ssm-same-repository", many(3000, |it| (format!("R{it}"), repository("acme-shop-api"))).into_iter()
            .chain(many(3000, |it| (format!("X{it}"), parameter(&json!("ECR_API_name"), &json!("acme-shop-api")))))),
        beside("ssm-unknown-names", 2500, 2500, |it| parameter(&json!({ "Fn::Sub": "ECR_${AWS::StackName}_arn" }), &arn(it))),
        beside("ssm-250", 250, 250, |it| parameter(&json!(format!("ECR_{it}_arn")), &arn(it))),
        beside("roles", 1500, 1500, |it| role(&pull, &arn(it))),
        beside("roles-star", 1500, 1500, |_| role(&pull, &json!("*"))),
        beside("roles-globs", 1200, 1200, |it| {
            let arns = many(4, |j| format!("arn:aws:ecr:*:*:repository/acme*{}*shop*{j}", it % 7));
            role(&json!(["ecr:BatchGetImage"]), &json!(arns))
        }),
        beside("roles-long-globs", 300, 250, |it| {
            let arns = many(60, |j| format!("arn:aws:ecr:*:*:repository/*a*c*m*e*{j}{it}*"));
            role(&json!(["ecr:BatchGetImage"]), &json!(arns))
        }),
        beside("role-many-statements", 500, 1, |_| {
            let mut one = role(&pull, &json!("*"));
            let statements = many(6000, |it| json!({ "Effect": if it % 2 == 0 { "Allow" } else { "Deny" },
                "Action": format!("ecr:Batch*{it}"), "Resource": "*" }));
            one["Properties"]["Policies"][0]["PolicyDocument"]["Statement"] = statements.into();
            one
        }),
        beside("roles-of-everyone", 300, 900, |it| {
            let mut one = role(&pull, &json!("*"));
            let accounts = many(20, |at| format!("arn:aws:iam::{}:root", 100_000_000_000_usize + it * 20 + at));
            one["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] = json!({ "AWS": accounts });
            one
        }),
        beside("policies-attached", 1000, 1, |_| resource("IAM::Role", &json!({
            "AssumeRolePolicyDocument": {}, "ManagedPolicyArns": many(8000, |it| json!({ "Ref": format!("P{it}") })) }))),
        beside("events", 3000, 2000, |it| event_rule(&json!([format!("acme-shop-{it}")]))),
        beside("events-wild", 3000, 2000, |it| event_rule(&json!([{ "prefix": "acme" }, { "wildcard": format!("*a*c*m*e*{it}") }]))),
        beside("events-one-pattern", 1000, 1, |_| event_rule(&json!(many(20_000, |it| json!({ "wildcard": format!("*a*c*{it}*") }))))),
        beside("events-anything-but", 1000, 1, |_| event_rule(&json!([{ "anything-but": many(40_000, |it| format!("acme-shop-{it}")) }]))),
        beside("events-alternatives", 1000, 1, |_| {
            let mut one = event_rule(&json!(["acme-shop-1"]));
            let many = many(9000, |it| json!({ "detail": { "repository-name": [format!("acme-shop-{it}")] } }));
            one["Properties"]["EventPattern"]["$or"] = many.into();
            one
        }),
        beside("events-products", 1000, 1, |_| {
            let mut one = event_rule(&json!(["acme-shop-1"]));
            let or = |key: &str| many(60, |it| json!({ key: [format!("{it}")] }));
            one["Properties"]["EventPattern"]["detail"] = json!({ "$or": or("image-tags"),
                "x": { "$or": or("a") }, "y": { "$or": or("b"), "z": { "$or": or("c") } } });
            one
        }),
        beside("registry-rules", 4500, 1, |_| scanning(many(4500, |it| scanning_rule(vec![format!("acme-shop-x{it}")])))),
        beside("registry-filters", 4500, 1, |_| scanning(vec![scanning_rule(many(9000, |it| format!("*{it}*b")))])),
        beside("registry-long-filters", 200, 1, |_| scanning(vec![scanning_rule(many(90, |_| format!("{}b", "*a".repeat(5000))))])),
        beside("registries", 2000, 2000, |_| scanning(many(2, |it| scanning_rule(vec![format!("acme{it}*")])))),
        beside("creation-templates", 300, 3000, |it| resource("ECR::RepositoryCreationTemplate", &json!({
            "Prefix": format!("acme-shop-{it}"), "AppliedFor": ["PULL_THROUGH_CACHE"], "ImageTagMutability": "MUTABLE" }))),
        resources("keys", repositories(2000).into_iter().map(|(id, mut one)| {
            let key = format!("K{id}");
            one["Properties"]["EncryptionConfiguration"] = json!({ "EncryptionType": "KMS", "KmsKey": { "Fn::GetAtt": [key, "Arn"] } });
            (id, one)
        }).chain(many(2000, |it| (format!("KR{it}"), resource("KMS::Key", &json!({ "KeyPolicy": { "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*" }] } })))))),
        resources("aliases", many(3000, |it| (format!("R{it}"), with(&format!("acme-shop-{it}"), "EncryptionConfiguration",
            json!({ "EncryptionType": "KMS", "KmsKey": format!("alias/k{it}") })))).into_iter()
            .chain(many(3000, |it| (format!("A{it}"), resource("KMS::Alias", &json!({ "AliasName": format!("alias/k{it}"),
                "TargetKeyId": { "Ref": "K" } })))))
            .chain([("K".to_owned(), resource("KMS::Key", &json!({ "KeyPolicy": {} })))])),
        beside("custom-scanning", 3000, 3000, |it| json!({ "Type": "Custom::ECRImageScanOnPush", "Properties": {
            "ServiceToken": "x", "Create": { "parameters": { "repositoryName": { "Ref": format!("R{it}") } } } } })),
        beside("auto-delete", 3000, 3000, |it| json!({ "Type": "Custom::ECRAutoDeleteImages", "Properties": {
            "ServiceToken": "x", "RepositoryName": { "Ref": format!("R{it}") } } })),
    ];
    all.push(declarations());
    all.push(environments());
    all.push(outputs());
    all.push(snapshot("snapshot-rules"));
    all.push(answers());
    all
}

/// Ten thousand declarations, none of which any repository is called by.
fn declarations() -> Case {
    let mut one = resources(
        "declarations",
        many(6000, |it| {
            (format!("R{it}"), repository(&format!("acme-shop-{it}-x")))
        }),
    );
    let declared: String = many(6000, |it| {
        format!("    svc-{it}: {{ images_retained: 5 }}\n")
    })
    .concat();
    one.configuration =
        CONFIGURATION.replace("  repositories:\n", &format!("  repositories:\n{declared}"));
    one
}

/// Many environments, with each of which every repository is to be shared.
fn environments() -> Case {
    let mut one = resources(
        "environments",
        many(2000, |it| {
            (format!("R{it}"), repository(&format!("acme-shop-{it}")))
        }),
    );
    let environments: String = many(2000, |it| {
        format!(
            "    e{it}: {{ account: \"{}\", region: eu-west-1 }}\n",
            300_000_000_000_usize + it
        )
    })
    .concat();
    let declared: String = many(2000, |it| {
        format!("    \"{it}\": {{ shareable_with_all_envs: true }}\n")
    })
    .concat();
    one.configuration = CONFIGURATION
        .replace(
            "  environments:\n",
            &format!("  environments:\n{environments}"),
        )
        .replace("  repositories:\n", &format!("  repositories:\n{declared}"));
    one
}

/// Outputs that are exported, and imports of them.
fn outputs() -> Case {
    case(
        "outputs",
        &json!({
            "Resources": mapping(3500, |it| (format!("R{it}"), resource("ECR::Repository", &json!({
                "RepositoryName": { "Fn::ImportValue": format!("e{it}") } })))),
            "Outputs": mapping(3500, |it| (format!("O{it}"), json!({ "Value": { "Ref": format!("R{it}") },
                "Export": { "Name": format!("e{}", it + 1) } }))),
        }),
    )
}

/// Repositories and the scanning rules of their registry, as a snapshot has them.
fn snapshot(name: &'static str) -> Case {
    let rules = many(4000, |it| {
        json!({ "scanFrequency": "SCAN_ON_PUSH",
        "repositoryFilters": [{ "filter": format!("*x{it}*"), "filterType": "WILDCARD" }] })
    });
    let registry = json!({ "account": "111111111111", "region": "eu-west-1", "registry": {
        "scanning": { "scanningConfiguration": { "scanType": "ENHANCED", "rules": rules } } } });
    let lines = many(1800, |it| {
        json!({ "account": "111111111111", "region": "eu-west-1", "repository": {
        "repositoryName": format!("acme-shop-{it}"), "registryId": "111111111111",
        "repositoryArn": format!("arn:aws:ecr:eu-west-1:111111111111:repository/acme-shop-{it}"),
        "repositoryUri": format!("111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme-shop-{it}"),
        "imageTagMutability": "MUTABLE" }, "lifecyclePolicy": null })
        .to_string()
    });
    text(
        name,
        ".ndjson",
        format!("{registry}\n{}\n", lines.join("\n")),
    )
}

/// Answers of the AWS CLI about many repositories and parameters.
fn answers() -> Case {
    let repositories = many(2500, |it| {
        json!({ "repositoryName": format!("acme-shop-{it}"), "registryId": "111111111111",
        "repositoryArn": format!("arn:aws:ecr:eu-west-1:111111111111:repository/acme-shop-{it}") })
    });
    let parameters = many(4000, |it| {
        json!({ "Name": format!("ECR_{it}_arn"), "Type": "String",
        "Value": format!("arn:aws:ecr:eu-west-1:111111111111:repository/acme-shop-{it}") })
    });
    let whole = json!({ "account": "111111111111", "region": "eu-west-1",
        "ecr": { "describe-repositories": { "repositories": repositories } },
        "ssm": { "describe-parameters": { "Parameters": parameters } } });
    text("snapshot-answers", ".json", whole.to_string())
}
