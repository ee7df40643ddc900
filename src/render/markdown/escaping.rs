//! Texts as they stand in Markdown that others may show as they like.
//! It does not know what is said.

use std::fmt::Write as _;

use crate::render::text::{clean, names};

/// Bytes after which no row is added: GitHub refuses a job summary of more than 1 MiB.
pub(super) const LIMIT: usize = (1 << 20) - 4096;

/// A message whose parts in backticks become code.
pub(super) fn prose(text: &str) -> String {
    let parts = names(text)
        .into_iter()
        .map(|(part, is_name)| match is_name {
            true => format!("<code>{}</code>", escape(part)),
            false => escape(part),
        });
    parts.collect()
}

/// Text that Markdown and HTML leave alone: a name from an input must not become a link, an image or
/// a mention. Numeric references are never markup.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '<' | '>' | '&' | '|' | '`' | '*' | '_' | '[' | ']' | '!' | '@' | '#' | '~' | '\\'
            | '$' => {
                let _infallible = write!(escaped, "&#{};", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    // GitHub makes a link of each address that it sees.
    escaped.replace("://", "&#58;//")
}
