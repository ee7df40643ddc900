//! What can be typed to take ecrlint into use where much is found at first.
//! It does not know how any of it is done.

use std::path::PathBuf;

use clap::Args;

/// Ways in for old estates.
#[derive(Debug, Default, Args)]
pub struct AdoptArgs {
    /// Let findings that this list has count no more; what is fixed of them is told
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Write the findings of this run into the file of `--baseline`
    #[arg(long, requires = "baseline", conflicts_with = "watch")]
    pub write_baseline: bool,

    /// Report only findings whose resources, declarations or lines of the program changed since this git revision
    /// branched off
    #[arg(long, value_name = "REV")]
    pub changed_since: Option<String>,
}
