//! What SARIF says of findings that were set aside: that they are suppressed, or were there before.
//! It does not know who set them aside.

use std::borrow::Cow;

use super::log::{SarifMessage, Suppression};
use crate::render::view::{View, many};
use crate::report::{Diagnostic, Verdict};

/// Findings that were set aside and are reported all the same: whoever reads them knows what a suppression is.
pub(super) fn told<'a>(view: &View<'a>) -> impl Iterator<Item = &'a Diagnostic> {
    let (is_told, least) = (view.options.evidence, view.options.min_severity);
    let found = view.report.diagnostics().iter();
    found.filter(move |one| {
        let is_known = matches!(one.verdict, Verdict::Ignored | Verdict::Baselined);
        is_told && is_known && one.severity >= least
    })
}

/// What is left out because GitHub would show it as an open alert, if anything.
pub(super) fn left_out(view: &View<'_>) -> Option<SarifMessage<'static>> {
    let count = view.report.summary().baselined;
    let is_silent = count > 0 && !view.options.evidence;
    is_silent.then(|| {
        let findings = many(count, "finding", "s");
        let text = format!(
            "{findings} of the baseline left out; `--evidence` reports them as suppressed results"
        );
        SarifMessage { text: text.into() }
    })
}

/// Whether a finding is new, where there is a baseline.
pub(super) fn baseline_state(view: &View<'_>, finding: &Diagnostic) -> Option<&'static str> {
    view.report.baseline()?;
    Some(match finding.verdict {
        Verdict::Baselined => "unchanged",
        _ => "new",
    })
}

/// Why a finding does not count. Where some findings may be suppressed, the others say that they are not.
pub(super) fn suppressions<'a>(
    view: &View<'_>,
    finding: &'a Diagnostic,
) -> Option<Vec<Suppression<'a>>> {
    if !view.options.evidence {
        return None;
    }
    let is_external = finding.verdict == Verdict::Baselined || is_configured(view, finding);
    let suppression = Suppression {
        kind: if is_external { "external" } else { "inSource" },
        status: "accepted",
        justification: finding
            .help
            .as_deref()
            .map_or(Cow::Borrowed(""), Cow::Borrowed),
    };
    Some(
        (!finding.verdict.counts())
            .then_some(suppression)
            .into_iter()
            .collect(),
    )
}

/// Whether the configuration ignores a finding, not the input itself: the last place beside it is that of the ignore.
fn is_configured(view: &View<'_>, finding: &Diagnostic) -> bool {
    let place = finding.related.last().map(|label| label.span.source);
    let name = place.map(|source| view.excerpts.name(source));
    name.is_some() && name == view.report.configuration()
}
