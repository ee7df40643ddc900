//! Every format of one run: the same code, the same findings, its own schema.

use std::collections::{BTreeMap, BTreeSet};

use ecrlint::render::FORMATS;
use serde_json::Value;

use crate::program::{ecrlint, folder, root};
use crate::sarif;

const CLEAN: &str = "fixtures/cloudformation/clean.yaml";
const FAULTY: &str = "fixtures/example/registry.yaml";
const BROKEN: &str = "fixtures/broken/tabs.yaml";

/// Inputs with little and with much to tell.
const INPUTS: [&str; 6] = [
    CLEAN,
    FAULTY,
    BROKEN,
    "fixtures/cloudformation",
    "fixtures/cdk-app/cdk.out",
    "fixtures/cloudformation/powershell.yaml",
];

#[test]
fn every_format_ends_with_the_same_code() {
    for (input, code) in [(CLEAN, 0), (FAULTY, 1), (BROKEN, 2)] {
        for format in &FORMATS {
            let ended = ecrlint(["check", input, "--output", format.name]).ends();
            assert_eq!(ended.code, code, "{input} as {}", format.name);
            assert_eq!(ended.err, "", "reports are data, not talk");
        }
    }
}

#[test]
fn one_run_writes_every_report_that_was_asked_for() {
    let here = folder(&[]);
    let file = |name: &str| here.path().join(name);
    let mut arguments = vec!["check".to_owned(), FAULTY.to_owned()];
    arguments.extend(["--output".to_owned(), "human".to_owned()]);
    for format in &FORMATS {
        let path = file(format.name);
        arguments.extend([
            "--output".to_owned(),
            format!("{}={}", format.name, path.display()),
        ]);
    }
    let ended = ecrlint(&arguments).ends();
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    for format in &FORMATS {
        let alone = ecrlint(["check", FAULTY, "--output", format.name]).ends();
        let written = std::fs::read_to_string(file(format.name)).expect("the file is written");
        assert_eq!(written, alone.out, "{}", format.name);
    }
    assert_eq!(ended.out, ecrlint(["check", FAULTY]).ends().out);
}

#[test]
fn a_file_is_never_coloured() {
    let here = folder(&[]);
    let path = here.path().join("report.txt");
    let output = format!("human={}", path.display());
    ecrlint(["check", FAULTY, "--color", "always", "-o", &output]).ends();
    let written = std::fs::read_to_string(path).expect("the file is written");
    assert!(!written.is_empty() && !written.contains('\u{1b}'));
}

#[test]
fn a_report_that_cannot_be_written_fails_the_run() {
    for input in [CLEAN, FAULTY] {
        let ended = ecrlint(["check", input, "-o", "json=no/such/folder/report.json"]).ends();
        assert_eq!(ended.code, 2);
        let start = "error: cannot write `no/such/folder/report.json`: ";
        assert!(ended.err.starts_with(start), "{}", ended.err);
    }
}

#[test]
fn all_formats_count_the_same_findings() {
    for input in INPUTS {
        let text = |format: &str| ecrlint(["check", input, "-o", format]).ends().out;
        let json: Value = serde_json::from_str(&text("json")).expect("JSON");
        let findings = json["diagnostics"].as_array().expect("a list").len();
        let sarif: Value = serde_json::from_str(&text("sarif")).expect("JSON");
        let gitlab: Value = serde_json::from_str(&text("gitlab")).expect("JSON");
        let summed: u64 = ["errors", "warnings", "notes", "undetermined", "unreadable"]
            .iter()
            .map(|name| json["summary"][name].as_u64().expect("a count"))
            .sum();
        let junit = text("junit");
        let counts = BTreeMap::from([
            ("summary", usize::try_from(summed).expect("a small number")),
            (
                "sarif",
                sarif["runs"][0]["results"]
                    .as_array()
                    .expect("a list")
                    .len(),
            ),
            ("gitlab", gitlab.as_array().expect("a list").len()),
            (
                "junit",
                junit.matches("<failure ").count()
                    + junit.matches("<skipped ").count()
                    + junit.matches("<system-out>").count(),
            ),
        ]);
        for (name, count) in counts {
            assert_eq!(count, findings, "{input}: {name}");
        }
        // Formats that people read tell of causes, which their last line counts.
        let human = text("human");
        let causes = titles(&human);
        assert_eq!(annotated(&text("github")), causes, "{input}: github");
        let told = format!("({causes} cause");
        assert_eq!(human.contains(&told), causes < findings, "{input}: human");
    }
}

