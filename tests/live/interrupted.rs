//! A capture that is stopped, in whatever way, goes on where it was.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::ecrlint;
#[cfg(unix)]
use crate::server::limited;
use crate::server::{all_lines, begun, expected, only, same, snapshot, timeless};

/// Lines at which a capture is stuck, at the least: the first, a region, and the registry of the next one.
const STUCK: usize = 1 + 1 + 78 + 1;

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
    let end = all_lines(&whole).pop().expect("a last line");
    assert_eq!(
        (&end["repositories"], &end["registries"]),
        (&156.into(), &2.into())
    );
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
    let judged = |more: &[&str]| {
        let part = ["check", "snapshot.ndjson.part", "--fail-on", "never"];
        ecrlint(part.iter().chain(more))
            .within(folder.path())
            .ends()
    };
    let refused = judged(&[]);
    assert_eq!(refused.code, 2, "{}", refused.out);
    assert!(refused.out.contains("is not a snapshot"), "{}", refused.out);
    let partial = judged(&["--allow-partial"]);
    assert_eq!(partial.code, 0, "{}", partial.out);
    assert!(
        partial.out.contains("the snapshot is cut off"),
        "{}",
        partial.out
    );
    resumed(folder.path());
}

/// A signal by its name, and how the shell calls the end that it brings about.
#[cfg(unix)]
fn stopped(mut process: Child, signal: &str) -> (Option<i32>, String) {
    use std::os::unix::process::ExitStatusExt;
    let id = process.id().to_string();
    let sent = Command::new("kill").args(["-s", signal, &id]).status();
    assert!(sent.expect("kill is there").success());
    let mut text = String::new();
    let mut err = process.stderr.take().expect("a pipe");
    std::io::Read::read_to_string(&mut err, &mut text).expect("text");
    let ended = process.wait().expect("an end");
    (ended.signal().map(|number| 128 + number), text)
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_what_was_captured_and_says_how_to_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let process = begun(folder.path(), "stuck");
    wait_for(folder.path(), STUCK);
    let (code, text) = stopped(process, "INT");
    assert_eq!(code, Some(130), "{text}");
    assert!(text.contains("interrupted"), "{text}");
    assert!(text.contains("go on with `--resume`"), "{text}");
    resumed(folder.path());
}

