//! What holds for every report, whatever was judged: places lie in their texts, and no format lets
//! text of an input command a terminal or mistake the reader of a report.
//! It does not know what the text is that was judged.

use std::path::Path;
use std::sync::LazyLock;

use ecrlint::config::{self, Config};
use ecrlint::engine::{self, Plan, RuleSelection, Thresholds};
use ecrlint::ignore::Date;
use ecrlint::input::{self, Context, Loaded, Scratch};
use ecrlint::model::Inventory;
use ecrlint::render::{self, FORMATS, Format, RenderOptions};
use ecrlint::report::{DraftReport, Severity, Verdict};
use ecrlint::rules::RuleSet;
use ecrlint::source::{Problem, Sources, Span};

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

/// Loads a text under a name, judges it by all rules with the standard of an organisation, and
/// reports in every format. Gives every verdict that is not about places.
pub fn judged(name: &str, text: &str) -> Vec<(String, Verdict)> {
    let mut sources = Sources::default();
    let config = config(CONFIG, &mut sources).expect("the configuration holds");
    let input = sources.add(name, text);
    let loaded = input::load(text, input, &Context::default(), &mut Scratch::default());
    let report = reported(&RULES, &config, loaded, &sources).expect("the rules are there");
    let verdicts = report
        .repositories
        .iter()
        .flat_map(|one| one.verdicts.iter());
    verdicts
        .map(|(rule, verdict)| (rule.to_owned(), verdict))
        .collect()
}

/// Reads a configuration that points into no file.
pub fn config(text: &str, sources: &mut Sources) -> Result<Config, Vec<Problem>> {
    let mut nothing = |_: &Path| Err(std::io::ErrorKind::NotFound.into());
    config::parse(
        Path::new("ecrlint.yaml"),
        text.to_owned(),
        sources,
        &mut nothing,
    )
}

/// Judges what was loaded, and reports in every format; nothing where the configuration names
/// rules that are not there.
pub fn reported(
    rules: &RuleSet,
    config: &Config,
    loaded: Loaded,
    sources: &Sources,
) -> Option<DraftReport> {
    let inventory = Inventory {
        inputs: 1,
        snapshots: usize::from(loaded.kind.is_some_and(input::is_live)),
        entities: loaded.entities,
        registries: loaded.registries,
        ..Inventory::default()
    };
    let mut before: Vec<_> = loaded
        .problems
        .into_iter()
        .map(engine::unreadable)
        .collect();
    let remarks = loaded.notes.into_iter();
    let organisation = config.organisation.as_ref();
    before.extend(remarks.map(|note| engine::remark(note, Severity::Note, organisation)));
    let plan = match Plan::new(rules, config, &RuleSelection::default()) {
        Ok(plan) => plan,
        Err(problems) => {
            for problem in &problems {
                place(problem.span, sources);
            }
            return None;
        }
    };
    let thresholds = Thresholds {
        fail_on: Some(Severity::Error),
        undetermined: Severity::Note,
        today: Date::from_unix_seconds(0),
    };
    let report = engine::check(&plan, config, &inventory, thresholds, before);
    places(&report, sources);
    written(&report, sources);
    Some(report)
}

/// A mistake stands at a place of its text, and whatever it quotes, a person is told it as the format of people lays it
/// out, and no format is harmed by it.
pub fn mistaken(problem: Problem, sources: &Sources) {
    let title = problem.title.clone();
    place(problem.span, sources);
    let report = engine::failed(vec![engine::unreadable(problem)]);
    written(&report, sources);
    let human = Format::named("human").expect("it is a row of the table");
    let mut out = Vec::new();
    let report = report.finish(sources);
    render::write(human, &report, &RenderOptions::default(), &mut out)
        .expect("memory takes everything");
    let out = String::from_utf8(out).expect("a report is text");
    assert!(!title.contains('\n') || !out.contains(&title), "{title}");
}

/// Every place of a report lies in its text and on characters.
fn places(report: &DraftReport, sources: &Sources) {
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

/// A place lies in its text and on characters.
pub fn place(span: Span, sources: &Sources) {
    let range = span.start as usize..span.end as usize;
    let text = sources.source(span.source).text();
    assert!(text.get(range.clone()).is_some(), "no place: {range:?}");
}

/// Every format takes the report, and what it writes is harmless and well-formed.
fn written(report: &DraftReport, sources: &Sources) {
    let report = report.clone().finish(sources);
    for (index, format) in FORMATS.iter().enumerate() {
        let options = RenderOptions {
            evidence: index % 2 == 0,
            verbose: index % 2 == 1,
            unicode: false,
            width: 40 + 60 * (index % 2),
            ..RenderOptions::default()
        };
        let mut out = Vec::new();
        render::write(format, &report, &options, &mut out)
            .expect("memory takes everything");
        let out = String::from_utf8(out).expect("a report is text");
        let obeyed = |char: char| char.is_control() && !matches!(char, '\n' | '\t' | '\r');
        assert!(!out.contains(obeyed), "{}: {out:?}", format.name);
        if matches!(format.name, "json" | "sarif" | "gitlab") {
            let read: Result<serde_json::Value, _> = serde_json::from_str(&out);
            assert!(read.is_ok(), "{}: {read:?}", format.name);
        }
        if format.name == "human" {
            let commands = |line: &str| line.trim_start().starts_with("::");
            assert!(!out.lines().any(commands), "a command: {out:?}");
            assert!(!out.contains("##["), "a command: {out:?}");
        }
    }
}
