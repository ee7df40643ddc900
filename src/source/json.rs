//! JSON text (RFC 8259, strictly) into the spanned tree, without recursion.
//! It does not know what the text describes.

mod fault;
mod scalar;

use super::arena::PendingMember;
use super::node::{ArenaNodeId, Kind, NodeBuilder, RawMember, ScalarText, Tree};
use super::span::ByteRange;
use super::stack::{CollectionKind, MAX_DEPTH, ParserStack, depth_problem};
use super::{Problem, SourceId, Span};

/// What a step of the parser yields: problems are rare and large, so they are boxed.
type JsonResult<T> = Result<T, Box<Problem>>;

/// Parses `text` and puts its nodes into `tree`, whose memory is used again.
///
/// A byte order mark in front of the text is allowed. Numbers keep the text they were written with.
///
/// # Errors
/// Whatever RFC 8259 does not allow, an object with two equal keys, more than 512 levels of nesting,
/// and texts of 4 GiB or more.
pub fn parse(text: &str, source: SourceId, tree: &mut Tree) -> Result<(), Problem> {
    read(text, source, tree, &[]).map_err(|problem| *problem)?;
    tree.take_double().map_or(Ok(()), |problem| Err(*problem))
}

/// The same, but keys that stand twice in one object are kept: [`Node::doubles`](super::Node::doubles) finds them.
///
/// # Errors
/// Everything else that [`parse`] refuses.
pub fn parse_with_doubles(text: &str, source: SourceId, tree: &mut Tree) -> Result<(), Problem> {
    read(text, source, tree, &[]).map_err(|problem| *problem)
}

/// Parses text that has holes, characters that stand for something unknown, at the offsets `holes`, and keeps keys
/// that stand twice in one object.
///
/// A hole is allowed inside a string and in the place of a value, where it becomes a string node
/// whose text is just the hole.
pub(super) fn read(
    text: &str,
    source: SourceId,
    tree: &mut Tree,
    holes: &[usize],
) -> JsonResult<()> {
    tree.clear(source);
    if u32::try_from(text.len()).is_err() {
        let start = Span::new(source, 0, 0);
        return Err(Box::new(Problem::new(start, "the text is 4 GiB or longer")));
    }
    let mut stacks = std::mem::take(&mut tree.stacks);
    stacks.clear();
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        source,
        builder: tree.builder(source),
        stacks,
        holes,
    };
    let outcome = parser.document();
    let Parser {
        builder, stacks, ..
    } = parser;
    let outcome = outcome.map(|root| builder.finish(root));
    tree.stacks = stacks;
    outcome
}

struct Parser<'a, 't> {
    text: &'a str,
    bytes: &'a [u8],
    /// Offset of the next byte.
    at: usize,
    source: SourceId,
    builder: NodeBuilder<'t>,
    stacks: ParserStack,
    /// Offsets of the holes, in order.
    holes: &'a [usize],
}

/// What stands behind a finished value.
enum AfterValue {
    /// Another value.
    Value,
    /// The end of the collection, which is now finished itself.
    Closed(ArenaNodeId),
}

impl Parser<'_, '_> {
    fn document(&mut self) -> JsonResult<ArenaNodeId> {
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        self.space();
        if self.peek().is_none() {
            return Err(self.empty_text());
        }
        loop {
            let Some(mut value) = self.value()? else {
                continue;
            };
            loop {
                if self.stacks.open.is_empty() {
                    self.end()?;
                    return Ok(value);
                }
                self.stacks.attach(value);
                match self.next()? {
                    AfterValue::Value => break,
                    AfterValue::Closed(collection) => value = collection,
                }
            }
        }
    }

