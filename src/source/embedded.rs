//! Text inside text: characters of scalars put together, with the way back to where each one stands.
//! It does not know what fills the holes, or what the text describes.
//!
//! A policy in a template is JSON inside a scalar, or inside a `Fn::Sub` or a `Fn::Join` whose parts
//! are partly unknown. [`EmbeddedText`] is assembled from what is known and holes for the rest; it is then
//! read as JSON, and every [`Embedded`] node points into the outer file.

mod align;
mod cursor;

use std::ops::Range;

use self::align::CharacterRun;
use super::json::parse_with_holes;
use super::{Member, Node, Problem, SourceId, Span, Tree};

pub use cursor::{Embedded, EmbeddedMember, TextPiece};

/// Stands in the assembled text for each hole. Holes are told by their offset, so a text that has
/// this character by itself is read rightly.
const HOLE: char = '\u{fffc}';

/// The characters of a scalar or key, with the place of each in the source.
#[derive(Clone, Debug)]
pub struct Scalar<'t> {
    text: &'t str,
    runs: Vec<CharacterRun>,
}

/// Text assembled from scalars, computed words and holes.
#[derive(Clone, Debug, Default)]
pub struct EmbeddedText {
    text: String,
    runs: Vec<CharacterRun>,
    holes: Vec<Hole>,
}

#[derive(Clone, Copy, Debug)]
struct Hole {
    /// Offset in the assembled text.
    at: usize,
    span: Span,
}

/// Why assembled text cannot be read as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is no JSON, whatever the holes hold. The places are in the outer file.
    Malformed(Problem),
    /// Whether it is JSON depends on what the hole with this index holds.
    Unknown(usize),
}

impl<'t> Scalar<'t> {
    /// The characters of a string, number or boolean; nothing for other nodes.
    #[must_use]
    pub fn of(node: Node<'t>) -> Option<Self> {
        let text = node.as_text()?;
        Some(Self::new(node.source_text(), node.span(), text))
    }

    /// The characters of a key.
    #[must_use]
    pub fn of_key(member: &Member<'t>) -> Self {
        Self::new(member.value.source_text(), member.key_span, member.key)
    }

    fn new(source_text: &str, span: Span, text: &'t str) -> Self {
        // An alias and a rewritten word stand for characters that are elsewhere or nowhere; the
        // whole of them is then the place of each character.
        let runs = align::align(source_text, span, text)
            .unwrap_or_else(|| vec![CharacterRun::whole(0, span)]);
        Self { text, runs }
    }

    /// The characters, escapes and folding undone.
    #[must_use]
    pub fn as_str(&self) -> &'t str {
        self.text
    }

    /// Where the bytes `range` of [`Scalar::as_str`] stand in the source.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        align::span(&self.runs, self.text.len(), range)
    }

    /// Offset in the characters of what stands at `offset` of the source.
    fn offset_of(&self, offset: usize) -> Option<usize> {
        align::inverse(&self.runs, offset)
    }
}

impl EmbeddedText {
    /// Adds all characters of a scalar; nothing for a list, an object or null.
    pub fn push_node(&mut self, node: Node<'_>) {
        if let Some(scalar) = Scalar::of(node) {
            self.push_part(&scalar, 0..scalar.as_str().len());
        }
    }

    /// Adds the bytes `range` of a scalar; a range that splits a character adds nothing.
    pub fn push_part(&mut self, scalar: &Scalar<'_>, range: Range<usize>) {
        let Some(part) = scalar.text.get(range.clone()) else {
            return;
        };
        if part.is_empty() {
            return;
        }
        let (at, length) = (self.text.len(), scalar.text.len());
        self.runs.extend(
            align::runs_within(&scalar.runs, length, &range).map(|run| run.moved(range.start, at)),
        );
        self.text.push_str(part);
    }

    /// Adds characters that stand nowhere by themselves and were computed from what is at `span`.
    pub fn push_computed(&mut self, text: &str, span: Span) {
        if !text.is_empty() {
            self.runs.push(CharacterRun::whole(self.text.len(), span));
            self.text.push_str(text);
        }
    }

