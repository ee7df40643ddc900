//! Every finding on every fixture leads to the text that it complains about.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Run, ecrlint, files, root};

/// Where the value of a rule can stand although its message does not name it.
///
/// A finding about something absent stands at what would hold it: the key `Properties`, the resource's
/// logical id, or a key that the rule is about. Every other finding has to name what stands there.
const SPOKEN_OF: &[(&str, &[&str])] = &[
    ("deletion-policy", &["EmptyOnDelete", "true"]),
    ("empty-on-delete", &["EmptyOnDelete", "true", "false"]),
    ("kms-customer-key", &["EncryptionConfiguration", "AES256"]),
    (
        "lifecycle-missing",
        &["LifecyclePolicy", "LifecyclePolicyText"],
    ),
    // The value that decides what is kept instead.
    (
        "lifecycle-retention",
        &["5", r#"[\"release-*\",\"hotfix-*\"]"#],
    ),
    ("required-tags", &["Tags"]),
    (
        "scan-on-push",
        &["ImageScanningConfiguration", "ScanOnPush", "false"],
    ),
    ("tag-immutability", &["MUTABLE"]),
];

/// Rules whose findings stand at a text, of which this is a part.
const PARTS: &[(&str, &str)] = &[
    ("auth-token-scope", "Fn::GetAtt"),
    ("encryption-invalid", "Key"),
    ("lifecycle-dead-rule", "\"v1.*\""),
    ("lifecycle-tag-list-and", "hotfix-"),
    ("mutability-invalid", "EXCLUSION"),
    // About the only statement that gives part of what is needed.
    ("push-incomplete", "\"ecr:PutImage\""),
    ("sharing-excess", "\"ecr:"),
    // About all statements together: what is missing stands in none of them.
    ("sharing-incomplete", "\"Statement\""),
];

/// Rules about who is let in: what stands there is the principal, the condition's value or the resource.
const WILDCARDS: &[&str] = &[
    "access-public",
    "access-org-condition",
    "kms-key-public",
    "policy-resource-element",
];

/// Base names of what is declared and not built: the message says the whole name.
const DECLARED: &[&str] = &["payments-reconciliation"];

/// One check: the folder it runs in, and what is checked.
fn checks() -> Vec<(PathBuf, Run)> {
    let sets = [
        "--set",
        "recommended",
        "--set",
        "organisation",
        "-o",
        "json",
    ];
    let mut inputs: Vec<(PathBuf, PathBuf)> = Vec::new();
    for folder in ["fixtures/cloudformation", "fixtures/example"] {
        let templates = files(&root().join(folder)).into_iter();
        inputs.extend(templates.map(|path| (root().to_owned(), path)));
    }
    inputs.push((root().join("fixtures/cdk-app"), PathBuf::from("cdk.out")));
    let run = |(folder, input): (PathBuf, PathBuf)| {
        let shown = input.strip_prefix(root()).unwrap_or(&input);
        let arguments = ["check".as_ref(), shown.as_os_str()];
        let arguments = arguments.into_iter().chain(sets.map(AsRef::as_ref));
        let run = ecrlint(arguments).within(&folder);
        (folder, run)
    };
    inputs.into_iter().map(run).collect()
}

/// The text of a file as people see it, whatever its encoding.
fn text(path: &Path) -> String {
    let bytes = std::fs::read(path).expect("a reported file can be read");
    match bytes.strip_prefix(b"\xff\xfe") {
        Some(wide) => {
            let units = wide
                .chunks_exact(2)
                .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            String::from_utf16(&units.collect::<Vec<_>>()).expect("UTF-16")
        }
        None => {
            let text = String::from_utf8(bytes).expect("UTF-8");
            text.trim_start_matches('\u{feff}').to_owned()
        }
    }
}

/// Offset of a position, counted by hand.
fn offset(text: &str, position: &Value) -> usize {
    let number = |name: &str| position[name].as_u64().expect("a number") as usize;
    let (line, column) = (number("line"), number("column"));
    let start: usize = text
        .split_inclusive('\n')
        .take(line - 1)
        .map(str::len)
        .sum();
    let columns = text[start..].char_indices().map(|(at, _)| at);
    let mut columns = columns.chain([text.len() - start]);
    start + columns.nth(column - 1).expect("a column of the line")
}

/// The text at a place of the report.
fn excerpt(folder: &Path, location: &Value) -> String {
    let text = text(&folder.join(location["path"].as_str().expect("a path")));
    let (start, end) = (
        offset(&text, &location["start"]),
        offset(&text, &location["end"]),
    );
    text[start..end].to_owned()
}

/// A scalar without its quotes, those of JSON within JSON included.
fn unquoted(excerpt: &str) -> &str {
    let pairs = [("\\\"", "\\\""), ("\"", "\""), ("'", "'")];
    let inner = pairs
        .iter()
        .find_map(|(open, close)| excerpt.strip_prefix(open)?.strip_suffix(close));
    inner.unwrap_or(excerpt)
}

/// Texts between backticks.
fn named(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

/// Whether a message names the account that a principal belongs to.
fn names_account(message: &str, principal: &str) -> bool {
    let mut words = message.split(|char: char| !char.is_ascii_digit());
    words.any(|word| word.len() == 12 && principal.contains(word)) && principal.lines().count() == 1
}

fn spoken_of(rule: &str, value: &str) -> bool {
    let words = SPOKEN_OF.iter().find(|(id, _)| *id == rule);
    words.is_some_and(|(_, words)| words.contains(&value))
        || PARTS
            .iter()
            .any(|(id, part)| *id == rule && value.contains(part))
        || (WILDCARDS.contains(&rule) && value.contains('*'))
        || (rule == "declared-repository-missing" && DECLARED.contains(&value))
}

/// Whether the text at the place is what the finding speaks of.
fn is_meant(finding: &Value, excerpt: &str) -> bool {
    let rule = finding["rule"].as_str().expect("a rule");
    let message = finding["message"].as_str().expect("a text");
    let value = unquoted(excerpt);
    let id = finding["subject"]["logical_id"].as_str();
    if named(message).contains(&value) || id == Some(value) || value == "Properties" {
        return true;
    }
    if finding["verdict"] == "undetermined" {
        // What cannot be known is a function, and the reason names what it depends on, or a value
        // whose meaning depends on something that is named.
        let depends = named(message)
            .into_iter()
            .skip(1)
            .any(|name| value.contains(name));
        return depends || message.contains(" is not known");
    }
    spoken_of(rule, value) || names_account(message, value)
}

#[test]
fn every_place_holds_what_the_finding_speaks_of() {
    let (mut findings, mut strange) = (0, Vec::new());
    for (folder, run) in checks() {
        let (_, report) = run.json();
        for finding in report["diagnostics"].as_array().expect("a list") {
            let excerpt = excerpt(&folder, &finding["location"]);
            findings += 1;
            if excerpt.trim().is_empty() || !is_meant(finding, &excerpt) {
                let (rule, message) = (&finding["rule"], &finding["message"]);
                strange.push(format!("{excerpt:?} by {rule}: {message}"));
            }
        }
    }
    assert!(
        strange.is_empty(),
        "not what is meant:\n{}",
        strange.join("\n")
    );
    assert!(
        findings > 100,
        "the fixtures have faults, and only {findings} were found"
    );
}

#[test]
fn what_is_missing_is_missed_in_its_own_resource() {
    for (folder, run) in checks() {
        let (_, report) = run.json();
        for finding in report["diagnostics"].as_array().expect("a list") {
            let location = &finding["location"];
            let Some(id) = finding["subject"]["logical_id"].as_str() else {
                continue;
            };
            if unquoted(&excerpt(&folder, location)) != "Properties" {
                continue;
            }
            let text = text(&folder.join(location["path"].as_str().expect("a path")));
            let before = &text[..offset(&text, &location["start"])];
            assert_eq!(owner(before), Some(id), "{finding}");
        }
    }
}

/// The last key before a resource's `Properties` that is indented less than it.
fn owner(before: &str) -> Option<&str> {
    let lines: Vec<&str> = before.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(lines.last()?).max(lines.last()?.len());
    let above = lines.iter().rev().skip(1);
    let key = above
        .filter(|line| !line.trim().is_empty())
        .find(|line| indent(line) < own)?;
    key.trim()
        .split(':')
        .next()
        .map(|key| key.trim_matches('"'))
}

#[test]
fn every_related_place_holds_something() {
    let mut places = 0;
    for (folder, run) in checks() {
        let (_, report) = run.json();
        for finding in report["diagnostics"].as_array().expect("a list") {
            for related in finding["related"].as_array().expect("a list") {
                let excerpt = excerpt(&folder, &related["location"]);
                assert!(
                    !excerpt.trim().is_empty(),
                    "nothing stands there: {finding}"
                );
                places += 1;
            }
        }
    }
    assert!(places > 0, "some findings have more than one place");
}

#[test]
fn a_declared_number_is_shown_where_it_is_declared() {
    let run = ecrlint(["check", "-o", "json"]).within(root().join("fixtures/cdk-app"));
    let (_, report) = run.json();
    let folder = root().join("fixtures/cdk-app");
    let findings = report["diagnostics"].as_array().expect("a list").iter();
    let retentions = findings.filter(|one| one["rule"] == "lifecycle-retention");
    let mut seen = 0;
    for finding in retentions {
        let message = finding["message"].as_str().expect("a text");
        // The declaring line is where the finding has to be repaired, so it comes first.
        let declared = &finding["source_location"];
        assert_eq!(declared["path"], "cdk.json");
        let line = declared["line"].as_u64().expect("a line");
        let line = usize::try_from(line).expect("a line") - 1;
        let text = text(&folder.join("cdk.json"));
        let line = text.lines().nth(line).expect("a line of the file");
        let number = line.rsplit(' ').next().expect("a value");
        let number = number.trim_end_matches(',');
        assert!(
            message.contains(&format!("its {number} newest images")),
            "{message}: {line}"
        );
        seen += 1;
    }
    assert!(seen > 2);
}

/// The human report underlines the same text that the JSON report names.
#[test]
fn the_frame_shows_the_line_that_the_report_names() {
    let (_, report) = ecrlint(["check", "fixtures/example", "-o", "json"]).json();
    let human = ecrlint(["check", "fixtures/example"]).ends().out;
    for finding in report["diagnostics"].as_array().expect("a list") {
        let location = &finding["location"];
        let (path, start) = (
            location["path"].as_str().expect("a path"),
            &location["start"],
        );
        let place = format!("[{path}:{}:{}]", start["line"], start["column"]);
        assert!(human.contains(&place), "{place}");
        let text = text(&root().join(path));
        let number = start["line"].as_u64().expect("a line") as usize;
        let line = text.lines().nth(number - 1).expect("the line");
        // What does not fit into the width is cut on either side.
        let gutter = format!(" {number} │ ");
        let shown = human
            .lines()
            .filter_map(|shown| shown.trim_start().strip_prefix(gutter.trim_start()));
        let shown: Vec<_> = shown.map(|shown| shown.trim_matches('…')).collect();
        assert!(
            shown
                .iter()
                .any(|shown| shown.len() > 20 && line.contains(shown)),
            "{line}: {shown:?}"
        );
    }
}

const ONE_LINE: &str = r#"{"context":{"ecr":{"api":{"use_kms_key":true,"images_retained":10},"web":{"images_retained":5}}}}"#;

/// Of a declaration in a file of one line, as programs write it, not all of the line is meant.
#[test]
fn what_is_declared_is_underlined_and_no_more() {
    let config = "organisation:\n  prefix: acme\n  app: shop\n  environments:\n    \
        dev: { account: '111111111111', region: eu-west-1 }\n  \
        repositories: { from: 'cdk.json#/context/ecr' }\nsets: [organisation]\n";
    let template = r#"{"Resources":{"Api":{"Type":"AWS::ECR::Repository","Properties":{"RepositoryName":"acme-shop-api"},"Metadata":{"aws:cdk:path":"Shop/Api/Resource"}}}}"#;
    let manifest = r#"{"version":"39.0.0","artifacts":{"Shop":{"type":"aws:cloudformation:stack","environment":"aws://111111111111/eu-west-1","properties":{"templateFile":"Shop.template.json"}}}}"#;
    let here = crate::program::folder(&[
        ("cdk.json", ONE_LINE),
        ("ecrlint.yaml", config),
        ("cdk.out/cdk.out", r#"{"version":"39.0.0"}"#),
        ("cdk.out/manifest.json", manifest),
        ("cdk.out/Shop.template.json", template),
    ]);
    let select = ["check", "--select", "kms-customer-key,lifecycle-missing"];
    let shown = ecrlint(select).within(here.path()).ends().out;
    // `true` and `10`, each with its words behind it or below it.
    for width in [4, 2] {
        let line = "─".repeat(width);
        let holds = shown.lines().any(|it| {
            let it = it.trim_start_matches([' ', '·']);
            it == format!("{line} declared here")
        });
        assert!(holds, "{width}: {shown}");
    }
}
