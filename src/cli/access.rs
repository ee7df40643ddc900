//! What can be typed after `ecrlint access`.
//! It does not know what the command does.

use clap::{Args, ValueEnum};

use super::LookArgs;

/// Arguments of `ecrlint access`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    ecrlint access team/api                    in the cdk.out here, else in every template below this folder\n  \
    ecrlint access ApiRepo infra/ecr.yaml      by logical id, in one template\n  \
    ecrlint access team/api --output json\n\
    Exit codes: 0 answered, 2 the job could not be done.")]
pub struct AccessArgs {
    /// Name, logical id, construct path or ARN of a repository
    #[arg(value_name = "REPOSITORY")]
    pub repository: String,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub output: AccessFormat,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub inputs: LookArgs,
}

/// How access is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AccessFormat {
    /// A table and every principal in full
    Human,
    /// The same for programs
    Json,
}
