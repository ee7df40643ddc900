//! What has one cause is one finding wherever people read it, and each instance wherever programs do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::program::{ecrlint, folder};
use crate::sample::{diagnostic, rendered, report};
use ecrlint::render::RenderOptions;
use ecrlint::report::{Diagnostic, DraftReport, SourceLocation, Subject, Verdict};
use ecrlint::source::{Sources, Span};
use serde_json::Value;

/// Lines of the smallest usual terminal.
const SCREEN: usize = 24;
const TITLES: [&str; 4] = ["error[", "warning[", "undetermined[", "note["];
/// Apps with a line of the program at each finding, and how many stacks their lines end up in.
const APPS: [&str; 4] = [
    "fixtures/cdk-app",
    "fixtures/cdk-shapes/out/typescript-2.276.0-debug",
    "fixtures/cdk-shapes/out/python-2.275.0-debug",
    "fixtures/cdk-shapes/out/python-handmade-2.275.0-traces",
];

fn text(path: &str, format: &str) -> String {
    ecrlint(["check", path, "-o", format, "--fail-on", "never"])
        .ends()
        .out
}

fn parsed(path: &str) -> Value {
    serde_json::from_str(&text(path, "json")).expect("JSON")
}

fn findings(json: &Value) -> Vec<&Value> {
    json["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .collect()
}

/// The blocks of a human report, each with its title first.
fn blocks(human: &str) -> Vec<&str> {
    let blocks = human.split("\n\n");
    blocks
        .filter(|block| TITLES.iter().any(|title| block.starts_with(title)))
        .collect()
}

/// Where a block sends its reader, `path:line:column`.
fn place(block: &str) -> &str {
    let arrow = ["╭─[", "──▶ "];
    let at = arrow
        .iter()
        .filter_map(|arrow| block.split_once(arrow))
        .min_by_key(|(before, _)| before.len());
    let place = at.expect("each finding has a place").1;
    place
        .split([']', ' ', '\n'])
        .next()
        .expect("a split has a first part")
}

#[test]
fn a_line_of_a_program_is_one_finding_whatever_the_stacks() {
    for app in APPS {
        let human = text(app, "human");
        let mut seen = BTreeSet::new();
        for block in blocks(&human) {
            let rule = block.split(']').next().expect("a title");
            assert!(
                seen.insert((rule, place(block))),
                "{app}: twice at one line:\n{block}"
            );
        }
        let json = parsed(app);
        let all = findings(&json);
        assert!(
            seen.len() < all.len(),
            "{app}: several stacks have one line"
        );
        for format in ["markdown", "github"] {
            let drawn = text(app, format);
            let rows = drawn
                .lines()
                .filter(|line| line.starts_with("| ") || line.starts_with("::"));
            let rows = rows
                .filter(|line| !line.starts_with("| |") && !line.contains("title=ecrlint::"))
                .count();
            assert!(
                rows <= seen.len(),
                "{app}: {format} has {rows} rows for {}",
                seen.len()
            );
        }
    }
}

#[test]
fn every_instance_is_listed_where_its_cause_is_reported() {
    for app in APPS {
        let human = text(app, "human");
        let json = parsed(app);
        // Lines of a list are wrapped, and long paths broken.
        let flat: String = human.split_whitespace().collect();
        for one in findings(&json) {
            let at = &one["location"];
            let place = format!(
                "{}:{}:{}",
                at["path"].as_str().expect("a path"),
                at["start"]["line"],
                at["start"]["column"]
            );
            assert!(
                flat.contains(&place) || human.contains(" more, with `--verbose`"),
                "{app}: no word of {place}, {}",
                one["message"]
            );
        }
    }
}

#[test]
fn programs_get_each_instance_with_a_fingerprint_of_its_own() {
    for app in APPS {
        let json = parsed(app);
        let all = findings(&json);
        let sarif: Value = serde_json::from_str(&text(app, "sarif")).expect("JSON");
        let results = sarif["runs"][0]["results"].as_array().expect("a list");
        assert_eq!(results.len(), all.len(), "{app}");
        let hashes = results
            .iter()
            .map(|one| one["partialFingerprints"]["primaryLocationLineHash"].as_str());
        let hashes: BTreeSet<_> = hashes.map(|hash| hash.expect("a fingerprint")).collect();
        assert_eq!(hashes.len(), all.len(), "{app}");
    }
}

/// One parameter without value, in every way in which it can be used.
const PARAMETERS: [(&str, &str); 7] = [
    (
        "a short reference",
        "RepositoryPolicyText: { Statement: [{ Effect: Allow, Principal: { AWS: !Ref Who }, Action: ecr:PutImage }] }",
    ),
    (
        "a long reference",
        "RepositoryPolicyText: { Statement: [{ Effect: Allow, Principal: { AWS: { Ref: Who } }, Action: ecr:PutImage }] }",
    ),
    (
        "a part of a text",
        "RepositoryPolicyText: { Statement: [{ Effect: Allow, Principal: { AWS: !Sub '${Who}' }, Action: ecr:PutImage }] }",
    ),
    (
        "a whole policy",
        "RepositoryPolicyText: !Ref Who\n      LifecyclePolicy: { LifecyclePolicyText: !Ref Who }",
    ),
    (
        "a whole policy, joined",
        "RepositoryPolicyText: !Join ['', [!Ref Who]]\n      LifecyclePolicy: { LifecyclePolicyText: !Ref Who }",
    ),
    (
        "settings",
        "ImageTagMutability: !Ref Who\n      ImageScanningConfiguration: { ScanOnPush: !Ref Who }",
    ),
    (
        "a long reference in settings",
        "ImageTagMutability: { Ref: Who }\n      ImageScanningConfiguration: { ScanOnPush: { 'Fn::Sub': '${Who}' } }",
    ),
];

#[test]
fn a_parameter_without_value_is_one_note_with_the_rules_it_leaves_open() {
    for (spelling, properties) in PARAMETERS {
        let template = format!(
            "Parameters:\n  Who: {{ Type: String }}\nResources:\n  Api:\n    Type: AWS::ECR::Repository\n    \
             Properties:\n      {properties}\n  Web:\n    Type: AWS::ECR::Repository\n    Properties:\n      {properties}\n"
        );
        let here = folder(&[("a.yaml", &template)]);
        let run = |format: &str| ecrlint(["check", "a.yaml", "-o", format]).within(&here);
        let (_, json) = run("json").json();
        let all = findings(&json);
        let open = all.iter().filter(|one| {
            let message = one["message"].as_str().expect("a message");
            one["verdict"] == "undetermined" && message.contains("parameter `Who` has no default")
        });
        let rules: BTreeSet<_> = open
            .clone()
            .map(|one| one["rule"].as_str().expect("a rule"))
            .collect();
        assert!(
            rules.len() > 1 && open.count() > rules.len(),
            "{spelling}: {rules:?}"
        );

        let human = run("human").ends().out;
        let notes = blocks(&human).into_iter();
        let notes: Vec<_> = notes
            .filter(|block| block.contains("parameter `Who`"))
            .collect();
        assert_eq!(notes.len(), 1, "{spelling}:\n{human}");
        let title = format!(
            "undetermined[{} rules]: parameter `Who` has no default\n",
            rules.len()
        );
        assert!(notes[0].starts_with(&title), "{spelling}:\n{human}");
        assert!(
            notes[0].contains("--parameters Who=VALUE") && notes[0].contains("Web"),
            "{human}"
        );
        for format in ["human", "markdown", "github"] {
            let text = run(format).ends().out;
            for rule in &rules {
                assert!(
                    text.contains(rule),
                    "{spelling}: {format} does not list {rule}"
                );
            }
            let told = text
                .lines()
                .filter(|line| line.contains("parameter") && line.contains("Who"));
            let limit = if format == "human" { 3 } else { 1 };
            assert!(told.count() <= limit, "{spelling}: {format}:\n{text}");
        }
    }
}

#[test]
fn parameters_of_other_names_and_templates_stay_apart() {
    let template = |name: &str| {
        let property = PARAMETERS[5].1.replace("Who", name);
        format!(
            "Parameters:\n  {name}: {{ Type: String }}\nResources:\n  Api:\n    Type: AWS::ECR::Repository\n    \
             Properties:\n      {property}\n"
        )
    };
    let here = folder(&[
        ("a.yaml", &template("Who")),
        ("b.yaml", &template("Who")),
        ("c.yaml", &template("What")),
    ]);
    let human = ecrlint(["check", "."]).within(&here).ends().out;
    let notes: Vec<_> = blocks(&human)
        .into_iter()
        .filter(|block| block.contains("rules]"))
        .collect();
    let places: Vec<_> = notes
        .iter()
        .filter_map(|note| place(note).split(':').next())
        .collect();
    assert_eq!(places, ["a.yaml", "b.yaml", "c.yaml"], "{human}");
}

/// The findings of a human report by their headings: how bad each is, and where.
fn sections(human: &str) -> Vec<(&str, Vec<Rank<'_>>)> {
    let mut sections: Vec<(&str, Vec<_>)> = Vec::new();
    for block in human.split("\n\n") {
        if let Some(heading) = block.strip_prefix("── ") {
            let heading = heading.lines().next().expect("a heading");
            sections.push((heading.trim_end_matches([' ', '─']), Vec::new()));
        }
        let Some(grade) = TITLES.iter().position(|title| block.starts_with(title)) else {
            continue;
        };
        let mut parts = place(block).rsplitn(3, ':');
        let mut number = || -> u32 {
            let part = parts.next().expect("a number");
            part.parse().expect("a number")
        };
        let (column, line) = (number(), number());
        let rank = (grade, parts.next(), line, column);
        sections.last_mut().expect("a heading").1.push(rank);
    }
    sections.retain(|(_, findings)| !findings.is_empty());
    sections
}

type Rank<'a> = (usize, Option<&'a str>, u32, u32);

