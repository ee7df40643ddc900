//! Templates that would grow without end if everything in them were tried: the program stops at its
//! bounds, which count work and not time, and says which one it was.

use crate::program::report;
use serde_json::{Map, Value, json};

const REPOSITORY: &str = "AWS::ECR::Repository";

/// What the program says about a template: its summary, and the reasons for what is undetermined.
fn checked(template: &Value) -> (Value, Vec<String>) {
    let report = report(&[("template.json", &template.to_string())]);
    let diagnostics = report["diagnostics"].as_array().expect("a list");
    let undetermined = diagnostics
        .iter()
        .filter(|one| one["verdict"] == "undetermined");
    let reasons = undetermined.map(|one| {
        let message = one["message"].as_str().expect("a text");
        let (_, reason) = message.split_once(", because ").expect("a reason");
        reason.to_owned()
    });
    let mut reasons: Vec<_> = reasons.collect();
    reasons.sort();
    reasons.dedup();
    (report["summary"].clone(), reasons)
}

fn repository(properties: &Value) -> Value {
    json!({ "Type": REPOSITORY, "Properties": properties })
}

/// Thirty parameters, and a condition on each.
fn thirty() -> (Value, Value) {
    let names = 0..30;
    let parameters = names
        .clone()
        .map(|it| (format!("P{it}"), json!({ "Type": "String" })));
    let equals = |it| json!({ "Fn::Equals": [{ "Ref": format!("P{it}") }, "x"] });
    let conditions = names.map(|it| (format!("C{it}"), equals(it)));
    let all = |members: &mut dyn Iterator<Item = (String, Value)>| members.collect::<Map<_, _>>();
    let parameters = all(&mut { parameters });
    (parameters.into(), all(&mut { conditions }).into())
}

/// A name to which each of the first conditions adds a letter.
fn chosen(start: &str, conditions: usize) -> Value {
    let letters = (0..conditions).map(|it| json!({ "Fn::If": [format!("C{it}"), "a", "b"] }));
    let parts: Vec<_> = std::iter::once(json!(start)).chain(letters).collect();
    json!({ "Fn::Join": ["", parts] })
}

#[test]
fn thirty_independent_conditions_are_one_variant() {
    let (parameters, conditions) = thirty();
    let repository = repository(&json!({ "RepositoryName": chosen("r", 30) }));
    let (summary, reasons) = checked(&json!({
        "Parameters": parameters, "Conditions": conditions, "Resources": { "Repo": repository },
    }));
    assert_eq!(summary["repositories"], 1);
    assert_eq!(
        reasons,
        ["it depends on more than 64 combinations of conditions"]
    );
}

#[test]
fn many_repositories_share_a_bound() {
    let (parameters, conditions) = thirty();
    let repositories = (0..90).map(|index| {
        let name = chosen(&format!("r{index}"), 6);
        (
            format!("Repo{index}"),
            repository(&json!({ "RepositoryName": name })),
        )
    });
    let mut repositories: Map<_, _> = repositories.collect();
    repositories.insert(
        "Plain".to_owned(),
        repository(&json!({ "RepositoryName": "plain" })),
    );
    let (summary, reasons) = checked(&json!({
        "Parameters": parameters, "Conditions": conditions, "Resources": repositories,
    }));
    assert_eq!(summary["repositories"], 91);
    let bound =
        "the repositories of the template depend on more than 4000 combinations of conditions";
    assert!(reasons.contains(&bound.to_owned()), "{reasons:?}");
}

#[test]
fn conditions_that_no_search_settles_are_unknown() {
    // Twelve pigeons in eleven holes: no two parameters may have the same value.
    let holes: Vec<_> = (0..11).map(|hole| hole.to_string()).collect();
    let parameter = |it| {
        (
            format!("P{it}"),
            json!({ "Type": "String", "AllowedValues": holes }),
        )
    };
    let parameters: Map<_, _> = (0..12).map(parameter).collect();
    let pairs = (0..12).flat_map(|one| (0..one).map(move |other| (one, other)));
    let rules: Map<_, _> = pairs
        .map(|(one, other)| {
            let same = json!({ "Fn::Equals": [
                { "Ref": format!("P{one}") }, { "Ref": format!("P{other}") },
            ] });
            let assertion = json!({ "Assert": { "Fn::Not": [same] } });
            (
                format!("R{one}x{other}"),
                json!({ "Assertions": [assertion] }),
            )
        })
        .collect();
    let name = json!({ "Fn::If": ["C", "a", "b"] });
    let (_, reasons) = checked(&json!({
        "Parameters": parameters, "Rules": rules,
        "Conditions": { "C": { "Fn::Equals": [{ "Ref": "P0" }, "0"] } },
        "Resources": { "Repo": repository(&json!({ "RepositoryName": name })) },
    }));
    assert_eq!(
        reasons,
        ["the conditions of the template take too long to combine"]
    );
}

