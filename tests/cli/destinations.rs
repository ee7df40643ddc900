//! Reports are written without loss: nothing that a user owns is replaced, and a report is whole or not there.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{Ended, command, ecrlint, folder};

const TEMPLATE: &str = "Resources:\n  App:\n    Type: AWS::ECR::Repository\n";

fn check(folder: &Path, arguments: &[&str]) -> Ended {
    let always = ["check", "app.yaml", "--fail-on", "never"];
    let arguments = always.iter().chain(arguments);
    ecrlint(arguments).within(folder).ends()
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("the file can be read")
}

/// Names of what is in the folder beside what a test put there.
fn left(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder can be read");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.into_string().expect("a name"));
    names.filter(|name| name.starts_with('.')).collect()
}

#[test]
fn what_the_run_reads_is_never_replaced() {
    let rule = include_str!("../../rules/naming/name-valid.yaml").replace("name-valid", "mine");
    let files = [
        ("app.yaml", TEMPLATE),
        (
            "ecrlint.yaml",
            "rules_dirs: [rules]\nprotected_tags: [v1]\n",
        ),
        ("rules/naming/mine.yaml", rule.as_str()),
        ("values.json", "{\"A\": \"b\"}"),
        (
            "live.ndjson",
            "{\"account\": \"111111111111\", \"region\": \"eu-west-1\", \"registry\": {}}\n",
        ),
    ];
    let folder = folder(&files);
    let within = folder.path();
    let flags = ["--parameters", "values.json", "--live", "live.ndjson"];
    for (name, before) in files {
        let output = format!("json={name}");
        for force in [&[][..], &["--force"]] {
            let arguments = [&flags[..], &["-o", &output], force].concat();
            let ended = check(within, &arguments);
            assert_eq!(ended.code, 2, "{name}: {ended:?}");
            assert!(
                ended.err.contains(&format!("cannot write `{name}`")),
                "{ended:?}"
            );
            assert_eq!(read(within, name), before);
        }
    }
    let ended = check(within, &["--append", "markdown=app.yaml"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert_eq!(read(within, "app.yaml"), TEMPLATE);
}

#[cfg(unix)]
#[test]
fn a_link_to_an_input_is_the_input() {
    let folder = folder(&[("app.yaml", TEMPLATE)]);
    let within = folder.path();
    std::os::unix::fs::symlink("app.yaml", within.join("report.json")).expect("a link");
    fs::hard_link(within.join("app.yaml"), within.join("twin.json")).expect("a second name");
    let ended = check(within, &["-o", "json=report.json"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("this run reads it"), "{ended:?}");
    let ended = check(within, &["-o", "json=twin.json"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert_eq!(read(within, "app.yaml"), TEMPLATE);

    std::os::unix::fs::symlink("nothing", within.join("dangling.json")).expect("a link");
    let ended = check(within, &["-o", "json=dangling.json"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(!within.join("nothing").exists());
}

#[test]
fn a_report_replaces_a_report_of_its_format_and_nothing_else() {
    let clean = "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n";
    let folder = folder(&[
        ("app.yaml", TEMPLATE),
        ("clean.yaml", clean),
        ("notes.txt", "mine\n"),
    ]);
    let within = folder.path();
    let formats = [
        "human", "json", "sarif", "github", "gitlab", "junit", "markdown", "summary",
    ];
    for format in formats {
        for input in ["app.yaml", "clean.yaml"] {
            let output = format!("{format}={format}.out");
            let run = || {
                let arguments = ["check", input, "--fail-on", "never", "-o", &output];
                ecrlint(arguments).within(within).ends()
            };
            assert_eq!(run().code, 0, "{format}: {:?}", run());
            assert_eq!(
                run().code,
                0,
                "{format} does not know its own report: {:?}",
                run()
            );
        }
        let output = format!("{format}=notes.txt");
        let ended = check(within, &["-o", &output]);
        assert_eq!(ended.code, 2, "{format}: {ended:?}");
        assert!(ended.err.contains("--force"), "{ended:?}");
        assert_eq!(read(within, "notes.txt"), "mine\n");
    }
    let other = check(within, &["-o", "sarif=json.out"]);
    assert_eq!(other.code, 2, "{other:?}");
    let forced = check(within, &["-o", "json=notes.txt", "--force"]);
    assert_eq!(forced.code, 0, "{forced:?}");
    serde_json::from_str::<Value>(&read(within, "notes.txt")).expect("a report");
    assert_eq!(left(within), [""; 0]);
}

#[test]
fn two_outputs_to_one_file_are_refused_before_anything_is_written() {
    let folder = folder(&[("app.yaml", TEMPLATE)]);
    let within = folder.path();
    for other in ["json=a.out", "sarif=./a.out", "sarif=../x/a.out"] {
        let name = within
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name");
        let other = other.replace("../x", &format!("../{name}"));
        let ended = check(within, &["-o", "json=a.out", "-o", &other]);
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.err.contains("two outputs name the file"), "{ended:?}");
        assert!(!within.join("a.out").exists());
    }
    let ended = check(within, &["-o", "json=a.out", "--append", "markdown=a.out"]);
    assert_eq!(ended.code, 2, "{ended:?}");
}

#[cfg(unix)]
#[test]
fn two_names_of_one_file_are_one_output() {
    let folder = folder(&[("app.yaml", TEMPLATE), ("a.out", ""), ("b.md", "# Job\n")]);
    let within = folder.path();
    std::os::unix::fs::symlink("a.out", within.join("link.out")).expect("a link");
    std::os::unix::fs::symlink(".", within.join("here")).expect("a link");
    fs::hard_link(within.join("a.out"), within.join("twin.out")).expect("a second name");
    fs::hard_link(within.join("app.yaml"), within.join("twin.md")).expect("a second name");
    for other in ["link.out", "here/a.out", "twin.out", "here/here/link.out"] {
        let other = format!("sarif={other}");
        let ended = check(within, &["-o", "json=a.out", "-o", &other]);
        assert_eq!(ended.code, 2, "{other}: {ended:?}");
        assert!(ended.err.contains("two outputs name the file"), "{ended:?}");
        assert_eq!(read(within, "a.out"), "");
    }
    for other in ["here/new.out", "./new.out"] {
        let other = format!("sarif={other}");
        let ended = check(within, &["-o", "json=new.out", "-o", &other]);
        assert_eq!(ended.code, 2, "{other}: {ended:?}");
        assert!(!within.join("new.out").exists());
    }
    let ended = check(within, &["--append", "markdown=twin.md"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    let ended = check(within, &["--force", "-o", "json=twin.md"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert_eq!(read(within, "app.yaml"), TEMPLATE);
}

/// Folders in which a run looks for inputs hold its reports, too, and assemblies hold what nobody names.
#[test]
fn a_report_among_the_inputs_is_replaced_and_an_input_is_not() {
    let manifest = r#"{"version":"36.0.0","artifacts":{"App":{"type":"aws:cloudformation:stack",
        "environment":"aws://111111111111/eu-west-1","properties":{"templateFile":"App.template.json"}}}}"#;
    let template = r#"{"Resources":{"A":{"Type":"AWS::ECR::Repository"}}}"#;
    let other = r#"{"Resources":{"A":{"Type":"AWS::S3::Bucket"}}}"#;
    let files = [
        ("cdk.out/manifest.json", manifest),
        ("cdk.out/App.template.json", template),
        ("other.json", other),
        ("cdk.json", "{}"),
    ];
    let folder = folder(&files);
    let within = folder.path();
    let outputs = [
        "-o",
        "json=r.json",
        "-o",
        "sarif=cdk.out/r.json",
        "-o",
        "gitlab=g.json",
    ];
    for _ in 0..3 {
        let arguments = ["check", ".", "--fail-on", "never"];
        let ended = ecrlint(arguments.iter().chain(&outputs))
            .within(within)
            .ends();
        assert_eq!(ended.code, 0, "{ended:?}");
    }
    for (name, before) in &files[..3] {
        let output = format!("json={name}");
        let ended = ecrlint(["check", ".", "--force", "-o", &output])
            .within(within)
            .ends();
        assert_eq!(ended.code, 2, "{name}: {ended:?}");
        assert_eq!(read(within, name), *before);
    }
}

/// What else goes to the file of a stream is still there.
#[cfg(target_os = "linux")]
#[test]
fn standard_output_is_written_in_place_wherever_it_goes() {
    let folder = folder(&[("app.yaml", TEMPLATE)]);
    let within = folder.path();
    for stream in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        let script = "{ echo before; \"$0\" check app.yaml --fail-on never -o json=\"$1\"; echo behind; } > all.txt";
        let ended = std::process::Command::new("sh")
            .args(["-c", script, env!("CARGO_BIN_EXE_ecrlint"), stream])
            .current_dir(within)
            .output()
            .expect("a shell");
        assert!(ended.stderr.is_empty(), "{ended:?}");
        let all = read(within, "all.txt");
        let report = all
            .strip_prefix("before\n")
            .and_then(|all| all.strip_suffix("behind\n"));
        serde_json::from_str::<Value>(report.expect("all three")).expect("a report");
    }
}

/// A report of a size that takes a while to write.
#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_leaves_nothing_behind() {
    use std::os::unix::process::ExitStatusExt;
    use std::time::Duration;

    let mut template = "Resources:\n".to_owned();
    for number in 0..1500 {
        template += &format!("  App{number}:\n    Type: AWS::ECR::Repository\n");
    }
    let folder = folder(&[("app.yaml", template.as_str()), ("a.json", "")]);
    let within = folder.path();
    for (name, number) in [("INT", 2), ("TERM", 15)] {
        let mut process = command(["check", "app.yaml", "--evidence", "-o", "json=a.json"])
            .current_dir(within)
            .spawn()
            .expect("the program starts");
        while left(within).is_empty() {
            let ended = process.try_wait().expect("a process");
            assert_eq!(ended, None, "the report took no time");
            std::thread::sleep(Duration::from_millis(1));
        }
        let id = process.id().to_string();
        let sent = std::process::Command::new("kill")
            .args(["-s", name, &id])
            .status();
        assert!(sent.expect("kill is there").success());
        let ended = process.wait().expect("an end");
        assert_eq!(ended.signal(), Some(number), "{ended:?}");
        assert_eq!(left(within), [""; 0]);
        assert_eq!(read(within, "a.json"), "");
    }
}

#[test]
fn every_output_is_tried_even_if_one_fails() {
    let folder = folder(&[("app.yaml", TEMPLATE)]);
    let within = folder.path();
    let outputs = [
        "-o",
        "json=no/such/folder.json",
        "-o",
        "sarif=b.sarif",
        "-o",
        "junit=no/x.xml",
    ];
    let ended = check(within, &outputs);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(read(within, "b.sarif").contains("\"runs\""));
    for missing in ["no/such/folder.json", "no/x.xml"] {
        assert!(ended.err.contains(missing), "{ended:?}");
    }
}

#[test]
fn an_appended_report_stands_behind_what_is_there() {
    let folder = folder(&[("app.yaml", TEMPLATE), ("summary.md", "# Job\n")]);
    let within = folder.path();
    let ended = check(
        within,
        &["--append", "markdown=summary.md", "-o", "json=a.json"],
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    let summary = read(within, "summary.md");
    assert!(summary.starts_with("# Job\n## ecrlint"), "{summary}");
    let ended = check(within, &["--append", "markdown"]);
    assert_eq!(ended.code, 2, "{ended:?}");
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_report() {
    let folder = folder(&[("app.yaml", TEMPLATE)]);
    let within = folder.path();
    check(within, &["-o", "sarif=a.sarif"]);
    let before = read(within, "a.sarif");
    // Writing beyond the limit fails as on a full disk.
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" check app.yaml -o sarif=a.sarif";
    let status = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_ecrlint")])
        .current_dir(within)
        .output()
        .expect("a shell");
    assert_eq!(status.status.code(), Some(2), "{status:?}");
    assert_eq!(read(within, "a.sarif"), before);
    assert_eq!(left(within), [""; 0]);
}

#[cfg(target_os = "linux")]
#[test]
fn devices_are_written_in_place() {
    let folder = folder(&[("app.yaml", TEMPLATE)]);
    let within = folder.path();
    let ended = check(within, &["-o", "json=/dev/null", "-o", "sarif=/dev/null"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let ended = check(within, &["-o", "json=/dev/full"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    let ended = check(within, &["-o", "json=/dev/stdout"]);
    serde_json::from_str::<Value>(&ended.out).expect("a report");
}

#[cfg(unix)]
#[test]
fn the_mode_of_a_report_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("app.yaml", TEMPLATE)]);
    let path = folder.path().join("a.json");
    check(folder.path(), &["-o", "json=a.json"]);
    let mode = |path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode(&path) & 0o400, 0o400);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("a mode");
    check(folder.path(), &["-o", "json=a.json"]);
    assert_eq!(mode(&path), 0o640);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported_and_a_reader_that_went_away_is_not() {
    let everything = [
        &["--version"][..],
        &["--help"],
        &["completions", "bash"],
        &["man"],
        &["rules"],
        &["schema", "report"],
        &["explain", "scan-on-push"],
    ];
    for arguments in everything {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let ended = command(arguments)
            .stdout(full.expect("the device"))
            .output();
        let ended = ended.expect("the program ends");
        let err = String::from_utf8(ended.stderr).expect("text");
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}: {err}");
        assert!(
            err.contains("cannot write to standard output"),
            "{arguments:?}: {err}"
        );

        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let ended = command(arguments)
            .stdout(writer)
            .output()
            .expect("the program ends");
        assert_eq!(ended.status.code(), Some(0), "{arguments:?}: {ended:?}");
        assert_eq!(ended.stderr, b"", "{arguments:?}");
    }
}

#[test]
fn pages_of_rules_replace_pages_of_rules_and_nothing_else() {
    let folder = folder(&[("README.md", "# My project\n"), ("pages/README.md", "")]);
    let within = folder.path();
    for _ in 0..2 {
        let ended = ecrlint(["rules", "--pages", "pages"]).within(within).ends();
        assert_eq!(ended.code, 0, "{ended:?}");
    }
    assert!(read(within, "pages/README.md").starts_with("# Rules\n"));
    let ended = ecrlint(["rules", "--pages", "."]).within(within).ends();
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("`./README.md` is there"), "{ended:?}");
    assert_eq!(read(within, "README.md"), "# My project\n");
    assert_eq!(fs::read_dir(within).expect("a folder").count(), 2);
}

/// A copy of what came through a pipe names accounts and roles.
#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_leaves_no_copy_of_its_input() {
    use std::io::Write;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Stdio;

    let folder = folder(&[]);
    let mut process = command(["check", "-"])
        .env("TMPDIR", folder.path())
        .stdin(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let line = "{\"account\": \"111111111111\", \"region\": \"eu-west-1\", \"registry\": {}}\n";
    let mut input = process.stdin.take().expect("a pipe");
    let count = || fs::read_dir(folder.path()).expect("a folder").count();
    while count() == 0 {
        input
            .write_all(line.repeat(1000).as_bytes())
            .expect("a reader");
    }
    let id = process.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-s", "INT", &id])
        .status();
    assert!(sent.expect("kill is there").success());
    let ended = process.wait().expect("an end");
    assert_eq!(ended.signal(), Some(2), "{ended:?}");
    assert_eq!(count(), 0);
}
