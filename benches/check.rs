//! Whole runs of the program over generated corpora, beside the yardstick: the time that
//! `serde_json::from_slice::<Value>` takes for the same bytes, in memory, on as many threads.
//!
//! `cargo bench --bench check` prints one line per case; `cargo bench --bench check -- yaml` only
//! the cases whose name contains the word. Figures are the best of several runs, in milliseconds: time of the
//! processor on one thread, time on the clock on two. `-- write FOLDER` only writes the varied corpora.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

#[allow(
    clippy::too_many_lines,
    reason = "a generator is a long template with a few holes"
)]
mod corpus;
mod measure;

use std::fs;
use std::hint::black_box;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ecrlint::config;
use ecrlint::engine::{self, Plan, RuleSelection, Thresholds};
use ecrlint::ignore::Date;
use ecrlint::input::{self, Context, Scratch};
use ecrlint::model::Inventory;
use ecrlint::render::{self, FORMATS, RenderOptions};
use ecrlint::report::{DraftReport, Severity};
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
/// Templates of a corpus; YAML and conditions, which take longer, have a quarter.
const TEMPLATES: usize = 2_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, folder, ..] = arguments.as_slice()
        && command == "write"
    {
        corpus::varied::write_templates(&Path::new(folder).join("templates"), TEMPLATES);
        corpus::varied::write_yaml(&Path::new(folder).join("yaml"), TEMPLATES / 4);
        return;
    }
    let filter = arguments.iter().find(|arg| !arg.starts_with('-'));
    let wanted = |name: &str| filter.is_none_or(|word| name.contains(word.as_str()));
    let folder = tempfile::tempdir().expect("a folder for the corpus");
    measure::heading();
    let cases: [(&str, Case); 9] = [
        ("varied-templates", varied_templates),
        ("varied-yaml", varied_yaml),
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

/// Templates of which no two are alike, and whether ten times the input takes ten times the time.
fn varied_templates(folder: &Path) {
    let (large, small) = (folder.join("large"), folder.join("small"));
    corpus::varied::write_templates(&large, TEMPLATES);
    corpus::varied::write_templates(&small, TEMPLATES / 10);
    compare("varied templates", &large, json);
    grown(&large, &small);
}

/// The same in YAML, as people write it.
fn varied_yaml(folder: &Path) {
    corpus::varied::write_yaml(folder, TEMPLATES / 4);
    compare("varied yaml", folder, events);
}

/// CDK templates that are alike, and whether ten times the input takes ten times the time.
fn templates(folder: &Path) {
    let (large, small) = (folder.join("large"), folder.join("small"));
    for (folder, count) in [(&large, TEMPLATES), (&small, TEMPLATES / 10)] {
        corpus::write_templates(folder, count);
        corpus::write_manifest(folder, count);
    }
    compare("templates", &large, json);
    grown(&large, &small);
}

/// The same with conditions and parameters: three variants of each repository.
fn conditions(folder: &Path) {
    corpus::write_conditional(folder, TEMPLATES / 4);
    corpus::write_manifest(folder, TEMPLATES / 4);
    compare("conditions", folder, json);
}

/// Templates that have nothing to do with ECR.
fn foreign(folder: &Path) {
    corpus::write_foreign(folder, TEMPLATES);
    compare("no ECR", folder, json);
}

/// Hand-written YAML beside a plain drain of the YAML parser's events.
fn yaml(folder: &Path) {
    corpus::write_yaml(folder, TEMPLATES / 4);
    compare("yaml", folder, events);
}

/// One template, from process start to exit.
fn start(folder: &Path) {
    corpus::write_templates(folder, 1);
    let path = folder.join("Stack00000.template.json");
    let config = folder.join("ecrlint.yaml");
    fs::write(&config, corpus::ORGANISATION).expect("the configuration can be written");
    let config = config.to_string_lossy();
    let time = best(|| run(&path, 2, "json", &["--config", &config]));
    println!(
        "{:<36} {:>9.1}",
        "start to exit, one template",
        measure::millis(time)
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
        println!(
            "{:<36} {:>9.1}",
            format!("render {format}"),
            measure::millis(time)
        );
    }
}

/// Ten thousand findings in every format, without anything else: the report is made beforehand, and what
/// is written goes nowhere.
fn findings(folder: &Path) {
    let (report, texts) = judged(folder, 10_000);
    for format in &FORMATS {
        for verbose in [false, true] {
            let options = RenderOptions {
                verbose,
                ..RenderOptions::default()
            };
            let times = (0..RUNS).map(|_| {
                // Lines are found when they are first asked for, which is part of the work.
                let mut sources = Sources::default();
                for (name, text) in &texts {
                    sources.add(name.as_str(), text.as_str());
                }
                let report = report.clone();
                let start = Instant::now();
                let report = report.finish(&sources);
                render::write(format, &report, &options, &mut io::sink())
                    .expect("a report can be written to nowhere");
                start.elapsed()
            });
            let time = times.min().unwrap_or_default();
            let name = match verbose {
                true => format!("10,000 findings, {}, verbose", format.name),
                false => format!("10,000 findings, {}", format.name),
            };
            println!("{name:<36} {:>9.1}", measure::millis(time));
        }
    }
}

/// A report of so many findings about templates that break the standard of an organisation, and the texts
/// that it points into, in the order of their ids.
fn judged(folder: &Path, count: usize) -> (DraftReport, Vec<(String, String)>) {
    fs::create_dir_all(folder).expect("the folder of the configuration can be made");
    let path = folder.join("ecrlint.yaml");
    fs::write(&path, corpus::STRICT).expect("the configuration can be written");
    let mut sources = Sources::default();
    let config = config::load(&path, &ecrlint::door::Door::at(Path::new("")), &mut sources)
        .expect("the configuration is right");
    let rules = RuleSet::builtin();
    let plan = Plan::new(&rules, &config, &RuleSelection::default())
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
        inventory.entities.extend(loaded.entities);
        texts.push((name, text));
    }
    let thresholds = Thresholds {
        fail_on: None,
        undetermined: Severity::Note,
        today: Date::from_unix_seconds(0),
    };
    let mut report = engine::check(&plan, &config, &inventory, thresholds, Vec::new());
    // Evenly from all of them, so that every rule and every text is among them.
    let step = report.diagnostics.len() / count;
    assert!(step > 0, "the corpus breaks enough rules");
    let diagnostics = report.diagnostics.into_iter().step_by(step).take(count);
    report.diagnostics = diagnostics.collect();
    (report, texts)
}