/// Findings that annotations tell of: GitHub shows ten of a kind, so the tenth counts the rest.
fn annotated(github: &str) -> usize {
    let annotations = github.lines().filter(|line| line.starts_with("::"));
    let told = |line: &str| {
        let rest = line.split_once(" title=ecrlint::")?.1;
        rest.split_once(" more ")?.0.parse().ok()
    };
    annotations.map(|line| told(line).unwrap_or(1)).sum()
}

fn titles(human: &str) -> usize {
    let words = ["error[", "warning[", "note[", "undetermined["];
    let is_title = |line: &&str| words.iter().any(|word| line.starts_with(word));
    human.lines().filter(is_title).count()
}

#[test]
fn json_keeps_its_schema_on_every_input() {
    let schema = include_str!("../../schemas/report.json");
    let schema = serde_json::from_str(schema).expect("a schema in JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for input in INPUTS {
        for more in [&[][..], &["--evidence"], &["--set", "organisation"]] {
            let arguments = ["check", input, "-o", "json"].into_iter();
            let arguments = arguments.chain(more.iter().copied());
            let (_, report) = ecrlint(arguments).json();
            let problems = validator
                .iter_errors(&report)
                .map(|error| error.to_string());
            assert_eq!(
                problems.collect::<Vec<_>>(),
                Vec::<String>::new(),
                "{input}"
            );
        }
    }
}

#[test]
fn sarif_keeps_its_schema_on_every_input() {
    let validator = sarif::schema();
    for input in INPUTS {
        let (_, sarif) = ecrlint(["check", input, "-o", "sarif"]).json();
        let problems = validator.iter_errors(&sarif).map(|error| error.to_string());
        assert_eq!(
            problems.collect::<Vec<_>>(),
            Vec::<String>::new(),
            "{input}"
        );
    }
}

#[test]
fn sarif_says_what_code_scanning_needs() {
    for input in INPUTS {
        let (_, sarif) = ecrlint(["check", input, "-o", "sarif"]).json();
        assert_eq!(sarif["version"], "2.1.0");
        let run = &sarif["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        let mut fingerprints = Vec::new();
        for result in run["results"].as_array().expect("results") {
            let rule = result["ruleIndex"].as_u64().map(|index| index as usize);
            let rule = rule.and_then(|index| rules.get(index)).expect("its rule");
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(
                result["message"]["text"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty())
            );
            let locations = result["locations"].as_array().expect("places");
            assert_eq!(locations.len(), 1, "code scanning shows the first");
            let place = &locations[0]["physicalLocation"];
            assert!(place["region"]["startLine"].as_u64() >= Some(1));
            is_relative(place["artifactLocation"]["uri"].as_str().expect("a URI"));
            fingerprints.push(result["partialFingerprints"].to_string());
        }
        let found = fingerprints.len();
        fingerprints.sort();
        fingerprints.dedup();
        assert_eq!(
            fingerprints.len(),
            found,
            "{input}: no two findings are one"
        );
    }
}

fn is_relative(uri: &str) {
    assert!(
        !uri.contains(':')
            && !uri.starts_with('/')
            && !uri.starts_with("..")
            && !uri.contains('\\'),
        "{uri} is not relative"
    );
}

#[test]
fn places_in_the_checkout_are_relative_however_they_were_named() {
    let folder = root().join("fixtures/cdk-app");
    let absolute = root().join(FAULTY);
    let absolute = absolute.to_str().expect("a path in Unicode");
    for (within, input) in [
        (root(), absolute),
        (root(), "./fixtures/../fixtures/example/registry.yaml"),
        (root(), FAULTY),
    ] {
        let (_, sarif) = ecrlint(["check", input, "-o", "sarif"])
            .within(within)
            .json();
        assert_eq!(uris(&sarif), [FAULTY], "{input}");
        let (_, gitlab) = ecrlint(["check", input, "-o", "gitlab"])
            .within(within)
            .json();
        assert_eq!(gitlab[0]["location"]["path"], FAULTY);
        let github = ecrlint(["check", input, "-o", "github"])
            .within(within)
            .ends()
            .out;
        assert!(github.contains(&format!("file={FAULTY},")), "{github}");
    }
    let (_, sarif) = ecrlint(["check", "-o", "sarif"]).within(folder).json();
    for uri in uris(&sarif) {
        is_relative(&uri);
        assert!(
            root().join("fixtures/cdk-app").join(&uri).is_file(),
            "{uri}"
        );
    }
}

fn uris(sarif: &Value) -> Vec<String> {
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let place = |result: &Value| {
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        place.as_str().expect("a URI").to_owned()
    };
    let mut uris: Vec<_> = results.iter().map(place).collect();
    uris.dedup();
    uris
}

#[test]
fn junit_is_xml_and_markdown_a_table() {
    for input in INPUTS {
        let junit = ecrlint(["check", input, "-o", "junit"]).ends().out;
        assert!(
            junit.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
            "{junit}"
        );
        assert!(balanced(&junit), "{junit}");
        let markdown = ecrlint(["check", input, "-o", "markdown"]).ends().out;
        assert!(markdown.starts_with("## ecrlint: "), "{markdown}");
    }
}

/// Whether every element that begins ends, in the right order.
fn balanced(xml: &str) -> bool {
    let mut open = Vec::new();
    for tag in xml.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap_or((tag, ""));
        if tag.starts_with(['?', '!']) || tag.ends_with('/') {
            continue;
        }
        match tag.strip_prefix('/') {
            Some(name) if open.pop() == Some(name) => {}
            Some(_) => return false,
            None => open.push(tag.split_whitespace().next().unwrap_or(tag)),
        }
    }
    open.is_empty()
}

