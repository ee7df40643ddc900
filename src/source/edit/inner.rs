//! JSON that stands in a scalar of another text: it is edited as the text that it is, and written back with the
//! quotes, escapes and indentation of the scalar.
//! It does not know what the JSON is about.

use super::amendment::{Amendment, Extent, LeaveReason, UNSAFE};
use super::merge::ParsedText;
use super::path::{self, PathStep};
use super::text::{Edit, apply, line_end, line_start, margin, ordered};
use super::written::{Fragment, quoted};
use crate::source::embedded::{Embedded, EmbeddedText};
use crate::source::{Kind, Node, SourceId, Span, Tree, json};

/// How the characters of a scalar are spelled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// As they are, in lines of their own.
    Block,
    /// As they are, with line breaks that are none.
    Folded,
    /// Between single quotes, which are doubled inside.
    Single,
    /// Between double quotes, with escapes.
    Double,
}

/// JSON in a scalar, and the way to a place in it.
pub(super) struct Inside<'t> {
    outer: &'t str,
    text: EmbeddedText,
    tree: Tree,
    steps: Vec<PathStep>,
    quotes: Quotes,
}

impl<'t> Inside<'t> {
    /// The JSON of a scalar; `None` where it holds none.
    pub(super) fn of(scalar: Node<'t>, place: Span) -> Option<Self> {
        let outer = scalar.source_text();
        let mut text = EmbeddedText::default();
        text.push_node(scalar);
        let mut tree = Tree::default();
        json::parse(text.as_str(), SourceId::default(), &mut tree).ok()?;
        let quotes = match scalar.span().slice(outer).chars().next()? {
            '"' => Quotes::Double,
            '\'' => Quotes::Single,
            '|' => Quotes::Block,
            '*' => return None,
            _ => Quotes::Folded,
        };
        let root = text.root(&tree)?;
        if !matches!(root.kind(), Kind::Object | Kind::Array) {
            return None;
        }
        let whole = scalar.span();
        let is_whole = whole.start == place.start && whole.end == place.end;
        let steps = if is_whole {
            Vec::new()
        } else {
            way(root, place)
        };
        Some(Self {
            outer,
            text,
            tree,
            steps,
            quotes,
        })
    }

    /// Whether what a change is about stands in the JSON.
    pub(super) fn is_about(&self, wish: &Amendment) -> bool {
        match wish.extent {
            Extent::Here | Extent::Key => !self.steps.is_empty(),
            Extent::Around(name) => {
                let root = self.tree.root(self.text.as_str());
                root.is_some_and(|root| path::innermost_with(root, &self.steps, name).is_some())
            }
            Extent::Outer(_) => false,
        }
    }

    /// The edits of the outer text, and what the scalar says then.
    pub(super) fn edits(&self, wish: &Amendment) -> Result<(Vec<Edit>, String), LeaveReason> {
        let text = self.text.as_str();
        let root = self.tree.root(text).ok_or("the text is empty")?;
        let part = ParsedText {
            text,
            root,
            words: wish.words,
        };
        let (edits, wanted) = part.edits(&self.steps, wish)?;
        let inner = ordered(edits.clone(), SourceId::default());
        let said = apply(text, &inner).ok_or("the edit does not fit into the text")?;
        let mut tree = Tree::default();
        let read = json::parse_with_doubles(&said, SourceId::default(), &mut tree);
        let is_wanted = read.is_ok() && tree.root(&said).map(Fragment::of) == Some(wanted);
        if !is_wanted {
            return Err(UNSAFE.to_owned());
        }
        let edits = edits
            .into_iter()
            .map(|(range, new)| self.outward(range, &new));
        Ok((edits.collect::<Option<_>>().ok_or(UNSAFE)?, said))
    }

    /// An edit of the JSON as one of the text that it stands in.
    fn outward(&self, range: std::ops::Range<usize>, new: &str) -> Option<Edit> {
        let span = self.text.span(range.clone());
        let (start, end) = (span.start as usize, span.end as usize);
        let spelled = match self.quotes {
            Quotes::Double => {
                let quoted = quoted(new);
                quoted[1..quoted.len() - 1].replace("\\u000a", "\\n")
            }
            Quotes::Single if new.contains('\n') => return None,
            Quotes::Single => new.replace('\'', "''"),
            Quotes::Folded if new.contains('\n') => return None,
            Quotes::Folded => new.to_owned(),
            Quotes::Block => {
                let text = self.text.as_str();
                let inner = margin(text, range.start).len();
                let line = line_start(self.outer, start);
                let margin = &self.outer[line..start];
                let margin = &margin[..margin.len() - margin.trim_start_matches(' ').len()];
                let margin = &margin[..margin.len().saturating_sub(inner)];
                new.replace('\n', &format!("{}{margin}", line_end(self.outer)))
            }
        };
        Some((start..end, spelled))
    }
}

/// The way to the innermost part of JSON that holds a place of the outer text.
fn way(root: Embedded<'_>, place: Span) -> Vec<PathStep> {
    let holds = |span: Span| span.start <= place.start && place.end <= span.end;
    let (mut node, mut steps) = (root, Vec::new());
    'inward: loop {
        for (index, member) in node.members().enumerate() {
            if holds(member.key_span()) {
                steps.push(PathStep::Key(index));
                return steps;
            }
            if holds(member.value().span()) {
                steps.push(PathStep::Member(index));
                node = member.value();
                continue 'inward;
            }
        }
        for (index, item) in node.items().enumerate() {
            if holds(item.span()) {
                steps.push(PathStep::Item(index));
                node = item;
                continue 'inward;
            }
        }
        return steps;
    }
}
