//! `check --watch`: runs again when something that a run depends on has changed.
//! It does not know what a run does, only what it read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant, SystemTime};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::destination::{FileIdentity, written};
use super::{CommandError, setup::Setup, terminal::Terminal};
use crate::cli::CheckArgs;
use crate::config::FILE_NAMES;
use crate::discover::{ASSEMBLY, STDIN, is_input_extension, is_pattern};
use crate::door::{Door, is_descriptor};
use crate::source::shown;

/// How long nothing has to change until a run begins: editors and `cdk synth` write several files.
const QUIET: Duration = Duration::from_millis(150);
/// How long to wait for that at most.
const PATIENCE: Duration = Duration::from_secs(3);
/// How much the times of files may lag behind the clock: a file system asks it once a tick.
const TICK: Duration = Duration::from_millis(20);

/// What a run has looked at.
#[derive(Debug, Default)]
pub(super) struct WatchedPaths {
    /// Inputs, the configuration, rules, lines of the program.
    files: Vec<PathBuf>,
    /// Folders in which a new file would be read, too.
    folders: Vec<PathBuf>,
}

impl WatchedPaths {
    /// Takes note of everything that was read through `setup`.
    pub(super) fn note(&mut self, setup: &mut Setup) {
        self.files.extend(setup.sources.names().map(PathBuf::from));
        self.folders.append(&mut setup.searched);
        let config = setup.config.path.as_deref().and_then(Path::parent);
        let dirs = setup.config.rules_dirs.iter();
        let dirs = dirs.map(|dir| config.unwrap_or(Path::new("")).join(&dir.value));
        self.folders.extend(dirs);
    }
}

/// A file as it was: whatever is written or put in its place looks different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    /// When it was last changed, its name included where the system says.
    changed: SystemTime,
    length: u64,
    number: u64,
}

/// What is at each path that counts; nothing is known of folders but that they are there.
type FileStamps = BTreeMap<PathBuf, Option<Stamp>>;

/// Everything whose change calls for another run.
#[derive(Debug, Default)]
struct WatchSet {
    /// Files and folders by their names, which lie in folders that are there.
    names: BTreeSet<PathBuf>,
    /// Folders in which every file counts that may be an input.
    folders: BTreeSet<PathBuf>,
    /// What runs write themselves.
    outputs: BTreeSet<FileIdentity>,
    /// Whether files count whatever their names end with, because a pattern may mean them.
    is_wide: bool,
}

/// Runs, and runs again after each change, until the reader of the reports goes away. A signal ends it as it
/// ends every run.
///
/// # Errors
/// What is checked cannot be read a second time, or changes cannot be heard of.
pub(super) fn watch(
    args: &CheckArgs,
    terminal: &mut Terminal,
    run: impl Fn(&mut Terminal, Option<&mut WatchedPaths>) -> Result<u8, CommandError>,
) -> Result<u8, CommandError> {
    refuse(args)?;
    let mut before = FileStamps::new();
    loop {
        let begun = SystemTime::now();
        let mut seen = WatchedPaths::default();
        let code = run(terminal, Some(&mut seen)).unwrap_or_else(|error| {
            terminal.complain_of(&error);
            2
        });
        if terminal.is_left() {
            return Ok(code);
        }
        let field = WatchSet::new(args, seen);
        // Heard of from here on; what changed during the run is seen by its time.
        let (_watcher, changes) = field.listen()?;
        let mut now = field.state();
        let mut changed = field.changed_since(begun, &before, &now);
        if changed.is_none() {
            terminal.say("watching for changes; Ctrl-C ends it");
        }
        while changed.is_none() {
            field.settle(&changes)?;
            let next = field.state();
            changed = field.changed(&now, &next);
            now = next;
        }
        if let Some(path) = changed {
            terminal.say(&format!("`{}` changed, checking again", nearby(&path)));
        }
        before = now;
    }
}

/// Refuses to watch what can be read only once.
fn refuse(args: &CheckArgs) -> Result<(), CommandError> {
    let parameters = args.reading.parameters.iter().map(Path::new);
    let paths = args.paths.iter().chain(&args.live).map(PathBuf::as_path);
    let mut paths = paths
        .chain(args.rule_args.config.as_deref())
        .chain(parameters);
    match paths.find(|path| path.as_os_str() == STDIN || is_descriptor(path)) {
        None => Ok(()),
        Some(path) => Err(CommandError::Usage(format!(
            "`{}` can be read once, and `--watch` reads again; name a file, or leave out `--watch`",
            path.display()
        ))),
    }
}

impl WatchSet {
    fn new(args: &CheckArgs, seen: WatchedPaths) -> Self {
        let mut field = Self {
            folders: seen.folders.into_iter().collect(),
            ..Self::default()
        };
        let rules = args.rule_args.rules.iter();
        field.folders.extend(rules.cloned());
        let outputs = args.output.iter().filter_map(|one| one.file.as_deref());
        field.outputs = written(outputs);
        let is_wide = |path: &PathBuf| path.to_str().is_some_and(is_pattern) && !path.exists();
        field.is_wide = args.paths.iter().any(is_wide);
        seen.files.iter().for_each(|file| field.name(file));
        let given = args.paths.iter().chain(&args.live);
        let given = given
            .chain(&args.rule_args.config)
            .chain(&args.rule_args.rules);
        given.for_each(|path| field.name(path));
        args.reading
            .parameters
            .iter()
            .map(Path::new)
            .filter(|path| path.is_file())
            .for_each(|path| field.name(path));
        field.name(Path::new(ASSEMBLY));
        // A configuration may come to be.
        if let Ok(working) = fs::canonicalize(".") {
            for folder in Door::at(&working).upwards(&working) {
                FILE_NAMES
                    .iter()
                    .for_each(|name| field.name(&folder.join(name)));
            }
        }
        let real = |path: PathBuf| fs::canonicalize(path).ok();
        field.folders = field.folders.into_iter().filter_map(real).collect();
        field
    }

