//! What lifecycle policies do, for people: tables, sentences, and a timeline.
//! It does not know how it was found out.

mod differences;
mod explained;
pub mod json;
mod numbers;
mod page;
mod previews;
pub(in crate::render) mod shades;
mod timeline;

use std::io::{self, Write};

use super::RenderOptions;
use super::text::harmless;
use crate::report::lifecycle::{Difference, Explained, Preview};
use page::LifecyclePage;

/// Writes what policies do with images.
///
/// # Errors
/// What the writer says.
pub fn write_previews(
    all: &[Preview],
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    write(all, options, out, previews::write)
}

/// Writes what policies say.
///
/// # Errors
/// What the writer says.
pub fn write_explained(
    all: &[Explained],
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    write(all, options, out, explained::write)
}

/// Writes what changes between policies.
///
/// # Errors
/// What the writer says.
pub fn write_differences(
    all: &[Difference],
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    write(all, options, out, differences::write)
}

fn write<T>(
    all: &[T],
    options: &RenderOptions,
    out: &mut dyn Write,
    one: impl Fn(&T, &mut LifecyclePage),
) -> io::Result<()> {
    let mut page = LifecyclePage::new(options);
    for (index, told) in all.iter().enumerate() {
        if index > 0 {
            page.gap();
        }
        one(told, &mut page);
    }
    out.write_all(harmless(&page.text).as_bytes())
}
