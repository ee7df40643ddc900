//! A report as it is asked for on the command line: its format, and where it goes.
//! It does not know how a report is written.

use std::path::PathBuf;

use crate::render::FORMATS;

/// One requested output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputArg {
    /// Name of a row of [`FORMATS`].
    pub format: &'static str,
    /// The file to write; standard output when `None`.
    pub file: Option<PathBuf>,
}

impl OutputArg {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(file)),
            None => (text, None),
        };
        if file.is_some_and(str::is_empty) {
            return Err(format!("name the file after `{name}=`"));
        }
        FORMATS
            .iter()
            .find(|format| format.name == name)
            .map(|format| OutputArg {
                format: format.name,
                file: file.map(PathBuf::from),
            })
            .ok_or_else(|| format!("known formats: {}", names().join(", ")))
    }
}

impl OutputArg {
    /// An output that has to name a file.
    pub(super) fn parse_file(text: &str) -> Result<Self, String> {
        match Self::parse(text)? {
            OutputArg { format, file: None } => Err(format!("name the file after `{format}=`")),
            output => Ok(output),
        }
    }
}

fn names() -> Vec<&'static str> {
    FORMATS.iter().map(|format| format.name).collect()
}

/// What the help says about the formats.
pub(super) fn help() -> String {
    let mut help = String::from(
        "Output format, to standard output or to a file (repeatable, all from one run):\n",
    );
    for format in &FORMATS {
        help.push_str(&format!("\n  {:<9} {}", format.name, format.about));
    }
    help
}
