//! What queries find, and where the answer is open.

mod ends;

use super::{Nodes, Query};
use crate::model::{Document, NodeId, Piece, Shape, Unknown, Value};
use crate::source::Span;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// Builds a document from JSON in which some texts stand for what JSON cannot say:
/// `-` is absent, `?why` unknown, `??why` unknown and perhaps absent, `?a*b` unknown but of that shape.
fn build(document: &mut Document, value: &Json) -> NodeId {
    let span = Span::default();
    match value {
        Json::Null => document.null(span),
        Json::Bool(flag) => document.bool(*flag, span),
        Json::Number(number) => document.number(&number.to_string(), span),
        Json::String(text) if text == "-" => document.absent(span),
        Json::String(text) => match text.strip_prefix('?') {
            None => document.string(text, span),
            Some(why) => document.unknown(unknown(why), span),
        },
        Json::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| build(document, item)).collect();
            document.array(&items, span)
        }
        Json::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| (key.as_str(), build(document, value)))
                .collect();
            document.object_with_keys(&members, span)
        }
    }
}

fn unknown(why: &str) -> Unknown {
    let unknown = Unknown::because(why.trim_start_matches('?'));
    let unknown = match why.split_once('*') {
        Some((start, end)) => unknown.with_shape(Shape(vec![
            Piece::Text(start.trim_start_matches('?').into()),
            Piece::hole("x"),
            Piece::Text(end.into()),
        ])),
        None => unknown,
    };
    if why.starts_with('?') {
        unknown.maybe_absent()
    } else {
        unknown
    }
}

