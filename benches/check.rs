//! Whole runs of the program over generated corpora, beside the yardstick: the time that
//! `serde_json::from_slice::<Value>` takes for the same bytes, in memory, on as many threads.
//!
//! `cargo bench --bench check` prints one line per case; `cargo bench --bench check -- yaml` only
//! the cases whose name contains the word. Figures are the best of several runs, in milliseconds.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

#[allow(
    clippy::too_many_lines,
    reason = "a generator is a long template with a few holes"
)]
mod corpus;

use std::fs;
use std::hint::black_box;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ecrlint::config;
use ecrlint::engine::{self, Plan, Selection, Thresholds};
use ecrlint::ignore::Date;
use ecrlint::input::{self, Context, Scratch};
use ecrlint::model::Inventory;
use ecrlint::render::{self, FORMATS, Options};
use ecrlint::report::{Report, Severity};
use ecrlint::rules::RuleSet;
use ecrlint::source::Sources;
use granit_parser::Parser;
use rayon::prelude::*;

/// The program's allocator, for the yardstick, too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures one thing in a folder of its own, and prints it.
type Case = fn(&Path);

/// Runs per figure.
const RUNS: usize = 7;

fn main() {
    let filter = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    let wanted = |name: &str| filter.as_deref().is_none_or(|word| name.contains(word));
    let folder = tempfile::tempdir().expect("a folder for the corpus");
    println!(
        "{:<36} {:>9} {:>9} {:>7}",
        "case", "ecrlint", "yardstick", "ratio"
    );
    let cases: [(&str, Case); 7] = [
        ("templates", templates),
        ("conditions", conditions),
        ("foreign", foreign),
        ("yaml", yaml),
        ("start", start),
        ("render", render),
        ("findings", findings),
    ];
    for (name, case) in cases.into_iter().filter(|(name, _)| wanted(name)) {
        case(&folder.path().join(name));
    }
}

/// CDK templates, and whether ten times the input takes ten times the time.
fn templates(folder: &Path) {
    let (large, small) = (folder.join("large"), folder.join("small"));
    let bytes = corpus::write_templates(&large, 2_000);
    corpus::write_manifest(&large, 2_000);
    corpus::write_templates(&small, 200);
    corpus::write_manifest(&small, 200);
    compare("templates", &large, bytes);
    row(
        "ten times the input, beside one",
        check(&large, 1),
        check(&small, 1),
    );
}

/// The same with conditions and parameters: three variants of each repository.
fn conditions(folder: &Path) {
    let bytes = corpus::write_conditional(folder, 500);
    corpus::write_manifest(folder, 500);
    compare("conditions", folder, bytes);
}

/// Templates that have nothing to do with ECR.
fn foreign(folder: &Path) {
    let bytes = corpus::write_foreign(folder, 2_000);
    compare("no ECR", folder, bytes);
}

/// Hand-written YAML beside a plain drain of the YAML parser's events.
fn yaml(folder: &Path) {
    corpus::write_yaml(folder, 500);
    let texts = texts(folder);
    for threads in [1, 2] {
        let pool = pool(threads);
        let yardstick = best(|| pool.install(|| texts.par_iter().for_each(|text| events(text))));
        row(
            &format!("yaml, {threads} thread(s)"),
            check(folder, threads),
            yardstick,
        );
    }
}

/// One template, from process start to exit.
fn start(folder: &Path) {
    corpus::write_templates(folder, 1);
    let time = check(&folder.join("Stack00000.template.json"), 2);
    println!(
        "{:<36} {:>9.1}",
        "start to exit, one template",
        millis(time)
    );
}

/// More than 10,000 findings in every format; what `never` costs is the same run without any.
fn render(folder: &Path) {
    corpus::write_templates(folder, 2_000);
    let config = folder.join("ecrlint.yaml");
    fs::write(&config, corpus::STRICT).expect("the configuration can be written");
    let config = config.to_string_lossy();
    for format in [
        "json", "human", "sarif", "github", "gitlab", "junit", "markdown",
    ] {
        let time = best(|| run(folder, 2, format, &["--config", &config]));
        println!("{:<36} {:>9.1}", format!("render {format}"), millis(time));
    }
}

/// Ten thousand findings in every format, without anything else: the report is made beforehand, and what
/// is written goes nowhere.
fn findings(folder: &Path) {
    let (report, texts) = judged(folder, 10_000);
    for format in &FORMATS {
        for verbose in [false, true] {
            let options = Options {
                verbose,
                ..Options::default()
            };
            let times = (0..RUNS).map(|_| {
                // Lines are found when they are first asked for, which is part of the work.
                let mut sources = Sources::default();
                for (name, text) in &texts {
                    sources.add(name.as_str(), text.as_str());
                }
                let start = Instant::now();
                render::write(format, &report, &sources, &options, &mut io::sink())
                    .expect("a report can be written to nowhere");
                start.elapsed()
            });
            let time = times.min().unwrap_or_default();
            let name = match verbose {
                true => format!("10,000 findings, {}, verbose", format.name),
                false => format!("10,000 findings, {}", format.name),
            };
            println!("{name:<36} {:>9.1}", millis(time));
        }
    }
}

