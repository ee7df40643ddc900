//! What a finding is about, and where it stands: at the line of the role, key, parameter or event rule itself that
//! tells it from its siblings, whatever repository it was judged with.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::ecrlint;

const SHOP: &str = "lib/shop.ts";
const BUILDER: &str = "lib/builder.ts";

/// An app whose template and metadata a test makes up.
struct App {
    folder: TempDir,
    resources: Value,
    metadata: Value,
    /// Members of the template beside its resources.
    template: Value,
    environment: &'static str,
}

impl App {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a scratch folder"),
            resources: json!({}),
            metadata: json!({"/Shop": [
                {"type": "aws:cdk:templateFile", "data": "Shop.template.json"},
                {"type": "aws:cdk:creationStack", "data": ["<anonymous> (/ci/bin/app.ts:4:1)"]},
            ]}),
            template: json!({}),
            environment: "aws://111111111111/eu-west-1",
        }
    }

    /// Adds a resource that was made at these lines, the innermost first.
    fn with(mut self, id: &str, resource: Value, lines: &[(&str, u32)]) -> Self {
        self.resources[id] = resource;
        let mut entries = vec![json!({"type": "aws:cdk:logicalId", "data": id})];
        if !lines.is_empty() {
            let mut frames = vec!["...new X in aws-cdk-lib...".to_owned()];
            frames.extend(lines.iter().map(|(file, line)| frame(file, *line)));
            frames.push("<anonymous> (/ci/bin/app.ts:4:1)".to_owned());
            entries.push(json!({"type": "aws:cdk:creationStack", "data": frames}));
        }
        self.metadata[format!("/Shop/{id}/Resource")] = json!(entries);
        self
    }

    /// Says where a property of a resource was changed.
    fn assigned(mut self, id: &str, property: &str, lines: &[(&str, u32)]) -> Self {
        let frames: Vec<_> = lines
            .iter()
            .map(|(file, line)| frame(file, *line))
            .collect();
        let entries = self.metadata[format!("/Shop/{id}/Resource")].as_array_mut();
        entries
            .expect("a resource")
            .push(json!({"type": "aws:cdk:propertyAssignment",
            "data": {"propertyName": property, "stackTrace": frames}}));
        self
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// The findings of a rule.
    fn findings(&self, rule: &str) -> Vec<Value> {
        let report = self.report();
        let all = report["diagnostics"].as_array().expect("findings").iter();
        all.filter(|one| one["rule"] == rule).cloned().collect()
    }

    fn report(&self) -> Value {
        let lines = "  make(scope, id);\n".repeat(40);
        for file in [SHOP, BUILDER, "bin/app.ts"] {
            self.write(file, &lines);
        }
        let declared = json!({"app": "npx ts-node bin/app.ts", "context": {"ecr": {
            "api": {"images_retained": 5, "use_kms_key": true},
            "web": {"images_retained": 5},
        }}});
        self.write("cdk.json", &declared.to_string());
        self.write(
            "ecrlint.yaml",
            "sets: [recommended, organisation]\nrules: { kms-key-rotation: warning }\norganisation:\n  prefix: acme\n  app: shop\n  \
             environments: { dev: { account: \"111111111111\", region: eu-west-1 } }\n  \
             repositories: { from: \"cdk.json#/context/ecr\" }\n",
        );
        let mut template = self.template.clone();
        template["Resources"] = self.resources.clone();
        self.write("cdk.out/cdk.out", r#"{"version": "55.0.0"}"#);
        let manifest = json!({"artifacts": {"Shop": {
            "type": "aws:cloudformation:stack",
            "environment": self.environment,
            "properties": {"templateFile": "Shop.template.json"},
            "additionalMetadataFile": "Shop.metadata.json",
        }}});
        self.write("cdk.out/manifest.json", &manifest.to_string());
        self.write("cdk.out/Shop.metadata.json", &self.metadata.to_string());
        let template = serde_json::to_string_pretty(&template).expect("JSON");
        self.write("cdk.out/Shop.template.json", &template);
        check(self.folder.path())
    }
}

fn check(folder: &Path) -> Value {
    let arguments = [
        "check",
        "--output",
        "json",
        "--evidence",
        "--fail-on",
        "never",
    ];
    ecrlint(arguments).within(folder).json().1
}

fn frame(file: &str, line: u32) -> String {
    format!("build (/ci/{file}:{line}:3)")
}

fn repository(name: &str) -> Value {
    json!({"Type": "AWS::ECR::Repository", "Properties": {
        "RepositoryName": name, "ImageScanningConfiguration": {"ScanOnPush": true}}})
}

/// A role that may only begin to push to a repository.
fn role(repository: &str) -> Value {
    json!({"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyName": "x", "PolicyDocument": {"Statement": [
        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
        {"Effect": "Allow", "Action": ["ecr:PutImage", "ecr:InitiateLayerUpload"],
            "Resource": {"Fn::GetAtt": [repository, "Arn"]}},
    ]}}]}})
}