/// Repositories of one name in two stacks, with findings of every severity and one that cannot be decided.
const TWICE: &str = "\
Parameters: { Scan: { Type: String } }
Resources:
  A: { Type: AWS::ECR::Repository, Properties: { RepositoryName: team/app } }
  B: { Type: AWS::ECR::Repository, Properties: { RepositoryName: team/app, ImageScanningConfiguration: { ScanOnPush: !Ref Scan } } }
  C: { Type: AWS::ECR::Repository, Properties: { RepositoryName: \"team/app #2\" } }
";

/// Every case of a JUnit report, as its own model has it: class, name, and how it ended.
fn cases(junit: &str) -> Vec<(String, String, &'static str)> {
    let report = quick_junit::Report::deserialize_from_str(junit).expect("a JUnit report");
    let suites = report.test_suites.iter();
    let cases = suites.flat_map(|suite| {
        assert_eq!(suite.tests, suite.test_cases.len(), "{junit}");
        suite.test_cases.iter()
    });
    let read = cases.map(|case| {
        let end = match &case.status {
            quick_junit::TestCaseStatus::Success { .. } => "passed",
            quick_junit::TestCaseStatus::Skipped { .. } => "skipped",
            quick_junit::TestCaseStatus::NonSuccess { .. } => "failed",
        };
        let class = case.classname.as_ref().map(|class| class.to_string());
        (class.unwrap_or_default(), case.name.to_string(), end)
    });
    read.collect()
}

#[test]
fn what_fails_the_run_is_a_failed_case_and_nothing_else() {
    let folder = folder(&[("a.yaml", TWICE), ("b.yaml", TWICE)]);
    let run = |arguments: &[&str]| {
        let all = ["check", "."].iter().chain(arguments);
        ecrlint(all).within(folder.path()).ends()
    };
    for arguments in [
        &[][..],
        &["--fail-on", "warning"],
        &["--fail-on", "note"],
        &["--fail-on", "never"],
        &["--undetermined", "error"],
        &["--select", "naming"],
    ] {
        let json = run(&[&["-o", "json"], arguments].concat());
        let report: Value = serde_json::from_str(&json.out).expect("JSON");
        let least = match arguments {
            ["--fail-on", "never"] => &[][..],
            ["--fail-on", "note"] => &["error", "warning", "note"],
            ["--fail-on", "warning"] => &["error", "warning"],
            _ => &["error"],
        };
        let found = report["diagnostics"].as_array().expect("a list").iter();
        let failing = found.filter(|one| least.contains(&one["severity"].as_str().expect("one")));
        let junit = run(&[&["-o", "junit"], arguments].concat());
        let cases = cases(&junit.out);
        let failed = cases.iter().filter(|(.., end)| *end == "failed").count();
        assert_eq!(failed, failing.count(), "{arguments:?}: {}", junit.out);
        assert_eq!(failed > 0, junit.code == 1, "{arguments:?}: {}", junit.out);
        let names: BTreeSet<_> = cases.iter().map(|(class, name, _)| (class, name)).collect();
        assert_eq!(names.len(), cases.len(), "{}", junit.out);
    }
    let broken = ecrlint(["check", "-", "-o", "junit", "--fail-on", "never"]);
    let broken = broken.given("Resources: [").ends();
    assert_eq!(cases(&broken.out).len(), 1, "{broken:?}");
    assert_eq!(cases(&broken.out)[0].2, "failed", "{broken:?}");
}

/// What GitLab's parser asks of an issue, and the severities that it documents.
#[test]
fn gitlab_gets_what_its_parser_asks_for() {
    let schema = serde_json::json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": { "type": "string", "minLength": 1 },
                "check_name": { "type": "string", "minLength": 1 },
                "fingerprint": { "type": "string", "minLength": 1 },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": { "type": "string", "pattern": "^[^/.]" },
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": { "begin": { "type": "integer", "minimum": 1 } }
                        }
                    }
                }
            }
        }
    });
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let folder = folder(&[
        ("a.yaml", TWICE),
        ("b.yaml", TWICE),
        ("c.yaml", "Resources: ["),
    ]);
    for path in [".", "a.yaml", "./b.yaml", "c.yaml"] {
        let run = ecrlint(["check", path, "-o", "gitlab"]).within(folder.path());
        let (_, report) = run.json();
        let wrong: Vec<_> = validator
            .iter_errors(&report)
            .map(|one| one.to_string())
            .collect();
        assert_eq!(wrong, [""; 0], "{report}");
        let issues = report.as_array().expect("a list");
        let prints: BTreeSet<_> = issues
            .iter()
            .map(|one| one["fingerprint"].as_str())
            .collect();
        assert_eq!(prints.len(), issues.len(), "{report}");
    }
}

