//! Where a stack is, as far as conditions say so.
//! It does not know what depends on the place.

use super::compile::Conditions;
use super::solver::Fact;
use crate::input::cloudformation::expression::decision::Binding;
use crate::input::{Assumed, Context};
use crate::model::{Partitions, Regions, partition};

/// Values of a variable that are left.
#[derive(Default)]
struct Left {
    texts: Vec<String>,
    ruled_out: Vec<String>,
    /// Whether any other text is.
    others: bool,
}

impl Left {
    fn has(&self, text: &str) -> bool {
        let is_in = |texts: &[String]| texts.iter().any(|it| it == text);
        is_in(&self.texts) || self.others && !is_in(&self.ruled_out)
    }
}

impl Conditions<'_> {
    /// The context with the account, region and partition that `facts` leave open to no other choice.
    pub(crate) fn pinned(&self, context: &Context, facts: &[Fact]) -> Context {
        let mut context = context.clone();
        let value = |name: &str| match self.binding(name, None, facts) {
            Some(Binding::Value(value)) => Some(value),
            _ => None,
        };
        if context.account().is_none() {
            context.environment.account = value("AWS::AccountId");
        }
        if context.region().is_none() {
            context.environment.region = value("AWS::Region");
        }
        if context.region().is_none() {
            let partitions = self.partitions(facts);
            let only = partitions.single();
            let suffix = partition::all().find(|(name, _)| Some(*name) == only);
            let suffix = suffix.map(|(_, suffix)| suffix);
            let or = |known: Option<String>, only: Option<&str>| known.or(only.map(str::to_owned));
            context.assumed = Assumed {
                partition: or(value("AWS::Partition"), only),
                url_suffix: or(value("AWS::URLSuffix"), suffix),
                partitions,
                regions: self.regions(facts),
            };
        }
        context
    }

    /// The partitions that `facts` leave.
    fn partitions(&self, facts: &[Fact]) -> Partitions {
        let all = Partitions::default();
        let all = match self.left("AWS::Partition", facts) {
            Some(left) => all.only(|name, _| left.has(name), left.others),
            None => all,
        };
        let all = match self.left("AWS::URLSuffix", facts) {
            Some(left) => all.only(
                |_, suffix| left.has(suffix),
                left.others || left.has("amazonaws.com"),
            ),
            None => all,
        };
        match self.left("AWS::Region", facts) {
            Some(left) if !left.others => {
                let has = |name: &str| left.texts.iter().any(|it| partition::name(it) == name);
                all.only(|name, _| has(name), false)
            }
            _ => all,
        }
    }

    /// The regions that `facts` leave.
    fn regions(&self, facts: &[Fact]) -> Regions {
        let left = self.left("AWS::Region", facts).unwrap_or(Left {
            others: true,
            ..Left::default()
        });
        Regions {
            ruled_out: left.ruled_out,
            only: (!left.others).then_some(left.texts),
        }
    }

    /// The values that `facts` leave to a variable.
    fn left(&self, name: &str, facts: &[Fact]) -> Option<Left> {
        let state = self.state.borrow();
        let variable = *state.variables.get(name)?;
        let mut left = Left::default();
        for (value, text) in state.domains[variable].iter().enumerate() {
            let is_left = !state.solver.is_possible(facts, variable, value).is_false();
            match text {
                Some(text) if is_left => left.texts.push(text.clone()),
                Some(text) => left.ruled_out.push(text.clone()),
                None => left.others |= is_left,
            }
        }
        Some(left)
    }
}
