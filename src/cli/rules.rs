//! Options that say which rules and which configuration hold.
//! It does not know what becomes of them.

use std::path::{Path, PathBuf};

use clap::{ArgAction, Args};

/// Where rules and configuration come from.
#[derive(Clone, Debug, Default, Args)]
pub struct RuleArgs {
    /// Configuration file [default: the nearest ecrlint.yaml from the working directory up to the
    /// top of the checkout, else from the folder of what is checked]
    #[arg(long, value_name = "FILE", env = "ECRLINT_CONFIG")]
    pub config: Option<PathBuf>,

    /// Folder with rules of your own, which are on beside the built-in ones (repeatable)
    #[arg(long = "rules", value_name = "DIR", action = ArgAction::Append)]
    pub rules: Vec<PathBuf>,

    /// Rule set to switch on besides those that are: recommended, organisation, or one of your own rules (repeatable)
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