/// A policy that lets somebody do something, and the rules and scores that it breaks and gets.
#[test]
#[expect(clippy::too_many_lines, reason = "a table, with a row for each case")]
fn security_severity_follows_what_can_happen() {
    let template = |principal: &str, action: &str| {
        format!(
            "Resources:\n  App:\n    Type: AWS::ECR::Repository\n    Properties:\n      RepositoryName: team/app\n      \
             RepositoryPolicyText:\n        Version: '2012-10-17'\n        Statement:\n          \
             - {{ Effect: Allow, Principal: {principal}, Action: {action} }}\n"
        )
    };
    let other = "{ AWS: 'arn:aws:iam::222222222222:root' }";
    let config = "organisation: { environments: { dev: { account: \"111111111111\" } } }\n";
    let worst = |text: &str| {
        let folder = folder(&[("a.yaml", text), ("ecrlint.yaml", config)]);
        let run = [
            "check",
            "a.yaml",
            "-o",
            "sarif",
            "--environment",
            "dev",
            "--set",
            "recommended",
        ];
        let run = ecrlint(run.iter().chain(&["--select", "access"]));
        let (_, sarif) = run.within(folder.path()).json();
        let rules = &sarif["runs"][0]["tool"]["driver"]["rules"];
        let results = sarif["runs"][0]["results"]
            .as_array()
            .expect("a list")
            .iter();
        let scores = results.filter_map(|result| {
            let index = result["ruleIndex"]
                .as_u64()
                .and_then(|index| usize::try_from(index).ok());
            let score = &rules[index?]["properties"]["security-severity"];
            score.as_str()?.parse::<f32>().ok()
        });
        scores.fold(0.0, f32::max)
    };
    for (principal, action, least, below) in [
        ("'*'", "ecr:PutImage", 9.0, 10.1),
        ("{ AWS: '*' }", "'ecr:*'", 9.0, 10.1),
        (other, "ecr:PutImage", 9.0, 10.1),
        (other, "[ecr:BatchDeleteImage]", 9.0, 10.1),
        (
            "'*'",
            "[ecr:BatchGetImage, ecr:GetDownloadUrlForLayer]",
            8.0,
            9.0,
        ),
        (
            other,
            "[ecr:BatchGetImage, ecr:GetDownloadUrlForLayer]",
            4.0,
            8.0,
        ),
    ] {
        let score = worst(&template(principal, action));
        assert!(
            (least..below).contains(&score),
            "{principal} {action}: {score}"
        );
    }
    // Who lacks a permission endangers nobody.
    let lacking = ecrlint(["check", "-", "-o", "sarif", "--set", "organisation"]).given(TWICE);
    let (_, sarif) = lacking.json();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .expect("a list");
    for id in [
        "pull-incomplete",
        "push-incomplete",
        "auth-token-missing",
        "auth-token-scope",
        "sharing-incomplete",
    ] {
        let rule = rules
            .iter()
            .find(|rule| rule["id"] == id)
            .expect("it is on");
        assert_eq!(rule["properties"].get("security-severity"), None, "{id}");
        let tags = rule["properties"]["tags"].as_array().expect("a list");
        assert!(!tags.contains(&"security".into()), "{id}");
    }
}
