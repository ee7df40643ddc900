//! Whether there is the rule that an ignore names, and whether it can be ignored.
//! It does not know what ignores are applied to.

use super::tool_rules::tool_rule;
use crate::ignore::Ignore;
use crate::source::{Problem, nearest};

/// What is wrong with the rule of an ignore, of which these are `known`.
pub(super) fn mistake(ignore: &Ignore, known: &[&str]) -> Option<Problem> {
    let (rule, span) = (&ignore.rule, ignore.rule_span);
    if let Some(tool) = tool_rule(rule) {
        let problem = Problem::new(span, format!("`{rule}` cannot be ignored"));
        return Some(
            problem
                .label("a rule of the tool itself")
                .help(match tool.configurable {
                    true => {
                        "mend what it says, or set its severity by `rules:` in the configuration"
                    }
                    false => "mend what it says",
                }),
        );
    }
    if known.contains(&rule.as_str()) {
        return None;
    }
    let help = match nearest(rule, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "list what there is with `ecrlint rules`".to_owned(),
    };
    let problem = Problem::new(span, format!("an ignore names an unknown rule: `{rule}`"));
    Some(problem.label("unknown name").help(help))
}
