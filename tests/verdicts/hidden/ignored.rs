//! What `.gitignore` hides, and what it cannot hide.

use std::path::Path;

use crate::program::{ecrlint, folder, git};

const OURS: &str = "Resources: {A: {Type: 'AWS::ECR::Repository'}}\n";

/// The files that have findings, in a check of `paths` in the folder.
fn found(at: &Path, arguments: &[&str]) -> Vec<String> {
    let arguments = [&["check", "-o", "json"], arguments].concat();
    let (_, report) = ecrlint(arguments).within(at).json();
    let findings = report["diagnostics"].as_array().expect("a list").iter();
    let ours = findings.filter(|one| one["rule"] == "scan-on-push");
    let mut paths: Vec<_> = ours
        .map(|one| one["location"]["path"].as_str().expect("a text").to_owned())
        .collect();
    paths.sort();
    paths
}

#[test]
fn only_the_gitignore_files_of_the_repository_count() {
    let outer = folder(&[
        (".gitignore", "*.yaml\n"),
        ("repo/.git/info/exclude", "excluded.yaml\n"),
        (
            "repo/.gitignore",
            "/ignored.yaml\nbuild/\n*.tmp.yaml\n!kept.tmp.yaml\n",
        ),
        ("repo/.ignore", "dot-ignore.yaml\n"),
        ("repo/.git/config", "[core]\nexcludesFile = excludes\n"),
        ("repo/excludes", "excludes.yaml\n"),
        ("repo/ignored.yaml", OURS),
        ("repo/build/a.yaml", OURS),
        ("repo/a.tmp.yaml", OURS),
        ("repo/kept.tmp.yaml", OURS),
        ("repo/dot-ignore.yaml", OURS),
        ("repo/excluded.yaml", OURS),
        ("repo/excludes.yaml", OURS),
        ("repo/sub/.gitignore", "deep.yaml\n!ignored.yaml\n"),
        ("repo/sub/deep.yaml", OURS),
        ("repo/sub/ignored.yaml", OURS),
        ("repo/sub/plain.yaml", OURS),
    ]);
    let at = outer.path().join("repo");
    let all = [
        "dot-ignore.yaml",
        "excluded.yaml",
        "excludes.yaml",
        "kept.tmp.yaml",
        "sub/ignored.yaml",
        "sub/plain.yaml",
    ];
    assert_eq!(found(&at, &["."]), all);
    // The patterns of the folders above hold in a folder of the repository.
    let below: Vec<String> = all[4..].iter().map(|path| (*path).to_owned()).collect();
    assert_eq!(found(&at, &["sub"]), below);
    assert_eq!(
        found(&at, &["."]).len() + 4,
        found(&at, &[".", "--no-gitignore"]).len()
    );
    // What is named is read.
    assert_eq!(
        found(&at, &["ignored.yaml", "build"]),
        ["build/a.yaml", "ignored.yaml"]
    );
}

#[test]
fn what_git_keeps_track_of_is_never_hidden() {
    let outer = folder(&[
        ("repo/.gitignore", "*.yaml\nbuild/\n"),
        ("repo/tracked.yaml", OURS),
        ("repo/untracked.yaml", OURS),
        ("repo/build/deep/tracked.yaml", OURS),
        ("repo/build/deep/untracked.yaml", OURS),
        ("repo/build/untracked.yaml", OURS),
    ]);
    let at = outer.path().join("repo");
    git(&at, &["init", "-q"]);
    let nothing = ecrlint(["check", "."]).within(&at).ends();
    assert_eq!(
        (nothing.code, nothing.out.as_str()),
        (2, ""),
        "{}",
        nothing.err
    );
    let tracked = [".gitignore", "tracked.yaml", "build/deep/tracked.yaml"];
    git(&at, &[&["add", "-f"][..], &tracked].concat());
    for version in ["2", "4"] {
        git(&at, &["update-index", "--index-version", version]);
        assert_eq!(
            found(&at, &["."]),
            ["build/deep/tracked.yaml", "tracked.yaml"]
        );
        assert_eq!(
            found(&at, &["build"]),
            ["build/deep/tracked.yaml"],
            "{version}"
        );
    }
    // A worktree has its index elsewhere.
    git(&at, &["commit", "-qm", "x"]);
    git(&at, &["worktree", "add", "-q", "../tree"]);
    let tree = outer.path().join("tree");
    std::fs::write(tree.join("untracked.yaml"), OURS).expect("a file");
    assert_eq!(
        found(&tree, &["."]),
        ["build/deep/tracked.yaml", "tracked.yaml"]
    );
    // Nobody can tell what is in an index that cannot be read.
    std::fs::write(at.join(".git/index"), "DIRCx").expect("a file");
    assert_eq!(found(&at, &["."]).len(), 5);
}