fn key() -> Value {
    json!({"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": false}})
}

fn sealed(name: &str, key: &str) -> Value {
    json!({"Type": "AWS::ECR::Repository", "Properties": {
        "RepositoryName": name, "EncryptionConfiguration": {
            "EncryptionType": "KMS", "KmsKey": {"Fn::GetAtt": [key, "Arn"]}}}})
}

fn rule() -> Value {
    json!({"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {
        "source": ["aws.ecr"], "detail-type": ["ECR Image Action"]}}})
}

fn parameter(repository: &str) -> Value {
    json!({"Type": "AWS::SSM::Parameter", "Properties": {
        "Name": "ECR_API_arn", "Type": "String", "Value": {"Ref": repository}}})
}

fn subject(finding: &Value) -> (Option<&str>, Option<&str>) {
    let subject = &finding["subject"];
    (subject["kind"].as_str(), subject["logical_id"].as_str())
}

fn line(finding: &Value) -> Option<(&str, u64)> {
    let place = &finding["source_location"];
    Some((place["path"].as_str()?, place["line"].as_u64()?))
}

/// A resource, the kind of subject that it is, and the rule that finds it.
type Kind = (&'static str, &'static str, Value);

/// Each kind of resource beside a repository `Api` with a key `Key`.
fn kinds() -> [Kind; 4] {
    [
        ("principals", "push-incomplete", role("Api")),
        ("key", "kms-key-rotation", key()),
        ("event-rule", "event-rule-target", rule()),
        ("parameter", "ssm-parameter-mismatch", parameter("Api")),
    ]
}

#[test]
fn what_stands_beside_a_repository_is_its_own_subject_at_its_own_line() {
    for (kind, rule, resource) in kinds() {
        let app = App::new()
            .with("Api", sealed("acme-shop-api", "Own"), &[(SHOP, 10)])
            .with("Own", resource, &[(SHOP, 20)]);
        let findings = app.findings(rule);
        assert_eq!(findings.len(), 1, "{rule}: {findings:?}");
        assert_eq!(subject(&findings[0]), (Some(kind), Some("Own")), "{rule}");
        assert_eq!(line(&findings[0]), Some((SHOP, 20)), "{rule}");
        assert_eq!(
            findings[0]["subject"]["construct_path"], "Shop/Own/Resource",
            "{rule}"
        );
    }
}

