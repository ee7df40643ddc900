//! Finds the files that a user's paths mean: files, folders, globs, standard input.
//! It does not know what an input is made of, only which names one may have.

mod index;
mod options;
mod scope;
mod walk;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

pub use self::options::{ASSEMBLY, PathError, SearchOptions};

use self::options::is_not_found;
use self::walk::{Met, Walk};
use crate::door::{Door, Refusal, refusal};
use crate::source::nearest;

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoundFile {
    /// Its path, starting with what the user wrote; `-` for standard input.
    pub path: PathBuf,
    /// Whether the user named it, so that it must be an input.
    pub named: bool,
}

/// What paths mean.
#[derive(Debug, Default)]
pub struct Discovered {
    /// The files to look into, sorted by their bytes, each once.
    pub files: Vec<FoundFile>,
    /// Files with the name of an input, folders and links that are passed over.
    pub passed_over: usize,
    /// What is passed over, with the reason; empty unless it was asked for.
    pub listed: Vec<(PathBuf, String)>,
    /// The folders that were searched, absolute and without links, but for those that git ignores.
    pub folders: Vec<PathBuf>,
}

/// Standard input, as a path.
pub const STDIN: &str = "-";

/// How the names of files end that a search looks into.
const EXTENSIONS: [&str; 6] = ["json", "yaml", "yml", "template", "ndjson", "jsonl"];

/// The files that `paths` mean.
///
/// Without any path: `cdk.out` if there is one, else the folder `base`. Folders are searched; what the `.gitignore`
/// files of the repository name is passed over unless git keeps track of it, but not `cdk.out`, which nearly every
/// project ignores. Links inside of the checkout are followed. Paths are taken relative to `base`, the working
/// directory, and are returned as the user wrote them.
///
/// What has the name of an input but is a link out of the checkout, or no file, is returned, too: whoever opens
/// it is told that it cannot be read.
///
/// # Errors
/// Every path that means nothing.
pub fn discover(
    base: &Path,
    paths: &[PathBuf],
    door: &Door,
    options: SearchOptions,
) -> Result<Discovered, Vec<PathError>> {
    let default = match base.join(ASSEMBLY).is_dir() {
        true => [PathBuf::from(ASSEMBLY)],
        false => [PathBuf::from(".")],
    };
    let is_default = paths.is_empty();
    let paths = match is_default {
        true => &default,
        false => paths,
    };
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    let mut search = FileSearch {
        base,
        door,
        options,
        has_links: false,
        discovered: Discovered::default(),
    };
    for path in paths {
        // Nobody named it.
        if is_default && search.leads_out(&base.join(path)) {
            let file = FoundFile {
                path: path.clone(),
                named: false,
            };
            found.push((file, 1));
            continue;
        }
        match search.find(path) {
            Ok(files) => found.extend(files),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    // A file that was named and found counts as named: `true` sorts behind `false`.
    found.sort_by(|(a, _): &(FoundFile, u8), (b, _)| {
        bytes(&a.path)
            .cmp(bytes(&b.path))
            .then(b.named.cmp(&a.named))
    });
    found.dedup_by(|(later, _), (earlier, _)| later.path == earlier.path);
    // One path without links in it means each of its files once.
    let mut discovered = search.discovered;
    discovered.files = match paths.len() > 1 || search.has_links {
        true => once(base, found),
        false => found.into_iter().map(|(file, _)| file).collect(),
    };
    discovered.listed.sort();
    Ok(discovered)
}

/// The files without those that are there under another spelling: `./a.yaml` is `a.yaml`, and to
/// judge it twice would find each of its repositories a second time. Of several, the one of the lowest rank stays.
fn once(base: &Path, found: Vec<(FoundFile, u8)>) -> Vec<FoundFile> {
    let mut places: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut kept: Vec<(FoundFile, u8)> = Vec::with_capacity(found.len());
    for (file, rank) in found {
        let place = match file.path.as_os_str() == STDIN {
            true => Err(std::io::ErrorKind::NotFound.into()),
            false => std::fs::canonicalize(base.join(&file.path)),
        };
        match places.entry(place.unwrap_or_else(|_| file.path.clone())) {
            Entry::Occupied(earlier) => {
                let earlier = &mut kept[*earlier.get()];
                let named = earlier.0.named || file.named;
                if rank < earlier.1 {
                    *earlier = (file, rank);
                }
                earlier.0.named = named;
            }
            Entry::Vacant(entry) => {
                entry.insert(kept.len());
                kept.push((file, rank));
            }
        }
    }
    let mut files: Vec<FoundFile> = kept.into_iter().map(|(file, _)| file).collect();
    files.sort_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)));
    files
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

