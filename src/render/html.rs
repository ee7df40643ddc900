//! The report as one page for browsers: readable without a script, and a table to search and sort with one.
//! It does not know where the page will lie: it loads nothing, and its policy forbids it to.

mod access;
mod controls;
mod data;
mod finding;
mod lifecycle;
mod plain;

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::conclusion::Conclusion;
use super::text::{clean, harmless};
use super::view::{View, many};
use crate::report::escaped;
use access::AccessTable;
use data::PageContent;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// Writes the page: what is said of the run, the tables for the script, all of it as plain HTML, and the data.
pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let data = PageContent::of(view);
    let head = head(view);
    let body = html! {
        a .skip href="#findings" { "Skip to the findings" }
        (banner(view))
        main {
            (tables(view, &data))
            div .plain {
                (plain::page(view, data.findings()))
                (data.access().plain())
            }
            (data.access().left_out())
            (lifecycle::section(view))
            (controls::section(view))
        }
        footer { p { "Written by ecrlint " (env!("CARGO_PKG_VERSION")) ". This page loads nothing and sends nothing." } }
    };
    write!(
        out,
        "{}<html lang=\"en\">{}<body>",
        DOCTYPE.into_string(),
        head.into_string()
    )?;
    // Whoever prints the page to a log does not command the runner.
    out.write_all(harmless(&body.into_string()).as_bytes())?;
    out.write_all(b"<script type=\"application/json\" id=\"data\">")?;
    escaped::write_line(&data, &mut NoMarkup(&mut *out))?;
    write!(out, "</script><script>{SCRIPT}</script></body></html>")?;
    out.write_all(b"\n")
}

fn head(view: &View<'_>) -> Markup {
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    let generator = format!("ecrlint {}", env!("CARGO_PKG_VERSION"));
    html! {
        head {
            meta charset="utf-8";
            meta name="generator" content=(generator);
            meta http-equiv="Content-Security-Policy" content=(policy);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            title { "ecrlint: " (Conclusion::of(view.report).word) }
            style { (PreEscaped(STYLE)) }
        }
    }
}

/// The hash by which a policy allows one inline script or style. Source: Content Security Policy Level 3, section 2.3.1
/// (<https://www.w3.org/TR/CSP3/#framework-directive-source-list>).
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

/// What the run amounts to, and its counts.
fn banner(view: &View<'_>) -> Markup {
    let report = view.report;
    let conclusion = Conclusion::of(report);
    let summary = report.summary();
    let counts = [
        ("error", "errors", summary.errors),
        ("warning", "warnings", summary.warnings),
        ("undetermined", "undetermined", summary.undetermined),
        ("note", "notes", summary.notes),
    ];
    html! {
        header {
            h1 { "ecrlint report" }
            p .verdict data-outcome=(report.outcome().as_str()) {
                strong { (conclusion.word) } ": " (clean(&conclusion.text))
            }
            ul .counts {
                @for (grade, name, count) in counts {
                    li .(grade) { strong { (count) } " " (name) }
                }
                @if summary.repositories > 0 {
                    li { strong { (summary.repositories) } (if summary.repositories == 1 { " repository" } else { " repositories" }) }
                }
                @if summary.ignored > 0 { li { strong { (summary.ignored) } " ignored" } }
                @if summary.baselined > 0 { li { strong { (summary.baselined) } " known before" } }
            }
            @if let Some(path) = report.configuration() {
                p .quiet { "configured by " code { (clean(path)) } }
            }
            @if let Some(hidden) = view.hidden() { p .quiet { (hidden) } }
        }
    }
}

/// What the script fills: filters, the two tables, and the finding that is looked at.
fn tables(view: &View<'_>, data: &PageContent<'_>) -> Markup {
    let places = [
        ("account", "Account"),
        ("region", "Region"),
        ("stack", "Stack"),
    ];
    html! {
        div .live hidden {
            form role="search" aria-label="Filter findings, repositories and access" {
                label { "Text" input type="search" id="text" autocomplete="off" spellcheck="false"; }
                label { "Severity"
                    select id="severity" {
                        option value="" { "all" }
                        @for grade in data::GRADES { option value=(grade) { (grade) } }
                    }
                }
                label { "Rule"
                    select id="rule" {
                        option value="" { "all" }
                        @for id in data.rule_ids() { option value=(id) { (id) } }
                    }
                }
                @for (id, name) in places {
                    label { (name) select id=(id) { option value="" { "all" } } }
                }
                button type="reset" { "Clear" }
            }
            section aria-labelledby="findings" {
                h2 id="findings" tabindex="-1" { "Findings" }
                p role="status" id="shown-findings" { (many(data.findings().len(), "finding", "s")) }
                div .panes {
                    div .scroll tabindex="0" role="group" aria-label="Table of findings" id="finding-rows" {}
                    article #detail .detail tabindex="0" aria-live="polite" aria-label="The finding" {
                        p .quiet { "Choose a finding to see its source, its cause and what to do." }
                    }
                }
            }
            section aria-labelledby="repositories" {
                h2 id="repositories" { "Repositories" }
                p role="status" id="shown-repositories" { (plain::repositories(view.report.repositories().len())) }
                p .quiet .legend {
                    "✓ kept · ✕ broken · ? undetermined · i ignored · = known before or unchanged · – does not apply \
                     · empty: not asked of what is not a repository"
                }
                div .scroll tabindex="0" role="group" aria-label="Table of repositories and rules" id="repository-rows" {}
            }
            @if !data.access().is_empty() { (who(data.access())) }
        }
    }
}

/// Who may do what, and the row of it that is looked at.
fn who(access: &AccessTable<'_>) -> Markup {
    let rows = access.len();
    html! {
        section aria-labelledby="access" {
            h2 id="access" { "Who may do what" }
            (access.about())
            p role="status" id="shown-access" { (many(rows, "row", "s")) }
            div .panes {
                div .scroll tabindex="0" role="group" aria-label="Table of access" id="access-rows" {}
                article #access-detail .detail tabindex="0" aria-live="polite" aria-label="The access" {
                    p .quiet { "Choose a principal to see its actions, its conditions and the statements that give them." }
                }
            }
        }
    }
}

/// Passes JSON on without any `<`, so that no text in it ends the script that holds it. In JSON it stands in strings alone.
struct NoMarkup<'w>(&'w mut dyn Write);

impl Write for NoMarkup<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for (index, part) in bytes.split(|byte| *byte == b'<').enumerate() {
            if index > 0 {
                self.0.write_all(b"\\u003c")?;
            }
            self.0.write_all(part)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
