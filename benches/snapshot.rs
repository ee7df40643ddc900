//! Whole runs of the program over generated snapshots, beside the yardstick: `serde_json::from_slice::<Value>`
//! over the same bytes, line by line, on as many threads. Peak memory is the program's own, as Linux counts it.
//!
//! `cargo bench --bench snapshot` judges 100,000 repositories (0.4 GB); `cargo bench --bench snapshot -- large`
//! a million as well (4 GB of disk, deleted afterwards); `-- write FILE COUNT` only writes a snapshot.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use serde_json::{Value, json};

/// The program's allocator, for the yardstick, too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One repository in so many breaks a rule.
const BROKEN: usize = 1_000;
/// Lines that the yardstick reads at a time.
const WAVE: usize = 4_096;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [_, file, count, ..] = arguments.as_slice()
        && arguments[0] == "write"
    {
        return write(
            Path::new(file),
            count.parse().expect("a number of repositories"),
        );
    }
    let is_large = arguments.iter().any(|argument| argument == "large");
    println!(
        "{:<28} {:>9} {:>9} {:>7} {:>9}",
        "case", "ecrlint", "yardstick", "ratio", "peak MB"
    );
    for count in [100_000, 1_000_000]
        .into_iter()
        .take(1 + usize::from(is_large))
    {
        let folder = tempfile::tempdir().expect("a folder for the corpus");
        let path = folder.path().join("snapshot.ndjson");
        write(&path, count);
        for threads in [1, 2] {
            case(&path, count, threads);
        }
    }
}

fn case(path: &Path, count: usize, threads: usize) {
    let (time, peak) = check(path, threads);
    let yardstick = yardstick(path, threads);
    let bytes = fs::metadata(path).map_or(0, |file| file.len()) / 1_000_000;
    println!(
        "{:<28} {:>9.0} {:>9.0} {:>7.2} {:>9.0}",
        format!("{count}, {bytes} MB, {threads} thread(s)"),
        millis(time),
        millis(yardstick),
        time.as_secs_f64() / yardstick.as_secs_f64(),
        peak as f64 / 1e3,
    );
}

/// A whole run, with its peak memory in kilobytes.
fn check(path: &Path, threads: usize) -> (Duration, u64) {
    let start = Instant::now();
    let child = Command::new(env!("CARGO_BIN_EXE_ecrlint"))
        .arg("check")
        .arg(path)
        .args(["--fail-on", "never", "--output", "json"])
        .env("RAYON_NUM_THREADS", threads.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let peak = watch(child);
    (start.elapsed(), peak)
}

/// Waits for the end of a run, and looks at its largest memory until then.
fn watch(mut child: Child) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Ok(text) = fs::read_to_string(&status) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let number = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
            peak = peak.max(number.unwrap_or(0));
        }
        match child.try_wait().expect("the program can be waited for") {
            Some(status) => {
                assert!(
                    status.success(),
                    "the run over the snapshot fails: {status}"
                );
                return peak;
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// Reads every line into a `Value`. The lines are in memory already, some at a time; only parsing counts.
fn yardstick(path: &Path, threads: usize) -> Duration {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.expect("threads can be started");
    let mut lines = BufReader::new(File::open(path).expect("the corpus is there")).split(b'\n');
    let mut time = Duration::ZERO;
    loop {
        let wave: Vec<Vec<u8>> = lines
            .by_ref()
            .take(WAVE)
            .map(|line| line.expect("a line"))
            .collect();
        if wave.is_empty() {
            return time;
        }
        let start = Instant::now();
        pool.install(|| {
            wave.par_iter().for_each(|line| {
                black_box(serde_json::from_slice::<Value>(line).expect("the corpus is JSON"));
            });
        });
        time += start.elapsed();
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
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