    /// Reads a value; `None` when that opened a collection whose first value comes next.
    fn value(&mut self) -> JsonResult<Option<ArenaNodeId>> {
        self.space();
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                let (text, span) = self.string()?;
                let text = text.in_text(&self.stacks.decoded);
                Ok(Some(self.builder.scalar(Kind::String, span, text)))
            }
            Some(b'{') => {
                self.open(CollectionKind::Object)?;
                if self.peek() == Some(b'}') {
                    return self.close().map(Some);
                }
                self.key(None)?;
                Ok(None)
            }
            Some(b'[') => {
                self.open(CollectionKind::Array)?;
                if self.peek() == Some(b']') {
                    return self.close().map(Some);
                }
                Ok(None)
            }
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
                let text = ScalarText::Source(start, self.at);
                Ok(Some(self.builder.scalar(
                    Kind::Number,
                    ByteRange::new(start, self.at),
                    text,
                )))
            }
            Some(b't') => self.literal("true", Kind::Bool(true)).map(Some),
            Some(b'f') => self.literal("false", Kind::Bool(false)).map(Some),
            Some(b'n') => self.literal("null", Kind::Null).map(Some),
            _ if self.is_hole(start) => Ok(Some(self.hole())),
            _ => Err(self.no_value()),
        }
    }

    /// Opens a collection and stops at what stands in it first.
    fn open(&mut self, kind: CollectionKind) -> JsonResult<()> {
        if self.stacks.open.len() >= MAX_DEPTH {
            return Err(depth_problem(self.here()));
        }
        self.stacks.open(self.at, kind);
        self.at += 1;
        self.space();
        Ok(())
    }

    /// Reads a key and its colon. `comma` is the offset of the comma in front, if there is one.
    fn key(&mut self, comma: Option<usize>) -> JsonResult<()> {
        if self.peek() != Some(b'"') {
            return Err(self.no_key(comma));
        }
        let (key, span) = self.string()?;
        let key = key.in_text(&self.stacks.decoded);
        let member = self.builder.member(RawMember {
            key,
            key_span: span,
            value: ArenaNodeId::default(),
        });
        self.stacks.members.push(member);
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.no_colon(span));
        }
        self.at += 1;
        Ok(())
    }

    /// Reads what stands behind a value in a collection.
    fn next(&mut self) -> JsonResult<AfterValue> {
        self.space();
        let kind = self.stacks.open.last().expect("a collection is open").kind;
        match (self.peek(), kind) {
            (Some(b','), CollectionKind::Object) => {
                let comma = self.at;
                self.at += 1;
                self.space();
                self.key(Some(comma))?;
                Ok(AfterValue::Value)
            }
            (Some(b','), CollectionKind::Array) => {
                let comma = self.at;
                self.at += 1;
                self.space();
                match self.peek() {
                    Some(b']') => Err(self.trailing_comma(comma)),
                    _ => Ok(AfterValue::Value),
                }
            }
            (Some(b'}'), CollectionKind::Object) | (Some(b']'), CollectionKind::Array) => {
                self.close().map(AfterValue::Closed)
            }
            _ => Err(self.no_separator(kind)),
        }
    }

    /// Finishes the innermost collection at its closing bracket.
    fn close(&mut self) -> JsonResult<ArenaNodeId> {
        self.at += 1;
        let open = self.stacks.open.pop().expect("a collection is open");
        let span = ByteRange::new(open.start, self.at);
        if open.kind == CollectionKind::Array {
            let id = self.builder.array(&self.stacks.items[open.base..], span);
            self.stacks.items.truncate(open.base);
            return Ok(id);
        }
        let (text, holes, builder) = (self.text, self.holes, &self.builder);
        let key = |member: &PendingMember| comparable(builder, member, text, holes);
        let double = self.stacks.duplicate(open.base, key);
        let members = &self.stacks.members;
        let id = self.builder.object(&members[open.base..], span);
        if let Some((first, second)) = double {
            let (first, second) = (&members[first], &members[second]);
            self.builder.mark_doubles(id, text, first, second);
        }
        self.stacks.members.truncate(open.base);
        Ok(id)
    }

    /// Makes sure that nothing follows the topmost value.
    fn end(&mut self) -> JsonResult<()> {
        self.space();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.trailing_text()),
        }
    }

    /// Passes white space; indentation is read eight bytes at a time.
    #[inline]
    fn space(&mut self) {
        loop {
            match self.peek() {
                Some(b' ') => {
                    self.at += 1;
                    while self.bytes.get(self.at..self.at + 8) == Some(b"        ") {
                        self.at += 8;
                    }
                }
                Some(b'\n' | b'\r' | b'\t') => self.at += 1,
                _ => return,
            }
        }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn is_hole(&self, at: usize) -> bool {
        !self.holes.is_empty() && self.holes.binary_search(&at).is_ok()
    }

    /// Takes the hole at this place for a whole value.
    fn hole(&mut self) -> ArenaNodeId {
        let start = self.at;
        self.at += self.char_len();
        let text = ScalarText::Source(start, self.at);
        self.builder
            .scalar(Kind::String, ByteRange::new(start, self.at), text)
    }

    /// Length of the character at this place, 0 at the end of the text.
    fn char_len(&self) -> usize {
        let rest = self.text.get(self.at..).unwrap_or_default();
        rest.chars().next().map_or(0, char::len_utf8)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    /// The next character, or the end of the text.
    fn here(&self) -> Span {
        self.span(self.at, self.at + self.char_len())
    }
}

/// A key that can be compared with others: one with a hole in it equals no other.
fn comparable<'a>(
    builder: &'a NodeBuilder<'_>,
    member: &PendingMember,
    text: &'a str,
    holes: &[usize],
) -> Option<&'a str> {
    if !holes.is_empty() {
        let span = builder.key_span(member);
        let next = holes.partition_point(|hole| *hole < span.start as usize);
        if holes
            .get(next)
            .is_some_and(|hole| *hole < span.end as usize)
        {
            return None;
        }
    }
    Some(builder.key_text(member, text))
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Problem, SourceId, Tree};

    fn problem(text: &str) -> Problem {
        super::parse(text, SourceId(0), &mut Tree::default()).unwrap_err()
    }

    fn accepts(text: &str) -> bool {
        super::parse(text, SourceId(0), &mut Tree::default()).is_ok()
    }

    #[test]
    fn spans_hold_the_quotes_and_texts_do_not() {
        let text = "\u{feff}{\"é\": [\"a\\u00e9\\ud83d\\ude00\", 1e400, true, null, {}]}\r\n";
        let mut tree = Tree::default();
        super::parse(text, SourceId(0), &mut tree).unwrap();
        let root = tree.root(text).unwrap();
        let member = root.member("é").unwrap();
        assert_eq!(member.key_span.slice(text), "\"é\"");
        let items: Vec<_> = member.value.items().collect();
        assert_eq!(items[0].as_str(), Some("aé😀"));
        assert_eq!(items[0].span().slice(text), r#""a\u00e9\ud83d\ude00""#);
        assert_eq!(
            (items[1].kind(), items[1].as_text()),
            (Kind::Number, Some("1e400"))
        );
        assert_eq!(items[2].kind(), Kind::Bool(true));
        assert_eq!(items[3].kind(), Kind::Null);
        assert_eq!(items[4].span().slice(text), "{}");
        assert_eq!(
            root.span().slice(text),
            text.trim().trim_start_matches('\u{feff}')
        );
    }

    #[test]
    fn strings_of_every_length_end_at_their_quote() {
        for length in 0..40 {
            for char in ['a', 'é', '€', '😀', '\u{7f}', '\u{a0}'] {
                let content: String = std::iter::repeat_n(char, length).collect();
                let text = format!("[\"{content}\", \"{content}\\\\\"]");
                let mut tree = Tree::default();
                super::parse(&text, SourceId(0), &mut tree).unwrap();
                let mut items = tree.root(&text).unwrap().items();
                assert_eq!(items.next().unwrap().as_str(), Some(content.as_str()));
                let escaped = format!("{content}\\");
                assert_eq!(items.next().unwrap().as_str(), Some(escaped.as_str()));
            }
        }
    }

    /// Text, title, offset and the text at the place.
    const MISTAKES: &[(&str, &str, u32, &str)] = &[
        ("", "the text holds no JSON value", 0, ""),
        ("[1,]", "a comma stands behind the last value", 2, ","),
        ("{\"a\":1,}", "a comma stands behind the last value", 6, ","),
        ("{'a':1}", "expected a key, found `'`", 1, "'"),
        ("{a:1}", "expected a key, found `a`", 1, "a"),
        ("[True]", "expected a JSON value, found `True`", 1, "True"),
        (
            "[nulls]",
            "expected a JSON value, found `nulls`",
            1,
            "nulls",
        ),
        ("[é]", "expected a JSON value, found `é`", 1, "é"),
        ("[01]", "a number begins with a zero", 1, "01"),
        ("[-]", "a number has no digit behind the minus sign", 2, "]"),
        (
            "[1.]",
            "a number has no digit behind the decimal point",
            3,
            "]",
        ),
        ("[1e+]", "a number has no digit in the exponent", 4, "]"),
        ("[+1]", "expected a JSON value, found `+`", 1, "+"),
        ("[1 2]", "expected `,` or `]`, found `2`", 3, "2"),
        ("[1}", "expected `,` or `]`, found `}`", 2, "}"),
        (
            "{\"a\" 1}",
            "expected `:` behind the key, found `1`",
            5,
            "1",
        ),
        ("[", "the text ends inside a list", 1, ""),
        ("{\"a\":", "the text ends inside an object", 5, ""),
        ("[\"é", "the text ends inside a string", 4, ""),
        ("[\"a\\", "the text ends inside a string", 4, ""),
        ("[\"é\nb\"]", "a line break stands inside a string", 4, "\n"),
        (
            "[\"\u{1}\"]",
            "the control character U+0001 stands inside a string",
            2,
            "\u{1}",
        ),
        ("[\"\\é\"]", "`\\é` is not an escape of JSON", 2, "\\é"),
        (
            "[\"\\u00g0\"]",
            "a `\\u` escape has fewer than four hexadecimal digits",
            2,
            "\\u00",
        ),
        (
            "[\"\\ud800\"]",
            "a `\\u` escape names one half of a surrogate pair",
            2,
            "\\ud800",
        ),
        (
            "[\"\\ud800\\u0041\"]",
            "a `\\u` escape names one half of a surrogate pair",
            2,
            "\\ud800",
        ),
        (
            "[\"\\udc00\"]",
            "a `\\u` escape names one half of a surrogate pair",
            2,
            "\\udc00",
        ),
        ("1 é", "`é` stands behind the end of the JSON value", 2, "é"),
        (
            "[1] // c",
            "`/` stands behind the end of the JSON value",
            4,
            "/",
        ),
        (
            "[\u{a0}1]",
            "expected a JSON value, found the character U+00A0",
            1,
            "\u{a0}",
        ),
        (
            "[1\u{feff}]",
            "expected `,` or `]`, found a byte order mark",
            2,
            "\u{feff}",
        ),
    ];

    #[test]
    fn mistakes_are_reported_at_their_character() {
        for &(text, title, start, part) in MISTAKES {
            let problem = problem(text);
            let found = (
                problem.title.as_str(),
                problem.span.start,
                problem.span.slice(text),
            );
            assert_eq!(found, (title, start, part), "{text:?}");
        }
    }

    #[test]
    fn equal_keys_are_reported_with_both_places() {
        let text = r#"{"é": 1, "b": 2, "\u00e9": 3}"#;
        let problem = problem(text);
        assert_eq!(problem.title, "the key `é` stands twice in one object");
        assert_eq!(problem.span.slice(text), r#""\u00e9""#);
        let (first, message) = problem.related.unwrap();
        assert_eq!(
            (first.slice(text), message.as_str()),
            ("\"é\"", "first time here")
        );
    }

    #[test]
    fn the_first_repeated_key_of_a_large_object_is_reported() {
        let keys: Vec<String> = (0..5000)
            .map(|key| format!("\"k{}\":0", key % 4000))
            .collect();
        let problem = problem(&format!("{{{}}}", keys.join(",")));
        assert_eq!(problem.title, "the key `k0` stands twice in one object");
        assert!(accepts(&format!("{{{}}}", keys[..4000].join(","))));
    }

    #[test]
    fn nesting_is_limited() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(accepts(&nested(512)));
        let problem = problem(&nested(50_000));
        assert_eq!(problem.title, "collections are nested more than 512 deep");
        assert_eq!(problem.span.start, 512);
        assert!(!accepts(&"{\"a\":".repeat(50_000)));
    }

    #[test]
    fn a_tree_can_be_filled_again_after_a_mistake() {
        let mut tree = Tree::default();
        assert!(super::parse("[[[1, {\"a\": x", SourceId(0), &mut tree).is_err());
        assert!(tree.root("").is_none());
        super::parse("[2]", SourceId(1), &mut tree).unwrap();
        let root = tree.root("[2]").unwrap();
        assert_eq!((root.items().len(), root.span().source), (1, SourceId(1)));
    }
}
