//! What decides while one side of a comparison is evaluated: nothing but the values that parameters are tried with.
//! It does not know what is compared.

use rustc_hash::FxHashMap;

use crate::input::cloudformation::expression::decision::Binding;
use crate::input::cloudformation::expression::evaluate::{Decisions, Evaluator};
use crate::input::cloudformation::template::mapping::MappingLevel;
use crate::model::Truth;
use crate::source::Node;

/// Values of parameters, by name. Neither defaults nor other conditions decide a condition.
pub(crate) struct TriedValues(pub(crate) FxHashMap<String, Binding>);

impl<'t> Decisions<'t> for TriedValues {
    fn condition(&self, _: &Evaluator<'t, '_>, _: &'t str) -> Truth {
        Truth::unknown("`Fn::If` is not evaluated in conditions")
    }

    fn assume(&self, _: &Evaluator<'t, '_>, _: &'t str) -> bool {
        true
    }

    fn binding(&self, asker: &Evaluator<'t, '_>, name: &str, _: Option<&str>) -> Option<Binding> {
        if let Some(tried) = self.0.get(name) {
            return Some(tried.clone());
        }
        // A default decides no condition.
        let is_given = asker.context.parameters.contains_key(name);
        (!is_given).then(Binding::any_other_value)
    }

    fn is_narrowed(&self, _: &Evaluator<'t, '_>, _: &str, _: Option<&str>) -> bool {
        false
    }

    fn decided_value(
        &self,
        _: &Evaluator<'t, '_>,
        _: &str,
    ) -> Option<Result<Option<String>, String>> {
        None
    }

    fn listed_value(
        &self,
        _: &Evaluator<'t, '_>,
        _: &'t str,
        _: Node<'t>,
    ) -> Option<Result<String, String>> {
        None
    }

    fn key(
        &self,
        _: &Evaluator<'t, '_>,
        _: &MappingLevel<'t>,
    ) -> Option<Result<Option<String>, String>> {
        None
    }

    fn has_values(&self) -> bool {
        false
    }

    fn has_chosen_nothing(&self) -> bool {
        true
    }

    fn undecided(&self) -> Box<dyn Decisions<'t> + '_> {
        Box::new(Self(FxHashMap::default()))
    }
}
