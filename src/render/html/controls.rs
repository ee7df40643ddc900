//! How far the controls of published frameworks are kept, by what the rules that check them say.
//! It does not know the frameworks.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::render::view::View;
use crate::report::Tally;

/// What the rules of a control say about how many repositories.
#[derive(Default)]
struct Control<'a> {
    rules: Vec<&'a str>,
    tally: Tally,
}

impl Control<'_> {
    /// Answers of rules about repositories that they apply to.
    fn asked(&self) -> usize {
        let Tally {
            not_applicable: _,
            pass,
            ignored,
            baselined,
            unchanged,
            undetermined,
            fail,
        } = self.tally;
        pass + ignored + baselined + unchanged + undetermined + fail
    }

    /// The share that is kept, in percent, rounded down so that only all is a hundred.
    fn percent(&self) -> Option<usize> {
        (self.tally.pass * 100).checked_div(self.asked())
    }
}

/// The table of controls. What is ignored, known before or undetermined is not kept.
pub(super) fn section(view: &View<'_>) -> Markup {
    let mut frameworks: BTreeMap<&str, BTreeMap<&str, Control<'_>>> = BTreeMap::new();
    for rule in view.report.rules() {
        for (framework, ids) in &rule.controls {
            for id in ids {
                let control = frameworks
                    .entry(framework)
                    .or_default()
                    .entry(id)
                    .or_default();
                control.rules.push(&rule.id);
                control.tally.append(&rule.tally);
            }
        }
    }
    html! {
        @if !frameworks.is_empty() {
            section aria-labelledby="controls" {
                h2 id="controls" { "Controls" }
                p .quiet { "Counted are answers of the rules that check a control, one for each repository that they apply to." }
                div .scroll tabindex="0" role="group" aria-label="Table of controls" {
                    table {
                        thead { tr {
                            th scope="col" { "Framework" } th scope="col" { "Control" } th scope="col" { "Kept" }
                            th scope="col" { "Broken" } th scope="col" { "Undetermined" } th scope="col" { "Rules" }
                        } }
                        tbody {
                            @for (framework, controls) in &frameworks {
                                @for (id, control) in controls { (row(framework, id, control)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn row(framework: &str, id: &str, control: &Control<'_>) -> Markup {
    let kept = match control.percent() {
        Some(percent) => format!(
            "{percent} % ({} of {})",
            control.tally.pass,
            control.asked()
        ),
        None => "nothing to check".to_owned(),
    };
    html! {
        tr {
            td { (framework) } th scope="row" { (id) } td { (kept) }
            td { (control.tally.fail) } td { (control.tally.undetermined) } td { (control.rules.join(", ")) }
        }
    }
}
