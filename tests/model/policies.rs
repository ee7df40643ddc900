//! Repository policies from the tables in `fixtures/policies`, each with what it means.

use ecrlint::model::policy::{Guarded, Owner, PolicyFacts, describe};
use ecrlint::model::{Data, Document, NodeId, Piece, Shape, Unknown, Value};
use ecrlint::source::{Kind, Node, SourceId, Tree, json, yaml};

/// The table of policies that are a registry's.
const REGISTRY: &str = "registry";

const TABLES: [(&str, &str); 6] = [
    (
        "actions",
        include_str!("../../fixtures/policies/actions.yaml"),
    ),
    (
        "conditions",
        include_str!("../../fixtures/policies/conditions.yaml"),
    ),
    (
        "denials",
        include_str!("../../fixtures/policies/denials.yaml"),
    ),
    (
        "grammar",
        include_str!("../../fixtures/policies/grammar.yaml"),
    ),
    (
        "principals",
        include_str!("../../fixtures/policies/principals.yaml"),
    ),
    (
        REGISTRY,
        include_str!("../../fixtures/policies/registry.yaml"),
    ),
];

/// Copies a tree, with `Ref` and `Fn::Sub` as the unknowns that a template without parameters has.
fn import(document: &mut Document, node: Node<'_>) -> NodeId {
    let span = node.span();
    if let Some(name) = node.get("Ref").and_then(Node::as_str) {
        let shape = Shape(vec![Piece::hole(name)]);
        return document.unknown(unknown(shape), span);
    }
    if let Some(text) = node.get("Fn::Sub").and_then(Node::as_str) {
        return document.unknown(unknown(substituted(text)), span);
    }
    match node.kind() {
        Kind::Object => {
            let members: Vec<_> = node
                .members()
                .map(|member| (member.key, import(document, member.value)))
                .collect();
            document.object_with_keys(&members, span)
        }
        Kind::Array => {
            let items: Vec<_> = node.items().map(|item| import(document, item)).collect();
            document.array(&items, span)
        }
        _ => document.import(node),
    }
}

fn unknown(shape: Shape) -> Unknown {
    Unknown::because("a parameter has no default").with_shape(shape)
}

fn substituted(text: &str) -> Shape {
    let mut pieces = Vec::new();
    for (index, part) in text.split("${").enumerate() {
        let text = match part.split_once('}') {
            Some((hole, text)) if index > 0 => {
                pieces.push(Piece::hole(hole));
                text
            }
            _ => part,
        };
        pieces.push(Piece::Text(text.to_owned()));
    }
    Shape(pieces)
}

/// The policy of a row in a document of its own.
fn policy_of(row: Node<'_>) -> (Document, NodeId) {
    let mut document = Document::default();
    let Some(policy) = row.get("policy") else {
        let statements = row.get("statements").expect("a row has a policy");
        let statements = import(&mut document, statements);
        let version = document.string("2012-10-17", row.span());
        let members = [("Version", version), ("Statement", statements)];
        let policy = document.object(&members, row.span());
        return (document, policy);
    };
    let mut tree = Tree::default();
    let policy = match policy.as_str() {
        Some(text) if json::parse(text, SourceId(1), &mut tree).is_ok() => {
            document.import(tree.root(text).expect("the text is not empty"))
        }
        _ => import(&mut document, policy),
    };
    (document, policy)
}

fn describe_row(table: &str, row: Node<'_>) -> (Document, PolicyFacts) {
    let (mut document, policy) = policy_of(row);
    let account = match row.get("account").and_then(Node::as_text) {
        Some("unknown") => None,
        Some(account) => Some(account),
        None => Some("111111111111"),
    };
    let owner = match table {
        REGISTRY => Owner {
            guarded: Guarded::Registry,
            account,
            region: Some("eu-west-1"),
            partition: Some("aws"),
            ..Owner::default()
        },
        _ => Owner {
            account,
            ..Owner::default()
        },
    };
    let facts = describe(&mut document, policy, &owner);
    (document, facts)
}

fn word(value: Option<Value<'_>>) -> String {
    match value.map(Value::data) {
        Some(Data::Bool(value)) => value.to_string(),
        Some(Data::String(text)) => text.to_owned(),
        Some(Data::Unknown(unknown)) => {
            assert!(!unknown.reason.is_empty(), "an unknown has a reason");
            "unknown".to_owned()
        }
        Some(Data::Absent) | None => "absent".to_owned(),
        other => panic!("{other:?} is not an answer"),
    }
}

fn texts(row: Node<'_>, key: &str) -> Option<Vec<String>> {
    let items = row.get(key)?.items();
    Some(
        items
            .map(|item| item.as_text().expect("a text").to_owned())
            .collect(),
    )
}

fn column(document: &Document, facts: &PolicyFacts, key: &str) -> Vec<String> {
    let access = document.value(facts.access);
    access
        .items()
        .map(|entry| word(entry.by_key(key)))
        .collect()
}

