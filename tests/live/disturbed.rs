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
        "`ecrlint snapshot --print-iam-policy` prints what a capture has to be allowed",
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
    let told = "AWS refused calls about 158 records";
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
fn a_listing_without_end_is_given_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = snapshot(folder.path(), "endless", &[]);
    assert_eq!(ended.code, 2);
    let told = "the same page is announced again and again";
    assert!(ended.err.contains(told), "{}", ended.err);
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
