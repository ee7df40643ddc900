//! Which rules a run is about, as the command line says it, and whether it sees all that the configuration means.
//! It does not know what the configuration says about rules.

use std::path::{Path, PathBuf};

use super::{CommandError, setup::Setup};
use crate::cli::CheckArgs;
use crate::discover::ASSEMBLY;
use crate::engine::{RuleSelection, tool_rule};
use crate::ignore::rule_id;
use crate::rules::{self, Rule, pinned, unfit};
use crate::source::nearest;

/// What `args` select of the rules.
///
/// # Errors
/// A name that no rule, category or set has.
pub(super) fn selection(args: &CheckArgs, setup: &Setup) -> Result<RuleSelection, CommandError> {
    let known = RuleSelection::names(&setup.rules);
    known_sets(&args.rule_args.sets, setup)?;
    let names = |given: &[String], option| {
        let names = given.iter().map(|name| rule_id(name.trim()));
        let is_set = |name| setup.rules.iter().any(|rule| rule.logic().is_in(name));
        let is_pinned = |name| {
            pinned(name)
                .1
                .is_some_and(|pin| rules::version(pin).is_some())
        };
        let is_known = |name| known.contains(&name) || (is_pinned(name) && is_set(name));
        let names = names.map(|name| match is_known(name) {
            true => Ok(name.to_owned()),
            false => Err(unknown(name, option, &known)),
        });
        names.collect::<Result<Vec<String>, CommandError>>()
    };
    let without = names(&args.ignore, "--ignore")?;
    let fixed = without
        .iter()
        .find(|name| tool_rule(name).is_some_and(|rule| !rule.configurable));
    if let Some(fixed) = fixed {
        return Err(CommandError::Usage(format!(
            "`{fixed}` cannot be switched off"
        )));
    }
    Ok(RuleSelection {
        sets: args.rule_args.sets.clone(),
        own: setup.own.clone(),
        only: names(&args.select, "--select")?,
        without,
        is_partial: is_partial(&args.paths, setup),
    })
}

fn unknown(name: &str, option: &str, known: &[&str]) -> CommandError {
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "list what there is with `ecrlint rules`".to_owned(),
    };
    CommandError::Usage(format!(
        "`{option}` names no rule, category or set: `{name}`; {help}"
    ))
}

/// Refuses a set of the command line that no rule belongs to.
pub(super) fn known_sets(sets: &[String], setup: &Setup) -> Result<(), CommandError> {
    let logic = setup.rules.iter().map(|rule| rule.logic());
    let mut known: Vec<&str> = logic
        .flat_map(|logic| logic.sets.iter().map(String::as_str))
        .collect();
    known.sort_unstable();
    known.dedup();
    for set in sets {
        let (name, _) = pinned(set);
        if !known.contains(&name) {
            return Err(CommandError::Usage(format!(
                "there is no rule set `{name}`; there are `{}`",
                known.join("`, `")
            )));
        }
        let logic = setup.rules.iter().map(Rule::logic);
        if let Some((why, help)) = unfit(set, logic) {
            return Err(CommandError::Usage(format!("{why}; {help}")));
        }
    }
    Ok(())
}

/// Whether the run sees less than everything in the folder of the configuration. An assembly there is everything
/// that its program deploys.
fn is_partial(paths: &[PathBuf], setup: &Setup) -> bool {
    let Some(path) = &setup.configuration else {
        return false;
    };
    let real = |path: &Path| match path.as_os_str().is_empty() {
        true => Path::new(".").canonicalize().ok(),
        false => path.canonicalize().ok(),
    };
    let home = Path::new(path).parent().and_then(real);
    let Some(home) = home else { return true };
    let sees = |path: &Path| {
        let real = real(path).filter(|real| real.is_dir());
        real.is_some_and(|real| home.starts_with(&real) || home.join(ASSEMBLY) == real)
    };
    match paths.is_empty() {
        true if Path::new(ASSEMBLY).is_dir() => !sees(Path::new(ASSEMBLY)),
        true => !sees(Path::new("")),
        false => !paths.iter().any(|path| sees(path)),
    }
}
