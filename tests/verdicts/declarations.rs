//! Declared repositories against what the inputs have: missing ones, doubtful ones, and the environment that is meant.

use crate::program::{ecrlint, folder};
use serde_json::Value;

const CONFIG: &str = r#"organisation:
  prefix: acme
  app: shop
  environments:
    dev: { account: "111111111111", region: eu-west-1 }
    prod: { account: "333333333333", region: eu-central-1 }
  repositories: { from: "data.json#/{environment}" }
"#;

/// The rules about declarations, and one about what is declared.
const RULES: [&str; 4] = [
    "declaration-invalid",
    "declared-repository-missing",
    "undeclared-repository",
    "kms-customer-key",
];

/// A template with repositories of these names, written as YAML.
fn template(names: &[&str]) -> String {
    let mut text = "Parameters: { Stage: { Type: String } }\nResources:\n".to_owned();
    for (index, name) in names.iter().enumerate() {
        text.push_str(&format!(
            "  R{index}:\n    Type: AWS::ECR::Repository\n    Properties: {{ RepositoryName: {name} }}\n"
        ));
    }
    text
}

/// `cdk.out` with one stack for each environment.
fn manifest(stacks: &[(&str, &str)]) -> String {
    let stacks: Vec<String> = stacks
        .iter()
        .map(|(name, environment)| {
            format!(
                r#""{name}": {{"type": "aws:cloudformation:stack", "environment": "aws://{environment}",
                "properties": {{"templateFile": "{name}.template.json"}}}}"#
            )
        })
        .collect();
    format!(
        r#"{{"version": "36.0.0", "artifacts": {{{}}}}}"#,
        stacks.join(", ")
    )
}

/// What is found: `rule verdict name account: text at the place`, by rule and place.
fn found(files: &[(&str, &str)], arguments: &[&str]) -> Vec<String> {
    let folder = folder(files);
    let fixed = ["check", "--output", "json", "--fail-on", "never"];
    let run = ecrlint(fixed.iter().chain(arguments)).within(folder.path());
    let (_, report) = run.json();
    let findings = report["diagnostics"].as_array().expect("a list").iter();
    let ours = |one: &&Value| RULES.contains(&one["rule"].as_str().expect("an id"));
    let mut lines: Vec<String> = findings
        .filter(ours)
        .map(|one| line(one, folder.path()))
        .collect();
    lines.sort();
    lines
}

fn line(finding: &Value, folder: &std::path::Path) -> String {
    let (location, subject) = (&finding["location"], &finding["subject"]);
    let path = location["path"].as_str().expect("a path");
    let text = std::fs::read_to_string(folder.join(path)).expect("a file of the test");
    let number =
        |place: &str, what: &str| location[place][what].as_u64().expect("a number") as usize;
    let line = text
        .lines()
        .nth(number("start", "line") - 1)
        .expect("a line");
    let (start, end) = (number("start", "column") - 1, number("end", "column") - 1);
    let word = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    format!(
        "{} {} {} {}: {}",
        word(&finding["rule"]),
        word(&finding["verdict"]),
        word(&subject["name"]),
        word(&subject["account"]),
        &line[start..end]
    )
}

/// `dev` declares `api` and `web`, `prod` declares `api`, each on a line of its own.
const DATA: &str = "{\n\"dev\": {\"api\": {}, \"web\": {}},\n\"prod\": {\"api\": {}}\n}\n";

#[test]
fn what_is_declared_for_an_environment_of_the_inputs_and_not_built_is_missing() {
    let dev = template(&["acme-shop-api"]);
    let manifest = manifest(&[("dev", "111111111111/eu-west-1")]);
    let files = [
        ("ecrlint.yaml", CONFIG),
        ("data.json", DATA),
        ("cdk.out/cdk.out", "{}"),
        ("cdk.out/manifest.json", manifest.as_str()),
        ("cdk.out/dev.template.json", dev.as_str()),
    ];
    // Nothing is said about `prod`, of which there is no stack.
    assert_eq!(
        found(&files, &["cdk.out"]),
        ["declared-repository-missing fail acme-shop-web 111111111111: \"web\""]
    );
}

