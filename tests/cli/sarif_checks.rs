//! SARIF as GitHub really accepts it (docs.github.com, "SARIF support for code scanning"), in reports without findings,
//! with one, and with more than GitHub takes; and as Microsoft's validator reads it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{ecrlint, folder};
use crate::sarif;

/// A repository without findings, but for what is said of scanning.
fn repository(number: usize, scans: bool) -> String {
    format!(
        "  R{number}:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/r{number}
      ImageTagMutability: IMMUTABLE
      ImageScanningConfiguration: {{ ScanOnPush: {scans} }}
      LifecyclePolicy:
        LifecyclePolicyText: >-
          {{\"rules\":[{{\"rulePriority\":1,\"selection\":{{\"tagStatus\":\"any\",\"countType\":\"imageCountMoreThan\",
          \"countNumber\":9}},\"action\":{{\"type\":\"expire\"}}}}]}}
"
    )
}

fn template(text: &str) -> TempDir {
    folder(&[("a.yaml", &format!("Resources:\n{text}"))])
}

/// Ten thousand repositories, three findings each.
fn many() -> TempDir {
    let folder = tempfile::tempdir().expect("a scratch folder");
    for file in 0..50 {
        let mut text = "Resources:\n".to_owned();
        for number in file * 200..(file + 1) * 200 {
            text.push_str(&format!(
                "  R{number}:\n    Type: AWS::ECR::Repository\n    Properties: {{ RepositoryName: team/r{number} }}\n"
            ));
        }
        fs::write(folder.path().join(format!("t{file}.yaml")), text).expect("it can be written");
    }
    folder
}

fn log(folder: &Path, arguments: &[&str]) -> Value {
    let usual = ["check", "-o", "sarif", "--fail-on", "never"];
    let (code, log) = ecrlint(usual.iter().chain(arguments)).within(folder).json();
    assert_eq!(code, 0);
    log
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no text at {pointer}: {value:#}"))
}

fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Everything that GitHub demands or limits. Returns the number of results.
fn accepted(log: &Value) -> usize {
    assert_eq!(text(log, "/version"), "2.1.0");
    let runs = list(log, "/runs");
    assert!(!runs.is_empty() && runs.len() <= 20);
    let mut count = 0;
    for run in runs {
        assert_eq!(text(run, "/tool/driver/name"), "ecrlint");
        assert!(text(run, "/tool/driver/semanticVersion").split('.').count() >= 3);
        // Without a slash there is no category, and two uploads replace each other.
        assert!(text(run, "/automationDetails/id").ends_with('/'));
        let rules = list(run, "/tool/driver/rules");
        assert!(!rules.is_empty() && rules.len() <= 25_000);
        rules.iter().for_each(rule);
        let results = list(run, "/results");
        assert!(results.len() <= 25_000);
        let mut hashes = BTreeSet::new();
        for one in results {
            result(one, rules);
            let hash = text(one, "/partialFingerprints/primaryLocationLineHash");
            assert!(hashes.insert(hash), "two alerts would become one: {one:#}");
        }
        count += results.len();
    }
    count
}

fn rule(rule: &Value) {
    let id = text(rule, "/id");
    let name = text(rule, "/name");
    let is_pascal = name.chars().all(char::is_alphanumeric) && name.starts_with(char::is_uppercase);
    assert!(is_pascal && name.len() <= 255, "{id}: {name}");
    for pointer in ["/shortDescription/text", "/fullDescription/text"] {
        let length = text(rule, pointer).chars().count();
        assert!(
            (1..=1024).contains(&length),
            "{id}: {pointer} has {length} characters"
        );
    }
    assert!(!text(rule, "/help/text").is_empty(), "{id}");
    assert!(text(rule, "/help/markdown").starts_with("# "), "{id}");
    let page = rule.pointer("/helpUri").and_then(Value::as_str);
    assert!(page.is_none_or(|page| page.starts_with("https://")), "{id}");
    let level = text(rule, "/defaultConfiguration/level");
    assert!(["note", "warning", "error"].contains(&level), "{id}");
    assert!(["very-high", "high", "medium", "low"].contains(&text(rule, "/properties/precision")));
    let tags = list(rule, "/properties/tags");
    // Ten of them are shown.
    assert!(tags.len() <= 10, "{id}");
    let is_security = tags.iter().any(|tag| tag == "security");
    let severity = rule.pointer("/properties/security-severity");
    assert_eq!(is_security, severity.is_some(), "{id}");
    if let Some(severity) = severity {
        let severity: f64 = severity
            .as_str()
            .expect("a string")
            .parse()
            .expect("a number");
        assert!(severity > 0.0 && severity <= 10.0, "{id}");
    }
}

fn result(result: &Value, rules: &[Value]) {
    let index = result["ruleIndex"].as_u64().expect("an index") as usize;
    assert_eq!(rules[index]["id"], result["ruleId"]);
    assert!(["note", "warning", "error"].contains(&text(result, "/level")));
    let message = text(result, "/message/text");
    assert!(!message.is_empty());
    // Only the first location is used.
    let locations = list(result, "/locations");
    assert_eq!(locations.len(), 1);
    location(&locations[0]);
    let related = list(result, "/relatedLocations");
    assert!(related.len() <= 100);
    related.iter().for_each(location);
    for (at, _) in message.match_indices("](") {
        let id = message[at + 2..].split(')').next().expect("a link");
        if let Ok(id) = id.parse::<u64>() {
            assert!(related.iter().any(|one| one["id"] == id), "{message}");
        }
    }
    assert!(
        result.get("suppressions").is_none(),
        "GitHub would show it as open"
    );
}

fn location(location: &Value) {
    let uri = text(location, "/physicalLocation/artifactLocation/uri");
    let is_relative = !uri.starts_with('/') && !uri.contains("://") && !uri.contains('\\');
    assert!(
        is_relative && !uri.split('/').any(|part| part == ".."),
        "{uri}"
    );
    assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{uri}");
    let region = &location["physicalLocation"]["region"];
    let number = |key: &str| region[key].as_u64();
    let (start, end) = (number("startLine").expect("a line"), number("endLine"));
    assert!(start >= 1 && end.is_none_or(|end| end >= start));
    assert!(number("startColumn").is_none_or(|column| column >= 1));
}

#[test]
fn github_accepts_reports_of_every_size() {
    let none = template(&repository(1, true));
    let one = template(&repository(1, false));
    for (folder, count) in [(&none, 0), (&one, 1)] {
        let log = log(folder.path(), &[]);
        assert!(sarif::schema().is_valid(&log));
        assert_eq!(accepted(&log), count);
    }
    let many = many();
    let rules = "scan-on-push,lifecycle-missing,tag-immutability";
    let log = log(many.path(), &["--select", rules]);
    assert_eq!(accepted(&log), 25_000);
    let results = list(&log, "/runs/0/results");
    let grade = |one: &Value| {
        ["error", "warning", "note"]
            .iter()
            .position(|level| one["level"] == *level)
    };
    assert!(results.is_sorted_by_key(grade), "the worst come first");
    assert_eq!(
        results.iter().filter(|one| one["level"] == "error").count(),
        10_000
    );
    let told = text(
        &log,
        "/runs/0/invocations/0/toolExecutionNotifications/0/message/text",
    );
    assert_eq!(
        told,
        "5000 findings left out: GitHub reads 25000 results, and the worst are here"
    );
}

#[test]
fn github_accepts_what_real_inputs_lead_to() {
    for input in [
        "fixtures/cdk-app",
        "fixtures/cloudformation",
        "fixtures/snapshot",
    ] {
        let usual = ["check", input, "-o", "sarif", "--fail-on", "never"];
        let ended = ecrlint(usual).ends();
        let log: Value = serde_json::from_str(&ended.out).expect("SARIF");
        assert!(accepted(&log) > 0, "{input}");
    }
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let body = format!("{}{}", repository(1, false), repository(2, false));
    let (before, moved) = (
        template(&body),
        template(&body.replace("  R1:", "\n  # moved\n\n  R1:")),
    );
    let prints = |folder: &TempDir| {
        let log = log(folder.path(), &[]);
        let results = list(&log, "/runs/0/results").to_vec();
        let lines = results.iter().map(|one| {
            let line = &one["locations"][0]["physicalLocation"]["region"]["startLine"];
            line.as_u64().expect("a line")
        });
        let prints = results.iter().map(|one| one["partialFingerprints"].clone());
        (lines.collect::<Vec<_>>(), prints.collect::<Vec<_>>())
    };
    let ((old_lines, old), (new_lines, new)) = (prints(&before), prints(&moved));
    assert_ne!(old_lines, new_lines);
    assert_eq!(old, new);
}

/// Findings of Microsoft's validator that are not faults: it cannot reach the network, wants ids such as `ECR2001`, messages
/// as identifiers with arguments, the commit that was read, and pieces of the files in the report, which may hold what
/// nobody wants to hand on.
const TASTES: [&str; 6] = [
    "SARIF2002",
    "SARIF2003",
    "SARIF2006",
    "SARIF2009",
    "SARIF2010",
    "SARIF2011",
];

/// The validator from npm, installed where it is not yet. It brings its own runtime.
fn multitool() -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sarif-multitool");
    fs::create_dir_all(&home).expect("a folder");
    let tool = home.join("node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool");
    if !tool.exists() {
        let package = "@microsoft/sarif-multitool@5.7.0";
        let arguments = [
            "install",
            "--no-audit",
            "--no-fund",
            "--prefix",
            ".",
            package,
        ];
        let ended = Command::new("npm")
            .args(arguments)
            .current_dir(&home)
            .status();
        assert!(ended.expect("npm is there").success());
    }
    tool
}

#[test]
#[ignore = "needs npm and the network"]
fn the_validator_of_microsoft_finds_nothing() {
    let tool = multitool();
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let none = template(&repository(1, true));
    let one = template(&repository(1, false));
    let many = many();
    for (name, folder) in [("none", &none), ("one", &one), ("many", &many)] {
        let file = scratch.path().join(format!("{name}.sarif"));
        let found = scratch.path().join(format!("{name}.found.sarif"));
        fs::write(&file, log(folder.path(), &[]).to_string()).expect("it can be written");
        let ended = Command::new(&tool)
            .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
            .args([
                "validate",
                "--rule-kind",
                "Sarif;Gh",
                "--level",
                "Error;Warning;Note",
                "--kind",
                "Fail",
            ])
            .args([
                "--max-file-size-in-kb",
                "100000",
                "--log",
                "ForceOverwrite",
                "-o",
            ])
            .args([&found, &file])
            .stdout(Stdio::null())
            .status();
        assert!(ended.expect("the validator starts").success(), "{name}");
        let found = fs::read_to_string(found).expect("it was written");
        let found: Value =
            serde_json::from_str(found.trim_start_matches('\u{feff}')).expect("SARIF");
        let results = list(&found, "/runs/0/results").iter();
        let faults: Vec<&Value> = results
            .filter(|one| {
                !TASTES
                    .iter()
                    .any(|taste| text(one, "/ruleId").starts_with(taste))
            })
            .collect();
        assert!(faults.is_empty(), "{name}: {faults:#?}");
    }
}

/// The offset of a line and column, both from 1, columns in Unicode scalar values.
fn offset(text: &str, region: &Value, [line, column]: [&str; 2]) -> usize {
    let number = |name: &str| region[name].as_u64().expect("a number") as usize;
    let start: usize = text
        .split_inclusive('\n')
        .take(number(line) - 1)
        .map(str::len)
        .sum();
    let mut chars = text[start..]
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len() - start]);
    start + chars.nth(number(column) - 1).expect("a column of the line")
}

