//! What the command line says about the rules of a run, over what the configuration says.
//! It does not know how severe a rule is.

use super::tool_rules::TOOL_RULES;
use crate::rules::{Rule, RuleSet};

/// Which rules a run is about, and how much of the inputs it sees. The default is what nobody asked for.
#[derive(Clone, Debug, Default)]
pub struct RuleSelection {
    /// Rule sets that are on besides those of the configuration.
    pub sets: Vec<String>,
    /// Ids of rules that are on besides: those of a folder that the user named.
    pub own: Vec<String>,
    /// Ids, categories and sets of the only rules that are on; all are meant where it is empty.
    pub only: Vec<String>,
    /// Ids, categories and sets of rules that are off.
    pub without: Vec<String>,
    /// Whether the run sees a part of the inputs that the configuration speaks about.
    pub is_partial: bool,
}

/// Whether a rule is on, before the configuration is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// By its own name, whatever the configuration says.
    On,
    /// As one of several, unless the configuration switches it off.
    OnUnlessOff,
    /// Nobody asked for it: the configuration decides.
    Open,
    /// It is off.
    Off,
}

impl RuleSelection {
    /// What is wished for a rule.
    pub(super) fn wish(&self, rule: &Rule) -> Wish {
        let own = |name: &String| name == rule.id();
        let is_in = |names: &[String]| names.iter().any(|name| own(name) || is_of(rule, name));
        let in_set = || self.sets.iter().any(|set| rule.logic().is_in(set));
        if is_in(&self.without) {
            Wish::Off
        } else if self.only.iter().any(own) {
            Wish::On
        } else if is_in(&self.only) || in_set() {
            Wish::OnUnlessOff
        } else if !self.only.is_empty() {
            Wish::Off
        } else if self.own.iter().any(own) {
            Wish::OnUnlessOff
        } else {
            Wish::Open
        }
    }

    /// Whether a run was narrowed, so that a rule that is off may be one that is on in other runs.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !(self.only.is_empty() && self.without.is_empty())
    }

    /// Everything that rules can be chosen by: ids, categories and sets, those of the tool included.
    #[must_use]
    pub fn names(rules: &RuleSet) -> Vec<&str> {
        let mut names: Vec<&str> = TOOL_RULES.iter().map(|rule| rule.id).collect();
        for rule in rules.iter() {
            let logic = rule.logic();
            names.extend([logic.id.as_str(), logic.category.as_str()]);
            names.extend(logic.sets.iter().map(String::as_str));
        }
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Whether a rule belongs to a category or set.
fn is_of(rule: &Rule, name: &str) -> bool {
    let logic = rule.logic();
    logic.category == name || logic.is_in(name)
}
