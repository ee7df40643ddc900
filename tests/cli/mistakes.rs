//! Mistakes of the user: what is wrong, where, and what to type next.

use crate::program::{Ended, ecrlint, folder};
use crate::{UNDECIDED, WARNED};

/// The job could not be done, and standard error says so in one line.
fn refused(ended: &Ended) -> &str {
    assert_eq!(ended.code, 2, "{ended:?}");
    assert_eq!(ended.out, "", "there is no data");
    let line = ended.err.strip_prefix("error: ").expect("an error");
    assert_eq!(line.lines().count(), 1, "{line}");
    line.trim_end()
}

#[test]
fn a_missing_path_offers_the_nearest_name() {
    for (path, near) in [
        ("fixtures/exampel", "fixtures/example"),
        (
            "fixtures/example/registri.yaml",
            "fixtures/example/registry.yaml",
        ),
    ] {
        let ended = ecrlint(["check", path]).ends();
        assert_eq!(
            refused(&ended),
            format!("cannot find `{path}`; there is `{near}`")
        );
    }
    let ended = ecrlint(["check", "nothing/like/this"]).ends();
    assert!(refused(&ended).starts_with("cannot find `nothing/like/this`"));
}

#[test]
fn a_glob_that_matches_nothing_is_refused() {
    let ended = ecrlint(["check", "fixtures/*.nothing"]).ends();
    assert_eq!(refused(&ended), "no file matches `fixtures/*.nothing`");
    let ended = ecrlint(["check", "fixtures/[.yaml"]).ends();
    assert!(refused(&ended).starts_with("cannot read the pattern `fixtures/[.yaml`"));
}

#[test]
fn no_input_at_all_is_refused() {
    let here = folder(&[("notes.txt", "nothing"), ("list.yaml", "a: [b]")]);
    let ended = ecrlint(["check"]).within(&here).ends();
    let line = refused(&ended);
    assert!(
        line.starts_with("there is no CloudFormation template or snapshot here"),
        "{line}"
    );
    assert!(line.contains("`cdk synth`"), "{line}");
    let ended = ecrlint(["check", "."]).within(&here).ends();
    assert!(refused(&ended).contains("at `.`"));
}

#[test]
fn a_named_file_that_is_no_template_is_refused() {
    let here = folder(&[("list.yaml", "a: [b]"), ("data.json", "{}")]);
    for name in ["list.yaml", "data.json"] {
        let (code, report) = ecrlint(["check", name, "-o", "json"]).within(&here).json();
        assert_eq!(code, 2);
        let finding = &report["diagnostics"][0];
        assert_eq!(
            finding["message"],
            format!("`{name}` is neither a CloudFormation template nor a snapshot")
        );
        assert!(
            finding["help"]
                .as_str()
                .expect("help")
                .contains("`Resources`")
        );
    }
}

#[test]
fn an_unknown_set_is_refused_with_the_known_ones() {
    let check = ["check", "fixtures/example", "--set", "recomended"];
    let list = ["rules", "--set", "recomended"];
    for command in [&check[..], &list] {
        let ended = ecrlint(command).ends();
        let line = refused(&ended);
        assert!(
            line.starts_with("there is no rule set `recomended`"),
            "{line}"
        );
        assert!(
            line.contains("`recommended`") && line.contains("`organisation`"),
            "{line}"
        );
    }
}

#[test]
fn an_unknown_rule_offers_the_nearest_one() {
    let ended = ecrlint(["explain", "scan-on-psh"]).ends();
    assert_eq!(
        refused(&ended),
        "there is no rule `scan-on-psh`; did you mean `scan-on-push`?"
    );
    let ended = ecrlint(["explain", "nothing-like-this"]).ends();
    assert!(refused(&ended).ends_with("list the rules with `ecrlint rules`"));
}

/// Runs a check with this configuration, which is refused: message, line, column, label and help.
fn configured(config: &str) -> (String, u64, u64, Option<String>) {
    let here = folder(&[("ecrlint.yaml", config), ("template.yaml", WARNED)]);
    let (code, report) = ecrlint(["check", "template.yaml", "-o", "json"])
        .within(&here)
        .json();
    assert_eq!(code, 2, "{report}");
    assert_eq!(
        report["summary"]["repositories"], 0,
        "nothing is judged by half a standard"
    );
    let finding = &report["diagnostics"][0];
    assert_eq!(finding["location"]["path"], "ecrlint.yaml");
    let start = &finding["location"]["start"];
    let human = ecrlint(["check"]).within(&here).ends();
    assert_eq!((human.code, human.err.as_str()), (2, ""));
    (
        finding["message"].as_str().expect("a text").to_owned(),
        start["line"].as_u64().expect("a line"),
        start["column"].as_u64().expect("a column"),
        finding["help"].as_str().map(str::to_owned),
    )
}

#[test]
fn an_unknown_rule_in_the_configuration_is_refused_at_its_place() {
    let (message, line, column, help) = configured("# mine\nrules:\n  scan-on-psh: off\n");
    assert!(message.contains("`scan-on-psh`"), "{message}");
    assert_eq!((line, column), (3, 3));
    assert_eq!(help.as_deref(), Some("did you mean `scan-on-push`?"));
}

