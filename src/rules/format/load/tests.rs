//! Mistakes of rule files, each with the problem that it gives.

use super::load;
use crate::rules::format::{Definition, ExampleKind};
use crate::source::{Problem, SourceId};

const RULE: &str = r#"id: scan-on-push
title: images are not scanned when pushed
severity: error
sets: [recommended, organisation]
since: 0.1.0
controls: { aws-fsbp: [ECR.1] }
why: >
  An image that is not scanned can carry known vulnerabilities.
settings:
  pattern: { type: string, format: regex, default: "a.*", description: names that count }
when: $[?match(@.name, $.settings.pattern)]
require: $[?@.scanning.effective == true]
at: $.repository.scanning.on_push
message: repository `{repository.name}` does not scan images on push
fix:
  cdk-typescript: "imageScanOnPush: true"
references: [https://docs.aws.amazon.com/AmazonECR/]
examples:
  pass: [ { cloudformation: "Resources: {}" } ]
  fail: [ { snapshot: "{}", at: repository, parameters: { Keep: 3 } } ]
"#;

fn read(text: &str) -> Result<Definition, Vec<Problem>> {
    load(text, SourceId(0), "rules/scanning/scan-on-push.yaml")
}

/// The complaints about the rule with `from` replaced by `to`: the words at the place, and the title.
fn complaints(from: &str, to: &str) -> Vec<(String, String)> {
    assert!(RULE.contains(from), "the rule contains `{from}`");
    let text = RULE.replacen(from, to, 1);
    let problems = read(&text).expect_err("the rule is refused");
    problems
        .into_iter()
        .map(|problem| (problem.span.slice(&text).to_owned(), problem.title))
        .collect()
}

fn complaint(from: &str, to: &str) -> (String, String) {
    let mut all = complaints(from, to);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn at(place: &str, title: &str) -> (String, String) {
    (place.to_owned(), title.to_owned())
}

#[test]
fn a_whole_rule_is_read() {
    let Definition {
        logic,
        documentation,
        place,
    } = read(RULE).unwrap();
    assert_eq!(logic.id, "scan-on-push");
    assert_eq!(logic.category, "scanning");
    assert_eq!(logic.sets, ["recommended", "organisation"]);
    assert_eq!(logic.settings[0].default, Some("a.*".into()));
    assert_eq!(place.slice(RULE), "scan-on-push");
    assert_eq!(documentation.since.as_deref(), Some("0.1.0"));
    assert_eq!(
        documentation.controls,
        [("aws-fsbp".into(), vec!["ECR.1".into()])]
    );
    let fail = &documentation.examples.fail[0];
    assert_eq!(fail.kind, ExampleKind::Snapshot);
    assert_eq!(fail.parameters, [("Keep".into(), "3".into())]);
    assert!(fail.place.slice(RULE).starts_with("{ snapshot"));
}

#[test]
fn a_rule_survives_being_stored() {
    let rule = read(RULE).unwrap();
    let stored = serde_json::to_string(&rule.logic).unwrap();
    assert_eq!(
        serde_json::from_str::<super::Logic>(&stored).unwrap(),
        rule.logic
    );
}

#[test]
fn an_unknown_key_is_reported_with_the_nearest_one() {
    let text = RULE.replacen("references", "reference", 1);
    let problems = read(&text).unwrap_err();
    assert_eq!(problems[0].title, "unknown key `reference` in a rule");
    assert_eq!(problems[0].help.as_deref(), Some("write `references`"));
    assert_eq!(complaint("cdk-typescript", "cdk-ts").0, "cdk-ts");
    assert_eq!(
        complaint("snapshot: \"{}\", at", "snapshot: \"{}\", att").0,
        "att"
    );
}

#[test]
fn the_id_is_the_name_of_the_file() {
    assert_eq!(
        complaint("id: scan-on-push", "id: scan-on-pull"),
        at(
            "scan-on-pull",
            "id `scan-on-pull` differs from the file's name"
        )
    );
    assert_eq!(
        complaint("id: scan-on-push", "id: Scan").1,
        "id `Scan` is not in kebab-case"
    );
}

#[test]
fn a_rule_asks_for_exactly_one_thing() {
    assert_eq!(
        complaint("at: $", "forbid: $.repository.name\nat: $"),
        at("forbid", "rule has both `require` and `forbid`")
    );
    assert_eq!(
        complaint("require: $[?@.scanning.effective == true]\n", ""),
        at("id", "rule has neither `require` nor `forbid`")
    );
}

#[test]
fn a_mistake_in_a_query_is_reported_at_its_column() {
    assert_eq!(
        complaint(".effective == true", ".effective = true"),
        at("=", "query cannot be read as JSONPath")
    );
    assert_eq!(
        complaint("at: $.repository", "at: $.repo"),
        at("$.repo", "unknown root `repo` in a query")
    );
    assert_eq!(
        complaint("$.settings.pattern", "$.settings.patern"),
        at("$.settings.patern", "unknown setting `patern`")
    );
    assert_eq!(
        complaint("$[?@.scanning.effective == true]", "$.settings.pattern"),
        at("$.settings.pattern", "`require` asks about the settings")
    );
}

#[test]
fn a_place_is_one_place() {
    assert_eq!(
        complaint("$.repository.scanning.on_push", "$.repository.scanning.*"),
        at("$.repository.scanning.*", "`at` can be many places")
    );
}

#[test]
fn members_that_no_document_has_are_reported_with_the_nearest() {
    assert_eq!(
        complaint("effective == true", "effectiv == true"),
        at("effectiv", "the document has no member `effectiv` here")
    );
    assert_eq!(
        complaint("{repository.name}", "{repository.nam}"),
        at("nam", "the document has no member `nam` here")
    );
}

#[test]
fn a_message_keeps_the_style() {
    assert_eq!(
        complaint("message: r", "message: R"),
        at("R", "`message` starts with a capital letter")
    );
    assert_eq!(
        complaint("on push\nfix", "on push.\nfix"),
        at(".", "`message` ends with a full stop")
    );
    assert_eq!(complaint("title: i", "title: I").0, "I");
    assert_eq!(
        complaint("{repository.name}", "{repo.name}"),
        at("{repo.name}", "unknown root `repo` in a placeholder")
    );
    assert_eq!(
        complaint("{repository.name}", "{settings.x}"),
        at("{settings.x", "unknown setting `x`")
    );
    assert_eq!(complaint("{repository.name}", "{@.x}").0, "{@");
}

#[test]
fn a_severity_is_one_of_three() {
    assert_eq!(
        complaint("severity: error", "severity: eror"),
        at("eror", "unknown severity `eror`")
    );
}

#[test]
fn wrong_types_are_named() {
    assert_eq!(
        complaint("title: images are not scanned when pushed", "title: [x]").1,
        "`title` is not a text"
    );
    assert_eq!(
        complaint("sets: [recommended, organisation]", "sets: all").1,
        "`sets` is not a list"
    );
    assert_eq!(complaint("[ECR.1]", "ECR.1").1, "`aws-fsbp` is not a list");
    assert_eq!(
        complaint(
            "why: >\n  An image that is not scanned can carry known vulnerabilities.",
            "why: \"\""
        )
        .1,
        "`why` is empty"
    );
}

#[test]
fn references_are_https() {
    assert_eq!(
        complaint("[https:", "[http:").1,
        "reference `http://docs.aws.amazon.com/AmazonECR/` is not https"
    );
}

#[test]
fn examples_that_pass_and_fail_are_needed() {
    assert_eq!(
        complaint("[ { cloudformation: \"Resources: {}\" } ]", "[]").1,
        "`examples` has no example that is to pass"
    );
    assert_eq!(
        complaint("snapshot: \"{}\", ", "").1,
        "example is not exactly one input"
    );
}

#[test]
fn a_default_fits_its_own_setting() {
    assert_eq!(
        complaint("default: \"a.*\"", "default: 3"),
        at("3", "setting `pattern` is not a regular expression")
    );
    assert_eq!(complaint("default: \"a.*\"", "default: \"(\"").0, "\"(\"");
    assert_eq!(complaint("type: string", "type: text").0, "text");
}

#[test]
fn every_mistake_is_reported_in_the_order_of_the_text() {
    let text = RULE
        .replace("severity: error", "severity: bad")
        .replace("[https", "[http")
        .replace("title: i", "title: I");
    let titles: Vec<_> = read(&text)
        .unwrap_err()
        .into_iter()
        .map(|problem| problem.title)
        .collect();
    assert_eq!(titles.len(), 3);
    assert!(
        titles[0].contains("title")
            && titles[1].contains("severity")
            && titles[2].contains("https")
    );
}

#[test]
fn an_empty_file_is_no_rule() {
    assert_eq!(read("").unwrap_err()[0].title, "rule is empty");
    assert_eq!(
        read("- x\n").unwrap_err()[0].title,
        "a rule is not a mapping"
    );
    assert_eq!(read("a: [\n").unwrap_err().len(), 1);
}
