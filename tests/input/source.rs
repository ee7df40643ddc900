//! What holds for every text: places name the text they speak of, and no input breaks the parsers.

use ecrlint::source::embedded::{Embedded, EmbeddedText, Scalar};
use ecrlint::source::{Kind, Node, Problem, SourceId, Tree, json, yaml};
use proptest::prelude::*;
use serde_json::{Map, Value};

const SOURCE: SourceId = SourceId(0);

// ---------------------------------------------------------------------------------------------
// Random documents, and their spellings

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z:#,é日😀 '\"\\\\{}\\[\\]!&*|>%@-]{0,12}",
        "[a-z]{1,8}",
        "[ a\n\té\u{7f}\u{85}\u{a0}\u{2028}\u{fffc}😀]{0,10}",
        "(yes|no|null|~|true|[0-9]{1,12}|0x1F|1e3|<<|=|-|)",
    ]
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((word(), inner), 0..5)
                .prop_map(|members| Value::from(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Random small numbers that decide how each piece is spelled.
struct Style(Vec<u8>, usize);

impl Style {
    fn pick(&mut self, choices: u8) -> u8 {
        self.1 += 1;
        let byte = self.0.get(self.1 % self.0.len().max(1));
        byte.copied().unwrap_or_default() % choices
    }
}

fn style() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 1..40)
}

/// A string between double quotes, with more escapes than needed.
fn double_quoted(text: &str, style: &mut Style) -> String {
    let mut out = String::from('"');
    for char in text.chars() {
        let must = char.is_control() || matches!(char, '"' | '\\' | '\u{2028}' | '\u{2029}');
        match (char, style.pick(6)) {
            ('\n', 0..4) => out.push_str("\\n"),
            ('"', 0..4) => out.push_str("\\\""),
            ('\\', 0..4) => out.push_str("\\\\"),
            (_, 1..) if !must => out.push(char),
            _ => {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
    out
}

fn write_json(value: &Value, style: &mut Style, out: &mut String) {
    const SPACES: [&str; 6] = ["", " ", "\n", "\r\n  ", "\t", "          "];
    let space = |style: &mut Style| SPACES[usize::from(style.pick(6))];
    match value {
        Value::String(text) => out.push_str(&double_quoted(text, style)),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                out.push_str(space(style));
                write_json(item, style, out);
                out.push_str(space(style));
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (index, (key, item)) in members.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                out.push_str(space(style));
                out.push_str(&double_quoted(key, style));
                out.push_str(space(style));
                out.push(':');
                out.push_str(space(style));
                write_json(item, style, out);
            }
            out.push('}');
        }
        other => out.push_str(&other.to_string()),
    }
}

fn plain_fits(text: &str) -> bool {
    let resolves = ["null", "true", "false"].contains(&text);
    !resolves
        && !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte >= 0xC3)
        && text.chars().all(char::is_alphanumeric)
}

/// Whether the characters may stand in YAML without escapes, on one line.
fn line_fits(text: &str) -> bool {
    text.chars()
        .all(|char| char == '\t' || !char.is_control() && !matches!(char, '\u{2028}' | '\u{feff}'))
}

/// JSON with escapes for the characters that cannot stand in YAML as they are.
fn fit_for_yaml(json: &str) -> String {
    let mut out = String::new();
    for char in json.chars() {
        if char == '\n' || line_fits(char.encode_utf8(&mut [0; 4])) {
            out.push(char);
        } else {
            out.push_str(&format!("\\u{:04x}", u32::from(char)));
        }
    }
    out
}

fn yaml_scalar(text: &str, style: &mut Style) -> String {
    match style.pick(4) {
        0 if plain_fits(text) => text.to_owned(),
        1 if line_fits(text) => format!("'{}'", text.replace('\'', "''")),
        _ => double_quoted(text, style),
    }
}

/// A scalar behind `|`, when the text can be written like that.
fn literal(text: &str, indent: usize) -> Option<String> {
    let fits = text.split('\n').all(line_fits)
        && !text.trim().is_empty()
        && !text.starts_with([' ', '\t', '\n'])
        && !text.ends_with([' ', '\t', '\n']);
    fits.then(|| {
        let margin = format!("\n{}", " ".repeat(indent));
        let lines = text.split('\n').map(|line| match line {
            "" => "\n".to_owned(),
            line => format!("{margin}{line}"),
        });
        format!("|-{}", lines.collect::<String>())
    })
}

