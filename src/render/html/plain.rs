//! The findings as plain HTML: for readers without scripts, for search in the page, and for paper.
//! It does not know the tables of the script.

use maud::{Markup, html};

use super::finding::{HtmlFinding, HtmlLine};
use crate::render::conclusion::Conclusion;
use crate::render::text::names;
use crate::render::view::{View, many};
use crate::report::Diagnostic;

/// Findings that are written out, the worst; whoever has more of them searches the data by the script.
const WRITTEN: usize = 500;

/// A number of repositories.
pub(super) fn repositories(count: usize) -> String {
    format!(
        "{count} {}",
        if count == 1 {
            "repository"
        } else {
            "repositories"
        }
    )
}

/// The worst findings, one below the other.
pub(super) fn page(view: &View<'_>, findings: &[&Diagnostic]) -> Markup {
    let more = findings.len().saturating_sub(WRITTEN);
    html! {
        section aria-labelledby="all-findings" {
            h2 id="all-findings" { "Findings" }
            @if findings.is_empty() {
                p { (Conclusion::of(view.report).word) ": there is nothing to say." }
            }
            @for finding in findings.iter().take(WRITTEN) { (article(&HtmlFinding::of(view, finding))) }
            @if more > 0 {
                p { (many(more, "more finding", "s")) " below these: with a script they can be searched and sorted, and "
                    code { "--output json=FILE" } " has all of them." }
            }
        }
    }
}

fn article(told: &HtmlFinding<'_>) -> Markup {
    html! {
        article .finding {
            h3 { span .grade .(told.grade) { (told.grade) } " " (prose(&told.message)) }
            p .quiet {
                code { (told.rule) }
                @if let Some(subject) = &told.subject { " · " (subject) }
                " · " code { (told.place) }
            }
            @if let Some(because) = &told.because { p { "Undetermined, because " (prose(because)) "." } }
            @if let Some(when) = &told.when { p { "It holds when " (prose(when)) "." } }
            (excerpt(&told.lines))
            @if !told.label.is_empty() { p .quiet { "Marked: " (prose(&told.label)) } }
            @if !told.advice.is_empty() { p { strong { "To do: " } (prose(&told.advice)) } }
            @if !told.code.is_empty() { pre .code tabindex="0" role="group" aria-label="What to type" { code { (told.code) } } }
            @if !told.related.is_empty() {
                ul .quiet {
                    @for (place, words) in &told.related {
                        li { code { (place) } @if !words.is_empty() { ", " (words) } }
                    }
                }
            }
            @if let Some(url) = told.url { p { a href=(url) { "About " (told.rule) } } }
        }
    }
}

/// A text whose names in backticks become code.
pub(super) fn prose(text: &str) -> Markup {
    html! {
        @for (part, is_name) in names(text) {
            @if is_name { code { (part) } } @else { (part) }
        }
    }
}

fn excerpt(lines: &[HtmlLine]) -> Markup {
    html! {
        @if !lines.is_empty() {
            pre .source tabindex="0" role="group" aria-label="Source" {
                @for HtmlLine(number, before, marked, behind) in lines {
                    span .number { @if let Some(number) = number { (number) } }
                    (before)
                    @if !marked.is_empty() { mark { (marked) } }
                    (behind) "\n"
                }
            }
        }
    }
}
