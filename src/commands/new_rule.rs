//! `ecrlint rules new`: writes a rule with comments and examples, never over an existing file.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::{CommandError, setup::Setup, terminal::Terminal};
use crate::cli::NewRuleArgs;
use crate::engine;
use crate::rules::{self, RuleSet};
use crate::source::{SourceId, shown};

/// A rule that holds, with everything that has to be changed.
const RULE: &str = include_str!("new_rule.yaml");

pub(super) fn run(args: &NewRuleArgs, terminal: &mut Terminal) -> Result<u8, CommandError> {
    let setup = Setup::load(&args.rule_args, terminal)?;
    if !setup.problems.is_empty() {
        return setup.complain(terminal);
    }
    let id = args.id.as_str();
    let is_taken = setup.rules.get(id).is_some() || RuleSet::builtin().get(id).is_some();
    if is_taken || engine::tool_rule(id).is_some() {
        return Err(CommandError::Usage(format!(
            "there is a rule `{id}` already; `ecrlint explain {id}` shows it"
        )));
    }
    let text = RULE.replace("{id}", id);
    let path = args.folder.join(&args.category).join(format!("{id}.yaml"));
    // What the format refuses, be it the id or the name of the folder, is reported before anything is written.
    if let Err(problems) = rules::load(&text, SourceId::default(), &shown(&path)) {
        let problems = problems.into_iter().map(|problem| match problem.help {
            Some(help) => format!("{}; {help}", problem.title),
            None => problem.title,
        });
        let problems: Vec<String> = problems.collect();
        return Err(CommandError::Usage(problems.join("; ")));
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).map_err(|source| CommandError::Write {
        path: folder.to_owned(),
        source,
    })?;
    let file = fs::File::options().write(true).create_new(true).open(&path);
    match file.and_then(|mut file| file.write_all(text.as_bytes())) {
        Ok(()) => {
            let (path, folder) = (shown(&path), shown(&args.folder));
            terminal.say(&format!("wrote `{path}`"));
            terminal.say(&format!(
                "next: change it, then run `ecrlint test {folder}`"
            ));
            Ok(0)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(CommandError::Usage(format!(
                "`{}` exists and is left as it is; choose another id",
                shown(&path)
            )))
        }
        Err(source) => Err(CommandError::Write { path, source }),
    }
}
