//! Whole runs of the program over generated snapshots, beside the yardstick: `serde_json::from_slice::<Value>`
//! over the same bytes, line by line, on as many threads. Peak memory is the program's own, as Linux counts it.
//!
//! `cargo bench --bench snapshot` judges 20,000 repositories of which no two are alike, and 100,000 that are (0.4 GB);
//! `cargo bench --bench snapshot -- large` a million of these as well (4 GB of disk, deleted afterwards);
//! `-- write FILE COUNT` and `-- write-varied FILE COUNT` only write a snapshot.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

mod measure;
#[path = "corpus/varied/mod.rs"]
mod varied;

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rayon::prelude::*;
use serde_json::{Value, json};

use measure::Taken;

/// The program's allocator, for the yardstick, too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One repository in so many breaks a rule.
const BROKEN: usize = 1_000;
/// Runs per figure; one where the file is large.
const RUNS: usize = 3;
/// Lines that the yardstick reads at a time.
const WAVE: usize = 4_096;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, file, count, ..] = arguments.as_slice()
        && (command == "write" || command == "write-varied")
    {
        let count = count.parse().expect("a number of repositories");
        return match command == "write" {
            true => write(Path::new(file), count),
            false => varied::write_snapshot(Path::new(file), count),
        };
    }
    let is_large = arguments.iter().any(|argument| argument == "large");
    measure::heading();
    let folder = tempfile::tempdir().expect("a folder for the corpus");
    let path = folder.path().join("snapshot.ndjson");
    varied::write_snapshot(&path, 20_000);
    case("varied, 20,000", &path);
    write(&path, 100_000);
    case("100,000", &path);
    if is_large {
        write(&path, 1_000_000);
        case("1,000,000", &path);
    }
}

fn case(name: &str, path: &Path) {
    let bytes = fs::metadata(path).map_or(0, |file| file.len()) / 1_000_000;
    let runs = if bytes < 1_000 { RUNS } else { 1 };
    let check = |threads| measure::best(runs, || check(path, threads));
    let yardstick = |threads| measure::best(runs, || yardstick(path, threads));
    measure::row(
        &format!("{name}, {bytes} MB"),
        [check(1), yardstick(1)],
        [check(2), yardstick(2)],
    );
}

/// A whole run.
fn check(path: &Path, threads: usize) -> Taken {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecrlint"));
    command
        .arg("check")
        .arg(path)
        .args(["--fail-on", "never", "--output", "json"])
        .env("RAYON_NUM_THREADS", threads.to_string())
        .stdout(Stdio::null());
    let taken = measure::run(&mut command, Duration::from_secs(600));
    assert!(!taken.refused, "the snapshot can be judged");
    taken
}

/// Reads every line into a `Value`. The lines are in memory already, some at a time; only parsing counts.
fn yardstick(path: &Path, threads: usize) -> Taken {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.expect("threads can be started");
    let mut lines = BufReader::new(File::open(path).expect("the corpus is there")).split(b'\n');
    let mut sum = Taken::default();
    loop {
        let wave = lines.by_ref().take(WAVE);
        let wave: Vec<Vec<u8>> = wave.map(|line| line.expect("a line")).collect();
        if wave.is_empty() {
            return sum;
        }
        let taken = match threads {
            1 => measure::here(|| wave.iter().for_each(|line| parse(line))),
            _ => measure::here(|| pool.install(|| wave.par_iter().for_each(|line| parse(line)))),
        };
        sum.cpu += taken.cpu;
        sum.clock += taken.clock;
    }
}

fn parse(line: &[u8]) {
    black_box(serde_json::from_slice::<Value>(line).expect("the corpus is JSON"));
}

/// Writes a snapshot as `ecrlint snapshot` does, of repositories like those of one organisation: 4 KB each, with a
/// key, policies, tags and parameters. One of [`BROKEN`] is not scanned.
fn write(path: &Path, count: usize) {
    let mut out = BufWriter::new(File::create(path).expect("the corpus can be written"));
    let registry = json!({"account": "111111111111", "region": "eu-west-1",
        "registry": {"scanning": {"scanType": "BASIC", "rules": []}, "policy": null}});
    writeln!(out, "{registry}").expect("the corpus can be written");
    for index in 0..count {
        writeln!(out, "{}", record(index)).expect("the corpus can be written");
    }
}

