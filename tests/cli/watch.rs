//! `check --watch` runs again after each change of what it reads, writes nothing but reports, and ends as it is told.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use crate::program::{command, ecrlint, files, folder, root};

/// How long a report may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long nothing has to come until nothing is believed to.
const QUIET: Duration = Duration::from_millis(900);
const OPEN: &str = "Resources:\n  Api:\n    Type: AWS::ECR::Repository\n    Properties: { ImageTagMutability: MUTABLE }\n";
const CLOSED: &str = "Resources:\n  Api:\n    Type: AWS::ECR::Repository\n    Properties: { ImageTagMutability: IMMUTABLE }\n";
const OPTIONS: [&str; 6] = [
    "check",
    "--watch",
    "--select",
    "tag-immutability",
    "-o",
    "markdown",
];

/// A run that goes on, with everything it says, line by line.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn begin(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = command(OPTIONS.iter().chain(arguments));
        // One pipe for both, so that lines keep their order.
        let (reader, writer) = std::io::pipe().expect("a pipe");
        let other = writer.try_clone().expect("a pipe");
        let command = command.current_dir(folder).stdin(Stdio::null());
        let child = command.stdout(other).stderr(writer).spawn();
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(reader).lines().map_while(Result::ok) {
                // Nobody may listen any more.
                let _ = sender.send(line);
            }
        });
        let child = child.expect("the program starts");
        Self { child, lines }
    }

    /// Everything up to the line that says that the run waits.
    fn report(&self) -> String {
        let mut said = String::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("no report comes: {said}"));
            if line.starts_with("watching for changes") {
                return said;
            }
            said.push_str(&line);
            said.push('\n');
        }
    }

    fn is_quiet(&self) -> bool {
        self.lines.recv_timeout(QUIET).is_err()
    }

    /// Ctrl-C, and the signal that it ended by.
    fn interrupt(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        let sent = std::process::Command::new("kill")
            .args(["-INT", &id])
            .status();
        assert!(sent.expect("kill is there").success());
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                return status.signal();
            }
            // Jobs in the background of a script inherit that.
            assert!(
                Instant::now() < until,
                "it goes on: is Ctrl-C ignored where the tests run?"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("files can be written");
}

/// Puts a file in the place of another, as editors do.
fn replace(path: &Path, text: &str) {
    let beside = path.with_extension("swp");
    write(&beside, text);
    fs::rename(&beside, path).expect("files can be renamed");
}

#[test]
fn each_change_brings_another_report() {
    type Change = fn(&Path);
    type Row<'r> = (
        &'r str,
        &'r [(&'r str, &'r str)],
        &'r [&'r str],
        Change,
        [bool; 2],
    );
    // Files, what is checked, the change, and whether it is broken before and after.
    #[rustfmt::skip]
    let table: [Row<'_>; 9] = [
        ("written in place", &[("a.yaml", OPEN)], &["a.yaml"], |at| write(&at.join("a.yaml"), CLOSED), [true, false]),
        ("replaced by name", &[("a.yaml", OPEN)], &["a.yaml"], |at| replace(&at.join("a.yaml"), CLOSED), [true, false]),
        ("replaced in a folder", &[("in/a.yaml", OPEN)], &[], |at| replace(&at.join("in/a.yaml"), CLOSED), [true, false]),
        ("a new file", &[("in/a.yaml", CLOSED)], &["in"], |at| write(&at.join("in/b.yaml"), OPEN), [false, true]),
        ("a new folder", &[("in/a.yaml", CLOSED)], &["in"], |at| {
            fs::create_dir(at.join("in/new")).expect("a folder");
            write(&at.join("in/new/b.yaml"), OPEN);
        }, [false, true]),
        ("a removed file", &[("a.yaml", CLOSED), ("b.yaml", OPEN)], &[], |at| {
            fs::remove_file(at.join("b.yaml")).expect("a file");
        }, [true, false]),
        ("a pattern", &[("in/a.tpl", CLOSED)], &["in/*.tpl"], |at| write(&at.join("in/b.tpl"), OPEN), [false, true]),
        ("a new configuration", &[("a.yaml", OPEN)], &["a.yaml"], |at| write(&at.join("ecrlint.yaml"), "ignores: [{ rule: tag-immutability, reason: moves }]\n"), [true, false]),
        ("a changed configuration", &[("a.yaml", OPEN), ("ecrlint.yaml", "ignores: [{ rule: tag-immutability, reason: moves }]\n")], &["a.yaml"], |at| replace(&at.join("ecrlint.yaml"), "rules: {}\n"), [false, true]),
    ];
    for (what, files, arguments, change, [before, after]) in table {
        let here = folder(files);
        let run = Watching::begin(here.path(), arguments);
        let is_broken = |report: &str| {
            assert!(report.contains(" checked)"), "{what}: {report}");
            report.contains("can be overwritten")
        };
        let first = run.report();
        change(here.path());
        let second = run.report();
        assert_eq!(
            (is_broken(&first), is_broken(&second)),
            (before, after),
            "{what}"
        );
        assert!(
            second.contains("changed, checking again"),
            "{what}: {second}"
        );
        assert!(run.is_quiet(), "{what}: it runs once more");
        assert_eq!(run.interrupt(), Some(2), "{what}");
    }
}

