//! Finds the ignores that speak about a finding, however many there are.
//! It does not know what follows from them.

use rustc_hash::FxHashMap;

use super::literals::Literals;
use crate::engine::tool_rules::tool_rule;
use crate::ignore::{FindingTarget, Ignore, IgnoreScope};
use crate::report::Diagnostic;
use crate::source::Span;

/// The ignores of a run by rule. Those of the rules of the tool itself are left out: what the tool
/// says about itself is never ignored.
pub(super) struct IgnoreIndex<'a> {
    ignores: &'a [Ignore],
    by_rule: FxHashMap<&'a str, OfRule>,
    /// Of each ignore, the number of its rule.
    rules: Vec<usize>,
    literals: Literals<'a>,
}

/// The ignores of one rule.
#[derive(Default)]
struct OfRule {
    /// Sorted.
    placed: Vec<IgnoreRange>,
    /// Counted from zero.
    number: usize,
}

/// The ignores that speak about something by its names: the numbers of their rules with their own, sorted.
pub(super) type NamedIgnores = Vec<(usize, usize)>;

/// The number of the rules of which nothing is ignored.
const OF_TOOL: usize = usize::MAX;

/// A range of text with the ignore that it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct IgnoreRange {
    span: Span,
    index: usize,
    /// The largest end of this range and those before it in the same source.
    reach: u32,
}

impl<'a> IgnoreIndex<'a> {
    pub(super) fn new(ignores: &'a [Ignore]) -> Self {
        let mut by_rule: FxHashMap<&str, OfRule> = FxHashMap::default();
        let mut literals = Literals::default();
        let mut rules = Vec::with_capacity(ignores.len());
        for (index, ignore) in ignores.iter().enumerate() {
            if let IgnoreScope::Named(pattern) = &ignore.scope {
                literals.add(pattern.as_str(), index);
            }
            if tool_rule(&ignore.rule).is_some() {
                rules.push(OF_TOOL);
                continue;
            }
            let number = by_rule.len();
            let new = || OfRule {
                number,
                ..OfRule::default()
            };
            let own = by_rule.entry(&ignore.rule).or_insert_with(new);
            rules.push(own.number);
            if let IgnoreScope::Places(places) = &ignore.scope {
                own.placed.extend(places.iter().map(|span| IgnoreRange {
                    span: *span,
                    index,
                    reach: span.end,
                }));
            }
        }
        for own in by_rule.values_mut() {
            own.sort();
        }
        Self {
            ignores,
            by_rule,
            rules,
            literals,
        }
    }

    /// The ignores that mean something by its names, those of all rules.
    pub(super) fn matching(&self, about: FindingTarget<'_>) -> NamedIgnores {
        let near = self.literals.near(about.names);
        let holding = near.filter(|index| self.ignores[*index].scope.holds(about));
        let mut named: NamedIgnores = holding.map(|index| (self.rules[index], index)).collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    /// The indices of the ignores that speak about a finding, in their order: about any of what it is found
    /// about, or about where it points.
    pub(super) fn fitting(
        &self,
        diagnostic: &Diagnostic,
        abouts: &[(Span, &NamedIgnores)],
    ) -> Vec<usize> {
        let Some(own) = self.by_rule.get(diagnostic.rule.as_str()) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (place, named) in abouts {
            let first = named.partition_point(|(rule, _)| *rule < own.number);
            let of_rule = named[first..].iter();
            let of_rule = of_rule.take_while(|(rule, _)| *rule == own.number);
            found.extend(of_rule.map(|(_, index)| *index));
            own.enclosing(*place, &mut found);
        }
        own.enclosing(diagnostic.primary.span, &mut found);
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
    fn enclosing(&self, span: Span, found: &mut Vec<usize>) {
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
    use super::IgnoreIndex;
    use crate::ignore::{FindingTarget, Ignore, IgnoreScope, NamePattern};
    use crate::report::Diagnostic;
    use crate::source::{Problem, SourceId, Span};
    use proptest::prelude::*;

    fn ignore(places: Vec<Span>) -> Ignore {
        Ignore {
            rule: "scan-on-push".into(),
            rule_span: Span::default(),
            scope: IgnoreScope::Places(places),
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
            let about = FindingTarget { names: &[], place };
            let fits = |one: &Ignore| one.scope.holds(about) || one.scope.reaches(at);
            let expected: Vec<usize> = (0..ignores.len()).filter(|at| fits(&ignores[*at])).collect();
            let index = IgnoreIndex::new(&ignores);
            let named = index.matching(about);
            prop_assert_eq!(index.fitting(&diagnostic, &[(place, &named)]), expected);
        }

        #[test]
        fn no_ignore_is_missed_by_what_its_pattern_spells(
            globs in prop::collection::vec(r"([ab/*?]|\\*\\*/?|/\\*\\*|\[ab\]|\{a,b/\}|\\\\a){1,6}", 1..8),
            names in prop::collection::vec("[ab/]{0,6}", 0..3),
        ) {
            let patterns = globs.iter().filter_map(|glob| NamePattern::new(glob).ok());
            let named = |pattern| Ignore { scope: IgnoreScope::Named(pattern), ..ignore(Vec::new()) };
            let ignores: Vec<Ignore> = patterns.map(named).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let about = FindingTarget { names: &names, place: Span::default() };
            let holding = ignores.iter().map(|one| one.scope.holds(about)).enumerate();
            let expected: Vec<_> = holding.filter_map(|(at, holds)| holds.then_some((0, at))).collect();
            prop_assert_eq!(IgnoreIndex::new(&ignores).matching(about), expected);
        }
    }
}