#[cfg(unix)]
#[test]
fn a_run_that_is_asked_to_end_before_it_has_captured_anything_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let process = begun(folder.path(), "still");
    let part = folder.path().join("snapshot.ndjson.part");
    let end = Instant::now() + Duration::from_secs(60);
    while !part.exists() {
        assert!(Instant::now() < end, "the capture does not get on");
        std::thread::sleep(Duration::from_millis(5));
    }
    let (code, text) = stopped(process, "TERM");
    assert_eq!(code, Some(143), "{text}");
    assert!(!text.contains("--resume"), "{text}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
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
fn what_was_deleted_since_is_not_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut process = begun(folder.path(), "stuck");
    wait_for(folder.path(), STUCK);
    process.kill().expect("it can be killed");
    process.wait().expect("an end");
    let ended = snapshot(folder.path(), "shrunk", &["--resume"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let is_deleted = |line: &Value| {
        let name = line["repository"]["repositoryName"].as_str();
        name.is_some_and(|name| name.ends_with("-0"))
    };
    let mut left = expected();
    left.retain(|line| !is_deleted(line));
    same(&timeless(&folder.path().join("snapshot.ndjson")), &left);
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
    let ended = snapshot(folder.path(), "plain", &["--resume"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    same(&timeless(&path), &expected());
}

#[test]
fn what_another_run_has_left_is_never_emptied() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = snapshot(folder.path(), "expired-d", &[]);
    assert_eq!(ended.code, 2);
    let part = folder.path().join("snapshot.ndjson.part");
    let before = fs::read_to_string(&part).expect("a file");
    for more in [&[][..], &["--force"], &["--force", "--region", "us-east-1"]] {
        let ended = snapshot(folder.path(), "plain", more);
        assert_eq!(ended.code, 2, "{more:?}");
        assert!(
            ended.err.contains("go on with `--resume`, or remove it"),
            "{}",
            ended.err
        );
        assert_eq!(
            fs::read_to_string(&part).expect("a file"),
            before,
            "{more:?}"
        );
    }
    resumed(folder.path());
}

#[test]
fn what_somebody_else_has_put_in_the_way_is_left_alone() {
    let texts = [
        "mine",
        "mine\n",
        "{\"my\": 1}\n",
        "{\"account\": \"1",
        "\0\0\0",
    ];
    for text in texts {
        let folder = tempfile::tempdir().expect("a folder");
        let part = folder.path().join("snapshot.ndjson.part");
        fs::write(&part, text).expect("a file");
        for more in [
            &[][..],
            &["--resume"],
            &["--force"],
            &["--force", "--resume"],
        ] {
            let ended = snapshot(folder.path(), "plain", more);
            assert_eq!(ended.code, 2, "{text:?} {more:?}: {}", ended.err);
            assert!(ended.err.contains("snapshot.ndjson.part"), "{}", ended.err);
            assert_eq!(fs::read_to_string(&part).expect("a file"), text, "{more:?}");
            assert!(!folder.path().join("snapshot.ndjson").exists());
        }
    }
}

#[cfg(unix)]
#[test]
fn a_link_or_a_pipe_in_the_way_is_refused() {
    use std::os::unix::fs::symlink;
    for kind in ["link", "dangling", "hard link", "pipe"] {
        let folder = tempfile::tempdir().expect("a folder");
        let part = folder.path().join("snapshot.ndjson.part");
        let mine = folder.path().join("mine");
        fs::write(&mine, "").expect("a file");
        let made = match kind {
            "link" => symlink("mine", &part),
            "dangling" => symlink("nothing", &part),
            "hard link" => fs::hard_link(&mine, &part),
            _ => Command::new("mkfifo").arg(&part).status().map(|_| ()),
        };
        made.expect(kind);
        for more in [&[][..], &["--resume"], &["--force"]] {
            let ended = snapshot(folder.path(), "plain", more);
            assert_eq!(ended.code, 2, "{kind} {more:?}: {}", ended.err);
            assert!(ended.err.contains("is in the way"), "{kind}: {}", ended.err);
        }
        assert_eq!(fs::read_to_string(&mine).expect("a file"), "", "{kind}");
        assert!(fs::symlink_metadata(&part).is_ok(), "{kind}");
        assert!(!folder.path().join("nothing").exists());
    }
}

#[cfg(unix)]
#[test]
fn a_snapshot_is_private_and_keeps_the_mode_it_was_given() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("snapshot.ndjson");
    let mode = || fs::metadata(&path).expect("a file").permissions().mode() & 0o777;
    let ended = snapshot(folder.path(), "plain", &["--include", "ecr"]);
    assert_eq!((ended.code, mode()), (0, 0o600), "{}", ended.err);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("a mode");
    let ended = snapshot(folder.path(), "plain", &["--include", "ecr"]);
    assert_eq!((ended.code, mode()), (0, 0o640), "{}", ended.err);

    // A link stays one, and nothing is made where one leads to nothing.
    symlink("snapshot.ndjson", folder.path().join("link")).expect("a link");
    symlink("nothing", folder.path().join("dangling")).expect("a link");
    let ended = snapshot(folder.path(), "plain", &["--include", "ecr", "link"]);
    assert_eq!((ended.code, mode()), (0, 0o640), "{}", ended.err);
    assert!(folder.path().join("link").is_symlink());
    let ended = snapshot(folder.path(), "plain", &["--force", "."]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("cannot write `.`"), "{}", ended.err);
    let ended = snapshot(folder.path(), "plain", &["--force", "dangling"]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains("a link to a file that is not there"),
        "{}",
        ended.err
    );
    assert!(folder.path().join("dangling").is_symlink());
}

/// Writing beyond the limit fails as on a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_snapshot_and_what_was_captured() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("snapshot.ndjson");
    let old = "{\"account\":\"111111111111\",\"region\":\"eu-west-1\",\"registry\":{}}\n";
    fs::write(&path, old).expect("a file");
    let ended = limited(folder.path(), 32);
    let err = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(2), "{err}");
    assert!(err.contains("cannot write `"), "{err}");
    assert_eq!(fs::read_to_string(&path).expect("a file"), old);
    let ended = snapshot(folder.path(), "plain", &["--resume"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    same(&timeless(&path), &expected());
}

/// Devices and pipes are written in place, and never replaced.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_is_written_and_stays_one() {
    use std::os::unix::fs::FileTypeExt;
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    Command::new("mkfifo").arg(&pipe).status().expect("a pipe");
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::read_to_string(pipe))
    };
    let ended = snapshot(folder.path(), "plain", &["--force", "pipe"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let text = reader.join().expect("a thread").expect("text");
    assert!(text.lines().count() > 10, "{text}");
    let kind = fs::metadata(&pipe).expect("a pipe").file_type();
    assert!(kind.is_fifo());
    let ended = snapshot(folder.path(), "plain", &["--force", "/dev/full"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(
        fs::metadata("/dev/full")
            .expect("a device")
            .file_type()
            .is_char_device()
    );
}
