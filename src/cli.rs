//! The command line: what can be typed, and what the help says about it.
//! It does not know what any command does.

mod access;
mod output;
mod severity;

use std::path::{Path, PathBuf};

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::door::Size;
pub use access::{AccessArgs, AccessFormat};
pub use output::Output;
pub use severity::{FailOn, Level};

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
    propagate_version = true,
    disable_help_subcommand = true
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
    Check(CheckArgs),
    /// Say who may do what with a repository, and which statements give or take it
    Access(AccessArgs),
    /// Capture live accounts into a file that `ecrlint check` judges
    Snapshot(SnapshotArgs),
    /// Say what a rule wants, why, and how to fix a finding
    Explain(ExplainArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Run the examples of rules
    Test(TestArgs),
    /// Write a commented ecrlint.yaml
    Init(InitArgs),
    /// Print the JSON Schema of a format
    Schema(SchemaArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
}

/// Where rules and configuration come from.
#[derive(Debug, Default, Args)]
pub struct RuleArgs {
    /// Configuration file [default: the nearest ecrlint.yaml from the working directory up to the
    /// top of the checkout]
    #[arg(long, value_name = "FILE", env = "ECRLINT_CONFIG")]
    pub config: Option<PathBuf>,

    /// Folder with rules of your own, beside the built-in ones (repeatable)
    #[arg(long = "rules", value_name = "DIR", action = ArgAction::Append)]
    pub rules: Vec<PathBuf>,

    /// Rule set to switch on: recommended, organisation, or one of your own rules (repeatable)
    #[arg(long = "set", value_name = "NAME", action = ArgAction::Append)]
    pub sets: Vec<String>,

    /// Folder outside of the checkout that files of the checkout may name (repeatable)
    #[arg(long, value_name = "DIR", action = ArgAction::Append)]
    pub allow_outside: Vec<PathBuf>,
}

impl RuleArgs {
    /// No rules but the built-in ones, for commands that only need the configuration.
    #[must_use]
    pub fn built_in(config: Option<&Path>, allow_outside: &[PathBuf]) -> Self {
        Self {
            config: config.map(Path::to_owned),
            allow_outside: allow_outside.to_owned(),
            ..Self::default()
        }
    }
}

/// Arguments of `ecrlint check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    ecrlint check                              the cdk.out here, else every template below this folder\n  \
    ecrlint check infra/ 'stacks/*.yaml'       a folder and a glob\n  \
    ecrlint check - < template.yaml            standard input\n  \
    ecrlint check --output human --output sarif=ecrlint.sarif\n  \
    ecrlint check --parameters KeepImages=10 --parameters prod.json")]
pub struct CheckArgs {
    /// Files, folders, globs, a cdk.out, or `-` for standard input [default: cdk.out, else .]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Output format, to standard output or to a file (repeatable)
    #[arg(short, long, value_name = "FORMAT[=FILE]", default_value = "human", value_parser = Output::parse,
        action = ArgAction::Append, long_help = output::help())]
    pub output: Vec<Output>,

    /// Output format, added to the end of a file, such as the summary of a job (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = Output::parse_file, action = ArgAction::Append)]
    pub append: Vec<Output>,

    /// Replace files of `--output` even if they hold something else than a report
    #[arg(long)]
    pub force: bool,

    /// Exit with 1 when there is a finding of this severity or above
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub fail_on: FailOn,

    /// Severity of findings that cannot be decided from the inputs
    #[arg(long, value_name = "SEVERITY", default_value = "note")]
    pub undetermined: Level,

    /// Template parameters: NAME=VALUE, or a parameter file (repeatable, later ones win)
    #[arg(long, value_name = "FILE|NAME=VALUE", action = ArgAction::Append)]
    pub parameters: Vec<String>,

    /// Environment of the configuration, for stacks whose account and region choose none
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,

    /// Name of the stack that a template outside of an assembly is deployed as
    #[arg(long, value_name = "NAME")]
    pub stack_name: Option<String>,

    /// Snapshot of the accounts that the templates are deployed to: says what deploying changes (repeatable)
    #[arg(long, value_name = "SNAPSHOT", action = ArgAction::Append)]
    pub live: Vec<PathBuf>,

    /// Largest template, or other input that is not read line by line
    #[arg(long, value_name = "SIZE", default_value = "50MB")]
    pub max_size: Size,

    /// Judge what is there of a snapshot that was cut off
    #[arg(long)]
    pub allow_partial: bool,

    /// Search what the `.gitignore` files of the repository pass over, too
    #[arg(long)]
    pub no_gitignore: bool,

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