/// Writes a value behind a dash or a key that stands at `indent`.
fn write_yaml(value: &Value, indent: usize, style: &mut Style, out: &mut String) {
    let deeper = indent + 1 + usize::from(style.pick(3));
    match value {
        Value::Array(items) if !items.is_empty() && style.pick(4) > 0 => {
            for item in items {
                out.push_str(&format!("\n{}-", " ".repeat(deeper)));
                write_yaml(item, deeper, style, out);
            }
        }
        Value::Object(members) if !members.is_empty() && style.pick(4) > 0 => {
            for (key, item) in members {
                if style.pick(5) == 0 {
                    out.push_str("\n\n# é: [\n");
                }
                out.push_str(&format!("\n{}", " ".repeat(deeper)));
                out.push_str(&yaml_scalar(key, style));
                out.push(':');
                write_yaml(item, deeper, style, out);
            }
        }
        Value::Array(_) | Value::Object(_) => {
            out.push(' ');
            // Flow collections are JSON on one line.
            out.push_str(&fit_for_yaml(&value.to_string()));
        }
        Value::String(text) => {
            out.push(' ');
            match literal(text, deeper).filter(|_| style.pick(2) == 0) {
                Some(block) => out.push_str(&block),
                None => out.push_str(&yaml_scalar(text, style)),
            }
        }
        other => out.push_str(&format!(" {other}")),
    }
}

// ---------------------------------------------------------------------------------------------
// What must hold

fn same(node: Node<'_>, value: &Value) -> Result<(), TestCaseError> {
    match value {
        Value::Null => prop_assert_eq!(node.kind(), Kind::Null),
        Value::Bool(value) => prop_assert_eq!(node.kind(), Kind::Bool(*value)),
        Value::Number(number) => {
            prop_assert_eq!(node.kind(), Kind::Number);
            let number = number.to_string();
            prop_assert_eq!(node.as_text(), Some(number.as_str()));
        }
        Value::String(text) => prop_assert_eq!(node.as_str(), Some(text.as_str())),
        Value::Array(items) => {
            prop_assert_eq!(
                (node.kind(), node.items().len()),
                (Kind::Array, items.len())
            );
            for (node, item) in node.items().zip(items) {
                same(node, item)?;
            }
        }
        Value::Object(members) => {
            prop_assert_eq!(
                (node.kind(), node.members().len()),
                (Kind::Object, members.len())
            );
            for (member, (key, item)) in node.members().zip(members) {
                prop_assert_eq!(member.key, key);
                same(member.value, item)?;
            }
        }
    }
    Ok(())
}

/// The text at every span reads as what the node says, and children lie in their parents in order.
fn places(
    node: Node<'_>,
    parse: fn(&str, SourceId, &mut Tree) -> Result<(), Problem>,
) -> Result<(), TestCaseError> {
    let text = node.source_text();
    let outer = node.span();
    let mut from = outer.start;
    for item in node.items() {
        prop_assert!(from <= item.span().start && item.span().end <= outer.end);
        from = item.span().end;
        places(item, parse)?;
    }
    for member in node.members() {
        let (key, value) = (member.key_span, member.value.span());
        prop_assert!(from <= key.start && key.end < value.start && value.end <= outer.end);
        from = value.end;
        reads_as(key.slice(text), member.key, parse)?;
        places(member.value, parse)?;
    }
    let Some(characters) = node.as_str() else {
        return Ok(());
    };
    let written = outer.slice(text);
    if written == characters {
        // A word without quotes, or a block of one line.
    } else if written.starts_with(['"', '\'']) {
        reads_as(written, characters, parse)?;
    } else {
        let unindented = |text: &str| -> Vec<String> {
            let lines = text.lines().map(|line| line.trim_start_matches(' '));
            lines.map(str::to_owned).collect()
        };
        prop_assert_eq!(unindented(written), unindented(characters));
    }
    characters_have_places(node)
}

fn reads_as(
    written: &str,
    characters: &str,
    parse: fn(&str, SourceId, &mut Tree) -> Result<(), Problem>,
) -> Result<(), TestCaseError> {
    let mut tree = Tree::default();
    let outcome = parse(written, SOURCE, &mut tree);
    prop_assert_eq!(outcome, Ok(()), "{:?}", written);
    let root = tree.root(written);
    prop_assert_eq!(
        root.and_then(Node::as_str),
        Some(characters),
        "{:?}",
        written
    );
    Ok(())
}

