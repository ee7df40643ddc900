//! Repositories whose type is not spelled as one expects: found in a folder and in an assembly as in a named file.

use serde_json::json;

use crate::program::{ecrlint, folder};

/// A repository that does not scan, in JSON and in YAML; each text stands for a template.
const TEMPLATES: &[(&str, &str)] = &[
    (
        "plain.json",
        r#"{"Resources": {"A": {"Type": "AWS::ECR::Repository"}}}"#,
    ),
    (
        "letter.json",
        r#"{"Resources": {"A": {"Type": "AWS::\u0045CR::Repository"}}}"#,
    ),
    (
        "lower.json",
        r#"{"Resources": {"A": {"Type": "AWS::EC\u0052::Repository"}}}"#,
    ),
    (
        "colon.json",
        r#"{"Resources": {"A": {"Type": "AWS\u003A\u003aECR::Repository"}}}"#,
    ),
    (
        "all.json",
        r#"{"Resources": {"A": {"Type": "\u0041\u0057\u0053\u003a\u003a\u0045\u0043\u0052\u003a\u003aRepository"}}}"#,
    ),
    (
        "keys.json",
        r#"{"Res\u006furces": {"A": {"\u0054ype": "AWS::ECR::\u0052epository"}}}"#,
    ),
    (
        "resources.json",
        r#"{"\u0052esources": {"A": {"Type": "AWS::ECR::Repository"}}}"#,
    ),
    (
        "type.json",
        r#"{"Resources": {"A": {"Typ\u0065": "\u0041WS::ECR::Repository"}}}"#,
    ),
    (
        "x.yaml",
        "Resources:\n  A:\n    Type: \"AWS::\\x45CR::Repository\"\n",
    ),
    (
        "u.yaml",
        "Resources:\n  A:\n    Type: \"AWS::\\u0045CR::Repository\"\n",
    ),
    (
        "long.yaml",
        "Resources:\n  A:\n    Type: \"AWS::\\U00000045CR::Repository\"\n",
    ),
    (
        "key.yaml",
        "\"R\\x65sources\":\n  A:\n    \"Typ\\x65\": \"\\x41WS::ECR::Repository\"\n",
    ),
    (
        "continued.yaml",
        "Resources:\n  A:\n    Type: \"AWS::E\\\n      CR::Repository\"\n",
    ),
    (
        "windows.yaml",
        "Resources:\r\n  A:\r\n    Type: \"AWS::E\\\r\n      CR::Repository\"\r\n",
    ),
    (
        "twice.yaml",
        "Resources:\n  A:\n    Type: \"AWS::\\\n      E\\\n      C\\x52::Repository\"\n",
    ),
    (
        "folded.yaml",
        "Resources:\n  A:\n    Type: >-\n      AWS::ECR::Repository\n",
    ),
    (
        "alias.yaml",
        "Metadata:\n  T: &t \"AWS::\\x45CR::Repository\"\nResources:\n  A:\n    Type: *t\n",
    ),
    (
        "flow.yaml",
        "{Resources: {A: {Type: \"AWS::\\x45CR::Repository\"}}}\n",
    ),
    (
        "loop.json",
        r#"{"Transform": "AWS::LanguageExtensions", "Resources": {"Fn::ForEach::L": ["X", ["ECR"],
            {"A${X}": {"Type": "AWS::${X}::Repository"}}]}}"#,
    ),
    (
        "piece.yaml",
        "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::L:\n    - X\n    - [R]\n    - A${X}:\n        \
         Type: AWS::EC${X}::Repository\n",
    ),
    (
        "whole.yaml",
        "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::L:\n    - X\n    - [\"AWS::\\x45CR::Repository\"]\n    \
         - A&{X}:\n        Type: ${X}\n",
    ),
    (
        "hidden-loop.json",
        r#"{"Transform": "AWS::LanguageExtensions", "Resources": {"Fn::F\u006frEach::L": ["X", ["ECR"],
            {"A${X}": {"Type": "AWS::\u0024{X}::Repository"}}]}}"#,
    ),
];

