//! Text inside text: characters of scalars put together, with the way back to where each one stands.
//! It does not know what fills the holes, or what the text describes.
//!
//! A policy in a template is JSON inside a scalar, or inside a `Fn::Sub` or a `Fn::Join` whose parts
//! are partly unknown. [`EmbeddedText`] is assembled from what is known and holes for the rest; it is then
//! read as JSON, and every [`Embedded`] node points into the outer file.

mod align;
mod cursor;
mod scalar;
mod text;

pub use cursor::{Embedded, EmbeddedMember, TextPiece};
pub use scalar::Scalar;
pub use text::{EmbeddedText, Trouble};

#[cfg(test)]
mod tests {
    use super::super::{SourceId, Span, Tree, json, yaml};
    use super::{Embedded, EmbeddedText, Scalar, TextPiece, Trouble};

    const SOURCE: SourceId = SourceId(3);

    fn yaml_tree(text: &str) -> Tree {
        let mut tree = Tree::default();
        yaml::parse(text, SOURCE, &mut tree).unwrap();
        tree
    }

    /// Assembles the whole scalar `p` of a YAML or JSON text, reads it as JSON and looks at it.
    fn inside(outer: &str, look: impl Fn(Embedded<'_>)) {
        let tree = yaml_tree(outer);
        let node = tree.root(outer).unwrap().get("p").unwrap();
        let mut text = EmbeddedText::default();
        text.push_node(node);
        let mut inner = Tree::default();
        text.parse_json(&mut inner).unwrap();
        look(text.root(&inner).unwrap());
    }

    #[test]
    fn spans_lead_through_every_spelling_of_a_scalar() {
        let spellings = [
            r#"{"p": "{\"a\":\"é\u00e9\",\n\"b\":[12]}"}"#,
            "p: |\n  {\"a\":\n     \"éé\",\n   \"b\": [12]}\n",
            "p: |2\n    {\"a\":\n     \"éé\",\n   \"b\": [12]}\n",
            "p: |\n\n  {\"a\":\n\n     \"éé\",\n   \"b\": [12]}\n\n\n",
            "p: |\r\n  {\"a\":\r\n     \"éé\",\r\n   \"b\": [12]}\r\n",
            "p: >-\n  {\"a\":\n  \"éé\",\n\n     \"b\":\n  [12]\n  }\nq: 1\n",
            "p: '{\"a\":\n\n   \"éé\",   \n \"b\": [12]}'\n",
            "p: \"{\\\"a\\\":\n   \\\"é\\xe9\\\",\\n\\\n  \\\"b\\\": [12]}\"\n",
        ];
        for outer in spellings {
            inside(outer, |root| {
                let at = |span: Span| span.slice(outer);
                let a = root.get("a").unwrap();
                assert_eq!(a.as_str(), Some("éé"), "{outer}");
                let mark = if outer.contains("\\\"") { "\\\"" } else { "\"" };
                assert!(at(a.span()).starts_with(&format!("{mark}é")), "{outer}");
                assert!(at(a.span()).ends_with(mark), "{outer}");
                assert_eq!(at(a.part_span(0..2)), "é", "{outer}");
                let b = root.get("b").unwrap();
                assert_eq!(at(b.span()), "[12]", "{outer}");
                assert_eq!(at(b.items().next().unwrap().span()), "12", "{outer}");
                assert!(at(root.span()).starts_with('{') && at(root.span()).ends_with('}'));
            });
        }
    }

    #[test]
    fn a_part_of_a_scalar_has_a_place_of_its_own() {
        let text = "n: 'it''s Bad'\n";
        let tree = yaml_tree(text);
        let scalar = Scalar::of(tree.root(text).unwrap().get("n").unwrap()).unwrap();
        assert_eq!(scalar.as_str(), "it's Bad");
        assert_eq!(scalar.span(5..6).slice(text), "B");
        assert_eq!(scalar.span(2..3).slice(text), "''");
        assert_eq!(scalar.span(8..8).slice(text), "");
        assert_eq!(scalar.span(8..8).end, 13);
    }

    #[test]
    fn an_alias_stands_for_all_its_characters() {
        let text = "a: &x word\np: *x\n";
        let tree = yaml_tree(text);
        let scalar = Scalar::of(tree.root(text).unwrap().get("p").unwrap()).unwrap();
        assert_eq!(scalar.span(1..2).slice(text), "*x");
    }

    /// Assembles text from known parts, with a hole at each `?`; the source is the text itself.
    fn assemble(parts: &str) -> EmbeddedText {
        let mut text = EmbeddedText::default();
        let mut from = 0;
        for (at, _) in parts.match_indices('?') {
            text.push_computed(&parts[from..at], Span::new(SOURCE, from, at));
            text.push_hole(Span::new(SOURCE, at, at + 1));
            from = at + 1;
        }
        text.push_computed(&parts[from..], Span::new(SOURCE, from, parts.len()));
        text
    }

    #[test]
    fn a_hole_may_be_a_value_or_a_part_of_a_string() {
        let text = assemble(r#"{"a": ?, "b": "x\n?y?", "?": [?]}"#);
        let mut tree = Tree::default();
        text.parse_json(&mut tree).unwrap();
        let root = text.root(&tree).unwrap();
        let a = root.get("a").unwrap();
        assert_eq!((a.hole(), a.as_str()), (Some(0), None));
        assert_eq!(a.span(), Span::new(SOURCE, 6, 7));
        let b = root.get("b").unwrap();
        assert_eq!((b.hole(), b.as_str()), (None, None));
        let parts = [
            TextPiece::Text("x\n"),
            TextPiece::Hole(1),
            TextPiece::Text("y"),
            TextPiece::Hole(2),
        ];
        assert_eq!(b.pieces(), parts);
        let last = root.members().last().unwrap();
        assert_eq!(
            (last.key(), last.key_pieces()),
            (None, vec![TextPiece::Hole(3)])
        );
        assert_eq!(last.value().items().next().unwrap().hole(), Some(4));
    }

    #[test]
    fn the_character_of_a_hole_may_stand_in_a_text_by_itself() {
        let mut text = EmbeddedText::default();
        text.push_computed("[\"\u{fffc}\"]", Span::new(SOURCE, 0, 1));
        let mut tree = Tree::default();
        text.parse_json(&mut tree).unwrap();
        let item = text.root(&tree).unwrap().items().next().unwrap();
        assert_eq!(item.as_str(), Some("\u{fffc}"));
        let mut bare = EmbeddedText::default();
        bare.push_computed("[\u{fffc}]", Span::new(SOURCE, 0, 1));
        assert!(matches!(
            bare.parse_json(&mut tree),
            Err(Trouble::Malformed(_))
        ));
    }

    #[test]
    fn two_keys_with_holes_are_not_equal() {
        let text = assemble(r#"{"?": 1, "?": 2}"#);
        assert_eq!(text.parse_json(&mut Tree::default()), Ok(()));
    }

    #[test]
    fn a_mistake_that_a_hole_may_mend_is_unknown() {
        let cases = [
            ("{?}", 0),
            ("{\"a\": 1 ?}", 0),
            ("{\"a\": ? \"b\": 1}", 0),
            ("[1?]", 0),
            ("[\"\\?\"]", 0),
            ("[\"\\u00?\"]", 0),
            ("[?, ?", 1),
            ("[\"a?b", 0),
            ("[1, ?2]", 0),
        ];
        for (parts, hole) in cases {
            let found = assemble(parts).parse_json(&mut Tree::default());
            assert_eq!(found, Err(Trouble::Unknown(hole)), "{parts}");
        }
    }

    #[test]
    fn a_mistake_elsewhere_is_reported_at_its_place_in_the_outer_file() {
        let outer = r#"{"p": "{\"a\": \"x\",}"}"#;
        let mut tree = Tree::default();
        json::parse(outer, SOURCE, &mut tree).unwrap();
        let mut text = EmbeddedText::default();
        text.push_node(tree.root(outer).unwrap().get("p").unwrap());
        let Err(Trouble::Malformed(problem)) = text.parse_json(&mut Tree::default()) else {
            panic!("a trailing comma is a mistake");
        };
        assert_eq!(problem.span.source, SOURCE);
        assert_eq!((problem.span.start, problem.span.slice(outer)), (20, ","));
    }

    #[test]
    fn parts_of_several_scalars_keep_their_places() {
        let outer = "a: '{\"x\": \"'\nb: foo\nc: '\"}'\n";
        let tree = yaml_tree(outer);
        let mut text = EmbeddedText::default();
        for member in tree.root(outer).unwrap().members() {
            text.push_node(member.value);
        }
        assert_eq!(text.as_str(), r#"{"x": "foo"}"#);
        let mut inner = Tree::default();
        text.parse_json(&mut inner).unwrap();
        let value = text.root(&inner).unwrap().get("x").unwrap();
        assert_eq!(value.part_span(0..3).slice(outer), "foo");
        assert_eq!(value.span().slice(outer), "\"'\nb: foo\nc: '\"");
    }
}
