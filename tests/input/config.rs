//! The configuration: every case of `tests/input/config` has the problems that its `expected.txt` lists,
//! and what loads means what it says.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read its own files has failed"
)]

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use ecrlint::config::{self, Config, DeclarationProblem, RuleSetting};
use ecrlint::door::Door;
use ecrlint::ignore::{Date, IgnoreScope, NamePattern};
use ecrlint::model::Stated;
use ecrlint::report::Severity;
use ecrlint::source::{Kind, Node, Problem, SourceId, Sources, Span, Tree, yaml};
use proptest::prelude::*;

use crate::golden::golden_difference;

const CASES: &str = "tests/input/config";

/// The door of this checkout.
fn here() -> Door {
    Door::at(Path::new(""))
}

#[test]
fn every_case_has_the_problems_it_lists() {
    let mut differences = String::new();
    for folder in folders() {
        let mut sources = Sources::default();
        let loaded = config::load(&folder.join("ecrlint.yaml"), &here(), &mut sources);
        let actual = listing(&loaded, &sources);
        let difference = golden_difference(&folder.join("expected.txt"), &actual);
        differences.extend(difference);
    }
    assert!(folders().len() > 20, "the cases are found");
    assert!(differences.is_empty(), "{differences}");
}

#[test]
fn messages_keep_the_house_style() {
    for folder in folders() {
        let mut sources = Sources::default();
        let problems = match config::load(&folder.join("ecrlint.yaml"), &here(), &mut sources) {
            Ok(config) => {
                let mistakes = config.declaration_problems.into_iter();
                mistakes.map(|one| one.problem).collect()
            }
            Err(problems) => problems,
        };
        for problem in problems {
            let texts = [
                Some(&problem.title),
                Some(&problem.label),
                problem.help.as_ref(),
            ];
            for text in texts.into_iter().flatten() {
                assert!(!text.contains('\n') && !text.ends_with('.'), "{text}");
                assert!(!text.starts_with(char::is_uppercase), "{text}");
                for word in ["please", "invalid", "should", "violation"] {
                    assert!(!text.to_lowercase().contains(word), "{text}");
                }
            }
        }
    }
}

fn folders() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(CASES).unwrap();
    let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

fn listing(loaded: &Result<Config, Vec<Problem>>, sources: &Sources) -> String {
    let mut text = String::new();
    match loaded {
        Ok(config) => {
            text.push_str("loads\n");
            for DeclarationProblem { problem, .. } in &config.declaration_problems {
                text.push_str("declaration ");
                list(&mut text, problem, sources);
            }
        }
        Err(problems) => {
            for problem in problems {
                list(&mut text, problem, sources);
            }
        }
    }
    text
}

fn list(text: &mut String, problem: &Problem, sources: &Sources) {
    let _ = writeln!(text, "{} {}", place(problem.span, sources), problem.title);
    let slice = sources.text(problem.span);
    let first = slice.lines().next().unwrap_or_default();
    let _ = writeln!(text, "    text: {first}");
    if !problem.label.is_empty() {
        let _ = writeln!(text, "    label: {}", problem.label);
    }
    if let Some(help) = &problem.help {
        let _ = writeln!(text, "    help: {help}");
    }
    if let Some((span, message)) = &problem.related {
        let _ = writeln!(text, "    related: {} {message}", place(*span, sources));
    }
}

fn place(span: Span, sources: &Sources) -> String {
    let location = sources.locate(span);
    let name = Path::new(&location.path).file_name().unwrap_or_default();
    let start = location.start;
    format!("{}:{}:{}", name.to_string_lossy(), start.line, start.column)
}

/// Loads a text; `files` are those it may point into.
fn parse(text: &str, files: &[(&str, &str)]) -> (Result<Config, Vec<Problem>>, Sources) {
    let mut sources = Sources::default();
    let mut read = |path: &Path| {
        let name = path.to_string_lossy().replace('\\', "/");
        let file = files.iter().find(|(known, _)| *known == name);
        file.map(|(_, text)| (*text).to_owned())
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    };
    let path = Path::new("ecrlint.yaml");
    let loaded = config::parse(path, text.to_owned(), &mut sources, &mut read);
    (loaded, sources)
}

