//! What a capture that nothing disturbs holds, and what it asks.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::program::{ecrlint, folder};
use crate::server::{
    ACCOUNTS, COPIES, REGIONS, all_lines, asked, expected, kinds, lines, only, same, snapshot,
    timeless, undisturbed, watched,
};

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// The lines of repositories of one kind.
fn of_kind<'l>(lines: &'l [Value], kind: &str) -> Vec<&'l Value> {
    let start = format!("acme-shop-{kind}-");
    let is = |line: &&Value| {
        let name = line["repository"]["repositoryName"].as_str();
        name.and_then(|name| name.strip_prefix(&start))
            .is_some_and(|copy| copy.parse::<usize>().is_ok())
    };
    lines.iter().filter(is).collect()
}

#[test]
fn every_repository_has_one_line_behind_that_of_its_registry() {
    let lines = lines(undisturbed());
    let expected = ACCOUNTS.len() * REGIONS.len() * (1 + kinds().len() * COPIES);
    assert_eq!(lines.len(), expected);
    let mut place = (String::new(), String::new());
    let mut seen = BTreeSet::new();
    for line in &lines {
        let here = (
            text(&line["account"]).to_owned(),
            text(&line["region"]).to_owned(),
        );
        if line.get("registry").is_some() {
            assert!(seen.insert((here.clone(), None)), "one line a registry");
            place = here;
            continue;
        }
        assert_eq!(place, here, "the registry's line comes first");
        let arn = text(&line["repository"]["repositoryArn"]);
        assert!(arn.starts_with(&format!("arn:aws:ecr:{}:{}:repository/", here.1, here.0)));
        assert!(seen.insert((here, Some(arn.to_owned()))), "{arn} twice");
        assert!(line.get("errors").is_none(), "{line}");
    }
}

#[test]
fn the_first_line_says_what_was_asked_and_the_last_one_what_came() {
    let lines = all_lines(undisturbed());
    let (first, last) = (&lines[0], &lines[lines.len() - 1]);
    let mut first = first.clone();
    first.as_object_mut().expect("an object").remove("at");
    let accounts = ACCOUNTS.map(|account| {
        let caller = format!("arn:aws:sts::{account}:assumed-role/audit/ecrlint-snapshot");
        json!({ "account": account, "caller": caller, "regions": REGIONS })
    });
    let expected = json!({
        "snapshot": "begins", "format": 1, "ecrlint": env!("CARGO_PKG_VERSION"), "accounts": accounts,
        "included": ["ecr", "kms", "ssm", "events"],
    });
    assert_eq!(first, expected);
    assert_eq!(last["snapshot"], "ends");
    let registries = ACCOUNTS.len() * REGIONS.len();
    assert_eq!(last["registries"], registries);
    assert_eq!(last["repositories"], lines.len() - 2 - registries);
    assert_eq!(
        (&last["denied"], &last["unlisted"]),
        (&json!([]), &json!([]))
    );
}

#[test]
fn a_registry_has_its_settings_and_the_rules_that_may_see_ecr() {
    for line in lines(undisturbed()) {
        let Some(registry) = line.get("registry") else {
            continue;
        };
        let enhanced = line["account"] == "333333333333" && line["region"] == "eu-central-1";
        let scans = if enhanced { "ENHANCED" } else { "BASIC" };
        assert_eq!(registry["scanning"]["scanType"], scans);
        assert_eq!(registry["policy"], Value::Null);
        assert!(
            registry
                .as_object()
                .expect("members")
                .contains_key("policy")
        );
        assert_eq!(registry["replication"], json!({ "rules": [] }));
        assert_eq!(
            registry["creationTemplates"]
                .as_array()
                .expect("a list")
                .len(),
            8
        );
        assert_eq!(
            registry["pullThroughCacheRules"][0]["ecrRepositoryPrefix"],
            "mirror-0"
        );
        let rules = registry["eventRules"].as_array().expect("a list");
        let names: Vec<&str> = rules
            .iter()
            .map(|rule| text(&rule["rule"]["Name"]))
            .collect();
        assert_eq!(names, ["rule-0", "rule-3", "rule-6"]);
        assert_eq!(rules[0]["targets"][0]["Id"], "1");
        assert_eq!(line["included"], json!(["ecr", "kms", "ssm", "events"]));
    }
}