#[test]
fn findings_stand_below_what_they_are_about_worst_first_then_by_place() {
    let inputs = [
        "fixtures/cdk-app",
        "fixtures/cloudformation",
        "fixtures/access/ecr.yaml",
        "fixtures/cdk-shapes/out/python-2.275.0-debug",
    ];
    for input in inputs {
        let human = text(input, "human");
        let sections = sections(&human);
        assert!(!sections.is_empty(), "{input}");
        let headings: BTreeSet<_> = sections.iter().map(|(heading, _)| *heading).collect();
        assert_eq!(
            headings.len(),
            sections.len(),
            "{input}: a heading stands once"
        );
        for (heading, findings) in &sections {
            assert!(findings.is_sorted(), "{input}: {heading}: {findings:#?}");
        }
        let first: Vec<_> = sections.iter().map(|(_, findings)| findings[0]).collect();
        assert!(first.is_sorted(), "{input}: {first:#?}");
    }
}

#[test]
fn the_last_line_counts_causes_and_findings() {
    for input in [
        "fixtures/cdk-app",
        "fixtures/access/ecr.yaml",
        "fixtures/example/registry.yaml",
    ] {
        let causes = blocks(&text(input, "human")).len();
        let json = parsed(input);
        let count = findings(&json).len();
        let told = format!("({causes} causes)");
        for format in ["human", "markdown"] {
            let text: String = text(input, format)
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            assert_eq!(
                text.contains(&told),
                causes < count,
                "{input}: {format}: {causes} of {count}"
            );
        }
        assert!(
            !json["conclusion"]
                .as_str()
                .expect("a text")
                .contains("cause")
        );
    }
}