fn loaded(text: &str, files: &[(&str, &str)]) -> (Config, Sources) {
    let (loaded, sources) = parse(text, files);
    let config = loaded.unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"));
    (config, sources)
}

const EVERYTHING: &str = r#"
sets: [organisation]
organisation:
  prefix: { from: "cdk.json#/context/organization_prefix" }
  app: catalogue
  environments:
    dev: { account: "111111111111", region: eu-west-1 }
    prod: { account: "333333333333", region: eu-central-1 }
  repositories: { from: "cdk.json#/context/environments/{environment}/ecr" }
  trusted_accounts: ["444444444444"]
  required_tags: { owner: {}, cost-center: { pattern: "^[0-9]{4}$" } }
registry: { scanning: { type: BASIC, rules: [{ frequency: SCAN_ON_PUSH, filters: [{ filter: "mare-*" }] }] } }
protected_tags: ["prod-*", "v*"]
ssm: { name: "ECR_{BASE}_{kind}" }
rules:
  kms-key-rotation: warning
  lifecycle-unbounded: off
  tag-immutability: { severity: error, settings: { pattern: { from: "cdk.json#/context/pattern" }, list: [1, true] } }
rules_dirs: [policies/ecr]
ignores:
  - { rule: tag-immutability, subject: "*-cache", reason: "build cache", owner: platform, expires: 2027-06-30 }
"#;

const CDK: &str = r#"{
  "app": "python3 app.py",
  "context": {
    "organization_prefix": "mare",
    "pattern": "^v",
    "environments": {
      "dev": { "account": "111111111111", "ecr": {
        "api": { "use_kms_key": true, "images_retained": 10, "shareable_with_all_envs": true },
        "cache": {} } },
      "prod": { "account": "333333333333", "ecr": { "api": { "images_retained": null } } }
    }
  }
}
"#;

#[test]
fn every_part_of_a_configuration_is_read() {
    let (config, sources) = loaded(EVERYTHING, &[("cdk.json", CDK)]);
    assert_eq!(config.sets.unwrap()[0].value, "organisation");
    let organisation = config.organisation.unwrap();
    assert_eq!(organisation.app.unwrap().value, "catalogue");
    assert_eq!(organisation.environments[1].name, "prod");
    assert_eq!(organisation.environments[1].account.value, "333333333333");
    assert_eq!(organisation.trusted_accounts[0].value, "444444444444");
    assert_eq!(organisation.required_tags[0].key.value, "owner");
    let pattern = organisation.required_tags[1].pattern.as_ref().unwrap();
    assert_eq!(pattern.value.as_str(), "^[0-9]{4}$");
    assert_eq!(organisation.parameter_name, config.parameter_name);
    assert_eq!(config.protected_tags[1].value, "v*");
    assert_eq!(config.rules_dirs[0].value, Path::new("policies/ecr"));
    let ignore = &config.ignores[0];
    assert_eq!(ignore.rule, "tag-immutability");
    assert_eq!(
        ignore.scope,
        IgnoreScope::Named(NamePattern::new("*-cache").unwrap())
    );
    assert!(ignore.is_expired("2027-07-01".parse::<Date>().unwrap()));
    assert_eq!(sources.text(ignore.expires.unwrap().1), "2027-06-30");
    assert_eq!(ignore.owner.as_deref(), Some("platform"));
}

#[test]
fn a_rule_is_switched_off_or_set_to_a_severity() {
    let (config, sources) = loaded(EVERYTHING, &[("cdk.json", CDK)]);
    let rules = config.rules.iter().map(|rule| {
        let severity = rule.severity.as_ref().unwrap();
        (
            rule.id.value.as_str(),
            severity.value,
            sources.text(severity.span),
        )
    });
    let expected = [
        (
            "kms-key-rotation",
            RuleSetting::Severity(Severity::Warning),
            "warning",
        ),
        ("lifecycle-unbounded", RuleSetting::Off, "off"),
        (
            "tag-immutability",
            RuleSetting::Severity(Severity::Error),
            "error",
        ),
    ];
    assert!(rules.eq(expected));
}

