//! What can be typed after `ecrlint access`.
//! It does not know what the command does.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use super::PlaceArgs;
use crate::door::Size;

/// Arguments of `ecrlint access`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    ecrlint access team/api                    in the cdk.out here, else in every template below this folder\n  \
    ecrlint access ApiRepo infra/ecr.yaml      by logical id, in one template\n  \
    ecrlint access team/api --output json\n\
    Exit codes: 0 told, 2 the job could not be done.")]
pub struct AccessArgs {
    /// Name, logical id, construct path or ARN of a repository
    #[arg(value_name = "REPOSITORY")]
    pub repository: String,

    /// Files, folders, globs, a cdk.out, or `-` for standard input [default: cdk.out, else .]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub output: AccessFormat,

    /// Template parameters: NAME=VALUE, or a parameter file (repeatable, later ones win)
    #[arg(long, value_name = "FILE|NAME=VALUE", action = ArgAction::Append)]
    pub parameters: Vec<String>,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub place: PlaceArgs,

    /// Largest template, or other input that is not read line by line
    #[arg(long, value_name = "SIZE", default_value = "50MB")]
    pub max_size: Size,

    /// Search what the `.gitignore` files of the repository pass over, too
    #[arg(long)]
    pub no_gitignore: bool,

    /// Configuration file [default: the nearest ecrlint.yaml from the working directory up to the
    /// top of the checkout, else from the folder of what is checked]
    #[arg(long, value_name = "FILE", env = "ECRLINT_CONFIG")]
    pub config: Option<PathBuf>,

    /// Folder outside of the checkout that files of the checkout may name (repeatable)
    #[arg(long, value_name = "DIR", action = ArgAction::Append)]
    pub allow_outside: Vec<PathBuf>,
}

/// How access is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AccessFormat {
    /// A table and every principal in full
    Human,
    /// The same for programs
    Json,
}
