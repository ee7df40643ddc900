//! `ecrlint explain`: prints one rule's documentation with the real output of its failing example.

use super::examples;
use super::{Error, setup::Setup, terminal::Terminal};
use crate::cli::ExplainArgs;
use crate::engine;
use crate::ignore::rule_id;
use crate::rules::{self, Rule, RuleSet};
use crate::source::nearest;

pub(super) fn run(args: &ExplainArgs, terminal: &mut Terminal) -> Result<u8, Error> {
    let id = rule_id(&args.rule);
    if let Some(rule) = engine::tool_rule(id) {
        return terminal.print_text(&rule.markdown());
    }
    let setup = Setup::load(&args.rule_args, terminal)?;
    let rule = find(&setup.rules, id)?;
    terminal.print_text(&page(rule))
}

/// The documentation of a rule as Markdown, with what it really says about its failing example.
pub(super) fn page(rule: &Rule) -> String {
    rules::markdown(rule, example_output(rule).as_deref())
}

/// The rule of that id; a near miss is named.
fn find<'r>(rules: &'r RuleSet, id: &str) -> Result<&'r Rule, Error> {
    rules.get(id).ok_or_else(|| {
        let tool = engine::TOOL_RULES.iter().map(|rule| rule.id);
        let help = match nearest(id, rules.iter().map(Rule::id).chain(tool)) {
            Some(close) => format!("did you mean `{close}`?"),
            None => "list the rules with `ecrlint rules`".to_owned(),
        };
        Error::Usage(format!("there is no rule `{id}`; {help}"))
    })
}

/// What a user sees for the first failing example.
fn example_output(rule: &Rule) -> Option<String> {
    let example = rule.documentation().examples.fail.first()?;
    Some(examples::run(rule, example).show())
}
