//! What holds for the built-in rules and for sets of rules.

use super::{Documentation, Logic, RuleSet, load, markdown};
use crate::source::SourceId;

const RULE: &str = r#"id: scan-on-push
title: images are not scanned when pushed
severity: error
sets: [recommended]
since: 0.1.0
controls: { aws-fsbp: [ECR.1] }
why: An unscanned image can carry known vulnerabilities.
settings:
  names: { type: string, format: regex, default: "a.*", description: names that count }
when: $[?match(@.name, $.settings.names)]
require: $[?@.scanning.effective == true && count(@.tags[?@.key == 'x' || @.value]) > 0]
at: $.repository.scanning.on_push
message: repository `{repository.name}` does not scan images on push
fix: { cdk-typescript: "imageScanOnPush: true", cli: "aws ecr x {repository.name}" }
references: [https://docs.aws.amazon.com/AmazonECR/]
examples:
  pass: [ { snapshot: "{}" } ]
  fail: [ { snapshot: "{\"a\": 1}" } ]
"#;

fn definition() -> super::Definition {
    load(RULE, SourceId(0), "scanning/scan-on-push.yaml").unwrap()
}

#[test]
fn the_builtin_rules_are_sorted_and_found_by_id() {
    let rules = RuleSet::builtin();
    assert!(rules.iter().is_sorted_by(|a, b| a.id() < b.id()));
    for rule in &rules {
        assert!(std::ptr::eq(rules.get(rule.id()).unwrap(), rule));
        assert!(rule.is_builtin());
        assert!(!rule.documentation().why.is_empty());
    }
}

#[test]
fn two_rules_with_one_id_are_reported() {
    let mut rules = RuleSet::default();
    rules.add(definition()).unwrap();
    let problem = rules.add(definition()).unwrap_err();
    assert_eq!(problem.title, "rule `scan-on-push` exists already");
    assert_eq!(problem.related.unwrap().0.slice(RULE), "scan-on-push");
    assert_eq!(rules.len(), 1);
}

#[test]
fn the_documentation_says_everything_a_reader_needs() {
    let mut rules = RuleSet::default();
    rules.add(definition()).unwrap();
    let text = markdown(rules.get("scan-on-push").unwrap(), Some("error: `x`"));
    for part in [
        "# scan-on-push\n\nImages are not scanned when pushed.\n",
        "- Severity: error\n- Sets: recommended\n- Since: 0.1.0\n- aws-fsbp: ECR.1\n",
        "## Why\n\nAn unscanned image",
        "### CDK, TypeScript\n\n```ts\nimageScanOnPush: true\n```\n",
        "aws ecr x <repository name>",
        "## What it looks like\n\n```text\nerror: `x`\n```\n",
        "- `names` (a regular expression): names that count. Default: `\"a.*\"`\n",
        "- <https://docs.aws.amazon.com/AmazonECR/>\n",
    ] {
        assert!(text.contains(part), "{part:?} is in:\n{text}");
    }
}

#[test]
fn a_stored_rule_is_small() {
    let stored = serde_json::to_string(&definition().logic).unwrap();
    assert!(stored.len() < 1_200, "{} bytes: {stored}", stored.len());
    assert_eq!(
        serde_json::from_str::<Logic>(&stored).unwrap(),
        definition().logic
    );
}

#[test]
fn stored_documentation_is_the_same_when_read() {
    let mut documentation = definition().documentation;
    let stored = serde_json::to_string(&documentation).unwrap();
    let read: Documentation = serde_json::from_str(&stored).unwrap();
    // Places in the rule's file mean nothing once the file is gone.
    for example in documentation
        .examples
        .pass
        .iter_mut()
        .chain(&mut documentation.examples.fail)
    {
        example.place = crate::source::Span::default();
    }
    assert_eq!(read, documentation);
}
