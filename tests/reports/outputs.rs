//! One report in every format: golden files, and what they must mean.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::golden::assert_golden;
use crate::sample::{diagnostic, rendered, report, sample};
use crate::sarif;
use ecrlint::render::{FORMATS, RenderOptions};
use ecrlint::report::{Diagnostic, DraftReport, Verdict};
use ecrlint::source::{Sources, Span};
use proptest::prelude::*;
use serde_json::Value;

fn json(name: &str) -> Value {
    let (report, sources) = sample();
    serde_json::from_str(&rendered(
        name,
        &report,
        &sources,
        &RenderOptions::default(),
    ))
    .expect("JSON")
}

/// The findings that count: neither ignored nor about a repository that a tool made.
fn counted(report: &DraftReport) -> usize {
    let owned = report.repositories.iter().filter(|one| one.tool_owned);
    let owned: Vec<_> = owned.map(|one| Some(&one.subject)).collect();
    let found = report.diagnostics.iter().filter(|one| one.verdict.counts());
    found
        .filter(|one| !owned.contains(&one.subject.as_ref()))
        .count()
}

fn check_golden(file: &str, actual: &str) {
    let path = crate::program::root()
        .join("tests/reports/outputs")
        .join(file);
    let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
    let actual = actual.replace(&version, "\"VERSION\"");
    assert_golden(&path, &actual);
}

#[test]
fn every_format_writes_its_golden_file() {
    let (report, sources) = sample();
    for format in &FORMATS {
        let text = rendered(format.name, &report, &sources, &RenderOptions::default());
        check_golden(&format!("{}.txt", format.name), &text);
    }
}

#[test]
fn the_human_report_has_a_golden_file_for_each_look() {
    let (report, sources) = sample();
    let plain = RenderOptions::default();
    #[rustfmt::skip]
    let looks = [
        ("human-narrow.txt", RenderOptions { width: 40, ..plain.clone() }),
        ("human-wide.txt", RenderOptions { width: 120, ..plain.clone() }),
        ("human-ascii.txt", RenderOptions { unicode: false, ..plain.clone() }),
        ("human-color.txt", RenderOptions { color: true, links: true, ..plain.clone() }),
        ("human-evidence.txt", RenderOptions { evidence: true, ..plain }),
    ];
    for (file, options) in looks {
        check_golden(file, &rendered("human", &report, &sources, &options));
    }
}

#[test]
fn the_markdown_summary_counts_what_was_kept_with_evidence() {
    let (report, sources) = sample();
    let options = RenderOptions {
        evidence: true,
        ..RenderOptions::default()
    };
    let text = rendered("markdown", &report, &sources, &options);
    check_golden("markdown-evidence.txt", &text);
}

#[test]
fn json_locations_lead_to_the_text_of_the_span() {
    let (report, sources) = sample();
    let json = json("json");
    let owned = |one: &Diagnostic| {
        let subject = one.subject.as_ref();
        subject.is_some_and(|subject| subject.logical_id.as_deref() == Some("Assets"))
    };
    let told = report.diagnostics.iter();
    let told: Vec<_> = told
        .filter(|one| one.verdict != Verdict::Ignored && !owned(one))
        .collect();
    let written = json["diagnostics"].as_array().expect("a list");
    assert_eq!(written.len(), told.len());
    for (finding, written) in told.iter().zip(written) {
        let text = at(&sources, &written["location"]);
        assert_eq!(
            text,
            sources.text(finding.primary.span),
            "{}",
            finding.message
        );
        for (place, written) in finding
            .related
            .iter()
            .zip(written["related"].as_array().expect("a list"))
        {
            assert_eq!(at(&sources, &written["location"]), sources.text(place.span));
        }
    }
}

/// The text between two written positions, found without the help of the program.
fn at(sources: &Sources, location: &Value) -> String {
    let path = location["path"].as_str().expect("a path");
    let ids = (0..sources.next_id().0).map(ecrlint::source::SourceId);
    let source = ids
        .map(|id| sources.source(id))
        .find(|source| source.name == path);
    let text = source
        .expect("a source of the run")
        .text()
        .trim_start_matches('\u{feff}');
    let offset = |position: &Value| {
        let line = position["line"].as_u64().expect("a line") as usize;
        let column = position["column"].as_u64().expect("a column") as usize;
        let start: usize = text
            .split_inclusive('\n')
            .take(line - 1)
            .map(str::len)
            .sum();
        let chars = text[start..]
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len() - start]);
        start + chars.clone().nth(column - 1).expect("a column of the line")
    };
    text[offset(&location["start"])..offset(&location["end"])].to_owned()
}

