//! What is for people who watch, and for them alone: links, how far a run is, and notes that say nothing of a fresh
//! checkout.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::program::{copied, ecrlint, folder};
use crate::watched::seen;

const WARNED: &str = "Resources:\n  App:\n    Type: AWS::ECR::Repository\n    Properties: { RepositoryName: team/app }\n";

#[test]
fn links_are_for_terminals_that_show_them() {
    let one = folder(&[("template.yaml", WARNED)]);
    let link = "\u{1b}]8;;https://ecrlint.github.io/ecrlint/rules/scan-on-push.html\u{1b}\\";
    for (what, environment, has_link) in [
        ("a terminal that says nothing of links", vec![], false),
        (
            "one of Visual Studio Code",
            vec![("TERM_PROGRAM", "vscode")],
            true,
        ),
        ("GNOME's", vec![("VTE_VERSION", "7600")], true),
        (
            "an old one of GNOME's",
            vec![("VTE_VERSION", "4800")],
            false,
        ),
        ("kitty", vec![("TERM", "xterm-kitty")], true),
        (
            "kitty without colours",
            vec![("TERM", "xterm-kitty"), ("NO_COLOR", "1")],
            false,
        ),
        (
            "a dumb one",
            vec![("TERM", "dumb"), ("TERM_PROGRAM", "vscode")],
            false,
        ),
    ] {
        let shown = seen(one.path(), "check", &environment);
        assert_eq!(shown.contains(link), has_link, "{what}: {shown:?}");
        assert_eq!(shown.contains("\u{1b}]8;;"), has_link, "{what}: {shown:?}");
        assert!(shown.contains("scan-on-push"), "{what}: {shown}");
        let address = shown.contains("rules/scan-on-push.html");
        assert!(address, "{what}: {shown:?}");
    }
    let piped = ecrlint(["check"])
        .within(one.path())
        .env("TERM", "xterm-kitty")
        .ends();
    assert!(!piped.out.contains('\u{1b}'), "{:?}", piped.out);
}

#[test]
fn modification_times_are_told_to_those_who_watch_alone() {
    let here = copied("fixtures/cdk-app");
    let program = fs::File::options()
        .append(true)
        .open(here.path().join("lib/catalogue-stack.ts"));
    let later = SystemTime::now() + Duration::from_secs(3600);
    program
        .and_then(|file| file.set_modified(later))
        .expect("a time can be set");
    let shown = seen(here.path(), "check", &[]);
    let note = "was written to after `cdk.out`";
    assert!(shown.contains(note), "{shown}");
    let piped = ecrlint(["check"]).within(here.path()).ends();
    assert!(
        !piped.out.contains(note) && !piped.err.contains(note),
        "{piped:?}"
    );
}

const FOREIGN: &str = "Resources:\n  Files:\n    Type: AWS::S3::Bucket\n";
const FILES: usize = 1500;

#[test]
fn many_files_show_how_far_a_run_is_on_a_terminal_alone() {
    let names: Vec<String> = (0..FILES).map(|number| format!("{number}.yaml")).collect();
    let texts: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), FOREIGN)).collect();
    let many = folder(&texts);
    let few = folder(&texts[..20]);
    let bar = format!("/{FILES} files");
    let shown = seen(many.path(), "check", &[]);
    assert!(shown.contains(&bar), "{shown:?}");
    let (_, last) = shown.rsplit_once(&bar).expect("it is there");
    assert!(last.contains("\u{1b}[2K"), "the bar goes: {last:?}");
    assert!(
        last.contains("no ECR repositories") || last.contains("ECR"),
        "the end is below it: {last:?}"
    );
    for (what, shown) in [
        ("few files", seen(few.path(), "check", &[])),
        (
            "a job of a pipeline",
            seen(many.path(), "check", &[("CI", "true")]),
        ),
        (
            "a dumb terminal",
            seen(many.path(), "check", &[("TERM", "dumb")]),
        ),
        (
            "talk to a file",
            seen(many.path(), "check 2>/dev/null", &[]),
        ),
        ("quiet", seen(many.path(), "check --quiet", &[])),
    ] {
        assert!(!shown.contains("reading ["), "{what}: {shown:?}");
    }
    let piped = ecrlint(["check"]).within(many.path()).ends();
    assert!(!piped.err.contains("reading ["), "{}", piped.err);
}

#[test]
fn a_diff_is_followed_by_a_question_and_only_yes_writes() {
    for (answer, arguments, is_written) in [
        ("y", "fix", true),
        ("yes", "fix --diff", true),
        ("", "fix", false),
        ("n", "fix", false),
        ("y", "fix --check", false),
    ] {
        let one = folder(&[("template.yaml", WARNED)]);
        let line = format!("{arguments} || true");
        let line = if arguments.contains("--check") {
            line
        } else {
            arguments.to_owned()
        };
        let shown = seen(one.path(), &line, &[("ANSWER", answer)]);
        let now = fs::read_to_string(one.path().join("template.yaml")).expect("it is there");
        assert_eq!(now != WARNED, is_written, "{answer}: {shown}");
        let asks = shown.contains("write 1 file? [y/N]");
        assert_eq!(asks, !arguments.contains("--check"), "{shown}");
        assert!(shown.contains("\u{1b}[32m+"), "{shown:?}");
        assert_eq!(
            shown.contains("fixed 1 finding in 1 file"),
            is_written,
            "{shown}"
        );
    }
}

#[test]
fn what_commands_a_terminal_has_no_effect_in_a_diff() {
    let template = WARNED.replace(
        "team/app",
        "team/app, Tags: [{ Key: a, Value: \"\u{202e}x\" }]",
    );
    let one = folder(&[("template.yaml", &template)]);
    let shown = seen(one.path(), "fix", &[("ANSWER", "n")]);
    assert!(shown.contains("ScanOnPush: true"), "{shown:?}");
    assert!(!shown.contains('\u{202e}'), "{shown:?}");
}
