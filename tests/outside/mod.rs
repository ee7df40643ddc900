//! Data that does not come with the checkout. `ECRLINT_TEST_DATA` names its folder; without it the tests that need it
//! are skipped, and say so. Each of them tries more of what a test with data of its own holds.

use std::io::Write as _;
use std::path::PathBuf;

/// Text of a file of that folder; nothing where no folder is named.
///
/// # Panics
///
/// Where a folder is named that does not have the file: whoever names it wants the test to run.
pub(crate) fn outside(file: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("ECRLINT_TEST_DATA") else {
        // Not by a macro: what macros print is shown for failing tests only.
        let said = format!("SKIPPED: `ECRLINT_TEST_DATA` names no folder with {file}\n");
        let _ = std::io::stderr().write_all(said.as_bytes());
        return None;
    };
    let path = PathBuf::from(folder).join(file);
    let text = std::fs::read_to_string(&path);
    Some(text.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}