fn named(path: &Path) -> FoundFile {
    FoundFile {
        path: path.to_owned(),
        named: true,
    }
}

/// Whether a path that is not there may be a pattern.
#[must_use]
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
}

/// A search from the working directory.
struct FileSearch<'a> {
    base: &'a Path,
    door: &'a Door,
    options: SearchOptions,
    /// Whether a file may have been found by two names.
    has_links: bool,
    /// What is passed over.
    discovered: Discovered,
}

/// Files, each with a rank among the names of one file.
type Ranked = Vec<(FoundFile, u8)>;

impl FileSearch<'_> {
    /// The files that one path means.
    fn find(&mut self, path: &Path) -> Result<Ranked, PathError> {
        if path.as_os_str() == STDIN {
            return Ok(vec![(named(path), 1)]);
        }
        match std::fs::metadata(self.base.join(path)) {
            Ok(metadata) if metadata.is_dir() => self.files(path, None),
            Ok(_) => Ok(vec![(named(path), 1)]),
            Err(error) if !is_not_found(&error) => Err(PathError::Unreadable {
                path: path.to_owned(),
                source: error,
            }),
            Err(_) => match path.to_str().filter(|text| is_pattern(text)) {
                Some(pattern) => self.glob(pattern),
                None => Err(PathError::Missing {
                    path: path.to_owned(),
                    nearest: neighbour(self.base, path),
                }),
            },
        }
    }

    /// The files that a pattern matches. They count as searched, not as named: a pattern is broad.
    fn glob(&mut self, pattern: &str) -> Result<Ranked, PathError> {
        let matcher = GlobBuilder::new(pattern.strip_prefix("./").unwrap_or(pattern))
            .literal_separator(true)
            .build()
            .map_err(|source| PathError::Pattern {
                pattern: pattern.to_owned(),
                source,
            })?
            .compile_matcher();
        // What stands before the first special character is a plain folder.
        let plain = &pattern[..pattern.find(['*', '?', '[', '{']).unwrap_or(0)];
        let folder = plain.rfind('/').map_or(".", |end| &plain[..=end]);
        let missing = || PathError::NoMatch {
            pattern: pattern.to_owned(),
        };
        if !self.base.join(folder).is_dir() {
            return Err(missing());
        }
        let found = self.files(Path::new(folder), Some(&matcher))?;
        match found.is_empty() {
            true => Err(missing()),
            false => Ok(found),
        }
    }

    /// The files below a folder that may be inputs, or that match a pattern.
    fn files(&mut self, folder: &Path, matcher: Option<&GlobMatcher>) -> Result<Ranked, PathError> {
        let base = self.base;
        let shown = |path: &Path| shown(path, base, folder);
        let fits = |path: &Path| match matcher {
            Some(matcher) => matcher.is_match(shown(path)),
            None => path.extension().is_some_and(is_input_extension),
        };
        let mut walk = Walk::new(self.door, self.options, &fits);
        walk.search(&base.join(folder))?;
        self.has_links |= walk.met.iter().any(|met| met.behind_link);
        self.discovered.passed_over += walk.passed_over;
        let listed = walk.listed.into_iter();
        let listed = listed.map(|(path, why)| (shown(&path), why));
        self.discovered.listed.extend(listed);
        self.discovered.folders.extend(walk.folders);
        let has_links = self.has_links;
        let ranked = |met: Met| {
            let rank = if has_links { walk::rank(&met) } else { 1 };
            let path = shown(&met.path);
            (FoundFile { path, named: false }, rank)
        };
        Ok(walk.met.into_iter().map(ranked).collect())
    }

    /// Whether a link leads to what nobody named and what is not part of the checkout.
    fn leads_out(&self, path: &Path) -> bool {
        let from = path.parent().unwrap_or(self.base);
        let outside = |error: &_| refusal(error) == Some(Refusal::Outside);
        path.is_symlink()
            && self
                .door
                .resolve(path, from)
                .is_err_and(|error| outside(&error))
    }
}

