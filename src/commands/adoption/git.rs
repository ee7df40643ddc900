//! What git says has changed: asks it for a diff, and reads the answer line by line.
//! It does not know what the files are for.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read};
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::commands::CommandError;

/// Whatever the user's configuration of git says, the diff has this form and no other program is started for it.
const DIFF: [&str; 15] = [
    "diff",
    "--unified=0",
    "--inter-hunk-context=0",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--find-renames",
    "--ignore-submodules",
    "--submodule=short",
    "--text",
    "--patch",
    "--no-indent-heuristic",
    "--src-prefix=a/",
    "--dst-prefix=b/",
];

/// Lines of files that are not as they were.
#[derive(Debug, Default)]
pub(super) struct WorkingTreeDiff {
    /// By path from the top of the checkout.
    files: HashMap<String, ChangedLines>,
    /// Files that git keeps track of.
    tracked: HashSet<String>,
    /// Files that it would, were they added.
    new: HashSet<String>,
}

/// Lines of a file that are not as they were, in their order, from 1.
#[derive(Debug, Default)]
struct ChangedLines {
    /// First and last of each run of lines that were added or changed.
    added: Vec<(u32, u32)>,
    /// Lines behind which others were taken away.
    cuts: Vec<u32>,
}

impl WorkingTreeDiff {
    /// What has changed in the checkout at `top` since `revision` branched off, committed or not. Adds what there is
    /// to say about that.
    ///
    /// # Errors
    /// There is no git, no repository, or no such revision.
    pub(super) fn since(
        revision: &str,
        top: &Path,
        said: &mut Vec<String>,
    ) -> Result<Self, CommandError> {
        let git = Git { top, revision };
        if revision.starts_with('-') || revision.is_empty() {
            return Err(git.refused("a revision is the name of a branch, a tag or a commit"));
        }
        if !git
            .ask(&["rev-parse", "--is-inside-work-tree"])?
            .status
            .success()
        {
            return Err(git.refused("there is no git repository here"));
        }
        let commit = format!("{revision}^{{commit}}");
        let known = git.ask(&["rev-parse", "--verify", "--quiet", &commit])?;
        let Some(commit) = text(&known) else {
            return Err(git.refused(
                "git knows no such revision here; fetch it first: a shallow clone has few",
            ));
        };
        let common = git.ask(&["merge-base", &commit, "HEAD"])?;
        let base = text(&common).unwrap_or_else(|| {
            said.push(format!(
                "note: git does not know where `{revision}` branched off, so changes are those from `{revision}` itself"
            ));
            commit
        });
        Ok(Self {
            files: git.diff(&base)?,
            tracked: git.list(&["ls-files", "-z"])?,
            new: git.list(&["ls-files", "-z", "--others", "--exclude-standard"])?,
        })
    }

    /// Whether any of these lines of a file is not as it was, or one behind them is gone. `None` where
    /// git does not keep track of the file.
    pub(super) fn touch(&self, path: &str, lines: &RangeInclusive<u32>) -> Option<bool> {
        if self.new.contains(path) {
            return Some(true);
        }
        if !self.tracked.contains(path) {
            return None;
        }
        let Some(changed) = self.files.get(path) else {
            return Some(false);
        };
        let (first, last) = (*lines.start(), *lines.end());
        let next = changed.added.partition_point(|(_, end)| *end < first);
        let is_added = changed
            .added
            .get(next)
            .is_some_and(|(start, _)| *start <= last);
        let next = changed.cuts.partition_point(|cut| *cut < first);
        Some(is_added || changed.cuts.get(next).is_some_and(|cut| *cut <= last))
    }
}

/// Git, asked about one revision of one checkout.
struct Git<'a> {
    top: &'a Path,
    revision: &'a str,
}

impl Git<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        let settings = ["-c", "core.fsmonitor=false", "-c", "core.quotePath=true"];
        command
            .arg("-C")
            .arg(self.top)
            .args(settings)
            .args(arguments);
        command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
        command.stdin(Stdio::null());
        command
    }

    fn ask(&self, arguments: &[&str]) -> Result<Output, CommandError> {
        let answer = self.command(arguments).output();
        answer.map_err(|error| self.refused(&format!("git cannot be started: {error}")))
    }

    fn list(&self, arguments: &[&str]) -> Result<HashSet<String>, CommandError> {
        let answer = self.ask(arguments)?;
        if !answer.status.success() {
            return Err(self.failed(arguments, &answer.stderr));
        }
        let names = answer.stdout.split(|byte| *byte == 0);
        let names = names.filter(|name| !name.is_empty());
        Ok(names
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect())
    }

    fn diff(&self, base: &str) -> Result<HashMap<String, ChangedLines>, CommandError> {
        let arguments = [&DIFF[..], &[base, "--"]].concat();
        let mut command = self.command(&arguments);
        let started = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let cannot = |error: std::io::Error| self.refused(&format!("git cannot be asked: {error}"));
        let mut child = started.map_err(cannot)?;
        let out = child.stdout.take().map(BufReader::new);
        // What is said in error is short and fits into the pipe.
        let read = out.map_or_else(|| Ok(HashMap::new()), read).map_err(cannot);
        let mut complaint = Vec::new();
        if let Some(mut error) = child.stderr.take() {
            error.read_to_end(&mut complaint).map_err(cannot)?;
        }
        match child.wait().map_err(cannot)?.success() {
            true => read,
            false => Err(self.failed(&arguments, &complaint)),
        }
    }

    fn failed(&self, arguments: &[&str], complaint: &[u8]) -> CommandError {
        let complaint = String::from_utf8_lossy(complaint);
        let why = complaint.lines().next().unwrap_or("it does not say why");
        self.refused(&format!("`git {}` failed: {why}", arguments[0]))
    }

    fn refused(&self, why: &str) -> CommandError {
        CommandError::Usage(format!(
            "cannot tell what changed since `{}`: {why}",
            self.revision
        ))
    }
}