#[test]
fn the_human_report_underlines_the_text_of_the_span() {
    let (report, sources) = sample();
    let id = (0..sources.next_id().0).map(ecrlint::source::SourceId);
    let ids: BTreeMap<_, _> = id.map(|id| (sources.source(id).name.clone(), id)).collect();
    let template = ids["infra/ecr.yaml"];
    let text = sources.source(template).text();
    let start = text.find("ScanOnPush: false").expect("in the sample") + "ScanOnPush: ".len();
    let one = diagnostic(
        "scan-on-push",
        "message",
        Span::new(template, start, start + 5),
    );
    let shown = rendered(
        "human",
        &report_of(one, &report),
        &sources,
        &RenderOptions::default(),
    );
    let lines: Vec<_> = shown.lines().collect();
    let line = lines
        .iter()
        .position(|line| line.contains("ScanOnPush: false"))
        .expect("the line");
    let column = |line: &str, what: &str| line.find(what).map(|at| line[..at].chars().count());
    assert_eq!(column(lines[line], "false"), column(lines[line + 1], "─"));
    assert_eq!(lines[line + 1].matches(['─', '┬']).count(), 5);
}

#[test]
fn two_places_of_one_line_are_both_underlined() {
    let mut sources = Sources::default();
    let line = format!("first: {{ {} second: x }}", "a: b, ".repeat(8));
    let span = |word: &str| {
        let start = line.find(word).expect("in the line");
        (start, start + word.len())
    };
    let (first, second) = (span("first"), span("second"));
    let id = sources.add("a.yaml", line.clone());
    let mut one = diagnostic("x", "y", Span::new(id, second.0, second.1));
    one.related = vec![ecrlint::report::Label {
        span: Span::new(id, first.0, first.1),
        message: String::new(),
    }];
    let shown = rendered(
        "human",
        &report(vec![one]),
        &sources,
        &RenderOptions::default(),
    );
    let rows: Vec<_> = shown.lines().collect();
    let row = rows.iter().position(|row| row.ends_with(&line));
    let underlined = rows[row.expect("the line") + 1].matches('─').count();
    assert_eq!(underlined, "first".len() + "second".len(), "{shown}");
}

fn report_of(one: Diagnostic, like: &DraftReport) -> DraftReport {
    DraftReport {
        diagnostics: vec![one],
        ..like.clone()
    }
}

#[test]
fn every_format_tells_of_the_same_number_of_findings() {
    let (report, sources) = sample();
    let findings = counted(&report);
    let sarif = json("sarif");
    assert_eq!(
        sarif["runs"][0]["results"].as_array().map(Vec::len),
        Some(findings)
    );
    assert_eq!(
        json("json")["diagnostics"].as_array().map(Vec::len),
        Some(findings)
    );
    assert_eq!(json("gitlab").as_array().map(Vec::len), Some(findings));
    let text = |name| rendered(name, &report, &sources, &RenderOptions::default());
    assert_eq!(
        text("github")
            .lines()
            .filter(|line| line.starts_with("::"))
            .count(),
        findings
    );
    assert_eq!(
        text("markdown")
            .lines()
            .filter(|line| line.contains("<code>"))
            .count(),
        findings
    );
    let junit = text("junit");
    assert_eq!(
        junit.matches("<failure ").count()
            + junit.matches("<skipped ").count()
            + junit.matches("<system-out>").count(),
        findings
    );
    let human = text("human");
    let titles = human.lines().filter(|line| {
        ["error[", "warning[", "note[", "undetermined["]
            .iter()
            .any(|word| line.starts_with(word))
    });
    assert_eq!(titles.count(), findings);
}