/// Findings of one rule in a text of many lines, `far` lines apart.
fn apart(far: usize, count: usize, help: &str) -> (DraftReport, Sources) {
    let mut sources = Sources::default();
    let id = sources.add("a.yaml", "key: value\n".repeat(far * count));
    let one = |index: usize| {
        let start = index * far * 11;
        let mut one = diagnostic(
            "scan-on-push",
            "not scanned",
            Span::new(id, start, start + 3),
        );
        one.help = Some(help.to_owned());
        one.related = (1..=index % 7)
            .map(|more| ecrlint::report::Label {
                span: Span::new(id, start + more * 44, start + more * 44 + 3),
                message: "this, too".to_owned(),
            })
            .collect();
        one
    };
    (report((0..count).map(one).collect()), sources)
}

#[test]
fn a_fix_above_is_on_the_same_screen() {
    for help in [
        "set it\n  a: 1",
        "set it\n  a: 1\n  b: 2\n  c: 3\n  d: 4\n  e: 5",
    ] {
        let (report, sources) = apart(60, 18, help);
        let human = rendered("human", &report, &sources, &RenderOptions::default());
        let lines: Vec<_> = human.lines().collect();
        let mut full = None;
        let mut counts = BTreeMap::new();
        for (number, line) in lines.iter().enumerate() {
            let near = full.is_some_and(|full| number - full < SCREEN);
            if line.contains("help: │ set it") {
                assert!(
                    !near,
                    "line {number} could refer to what is above:\n{human}"
                );
                full = Some(number);
                *counts.entry("full").or_insert(0) += 1;
            } else if line.contains("help: as above") {
                assert!(near, "line {number} is too far below:\n{human}");
                *counts.entry("above").or_insert(0) += 1;
            }
        }
        assert_eq!(counts.values().sum::<i32>(), 18);
        assert_eq!(counts.len(), 2, "{counts:?}");
    }
}

