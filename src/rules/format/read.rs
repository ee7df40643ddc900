//! Takes a spanned tree apart and remembers every mistake on the way.
//! It does not know which keys a rule has.

use std::ops::Range;

use crate::source::{Kind, Member, Node, Problem, Span, nearest};

/// Collects the mistakes of one file; reading goes on behind each.
#[derive(Debug, Default)]
pub(super) struct RuleReader {
    pub(super) problems: Vec<Problem>,
}

impl RuleReader {
    /// Records a mistake.
    pub(super) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Whether `node` is a mapping with no other keys than `known`.
    pub(super) fn mapping(&mut self, node: Node<'_>, what: &str, known: &[&str]) -> bool {
        if !self.has_kind(node, what, "a mapping", Kind::Object) {
            return false;
        }
        for member in node.members().filter(|member| !known.contains(&member.key)) {
            let problem = Problem::new(
                member.key_span,
                format!("unknown key `{}` in {what}", member.key),
            );
            self.problem(match nearest(member.key, known.iter().copied()) {
                Some(key) => problem.help(format!("write `{key}`")),
                None => problem.help(format!("use one of {}", listed(known))),
            });
        }
        true
    }

    /// The members of a mapping whose keys are names of the author's own.
    pub(super) fn members<'n>(
        &mut self,
        node: Option<Node<'n>>,
        what: &str,
    ) -> impl Iterator<Item = Member<'n>> + use<'n> {
        let mapping = node.filter(|node| self.has_kind(*node, what, "a mapping", Kind::Object));
        mapping.into_iter().flat_map(Node::members)
    }

    /// The items of a list; none when there is no list.
    pub(super) fn items<'n>(
        &mut self,
        node: Option<Node<'n>>,
        what: &str,
    ) -> impl Iterator<Item = Node<'n>> + use<'n> {
        let list = node.filter(|node| self.has_kind(*node, what, "a list", Kind::Array));
        list.into_iter().flat_map(Node::items)
    }

    /// A text that is not empty.
    pub(super) fn text(&mut self, node: Node<'_>, what: &str) -> Option<String> {
        let text = match node.kind() {
            // `since: 1.0` is a number to YAML, and a version to its author.
            Kind::String | Kind::Number => node.as_text().unwrap_or_default().trim_end(),
            _ => {
                self.has_kind(node, what, "a text", Kind::String);
                return None;
            }
        };
        if text.is_empty() {
            self.problem(Problem::new(node.span(), format!("{what} is empty")));
            return None;
        }
        Some(text.to_owned())
    }

    /// The texts of a list.
    pub(super) fn texts(&mut self, node: Option<Node<'_>>, what: &str) -> Vec<String> {
        let items: Vec<_> = self.items(node, what).collect();
        let item = format!("an item of {what}");
        items
            .into_iter()
            .filter_map(|node| self.text(node, &item))
            .collect()
    }

    /// A member that has to be there.
    pub(super) fn required<'n>(
        &mut self,
        node: Node<'n>,
        what: &str,
        key: &str,
    ) -> Option<Node<'n>> {
        let value = node.get(key);
        if value.is_none() {
            let place = node
                .members()
                .next()
                .map_or(node.span(), |first| first.key_span);
            self.problem(
                Problem::new(place, format!("{what} has no `{key}`"))
                    .help(format!("add `{key}:` to {what}")),
            );
        }
        value
    }

    fn has_kind(&mut self, node: Node<'_>, what: &str, wanted: &str, kind: Kind) -> bool {
        let found = node.kind() == kind;
        if !found {
            self.problem(
                Problem::new(node.span(), format!("{what} is not {wanted}"))
                    .label(format!("{} stands here", noun(node.kind())))
                    .help(format!("write {wanted}")),
            );
        }
        found
    }
}

/// The place of a range of the text that `node` holds. Where the file spells the text differently,
/// with escapes or on several lines, that is the place of the whole node.
pub(super) fn within(node: Node<'_>, text: &str, range: &Range<usize>) -> Span {
    let span = node.span();
    match span.slice(node.source_text()).find(text) {
        Some(at) => {
            let start = span.start as usize + at;
            Span::new(span.source, start + range.start, start + range.end)
        }
        None => span,
    }
}

/// How a message names what stands at a place.
fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "nothing",
        Kind::Bool(_) => "true or false",
        Kind::Number => "a number",
        Kind::String => "a text",
        Kind::Array => "a list",
        Kind::Object => "a mapping",
    }
}

/// Names in backticks, with commas.
pub(super) fn listed(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
