//! What a capture makes of an AWS that refuses, slows down, breaks or hangs up.

use serde_json::Value;

use crate::program::ecrlint;
use crate::server::{all_lines, expected, lines, same, snapshot, timeless};

/// A capture in `mode` has to come to the same lines as an undisturbed one.
fn comes_to_the_same(mode: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = snapshot(folder.path(), mode, &[]);
    assert_eq!(
        (ended.code, ended.out.as_str()),
        (0, ""),
        "{mode}: {}",
        ended.err
    );
    assert!(!ended.err.contains("not captured"), "{mode}: {}", ended.err);
    same(
        &timeless(&folder.path().join("snapshot.ndjson")),
        &expected(),
    );
}

#[test]
fn throttled_calls_are_made_again() {
    comes_to_the_same("throttled");
}

#[test]
fn calls_that_the_service_fails_are_made_again() {
    comes_to_the_same("broken");
}

#[test]
fn calls_whose_connection_is_cut_are_made_again() {
    comes_to_the_same("cut");
}

#[test]
fn denied_parts_are_errors_on_their_lines_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = snapshot(folder.path(), "denied", &[]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    for told in [
        "not captured: `kmsKeyPolicy`, 36 times (AccessDeniedException)",
        "not captured: `policy`, 2 times (AccessDeniedException)",
        "not captured: `parameters`, 156 times (AccessDeniedException)",
        "not captured: `repositoryPolicy`, 52 times (AccessDeniedException)",
        "where access was denied, `ecrlint snapshot --print-iam-policy` prints what has to be allowed",
    ] {
        assert!(ended.err.contains(told), "{told}: {}", ended.err);
    }
    let whole = expected();
    let denied = timeless(&folder.path().join("snapshot.ndjson"));
    assert_eq!(denied.len(), whole.len());
    for (denied, whole) in denied.iter().zip(&whole) {
        explained(denied, whole);
    }
    let end = all_lines(&folder.path().join("snapshot.ndjson")).pop();
    let end = end.expect("a last line");
    let told = serde_json::json!({ "member": "parameters", "error": "AccessDeniedException", "times": 156 });
    let denied = end["denied"].as_array().expect("a list");
    assert!(denied.contains(&told), "{end}");
    let judged = ecrlint(["check", "snapshot.ndjson", "--fail-on", "never"]);
    let judged = judged.within(folder.path()).ends();
    let told = "AWS did not answer calls about 158 records";
    assert!(
        judged.out.replace("\n    ", " ").contains(told),
        "{}",
        judged.out
    );
}