#[test]
fn a_pointed_value_stands_in_the_file_that_says_it() {
    let (config, sources) = loaded(EVERYTHING, &[("cdk.json", CDK)]);
    let prefix = config.organisation.unwrap().prefix.unwrap();
    assert_eq!(prefix.value, "mare");
    assert_eq!(sources.text(prefix.span), "\"mare\"");
    assert_eq!(sources.locate(prefix.span).path, "cdk.json");
    let (document, root) = config.rules[2].settings.as_ref().unwrap();
    let pattern = document.value(*root).by_key("pattern").unwrap();
    assert_eq!(pattern.as_str(), Some("^v"));
    assert_eq!(sources.text(pattern.span()), "\"^v\"");
}

#[test]
fn each_environment_declares_its_own_repositories() {
    let (config, sources) = loaded(EVERYTHING, &[("cdk.json", CDK)]);
    let organisation = config.organisation.unwrap();
    assert!(organisation.declares_repositories);
    let declared = organisation
        .repositories
        .iter()
        .map(|it| (it.environment.as_deref().unwrap(), it.base.value.as_str()));
    assert!(declared.eq([("dev", "api"), ("dev", "cache"), ("prod", "api")]));
    let api = &organisation.repositories[0];
    assert_eq!(sources.text(api.base.span), "\"api\"");
    assert_eq!(sources.locate(api.base.span).start.line, 8);
    assert_eq!(api.images_retained.value(), Some(10));
    assert_eq!(api.use_kms_key.value(), Some(true));
    assert_eq!(organisation.repositories[1].use_kms_key, Stated::Nothing);
    assert_eq!(
        organisation.repositories[2].images_retained,
        Stated::Nothing
    );
}

#[test]
fn an_asserted_registry_is_read_with_its_filters() {
    let (config, _) = loaded(EVERYTHING, &[("cdk.json", CDK)]);
    let registry = config.registry.unwrap();
    let value = |id| registry.document.value(id);
    assert_eq!(value(registry.scan_type).as_str(), Some("BASIC"));
    let rule = value(registry.rules).items().next().unwrap();
    let frequency = rule.by_key("frequency").unwrap();
    assert_eq!(frequency.as_str(), Some("SCAN_ON_PUSH"));
    let filter = rule.by_key("filters").unwrap().items().next().unwrap();
    assert_eq!(filter.by_key("filter").unwrap().as_str(), Some("mare-*"));
    assert_eq!(filter.by_key("type").unwrap().as_str(), Some("WILDCARD"));
}

#[test]
fn an_environment_without_repositories_declares_none() {
    let cdk = r#"{"environments": {"dev": {"ecr": {"api": {}}}, "prod": {}}}"#;
    let text = r#"
organisation:
  environments: { dev: { account: "111111111111" }, prod: { account: "333333333333" } }
  repositories: { from: "cdk.json#/environments/{environment}/ecr" }
"#;
    let (config, _) = loaded(text, &[("cdk.json", cdk)]);
    assert_eq!(config.organisation.unwrap().repositories.len(), 1);
}

#[test]
fn an_environment_may_list_its_repositories_itself() {
    let text = r#"
organisation:
  environments:
    dev: { account: "111111111111", repositories: { api: {} } }
    prod: { account: "333333333333", repositories: { api: { use_kms_key: true } } }
"#;
    let (config, _) = loaded(text, &[]);
    let organisation = config.organisation.unwrap();
    assert!(organisation.declares_repositories);
    let prod = &organisation.repositories[1];
    assert_eq!(prod.environment.as_deref(), Some("prod"));
    assert_eq!(prod.use_kms_key.value(), Some(true));
}