/// A report of so many findings about templates that break the standard of an organisation, and the texts
/// that it points into, in the order of their ids.
fn judged(folder: &Path, count: usize) -> (Report, Vec<(String, String)>) {
    fs::create_dir_all(folder).expect("the folder of the configuration can be made");
    let path = folder.join("ecrlint.yaml");
    fs::write(&path, corpus::STRICT).expect("the configuration can be written");
    let mut sources = Sources::default();
    let config = config::load(&path, &ecrlint::door::Door::at(Path::new("")), &mut sources)
        .expect("the configuration is right");
    let rules = RuleSet::builtin();
    let plan = Plan::new(&rules, &config, &Selection::default())
        .expect("the configuration fits the rules");
    let mut texts = vec![("ecrlint.yaml".to_owned(), corpus::STRICT.to_owned())];
    let mut inventory = Inventory::default();
    let mut scratch = Scratch::default();
    for index in 0..count / corpus::REPOSITORIES {
        let text = corpus::template(index, true);
        let name = format!("Stack{index}.template.json");
        let id = sources.add(name.as_str(), text.as_str());
        let loaded = input::load(&text, id, &Context::default(), &mut scratch);
        inventory.inputs += 1;
        inventory.repositories.extend(loaded.repositories);
        texts.push((name, text));
    }
    let thresholds = Thresholds {
        fail_on: None,
        undetermined: Severity::Note,
        today: Date::from_unix_seconds(0),
    };
    let mut report = engine::check(&plan, &config, &inventory, thresholds, Vec::new());
    engine::explain(&plan, &mut report);
    // Evenly from all of them, so that every rule and every text is among them.
    let step = report.diagnostics.len() / count;
    assert!(step > 0, "the corpus breaks enough rules");
    let diagnostics = report.diagnostics.into_iter().step_by(step).take(count);
    report.diagnostics = diagnostics.collect();
    (report, texts)
}

fn compare(name: &str, path: &Path, bytes: usize) {
    let texts = texts(path);
    for threads in [1, 2] {
        let pool = pool(threads);
        let yardstick = best(|| {
            pool.install(|| {
                texts.par_iter().for_each(|text| {
                    let value: serde_json::Value =
                        serde_json::from_slice(text.as_bytes()).expect("the corpus is JSON");
                    black_box(value);
                });
            });
        });
        row(
            &format!("{name}, {} MB, {threads} thread(s)", bytes / 1_000_000),
            check(path, threads),
            yardstick,
        );
    }
}

fn row(name: &str, ours: Duration, yardstick: Duration) {
    println!(
        "{name:<36} {:>9.1} {:>9.1} {:>7.2}",
        millis(ours),
        millis(yardstick),
        ours.as_secs_f64() / yardstick.as_secs_f64()
    );
}

/// A whole run of the program: process start, reading, judging, the JSON report.
fn check(path: &Path, threads: usize) -> Duration {
    let folder = tempfile::tempdir().expect("a folder for the configuration");
    let config = folder.path().join("ecrlint.yaml");
    fs::write(&config, corpus::ORGANISATION).expect("the configuration can be written");
    let config = config.to_string_lossy();
    best(|| run(path, threads, "json", &["--config", &config]))
}

fn run(path: &Path, threads: usize, format: &str, extra: &[&str]) {
    let status = Command::new(env!("CARGO_BIN_EXE_ecrlint"))
        .arg("check")
        .arg(path)
        .args(["--fail-on", "never", "--output", format])
        .args(extra)
        .env("RAYON_NUM_THREADS", threads.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program starts");
    assert!(status.success(), "the run over the corpus fails: {status}");
}

/// Drains the parser's events, which is the least that reading YAML can cost with it.
fn events(text: &str) {
    for event in Parser::new_from_str(text) {
        black_box(event.expect("the corpus is YAML"));
    }
}

fn best(mut work: impl FnMut()) -> Duration {
    (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads can be started")
}

fn texts(folder: &Path) -> Vec<String> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the corpus is there")
        .map(|entry| entry.expect("an entry of the corpus").path())
        .filter(|path| path.to_string_lossy().contains("Stack"))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| fs::read_to_string(path).expect("a text of the corpus"))
        .collect()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
