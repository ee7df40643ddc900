//! The spanned tree that every parser makes, in one arena that can be used again and again.
//! It does not know which language the text was written in.

mod copy;
mod doubles;
mod wide;

use std::ops::Range;

pub use super::arena::ArenaNodeId;
use super::arena::{ArenaMember, PendingMember, TextRange};
pub(crate) use super::arena::{RawMember, ScalarText};
use super::span::ByteRange;
use super::stack::ParserStack;
use super::{Problem, SourceId, Span};
use wide::WideIndex;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number; its text is kept as it was written.
    Number,
    /// A string.
    String,
    /// A list.
    Array,
    /// A mapping.
    Object,
}

#[derive(Clone, Copy, Debug)]
struct ArenaNode {
    start: u32,
    end: u32,
    /// Text of a scalar, or the range of children in `items` or `members`.
    content: TextRange,
    kind: Kind,
    ambiguous: bool,
    /// A mapping in which a key stands more than once.
    has_doubles: bool,
}

impl ArenaNode {
    /// Numbers of the members of a mapping.
    fn members(&self) -> Option<Range<usize>> {
        (self.kind == Kind::Object).then(|| self.content.range())
    }
}

/// The tree of one text. [`Tree::clear`] keeps the memory for the next text.
///
/// The source text is not stored; it is handed in again by [`Tree::root`].
#[derive(Debug, Default)]
pub struct Tree {
    source: SourceId,
    nodes: Vec<ArenaNode>,
    members: Vec<ArenaMember>,
    items: Vec<ArenaNodeId>,
    decoded: String,
    comments: Vec<(u32, u32)>,
    /// The first key that stands twice in one mapping.
    double: Option<Box<Problem>>,
    root: Option<ArenaNodeId>,
    wide: WideIndex,
    pub(super) stacks: ParserStack,
}

/// Adds nodes to a [`Tree`], children before their parents.
#[derive(Debug)]
pub struct NodeBuilder<'t> {
    tree: &'t mut Tree,
}

impl Tree {
    /// Forgets the nodes, keeps the memory.
    pub fn clear(&mut self, source: SourceId) {
        self.source = source;
        self.nodes.clear();
        self.members.clear();
        self.items.clear();
        self.decoded.clear();
        self.comments.clear();
        self.double = None;
        self.root = None;
        self.wide = WideIndex::default();
    }

    /// The source that the nodes are of.
    #[must_use]
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// Starts to fill the tree with the nodes of `source`.
    pub fn builder(&mut self, source: SourceId) -> NodeBuilder<'_> {
        self.clear(source);
        NodeBuilder { tree: self }
    }

    /// The topmost node, over the text from which the tree was made. `None` for an empty text.
    #[must_use]
    pub fn root<'t>(&'t self, text: &'t str) -> Option<Node<'t>> {
        self.root.map(|id| Node {
            tree: self,
            text,
            id,
        })
    }

    /// Spans of the comments (YAML only), in the order of the text.
    pub fn comments(&self) -> impl Iterator<Item = Span> + '_ {
        self.comments
            .iter()
            .map(|(start, end)| Span::new(self.source, *start as usize, *end as usize))
    }
}

impl NodeBuilder<'_> {
    /// Adds a scalar.
    pub(crate) fn scalar(
        &mut self,
        kind: Kind,
        span: ByteRange,
        text: ScalarText<'_>,
    ) -> ArenaNodeId {
        let content = self.store(text);
        self.push(kind, span, content)
    }

    /// Adds a list of nodes that were added before.
    pub(crate) fn array(&mut self, items: &[ArenaNodeId], span: ByteRange) -> ArenaNodeId {
        let start = offset(self.tree.items.len());
        self.tree.items.extend_from_slice(items);
        let content = TextRange {
            start,
            end: offset(self.tree.items.len()),
            decoded: false,
        };
        self.push(Kind::Array, span, content)
    }

    /// Stores a key, for an object that is completed later by [`NodeBuilder::object`].
    pub(crate) fn member(&mut self, member: RawMember<'_>) -> PendingMember {
        PendingMember(ArenaMember {
            key_span: (offset(member.key_span.start), offset(member.key_span.end)),
            key: self.store(member.key),
            value: member.value,
        })
    }

    /// Adds a mapping of members that were stored before.
    pub(crate) fn object(&mut self, members: &[PendingMember], span: ByteRange) -> ArenaNodeId {
        let start = offset(self.tree.members.len());
        self.tree
            .members
            .extend(members.iter().map(|member| member.0));
        let content = TextRange {
            start,
            end: offset(self.tree.members.len()),
            decoded: false,
        };
        self.push(Kind::Object, span, content)
    }

    /// Adds a node that stands at `span` and has the content of `target`: an alias, or a tagged node.
    pub(crate) fn alias(&mut self, target: ArenaNodeId, span: ByteRange) -> ArenaNodeId {
        let mut data = self.tree.nodes[target.0 as usize];
        data.start = offset(span.start);
        data.end = offset(span.end);
        self.append(data)
    }

    /// Marks a scalar that YAML 1.1 reads differently from YAML 1.2.
    pub(crate) fn mark_ambiguous(&mut self, id: ArenaNodeId) {
        self.tree.nodes[id.0 as usize].ambiguous = true;
    }

    /// The characters of a key that stands on the stack, over the source text.
    pub(crate) fn key_text<'a>(&'a self, member: &PendingMember, source: &'a str) -> &'a str {
        self.tree.resolve(member.0.key, source)
    }

    /// Place of a key that stands on the stack.
    pub(crate) fn key_span(&self, member: &PendingMember) -> Span {
        let (start, end) = member.0.key_span;
        Span::new(self.tree.source, start as usize, end as usize)
    }

    /// Place of a node that was added before.
    pub(crate) fn span(&self, id: ArenaNodeId) -> ByteRange {
        let data = self.tree.nodes[id.0 as usize];
        ByteRange::new(data.start as usize, data.end as usize)
    }

    /// Records a comment.
    pub(crate) fn comment(&mut self, span: ByteRange) {
        self.tree
            .comments
            .push((offset(span.start), offset(span.end)));
    }

    /// Declares the topmost node.
    pub(crate) fn finish(self, root: ArenaNodeId) {
        self.tree.root = Some(root);
    }

    fn store(&mut self, text: ScalarText<'_>) -> TextRange {
        match text {
            ScalarText::Source(start, end) => TextRange {
                start: offset(start),
                end: offset(end),
                decoded: false,
            },
            ScalarText::Decoded(text) => {
                let start = offset(self.tree.decoded.len());
                self.tree.decoded.push_str(text);
                TextRange {
                    start,
                    end: offset(self.tree.decoded.len()),
                    decoded: true,
                }
            }
        }
    }

    fn push(&mut self, kind: Kind, span: ByteRange, content: TextRange) -> ArenaNodeId {
        self.append(ArenaNode {
            start: offset(span.start),
            end: offset(span.end),
            content,
            kind,
            ambiguous: false,
            has_doubles: false,
        })
    }

    fn append(&mut self, data: ArenaNode) -> ArenaNodeId {
        let id = ArenaNodeId(offset(self.tree.nodes.len()));
        self.tree.nodes.push(data);
        id
    }
}