#[test]
fn an_assembly_is_read_wherever_it_lies() {
    let template = r#"{"Resources": {"A": {"Type": "AWS::ECR::Repository"}}}"#;
    let manifest = r#"{"version": "36.0.0", "artifacts": {"S": {"type": "aws:cloudformation:stack",
        "properties": {"templateFile": "S.template.json"}}}}"#;
    for (ignore, home) in [
        ("cdk.out\n", "cdk.out"),
        ("cdk.out/*\n", "app/cdk.out"),
        ("*.json\n", "cdk.out"),
        ("*\n", "cdk.out"),
        ("dist/\n", "dist/cdk.out"),
        ("/dist\n", "dist/a/b/cdk.out"),
        ("**/cdk.out/\n", "a/cdk.out"),
    ] {
        let at = folder(&[
            (".gitignore", ignore),
            (&format!("{home}/.gitignore"), "*\n"),
            (&format!("{home}/S.template.json"), template),
            (&format!("{home}/manifest.json"), manifest),
            (&format!("{home}/cdk.out"), r#"{"version":"36.0.0"}"#),
        ]);
        let expected = [format!("{home}/S.template.json")];
        assert_eq!(found(at.path(), &["."]), expected, "{ignore}");
        assert_eq!(found(at.path(), &[home]), expected, "{ignore}");
    }
}

#[cfg(unix)]
#[test]
fn a_gitignore_that_is_no_file_hides_nothing_and_waits_for_nobody() {
    let at = folder(&[("a.yaml", OURS), ("rules", "*\n")]);
    std::os::unix::fs::symlink("rules", at.path().join(".gitignore")).expect("a link");
    assert_eq!(found(at.path(), &["."]), ["a.yaml"]);
    std::fs::remove_file(at.path().join(".gitignore")).expect("it is there");
    let made = std::process::Command::new("mkfifo")
        .arg(at.path().join(".gitignore"))
        .status();
    assert!(made.expect("mkfifo is there").success());
    assert_eq!(found(at.path(), &["."]), ["a.yaml"]);
}

#[test]
fn what_is_passed_over_is_counted_and_listed() {
    let at = folder(&[
        (".gitignore", "ignored.yaml\nbuild/\n"),
        ("ours.yaml", OURS),
        ("bucket.yaml", "Resources: {A: {Type: 'AWS::S3::Bucket'}}\n"),
        ("package.json", "{}"),
        ("README.md", "text"),
        ("ignored.yaml", OURS),
        ("build/x.yaml", OURS),
        ("node_modules/p/package.json", "{}"),
    ]);
    let ended = ecrlint(["check", ".", "--debug-files"])
        .within(at.path())
        .ends();
    let told: Vec<_> = ended
        .err
        .lines()
        .filter_map(|line| line.strip_prefix("passed over "))
        .collect();
    let expected = [
        "`.gitignore`: its name is not that of an input",
        "`README.md`: its name is not that of an input",
        "`bucket.yaml`: a template without ECR",
        "`build`: ignored by `build/` of a .gitignore",
        "`build/x.yaml`: in a folder that git ignores",
        "`ignored.yaml`: ignored by `ignored.yaml` of a .gitignore",
        "`node_modules`: a folder with other people's code",
        "`package.json`: neither a template nor a snapshot",
    ];
    assert_eq!(told, expected);
    let line = "7 files looked at: 1 read, 6 passed over (`--debug-files` lists them)";
    assert!(ended.out.lines().any(|own| own == line), "{}", ended.out);
    let (_, report) = ecrlint(["check", ".", "-o", "json"])
        .within(at.path())
        .json();
    let files = serde_json::json!({"looked_at": 7, "read": 1, "passed_over": 6});
    assert_eq!(report["summary"]["files"], files);
}
