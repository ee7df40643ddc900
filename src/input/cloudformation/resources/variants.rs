//! Loads a repository once for every combination of conditions under which it differs.
//! It does not know how conditions are decided, nor what a repository is made of.

use std::collections::BTreeMap;

use super::related::Related;
use super::repository::{self, RepositoryDraft};
use crate::input::cloudformation::conditions::choices::{
    Asking, Choice, MOST, MOST_IN_ALL, facts, open_conditions, turn,
};
use crate::input::cloudformation::conditions::compile::{Conditions, Ways};
use crate::input::cloudformation::conditions::valuation::Valuation;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::setting::TemplateSetting;
use crate::input::cloudformation::template::sections::Resource;
use crate::input::{Context, Loaded};
use crate::model::{AssumedOutcome, Assumption, Document, Entity};
use crate::source::Tree;

/// Attempts until the conditions that are reached stay the same.
const MOST_ATTEMPTS: usize = 10;

/// Combinations of values of parameters that are looked at where all of them are too many.
const FEW: usize = 8;

/// Questions about conditions that other repositories depend on.
const MOST_QUESTIONS: usize = 2_000;

/// Loads the repositories of one template in all their variants.
pub(crate) struct Variants<'s, 't> {
    setting: &'s TemplateSetting<'t>,
    conditions: &'s Conditions<'t>,
    related: &'s Related<'t>,
    /// Memory in which the document of each resource is written.
    room: Document,
    /// Combinations that are left for repositories with more than one.
    left: usize,
    /// The combination behind each variant that depends on one, by its number.
    paths: Vec<(usize, Vec<Choice<'t>>)>,
}

impl<'s, 't> Variants<'s, 't> {
    /// Nothing is loaded yet.
    pub(crate) fn new(
        setting: &'s TemplateSetting<'t>,
        conditions: &'s Conditions<'t>,
        related: &'s Related<'t>,
    ) -> Self {
        Self {
            setting,
            conditions,
            related,
            room: Document::for_repository(),
            left: MOST_IN_ALL,
            paths: Vec::new(),
        }
    }

    /// Loads the variants of one repository, next to each other.
    ///
    /// A combination is found while it is evaluated: a condition that is reached and can turn out
    /// either way is looked at one way first, and the other way once all behind the first one is done.
    pub(crate) fn load(
        &mut self,
        resource: &Resource<'t>,
        embedded: &mut Tree,
        loaded: &mut Loaded,
    ) {
        let related = self.related;
        let mut room = std::mem::take(&mut self.room);
        let mut draft = RepositoryDraft::in_room(&mut room, embedded);
        let first = loaded.entities.len();
        self.load_with(loaded, &mut |evaluator: &Evaluator<'t, '_>, loaded| {
            repository::load(evaluator, resource, related, &mut draft, loaded);
        });
        let document = draft.into_document();
        self.room = room;
        for variant in &mut loaded.entities[first..] {
            variant.document = document.clone();
        }
    }

    /// Loads the variants of whatever `load` makes of one resource, next to each other.
    ///
    /// `load` is called for every combination of the conditions and values that it reaches; what was chosen in it are
    /// the assumptions of what it loads.
    pub(crate) fn load_with(
        &mut self,
        loaded: &mut Loaded,
        load: &mut impl FnMut(&Evaluator<'t, '_>, &mut Loaded),
    ) {
        let mut left_out = Vec::new();
        for few in [FEW, 1] {
            let Some(seen) = self.each(&left_out, load, loaded) else {
                return;
            };
            // Parameters with many values are left out first.
            let more = too_many(seen, few);
            if more.is_empty() || self.left < MOST {
                break;
            }
            left_out = more;
        }
        let asking = match self.left < MOST {
            false => Asking::NoLonger,
            true => Asking::NoLongerAtAll,
        };
        let variant = self.loader(asking, &[]).settle(Vec::new(), load);
        self.keep(vec![variant], loaded);
    }

    /// Loads every variant of one resource; where these are too many, how many values each of the parameters
    /// has that they depend on.
    fn each(
        &mut self,
        left_out: &[&'t str],
        load: &mut impl FnMut(&Evaluator<'t, '_>, &mut Loaded),
        loaded: &mut Loaded,
    ) -> Option<BTreeMap<&'t str, usize>> {
        let mut variants = Vec::new();
        let mut path = Vec::new();
        let mut seen = BTreeMap::new();
        let most = MOST.min(self.left);
        for _ in 0..most {
            let loader = self.loader(Asking::Each, left_out);
            let (variant, reached) = loader.settle(path, load);
            for choice in &reached {
                if let AssumedOutcome::Value(_) = choice.way.outcome {
                    let values = seen.entry(choice.name).or_insert(0);
                    *values = choice.others.len().saturating_add(1).max(*values);
                }
            }
            variants.push((variant, reached.clone()));
            // Each of these is another combination at least.
            let ahead = open_conditions(&reached);
            path = reached;
            if variants.len() + ahead > most {
                break;
            }
            if !turn(&mut path) {
                // A repository that is the same everywhere costs nothing that is short.
                self.left -= variants.len() - 1;
                self.keep(variants, loaded);
                return None;
            }
        }
        self.left -= most;
        Some(seen)
    }