#[test]
fn files_may_be_named_after_environments() {
    let text = r#"
organisation:
  environments:
    dev: { account: { from: "env/{environment}.yaml#/account" } }
    prod: { account: { from: "env/{environment}.yaml#/account" } }
  repositories: { from: "env/{environment}.yaml#/ecr" }
"#;
    let dev = "account: \"111111111111\"\necr: { api: { images_retained: 5 } }\n";
    let prod = "account: \"333333333333\"\necr: { api: { images_retained: 50 } }\n";
    let files = [("env/dev.yaml", dev), ("env/prod.yaml", prod)];
    let (config, sources) = loaded(text, &files);
    let organisation = config.organisation.unwrap();
    assert_eq!(organisation.environments[1].account.value, "333333333333");
    let prod = &organisation.repositories[1];
    let place = prod.images_retained.span().unwrap();
    assert_eq!(prod.images_retained.value(), Some(50));
    assert_eq!(sources.text(place), "50");
}

#[test]
fn a_pointer_in_pointed_data_is_only_data() {
    let cdk = r#"{"prefix": {"from": "other.json#/x"}}"#;
    let text = "organisation: { prefix: { from: \"cdk.json#/prefix\" } }\n";
    let (result, _) = parse(text, &[("cdk.json", cdk)]);
    let problems = result.unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].title, "`prefix` is a mapping, expected text");
}

