//! Edits that end a finding, as SARIF has them: what is deleted where, and what is put in its place.
//! It does not know how they were found.

use std::borrow::Cow;

use super::log::{Artifact, ArtifactChange, Replaced, SarifFix, SarifMessage, SarifRegion};
use crate::render::path::uri;
use crate::render::view::View;
use crate::report::Diagnostic;
use crate::source::edit::Replacement;

impl<'a> SarifFix<'a> {
    /// The fix of a finding, if one is known.
    pub(super) fn of(view: &View<'_>, finding: &'a Diagnostic) -> Option<Self> {
        let first = finding.fixes.first()?;
        let path = view.excerpts.locate(first.span).path;
        let replaced = |one: &'a Replacement| {
            let place = view.excerpts.locate(one.span);
            let text = (!one.text.is_empty()).then_some(SarifMessage {
                text: Cow::Borrowed(one.text.as_str()),
            });
            Replaced {
                deleted_region: SarifRegion {
                    start_line: place.start.line,
                    start_column: Some(place.start.column),
                    end_line: Some(place.end.line),
                    end_column: Some(place.end.column),
                },
                inserted_content: text,
            }
        };
        Some(Self {
            description: SarifMessage {
                text: Cow::Borrowed("the edit that `ecrlint fix` makes"),
            },
            artifact_changes: [ArtifactChange {
                artifact_location: Artifact {
                    uri: uri(&path, view.options.root.as_deref()),
                },
                replacements: finding.fixes.iter().map(replaced).collect(),
            }],
        })
    }
}

/// Bytes that the fixes of a finding take at most, compressed: each of their texts once.
pub(super) fn most(finding: &Diagnostic, frame: usize) -> usize {
    let texts = finding.fixes.iter().map(|one| frame + one.text.len());
    texts.sum()
}