#[test]
fn names_made_of_each_other_stop_at_a_length() {
    let resources = (0..300).map(|index| {
        let next = format!("R{}", index + 1);
        let twice = json!({ "Fn::Sub": format!("${{{next}}}${{{next}}}") });
        let name = json!({ "Fn::Join": ["", [{ "Ref": next }, "x", twice]] });
        (
            format!("R{index}"),
            repository(&json!({ "RepositoryName": name })),
        )
    });
    let last = [(
        "R300".to_owned(),
        repository(&json!({ "RepositoryName": "name" })),
    )];
    let resources: Map<_, _> = resources.chain(last).collect();
    let (summary, reasons) = checked(&json!({ "Resources": resources }));
    assert_eq!(summary["repositories"], 301);
    assert!(
        reasons.contains(&"the text is too long to evaluate".to_owned()),
        "{reasons:?}"
    );
}

/// Loops around `body`, the first identifier outermost, each over `values`.
fn loops(identifiers: &[&str], values: impl Fn(usize) -> Value, body: Value) -> Value {
    let numbered = identifiers.iter().enumerate().rev();
    numbered.fold(body, |body, (depth, identifier)| {
        let key = format!("Fn::ForEach::Loop{identifier}");
        let mut mapping = Map::new();
        mapping.insert(key, json!([identifier, values(depth), body]));
        mapping.into()
    })
}

/// The numbers below `count`.
fn numbers(count: usize) -> Value {
    (0..count)
        .map(|it| it.to_string())
        .collect::<Vec<_>>()
        .into()
}

fn with_loops(resources: &Value) -> (Value, Vec<String>) {
    checked(&json!({ "Transform": "AWS::LanguageExtensions", "Resources": resources }))
}

#[test]
fn loops_over_loops_make_no_more_resources_than_a_stack_can_have() {
    let body = json!({ "R${A}x${B}x${C}x${D}": repository(&json!({})) });
    let (summary, reasons) = with_loops(&loops(&["A", "B", "C", "D"], |_| numbers(100), body));
    assert_eq!(summary["repositories"], 0);
    let bound = "`Fn::ForEach::LoopA` is not expanded: the loops of the template make more than 1000 resources";
    assert_eq!(reasons, [bound]);
    let body = json!({ "R${A}x${B}": repository(&json!({})) });
    let (summary, reasons) = with_loops(&loops(&["A", "B"], |_| numbers(30), body));
    assert_eq!(
        (summary["repositories"].as_u64(), reasons.len()),
        (Some(900), 0)
    );
}

const TOO_MUCH: &str = "`Fn::ForEach::LoopA` is not expanded: the loops of the template write more than a template can hold";

#[test]
fn loops_in_properties_write_no_more_than_a_template_can_hold() {
    let body = json!({ "${A}${B}${C}${D}": "${A}" });
    let policy = loops(&["A", "B", "C", "D"], |_| numbers(100), body);
    let (_, reasons) =
        with_loops(&json!({ "Repo": repository(&json!({ "RepositoryPolicyText": policy })) }));
    assert_eq!(reasons, [TOO_MUCH]);
}

#[test]
fn empty_loops_cost_something_too() {
    let body = loops(&["A", "B", "C", "D", "E"], |_| numbers(100), json!({}));
    let (_, reasons) = with_loops(&json!({ "Repo": repository(&body) }));
    assert_eq!(reasons, [TOO_MUCH]);
}

#[test]
fn values_that_grow_from_loop_to_loop_stop_at_a_length() {
    let identifiers = ["A", "B", "C", "D", "E"];
    let values = |depth: usize| match depth {
        0 => json!(["x".repeat(200)]),
        depth => json!([format!("${{{}}}", identifiers[depth - 1]).repeat(200)]),
    };
    let body = loops(&identifiers, values, json!({ "${E}": "${D}" }));
    let (_, reasons) = with_loops(&json!({ "Repo": repository(&body) }));
    assert_eq!(reasons, [TOO_MUCH]);
}
