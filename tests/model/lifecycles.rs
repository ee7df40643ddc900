//! Lifecycle policies as wholes: what ECR refuses, what it takes, and which rules can never act.
//!
//! Facts by the user guide of Amazon ECR, "Lifecycle policy properties" and "How a lifecycle policy works".

use serde_json::{Value, json};

use crate::facts::{dead, lifecycle, problems};
use crate::outside::outside;

/// A policy that ECR takes: untagged images go after a week, and of what has a tag thirty are kept.
fn base() -> Value {
    json!({ "rules": [
        { "rulePriority": 3, "description": "drafts",
          "selection": { "tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7 },
          "action": { "type": "expire" } },
        { "rulePriority": 8,
          "selection": { "tagStatus": "tagged", "tagPrefixList": ["nightly-"], "countType": "imageCountMoreThan", "countNumber": 30 },
          "action": { "type": "expire" } },
    ] })
}

/// The base with a value at a pointer, or without what is there.
fn changed(pointer: &str, value: Option<&Value>) -> String {
    let mut policy = base();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = policy.pointer_mut(parent).expect("its parent is there");
    let members = parent.as_object_mut().expect("an object");
    match value {
        Some(value) => members.insert(key.to_owned(), value.clone()),
        None => members.remove(key),
    };
    policy.to_string()
}

const FIRST: &str = "/rules/0";
const SECOND: &str = "/rules/1";

/// One fault each: where, what stands there (`-` for nothing), and what the problem names.
#[rustfmt::skip] // a table
const FAULTS: &[(&str, &str, &str, &str)] = &[
    (FIRST, "rulePriority", "-", "rulePriority"),
    (FIRST, "rulePriority", "0", "rulePriority"),
    (FIRST, "rulePriority", "-4", "rulePriority"),
    (FIRST, "rulePriority", "2.5", "rulePriority"),
    (FIRST, "rulePriority", "\"3\"", "rulePriority"),
    (FIRST, "rulePriority", "8", "twice"),
    (FIRST, "description", "null", "description"),
    (FIRST, "description", "17", "description"),
    (FIRST, "owner", "\"platform\"", "owner"),
    (FIRST, "action", "-", "action"),
    (FIRST, "action", "\"expire\"", "action"),
    (FIRST, "action/type", "-", "type"),
    (FIRST, "action/type", "\"remove\"", "remove"),
    (FIRST, "action/type", "\"Expire\"", "Expire"),
    (FIRST, "action/type", "\"transition\"", "targetStorageClass"),
    (FIRST, "action/targetStorageClass", "\"archive\"", "targetStorageClass"),
    (FIRST, "action", r#"{ "type": "transition", "targetStorageClass": "standard" }"#, "standard"),
    (FIRST, "action", r#"{ "type": "transition", "targetStorageClass": "glacier" }"#, "glacier"),
    (FIRST, "selection", "-", "selection"),
    (FIRST, "selection", "[]", "selection"),
    (FIRST, "selection/tagStatus", "-", "tagStatus"),
    (FIRST, "selection/tagStatus", "\"Untagged\"", "Untagged"),
    (FIRST, "selection/tagStatus", "\"none\"", "none"),
    (FIRST, "selection/tagStatus", "\"tagged\"", "tagPrefixList"),
    (FIRST, "selection/tagPrefixList", r#"["draft"]"#, "takes no list of tags"),
    (FIRST, "selection/tagPatternList", r#"["draft*"]"#, "takes no list of tags"),
    (FIRST, "selection/tagPatterns", r#"["draft*"]"#, "tagPatterns"),
    (FIRST, "selection/countType", "-", "countType"),
    (FIRST, "selection/countType", "\"sinceImageBuilt\"", "sinceImageBuilt"),
    (FIRST, "selection/countType", "\"imageCountMoreThan\"", "countUnit"),
    (FIRST, "selection/countType", "\"sinceImagePulled\"", "sinceImagePulled"),
    (FIRST, "selection/countType", "\"sinceImageTransitioned\"", "sinceImageTransitioned"),
    (FIRST, "selection/countUnit", "-", "countUnit"),
    (FIRST, "selection/countUnit", "\"weeks\"", "weeks"),
    (FIRST, "selection/countNumber", "-", "countNumber"),
    (FIRST, "selection/countNumber", "0", "countNumber"),
    (FIRST, "selection/countNumber", "-1", "countNumber"),
    (FIRST, "selection/countNumber", "\"7\"", "countNumber"),
    (FIRST, "selection/countNumber", "7.5", "countNumber"),
    (FIRST, "selection/countNumber", "null", "countNumber"),
    (FIRST, "selection/storageClass", "\"archive\"", "counts in storage class"),
    (FIRST, "selection/storageClass", "\"cold\"", "cold"),
    (SECOND, "selection/countUnit", "\"days\"", "countUnit"),
    (SECOND, "selection/storageClass", "\"archive\"", "counts in storage class"),
    (SECOND, "selection/tagPrefixList", "-", "tagPrefixList"),
    (SECOND, "selection/tagPrefixList", "[]", "tagPrefixList"),
    (SECOND, "selection/tagPrefixList", "\"nightly-\"", "tagPrefixList"),
    (SECOND, "selection/tagPatternList", r#"["nightly-*"]"#, "tagPatternList"),
    (SECOND, "selection/tagStatus", "\"untagged\"", "takes no list of tags"),
    (SECOND, "selection/tagStatus", "\"any\"", "takes no list of tags"),
];

#[test]
fn what_ecr_takes_has_no_problem() {
    let archive = json!({ "type": "transition", "targetStorageClass": "archive" });
    let since = |kind: &str, days: u32| json!({ "tagStatus": "any", "countType": kind, "countUnit": "days", "countNumber": days });
    let mut archived = since("sinceImageTransitioned", 90);
    archived["storageClass"] = "archive".into();
    let four = json!({ "tagStatus": "tagged", "tagPatternList": ["*v*.*-*"], "countType": "imageCountMoreThan", "countNumber": 1 });
    let mut taken = vec![
        base().to_string(),
        changed("/rules/0/description", None),
        changed("/rules/0/rulePriority", Some(&9999.into())),
        changed("/rules/1/selection", Some(&four)),
        changed("/rules/1/selection", Some(&since("sinceImagePushed", 1))),
    ];
    for selection in [since("sinceImagePulled", 30), since("sinceImagePushed", 30)] {
        let rule = json!({ "rulePriority": 8, "selection": selection, "action": archive });
        // What was archived goes after its ninety days; `any` is the last one of its class.
        let old =
            json!({ "rulePriority": 1, "selection": archived, "action": { "type": "expire" } });
        taken.push(json!({ "rules": [rule, old] }).to_string());
    }
    for policy in taken {
        assert_eq!(problems(&lifecycle(&policy)), [], "{policy}");
    }
}

#[test]
fn each_fault_is_refused_by_its_name() {
    let mut wrong = Vec::new();
    for (rule, member, value, name) in FAULTS {
        let parsed = (*value != "-").then(|| serde_json::from_str(value).expect("JSON"));
        let policy = changed(&format!("{rule}/{member}"), parsed.as_ref());
        let found = problems(&lifecycle(&policy));
        if !found.iter().any(|(problem, _)| problem.contains(name)) {
            wrong.push(format!("{rule}/{member} = {value}: {found:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn what_only_the_whole_policy_shows_is_refused() {
    let rule = |priority: u32, selection: Value| json!({ "rulePriority": priority, "selection": selection, "action": { "type": "expire" } });
    let count = |status: &str| json!({ "tagStatus": status, "countType": "imageCountMoreThan", "countNumber": 2 });
    let listed = |list: &str, entries: Value| {
        let mut selection = count("tagged");
        selection[list] = entries;
        selection
    };
    let many = (1..=51).map(|n| rule(n, listed("tagPrefixList", json!([format!("p{n}-")]))));
    let wide = json!({ "rules": [] }).to_string() + &" ".repeat(100);
    let early = json!({ "tagStatus": "any", "storageClass": "archive", "countType": "sinceImageTransitioned",
        "countUnit": "days", "countNumber": 89 });
    let rules = |rules: Vec<Value>| json!({ "rules": rules }).to_string();
    for (what, policy) in [
        ("no JSON", base().to_string().replace("]}", "]")),
        ("a list", base()["rules"].to_string()),
        ("no rules", json!({ "Rules": base()["rules"] }).to_string()),
        ("an empty list", wide),
        ("too short", json!({ "rules": [] }).to_string()),
        ("too many", rules(many.collect())),
        (
            "a rule that is none",
            rules(vec![json!("expire"), base()["rules"][0].clone()]),
        ),
        (
            "`any` before others",
            rules(vec![rule(1, count("any")), rule(2, count("untagged"))]),
        ),
        (
            "`any` twice",
            rules(vec![rule(1, count("any")), rule(2, count("any"))]),
        ),
        (
            "`untagged` twice",
            rules(vec![rule(1, count("untagged")), rule(2, count("untagged"))]),
        ),
        (
            "the same tags twice",
            rules(vec![
                rule(1, listed("tagPrefixList", json!(["qa-"]))),
                rule(2, listed("tagPrefixList", json!(["qa-"]))),
            ]),
        ),
        (
            "five wildcards",
            rules(vec![rule(
                1,
                listed("tagPatternList", json!(["*a*b*c*d*"])),
            )]),
        ),
        ("89 days in the archive", rules(vec![rule(1, early)])),
    ] {
        let found = problems(&lifecycle(&policy));
        assert!(!found.is_empty(), "{what}: {policy}");
    }
}

/// Rules in the order of their priorities, each by its tags (`untagged`, `any`, or patterns that all have to match),
/// and those that can never act.
const DEAD: &[(&[&str], &[i64])] = &[
    (&["*", "build-*"], &[2]),
    (&["build-*", "*"], &[]),
    (&["rc*", "rc-1*"], &[2]),
    (&["rc-1*", "rc*"], &[]),
    (&["qa*", "qa* eu*"], &[2]),
    (&["qa* eu*", "qa*"], &[]),
    (&["qa* eu*", "eu* qa* *-x"], &[2]),
    (&["*", "untagged", "any"], &[3]),
    (&["untagged", "any"], &[]),
    (&["build-*", "untagged", "any"], &[]),
    (&["*-rc", "v*", "v*-rc"], &[3]),
    (&["any"], &[]),
];

#[test]
fn a_rule_that_others_leave_no_image_never_acts() {
    for (tags, expected) in DEAD {
        let rules = tags.iter().zip(1..).map(|(tags, priority)| {
            let mut selection = json!({ "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 9 });
            if matches!(*tags, "untagged" | "any") {
                selection["tagStatus"] = (*tags).into();
            } else {
                selection["tagStatus"] = "tagged".into();
                selection["tagPatternList"] = tags.split(' ').collect();
            }
            json!({ "rulePriority": priority, "selection": selection, "action": { "type": "expire" } })
        });
        let policy = json!({ "rules": rules.collect::<Vec<_>>() }).to_string();
        assert_eq!(problems(&lifecycle(&policy)), [], "{tags:?}");
        assert_eq!(dead(&policy), (expected.to_vec(), vec![]), "{tags:?}");
    }
}

#[test]
#[ignore = "needs the folder that ECRLINT_TEST_DATA names"]
fn every_policy_of_the_collection_is_judged_as_ecr_does() {
    let Some(vectors) = outside("reference/lifecycle-vectors.json") else {
        return;
    };
    let vectors: Value = serde_json::from_str(&vectors).expect("the vectors are JSON");
    let text = |entry: &Value| match entry["policyText"].as_str() {
        Some(text) => text.to_owned(),
        None => entry["policy"].to_string(),
    };
    let list = |key: &str| vectors[key].as_array().expect("a list").clone();
    let refused = list("invalidPolicies");
    assert_eq!(refused.len(), 42);
    for entry in refused {
        let found = problems(&lifecycle(&text(&entry)));
        assert!(!found.is_empty(), "{}", entry["id"]);
    }
    for entry in list("vectors").into_iter().chain(list("lintCases")) {
        let found = problems(&lifecycle(&text(&entry)));
        assert!(found.is_empty(), "{} {found:?}", entry["id"]);
    }
    for entry in list("lintCases") {
        let expected = &entry["deadRulePriorities"];
        let found: Value = dead(&text(&entry)).0.into();
        assert_eq!(&found, expected, "{}", entry["id"]);
    }
}
