//! `ecrlint lsp`, spoken to by a client that others wrote, in the name of three editors.

use std::path::Path;
use std::process::Command;

use crate::packages::{done, python};
use crate::program::{copied, root};

#[test]
#[ignore = "needs Python with venv, and packages of PyPI"]
fn editors_of_others_understand_every_answer() {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pytest-lsp");
    let list = "tests/cli/lsp/requirements.txt";
    let python = python(&home, list, "install pytest-lsp from PyPI");
    let workspace = copied("fixtures/example");
    let mut command = Command::new(python);
    // No file of the checkout says how the tests are run, and none is written into it.
    let arguments = [
        "-B",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
    ];
    command.args(arguments).arg(workspace.path());
    command.arg(root().join("tests/cli/lsp/clients.py"));
    command.env("ECRLINT", env!("CARGO_BIN_EXE_ecrlint"));
    command.env("WORKSPACE", workspace.path());
    done(&mut command, "speak to the server as editors do");
}