#[test]
fn absent_is_null_and_present_is_what_aws_says() {
    let lines = lines(undisturbed());
    for line in of_kind(&lines, "everlasting") {
        for member in [
            "lifecyclePolicy",
            "repositoryPolicy",
            "kmsKey",
            "kmsKeyRotation",
            "kmsKeyPolicy",
        ] {
            assert_eq!(line.get(member), Some(&Value::Null), "{member}");
        }
        assert_eq!(
            (&line["tags"], &line["parameters"]),
            (&json!([]), &json!([]))
        );
        assert!(line.get("images").is_none());
    }
    for line in of_kind(&lines, "shadowed") {
        let policy = text(&line["lifecyclePolicy"]["lifecyclePolicyText"]);
        let policy: Value = serde_json::from_str(policy).expect("JSON");
        assert_eq!(policy["rules"].as_array().expect("rules").len(), 3);
    }
    for line in of_kind(&lines, "open") {
        assert!(text(&line["repositoryPolicy"]["policyText"]).contains("\"Principal\": \"*\""));
    }
    for line in of_kind(&lines, "unscanned") {
        let enhanced = line["account"] == "333333333333" && line["region"] == "eu-central-1";
        assert_eq!(line["scanning"]["scanOnPush"], enhanced);
        assert_eq!(
            line["scanning"]["repositoryName"],
            line["repository"]["repositoryName"]
        );
    }
}

#[test]
fn a_key_is_reported_with_its_manager_state_rotation_and_policy() {
    let lines = lines(undisturbed());
    for (kind, manager, state, rotates) in [
        ("key-rotating", "CUSTOMER", "Enabled", true),
        ("key-still", "CUSTOMER", "Enabled", false),
        ("key-disabled", "CUSTOMER", "Disabled", false),
        ("key-deleted", "CUSTOMER", "PendingDeletion", false),
        ("key-of-aws", "AWS", "Enabled", true),
    ] {
        let found = of_kind(&lines, kind);
        assert_eq!(found.len(), ACCOUNTS.len() * REGIONS.len() * COPIES);
        for line in found {
            assert_eq!(line["kmsKey"]["KeyManager"], manager, "{kind}");
            assert_eq!(line["kmsKey"]["KeyState"], state, "{kind}");
            assert_eq!(
                line["kmsKeyRotation"]["KeyRotationEnabled"], rotates,
                "{kind}"
            );
            assert!(text(&line["kmsKeyPolicy"]["Policy"]).contains("Statement"));
        }
    }
}

#[test]
fn parameters_stand_with_the_repository_that_they_publish() {
    let lines = lines(undisturbed());
    let names = |line: &Value| -> Vec<String> {
        let parameters = line["parameters"].as_array().expect("a list");
        parameters
            .iter()
            .map(|one| text(&one["Name"]).to_owned())
            .collect()
    };
    for line in of_kind(&lines, "published") {
        let name = text(&line["repository"]["repositoryName"]);
        let base = name.trim_start_matches("acme-shop-").to_uppercase();
        assert_eq!(
            names(line),
            [format!("ECR_{base}_arn"), format!("ECR_{base}_name")]
        );
        assert_eq!(
            line["parameters"][0]["Value"],
            line["repository"]["repositoryArn"]
        );
    }
    for line in of_kind(&lines, "published-wrong") {
        assert_eq!(names(line).len(), 2);
    }
}

