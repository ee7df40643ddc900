//! Which configuration holds for a run, and that each report says so.

use serde_json::Value;

use crate::WARNED;
use crate::program::{ecrlint, folder};

/// Makes the warning of [`WARNED`] an error, so that it shows whether it held.
const STRICT: &str = "rules: { tag-immutability: error }\n";

/// The code of a check, and the configuration that the report names.
fn held(files: &[(&str, &str)], within: &str, arguments: &[&str]) -> (i32, Option<String>) {
    let folder = folder(files);
    let all = ["check", "-o", "json"].iter().chain(arguments);
    let (code, report) = ecrlint(all).within(folder.path().join(within)).json();
    let name = report["configuration"].as_str().map(|path| {
        let top = folder.path().canonicalize().expect("it is there");
        path.replace(&format!("{}/", top.display()), "/")
    });
    (code, name)
}

#[test]
fn one_configuration_holds_and_the_report_names_it() {
    let plain = "rules: {}\n";
    for (files, within, arguments, expected) in [
        (&[][..], "", &["a/t.yaml"][..], (0, None)),
        // Under each of its names, from the working directory upward.
        (
            &[("ecrlint.yaml", STRICT)],
            "",
            &["a/t.yaml"],
            (1, Some("ecrlint.yaml")),
        ),
        (
            &[("ecrlint.yml", STRICT)],
            "",
            &["a/t.yaml"],
            (1, Some("ecrlint.yml")),
        ),
        (
            &[(".git/HEAD", ""), ("ecrlint.yml", STRICT)],
            "a",
            &["t.yaml"],
            (1, Some("/ecrlint.yml")),
        ),
        // The nearest one holds alone, whatever its name.
        (
            &[("ecrlint.yaml", plain), ("a/ecrlint.yml", STRICT)],
            "a",
            &["t.yaml"],
            (1, Some("ecrlint.yml")),
        ),
        (
            &[("ecrlint.yaml", plain), ("a/ecrlint.yml", STRICT)],
            "",
            &["a/t.yaml"],
            (0, Some("ecrlint.yaml")),
        ),
        // Else the one of what is checked: a file, a folder, a pattern, an assembly, several of them.
        (
            &[("a/ecrlint.yaml", STRICT)],
            "",
            &["a/t.yaml"],
            (1, Some("a/ecrlint.yaml")),
        ),
        (
            &[("a/ecrlint.yml", STRICT)],
            "",
            &["a"],
            (1, Some("a/ecrlint.yml")),
        ),
        (
            &[("a/ecrlint.yml", STRICT)],
            "",
            &["a/*.yaml"],
            (1, Some("a/ecrlint.yml")),
        ),
        (
            &[("a/ecrlint.yaml", STRICT)],
            "",
            &["a/t.yaml", "a/b/t.yaml"],
            (1, Some("a/ecrlint.yaml")),
        ),
        (
            &[("a/ecrlint.yaml", STRICT)],
            "",
            &["a/b"],
            (1, Some("a/ecrlint.yaml")),
        ),
        (
            &[("a/ecrlint.yaml", STRICT)],
            "c",
            &["../a/t.yaml"],
            (1, Some("/a/ecrlint.yaml")),
        ),
        // Not one that holds for a part of it only.
        (
            &[("a/ecrlint.yaml", STRICT)],
            "",
            &["a/t.yaml", "c/t.yaml"],
            (0, None),
        ),
        // Nor one above the repository in which it lies.
        (
            &[("a/ecrlint.yaml", STRICT), ("a/b/.git/HEAD", "")],
            "",
            &["a/b/t.yaml"],
            (0, None),
        ),
        (
            &[("a/ecrlint.yaml", STRICT), ("a/b/.git/HEAD", "")],
            "c",
            &["../a/b"],
            (0, None),
        ),
        // The one that is named holds before all others.
        (
            &[("ecrlint.yaml", plain), ("x.yaml", STRICT)],
            "",
            &["a/t.yaml", "--config", "x.yaml"],
            (1, Some("x.yaml")),
        ),
        (
            &[("ecrlint.yaml", plain), ("ecrlint.yml", STRICT)],
            "",
            &["a", "--config", "ecrlint.yml"],
            (1, Some("ecrlint.yml")),
        ),
    ] {
        let mut all = vec![
            ("a/t.yaml", WARNED),
            ("a/b/t.yaml", WARNED),
            ("c/t.yaml", WARNED),
        ];
        all.extend_from_slice(files);
        let (code, name) = expected;
        let expected = (code, name.map(str::to_owned));
        assert_eq!(
            held(&all, within, arguments),
            expected,
            "{files:?} {arguments:?}"
        );
    }
}

#[test]
fn two_configurations_in_one_folder_are_refused() {
    for within in ["", "a"] {
        let folder = folder(&[
            (".git/HEAD", ""),
            ("ecrlint.yaml", ""),
            ("ecrlint.yml", ""),
            ("a/t.yaml", WARNED),
        ]);
        let run = ecrlint(["check", "-o", "json"]).within(folder.path().join(within));
        let (code, report) = run.json();
        assert_eq!(code, 2, "{report}");
        let said = report["diagnostics"][0]["message"].as_str();
        let expected = "`ecrlint.yaml` and `ecrlint.yml` lie in one folder, and only one can hold";
        assert_eq!(said, Some(expected));
    }
    for (there, asked) in [
        ("ecrlint.yml", "ecrlint.yaml"),
        ("ecrlint.yaml", "ecrlint.yml"),
    ] {
        let folder = folder(&[(there, "")]);
        let ended = ecrlint(["init", asked]).within(folder.path()).ends();
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.err.contains(there), "{ended:?}");
    }
}

#[test]
fn access_takes_the_configuration_that_check_takes() {
    let config = "organisation: { environments: { dev: { account: \"111111111111\" } } }\n";
    let folder = folder(&[("a/ecrlint.yml", config), ("a/t.yaml", WARNED)]);
    let run = ecrlint(["access", "team/app", "a/t.yaml", "--environment", "dev"]);
    let ended = run.within(folder.path()).ends();
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[test]
fn each_format_names_the_configuration() {
    let folder = folder(&[("ecrlint.yml", STRICT), ("t.yaml", WARNED)]);
    for (format, expected) in [
        ("human", "configured by `ecrlint.yml`"),
        ("markdown", "configured by <code>ecrlint.yml</code>"),
        ("summary", "configuration=ecrlint.yml\n"),
        ("json", "\"configuration\": \"ecrlint.yml\""),
        ("sarif", "\"configuration\": \"ecrlint.yml\""),
    ] {
        let run = ecrlint(["check", "t.yaml", "-o", format]);
        let ended = run.within(folder.path()).ends();
        let is_json = serde_json::from_str::<Value>(&ended.out).is_ok();
        let out = if is_json {
            ended.out.replace("\":\"", "\": \"")
        } else {
            ended.out
        };
        assert!(out.contains(expected), "{format}: {out}");
    }
}
