//! What deploying a template would change in the repository of the account that it is about.
//! It does not know how the two were found, nor which changes are wanted.

mod expirations;
mod loss;
mod terms;

use super::Described;
use super::leaf;
use crate::model::lifecycle::LiveImages;
use crate::model::{Document, NodeId, Unknown, Value, Written};
use crate::source::Span;
use terms::Terms;

/// What a snapshot shows of a repository that a template describes.
#[derive(Clone, Copy, Debug)]
pub enum Live<'s> {
    /// This repository.
    Found {
        /// What ECR makes of it.
        described: &'s Described,
        /// Whether it holds images, where the snapshot says so.
        holds_images: Option<bool>,
        /// What it holds, where the snapshot says so.
        images: Option<&'s LiveImages>,
    },
    /// The snapshot has the registry, but no such repository.
    Missing,
    /// It cannot be known which repository it is, because of this.
    Unknown(&'s str),
}

/// The images of a live repository.
#[derive(Clone, Copy, Debug)]
pub(super) enum Held<'s> {
    Images(&'s LiveImages),
    /// The snapshot does not have them.
    Uncaptured,
    /// It cannot be known which repository it is, because of this.
    Unknown(&'s str),
}

impl<'s> Live<'s> {
    /// The images; `None` where there is no repository yet.
    pub(super) fn held(&self) -> Option<Held<'s>> {
        match self {
            Self::Found { images, .. } => Some(images.map_or(Held::Uncaptured, Held::Images)),
            Self::Missing => None,
            Self::Unknown(reason) => Some(Held::Unknown(reason)),
        }
    }
}

/// A change in the making.
struct Change {
    span: Span,
    theirs: Span,
    /// What happens, or why that is not known.
    change: Result<String, String>,
}

/// Adds `{found, drift, loss, expirations}` for a repository with these facts, whose lifecycle policy is `written` so.
pub(super) fn describe(
    document: &mut Document,
    repository: NodeId,
    written: Written,
    live: &Live<'_>,
) -> NodeId {
    let ours = document.value(repository);
    let span = ours.span();
    let (found, drift, loss, holds) = match live {
        Live::Unknown(reason) => {
            return document.unknown(Unknown::because(*reason), span);
        }
        Live::Missing => {
            let place = at(ours, &["name"]).span();
            let created = "creates it: the account has no repository of this name in this region";
            let created = Change {
                span: place,
                theirs: place,
                change: Ok(created.to_owned()),
            };
            (false, vec![created], Vec::new(), None)
        }
        Live::Found {
            described,
            holds_images,
            ..
        } => {
            let theirs = described.document.value(described.repository);
            if at(ours, &["kind"]).as_str() == Some("removed") {
                let gone = loss::removed(ours);
                (true, Vec::new(), vec![gone], *holds_images)
            } else {
                let drift = drift(ours, theirs);
                (true, drift, loss::losses(ours, theirs), *holds_images)
            }
        }
    };
    let found = document.bool(found, span);
    let drift: Vec<_> = drift.into_iter().map(|it| it.write(document)).collect();
    let drift = document.array(&drift, span);
    let loss = loss.into_iter().map(|it| it.write(document, holds));
    let loss: Vec<_> = loss.collect();
    let loss = document.array(&loss, span);
    let mut members = vec![("found", found), ("drift", drift), ("loss", loss)];
    if let Live::Found {
        described,
        images: Some(images),
        ..
    } = live
    {
        let theirs = described.document.value(described.repository);
        let theirs = at(theirs, &["lifecycle", "policy"]);
        let ours = at(document.value(repository), &["lifecycle", "policy"]).id();
        let ours = (ours, written);
        let expirations = expirations::describe(document, ours, theirs, images);
        members.push(("expirations", expirations));
    }
    document.object(&members, span)
}

impl Change {
    /// Adds `{changes, change, live}`.
    fn write(self, document: &mut Document) -> NodeId {
        let changes = match &self.change {
            Ok(_) => document.bool(true, self.span),
            Err(reason) => document.unknown(Unknown::because(reason.as_str()), self.span),
        };
        let change = self.change.unwrap_or_default();
        let change = document.string(&change, self.span);
        // The place is worth more than the value, which may be long.
        let live = document.string("live", self.theirs);
        document.object(
            &[("changes", changes), ("change", change), ("live", live)],
            self.span,
        )
    }
}

/// Every setting that differs, and every one for which that is not known.
fn drift(ours: Value<'_>, theirs: Value<'_>) -> Vec<Change> {
    let aspects = [
        scanning as fn(Value<'_>, Value<'_>) -> Aspect,
        mutability,
        lifecycle,
        policy,
        tags,
    ];
    let changes = aspects.into_iter().filter_map(|compare| {
        let aspect = compare(ours, theirs);
        let change = match aspect.change {
            Ok(None) => return None,
            Ok(Some(change)) => Ok(change),
            Err(reason) => Err(reason),
        };
        Some(Change {
            span: aspect.span,
            theirs: aspect.theirs,
            change,
        })
    });
    changes.collect()
}

