//! Which variants of a repository a template gives.
//! They do not judge what a repository is like.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::input::{Context, Loaded, Override, Scratch, load};
use crate::model::{Data, Entity, Value};
use crate::source::SourceId;

fn loaded(template: &Json, context: &Context) -> Loaded {
    load(
        &template.to_string(),
        SourceId(0),
        context,
        &mut Scratch::default(),
    )
}

/// What each variant takes for granted, and its name.
fn variants(template: &Json, context: &Context) -> Vec<(String, String)> {
    let loaded = loaded(template, context);
    loaded.entities.iter().map(told).collect()
}

fn told(repository: &Entity) -> (String, String) {
    let assumptions: Vec<_> = repository
        .assumptions
        .iter()
        .map(|one| one.to_string().replace('`', ""))
        .collect();
    (assumptions.join(", "), text(name(repository)))
}

fn name(repository: &Entity) -> Value<'_> {
    repository.given_name().expect("a name")
}

fn text(value: Value<'_>) -> String {
    match value.data() {
        Data::String(text) => text.to_owned(),
        Data::Unknown(unknown) => format!("unknown, because {}", unknown.reason),
        other => format!("{other:?}"),
    }
}

fn template(parameters: Json, conditions: Json, name: Json) -> Json {
    json!({
        "Parameters": parameters,
        "Conditions": conditions,
        "Resources": {
            "Repo": { "Type": "AWS::ECR::Repository", "Properties": { "RepositoryName": name } },
        },
    })
}

fn reference(name: &str) -> Json {
    json!({ "Ref": name })
}

fn equals(name: &str, value: &str) -> Json {
    json!({ "Fn::Equals": [reference(name), value] })
}

fn choose(condition: &str, yes: impl Into<Json>, no: impl Into<Json>) -> Json {
    json!({ "Fn::If": [condition, yes.into(), no.into()] })
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(one, other): &(&str, &str)| ((*one).to_owned(), (*other).to_owned());
    expected.iter().map(owned).collect()
}

fn given(name: &str, value: &str) -> Context {
    let value = Override {
        value: value.to_owned(),
        span: None,
    };
    Context {
        parameters: Arc::new(BTreeMap::from([(name.to_owned(), value)])),
        ..Context::default()
    }
}

/// A template whose name says the environment and two conditions on it.
fn environments() -> Json {
    let env = json!({ "Env": {
        "Type": "String", "Default": "dev", "AllowedValues": ["dev", "test", "prod"],
    } });
    let conditions = json!({ "IsProd": equals("Env", "prod"), "IsDev": equals("Env", "dev") });
    let name = json!({ "Fn::Join": ["-", [
        choose("IsProd", "p", choose("IsDev", "d", "t")), choose("IsDev", "d", "x"), reference("Env"),
    ]] });
    template(env, conditions, name)
}

#[test]
fn conditions_that_exclude_each_other_are_never_both_true() {
    let found = variants(&environments(), &Context::default());
    let expected = [
        ("IsProd is true", "p-x-prod"),
        ("IsProd is false, IsDev is true", "d-d-dev"),
        ("IsProd is false, IsDev is false", "t-x-test"),
    ];
    assert_eq!(found, pairs(&expected));
}

#[test]
fn a_list_of_values_is_tried_whole() {
    let env = environments()["Parameters"].clone();
    let conditions = json!({ "IsProd": equals("Env", "prod") });
    let name = json!({ "Fn::Sub": ["${Env}-${P}", { "P": choose("IsProd", "p", "x") }] });
    let found = variants(&template(env, conditions, name), &Context::default());
    let expected = [
        ("Env is dev", "dev-x"),
        ("Env is test", "test-x"),
        ("Env is prod", "prod-p"),
    ];
    assert_eq!(found, pairs(&expected));
}

#[test]
fn a_given_parameter_decides() {
    let found = variants(&environments(), &given("Env", "prod"));
    assert_eq!(found, pairs(&[("", "p-x-prod")]));
}

