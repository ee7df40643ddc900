//! The documentation site: it is written from what is there, and each link inside leads somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::program;

#[path = "../../site/pages.rs"]
mod pages;

/// Every file below a folder, by its path from there.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let all = program::files(folder).into_iter();
    all.map(|path| path.strip_prefix(folder).expect("below").to_owned())
        .collect()
}

/// The values of an attribute in a page.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let begin = format!(" {attribute}=\"");
    let parts: Vec<&str> = page.split(begin.as_str()).skip(1).collect();
    parts
        .iter()
        .filter_map(|part| part.split('"').next())
        .collect()
}

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => assert!(plain.pop(), "{} leads out", path.display()),
            part => plain.push(part),
        }
    }
    plain
}

#[test]
fn every_link_inside_of_the_site_leads_somewhere() {
    let root = crate::program::root();
    let out = tempfile::tempdir().expect("a scratch folder");
    let program = Path::new(env!("CARGO_BIN_EXE_ecrlint"));
    pages::write(root, out.path(), program).expect("the site is written");
    let files = files(out.path());
    let pages = files
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "html"));
    let pages: BTreeMap<&PathBuf, String> = pages
        .map(|path| {
            (
                path,
                fs::read_to_string(out.path().join(path)).expect("a page"),
            )
        })
        .collect();
    let here = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/");
    let (mut followed, mut wrong) = (0, Vec::new());
    for (path, page) in &pages {
        for link in values(page, "href").into_iter().chain(values(page, "src")) {
            let link = link.replace("&amp;", "&");
            if let Some(file) = link.strip_prefix(here) {
                let file = file.split('#').next().expect("a path");
                if !root.join(file).exists() {
                    wrong.push(format!("{}: {link} is not in the checkout", path.display()));
                }
                continue;
            }
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            followed += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => (*path).clone(),
                file => plain(&path.parent().expect("a folder").join(file)),
            };
            let is_there = files.contains(&target);
            let is_anchored = || {
                let page = pages.get(&target).map_or("", String::as_str);
                anchor.is_empty() || values(page, "id").contains(&anchor)
            };
            if !is_there || !is_anchored() {
                wrong.push(format!("{}: {link} leads nowhere", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(followed > 1000, "{followed} links");
    has_what_is_named_elsewhere(&files, &pages);
}

fn has_what_is_named_elsewhere(files: &BTreeSet<PathBuf>, pages: &BTreeMap<&PathBuf, String>) {
    // The addresses that reports and editors go by.
    for path in [
        "rules/scan-on-push.html",
        "rules/unused-baseline.html",
        "schemas/config.json",
        "facts.html",
    ] {
        assert!(files.contains(Path::new(path)), "{path}");
    }
    let page = &pages[&PathBuf::from("rules/scan-on-push.html")];
    for part in [
        "<h2 id=\"why\">",
        "CDK, TypeScript",
        "CDK, Python",
        "CloudFormation",
        "AWS CLI",
        "What it looks like",
        "References",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let facts = &pages[&PathBuf::from("facts.html")];
    assert!(facts.contains("<code>scanning") && facts.matches("<tr>").count() > 100);
}
