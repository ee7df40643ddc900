//! `ecrlint fix --remediation sh`: the script, run with a stand-in for the AWS CLI. Real `bash` and `jq` run it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{ecrlint, folder};

/// Stands in for AWS: one repository of an account, whose state is files beside it. Every call is noted.
const AWS: &str = r#"#!/usr/bin/env bash
here=$(dirname "$0")
printf '%s\n' "$1 $2" >>"$here/calls"
case "$1 $2" in
  'sts get-caller-identity') cat "$here/account" ;;
  'ecr describe-repositories') cat "$here/scan" ;;
  'ecr put-image-scanning-configuration') echo True >"$here/scan" ;;
  'ecr get-repository-policy') cat "$here/policy" ;;
  'ecr set-repository-policy') printf '%s' "${@: -1}" >"$here/policy" ;;
  *) exit 9 ;;
esac
"#;

fn policy() -> Value {
    let pull = [
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchCheckLayerAvailability",
    ];
    json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": "$(touch pwned)", "Effect": "Allow", "Principal": { "AWS": "111111111111" }, "Action": pull },
        { "Sid": "it's; touch pwned; `touch pwned` é\u{202e}", "Effect": "Allow", "Principal": "*", "Action": pull,
          "Condition": { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-abcdefghij" } } },
        { "Effect": "Allow", "Principal": { "AWS": "111111111111" }, "Action": "ecr:GetAuthorizationToken" },
    ] })
}

fn record(name: &str, policy: &str) -> String {
    let record = json!({
        "account": "111111111111",
        "region": "eu-west-1",
        "repository": {
            "repositoryArn": format!("arn:aws:ecr:eu-west-1:111111111111:repository/{name}"),
            "repositoryName": name,
            "imageScanningConfiguration": { "scanOnPush": false },
        },
        "repositoryPolicy": { "policyText": policy },
    });
    format!("{record}\n")
}

/// A folder with a snapshot, the script for it, and AWS as it was captured.
fn prepared() -> (TempDir, String) {
    let hostile = "x'; touch pwned; '\n touch pwned\n";
    let text = policy().to_string();
    let registry = json!({ "scanning": { "scanType": "BASIC", "rules": [] } });
    let registry =
        json!({ "account": "111111111111", "region": "eu-west-1", "registry": registry });
    let records = record("team/app", &text) + &record(hostile, "{}");
    let snapshot = format!("{registry}\n{records}");
    let files = [
        ("live.ndjson", snapshot.as_str()),
        ("bin/aws", AWS),
        ("bin/account", "111111111111\n"),
        ("bin/scan", "False\n"),
        ("bin/policy", &text),
        ("bin/calls", ""),
    ];
    let folder = folder(&files);
    let program = folder.path().join("bin/aws");
    fs::set_permissions(program, fs::Permissions::from_mode(0o755)).expect("they can be set");
    let ended = ecrlint(["fix", "live.ndjson", "--remediation", "sh"])
        .within(folder.path())
        .ends();
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(
        ended
            .err
            .contains("wrote a script with 2 calls for a person to read"),
        "{}",
        ended.err
    );
    fs::write(folder.path().join("fix.sh"), &ended.out).expect("it can be written");
    (folder, ended.out)
}

/// Runs the script; the code and what it says.
fn run(folder: &Path) -> (i32, String) {
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", folder.join("bin").display());
    let ended = Command::new("bash")
        .arg("fix.sh")
        .current_dir(folder)
        .env("PATH", path)
        .stdin(Stdio::null())
        .output()
        .expect("bash is there; the script needs jq, too");
    assert!(!folder.join("pwned").exists(), "a name was run");
    let said = [ended.stdout, ended.stderr].concat();
    let said = String::from_utf8(said).expect("text");
    (ended.status.code().expect("it ends by itself"), said)
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("it is there")
}