#[test]
fn a_file_is_read_once_however_many_pointers_name_it() {
    let text = r#"
organisation: { prefix: { from: "c.json#/p" }, app: { from: "c.json#/a" } }
protected_tags: [{ from: "c.json#/tags/0" }, v*]
"#;
    let mut sources = Sources::default();
    let mut reads = 0;
    let mut read = |_: &Path| {
        reads += 1;
        Ok(r#"{"p": "mare", "a": "shop", "tags": ["prod-*"]}"#.to_owned())
    };
    let path = Path::new("ecrlint.yaml");
    let config = config::parse(path, text.to_owned(), &mut sources, &mut read).unwrap();
    assert_eq!(config.protected_tags[0].value, "prod-*");
    assert_eq!(reads, 1);
}

#[test]
fn a_configuration_may_be_json() {
    let mut sources = Sources::default();
    let path = Path::new("conf/ecrlint.json");
    let text =
        r#"{"$schema": "config.json", "rules": {"scan-on-push": "note"}, "rules_dirs": ["r"]}"#;
    let config = config::parse(path, text.to_owned(), &mut sources, &mut |_| unreachable!());
    let config = config.unwrap();
    assert_eq!(config.rules[0].id.value, "scan-on-push");
    assert_eq!(config.rules_dirs[0].value, Path::new("conf/r"));
}

#[test]
fn text_that_is_no_yaml_is_reported_at_its_place() {
    let (result, sources) = parse("sets: [a\nrules: {}\n", &[]);
    let problems = result.unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(sources.locate(problems[0].span).start.line, 2);
}

#[test]
fn a_broken_data_file_is_reported_once_with_the_pointer_that_wants_it() {
    let text = "sets: { from: \"a.json#/s\" }\nrules_dirs: { from: \"a.json#/d\" }\n";
    let (result, sources) = parse(text, &[("a.json", "{\"s\": [}")]);
    let problems = result.unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(sources.locate(problems[0].span).path, "a.json");
    let (wanted, _) = problems[0].related.as_ref().unwrap();
    assert_eq!(sources.text(*wanted), "\"a.json#/s\"");
}

#[test]
fn an_empty_data_file_is_reported_at_the_pointer() {
    let text = "sets: { from: \"a.json#/s\" }\n";
    let (result, sources) = parse(text, &[("a.json", "")]);
    let problems = result.unwrap_err();
    assert_eq!(problems[0].title, "`a.json` is empty");
    assert_eq!(sources.text(problems[0].span), "\"a.json#/s\"");
}

#[test]
fn the_configuration_of_a_rule_may_stand_elsewhere() {
    let text = "rules: { a: { from: \"r.yaml#/a\" }, b: { from: \"r.yaml#/b\" } }\n";
    let rules = "a: note\nb: { severity: off, settings: { max: 3 } }\n";
    let (config, _) = loaded(text, &[("r.yaml", rules)]);
    let note = config.rules[0].severity.as_ref().unwrap().value;
    assert_eq!(note, RuleSetting::Severity(Severity::Note));
    let off = config.rules[1].severity.as_ref().unwrap().value;
    assert_eq!(off, RuleSetting::Off);
    assert!(config.rules[1].settings.is_some());
}

#[test]
fn a_configuration_that_points_into_too_many_files_is_refused_once() {
    let mut text = String::from("protected_tags:\n");
    for file in 0..1100 {
        let _ = writeln!(text, "  - {{ from: \"{file}.json\" }}");
    }
    let mut sources = Sources::default();
    let mut read = |_: &Path| Ok("\"v*\"".to_owned());
    let loaded = config::parse(Path::new("ecrlint.yaml"), text, &mut sources, &mut read);
    let problems = loaded.unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(sources.text(problems[0].span), "\"1000.json\"");
}

#[test]
fn the_configuration_of_the_sample_application_loads() {
    let mut sources = Sources::default();
    let path = Path::new("fixtures/cdk-app/ecrlint.yaml");
    let config = config::load(path, &here(), &mut sources)
        .unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert!(config.declaration_problems.is_empty());
    assert!(!config.organisation.unwrap().repositories.is_empty());
}

#[test]
fn the_nearest_configuration_upward_is_found() {
    let scratch = tempfile::tempdir().unwrap();
    let inner = scratch.path().join("a/b/c");
    std::fs::create_dir_all(&inner).unwrap();
    let far = scratch.path().join("ecrlint.yaml");
    let near = scratch.path().join("a/b/ecrlint.yaml");
    std::fs::write(&far, "").unwrap();
    std::fs::write(&near, "").unwrap();
    std::fs::create_dir_all(scratch.path().join(".git")).unwrap();
    let found = |folder: &Path| config::find(folder, &Door::at(folder)).expect("one in a folder");
    assert_eq!(found(&inner), Some(near));
    assert_eq!(found(&scratch.path().join("a")), Some(far));
}

#[test]
fn a_configuration_that_is_not_there_is_a_problem_that_names_it() {
    let mut sources = Sources::default();
    let problems = config::load(
        Path::new("tests/input/config/none.yaml"),
        &here(),
        &mut sources,
    )
    .unwrap_err();
    let expected = "cannot read `tests/input/config/none.yaml`: there is no such file";
    assert_eq!(problems[0].title, expected);
}

/// The starter for a `cdk.json`, loaded beside it.
fn started(cdk: &str) -> (Config, String) {
    let text = config::init(Some(cdk));
    let (config, _) = loaded(&text, &[("cdk.json", cdk)]);
    (config, text)
}

#[test]
fn a_starter_without_cdk_says_nothing_yet() {
    let (config, _) = loaded(&config::init(None), &[]);
    assert!(config.organisation.is_none() && config.sets.is_none());
    assert!(config.rules.is_empty() && config.ignores.is_empty());
}

#[test]
fn what_a_starter_comments_out_loads_when_it_is_switched_on() {
    let text = config::init(None);
    let switched = text.lines().map(|line| {
        let body = line.strip_prefix("# ").unwrap_or(line);
        let key = body.trim_start_matches([' ', '-']).split_once(':');
        // A comment that editors read is not a key.
        let is_key = |key: &str| !key.contains(' ') && key != "yaml-language-server";
        let is_key = key.is_some_and(|(key, _)| is_key(key));
        if is_key { body } else { line }
    });
    let switched: Vec<_> = switched.collect();
    let (config, _) = loaded(&switched.join("\n"), &[]);
    let organisation = config.organisation.unwrap();
    assert_eq!(organisation.repositories[0].base.value, "api");
    assert_eq!(config.ignores.len(), 1);
    assert_eq!(config.rules.len(), 1);
    assert!(config.registry.is_some() && config.parameter_name.is_some());
    assert!(config.sets.is_some() && !config.rules_dirs.is_empty());
}

#[test]
fn a_starter_points_at_what_cdk_json_has() {
    let (config, text) = started(CDK);
    assert!(text.contains(r#"prefix: { from: "cdk.json#/context/organization_prefix" }"#));
    let organisation = config.organisation.unwrap();
    assert_eq!(organisation.prefix.unwrap().value, "mare");
    let names = organisation.environments.iter().map(|it| it.name.as_str());
    assert!(names.eq(["dev", "prod"]));
    assert_eq!(organisation.repositories.len(), 3);
}

#[test]
fn a_starter_understands_other_layouts_of_cdk_json() {
    let cdk = r#"{"context": {
        "@aws-cdk/core:x": true, "appName": "shop", "namePrefix": "acme",
        "accounts": { "dev": "111111111111", "on": "222222222222", "a b/c~d\"": "333333333333" },
        "repos": { "api": { "images_retained": 5 }, "web": {} }
    }}"#;
    let (config, _) = started(cdk);
    let organisation = config.organisation.unwrap();
    assert_eq!(organisation.app.unwrap().value, "shop");
    assert_eq!(organisation.prefix.unwrap().value, "acme");
    let names = organisation.environments.iter().map(|it| it.name.as_str());
    assert!(names.eq(["dev", "on", "a b/c~d\""]));
    assert_eq!(organisation.repositories[0].environment, None);
    assert_eq!(organisation.repositories.len(), 2);
}

#[test]
fn a_starter_takes_nothing_when_several_values_fit() {
    let cdk = r#"{"context": {"org_prefix": "a", "stack_prefix": "b"}}"#;
    let (config, _) = started(cdk);
    assert!(config.organisation.is_none());
}

#[test]
fn a_starter_loads_beside_any_cdk_json() {
    let texts = [
        "",
        "{",
        "[]",
        "null",
        r#"{"context": []}"#,
        r#"{"context": {"prefix": 3, "app_name": ""}}"#,
        r#"{"context": {"environments": {"{environment}": {"account": "111111111111"}, "": {"account": "111111111111"}}}}"#,
        r#"{"context": {"dev": {"account": 111111111111, "region": "nowhere"}}}"#,
        r#"{"context": {"envs": {"dév\u0007\ud83d\ude00": {"accountId": "111111111111", "region": "eu"}}}}"#,
        r#"{"context": {"envs": {"dev": {"account": "111111111111", "ecr": {"api": {"x": 1}}}, "prod": {"account": "222222222222", "ecr": []}}}}"#,
        r#"{"context": {"envs": {"dev": {"account": "111111111111", "ecr": {"api": {}}}, "prod": {"account": "222222222222"}}}}"#,
        r#"{"context": {"ecr": {"api": {"use_kms_key": 3}, "repositories": {}}, "from": {"from": "x", "account": "111111111111"}}}"#,
        r#"{"context": {"a": {"from": {"account": "111111111111"}}, "b": {"c": {"d": {"e": {"f": {"account": "111111111111"}}}}}}}"#,
    ];
    for cdk in texts {
        started(cdk);
    }
}

/// The YAML example of the reference.
fn documented() -> String {
    let page = std::fs::read_to_string("docs/configuration.md").unwrap();
    let example = page.split("```yaml\n").nth(1).unwrap();
    example.split("```").next().unwrap().to_owned()
}

fn schema() -> serde_json::Value {
    let text = std::fs::read_to_string("schemas/config.json").unwrap();
    serde_json::from_str(&text).unwrap()
}

/// What an editor would hand to a schema.
fn instance(text: &str) -> serde_json::Value {
    let mut tree = Tree::default();
    yaml::parse(text, SourceId::default(), &mut tree).unwrap();
    tree.root(text).map_or(serde_json::Value::Null, value_of)
}

fn value_of(node: Node<'_>) -> serde_json::Value {
    match node.kind() {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool(flag) => flag.into(),
        Kind::Number => serde_json::from_str(node.as_text().unwrap()).unwrap(),
        Kind::String => node.as_str().unwrap().into(),
        Kind::Array => node.items().map(value_of).collect(),
        Kind::Object => node
            .members()
            .map(|member| (member.key.to_owned(), value_of(member.value)))
            .collect(),
    }
}

#[test]
fn the_documented_example_loads_and_fits_the_schema() {
    let text = documented();
    let (config, _) = loaded(&text, &[("cdk.json", CDK)]);
    assert_eq!(config.organisation.unwrap().required_tags.len(), 4);
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let instance = instance(&text);
    let errors: Vec<_> = validator
        .iter_errors(&instance)
        .map(|it| it.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn the_schema_has_the_keys_that_the_loader_knows() {
    let schema = schema();
    for keys in config::KEYS {
        let place = schema.pointer(keys.schema).unwrap();
        assert_eq!(place["additionalProperties"], false, "{}", keys.of);
        let properties = place["properties"].as_object().unwrap();
        let mut described: Vec<_> = properties.keys().map(String::as_str).collect();
        let mut known = keys.keys.to_vec();
        described.sort_unstable();
        known.sort_unstable();
        assert_eq!(described, known, "{}", keys.of);
    }
    let closed = schema["$defs"].as_object().unwrap().iter();
    let closed = closed.filter(|(name, it)| it.get("properties").is_some() && *name != "pointer");
    assert_eq!(
        closed.count() + 1,
        config::KEYS.len(),
        "no mapping is unknown to the loader"
    );
}

#[test]
fn the_reference_names_every_key() {
    let page = std::fs::read_to_string("docs/configuration.md").unwrap();
    for keys in config::KEYS {
        for key in keys.keys {
            let named = [format!("`{key}`"), format!(".{key}`")];
            assert!(
                named.iter().any(|it| page.contains(it)),
                "`{key}` of {}",
                keys.of
            );
        }
    }
}

/// What the schema refuses the loader refuses, too, and what it takes the loader takes: but for
/// pointers that lead nowhere, names declared twice, and what only the loader can know.
#[test]
fn the_schema_and_the_loader_agree_about_the_cases() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    for folder in folders() {
        let path = folder.join("ecrlint.yaml");
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut tree = Tree::default();
        if yaml::parse(&text, SourceId::default(), &mut tree).is_err() {
            continue;
        }
        let mut sources = Sources::default();
        let loaded = config::load(&path, &here(), &mut sources);
        let clean = loaded.is_ok_and(|config| config.declaration_problems.is_empty());
        let only_the_loader = [
            "cdk-declarations",
            "declared-twice",
            "environments-none-declares",
            "environments-not-configured",
            "environments-unknown",
            "pointed-type",
            "ssm-placeholder",
        ];
        let fits = validator.is_valid(&instance(&text));
        assert_eq!(
            fits,
            clean || only_the_loader.contains(&name.as_str()),
            "{name}"
        );
    }
}

fn key_of_cdk() -> impl Strategy<Value = String> {
    let words = [
        "prefix",
        "app_name",
        "dev",
        "account",
        "accountId",
        "region",
        "ecr",
        "from",
        "~/",
        "no",
        "{environment}",
        "use_kms_key",
        "images_retained",
        "111111111111",
        "\u{feff}",
        "a: b # c",
    ];
    prop_oneof![4 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

fn value_of_cdk() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        3 => Just(serde_json::json!("111111111111")),
        1 => Just(serde_json::json!("eu-west-1")),
        1 => Just(serde_json::json!(true)),
        1 => Just(serde_json::json!(10)),
        1 => Just(serde_json::Value::Null),
        1 => any::<String>().prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            5 => proptest::collection::hash_map(key_of_cdk(), inner.clone(), 0..5)
                .prop_map(|map| map.into_iter().collect()),
            1 => proptest::collection::vec(inner, 0..3).prop_map(serde_json::Value::from),
        ]
    })
}

