//! Inputs that are made to cost as much as they can, each of about 1 MB: what a whole run of the program takes of them, on
//! one thread, in time of the processor and in memory, and how long its report is.
//!
//! `cargo bench --bench hostile` judges all of them; `-- ssm` those with `ssm` in their name; `-- write FOLDER` only writes
//! them.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

#[path = "hostile/access.rs"]
mod access;
#[path = "hostile/conditions.rs"]
mod conditions;
mod measure;
#[path = "hostile/neighbours.rs"]
mod neighbours;
#[path = "hostile/texts.rs"]
mod texts;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Map, Value, json};

/// Most bytes of an input: a template of CloudFormation can have 1 MB.
const LARGEST: usize = 1_048_576;
/// A run that takes longer is ended.
const PATIENCE: Duration = Duration::from_secs(60);
/// Both rule sets, an organisation, and what is asked of its repositories.
const CONFIGURATION: &str = r#"
sets: [recommended, organisation]
organisation:
  prefix: acme
  app: shop
  environments:
    dev: { account: "111111111111", region: eu-west-1 }
    prod: { account: "222222222222", region: eu-west-1 }
  repositories:
    api: { images_retained: 5, shareable_with_all_envs: true, use_kms_key: true }
  required_tags: { owner: {} }
protected_tags: ["prod-*", "v*"]
rules: { scan-event-target: warning, tag-immutability: warning, kms-key-rotation: warning }
"#;

/// An input: its name, the end of its file, and its text.
struct Case {
    name: &'static str,
    end: &'static str,
    text: String,
    configuration: String,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let wanted = arguments.iter().find(|one| !one.starts_with('-'));
    if let [command, folder, ..] = arguments.as_slice()
        && command == "write"
    {
        for case in cases() {
            case.write(Path::new(folder));
        }
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for the inputs");
    println!(
        "{:<28} {:>7} {:>8} {:>8} {:>10}",
        "case", "KB", "CPU s", "peak MB", "report KB"
    );
    for case in cases() {
        if wanted.is_none_or(|wanted| case.name.contains(wanted.as_str())) {
            case.judge(folder.path());
        }
    }
}

fn cases() -> Vec<Case> {
    let mut all = neighbours::cases();
    all.extend(access::cases());
    all.extend(conditions::cases());
    all.extend(texts::cases());
    all
}

impl Case {
    /// Writes the input and its configuration into a folder of their own.
    fn write(&self, folder: &Path) -> PathBuf {
        let folder = folder.join(self.name);
        fs::create_dir_all(&folder).expect("a folder can be made");
        fs::write(folder.join("ecrlint.yaml"), &self.configuration).expect("a file can be written");
        let path = folder.join(format!("input{}", self.end));
        fs::write(&path, &self.text).expect("a file can be written");
        path
    }

    fn judge(&self, folder: &Path) {
        let path = self.write(folder);
        let report = path.with_file_name("report.json");
        let mut command = Command::new(env!("CARGO_BIN_EXE_ecrlint"));
        command
            .arg("check")
            .arg(&path)
            .args(["--fail-on", "never", "--output", "json"])
            .current_dir(path.parent().expect("a file lies in a folder"))
            .env("RAYON_NUM_THREADS", "1")
            .stdout(File::create(&report).expect("a file can be made"));
        let taken = measure::run(&mut command, PATIENCE);
        let length = fs::metadata(&report).map_or(0, |file| file.len());
        println!(
            "{:<28} {:>7} {:>8.2} {:>8.0} {:>10}{}",
            self.name,
            self.text.len() / 1000,
            taken.cpu.as_secs_f64(),
            taken.peak as f64 / 1e3,
            length / 1000,
            if taken.refused { "  refused" } else { "" },
        );
        fs::remove_dir_all(path.parent().expect("a file lies in a folder")).expect("it is ours");
    }
}

/// A template in JSON.
fn case(name: &'static str, template: &Value) -> Case {
    text(name, ".json", template.to_string())
}

fn text(name: &'static str, end: &'static str, text: String) -> Case {
    assert!(text.len() <= LARGEST, "{name} has {} bytes", text.len());
    Case {
        name,
        end,
        text,
        configuration: CONFIGURATION.to_owned(),
    }
}

/// A template of nothing but resources.
fn resources(name: &'static str, all: impl IntoIterator<Item = (String, Value)>) -> Case {
    case(
        name,
        &json!({ "Resources": all.into_iter().collect::<Map<_, _>>() }),
    )
}

/// What `make` makes of the numbers below `count`.
fn many<T>(count: usize, make: impl Fn(usize) -> T) -> Vec<T> {
    (0..count).map(make).collect()
}

/// As `many`, as a mapping.
fn mapping(count: usize, make: impl Fn(usize) -> (String, Value)) -> Value {
    (0..count).map(make).collect::<Map<_, _>>().into()
}

fn resource(kind: &str, properties: &Value) -> Value {
    json!({ "Type": format!("AWS::{kind}"), "Properties": properties })
}

fn repository(name: &str) -> Value {
    resource("ECR::Repository", &json!({ "RepositoryName": name }))
}

/// A repository with other properties besides its name.
fn with(name: &str, key: &str, value: Value) -> Value {
    resource(
        "ECR::Repository",
        &json!({ "RepositoryName": name, key: value }),
    )
}

/// Repositories with names of their own.
fn repositories(count: usize) -> Vec<(String, Value)> {
    many(count, |it| {
        (format!("R{it}"), repository(&format!("acme-shop-{it}")))
    })
}
