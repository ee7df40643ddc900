//! What findings say: names are marked so that they can be told from prose, and the thing itself is named.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::program::{ecrlint, files, folder, root};
use ecrlint::rules::{Example, ExampleKind, RuleSet};
use rayon::prelude::*;
use serde_json::Value;

/// Code that is meant to begin or end with a space.
const SPACED: [&str; 1] = [": "];

/// A run: the folder, and the arguments behind `check`.
type Run = (PathBuf, Vec<String>);

fn fixtures() -> Vec<Run> {
    let fixtures = root().join("fixtures");
    let run = |folder: &str, names: &[&str]| -> Run {
        let names = names.iter().map(|name| (*name).to_owned());
        (fixtures.join(folder), names.collect())
    };
    let mut runs = vec![run("snapshot", &["shop-dev.ndjson", "answers.json"])];
    for name in [
        "access",
        "broken",
        "cdk-app",
        "cloudformation",
        "example",
        "policies",
        "standard",
    ] {
        runs.push(run(name, &["."]));
    }
    for entry in fs::read_dir(fixtures.join("cdk-shapes/out")).expect("a folder can be read") {
        let path = entry.expect("an entry can be read").path();
        runs.push((path, vec![".".to_owned()]));
    }
    for path in files(&fixtures.join("verdicts")) {
        let name = path
            .file_name()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned();
        let ending = path.extension().is_some_and(|ending| ending == "tsv");
        if ending || name.ends_with(".ecrlint.yaml") {
            continue;
        }
        let parent = path.parent().expect("a file lies in a folder").to_owned();
        let stem = name.rsplit_once('.').map_or(&*name, |(stem, _)| stem);
        let config = format!("{stem}.ecrlint.yaml");
        let mut arguments = vec![name.clone()];
        if parent.join(&config).exists() {
            arguments.extend(["--config".to_owned(), config]);
        }
        runs.push((parent, arguments));
    }
    runs
}

/// The diagnostics of a run, with every rule of both sets.
fn diagnostics(run: &Run) -> Vec<Value> {
    let mut arguments = vec!["check", "-o", "json", "--fail-on", "never"];
    arguments.extend(["--set", "recommended", "--set", "organisation"]);
    let arguments = arguments
        .into_iter()
        .chain(run.1.iter().map(String::as_str));
    let ended = ecrlint(arguments).within(&run.0).ends();
    // A file that cannot be read as one of ours has no report.
    let json: Value = serde_json::from_str(&ended.out).unwrap_or_default();
    json["diagnostics"].as_array().cloned().unwrap_or_default()
}

/// The diagnostics of an example of a rule.
fn judged(example: &Example) -> Vec<Value> {
    let here = tempfile::tempdir().expect("a scratch folder");
    let name = match example.kind {
        ExampleKind::Cloudformation => "a.yaml",
        ExampleKind::Snapshot => "a.ndjson",
    };
    fs::write(here.path().join(name), &example.text).expect("a file can be written");
    let config = example.config.clone().unwrap_or_default();
    fs::write(here.path().join("ecrlint.yaml"), config).expect("a file can be written");
    diagnostics(&(here.path().to_owned(), vec![name.to_owned()]))
}

/// Every text that a person reads in a finding.
fn texts(finding: &Value) -> Vec<&str> {
    let mut texts = Vec::new();
    let mut rest = vec![finding];
    while let Some(value) = rest.pop() {
        rest.extend(value.as_array().into_iter().flatten());
        for (name, member) in value.as_object().into_iter().flatten() {
            let is_prose = ["message", "label", "help", "when", "reason", "title"];
            match member.as_str() {
                Some(text) if is_prose.contains(&name.as_str()) => texts.push(text),
                _ => rest.push(member),
            }
        }
    }
    texts
}

/// What is wrong with the marks of a line; a mark within marked text shows as text that begins or ends with a space,
/// as nothing between two marks, or as a word that a mark runs into.
fn marks(line: &str) -> Option<&'static str> {
    let parts: Vec<_> = line.split('`').collect();
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    if parts.len() % 2 == 0 {
        return Some("a mark without its other one");
    }
    for (index, part) in parts.iter().enumerate() {
        let is_marked = index % 2 == 1;
        if is_marked && part.is_empty() {
            return Some("nothing is marked");
        }
        if is_marked && part.trim() != *part && !SPACED.contains(part) {
            return Some("marked text begins or ends with a space");
        }
        let (before, behind) = (index > 0, index + 1 < parts.len());
        let runs_in =
            before && is_word(part.chars().next()) || behind && is_word(part.chars().next_back());
        if !is_marked && runs_in {
            return Some("a mark runs into a word");
        }
    }
    None
}

#[test]
fn marks_are_told_from_nested_ones() {
    for right in [
        "repository `a` of `b`",
        "no marks",
        "`a`, `b`",
        "text with `: ` in it",
    ] {
        assert_eq!(marks(right), None, "{right}");
    }
    for wrong in [
        "lets `the role `Deploy`` in",
        "lets `role `Deploy` of a` in",
        "name `` is empty",
        "`*`of another",
        "a `mark",
    ] {
        assert!(marks(wrong).is_some(), "{wrong}");
    }
}

