//! `ecrlint rules`: lists the rules that there are and the sets that switch them on.

use std::io::{self, Write};

use super::{Error, setup::Setup, terminal::Terminal};
use crate::cli::RulesArgs;
use crate::rules::Rule;

pub(super) fn run(args: &RulesArgs, terminal: &mut Terminal) -> Result<u8, Error> {
    let setup = Setup::load(&args.rule_args)?;
    let chosen: Vec<&Rule> = setup
        .rules
        .iter()
        .filter(|rule| {
            let sets = &args.rule_args.sets;
            sets.is_empty() || rule.logic().sets.iter().any(|set| sets.contains(set))
        })
        .collect();
    terminal.print_with(|out| match args.markdown {
        true => markdown(&chosen, out),
        false => table(&chosen, out),
    })
}

fn table(rules: &[&Rule], out: &mut dyn Write) -> io::Result<()> {
    let width = rules.iter().map(|rule| rule.id().len()).max().unwrap_or(0);
    for rule in rules {
        writeln!(
            out,
            "{:<width$}  {:<7}  {:<25}  {}",
            rule.id(),
            rule.logic().severity.as_str(),
            rule.logic().sets.join(", "),
            rule.logic().title
        )?;
    }
    writeln!(
        out,
        "\n{} rules; `ecrlint explain RULE` says why a rule matters and how to keep it",
        rules.len()
    )
}

fn markdown(rules: &[&Rule], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| Rule | Severity | Sets | Finds |")?;
    writeln!(out, "|---|---|---|---|")?;
    for rule in rules {
        writeln!(
            out,
            "| `{}` | {} | {} | {} |",
            rule.id(),
            rule.logic().severity.as_str(),
            rule.logic().sets.join(", "),
            rule.logic().title.replace('|', "\\|")
        )?;
    }
    Ok(())
}
