//! How a report is to be written. It does not know in which format.

use crate::report::Severity;

/// What the caller knows about the reader of a report. Formats look at nothing else: no
/// environment variable, no terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderOptions {
    /// Whether colours may be used.
    pub color: bool,
    /// Whether lines may be drawn with characters beyond ASCII. Names and texts of the user stay as
    /// they are.
    pub unicode: bool,
    /// Columns of the terminal. Below 40 it counts as 40.
    pub width: usize,
    /// Whether the terminal understands hyperlinks (OSC 8).
    pub links: bool,
    /// Whether to tell what passed and what is ignored, too.
    pub evidence: bool,
    /// The least severity of findings that are shown. All are counted.
    pub min_severity: Severity,
    /// Whether to tell findings and nothing else, where the format is for people.
    pub quiet: bool,
    /// Whether to show each finding in full, however often its rule was broken before.
    pub verbose: bool,
    /// The absolute path, with forward slashes, of the folder that the names of sources are relative
    /// to. Formats that need relative paths use it to shorten absolute ones.
    pub root: Option<String>,
    /// The same of the top of the checkout, which fingerprints go by.
    pub checkout: Option<String>,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self {
            color: false,
            unicode: true,
            width: 80,
            links: false,
            evidence: false,
            min_severity: Severity::Note,
            quiet: false,
            verbose: false,
            root: None,
            checkout: None,
        }
    }
}
