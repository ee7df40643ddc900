//! The command line: what can be typed, and what the help says about it.
//! It does not know what any command does.

mod access;
mod adopt;
mod check;
mod fix;
mod input;
mod lifecycle;
mod look;
mod output;
mod place;
mod reading;
mod rules;
mod severity;
mod snapshot;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use access::{AccessArgs, AccessFormat};
pub use adopt::AdoptArgs;
pub use check::CheckArgs;
pub use fix::{FixArgs, Remediation};
pub use input::{InputArgs, LookArgs};
pub use lifecycle::{
    AnswerArgs, DiffArgs, ExplainPolicyArgs, ImageArgs, LifecycleArgs, LifecycleFormat,
    LifecycleQuestion, PolicyArgs, PreviewArgs, PriceArg,
};
pub use look::{QueryArgs, ShowArgs};
pub use output::OutputArg;
pub use place::PlaceArgs;
pub use reading::ReadingArgs;
pub use rules::RuleArgs;
pub use severity::{FailOn, LevelArg};
pub use snapshot::{Include, SnapshotArgs};

/// Checks Amazon ECR repositories against a standard.
#[derive(Debug, Parser)]
#[command(
    name = "ecrlint",
    version,
    about = "Check Amazon ECR repositories against a standard, before they are deployed",
    long_about = "Check Amazon ECR repositories against a standard, before they are deployed.\n\n\
        ecrlint reads CloudFormation templates (JSON or YAML) and the output of `cdk synth`, and says \
        for every ECR repository which rules it keeps, which it breaks, and which cannot be decided \
        from the files alone. Every finding names the exact place and the fix.",
    after_help = "Start with `ecrlint check` in a folder with templates or a `cdk.out`.\n\
        Exit codes: 0 nothing found, 1 findings, 2 the job could not be done.",
    propagate_version = true
)]
pub struct Cli {
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: ColorChoice,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Everything that can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check templates and CDK output
    Check(Box<CheckArgs>),
    /// Make the edits that end findings, where that is safe
    Fix(Box<FixArgs>),
    /// Say who may do what with a repository, and which statements give or take it
    Access(AccessArgs),
    /// Say what lifecycle policies do: preview, explain, diff
    Lifecycle(Box<LifecycleArgs>),
    /// Capture live accounts into a file that `ecrlint check` judges
    Snapshot(SnapshotArgs),
    /// Say what a rule wants, why, and how to fix a finding
    Explain(ExplainArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Say what a query finds in the documents of real inputs, for authors of rules
    Query(QueryArgs),
    /// Print the document of a repository, which rules ask about, with every fact
    Show(ShowArgs),
    /// Run the examples of rules
    Test(TestArgs),
    /// Write a commented ecrlint.yaml
    Init(InitArgs),
    /// Answer editors by the Language Server Protocol, on standard input and output
    Lsp,
    /// Print the JSON Schema of a format
    Schema(SchemaArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
}

/// Arguments of `ecrlint explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Id of the rule, such as scan-on-push, or of a control, such as ECR.1 or CKV_AWS_163
    #[arg(value_name = "RULE")]
    pub rule: String,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub rule_args: RuleArgs,
}

/// Arguments of `ecrlint rules`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct RulesArgs {
    /// What to do besides listing them.
    #[command(subcommand)]
    pub command: Option<RulesCommand>,

    /// Print a Markdown table
    #[arg(long)]
    pub markdown: bool,
    /// Write a page for each rule, and an index, into a folder
    #[arg(long, value_name = "DIR", conflicts_with = "markdown")]
    pub pages: Option<PathBuf>,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub rule_args: RuleArgs,
}

/// What can be done with rules besides listing them.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Write a rule of your own, with comments and examples to change
    New(NewRuleArgs),
}

/// Arguments of `ecrlint rules new`.
#[derive(Debug, Args)]
pub struct NewRuleArgs {
    /// Id of the rule, lower-case words with hyphens, such as tags-are-fixed
    #[arg(value_name = "ID")]
    pub id: String,

    /// Folder with your rules
    #[arg(long, value_name = "DIR", default_value = "rules")]
    pub folder: PathBuf,

    /// Category of the rule: the folder in it
    #[arg(long, value_name = "NAME", default_value = "own", value_parser = category)]
    pub category: String,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub rule_args: RuleArgs,
}

fn category(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match !text.is_empty() && text.chars().all(fits) {
        true => Ok(text.to_owned()),
        false => Err("a category is lower-case words with hyphens".to_owned()),
    }
}

/// Arguments of `ecrlint test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Folder with rules [default: the built-in rules]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// Arguments of `ecrlint init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Where to write
    #[arg(value_name = "FILE", default_value = "ecrlint.yaml")]
    pub file: PathBuf,
}

/// Arguments of `ecrlint schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Which schema
    #[arg(value_name = "NAME")]
    pub name: SchemaName,
}

/// The published schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// The JSON report
    Report,
    /// The repository document that rules are asked about
    Repository,
    /// A rule file
    Rule,
    /// The configuration file
    Config,
    /// A record of a snapshot
    Snapshot,
    /// The list of findings of `check --baseline`
    Baseline,
    /// What `ecrlint lifecycle` writes with `--output json`
    Lifecycle,
}

/// Arguments of `ecrlint completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}