#[test]
fn no_text_of_a_finding_has_marks_within_marks() {
    let rules = RuleSet::builtin();
    let examples = rules.iter().flat_map(|rule| {
        let examples = &rule.documentation().examples;
        let all = examples.pass.iter().chain(&examples.fail);
        all.chain(&examples.undetermined)
    });
    let examples: Vec<_> = examples.collect();
    let mut found: Vec<Value> = fixtures().par_iter().flat_map_iter(diagnostics).collect();
    found.extend(
        examples
            .par_iter()
            .flat_map_iter(|one| judged(one))
            .collect::<Vec<_>>(),
    );
    assert!(found.len() > 2000, "{} findings", found.len());
    let mut wrong = BTreeSet::new();
    for finding in &found {
        for line in texts(finding).into_iter().flat_map(str::lines) {
            wrong.extend(marks(line).map(|why| format!("{}: {why}: {line}", finding["rule"])));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The messages of `rule` about these files.
fn messages(rule: &str, files: &[(&str, &str)]) -> Vec<String> {
    let here = folder(files);
    let run = (here.path().to_owned(), vec![".".to_owned()]);
    let all = diagnostics(&run).into_iter();
    let own = all.filter(|one| one["rule"] == rule);
    own.map(|one| one["message"].as_str().expect("a message").to_owned())
        .collect()
}

fn repository(id: &str, name: &str) -> String {
    format!(
        "  {id}:\n    Type: AWS::ECR::Repository\n    Properties: {{ RepositoryName: {name} }}\n"
    )
}

fn template(first: (&str, &str), second: (&str, &str)) -> String {
    let both = repository(first.0, first.1) + &repository(second.0, second.1);
    format!("Parameters: {{ Team: {{ Type: String }} }}\nResources:\n{both}")
}

#[test]
fn a_name_that_is_used_twice_is_reported_with_both_repositories() {
    let plain = template(("First", "team/app"), ("Second", "team/app"));
    let joined = template(
        ("First", "team/app"),
        ("Second", "!Join ['/', [team, app]]"),
    );
    let unknown = template(
        ("First", "!Sub '${Team}/app'"),
        ("Second", "{ 'Fn::Sub': '${Team}/app' }"),
    );
    let record = r#"{"account": "111111111111", "region": "eu-west-1", "repository": {"repositoryName": "team/app", "repositoryArn": "arn:aws:ecr:eu-west-1:111111111111:repository/team/app"}}"#;
    let live = format!("{record}\n{record}\n");
    let named =
        |both: &str| format!("{both} are both named `team/app`, in the same account and region");
    let table: [(&[(&str, &str)], String); 4] = [
        (&[("a.yaml", &plain)], named("`First` and `Second`")),
        (&[("a.yaml", &joined)], named("`First` and `Second`")),
        (
            &[("a.yaml", &unknown)],
            "`First` and `Second` are both named `${Team}/app`, in the same account and region"
                .to_owned(),
        ),
        (
            &[("a.ndjson", &live)],
            named("two live repositories of the inputs"),
        ),
    ];
    for (files, expected) in table {
        let told = messages("name-unique", files);
        assert_eq!(told.first(), Some(&expected), "{told:?} for {files:?}");
    }
}

#[test]
fn a_policy_that_is_not_shown_is_named() {
    let role = |arn: &str| {
        format!(
            "Parameters: {{ Arn: {{ Type: String }} }}\nResources:\n  Deploy:\n    Type: AWS::IAM::Role\n    Properties:\n      \
             ManagedPolicyArns: [{arn}]\n      Policies:\n        - PolicyName: p\n          PolicyDocument:\n            \
             Statement: [{{ Effect: Allow, Action: 'ecr:BatchGetImage', Resource: '*' }}]\n"
        )
    };
    let shop =
        "no input shows what the managed policy `arn:aws:iam::111111111111:policy/shop` allows";
    for (arn, reason) in [
        ("arn:aws:iam::111111111111:policy/shop", shop),
        ("!Sub 'arn:aws:iam::111111111111:policy/shop'", shop),
        (
            "!Join [':', ['arn:aws:iam:', '111111111111', policy/shop]]",
            shop,
        ),
        ("!Ref Arn", "parameter `Arn` has no default"),
        ("{ Ref: Arn }", "parameter `Arn` has no default"),
        ("!ImportValue shop-policy", "no input exports `shop-policy`"),
    ] {
        let template = role(arn);
        let told = messages("pull-incomplete", &[("a.yaml", &template)]);
        let reasons: Vec<_> = told
            .iter()
            .filter_map(|one| one.split_once("because "))
            .collect();
        assert_eq!(
            reasons.first().map(|(_, reason)| *reason),
            Some(reason),
            "{arn}: {told:?}"
        );
    }
}

#[test]
fn somebody_of_an_organisation_is_told_from_another_account() {
    let policy = |principal: &str, condition: &str| {
        format!(
            "Resources:\n  App:\n    Type: AWS::ECR::Repository\n    Properties:\n      RepositoryPolicyText:\n        \
             Statement: [{{ Effect: Allow, Principal: {principal}, Action: 'ecr:PutImage'{condition} }}]\n"
        )
    };
    let bound = ", Condition: { StringEquals: { 'aws:PrincipalOrgID': o-a1b2c3d4e5 } }";
    let unit = ", Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/*' } }";
    for (principal, condition) in [
        ("'*'", bound),
        ("{ AWS: '*' }", bound),
        ("{ AWS: ['*'] }", bound),
        ("'*'", unit),
        ("{ AWS: '*' }", unit),
    ] {
        let template = policy(principal, condition);
        let told = messages("access-cross-account-write", &[("a.yaml", &template)]);
        assert_eq!(told.len(), 1, "{principal}{condition}");
        assert!(
            told[0].contains("organisation") && !told[0].contains("another account"),
            "{told:?}"
        );
    }
}

#[test]
fn a_mark_in_a_name_of_the_user_ends_no_mark_of_ours() {
    let template = "Resources:\n  'A`pp':\n    Type: AWS::ECR::Repository\n    Properties: { ImageTagMutability: MUTABLE }\n";
    let told = messages("scan-on-push", &[("a.yaml", template)]);
    assert_eq!(
        told,
        ["repository `A'pp` does not scan images on push"],
        "{told:?}"
    );
}
