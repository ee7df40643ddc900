//! Colours of the terminal, switched on or off in one place.
//! It does not know what is painted.

use std::fmt::{self, Display};

/// What a piece of text is, which decides how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Error,
    Warning,
    Note,
    Good,
    /// Words that name what follows.
    Key,
    Strong,
    /// What may be passed over.
    Quiet,
}

impl Ink {
    fn code(self) -> &'static str {
        match self {
            Ink::Error => "1;31",
            Ink::Warning => "1;33",
            Ink::Note => "1;36",
            Ink::Good => "1;32",
            Ink::Key => "36",
            Ink::Strong => "1",
            Ink::Quiet => "2",
        }
    }
}

/// Paints, or does not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Brush {
    pub(crate) color: bool,
    pub(crate) links: bool,
}

impl Brush {
    /// `text` in `ink`.
    pub(crate) fn paint<T: Display>(self, ink: Ink, text: T) -> Painted<T> {
        let ink = self.color.then_some(ink);
        Painted { ink, text }
    }

    /// Whether a link to `url` is drawn as one.
    pub(crate) fn leads(self, url: Option<&str>) -> bool {
        let is_plain = |url: &str| url.chars().all(|c| c.is_ascii_graphic());
        self.links && url.is_some_and(is_plain)
    }

    /// `text` as a link to `url`, where the terminal can follow it.
    pub(crate) fn link(self, url: Option<&str>, text: &str) -> String {
        match url {
            Some(url) if self.leads(Some(url)) => {
                format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
            }
            _ => text.to_owned(),
        }
    }
}

/// A text with or without colour.
pub(crate) struct Painted<T> {
    ink: Option<Ink>,
    text: T,
}

impl<T: Display> Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ink {
            Some(ink) => write!(f, "\u{1b}[{}m{}\u{1b}[0m", ink.code(), self.text),
            None => self.text.fmt(f),
        }
    }
}
