//! Whole runs of the program over generated corpora, beside the yardstick: the time that
//! `serde_json::from_slice::<Value>` takes for the same bytes, in memory, on as many threads.
//!
//! `cargo bench --bench check` prints one line per case; `cargo bench --bench check -- yaml` only
//! the cases whose name contains the word. Figures are the best of several runs, in milliseconds.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

mod corpus;

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use granit_parser::Parser;
use rayon::prelude::*;

/// Runs per figure.
const RUNS: usize = 7;

fn main() {
    let filter = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    let wanted = |name: &str| filter.as_deref().is_none_or(|word| name.contains(word));
    let folder = tempfile::tempdir().expect("a folder for the corpus");
    println!(
        "{:<34} {:>9} {:>9} {:>7}",
        "case", "ecrlint", "yardstick", "ratio"
    );
    if wanted("templates") {
        let path = folder.path().join("templates");
        let bytes = corpus::write_templates(&path, 2_000);
        compare("templates", &path, bytes);
        let tenth = folder.path().join("tenth");
        corpus::write_templates(&tenth, 200);
        let (small, large) = (check(&tenth, 1), check(&path, 1));
        println!(
            "{:<34} {:>9.1} {:>9.1} {:>7.2}",
            "growth: ten times the input",
            millis(large),
            millis(small),
            large.as_secs_f64() / small.as_secs_f64()
        );
    }
    if wanted("foreign") {
        let path = folder.path().join("foreign");
        let bytes = corpus::write_foreign(&path, 2_000);
        compare("foreign (no ECR)", &path, bytes);
    }
    if wanted("yaml") {
        let path = folder.path().join("yaml");
        corpus::write_yaml(&path, 500);
        for threads in [1, 2] {
            let texts = texts(&path);
            let yardstick =
                best(|| pool(threads).install(|| texts.par_iter().for_each(|text| events(text))));
            row(
                &format!("yaml, {threads} thread(s)"),
                check(&path, threads),
                yardstick,
            );
        }
    }
    if wanted("start") {
        let path = folder.path().join("start");
        corpus::write_templates(&path, 1);
        let template = path.join("Stack00000.template.json");
        println!(
            "{:<34} {:>9.1}",
            "start to exit, one template",
            millis(check(&template, 2))
        );
    }
    if wanted("render") {
        let path = folder.path().join("render");
        corpus::write_templates(&path, 2_000);
        for format in [
            "human", "json", "sarif", "github", "gitlab", "junit", "markdown",
        ] {
            let time = best(|| run(&path, 2, format, &["--set", "organisation", "--evidence"]));
            println!("{:<34} {:>9.1}", format!("render {format}"), millis(time));
        }
    }
}

fn compare(name: &str, path: &Path, bytes: usize) {
    for threads in [1, 2] {
        let texts = texts(path);
        let yardstick = best(|| {
            pool(threads).install(|| {
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
        "{name:<34} {:>9.1} {:>9.1} {:>7.2}",
        millis(ours),
        millis(yardstick),
        ours.as_secs_f64() / yardstick.as_secs_f64()
    );
}

/// A whole run of the program: process start, reading, judging, the JSON report.
fn check(path: &Path, threads: usize) -> Duration {
    best(|| {
        run(
            path,
            threads,
            "json",
            &["--set", "recommended", "--set", "organisation"],
        )
    })
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
