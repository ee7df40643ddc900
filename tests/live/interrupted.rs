//! A capture that is stopped, in whatever way, goes on where it was.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::server::{begun, expected, only, same, snapshot, timeless};

/// Lines at which a capture is stuck, at the least: a region, and the registry of the next one.
const STUCK: usize = 1 + 78 + 1;

/// Waits until the unfinished snapshot has `count` lines.
fn wait_for(folder: &Path, count: usize) {
    let path = folder.join("snapshot.ndjson.part");
    let end = Instant::now() + Duration::from_secs(120);
    loop {
        let text = fs::read_to_string(&path).unwrap_or_default();
        if text.lines().count() >= count {
            return;
        }
        assert!(Instant::now() < end, "the capture does not get on");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// What the capture says when it has ended.
fn said(mut process: Child) -> (Option<i32>, String) {
    let mut text = String::new();
    let mut err = process.stderr.take().expect("a pipe");
    std::io::Read::read_to_string(&mut err, &mut text).expect("text");
    (process.wait().expect("an end").code(), text)
}

/// Goes on, and holds the result against an undisturbed capture.
fn resumed(folder: &Path) {
    let left =
        fs::read_to_string(folder.join("snapshot.ndjson.part")).expect("an unfinished snapshot");
    assert!(!folder.join("snapshot.ndjson").exists());
    let ended = snapshot(folder, "plain", &["--resume"]);
    assert_eq!((ended.code, ended.out.as_str()), (0, ""), "{}", ended.err);
    assert!(
        ended.err.contains("before the interruption"),
        "{}",
        ended.err
    );
    let whole = folder.join("snapshot.ndjson");
    same(&timeless(&whole), &expected());
    let text = fs::read_to_string(&whole).expect("the snapshot can be read");
    let kept = &left[..=left.rfind('\n').expect("a whole line")];
    assert!(
        text.starts_with(kept),
        "what was captured is not asked again"
    );
    assert!(!folder.join("snapshot.ndjson.part").exists());
}

#[test]
fn a_killed_capture_goes_on_behind_its_last_whole_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut process = begun(folder.path(), "stuck");
    wait_for(folder.path(), STUCK);
    process.kill().expect("it can be killed");
    process.wait().expect("an end");
    let part = folder.path().join("snapshot.ndjson.part");
    let mut part = fs::File::options().append(true).open(part).expect("a file");
    part.write_all(b"{\"account\":\"111111111111\",\"reg")
        .expect("half a line");
    resumed(folder.path());
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_what_was_captured_and_says_how_to_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let process = begun(folder.path(), "stuck");
    wait_for(folder.path(), STUCK);
    let id = process.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status();
    assert!(sent.expect("kill is there").success());
    let (code, text) = said(process);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("interrupted"), "{text}");
    assert!(text.contains("go on with `--resume`"), "{text}");
    resumed(folder.path());
}

#[test]
fn credentials_that_end_halfway_lose_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = snapshot(folder.path(), "expired-a", &[]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    for told in [
        "the AWS credentials have expired (`ExpiredTokenException`)",
        "go on with `--resume`",
    ] {
        assert!(ended.err.contains(told), "{told}: {}", ended.err);
    }
    resumed(folder.path());
}

#[test]
fn an_unfinished_snapshot_of_something_else_is_not_continued() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = snapshot(folder.path(), "expired-b", &[]);
    assert_eq!(ended.code, 2);
    let less = snapshot(folder.path(), "plain", &["--resume", "--include", "ecr"]);
    assert_eq!(less.code, 2);
    assert!(
        less.err.contains("was begun with `ecr,kms,ssm,events`"),
        "{}",
        less.err
    );
    let other = ["--resume", "--region", "eu-west-1"];
    let other = only(folder.path(), "plain", &other);
    assert_eq!(other.code, 2);
    let told = "holds 111111111111 eu-central-1, which is not asked for";
    assert!(other.err.contains(told), "{}", other.err);
    resumed(folder.path());
}

#[test]
fn two_captures_do_not_write_one_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut first = begun(folder.path(), "stuck");
    wait_for(folder.path(), 1);
    let second = snapshot(folder.path(), "plain", &[]);
    assert_eq!(second.code, 2);
    assert!(
        second.err.contains("is being written by another run"),
        "{}",
        second.err
    );
    first.kill().expect("it can be killed");
    first.wait().expect("an end");
}

#[test]
fn a_snapshot_is_replaced_when_the_new_one_is_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("snapshot.ndjson");
    let old = "{\"account\":\"111111111111\",\"region\":\"eu-west-1\",\"registry\":{}}\n";
    fs::write(&path, old).expect("a file");
    let ended = snapshot(folder.path(), "expired-c", &[]);
    assert_eq!(ended.code, 2);
    assert_eq!(fs::read_to_string(&path).expect("a file"), old);
    let ended = snapshot(folder.path(), "plain", &[]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    same(&timeless(&path), &expected());
}