/// A text with the fix of a result made.
fn mended(text: &str, fix: &Value) -> String {
    let changes = list(fix, "/artifactChanges");
    assert_eq!(changes.len(), 1, "{fix:#}");
    let mut mended = text.to_owned();
    // From the end, so that what stands before keeps its place.
    for one in list(&changes[0], "/replacements").iter().rev() {
        let region = &one["deletedRegion"];
        let start = offset(text, region, ["startLine", "startColumn"]);
        let end = offset(text, region, ["endLine", "endColumn"]);
        let new = one.pointer("/insertedContent/text").and_then(Value::as_str);
        mended.replace_range(start..end, new.unwrap_or_default());
    }
    mended
}

const FIXABLE: &str = "\
Resources:
  Äpp:
    Type: AWS::ECR::Repository
    Properties: { RepositoryName: team/ä, Tags: [{ Key: ä😀, Value: b }], ImageScanningConfiguration: { ScanOnPush: false } }
  Pol:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/pol
      RepositoryPolicyText: '{\"Statement\": [{\"Sid\": \"ä😀\", \"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"111111111111\"}, \"Action\": [\"ecr:GetAuthorizationToken\", \"ecr:BatchGetImage\", \"ecr:GetDownloadUrlForLayer\", \"ecr:BatchCheckLayerAvailability\"]}]}'";

