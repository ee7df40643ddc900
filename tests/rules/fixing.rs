//! `ecrlint fix --write` over every fixture and every failing example of a rule, as it is written, as JSON, and with its
//! policies as texts: what it says is fixed is gone, nothing new has come, nothing but the edits has changed, and a
//! second run has nothing to do.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::examples;
use crate::program::{copied, ecrlint, files, folder, root};
use crate::typed;
use crate::typed::texts::{self, QUOTES};
use ecrlint::rules::{ExampleKind, RuleSet};

/// How often something is said: of a rule, in a file, of a thing, with a verdict.
type Counts = BTreeMap<String, usize>;

/// What a run of `fix` came to.
struct Fixed {
    /// Findings that are fixed, as the program says.
    count: usize,
    /// The files before and after.
    texts: Vec<(String, String)>,
}

fn counts(folder: &Path, options: &[String]) -> Counts {
    let usual = [
        "check",
        ".",
        "-o",
        "json",
        "--fail-on",
        "never",
        "--no-gitignore",
    ];
    let usual = usual.map(str::to_owned).into_iter();
    let (_, json) = ecrlint(usual.chain(options.iter().cloned()))
        .within(folder)
        .json();
    let mut counts = Counts::new();
    for one in json["diagnostics"].as_array().expect("diagnostics") {
        let subject = &one["subject"];
        let names = ["construct_path", "arn", "stack", "logical_id"];
        let names = names.map(|name| subject[name].to_string()).join(" ");
        let key = format!(
            "{} {} {} {names}",
            one["rule"], one["verdict"], one["location"]["path"]
        );
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// The texts below a folder.
fn texts_of(folder: &Path) -> BTreeMap<PathBuf, String> {
    let texts = files(folder).into_iter();
    let texts = texts.filter_map(|path| Some((path.clone(), fs::read_to_string(path).ok()?)));
    texts.collect()
}

/// Fixes what lies in a folder, and holds the result to what is promised.
fn fix(folder: &Path, options: &[String], named: &[String]) -> Result<Fixed, String> {
    let old = texts_of(folder);
    let write = || {
        let usual = ["fix", ".", "--write", "--no-gitignore"].map(str::to_owned);
        let all = usual.into_iter().chain(options.iter().cloned());
        let all = all.chain(named.iter().cloned());
        ecrlint(all).within(folder).ends()
    };
    let ended = write();
    let new = texts_of(folder);
    let lines = ended.err.lines();
    let count = lines.filter(|line| line.contains(": fixed: ")).count();
    let fault = |why: String| format!("{why}\n{}{}", ended.out, ended.err);
    if new == old && count == 0 && [0, 2].contains(&ended.code) {
        let texts = Vec::new();
        return Ok(Fixed { count, texts });
    }
    if ended.code != 0 || count == 0 || new == old {
        return Err(fault(format!("exit code {}, {count} fixed", ended.code)));
    }
    is_better(folder, (&old, count), options).map_err(fault)?;
    let mut texts = Vec::new();
    for (path, text) in &old {
        if *text != new[path] {
            holds_on(text, &new[path]).map_err(fault)?;
            texts.push((text.clone(), new[path].clone()));
        }
    }
    let again = write();
    match texts_of(folder) == new && !again.err.contains(": fixed: ") {
        true => Ok(Fixed { count, texts }),
        false => Err(fault(format!("a second run changes more: {}", again.err))),
    }
}

/// Whether so many findings are gone from a folder that had these texts, and none has come.
fn is_better(
    folder: &Path,
    (old, count): (&BTreeMap<PathBuf, String>, usize),
    options: &[String],
) -> Result<(), String> {
    let was = tempfile::tempdir().expect("a scratch folder");
    for (path, text) in old {
        let below = path.strip_prefix(folder).expect("it lies there");
        let to = was.path().join(below);
        fs::create_dir_all(to.parent().expect("a folder")).expect("folders can be made");
        fs::write(to, text).expect("files can be written");
    }
    let (before, after) = (counts(was.path(), options), counts(folder, options));
    for (key, count) in &after {
        if *count > before.get(key).copied().unwrap_or(0) {
            return Err(format!("it brings {key}"));
        }
    }
    let gone = before.values().sum::<usize>() - after.values().sum::<usize>();
    match gone < count {
        true => Err(format!("{count} are fixed, {gone} are gone")),
        false => Ok(()),
    }
}

/// What an edit leaves as it was: comments, line ends, a mark at the beginning, and how the text ends.
fn holds_on(old: &str, new: &str) -> Result<(), String> {
    let bare = |text: &str| text.replace("\r\n", "").contains('\n');
    let same = [
        (
            "line ends",
            old.contains("\r\n") == new.contains("\r\n") && bare(old) == bare(new),
        ),
        (
            "the mark",
            old.starts_with('\u{feff}') == new.starts_with('\u{feff}'),
        ),
        ("the end", old.ends_with('\n') == new.ends_with('\n')),
    ];
    if let Some((what, _)) = same.iter().find(|(_, same)| !same) {
        return Err(format!("{what} changed:\n{new}"));
    }
    // A comment in a line of its own belongs to nothing that goes.
    let comments = |text: &str| -> Vec<String> {
        let lines = text
            .lines()
            .map(str::trim)
            .filter(|line| line.starts_with('#'));
        lines.map(str::to_owned).collect()
    };
    match comments(old) == comments(new) {
        true => Ok(()),
        false => Err(format!("comments changed:\n{new}")),
    }
}

#[test]
fn what_is_fixed_in_the_fixtures_is_gone_and_nothing_new_comes() {
    let inputs = ["access", "cdk-app", "example", "standard", "cdk-shapes/out"].map(str::to_owned);
    let entries =
        ["cloudformation", "policies", "broken"].map(|name| root().join("fixtures").join(name));
    let single: Vec<PathBuf> = entries.iter().flat_map(|folder| files(folder)).collect();
    let mut tables: Vec<PathBuf> = files(&root().join("fixtures/verdicts"));
    tables.retain(|path| {
        path.parent()
            .and_then(Path::parent)
            .is_some_and(|it| it.ends_with("verdicts"))
    });
    let whole = inputs.par_iter().map(|name| {
        let folder = copied(&format!("fixtures/{name}"));
        (name.clone(), fix(folder.path(), &[], &[]))
    });
    let single = single.par_iter().chain(&tables).map(|path| {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let name = path.file_name().expect("a file has a name");
        fs::copy(path, scratch.path().join(name)).expect("a file can be copied");
        (path.display().to_string(), fix(scratch.path(), &[], &[]))
    });
    let ended: Vec<_> = whole.chain(single).collect();
    let count: usize = ended
        .iter()
        .filter_map(|(_, fixed)| Some(fixed.as_ref().ok()?.count))
        .sum();
    let wrong: Vec<String> = ended
        .iter()
        .filter_map(|(name, fixed)| Some(format!("{name}: {}", fixed.as_ref().err()?)))
        .collect();
    assert!(
        wrong.is_empty() && count > 60,
        "{} of {}, {count} fixed\n{}",
        wrong.len(),
        ended.len(),
        wrong.join("\n\n")
    );
}

/// An example in one form: its name, what it is, and how it is judged and fixed.
struct Case {
    name: String,
    text: String,
    files: Vec<(&'static str, String)>,
    options: Vec<String>,
    /// The rule whose edits are wanted though they may do harm.
    named: Vec<String>,
}

/// Of rules with safe edits every form; of the others, whose edits are wanted by name, a few.
fn cases() -> Vec<Case> {
    let rules = RuleSet::builtin();
    let mut cases = Vec::new();
    for rule in rules.iter() {
        let is_safe = rule.documentation().fix.is_safe();
        for (number, example) in (1..).zip(&rule.documentation().examples.fail) {
            if example.kind != ExampleKind::Cloudformation || example.live.is_some() {
                continue;
            }
            let value = typed::read(&example.text).expect("an example is YAML");
            let pretty = serde_json::to_string_pretty(&value).expect("JSON");
            let mut forms = vec![
                ("as written".to_owned(), example.text.clone()),
                ("JSON".to_owned(), pretty),
            ];
            if is_safe {
                forms.push(("one line".to_owned(), value.to_string()));
                forms.push(("Windows".to_owned(), example.text.replace('\n', "\r\n")));
            }
            let quotes = QUOTES
                .into_iter()
                .flat_map(|one| [(one, false), (one, true)]);
            let quotes = quotes.skip(if is_safe { 0 } else { 5 });
            for (quotes, substituted) in quotes {
                let text = texts::with_texts(&value, quotes, substituted);
                forms.extend(text.map(|text| (format!("{quotes:?} {substituted}"), text)));
            }
            let named = vec!["--unsafe".to_owned(), rule.id().to_owned()];
            cases.extend(forms.into_iter().map(|(form, text)| Case {
                name: format!("{}, failing example {number}, {form}", rule.id()),
                text,
                files: examples::files_beside(rule, example),
                options: examples::options(example),
                named: if is_safe { Vec::new() } else { named.clone() },
            }));
        }
    }
    cases
}

/// What a safe edit adds none of: what lets in, deletes, expires or replaces.
const GUARDED: [&str; 9] = [
    "LifecyclePolicy",
    "EmptyOnDelete",
    "DeletionPolicy",
    "RepositoryName",
    "EncryptionConfiguration",
    "Effect",
    "Principal\"",
    "Principal:",
    "Action",
];

#[test]
fn what_is_fixed_in_the_examples_is_gone_and_nothing_new_comes() {
    let cases = cases();
    let ended: Vec<_> = cases
        .par_iter()
        .map(|case| {
            let files = case.files.iter();
            let mut files: Vec<_> = files.map(|(name, text)| (*name, text.as_str())).collect();
            files.push(("template.yaml", &case.text));
            let folder = folder(&files);
            let fixed = fix(folder.path(), &case.options, &case.named)?;
            for (old, new) in fixed.texts.iter().filter(|_| case.named.is_empty()) {
                let more = |word: &&&str| new.matches(**word).count() > old.matches(**word).count();
                if let Some(word) = GUARDED.iter().find(more) {
                    return Err(format!("more of {word}\n{new}"));
                }
            }
            Ok((case.named.is_empty(), fixed.count))
        })
        .collect();
    let count = |wanted: bool| -> usize {
        let held = ended.iter().flatten();
        held.filter(|(is_safe, _)| *is_safe == wanted)
            .map(|(_, count)| count)
            .sum()
    };
    let wrong: Vec<String> = cases
        .iter()
        .zip(&ended)
        .filter_map(|(case, ended)| Some(format!("{}: {}", case.name, ended.as_ref().err()?)))
        .collect();
    let counts = (count(true), count(false));
    assert!(
        wrong.is_empty() && counts.0 > 100 && counts.1 > 100,
        "{} of {}, {counts:?} fixed\n{}",
        wrong.len(),
        ended.len(),
        wrong.join("\n\n")
    );
}

#[test]
fn safe_edits_are_named_where_rules_are_explained() {
    let rules = RuleSet::builtin();
    let safe: Vec<&str> = rules
        .iter()
        .filter(|rule| rule.documentation().fix.is_safe())
        .map(|rule| rule.id())
        .collect();
    let page = fs::read_to_string(root().join("docs/fixing.md")).expect("a page");
    for id in &safe {
        assert!(
            page.contains(&format!("| `{id}` |")),
            "{id} is not on the page"
        );
    }
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    assert_eq!(rows.count(), safe.len(), "{safe:?}");
    let never = [
        "lifecycle-",
        "access-public",
        "sharing-",
        "name-",
        "encryption-",
        "pull-",
        "push-",
    ];
    assert!(
        safe.iter()
            .all(|id| never.iter().all(|start| !id.starts_with(start))),
        "{safe:?}"
    );
}