#[test]
fn no_format_lets_an_input_command_the_terminal() {
    let (report, sources) = sample();
    for format in &FORMATS {
        for evidence in [false, true] {
            let options = RenderOptions {
                evidence,
                ..RenderOptions::default()
            };
            let text = rendered(format.name, &report, &sources, &options);
            let unsafe_char =
                |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
            // JSON escapes control characters and is read by programs.
            let program = ["json", "sarif", "gitlab"].contains(&format.name);
            let found = text
                .chars()
                .find(|c| unsafe_char(*c) && !(program && *c > '\u{9f}'));
            assert_eq!(found, None, "in {}", format.name);
        }
    }
}

#[test]
fn no_width_breaks_a_report() {
    let (report, sources) = sample();
    for width in 1..200 {
        for unicode in [false, true] {
            let options = RenderOptions {
                width,
                unicode,
                ..RenderOptions::default()
            };
            let text = rendered("human", &report, &sources, &options);
            assert!(
                text.len() < 60_000,
                "a long line is cropped at width {width}"
            );
            assert_eq!(
                text.lines()
                    .filter(|line| line.contains("[infra/ecr.yaml:14:"))
                    .count(),
                1
            );
        }
    }
}

#[test]
fn source_lines_stay_inside_the_terminal() {
    let (report, sources) = sample();
    for width in 40..160 {
        let options = RenderOptions {
            width,
            ..RenderOptions::default()
        };
        for line in rendered("human", &report, &sources, &options).lines() {
            let numbered =
                line.trim_start().starts_with(|c: char| c.is_ascii_digit()) && line.contains(" │ ");
            assert!(
                !numbered || line.chars().count() <= width,
                "{width}: {line}"
            );
        }
    }
}