/// One setting on both sides.
struct Aspect {
    span: Span,
    theirs: Span,
    /// The change, if any, or why that is not known.
    change: Result<Option<String>, String>,
}

/// A value of a document, or of the mapping itself where there is no such member.
fn at<'v>(value: Value<'v>, path: &[&str]) -> Value<'v> {
    path.iter()
        .fold(value, |value, key| value.get(key).unwrap_or(value))
}

fn aspect(ours: Value<'_>, theirs: Value<'_>, change: Result<Option<String>, String>) -> Aspect {
    Aspect {
        span: ours.span(),
        theirs: theirs.span(),
        change,
    }
}

/// Whether images are scanned, by the registry where both sides know it, else by the repository's own flag.
fn scanning(ours: Value<'_>, theirs: Value<'_>) -> Aspect {
    let decided = [ours, theirs].map(|side| at(side, &["scanning", "decided_by"]).as_str());
    let key = match decided[0] == decided[1] {
        true => "effective",
        false => "on_push",
    };
    let [ours, theirs] = [ours, theirs].map(|side| at(side, &["scanning", key]));
    let change = match (flag(ours), flag(theirs)) {
        (Err(reason), _) | (_, Err(reason)) => Err(reason),
        (Ok(ours), Ok(theirs)) if ours == theirs => Ok(None),
        (Ok(true), _) => Ok(Some("switches scanning on".to_owned())),
        (Ok(false), _) => Ok(Some("switches scanning off".to_owned())),
    };
    aspect(ours, theirs, change)
}

fn flag(value: Value<'_>) -> Result<bool, String> {
    match leaf::flag(value) {
        leaf::Leaf::Known(flag) => Ok(flag),
        leaf::Leaf::Absent => Ok(false),
        leaf::Leaf::Unknown(unknown) => Err(unknown.reason.clone()),
        leaf::Leaf::Other => Err(leaf::misplaced("the flag").reason),
    }
}

/// The mode and what is excluded from it.
fn mutability(ours: Value<'_>, theirs: Value<'_>) -> Aspect {
    let modes = [ours, theirs].map(|side| at(side, &["tag_mutability"]));
    let filters = [ours, theirs].map(|side| terms::filters(at(side, &["exclusion_filters"])));
    let words = modes.map(|mode| leaf::text(mode));
    let change = match words {
        [leaf::Leaf::Unknown(unknown), _] | [_, leaf::Leaf::Unknown(unknown)] => {
            Err(unknown.reason.clone())
        }
        [leaf::Leaf::Known(ours), leaf::Leaf::Known(theirs)] if ours != theirs => Ok(Some(
            format!("changes the mode of its tags from `{theirs}` to `{ours}`"),
        )),
        _ => {
            let [ours, theirs] = filters;
            sets(ours, theirs)
        }
    };
    aspect(modes[0], modes[1], change)
}

fn lifecycle(ours: Value<'_>, theirs: Value<'_>) -> Aspect {
    let [ours, theirs] = [ours, theirs].map(|side| at(side, &["lifecycle", "policy"]));
    let change = sets(terms::lifecycle(ours), terms::lifecycle(theirs));
    aspect(ours, theirs, change)
}

fn tags(ours: Value<'_>, theirs: Value<'_>) -> Aspect {
    let [ours, theirs] = [ours, theirs].map(|side| at(side, &["tags"]));
    let change = sets(terms::tags(ours), terms::tags(theirs));
    aspect(ours, theirs, change)
}

/// Who gets what. Texts that say the same in other words are no change.
fn policy(ours: Value<'_>, theirs: Value<'_>) -> Aspect {
    let documents = [ours, theirs].map(|side| at(side, &["policy", "document"]));
    let [ours, theirs] = [ours, theirs].map(|side| terms::access(at(side, &["access"])));
    let change = match sets(ours, theirs) {
        Ok(None) => match documents.map(terms::restrictions) {
            [Err(reason), _] | [_, Err(reason)] => Err(reason),
            [Ok(ours), Ok(theirs)] if ours == theirs => Ok(None),
            _ => Ok(Some(
                "changes conditions of its policy, with the same principals and actions".to_owned(),
            )),
        },
        change => change,
    };
    aspect(documents[0], documents[1], change)
}

/// What is added and what is taken away.
fn sets(ours: Terms, theirs: Terms) -> Result<Option<String>, String> {
    let (ours, theirs) = (ours?, theirs?);
    let list = |verb: &str, left: &terms::Set, right: &terms::Set| {
        let mut terms = left.difference(right).map(String::as_str);
        let first = terms.next()?;
        let listed = terms.fold(first.to_owned(), |sofar, term| format!("{sofar}, {term}"));
        Some(format!("{verb} {listed}"))
    };
    let parts = [
        list("adds", &ours, &theirs),
        list("takes away", &theirs, &ours),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    Ok((!parts.is_empty()).then(|| parts.join(" and ")))
}
