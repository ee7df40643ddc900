//! What lifecycle policies do with the images that are known: a row for each family, a sign for each week.
//! It does not know what decides it.

use maud::{Markup, html};

use super::finding::whereabouts;
use super::plain::prose;
use crate::render::lifecycle::shades::{SHADES, columns, shade};
use crate::render::name::heading;
use crate::render::text::clean;
use crate::render::view::View;
use crate::report::depicted::{Depicted, Drawn};
use crate::report::lifecycle::{FamilyWeeks, ImageBasis, Preview, Timeline};

/// Families that are drawn of a repository.
const MOST_ROWS: usize = 12;
/// Signs of a row.
const MOST_COLUMNS: usize = 52;
/// The classes of the signs, in the order of their shades.
const STYLES: [&str; SHADES.len()] = [
    "kept",
    "kept",
    "warning",
    "error",
    "archived",
    "undetermined",
];

/// The section; nothing where no images are known.
pub(super) fn section(view: &View<'_>) -> Markup {
    let depicted = view.report.depicted();
    let depicted = depicted.filter(|one| !one.lifecycles.is_empty());
    html! {
        @if let Some(depicted) = depicted {
            section aria-labelledby="lifecycles" {
                h2 id="lifecycles" { "What becomes of images" }
                p .quiet {
                    "What the lifecycle policies do with the images that are known, by the week in which they were pushed. \
                     Repositories without a policy, of which nothing ever expires, are left out."
                }
                p .quiet .legend { (legend()) }
                @for (index, one) in depicted.lifecycles.iter().enumerate() { (repository(index, one)) }
                (left_out(depicted))
            }
        }
    }
}

/// What filters go by: the name, and account, region and stack.
pub(super) fn key(one: &Drawn) -> (String, [Option<&str>; 3]) {
    let subject = one.about.subject.as_ref();
    let name = subject.and_then(heading);
    let name = name.unwrap_or_else(|| "(no name)".to_owned());
    (
        clean(&name).into_owned(),
        subject.map_or([None; 3], whereabouts),
    )
}

fn legend() -> Markup {
    html! {
        @for (at, ((sign, _, _, text), style)) in SHADES.iter().zip(STYLES).enumerate() {
            @if at > 0 { " · " }
            span .(style) aria-hidden="true" { (sign) } " " (text)
        }
        " · empty: nothing was pushed"
    }
}

fn left_out(depicted: &Depicted) -> Markup {
    html! {
        @if depicted.undrawn > 0 {
            p { "Of " (depicted.undrawn) " more with images: "
                code { "ecrlint lifecycle preview" } " draws each." }
        }
    }
}

fn repository(index: usize, one: &Drawn) -> Markup {
    let (name, places) = key(one);
    let places: Vec<_> = places.into_iter().flatten().map(clean).collect();
    html! {
        article .lifecycle data-lifecycle=(index) {
            h3 { (name) }
            @if !places.is_empty() { p .quiet { (places.join(" · ")) } }
            @if let Some(when) = &one.about.when { p .quiet { "When " (clean(when)) } }
            @match &one.preview {
                Ok(preview) => { (drawn(&name, preview)) }
                Err(reason) => p .undetermined { "Undetermined, because " (prose(&clean(reason))) "." }
            }
        }
    }
}

fn drawn(name: &str, preview: &Preview) -> Markup {
    let total = &preview.total;
    let day = match &preview.basis {
        ImageBasis::Images { now, .. } => now.as_str(),
        ImageBasis::History { .. } => "",
    };
    let left = preview.timeline.rows.len().saturating_sub(MOST_ROWS);
    html! {
        p { "As of " (day) ", " strong { (total.expired) " of " (total.images) (if total.images == 1 { " image" } else { " images" }) } " expire"
            @if total.archived > 0 { ", " (total.archived) " move to the archive" }
            @if total.undetermined > 0 { ", " span .undetermined { (total.undetermined) " undetermined" } }
            "."
        }
        @if !preview.timeline.rows.is_empty() {
            div .scroll tabindex="0" role="group" aria-label={ "Timeline of " (name) } { (timeline(&preview.timeline, preview)) }
        }
        @if left > 0 { p .quiet { "and " (left) " more families" } }
        @if !preview.taken.is_empty() { p .quiet { "Taken for granted: " (prose(&preview.taken.join("; "))) "." } }
        @for doubt in &preview.doubts {
            p .undetermined { (doubt.images) " undetermined, because " (prose(&doubt.reason)) "; to decide it: " (prose(&doubt.decide)) }
        }
    }
}

fn timeline(timeline: &Timeline, preview: &Preview) -> Markup {
    let weeks = &timeline.weeks;
    let step = weeks.len().div_ceil(MOST_COLUMNS).max(1);
    let first = weeks.first().map_or("", String::as_str);
    let last = weeks.len().saturating_sub(1) / step * step;
    let last = weeks.get(last).map_or("", String::as_str);
    html! {
        table .timeline {
            thead { tr {
                th scope="col" { "Images" } th scope="col" { "Weeks from " (first) " to " (last) }
                th scope="col" { "Kept" } th scope="col" { "Expire" } th scope="col" { "Archived" } th scope="col" { "Open" }
            } }
            tbody {
                @for row in timeline.rows.iter().take(MOST_ROWS) {
                    @let tally = preview.families.iter().find(|one| one.name == row.family).map(|one| one.tally);
                    @let tally = tally.unwrap_or_default();
                    tr {
                        th scope="row" { (clean(&row.family)) }
                        td { (signs(row, weeks, step)) }
                        td { (tally.kept) } td { (tally.expired) } td { (tally.archived) } td { (tally.undetermined) }
                    }
                }
            }
        }
    }
}

/// A row of signs, and in words what each stretch of it says.
fn signs(row: &FamilyWeeks, weeks: &[String], step: usize) -> Markup {
    let shades: Vec<Option<usize>> = columns(row, step).map(shade).collect();
    let mut at = 0;
    let runs = shades.chunk_by(|one, other| one == other).map(|run| {
        let text = run[0].map_or("nothing pushed", |shade| SHADES[shade].3);
        let week = weeks.get(at * step).map_or("", String::as_str);
        at += run.len();
        (run[0], run.len(), format!("from {week}: {text}"))
    });
    let runs: Vec<_> = runs.collect();
    let words: Vec<&str> = runs.iter().map(|(_, _, words)| words.as_str()).collect();
    html! {
        span .signs role="img" aria-label=(words.join("; ")) {
            @for (shade, length, words) in &runs {
                @match shade {
                    None => span title=(words) { (" ".repeat(*length)) },
                    Some(shade) => span .(STYLES[*shade]) title=(words) { (SHADES[*shade].0.repeat(*length)) }
                }
            }
        }
    }
}