#[test]
fn a_builder_is_passed_over_for_the_line_that_tells_siblings_apart() {
    for (_, rule, resource) in kinds() {
        let app = App::new()
            .with(
                "Api",
                sealed("acme-shop-api", "Own"),
                &[(BUILDER, 5), (SHOP, 10)],
            )
            .with("Own", resource, &[(BUILDER, 7), (SHOP, 20)])
            .with(
                "Web",
                sealed("acme-shop-web", "Keys"),
                &[(BUILDER, 5), (SHOP, 11)],
            )
            .with("Keys", key(), &[(BUILDER, 7), (SHOP, 21)])
            .with("Jobs", role("Web"), &[(BUILDER, 7), (SHOP, 22)])
            .with("Told", self::rule(), &[(BUILDER, 7), (SHOP, 23)])
            .with("Held", parameter("Web"), &[(BUILDER, 7), (SHOP, 24)]);
        let findings = app.findings(rule);
        let mut own = findings.iter().filter(|one| subject(one).1 == Some("Own"));
        let own = own.next().unwrap_or_else(|| panic!("{rule}: {findings:?}"));
        assert_eq!(line(own), Some((SHOP, 20)), "{rule}");
        let related = own["related"].as_array().expect("places").iter();
        let mut related = related.filter(|one| one["location"]["path"] == BUILDER);
        let builder = related.next().expect("the line of the builder");
        assert_eq!(
            builder["message"], "this line creates it, and others",
            "{rule}"
        );
    }
}

#[test]
fn without_a_trace_it_stands_in_the_template_and_at_no_key_of_the_configuration() {
    for (_, rule, resource) in kinds() {
        let app = App::new()
            .with("Api", sealed("acme-shop-api", "Own"), &[])
            .with("Own", resource, &[]);
        let findings = app.findings(rule);
        assert_eq!(findings.len(), 1, "{rule}");
        assert_eq!(line(&findings[0]), None, "{rule}");
        let path = &findings[0]["location"]["path"];
        assert_eq!(path, "cdk.out/Shop.template.json", "{rule}");
    }
}

#[test]
fn a_change_in_a_builder_is_reported_at_the_line_that_leads_to_one() {
    let changed = |id: &str, line| [(BUILDER, 9), (SHOP, line)].map(|at| (id.to_owned(), at).1);
    let app = App::new()
        .with("Api", sealed("acme-shop-api", "Own"), &[(SHOP, 10)])
        .with("Own", key(), &[(SHOP, 20)])
        .with("Web", sealed("acme-shop-web", "Other"), &[(SHOP, 11)])
        .with("Other", key(), &[(SHOP, 21)])
        .assigned("Own", "EnableKeyRotation", &changed("Own", 30))
        .assigned("Other", "EnableKeyRotation", &changed("Other", 31));
    let findings = app.findings("kms-key-rotation");
    let lines: Vec<_> = findings.iter().map(line).collect();
    assert_eq!(lines, [Some((SHOP, 30)), Some((SHOP, 31))]);
    // In a loop nothing but what made them tells them apart.
    let app = App::new()
        .with("Api", sealed("acme-shop-api", "Own"), &[(SHOP, 10)])
        .with("Own", key(), &[(SHOP, 20)])
        .with("Web", sealed("acme-shop-web", "Other"), &[(SHOP, 11)])
        .with("Other", key(), &[(SHOP, 21)])
        .assigned("Own", "EnableKeyRotation", &[(SHOP, 30)])
        .assigned("Other", "EnableKeyRotation", &[(SHOP, 30)]);
    let findings = app.findings("kms-key-rotation");
    let lines: Vec<_> = findings.iter().map(line).collect();
    assert_eq!(lines, [Some((SHOP, 20)), Some((SHOP, 21))]);
    assert_eq!(findings[0]["related"][0]["location"]["start"]["line"], 30);
}

