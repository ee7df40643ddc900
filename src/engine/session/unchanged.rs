//! Which facts say of one variant of an entity what they say of another: a rule that depends on nothing else has the same
//! verdict on both. It does not know rules.

use super::described::JudgedVariant;
use crate::engine::active::ActiveRule;
use crate::model::Document;
use crate::model::facts::{DescribedNodes, FACTS, FactSet};
use crate::report::{Verdict, Verdicts};

/// Nodes of two variants that are compared; what is larger counts as different.
const MOST_COMPARED: usize = 1_000;

/// What is left as it was from one variant to the next.
pub(super) struct Unchanged<'v> {
    facts: FactSet,
    verdicts: &'v Verdicts,
}

impl<'v> Unchanged<'v> {
    /// Compares a variant with one that was judged before; the nodes of both are in `document`. `None`
    /// where what is beside the repository document differs.
    pub(super) fn between(
        before: JudgedVariant<'v>,
        now: &DescribedNodes,
        document: &Document,
    ) -> Option<Self> {
        let mut room = MOST_COMPARED;
        let mut is_like = |one, other| {
            document
                .value(one)
                .is_like(document.value(other), &mut room)
        };
        let beside = |nodes: &DescribedNodes| [nodes.declared, nodes.registry, nodes.organisation];
        let mut beside = beside(before.nodes).into_iter().zip(beside(now));
        let is_same = beside.all(|pair| match pair {
            (Some(one), Some(other)) => is_like(one, other),
            (None, None) => true,
            _ => false,
        });
        if !is_same {
            return None;
        }
        let [old, new] = [before.nodes.repository, now.repository].map(|id| document.value(id));
        // Both are written by the rows, in their order; what one of them lacks differs.
        let (mut old, mut new) = (old.members().peekable(), new.members().peekable());
        let mut facts = FactSet::NONE;
        for row in FACTS {
            let one = old.next_if(|(name, _)| *name == row.name);
            let other = new.next_if(|(name, _)| *name == row.name);
            let is_same = match (one, other) {
                (Some((_, one)), Some((_, other))) => is_like(one.id(), other.id()),
                (None, None) => true,
                _ => false,
            };
            if is_same {
                facts = facts.with(row.fact);
            }
        }
        Some(Self {
            facts,
            verdicts: before.verdicts,
        })
    }

    /// The verdict of the rule that judged the other variant as the one of this number, if this one has it, too. What a
    /// finding says may depend on more, and whether it is ignored.
    pub(super) fn verdict(&self, active: &ActiveRule<'_>, number: usize) -> Option<Verdict> {
        let verdict = self.verdicts.at(number)?;
        let is_kept = matches!(verdict, Verdict::Pass | Verdict::NotApplicable)
            && active.deciding_facts()?.is_within(self.facts);
        is_kept.then_some(verdict)
    }
}