/// Each character stands at its own place: itself, an escape, or folded white space.
fn characters_have_places(node: Node<'_>) -> Result<(), TestCaseError> {
    let Some(scalar) = Scalar::of(node) else {
        return Ok(());
    };
    for (at, char) in scalar.as_str().char_indices() {
        let place = scalar.span(at..at + char.len_utf8());
        let written = place.slice(node.source_text());
        let itself = written.chars().eq([char]);
        let escaped = written.starts_with('\\') || written == "''";
        let white = char.is_whitespace() && written.trim().is_empty();
        prop_assert!(itself || escaped || white, "{char:?} is not {written:?}");
    }
    Ok(())
}

/// Nodes of embedded JSON stand where the outer text spells them, by `spelled` undone.
fn embedded_places(
    node: Embedded<'_>,
    outer: &str,
    undo: fn(&str) -> Option<String>,
) -> Result<(), TestCaseError> {
    let written = node.span().slice(outer);
    if let Some(characters) = node.as_str() {
        let undone = undo(written);
        prop_assert!(undone.is_some(), "{:?}", written);
        let read: Result<String, _> = serde_json::from_str(&undone.unwrap_or_default());
        prop_assert_eq!(read.ok(), Some(characters.to_owned()), "{:?}", written);
    } else if let Some(characters) = node.as_text() {
        prop_assert_eq!(undo(written), Some(characters.to_owned()));
    }
    for item in node.items() {
        embedded_places(item, outer, undo)?;
    }
    for member in node.members() {
        let written = undo(member.key_span().slice(outer)).unwrap_or_default();
        let read: Result<String, _> = serde_json::from_str(&written);
        prop_assert_eq!(read.ok(), member.key().map(str::to_owned));
        embedded_places(member.value(), outer, undo)?;
    }
    Ok(())
}

/// Puts `inner` into the outer text, reads it from there, and checks every place.
fn check_embedded(
    value: &Value,
    outer: &str,
    undo: fn(&str) -> Option<String>,
) -> Result<(), TestCaseError> {
    let mut tree = Tree::default();
    prop_assert_eq!(yaml::parse(outer, SOURCE, &mut tree), Ok(()), "{}", outer);
    let scalar = tree.root(outer).and_then(|root| root.get("p"));
    prop_assert!(scalar.is_some());
    let mut text = EmbeddedText::default();
    scalar.into_iter().for_each(|node| text.push_node(node));
    let mut inner = Tree::default();
    prop_assert_eq!(text.parse_json(&mut inner), Ok(()), "{}", outer);
    let root = inner.root(text.as_str());
    prop_assert!(root.is_some());
    root.map_or(Ok(()), |root| same(root, value))?;
    text.root(&inner)
        .map_or(Ok(()), |root| embedded_places(root, outer, undo))
}

fn unescaped(written: &str) -> Option<String> {
    serde_json::from_str(&format!("\"{written}\"")).ok()
}

fn as_written(written: &str) -> Option<String> {
    Some(written.to_owned())
}

