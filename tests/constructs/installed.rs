//! The construct library from npm and PyPI, in the versions of `fixtures/cdk-shapes/versions`, and runs of programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::code::Language;
use crate::packages::{done, python};
use crate::program::root;

/// Where everything lies that is installed and written.
pub(crate) fn home() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("constructs")
}

/// Runs every program below a folder once: one process for all of them.
pub(crate) fn run(language: Language, folder: &Path, checked: bool) {
    let home = home();
    let (mut command, name, text) = match language {
        Language::TypeScript => {
            from_npm();
            let mut command = Command::new("node");
            command.args(["-r", "ts-node/register/transpile-only", "main.ts"]);
            (command, "main.ts", include_str!("main.ts.txt"))
        }
        Language::Python => {
            let mut command = Command::new(python(
                &home.join("venv"),
                "fixtures/cdk-shapes/versions/current/requirements.txt",
                "install aws-cdk-lib from PyPI",
            ));
            command.args(["-B", "main.py"]);
            command.env("JSII_HOST_STACK_TRACES", "1");
            (command, "main.py", include_str!("main.py.txt"))
        }
    };
    let config = root().join("fixtures/cdk-shapes/typescript/tsconfig.json");
    let config = fs::read_to_string(config).expect("the settings of the compiler");
    let config = config.replace(r#"["bin", "lib"]"#, r#"["*/stack.ts"]"#);
    fs::write(folder.join("tsconfig.json"), config).expect("a file can be written");
    fs::write(folder.join(name), text).expect("a file can be written");
    done(command.current_dir(folder), "run the programs");
    if checked && language == Language::TypeScript {
        check(&home, folder);
    }
}

/// Writes down which programs the compiler refuses.
fn check(home: &Path, folder: &Path) {
    let output = Command::new("node")
        .arg(home.join("node_modules/typescript/bin/tsc"))
        .args(["--project", ".", "--pretty", "false"])
        .current_dir(folder)
        .output()
        .expect("the compiler runs");
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Some((program, _)) = line.split_once("/stack.ts(") else {
            continue;
        };
        fs::write(folder.join(program).join("refused.txt"), line).expect("a file can be written");
    }
}

/// The packages of npm, installed where they are not yet.
fn from_npm() {
    let versions = root().join("fixtures/cdk-shapes/versions/current");
    let home = home();
    fs::create_dir_all(&home).expect("a folder can be made");
    let wanted = fs::read_to_string(versions.join("package-lock.json")).expect("the lock file");
    let installed = home.join("installed-from-npm.txt");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return;
    }
    for name in ["package.json", "package-lock.json"] {
        fs::copy(versions.join(name), home.join(name)).expect("a file can be copied");
    }
    let arguments = [
        "ci",
        "--no-audit",
        "--no-fund",
        "--omit-lockfile-registry-resolved",
    ];
    done(
        Command::new("npm").args(arguments).current_dir(&home),
        "install aws-cdk-lib from npm; Node.js 20 or later with npm is needed",
    );
    fs::write(installed, wanted).expect("a file can be written");
}
