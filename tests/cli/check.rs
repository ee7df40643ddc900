//! `ecrlint check`: what it reads, how it ends, what it prints where.

use std::io::Read;
use std::process::Stdio;

use crate::program::{command, ecrlint, folder, root};
use crate::{UNDECIDED, WARNED};

const EXAMPLE: &str = "fixtures/example/registry.yaml";

fn code(arguments: &[&str], template: &str) -> i32 {
    let arguments = ["check", "-"].iter().chain(arguments);
    ecrlint(arguments).given(template).ends().code
}

#[test]
fn fail_on_says_from_which_severity_a_finding_fails_the_run() {
    let error = "Resources: { App: { Type: 'AWS::ECR::Repository' } }";
    for (level, of_error, of_warning, of_note) in [
        ("error", 1, 0, 0),
        ("warning", 1, 1, 0),
        ("note", 1, 1, 1),
        ("never", 0, 0, 0),
    ] {
        let arguments = ["--fail-on", level];
        assert_eq!(code(&arguments, error), of_error, "an error, {level}");
        assert_eq!(code(&arguments, WARNED), of_warning, "a warning, {level}");
        assert_eq!(code(&arguments, UNDECIDED), of_note, "a note, {level}");
    }
    assert_eq!(code(&[], error), 1, "errors count when nothing is said");
    assert_eq!(code(&[], WARNED), 0);
}

#[test]
fn fail_on_has_no_say_in_what_could_not_be_done() {
    for level in ["error", "warning", "note", "never"] {
        assert_eq!(code(&["--fail-on", level], "Resources: ["), 2);
    }
}

#[test]
fn undetermined_findings_are_as_severe_as_asked() {
    for (level, code_of_error, code_of_warning) in
        [("note", 0, 0), ("warning", 0, 1), ("error", 1, 1)]
    {
        let arguments = ["--undetermined", level];
        assert_eq!(code(&arguments, UNDECIDED), code_of_error, "{level}");
        let arguments = ["--undetermined", level, "--fail-on", "warning"];
        assert_eq!(code(&arguments, UNDECIDED), code_of_warning, "{level}");
        let arguments = ["check", "-", "--undetermined", level, "-o", "json"];
        let (_, report) = ecrlint(arguments).given(UNDECIDED).json();
        let finding = &report["diagnostics"][0];
        assert_eq!(finding["verdict"], "undetermined");
        assert_eq!(finding["severity"], *level);
        let message = finding["message"].as_str().expect("a text");
        assert!(
            message.ends_with("because parameter `Scan` has no default"),
            "{message}"
        );
    }
}

#[test]
fn standard_input_is_read_and_named() {
    for text in [
        WARNED.to_owned(),
        WARNED.replace('\n', "\r\n"),
        format!("\u{feff}{WARNED}"),
    ] {
        let ended = ecrlint(["check", "-"]).given(text).ends();
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        assert!(ended.out.contains("─[<stdin>:4:5]"), "{}", ended.out);
    }
}

#[test]
fn standard_input_is_read_beside_files() {
    let (code, report) = ecrlint(["check", EXAMPLE, "-", "-o", "json"])
        .given(WARNED)
        .json();
    assert_eq!(code, 1);
    assert_eq!(report["summary"]["inputs"], 2);
    assert_eq!(report["summary"]["repositories"], 4);
}

#[test]
fn files_folders_and_globs_lead_to_the_same_inputs() {
    let here = folder(&[
        ("infra/a.yaml", WARNED),
        ("infra/deep/b.yml", WARNED),
        ("infra/deep/notes.yaml", "shopping: [milk]"),
        ("infra/readme.md", "# nothing"),
    ]);
    let inputs = |paths: &[&str]| {
        let arguments = ["check", "-o", "json"].iter().chain(paths);
        let (_, report) = ecrlint(arguments).within(&here).json();
        report["summary"]["repositories"].as_u64()
    };
    assert_eq!(inputs(&["infra"]), Some(2));
    assert_eq!(inputs(&["infra/a.yaml", "infra/deep/b.yml"]), Some(2));
    assert_eq!(inputs(&["infra/**/*.{yaml,yml}"]), Some(2));
    assert_eq!(inputs(&["infra/*.yaml"]), Some(1));
    assert_eq!(
        inputs(&["infra", "infra/a.yaml", "*/a.yaml"]),
        Some(2),
        "each file counts once"
    );
    assert_eq!(inputs(&[]), Some(2), "the working directory");
}

#[test]
fn a_file_that_is_named_twice_is_judged_once() {
    let here = folder(&[("a.yaml", WARNED)]);
    let absolute = here.path().join("a.yaml");
    let absolute = absolute.to_str().expect("a path in Unicode");
    for paths in [
        ["a.yaml", "./a.yaml"],
        ["a.yaml", absolute],
        [".", "./a.yaml"],
    ] {
        let arguments = ["check", paths[0], paths[1], "-o", "json"];
        let (code, report) = ecrlint(arguments).within(&here).json();
        assert_eq!(code, 0);
        assert_eq!(report["summary"]["repositories"], 1, "{paths:?}");
    }
}

