//! Golden files: what a test finds has to be what its file says. `UPDATE_GOLDEN=1` writes what was found instead;
//! look at the difference before you accept it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Holds what was found against the golden file.
///
/// # Panics
///
/// Where they differ.
pub(crate) fn assert_golden(path: &Path, found: &str) {
    if let Some(difference) = golden_difference(path, found) {
        panic!("{difference}");
    }
}

/// How what was found differs from the golden file, for a test that compares many of them.
pub(crate) fn golden_difference(path: &Path, found: &str) -> Option<String> {
    let golden = fs::read_to_string(path).unwrap_or_default();
    // A checkout on Windows may have other line ends.
    let golden = golden.replace("\r\n", "\n");
    if golden == found {
        return None;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let folder = path.parent().expect("a golden file lies in a folder");
        fs::create_dir_all(folder).expect("the folder can be made");
        fs::write(path, found).expect("the golden file can be written");
        return None;
    }
    Some(explained(path, &golden, found))
}

/// The lines from the first to the last one that differ.
fn explained(path: &Path, golden: &str, found: &str) -> String {
    let was: Vec<&str> = golden.lines().collect();
    let is: Vec<&str> = found.lines().collect();
    let equal = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let above = was.iter().zip(&is).take_while(equal).count();
    let rest = was[above..].iter().rev().zip(is[above..].iter().rev());
    let below = rest.take_while(equal).count();
    let mut text = format!(
        "{}, line {}: not what was found; `UPDATE_GOLDEN=1` before the command writes it\n",
        path.display(),
        above + 1
    );
    for (sign, lines) in [
        ('-', &was[above..was.len() - below]),
        ('+', &is[above..is.len() - below]),
    ] {
        for line in lines {
            let _ = writeln!(text, "{sign} {line}");
        }
    }
    text
}
