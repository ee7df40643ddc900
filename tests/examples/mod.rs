//! How the examples of rules are judged: by every rule of the recommended and of the organisation set, and by the rule
//! that they are examples of.

use ecrlint::rules::{Example, Rule};

/// The files that an example needs beside its input.
pub(crate) fn files_beside(rule: &Rule, example: &Example) -> Vec<(&'static str, String)> {
    let mut config = example.config.clone().unwrap_or_default();
    if rule.logic().sets.is_empty() {
        config += &format!("\nrules:\n  {}: warning\n", rule.id());
    }
    let mut files = vec![("ecrlint.yaml", config)];
    files.extend(example.live.clone().map(|live| ("live.json", live)));
    files
}

/// The options that it is checked with, besides those about reports.
pub(crate) fn options(example: &Example) -> Vec<String> {
    let mut options = vec!["--set", "recommended", "--set", "organisation"];
    if let Some(environment) = &example.environment {
        options.extend(["--environment", environment]);
    }
    if example.live.is_some() {
        options.extend(["--live", "live.json", "--stack-name", "example"]);
    }
    options.into_iter().map(str::to_owned).collect()
}