    /// Adds something unknown that stands at `span`, and returns its index: 0 for the first.
    pub fn push_hole(&mut self, span: Span) -> usize {
        self.holes.push(Hole {
            at: self.text.len(),
            span,
        });
        self.runs.push(CharacterRun::whole(self.text.len(), span));
        self.text.push(HOLE);
        self.holes.len() - 1
    }

    /// The assembled text, with one character for each hole.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether anything in the text is unknown.
    #[must_use]
    pub fn has_holes(&self) -> bool {
        !self.holes.is_empty()
    }

    /// Where the hole with this index stands in the outer file; nothing for an index out of range.
    #[must_use]
    pub fn hole_span(&self, hole: usize) -> Option<Span> {
        self.holes.get(hole).map(|hole| hole.span)
    }

    /// Where the bytes `range` of [`EmbeddedText::as_str`] stand in the outer file.
    ///
    /// A range across several scalars reaches from the first to the last when they stand in this
    /// order in one file; else it is cut at the end of the first.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        align::span(&self.runs, self.text.len(), range)
    }

    /// Reads the text as JSON into `tree`; [`EmbeddedText::root`] then gives the nodes.
    ///
    /// # Errors
    /// When the text is no JSON, with places in the outer file, or when a hole decides that.
    pub fn parse_json(&self, tree: &mut Tree) -> Result<(), Trouble> {
        let holes: Vec<usize> = self.holes.iter().map(|hole| hole.at).collect();
        parse_with_holes(&self.text, SourceId::default(), tree, &holes).map_err(
            |problem| match self.guilty_hole(&problem) {
                Some(hole) => Trouble::Unknown(hole),
                None => Trouble::Malformed(self.outward(*problem)),
            },
        )
    }

    /// The topmost node of a tree that [`EmbeddedText::parse_json`] filled.
    #[must_use]
    pub fn root<'a>(&'a self, tree: &'a Tree) -> Option<Embedded<'a>> {
        tree.root(&self.text).map(|node| Embedded::new(self, node))
    }

    /// The hole that may well be why the text cannot be read: it touches the mistake, or stands
    /// just before it, or in the string that does not end.
    fn guilty_hole(&self, problem: &Problem) -> Option<usize> {
        let (start, end) = range(problem.span);
        let at_end = start == self.text.len();
        let string = problem
            .related
            .as_ref()
            .map(|(opened, _)| range(*opened))
            .filter(|(opened, _)| at_end && self.text.as_bytes().get(*opened) == Some(&b'"'))
            .map(|(opened, _)| opened);
        self.holes.iter().position(|hole| {
            let behind = hole.at + HOLE.len_utf8();
            let touches = hole.at <= end && start <= behind;
            let before = self
                .text
                .get(behind..start)
                .is_some_and(|between| between.trim_ascii().is_empty());
            touches || before || string.is_some_and(|opened| opened < hole.at)
        })
    }

    /// The same problem with its places in the outer file.
    fn outward(&self, mut problem: Problem) -> Problem {
        let outer = |span: Span| {
            let (start, end) = range(span);
            self.span(start..end)
        };
        problem.span = outer(problem.span);
        problem.related = problem
            .related
            .map(|(span, message)| (outer(span), message));
        problem
    }

    /// The holes at the offsets `start..end`, with their indices.
    fn holes_within(&self, (start, end): (usize, usize)) -> Range<usize> {
        let first = self.holes.partition_point(|hole| hole.at < start);
        let behind = self.holes.partition_point(|hole| hole.at < end);
        first..behind.max(first)
    }
}

/// The bytes that a span in the assembled text covers.
fn range(span: Span) -> (usize, usize) {
    (span.start as usize, span.end as usize)
}

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
    fn a_mistake_elsewhere_is_told_at_its_place_in_the_outer_file() {
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