/// A finding of one line of a program, for the stack `stack`.
fn traced(sources: &mut Sources, stack: &str, message: &str, help: &str) -> Diagnostic {
    let id = sources.add(format!("cdk.out/{stack}.json"), "{\"Api\": 1}");
    Diagnostic {
        subject: Some(Arc::new(Subject {
            name: Some(format!("api-{stack}")),
            logical_id: Some("Api".to_owned()),
            stack: Some(stack.to_owned()),
            ..Subject::default()
        })),
        help: Some(help.replace("NAME", &format!("api-{stack}"))),
        source_location: Some(Box::new(SourceLocation {
            path: "lib/a.ts".to_owned(),
            line: 4,
            column: Some(7),
            message: String::new(),
            span: None,
            line_span: None,
        })),
        ..diagnostic(
            "name-valid",
            &message.replace("NAME", &format!("api-{stack}")),
            Span::new(id, 1, 6),
        )
    }
}

#[test]
fn an_instance_says_what_is_not_the_same() {
    let mut sources = Sources::default();
    let findings = vec![
        traced(&mut sources, "dev", "`NAME` is long", "shorten NAME"),
        traced(&mut sources, "test", "`NAME` is long", "shorten NAME"),
        traced(&mut sources, "prod", "`NAME` is odd", "even NAME"),
    ];
    let report = report(findings);
    let human = rendered("human", &report, &sources, &RenderOptions::default());
    assert_eq!(blocks(&human).len(), 1, "{human}");
    for told in [
        "error[name-valid]: `api-dev` is long\n",
        "     help: │ shorten api-dev\n     help: │ even api-prod\n",
        "     also: cdk.out/test.json:1:2, Api in stack test\n",
        "     also: cdk.out/prod.json:1:2, Api in stack prod: `api-prod` is odd\n",
        "failed: 3 errors (1 cause) in ",
    ] {
        assert!(human.contains(told), "no {told:?} in:\n{human}");
    }
    let github = rendered("github", &report, &sources, &RenderOptions::default());
    assert_eq!(github.lines().count(), 1, "{github}");
    let also = "%0Aalso: cdk.out/test.json:1:2, Api in stack test%0Aalso: ";
    for told in ["%0Ahelp: shorten api-dev%0Ahelp: even api-prod", also] {
        assert!(github.contains(told), "{github}");
    }
    let markdown = rendered("markdown", &report, &sources, &RenderOptions::default());
    assert!(
        markdown.contains("<br>also cdk.out/test.json:1:2, Api in stack test<br>also "),
        "{markdown}"
    );
}

#[test]
fn a_loop_of_a_hundred_is_cut_short_unless_all_is_asked_for() {
    let mut sources = Sources::default();
    let findings = (0..100)
        .map(|index| traced(&mut sources, &format!("s{index}"), "`NAME` is long", "x"))
        .collect();
    let report = report(findings);
    let told = |verbose| {
        let options = RenderOptions {
            verbose,
            ..RenderOptions::default()
        };
        let human = rendered("human", &report, &sources, &options);
        (
            human.matches("also: ").count(),
            human.contains("and: 79 more, with `--verbose`"),
        )
    };
    assert_eq!(told(false), (20, true));
    assert_eq!(told(true), (99, false));
}

#[test]
fn other_verdicts_and_places_are_other_causes() {
    let mut sources = Sources::default();
    let mut findings = vec![
        traced(&mut sources, "dev", "x", "y"),
        traced(&mut sources, "test", "x", "y"),
        traced(&mut sources, "prod", "x", "y"),
    ];
    findings[1].verdict = Verdict::Undetermined;
    findings[1].primary.message = "its reason".to_owned();
    if let Some(origin) = &mut findings[2].source_location {
        origin.line = 5;
    }
    let human = rendered(
        "human",
        &report(findings),
        &sources,
        &RenderOptions::default(),
    );
    assert_eq!(blocks(&human).len(), 3, "{human}");
    assert!(!human.contains("cause)") && !human.contains("causes)"));
}

#[test]
fn what_holds_because_nothing_is_written_is_not_set() {
    let template = |mutability: &str| {
        format!(
            "Resources:\n  App:\n    Type: AWS::ECR::Repository\n    Properties:\n      \
             RepositoryName: orders-api\n{mutability}"
        )
    };
    for (mutability, label) in [
        ("", "Properties:\n   ·     ────────── not set here"),
        (
            "      ImageTagMutability: MUTABLE\n",
            "ImageTagMutability: MUTABLE\n   ·                           ───────\n",
        ),
    ] {
        let folder = folder(&[("template.yaml", &template(mutability))]);
        let path = folder.path().join("template.yaml");
        let path = path.to_str().expect("the path is text");
        let told = ecrlint(["check", path, "--select", "tag-immutability"])
            .ends()
            .out;
        assert!(told.contains(label), "{told}");
    }
}