/// Whether a search looks into files whose names end like this.
#[must_use]
pub fn is_input_extension(extension: &OsStr) -> bool {
    EXTENSIONS
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

/// The path as the user would write it: without the base, and without a leading `./`.
fn shown(path: &Path, base: &Path, folder: &Path) -> PathBuf {
    let relative = if folder.is_absolute() {
        path
    } else {
        path.strip_prefix(base).unwrap_or(path)
    };
    relative.strip_prefix(".").unwrap_or(relative).to_owned()
}

/// What stands in the same folder and has nearly the same name.
fn neighbour(base: &Path, path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let parent = path.parent().unwrap_or(Path::new(""));
    let mut names: Vec<String> = std::fs::read_dir(base.join(parent))
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    let nearest = nearest(name, names.iter().map(String::as_str))?;
    Some(parent.join(nearest))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{Door, FoundFile, PathError, SearchOptions, discover};

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        folder
    }

    fn found(base: &Path, paths: &[&str]) -> Vec<String> {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        let found = discover(base, &paths, &Door::at(base), SearchOptions::default()).unwrap();
        found
            .files
            .iter()
            .map(|file| file.path.to_str().unwrap().to_owned())
            .collect()
    }

    fn error(base: &Path, path: &str) -> String {
        let errors = discover(
            base,
            &[PathBuf::from(path)],
            &Door::at(base),
            SearchOptions::default(),
        )
        .unwrap_err();
        errors.iter().map(PathError::to_string).collect()
    }

    #[test]
    fn a_folder_is_searched_for_names_of_inputs() {
        let base = folder(&["b.yaml", "a/x.template", "a/y.txt", "c.JSON", "d/e.yml"]);
        assert_eq!(
            found(base.path(), &["."]),
            ["a/x.template", "b.yaml", "c.JSON", "d/e.yml"]
        );
    }

    #[test]
    fn an_assembly_is_searched_though_git_ignores_it() {
        let base = folder(&[
            "app/cdk.out/A.template.json",
            "app/cdk.out/assembly-S/B.template.json",
            "app/cdk.out/asset.1/c.json",
            "app/build/x.json",
            "node_modules/p/package.json",
            "app/package.json",
        ]);
        fs::write(base.path().join(".gitignore"), "cdk.out\nbuild/\n").unwrap();
        let all = [
            "app/cdk.out/A.template.json",
            "app/cdk.out/assembly-S/B.template.json",
            "app/package.json",
        ];
        assert_eq!(found(base.path(), &["."]), all);
        assert_eq!(found(base.path(), &["app/cdk.out"]), all[..2]);
        assert_eq!(found(base.path(), &["app/cdk.out/assembly-S"]), all[1..2]);
    }

    #[test]
    fn without_paths_the_assembly_is_meant_if_there_is_one() {
        let base = folder(&["x.json"]);
        assert_eq!(found(base.path(), &[]), ["x.json"]);
        let base = folder(&["x.json", "cdk.out/y.json"]);
        assert_eq!(found(base.path(), &[]), ["cdk.out/y.json"]);
    }

    #[test]
    fn a_pattern_has_braces_and_crosses_folders_only_when_told() {
        let base = folder(&["i/a.json", "i/b.yaml", "i/c.txt", "i/j/d.json"]);
        assert_eq!(
            found(base.path(), &["i/*.{json,yaml}"]),
            ["i/a.json", "i/b.yaml"]
        );
        assert_eq!(found(base.path(), &["**/d.json"]), ["i/j/d.json"]);
        assert_eq!(error(base.path(), "i/*.toml"), "no file matches `i/*.toml`");
        assert_eq!(
            error(base.path(), "no/*.json"),
            "no file matches `no/*.json`"
        );
        assert!(error(base.path(), "i/[").starts_with("cannot read the pattern"));
    }

    #[test]
    fn a_named_file_is_marked_and_listed_once() {
        let base = folder(&["a.txt", "b.json"]);
        let paths = ["b.json", ".", "a.txt", "-"].map(PathBuf::from);
        let named = |path: &str| FoundFile {
            path: path.into(),
            named: true,
        };
        assert_eq!(
            discover(
                base.path(),
                &paths,
                &Door::at(base.path()),
                SearchOptions::default()
            )
            .unwrap()
            .files,
            [named("-"), named("a.txt"), named("b.json")]
        );
    }

    #[test]
    fn a_file_is_found_once_however_it_is_spelled() {
        let base = folder(&["a/x.yaml", "a/y.yaml"]);
        let absolute = base.path().join("a/x.yaml");
        let absolute = absolute.to_str().unwrap();
        for paths in [
            &["a/x.yaml", "./a/x.yaml"][..],
            &["./a/x.yaml", "a/../a/x.yaml"],
            &["a/x.yaml", absolute],
            &["a/x.yaml", "a/x.*"],
        ] {
            assert_eq!(found(base.path(), paths).len(), 1, "{paths:?}");
        }
        for paths in [&["a", "./a"][..], &[".", "./a/x.yaml"], &["a", absolute]] {
            assert_eq!(found(base.path(), paths).len(), 2, "{paths:?}");
        }
        let both = [PathBuf::from("./a/x.yaml"), PathBuf::from(".")];
        let files = discover(
            base.path(),
            &both,
            &Door::at(base.path()),
            SearchOptions::default(),
        )
        .unwrap()
        .files;
        assert_eq!(files.iter().filter(|file| file.named).count(), 1);
    }

    #[test]
    fn standard_input_is_not_a_file_called_so() {
        let base = folder(&["-"]);
        assert_eq!(found(base.path(), &["-", "./-"]), ["-", "./-"]);
    }

    #[test]
    fn a_missing_path_is_offered_its_neighbour() {
        let base = folder(&["stacks/template.yaml"]);
        assert_eq!(
            error(base.path(), "stacks/templat.yaml"),
            "cannot find `stacks/templat.yaml`; there is `stacks/template.yaml`"
        );
        assert_eq!(error(base.path(), "nothing"), "cannot find `nothing`");
    }

    #[cfg(unix)]
    #[test]
    fn loops_of_links_and_names_beyond_utf_8_do_no_harm() {
        use std::os::unix::ffi::OsStrExt;
        let base = folder(&["a.json"]);
        std::os::unix::fs::symlink(base.path(), base.path().join("loop")).unwrap();
        let odd = Path::new(std::ffi::OsStr::from_bytes(b"\xff.json"));
        fs::write(base.path().join(odd), "{}").unwrap();
        let found = discover(
            base.path(),
            &[],
            &Door::at(base.path()),
            SearchOptions::default(),
        )
        .unwrap()
        .files;
        assert_eq!(found.len(), 2);
        assert!(
            discover(
                base.path(),
                &[odd.join("x*")],
                &Door::at(base.path()),
                SearchOptions::default()
            )
            .is_err()
        );
    }
}
