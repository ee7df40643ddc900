//! Finds the ignores that speak about a finding, however many there are.
//! It does not know what follows from them.

use rustc_hash::FxHashMap;

use crate::engine::tool_rules::tool_rule;
use crate::ignore::{About, Ignore, Scope};
use crate::report::Diagnostic;
use crate::source::Span;

/// The ignores of a run by rule. Those of the rules of the tool itself are left out: what the tool
/// says about itself is never ignored.
pub(super) struct Index<'a> {
    ignores: &'a [Ignore],
    by_rule: FxHashMap<&'a str, OfRule>,
}

/// The ignores of one rule.
#[derive(Default)]
struct OfRule {
    named: Vec<usize>,
    /// Sorted.
    placed: Vec<Placed>,
}

/// A range of text with the ignore that it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Placed {
    span: Span,
    index: usize,
    /// The largest end of this range and those before it in the same source.
    reach: u32,
}

impl<'a> Index<'a> {
    pub(super) fn new(ignores: &'a [Ignore]) -> Self {
        let mut by_rule: FxHashMap<&str, OfRule> = FxHashMap::default();
        for (index, ignore) in ignores.iter().enumerate() {
            if tool_rule(&ignore.rule).is_some() {
                continue;
            }
            let own = by_rule.entry(&ignore.rule).or_default();
            match &ignore.scope {
                Scope::Named(_) => own.named.push(index),
                Scope::Places(places) => own.placed.extend(places.iter().map(|span| Placed {
                    span: *span,
                    index,
                    reach: span.end,
                })),
            }
        }
        for own in by_rule.values_mut() {
            own.sort();
        }
        Self { ignores, by_rule }
    }

    /// The indices of the ignores that speak about a finding, in their order: about any of what it is found
    /// about, or about where it points.
    pub(super) fn fitting(&self, diagnostic: &Diagnostic, abouts: &[About<'_>]) -> Vec<usize> {
        let Some(own) = self.by_rule.get(diagnostic.rule.as_str()) else {
            return Vec::new();
        };
        let named = own.named.iter().copied();
        let mut found: Vec<usize> = named
            .filter(|index| {
                abouts
                    .iter()
                    .any(|it| self.ignores[*index].scope.holds(*it))
            })
            .collect();
        for about in abouts {
            own.around(about.place, &mut found);
        }
        own.around(diagnostic.primary.span, &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl OfRule {
    fn sort(&mut self) {
        self.placed.sort_unstable();
        for at in 1..self.placed.len() {
            let before = self.placed[at - 1];
            let own = &mut self.placed[at];
            if before.span.source == own.span.source {
                own.reach = own.reach.max(before.reach);
            }
        }
    }

    /// Adds the ignores whose ranges hold `span`.
    fn around(&self, span: Span, found: &mut Vec<usize>) {
        let key = (span.source, span.start);
        let behind = self
            .placed
            .partition_point(|one| (one.span.source, one.span.start) <= key);
        let before = self.placed[..behind].iter().rev();
        let near = before.take_while(|one| one.span.source == span.source && one.reach >= span.end);
        let holding = near.filter(|one| one.span.contains(span));
        found.extend(holding.map(|one| one.index));
    }
}

#[cfg(test)]
mod tests {
    use super::Index;
    use crate::ignore::{About, Ignore, Scope};
    use crate::report::Diagnostic;
    use crate::source::{Problem, SourceId, Span};
    use proptest::prelude::*;

    fn ignore(places: Vec<Span>) -> Ignore {
        Ignore {
            rule: "scan-on-push".into(),
            rule_span: Span::default(),
            scope: Scope::Places(places),
            reason: "x".into(),
            owner: None,
            expires: None,
            foreign: false,
        }
    }

    fn span() -> impl Strategy<Value = Span> {
        let parts = (0u32..2, 0usize..20, 0usize..8);
        parts.prop_map(|(source, start, length)| Span::new(SourceId(source), start, start + length))
    }

    proptest! {
        #[test]
        fn the_index_finds_what_a_look_at_each_ignore_finds(
            places in prop::collection::vec(prop::collection::vec(span(), 0..3), 0..12),
            place in span(),
            at in span(),
        ) {
            let ignores: Vec<Ignore> = places.into_iter().map(ignore).collect();
            let diagnostic = Diagnostic::from_problem("scan-on-push", Problem::new(at, "x"));
            let about = About { names: &[], place };
            let fits = |one: &Ignore| one.scope.holds(about) || one.scope.reaches(at);
            let expected: Vec<usize> = (0..ignores.len()).filter(|at| fits(&ignores[*at])).collect();
            prop_assert_eq!(Index::new(&ignores).fitting(&diagnostic, &[about]), expected);
        }
    }
}