#[test]
fn a_branch_loses_neither_the_line_nor_takes_an_account_from_a_condition() {
    let branch = |then: Value, other: Value| json!({"Fn::If": ["IsProd", then, other]});
    let spellings = [
        json!({"Fn::Equals": [{"Ref": "AWS::AccountId"}, "333333333333"]}),
        json!({"Fn::Equals": ["333333333333", {"Ref": "AWS::AccountId"}]}),
        json!({"Fn::Not": [{"Fn::Equals": [{"Ref": "AWS::AccountId"}, "333333333333"]}]}),
        json!({"Fn::And": [{"Fn::Equals": [{"Ref": "AWS::AccountId"}, "333333333333"]},
            {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}]}),
        json!({"Fn::Equals": [{"Fn::Sub": "${AWS::AccountId}"}, "333333333333"]}),
    ];
    for condition in spellings {
        let mut scanned = repository("acme-shop-api");
        scanned["Properties"]["ImageScanningConfiguration"] =
            json!({"ScanOnPush": branch(json!(true), json!(false))});
        scanned["Properties"]["RepositoryName"] =
            branch(json!("acme-shop-api"), json!("acme-shop-web"));
        let mut only = repository("acme-shop-web2");
        only["Condition"] = json!("IsProd");
        only["Properties"]["ImageScanningConfiguration"] = json!({"ScanOnPush": false});
        let mut app = App::new()
            .with("Api", scanned, &[(SHOP, 10)])
            .with("Only", only, &[(SHOP, 11)])
            .with("Push", role("Api"), &[(SHOP, 20)]);
        app.environment = "aws://unknown-account/unknown-region";
        app.template = json!({"Conditions": {"IsProd": condition}});
        let report = app.report();
        let findings = report["diagnostics"].as_array().expect("findings");
        assert!(
            findings.iter().any(|one| one["rule"] == "scan-on-push"),
            "{condition}"
        );
        assert!(
            findings.iter().any(|one| one["rule"] == "push-incomplete"),
            "{condition}"
        );
        // What goes against a declaration stands there.
        let rules = ["scan-on-push", "push-incomplete", "name-pattern"];
        let own = |one: &&Value| {
            one["rule"]
                .as_str()
                .is_some_and(|rule| rules.contains(&rule))
        };
        for finding in findings.iter().filter(own) {
            let Some(id) = subject(finding).1 else {
                continue;
            };
            let made = match id {
                "Api" => 10,
                "Only" => 11,
                _ => 20,
            };
            assert_eq!(line(finding), Some((SHOP, made)), "{condition}: {finding}");
            assert_eq!(
                finding["subject"]["account"],
                Value::Null,
                "{condition}: {finding}"
            );
        }
    }
}

#[test]
fn a_role_that_several_repositories_are_judged_with_is_found_once() {
    let mut shared = role("Api");
    shared["Properties"]["Policies"][0]["PolicyDocument"]["Statement"] = json!([
        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": {"Fn::GetAtt": ["Api", "Arn"]}},
        {"Effect": "Allow", "Action": "ecr:BatchGetImage", "Resource": [
            {"Fn::GetAtt": ["Api", "Arn"]}, {"Fn::GetAtt": ["Web", "Arn"]}]},
    ]);
    let app = App::new()
        .with("Api", repository("acme-shop-api"), &[(SHOP, 10)])
        .with("Web", repository("acme-shop-web"), &[(SHOP, 11)])
        .with("Pull", shared, &[(SHOP, 20)]);
    assert_eq!(app.findings("auth-token-scope").len(), 1);
    // What it lacks in all of them alike is reported once.
    let pulls = app.findings("pull-incomplete");
    assert_eq!(pulls.len(), 1, "{pulls:?}");
    assert_eq!(subject(&pulls[0]), (Some("principals"), Some("Pull")));
    assert_eq!(line(&pulls[0]), Some((SHOP, 20)));
}

#[test]
fn a_fingerprint_does_not_change_with_what_stands_beside() {
    let alone = App::new()
        .with("Api", repository("acme-shop-api"), &[])
        .with("Push", role("Api"), &[]);
    let more = App::new()
        .with("Api", repository("acme-shop-api"), &[])
        .with("Also", role("Api"), &[])
        .with("Push", role("Api"), &[]);
    let of = |app: &App| {
        let findings = app.findings("push-incomplete");
        let mut own = findings.iter().filter(|one| subject(one).1 == Some("Push"));
        own.next().expect("a finding")["fingerprint"].clone()
    };
    assert_eq!(of(&alone), of(&more));
}

