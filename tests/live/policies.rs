//! Lifecycle policies that are put where a server takes or refuses them, held against what `lifecycle-invalid` says.
//!
//! moto is not a judge of policies: where it differs, [`DIFFERENCES`] says in what, and ecrlint follows the documentation
//! (<https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html>).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::outside::outside;
use crate::program::ecrlint;
use crate::server::call;

/// In what moto differs from the documentation of AWS, whether it takes such a policy, and which ones are such.
const DIFFERENCES: &[(&str, bool, &[&str])] = &[
    (
        "a priority is any number, and may be that of another rule",
        true,
        &[
            "priority-twice",
            "priority-0",
            "priority-half",
            "duplicate-priority",
            "priority-zero",
            "priority-fraction",
        ],
    ),
    (
        "no rule is held against another one",
        true,
        &[
            "any-first",
            "any-twice",
            "untagged-twice",
            "list-twice",
            "any-not-last",
            "same-prefix-set-twice",
        ],
    ),
    (
        "rules and characters are not counted",
        true,
        &[
            "no-rules",
            "51-rules",
            "rules-empty",
            "rules-51",
            "too-short",
        ],
    ),
    (
        "lists are not looked into, nor held against `tagStatus`",
        true,
        &[
            "tagged-alone",
            "both-lists",
            "list-of-untagged",
            "list-of-any",
            "five-stars",
            "tagged-without-list",
            "tagged-empty-list",
            "tagged-both-lists",
            "untagged-with-prefix",
            "any-with-pattern",
            "five-wildcards",
        ],
    ),
    (
        "`countUnit` is not held against `countType`",
        true,
        &[
            "count-in-days",
            "age-in-nothing",
            "count-unit-missing",
            "count-unit-on-count",
        ],
    ),
    (
        "`null` is a description",
        true,
        &["null", "null-description"],
    ),
    (
        "the archive is not known: `transition`, `storageClass`, `sinceImagePulled`, `sinceImageTransitioned`",
        false,
        &[
            "pulled-to-archive",
            "out-of-archive",
            "docs-syntax-archive-not-pulled",
            "docs-syntax-archived-365",
            "docs-syntax-archive-then-expire",
            "docs-syntax-transition-prod-30",
            "same-tag-expire-before-archive",
            "pulled-restored-not-pulled-since",
            "pulled-restored-window-75",
            "transitioned-ignores-standard-and-young",
            "other-class-does-not-shield",
        ],
    ),
];

/// Policies that ECR takes, policies that both refuse, and policies of which moto judges otherwise.
fn own() -> Vec<(String, String)> {
    let own: BTreeMap<String, Value> =
        serde_json::from_str(include_str!("policies.json")).expect("lists of rules by their names");
    let own = own.into_iter();
    own.map(|(name, rules)| (name, json!({ "rules": rules }).to_string()))
        .collect()
}

/// Holds policies by their names against both, and hands back those that are judged otherwise: whether moto takes them.
fn judged(policies: &[(String, String)]) -> BTreeMap<String, bool> {
    let repository = json!({ "repositoryName": "policies" });
    // Another test may have made it.
    call("plain-policies", "CreateRepository", &repository);
    let resources = policies.iter().enumerate().map(|(at, (_, text))| {
        let properties = json!({ "RepositoryName": format!("policy-{at}"),
            "LifecyclePolicy": { "LifecyclePolicyText": text } });
        (
            format!("Policy{at}"),
            json!({ "Type": "AWS::ECR::Repository", "Properties": properties }),
        )
    });
    let resources: BTreeMap<String, Value> = resources.collect();
    let folder = tempfile::tempdir().expect("a folder");
    let template = json!({ "Resources": resources }).to_string();
    std::fs::write(folder.path().join("template.json"), template).expect("a file");
    let config = "sets: []\nrules: { lifecycle-invalid: error }\n";
    std::fs::write(folder.path().join("ecrlint.yaml"), config).expect("a file");
    let arguments = ["check", "template.json", "--evidence", "--output", "json"];
    let report: Value = ecrlint(arguments).within(folder.path()).json().1;
    let repositories = report["repositories"].as_array().expect("a list").iter();
    let ours: BTreeMap<&str, &str> = repositories
        .map(|one| {
            let name = one["subject"]["name"].as_str().expect("a name");
            (
                name,
                one["verdicts"]["lifecycle-invalid"]
                    .as_str()
                    .expect("a verdict"),
            )
        })
        .collect();
    let mut differ = BTreeMap::new();
    for (at, (name, text)) in policies.iter().enumerate() {
        let question = json!({ "repositoryName": "policies", "lifecyclePolicyText": text });
        let (status, answer) = call("plain-policies", "PutLifecyclePolicy", &question);
        let is_taken = match status {
            200 => true,
            // Of some texts it makes a mistake of its own.
            500 => false,
            _ => {
                assert!(
                    answer.contains("LifecyclePolicyText"),
                    "{name}: {status} {answer}"
                );
                false
            }
        };
        let ours = ours[format!("policy-{at}").as_str()];
        assert!(matches!(ours, "pass" | "fail"), "{name}: {ours}");
        if is_taken != (ours == "pass") {
            differ.insert(name.clone(), is_taken);
        }
    }
    differ
}

/// Those of the policies of which it is known that moto judges otherwise.
fn known(policies: &[(String, String)]) -> BTreeMap<String, bool> {
    let names: BTreeSet<&str> = policies.iter().map(|(name, _)| name.as_str()).collect();
    let all = DIFFERENCES
        .iter()
        .flat_map(|(_, is_taken, of)| of.iter().map(|name| (*name, *is_taken)));
    let all = all.filter(|(name, _)| names.contains(name));
    all.map(|(name, is_taken)| (name.to_owned(), is_taken))
        .collect()
}

#[test]
fn what_moto_takes_is_what_ecr_takes_but_for_what_is_known() {
    let mut own = own();
    let broken = own[0].1.replace('}', "");
    own.push(("no-json".to_owned(), broken));
    assert_eq!(judged(&own), known(&own));
    assert!(known(&own).len() >= 17);
}

#[test]
fn the_policies_of_the_collection_are_judged_alike_but_for_what_is_known() {
    let Some(vectors) = outside("reference/lifecycle-vectors.json") else {
        return;
    };
    let vectors: Value = serde_json::from_str(&vectors).expect("the vectors are JSON");
    let mut policies = Vec::new();
    for list in ["invalidPolicies", "vectors", "lintCases"] {
        for entry in vectors[list].as_array().expect("a list") {
            let text = match entry["policyText"].as_str() {
                Some(text) => text.to_owned(),
                None => entry["policy"].to_string(),
            };
            policies.push((entry["id"].as_str().expect("a name").to_owned(), text));
        }
    }
    assert!(policies.len() > 90);
    assert_eq!(judged(&policies), known(&policies));
}
