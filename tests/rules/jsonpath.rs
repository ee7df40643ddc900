//! Queries against the JSONPath Compliance Test Suite, and against another implementation.

use ecrlint::model::{Data, Document, Value};
use ecrlint::rules::query::Query;
use ecrlint::source::{SourceId, Tree, json};
use jsonpath_rust::query::js_path_vals;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::outside::outside;

/// Cases of the suite for valid queries, all of which give the result that the suite asks for.
const VALID: usize = 442;
/// Cases of the suite for texts that are not queries, all of which are refused.
const REFUSED: usize = 245;

fn import(value: &Json) -> (Document, ecrlint::model::NodeId) {
    let text = value.to_string();
    let mut tree = Tree::default();
    json::parse(&text, SourceId(0), &mut tree).expect("serde_json writes JSON");
    let mut document = Document::default();
    let root = document.import(tree.root(&text).expect("JSON has a root"));
    (document, root)
}

fn export(value: Value<'_>) -> Json {
    match value.data() {
        Data::Null | Data::Absent | Data::Unknown(_) => Json::Null,
        Data::Bool(flag) => Json::Bool(flag),
        Data::Number(text) => serde_json::from_str(text).expect("a number is JSON"),
        Data::String(text) => Json::String(text.to_owned()),
        Data::Array => value.items().map(export).collect(),
        Data::Object => value
            .members()
            .map(|(key, member)| (key.to_owned(), export(member)))
            .collect(),
    }
}

fn evaluate(query: &Query, document: &Json) -> Json {
    let (document, root) = import(document);
    let nodes = query.select(document.value(root));
    assert!(
        nodes.possible.is_empty(),
        "nothing is unknown in plain JSON"
    );
    nodes.definite.into_iter().map(export).collect()
}

/// The suite as the npm package jsonpath-rfc9535 1.3.0 ships it; its licence lies beside it.
#[test]
fn the_compliance_suite_passes() {
    let suite = include_str!("jsonpath/cts.json");
    assert_eq!(passed(suite), (VALID, REFUSED));
}

/// A later state of the suite than the package has.
#[test]
#[ignore = "needs the folder that ECRLINT_TEST_DATA names"]
fn the_suite_of_the_folder_passes() {
    if let Some(suite) = outside("data/jsonpath-cts.json") {
        let (valid, refused) = passed(&suite);
        assert!(valid >= VALID && refused >= REFUSED, "{valid} {refused}");
    }
}

/// What the suite has asked for since: members called as literals are, and long chains.
#[test]
fn names_like_literals_and_long_chains_are_read_as_rfc_9535_says() {
    for (selector, expected) in [
        ("$.true", json!([1])),
        ("$.false", json!([2])),
        ("$.null", json!([3])),
        ("$.x[?@.k == 'True']", json!([{ "k": "True" }])),
        ("$.x[?@.k == \"False\"]", json!([{ "k": "False" }])),
        ("$.x[?@.k == 'Null']", json!([{ "k": "Null" }])),
        (
            "$.y[?@.a && @.b && @.c]",
            json!([{ "a": 0, "b": 0, "c": 0 }]),
        ),
        (
            "$.y[?@.b || @.c || @.d]",
            json!([{ "a": 0, "b": 0, "c": 0 }, { "d": 0 }]),
        ),
        ("$.y[?@.a && @.x && @.c || @.x || @.d]", json!([{ "d": 0 }])),
    ] {
        let document = json!({
            "true": 1, "false": 2, "null": 3,
            "x": [{ "k": true }, { "k": "True" }, { "k": false }, { "k": "False" }, { "k": null }, { "k": "Null" }],
            "y": [{ "a": 0 }, { "a": 0, "b": 0, "c": 0 }, { "d": 0 }],
        });
        let query = Query::parse(selector).expect(selector);
        assert_eq!(evaluate(&query, &document), expected, "{selector}");
    }
    for selector in ["$[?length(@['a', 'b'])<3]", "$[?length(@[1, 2])<3]"] {
        assert!(Query::parse(selector).is_err(), "{selector}");
    }
}