fn record(index: usize) -> Value {
    let scans = index % BROKEN != 7;
    let name = format!("acme-shop-team{:03}-service-{index:07}", index % 400);
    let arn = format!("arn:aws:ecr:eu-west-1:111111111111:repository/{name}");
    let key = format!("{:08x}-9ad0-7647-d991-{index:012x}", index % 400);
    let key_arn = format!("arn:aws:kms:eu-west-1:111111111111:key/{key}");
    let lifecycle = json!({"rules": [
        {"rulePriority": 1, "description": "drop what was never tagged",
         "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7},
         "action": {"type": "expire"}},
        {"rulePriority": 2, "description": "keep the newest images",
         "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10 + index % 40},
         "action": {"type": "expire"}}]});
    let actions = [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
    ];
    let accounts = ["222222222222", "333333333333"].map(|it| format!("arn:aws:iam::{it}:root"));
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "Pull", "Effect": "Allow", "Principal": {"AWS": accounts}, "Action": actions}]});
    let key_policy = json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "Own", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
         "Action": "kms:*", "Resource": "*"},
        {"Sid": "Use", "Effect": "Allow", "Principal": {"AWS": accounts},
         "Action": ["kms:Decrypt", "kms:DescribeKey"], "Resource": "*"}]});
    let base = format!("TEAM{:03}_SERVICE_{index:07}", index % 400);
    let parameter = |kind: &str, value: &str| {
        let own = format!("ECR_{base}_{kind}");
        json!({"Name": own, "Type": "String", "Value": value, "Version": 1, "LastModifiedDate": 1789374672.114,
            "ARN": format!("arn:aws:ssm:eu-west-1:111111111111:parameter/{own}"), "DataType": "text"})
    };
    json!({
        "account": "111111111111", "region": "eu-west-1",
        "repository": {"repositoryArn": arn, "registryId": "111111111111", "repositoryName": name,
            "repositoryUri": format!("111111111111.dkr.ecr.eu-west-1.amazonaws.com/{name}"),
            "createdAt": 1789374665.0, "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": scans},
            "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": key_arn}},
        "scanning": {"repositoryArn": arn, "repositoryName": name, "scanOnPush": scans,
            "scanFrequency": if scans { "SCAN_ON_PUSH" } else { "MANUAL" }, "appliedScanFilters": []},
        "lifecyclePolicy": {"registryId": "111111111111", "repositoryName": name,
            "lifecyclePolicyText": lifecycle.to_string(), "lastEvaluatedAt": 1789974644.0},
        "repositoryPolicy": {"registryId": "111111111111", "repositoryName": name, "policyText": policy.to_string()},
        "tags": [{"Key": "cost-center", "Value": "4711"}, {"Key": "owner", "Value": format!("team-{:03}", index % 400)},
            {"Key": "aws:cloudformation:stack-name", "Value": format!("Shop-{index}")}],
        "kmsKey": {"AWSAccountId": "111111111111", "KeyId": key, "Arn": key_arn, "CreationDate": 1789374631.118,
            "Enabled": true, "Description": "", "KeyUsage": "ENCRYPT_DECRYPT", "KeyState": "Enabled", "Origin": "AWS_KMS",
            "KeyManager": "CUSTOMER", "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "KeySpec": "SYMMETRIC_DEFAULT",
            "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"], "MultiRegion": false},
        "kmsKeyRotation": {"KeyId": key_arn, "KeyRotationEnabled": true, "RotationPeriodInDays": 365},
        "kmsKeyPolicy": {"Policy": key_policy.to_string(), "PolicyName": "default"},
        "parameters": [parameter("arn", &arn), parameter("name", &name), parameter("kms_key_arn", &key_arn)],
    })
}