fn single_unquoted(written: &str) -> Option<String> {
    Some(written.replace("''", "'"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_reads_back_and_its_places_hold(value in document(), style in style()) {
        let mut text = String::new();
        write_json(&value, &mut Style(style, 0), &mut text);
        let mut tree = Tree::default();
        prop_assert_eq!(json::parse(&text, SOURCE, &mut tree), Ok(()), "{}", text);
        let root = tree.root(&text);
        prop_assert!(root.is_some());
        root.map_or(Ok(()), |root| same(root, &value).and(places(root, json::parse)))?;
    }

    #[test]
    fn yaml_reads_back_and_its_places_hold(value in document(), style in style(), carriage: bool) {
        let mut text = String::from("é:");
        write_yaml(&value, 0, &mut Style(style, 0), &mut text);
        text.push('\n');
        if carriage {
            text = text.replace('\n', "\r\n");
        }
        let mut tree = Tree::default();
        prop_assert_eq!(yaml::parse(&text, SOURCE, &mut tree), Ok(()), "{}", text);
        let node = tree.root(&text).and_then(|root| root.get("é"));
        prop_assert!(node.is_some());
        node.map_or(Ok(()), |node| same(node, &value).and(places(node, yaml::parse)))?;
    }

    #[test]
    fn json_is_yaml(value in document()) {
        let text = fit_for_yaml(&value.to_string());
        let mut tree = Tree::default();
        prop_assert_eq!(yaml::parse(&text, SOURCE, &mut tree), Ok(()), "{}", text);
        let root = tree.root(&text);
        root.map_or(Ok(()), |root| same(root, &value))?;
    }

    #[test]
    fn embedded_places_lead_through_json_escapes(value in document(), style in style()) {
        let mut style = Style(style, 0);
        let mut inner = String::new();
        write_json(&value, &mut style, &mut inner);
        let outer = format!("{{\"é\": 1, \"p\": {}}}", double_quoted(&inner, &mut style));
        check_embedded(&value, &outer, unescaped)?;
    }

    #[test]
    fn embedded_places_lead_through_blocks_and_folding(value in document(), block in 0..4usize) {
        let inner = fit_for_yaml(&format!("{value:#}"));
        let header = ["|", "|-", ">", ">-"][block];
        let outer = format!("é: 1\np: {header}\n   {}\nq: 1\n", inner.replace('\n', "\n   "));
        check_embedded(&value, &outer, as_written)?;
    }

    #[test]
    fn embedded_places_lead_through_single_quotes(value in document()) {
        let inner = fit_for_yaml(&format!("{value:#}"));
        let lines = inner.replace('\'', "''").replace('\n', "\n\n ");
        check_embedded(&value, &format!("p: '{lines}'\nq: 1\n"), single_unquoted)?;
    }

    #[test]
    fn mutated_json_is_accepted_as_serde_json_does(
        value in document(),
        style in style(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..4u8, "[\"\\\\{}\\[\\],:0-9.eE+\\-tfnu \n\té/']"), 0..4),
    ) {
        let mut text = String::new();
        write_json(&value, &mut Style(style, 0), &mut text);
        for (place, what, piece) in edits {
            let at = text.floor_char_boundary(place.index(text.len() + 1));
            match what {
                0 => text.truncate(at),
                1 if at < text.len() => { text.remove(at); }
                _ => text.insert_str(at, &piece),
            }
        }
        let ours = json::parse(&text, SOURCE, &mut Tree::default());
        let theirs = serde_json::from_str::<Value>(&text);
        let twice = ours.as_ref().is_err_and(|problem| problem.title.contains("stands twice"));
        let range = theirs.as_ref().is_err_and(|error| error.to_string().contains("out of range"));
        if !twice && !range {
            prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?} {:?} {:?}", text, ours, theirs);
        }
    }

    #[test]
    fn any_text_is_parsed_or_refused_within_it(text in "[-a-z:#,é '\"\\\\{}\\[\\]!&*|>%@?\n\r\t\u{feff}0]{0,60}") {
        for parse in [json::parse, yaml::parse] {
            let mut tree = Tree::default();
            match parse(&text, SOURCE, &mut tree) {
                Ok(()) => tree.root(&text).map_or(Ok(()), within)?,
                Err(problem) => {
                    let range = problem.span.start as usize..problem.span.end as usize;
                    prop_assert!(text.get(range).is_some(), "{:?}", problem);
                }
            }
        }
    }
}

fn within(node: Node<'_>) -> Result<(), TestCaseError> {
    let inside = |span: ecrlint::source::Span| {
        let range = span.start as usize..span.end as usize;
        node.source_text().get(range).is_some()
    };
    prop_assert!(inside(node.span()), "{:?}", node.span());
    for item in node.items() {
        within(item)?;
    }
    for member in node.members() {
        prop_assert!(inside(member.key_span));
        within(member.value)?;
    }
    Ok(())
}

// ---------------------------------------------------------------------------------------------
// Hard cases

type Parse = fn(&str, SourceId, &mut Tree) -> Result<(), Problem>;

fn refused(parse: Parse, text: &str) -> Problem {
    parse(text, SOURCE, &mut Tree::default()).expect_err("the text is wrong")
}

#[test]
fn deep_nesting_is_refused_where_it_becomes_too_deep() {
    let deep = "collections are nested more than 512 deep";
    for (parse, text, start) in [
        (json::parse as Parse, "[".repeat(50_000), 512),
        (json::parse, "{\"a\":".repeat(50_000), 512 * 5),
        (yaml::parse, "[".repeat(50_000), 512),
        (yaml::parse, "- ".repeat(50_000), 512 * 2),
        (yaml::parse, "!a [".repeat(50_000), 256 * 4 + 3),
    ] {
        let problem = refused(parse, &text);
        assert_eq!((problem.title.as_str(), problem.span.start), (deep, start));
    }
    let blocks: String = (0..600)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    assert_eq!(refused(yaml::parse, &blocks).title, deep);
}

