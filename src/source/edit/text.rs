//! Texts with parts of them replaced, and whether two texts say the same.
//! It does not know why anything is replaced.

use super::super::{Kind, Node, SourceId, Span, Syntax, Tree, json, yaml};

/// What stands in place of a range of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replacement {
    /// The range; an empty one is where something is put in.
    pub span: Span,
    /// What stands there then.
    pub text: String,
}

/// A range of bytes of a text, with what stands there then.
pub(super) type Edit = (std::ops::Range<usize>, String);

/// The text with all replacements made; `None` where two are about the same bytes, or one about none of the text.
#[must_use]
pub fn apply(text: &str, replacements: &[Replacement]) -> Option<String> {
    let mut edited = String::with_capacity(text.len());
    let mut copied = 0;
    for one in replacements {
        let (start, end) = (one.span.start as usize, one.span.end as usize);
        edited.push_str(text.get(copied..start)?);
        edited.push_str(&one.text);
        text.get(start..end)?;
        copied = end;
    }
    edited.push_str(text.get(copied..)?);
    Some(edited)
}

/// Edits as replacements, in the order of the text. Those at one place stay in theirs.
pub(super) fn ordered(mut edits: Vec<Edit>, source: SourceId) -> Vec<Replacement> {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let replacements = edits.into_iter().map(|(range, text)| Replacement {
        span: Span::new(source, range.start, range.end),
        text,
    });
    replacements.collect()
}

/// Reads a text as what it begins like, JSON or YAML; `None` where it is neither.
#[must_use]
pub fn parsed(text: &str) -> Option<Tree> {
    read(text, Syntax::of_text(text)).or_else(|| read(text, Syntax::Yaml))
}

/// Reads a text in one language; `None` where it is not written in it.
pub(crate) fn read(text: &str, syntax: Syntax) -> Option<Tree> {
    let mut tree = Tree::default();
    let read = match syntax {
        Syntax::Json => json::parse_with_doubles(text, SourceId(0), &mut tree),
        Syntax::Yaml => yaml::parse_with_doubles(text, SourceId(0), &mut tree),
    };
    read.ok().map(|()| tree)
}

/// Whether two texts say the same, but for one key at the top. What is nested in aliases is compared once: both texts
/// have the same ones at the same places.
pub(crate) fn is_same(old: Node<'_>, new: Node<'_>, except: Option<&str>) -> bool {
    let mut open = vec![(old, new)];
    let mut left = old.source_text().len() * 4 + 64;
    let mut at_top = true;
    while let Some((old, new)) = open.pop() {
        // Aliases may stand for more than can be compared.
        left = left.saturating_sub(1);
        let is_top = std::mem::take(&mut at_top);
        let kept = |key: &str| !is_top || except != Some(key);
        let same = left > 0
            && match (old.kind(), new.kind()) {
                (Kind::Object, Kind::Object) => {
                    let old: Vec<_> = old.members().filter(|one| kept(one.key)).collect();
                    let new: Vec<_> = new.members().filter(|one| kept(one.key)).collect();
                    let keys = old
                        .iter()
                        .map(|one| one.key)
                        .eq(new.iter().map(|one| one.key));
                    open.extend(
                        old.iter()
                            .zip(&new)
                            .map(|(old, new)| (old.value, new.value)),
                    );
                    keys
                }
                (Kind::Array, Kind::Array) => {
                    open.extend(old.items().zip(new.items()));
                    old.items().len() == new.items().len()
                }
                (one, other) => one == other && old.as_text() == new.as_text(),
            };
        if !same {
            return false;
        }
    }
    true
}

/// Where the line of an offset begins.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// The end of the line, without its line break.
pub(crate) fn end_of_line(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let line = rest.split('\n').next().unwrap_or_default();
    at + line.trim_end_matches('\r').len()
}

/// How lines of a text end.
pub(crate) fn line_end(text: &str) -> &'static str {
    match text.contains("\r\n") {
        true => "\r\n",
        false => "\n",
    }
}

/// The spaces and tabs that the line of an offset begins with.
pub(super) fn margin(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..];
    let end = line.find(|c| c != ' ' && c != '\t').unwrap_or(line.len());
    &line[..end]
}

/// Whether a list or mapping is written between brackets.
pub(super) fn is_flow(text: &str, node: Node<'_>) -> bool {
    node.span().slice(text).starts_with(['{', '['])
}