#[test]
fn an_ignore_names_the_role_and_not_the_repository_beside_it() {
    let ignored = |ignore: &str| {
        let app = App::new()
            .with("Api", repository("acme-shop-api"), &[])
            .with("Push", role("Api"), &[]);
        app.report();
        let path = app.folder.path().join("ecrlint.yaml");
        let text = fs::read_to_string(&path).expect("a configuration");
        let ignore = format!(
            "ignores:\n  - {{ rule: push-incomplete, subject: \"{ignore}\", reason: x }}\n"
        );
        fs::write(&path, text + &ignore).expect("a file can be written");
        let report = check(app.folder.path());
        let findings = report["diagnostics"].as_array().expect("findings").clone();
        let mut own = findings
            .iter()
            .filter(|one| one["rule"] == "push-incomplete");
        own.next().expect("a finding")["verdict"].clone()
    };
    for subject in ["Push", "Shop/Push/*", "*"] {
        assert_eq!(ignored(subject), "ignored", "{subject}");
    }
    for subject in ["Pus", "Own", "acme-shop-api", "Api"] {
        assert_eq!(ignored(subject), "fail", "{subject}");
    }
}

/// The text of the template at which a finding begins.
fn text_at(app: &App, finding: &Value) -> String {
    let start = &finding["location"]["start"];
    let number = |name: &str| start[name].as_u64().expect("a number") as usize;
    let path = app.folder.path().join("cdk.out/Shop.template.json");
    let text = fs::read_to_string(path).expect("a template");
    let rest: Vec<_> = text.lines().skip(number("line") - 1).collect();
    let rest = rest.join("\n");
    let rest: String = rest.chars().skip(number("column") - 1).collect();
    rest.split_whitespace().collect()
}

fn allow(actions: &Value) -> Value {
    json!({ "Effect": "Allow", "Action": actions, "Resource": { "Fn::GetAtt": ["Api", "Arn"] } })
}

fn half() -> Value {
    allow(&json!(["ecr:PutImage", "ecr:InitiateLayerUpload"]))
}

fn token() -> Value {
    json!({ "Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*" })
}