/// Arguments of `ecrlint snapshot`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    ecrlint snapshot                                    the account and region of the environment\n  \
    ecrlint snapshot --profile audit --region all       every region that the account has enabled\n  \
    ecrlint snapshot --accounts --assume-role 'arn:aws:iam::{account}:role/ecrlint'\n  \
    ecrlint snapshot --print-iam-policy                 what that role has to be allowed\n  \
    ecrlint snapshot - | ecrlint check -\n\
    It only reads. Exit codes: 0 captured, 2 not, or not everything that was asked for.")]
pub struct SnapshotArgs {
    /// Where to write, or `-` for standard output
    #[arg(value_name = "FILE", default_value = "snapshot.ndjson")]
    pub file: PathBuf,

    /// Profile of the AWS configuration [default: the standard chain of credentials]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,

    /// Role to take, for its account (repeatable); `{account}` stands for each of --accounts
    #[arg(long = "assume-role", value_name = "ARN", action = ArgAction::Append)]
    pub roles: Vec<String>,

    /// Accounts for `{account}` in a role [default: those of the configuration's environments]
    #[arg(long, value_name = "ID,…", num_args = 0..=1, require_equals = true, value_delimiter = ',')]
    pub accounts: Option<Vec<String>>,

    /// Region, or `all` that an account has enabled (repeatable) [default: the environment's]
    #[arg(long = "region", value_name = "REGION", action = ArgAction::Append)]
    pub regions: Vec<String>,

    /// Endpoint of every service; for single ones there is AWS_ENDPOINT_URL_ECR and the like
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,

    /// Longest time to wait for the whole of one answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub timeout: u32,

    /// What to capture; repositories always are
    #[arg(
        long,
        value_name = "PART,…",
        value_delimiter = ',',
        default_value = "ecr,kms,ssm,events"
    )]
    pub include: Vec<Include>,

    /// Capture every image, too: one more call per repository and 1,000 images
    #[arg(long)]
    pub images: bool,

    /// Go on where an interrupted run has stopped
    #[arg(long)]
    pub resume: bool,

    /// Replace FILE even if it holds something else than a snapshot
    #[arg(long)]
    pub force: bool,

    /// Say what would be asked, and ask nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Print the least IAM policy that this capture needs, and ask nothing
    #[arg(long, conflicts_with = "dry_run")]
    pub print_iam_policy: bool,

    /// Configuration file [default: the nearest ecrlint.yaml from the working directory up to the
    /// top of the checkout]
    #[arg(long, value_name = "FILE", env = "ECRLINT_CONFIG")]
    pub config: Option<PathBuf>,

    /// Folder outside of the checkout that files of the checkout may name (repeatable)
    #[arg(long, value_name = "DIR", action = ArgAction::Append)]
    pub allow_outside: Vec<PathBuf>,
}

/// A part of a snapshot as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(
    missing_docs,
    reason = "clap would print docstrings as help; the words are AWS's"
)]
pub enum Include {
    Ecr,
    Kms,
    Ssm,
    Events,
}

/// Arguments of `ecrlint explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Id of the rule, such as scan-on-push
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
pub struct RulesArgs {
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
}

/// Arguments of `ecrlint completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}
