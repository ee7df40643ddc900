//! What a run takes: time of the processor, time on the clock, and the largest memory, as Linux counts them.

#![allow(dead_code, reason = "not every benchmark measures everything")]

use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// What one run took. Time of the processor is that of all threads, in hundredths of a second for other processes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Taken {
    pub(crate) cpu: Duration,
    pub(crate) clock: Duration,
    /// In kilobytes.
    pub(crate) peak: u64,
    /// Whether the program said by its exit code that its input cannot be judged.
    pub(crate) refused: bool,
}

/// The least of several runs.
pub(crate) fn best(runs: usize, work: impl FnMut() -> Taken) -> Taken {
    let all = std::iter::repeat_with(work).take(runs);
    let least = all.reduce(|one, other| Taken {
        cpu: one.cpu.min(other.cpu),
        clock: one.clock.min(other.clock),
        peak: one.peak.max(other.peak),
        refused: one.refused || other.refused,
    });
    least.unwrap_or_default()
}

/// What some work of this thread takes; memory is not looked at.
pub(crate) fn here(work: impl FnOnce()) -> Taken {
    let (cpu, start) = (own(), Instant::now());
    work();
    Taken {
        clock: start.elapsed(),
        cpu: own().saturating_sub(cpu),
        peak: 0,
        refused: false,
    }
}

/// Time of the processor that this thread has had.
fn own() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = text.split(' ').next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}

/// Runs the program to its end, or until the patience does.
pub(crate) fn run(command: &mut std::process::Command, patience: Duration) -> Taken {
    let start = Instant::now();
    let child = command.stderr(Stdio::null()).spawn();
    watch(child.expect("the program starts"), start, patience)
}

fn watch(mut child: Child, start: Instant, patience: Duration) -> Taken {
    let [status, stat] = ["status", "stat"].map(|it| format!("/proc/{}/{it}", child.id()));
    let mut peak = 0;
    let (clock, ticks) = loop {
        let number = |text: &str| text.trim().split(' ').next()?.parse::<u64>().ok();
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = peak.max(line.and_then(number).unwrap_or(0));
        // Of a process that has ended, the times stay until it is waited for.
        let text = fs::read_to_string(&stat).unwrap_or_default();
        let fields = text.rsplit(") ").next().unwrap_or_default();
        let fields: Vec<&str> = fields.split(' ').collect();
        if fields[0] == "Z" || start.elapsed() > patience {
            let times = fields.get(11..13).into_iter().flatten();
            break (
                start.elapsed(),
                times.filter_map(|it| number(it)).sum::<u64>(),
            );
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let _ = child.kill();
    let status = child.wait().expect("the program can be waited for");
    let refused = status.code() == Some(2);
    assert!(
        status.success() || refused || clock > patience,
        "the run fails: {status}"
    );
    Taken {
        cpu: Duration::from_millis(ticks * 10),
        clock,
        peak,
        refused,
    }
}

/// Prints what stands above the rows.
pub(crate) fn heading() {
    println!(
        "{:<34} {:>8} {:>8} {:>6} {:>9} {:>8} {:>6} {:>8}",
        "case", "CPU ms", "yards.", "ratio", "2 thr. ms", "yards.", "ratio", "peak MB"
    );
}

/// Prints a case: time of the processor on one thread and time on the clock on two, each beside the yardstick's, and
/// the largest memory of either.
pub(crate) fn row(name: &str, one: [Taken; 2], two: [Taken; 2]) {
    let ratio = |of: [Duration; 2]| of[0].as_secs_f64() / of[1].as_secs_f64();
    let (cpu, clock) = (one.map(|it| it.cpu), two.map(|it| it.clock));
    println!(
        "{name:<34} {:>8.0} {:>8.0} {:>6.2} {:>9.0} {:>8.0} {:>6.2} {:>8.0}",
        millis(cpu[0]),
        millis(cpu[1]),
        ratio(cpu),
        millis(clock[0]),
        millis(clock[1]),
        ratio(clock),
        one[0].peak.max(two[0].peak) as f64 / 1e3,
    );
}

pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
