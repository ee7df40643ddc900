//! What can be typed to take ecrlint into use where much is found at first.
//! It does not know how any of it is done.

use std::path::PathBuf;

use clap::Args;

use crate::ignore::Date;

/// Ways in for old estates.
#[derive(Debug, Default, Args)]
pub struct AdoptArgs {
    /// Let findings that this list has count no more; what is fixed of them is reported
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Write the findings of this run into the file of `--baseline`
    #[arg(long, requires = "baseline", conflicts_with_all = ["watch", "add_ignores"])]
    pub write_baseline: bool,

    /// Report only findings whose resources, declarations or lines of the program changed since this git revision
    /// branched off
    #[arg(long, value_name = "REV")]
    pub changed_since: Option<String>,

    /// Write ignores for what is found: into YAML templates as comments, else into the configuration
    #[arg(long, requires = "reason", conflicts_with = "watch")]
    pub add_ignores: bool,

    /// Why the findings of `--add-ignores` do not count
    #[arg(long, value_name = "TEXT", requires = "add_ignores", value_parser = words)]
    pub reason: Option<String>,

    /// Last day of the ignores of `--add-ignores` [default: 90 days from now]
    #[arg(long, value_name = "DATE", requires = "add_ignores", value_parser = day)]
    pub expires: Option<Date>,

    /// Who answers for the ignores of `--add-ignores`
    #[arg(long, value_name = "NAME", requires = "add_ignores", value_parser = name)]
    pub owner: Option<String>,
}

fn words(text: &str) -> Result<String, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.is_empty() || text.chars().any(char::is_control) {
        true => Err("a reason is one line of words".to_owned()),
        false => Ok(words.join(" ")),
    }
}

/// A name without spaces, which fits into a comment.
fn name(text: &str) -> Result<String, String> {
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == ',';
    match text.is_empty() || text.contains(is_odd) {
        true => Err("an owner is one word, such as `platform`".to_owned()),
        false => Ok(text.to_owned()),
    }
}

fn day(text: &str) -> Result<Date, String> {
    let date = text.parse::<Date>();
    date.map_err(|error| format!("{error}; write a day such as `2027-06-30`"))
}