proptest! {
    #[test]
    fn a_starter_loads_beside_whatever_context_there_is(context in value_of_cdk()) {
        started(&serde_json::json!({ "context": context }).to_string());
    }

    #[test]
    fn no_text_makes_the_loader_panic(text in "[ \\-:{}\\[\\]\"\na-z0-9#/&*!]{0,200}") {
        let _ = parse(&text, &[("a", "b: c")]);
        let _ = config::parameters::parse("p", text, &mut Sources::default());
    }
}

#[test]
fn what_is_declared_wrongly_is_not_known() {
    let text = r#"
organisation:
  repositories:
    api: { use_kms_key: "no", images_retained: 5 }
    web: yes please
    job: { images_retained: null }
"#;
    let (config, sources) = loaded(text, &[]);
    let organisation = config.organisation.unwrap();
    let [api, web, job] = organisation.repositories.as_slice() else {
        panic!("{:?}", organisation.repositories);
    };
    let Stated::Unclear(reason) = &api.use_kms_key else {
        panic!("{api:?}");
    };
    assert_eq!(
        reason.value,
        "`use_kms_key` is text, expected `true` or `false`"
    );
    assert_eq!(sources.text(reason.span), "\"no\"");
    assert_eq!(api.images_retained.value(), Some(5));
    assert!(matches!(&web.images_retained, Stated::Unclear(reason)
        if reason.value == "declaration of `web` is text, expected a mapping"));
    assert!(matches!(web.use_kms_key, Stated::Unclear(_)));
    assert_eq!(job.images_retained, Stated::Nothing);
    let whose: Vec<_> = config
        .declaration_problems
        .iter()
        .map(|one| one.base.as_deref())
        .collect();
    assert_eq!(whose, [Some("api"), Some("web")]);
    assert_eq!(organisation.unread_declarations, None);
}