#[test]
fn a_stack_without_any_repository_belongs_to_its_environment_all_the_same() {
    let topics = r#"{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;
    let manifest = manifest(&[("prod", "333333333333/eu-central-1")]);
    let files = [
        ("ecrlint.yaml", CONFIG),
        ("data.json", DATA),
        ("cdk.out/cdk.out", "{}"),
        ("cdk.out/manifest.json", manifest.as_str()),
        ("cdk.out/prod.template.json", topics),
    ];
    assert_eq!(
        found(&files, &["cdk.out"]),
        ["declared-repository-missing fail acme-shop-api 333333333333: \"api\""]
    );
}

#[test]
fn without_an_account_it_cannot_be_reported_and_is_said_once() {
    let one = template(&["acme-shop-api"]);
    let files = [
        ("ecrlint.yaml", CONFIG),
        ("data.json", DATA),
        ("app.yaml", one.as_str()),
    ];
    assert_eq!(
        found(&files, &["app.yaml"]),
        ["declared-repository-missing undetermined acme-shop-web 111111111111: \"web\""]
    );
    let none = template(&["acme-other-api"]);
    let files = [files[0], files[1], ("app.yaml", none.as_str())];
    assert_eq!(
        found(&files, &["app.yaml"]),
        [
            "declared-repository-missing undetermined acme-shop-api 111111111111: \"api\"",
            "declared-repository-missing undetermined acme-shop-web 111111111111: \"web\"",
            "undeclared-repository fail acme-other-api ?: acme-other-api",
        ]
    );
}

#[test]
fn the_environment_can_be_chosen() {
    let one = template(&["acme-shop-api"]);
    let files = [
        ("ecrlint.yaml", CONFIG),
        ("data.json", DATA),
        ("app.yaml", one.as_str()),
    ];
    assert_eq!(
        found(&files, &["app.yaml", "--environment", "dev"]),
        ["declared-repository-missing fail acme-shop-web 111111111111: \"web\""]
    );
    assert!(found(&files, &["app.yaml", "--environment", "prod"]).is_empty());
    let folder = folder(&files);
    let run = ecrlint(["check", "app.yaml", "--environment", "prd"]).within(folder.path());
    let ended = run.ends();
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("did you mean `prod`?"), "{}", ended.err);
}

#[test]
fn a_stack_that_is_deployed_elsewhere_is_not_of_the_chosen_environment() {
    let (dev, prod) = (template(&["acme-shop-api"]), template(&["acme-shop-api"]));
    let manifest = manifest(&[
        ("dev", "unknown-account/unknown-region"),
        ("prod", "333333333333/eu-central-1"),
    ]);
    let files = [
        ("ecrlint.yaml", CONFIG),
        ("data.json", DATA),
        ("cdk.out/cdk.out", "{}"),
        ("cdk.out/manifest.json", manifest.as_str()),
        ("cdk.out/dev.template.json", dev.as_str()),
        ("cdk.out/prod.template.json", prod.as_str()),
    ];
    assert_eq!(
        found(&files, &["cdk.out", "--environment", "dev"]),
        ["declared-repository-missing fail acme-shop-web 111111111111: \"web\""]
    );
}

