//! `ecrlint test`: runs the examples of rules, which are their documentation, and says where one lies.

use super::examples::{self, Claim};
use super::{Error, setup::Setup, terminal::Terminal};
use crate::cli::{RuleArgs, TestArgs};
use crate::rules::{Rule, RuleSet};

pub(super) fn run(args: &TestArgs, terminal: &mut Terminal) -> Result<u8, Error> {
    let rules = match &args.dir {
        None => RuleSet::builtin(),
        Some(dir) => {
            let mut setup = Setup::load(&RuleArgs::default())?;
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
    terminal.print_with(|out| {
        for failure in &failures {
            writeln!(out, "{failure}\n")?;
        }
        let rules = rules.iter().count();
        match failures.len() {
            0 => writeln!(out, "{count} examples of {rules} rules hold"),
            wrong => writeln!(
                out,
                "{wrong} of {count} examples of {rules} rules do not hold"
            ),
        }
    })?;
    Ok(u8::from(!failures.is_empty()))
}

/// Runs every example of a rule, returns how many there are.
fn check(rule: &Rule, failures: &mut Vec<String>) -> usize {
    let examples = &rule.documentation().examples;
    let claims = [
        (Claim::Pass, &examples.pass),
        (Claim::Fail, &examples.fail),
        (Claim::Undetermined, &examples.undetermined),
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