#[test]
fn an_assembly_that_is_made_anew_is_read_anew() {
    let template = r#"{"Resources": {"Api": {"Type": "AWS::ECR::Repository", "Properties": {}}}}"#;
    let here = folder(&[("cdk.out/App.template.json", template)]);
    let run = Watching::begin(here.path(), &["cdk.out"]);
    assert!(run.report().contains("can be overwritten"));
    fs::remove_dir_all(here.path().join("cdk.out")).expect("a folder");
    let gone = run.report();
    assert!(gone.contains("cannot find `cdk.out`"), "{gone}");
    let made = here.path().join("made");
    fs::create_dir(&made).expect("a folder");
    let closed = template.replace("{}", r#"{"ImageTagMutability": "IMMUTABLE"}"#);
    write(&made.join("App.template.json"), &closed);
    fs::rename(&made, here.path().join("cdk.out")).expect("folders can be renamed");
    let again = run.report();
    assert!(again.contains("no findings"), "{again}");
    assert_eq!(run.interrupt(), Some(2));
}

#[test]
fn rules_and_lines_of_the_program_count() {
    let app = root().join("fixtures/cdk-app");
    let here = folder(&[]);
    for path in files(&app) {
        let inside = path.strip_prefix(&app).expect("it lies there");
        let to = here.path().join(inside);
        fs::create_dir_all(to.parent().expect("a folder")).expect("folders can be made");
        fs::copy(&path, &to).expect("files can be copied");
    }
    let run = Watching::begin(
        here.path(),
        &["--set", "organisation", "--select", "recommended"],
    );
    let first = run.report();
    let place = first.split("<code>").find_map(|text| {
        let (path, _) = text.split_once(".ts:")?;
        Some(format!("{path}.ts"))
    });
    let source = here.path().join(place.expect("a line of the program"));
    let text = fs::read_to_string(&source).expect("it is there");
    replace(&source, &format!("{text}\n// more\n"));
    let second = run.report();
    assert!(second.contains(".ts` changed"), "{second}");
    drop(run);

    let here = folder(&[("a.yaml", CLOSED), ("own/placeholder.txt", "")]);
    let rule = fs::read_to_string(root().join("rules/naming/name-generated.yaml"));
    let rule = rule.expect("a rule").replace("name-generated", "own-name");
    write(&here.path().join("own/own.yaml"), &rule);
    let run = Watching::begin(
        here.path(),
        &["a.yaml", "--rules", "own", "--select", "own-name"],
    );
    run.report();
    replace(&here.path().join("own/own.yaml"), "id: 1\n");
    let broken = run.report();
    assert!(broken.contains("own/own.yaml"), "{broken}");
}

#[test]
fn what_a_run_writes_brings_no_other() {
    let here = folder(&[("a.yaml", OPEN)]);
    let run = Watching::begin(here.path(), &["-o", "json=report.json"]);
    run.report();
    assert!(run.is_quiet(), "its own report makes it run");
    write(&here.path().join("a.yaml"), CLOSED);
    run.report();
    assert!(run.is_quiet(), "its own report makes it run");
    write(&here.path().join("notes.txt"), "none of ours");
    assert!(run.is_quiet(), "a file of others makes it run");
    let report = fs::read_to_string(here.path().join("report.json")).expect("a report");
    assert!(report.contains("no findings"), "{report}");
    let names: Vec<_> = files(here.path());
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn what_can_be_read_once_is_not_watched() {
    let table: [&[&str]; 5] = [
        &["-"],
        &["-", "--stdin-filename", "a.yaml"],
        &["/dev/stdin"],
        &["/dev/fd/0"],
        &["a.yaml", "--live", "/dev/stdin"],
    ];
    let here = folder(&[("a.yaml", OPEN)]);
    for arguments in table {
        let arguments = ["check", "--watch"].iter().chain(arguments);
        let ended = ecrlint(arguments).within(here.path()).given(OPEN).ends();
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{ended:?}");
        assert!(ended.err.contains("can be read once"), "{ended:?}");
    }
    let append = ["check", "--watch", "--append", "summary=s.md"];
    assert_eq!(ecrlint(append).within(here.path()).ends().code, 2);
}
