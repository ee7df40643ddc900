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
    for (input, count) in [("kinds.yaml", 14), ("policies.yaml", 15), ("imports", 3)] {
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
fn what_is_not_known_is_reported_at_the_image_and_shows_the_rule() {
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

/// An image of a snapshot.
fn image(digest: &str, tag: &str, day: u32, more: &str) -> String {
    format!(
        r#"{{"imageDigest":"{digest}","imageTags":["{tag}"],"imagePushedAt":"2026-01-0{day}T00:00:00Z","imageManifestMediaType":"application/vnd.oci.image.manifest.v1+json"{more}}}"#
    )
}

/// What is said of an image that a template uses, where a snapshot of the account has these.
fn held_against(reference: &str, images: &str) -> Vec<String> {
    let policy = r#"{"rules":[{"rulePriority":3,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":2},"action":{"type":"expire"}}]}"#;
    let folder = tempfile::tempdir().expect("a folder");
    let template = serde_json::json!({ "Resources": {
        "App": { "Type": "AWS::ECR::Repository", "Properties": {
            "RepositoryName": "app", "LifecyclePolicy": { "LifecyclePolicyText": policy } } },
        "Task": { "Type": "AWS::ECS::TaskDefinition", "Properties": { "ContainerDefinitions": [
            { "Image": { "Fn::Sub": format!("${{App.RepositoryUri}}{reference}") } } ] } },
    } });
    let record = format!(
        r#"{{"account":"111111111111","region":"eu-west-1","capturedAt":"2026-02-01T00:00:00Z","images":[{images}],"repository":{{"repositoryArn":"arn:aws:ecr:eu-west-1:111111111111:repository/app","repositoryName":"app"}}}}"#
    );
    std::fs::write(folder.path().join("t.json"), template.to_string()).expect("a file");
    std::fs::write(folder.path().join("live.ndjson"), record).expect("a file");
    let place = ["--account", "111111111111", "--region", "eu-west-1"];
    let check = ["check", "t.json", "--live", "live.ndjson", "-o", "json"];
    let arguments = check.into_iter().chain(place).chain(["--fail-on", "never"]);
    let (_, json) = ecrlint(arguments).within(folder.path()).json();
    let all = json["diagnostics"].as_array().expect("a list").iter();
    let about = all.filter(|one| one["rule"] == "deployed-image-missing");
    let messages = about.map(|one| one["message"].as_str().expect("a text").to_owned());
    messages.collect()
}

#[test]
fn an_image_that_is_used_is_held_against_those_that_are_there() {
    let old = image("sha256:a", "v1", 1, "");
    let newer = [
        image("sha256:b", "v2", 2, ""),
        image("sha256:c", "v3", 3, ""),
    ]
    .join(",");
    let since = r#","imageStatus":"ARCHIVED","lastArchivedAt":"2026-01-20T00:00:00Z""#;
    let archived = image("sha256:a", "v1", 1, since);
    let all = format!("{old},{newer}");
    let gone = "the image tagged `v9` of `app`, which is not there";
    let next = "which rule 3 of the lifecycle policy expires with its next evaluation";
    for (reference, images, says) in [
        (":v1", &old, None),
        ("@sha256:a", &old, None),
        (":v9", &old, Some(gone)),
        (
            "@sha256:f",
            &old,
            Some("the image `sha256:f` of `app`, which is not there"),
        ),
        (
            ":v1",
            &archived,
            Some("which is archived, and cannot be pulled"),
        ),
        (":v1", &all, Some(next)),
        (":v3", &all, None),
    ] {
        let found = held_against(reference, images);
        let count = usize::from(says.is_some());
        assert_eq!(found.len(), count, "{reference} {images}: {found:?}");
        if let Some(says) = says {
            assert!(found[0].contains(says), "{found:?}");
            assert!(found[0].starts_with("`Task` uses"), "{found:?}");
        }
    }
}
