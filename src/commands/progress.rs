//! How far a run is, on a terminal that somebody watches and nowhere else.
//! It does not know what is done.

#[cfg(feature = "capture")]
use std::io::{self, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::Terminal;
#[cfg(feature = "capture")]
use crate::capture::{CallerIdentity, Progress};
#[cfg(feature = "capture")]
use crate::render::{clean, harmless};

/// Fewer files are read before a bar could be seen.
const MANY: usize = 1000;
/// How often the bar shows that the run goes on, though nothing is done yet.
const TICK: Duration = Duration::from_millis(120);

/// A bar on one line of standard error, which goes when the work is done.
#[derive(Debug)]
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar over the files of a run, where they are so many that somebody waits for them.
    pub(super) fn over_files(files: usize, terminal: &Terminal) -> Self {
        let bar = hidden("reading [{bar:24}] {pos}/{len} files");
        bar.set_length(files as u64);
        Self::new(bar, files >= MANY && terminal.shows_bars())
    }

    /// One more file is read.
    pub(super) fn read_one(&self) {
        self.0.inc(1);
    }

    /// Shows a bar that says already what it is to say: it may be drawn from now on at any time.
    fn new(bar: ProgressBar, is_shown: bool) -> Self {
        if is_shown {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            // Files that keep a processor busy for long do not stop the time.
            bar.enable_steady_tick(TICK);
        }
        Self(bar)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A bar that nobody sees yet.
fn hidden(template: &str) -> ProgressBar {
    ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_style(style(template))
}

/// How a bar looks.
fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).expect("the template is our own");
    style.progress_chars("#.").tick_chars("|/-\\ ")
}

#[cfg(feature = "capture")]
impl Bar {
    /// A bar of a capture, which first shows that AWS is asked whose credentials these are.
    pub(super) fn of_capture(terminal: &Terminal) -> Self {
        let bar = hidden("{spinner} {msg}").with_message("signing in");
        Self::new(bar, terminal.shows_bars())
    }
}

#[cfg(feature = "capture")]
impl Progress for Bar {
    fn start(&mut self, identities: &[CallerIdentity]) {
        self.0.suspend(|| {
            for identity in identities {
                let line = harmless(&clean(&format!("capturing {identity}"))).into_owned();
                // Nobody is left to be told when standard error is gone.
                let _ = writeln!(io::stderr(), "{line}");
            }
        });
        self.0.set_message("listing repositories");
    }

    fn begin(&mut self, place: &str, repositories: usize) {
        self.0
            .set_style(style("{msg} [{bar:24}] {pos}/{len} repositories"));
        self.0.set_message(clean(place).into_owned());
        self.0.set_length(repositories as u64);
        self.0.set_position(0);
        self.0.tick();
    }

    fn advance(&mut self, repositories: usize) {
        self.0.inc(repositories as u64);
    }
}
