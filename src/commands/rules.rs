//! `ecrlint rules`: lists the rules that there are and the sets that switch them on.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{CommandError, explain, new_rule, rule_selection, setup::Setup, terminal::Terminal};
use crate::cli::{RulesArgs, RulesCommand};
use crate::door::{Door, FileKind, Namer};
use crate::engine;
use crate::rules::Rule;

pub(super) fn run(args: &RulesArgs, terminal: &mut Terminal) -> Result<u8, CommandError> {
    if let Some(RulesCommand::New(args)) = &args.command {
        return new_rule::run(args, terminal);
    }
    let setup = Setup::load(&args.rule_args, terminal)?;
    rule_selection::known_sets(&args.rule_args.sets, &setup)?;
    let chosen: Vec<&Rule> = setup
        .rules
        .iter()
        .filter(|rule| {
            let sets = &args.rule_args.sets;
            sets.is_empty() || sets.iter().any(|set| rule.logic().is_in(set))
        })
        .collect();
    if let Some(folder) = &args.pages {
        return pages(&chosen, folder);
    }
    terminal.print_text(&match args.markdown {
        true => markdown(&chosen),
        false => table(&chosen),
    })
}

/// Writes the page of each rule, those of the tool itself included, and an index of them by category.
/// Pages of rules that are no more are left alone: nothing that others wrote is deleted.
fn pages(rules: &[&Rule], folder: &Path) -> Result<u8, CommandError> {
    let write = |name: String, text: &str| page(&folder.join(name), text);
    fs::create_dir_all(folder).map_err(|source| CommandError::Write {
        path: folder.to_owned(),
        source,
    })?;
    // The one name that others are likely to have taken comes first.
    write("README.md".to_owned(), &index(rules))?;
    for rule in rules {
        write(format!("{}.md", rule.id()), &explain::page(rule))?;
    }
    for rule in &engine::TOOL_RULES {
        write(format!("{}.md", rule.id), &rule.markdown())?;
    }
    Ok(0)
}

/// Writes a page, in place of an older one with the same heading and of nothing else.
fn page(path: &Path, text: &str) -> Result<(), CommandError> {
    let heading = text.lines().next().unwrap_or_default();
    if path.exists() {
        let door = Door::at(Path::new(""));
        let folder = path.parent().unwrap_or(Path::new(""));
        let old = door.text(path, Namer::File(folder), FileKind::Data);
        if !old.is_ok_and(|old| old.is_empty() || old.lines().next() == Some(heading)) {
            return Err(CommandError::Usage(format!(
                "`{}` is there and is not a page of a rule; name an empty folder",
                path.display()
            )));
        }
    }
    fs::write(path, text).map_err(|source| CommandError::Write {
        path: path.to_owned(),
        source,
    })
}

/// A list of the rules with links to their pages, category by category.
fn index(rules: &[&Rule]) -> String {
    let mut categories: BTreeMap<&str, Vec<(&str, &str, &str)>> = BTreeMap::new();
    for rule in rules {
        let logic = rule.logic();
        let row = (rule.id(), logic.severity.as_str(), logic.title.as_str());
        categories.entry(&logic.category).or_default().push(row);
    }
    let tool = engine::TOOL_RULES.iter();
    let tool = tool.map(|rule| (rule.id, rule.severity.as_str(), rule.title));
    categories.entry("tool").or_default().extend(tool);
    let mut text = "# Rules\n".to_owned();
    for (category, rows) in categories {
        text.push_str(&format!(
            "\n## {category}\n\n| Rule | Severity | Finds |\n|---|---|---|\n"
        ));
        for (id, severity, title) in rows {
            let title = title.replace('|', "\\|");
            text.push_str(&format!("| [{id}]({id}.md) | {severity} | {title} |\n"));
        }
    }
    text
}

fn table(rules: &[&Rule]) -> String {
    let width = rules.iter().map(|rule| rule.id().len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in rules {
        let logic = rule.logic();
        text.push_str(&format!(
            "{:<width$}  {:<7}  {:<25}  {}\n",
            rule.id(),
            logic.severity.as_str(),
            logic.sets.join(", "),
            logic.title
        ));
    }
    let count = rules.len();
    text + &format!(
        "\n{count} rules; `ecrlint explain RULE` says why a rule matters and how to keep it"
    )
}

fn markdown(rules: &[&Rule]) -> String {
    let mut text = "| Rule | Severity | Sets | Finds |\n|---|---|---|---|\n".to_owned();
    for rule in rules {
        let logic = rule.logic();
        text.push_str(&format!(
            "| `{}` | {} | {} | {} |\n",
            rule.id(),
            logic.severity.as_str(),
            logic.sets.join(", "),
            logic.title.replace('|', "\\|")
        ));
    }
    text
}
