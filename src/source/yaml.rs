//! YAML text into the spanned tree, short tags of CloudFormation written out.
//! It does not know what the text describes.

mod collection;
mod fault;
mod frames;
mod mend;
mod parser;
mod reader;
mod scalar;
mod tag;
mod words;

use granit_parser::{Event, Parser, ScanError, StructureStyle, Tag};

use self::frames::{Anchors, CollectionFrame, Weight};
use self::mend::RepairedText;
use self::parser::options;
use self::reader::{YamlReader, YamlResult};
use self::scalar::ScalarKind;
use super::node::{ArenaNodeId, Kind, RawMember, Tree};
use super::span::ByteRange;
use super::stack::{CollectionKind, MAX_DEPTH, depth_problem};
use super::{Problem, SourceId, Span};

/// The event that opens a collection.
struct CollectionStart<'e> {
    kind: CollectionKind,
    style: StructureStyle,
    /// Number of its anchor; 0 where it has none.
    anchor: usize,
    tag: Option<&'e Tag>,
    /// Where the parser says that it stands.
    span: &'e granit_parser::Span,
    /// The same in bytes of the text.
    range: ByteRange,
}

/// Parses `text` and puts its nodes into `tree`, whose memory is used again.
///
/// Short tags are written out: `!Ref X` becomes an object with the member `Ref`, whose key stands
/// where the tag stands. An alias is a node of its own with the content of its target. A text
/// without any content gives a tree without a root.
///
/// # Errors
/// Mistakes of YAML; what CloudFormation does not read: several documents, merge keys, keys that are
/// not plain text, tags of other schemas; two equal keys in one mapping; more than 512 levels of
/// nesting; aliases that repeat more than 250,000 nodes; and texts of 4 GiB or more.
pub fn parse(text: &str, source: SourceId, tree: &mut Tree) -> Result<(), Problem> {
    parse_with_doubles(text, source, tree)?;
    tree.take_double().map_or(Ok(()), |problem| Err(*problem))
}

/// The same, but keys that stand twice in one mapping are kept: [`Node::doubles`](super::Node::doubles) finds them.
///
/// # Errors
/// Everything else that [`parse`] refuses.
pub fn parse_with_doubles(text: &str, source: SourceId, tree: &mut Tree) -> Result<(), Problem> {
    if u32::try_from(text.len()).is_err() {
        tree.clear(source);
        let start = Span::new(source, 0, 0);
        return Err(Problem::new(start, "the text is 4 GiB or longer"));
    }
    let mut mended = None;
    loop {
        let (problem, error, before) = match attempt(text, mended.as_ref(), source, tree) {
            Ok(()) => return Ok(()),
            Err(ReadFailure::Refused(problem)) => return Err(*problem),
            Err(ReadFailure::Unparsed(problem, error, before)) => (problem, error, before),
        };
        let repaired = mended.get_or_insert_with(|| RepairedText::new(text));
        if !repaired.mend(&error, before) {
            return Err(*problem);
        }
    }
}

/// Why a text is not read.
enum ReadFailure {
    /// It is YAML that templates are not written in.
    Refused(Box<Problem>),
    /// It is not YAML to the parser, behind this offset.
    Unparsed(Box<Problem>, ScanError, usize),
}

impl From<Box<Problem>> for ReadFailure {
    fn from(problem: Box<Problem>) -> Self {
        Self::Refused(problem)
    }
}

/// Reads the text once, or what stands for it.
fn attempt(
    text: &str,
    mended: Option<&RepairedText>,
    source: SourceId,
    tree: &mut Tree,
) -> Result<(), ReadFailure> {
    let mut stacks = std::mem::take(&mut tree.stacks);
    stacks.clear();
    let mut reader = YamlReader {
        text,
        mended,
        source,
        builder: tree.builder(source),
        stacks,
        frames: Vec::new(),
        anchors: Anchors::default(),
        root: None,
        documents: 0,
    };
    let outcome = reader.read();
    let YamlReader {
        builder,
        stacks,
        root,
        ..
    } = reader;
    if let (Ok(()), Some(root)) = (&outcome, root) {
        builder.finish(root);
    }
    tree.stacks = stacks;
    outcome
}

