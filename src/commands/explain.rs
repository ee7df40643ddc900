//! `ecrlint explain`: prints one rule's documentation with the real output of its failing example.

use super::examples;
use super::{Error, setup::Setup, terminal::Terminal};
use crate::cli::ExplainArgs;
use crate::engine;
use crate::ignore::rule_id;
use crate::render::Options;
use crate::rules::{self, Rule, RuleSet};
use crate::source::nearest;

/// Columns before and behind an example on a page that is drawn.
const MARGIN: usize = 4;

pub(super) fn run(args: &ExplainArgs, terminal: &mut Terminal) -> Result<u8, Error> {
    let id = rule_id(&args.rule);
    if let Some(rule) = engine::tool_rule(id) {
        return terminal.print_page(&rule.markdown());
    }
    let setup = Setup::load(&args.rule_args, terminal)?;
    let rule = find(&setup.rules, id)?;
    let page = match terminal.reader() {
        Some(reader) => page_for(
            rule,
            &Options {
                width: reader.width.saturating_sub(MARGIN),
                unicode: reader.unicode,
                ..examples::look()
            },
        ),
        None => page(rule),
    };
    terminal.print_page(&page)
}

/// The documentation of a rule as Markdown, with what it really says about its failing example.
pub(super) fn page(rule: &Rule) -> String {
    page_for(rule, &examples::look())
}

/// The same with the example in this look.
fn page_for(rule: &Rule, look: &Options) -> String {
    rules::markdown(rule, example_output(rule, look).as_deref())
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
fn example_output(rule: &Rule, look: &Options) -> Option<String> {
    let example = rule.documentation().examples.fail.first()?;
    Some(examples::run(rule, example).show_in(look))
}
