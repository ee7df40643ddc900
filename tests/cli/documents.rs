//! What authors of rules use: `rules new`, `query` and `show`.

use std::fs;

use crate::program::{ecrlint, folder};

const TEMPLATE: &str = "\
Parameters:
  Scan: { Type: String }
Resources:
  App:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/app
      ImageScanningConfiguration: { ScanOnPush: false }
  Web:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/web
      ImageScanningConfiguration: { ScanOnPush: !Ref Scan }
";

#[test]
fn a_new_rule_holds_as_it_is_written_and_is_never_written_over() {
    let files = folder(&[("a.yaml", TEMPLATE)]);
    let run = |arguments: &[&str]| ecrlint(arguments).within(files.path()).ends();
    let ended = run(&["rules", "new", "my-rule"]);
    let told = "wrote `rules/own/my-rule.yaml`\nnext: change it, then run `ecrlint test rules`\n";
    assert_eq!(
        (ended.code, ended.out.as_str(), ended.err.as_str()),
        (0, "", told)
    );
    let tested = run(&["test", "rules"]);
    assert_eq!(
        (tested.code, tested.err.as_str()),
        (0, ""),
        "{}",
        tested.out
    );
    assert!(
        tested.out.contains("3 examples of 1 rule hold"),
        "{}",
        tested.out
    );
    let explained = run(&["explain", "my-rule", "--rules", "rules"]);
    assert!(
        explained.out.starts_with("# my-rule\n"),
        "{}",
        explained.out
    );
    let checked = run(&[
        "check",
        "a.yaml",
        "--rules",
        "rules",
        "--select",
        "my-rule",
        "--fail-on",
        "warning",
    ]);
    assert_eq!(checked.code, 1, "{}", checked.err);
    let path = files.path().join("rules/own/my-rule.yaml");
    let text = fs::read_to_string(&path).expect("it is there");
    // Somebody who has never seen a rule is told what each key is for.
    assert!(
        text.lines()
            .filter(|line| line.trim_start().starts_with('#'))
            .count()
            > 12
    );
    fs::write(&path, "mine").expect("it can be written");
    let again = run(&["rules", "new", "my-rule"]);
    assert_eq!(again.code, 2);
    assert!(
        again.err.contains("exists and is left as it is"),
        "{}",
        again.err
    );
    assert_eq!(fs::read_to_string(&path).expect("it is there"), "mine");
}

#[test]
fn a_name_that_no_rule_can_have_is_refused_and_nothing_is_written() {
    for (arguments, why) in [
        (
            &["scan-on-push"][..],
            "there is a rule `scan-on-push` already",
        ),
        (
            &["unreadable-input"],
            "there is a rule `unreadable-input` already",
        ),
        (&["My Rule"], "id `My Rule` is not in kebab-case"),
        (&["../x"], "id `../x` is not in kebab-case"),
        (
            &["x", "--category", "../y"],
            "a category is lower-case words with hyphens",
        ),
    ] {
        let files = folder(&[]);
        let arguments = ["rules", "new"].iter().chain(arguments);
        let ended = ecrlint(arguments).within(files.path()).ends();
        assert_eq!(ended.code, 2, "{}", ended.err);
        assert!(ended.err.contains(why), "{}", ended.err);
        assert!(
            fs::read_dir(files.path())
                .expect("a folder")
                .next()
                .is_none()
        );
    }
}

#[test]
fn a_query_tells_what_it_finds_with_places_and_what_it_cannot_know() {
    let files = folder(&[("a.yaml", TEMPLATE)]);
    let ended = ecrlint(["query", "$.repository.scanning.on_push"])
        .within(files.path())
        .ends();
    let expected = "\
team/app  a.yaml:4:3
└─ repository.scanning.on_push: false  8:49

team/web  a.yaml:9:3
└─ repository.scanning.on_push: not known, because parameter `Scan` has no default  13:49
";
    assert_eq!(
        (ended.code, ended.out.as_str()),
        (0, expected),
        "{}",
        ended.err
    );
    assert_eq!(ended.err, "2 nodes, in 2 of 2 documents\n");
    let query = "$[?@.scanning.effective == true]";
    let ended = ecrlint(["query", query]).within(files.path()).ends();
    let doubt = "└─ perhaps, because parameter `Scan` has no default: repository";
    assert!(
        ended.out.starts_with("team/web  a.yaml:9:3\n"),
        "{}",
        ended.out
    );
    assert!(ended.out.contains(doubt), "{}", ended.out);
    assert_eq!(
        ended.err,
        "0 nodes, and perhaps 1 more, in 1 of 2 documents\n"
    );
    let given = ecrlint(["query", query, "--parameters", "Scan=true"])
        .within(files.path())
        .ends();
    assert!(
        given.out.contains("└─ repository: the document\n"),
        "{}",
        given.out
    );
    assert_eq!(given.err, "1 node, in 1 of 2 documents\n");
}