#[test]
fn nothing_secret_is_written_or_asked_for() {
    let path = undisturbed();
    let text = std::fs::read_to_string(path).expect("the snapshot can be read");
    for secret in ["hush", "s3cr3t", "SecretAccessKey", "SessionToken"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let secretly = lines(path);
    for line in of_kind(&secretly, "published-secretly") {
        let parameters = line["parameters"].as_array().expect("a list");
        let of_type = |wanted: &str| {
            let found = parameters.iter().find(|one| one["Type"] == wanted);
            found.expect("a parameter of each type")
        };
        assert!(of_type("SecureString").get("Value").is_none());
        assert!(of_type("String").get("Value").is_some());
    }
    let asked = asked("plain");
    for question in asked["asked"].as_array().expect("a list") {
        if question[0] == "GetParameters" {
            assert_eq!(question[1]["WithDecryption"], false);
            assert!(!question[1]["Names"].to_string().contains("SECRETLY-0_arn"));
        }
    }
}

#[test]
fn no_call_is_made_that_the_printed_policy_does_not_allow() {
    undisturbed();
    let folder = tempfile::tempdir().expect("a folder");
    let role = ["--assume-role", "arn:aws:iam::111111111111:role/audit"];
    let all = ["--region", "all", "--images", "with-images.ndjson"];
    let ended = only(folder.path(), "plain", &[&role[..], &all].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    let printed = ecrlint([
        "snapshot",
        "--print-iam-policy",
        "--region",
        "all",
        "--images",
    ])
    .ends();
    let policy: Value = serde_json::from_str(&printed.out).expect("JSON");
    let statements = policy["Statement"].as_array().expect("a list");
    let actions = statements
        .iter()
        .flat_map(|one| one["Action"].as_array().expect("a list"));
    let allowed: BTreeSet<String> = actions
        .map(|action| {
            text(action)
                .split_once(':')
                .expect("a service")
                .1
                .to_owned()
        })
        .collect();
    let asked = asked("plain");
    let called: BTreeSet<String> = asked["calls"]
        .as_object()
        .expect("calls")
        .keys()
        .cloned()
        .collect();
    assert_eq!(called, allowed, "what is allowed is used, and nothing else");
}

#[test]
fn a_key_of_many_repositories_is_asked_about_once() {
    undisturbed();
    let asked = asked("plain");
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for question in asked["asked"].as_array().expect("a list") {
        if question[0] == "BatchGetRepositoryScanningConfiguration" {
            let names = question[1]["repositoryNames"].as_array().expect("a list");
            assert!((1..=25).contains(&names.len()));
        }
        if question[0] == "DescribeRepositories" && question[1].get("nextToken").is_some() {
            *times.entry("pages".to_owned()).or_default() += 1;
        }
    }
    assert!(
        times["pages"] >= 40,
        "listings are read page by page: {times:?}"
    );
}

#[test]
fn images_and_parts_are_captured_as_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.ndjson");
    let region = [
        "--region",
        "eu-west-1",
        "--include",
        "ecr",
        "--images",
        "own.ndjson",
    ];
    let role = ["--assume-role", "arn:aws:iam::111111111111:role/audit"];
    let ended = only(folder.path(), "plain", &[&role[..], &region[..]].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    let lines = lines(&path);
    assert_eq!(lines.len(), 1 + kinds().len() * COPIES);
    assert_eq!(lines[0]["included"], json!(["ecr", "images"]));
    assert!(lines[0]["registry"].get("eventRules").is_none());
    for line in of_kind(&lines, "kept") {
        let images = line["images"].as_array().expect("a list");
        let tags: BTreeSet<&str> = images
            .iter()
            .map(|image| text(&image["imageTags"][0]))
            .collect();
        assert_eq!(tags, BTreeSet::from(["v1", "v2"]));
        assert!(line.get("kmsKey").is_none() && line.get("parameters").is_none());
    }
}

#[test]
fn standard_output_gets_the_same_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = snapshot(folder.path(), "plain", &["-"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let path = folder.path().join("printed.ndjson");
    std::fs::write(&path, &ended.out).expect("a file");
    same(&timeless(&path), &expected());
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .collect();
    assert_eq!(names.len(), 1, "no other file is left");
}

#[test]
fn every_region_that_is_enabled_is_captured_with_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let role = [
        "--assume-role",
        "arn:aws:iam::333333333333:role/audit",
        "--region",
        "all",
    ];
    let ended = only(folder.path(), "plain", &role);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let mine = timeless(&folder.path().join("snapshot.ndjson"));
    let mut all = timeless(undisturbed());
    all.retain(|line| line["account"] == ACCOUNTS[1]);
    same(&mine, &all);
}

#[test]
fn a_capture_shows_at_once_that_it_runs_on_a_terminal_alone() {
    let one = folder(&[]);
    let shown = watched(one.path(), &[]);
    let signing = shown
        .find("signing in")
        .expect("the first thing that is done");
    let begun = shown.find("capturing ").expect("what is captured");
    assert!(signing < begun, "{shown:?}");
    let (_, last) = shown.rsplit_once("\u{1b}[2K").expect("the bar goes");
    assert!(last.contains("captured "), "{last:?}");
    for environment in [[("CI", "true")], [("TERM", "dumb")]] {
        let another = folder(&[]);
        let shown = watched(another.path(), &environment);
        assert!(!shown.contains("signing in"), "{environment:?}: {shown:?}");
        assert!(shown.contains("captured "), "{shown:?}");
    }
}
