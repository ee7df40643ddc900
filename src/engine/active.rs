//! A rule that is on, and what reports know of it.
//! It does not know why it is on.

use std::sync::OnceLock;

use crate::model::facts::FactSet;
use crate::report::{RuleSummary, Severity, Tally};
use crate::rules::{self, Documentation, Rule, Settings};

use super::tool_rules::page;

/// A rule that is on.
#[derive(Debug)]
pub(crate) struct ActiveRule<'r> {
    pub(crate) rule: &'r Rule,
    pub(crate) severity: Severity,
    pub(crate) settings: Settings,
    /// Found out when somebody asks: most runs are over repositories without variants.
    deciding_facts: OnceLock<Option<FactSet>>,
}

impl<'r> ActiveRule<'r> {
    pub(super) fn new(rule: &'r Rule, severity: Severity, settings: Settings) -> Self {
        Self {
            rule,
            severity,
            settings,
            deciding_facts: OnceLock::new(),
        }
    }

    /// What its verdict depends on: see [`Rule::deciding_facts`].
    pub(super) fn deciding_facts(&self) -> Option<FactSet> {
        let found = || self.rule.deciding_facts();
        *self.deciding_facts.get_or_init(found)
    }

    /// What formats need to know about the rule, without its documentation; of that of a rule which was `raised` the
    /// address of its page.
    pub(super) fn summary(&self, raised: bool) -> RuleSummary {
        let logic = self.rule.logic();
        let documentation = raised.then(|| self.rule.documentation());
        RuleSummary {
            id: logic.id.clone(),
            title: logic.title.clone(),
            severity: self.severity,
            why: String::new(),
            markdown: String::new(),
            url: documentation.and_then(|told| self.page(told)),
            controls: Vec::new(),
            security: None,
            category: logic.category.clone(),
            tally: Tally::default(),
        }
    }

    /// The page of the rule on the site; of a user's rule, what it refers to first.
    fn page(&self, documentation: &Documentation) -> Option<String> {
        match self.rule.is_builtin() {
            true => Some(page(self.rule.id())),
            false => documentation.references.first().cloned(),
        }
    }

    /// Adds the documentation.
    pub(super) fn explain(&self, summary: &mut RuleSummary) {
        let documentation = self.rule.documentation();
        documentation.why.trim().clone_into(&mut summary.why);
        summary.markdown = rules::markdown(self.rule, None);
        summary.url = self.page(documentation);
        summary.controls.clone_from(&documentation.controls);
        summary.security.clone_from(&documentation.security);
    }
}
