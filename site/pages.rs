//! The pages of the site, from what is there: the documents, the page that ecrlint writes for each rule, the schemas.
//! It does not know where the site is put.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Where files of the checkout can be read that are not part of the site.
const SOURCE: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/");
/// Where the site is: documents name its pages so, which they do not lie beside.
const SITE: &str = concat!(env!("CARGO_PKG_HOMEPAGE"), "/");
/// The pages that every page leads to.
const MENU: [(&str, &str); 14] = [
    ("index.html", "ecrlint"),
    ("getting-started.html", "Getting started"),
    ("adoption.html", "Adoption"),
    ("rules/index.html", "Rules"),
    ("configuration.html", "Configuration"),
    ("ignoring.html", "Ignoring"),
    ("lifecycle.html", "Lifecycle"),
    ("fixing.html", "Fixing"),
    ("editors.html", "Editors"),
    ("snapshots.html", "Snapshots"),
    ("usage.html", "Usage"),
    ("rule-format.html", "Writing rules"),
    ("facts.html", "Facts"),
    ("performance.html", "Performance"),
];
const STYLE: &str = "\
body{font:16px/1.55 system-ui,sans-serif;max-width:52rem;margin:0 auto;padding:1rem;color:#1b1f24;background:#fff}\
nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;border-bottom:1px solid #d0d7de;padding-bottom:.6rem;font-size:.9rem}\
a{color:#0550ae}pre{background:#f6f8fa;padding:.8rem;overflow-x:auto}code{font:.88em/1.45 ui-monospace,monospace}\
table{border-collapse:collapse;display:block;overflow-x:auto}td,th{border:1px solid #d0d7de;padding:.3rem .6rem;\
text-align:left;vertical-align:top}img{max-width:100%}\
@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}a{color:#79c0ff}pre{background:#161b22}}";

/// Writes the site for the checkout at `root` into `out`; `program` is a built ecrlint.
///
/// # Errors
/// Something cannot be read or written, or the program fails.
pub(crate) fn write(root: &Path, out: &Path, program: &Path) -> io::Result<()> {
    let rules = out.join("rules");
    fs::create_dir_all(&rules)?;
    let ended = Command::new(program)
        .args(["rules", "--pages"])
        .arg(&rules)
        .status()?;
    if !ended.success() {
        return Err(io::Error::other("`ecrlint rules --pages` failed"));
    }
    let docs = root.join("docs");
    page(
        &root.join("README.md"),
        Path::new("README.md"),
        &out.join("index.html"),
    )?;
    for (folder, below) in [(docs.clone(), ""), (docs.join("decisions"), "decisions")] {
        for path in markdown(&folder)? {
            let name = Path::new("docs")
                .join(below)
                .join(path.file_name().unwrap_or_default());
            let target = out.join(below).join(path.file_stem().unwrap_or_default());
            page(&path, &name, &target.with_extension("html"))?;
        }
    }
    for path in markdown(&rules)? {
        let stem = path.file_stem().unwrap_or_default();
        let target = rules.join(if stem == "README" {
            "index".as_ref()
        } else {
            stem
        });
        let name = Path::new("docs/rules").join(path.file_name().unwrap_or_default());
        page(&path, &name, &target.with_extension("html"))?;
        fs::remove_file(path)?;
    }
    copy(&docs.join("screens"), &out.join("screens"))?;
    copy(&root.join("schemas"), &out.join("schemas"))
}

