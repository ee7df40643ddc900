//! What can be typed after `ecrlint check`.
//! It does not know what the command does.

use std::path::PathBuf;

use clap::{ArgAction, Args};

use super::{AdoptArgs, FailOn, LevelArg, OutputArg, ReadingArgs, RuleArgs, output};

/// Arguments of `ecrlint check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    ecrlint check                              the cdk.out here, else every template below this folder\n  \
    ecrlint check infra/ 'stacks/*.yaml'       a folder and a glob\n  \
    ecrlint check - < template.yaml            standard input\n  \
    ecrlint check --select scanning,naming     by some rules alone\n  \
    ecrlint check --watch                      again after each `cdk synth`, until Ctrl-C\n  \
    ecrlint check --output human --output sarif=ecrlint.sarif\n  \
    ecrlint check --parameters KeepImages=10 --parameters prod.json")]
pub struct CheckArgs {
    /// Files, folders, globs, a cdk.out, or `-` for standard input [default: cdk.out, else .]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Output format, to standard output or to a file (repeatable)
    #[arg(short, long, value_name = "FORMAT[=FILE]", default_value = "human", value_parser = OutputArg::parse,
        action = ArgAction::Append, long_help = output::help())]
    pub output: Vec<OutputArg>,

    /// Output format, added to the end of a file, such as the summary of a job (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = OutputArg::parse_file, action = ArgAction::Append)]
    pub append: Vec<OutputArg>,

    /// Replace files of `--output` even if they hold something else than a report
    #[arg(long)]
    pub force: bool,

    /// Exit with 1 when there is a finding of this severity or above
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub fail_on: FailOn,

    /// Severity of findings that cannot be decided from the inputs
    #[arg(long, value_name = "SEVERITY", default_value = "note")]
    pub undetermined: LevelArg,

    /// Judge by these rules alone: ids, categories or sets (repeatable); `--set` adds to them
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', action = ArgAction::Append)]
    pub select: Vec<String>,

    /// Leave these rules out: ids, categories or sets (repeatable, wins over `--select`)
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', action = ArgAction::Append)]
    pub ignore: Vec<String>,

    /// Show only findings of this severity or above, and those that fail the run; all are counted
    #[arg(long, value_name = "SEVERITY")]
    pub min_severity: Option<LevelArg>,

    /// Print findings and nothing else: no conclusion, no hints
    #[arg(short, long, conflicts_with = "debug_files")]
    pub quiet: bool,

    /// Name of what comes on standard input: its folder says which configuration holds
    #[arg(long, value_name = "FILE")]
    pub stdin_filename: Option<PathBuf>,

    /// Pass over files that are named and are neither templates nor snapshots
    #[arg(long)]
    pub skip_foreign: bool,

    /// Check again whenever an input, the configuration, a rule or a line of the program changes, until Ctrl-C
    #[arg(long, conflicts_with = "append")]
    pub watch: bool,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub reading: ReadingArgs,

    /// Name of the stack that a template outside of an assembly is deployed as
    #[arg(long, value_name = "NAME")]
    pub stack_name: Option<String>,

    /// Snapshot of the accounts that the templates are deployed to: says what deploying changes (repeatable)
    #[arg(long, value_name = "SNAPSHOT", action = ArgAction::Append)]
    pub live: Vec<PathBuf>,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub adopt: AdoptArgs,

    /// Judge what is there of a snapshot that was cut off
    #[arg(long)]
    pub allow_partial: bool,

    /// Judge an assembly though `cdk synth` still holds its lock: for plugins, which it calls when everything is written
    #[arg(long)]
    pub during_synth: bool,

    /// List every file that was found and not read, with the reason, on standard error
    #[arg(long)]
    pub debug_files: bool,

    /// Exit with 2 when no repository was judged
    #[arg(long)]
    pub require_repositories: bool,

    /// Let only the configuration ignore findings, not metadata, comments or CDK code
    #[arg(long)]
    pub no_inline_ignores: bool,

    /// Show every finding in full, however often its rule was broken before
    #[arg(long)]
    pub verbose: bool,

    /// Report every verdict of every repository, passed ones and ignored findings included
    #[arg(long)]
    pub evidence: bool,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub rule_args: RuleArgs,
}
