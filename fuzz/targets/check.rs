//! A whole check: never a panic, and every report leads into the text and is plain text.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use ecrlint::config::{self, Config};
use ecrlint::engine::{self, Plan, Thresholds};
use ecrlint::ignore::Date;
use ecrlint::input::{self, Context, Scratch};
use ecrlint::model::Inventory;
use ecrlint::render::{self, FORMATS, Options};
use ecrlint::report::{Report, Severity};
use ecrlint::rules::RuleSet;
use ecrlint::source::{Sources, Span};
use libfuzzer_sys::fuzz_target;

/// Switches every rule on, and declares what the rules of an organisation compare with.
const CONFIG: &str = r#"
sets: [recommended, organisation]
organisation:
  prefix: mare
  app: shop
  environments:
    dev: { account: "111111111111", region: eu-west-1 }
    prod: { account: "333333333333", region: eu-central-1 }
  repositories:
    api: { use_kms_key: true, images_retained: 10, shareable_with_all_envs: true }
    web: { images_retained: null }
  trusted_accounts: ["444444444444"]
  required_tags: { owner: {}, cost-center: { pattern: "^[0-9]{4}$" } }
protected_tags: ["prod-*", "v*"]
"#;

static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::builtin);

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let config = config(&mut sources);
    let input = sources.add("template.yaml", text);
    let mut scratch = Scratch::default();
    let loaded = input::load(text, input, &Context::default(), &mut scratch);
    let inventory = Inventory {
        inputs: 1,
        repositories: loaded.repositories,
        registries: loaded.registries,
    };
    let mut before: Vec<_> = loaded
        .problems
        .into_iter()
        .map(engine::unreadable)
        .collect();
    let remarks = loaded.notes.into_iter();
    before.extend(remarks.map(|note| engine::remark(note, Severity::Note)));
    let plan = Plan::new(&RULES, &config, &[]).expect("the configuration names what there is");
    let thresholds = Thresholds {
        fail_on: Some(Severity::Error),
        undetermined: Severity::Note,
        today: Date::from_unix_seconds(0),
    };
    let report = engine::check(&plan, &config, &inventory, thresholds, before);
    places(&report, &sources);
    written(&report, &sources);
});

fn config(sources: &mut Sources) -> Config {
    let mut nothing = |_: &Path| Err(std::io::ErrorKind::NotFound.into());
    config::parse(
        Path::new("ecrlint.yaml"),
        CONFIG.to_owned(),
        sources,
        &mut nothing,
    )
    .expect("the configuration holds")
}

/// Every place of a report lies in its text and on characters.
fn places(report: &Report, sources: &Sources) {
    for one in &report.diagnostics {
        place(one.primary.span, sources);
        for related in &one.related {
            place(related.span, sources);
        }
        assert!(!one.message.is_empty());
    }
    for repository in &report.repositories {
        place(repository.place, sources);
    }
}

fn place(span: Span, sources: &Sources) {
    let range = span.start as usize..span.end as usize;
    let text = &sources.source(span.source).text;
    assert!(text.get(range.clone()).is_some(), "no place: {range:?}");
}

/// Every format takes the report, and none lets a character through that a terminal would obey.
fn written(report: &Report, sources: &Sources) {
    for (index, format) in FORMATS.iter().enumerate() {
        let options = Options {
            evidence: index % 2 == 0,
            verbose: index % 2 == 1,
            unicode: false,
            width: 40 + 60 * (index % 2),
            ..Options::default()
        };
        let mut out = Vec::new();
        render::write(format, report, sources, &options, &mut out)
            .expect("memory takes everything");
        let out = String::from_utf8(out).expect("a report is text");
        let obeyed = |char: char| char.is_control() && !matches!(char, '\n' | '\t' | '\r');
        assert!(!out.contains(obeyed), "{}: {out:?}", format.name);
    }
}
