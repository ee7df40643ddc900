//! What a manifest, a template or a nested stack names and the run does not read.

use serde_json::{Value, json};

use crate::program::{ecrlint, folder};

const OURS: &str = r#"{"Resources": {"A": {"Type": "AWS::ECR::Repository"}}}"#;
const OTHER: &str = r#"{"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}"#;

fn manifest(template: &str) -> String {
    json!({"version": "36.0.0", "artifacts": {"S": {"type": "aws:cloudformation:stack",
        "environment": "aws://111122223333/eu-west-1",
        "properties": {"templateFile": template, "stackName": "the-stack"}}}})
    .to_string()
}

fn judged(at: &tempfile::TempDir, arguments: &[&str]) -> (i32, Value) {
    let arguments = [&["check", "-o", "json"], arguments].concat();
    ecrlint(arguments).within(at.path()).json()
}

/// The paths of findings about scanning, and the stacks that they are in.
fn found(report: &Value) -> Vec<(&str, Option<&str>)> {
    let findings = report["diagnostics"].as_array().expect("a list").iter();
    let ours = findings.filter(|one| one["rule"] == "scan-on-push");
    ours.map(|one| {
        let path = one["location"]["path"].as_str().expect("a text");
        (path, one["subject"]["stack"].as_str())
    })
    .collect()
}

fn told(report: &Value) -> Vec<(&str, &str)> {
    let findings = report["diagnostics"].as_array().expect("a list").iter();
    let own = findings.filter(|one| one["rule"] == "unreadable-input");
    own.map(|one| {
        let text = |key: &str| one[key].as_str().expect("a text");
        (text("verdict"), text("message"))
    })
    .collect()
}

