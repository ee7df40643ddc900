//! What can be typed after `ecrlint fix`.
//! It does not know what the command does.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use super::{AdoptArgs, CheckArgs, FailOn, LevelArg, ReadingArgs, RuleArgs};

/// Arguments of `ecrlint fix`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:\n  \
    ecrlint fix                                show what would change in the templates below this folder\n  \
    ecrlint fix infra/repositories.yaml --write\n  \
    ecrlint fix --check                        in CI: exit with 1 where something could be fixed\n  \
    ecrlint fix --select scanning --write      by some rules alone\n  \
    ecrlint fix live.ndjson --remediation sh   a script of aws commands for a snapshot\n  \
    ecrlint fix --unsafe tag-immutability      edits that are not made unless the rule is named")]
pub struct FixArgs {
    /// Files, folders or globs [default: cdk.out, else .]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Show what would change as a unified diff; on a terminal, ask whether to write it. This is the default
    #[arg(long, conflicts_with_all = ["write", "check"])]
    pub diff: bool,

    /// Write the files
    #[arg(long, conflicts_with = "check")]
    pub write: bool,

    /// Write nothing, and exit with 1 where something could be fixed
    #[arg(long)]
    pub check: bool,

    /// Print a script for findings in snapshots, for a person to read and run: it reads before it writes, changes one
    /// setting or one statement at a time, and stops where something is not what was captured
    #[arg(long, value_name = "FORMAT", conflicts_with_all = ["diff", "write", "check"])]
    pub remediation: Option<Remediation>,

    /// Make the edits of this rule, too, by which somebody may be let in, or something deleted, expired or replaced
    /// (repeatable)
    #[arg(long = "unsafe", value_name = "RULE,…", value_delimiter = ',', action = ArgAction::Append)]
    pub unsafe_rules: Vec<String>,

    /// Judge by these rules alone: ids, categories or sets (repeatable); `--set` adds to them
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', action = ArgAction::Append)]
    pub select: Vec<String>,

    /// Leave these rules out: ids, categories or sets (repeatable, wins over `--select`)
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', action = ArgAction::Append)]
    pub ignore: Vec<String>,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub reading: ReadingArgs,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub rule_args: RuleArgs,
}

/// What a remediation is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Remediation {
    /// A script for bash, with the AWS CLI and jq
    Sh,
}

impl FixArgs {
    /// The run of `check` that finds what is to be fixed.
    #[must_use]
    pub fn run(&self) -> CheckArgs {
        CheckArgs {
            paths: self.paths.clone(),
            output: Vec::new(),
            append: Vec::new(),
            force: false,
            fail_on: FailOn::Never,
            undetermined: LevelArg::Note,
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            min_severity: None,
            quiet: false,
            stdin_filename: None,
            skip_foreign: false,
            watch: false,
            reading: self.reading.clone(),
            stack_name: None,
            live: Vec::new(),
            adopt: AdoptArgs::default(),
            allow_partial: false,
            during_synth: false,
            debug_files: false,
            require_repositories: false,
            no_inline_ignores: false,
            verbose: false,
            evidence: false,
            rule_args: self.rule_args.clone(),
        }
    }
}
