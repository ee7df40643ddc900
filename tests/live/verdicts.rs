//! A captured account has the verdicts that the table of kinds says: `fails` by the recommended rules, and
//! `organisation` besides where the organisation's rules are on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::program::ecrlint;
use crate::server::{ACCOUNTS, COPIES, REGIONS, kinds, snapshot, undisturbed};

const RECOMMENDED: &str = "sets: [recommended]\nrules: { kms-key-rotation: warning }\n";

/// Every place is an environment, so the accounts know each other.
fn organisation() -> String {
    let mut text = String::from(
        "sets: [recommended, organisation]\nrules: { kms-key-rotation: warning }\n\
         organisation:\n  prefix: acme\n  app: shop\n  environments:\n",
    );
    for account in ACCOUNTS {
        for region in REGIONS {
            text.push_str(&format!(
                "    e{account}-{region}: {{ account: \"{account}\", region: {region} }}\n"
            ));
        }
    }
    text
}

/// The repositories of the JSON report on a snapshot.
fn judged(path: &Path, config: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("ecrlint.yaml"), config).expect("a file");
    let path = path.to_str().expect("a path of text");
    let arguments = ["check", path, "--evidence", "--output", "json"];
    let ended = ecrlint(arguments).within(folder.path()).ends();
    assert_eq!(ended.code, 1, "{}", ended.err);
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(report["summary"]["unreadable"], 0);
    report["repositories"].as_array().expect("a list").clone()
}

/// Account, region, kind and copy of a repository.
fn which(repository: &Value) -> (&str, &str, &str, usize) {
    let text = |name: &str| repository["subject"][name].as_str().expect("a text");
    let name = text("name")
        .strip_prefix("acme-shop-")
        .expect("one of ours");
    let (kind, copy) = name.rsplit_once('-').expect("a copy");
    (
        text("account"),
        text("region"),
        kind,
        copy.parse().expect("a number"),
    )
}

/// The rules that have `verdict` on a repository.
fn with_verdict<'r>(repository: &'r Value, verdict: &str) -> BTreeSet<&'r str> {
    let verdicts = repository["verdicts"].as_object().expect("verdicts");
    let found = verdicts.iter().filter(|(_, found)| *found == verdict);
    found.map(|(rule, _)| rule.as_str()).collect()
}

/// Holds every repository against its row, in the columns that are named.
fn as_the_table_says(config: &str, columns: &[&str]) {
    let kinds = kinds();
    let rows: BTreeMap<&str, &Value> = kinds
        .iter()
        .map(|row| (row["kind"].as_str().expect("a kind"), row))
        .collect();
    let repositories = judged(undisturbed(), config);
    assert_eq!(
        repositories.len(),
        ACCOUNTS.len() * REGIONS.len() * kinds.len() * COPIES
    );
    for repository in &repositories {
        let (account, region, kind, _) = which(repository);
        let told = columns
            .iter()
            .flat_map(|column| rows[kind][*column].as_array().expect("a list"));
        let mut expected: BTreeSet<&str> =
            told.map(|rule| rule.as_str().expect("a rule")).collect();
        // There, Inspector scans what the repository does not ask for.
        if (account, region) == ("333333333333", "eu-central-1") {
            expected.remove("scan-on-push");
        }
        let place = format!("{account} {region} {kind}");
        assert_eq!(with_verdict(repository, "fail"), expected, "{place}");
        let open = with_verdict(repository, "undetermined");
        assert!(
            open.is_empty(),
            "{place}: AWS has said everything: {open:?}"
        );
    }
}

#[test]
fn every_kind_has_the_verdicts_of_its_row() {
    as_the_table_says(RECOMMENDED, &["fails"]);
}

#[test]
fn every_kind_has_those_of_the_organisation_besides() {
    as_the_table_says(&organisation(), &["fails", "organisation"]);
}

#[test]
fn what_was_denied_is_undetermined_and_never_passes() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = snapshot(folder.path(), "denied", &[]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let path = folder.path().join("snapshot.ndjson");
    let repositories = judged(&path, &organisation());
    let (mut denied, mut open) = (0, 0);
    for repository in &repositories {
        let (_, _, kind, copy) = which(repository);
        let undetermined = with_verdict(repository, "undetermined");
        if copy == 2 {
            denied += 1;
            assert!(
                undetermined.contains("access-public"),
                "{kind}: {undetermined:?}"
            );
        } else if kind == "open" {
            open += 1;
            assert!(with_verdict(repository, "fail").contains("access-public"));
        }
        if kind.starts_with("key-") && kind != "key-of-aws" {
            assert!(
                undetermined.contains("kms-key-public"),
                "{kind}: {undetermined:?}"
            );
        }
        assert!(
            undetermined.contains("ssm-parameter-missing"),
            "{kind}: {undetermined:?}"
        );
    }
    assert_eq!(
        (denied, open),
        (kinds().len() * REGIONS.len(), 2 * REGIONS.len())
    );
}
