//! Remembers which rules are kept by repositories that say the same where those rules look.
//! It does not know how rules judge.
//!
//! Repositories of one builder differ in their names and little else, so that most rules have been asked
//! the very same thing before. Only verdicts without a finding are remembered: a finding has a place.

use std::cell::RefCell;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::active::ActiveRule;
use crate::model::facts::{Described, Run};
use crate::model::{NodeId, Said};
use crate::report::Verdict;

/// Answers that are remembered at once; beyond it everything is forgotten.
const MOST: usize = 20_000;
/// Bytes of values that are remembered; beyond it everything is forgotten.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Questions of a group before it is given up because hardly any was asked before.
const TRIES: u32 = 64;

/// Rules that look at the same members of the repository document.
#[derive(Debug)]
struct Group {
    /// Positions in [`Groups::members`].
    members: Vec<usize>,
    /// Positions in the plan.
    rules: Vec<usize>,
}

/// The rules of a run by what they look at.
#[derive(Debug)]
pub(super) struct Groups {
    run: Run,
    members: Vec<String>,
    groups: Vec<Group>,
    rules: usize,
}

/// What one repository says, and which verdicts follow from it.
#[derive(Debug)]
pub(super) struct Recalled {
    /// By position in the plan.
    verdicts: Vec<Option<Verdict>>,
    /// What was asked, by group; nothing for those that were given up or were known.
    questions: Vec<Option<Box<[u32]>>>,
}

/// What a thread remembers of a run.
#[derive(Debug, Default)]
struct Memory {
    run: Option<Run>,
    /// Numbers of values, by what they say.
    contents: FxHashMap<Box<[u8]>, u32>,
    /// Bytes of all values.
    size: usize,
    /// Verdicts of the rules of a group, by the group and the numbers of what they look at.
    verdicts: FxHashMap<Box<[u32]>, Box<[Option<Verdict>]>>,
    /// Of each group, how many questions were asked, and how many of them for the first time.
    tries: Vec<(u32, u32)>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

impl Groups {
    /// Sorts the rules of a run.
    pub(super) fn of(active: &[ActiveRule<'_>], run: Run) -> Self {
        let mut members: Vec<String> = Vec::new();
        let mut groups: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
        for (rule, active) in active.iter().enumerate() {
            let Some(reads) = active.rule.reads() else {
                continue;
            };
            let reads = reads.into_iter().map(|name| {
                let known = members.iter().position(|known| known == name);
                known.unwrap_or_else(|| {
                    members.push(name.to_owned());
                    members.len() - 1
                })
            });
            groups.entry(reads.collect()).or_default().push(rule);
        }
        let groups = groups.into_iter();
        Self {
            run,
            members,
            groups: groups
                .map(|(members, rules)| Group { members, rules })
                .collect(),
            rules: active.len(),
        }
    }

    /// What is remembered of other repositories that say the same.
    pub(super) fn recall(&self, described: &Described) -> Recalled {
        MEMORY.with_borrow_mut(|memory| {
            memory.start(self);
            memory.recall(self, described)
        })
    }

    /// Remembers what was judged, by position in the plan; what is no verdict, or comes with a finding,
    /// is asked again.
    pub(super) fn keep(&self, recalled: Recalled) {
        MEMORY.with_borrow_mut(|memory| {
            for (group, question) in self.groups.iter().zip(recalled.questions) {
                if let Some(question) = question {
                    let verdicts = group.rules.iter().map(|rule| recalled.verdicts[*rule]);
                    memory.verdicts.insert(question, verdicts.collect());
                }
            }
        });
    }
}

impl Recalled {
    /// The verdict of the rule at this position of the plan, where it is known.
    pub(super) fn verdict(&self, rule: usize) -> Option<Verdict> {
        self.verdicts[rule]
    }

    /// Adds what the rule at this position of the plan has said.
    pub(super) fn add(&mut self, rule: usize, verdict: Verdict) {
        if matches!(verdict, Verdict::Pass | Verdict::NotApplicable) {
            self.verdicts[rule] = Some(verdict);
        }
    }
}

impl Memory {
    /// Forgets other runs, and what has become too much.
    fn start(&mut self, groups: &Groups) {
        let is_full = self.verdicts.len() > MOST || self.size > MOST_BYTES;
        if self.run != Some(groups.run) || is_full {
            let tries = match self.run == Some(groups.run) {
                true => std::mem::take(&mut self.tries),
                false => vec![(0, 0); groups.groups.len()],
            };
            *self = Self {
                run: Some(groups.run),
                tries,
                ..Self::default()
            };
        }
    }

    fn recall(&mut self, groups: &Groups, described: &Described) -> Recalled {
        let mut recalled = Recalled {
            verdicts: vec![None; groups.rules],
            questions: Vec::with_capacity(groups.groups.len()),
        };
        let mut said = Said::default();
        // The organisation is one and the same within a run.
        let around = [described.declared, described.registry];
        let around = self.number(described, around.into_iter(), &mut said);
        let document = described.document.value(described.repository);
        let mut numbers: Vec<Option<u32>> = vec![None; groups.members.len()];
        for (index, group) in groups.groups.iter().enumerate() {
            let (asked, new) = self.tries[index];
            if asked >= TRIES && new > asked / 4 * 3 {
                recalled.questions.push(None);
                continue;
            }
            let has_organisation = u32::from(described.organisation.is_some());
            let own = u32::try_from(index).unwrap_or(u32::MAX);
            let mut question = vec![own, around, has_organisation];
            for &member in &group.members {
                let number = numbers[member].unwrap_or_else(|| {
                    let value = document.get(&groups.members[member]);
                    let id = value.map(|value| value.id());
                    self.number(described, std::iter::once(id), &mut said)
                });
                numbers[member] = Some(number);
                question.push(number);
            }
            let known = self.verdicts.get(question.as_slice());
            self.tries[index] = (asked.saturating_add(1), new + u32::from(known.is_none()));
            let Some(known) = known else {
                recalled.questions.push(Some(question.into_boxed_slice()));
                continue;
            };
            for (rule, verdict) in group.rules.iter().zip(known) {
                recalled.verdicts[*rule] = *verdict;
            }
            recalled.questions.push(None);
        }
        recalled
    }

    /// A number for what values say: the same for those that say the same.
    fn number(
        &mut self,
        described: &Described,
        values: impl Iterator<Item = Option<NodeId>>,
        said: &mut Said,
    ) -> u32 {
        said.clear();
        for value in values {
            said.add(value.map(|id| described.document.value(id)));
        }
        if let Some(number) = self.contents.get(said.bytes()) {
            return *number;
        }
        let number = u32::try_from(self.contents.len()).unwrap_or(u32::MAX);
        self.size += said.bytes().len();
        self.contents.insert(said.bytes().into(), number);
        number
    }
}
