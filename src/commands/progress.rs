//! How far a capture is, on a terminal and nowhere else.
//! It does not know what is captured.

use std::io::{self, IsTerminal, Write};

use crate::capture::{Identity, Progress};
use crate::render::{clean, harmless};

/// Columns of the bar itself.
const WIDTH: usize = 24;

/// A bar that is drawn over and over on one line of standard error.
#[derive(Debug, Default)]
pub(super) struct Bar {
    shown: bool,
    place: String,
    total: usize,
    done: usize,
}

impl Bar {
    /// A bar, or none where nobody watches.
    pub(super) fn new() -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let mut bar = Self::default();
        bar.shown = io::stderr().is_terminal() && !dumb;
        bar
    }

    fn draw(&self) {
        if self.shown {
            // Nobody is left to be shown anything when standard error is gone.
            let _ = write!(io::stderr(), "\r\u{1b}[K{}", self.text());
            let _ = io::stderr().flush();
        }
    }

    fn text(&self) -> String {
        let filled = match self.total {
            0 => WIDTH,
            total => WIDTH * self.done.min(total) / total,
        };
        format!(
            "{} [{}{}] {}/{} repositories",
            self.place,
            "#".repeat(filled),
            ".".repeat(WIDTH - filled),
            self.done,
            self.total
        )
    }
}

impl Progress for Bar {
    fn start(&mut self, identities: &[Identity]) {
        for identity in identities {
            let line = harmless(&clean(&format!("capturing {identity}"))).into_owned();
            // Nobody is left to be told when standard error is gone.
            let _ = writeln!(io::stderr(), "{line}");
        }
    }

    fn begin(&mut self, place: &str, repositories: usize) {
        self.place = clean(place).into_owned();
        self.total = repositories;
        self.done = 0;
        self.draw();
    }

    fn advance(&mut self, repositories: usize) {
        self.done += repositories;
        self.draw();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if self.shown {
            // As above.
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bar, Progress};

    #[test]
    fn the_bar_grows_and_knows_empty_regions() {
        let mut bar = Bar::default();
        bar.begin("111111111111 eu-west-1", 4);
        bar.advance(1);
        let text = "111111111111 eu-west-1 [######..................] 1/4 repositories";
        assert_eq!(bar.text(), text);
        bar.begin("111111111111 eu-west-2", 0);
        assert!(
            bar.text()
                .ends_with("[########################] 0/0 repositories")
        );
    }
}
