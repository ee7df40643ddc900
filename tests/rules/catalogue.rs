//! Every rule of the binary says all that its readers need: examples of each verdict, a fix in each language,
//! references; and its page says so.

use crate::program::{ecrlint, files, folder};
use ecrlint::engine::TOOL_RULES;
use ecrlint::rules::RuleSet;

/// Rules that can always be decided, and why.
const DECIDED: [(&str, &str); 1] = [(
    "declaration-invalid",
    "the configuration is at hand: a mistake is in it, or is not",
)];

#[test]
fn every_rule_has_examples_of_each_verdict() {
    let rules = RuleSet::builtin();
    assert!(rules.len() > 50, "{} rules", rules.len());
    for rule in &rules {
        let examples = &rule.documentation().examples;
        let id = rule.id();
        assert!(!examples.pass.is_empty(), "{id}: no example passes");
        assert!(!examples.fail.is_empty(), "{id}: no example fails");
        let is_decided = DECIDED.iter().any(|(known, _)| *known == id);
        assert_eq!(
            examples.undetermined.is_empty(),
            is_decided,
            "{id}: an undetermined example, or a reason why there is none"
        );
        for example in &examples.fail {
            assert!(
                example.at.is_some(),
                "{id}: a failing example says no place"
            );
        }
    }
}

#[test]
fn every_rule_has_a_fix_in_each_language_and_references() {
    for rule in &RuleSet::builtin() {
        let (id, documentation) = (rule.id(), rule.documentation());
        let missing = documentation.fix.missing();
        assert!(missing.is_empty(), "{id}: no fix for {missing:?}");
        assert!(!documentation.references.is_empty(), "{id}: no reference");
        assert!(documentation.since.is_some(), "{id}: no version");
        assert!(documentation.why.len() > 40, "{id}: hardly a reason");
    }
}

#[test]
fn each_rule_has_its_page_and_the_index_leads_to_every_page() {
    let folder = folder(&[]);
    let pages = folder.path().join("docs/rules");
    let ended = ecrlint(["rules", "--pages", "docs/rules"])
        .within(folder.path())
        .ends();
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let rules = RuleSet::builtin();
    let tool = TOOL_RULES.iter().map(|rule| rule.id);
    let mut names: Vec<String> = rules
        .iter()
        .map(|rule| rule.id())
        .chain(tool)
        .map(|id| format!("{id}.md"))
        .collect();
    names.push("README.md".to_owned());
    names.sort();
    let written: Vec<String> = files(&pages)
        .iter()
        .map(|path| {
            path.file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(written, names);
    let index = std::fs::read_to_string(pages.join("README.md")).expect("the index");
    for name in names.iter().filter(|name| *name != "README.md") {
        let page = std::fs::read_to_string(pages.join(name)).expect("a page");
        let id = name.trim_end_matches(".md");
        assert_eq!(
            index.matches(&format!("[{id}]({name})")).count(),
            1,
            "{name}"
        );
        assert!(page.starts_with(&format!("# {id}\n")), "{name}");
    }
    // A page is what `explain` prints.
    for id in [
        "scan-on-push",
        "declared-repository-missing",
        "unused-ignore",
    ] {
        let explained = ecrlint(["explain", id]).ends().out;
        let page = std::fs::read_to_string(pages.join(format!("{id}.md"))).expect("a page");
        assert_eq!(page, explained);
    }
}