fn with<R>(query: &str, document: &Json, look: impl FnOnce(Nodes<'_>) -> R) -> R {
    let query = Query::parse(query).unwrap();
    let mut arena = Document::default();
    let root = build(&mut arena, document);
    look(query.select(arena.value(root)))
}

/// How many nodes are definite, and the reasons of the possible ones.
fn counts(query: &str, document: &Json) -> (usize, Vec<String>) {
    with(query, document, |nodes| {
        let reasons = nodes.possible.iter().map(|node| node.doubt.reason());
        (nodes.definite.len(), reasons.map(str::to_owned).collect())
    })
}

/// The truth of a filter on one object: yes, no, or the reason why it is open.
fn truth(filter: &str, object: Json) -> String {
    let (definite, possible) = counts(&format!("$[?{filter}]"), &json!([object]));
    match (definite, possible.as_slice()) {
        (1, []) => "yes".into(),
        (0, []) => "no".into(),
        (0, [reason]) => reason.clone(),
        other => panic!("one object has one truth, not {other:?}"),
    }
}

#[test]
fn absent_nodes_never_match() {
    let document = json!({"a": "-", "b": ["-", 1], "c": {"d": "-"}});
    assert_eq!(counts("$.a", &document), (0, vec![]));
    assert_eq!(counts("$.b[*]", &document), (1, vec![]));
    assert_eq!(counts("$.b[0]", &document), (1, vec![]));
    assert_eq!(counts("$.b[0:]", &document), (1, vec![]));
    assert_eq!(counts("$.c.*", &document), (0, vec![]));
    assert_eq!(counts("$.c[?@ == 1]", &document), (0, vec![]));
    assert_eq!(counts("$..d", &document), (0, vec![]));
    assert_eq!(truth("!@.a", json!({"a": "-"})), "yes");
    assert_eq!(truth("@.a == @.b", json!({"a": "-"})), "yes");
    assert_eq!(truth("@.a <= @.b", json!({"a": "-"})), "yes");
    assert_eq!(truth("@.a < @.b", json!({"a": "-"})), "no");
    assert_eq!(truth("length(@) == 1", json!({"a": "-", "b": 1})), "yes");
    assert_eq!(truth("count(@.*) == 1", json!({"a": "-", "b": 1})), "yes");
}

#[test]
fn an_unknown_value_that_exists_is_found() {
    assert_eq!(counts("$.a", &json!({"a": "?why"})), (1, vec![]));
    assert_eq!(truth("@.a", json!({"a": "?why"})), "yes");
    assert_eq!(truth("count(@.*) == 1", json!({"a": "?why"})), "yes");
}

#[test]
fn an_unknown_value_that_may_be_absent_is_possible() {
    let why = vec!["why".to_owned()];
    assert_eq!(counts("$.a", &json!({"a": "??why"})), (0, why.clone()));
    assert_eq!(counts("$[*]", &json!(["??why", 1])), (1, why.clone()));
    assert_eq!(counts("$[-1]", &json!([1, "??why"])), (0, why.clone()));
    assert_eq!(counts("$[0:1]", &json!(["??why", 1])), (0, why));
    assert_eq!(truth("@.a", json!({"a": "??why"})), "why");
    assert_eq!(truth("!@.a", json!({"a": "??why"})), "why");
    assert_eq!(truth("length(@) == 1", json!({"a": "??why"})), "why");
    assert_eq!(truth("count(@.*) == 1", json!({"a": "??why"})), "why");
    assert_eq!(truth("@[0] == 1", json!(["??why", 1])), "why");
}

#[test]
fn a_path_through_an_unknown_value_is_possible() {
    let document = json!({"a": "?why"});
    for query in [
        "$.a.b",
        "$.a.b.c",
        "$.a[0]",
        "$.a[0:1]",
        "$.a.*",
        "$.a[?@.b]",
        "$..b",
    ] {
        assert_eq!(counts(query, &document), (0, vec!["why".into()]), "{query}");
    }
    assert_eq!(truth("@.a.b", document.clone()), "why");
    assert_eq!(truth("@.a.b == 1", document.clone()), "why");
    assert_eq!(truth("@.a.b == @.c", document.clone()), "why");
    assert_eq!(truth("count(@.a.*) == 0", document.clone()), "why");
    assert_eq!(truth("value(@.a.*) == 0", document), "why");
}

#[test]
fn comparing_with_an_unknown_value_is_open() {
    for operator in ["==", "!=", "<", "<=", ">", ">="] {
        for side in ["1", "'a'"] {
            let filter = format!("@.a {operator} {side}");
            assert_eq!(truth(&filter, json!({"a": "?why"})), "why", "{filter}");
            let filter = format!("{side} {operator} @.a");
            assert_eq!(truth(&filter, json!({"a": "?why"})), "why", "{filter}");
        }
    }
    assert_eq!(
        truth("@.a == @.b", json!({"a": "?one", "b": "?two"})),
        "one"
    );
    assert_eq!(truth("@.a == @.a", json!({"a": "?why"})), "yes");
    assert_eq!(truth("length(@.a) > 1", json!({"a": "?why"})), "why");
}

#[test]
fn what_holds_for_every_value_is_decided() {
    assert_eq!(truth("@.a == @.none", json!({"a": "?why"})), "no");
    assert_eq!(truth("@.a != @.none", json!({"a": "?why"})), "yes");
    assert_eq!(truth("@.a == @.none", json!({"a": "??why"})), "why");
    assert_eq!(truth("@.a < true", json!({"a": "?why"})), "no");
    assert_eq!(truth("@.a < @.none", json!({"a": "??why"})), "no");
    assert_eq!(truth("@.a <= true", json!({"a": "?why"})), "why");
}

#[test]
fn a_shape_decides_against_texts_it_does_not_admit() {
    let name = json!({"a": "?acme-*-b"});
    assert_eq!(truth("@.a == 'mare-x-b'", name.clone()), "no");
    assert_eq!(truth("@.a != 'mare-x-b'", name.clone()), "yes");
    assert_eq!(truth("@.a == 'acme-x-b'", name.clone()), "acme-*-b");
    assert_eq!(truth("match(@.a, 'mare.*')", name.clone()), "no");
    assert_eq!(truth("search(@.a, '^acme')", name.clone()), "yes");
    assert_eq!(truth("match(@.a, 'acme-[0-9]+-b')", name), "acme-*-b");
}

#[test]
fn a_shape_that_may_be_absent_only_decides_against() {
    let name = json!({"a": "??acme-*"});
    assert_eq!(truth("@.a == 'mare'", name.clone()), "no");
    assert_eq!(truth("match(@.a, 'mare.*')", name.clone()), "no");
    assert_eq!(truth("search(@.a, '^acme')", name), "acme-*");
}

#[test]
fn a_pattern_can_come_from_the_document() {
    let pattern = |pattern: &str, a: Json| truth("match(@.a, @.p)", json!({"a": a, "p": pattern}));
    assert_eq!(pattern("x+", json!("xx")), "yes");
    assert_eq!(pattern("x+", json!("xy")), "no");
    assert_eq!(pattern("(", json!("(")), "no");
    assert_eq!(pattern("?why", json!("xy")), "why");
    assert_eq!(pattern("?why", json!(1)), "no");
    assert_eq!(pattern("-", json!("xy")), "no");
    assert_eq!(pattern("x+", json!("?why")), "why");
}

#[test]
fn logic_stops_where_it_is_decided() {
    let object = json!({"a": "?why", "yes": true});
    assert_eq!(truth("@.a == 1 || @.yes == true", object.clone()), "yes");
    assert_eq!(truth("@.a == 1 && @.yes == false", object.clone()), "no");
    assert_eq!(truth("!(@.a == 1 && @.yes == true)", object.clone()), "why");
    assert_eq!(truth("@.a == 1 || @.a.b == 2", object), "why");
}

#[test]
fn trees_are_compared_member_by_member() {
    let equal = |left: Json, right: Json| truth("@.l == @.r", json!({"l": left, "r": right}));
    assert_eq!(equal(json!([1, {"a": 2}]), json!([1.0, {"a": 2}])), "yes");
    assert_eq!(equal(json!({"a": 1, "b": "-"}), json!({"a": 1})), "yes");
    assert_eq!(equal(json!([1, "?why"]), json!([2, 1])), "no");
    assert_eq!(equal(json!([1, "?why"]), json!([1, 1])), "why");
    assert_eq!(equal(json!(["?why"]), json!([1, 1])), "no");
    assert_eq!(equal(json!(["??why", 1, 2]), json!([1, 2])), "why");
    assert_eq!(equal(json!({"a": "??why"}), json!({})), "why");
    assert_eq!(equal(json!({"a": "?why"}), json!({})), "no");
    assert_eq!(equal(json!({}), json!({"a": 1})), "no");
}

#[test]
fn definite_and_possible_nodes_come_in_their_order() {
    let document = json!([{"a": 1}, {"a": "?first"}, {"a": 1, "b": 2}, {"a": "?second"}, 3]);
    assert_eq!(
        counts("$[?@.a == 1]", &document),
        (2, vec!["first".into(), "second".into()])
    );
}

#[test]
fn doubt_stays_with_what_lies_below() {
    let document = json!([{"a": "?why", "b": {"c": 1}}]);
    assert_eq!(
        counts("$[?@.a == 1].b.c", &document),
        (0, vec!["why".into()])
    );
    assert_eq!(counts("$[?@.a == 1].b.d", &document), (0, vec![]));
}

#[test]
fn a_filter_directly_behind_the_current_node_works() {
    assert_eq!(counts("$[?@[?@>1]]", &json!([[1], [2], 3])), (1, vec![]));
    assert_eq!(
        counts("$[?@[?@>1]]", &json!([[1, "?why"]])),
        (0, vec!["why".into()])
    );
}

#[test]
fn a_query_that_looks_at_too_much_is_undecided() {
    let row: Vec<_> = (0..1_500).collect();
    let document = json!([row, row]);
    let (_, reasons) = counts("$..[?count($..*) == 0]", &document);
    assert!(
        reasons
            .iter()
            .all(|reason| reason == "the document is too large for the query")
    );
    assert!(!reasons.is_empty());
    let (_, reasons) = counts("$..[?!@[?$..*[?@ == 9999]]]", &document);
    assert!(!reasons.is_empty(), "what was not looked at is not missing");
}

#[test]
fn a_found_node_is_the_node_of_the_document() {
    let mut arena = Document::default();
    let span = Span::new(crate::source::SourceId(3), 5, 9);
    let leaf = arena.string("x", span);
    let root = arena.object(&[("a", leaf)], Span::default());
    let query = Query::parse("$['a']").unwrap();
    let found: Vec<Value<'_>> = query.select(arena.value(root)).definite;
    assert_eq!(found[0].span(), span);
}

/// Fills what is unknown: `known` for values that exist, nothing for those that may be absent when
/// `known` is null, the shape with `known` in its holes.
fn filled(value: &Json, known: &Json) -> Json {
    match value {
        Json::String(text) if text == "-" => json!("-"),
        Json::String(text) => match (text.strip_prefix('?'), known) {
            (None, _) => value.clone(),
            (Some(why), Json::Null) if why.starts_with('?') => json!("-"),
            (Some(why), _) if why.contains('*') => {
                let filling = known.as_str().unwrap_or_default();
                json!(why.trim_start_matches('?').replace('*', filling))
            }
            (Some(_), _) => known.clone(),
        },
        Json::Array(items) => items.iter().map(|item| filled(item, known)).collect(),
        Json::Object(members) => members
            .iter()
            .map(|(key, member)| (key.clone(), filled(member, known)))
            .collect(),
        _ => value.clone(),
    }
}

fn partly_known() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        prop_oneof![
            Just("-"),
            Just("?u"),
            Just("??m"),
            Just("?a*"),
            Just("??*b")
        ]
        .prop_map(Json::from),
        prop_oneof![Just(json!(1)), Just(json!("ab")), Just(json!(true))],
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            prop::collection::btree_map("[abc]", inner, 0..3)
                .prop_map(|members| members.into_iter().collect::<Json>()),
        ]
    })
}