#[test]
fn a_parameter_keeps_its_default_where_that_is_possible() {
    let env = json!({ "Env": { "Type": "String", "Default": "dev" } });
    let conditions = json!({ "IsDev": equals("Env", "dev"), "IsProd": equals("Env", "prod") });
    let name = json!({ "Fn::Sub": ["${Env}-${P}", { "P": choose("IsProd", "p", "x") }] });
    let found = variants(
        &template(env.clone(), conditions.clone(), name),
        &Context::default(),
    );
    let expected = [("IsProd is true", "prod-p"), ("IsProd is false", "dev-x")];
    assert_eq!(found, pairs(&expected));
    let name = json!({ "Fn::Sub": ["${Env}-${P}", { "P": choose("IsDev", "d", "x") }] });
    let found = variants(&template(env, conditions, name), &Context::default());
    let reason = "unknown, because the conditions rule out the default of parameter `Env`";
    let expected = [("IsDev is true", "dev-d"), ("IsDev is false", reason)];
    assert_eq!(found, pairs(&expected));
}

#[test]
fn a_default_decides_no_condition_of_lists_or_many_parameters() {
    let parameters: BTreeMap<_, _> = (0..12)
        .map(|index| {
            (
                format!("P{index}"),
                json!({ "Type": "String", "Default": "x" }),
            )
        })
        .chain([(
            "List".to_owned(),
            json!({ "Type": "CommaDelimitedList", "Default": "a,b" }),
        )])
        .collect();
    let many: String = (0..12).map(|index| format!("${{P{index}}}")).collect();
    let first = json!({ "Fn::Select": [0, reference("List")] });
    let sides = [
        (json!({ "Fn::Sub": many }), "x".repeat(12)),
        (first, "a".to_owned()),
    ];
    for (side, value) in sides {
        let conditions = json!({ "C": { "Fn::Equals": [side, value] } });
        let template = template(json!(parameters), conditions, choose("C", "y", "n"));
        let found = variants(&template, &Context::default());
        assert_eq!(found, pairs(&[("C is true", "y"), ("C is false", "n")]));
    }
}

#[test]
fn a_choice_inside_a_comparison_is_left_open() {
    let conditions = json!({
        "A": equals("AWS::StackName", "a"),
        "B": { "Fn::Equals": [choose("A", "x", "y"), "x"] },
    });
    let found = variants(
        &template(json!({}), conditions, choose("B", "b", "n")),
        &Context::default(),
    );
    assert_eq!(found, pairs(&[("B is true", "b"), ("B is false", "n")]));
}

#[test]
fn a_repository_is_loaded_only_where_it_exists() {
    let mut template = environments();
    template["Resources"]["Repo"]["Condition"] = json!("IsProd");
    let found = variants(&template, &Context::default());
    assert_eq!(found, pairs(&[("IsProd is true", "p-x-prod")]));
    assert!(variants(&template, &given("Env", "dev")).is_empty());
}

#[test]
fn a_property_is_absent_where_it_has_no_value() {
    let conditions = json!({ "Named": equals("AWS::StackName", "a") });
    let name = choose("Named", "repo", reference("AWS::NoValue"));
    let loaded = loaded(&template(json!({}), conditions, name), &Context::default());
    assert_eq!(name_of(&loaded, 0).as_str(), Some("repo"));
    assert!(name_of(&loaded, 1).is_absent());
}

fn name_of(loaded: &Loaded, index: usize) -> Value<'_> {
    name(&loaded.entities[index])
}

#[test]
fn a_condition_on_the_region_says_the_region() {
    let conditions = json!({
        "InChina": equals("AWS::Partition", "aws-cn"), "Main": equals("AWS::Region", "cn-north-1"),
    });
    let name = json!({ "Fn::Sub": [
        "${AWS::Region}-${P}", { "P": choose("Main", choose("InChina", "china", "wrong"), "x") },
    ] });
    let template = template(json!({}), conditions, name);
    let known = Context {
        environment: crate::input::DeployTarget {
            account: None,
            region: Some("eu-west-1".to_owned()),
        },
        ..Context::default()
    };
    assert_eq!(variants(&template, &known), pairs(&[("", "eu-west-1-x")]));
    let found = loaded(&template, &Context::default());
    let main = &found.entities[0];
    let expected = ("Main is true".to_owned(), "cn-north-1-china".to_owned());
    assert_eq!(told(main), expected);
    assert_eq!(main.subject.region.as_deref(), Some("cn-north-1"));
    assert_eq!(found.entities[1].subject.region, None);
}