#[test]
fn two_environments_in_one_account_and_region_are_told_apart_by_choice() {
    let config = CONFIG.replace(
        "\"333333333333\", region: eu-central-1",
        "\"111111111111\", region: eu-west-1",
    );
    let data = "{\n\"dev\": {\"api\": {}},\n\"prod\": {\"api\": {\"use_kms_key\": true}}\n}\n";
    let one = template(&["acme-shop-api"]);
    let manifest = manifest(&[("app", "111111111111/eu-west-1")]);
    let files = [
        ("ecrlint.yaml", config.as_str()),
        ("data.json", data),
        ("cdk.out/cdk.out", "{}"),
        ("cdk.out/manifest.json", manifest.as_str()),
        ("cdk.out/app.template.json", one.as_str()),
    ];
    assert_eq!(
        found(&files, &["cdk.out"]),
        ["kms-customer-key undetermined acme-shop-api 111111111111: R0"]
    );
    assert!(found(&files, &["cdk.out", "--environment", "dev"]).is_empty());
    assert_eq!(
        found(&files, &["cdk.out", "--environment", "prod"]),
        ["kms-customer-key fail acme-shop-api 111111111111: Properties"]
    );
}

#[test]
fn what_may_be_in_another_input_is_not_missing_for_certain() {
    let dev = template(&["acme-shop-api"]);
    let manifest = manifest(&[("dev", "111111111111/eu-west-1")]);
    let missing = "declared-repository-missing undetermined acme-shop-web 111111111111: \"web\"";
    let mut files = vec![
        ("ecrlint.yaml", CONFIG),
        ("data.json", DATA),
        ("cdk.out/cdk.out", "{}"),
        ("cdk.out/manifest.json", manifest.as_str()),
        ("cdk.out/dev.template.json", dev.as_str()),
    ];
    // Its name may turn out to be the missing one.
    let held = template(&["!Sub \"acme-shop-${Stage}\""]);
    files.push(("more.yaml", &held));
    let told = found(&files, &["cdk.out", "more.yaml"]);
    assert!(told.contains(&missing.to_owned()), "{told:#?}");
    // It cannot: its name begins in another way.
    let other = template(&["!Sub \"acme-other-${Stage}\""]);
    files[5].1 = &other;
    let told = found(&files, &["cdk.out", "more.yaml"]);
    assert!(!told.contains(&missing.to_owned()), "{told:#?}");
    // It may be in the text that cannot be read.
    files[5].1 = "Resources: [";
    let told = found(&files, &["cdk.out", "more.yaml"]);
    assert_eq!(told, [missing]);
}

#[test]
fn without_environments_every_input_counts() {
    let config =
        "organisation:\n  prefix: acme\n  app: shop\n  repositories:\n    api: {}\n    web: {}\n";
    let one = template(&["acme-shop-web"]);
    let files = [("ecrlint.yaml", config), ("app.yaml", one.as_str())];
    assert_eq!(
        found(&files, &["app.yaml"]),
        ["declared-repository-missing fail acme-shop-api ?: api"]
    );
}

#[test]
fn a_mistake_is_reported_of_its_declaration_and_can_be_ignored_by_its_name() {
    let data =
        "{\n\"dev\": {\"api\": {\"use_kms\": 1}, \"web\": {\"use_kms_key\": 1}},\n\"prod\": 5\n}\n";
    let dev = template(&["acme-shop-api", "acme-shop-web"]);
    let manifest = manifest(&[("dev", "111111111111/eu-west-1")]);
    let ignores = format!(
        "{CONFIG}ignores:\n  - {{ rule: declaration-invalid, subject: acme-shop-api, reason: to be mended }}\n"
    );
    let mut files = [
        ("ecrlint.yaml", CONFIG),
        ("data.json", data),
        ("cdk.out/cdk.out", "{}"),
        ("cdk.out/manifest.json", manifest.as_str()),
        ("cdk.out/dev.template.json", dev.as_str()),
    ];
    let all = [
        "declaration-invalid fail ? 333333333333: 5",
        "declaration-invalid fail acme-shop-api 111111111111: \"use_kms\"",
        "declaration-invalid fail acme-shop-web 111111111111: 1",
        "kms-customer-key undetermined acme-shop-web 111111111111: 1",
    ];
    assert_eq!(found(&files, &["cdk.out"]), all);
    files[0].1 = &ignores;
    assert_eq!(found(&files, &["cdk.out"]), [all[0], all[2], all[3]]);
}