fn filter() -> impl Strategy<Value = String> {
    let side = || {
        prop_oneof![
            Just("@"),
            Just("@.a"),
            Just("@.b.c"),
            Just("@[0]"),
            Just("@.a[1]"),
            Just("$.b"),
            Just("1"),
            Just("'ab'"),
            Just("true"),
            Just("length(@.a)"),
            Just("count(@.*)"),
            Just("value(@.*)")
        ]
    };
    let operator = prop_oneof![Just("=="), Just("!="), Just("<"), Just("<="), Just(">=")];
    let atom = prop_oneof![
        (side(), operator, side())
            .prop_map(|(left, operator, right)| format!("{left} {operator} {right}")),
        prop_oneof![
            Just("@.a"),
            Just("@.*"),
            Just("@..b"),
            Just("$.c"),
            Just("@[?@ == 1]"),
            Just("@[1:]"),
            Just("match(@.a, 'a.*')"),
            Just("search(@.b, 'b')"),
            Just("match(@, @.a)")
        ]
        .prop_map(str::to_owned),
    ];
    atom.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} && {right})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} || {right})")),
            inner.prop_map(|inner| format!("!({inner})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is decided stays so however the unknown values turn out: never a guess.
    #[test]
    fn whatever_is_decided_holds_for_every_filling(
        document in partly_known(),
        filter in filter(),
        head in prop_oneof![Just("$"), Just("$.a"), Just("$[*]"), Just("$.."), Just("$[-1]"), Just("$[::2]")],
    ) {
        let query = format!("{head}[?{filter}]");
        let (definite, possible) = counts(&query, &document);
        for known in [json!(null), json!(1), json!("b"), json!("\n"), json!(true), json!([1]), json!({"a": 1, "c": "ab"})] {
            let (found, open) = counts(&query, &filled(&document, &known));
            prop_assert!(open.is_empty());
            prop_assert!(found >= definite, "{} with {}: {} certain, {} found", query, known, definite, found);
            prop_assert!(found <= definite || !possible.is_empty(), "{} with {}: {} found, none possible", query, known, found);
        }
    }
}
