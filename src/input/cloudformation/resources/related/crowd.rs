//! Which SSM parameters are looked at for a repository where the template has more of both than any stack can hold.
//! It does not know what the parameters hold.

use rustc_hash::FxHashMap;

use super::candidate::{ParameterCandidate, ParameterSigns};
use crate::input::cloudformation::expression::evaluate::Reads;
use crate::model::Shape;

/// Parameters and repositories that are compared, each with each: a stack of 500 resources can have 250 of both.
const MOST_PAIRS: usize = 62_500;

/// Why parameters were not compared with a repository.
pub(super) const TOO_MANY: &str =
    "the template has more SSM parameters and repositories than are compared with each other";

/// Finds the parameters that are certainly about a repository, without looking at all of them.
pub(super) struct Crowd {
    /// Numbers of parameters, by the logical id that their value is an attribute of.
    references: FxHashMap<String, Vec<usize>>,
    /// Numbers of parameters, by their value.
    values: FxHashMap<Shape, Vec<usize>>,
    /// How many of each are looked at for one repository.
    most: usize,
}

impl Crowd {
    /// `None` where a template has few enough for each to be compared with each.
    pub(super) fn of(parameters: &[ParameterCandidate<'_>], repositories: usize) -> Option<Self> {
        let is_near = |one: &&ParameterCandidate<'_>| {
            one.is_named_alike || one.is_conditional || one.reads != Reads::default()
        };
        let near = parameters.iter().filter(is_near).count();
        if near.saturating_mul(repositories) <= MOST_PAIRS {
            return None;
        }
        let mut crowd = Self {
            references: FxHashMap::default(),
            values: FxHashMap::default(),
            most: (MOST_PAIRS / repositories).max(1),
        };
        for (number, parameter) in parameters.iter().enumerate() {
            if let Some(reference) = parameter.value.value.reference() {
                let id = reference.logical_id.clone();
                crowd.references.entry(id).or_default().push(number);
            }
            if let Some(shape) = &parameter.shape {
                crowd.values.entry(shape.clone()).or_default().push(number);
            }
        }
        Some(crowd)
    }

    /// The numbers of the parameters whose value is an attribute of the repository or its key, or says the same.
    pub(super) fn near(&self, identity: &ParameterSigns<'_, '_>) -> Vec<usize> {
        let ids = identity.ids().into_iter().flatten();
        let referring = ids.filter_map(|id| self.references.get(id));
        let equal = identity.shapes.iter();
        let equal = equal.filter_map(|(_, shape)| self.values.get(shape));
        let found = referring.chain(equal);
        let numbers = found.flat_map(|all| all.iter().take(self.most));
        let mut numbers: Vec<usize> = numbers.copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}
