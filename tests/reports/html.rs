//! The page for browsers: what it allows itself, and what it says without a script.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::program::ecrlint;

fn page(path: &str) -> String {
    let ended = ecrlint(["check", path, "--output", "html", "--fail-on", "never"]).ends();
    assert_eq!(ended.code, 0, "{}", ended.err);
    ended.out
}

/// What stands between two texts.
fn between<'t>(text: &'t str, before: &str, behind: &str) -> &'t str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("{before}"));
    rest.split_once(behind)
        .unwrap_or_else(|| panic!("{behind}"))
        .0
}

#[test]
fn the_policy_allows_the_own_style_and_script_and_nothing_else() {
    let page = page("fixtures/example");
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let style = hash(between(&page, "<style>", "</style>"));
    let script = hash(between(&page, "<script>", "</script>"));
    let policy = between(
        &page,
        "http-equiv=\"Content-Security-Policy\" content=\"",
        "\"",
    );
    let expected = format!(
        "default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"
    );
    assert_eq!(policy.replace("&#39;", "'"), expected);
    // No attribute needs more than that.
    let markup = between(&page, "<body>", "<script");
    for attribute in [" style=", " onclick=", " onload=", " src="] {
        assert!(!markup.contains(attribute), "{attribute}");
    }
}

#[test]
fn all_is_said_without_a_script() {
    let page = page("fixtures/example");
    let markup = between(&page, "<body>", "<script");
    assert_eq!(markup.matches("<article class=\"finding\">").count(), 3);
    assert!(
        markup.contains("ScanOnPush: <mark>false</mark>"),
        "{markup}"
    );
    assert!(
        markup.contains("2 errors, 1 warning in 3 repositories"),
        "{markup}"
    );
    assert!(
        markup.contains("66 % (2 of 3)"),
        "two of three repositories are scanned: {markup}"
    );
}

#[test]
fn the_data_has_every_repository_and_one_letter_for_each_verdict() {
    let page = page("fixtures/example");
    let data = between(&page, "id=\"data\">", "</script>");
    let data: Value = serde_json::from_str(data).expect("JSON");
    let columns = data["columns"].as_array().expect("a list");
    let scan = columns
        .iter()
        .position(|rule| rule == "scan-on-push")
        .expect("the rule is on");
    let letters: Vec<_> = data["repositories"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            let verdicts = one["v"].as_str().expect("a text");
            assert_eq!(verdicts.len(), columns.len());
            (
                one["s"].as_str().expect("a name"),
                verdicts.chars().nth(scan).expect("a letter"),
            )
        })
        .collect();
    assert_eq!(
        letters,
        [("team/api", 'p'), ("team/worker", 'f'), ("team/tools", 'p')]
    );
}

#[test]
fn a_run_that_judged_nothing_says_so() {
    let folder =
        crate::program::folder(&[("a.yaml", "Resources: { A: { Type: AWS::SNS::Topic } }\n")]);
    let ended = ecrlint(["check", "a.yaml", "--output", "html"])
        .within(folder.path())
        .ends();
    assert!(ended.out.contains("nothing to judge"), "{}", ended.out);
}
