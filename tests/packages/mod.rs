//! What tests need of others: commands that have to succeed, and packages of PyPI in a virtual environment.

#![allow(dead_code, reason = "not every test needs everything")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::program::root;

/// The Python of a virtual environment in `folder` with the packages of `list`, a file of the checkout; made where
/// there is none yet. `what` says what installing them is for.
pub(crate) fn python(folder: &Path, list: &str, what: &str) -> PathBuf {
    let wanted = fs::read_to_string(root().join(list)).expect("the list of packages can be read");
    let (installed, python) = (folder.join("installed.txt"), folder.join("bin/python"));
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return python;
    }
    let system = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    done(
        Command::new(system)
            .args(["-m", "venv", "--clear"])
            .arg(folder),
        "make a virtual environment; Python 3.9 or later with venv is needed (Debian: `apt-get install python3-venv`)",
    );
    done(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet"])
            .args(["--disable-pip-version-check", "--requirement", list])
            .current_dir(root()),
        what,
    );
    fs::write(installed, wanted).expect("a file can be written");
    python
}

/// Runs a command that has to succeed.
pub(crate) fn done(command: &mut Command, what: &str) {
    let told = match command.output() {
        Ok(Output { status, .. }) if status.success() => return,
        Ok(output) => {
            String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
        }
        Err(error) => error.to_string(),
    };
    panic!("cannot {what}: `{command:?}`: {told}");
}
