//! What can be typed after `ecrlint snapshot`.
//! It does not know what the command does.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

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
