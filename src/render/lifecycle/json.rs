//! What lifecycle policies do, for programs; `schemas/lifecycle.json` has the layout.
//! It does not know how it was found out.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::render::access::subject;
use crate::report::escaped;
use crate::report::lifecycle::{
    Cell, Changed, Counterexample, DescribedPolicy, Difference, Explained, ImageBasis, ImageCounts,
    PolicyChanges, Preview, PreviewedImage, Proof, RulePreview, Timeline, UndecidedImages,
};
use crate::source::{Position, Sources};

/// Writes what policies do with images.
///
/// # Errors
/// What the writer says.
pub fn previews(all: &[Preview], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let all = all.iter().map(|one| preview(one, sources)).collect();
    write("previews", all, out)
}

/// Writes what policies say.
///
/// # Errors
/// What the writer says.
pub fn explained(all: &[Explained], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let one = |told: &Explained| {
        let rules = told.rules.iter().map(|rule| {
            json!({
                "priority": rule.priority, "says": rule.says, "takes": rule.takes,
                "never": rule.never, "shields": rule.shields,
            })
        });
        json!({
            "policy": about(&told.about, sources),
            "rules": rules.collect::<Vec<_>>(),
            "left": told.left,
            "open": told.open,
        })
    };
    write("explained", all.iter().map(one).collect(), out)
}

/// Writes what changes between policies.
///
/// # Errors
/// What the writer says.
pub fn differences(all: &[Difference], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let one = |told: &Difference| {
        json!({
            "old": told.old.as_ref().map(|one| about(one, sources)),
            "new": told.new.as_ref().map(|one| about(one, sources)),
            "proofs": told.proofs.iter().map(proof).collect::<Vec<_>>(),
            "given": told.changes.as_ref().map(changes),
        })
    };
    write("differences", all.iter().map(one).collect(), out)
}

fn write(key: &str, all: Vec<Value>, out: &mut dyn Write) -> io::Result<()> {
    let document = json!({
        "version": 1,
        "tool": { "name": "ecrlint", "version": env!("CARGO_PKG_VERSION") },
        key: all,
    });
    escaped::write(&document, out)
}

fn about(about: &DescribedPolicy, sources: &Sources) -> Value {
    let location = sources.locate(about.place);
    let at = |position: Position| json!({ "line": position.line, "column": position.column });
    json!({
        "subject": about.subject.as_ref().map(subject),
        "when": about.when,
        "location": { "path": location.path, "start": at(location.start), "end": at(location.end) },
    })
}

fn preview(told: &Preview, sources: &Sources) -> Value {
    let families = told.families.iter();
    json!({
        "policy": about(&told.about, sources),
        "given": basis(&told.basis),
        "rules": told.rules.iter().map(rule).collect::<Vec<_>>(),
        "total": tally(&told.total),
        "families": families
            .map(|one| json!({ "name": one.name, "tally": tally(&one.tally) }))
            .collect::<Vec<_>>(),
        "images": told.images.iter().map(image).collect::<Vec<_>>(),
        "timeline": timeline(&told.timeline),
        "price": { "gigabyte_month": told.price.gigabyte_month, "source": told.price.source },
        "undetermined": told.doubts.iter().map(doubt).collect::<Vec<_>>(),
        "taken": told.taken,
    })
}

fn basis(basis: &ImageBasis) -> Value {
    match basis {
        ImageBasis::Images { now, is_captured } => json!({ "now": now, "captured": is_captured }),
        ImageBasis::History { text, days, seed } => {
            json!({ "history": text, "days": days, "seed": seed })
        }
    }
}

fn rule(rule: &RulePreview) -> Value {
    json!({
        "priority": rule.priority, "says": rule.says, "identified": rule.identified, "acts": rule.acts,
        "claimed": rule.claimed, "held": rule.held, "undetermined": rule.undetermined,
    })
}

fn tally(tally: &ImageCounts) -> Value {
    json!({
        "images": tally.images, "kept": tally.kept, "expired": tally.expired, "archived": tally.archived,
        "undetermined": tally.undetermined, "bytes": tally.bytes, "freed_bytes": tally.freed,
        "unmeasured": tally.unmeasured,
        "gone_after_days": tally.gone_after.map(|(first, last)| json!([first, last])),
    })
}

fn image(image: &PreviewedImage) -> Value {
    json!({
        "digest": image.digest, "family": image.family, "tags": image.tags, "pushed": image.pushed, "bytes": image.size,
        "outcome": image.outcome.as_str(), "rule": image.rule, "why": image.why,
    })
}

fn doubt(doubt: &UndecidedImages) -> Value {
    json!({ "images": doubt.images, "reason": doubt.reason, "decide": doubt.decide })
}

fn timeline(timeline: &Timeline) -> Value {
    let cell = |cell: &Cell| json!([cell.kept, cell.expired, cell.archived, cell.undetermined]);
    let rows = timeline.rows.iter().map(|row| {
        json!({ "family": row.family, "cells": row.cells.iter().map(cell).collect::<Vec<_>>() })
    });
    json!({ "weeks": timeline.weeks, "rows": rows.collect::<Vec<_>>() })
}

fn proof(proof: &Proof) -> Value {
    json!({
        "claim": proof.claim.as_str(),
        "holds": proof.holds.as_ref().ok(),
        "reason": proof.holds.as_ref().err(),
        "example": proof.example.as_ref().map(example),
    })
}

fn example(example: &Counterexample) -> Value {
    json!({
        "tags": example.tags, "age_days": example.age, "younger": example.younger, "beside": example.beside,
        "old_rule": example.rules[0], "new_rule": example.rules[1],
    })
}

fn changes(told: &PolicyChanges) -> Value {
    json!({
        "given": basis(&told.basis),
        "expires_more": changed(&told.more),
        "expires_less": changed(&told.less),
        "archives_more": changed(&told.archived),
        "archives_less": changed(&told.unarchived),
        "undetermined_images": told.undetermined,
        "undetermined": told.doubts.iter().map(doubt).collect::<Vec<_>>(),
        "taken": told.taken,
    })
}

fn changed(changed: &Changed) -> Value {
    let families = changed.families.iter();
    json!({
        "images": changed.images, "bytes": changed.bytes, "names": changed.names,
        "families": families
            .map(|(name, images)| json!({ "name": name, "images": images }))
            .collect::<Vec<_>>(),
    })
}
