//! Which resource a comment belongs to: the one it stands in, or the one right below it.
//! It does not know what comments say.

use crate::source::{Node, Span};

/// The blocks of a template's resources.
pub(super) struct Blocks<'t> {
    text: &'t str,
    /// The keys of the resources, in the order of the text, with the starts of their lines.
    keys: Vec<(Span, usize)>,
    /// Where the next section begins.
    end: usize,
    /// What follows the line of the comment that was asked about last.
    last: Option<(usize, Gap)>,
}

/// What stands between a comment and the next resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    /// Nothing but comments.
    Comments,
    /// An empty line among them.
    Parted,
    /// Something of the resource before.
    Content,
}

impl<'t> Blocks<'t> {
    pub(super) fn new(root: Node<'t>) -> Self {
        let text = root.source_text();
        let resources = root.get("Resources");
        let members = resources.into_iter().flat_map(Node::members);
        let mut spans: Vec<Span> = members.map(|member| member.key_span).collect();
        spans.sort_unstable();
        let last = spans.last().map_or(0, |key| key.start);
        let sections = root.members().map(|section| section.key_span.start);
        let end = sections.filter(|start| *start > last).min();
        Self {
            text,
            keys: with_lines(text, &spans),
            end: end.map_or(text.len(), |end| end as usize),
            last: None,
        }
    }

    /// The block of the resource that `comment` belongs to. Comments have to be asked about from the
    /// last one to the first.
    pub(super) fn of(&mut self, comment: Span) -> Option<Span> {
        let start = comment.start as usize;
        let next = self
            .keys
            .partition_point(|(key, _)| key.start < comment.start);
        let above = next.checked_sub(1);
        let line = line_start(self.text, 0, start);
        let is_alone = self.text[line..start].trim().is_empty();
        if !is_alone {
            // The line of a section that is not a resource begins behind the last block.
            return self.block(above.filter(|_| start < self.end)?);
        }
        let until = match self.keys.get(next) {
            Some((_, line)) => *line,
            None => self.end,
        };
        let gap = self.gap(comment.end as usize, until);
        self.last = Some((line, gap));
        if start >= self.end {
            return None;
        }
        let is_deeper = above.is_some_and(|above| {
            let (key, key_line) = self.keys[above];
            start - line > key.start as usize - key_line
        });
        if gap == Gap::Content || is_deeper {
            return self.block(above?);
        }
        let touches = gap == Gap::Comments && next < self.keys.len();
        touches.then(|| self.block(next)).flatten()
    }

    /// From the key of a resource up to the next one.
    fn block(&self, index: usize) -> Option<Span> {
        let (key, _) = *self.keys.get(index)?;
        let end = match self.keys.get(index + 1) {
            Some((next, _)) => next.start as usize,
            None => self.end,
        };
        Some(Span::new(key.source, key.start as usize, end))
    }

    /// What stands in the lines behind `from`, before `until`.
    fn gap(&self, from: usize, until: usize) -> Gap {
        let mut gap = Gap::Comments;
        let mut at = from;
        for line in self.text.get(from..until).unwrap_or_default().split('\n') {
            if let Some((_, later)) = self.last.filter(|(start, _)| *start == at) {
                return match later {
                    Gap::Comments => gap,
                    _ => later,
                };
            }
            let words = line.trim();
            // The rest of the comment's own line is empty, and so is what stands behind the last one.
            let is_inner = at != from && at + line.len() < until;
            if !words.is_empty() && !words.starts_with('#') {
                return Gap::Content;
            }
            if words.is_empty() && is_inner {
                gap = Gap::Parted;
            }
            at += line.len() + 1;
        }
        gap
    }
}

/// Keys with the starts of their lines; any number of keys may stand in one line.
fn with_lines(text: &str, keys: &[Span]) -> Vec<(Span, usize)> {
    let (mut from, mut line) = (0, 0);
    let keys = keys.iter().map(|key| {
        let at = key.start as usize;
        if text[from..at].contains('\n') {
            line = line_start(text, from, at);
        }
        from = at;
        (*key, line)
    });
    keys.collect()
}

/// Where the line of the byte `at` begins; nowhere before `from`.
fn line_start(text: &str, from: usize, at: usize) -> usize {
    let start = text[from..at]
        .rfind('\n')
        .map_or(from, |end| from + end + 1);
    // A byte order mark stands in no column.
    let line = &text[start..at];
    start + line.len() - line.trim_start_matches('\u{feff}').len()
}