    fn loader<'l>(&self, asking: Asking, left_out: &'l [&'t str]) -> VariantLoader<'l, 't>
    where
        's: 'l,
    {
        VariantLoader {
            setting: self.setting,
            conditions: self.conditions,
            asking,
            left_out,
        }
    }

    /// Drops what was loaded from a number on: it turned out to be nothing.
    pub(crate) fn forget(&mut self, from: usize, loaded: &mut Loaded) {
        loaded.entities.truncate(from);
        self.paths.retain(|(index, _)| *index < from);
    }

    /// Adds the variants of one repository; what several say about the text is said once.
    fn keep(&mut self, variants: Vec<(Loaded, Vec<Choice<'t>>)>, loaded: &mut Loaded) {
        let (notes, problems) = (loaded.notes.len(), loaded.problems.len());
        for (variant, path) in variants {
            if !variant.entities.is_empty() && !path.is_empty() {
                self.paths.push((loaded.entities.len(), path));
            }
            loaded.entities.extend(variant.entities);
            for note in variant.notes {
                if !loaded.notes[notes..].contains(&note) {
                    loaded.notes.push(note);
                }
            }
            for problem in variant.problems {
                if !loaded.problems[problems..].contains(&problem) {
                    loaded.problems.push(problem);
                }
            }
        }
    }

    /// Says what the variants of one repository mean for the conditions of the others.
    pub(crate) fn imply(self, repositories: &mut [Entity]) {
        let conditions = self.paths.iter().flat_map(|(_, path)| path);
        let conditions: BTreeMap<&str, usize> = conditions
            .filter(|choice| matches!(choice.way.outcome, AssumedOutcome::Condition(_)))
            .filter_map(|choice| Some((choice.name, choice.way.fact?.0)))
            .collect();
        let mut questions = 0;
        for (index, path) in &self.paths {
            let facts = facts(path);
            for (name, formula) in &conditions {
                let is_decided = path.iter().any(|choice| choice.decides(name).is_some());
                if is_decided {
                    continue;
                }
                questions += 1;
                if questions > MOST_QUESTIONS {
                    return;
                }
                if let Ok(Ways::One(holds)) = self.conditions.ways(*formula, &facts) {
                    repositories[*index].implied.push(Assumption {
                        about: (*name).to_owned(),
                        outcome: AssumedOutcome::Condition(holds),
                    });
                }
            }
        }
    }
}

/// The parameters to be left out so that the others have no more than so many combinations of values.
fn too_many(seen: BTreeMap<&str, usize>, most: usize) -> Vec<&str> {
    let mut seen: Vec<_> = seen.into_iter().collect();
    seen.sort_by_key(|(_, values)| *values);
    let mut combinations = 1_usize;
    let left_out = seen.into_iter().filter(|(_, values)| {
        combinations = combinations.saturating_mul(*values);
        combinations > most
    });
    left_out.map(|(name, _)| name).collect()
}

/// How a combination of conditions and values is evaluated.
struct VariantLoader<'l, 't> {
    setting: &'l TemplateSetting<'t>,
    conditions: &'l Conditions<'t>,
    asking: Asking,
    /// Parameters that stay undecided.
    left_out: &'l [&'t str],
}

impl<'t> VariantLoader<'_, 't> {
    /// Evaluates the one that starts with `path`, again until no condition is new: what a condition says about
    /// parameters counts from the beginning.
    fn settle(
        &self,
        mut path: Vec<Choice<'t>>,
        load: &mut impl FnMut(&Evaluator<'t, '_>, &mut Loaded),
    ) -> (Loaded, Vec<Choice<'t>>) {
        for _ in 1..MOST_ATTEMPTS {
            let (loaded, reached, is_settled) = self.attempt(path, load);
            if is_settled {
                return (loaded, reached);
            }
            path = reached;
        }
        let (loaded, reached, _) = self.attempt(path, load);
        (loaded, reached)
    }

    /// Evaluates it once, and says whether nothing was chosen on the way, or all of that leaves the result as it is.
    fn attempt(
        &self,
        path: Vec<Choice<'t>>,
        load: &mut impl FnMut(&Evaluator<'t, '_>, &mut Loaded),
    ) -> (Loaded, Vec<Choice<'t>>, bool) {
        let before = path.len();
        let own = &self.setting.context;
        let context: Option<Context> = match path.as_slice() {
            [] => None,
            path => Some(self.conditions.pinned(own, &facts(path))),
        };
        let context = context.as_ref().unwrap_or(own);
        let valuation = Valuation::new(self.conditions, self.asking, self.left_out, path);
        let evaluator = Evaluator::under(self.setting, context, &valuation);
        let mut loaded = Loaded::default();
        load(&evaluator, &mut loaded);
        // Every condition that matters was decided by now.
        for repository in &mut loaded.entities {
            repository.assumptions = valuation.assumptions();
        }
        let is_settled = valuation.len() == before || valuation.is_settled(&evaluator);
        (loaded, valuation.into_path(), is_settled)
    }
}

#[cfg(test)]
mod tests;
