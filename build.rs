//! Reads the rules when the binary is built, with the code that reads users' rules, and stores them
//! so that start-up has nothing left to parse but plain data. A mistake in a rule fails the build.

#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    reason = "the shared modules serve the library first; the build needs a part of them"
)]

#[path = "src/rules/format/mod.rs"]
mod format;
#[path = "src/report/mod.rs"]
mod report;
#[path = "src/source/mod.rs"]
mod source;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use format::Definition;
use source::{Problem, Sources};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=rules");
    println!("cargo:rerun-if-changed=src/rules/format");
    println!("cargo:rerun-if-changed=src/source");
    println!("cargo:rerun-if-changed=schemas/repository.json");
    let mut files = Vec::new();
    find(Path::new("rules"), &mut files)?;
    let rules = load(&files)?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let logic = rules.iter().map(|rule| serde_json::to_string(&rule.logic));
    let documentation = rules
        .iter()
        .map(|rule| serde_json::to_string(&rule.documentation));
    store(&out.join("logic.jsonl"), logic)?;
    store(&out.join("documentation.jsonl"), documentation)
}

/// Every `.yaml` file below `folder`; none when there is no such folder.
fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            files.push(path);
        }
    }
    Ok(())
}

/// The rules of all files, by id. All mistakes of all files are reported at once.
fn load(files: &[PathBuf]) -> Result<Vec<Definition>, Box<dyn Error>> {
    let mut sources = Sources::default();
    let mut rules: Vec<Definition> = Vec::new();
    let mut problems = Vec::new();
    for file in files {
        let path = file.to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(file)?;
        let id = sources.add(path.clone(), text);
        match format::load(sources.source(id).text(), id, &path) {
            Ok(rule) => rules.push(rule),
            Err(found) => problems.extend(found),
        }
    }
    rules.sort_by(|a, b| a.logic.id.cmp(&b.logic.id));
    for pair in rules.windows(2) {
        if pair[0].logic.id == pair[1].logic.id {
            let title = format!("rule `{}` exists twice", pair[1].logic.id);
            problems.push(Problem::new(pair[1].place, title));
        }
    }
    if problems.is_empty() {
        return Ok(rules);
    }
    problems.sort_by_key(|problem| problem.span);
    for problem in &problems {
        println!("cargo:error={}", line(&sources, problem));
    }
    Err(format!("{} mistakes in rules", problems.len()).into())
}

/// A problem in one line: `rules/scanning/x.yaml:3:5: title (label); help`.
fn line(sources: &Sources, problem: &Problem) -> String {
    let location = sources.locate(problem.span);
    let mut line = format!(
        "{}:{}:{}: {}",
        location.path, location.start.line, location.start.column, problem.title
    );
    if !problem.label.is_empty() {
        line.push_str(&format!(" ({})", problem.label));
    }
    if let Some(help) = &problem.help {
        line.push_str(&format!("; {help}"));
    }
    line
}

/// Writes one line for each rule.
fn store(
    path: &Path,
    lines: impl Iterator<Item = serde_json::Result<String>>,
) -> Result<(), Box<dyn Error>> {
    let mut text = String::new();
    for line in lines {
        text.push_str(&line?);
        text.push('\n');
    }
    fs::write(path, text)?;
    Ok(())
}
