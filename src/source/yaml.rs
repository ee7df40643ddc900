//! YAML text into the spanned tree, short tags of CloudFormation written out.
//! It does not know what the text describes.

mod collection;
mod fault;
mod scalar;
mod tag;

use granit_parser::{Event, Options, Parser, StructureStyle, Tag};

use self::collection::{Anchors, Frame, Weight};
use super::node::{Kind, NodeBuilder, NodeId, Text, Tree};
use super::stack::{MAX_DEPTH, Stacks, depth_problem};
use super::{Problem, SourceId, Span};

/// What a step of the reader yields: problems are rare and large, so they are boxed.
type Outcome<T> = Result<T, Box<Problem>>;

/// A range of bytes in the text.
type Range = (usize, usize);

/// Parses `text` and puts its nodes into `tree`, whose memory is used again.
///
/// Short tags are written out: `!Ref X` becomes an object with the member `Ref`, whose key stands
/// where the tag stands. An alias is a node of its own with the content of its target. A text
/// without any content gives a tree without a root.
///
/// # Errors
/// Mistakes of YAML; what CloudFormation does not read: several documents, merge keys, keys that are
/// no plain text, tags of other schemas; two equal keys in one mapping; more than 512 levels of
/// nesting; aliases that repeat more than 250,000 nodes; and texts of 4 GiB or more.
pub fn parse(text: &str, source: SourceId, tree: &mut Tree) -> Result<(), Problem> {
    tree.clear(source);
    if u32::try_from(text.len()).is_err() {
        let start = Span::new(source, 0, 0);
        return Err(Problem::new(start, "the text is 4 GiB or longer"));
    }
    let mut stacks = std::mem::take(&mut tree.stacks);
    stacks.clear();
    let mut reader = Reader {
        text,
        source,
        builder: tree.builder(source),
        stacks,
        frames: Vec::new(),
        anchors: Anchors::default(),
        root: None,
        documents: 0,
    };
    let outcome = reader.read();
    let Reader {
        builder,
        stacks,
        root,
        ..
    } = reader;
    if let (Ok(()), Some(root)) = (&outcome, root) {
        builder.finish(root);
    }
    tree.stacks = stacks;
    outcome.map_err(|problem| *problem)
}

/// Turns the events of the YAML parser into nodes.
struct Reader<'a, 't> {
    text: &'a str,
    source: SourceId,
    builder: NodeBuilder<'t>,
    stacks: Stacks,
    /// The open collections, innermost last.
    frames: Vec<Frame>,
    anchors: Anchors,
    root: Option<NodeId>,
    documents: usize,
}