fn unsound(document: &Document, facts: &PolicyFacts) -> Vec<String> {
    let mut found = Vec::new();
    for statement in document.value(facts.statements).items() {
        // A statement that cannot be known has none.
        let conditions = statement.by_key("conditions").into_iter();
        for condition in conditions.flat_map(Value::items) {
            found.extend(
                condition
                    .by_key("problem")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
        }
    }
    found
}

/// One row after the other, so that a failure shows all that differ.
fn check_row((table, text): (&str, &str), row: Node<'_>) -> Result<(), String> {
    let (document, facts) = describe_row(table, row);
    let differs = |what: &str, found: &dyn std::fmt::Debug, wanted: &dyn std::fmt::Debug| {
        Err(format!("{what}: found {found:?}, expected {wanted:?}"))
    };
    let access: Vec<_> = document
        .value(facts.access)
        .items()
        .map(|entry| {
            ["class", "cross_account", "write"]
                .map(|key| word(entry.by_key(key)))
                .join(" ")
        })
        .collect();
    let wanted = texts(row, "access").expect("a row says what access there is");
    if access != wanted {
        return differs("access", &access, &wanted);
    }
    for key in ["public", "bound"] {
        let found = column(&document, &facts, key);
        if let Some(wanted) = texts(row, key).filter(|wanted| *wanted != found) {
            return differs(key, &found, &wanted);
        }
    }
    let fits = |found: &[String], wanted: &[String]| {
        found.len() == wanted.len() && found.iter().zip(wanted).all(|(f, w)| f.contains(w))
    };
    let found = unsound(&document, &facts);
    let wanted = texts(row, "unsound").unwrap_or_default();
    if row.get("unsound").is_some() && !fits(&found, &wanted) {
        return differs("unsound", &found, &wanted);
    }
    let problems = document.value(facts.problems);
    let found: Vec<_> = problems
        .items()
        .map(|item| match item.as_unknown() {
            Some(unknown) => unknown.reason.clone(),
            None => word(item.by_key("problem")),
        })
        .collect();
    let wanted = texts(row, "problems").unwrap_or_default();
    if !fits(&found, &wanted) {
        return differs("problems", &found, &wanted);
    }
    let places: Vec<_> = problems
        .items()
        .map(|item| item.span().slice(text).to_owned())
        .collect();
    match texts(row, "at") {
        Some(wanted) if wanted != places => differs("places", &places, &wanted),
        _ => Ok(()),
    }
}

#[test]
fn every_row_of_the_tables_means_what_it_says() {
    let mut rows = 0;
    let mut failures = Vec::new();
    for (name, text) in TABLES {
        let mut tree = Tree::default();
        yaml::parse(text, SourceId(0), &mut tree).expect("the table is YAML");
        for row in tree.root(text).expect("the table has rows").items() {
            rows += 1;
            let why = row
                .get("why")
                .and_then(Node::as_str)
                .expect("a row says why");
            if let Err(difference) = check_row((name, text), row) {
                failures.push(format!("{name}: {why}\n    {difference}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(rows >= 300, "only {rows} rows were read");
}

#[test]
fn a_repository_without_a_policy_gives_no_access() {
    let mut document = Document::default();
    let policy = document.absent(ecrlint::source::Span::default());
    let facts = describe(&mut document, policy, &Owner::default());
    for list in [facts.statements, facts.problems, facts.access] {
        assert!(matches!(document.value(list).data(), Data::Array));
        assert_eq!(document.value(list).items().len(), 0);
    }
}

#[test]
fn a_policy_that_cannot_be_known_leaves_everything_open() {
    let mut document = Document::default();
    let unknown = Unknown::because("a parameter has no default");
    let policy = document.unknown(unknown, ecrlint::source::Span::default());
    let facts = describe(&mut document, policy, &Owner::default());
    for list in [facts.statements, facts.problems, facts.access] {
        assert!(document.value(list).as_unknown().is_some());
    }
}

#[test]
fn a_policy_beyond_the_limit_is_a_problem_and_not_evaluated() {
    let row = r#"{"statements": [{"Effect": "Allow", "Principal": "*", "Action": ["#.to_owned()
        + &r#""ecr:BatchGetImage","#.repeat(600)
        + r#""ecr:PutImage"]}]}"#;
    let mut tree = Tree::default();
    json::parse(&row, SourceId(0), &mut tree).expect("the row is JSON");
    let (document, facts) = describe_row("", tree.root(&row).expect("a row"));
    let problems = document.value(facts.problems);
    let problem = problems
        .items()
        .next()
        .and_then(|item| item.by_key("problem"));
    assert!(word(problem).contains("at most 10240"), "{}", word(problem));
    assert!(document.value(facts.access).as_unknown().is_some());
}
