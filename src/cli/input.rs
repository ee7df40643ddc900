//! What can be typed after every command that looks through inputs and judges none of them.
//! It does not know what the commands do.

use std::path::PathBuf;

use clap::{ArgAction, Args};

use super::ReadingArgs;

/// The inputs that a command looks through, and how.
#[derive(Debug, Args)]
pub struct LookArgs {
    /// Files, folders, globs, a cdk.out, or `-` for standard input [default: cdk.out, else .]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub input: InputArgs,
}

/// How inputs are found and read, and what decides what they say.
#[derive(Debug, Args)]
pub struct InputArgs {
    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub reading: ReadingArgs,

    /// Configuration file [default: the nearest ecrlint.yaml from the working directory up to the
    /// top of the checkout, else from the folder of what is checked]
    #[arg(long, value_name = "FILE", env = "ECRLINT_CONFIG")]
    pub config: Option<PathBuf>,

    /// Folder outside of the checkout that files of the checkout may name (repeatable)
    #[arg(long, value_name = "DIR", action = ArgAction::Append)]
    pub allow_outside: Vec<PathBuf>,
}
