//! Writes the documentation site: `cargo run --example site -- FOLDER`, beside a built `ecrlint`.
//! It does not know what the pages say.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod pages;

fn main() -> ExitCode {
    let Some(out) = std::env::args_os().nth(1).map(PathBuf::from) else {
        return complain("name the folder to write to");
    };
    // Examples are built into a folder beside the programs.
    let built = std::env::current_exe().ok();
    let folder = built
        .as_deref()
        .and_then(Path::parent)
        .and_then(Path::parent);
    let name = format!("ecrlint{}", std::env::consts::EXE_SUFFIX);
    let Some(program) = folder
        .map(|folder| folder.join(name))
        .filter(|path| path.exists())
    else {
        return complain("build `ecrlint` first: `cargo build`");
    };
    match pages::write(Path::new(env!("CARGO_MANIFEST_DIR")), &out, &program) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error.to_string()),
    }
}

#[expect(clippy::print_stderr, reason = "it is all that the program says")]
fn complain(why: &str) -> ExitCode {
    eprintln!("error: {why}");
    ExitCode::from(2)
}
