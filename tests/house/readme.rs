//! What the documents show is what the program prints, and the ways that they describe lead there.

use std::path::Path;

use crate::golden::assert_golden;
use crate::program::{self, ecrlint, folder, root};

/// Holds the block `name` of a document against `expected`.
fn check_block(document: &str, name: &str, expected: &str) {
    let path = root().join(document);
    let text = std::fs::read_to_string(&path).expect("a document can be read");
    let text = text.replace("\r\n", "\n");
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&open).expect("the block begins");
    let (_, after) = rest.split_once(&close).expect("the block ends");
    assert_golden(&path, &format!("{before}{open}{expected}{close}{after}"));
}

fn fenced(text: &str) -> String {
    format!("```text\n{}\n```\n", text.trim_end())
}

#[test]
fn the_readme_shows_what_its_first_command_prints() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("it can be read");
    let command = "cargo run --release -- check fixtures/example ";
    assert!(readme.contains(command), "the first command is another one");
    let ended = ecrlint(["check", "fixtures/example"]).ends();
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    check_block("README.md", "example", &fenced(&ended.out));
}

/// The command that shows how images were lost, as it is typed: words between quotes are one.
#[test]
fn the_readme_shows_what_happens_to_releases() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("it can be read");
    for (name, start) in [
        ("lost", "ecrlint lifecycle preview --policy"),
        ("kept", "ecrlint lifecycle diff"),
    ] {
        let mut lines = readme.lines().filter(|line| line.starts_with(start));
        let command = lines.next().expect("the command is there");
        let arguments = command
            .split('"')
            .enumerate()
            .flat_map(|(part, text)| match part % 2 {
                0 => text.split_whitespace().collect::<Vec<_>>(),
                _ => vec![text],
            });
        let run = ecrlint(arguments.skip(1)).env("COLUMNS", "100");
        let ended = run.ends();
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{command}");
        check_block("README.md", name, &fenced(&ended.out));
    }
}

#[test]
fn the_readme_lists_the_rules() {
    let ended = ecrlint(["rules", "--markdown"]).ends();
    assert_eq!(ended.code, 0);
    check_block("README.md", "rules", &ended.out);
}

#[test]
fn the_usage_page_shows_the_help_of_every_command() {
    let commands = [
        "check",
        "fix",
        "access",
        "lifecycle",
        "snapshot",
        "explain",
        "rules",
        "query",
        "show",
        "test",
        "init",
        "lsp",
        "schema",
        "completions",
        "man",
    ];
    for command in commands {
        let ended = ecrlint([command, "--help"]).ends();
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{command}");
        check_block(
            "docs/usage.md",
            &format!("help {command}"),
            &fenced(&ended.out),
        );
    }
    for question in ["preview", "explain", "diff"] {
        let ended = ecrlint(["lifecycle", question, "--help"]).ends();
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{question}");
        let block = format!("help lifecycle {question}");
        check_block("docs/usage.md", &block, &fenced(&ended.out));
    }
    let listed = ecrlint(["--help"]).ends().out;
    let (_, listed) = listed
        .split_once("Commands:\n")
        .expect("a list of commands");
    let listed = listed.lines().take_while(|line| !line.is_empty());
    let listed: Vec<_> = listed
        .filter_map(|line| line.split_whitespace().next())
        // What it says stands below each of the others.
        .filter(|command| *command != "help")
        .collect();
    assert_eq!(listed, commands, "the page names them all");
}

#[test]
fn the_usage_page_names_every_format() {
    let usage = std::fs::read_to_string(root().join("docs/usage.md")).expect("it can be read");
    for format in &ecrlint::render::FORMATS {
        let row = format!("| `{}` |", format.name);
        assert!(usage.contains(&row), "no row for {}", format.name);
    }
}

/// "A rule is one file": the way that CONTRIBUTING describes, with a built-in rule under a new name.
#[test]
fn a_new_rule_takes_one_file() {
    let text = std::fs::read_to_string(root().join("rules/scanning/scan-on-push.yaml"));
    let text = text.expect("a rule can be read");
    let renamed = text.replacen("id: scan-on-push", "id: my-new-rule", 1);
    let here = folder(&[("rules/scanning/my-new-rule.yaml", &renamed)]);
    let tested = ecrlint(["test", "rules"]).within(&here).ends();
    assert_eq!(
        (tested.code, tested.err.as_str()),
        (0, ""),
        "{}",
        tested.out
    );
    assert!(tested.out.contains(" examples of 1 rule"), "{}", tested.out);
    let explained = ecrlint(["explain", "my-new-rule", "--rules", "rules"])
        .within(&here)
        .ends();
    assert!(
        explained.out.starts_with("# my-new-rule\n"),
        "{}",
        explained.out
    );
    assert!(
        explained.out.contains("[my-new-rule]: "),
        "{}",
        explained.out
    );
}

#[test]
fn the_commands_that_contributing_names_are_there() {
    let text = std::fs::read_to_string(root().join("CONTRIBUTING.md")).expect("it can be read");
    for line in [
        "cargo run -- test rules",
        "cargo run -- explain my-new-rule",
    ] {
        assert!(
            text.contains(line),
            "CONTRIBUTING.md does not name `{line}`"
        );
    }
    assert_eq!(ecrlint(["test", "rules"]).ends().code, 0);
}

/// Links to files of the checkout lead somewhere.
#[test]
fn no_link_is_broken() {
    let mut documents: Vec<_> = [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
    ]
    .map(|name| root().join(name))
    .to_vec();
    let pages = program::files(&root().join("docs")).into_iter();
    documents.extend(pages.filter(|path| path.extension().is_some_and(|end| end == "md")));
    for document in documents {
        let text = std::fs::read_to_string(&document).expect("a document can be read");
        let folder = document.parent().unwrap_or(Path::new(""));
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| Some(rest.split_once(')')?.0))
        {
            let path = link.split('#').next().unwrap_or(link);
            let here = !path.contains(':') && !path.is_empty();
            assert!(
                !here || folder.join(path).exists(),
                "{}: nothing at {link}",
                document.display()
            );
        }
    }
}