#[test]
fn a_template_that_the_manifest_names_is_read_wherever_it_lies() {
    for template in [
        "asset.0f0f/S.template.json",
        "S.tmpl",
        "S",
        "sub/S.cfn",
        "asset.1/deep/S.json",
    ] {
        let file = format!("app/cdk.out/{template}");
        let at = folder(&[
            (&file, OURS),
            ("app/cdk.out/manifest.json", &manifest(template)),
            ("app/cdk.out/cdk.out", r#"{"version":"36.0.0"}"#),
        ]);
        for place in ["app/cdk.out", "app", "."] {
            let (code, report) = judged(&at, &[place]);
            assert_eq!(
                (code, found(&report)),
                (1, vec![(file.as_str(), Some("the-stack"))]),
                "{template}, {place}: {report}"
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn a_template_behind_a_link_inside_is_read_once() {
    use std::os::unix::fs::symlink;
    let at = folder(&[
        (".git/HEAD", ""),
        ("shared/S.json", OURS),
        ("infra/x", ""),
        ("app/cdk.out/manifest.json", &manifest("S.template.json")),
        ("app/cdk.out/cdk.out", r#"{"version":"36.0.0"}"#),
    ]);
    symlink(
        "../../shared/S.json",
        at.path().join("app/cdk.out/S.template.json"),
    )
    .expect("a link");
    symlink("../shared/S.json", at.path().join("infra/t.json")).expect("a link");
    symlink("../shared", at.path().join("infra/all")).expect("a link");
    symlink("..", at.path().join("infra/up")).expect("a link");
    symlink("nowhere.json", at.path().join("infra/gone.json")).expect("a link");
    let stack = Some("the-stack");
    for (place, expected) in [
        ("app", ("app/cdk.out/S.template.json", stack)),
        ("app/cdk.out", ("app/cdk.out/S.template.json", stack)),
        // An assembly says what stack it is.
        (".", ("app/cdk.out/S.template.json", stack)),
        ("shared", ("shared/S.json", None)),
    ] {
        let (code, report) = judged(&at, &[place]);
        assert_eq!(
            (code, found(&report)),
            (1, vec![expected]),
            "{place}: {report}"
        );
    }
    std::fs::remove_file(at.path().join("infra/up")).expect("it is there");
    let (code, report) = judged(&at, &["infra"]);
    assert_eq!((code, found(&report).len()), (1, 1), "{report}");
}

#[test]
fn what_a_template_deploys_and_the_run_does_not_read_is_reported() {
    let nested = |url: &str| {
        format!("  N: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: {url}}}}}\n")
    };
    let set = |property: &str| {
        format!("  N: {{Type: 'AWS::CloudFormation::StackSet', Properties: {{{property}}}}}\n")
    };
    let table = [
        (nested("https://b.s3.amazonaws.com/t.yaml"), "nested stack `N` deploys a template that lies elsewhere"),
        (nested("s3://b/t.yaml"), "lies elsewhere"),
        (nested("!Sub 'https://${AWS::Region}.example/t.yaml'"), "lies elsewhere"),
        (nested("!Join ['', ['https://', !Ref P, '.example/t.yaml']]"), "lies elsewhere"),
        (nested("!Sub '${AWS::Region}/t.yaml'"), "known only at deployment"),
        (nested("!Ref P"), "known only at deployment: parameter `P` has no default"),
        (nested("gone.yaml"), "`N` deploys `gone.yaml`, which is not there"),
        (nested("child.txt"), "`N` deploys `child.txt`, which is not read"),
        (nested("../../outside.yaml"), "`N` deploys `../../outside.yaml`, which cannot be read"),
        (
            "  N: {Type: 'AWS::Serverless::Application', Properties: {Location: gone.yaml}}\n".to_owned(),
            "`N` deploys `gone.yaml`, which is not there",
        ),
        (
            "  N: {Type: 'AWS::Serverless::Application', Properties: {Location: {ApplicationId: x}}}\n".to_owned(),
            "known only at deployment",
        ),
        ("  N: {Type: 'Team::Images::Repo::MODULE'}\n".to_owned(), "module `Team::Images::Repo::MODULE` of `N`"),
        (set("TemplateURL: 'https://b/t.yaml'"), "stack set `N` deploys a template that lies elsewhere"),
        (set("TemplateBody: '{\"Resources\": {\"A\": {\"Type\": \"AWS::ECR::Repository\"}}}'"), "a template of its own, which is not judged"),
        (set("TemplateBody: '{\"Resources\": {\"A\": {\"Type\": \"AWS::\\u0045CR::Repository\"}}}'"), "a template of its own, which is not judged"),
        (set("TemplateBody: !Ref P"), "known only at deployment"),
        (
            "  N: {Type: \"AWS::CloudFormation::St\\x61ck\", Properties: {TemplateURL: 'https://b/t'}}\n".to_owned(),
            "lies elsewhere",
        ),
    ];
    for (resource, expected) in table {
        let text = format!("Parameters: {{P: {{Type: String}}}}\nResources:\n{resource}");
        let at = folder(&[("in/t.yaml", &text), ("in/child.txt", OURS)]);
        for place in ["in", "in/t.yaml"] {
            let (code, report) = judged(&at, &[place]);
            let told = told(&report);
            let is_told = |one: &(&str, &str)| one.0 == "undetermined" && one.1.contains(expected);
            assert!(
                code == 0 && told.len() == 1 && told.iter().all(is_told),
                "{resource} {place}: {report}"
            );
        }
    }
}

#[test]
fn a_nested_stack_is_looked_at_where_its_own_condition_holds() {
    let text = "Parameters: {Url: {Type: String, Default: ''}}\nConditions: {Has: !Not [!Equals [!Ref Url, '']]}\n\
                Resources:\n  N: {Type: 'AWS::CloudFormation::Stack', Condition: Has, Properties: {TemplateURL: !Ref Url}}\n";
    let at = folder(&[("in/t.yaml", text), ("in/child.json", OTHER)]);
    let (code, report) = judged(&at, &["in"]);
    let told = told(&report);
    let is_told = |one: &(&str, &str)| one.1.contains("rule out the default of parameter `Url`");
    assert!(
        code == 0 && told.len() == 1 && told.iter().all(is_told),
        "{report}"
    );
    assert!(
        report.to_string().contains("--parameters Url=VALUE"),
        "{report}"
    );
}

#[test]
fn what_a_template_deploys_and_the_run_reads_is_not_told() {
    let never = "Conditions: {C: !Equals [a, b]}\nResources:\n  N: {Type: 'AWS::CloudFormation::Stack', Condition: C, \
                 Properties: {TemplateURL: 'https://b/t'}}\n";
    let set = "Resources:\n  N: {Type: 'AWS::CloudFormation::StackSet', Properties: {TemplateBody: \
               '{\"Resources\": {\"A\": {\"Type\": \"AWS::SNS::Topic\"}}}'}}\n";
    let child = "Resources:\n  N: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: ./child.json}}\n";
    for text in [never, set, child] {
        let at = folder(&[("in/t.yaml", text), ("in/child.json", OTHER)]);
        let (code, report) = judged(&at, &["in"]);
        assert_eq!((code, told(&report)), (0, vec![]), "{text}: {report}");
    }
}

#[test]
fn a_nested_stack_that_the_assembly_lacks_is_an_error() {
    let parent = json!({"Resources": {"N": {"Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::URLSuffix"}]]}},
        "Metadata": {"aws:asset:path": "SN.nested.template.json"}}}})
    .to_string();
    let at = folder(&[
        ("cdk.out/S.template.json", &parent),
        ("cdk.out/manifest.json", &manifest("S.template.json")),
        ("cdk.out/cdk.out", r#"{"version":"36.0.0"}"#),
    ]);
    let (code, report) = judged(&at, &["cdk.out"]);
    let expected = "`SN.nested.template.json` of nested stack `N` is not there";
    assert_eq!(
        (code, told(&report)),
        (2, vec![("fail", expected)]),
        "{report}"
    );
    // Whoever names one template does not mean the others.
    let (code, report) = judged(&at, &["cdk.out/S.template.json"]);
    assert_eq!((code, told(&report)[0].0), (0, "undetermined"), "{report}");
    std::fs::write(at.path().join("cdk.out/SN.nested.template.json"), OTHER).expect("a file");
    let (code, report) = judged(&at, &["cdk.out"]);
    assert_eq!((code, told(&report)), (0, vec![]), "{report}");
}