#[test]
fn declarations_that_cannot_be_read_leave_open_what_is_declared() {
    let text = "organisation:\n  repositories: [api, web]\n";
    let (config, sources) = loaded(text, &[]);
    let organisation = config.organisation.unwrap();
    let unread = organisation.unread_declarations.unwrap();
    assert_eq!(unread.value, "`repositories` is a list, expected a mapping");
    assert_eq!(sources.text(unread.span), "[api, web]");
    assert!(organisation.repositories.is_empty() && organisation.declares_repositories);
    let [mistake] = config.declaration_problems.as_slice() else {
        panic!("{:?}", config.declaration_problems);
    };
    assert_eq!(mistake.base, None);
}

#[test]
fn two_keys_with_one_name_are_a_mistake_at_both() {
    let long = |end: &str| format!("{}{end}", "x".repeat(250));
    let text = format!(
        "organisation:\n  prefix: Acme\n  app: shop\n  environments:\n    dev: {{ account: \"111111111111\", \
         repositories: {{ API: {{}}, \"{}\": {{}} }} }}\n    prod: {{ account: \"333333333333\", \
         repositories: {{ cache: {{}} }} }}\n  repositories: {{ api: {{}}, \"{}\": {{}}, CACHE: {{}}, web: {{}} }}\n",
        long("1"),
        long("2"),
    );
    let (config, sources) = loaded(&text, &[]);
    let found: Vec<_> = config
        .declaration_problems
        .iter()
        .map(|one| (one.environment.as_deref(), sources.text(one.problem.span)))
        .collect();
    let (one, two) = (format!("\"{}\"", long("1")), format!("\"{}\"", long("2")));
    assert_eq!(
        found,
        [
            (Some("dev"), "API"),
            (Some("dev"), one.as_str()),
            (Some("prod"), "cache"),
            (None, "api"),
            (None, two.as_str()),
            (None, "CACHE"),
        ]
    );
    let title = &config.declaration_problems[0].problem.title;
    assert_eq!(title, "`API` and `api` get the same name, `acme-shop-api`");
}
