//! Remembers what was worked out from a value, and writes it again for the next value that says the same.
//! It does not know what any of it means.
//!
//! Whoever builds repositories with one function gives all of them the same policies. What such a
//! policy means is worked out from a copy whose places are numbers: the n-th node stands at place n.
//! Then what was worked out tells by itself from which node each of its places came, and can be written
//! into any document that has an equal value elsewhere.

use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::FxHashMap;

use super::{
    Content, Data, Document, JsonText, MemberData, NodeData, NodeId, Unknown, Value, offset,
};
use crate::model::Piece;
use crate::source::{SourceId, Span};

/// Larger values are worked out each time: they are hardly ever the same.
const MOST_KEY: usize = 64 * 1024;
/// Bytes of values that are remembered; beyond it everything is forgotten.
const MOST_KEYS: usize = 4 * 1024 * 1024;

/// The next number for what a value says.
static NUMBERS: AtomicU64 = AtomicU64::new(0);

/// The text of all places that are numbers. No run has so many texts.
const NUMBERED: SourceId = SourceId(u32::MAX);

/// What was worked out from values, by what they say.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    entries: FxHashMap<Box<[u8]>, Entry>,
    /// Bytes of all keys.
    size: usize,
}

/// What was worked out from one value.
#[derive(Debug)]
struct Entry {
    /// The numbered copy, and behind it what was added.
    document: Document,
    /// How much of each list belongs to the copy.
    copied: Lengths,
    results: Vec<NodeId>,
    /// Stands for what the value says; the numbers that follow stand for what the results say.
    number: u64,
}

#[derive(Clone, Copy, Debug)]
struct Lengths {
    nodes: usize,
    members: usize,
    items: usize,
    text: usize,
    unknowns: usize,
    texts: usize,
}

/// What values say, without their places, as bytes: equal bytes, equal values.
#[derive(Debug, Default)]
pub(crate) struct Said {
    bytes: Vec<u8>,
    /// The nodes of the values, children before parents.
    nodes: Vec<NodeId>,
    /// Whether what was recalled is read, too, instead of its number.
    is_complete: bool,
}

impl Said {
    fn number_of(&self, value: Value<'_>) -> Option<u64> {
        let is_large = matches!(
            value.node().content,
            Content::Array(..) | Content::Object(..)
        );
        if self.is_complete || !is_large {
            return None;
        }
        let mut recalled = value.document.recalled.iter();
        let found = recalled.find(|(id, _)| *id == value.id);
        found.map(|(_, number)| *number)
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets the values, keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.nodes.clear();
    }

    /// Adds a value, or that there is none.
    pub(crate) fn add(&mut self, value: Option<Value<'_>>) {
        match value {
            Some(value) => self.read(value),
            None => self.bytes.push(16),
        }
    }

    /// Notes what a value says. The depth is that of the document.
    fn read(&mut self, value: Value<'_>) {
        if let Some(number) = self.number_of(value) {
            self.bytes.push(17);
            self.bytes.extend_from_slice(&number.to_le_bytes());
            return;
        }
        match value.data() {
            Data::Null => self.bytes.push(0),
            Data::Bool(flag) => self.bytes.push(1 + u8::from(flag)),
            Data::Number(text) => self.text(3, text),
            Data::String(text) => self.text(4, text),
            Data::Array => {
                self.count(5, value.items().len());
                for item in value.items() {
                    self.read(item);
                }
            }
            Data::Object => {
                self.count(6, value.members().len());
                for (key, member) in value.members() {
                    self.text(7, key);
                    self.read(member);
                }
            }
            Data::Absent => self.bytes.push(8),
            Data::Unknown(unknown) => self.unknown(unknown),
        }
        self.nodes.push(value.id());
    }

    fn unknown(&mut self, unknown: &Unknown) {
        self.text(9 + u8::from(unknown.maybe_absent), &unknown.reason);
        if let Some(shape) = &unknown.shape {
            self.count(11, shape.0.len());
            for piece in &shape.0 {
                match piece {
                    Piece::Text(text) => self.text(12, text),
                    Piece::Hole(name) => self.text(13, name),
                }
            }
        }
        if let Some(reference) = &unknown.reference {
            self.text(14, &reference.logical_id);
            self.text(15, &reference.attribute);
        }
    }