    /// Adds a path; where it leads to through a link counts as well. That the working directory is there, and what
    /// holds it, is not watched.
    fn name(&mut self, path: &Path) {
        let working = fs::canonicalize(".").unwrap_or_default();
        let paths = anchored(path).into_iter().chain(fs::canonicalize(path));
        self.names
            .extend(paths.filter(|path| !working.starts_with(path)));
    }

    /// Whether an event may be about something that counts. What cannot be known in detail is.
    fn concerns(&self, event: &notify::Result<Event>) -> bool {
        let Ok(event) = event else { return true };
        let is_searched = |path: &Path| {
            path.parent()
                .is_some_and(|folder| self.folders.contains(folder))
        };
        let counts = |path: &PathBuf| self.names.contains(path) || is_searched(path);
        !event.kind.is_access() && (event.paths.is_empty() || event.paths.iter().any(counts))
    }

    /// Waits for a change, and then until nothing changes for a while.
    fn settle(&self, changes: &Receiver<notify::Result<Event>>) -> Result<(), CommandError> {
        let deaf = |_| CommandError::Usage("changes of files are no longer reported".to_owned());
        while !self.concerns(&changes.recv().map_err(deaf)?) {}
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until && changes.recv_timeout(QUIET).is_ok() {}
        Ok(())
    }

    /// Hears of everything in the folders that matter.
    fn listen(
        &self,
    ) -> Result<(RecommendedWatcher, Receiver<notify::Result<Event>>), CommandError> {
        let failed = |error: notify::Error| {
            CommandError::Usage(format!("cannot watch for changes: {error}"))
        };
        let (sender, changes) = mpsc::channel();
        let mut watcher = notify::recommended_watcher(sender).map_err(failed)?;
        let parents = self.names.iter().filter_map(|path| path.parent());
        let folders: BTreeSet<&Path> = parents
            .chain(self.folders.iter().map(PathBuf::as_path))
            .collect();
        for folder in folders {
            match watcher.watch(folder, RecursiveMode::NonRecursive) {
                // It is gone meanwhile, which the state says.
                Err(_) if !folder.is_dir() => {}
                watched => watched.map_err(failed)?,
            }
        }
        Ok((watcher, changes))
    }

    /// What is there now.
    fn state(&self) -> FileStamps {
        let mut state = FileStamps::new();
        for folder in &self.folders {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            for path in entries.map(|entry| entry.path()) {
                if let Ok(found) = fs::metadata(&path)
                    && (found.is_dir() || self.counts(&path))
                {
                    state.insert(path, Stamp::of(&found));
                }
            }
        }
        for path in &self.names {
            if let Ok(found) = fs::metadata(path) {
                state.insert(path.clone(), Stamp::of(&found));
            }
        }
        let is_ours =
            |path: &Path| FileIdentity::of(path).is_some_and(|file| self.outputs.contains(&file));
        state.retain(|path, _| !is_ours(path));
        state
    }

    /// Whether a file in a folder that is searched may be an input.
    fn counts(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let is_scratch = name.starts_with(b".") || name.ends_with(b"~");
        let is_input = path.extension().is_some_and(is_input_extension);
        is_input || name == b".gitignore" || (self.is_wide && !is_scratch)
    }

    /// What was changed while a run went on: it may have read it before.
    fn changed_since(
        &self,
        begun: SystemTime,
        before: &FileStamps,
        now: &FileStamps,
    ) -> Option<PathBuf> {
        let begun = begun.checked_sub(TICK).unwrap_or(begun);
        let is_new = |stamp: &Option<Stamp>| stamp.is_some_and(|stamp| stamp.changed > begun);
        let mut new = now.iter().filter(|(path, stamp)| match before.get(*path) {
            Some(old) => old != *stamp,
            None => is_new(stamp),
        });
        new.next().map(|(path, _)| path.clone())
    }

    /// The first path at which something else is, or nothing any more.
    fn changed(&self, before: &FileStamps, now: &FileStamps) -> Option<PathBuf> {
        let other = now
            .iter()
            .find(|(path, stamp)| before.get(*path) != Some(stamp));
        let gone = || before.iter().find(|(path, _)| !now.contains_key(*path));
        other.or_else(gone).map(|(path, _)| path.clone())
    }
}

impl Stamp {
    fn of(found: &Metadata) -> Option<Self> {
        if !found.is_file() {
            return None;
        }
        #[cfg(unix)]
        let (changed, number) = {
            use std::os::unix::fs::MetadataExt;
            let seconds = u64::try_from(found.ctime()).unwrap_or(0);
            let rest = u32::try_from(found.ctime_nsec()).unwrap_or(0);
            let changed = SystemTime::UNIX_EPOCH.checked_add(Duration::new(seconds, rest));
            (changed, found.ino())
        };
        #[cfg(not(unix))]
        let (changed, number) = (found.modified().ok(), 0);
        Some(Self {
            changed: changed.unwrap_or(SystemTime::UNIX_EPOCH),
            length: found.len(),
            number,
        })
    }
}

/// The path below the deepest folder of it that is there: itself, or what has to come to be first.
fn anchored(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let (mut folder, mut name) = (path.parent()?, path.file_name()?);
    loop {
        if let Ok(real) = fs::canonicalize(folder) {
            return Some(real.join(name));
        }
        (folder, name) = (folder.parent()?, folder.file_name()?);
    }
}

/// A path as the user would type it.
fn nearby(path: &Path) -> String {
    let working = fs::canonicalize(".").unwrap_or_default();
    shown(path.strip_prefix(&working).unwrap_or(path))
}
