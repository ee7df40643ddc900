//! `ecrlint test`: runs the examples of rules, which are their documentation, and says where one lies.

use super::examples::{self, ExpectedVerdict};
use super::{CommandError, setup::Setup, terminal::Terminal};
use crate::cli::{RuleArgs, TestArgs};
use crate::rules::{Rule, RuleSet};

pub(super) fn run(args: &TestArgs, terminal: &mut Terminal) -> Result<u8, CommandError> {
    let rules = match &args.dir {
        None => RuleSet::builtin(),
        Some(dir) => {
            let mut setup = Setup::load(&RuleArgs::default(), terminal)?;
            setup.rules = RuleSet::default();
            setup.load_rules(dir)?;
            if !setup.problems.is_empty() {
                return setup.complain(terminal);
            }
            setup.rules
        }
    };
    let mut failures = Vec::new();
    let mut count = 0;
    for rule in rules.iter() {
        count += check(rule, &mut failures);
    }
    let examples = format!(
        "{} of {}",
        many(count, "example"),
        many(rules.len(), "rule")
    );
    let told = match (failures.len(), count) {
        (0, 1) => format!("{examples} holds"),
        (0, _) => format!("{examples} hold"),
        (1, _) => format!("1 of {examples} does not hold"),
        (wrong, _) => format!("{wrong} of {examples} do not hold"),
    };
    let code = u8::from(!failures.is_empty());
    failures.push(told);
    terminal.print_text(&failures.join("\n\n"))?;
    Ok(code)
}

/// Runs every example of a rule, returns how many there are.
fn check(rule: &Rule, failures: &mut Vec<String>) -> usize {
    let examples = &rule.documentation().examples;
    let claims = [
        (ExpectedVerdict::Pass, &examples.pass),
        (ExpectedVerdict::Fail, &examples.fail),
        (ExpectedVerdict::Undetermined, &examples.undetermined),
    ];
    let mut count = 0;
    for (claim, examples) in claims {
        for (index, example) in examples.iter().enumerate() {
            count += 1;
            if let Err(why) = examples::hold(rule, example, claim) {
                let name = format!("{}: {} example {}", rule.id(), claim.as_str(), index + 1);
                failures.push(format!("{name} does not hold: {why}"));
            }
        }
    }
    count
}

/// A count with its noun.
fn many(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}