fn policy_document(statements: &Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// A policy of the role `Own` that is a resource of its own.
fn apart(kind: &str, statements: &Value) -> Value {
    json!({ "Type": kind, "Properties": {
        "PolicyName": "x", "Roles": [{ "Ref": "Own" }], "PolicyDocument": policy_document(statements) } })
}

fn inline(statements: &Value) -> Value {
    json!({ "Type": "AWS::IAM::Role", "Properties": {
        "Policies": [{ "PolicyName": "x", "PolicyDocument": policy_document(statements) }] } })
}

/// A spelling, the role `Own`, a policy beside it, what the finding begins with, and the line that made it.
type Spelling = (&'static str, Value, Value, &'static str, u64);

const AT_DENIAL: &str = r#"{"Effect":"Deny""#;
const AT_STATEMENT: &str = "{\"Effect\":\"Allow\",\"Action\":[";
const AT_ROLE: &str = "\"Own\":{";

/// Policies beside a role without any of its own.
fn beside() -> impl Iterator<Item = Spelling> {
    let other = allow(&json!("ecr:DescribeImages"));
    let policies = [
        (
            "a policy of its own",
            "AWS::IAM::Policy",
            json!([token(), half()]),
        ),
        (
            "a managed policy",
            "AWS::IAM::ManagedPolicy",
            json!([half(), other]),
        ),
        (
            "a policy with one statement, no list",
            "AWS::IAM::Policy",
            half(),
        ),
    ];
    policies.into_iter().map(|(spelling, kind, statements)| {
        let bare = json!({ "Type": "AWS::IAM::Role", "Properties": { "Path": "/" } });
        (spelling, bare, apart(kind, &statements), AT_STATEMENT, 25)
    })
}

/// Policies inside of the role.
fn inside() -> impl Iterator<Item = Spelling> {
    let parts = ["ecr:PutImage", "ecr:InitiateLayerUpload"].map(|action| allow(&json!(action)));
    let uploads = allow(&json!(["ecr:InitiateLayerUpload", "ecr:UploadLayerPart"]));
    let mut denied = allow(&json!("ecr:UploadLayerPart"));
    denied["Effect"] = json!("Deny");
    let roles = [
        ("the role itself", json!([token(), half()]), AT_STATEMENT),
        ("half in each of two statements", json!(parts), AT_ROLE),
        (
            "what a denial takes back",
            json!([uploads, denied]),
            AT_DENIAL,
        ),
    ];
    roles.into_iter().map(|(spelling, statements, expected)| {
        let other = json!([allow(&json!("ecr:DescribeImages"))]);
        let empty = apart("AWS::IAM::Policy", &other);
        (spelling, inline(&statements), empty, expected, 20)
    })
}

#[test]
fn a_finding_about_one_statement_stands_at_that_statement() {
    for (spelling, role, policy, expected, made) in beside().chain(inside()) {
        let app = App::new()
            .with("Api", repository("acme-shop-api"), &[(SHOP, 10)])
            .with("Own", role, &[(SHOP, 20)])
            .with("OwnPolicy", policy, &[(SHOP, 25)]);
        let findings = app.findings("push-incomplete");
        assert_eq!(findings.len(), 1, "{spelling}: {findings:?}");
        let one = &findings[0];
        assert_eq!(
            subject(one),
            (Some("principals"), Some("Own")),
            "{spelling}"
        );
        let found = text_at(&app, one);
        assert!(found.starts_with(expected), "{spelling}: {found}");
        assert_eq!(line(one), Some((SHOP, made)), "{spelling}");
    }
}

#[test]
fn a_stack_without_account_and_region_keeps_the_lines() {
    for (kind, rule, resource) in kinds() {
        let mut app = App::new()
            .with("Api", sealed("acme-shop-api", "Own"), &[(SHOP, 10)])
            .with("Own", resource, &[(BUILDER, 7), (SHOP, 20)])
            .with("Other", key(), &[(BUILDER, 7), (SHOP, 21)]);
        app.environment = "aws://unknown-account/unknown-region";
        let findings = app.findings(rule);
        let own = findings.iter().find(|one| subject(one).1 == Some("Own"));
        // A parameter whose account nobody knows is nobody's, so that nothing is said of it.
        let Some(own) = own else {
            assert_eq!(kind, "parameter", "{findings:?}");
            continue;
        };
        let expected = match kind {
            "key" => (SHOP, 20),
            _ => (BUILDER, 7),
        };
        assert_eq!(line(own), Some(expected), "{rule}");
        assert_eq!(own["subject"]["account"], Value::Null, "{rule}");
    }
}

/// Output of real apps: the lines that `cdk` and its libraries write are those that people get.
#[test]
fn every_finding_on_a_real_app_has_a_line_where_there_are_traces_and_none_otherwise() {
    let out = crate::program::root().join("fixtures/cdk-shapes/out");
    for entry in fs::read_dir(out).expect("a folder") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_string_lossy().into_owned();
        let (app, how) = name.rsplit_once('-').expect("APP-VERSION-HOW");
        let is_old = app.ends_with("2.226.0");
        let is_traced = match (app.starts_with("python"), is_old, how) {
            (true, true, _) | (true, false, "default") | (false, true, "default") => false,
            (true, false, _) | (false, _, _) => true,
        };
        let assembly = format!("fixtures/cdk-shapes/out/{name}");
        let sets = ["--set", "recommended", "--set", "organisation"];
        let format = ["check", "-o", "json", "--fail-on", "never", &assembly];
        let (_, report) = ecrlint(format.iter().chain(&sets)).json();
        let findings = report["diagnostics"].as_array().expect("findings");
        assert!(!findings.is_empty(), "{name}");
        for finding in findings {
            let path = finding["source_location"]["path"].as_str();
            assert_eq!(path.is_some(), is_traced, "{name}: {finding}");
            assert!(
                path.is_none_or(|path| path.ends_with(".ts") || path.ends_with(".py")),
                "{name}: {finding}"
            );
        }
    }
}
