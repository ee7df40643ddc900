//! What is judged in the place of a repository: by the rules that ask for its kind, counted as no repository.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where a rule is not as it was written"
)]

use ecrlint::config::Config;
use ecrlint::engine::{self, Plan, RuleSelection, Thresholds};
use ecrlint::ignore::Date;
use ecrlint::model::{Document, Entity, Identifiers, Inventory, Particulars, Repository};
use ecrlint::render::{self, Format, RenderOptions};
use ecrlint::report::{Report, Severity};
use ecrlint::rules::{self, RuleSet};
use ecrlint::source::{Sources, Span};
use serde_json::Value as Json;

/// A rule that fails wherever it is asked.
fn rule(id: &str, when: &str) -> String {
    format!(
        "id: {id}\ntitle: it exists\nseverity: error\nsets: [recommended]\n{when}\n\
         forbid: $.repository.kind\nmessage: \"`{{repository.name}}` is of the kind `{{@}}`\"\nwhy: to see who is judged\n\
         examples: {{ pass: [{{ cloudformation: \"{{}}\" }}], fail: [{{ cloudformation: \"{{}}\" }}] }}\n"
    )
}

/// One subject of each kind, in a text of its own.
fn inventory(sources: &mut Sources) -> Inventory {
    let source = sources.add("App.template.json", "one two three four five");
    let subject = |name: Option<&str>, id: Option<&str>| Identifiers {
        name: name.map(str::to_owned),
        logical_id: id.map(str::to_owned),
        account: Some("111111111111".into()),
        region: Some("eu-west-1".into()),
        ..Identifiers::default()
    };
    let mut document = Document::default();
    let absent = document.absent(Span::new(source, 0, 3));
    let entity = |particulars, subject, start, end| {
        let place = Span::new(source, start, end);
        Entity::new(document.clone(), subject, place, particulars)
    };
    let repository = |is_public| {
        Particulars::Repository(Box::new(Repository {
            is_public,
            ..Repository::absent(absent)
        }))
    };
    let registry = Particulars::Registry { policy: absent };
    let principals = Particulars::Principals {
        identities: Vec::new(),
        event_rules: Vec::new(),
    };
    let declaration = Particulars::Declaration;
    Inventory {
        inputs: 1,
        entities: vec![
            entity(repository(false), subject(Some("api"), Some("Api")), 0, 3),
            entity(repository(true), subject(Some("web"), Some("Web")), 4, 7),
            entity(registry, subject(None, None), 8, 13),
            entity(principals, subject(None, Some("Role")), 14, 18),
            entity(declaration, subject(Some("ghost"), None), 19, 23),
        ],
        ..Inventory::default()
    }
}

/// The rules `all`, `registries` and `others` about one subject of each kind.
fn report() -> Report {
    let mut sources = Sources::default();
    let mut rules = RuleSet::default();
    for (id, when) in [
        ("all", "since: 0.1.0"),
        ("not-private", "when: $[?@.kind != 'private']"),
        ("registries", "when: $[?@.kind == 'registry']"),
        (
            "others",
            "when: $[?@.kind == 'principals' || @.kind == 'declaration']",
        ),
    ] {
        let path = format!("test/{id}.yaml");
        let text = rule(id, when);
        let source = sources.add(path.as_str(), text.as_str());
        rules
            .add(rules::load(&text, source, &path).unwrap())
            .unwrap();
    }
    let inventory = inventory(&mut sources);
    let config = Config::default();
    let plan = Plan::new(&rules, &config, &RuleSelection::default()).unwrap();
    let thresholds = Thresholds {
        fail_on: Some(Severity::Error),
        undetermined: Severity::Note,
        today: Date::from_unix_seconds(0),
    };
    engine::check(&plan, &config, &inventory, thresholds, Vec::new()).finish(&sources)
}

fn rendered(format: &str) -> String {
    let report = report();
    let mut out = Vec::new();
    let options = RenderOptions {
        evidence: true,
        unicode: true,
        width: 100,
        ..RenderOptions::default()
    };
    let format = Format::named(format).unwrap();
    render::write(format, &report, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn only_rules_that_ask_for_its_kind_judge_what_is_no_repository() {
    let report = report();
    let found: Vec<_> = report
        .diagnostics()
        .iter()
        .map(|one| (one.rule.as_str(), one.message.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("all", "`Api` is of the kind `private`"),
            ("all", "`Web` is of the kind `public`"),
            ("not-private", "`Web` is of the kind `public`"),
            ("registries", "`registry` is of the kind `registry`"),
            ("others", "`Role` is of the kind `principals`"),
            ("others", "`ghost` is of the kind `declaration`"),
        ]
    );
}

#[test]
fn it_counts_as_no_repository_and_is_not_listed() {
    let json: Json = serde_json::from_str(&rendered("json")).unwrap();
    assert_eq!(json["summary"]["repositories"], 2);
    assert_eq!(json["summary"]["errors"], 6);
    let listed = json["repositories"].as_array().unwrap();
    let names: Vec<_> = listed.iter().map(|one| &one["subject"]["name"]).collect();
    assert_eq!(names, ["api", "web"]);
    for one in listed {
        let verdicts = one["verdicts"].as_object().unwrap();
        assert_eq!(verdicts["registries"], "not-applicable");
        assert!(one["subject"].get("kind").is_none(), "{one}");
    }
    let kinds: Vec<_> = json["diagnostics"].as_array().unwrap()[3..]
        .iter()
        .map(|one| &one["subject"]["kind"])
        .collect();
    assert_eq!(kinds, ["registry", "principals", "declaration"]);
}

#[test]
fn people_are_reported_what_it_is() {
    let human = rendered("human");
    for line in [
        "── api (Api, 111111111111 eu-west-1) ──",
        "── registry, 111111111111 eu-west-1 ──",
        "── identity Role, 111111111111 eu-west-1 ──",
        "── declaration ghost, 111111111111 eu-west-1 ──",
        "in 2 repositories",
    ] {
        assert!(human.contains(line), "{line}\n{human}");
    }
    let junit = rendered("junit");
    assert!(junit.contains(r#"tests="6""#), "{junit}");
}