impl Reader<'_, '_> {
    fn read(&mut self) -> Outcome<()> {
        let mut parser = Parser::new_from_str_with_options(self.text, options());
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| self.scan_problem(&error))?;
            self.event(event, &span)?;
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, span: &granit_parser::Span) -> Outcome<()> {
        let range = self.range(span);
        match event {
            Event::Comment(..) => self.builder.comment(range),
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(self.second_document(range));
                }
            }
            Event::Scalar(value, style, anchor, tag) => {
                let tag = self.tag(tag.as_deref(), span)?;
                let scalar = scalar::Scalar {
                    value: &value,
                    style,
                    range: self.scalar_range(style, range),
                };
                if self.wants_key() {
                    return self.key(&scalar, anchor, tag.as_ref());
                }
                self.scalar(&scalar, anchor, tag)?;
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.open(false, (style, anchor, tag.as_deref()), (range, span))?;
            }
            Event::MappingStart(style, anchor, tag) => {
                self.open(true, (style, anchor, tag.as_deref()), (range, span))?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range)?,
            Event::Alias(anchor) => self.alias(anchor, range)?,
            _ => {}
        }
        Ok(())
    }

    /// Whether the next node is a key.
    fn wants_key(&self) -> bool {
        self.frames
            .last()
            .is_some_and(|frame| frame.object && !frame.has_key)
    }

    /// Stores a key; its value is the next node.
    fn key(
        &mut self,
        scalar: &scalar::Scalar<'_>,
        anchor: usize,
        tag: Option<&tag::Found>,
    ) -> Outcome<()> {
        if let Some(tag) = tag {
            return Err(self.tagged_key(tag.span));
        }
        if scalar.is_merge() {
            return Err(self.merge_key(scalar.range));
        }
        if scalar.is_empty_plain() {
            return Err(self.empty_key(scalar.range));
        }
        let text = scalar.text(self.text);
        if anchor != 0 {
            let node = self.builder.scalar(Kind::String, scalar.range, text);
            self.anchors.set(anchor, node, Weight::SCALAR);
        }
        let member = self.builder.member((text, scalar.range, NodeId::default()));
        self.stacks.members.push(member);
        if let Some(frame) = self.frames.last_mut() {
            frame.has_key = true;
        }
        Ok(())
    }

    /// Adds a scalar value.
    fn scalar(
        &mut self,
        scalar: &scalar::Scalar<'_>,
        anchor: usize,
        tag: Option<tag::Found>,
    ) -> Outcome<()> {
        let (kind, ambiguous) = match &tag {
            None => scalar.resolve(),
            Some(tag) => self.tagged_kind(scalar, tag)?,
        };
        let name = tag.and_then(|tag| tag.name.map(|name| (name, tag.span)));
        let (node, weight) = match name {
            Some((name, span)) if name == "GetAtt" && kind == Kind::String => {
                self.split_attribute(scalar, span)
            }
            Some((name, span)) => {
                let value = self
                    .builder
                    .scalar(kind, scalar.range, scalar.text(self.text));
                let node = self.wrap(&name, span, value);
                (node, Weight::SCALAR.within())
            }
            None => {
                let node = self
                    .builder
                    .scalar(kind, scalar.range, scalar.text(self.text));
                if ambiguous {
                    self.builder.mark_ambiguous(node);
                }
                (node, Weight::SCALAR)
            }
        };
        self.finish(node, weight, anchor);
        Ok(())
    }

    /// Opens a collection.
    fn open(
        &mut self,
        object: bool,
        (style, anchor, tag): (StructureStyle, usize, Option<&Tag>),
        (range, span): (Range, &granit_parser::Span),
    ) -> Outcome<()> {
        if self.wants_key() {
            return Err(self.complex_key(range));
        }
        let tag = self.tag(tag, span)?;
        let name = match tag {
            Some(tag) => self
                .collection_tag(&tag, object)?
                .map(|name| (name, tag.span)),
            None => None,
        };
        let depth = self.depth() + 1 + usize::from(name.is_some());
        if depth > MAX_DEPTH {
            return Err(depth_problem(self.span_of((range.0, range.0))));
        }
        let stack = if object {
            self.stacks.members.len()
        } else {
            self.stacks.items.len()
        };
        self.frames.push(Frame {
            start: range.0,
            base: stack,
            object,
            flow: style == StructureStyle::Flow,
            has_key: false,
            anchor,
            tag: name,
            depth,
            weight: Weight::SCALAR,
        });
        Ok(())
    }

    /// How deep the next node stands.
    fn depth(&self) -> usize {
        self.frames.last().map_or(0, |frame| frame.depth)
    }

    /// The byte range of a span, on character boundaries of the text.
    fn range(&self, span: &granit_parser::Span) -> Range {
        let range = span.byte_range().unwrap_or_default();
        let start = range.start.min(self.text.len());
        let end = range.end.clamp(start, self.text.len());
        (
            self.text.floor_char_boundary(start),
            self.text.floor_char_boundary(end),
        )
    }

    fn span_of(&self, range: Range) -> Span {
        Span::new(self.source, range.0, range.1)
    }

    /// Puts `value` into an object with the one member that the short tag at `span` stands for.
    fn wrap(&mut self, name: &str, span: Range, value: NodeId) -> NodeId {
        let key = tag::key(name);
        let member = self.builder.member((Text::Decoded(&key), span, value));
        let end = self.builder.span(value).1.max(span.1);
        self.builder.object(&[member], (span.0, end))
    }
}

/// Limits of the YAML parser: ours are checked here, so its own are as wide or wider.
fn options() -> Options {
    let mut options = Options::default();
    options.flow_nesting_limit = MAX_DEPTH + 1;
    options.block_nesting_limit = MAX_DEPTH + 1;
    options.max_buffered_comment_events = usize::MAX;
    options
}