/// The Markdown files of a folder, by name.
fn markdown(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries: io::Result<Vec<_>> = fs::read_dir(folder)?.collect();
    let paths = entries?.into_iter().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    paths.sort();
    Ok(paths)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        fs::copy(&path, to.join(path.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

fn page(from: &Path, name: &Path, to: &Path) -> io::Result<()> {
    put(&fs::read_to_string(from)?, name, to)
}

/// Writes a page; `name` is the path of its Markdown in the checkout.
fn put(text: &str, name: &Path, to: &Path) -> io::Result<()> {
    let depth = to_site(name).matches('/').count();
    let up = "../".repeat(depth);
    let mut title = String::new();
    let events = events(text, name, &mut title);
    let mut body = String::new();
    html::push_html(&mut body, events.into_iter());
    let menu = MENU
        .iter()
        .map(|(path, title)| format!("<a href=\"{up}{path}\">{title}</a>"));
    let menu: Vec<String> = menu.collect();
    let page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{title} · ecrlint</title><style>{STYLE}</style></head>\n\
         <body><nav>{}</nav>\n{body}</body></html>\n",
        menu.join("")
    );
    fs::create_dir_all(to.parent().unwrap_or(Path::new("")))?;
    fs::write(to, page)
}

/// The text with links as the site has them, and with an anchor at each heading.
fn events<'t>(text: &'t str, name: &Path, title: &mut String) -> Vec<Event<'t>> {
    let mut events: Vec<Event<'t>> = Parser::new_ext(text, Options::ENABLE_TABLES).collect();
    let mut anchors: BTreeMap<String, usize> = BTreeMap::new();
    for index in 0..events.len() {
        match &mut events[index] {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let link = link(dest_url, name);
                *dest_url = CowStr::from(link);
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let level = *level;
                let words = heading(&events[index + 1..]);
                if title.is_empty() && level == HeadingLevel::H1 {
                    title.clone_from(&words.replace('&', "&amp;").replace('<', "&lt;"));
                }
                let anchor = anchor(&words);
                let again = anchors
                    .entry(anchor.clone())
                    .and_modify(|count| *count += 1)
                    .or_default();
                let anchor = match again {
                    0 => anchor,
                    count => format!("{anchor}-{count}"),
                };
                if let Event::Start(Tag::Heading { id, .. }) = &mut events[index] {
                    *id = Some(CowStr::from(anchor));
                }
            }
            _ => {}
        }
    }
    events
}

/// The words of the heading that begins there.
fn heading(events: &[Event<'_>]) -> String {
    let inside = events
        .iter()
        .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    let words = inside.filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
        _ => None,
    });
    words.collect()
}

/// The anchor of a heading, as code hosts make it.
fn anchor(words: &str) -> String {
    let kept = words
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase)
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// Where a link of the file `name` leads on the site: to another page, or to the file where the source is.
fn link(target: &str, name: &Path) -> String {
    if let Some(page) = target.strip_prefix(SITE) {
        return "../".repeat(to_site(name).matches('/').count()) + page;
    }
    if target.contains("://") || target.starts_with(['#', '/']) || target.starts_with("mailto:") {
        return target.to_owned();
    }
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, format!("#{anchor}")),
        None => (target, String::new()),
    };
    let mut parts: Vec<&str> = name
        .parent()
        .into_iter()
        .flat_map(Path::iter)
        .filter_map(|part| part.to_str())
        .collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    let file = parts.join("/");
    let is_page = file == "README.md" || (file.starts_with("docs/") && file.ends_with(".md"));
    let is_shown = file.starts_with("docs/screens/") || file.starts_with("schemas/");
    if !is_page && !is_shown {
        return format!("{SOURCE}{file}{anchor}");
    }
    let depth = to_site(name).matches('/').count();
    format!(
        "{}{}{anchor}",
        "../".repeat(depth),
        to_site(Path::new(&file))
    )
}

/// Where the site has a file of the checkout.
fn to_site(name: &Path) -> String {
    let name = name.to_string_lossy().replace('\\', "/");
    let name = name.strip_prefix("docs/").unwrap_or(&name);
    match name {
        "README.md" => "index.html".to_owned(),
        "rules/README.md" => "rules/index.html".to_owned(),
        name => match name.strip_suffix(".md") {
            Some(stem) => format!("{stem}.html"),
            None => name.to_owned(),
        },
    }
}