fn little(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn big(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// Whether a report about one input has a repository that does not scan.
fn is_found(at: &tempfile::TempDir, path: &str) -> bool {
    let (code, report) = ecrlint(["check", path, "-o", "json"])
        .within(at.path())
        .json();
    let findings = report["diagnostics"].as_array().expect("a list");
    let scans = findings.iter().any(|one| one["rule"] == "scan-on-push");
    code == 1 && scans && report["summary"]["repositories"] == 1
}

fn is_found_everywhere(name: &str, bytes: &[u8]) {
    let at = folder(&[("README.md", "")]);
    let manifest = json!({"version": "36.0.0", "artifacts": {"S": {"type": "aws:cloudformation:stack",
        "properties": {"templateFile": "S.template.json"}}}});
    for path in [
        format!("infra/{name}"),
        "app/cdk.out/S.template.json".to_owned(),
    ] {
        let path = at.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
        std::fs::write(path, bytes).expect("files can be written");
    }
    std::fs::write(
        at.path().join("app/cdk.out/cdk.out"),
        r#"{"version":"36.0.0"}"#,
    )
    .expect("a file");
    std::fs::write(
        at.path().join("app/cdk.out/manifest.json"),
        manifest.to_string(),
    )
    .expect("a file");
    let file = format!("infra/{name}");
    let glob = "infra/*.*";
    let mut places = vec![file.as_str(), "infra", glob];
    // An assembly has templates in JSON.
    if name.ends_with(".json") {
        places.extend(["app", "app/cdk.out"]);
    }
    for place in places {
        assert!(is_found(&at, place), "{name} in {place}");
    }
}

#[test]
fn a_repository_is_found_however_it_is_spelled() {
    for (name, text) in TEMPLATES {
        is_found_everywhere(name, text.as_bytes());
    }
}

#[test]
fn a_repository_is_found_in_utf_16() {
    for (name, text) in TEMPLATES
        .iter()
        .filter(|(name, _)| name.starts_with(['p', 'l', 'x', 'c']))
    {
        is_found_everywhere(name, &little(text));
        is_found_everywhere(name, &big(text));
        is_found_everywhere(name, &little(&format!("\u{feff}{text}")));
        is_found_everywhere(name, &big(&format!("\u{feff}{text}")));
    }
}

#[test]
fn a_snapshot_is_found_however_its_keys_are_spelled() {
    let record = r#"{"account":"111122223333","region":"eu-west-1","repository":{"repositoryArn":"arn:aws:ecr:eu-west-1:111122223333:repository/one","repositoryName":"one","imageScanningConfiguration":{"scanOnPush":false},"encryptionConfiguration":{"encryptionType":"AES256"}},"scanning":{"scanFrequency":"MANUAL"}}"#;
    for (from, to) in [
        ("\"repository\"", "\"\\u0072epository\""),
        ("\"account\"", "\"acco\\u0075nt\""),
        ("\"repositoryArn\"", "\"repositoryA\\u0072n\""),
        ("\"repositoryName\"", "\"\\u0072\\u0065positoryName\""),
        ("\"repository", "\"\\u0072epository"),
        ("repository/one", "\\u0072epository/one"),
    ] {
        let text = record.replace(from, to);
        let list = format!("{{\"repositories\": [{text}]}}");
        let list = list.replace("\"repositories\"", "\"repositor\\u0069es\"");
        for (name, text) in [("s.ndjson", format!("{text}\n\n")), ("s.json", list)] {
            let at = folder(&[(&format!("in/{name}"), &text)]);
            assert!(is_found(&at, "in"), "{text}");
            assert!(is_found(&at, &format!("in/{name}")), "{text}");
        }
    }
}

#[test]
fn a_snapshot_in_yaml_is_found() {
    let record = "account: '111122223333'\nregion: eu-west-1\nrepository:\n  repositoryArn: arn:aws:ecr:eu-west-1:111122223333:repository/one\n  repositoryName: one\n  imageScanningConfiguration: {scanOnPush: false}\n  encryptionConfiguration: {encryptionType: AES256}\nscanning: {scanFrequency: MANUAL}\n";
    let by_name = record.replace(
        "  repositoryArn: arn:aws:ecr:eu-west-1:111122223333:repository/one\n",
        "  registryId: '111122223333'\n",
    );
    let indented = record.replace('\n', "\n    ");
    for text in [
        record.to_owned(),
        by_name,
        format!("# as captured\n---\n{record}"),
        format!("repositories:\n  - {}\n", indented.trim_end()),
        record.replace("repositoryName:", "\"repositoryName\":"),
        record.replace("repositoryName:", "'repositoryName':"),
        record.replace("repositoryName:", "\"repository\\x4eame\":"),
        "{account: '111122223333', region: eu-west-1, repository: {repositoryName: one, repositoryArn: 'arn:aws:ecr:eu-west-1:111122223333:repository/one', imageScanningConfiguration: {scanOnPush: false}, encryptionConfiguration: {encryptionType: AES256}}, scanning: {scanFrequency: MANUAL}}".to_owned(),
    ] {
        let at = folder(&[("in/s.yaml", &text)]);
        assert!(is_found(&at, "in/s.yaml"), "named: {text}");
        assert!(is_found(&at, "in"), "{text}");
    }
}

#[test]
fn roles_and_rules_of_ecr_are_found_however_they_are_spelled() {
    let role = |action: &str| {
        format!(
            r#"{{"Resources": {{"R": {{"Type": "AWS::IAM::Role", "Properties": {{"AssumeRolePolicyDocument": {{}},
            "Policies": [{{"PolicyName": "p", "PolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow",
            "Action": "{action}", "Resource": "arn:aws:ecr:eu-west-1:111122223333:repository/x"}}]}}}}]}}}}}}}}"#
        )
    };
    for action in [
        "ecr:GetAuthorizationToken",
        r"\u0065cr:GetAuthorizationToken",
        r"e\u0063r\u003aGetAuthorizationToken",
        r"ECR\u003aGetAuthorization\u0054oken",
        r"\u0045\u0043\u0052:GetAuthorizationToken",
    ] {
        let text = role(action).replace("aws:ecr:", "aws:\\u0065cr:");
        let at = folder(&[("in/t.json", &text)]);
        let (code, report) = ecrlint(["check", "in", "-o", "json"])
            .within(at.path())
            .json();
        let findings = report["diagnostics"].as_array().expect("a list");
        let told = findings.iter().any(|one| one["rule"] == "auth-token-scope");
        assert!(told && code == 1, "{action}: {report}");
    }
}