/// The only line of an answer.
fn text(answer: &Output) -> Option<String> {
    let text = String::from_utf8_lossy(&answer.stdout);
    let line = text.lines().next().filter(|line| !line.is_empty());
    line.filter(|_| answer.status.success()).map(str::to_owned)
}

/// Reads a diff without context.
fn read(mut diff: impl BufRead) -> std::io::Result<HashMap<String, ChangedLines>> {
    let mut files: HashMap<String, ChangedLines> = HashMap::new();
    let (mut path, mut line, mut inside) = (None, Vec::new(), 0);
    while diff.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches('\n');
        if inside > 0 {
            inside -= u32::from(text.starts_with(['+', '-', ' ']));
        } else if let Some(name) = text.strip_prefix("+++ ") {
            path = unquoted(name).strip_prefix("b/").map(str::to_owned);
        } else if text.starts_with("diff --git ") {
            path = None;
        } else if let Some(((_, old), (start, new))) = text.strip_prefix("@@ ").and_then(hunk) {
            inside = old.saturating_add(new);
            if let Some(path) = &path {
                let lines = files.entry(path.clone()).or_default();
                match new {
                    0 => lines.cuts.push(start),
                    _ => lines.added.push((start, start.saturating_add(new - 1))),
                }
            }
        }
        line.clear();
    }
    Ok(files)
}

/// A range of lines: the first, and how many.
type Hunk = (u32, u32);

/// Both ranges of `-3,2 +3,0 @@ …`.
fn hunk(text: &str) -> Option<(Hunk, Hunk)> {
    let mut words = text.split(' ');
    let mut range = |sign| {
        let text = words.next()?.strip_prefix(sign)?;
        let (start, count) = text.split_once(',').unwrap_or((text, "1"));
        Some((start.parse().ok()?, count.parse().ok()?))
    };
    Some((range('-')?, range('+')?))
}

/// A name as git writes it: between quotes where it has characters out of the ordinary.
fn unquoted(name: &str) -> String {
    let name = name.strip_suffix('\t').unwrap_or(name);
    let Some(quoted) = name
        .strip_prefix('"')
        .and_then(|name| name.strip_suffix('"'))
    else {
        return name.to_owned();
    };
    let mut bytes = Vec::with_capacity(quoted.len());
    let mut rest = quoted.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'n') => bytes.push(b'\n'),
            Some(b't') => bytes.push(b'\t'),
            Some(b'r') => bytes.push(b'\r'),
            Some(b'a') => bytes.push(7),
            Some(b'b') => bytes.push(8),
            Some(b'v') => bytes.push(11),
            Some(b'f') => bytes.push(12),
            Some(first @ b'0'..=b'7') => {
                let digits = [
                    first,
                    rest.next().unwrap_or(b'0'),
                    rest.next().unwrap_or(b'0'),
                ];
                let value = digits.iter().fold(0u32, |sum, digit| {
                    sum.wrapping_mul(8)
                        .wrapping_add(u32::from(digit.wrapping_sub(b'0')))
                });
                bytes.push((value & 0xff) as u8);
            }
            Some(other) => bytes.push(other),
            None => {}
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{WorkingTreeDiff, read};

    fn changes(diff: &str) -> WorkingTreeDiff {
        let files = read(diff.as_bytes()).expect("memory can be read");
        let tracked = ["a.yaml", "with space.yaml", "é.yaml", "same.yaml"];
        WorkingTreeDiff {
            files,
            tracked: tracked.map(str::to_owned).into(),
            new: ["new.yaml".to_owned()].into(),
        }
    }

    #[test]
    fn lines_that_were_added_changed_or_taken_away_are_reported() {
        let changes = changes(
            "diff --git a/a.yaml b/a.yaml\nindex 1..2 100644\n--- a/a.yaml\n+++ b/a.yaml\n\
             @@ -3 +3,2 @@ Resources:\n-+++ b/with space.yaml\n+one\n+@@ -1 +1 @@\n\
             @@ -10,2 +11,0 @@\n-x\n-y\n\\ No newline at end of file\n\
             diff --git a/with space.yaml b/with space.yaml\n--- a/with space.yaml\t\n+++ b/with space.yaml\t\n\
             @@ -0,0 +1 @@\n+x\n\
             diff --git a/e b/e\n--- \"a/\\303\\251.yaml\"\n+++ \"b/\\303\\251.yaml\"\n@@ -5 +5 @@\n-x\n+y\n\
             diff --git a/gone b/gone\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n",
        );
        for (path, lines, expected) in [
            ("a.yaml", 1..=2, Some(false)),
            ("a.yaml", 1..=3, Some(true)),
            ("a.yaml", 4..=9, Some(true)),
            ("a.yaml", 5..=10, Some(false)),
            ("a.yaml", 9..=11, Some(true)),
            ("a.yaml", 12..=90, Some(false)),
            ("with space.yaml", 1..=1, Some(true)),
            ("with space.yaml", 2..=3, Some(false)),
            ("é.yaml", 5..=5, Some(true)),
            ("same.yaml", 1..=99, Some(false)),
            ("new.yaml", 7..=7, Some(true)),
            ("ignored.yaml", 7..=7, None),
        ] {
            assert_eq!(changes.touch(path, &lines), expected, "{path} {lines:?}");
        }
    }
}
