//! How inputs are found and read, as it is typed after every command that reads some.
//! It does not know what the commands do.

use clap::{ArgAction, Args};

use super::place::PlaceArgs;
use crate::door::ByteSize;

/// How inputs are found and read, and what decides what they say.
#[derive(Clone, Debug, Args)]
pub struct ReadingArgs {
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
    pub max_size: ByteSize,

    /// Search what the `.gitignore` files of the repository pass over, too
    #[arg(long)]
    pub no_gitignore: bool,
}
