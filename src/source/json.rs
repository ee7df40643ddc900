//! JSON text (RFC 8259, strictly) into the spanned tree, without recursion.
//! It does not know what the text describes.

mod fault;
mod scalar;

use super::node::{Kind, NodeBuilder, NodeId, PendingMember, Text, Tree};
use super::stack::{MAX_DEPTH, Stacks, depth_problem, duplicate_problem};
use super::{Problem, SourceId, Span};

/// What a step of the parser yields: problems are rare and large, so they are boxed.
type Outcome<T> = Result<T, Box<Problem>>;

/// Parses `text` and puts its nodes into `tree`, whose memory is used again.
///
/// A byte order mark in front of the text is allowed. Numbers keep the text they were written with.
///
/// # Errors
/// Whatever RFC 8259 does not allow, an object with two equal keys, more than 512 levels of nesting,
/// and texts of 4 GiB or more.
pub fn parse(text: &str, source: SourceId, tree: &mut Tree) -> Result<(), Problem> {
    parse_with_holes(text, source, tree, &[]).map_err(|problem| *problem)
}

/// Parses text that has holes, characters that stand for something unknown, at the offsets `holes`.
///
/// A hole is allowed inside a string and in the place of a value, where it becomes a string node
/// whose text is just the hole.
pub(super) fn parse_with_holes(
    text: &str,
    source: SourceId,
    tree: &mut Tree,
    holes: &[usize],
) -> Outcome<()> {
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
    stacks: Stacks,
    /// Offsets of the holes, in order.
    holes: &'a [usize],
}

/// What stands behind a finished value.
enum Next {
    /// Another value.
    Value,
    /// The end of the collection, which is now finished itself.
    Closed(NodeId),
}

impl Parser<'_, '_> {
    fn document(&mut self) -> Outcome<NodeId> {
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
                    Next::Value => break,
                    Next::Closed(collection) => value = collection,
                }
            }
        }
    }

    /// Reads a value; `None` when that opened a collection whose first value comes next.
    fn value(&mut self) -> Outcome<Option<NodeId>> {
        self.space();
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                let (text, span) = self.string()?;
                let text = text.in_text(&self.stacks.decoded);
                Ok(Some(self.builder.scalar(Kind::String, span, text)))
            }
            Some(b'{') => {
                self.open(true)?;
                if self.peek() == Some(b'}') {
                    return self.close().map(Some);
                }
                self.key(None)?;
                Ok(None)
            }
            Some(b'[') => {
                self.open(false)?;
                if self.peek() == Some(b']') {
                    return self.close().map(Some);
                }
                Ok(None)
            }
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
                let text = Text::Source(start, self.at);
                Ok(Some(self.builder.scalar(
                    Kind::Number,
                    (start, self.at),
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
    fn open(&mut self, object: bool) -> Outcome<()> {
        if self.stacks.open.len() >= MAX_DEPTH {
            return Err(depth_problem(self.here()));
        }
        self.stacks.open(self.at, object);
        self.at += 1;
        self.space();
        Ok(())
    }

    /// Reads a key and its colon. `comma` is the offset of the comma in front, if there is one.
    fn key(&mut self, comma: Option<usize>) -> Outcome<()> {
        if self.peek() != Some(b'"') {
            return Err(self.no_key(comma));
        }
        let (key, span) = self.string()?;
        let key = key.in_text(&self.stacks.decoded);
        let member = self.builder.member((key, span, NodeId::default()));
        self.stacks.members.push(member);
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.no_colon(span));
        }
        self.at += 1;
        Ok(())
    }

    /// Reads what stands behind a value in a collection.
    fn next(&mut self) -> Outcome<Next> {
        self.space();
        let object = self.stacks.open.last().is_some_and(|open| open.object);
        match (self.peek(), object) {
            (Some(b','), true) => {
                let comma = self.at;
                self.at += 1;
                self.space();
                self.key(Some(comma))?;
                Ok(Next::Value)
            }
            (Some(b','), false) => {
                let comma = self.at;
                self.at += 1;
                self.space();
                match self.peek() {
                    Some(b']') => Err(self.trailing_comma(comma)),
                    _ => Ok(Next::Value),
                }
            }
            (Some(b'}'), true) | (Some(b']'), false) => self.close().map(Next::Closed),
            _ => Err(self.no_separator(object)),
        }
    }

    /// Finishes the innermost collection at its closing bracket.
    fn close(&mut self) -> Outcome<NodeId> {
        self.at += 1;
        let open = self.stacks.open.pop().expect("a collection is open");
        let span = (open.start, self.at);
        if !open.object {
            let id = self.builder.array(&self.stacks.items[open.base..], span);
            self.stacks.items.truncate(open.base);
            return Ok(id);
        }
        let (text, holes, builder) = (self.text, self.holes, &self.builder);
        let key = |member: &PendingMember| comparable(builder, member, text, holes);
        if let Some((first, second)) = self.stacks.duplicate(open.base, key) {
            let pair = (&self.stacks.members[first], &self.stacks.members[second]);
            return Err(duplicate_problem(&self.builder, self.text, pair));
        }
        let members = &self.stacks.members[open.base..];
        let id = self.builder.object(members, span);
        self.stacks.members.truncate(open.base);
        Ok(id)
    }

    /// Makes sure that nothing follows the topmost value.
    fn end(&mut self) -> Outcome<()> {
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
    fn hole(&mut self) -> NodeId {
        let start = self.at;
        self.at += self.char_len();
        let text = Text::Source(start, self.at);
        self.builder.scalar(Kind::String, (start, self.at), text)
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
