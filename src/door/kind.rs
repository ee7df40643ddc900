//! How large a file of each kind can be, and sizes as people write them.

use std::fmt;
use std::str::FromStr;

/// A million bytes.
const MEGABYTE: u64 = 1_000_000;

/// What a file is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A rule, which somebody wrote by hand.
    Rule,
    /// A configuration, the same.
    Configuration,
    /// Data that a configuration points into, and parameters of templates.
    Data,
    /// The manifest of an assembly.
    Manifest,
    /// What else an assembly has beside its templates.
    Metadata,
    /// A file of a program, or its source map.
    Program,
    /// A list of findings of an earlier run.
    Baseline,
    /// What git keeps track of.
    Index,
    /// A template, or another input that is read as a whole. The user may ask for larger ones.
    Template,
}

impl FileKind {
    /// The largest that such a file can be, unless the user says otherwise.
    pub(super) fn limit(self) -> ByteSize {
        ByteSize(match self {
            Self::Rule | Self::Configuration => MEGABYTE,
            Self::Data => 16 * MEGABYTE,
            Self::Template => 50 * MEGABYTE,
            Self::Index => 256 * MEGABYTE,
            Self::Manifest | Self::Metadata | Self::Program | Self::Baseline => 64 * MEGABYTE,
        })
    }
}

/// A number of bytes, at most what offsets of 32 bits can count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(u64);

impl ByteSize {
    /// The number.
    #[must_use]
    pub fn bytes(self) -> u64 {
        self.0
    }
}

impl Default for ByteSize {
    /// The largest template that is read if nobody asks for more.
    fn default() -> Self {
        FileKind::Template.limit()
    }
}

impl FromStr for ByteSize {
    type Err = String;

    /// Reads `50MB`, `50 MiB`, `1GB` or a number of bytes.
    fn from_str(text: &str) -> Result<Self, String> {
        let end = text.find(|c: char| !c.is_ascii_digit());
        let (number, unit) = text.split_at(end.unwrap_or(text.len()));
        let unit = match unit.trim_start().to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "k" | "kb" => 1000,
            "kib" => 1 << 10,
            "m" | "mb" => MEGABYTE,
            "mib" => 1 << 20,
            "g" | "gb" => 1000 * MEGABYTE,
            "gib" => 1 << 30,
            _ => return Err("write a number with KB, MB or GB, such as `200MB`".to_owned()),
        };
        let bytes = number.parse::<u64>().ok();
        let bytes = bytes.and_then(|number| number.checked_mul(unit));
        match bytes {
            None => Err("write a number with KB, MB or GB, such as `200MB`".to_owned()),
            Some(0) => Err("nothing can be read of no bytes".to_owned()),
            Some(bytes) if bytes > u64::from(u32::MAX) => {
                Err("no file above 4 GB is read".to_owned())
            }
            Some(bytes) => Ok(Self(bytes)),
        }
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes % (1000 * MEGABYTE) == 0 => {
                write!(f, "{} GB", bytes / (1000 * MEGABYTE))
            }
            bytes if bytes % MEGABYTE == 0 => write!(f, "{} MB", bytes / MEGABYTE),
            bytes if bytes % 1000 == 0 => write!(f, "{} KB", bytes / 1000),
            bytes => write!(f, "{bytes} bytes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ByteSize;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, shown) in [
            ("50MB", "50 MB"),
            ("200 mb", "200 MB"),
            ("1GB", "1 GB"),
            ("3k", "3 KB"),
            ("1MiB", "1048576 bytes"),
            ("17", "17 bytes"),
        ] {
            assert_eq!(
                text.parse::<ByteSize>().unwrap().to_string(),
                shown,
                "{text}"
            );
        }
        for text in [
            "",
            "MB",
            "-1MB",
            "1.5MB",
            "0",
            "5TB",
            "5GB",
            "99999999999999999999",
        ] {
            assert!(text.parse::<ByteSize>().is_err(), "{text}");
        }
    }
}