#[test]
fn the_json_report_keeps_its_schema() {
    let schema = include_str!("../../schemas/report.json");
    let schema: Value = serde_json::from_str(schema).expect("a schema in JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let (report, sources) = sample();
    for evidence in [false, true] {
        let options = RenderOptions {
            evidence,
            ..RenderOptions::default()
        };
        let json =
            serde_json::from_str(&rendered("json", &report, &sources, &options)).expect("JSON");
        let problems: Vec<_> = validator
            .iter_errors(&json)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(problems, Vec::<String>::new());
    }
    let mut broken = json("json");
    broken["diagnostics"][0]["location"]["start"]["line"] = 0.into();
    assert!(!validator.is_valid(&broken), "lines count from 1");
}

#[test]
fn evidence_lists_every_repository_and_what_is_ignored() {
    let (report, sources) = sample();
    let options = RenderOptions {
        evidence: true,
        ..RenderOptions::default()
    };
    let all: Value =
        serde_json::from_str(&rendered("json", &report, &sources, &options)).expect("JSON");
    let some = json("json");
    let count = |json: &Value, member: &str| json[member].as_array().map(Vec::len);
    assert_eq!(count(&all, "repositories"), Some(report.repositories.len()));
    assert!(count(&some, "repositories") < count(&all, "repositories"));
    assert_eq!(
        count(&all, "diagnostics"),
        count(&some, "diagnostics").map(|count| count + 1)
    );
    assert_eq!(
        all["diagnostics"]
            .to_string()
            .matches("\"ignored\"")
            .count(),
        1
    );
}

#[test]
fn sarif_keeps_its_schema() {
    let validator = sarif::schema();
    let problems: Vec<_> = validator
        .iter_errors(&json("sarif"))
        .map(|error| error.to_string())
        .collect();
    assert_eq!(problems, Vec::<String>::new());
    let mut broken = json("sarif");
    broken["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!validator.is_valid(&broken));
}

#[test]
fn sarif_is_what_github_reads() {
    let sarif = json("sarif");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(
        run["automationDetails"]["id"]
            .as_str()
            .expect("an id")
            .ends_with('/')
    );
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    for rule in rules {
        assert!(
            rule["help"]["text"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        let tags = rule["properties"]["tags"].as_array().expect("tags");
        let score = &rule["properties"]["security-severity"];
        assert_eq!(
            tags.contains(&"security".into()),
            score.is_string(),
            "{rule}"
        );
        assert!(
            score
                .as_str()
                .is_none_or(|score| score.parse::<f32>().is_ok())
        );
    }
    let mut hashes = std::collections::BTreeSet::new();
    for result in run["results"].as_array().expect("results") {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(result["locations"].as_array().map(Vec::len), Some(1));
        let physical = &result["locations"][0]["physicalLocation"];
        assert!(physical["region"]["startLine"].as_u64() >= Some(1));
        let uri = physical["artifactLocation"]["uri"].as_str().expect("a URI");
        assert!(
            !uri.starts_with(['/', '.']) && !uri.contains(' ') && uri.is_ascii(),
            "{uri}"
        );
        let hash = result["partialFingerprints"]["primaryLocationLineHash"].as_str();
        assert!(
            hashes.insert(hash.expect("a hash").to_owned()),
            "hashes tell results apart"
        );
        assert!(result["partialFingerprints"]["ecrlint/v1"].is_string());
    }
}

#[test]
fn sarif_points_at_the_program_when_its_line_is_known() {
    let sarif = json("sarif");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let uri = |place: &Value| place["physicalLocation"]["artifactLocation"]["uri"].clone();
    let traced = results
        .iter()
        .find(|one| uri(&one["locations"][0]) == "lib/app-stack.ts")
        .expect("one");
    assert_eq!(
        uri(&traced["relatedLocations"][0]),
        "cdk.out/App.template.json"
    );
    assert_eq!(
        traced["locations"][0]["logicalLocations"][0]["fullyQualifiedName"],
        "App/Api/Repo"
    );
}

#[test]
fn sarif_never_holds_more_than_github_takes() {
    let (report, sources) = many(25_002);
    let sarif: Value = serde_json::from_str(&rendered(
        "sarif",
        &report,
        &sources,
        &RenderOptions::default(),
    ))
    .expect("JSON");
    let run = &sarif["runs"][0];
    assert_eq!(run["results"].as_array().map(Vec::len), Some(25_000));
    let told = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].as_str();
    assert!(told.is_some_and(|text| text.starts_with("2 findings left out")));
}

#[test]
fn github_shows_ten_of_a_kind_and_counts_the_rest() {
    let (report, sources) = many(25);
    let text = rendered("github", &report, &sources, &RenderOptions::default());
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 10);
    assert_eq!(
        lines[9],
        "::error title=ecrlint::16 more errors: see the summary"
    );
}

/// A report of `count` equal findings in a file of 10,000 lines.
fn many(count: usize) -> (DraftReport, Sources) {
    let mut sources = Sources::default();
    let text = "      ScanOnPush: false # nothing to see here\n".repeat(10_000);
    let line = text.len() / 10_000;
    let id = sources.add("big.yaml", text);
    let findings = (0..count).map(|index| {
        let start = index % 10_000 * line + 18;
        diagnostic(
            "scan-on-push",
            "repository `x` does not scan images",
            Span::new(id, start, start + 5),
        )
    });
    (report(findings.collect()), sources)
}

#[test]
fn the_markdown_summary_stays_below_a_mebibyte() {
    let (report, sources) = many(20_000);
    let text = rendered("markdown", &report, &sources, &RenderOptions::default());
    assert!(text.len() <= 1 << 20);
    assert!(text.trim_end().ends_with("left out: a summary holds 1 MiB"));
}

#[test]
fn the_twenty_first_finding_of_a_rule_takes_two_lines() {
    let (report, sources) = many(21);
    let short = rendered("human", &report, &sources, &RenderOptions::default());
    let last = short.split("\n\n").nth(21);
    let expected = "error[scan-on-push]: repository `x` does not scan images\n  ──▶ big.yaml:21:19";
    assert_eq!(last, Some(expected));
    let options = RenderOptions {
        verbose: true,
        ..RenderOptions::default()
    };
    let full = rendered("human", &report, &sources, &options);
    assert_eq!(full.matches("╭─").count(), 21);
}

#[test]
fn an_undetermined_finding_always_says_why() {
    let (mut report, sources) = many(21);
    for one in &mut report.diagnostics {
        one.verdict = Verdict::Undetermined;
        one.primary.message = "its reason".to_owned();
    }
    for format in &FORMATS {
        let shown = match format.name {
            "github" => 9,
            // It counts findings, and tells of none.
            "summary" => 0,
            _ => 21,
        };
        let text = rendered(format.name, &report, &sources, &RenderOptions::default());
        let reasons = text.matches("because its reason").count()
            + text.matches("because: its reason").count();
        assert!(reasons >= shown, "{} gives {reasons} reasons", format.name);
        assert!(text.contains("undetermined"), "{}", format.name);
    }
}

/// Generous, because tests run unoptimised and next to each other; the benchmarks hold the real limit.
/// Anything that reads a file once a finding takes minutes.
#[test]
fn many_findings_in_a_large_file_take_no_time() {
    let (tall, tall_sources) = many(2_000);
    let mut wide_sources = Sources::default();
    let line = format!("[{}]", "\"é\",".repeat(1_000_000));
    let id = wide_sources.add("wide.json", line);
    let findings =
        (0..2_000).map(|at| diagnostic("x", "y", Span::new(id, 1 + at * 2500, 4 + at * 2500)));
    let wide = report(findings.collect());
    let options = RenderOptions {
        verbose: true,
        ..RenderOptions::default()
    };
    for format in &FORMATS {
        for (report, sources) in [(&tall, &tall_sources), (&wide, &wide_sources)] {
            let start = Instant::now();
            rendered(format.name, report, sources, &options);
            let taken = start.elapsed();
            assert!(
                taken < Duration::from_secs(10),
                "{} took {taken:?}",
                format.name
            );
        }
    }
}

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ -~]{0,30}".prop_map(String::from),
        2 => prop::sample::select(vec!["\n", "\r\n", "\r", "\t", "é", "漢字", "\u{1b}[31m", "\u{202e}", "\u{feff}", "\u{301}", "\n\n", "      "])
            .prop_map(String::from),
        1 => (1usize..700).prop_map(|count| "x y".repeat(count)),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_and_no_span_breaks_a_frame(
        text in texts(),
        spans in prop::collection::vec((0usize..3000, 0usize..400, "[a-z ]{0,60}"), 1..5),
        width in 1usize..200,
        unicode in any::<bool>(),
        color in any::<bool>(),
    ) {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", text.clone());
        // Spans may lie outside the text and inside characters: frames are drawn for any.
        let mut places = spans.iter().map(|(start, length, label)| {
            let start = start % (text.len() + 3);
            ecrlint::report::Label { span: Span::new(id, start, start + length), message: label.clone() }
        });
        let mut one = diagnostic("x", "y", Span::new(id, 0, 0));
        one.primary = places.next().expect("at least one");
        one.related = places.collect();
        let report = report(vec![one]);
        let options = RenderOptions { width, unicode, color, ..RenderOptions::default() };
        for format in &FORMATS {
            let out = rendered(format.name, &report, &sources, &options);
            prop_assert!(out.len() < 60_000);
            prop_assert!(color || !out.contains(char::from(27)));
        }
    }

    #[test]
    fn what_is_underlined_is_the_span(
        lines in prop::collection::vec("[!-~]{1,300}", 1..6),
        line in 0usize..6,
        start in 0usize..300,
        length in 1usize..300,
        width in 40usize..200,
    ) {
        let line = line % lines.len();
        let start = start % lines[line].len();
        let end = (start + length).min(lines[line].len());
        let before: usize = lines[..line].iter().map(|line| line.len() + 1).sum();
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", lines.join("\n"));
        let one = diagnostic("x", "y", Span::new(id, before + start, before + end));
        let options = RenderOptions { width, ..RenderOptions::default() };
        let shown = rendered("human", &report(vec![one]), &sources, &options);
        let place = format!("[a.yaml:{}:{}]", line + 1, start + 1);
        prop_assert!(shown.contains(&place));
        let rows: Vec<_> = shown.lines().collect();
        let row = rows.iter().position(|row| row.starts_with(&format!(" {} │ ", line + 1))).expect("the line");
        let under = rows[row + 1].chars().collect::<Vec<_>>();
        let text = rows[row].chars().zip(under).filter(|(_, under)| *under == '─').map(|(c, _)| c);
        let text: String = text.collect();
        let span = &lines[line][start..end];
        // Of the marks that runners obey, such as `##[`, one character is not shown.
        let is_same = text.chars().zip(span.chars()).all(|(shown, own)| shown == own || shown == '\u{fffd}');
        let (shown_length, length) = (text.chars().count(), span.len());
        let cropped = shown_length < length && rows[row].ends_with('…');
        prop_assert!(is_same && (shown_length == length || cropped), "{span}\n{shown}");
    }
}