#[test]
fn a_query_that_can_find_nothing_is_refused_at_its_place() {
    for (query, why) in [
        (
            "$.repository.scaning",
            "the document has no member `scaning` here at column 14 of the query; write `scanning`",
        ),
        ("$.repository[", " at column "),
        (
            "$.repository.name[?@ == $.settings.x]",
            "there is no setting `x` outside of a rule",
        ),
        ("repository", " at column "),
    ] {
        let ended = ecrlint(["query", query, "fixtures/cloudformation"]).ends();
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{query}");
        assert!(ended.err.contains(why), "{query}: {}", ended.err);
    }
}

#[test]
fn the_document_of_a_repository_is_shown_with_its_facts() {
    let files = folder(&[("a.yaml", TEMPLATE)]);
    for name in ["team/web", "Web"] {
        let ended = ecrlint(["show", name]).within(files.path()).ends();
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        let lines: Vec<_> = ended.out.lines().collect();
        assert_eq!(lines[..2], ["team/web  a.yaml:9:3", "└─ repository"]);
        let at = lines
            .iter()
            .position(|line| *line == "   ├─ scanning  13:49");
        let at = at.unwrap_or_else(|| panic!("{}", ended.out));
        let expected = [
            "   │  ├─ on_push: not known, because parameter `Scan` has no default",
            "   │  ├─ effective: not known, because parameter `Scan` has no default",
        ];
        assert_eq!(lines[at + 1..at + 3], expected);
        assert!(!ended.out.contains('\u{1b}'));
    }
    let ended = ecrlint(["show", "team/app", "--color", "always"])
        .within(files.path())
        .ends();
    assert!(
        ended.out.contains("\u{1b}[36mscanning\u{1b}[0m"),
        "{}",
        ended.out
    );
    let ended = ecrlint(["show", "team/wep"]).within(files.path()).ends();
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(
        ended
            .err
            .contains("there is no repository `team/wep`, `team/web` comes nearest"),
        "{}",
        ended.err
    );
}

#[test]
fn live_documents_are_shown_too_and_what_is_unread_is_reported() {
    let ended = ecrlint([
        "show",
        "mare-shop-catalogue-web",
        "fixtures/snapshot/shop-dev.ndjson",
    ])
    .ends();
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.contains("arn"), "{}", ended.out);
    let query = [
        "query",
        "$.repository.name",
        "fixtures/snapshot/shop-dev.ndjson",
    ];
    let ended = ecrlint(query).ends();
    let place = "mare-shop-catalogue-web  fixtures/snapshot/shop-dev.ndjson:3:";
    assert!(ended.out.contains(place), "{}", ended.out);
    let files = folder(&[
        ("a.yaml", TEMPLATE),
        ("b.yaml", "Resources:\n  A: {Type: AWS::ECR::Repository\n"),
    ]);
    let ended = ecrlint(["query", "$.repository.name"])
        .within(files.path())
        .ends();
    assert_eq!(ended.code, 2);
    assert!(
        ended.out.contains("\"team/app\"") && ended.err.contains("b.yaml"),
        "{}",
        ended.err
    );
}

#[test]
fn names_that_command_a_terminal_are_shown_without_effect() {
    let template = TEMPLATE.replace("team/app", "\"team/\\e[31mapp\\n::error::x\\u202e\"");
    let files = folder(&[("a.yaml", &template)]);
    for arguments in [&["show", "App"][..], &["query", "$.repository.name"]] {
        let ended = ecrlint(arguments).within(files.path()).ends();
        let is_bad = |line: &str| line.contains(['\u{1b}', '\u{202e}']) || line.starts_with("::");
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert!(!ended.out.lines().any(is_bad), "{}", ended.out);
    }
}
