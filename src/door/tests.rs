//! What goes through the door, and what does not.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Door, FileKind, Namer, Refusal, is_descriptor, read_inside, refusal};

fn folder(files: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().canonicalize().expect("it is there");
    for file in files {
        let path = path.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
        fs::write(path, file).expect("files can be written");
    }
    (folder, path)
}

fn told<T>(result: io::Result<T>) -> Option<Refusal> {
    refusal(&result.err()?)
}

#[test]
fn the_root_is_the_top_of_the_repository_or_else_the_working_directory() {
    let (_outer, at) = folder(&[
        "repo/.git/HEAD",
        "repo/a/b/x",
        "tree/.git",
        "tree/c/x",
        "bare/d/x",
    ]);
    for (working, root) in [
        ("repo/a/b", "repo"),
        ("tree/c", "tree"),
        ("bare/d", "bare/d"),
    ] {
        assert_eq!(Door::at(&at.join(working)).root(), at.join(root));
    }
}

#[test]
fn a_file_names_what_lies_inside_and_the_user_whatever_they_like() {
    let (_outer, at) = folder(&[
        "secret.json",
        "shared/r.yaml",
        "repo/.git/config",
        "repo/app/ecrlint.yaml",
        "repo/cdk.json",
    ]);
    let app = at.join("repo/app");
    let mut door = Door::at(&app);
    let read =
        |door: &Door, name: &str| door.text(&app.join(name), Namer::File(&app), FileKind::Data);
    assert_eq!(read(&door, "../cdk.json").expect("inside"), "repo/cdk.json");
    for outside in [
        "../../secret.json",
        "../../shared/r.yaml",
        "../.git/config",
        "/etc/hosts",
        "/proc/self/environ",
        "../../nothing.json",
        "../../no/../secret.json",
        "/no/such/file",
    ] {
        assert_eq!(
            told(read(&door, outside)),
            Some(Refusal::Outside),
            "{outside}"
        );
    }
    let secret = at.join("secret.json");
    assert!(door.text(&secret, Namer::User, FileKind::Data).is_ok());
    door.admit(&at.join("shared"));
    assert!(read(&door, "../../shared/r.yaml").is_ok());
    assert_eq!(
        told(read(&door, "../../secret.json")),
        Some(Refusal::Outside)
    );
    // Beside the file that names it, wherever the user has it.
    let from = at.join("shared");
    let door = Door::at(&app);
    assert!(
        door.text(&from.join("r.yaml"), Namer::File(&from), FileKind::Rule)
            .is_ok()
    );
}

#[test]
fn a_door_of_everything_still_keeps_the_system_out() {
    let mut door = Door::default();
    door.admit(Path::new("/"));
    assert!(door.holds(Path::new("/srv/app/x.yaml")));
    for system in [
        "/proc/1/environ",
        "/sys/kernel/x",
        "/dev/zero",
        "/srv/app/.git/config",
    ] {
        assert!(!door.holds(Path::new(system)), "{system}");
    }
}

#[test]
fn what_is_too_large_is_refused_by_its_kind() {
    let (_outer, at) = folder(&[]);
    let path = at.join("x");
    let file = fs::File::create(&path).expect("a file");
    let door = Door::at(&at);
    for (kind, most) in [
        (FileKind::Rule, 1),
        (FileKind::Configuration, 1),
        (FileKind::Data, 16),
        (FileKind::Template, 50),
        (FileKind::Manifest, 64),
        (FileKind::Metadata, 64),
        (FileKind::Program, 64),
    ] {
        file.set_len(most * 1_000_000 + 1).expect("a sparse file");
        let limit = Refusal::TooLarge(format!("{most}MB").parse().expect("a size"));
        assert_eq!(
            told(door.text(&path, Namer::User, kind)),
            Some(limit),
            "{kind:?}"
        );
        assert_eq!(told(door.look(&path, &at, kind)), Some(limit), "{kind:?}");
        file.set_len(most * 1000).expect("a sparse file");
        assert!(door.text(&path, Namer::Search, kind).is_ok(), "{kind:?}");
    }
}

#[test]
fn what_the_user_hands_over_open_is_told_by_its_name() {
    for open in ["/dev/stdin", "/dev/fd/63", "/proc/self/fd/3"] {
        assert!(is_descriptor(Path::new(open)), "{open}");
    }
    for closed in ["/dev/stdin2", "/dev/null", "/dev/fd", "dev/fd/3", "x"] {
        assert!(!is_descriptor(Path::new(closed)), "{closed}");
    }
}

#[cfg(unix)]
#[test]
fn links_lead_anywhere_inside() {
    use std::os::unix::fs::symlink;
    let (_outer, at) = folder(&["secret", "repo/.git/HEAD", "repo/a/x", "repo/b/y"]);
    let (a, repo) = (at.join("repo/a"), at.join("repo"));
    symlink(at.join("secret"), a.join("leak")).expect("a link");
    symlink("../b/y", a.join("same")).expect("a link");
    symlink(&at, a.join("up")).expect("a link");
    symlink("self", a.join("self")).expect("a link");
    symlink("../.git/HEAD", a.join("head")).expect("a link");
    let door = Door::at(&repo);
    for namer in [Namer::File(&a), Namer::Search] {
        let read = |name: &str| door.text(&a.join(name), namer, FileKind::Data);
        assert_eq!(read("same").expect("inside"), "repo/b/y");
        for outside in ["leak", "up/secret", "head"] {
            if outside == "up/secret" && matches!(namer, Namer::Search) {
                continue;
            }
            assert_eq!(told(read(outside)), Some(Refusal::Outside), "{outside}");
        }
        assert!(read("self").is_err());
    }
    assert_eq!(read_inside(&a, "leak"), None);
    assert_eq!(
        read_inside(&a, "same"),
        None,
        "elsewhere, though in the checkout"
    );
    assert_eq!(read_inside(&a, "../b/y"), None);
    assert_eq!(read_inside(&a, "x").as_deref(), Some("repo/a/x"));
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_at_once() {
    let (_outer, at) = folder(&["x"]);
    let made = std::process::Command::new("mkfifo")
        .arg(at.join("pipe"))
        .status();
    assert!(made.expect("mkfifo is there").success());
    let _socket = std::os::unix::net::UnixListener::bind(at.join("socket")).expect("a socket");
    let door = Door::at(&at);
    for (path, what) in [
        (at.join("pipe"), "a named pipe"),
        (at.join("socket"), "a socket"),
        (at.clone(), "a folder"),
        (PathBuf::from("/dev/zero"), "a device"),
    ] {
        let refused = Some(Refusal::NoFile(what));
        assert_eq!(told(door.open(&path, Namer::User)), refused, "{what}");
        if what != "a device" {
            assert_eq!(told(door.open(&path, Namer::File(&at))), refused, "{what}");
            assert_eq!(told(door.open(&path, Namer::Search)), refused, "{what}");
        }
    }
}