#[test]
fn one_setting_and_one_statement_change_and_the_rest_stays() {
    let (folder, _) = prepared();
    let folder = folder.path();
    let (code, said) = run(folder);
    assert_eq!(code, 0, "{said}");
    assert_eq!(
        said,
        "done: team/app scans on push\ndone: team/app, statement 1\n"
    );
    let mut wanted = policy();
    let condition = json!({ "StringEquals": { "aws:PrincipalOrgID": "o-abcdefghij" } });
    wanted["Statement"][1]["Condition"] = condition;
    let now: Value = serde_json::from_str(&read(folder, "bin/policy")).expect("it is JSON");
    assert_eq!(now, wanted);
    let calls = read(folder, "bin/calls");
    let calls: Vec<_> = calls.lines().collect();
    let expected = [
        "sts get-caller-identity",
        "ecr describe-repositories",
        "ecr put-image-scanning-configuration",
        "ecr get-repository-policy",
        "ecr set-repository-policy",
    ];
    assert_eq!(calls, expected);
    // Whoever runs it again changes nothing.
    let (code, said) = run(folder);
    let expected = "is so already: team/app scans on push\nis so already: team/app, statement 1\n";
    assert_eq!((code, said.as_str()), (0, expected));
    let writes = ["put-", "set-"].map(|start| read(folder, "bin/calls").matches(start).count());
    assert_eq!(writes, [1, 1]);
}

#[test]
fn what_others_change_in_other_statements_is_kept() {
    let (folder, _) = prepared();
    let folder = folder.path();
    let mut live = policy();
    live["Statement"][0]["Sid"] = json!("since then");
    fs::write(folder.join("bin/policy"), live.to_string()).expect("it can be written");
    let (code, said) = run(folder);
    assert_eq!(code, 0, "{said}");
    let now: Value = serde_json::from_str(&read(folder, "bin/policy")).expect("it is JSON");
    assert_eq!(now["Statement"][0]["Sid"], "since then");
}

#[test]
fn the_first_surprise_ends_it_before_anything_is_written() {
    for (file, text, why) in [
        (
            "bin/scan",
            "None\n",
            "stopped: team/app: scanOnPush is None, captured was False\n",
        ),
        (
            "bin/policy",
            "{\"Statement\": []}",
            "stopped: team/app: statement 1 is not the one that was captured\n",
        ),
        (
            "bin/policy",
            "no JSON",
            "stopped: team/app: statement 1 is not the one that was captured\n",
        ),
        (
            "bin/account",
            "222222222222\n",
            "left alone: account 111111111111, these credentials are of 222222222222\n",
        ),
    ] {
        let (folder, _) = prepared();
        let folder = folder.path();
        fs::write(folder.join(file), text).expect("it can be written");
        let (code, said) = run(folder);
        assert!(said.ends_with(why), "{said}");
        assert_eq!(code, i32::from(why.starts_with("stopped")), "{said}");
        assert_eq!(read(folder, file), text);
        assert!(!read(folder, "bin/calls").contains("set-"), "{said}");
    }
}

#[test]
fn it_deletes_nothing_and_replaces_no_policy() {
    let (folder, script) = prepared();
    let code = script
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let code: Vec<_> = code.collect();
    for part in [
        "delete",
        "put-lifecycle",
        "put-registry",
        "--force",
        "untag",
        "rm ",
        "eval",
    ] {
        assert!(
            !code.iter().any(|line| line.contains(part)),
            "{part}: {script}"
        );
    }
    // What is written comes from what was read, and from nowhere else.
    let writes: Vec<_> = code
        .iter()
        .filter(|line| line.contains("--policy-text"))
        .collect();
    assert_eq!(writes.len(), 1);
    assert!(
        writes[0].contains("--policy-text \"$changed\""),
        "{}",
        writes[0]
    );
    // A statement that would go is for a person, and so is a name that AWS does not give.
    assert!(script.contains("# policy-registry-action: "), "{script}");
    assert!(script.contains("one would go\n"), "{script}");
    assert!(
        script.contains("its name or region is not one that AWS assigns\n"),
        "{script}"
    );
    assert!(
        script.is_ascii() || !script.contains('\u{202e}'),
        "{script}"
    );
    let checked = Command::new("shellcheck")
        .arg("fix.sh")
        .current_dir(folder.path())
        .output();
    if let Ok(checked) = checked {
        assert!(
            checked.status.success(),
            "{}",
            String::from_utf8_lossy(&checked.stdout)
        );
    }
}

#[test]
fn nothing_live_needs_no_script() {
    let ended = ecrlint([
        "fix",
        "fixtures/cloudformation/minimal.yaml",
        "--remediation",
        "sh",
    ])
    .ends();
    assert_eq!((ended.code, ended.out.as_str()), (0, ""));
    assert!(
        ended
            .err
            .starts_with("there is no finding about a live account"),
        "{}",
        ended.err
    );
    let ended = ecrlint(["fix", "fixtures/snapshot", "--remediation", "sh", "--write"]).ends();
    assert_eq!(ended.code, 2);
}