#[test]
#[cfg(unix)]
fn a_name_that_is_no_unicode_is_a_name() {
    use std::os::unix::ffi::OsStrExt;
    let here = folder(&[]);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.yaml");
    // Some file systems know Unicode only.
    if std::fs::write(here.path().join(name), WARNED).is_ok() {
        let arguments = ["check".as_ref(), name, "-o".as_ref(), "json".as_ref()];
        let (code, report) = ecrlint(arguments).within(&here).json();
        assert_eq!((code, &report["summary"]["repositories"]), (0, &1.into()));
    }
}

#[test]
fn cdk_out_is_what_is_checked_where_there_is_one() {
    let here = folder(&[
        ("cdk.out/App.template.json", &json_of_warned()),
        ("other.yaml", WARNED),
    ]);
    let (_, report) = ecrlint(["check", "-o", "json"]).within(&here).json();
    assert_eq!(report["summary"]["repositories"], 1);
    let place = &report["diagnostics"][0]["location"]["path"];
    assert_eq!(place, "cdk.out/App.template.json");
}

fn json_of_warned() -> String {
    r#"{"Resources": {"App": {"Type": "AWS::ECR::Repository", "Properties":
        {"RepositoryName": "team/app", "ImageScanningConfiguration": {"ScanOnPush": true}}}}}"#
        .to_owned()
}

