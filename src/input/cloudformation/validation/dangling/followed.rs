//! The conditions that resources depend on, each of them looked at once, however many resources ask for it.
//! It does not know what resources refer to otherwise.

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::super::condition_circles::{MOST_STEPS, of_conditions};
use super::super::edge::Edge;
use super::ReferenceWalk;
use crate::input::cloudformation::template::flaw::{Flaw, MOST};
use crate::input::cloudformation::template::sections::Resource;
use crate::source::Span;

/// The attribute of a resource under which no property or function stands.
const UNREAD: [&str; 2] = ["Metadata", "Type"];

/// Conditions that are followed from one resource: far more than anybody writes.
const MOST_CONDITIONS: usize = 200;

/// What was found in the conditions that any resource depends on, each of them looked at once.
#[derive(Debug)]
pub(crate) struct FollowedConditions<'t> {
    known: FxHashMap<&'t str, Rc<OfCondition<'t>>>,
    /// Steps that searches for circles may still take.
    steps: usize,
}

/// What is found in one condition.
#[derive(Debug)]
struct OfCondition<'t> {
    found: Vec<Flaw>,
    named: BTreeMap<&'t str, Vec<Edge<'t>>>,
    /// The conditions that it asks for, and where.
    asked: Vec<(&'t str, Span)>,
}

impl Default for FollowedConditions<'_> {
    fn default() -> Self {
        Self {
            known: FxHashMap::default(),
            steps: MOST_STEPS,
        }
    }
}

impl<'t> ReferenceWalk<'_, 't> {
    /// Looks at all that a resource refers to, and at the conditions that it depends on.
    pub(crate) fn resource(&mut self, resource: &Resource<'t>, known: &mut FollowedConditions<'t>) {
        for member in resource.node.members() {
            match member.key {
                "DependsOn" => self.needed(member.value),
                "Condition" => {
                    if let Some(name) = member.value.as_str() {
                        self.condition(name, member.value.span());
                    }
                }
                key if UNREAD.contains(&key) => {}
                _ => self.node(member.value),
            }
        }
        self.follow(known);
    }

    /// Adds what is found in the conditions that were asked for, and in those that these ask for.
    fn follow(&mut self, known: &mut FollowedConditions<'t>) {
        let mut seen: BTreeMap<&'t str, Rc<OfCondition<'t>>> = BTreeMap::new();
        let mut pending = std::mem::take(&mut self.asked);
        while let Some((name, _)) = pending.pop() {
            if seen.len() >= MOST_CONDITIONS || seen.contains_key(name) {
                continue;
            }
            let Some(condition) = self.of_condition(name, known) else {
                continue;
            };
            self.found.extend(condition.found.iter().cloned());
            for edge in condition.named.values().flatten() {
                self.edge(edge.clone());
            }
            pending.extend(&condition.asked);
            seen.insert(name, condition);
        }
        let asked = seen
            .iter()
            .map(|(name, one)| (*name, one.asked.as_slice()))
            .collect();
        self.found.extend(of_conditions(&asked, &mut known.steps));
    }

    /// What is found in a condition.
    fn of_condition(
        &self,
        name: &'t str,
        known: &mut FollowedConditions<'t>,
    ) -> Option<Rc<OfCondition<'t>>> {
        if let Some(known) = known.known.get(name) {
            return Some(Rc::clone(known));
        }
        let template = self.template;
        let node = template.conditions.and_then(|all| all.get(name))?;
        let mut walk = ReferenceWalk {
            is_inside: true,
            ..ReferenceWalk::new(template)
        };
        walk.found
            .extend(template.doubled.conditions.get(name).cloned());
        walk.node(node);
        walk.found.truncate(MOST);
        let found = Rc::new(OfCondition {
            found: walk.found,
            named: walk.named,
            asked: walk.asked,
        });
        known.known.insert(name, Rc::clone(&found));
        Some(found)
    }
}