/// Every member of the whole line is there as it is, or missing with an error in its place.
fn explained(denied: &Value, whole: &Value) {
    let errors = denied["errors"]
        .as_object()
        .expect("each line misses something");
    let members = |line: &Value| {
        let line = line.get("registry").unwrap_or(line);
        line.as_object().expect("an object").clone()
    };
    let (denied, whole) = (members(denied), members(whole));
    for (name, value) in &whole {
        match (denied.get(name), errors.get(name)) {
            (Some(found), None) => assert_eq!(found, value, "{name}"),
            (None, Some(error)) => {
                let error = error.as_str().expect("a text");
                assert!(
                    error.starts_with("AccessDeniedException: User is not"),
                    "{error}"
                );
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn a_region_that_must_not_be_listed_fails_the_run_but_not_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = snapshot(folder.path(), "unlisted", &[]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    let told =
        "error: cannot list the repositories of 111111111111 eu-central-1: AccessDeniedException";
    assert!(ended.err.contains(told), "{}", ended.err);
    let lines = lines(&folder.path().join("snapshot.ndjson"));
    let listed = lines.iter().filter(|line| line.get("repository").is_some());
    assert!(listed.clone().all(|line| line["region"] == "eu-west-1"));
    assert_eq!(listed.count(), 78);
    let registries = lines.iter().filter(|line| line.get("registry").is_some());
    for line in registries.filter(|line| line["region"] == "eu-central-1") {
        let error = line["errors"]["repositories"].as_str().expect("a text");
        assert!(error.starts_with("AccessDeniedException"), "{error}");
    }
    let judged = ecrlint(["check", "snapshot.ndjson", "--fail-on", "never"]);
    let judged = judged.within(folder.path()).ends();
    let told = "not seen: the repositories of 1 account and region";
    assert!(
        judged.out.replace("\n    ", " ").contains(told),
        "{}",
        judged.out
    );
}

#[test]
fn credentials_that_a_region_does_not_know_are_told_as_such() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = snapshot(folder.path(), "foreign", &[]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    let told = "`eu-central-1` does not know the credentials of account 111111111111 \
                (`UnrecognizedClientException`); the region may not be enabled for it";
    assert!(ended.err.contains(told), "{}", ended.err);
}

#[test]
fn a_service_that_refuses_every_third_call_is_asked_all_the_same() {
    comes_to_the_same("third");
}

#[test]
fn pages_that_overlap_give_each_thing_once() {
    comes_to_the_same("overlap");
}

#[test]
fn a_region_that_is_named_twice_is_captured_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let again = ["--region", "eu-west-1", "--region", "eu-central-1"];
    let ended = snapshot(folder.path(), "plain", &again);
    assert_eq!(ended.code, 0, "{}", ended.err);
    same(
        &timeless(&folder.path().join("snapshot.ndjson")),
        &expected(),
    );
}

/// A capture in `mode` ends with 2, says `told`, and leaves no snapshot.
fn is_given_up(mode: &str, more: &[&str], told: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = snapshot(folder.path(), mode, more);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{mode}");
    assert!(ended.err.contains(told), "{mode}: {}", ended.err);
    assert!(!folder.path().join("snapshot.ndjson").exists(), "{mode}");
}

#[test]
fn a_listing_without_end_is_given_up() {
    for (mode, told) in [
        ("endless", "the same page is announced again and again"),
        ("circle", "the same page is announced again and again"),
        ("number", "`nextToken` is not a text"),
    ] {
        is_given_up(mode, &[], told);
    }
}

#[test]
fn an_answer_that_trickles_is_not_waited_for() {
    let more = ["--timeout", "2"];
    is_given_up("trickle", &more, "does not answer: it takes too long");
}

/// The lines of a capture in `mode`, which has to succeed and to tell something.
fn told(mode: &str, what: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = snapshot(folder.path(), mode, &[]);
    assert_eq!(ended.code, 0, "{mode}: {}", ended.err);
    assert!(ended.err.contains(what), "{mode}: {}", ended.err);
    lines(&folder.path().join("snapshot.ndjson"))
}

#[test]
fn an_answer_without_end_is_cut_off_while_it_arrives() {
    let lines = told("flood", "not captured: `policy`, 2 times (ExcessiveAnswer)");
    let registries = lines.iter().filter(|line| line.get("registry").is_some());
    for line in registries {
        assert_eq!(line["registry"].get("policy"), None);
        assert_eq!(line["errors"]["policy"], "ExcessiveAnswer: more than 64 MB");
    }
}

#[test]
fn a_repository_that_vanishes_is_recorded_as_vanished() {
    let copies = expected();
    let is_copy = |name: &Value| name.as_str().is_some_and(|name| name.ends_with("-1"));
    let copies = copies
        .iter()
        .filter(|line| is_copy(&line["repository"]["repositoryName"]));
    let copies = copies.count();
    let lines = told(
        "vanishing",
        &format!("left out: {copies} repositories deleted meanwhile"),
    );
    let vanished: Vec<&Value> = lines
        .iter()
        .filter_map(|line| line.get("vanished"))
        .collect();
    assert_eq!(vanished.len(), copies);
    for one in vanished {
        assert!(is_copy(&one["repositoryName"]), "{one}");
        assert!(one["repositoryArn"].as_str().is_some(), "{one}");
    }
    let kept = lines.iter().filter_map(|line| line.get("repository"));
    assert!(kept.into_iter().all(|one| !is_copy(&one["repositoryName"])));
}

#[test]
fn an_answer_about_another_repository_is_an_error() {
    let lines = told("confused", "not captured: `lifecyclePolicy`");
    let is_copy = |name: &Value| name.as_str().is_some_and(|name| name.ends_with("-1"));
    for line in lines
        .iter()
        .filter(|line| is_copy(&line["repository"]["repositoryName"]))
    {
        for member in ["lifecyclePolicy", "repositoryPolicy"] {
            // Without a policy there is no answer that could be about another repository.
            if line.get(member) == Some(&Value::Null) {
                continue;
            }
            let error = &line["errors"][member];
            let told = "UnexpectedAnswer: the answer is about another repository";
            assert_eq!(error, told, "{line}");
        }
    }
}

#[test]
fn a_policy_without_its_text_is_an_error() {
    let lines = told("empty", "not captured: `repositoryPolicy`");
    let repositories = lines.iter().filter(|line| line.get("repository").is_some());
    for line in repositories {
        for member in ["lifecyclePolicy", "repositoryPolicy", "kmsKeyPolicy"] {
            let found = line.get(member);
            let error = line["errors"].get(member).and_then(Value::as_str);
            let is_told = error.is_some_and(|error| error.starts_with("UnexpectedAnswer: no `"));
            let is_absent = found == Some(&Value::Null);
            assert!(is_absent != is_told, "{member}: {line}");
        }
    }
}

#[test]
fn a_host_that_does_not_answer_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = nobody.local_addr().expect("an address").port();
    drop(nobody);
    let run = crate::program::ecrlint(["snapshot", "--region", "eu-west-1"])
        .within(folder.path())
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_ENDPOINT_URL", &format!("http://127.0.0.1:{port}"));
    let ended = run.ends();
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(
        ended
            .err
            .contains("cannot ask AWS whose credentials these are"),
        "{}",
        ended.err
    );
}