#[test]
fn parameters_decide_what_the_template_leaves_open() {
    let here = folder(&[
        ("template.yaml", UNDECIDED),
        ("plain.json", r#"{"Scan": "false"}"#),
        ("plain.yaml", "Scan: true"),
        (
            "aws.json",
            r#"[{"ParameterKey": "Scan", "ParameterValue": "false"}]"#,
        ),
    ]);
    let judged = |parameters: &[&str]| {
        let mut arguments = vec!["check", "template.yaml", "-o", "json", "--evidence"];
        arguments.extend(parameters.iter().flat_map(|one| ["--parameters", *one]));
        let (_, report) = ecrlint(arguments).within(&here).json();
        let verdict = &report["repositories"][0]["verdicts"]["scan-on-push"];
        verdict.as_str().expect("a verdict").to_owned()
    };
    assert_eq!(judged(&[]), "undetermined");
    assert_eq!(judged(&["Scan=true"]), "pass");
    assert_eq!(judged(&["Scan=false"]), "fail");
    assert_eq!(judged(&["plain.json"]), "fail");
    assert_eq!(judged(&["plain.yaml"]), "pass");
    assert_eq!(judged(&["aws.json"]), "fail");
    assert_eq!(
        judged(&["plain.json", "Scan=true"]),
        "pass",
        "later ones win"
    );
}

#[test]
fn evidence_tells_of_every_repository() {
    let judged = |arguments: &[&str]| {
        let arguments = ["check", EXAMPLE, "-o", "json"].iter().chain(arguments);
        let (_, report) = ecrlint(arguments).json();
        report["repositories"].as_array().expect("a list").clone()
    };
    assert_eq!(judged(&[]).len(), 2, "those with a finding");
    let all = judged(&["--evidence"]);
    assert_eq!(all.len(), 3);
    for repository in &all {
        let verdicts = repository["verdicts"].as_object().expect("verdicts");
        assert!(verdicts.len() > 10, "every rule that is on has its verdict");
    }
}

#[test]
fn sets_of_the_command_line_choose_the_rules() {
    let ids = |set: &str| {
        let (_, report) = ecrlint(["check", EXAMPLE, "--set", set, "-o", "json"]).json();
        let findings = report["diagnostics"].as_array().expect("a list").clone();
        let ids = findings.iter().filter_map(|one| one["rule"].as_str());
        ids.map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(!ids("recommended").contains(&"empty-on-delete".to_owned()));
    assert!(ids("organisation").contains(&"empty-on-delete".to_owned()));
}

#[test]
fn a_closed_pipe_ends_the_run_quietly_with_its_code() {
    let mut command = command(["check", "fixtures/cdk-app/cdk.out", EXAMPLE, "-o", "sarif"]);
    let pipes = command.stdin(Stdio::null());
    let mut child = pipes
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut first = [0; 10];
    let mut out = child.stdout.take().expect("a pipe");
    out.read_exact(&mut first).expect("something is written");
    drop(out);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn colours_are_for_those_who_want_them() {
    let coloured = |arguments: &[&str], env: &[(&str, &str)]| {
        let mut run = ecrlint(["check", EXAMPLE].iter().chain(arguments));
        for (name, value) in env {
            run = run.env(name, value);
        }
        run.ends().out.contains('\u{1b}')
    };
    assert!(!coloured(&[], &[]), "a pipe is not a terminal");
    assert!(coloured(&["--color", "always"], &[]));
    assert!(
        coloured(&["--color=always"], &[("NO_COLOR", "1")]),
        "the command line wins"
    );
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(coloured(&[], &[("FORCE_COLOR", "1")]));
    assert!(!coloured(&[], &[("FORCE_COLOR", "0")]));
    assert!(!coloured(&[], &[("CLICOLOR_FORCE", "0")]));
    assert!(!coloured(
        &[],
        &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]
    ));
    assert!(
        coloured(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]),
        "empty is unset"
    );
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn a_terminal_without_other_characters_gets_lines_of_ascii() {
    for (name, value, expected) in [
        ("LC_ALL", "C", true),
        ("LC_ALL", "POSIX", true),
        ("LC_CTYPE", "de_DE.ISO-8859-1", true),
        ("LANG", "C", true),
        ("TERM", "dumb", true),
        ("LC_ALL", "C.UTF-8", false),
        ("LANG", "de_DE.utf8", false),
    ] {
        for input in [EXAMPLE, "fixtures/cdk-app"] {
            let run = ecrlint(["check", input]).env(name, value).ends();
            assert_eq!(run.out.is_ascii(), expected, "{name}={value}: {}", run.out);
        }
        let page = ecrlint(["explain", "scan-on-push", "--color", "always"]).env(name, value);
        assert_eq!(page.ends().out.is_ascii(), expected, "{name}={value}");
    }
}

#[test]
fn colours_change_nothing_but_colours() {
    let plain = ecrlint(["check", EXAMPLE]).ends().out;
    let mut coloured = ecrlint(["check", EXAMPLE, "--color", "always"]).ends().out;
    while let Some(start) = coloured.find("\u{1b}[") {
        let end = start + coloured[start..].find('m').expect("the end of a colour");
        coloured.replace_range(start..=end, "");
    }
    assert_eq!(coloured, plain);
}

#[test]
fn a_narrow_terminal_gets_narrow_lines() {
    for columns in [40, 60, 80] {
        let run = ecrlint(["check", EXAMPLE]).env("COLUMNS", &columns.to_string());
        let out = run.ends().out;
        // Paths, commands and fixes are there to be copied: they stay whole.
        let is_code = |line: &str| line.starts_with("           │ ") || line.contains("help: │");
        let whole = |line: &&str| line.contains(" see: ") || line.contains("─[") || is_code(line);
        for line in out.lines().filter(|line| !whole(line)) {
            assert!(line.chars().count() <= columns, "{columns}: {line}");
        }
    }
    for nonsense in ["", "0", "wide", "-1", "99999999999999999999"] {
        let run = ecrlint(["check", EXAMPLE]).env("COLUMNS", nonsense).ends();
        assert_eq!(
            run,
            ecrlint(["check", EXAMPLE]).ends(),
            "{nonsense:?} says nothing"
        );
    }
}

#[test]
fn two_runs_print_the_same() {
    let run = || {
        let arguments = ["check", "cdk.out", "-o", "json", "--evidence"];
        ecrlint(arguments)
            .within(root().join("fixtures/cdk-app"))
            .ends()
    };
    assert_eq!(run(), run());
}

#[test]
fn a_value_for_a_parameter_of_no_template_is_reported() {
    let template = r#"{"Parameters": {"KeepImages": {"Type": "Number"}},
        "Resources": {"R": {"Type": "AWS::ECR::Repository"}}}"#;
    let other = r#"{"Parameters": {"Bucket": {"Type": "String"}},
        "Resources": {"B": {"Type": "AWS::S3::Bucket"}}}"#;
    let file = r#"[{"ParameterKey": "KeepImages", "ParameterValue": "3"},
        {"ParameterKey": "KeepImage", "ParameterValue": "4"}]"#;
    let folder = folder(&[
        ("in/a.template.json", template),
        ("in/b.template.json", other),
        ("values.json", file),
    ]);
    let arguments = ["check", "in", "--output", "json", "--fail-on", "never"];
    let given = ["values.json", "Bucket=b", "Nowhere=1", "Other:KeepImages=5"];
    let given = given.iter().flat_map(|value| ["--parameters", *value]);
    let run = ecrlint(arguments.into_iter().chain(given));
    let (code, report) = run.within(folder.path()).json();
    assert_eq!(code, 0);
    let told: Vec<_> = report["diagnostics"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|one| one["rule"] == "unreadable-input")
        .map(|one| {
            assert_eq!(one["severity"], "warning");
            (
                one["message"].as_str().unwrap_or_default().to_owned(),
                one["help"].as_str().unwrap_or_default().to_owned(),
                one["location"]["path"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
            )
        })
        .collect();
    let remove = "remove it, or name the template that has it";
    let line = "--parameters";
    let mut expected = [
        (
            "no template of the run has a parameter `KeepImage`",
            "did you mean `KeepImages`?",
            "values.json",
        ),
        (
            "no template of the run has a parameter `Nowhere`",
            remove,
            line,
        ),
        (
            "no template of the stack `Other` has a parameter `KeepImages`",
            remove,
            line,
        ),
    ]
    .map(|(message, help, path)| (message.to_owned(), help.to_owned(), path.to_owned()));
    let mut told = told;
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
}