/// Judges the texts of a folder, beside a yardstick for each of them.
fn compare(name: &str, folder: &Path, yardstick: fn(&str)) {
    let texts = texts(folder);
    let bytes: usize = texts.iter().map(String::len).sum();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build();
    let pool = pool.expect("threads can be started");
    let one = measure::best(RUNS, || {
        measure::here(|| texts.iter().for_each(|text| yardstick(text)))
    });
    let two = measure::best(RUNS, || {
        measure::here(|| pool.install(|| texts.par_iter().for_each(|text| yardstick(text))))
    });
    measure::row(
        &format!("{name}, {} files, {} MB", texts.len(), bytes / 1_000_000),
        [check(folder, 1), one],
        [check(folder, 2), two],
    );
}

/// Whether the time grows with the input.
fn grown(large: &Path, small: &Path) {
    let [large, small] = [large, small].map(|folder| check(folder, 1).cpu);
    let times = large.as_secs_f64() / small.as_secs_f64();
    println!("{:<34} {times:>8.1} times the time", "ten times the input");
}

/// A whole run of the program: process start, reading, judging, the JSON report.
fn check(path: &Path, threads: usize) -> measure::Taken {
    let folder = tempfile::tempdir().expect("a folder for the configuration");
    let config = folder.path().join("ecrlint.yaml");
    fs::write(&config, corpus::ORGANISATION).expect("the configuration can be written");
    let config = config.to_string_lossy();
    measure::best(RUNS, || {
        let mut command = command(path, threads, "json", &["--config", &config]);
        let taken = measure::run(&mut command, Duration::from_secs(600));
        assert!(!taken.refused, "the corpus can be judged");
        taken
    })
}

fn run(path: &Path, threads: usize, format: &str, extra: &[&str]) {
    let status = command(path, threads, format, extra).status();
    let status = status.expect("the program starts");
    assert!(status.success(), "the run over the corpus fails: {status}");
}

fn command(path: &Path, threads: usize, format: &str, extra: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecrlint"));
    command
        .arg("check")
        .arg(path)
        .args(["--fail-on", "never", "--output", format])
        .args(extra)
        .env("RAYON_NUM_THREADS", threads.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Reads a text into a `Value`.
fn json(text: &str) {
    let value: serde_json::Value =
        serde_json::from_slice(text.as_bytes()).expect("the corpus is JSON");
    black_box(value);
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

/// The templates below a folder.
fn texts(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).expect("the corpus is there") {
        let path = entry.expect("an entry of the corpus").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            texts.extend(self::texts(&path));
        } else if name.to_lowercase().starts_with("stack") {
            texts.push(fs::read_to_string(&path).expect("a text of the corpus"));
        }
    }
    texts
}