#[test]
fn what_may_become_a_repository_is_reported_in_a_folder() {
    for (name, text) in [
        (
            "macro.yaml",
            "Transform: Mine\nResources:\n  A: {Type: 'AWS::SNS::Topic'}\n",
        ),
        (
            "list.yaml",
            "Transform: [AWS::Serverless-2016-10-31, Mine]\nResources:\n  A: {Type: 'AWS::SNS::Topic'}\n",
        ),
        (
            "escaped.json",
            r#"{"Tr\u0061nsform": "Mine", "Resources": {"A": {"Type": "AWS::SNS::Topic"}}}"#,
        ),
        (
            "include.yaml",
            "Resources:\n  Fn::Transform: {Name: 'AWS::Include', Parameters: {Location: 's3://b/x.yaml'}}\n  A: {Type: 'AWS::SNS::Topic'}\n",
        ),
        (
            "included.json",
            r#"{"Fn::Tr\u0061nsform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/x"}},
            "Resources": {"A": {"Type": "AWS::SNS::Topic"}}}"#,
        ),
        (
            "unknown.yaml",
            "Parameters: {P: {Type: CommaDelimitedList}}\nTransform: AWS::LanguageExtensions\nResources:\n  \
            Fn::ForEach::L: [X, !Ref P, {'A${X}': {Type: 'AWS::${X}::Repository'}}]\n",
        ),
        (
            "undeclared.yaml",
            "Resources:\n  Fn::ForEach::L: [X, [ECR], {'A${X}': {Type: 'AWS::${X}::Repository'}}]\n",
        ),
    ] {
        let at = folder(&[(&format!("in/{name}"), text)]);
        for place in ["in", &format!("in/{name}")] {
            let (code, report) = ecrlint(["check", place, "-o", "json"])
                .within(at.path())
                .json();
            assert_eq!(code, 0, "{name}: {report}");
            assert_eq!(
                report["summary"]["undetermined"], 1,
                "{name} in {place}: {report}"
            );
        }
    }
}

#[test]
fn what_has_nothing_of_ecr_stays_unread() {
    // Each has a mistake that would be reported if it were read.
    for (name, text) in [
        (
            "sam.yaml",
            "Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: 'AWS::SNS::Topic'}\n",
        ),
        (
            "bash.yaml",
            "Resources:\n  A:\n    Type: AWS::EC2::Instance\n    U: |\n      yum install \\\n        x\n  B: {\n",
        ),
        (
            "html.json",
            r#"{"Resources": {"A": {"Type": "AWS::SNS::Topic", "D": "\u003cb\u003e \u00e9"}}},}"#,
        ),
        (
            "code.yaml",
            "Resources:\n  A: {Type: 'AWS::SNS::Topic', P: \"\\d\\x1b\"\n",
        ),
    ] {
        let at = folder(&[(&format!("in/{name}"), text)]);
        let (code, report) = ecrlint(["check", "in", "-o", "json"])
            .within(at.path())
            .json();
        assert_eq!(
            (code, &report["summary"]["unreadable"]),
            (0, &json!(0)),
            "{name}: {report}"
        );
    }
}

#[test]
fn charts_and_workflows_stay_unread() {
    // Each names repositories, and is not YAML as it stands.
    for text in [
        "{{- if .Values.x }}\nimage:\n  repository: {{ .Values.repositoryName }}\n  registry: docker.io\n",
        "on: push\nenv: {repositoryName: a, repository: b\n",
    ] {
        let at = folder(&[("in/values.yaml", text)]);
        let ended = ecrlint(["check", "in"]).within(at.path()).ends();
        assert!(
            ended.err.contains("there is no CloudFormation template"),
            "{}",
            ended.err
        );
    }
}