const JSON_TEMPLATE: &str =
    "\u{feff}{\r\n  \"Resources\": {\"é\": [1.5e3, true, null, \"a\\u00e9\\n\"]}\r\n}\r\n";

#[test]
fn a_json_text_that_ends_too_early_is_refused_at_its_end() {
    let whole = JSON_TEMPLATE.trim_end().len();
    for (end, _) in JSON_TEMPLATE.char_indices().filter(|(end, _)| *end < whole) {
        let text = &JSON_TEMPLATE[..end];
        let problem = refused(json::parse, text);
        let last = problem.span.end as usize;
        // An unfinished word or escape is told from its beginning.
        assert!(
            last >= text.trim_end().len().saturating_sub(6),
            "{text:?}: {problem:?}"
        );
    }
}

#[test]
fn a_yaml_text_that_ends_anywhere_gives_no_place_outside() {
    let template = "a: &x\r\n  - !Sub 'é${b}'\r\n  - \"\\u00e9\" # c\r\n  - {k: [1, ~]}\r\nb: |+2\r\n   text\r\n\r\n? c\r\n: >-\r\n  fold\r\n  ed\r\nd: *x\r\n";
    for (end, _) in template.char_indices() {
        let text = &template[..end];
        let mut tree = Tree::default();
        match yaml::parse(text, SOURCE, &mut tree) {
            Ok(()) => tree
                .root(text)
                .map_or(Ok(()), within)
                .expect("places lie within"),
            Err(problem) => assert!(problem.span.end as usize <= end, "{text:?}"),
        }
    }
}

#[test]
fn a_mistake_behind_white_space_of_several_bytes_is_reported() {
    for space in ["\u{85}", "\u{a0}", "\u{2003}", "\u{2028}", "\u{3000}"] {
        for text in [
            format!("id: own\nti: Rae{space}length: nge-"),
            format!("id: own\nti:{space}!Ref{space}!Sub [a"),
            format!("id: !Ref{space}!GetAtt{space}a: b: c"),
            format!("{space}id: own\n{space}- ti: a: b"),
            format!("id: [own,{space}!Ref !Sub{space}"),
        ] {
            let mut tree = Tree::default();
            if let Err(problem) = yaml::parse(&text, SOURCE, &mut tree) {
                let (start, end) = (problem.span.start as usize, problem.span.end as usize);
                assert!(text.get(start..end).is_some(), "{text:?} at {start}..{end}");
            }
        }
    }
}

#[test]
fn line_ends_and_byte_order_marks_move_no_place() {
    for text in [
        "\u{feff}a: é\r\nb:\r\n  - c\r\n",
        "\u{feff}{\"a\": \"é\",\r\n\"b\": [\"c\"]}\r\n",
    ] {
        let mut tree = Tree::default();
        yaml::parse(text, SOURCE, &mut tree).expect("the text is YAML");
        let root = tree.root(text).expect("it has content");
        let value = root.get("a").expect("there is an `a`");
        assert_eq!(value.as_str(), Some("é"));
        assert!(value.span().slice(text).contains('é'));
        let item = root.get("b").and_then(|list| list.items().next());
        assert_eq!(
            item.map(|item| item.span().slice(text).trim_matches('"')),
            Some("c")
        );
    }
}

#[test]
fn long_comments_and_many_anchors_are_read() {
    let comments = "# é\n".repeat(5_000);
    let text = format!("{comments}a:\n{comments}  -\n{comments}    b: 1\n");
    let mut tree = Tree::default();
    yaml::parse(&text, SOURCE, &mut tree).expect("comments are not content");
    assert_eq!(tree.comments().count(), 15_000);

    let anchors: String = (0..5_000)
        .map(|at| format!("- &a{at} x\n- *a{at}\n"))
        .collect();
    yaml::parse(&anchors, SOURCE, &mut tree).expect("each alias repeats one node");
    assert_eq!(
        tree.root(&anchors).map(|root| root.items().len()),
        Some(10_000)
    );
}
