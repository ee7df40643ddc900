//! `check --add-ignores`: ignores stand where somebody would have written them, and nothing else of a file changes.

use std::fs;
use std::path::Path;

use crate::program::{Ended, copied, ecrlint, folder};

const TEMPLATE: &str = "\
# our repositories
Resources:
  App: # the first
    Type: AWS::ECR::Repository
    Properties: { RepositoryName: team/app }

  Web:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/web
      RepositoryPolicyText:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: '*', Action: ecr:BatchGetImage }]
";

fn add(folder: &Path, arguments: &[&str]) -> Ended {
    let usual = [
        "check",
        "--add-ignores",
        "--reason",
        "old: \"before\" 2027",
        "--expires",
        "2099-06-30",
    ];
    ecrlint(usual.iter().chain(arguments)).within(folder).ends()
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("it is there")
}

/// Nothing counts any more, even for a strict run.
fn is_quiet(folder: &Path) -> bool {
    let usual = ["check", "--fail-on", "note", "-o", "summary"];
    let ended = ecrlint(usual).within(folder).ends();
    ended.code == 0
}

#[test]
fn a_template_gets_comments_above_its_resources() {
    let folder = folder(&[("infra/a.yaml", TEMPLATE)]);
    let folder = folder.path();
    let ended = add(folder, &["--owner", "platform"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended
            .err
            .ends_with("findings until 2099-06-30 into `infra/a.yaml`\n"),
        "{}",
        ended.err
    );
    assert!(ended.out.contains("passed: no findings"), "{}", ended.out);
    let text = read(folder, "infra/a.yaml");
    let added: Vec<&str> = text
        .lines()
        .filter(|line| !TEMPLATE.contains(line))
        .collect();
    assert_eq!(
        added,
        [
            "  # ecrlint: ignore lifecycle-missing, scan-on-push, tag-immutability owner=platform \
             expires=2099-06-30 -- old: \"before\" 2027",
            "  # ecrlint: ignore access-public, lifecycle-missing, pull-incomplete, scan-on-push, tag-immutability \
             owner=platform expires=2099-06-30 -- old: \"before\" 2027",
        ]
    );
    assert!(text.contains("-- old: \"before\" 2027\n  App: # the first\n"));
    let rest: Vec<&str> = text.lines().filter(|line| !added.contains(line)).collect();
    assert_eq!(rest, TEMPLATE.lines().collect::<Vec<_>>());
    assert!(is_quiet(folder) && !folder.join("ecrlint.yaml").exists());
    // A second time there is nothing to do.
    let ended = add(folder, &[]);
    assert_eq!(
        ended.err,
        "no ignore is written: there is nothing to ignore\n"
    );
    assert_eq!(read(folder, "infra/a.yaml"), text);
}

#[test]
fn what_has_no_comments_goes_into_the_configuration() {
    let json = "{\"Resources\": {\"A\": {\"Type\": \"AWS::ECR::Repository\", \"Properties\": {\"RepositoryName\": \"t/a[1]\"}}}}";
    let flow = "Resources: { A: { Type: AWS::ECR::Repository } }\n";
    let config = "# ours\nignores:\n  - rule: name-valid # odd\n    subject: nobody\n    reason: x\nrules: { unused-ignore: off }\n";
    for (name, text, config, begins) in [
        (
            "a.json",
            json,
            None,
            "ignores:\n  - rule: lifecycle-missing\n    subject: \"t/a[[]1[]]\"\n",
        ),
        (
            "a.json",
            json,
            Some(config),
            "# ours\nignores:\n  - rule: name-valid # odd\n",
        ),
        (
            "a.yaml",
            flow,
            Some("rules: { unused-ignore: off }"),
            "rules: { unused-ignore: off }\n\nignores:\n",
        ),
    ] {
        let folder = folder(&[(name, text)]);
        let folder = folder.path();
        if let Some(config) = config {
            fs::write(folder.join("ecrlint.yaml"), config).expect("it can be written");
        }
        let ended = add(folder, &[]);
        assert_eq!(ended.code, 0, "{name}: {ended:?}");
        let after = read(folder, "ecrlint.yaml");
        assert!(after.starts_with(begins), "{after}");
        assert_eq!(read(folder, name), text);
        assert!(is_quiet(folder), "{after}");
    }
}

#[test]
fn what_a_program_makes_is_ignored_by_its_construct() {
    let folder = copied("fixtures/cdk-app");
    let folder = folder.path();
    let before = read(folder, "cdk.out/Catalogue.template.json");
    let ended = add(folder, &["--min-severity", "error"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended.err.ends_with(" into `ecrlint.yaml`\n"),
        "{}",
        ended.err
    );
    let config = read(folder, "ecrlint.yaml");
    assert!(
        config.contains("subject: \"Catalogue/Importer/Resource\"")
            || config.contains("subject: \"Catalogue/Importer\""),
        "{config}"
    );
    assert_eq!(read(folder, "cdk.out/Catalogue.template.json"), before);
}

#[test]
fn only_what_counts_and_is_asked_for_is_ignored() {
    let folder = folder(&[("a.yaml", TEMPLATE)]);
    let folder = folder.path();
    let ended = add(folder, &["--select", "scan-on-push"]);
    assert!(
        ended.err.starts_with("wrote ignores of 2 findings"),
        "{}",
        ended.err
    );
    assert!(!read(folder, "a.yaml").contains("lifecycle-missing"));
    let usual = ["check", "--baseline", "b.json", "--write-baseline"];
    assert_eq!(ecrlint(usual).within(folder).ends().code, 0);
    let ended = add(folder, &["--baseline", "b.json"]);
    assert_eq!(
        ended.err,
        "no ignore is written: there is nothing to ignore\n"
    );
}

#[test]
fn what_cannot_be_written_safely_is_refused_whole() {
    let json = "{\"Resources\": {\"A\": {\"Type\": \"AWS::ECR::Repository\"}}}";
    let pointed = "ignores: { from: 'more.yaml' }\n";
    let files = [
        ("a.yaml", TEMPLATE),
        ("b.json", json),
        ("ecrlint.yaml", pointed),
        ("more.yaml", "[]\n"),
    ];
    let folder = folder(&files);
    let folder = folder.path();
    let ended = add(folder, &["a.yaml", "b.json"]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains("cannot add ignores to `ecrlint.yaml`"),
        "{}",
        ended.err
    );
    for (name, text) in files {
        assert_eq!(read(folder, name), text, "{name}");
    }
    // Without comments that count, all goes into the configuration, which points elsewhere.
    assert_eq!(add(folder, &["a.yaml", "--no-inline-ignores"]).code, 2);
    assert_eq!(read(folder, "a.yaml"), TEMPLATE);
    fs::write(folder.join("broken.yaml"), "Resources:\n  A: [\n").expect("it can be written");
    let ended = add(folder, &["a.yaml", "broken.yaml"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("no ignore is written"), "{}", ended.err);
    assert_eq!(read(folder, "a.yaml"), TEMPLATE);
}

#[test]
fn windows_lines_stay_and_links_lead_to_their_file() {
    let windows = TEMPLATE.replace('\n', "\r\n");
    let folder = folder(&[("real/a.yaml", &windows)]);
    let folder = folder.path();
    #[cfg(unix)]
    std::os::unix::fs::symlink("real/a.yaml", folder.join("link.yaml")).expect("a link");
    let name = if cfg!(unix) {
        "link.yaml"
    } else {
        "real/a.yaml"
    };
    assert_eq!(add(folder, &[name]).code, 0);
    let text = read(folder, "real/a.yaml");
    assert!(text.contains("# ecrlint: ignore"));
    assert!(
        text.split('\n')
            .all(|line| line.is_empty() || line.ends_with('\r'))
    );
    #[cfg(unix)]
    assert!(folder.join("link.yaml").is_symlink());
}

#[test]
fn an_ignore_needs_a_reason_and_a_day() {
    let folder = folder(&[("a.yaml", TEMPLATE)]);
    for arguments in [
        &["--add-ignores"][..],
        &["--add-ignores", "--reason", " "],
        &["--add-ignores", "--reason", "a\nb"],
        &["--add-ignores", "--reason", "x", "--expires", "2027-02-30"],
        &["--add-ignores", "--reason", "x", "--owner", "a b"],
        &["--reason", "x"],
        &["-", "--add-ignores", "--reason", "x"],
    ] {
        let ended = ecrlint(["check"].iter().chain(arguments))
            .within(folder.path())
            .ends();
        assert_eq!(ended.code, 2, "{arguments:?}");
        assert_eq!(read(folder.path(), "a.yaml"), TEMPLATE);
    }
    let ended = ecrlint(["check", "--add-ignores", "--reason", "x"])
        .within(folder.path())
        .ends();
    assert_eq!(ended.code, 0);
    let text = read(folder.path(), "a.yaml");
    let day = text
        .split("expires=")
        .nth(1)
        .expect("a day")
        .get(..10)
        .expect("a date");
    assert!(day > "2026-01-01", "{day}");
}