#[test]
fn a_fix_is_the_edit_that_ends_its_finding() {
    for text in [FIXABLE.to_owned(), FIXABLE.replace('\n', "\r\n")] {
        let files = folder(&[("a.yaml", &text)]);
        let found = log(files.path(), &[]);
        sarif::schema().validate(&found).expect("it is valid");
        let results = list(&found, "/runs/0/results");
        let fixable: Vec<_> = results
            .iter()
            .filter(|one| one["fixes"].is_array())
            .collect();
        let rules: Vec<_> = fixable
            .iter()
            .map(|one| one["ruleId"].as_str().expect("a rule"))
            .collect();
        assert_eq!(
            rules,
            ["scan-on-push", "scan-on-push", "policy-registry-action"]
        );
        for one in &fixable {
            let fixes = list(one, "/fixes");
            assert_eq!(fixes.len(), 1);
            let uri = self::text(&fixes[0], "/artifactChanges/0/artifactLocation/uri");
            assert_eq!(uri, "a.yaml");
            fs::write(files.path().join("a.yaml"), mended(&text, &fixes[0]))
                .expect("it can be written");
            let left = log(files.path(), &[]);
            let left: Vec<_> = list(&left, "/runs/0/results")
                .iter()
                .map(|one| &one["partialFingerprints"])
                .collect();
            assert_eq!(left.len(), results.len() - 1, "{one:#}");
            assert!(!left.contains(&&one["partialFingerprints"]), "{one:#}");
        }
        // All together they are what the command makes.
        fs::write(files.path().join("a.yaml"), &text).expect("it can be written");
        let ended = ecrlint(["fix", "--write"]).within(files.path()).ends();
        assert_eq!(ended.code, 0, "{}", ended.err);
        let left = log(files.path(), &[]);
        assert!(
            list(&left, "/runs/0/results")
                .iter()
                .all(|one| one["fixes"].is_null())
        );
    }
}

#[test]
fn what_is_not_safe_or_not_written_by_hand_has_no_fix() {
    let found = log(&crate::program::root().join("fixtures/cdk-app"), &[]);
    let results = list(&found, "/runs/0/results");
    assert!(!results.is_empty() && results.iter().all(|one| one["fixes"].is_null()));
    let unsafe_only = FIXABLE.replace("ScanOnPush: false", "ScanOnPush: !Ref Scan");
    let unsafe_only = unsafe_only.split("  Pol:").next().expect("a part");
    let unsafe_only =
        format!("Parameters: {{ Scan: {{ Type: String, Default: 'false' }} }}\n{unsafe_only}");
    let files = folder(&[("a.yaml", &unsafe_only)]);
    let found = log(files.path(), &[]);
    let results = list(&found, "/runs/0/results");
    assert!(
        results.iter().any(|one| one["ruleId"] == "scan-on-push"),
        "{found:#}"
    );
    assert!(
        results.iter().all(|one| one["fixes"].is_null()),
        "{found:#}"
    );
}