/// A node of a tree, with the text it was made from. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Node<'t> {
    tree: &'t Tree,
    text: &'t str,
    id: ArenaNodeId,
}

/// A member of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Member<'t> {
    /// The key.
    pub key: &'t str,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node<'t>,
}

impl<'t> Node<'t> {
    /// What the node is.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.data().kind
    }

    /// Where the node stands. For a quoted string the quotes are part of it.
    #[must_use]
    pub fn span(self) -> Span {
        let data = self.data();
        Span::new(self.tree.source, data.start as usize, data.end as usize)
    }

    /// The id of the node in its tree: equal ids are the same node.
    #[must_use]
    pub fn id(self) -> ArenaNodeId {
        self.id
    }

    /// The whole source text.
    #[must_use]
    pub fn source_text(self) -> &'t str {
        self.text
    }

    /// Spans of the comments of the whole text (YAML only), in their order.
    pub fn comments(self) -> impl Iterator<Item = Span> + 't {
        self.tree.comments()
    }

    /// The characters of a string.
    #[must_use]
    pub fn as_str(self) -> Option<&'t str> {
        (self.data().kind == Kind::String).then(|| self.scalar_text())
    }

    /// The characters of a string, number or boolean as CloudFormation would read them as a string.
    #[must_use]
    pub fn as_text(self) -> Option<&'t str> {
        match self.data().kind {
            Kind::String | Kind::Number => Some(self.scalar_text()),
            Kind::Bool(true) => Some("true"),
            Kind::Bool(false) => Some("false"),
            Kind::Null | Kind::Array | Kind::Object => None,
        }
    }

    /// Whether YAML 1.1, which CloudFormation reads, and YAML 1.2 disagree about this scalar.
    #[must_use]
    pub fn is_ambiguous(self) -> bool {
        self.data().ambiguous
    }

    /// Items of a list; none for anything else.
    pub fn items(self) -> impl ExactSizeIterator<Item = Node<'t>> + Clone {
        let data = self.data();
        let range = match data.kind {
            Kind::Array => data.content.range(),
            _ => 0..0,
        };
        self.tree.items[range]
            .iter()
            .map(move |id| Node { id: *id, ..self })
    }

    /// Members of a mapping, in the order of the text; none for anything else.
    pub fn members(self) -> impl ExactSizeIterator<Item = Member<'t>> + Clone {
        let range = self.data().members().unwrap_or_default();
        let members = self.tree.members[range].iter();
        members.map(move |member| self.of(member))
    }

    /// The first member `key`.
    #[must_use]
    pub fn member(self, key: &str) -> Option<Member<'t>> {
        let Tree { members, nodes, .. } = self.tree;
        let range = self.data().members()?;
        let all = || nodes.iter().filter_map(ArenaNode::members);
        let key_of = |at: usize| self.tree.resolve(members[at].key, self.text);
        let found = match WideIndex::is_for(&range) {
            true => self.tree.wide.find(range, key, all, key_of)?,
            // Most keys differ in length already.
            false => range
                .into_iter()
                .find(|at| members[*at].key.range().len() == key.len() && key_of(*at) == key)?,
        };
        Some(self.of(&members[found]))
    }

    /// The value of the member `key`.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.member(key).map(|member| member.value)
    }

    fn of(self, member: &ArenaMember) -> Member<'t> {
        let (start, end) = member.key_span;
        Member {
            key: self.tree.resolve(member.key, self.text),
            key_span: Span::new(self.tree.source, start as usize, end as usize),
            value: Node {
                id: member.value,
                ..self
            },
        }
    }

    fn scalar_text(self) -> &'t str {
        self.tree.resolve(self.data().content, self.text)
    }

    fn data(self) -> &'t ArenaNode {
        &self.tree.nodes[self.id.0 as usize]
    }
}

/// Sources beyond 4 GiB are refused before they are parsed, so offsets fit.
fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
