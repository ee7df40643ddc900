//! Images that the inputs use: where a finding about one of them leads.

use serde_json::Value;

use crate::program::{ecrlint, root};

/// The findings about images of an input below `fixtures/verdicts/deployed-tags`.
fn findings(input: &str) -> Vec<Value> {
    let folder = root().join("fixtures/verdicts/deployed-tags");
    let arguments = ["check", input, "-o", "json", "--fail-on", "never"];
    let (_, json) = ecrlint(arguments).within(&folder).json();
    let all = json["diagnostics"].as_array().expect("a list").iter();
    let about = all.filter(|one| one["rule"] == "lifecycle-deployed-tags");
    about.cloned().collect()
}

/// The texts of the lines that a finding shows beside its own.
fn beside(finding: &Value) -> Vec<String> {
    let folder = root().join("fixtures/verdicts/deployed-tags");
    let related = finding["related"].as_array().expect("a list").iter();
    let lines = related.map(|one| {
        let location = &one["location"];
        let path = location["path"].as_str().expect("a path");
        let text = std::fs::read_to_string(folder.join(path)).expect("the file is there");
        let line = location["start"]["line"].as_u64().expect("a number");
        let line = usize::try_from(line).expect("a small number");
        let column = location["start"]["column"].as_u64().expect("a number");
        let column = usize::try_from(column).expect("a small number");
        let rest = text.lines().skip(line - 1).take(40);
        let rest = rest.collect::<Vec<_>>().join("\n");
        rest.chars().skip(column - 1).collect()
    });
    lines.collect()
}

/// What stands between the first backticks of a message behind some words.
fn quoted<'m>(message: &'m str, words: &str) -> &'m str {
    let (_, rest) = message.split_once(words).expect("the words");
    rest.split('`').nth(1).expect("a quotation")
}

#[test]
fn each_finding_shows_where_its_image_is_named() {
    for (input, count) in [("kinds.yaml", 14), ("policies.yaml", 13), ("imports", 3)] {
        let found = findings(input);
        let images = found.iter().map(|one| &one["message"]);
        let mut images: Vec<String> = images.map(Value::to_string).collect();
        images.sort();
        images.dedup();
        assert_eq!(images.len(), count, "{input}: {images:#?}");
        for one in &found {
            let message = one["message"].as_str().expect("a text");
            let named = match message.contains("the image tagged") {
                true => {
                    let tags = message.split(" that `").next().expect("a beginning");
                    tags.rsplit('`').nth(1).expect("a tag")
                }
                false => quoted(message, "the image"),
            };
            let places = beside(one);
            let is_shown = |text: &&String| text.lines().take(2).any(|line| line.contains(named));
            assert_eq!(
                places.iter().filter(is_shown).count(),
                1,
                "{named}: {places:?}"
            );
        }
    }
}

#[test]
fn an_image_of_another_stack_is_shown_in_its_template() {
    for one in findings("imports") {
        let path = one["location"]["path"].as_str().expect("a path");
        let related = &one["related"][0]["location"]["path"];
        assert!(path.ends_with("registry.yaml"), "{path}");
        assert!(
            related.as_str().expect("a path").ends_with("service.yaml"),
            "{related}"
        );
    }
}

#[test]
fn what_is_not_known_is_told_at_the_image_and_shows_the_rule() {
    let found = findings("unknown-free-tag.yaml");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0]["verdict"], "undetermined");
    let places = beside(&found[0]);
    assert!(places[0].starts_with("\"any\""), "{places:?}");
    assert_eq!(found[0]["related"][0]["message"], "this rule may expire it");
}

#[test]
fn the_policy_that_is_offered_keeps_every_tag_that_is_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let task = |image: &str| {
        format!(
            "{{ Type: 'AWS::ECS::TaskDefinition', Properties: {{ ContainerDefinitions: [{{ Image: !Sub '${{App.RepositoryUri}}:{image}' }}] }} }}"
        )
    };
    let template = |policy: &str| {
        let policy = serde_json::to_string(policy).expect("a text");
        format!(
            "Resources:\n  App: {{ Type: 'AWS::ECR::Repository', Properties: {{ LifecyclePolicy: {{ LifecyclePolicyText: {policy} }} }} }}\n  One: {}\n  Two: {}\n",
            task("1.0"),
            task("latest")
        )
    };
    let check = |policy: &str| {
        std::fs::write(folder.path().join("t.yaml"), template(policy)).expect("a file");
        let arguments = ["check", "t.yaml", "-o", "json", "--fail-on", "never"];
        let (_, json) = ecrlint(arguments).within(folder.path()).json();
        let all = json["diagnostics"].as_array().expect("a list").clone();
        let about = all
            .into_iter()
            .filter(|one| one["rule"] == "lifecycle-deployed-tags");
        about.collect::<Vec<Value>>()
    };
    let found = check(
        r#"{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":10},"action":{"type":"expire"}}]}"#,
    );
    assert_eq!(found.len(), 2, "{found:#?}");
    for one in found {
        let help = one["help"].as_str().expect("a help").replace("\\\"", "\"");
        let start = help.find("{\"rules\"").expect("a policy");
        let end = help.rfind("]}").expect("its end") + 2;
        let policy: String = help[start..end].lines().map(str::trim).collect();
        assert_eq!(check(&policy), Vec::<Value>::new(), "{policy}");
    }
}
