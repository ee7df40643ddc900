//! Runs the program as a user would, with an environment that holds nothing of this machine.

#![allow(dead_code, reason = "not every test needs everything")]

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The folder of the checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A run that has not begun.
pub(crate) struct Run {
    command: Command,
    input: Vec<u8>,
}

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The program with `arguments`, in the folder of the checkout.
pub(crate) fn ecrlint<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Run {
    Run {
        command: command(arguments),
        input: Vec::new(),
    }
}

/// The command behind a run, for a test that wants to hold its pipes.
pub(crate) fn command<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecrlint"));
    command.env_clear().current_dir(root()).args(arguments);
    // Windows starts no program without it.
    command.envs(std::env::vars_os().filter(|(name, _)| name == "SystemRoot"));
    command
}

impl Run {
    pub(crate) fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Text on standard input; there is none otherwise.
    pub(crate) fn given(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    pub(crate) fn ends(mut self) -> Ended {
        let pipes = self.command.stdin(Stdio::piped());
        let pipes = pipes.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().expect("the program starts");
        let mut input = child.stdin.take().expect("a pipe");
        let given = std::mem::take(&mut self.input);
        let writer = std::thread::spawn(move || {
            // The program may have no wish to read.
            let _ = input.write_all(&given);
        });
        let output = child.wait_with_output().expect("the program ends");
        writer.join().expect("the writer ends");
        Ended {
            code: output.status.code().expect("the program ends by itself"),
            out: String::from_utf8(output.stdout).expect("output is text"),
            err: String::from_utf8(output.stderr).expect("talk is text"),
        }
    }

    /// The code and what was printed as JSON.
    pub(crate) fn json(self) -> (i32, Value) {
        let ended = self.ends();
        let json = serde_json::from_str(&ended.out);
        let json = json.unwrap_or_else(|error| panic!("no JSON: {error}: {ended:?}"));
        (ended.code, json)
    }
}

/// A folder of its own for one test, with these files in it.
pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a scratch folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        let parent = path.parent().expect("a file lies in a folder");
        std::fs::create_dir_all(parent).expect("folders can be made");
        std::fs::write(path, text).expect("files can be written");
    }
    folder
}

/// A copy of a folder of the checkout, to change.
pub(crate) fn copied(folder: &str) -> tempfile::TempDir {
    let folder = root().join(folder);
    let copy = tempfile::tempdir().expect("a scratch folder");
    for from in files(&folder) {
        let below = from.strip_prefix(&folder).expect("it lies in the folder");
        let to = copy.path().join(below);
        let parent = to.parent().expect("a file lies in a folder");
        std::fs::create_dir_all(parent).expect("folders can be made");
        std::fs::copy(&from, &to).expect("a file can be copied");
    }
    copy
}

/// Runs git in a folder, with nothing of this machine's configuration.
pub(crate) fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    for setting in [
        "user.name=x",
        "user.email=x@example.com",
        "commit.gpgsign=false",
    ] {
        command.args(["-c", setting]);
    }
    let nowhere = if cfg!(windows) { "NUL" } else { "/dev/null" };
    command.env("GIT_CONFIG_GLOBAL", nowhere);
    let ended = command.current_dir(folder).args(arguments).output();
    let ended = ended.expect("git is there");
    assert!(ended.status.success(), "{arguments:?}: {ended:?}");
}

/// The report about the first of some files in a folder of their own; no finding makes the check fail.
pub(crate) fn report(files: &[(&str, &str)]) -> Value {
    let folder = folder(files);
    let run = ecrlint(["check", files[0].0, "-o", "json", "--fail-on", "never"]);
    let (code, report) = run.within(folder.path()).json();
    assert_eq!(code, 0, "{report}");
    report
}

/// The files below a folder, folders in it included, in the order of their names.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder can be read") {
            let path = entry.expect("an entry can be read").path();
            let list = if path.is_dir() {
                &mut folders
            } else {
                &mut files
            };
            list.push(path);
        }
    }
    files.sort();
    files
}

/// Ids of the built-in rules, as the program lists them.
pub(crate) fn rules() -> Vec<String> {
    let table = ecrlint(["rules", "--markdown"]).ends().out;
    let ids = table.lines().filter_map(|line| line.strip_prefix("| `"));
    let ids: Vec<_> = ids
        .filter_map(|line| Some(line.split_once('`')?.0.to_owned()))
        .collect();
    assert!(!ids.is_empty(), "no rules in {table}");
    ids
}