impl YamlReader<'_, '_> {
    fn read(&mut self) -> Result<(), ReadFailure> {
        let text = self.mended.map_or(self.text, |mended| &mended.text);
        let mut parser = Parser::new_from_str_with_options(text, options());
        let mut read = 0;
        while let Some(event) = parser.next_event() {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    return Err(ReadFailure::Unparsed(
                        self.scan_problem(&error),
                        error,
                        read,
                    ));
                }
            };
            let range = self.range(&span);
            // The parser ends collections at the next token, which may be one that it cannot read.
            read = match event {
                Event::Scalar(..) | Event::Alias(..) | Event::Comment(..) => range.end,
                _ => range.start,
            };
            self.event(event, &span)?;
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, span: &granit_parser::Span) -> YamlResult<()> {
        let range = self.range(span);
        match event {
            Event::Comment(..) => {
                let mended = self.mended;
                let start = mended.map_or(range.start, |it| it.comment_start(range.start));
                self.builder.comment(ByteRange::new(start, range.end));
            }
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(self.second_document(range));
                }
            }
            Event::Scalar(value, style, anchor, tag) => {
                let tag = self.tag(tag.as_deref(), span)?;
                let mended = self.mended.and_then(|mended| mended.value(range));
                let scalar = self.read_scalar(mended.unwrap_or(&value), style, range);
                if self.wants_key() {
                    return self.key(&scalar, anchor, tag.as_ref());
                }
                self.scalar(&scalar, anchor, tag)?;
            }
            Event::SequenceStart(style, anchor, ref tag)
            | Event::MappingStart(style, anchor, ref tag) => {
                let kind = match event {
                    Event::SequenceStart(..) => CollectionKind::Array,
                    _ => CollectionKind::Object,
                };
                self.open(CollectionStart {
                    kind,
                    style,
                    anchor,
                    tag: tag.as_deref(),
                    span,
                    range,
                })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range),
            Event::Alias(anchor) => self.alias(anchor, range)?,
            _ => {}
        }
        Ok(())
    }

    /// Stores a key; its value is the next node.
    fn key(
        &mut self,
        scalar: &scalar::YamlScalar<'_>,
        anchor: usize,
        tag: Option<&tag::YamlTag>,
    ) -> YamlResult<()> {
        // `!` and `!!str` say of a text that it is one.
        if let Some(tag) = tag.filter(|tag| !tag.is_of_text()) {
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
        let member = self.builder.member(RawMember {
            key: text,
            key_span: scalar.range,
            value: ArenaNodeId::default(),
        });
        self.stacks.members.push(member);
        if let Some(frame) = self.frames.last_mut() {
            frame.has_key = true;
        }
        Ok(())
    }

    /// Adds a scalar value.
    fn scalar(
        &mut self,
        scalar: &scalar::YamlScalar<'_>,
        anchor: usize,
        tag: Option<tag::YamlTag>,
    ) -> YamlResult<()> {
        let ScalarKind { kind, is_ambiguous } = match &tag {
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
                if is_ambiguous {
                    self.builder.mark_ambiguous(node);
                }
                (node, Weight::SCALAR)
            }
        };
        self.finish(node, weight, anchor);
        Ok(())
    }

    /// Opens a collection.
    fn open(&mut self, opened: CollectionStart<'_>) -> YamlResult<()> {
        let CollectionStart {
            kind,
            style,
            anchor,
            tag,
            span,
            range,
        } = opened;
        if self.wants_key() {
            return Err(self.complex_key(range));
        }
        let tag = self.tag(tag, span)?;
        let name = match tag {
            Some(tag) => self
                .collection_tag(&tag, kind)?
                .map(|name| (name, tag.span)),
            None => None,
        };
        let depth = self.depth() + 1 + usize::from(name.is_some());
        if depth > MAX_DEPTH {
            return Err(depth_problem(self.span_of(self.char_at(range.start))));
        }
        let start = match (kind, style) {
            (CollectionKind::Array, StructureStyle::Block) => self.list_start(range.start),
            _ => range.start,
        };
        self.frames.push(CollectionFrame {
            start,
            base: self.stacks.base(kind),
            kind,
            style,
            has_key: false,
            anchor,
            tag: name,
            depth,
            weight: Weight::SCALAR,
        });
        Ok(())
    }

    /// Where the block list begins whose first token is at `token`.
    ///
    /// The parser lets a list that is indented no more than its key begin at its first item; it
    /// begins at the first dash behind the key.
    fn list_start(&self, token: usize) -> usize {
        let text = self.text;
        let is_dash = |at: usize| {
            let rest = &text[at..];
            rest.starts_with('-') && !rest[1..].starts_with(|char: char| !char.is_whitespace())
        };
        if is_dash(token) {
            return token;
        }
        let Some(member) = self.stacks.members.last() else {
            return token;
        };
        let mut at = (self.builder.key_span(member).end as usize).min(token);
        while let Some(line) = text[at..token].find(['\n', '\r']) {
            at += line + 1;
            let indent = text[at..token]
                .bytes()
                .take_while(|byte| *byte == b' ')
                .count();
            if is_dash(at + indent) {
                return at + indent;
            }
        }
        token
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Node, Problem, SourceId, Tree};

    fn with_root(text: &str, look: impl Fn(Node<'_>)) {
        let mut tree = Tree::default();
        super::parse(text, SourceId(0), &mut tree).unwrap();
        look(tree.root(text).unwrap());
    }

    fn problem(text: &str) -> Problem {
        super::parse(text, SourceId(0), &mut Tree::default()).unwrap_err()
    }

    fn at<'t>(node: Node<'t>) -> &'t str {
        node.span().slice(node.source_text())
    }

    #[test]
    fn short_tags_are_written_out() {
        let text =
            "a: !Ref X\nb: !GetAtt A.B.C\nc: !GetAtt [A, B]\nd: !Sub\n  - x\ne: !Condition C\n";
        with_root(text, |root| {
            let a = root.get("a").unwrap();
            let reference = a.member("Ref").unwrap();
            assert_eq!(at(a), "!Ref X");
            assert_eq!(reference.key_span.slice(text), "!Ref");
            assert_eq!(
                (reference.value.as_str(), at(reference.value)),
                (Some("X"), "X")
            );
            let b = root.get("b").unwrap().get("Fn::GetAtt").unwrap();
            let parts: Vec<_> = b.items().map(|item| (item.as_str(), at(item))).collect();
            assert_eq!(at(b), "A.B.C");
            assert_eq!(parts, [(Some("A"), "A"), (Some("B.C"), "B.C")]);
            let c = root.get("c").unwrap().get("Fn::GetAtt").unwrap();
            assert_eq!((c.items().len(), at(c)), (2, "[A, B]"));
            let d = root.get("d").unwrap().get("Fn::Sub").unwrap();
            assert_eq!((d.kind(), at(d)), (Kind::Array, "- x"));
            let e = root.get("e").unwrap().get("Condition").unwrap();
            assert_eq!(e.as_str(), Some("C"));
        });
    }

    #[test]
    fn a_tag_makes_digits_text() {
        with_root("a: !Ref 012\nb: !!str 12\nc: ! 12\nd: !!int 12\n", |root| {
            assert_eq!(
                root.get("a").unwrap().get("Ref").unwrap().as_str(),
                Some("012")
            );
            assert_eq!(root.get("b").unwrap().as_str(), Some("12"));
            assert_eq!(root.get("c").unwrap().as_str(), Some("12"));
            assert_eq!(root.get("d").unwrap().kind(), Kind::Number);
        });
    }

    #[test]
    fn block_collections_end_with_their_last_child() {
        let text = "a:\n  b: 1\n\n# c\nd:\n- x\n-\n\ne:\n  f:\n\ng: |\n  text\n\n\nh: {}\n";
        with_root(text, |root| {
            assert_eq!(at(root.get("a").unwrap()), "b: 1");
            assert_eq!(at(root.get("d").unwrap()), "- x\n-");
            assert_eq!(at(root.get("e").unwrap()), "f:");
            assert_eq!(at(root.get("g").unwrap()), "text");
            assert_eq!(at(root), text.trim_end());
        });
    }

    #[test]
    fn a_list_that_is_not_indented_begins_at_its_first_dash() {
        for text in [
            "k:\n# x - y\n- - a\n",
            "k: # c\n- - a\n",
            "k: &x\r\n- - a\r\n",
            "k:\n- # c\n  - a\n",
        ] {
            with_root(text, |root| {
                let list = root.get("k").unwrap();
                assert!(at(list).starts_with("- "), "{text:?}: {:?}", at(list));
                assert_eq!(at(list.items().next().unwrap()), "- a", "{text:?}");
            });
        }
    }

    #[test]
    fn scalars_follow_the_core_schema_and_keep_leading_zeros() {
        let text = "- 12\n- -1.5e3\n- 0x1F\n- 0o17\n- .5\n- .inf\n- 012345678901\n- 2010-09-09\n- yes\n- 'true'\n- True\n- ~\n-\n- 1.2.3\n- '-'\n- 0\n";
        with_root(text, |root| {
            let kinds: Vec<Kind> = root.items().map(Node::kind).collect();
            let (number, string, null) = (Kind::Number, Kind::String, Kind::Null);
            let expected = [
                number,
                number,
                number,
                number,
                number,
                number,
                string,
                string,
                string,
                string,
                Kind::Bool(true),
                null,
                null,
                string,
                string,
                number,
            ];
            assert_eq!(kinds, expected);
            let id = root.items().nth(6).unwrap();
            assert_eq!(id.as_text(), Some("012345678901"));
        });
    }

    #[test]
    fn what_yaml_1_1_reads_differently_is_ambiguous() {
        let ambiguous = [
            "yes",
            "No",
            "on",
            "OFF",
            "012345670123",
            "1_000",
            "12:30:45",
            "0o14",
            "0b1",
            "1e3",
            "190:20:30.15",
            "+0x1f",
        ];
        let plain = [
            "true",
            "12",
            "0",
            "0x1F",
            "012345678901",
            "2010-09-09",
            "1.5",
            "y",
            "word",
            "1.5e+3",
            "12:ab",
            "a:b",
            "-",
            "1.2.3",
            ".",
            "+",
            "::",
            "'yes'",
            "\"010\"",
        ];
        for (words, expected) in [(&ambiguous[..], true), (&plain[..], false)] {
            for word in words {
                with_root(&format!("- {word}\n"), |root| {
                    let item = root.items().next().unwrap();
                    assert_eq!(item.is_ambiguous(), expected, "{word}");
                });
            }
        }
    }

    #[test]
    fn an_alias_stands_at_its_own_place_and_has_the_content_of_its_target() {
        let text = "a: &x [1, {b: 2}]\nc: *x\n";
        with_root(text, |root| {
            let alias = root.get("c").unwrap();
            assert_eq!((at(alias), alias.items().len()), ("*x", 2));
            assert_eq!(at(alias.items().next().unwrap()), "1");
        });
    }

    /// Each text with the value of `k`, and what stands at its place.
    const LENIENT: &[(&str, &str, &str)] = &[
        ("k: [-, b]\n", "-", "-"),
        ("k: [-,b]\n", "-", "-"),
        ("k: [ -]\n", "-", "-"),
        ("k: ['é', -]#c\n", "é", "'é'"),
        ("k: [\"a\",#é c\n b]\n", "a", "\"a\""),
        ("z:\n  k: ['{\n}']\n", "{ }", "'{\n}'"),
        ("k:\n- '{\n\n}'\n", "{\n}", "'{\n\n}'"),
        (
            "k:\n- \"a \\\" '\n b\"  # c\n",
            "a \" ' b",
            "\"a \\\" '\n b\"",
        ),
        ("# it's\n! 'k': ['it''s\n\tb']\n", "it's b", "'it''s\n\tb'"),
        ("!!str k: [a]#\n", "a", "a"),
    ];

    #[test]
    fn what_cloudformation_takes_is_taken_at_its_place() {
        for &(text, value, place) in LENIENT {
            with_root(text, |root| {
                let outer = root.get("z").unwrap_or(root);
                let item = outer.get("k").unwrap().items().next().unwrap();
                assert_eq!((item.as_str(), at(item)), (Some(value), place), "{text:?}");
            });
        }
        for text in [
            "'a\nb': c\n",
            "k: 'a\n---\nb'\n",
            "k: [- , b]\n",
            "k: 'a\nb' c\n",
            "k: 'a\n",
        ] {
            problem(text);
        }
        let mut tree = Tree::default();
        let text = "k: [a]#é\nl: [b]# c\n";
        super::parse(text, SourceId(0), &mut tree).unwrap();
        let comments: Vec<_> = tree.comments().map(|span| span.slice(text)).collect();
        assert_eq!(comments, ["#é", "# c"]);
    }

    #[test]
    fn comments_are_kept() {
        let text = "# a\nb: 1 # c\n";
        let mut tree = Tree::default();
        super::parse(text, SourceId(0), &mut tree).unwrap();
        let comments: Vec<_> = tree.comments().map(|span| span.slice(text)).collect();
        assert_eq!(comments, ["# a", "# c"]);
    }

    #[test]
    fn a_text_without_content_has_no_root() {
        for text in ["", "\n", "# only\n", "\u{feff}"] {
            let mut tree = Tree::default();
            super::parse(text, SourceId(0), &mut tree).unwrap();
            assert!(tree.root(text).is_none(), "{text:?}");
        }
    }

    /// Text, title, offset and the text at the place.
    const MISTAKES: &[(&str, &str, u32, &str)] = &[
        (
            "a: 1\nb: 2\na: 3\n",
            "the key `a` stands twice in one object",
            10,
            "a",
        ),
        (
            "a: 1\n---\nb: 2\n",
            "a second YAML document begins",
            5,
            "---",
        ),
        (
            "<<: {a: 1}\n",
            "the merge key `<<` is not part of CloudFormation's YAML",
            0,
            "<<",
        ),
        ("!Ref a: b\n", "a key has a tag", 0, "!Ref"),
        ("? [a]\n: b\n", "a key is not plain text", 2, "["),
        ("a: &k x\n*k : b\n", "a key is not plain text", 8, "*k"),
        (": b\n", "a key is empty", 0, ""),
        (
            "a: !!binary Zm9v\n",
            "the tag `!!binary` is not known here",
            3,
            "!!binary",
        ),
        (
            "a: !<x:y> b\n",
            "the tag `!<x:y>` is not known here",
            3,
            "!<x:y>",
        ),
        (
            "a: !!int é\n",
            "the value does not fit its tag `!!int`",
            9,
            "é",
        ),
        (
            "a: &x\n  b: *x\n",
            "an alias stands inside the node that it repeats",
            11,
            "*x",
        ),
        (
            "é: *foo bar\n",
            "the alias has no anchor before it",
            4,
            "*foo",
        ),
        ("é:\n\tb: 1\n", "a tab stands in the indentation", 4, "\t"),
        ("é: b: c\n", "a `:` stands where no value can begin", 5, ":"),
        (
            "a:\n  b: 1\n é: 2\n",
            "expected a key with the indentation of its neighbours",
            11,
            "é",
        ),
        ("é: {x: 1\n", "the bracket `{` is not closed", 4, "{"),
        (
            "a: \"x\" é\n",
            "text stands behind the closing quote",
            7,
            "é",
        ),
        (
            "a: é\u{1}\n",
            "the control character U+0001 cannot stand in YAML",
            5,
            "\u{1}",
        ),
        (
            "a: %x\n",
            "a text cannot begin with the character `%`",
            3,
            "%",
        ),
    ];

    #[test]
    fn mistakes_are_reported_at_their_place() {
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
    fn aliases_have_a_budget_and_cannot_deepen_a_tree() {
        let mut text = String::from("a0: &a0 [1,1,1,1,1,1,1,1,1]\n");
        for level in 1..=12 {
            let below = format!("*a{}", level - 1);
            let items = [below.as_str(); 9].join(",");
            text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
        }
        let laughs = problem(&text);
        assert_eq!(
            laughs.title,
            "the aliases up to here repeat more than 250000 nodes"
        );
        assert_eq!(laughs.span.slice(&text).get(..2), Some("*a"));

        let mut text = format!("a0: &a0 {}{}\n", "[".repeat(200), "]".repeat(200));
        for level in 1..4 {
            let (open, close) = ("[".repeat(200), "]".repeat(200));
            text.push_str(&format!(
                "a{level}: &a{level} {open}*a{}{close}\n",
                level - 1
            ));
        }
        let deep = problem(&text);
        assert_eq!(deep.title, "collections are nested more than 512 deep");
        assert_eq!(deep.span.slice(&text), "*a1");
    }
}