#[test]
fn an_unknown_key_in_the_configuration_is_refused_at_its_place() {
    let (message, line, column, help) = configured("organisation:\n  prefix: a\n  ap: b\n");
    assert!(message.contains("`ap`"), "{message}");
    assert_eq!((line, column), (3, 3));
    assert!(help.expect("help").contains("`app`"));
}

#[test]
fn a_setting_of_the_wrong_type_is_refused_at_its_value() {
    let (_, line, column, _) = configured("rules:\n  scan-on-push: loud\n");
    assert_eq!((line, column), (2, 17));
}

#[test]
fn a_configuration_that_is_not_there_is_refused() {
    let ended = ecrlint(["check", "fixtures/example", "--config", "nowhere.yaml"]).ends();
    let line = refused(&ended);
    assert!(
        line.contains("`nowhere.yaml`") && line.contains("`ecrlint init`"),
        "{line}"
    );
}

const BROKEN_RULE: &str = "\
id: my-rule
title: a rule of mine
severity: error
sets: [mine]
since: 0.1.0
why: because
when: $[?@.kind == 'private']
require: $.repository.tags[?@.key == 'owner'
message: repository `{repository.name}` has no owner
";

#[test]
fn a_broken_rule_is_framed_at_its_place() {
    let here = folder(&[("rules/mine/my-rule.yaml", BROKEN_RULE), ("a.yaml", WARNED)]);
    for command in [
        &["check", "a.yaml", "--rules", "rules"][..],
        &["test", "rules"],
    ] {
        let ended = ecrlint(command).within(&here).ends();
        assert_eq!((ended.code, ended.err.as_str()), (2, ""), "{ended:?}");
        assert!(
            ended.out.contains("rules/mine/my-rule.yaml:8:"),
            "{}",
            ended.out
        );
        assert!(
            ended
                .out
                .contains(" 8 │ require: $.repository.tags[?@.key == 'owner'")
        );
        assert!(ended.out.contains('─'), "the place is underlined");
    }
}

#[test]
fn a_file_with_several_mistakes_is_one_unreadable_file() {
    let config = "ruls: {}\norganisation:\n  prefx: a\n  ap: b\n";
    let here = folder(&[("ecrlint.yaml", config), ("a.yaml", WARNED)]);
    let (code, report) = ecrlint(["check", "a.yaml", "-o", "json"])
        .within(&here)
        .json();
    assert_eq!(code, 2);
    assert!(
        report["diagnostics"].as_array().expect("a list").len() > 1,
        "{report}"
    );
    assert_eq!(report["summary"]["unreadable"], 1);
}

#[test]
fn a_folder_without_rules_is_refused() {
    let here = folder(&[("empty/readme.md", "nothing"), ("a.yaml", WARNED)]);
    for command in [
        &["check", "a.yaml", "--rules", "empty"][..],
        &["test", "empty"],
    ] {
        let ended = ecrlint(command).within(&here).ends();
        assert!(refused(&ended).starts_with("there is no rule in `empty`"));
    }
    for command in [
        &["check", "a.yaml", "--rules", "nowhere"][..],
        &["test", "nowhere"],
    ] {
        let ended = ecrlint(command).within(&here).ends();
        assert_eq!(
            refused(&ended),
            "there is no folder `nowhere`; name one that holds rules"
        );
    }
}

#[test]
fn parameters_that_nobody_can_use_are_refused() {
    let here = folder(&[
        ("a.yaml", UNDECIDED),
        ("list.json", "[1, 2]"),
        ("half.json", "{"),
    ]);
    for parameter in ["nowhere.json", "list.json", "half.json"] {
        let arguments = ["check", "a.yaml", "--parameters", parameter, "-o", "json"];
        let (code, report) = ecrlint(arguments).within(&here).json();
        assert_eq!(code, 2, "{parameter}");
        assert_eq!(report["diagnostics"][0]["location"]["path"], parameter);
    }
}

#[test]
fn a_word_that_is_no_command_or_format_is_refused_with_the_known_ones() {
    for (arguments, hint) in [
        (&["chek"][..], "check"),
        (
            &["check", "--output", "humn"],
            "human, json, sarif, github, gitlab, junit, markdown",
        ),
        (
            &["check", "--output", "json="],
            "name the file after `json=`",
        ),
        (
            &["check", "--fail-on", "fatal"],
            "error, warning, note, never",
        ),
        (&["check", "--undetermined", "off"], "note, warning, error"),
        (&["check", "--colour", "never"], "--color"),
        (&["schema", "reprot"], "report"),
        (&["completions", "dos"], "bash"),
    ] {
        let ended = ecrlint(arguments).ends();
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ended.err.contains(hint), "{arguments:?}: {}", ended.err);
    }
}

#[test]
fn a_property_that_cloudformation_does_not_know_is_a_finding_and_no_failure_to_read() {
    let template = format!("{WARNED}      DeletionProtection: true\n");
    let (code, report) = ecrlint(["check", "-", "-o", "json"]).given(template).json();
    assert_eq!(code, 1);
    assert_eq!(report["summary"]["unreadable"], 0);
    let findings = report["diagnostics"].as_array().expect("a list");
    let told = findings.iter().filter(|one| {
        let message = one["message"].as_str().expect("a text");
        message.contains("`DeletionProtection`")
    });
    let rules: Vec<_> = told.map(|one| &one["rule"]).collect();
    assert_eq!(rules, ["template-invalid"]);
}
