//! `ecrlint explain`: prints one rule's documentation with the real output of its failing example.

use super::examples;
use super::{CommandError, setup::Setup, terminal::Terminal};
use crate::cli::ExplainArgs;
use crate::engine;
use crate::ignore::rule_id;
use crate::render::RenderOptions;
use crate::rules::{self, Rule, RuleSet};
use crate::source::nearest;

/// Columns before and behind an example on a page that is drawn.
const MARGIN: usize = 4;

pub(super) fn run(args: &ExplainArgs, terminal: &mut Terminal) -> Result<u8, CommandError> {
    let id = rule_id(&args.rule);
    if let Some(rule) = engine::tool_rule(id) {
        return terminal.print_page(&rule.markdown());
    }
    let setup = Setup::load(&args.rule_args, terminal)?;
    if setup.rules.get(id).is_none()
        && let Some(text) = control(&setup.rules, &args.rule)
    {
        return terminal.print_text(&text);
    }
    let rule = find(&setup.rules, id)?;
    let page = match terminal.reader() {
        Some(reader) => page_for(
            rule,
            &RenderOptions {
                width: reader.width.saturating_sub(MARGIN),
                unicode: reader.unicode,
                ..examples::look()
            },
        ),
        None => page(rule),
    };
    terminal.print_page(&page)
}

/// What stands for a control of some framework: its rules, and the page of the only one.
fn control(rules: &RuleSet, wanted: &str) -> Option<String> {
    let mut text = String::new();
    let mut found: Vec<&Rule> = Vec::new();
    for rule in rules.iter() {
        for (framework, controls) in &rule.documentation().controls {
            let mut own = controls.iter();
            let Some(control) = own.find(|own| is_called(own, framework, wanted)) else {
                continue;
            };
            if text.is_empty() {
                text =
                    format!("# {control}\n\nRules that stand for this control of {framework}:\n\n");
            }
            if found.last().is_none_or(|last| last.id() != rule.id()) {
                text.push_str(&format!("- `{}`: {}\n", rule.id(), rule.logic().title));
                found.push(rule);
            }
        }
    }
    match found.as_slice() {
        [] => None,
        [only] => Some(format!("{text}\n{}", page(only))),
        _ => Some(text + "\n`ecrlint explain RULE` says more about one of them.\n"),
    }
}

/// Whether a control is meant: by its id, with or without the framework in front (`aws-fsbp:ECR.1`). Trivy has left
/// the `AVD-` of its ids away.
fn is_called(control: &str, framework: &str, wanted: &str) -> bool {
    let wanted = match wanted.split_once(':') {
        Some((own, rest)) if own.eq_ignore_ascii_case(framework) => rest,
        _ => wanted,
    };
    let bare = |id: &str| {
        let id = id.to_ascii_uppercase();
        id.strip_prefix("AVD-").map(str::to_owned).unwrap_or(id)
    };
    bare(control) == bare(wanted)
}

/// The documentation of a rule as Markdown, with what it really says about its failing example.
pub(super) fn page(rule: &Rule) -> String {
    page_for(rule, &examples::look())
}

/// The same with the example in this look.
fn page_for(rule: &Rule, look: &RenderOptions) -> String {
    rules::markdown(rule, example_output(rule, look).as_deref())
}

/// The rule of that id; a near miss is named.
fn find<'r>(rules: &'r RuleSet, id: &str) -> Result<&'r Rule, CommandError> {
    rules.get(id).ok_or_else(|| {
        let tool = engine::TOOL_RULES.iter().map(|rule| rule.id);
        let controls = rules.iter().flat_map(|rule| &rule.documentation().controls);
        let controls = controls.flat_map(|(_, ids)| ids.iter().map(String::as_str));
        let known = rules.iter().map(Rule::id).chain(tool).chain(controls);
        let help = match nearest(id, known) {
            Some(close) => format!("did you mean `{close}`?"),
            None => "list the rules with `ecrlint rules`".to_owned(),
        };
        CommandError::Usage(format!("there is no rule `{id}`; {help}"))
    })
}

/// What a user sees for the first failing example.
fn example_output(rule: &Rule, look: &RenderOptions) -> Option<String> {
    let example = rule.documentation().examples.fail.first()?;
    Some(examples::run(rule, example).show_in(look))
}