/// How many valid queries of a suite gave what it asks for, and how many texts were refused as it asks for.
fn passed(suite: &str) -> (usize, usize) {
    let suite: Json = serde_json::from_str(suite).expect("the suite is JSON");
    let (mut valid, mut refused, mut wrong) = (0, 0, Vec::new());
    for case in suite["tests"].as_array().expect("the suite has tests") {
        let selector = case["selector"].as_str().expect("a case has a selector");
        let query = Query::parse(selector);
        if case["invalid_selector"] == true {
            match query {
                Err(_) => refused += 1,
                Ok(_) => wrong.push(format!("accepted: {selector}")),
            }
            continue;
        }
        let query = match query {
            Ok(query) => query,
            Err(error) => {
                wrong.push(format!("refused: {selector}: {}", error.title));
                continue;
            }
        };
        let result = evaluate(&query, &case["document"]);
        let agreed = match case.get("results") {
            Some(any) => any.as_array().expect("results is a list").contains(&result),
            None => case["result"] == result,
        };
        if agreed {
            valid += 1;
        } else {
            wrong.push(format!("different: {selector}: {result}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    (valid, refused)
}

/// Documents of few names and values, so that queries often find something.
fn document() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (-2..4_i64).prop_map(Json::from),
        prop_oneof![Just(0.5), Just(1.5)].prop_map(Json::from),
        prop_oneof![Just("a"), Just("ab"), Just("b"), Just("")].prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map("[abc]", inner, 0..4)
                .prop_map(|members| members.into_iter().collect::<Json>()),
        ]
    })
}

fn singular() -> impl Strategy<Value = String> {
    let step = prop_oneof![
        "[abc]".prop_map(|name| format!(".{name}")),
        (-2..3).prop_map(|index| format!("[{index}]")),
    ];
    prop::collection::vec(step, 0..3).prop_map(|steps| steps.concat())
}

fn comparable() -> impl Strategy<Value = String> {
    prop_oneof![
        singular().prop_map(|steps| format!("@{steps}")),
        singular().prop_map(|steps| format!("${steps}")),
        prop_oneof![
            Just("1"),
            Just("1.5"),
            Just("'a'"),
            Just("'ab'"),
            Just("true"),
            Just("null")
        ]
        .prop_map(str::to_owned),
        singular().prop_map(|steps| format!("length(@{steps})")),
        // `count()` of no node is nothing to the other implementation, and 0 to RFC 9535.
        Just("count(@)".to_owned()),
        Just("value(@.a)".to_owned()),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    let operator = prop_oneof![
        Just("=="),
        Just("!="),
        Just("<"),
        Just("<="),
        Just(">"),
        Just(">=")
    ];
    let atom = prop_oneof![
        (comparable(), operator, comparable())
            .prop_map(|(left, operator, right)| format!("{left} {operator} {right}")),
        // At least one step: the other implementation misses a filter directly behind `@`.
        ("[abc]", singular()).prop_map(|(name, steps)| format!("@.{name}{steps}")),
        "[abc]".prop_map(|name| format!("@.{name}[?@ == 'a']")),
        "[abc]".prop_map(|name| format!("match(@.{name}, 'a.?')")),
        "[abc]".prop_map(|name| format!("search(@.{name}, '[ab]$')")),
    ];
    atom.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} && {right})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} || {right})")),
            inner.prop_map(|inner| format!("!({inner})")),
        ]
    })
}

fn query() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        "[abc]".prop_map(|name| format!(".{name}")),
        Just(".*".to_owned()),
        (-2..3).prop_map(|index| format!("[{index}]")),
        (-2..3, -2..3).prop_map(|(start, end)| format!("[{start}:{end}]")),
        (-3..3).prop_map(|step| format!("[::{step}]")),
        ("[abc]", 0..2).prop_map(|(name, index)| format!("['{name}', {index}]")),
        condition().prop_map(|condition| format!("[?{condition}]")),
        "[abc]".prop_map(|name| format!("..{name}")),
        condition().prop_map(|condition| format!("..[?{condition}]")),
    ];
    prop::collection::vec(segment, 0..4).prop_map(|segments| format!("${}", segments.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn another_implementation_finds_the_same(query in query(), document in document()) {
        let ours = Query::parse(&query).expect("the generated queries are valid");
        let theirs: Json = js_path_vals(&query, &document)
            .expect("the generated queries are valid")
            .into_iter()
            .cloned()
            .collect();
        // The order is known to differ among the results of a descendant segment and of several selectors, which the
        // other implementation applies to all nodes one after the other; the compliance suite holds ours.
        let (mut ours, mut theirs) = (evaluate(&ours, &document), theirs);
        if query.contains("..") || query.contains(',') {
            for list in [&mut ours, &mut theirs] {
                let items = list.as_array_mut().expect("results are a list");
                items.sort_by_key(Json::to_string);
            }
        }
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn no_text_is_too_strange_to_be_refused(text in r"\$?[\[\]().?@$'\x22a-c0-9,:*!&|=<> \\u-]{0,24}") {
        let _ = Query::parse(&text);
    }
}