    fn text(&mut self, tag: u8, text: &str) {
        self.count(tag, text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn count(&mut self, tag: u8, count: usize) {
        let [a, b, c, d] = offset(count).to_le_bytes();
        self.bytes.extend_from_slice(&[tag, a, b, c, d]);
    }
}

/// A value that something is to be worked out from.
#[derive(Debug)]
pub(crate) struct Question(Said);

impl Question {
    /// Asks about `value`. What else the answer depends on has to be in `about`.
    pub(crate) fn new(value: Value<'_>, about: Vec<u8>) -> Self {
        let mut said = Said {
            bytes: about,
            nodes: Vec::with_capacity(64),
            is_complete: true,
        };
        said.read(value);
        Self(said)
    }

    /// A document of nothing but the value, at numbered places.
    fn numbered(&self, document: &Document) -> (Document, NodeId) {
        let mut copy = Document::for_repository();
        let root = copy.copy(document.value(self.0.nodes[self.0.nodes.len() - 1]));
        for (number, node) in copy.nodes.iter_mut().enumerate() {
            node.span = Span::new(NUMBERED, number, number);
        }
        (copy, root)
    }
}

impl Memory {
    /// Writes the answer to `question` into its document, if it is known.
    pub(crate) fn recall(
        &self,
        question: &Question,
        document: &mut Document,
    ) -> Option<Vec<NodeId>> {
        let entry = self.entries.get(question.0.bytes())?;
        Some(entry.write(&question.0.nodes, document))
    }

    /// Keeps the answer to `question`.
    pub(crate) fn keep(&mut self, question: &Question, answer: Answer) {
        if question.0.bytes.len() > MOST_KEY {
            return;
        }
        self.size += question.0.bytes.len();
        if self.size > MOST_KEYS {
            self.entries.clear();
            self.size = question.0.bytes.len();
        }
        let key = question.0.bytes().into();
        self.entries.insert(key, answer.0);
    }
}

/// What was worked out from a value, free of the document that the value stands in.
#[derive(Debug)]
pub(crate) struct Answer(Entry);

impl Answer {
    /// Has `work` add to a document in which there is nothing but the value that was asked about.
    pub(crate) fn find(
        question: &Question,
        document: &Document,
        work: impl FnOnce(&mut Document, NodeId) -> Vec<NodeId>,
    ) -> Self {
        let (mut copy, root) = question.numbered(document);
        let copied = copy.lengths();
        let results = work(&mut copy, root);
        let numbers = 1 + results.len() as u64;
        Self(Entry {
            document: copy.shrunk(),
            copied,
            results,
            number: NUMBERS.fetch_add(numbers, Ordering::Relaxed),
        })
    }

    /// Writes the answer into the document of the question.
    pub(crate) fn write(&self, question: &Question, document: &mut Document) -> Vec<NodeId> {
        self.0.write(&question.0.nodes, document)
    }
}

impl Entry {
    /// Adds everything that was worked out, at the places of `nodes`; gives the results.
    fn write(&self, nodes: &[NodeId], out: &mut Document) -> Vec<NodeId> {
        let moved = out.add(&self.document, self.copied, nodes, |out, span| {
            match span.source == NUMBERED {
                true => out.nodes[nodes[span.start as usize].0 as usize].span,
                false => span,
            }
        });
        let results: Vec<_> = self.results.iter().map(|id| moved.id(*id)).collect();
        let known = nodes.last().into_iter().chain(&results);
        out.recalled.extend(known.copied().zip(self.number..));
        results
    }
}

/// Where the nodes of another document stand now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moved<'n> {
    /// Nodes that were there before.
    known: &'n [NodeId],
    from: usize,
    to: usize,
}

impl Moved<'_> {
    /// The node that `id` has become.
    pub(crate) fn id(self, id: NodeId) -> NodeId {
        match self.known.get(id.0 as usize) {
            Some(known) => *known,
            None => NodeId(moved(id.0, self.from, self.to)),
        }
    }
}

fn moved(offset: u32, from: usize, to: usize) -> u32 {
    self::offset(offset as usize - from + to)
}

impl Document {
    /// Adds everything of another document as it is.
    pub(crate) fn append(&mut self, other: &Document) -> Moved<'static> {
        self.add(other, Document::default().lengths(), &[], |_, span| span)
    }

    /// Adds everything of another document, whose places lie within `from`, at places within `to`, which
    /// reads the same.
    pub(crate) fn append_at(&mut self, other: &Document, from: Span, to: Span) -> Moved<'static> {
        self.add(other, Document::default().lengths(), &[], |_, span| Span {
            source: to.source,
            start: span.start - from.start + to.start,
            end: span.end - from.start + to.start,
        })
    }

    /// Whether every node stands within `span`.
    pub(crate) fn lies_within(&self, span: Span) -> bool {
        self.nodes.iter().all(|node| {
            let Span { source, start, end } = node.span;
            source == span.source && start >= span.start && end <= span.end
        })
    }

    /// Adds what `made` has beyond `from`, which stands for `known`, at the places that `place` says.
    fn add<'n>(
        &mut self,
        made: &Document,
        from: Lengths,
        known: &'n [NodeId],
        place: impl Fn(&Document, Span) -> Span,
    ) -> Moved<'n> {
        let out = self;
        let base = out.lengths();
        let node = Moved {
            known,
            from: from.nodes,
            to: base.nodes,
        };
        let text = |(start, end)| {
            (
                moved(start, from.text, base.text),
                moved(end, from.text, base.text),
            )
        };
        out.text.push_str(&made.text[from.text..]);
        out.unknowns
            .extend_from_slice(&made.unknowns[from.unknowns..]);
        let items = made.items[from.items..].iter();
        out.items.extend(items.map(|id| node.id(*id)));
        let members = made.members[from.members..].iter();
        out.members.extend(members.map(|member| MemberData {
            key: text(member.key),
            value: node.id(member.value),
        }));
        for text in &made.texts[from.texts..] {
            let span = place(out, text.span);
            out.texts.push(JsonText { span, ..*text });
        }
        out.nodes.reserve(made.nodes.len() - from.nodes);
        for added in &made.nodes[from.nodes..] {
            let content = match added.content {
                Content::Number(start, end) => {
                    let (start, end) = text((start, end));
                    Content::Number(start, end)
                }
                Content::String(start, end) => {
                    let (start, end) = text((start, end));
                    Content::String(start, end)
                }
                Content::Array(start, end) => Content::Array(
                    moved(start, from.items, base.items),
                    moved(end, from.items, base.items),
                ),
                Content::Object(start, end) => Content::Object(
                    moved(start, from.members, base.members),
                    moved(end, from.members, base.members),
                ),
                Content::Unknown(index) => {
                    Content::Unknown(moved(index, from.unknowns, base.unknowns))
                }
                content @ (Content::Null | Content::Bool(_) | Content::Absent) => content,
            };
            let span = place(out, added.span);
            out.nodes.push(NodeData { content, span });
        }
        node
    }

    fn lengths(&self) -> Lengths {
        Lengths {
            nodes: self.nodes.len(),
            members: self.members.len(),
            items: self.items.len(),
            text: self.text.len(),
            unknowns: self.unknowns.len(),
            texts: self.texts.len(),
        }
    }
}