#[test]
fn what_is_chosen_from_a_mapping_belongs_to_the_key() {
    let parameters = json!({ "Env": { "Type": "String", "AllowedValues": ["dev", "prod"] } });
    let mut template = template(
        parameters,
        json!({
            "Strict": { "Fn::Equals": [{ "Fn::FindInMap": ["Envs", reference("Env"), "Strict"] }, "yes"] },
            "IsProd": equals("Env", "prod"),
        }),
        json!({ "Fn::Join": ["-", [choose("Strict", choose("IsProd", "s", "?"), "l"), reference("Env")]] }),
    );
    template["Mappings"] =
        json!({ "Envs": { "dev": { "Strict": "no" }, "prod": { "Strict": "yes" } } });
    let expected = [("Strict is true", "s-prod"), ("Strict is false", "l-dev")];
    assert_eq!(variants(&template, &Context::default()), pairs(&expected));
}

#[test]
fn conditions_of_other_resources_are_not_looked_at() {
    let mut template = environments();
    template["Conditions"]["Else"] = equals("AWS::StackName", "x");
    template["Resources"]["Repo"]["Properties"] = json!({});
    template["Resources"]["Other"] = json!({ "Type": "AWS::SSM::Parameter", "Condition": "Else",
        "Properties": { "Name": "other", "Value": choose("IsProd", "a", "b") } });
    assert_eq!(variants(&template, &Context::default()).len(), 1);
    template["Resources"]["Other"]["Properties"]["Value"] = reference("Repo");
    let loaded = loaded(&template, &Context::default());
    let held: Vec<_> = loaded
        .entities
        .iter()
        .map(|one| one.repository().map_or(0, |one| one.own.parameters.len()))
        .collect();
    assert_eq!(held, [1, 0]);
}

#[test]
fn conditions_in_a_circle_are_named() {
    let conditions = json!({
        "A": { "Fn::Not": [{ "Condition": "B" }] }, "B": { "Fn::Or": [{ "Condition": "A" }, equals("P", "x")] },
    });
    let found = variants(
        &template(json!({}), conditions, choose("A", "a", "b")),
        &Context::default(),
    );
    let reason = "unknown, because the conditions `A`, `B` refer to each other";
    assert_eq!(found, pairs(&[("", reason)]));
    let undeclared = template(json!({}), json!({}), choose("A", "a", "b"));
    let reason = "unknown, because the template declares no condition `A`";
    assert_eq!(
        variants(&undeclared, &Context::default()),
        pairs(&[("", reason)])
    );
}

#[test]
fn too_many_combinations_are_undetermined_soon() {
    let names: Vec<_> = (0..30).map(|index| format!("C{index}")).collect();
    let conditions: BTreeMap<_, _> = names
        .iter()
        .map(|name| (name, equals(&format!("P{name}"), "x")))
        .collect();
    let parameters: BTreeMap<_, _> = names
        .iter()
        .map(|name| (format!("P{name}"), json!({ "Type": "String" })))
        .collect();
    let parts: Vec<_> = names.iter().map(|name| choose(name, "1", "0")).collect();
    let mut template = template(
        json!(parameters),
        json!(conditions),
        json!({ "Fn::Join": ["", parts] }),
    );
    template["Resources"]["Repo"]["Condition"] = json!("C7");
    let start = Instant::now();
    let found = variants(&template, &Context::default());
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    let reason = "unknown, because it depends on more than 64 combinations of conditions";
    assert_eq!(found, pairs(&[("C7 is true", reason)]));
}

mod rules;
