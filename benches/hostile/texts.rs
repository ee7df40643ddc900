//! Texts of repositories: lifecycle policies, tags, filters; and what people say about findings.

use serde_json::{Value, json};

use super::{Case, many, repository, resource, resources, text, with};

fn rule(priority: usize, selection: &Value) -> Value {
    let mut selection = selection.clone();
    selection["countType"] = json!("imageCountMoreThan");
    selection["countNumber"] = json!(5);
    json!({ "rulePriority": priority, "selection": selection, "action": { "type": "expire" } })
}

fn lifecycle(name: &str, rules: Vec<Value>) -> Value {
    let policy = json!({ "rules": rules }).to_string();
    with(
        name,
        "LifecyclePolicy",
        json!({ "LifecyclePolicyText": policy }),
    )
}

fn tagged(patterns: &Value) -> Value {
    json!({ "tagStatus": "tagged", "tagPatternList": patterns })
}

pub(super) fn cases() -> Vec<Case> {
    let one = |name, rules| resources(name, [("R".to_owned(), lifecycle("acme-shop-api", rules))]);
    let each = |name, count, make: &dyn Fn(usize) -> Vec<Value>| {
        resources(
            name,
            many(count, |it| {
                (
                    format!("R{it}"),
                    lifecycle(&format!("acme-shop-{it}"), make(it)),
                )
            }),
        )
    };
    vec![
        one("lifecycle-stars", many(4200, |it| rule(it + 1, &tagged(&json!([format!("{}{it}", "*a".repeat(30))]))))),
        one("lifecycle-prefixes", many(5600, |it| rule(it + 1, &json!({ "tagStatus": "tagged", "tagPrefixList": [format!("v{it}")] })))),
        one("lifecycle-one-list", vec![rule(1, &tagged(&json!(many(60_000, |it| format!("v{it}*")))))]),
        one("lifecycle-same-priority", many(6800, |_| rule(1, &json!({ "tagStatus": "untagged" })))),
        each("lifecycle-each", 110, &|it| many(48, |at| rule(at + 1, &tagged(&json!([format!("v{it}*{at}")]))))),
        each("lifecycle-each-stars", 40, &|it| many(50, |at| rule(at + 1, &tagged(&json!(many(8, |n| format!("*{n}*a*b*{it}*{at}*"))))))),
        each("lifecycle-each-lists", 60, &|it| many(10, |at| rule(at + 1, &tagged(&json!(many(100, |n| format!("r{it}-{at}-{n}*"))))))),
        resources("tags", many(10, |it| (format!("R{it}"), with("acme-shop-api", "Tags",
            many(3000, |at| json!({ "Key": format!("k{at}"), "Value": "v" })).into())))),
        resources("tags-same", many(10, |it| (format!("R{it}"), with("acme-shop-api", "Tags",
            many(3000, |_| json!({ "Key": "k", "Value": "v" })).into())))),
        resources("exclusions", many(5, |it| (format!("R{it}"), resource("ECR::Repository", &json!({
            "RepositoryName": format!("acme-shop-{it}"), "ImageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
            "ImageTagMutabilityExclusionFilters": many(1500, |at| json!({ "ImageTagMutabilityExclusionFilterType": "WILDCARD",
                "ImageTagMutabilityExclusionFilterValue": format!("*a*b*{at}*") })) }))))),
        resources("names-long", many(10, |it| (format!("R{it}"), repository(&format!("a/{}", "b-".repeat(50_000)))))),
        resources("properties-unknown", [("R".to_owned(), resource("ECR::Repository",
            &many(40_000, |it| (format!("Property{it}"), json!("x"))).into_iter().collect::<serde_json::Map<_, _>>().into()))]),
        resources("metadata-ignores", many(2500, |it| {
            let mut one = repository(&format!("x{it}"));
            one["Metadata"] = json!({ "ecrlint": { "ignore": many(3, |at| json!({ "rule": (["scan-on-push", "name-pattern", "lifecycle-missing"][at]),
                "reason": "it is a sandbox" })) } });
            (format!("R{it}"), one)
        })),
        configured_ignores(),
        comments(),
        text("yaml-flow", ".yaml", format!("Resources: {{{}}}\n", many(8000, |it| format!("R{it}: {{Type: AWS::ECR::Repository, Properties: {{RepositoryName: a-{it}}}}}")).join(", "))),
        text("yaml-tags", ".yaml", format!("Resources:\n{}", many(7000, |it| format!(
            "  R{it}:\n    Type: AWS::ECR::Repository\n    Properties:\n      RepositoryName: !Sub 'a-${{AWS::Region}}-{it}'\n")).concat())),
        text("yaml-keys-twice", ".yaml", format!("Resources:\n{}", "  R:\n    Type: AWS::ECR::Repository\n".repeat(25_000))),
        text("json-keys-twice", ".json", format!("{{\"Resources\":{{{}}}}}", "\"R\":{\"Type\":\"AWS::ECR::Repository\"},".repeat(26_000).trim_end_matches(','))),
    ]
}

/// Many ignores with patterns, and many findings.
fn configured_ignores() -> Case {
    let mut one = resources(
        "ignores",
        many(5000, |it| (format!("R{it}"), repository(&format!("x{it}")))),
    );
    let entries = many(2000, |it| {
        format!("  - {{ rule: scan-on-push, subject: \"*a*{it}*\", reason: \"r\" }}\n")
    });
    one.configuration
        .push_str(&format!("ignores:\n{}", entries.concat()));
    one
}

/// An ignore in front of each of many repositories.
fn comments() -> Case {
    let entries = many(7000, |it| {
        format!(
            "  # ecrlint: ignore scan-on-push -- a sandbox\n  R{it}:\n    Type: AWS::ECR::Repository\n    Properties: {{RepositoryName: x{it}}}\n"
        )
    });
    text(
        "comments",
        ".yaml",
        format!("Resources:\n{}", entries.concat()),
    )
}
