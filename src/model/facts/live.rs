//! What deploying a template would change in the repository of the account that it is about.
//! It does not know how the two were found, nor which changes are wanted.

mod expirations;
mod loss;
mod side;
mod terms;

use super::found::Comparable;
use super::leaf;
use super::unasked::UNASKED;
use crate::model::lifecycle::LiveImages;
use crate::model::members;
use crate::model::{Document, Entity, EntityKind, NodeId, Truth, Unknown, Value};
use crate::source::Span;
pub use side::AsLive;
use side::ComparedSide;
use terms::Terms;

/// What a snapshot shows of a repository that a template describes.
#[derive(Clone, Copy, Debug)]
pub enum Live<'s> {
    /// This repository.
    Found {
        /// The live repository.
        repository: &'s Entity,
        /// What ECR makes of it; `None` where nothing asks what differs.
        described: Option<&'s AsLive>,
        /// Whether it holds images, where the snapshot says so.
        holds_images: Truth<()>,
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
struct DriftChange {
    span: Span,
    theirs: Span,
    /// What happens, or why that is not known.
    change: Result<String, String>,
}

/// Adds `{found, drift, loss, expirations}` for what is described, with the facts that it is compared by.
pub(super) fn describe(
    document: &mut Document,
    entity: &Entity,
    known: Option<Comparable>,
    live: &Live<'_>,
) -> NodeId {
    let span = entity.place;
    let compared = match compare(document, entity, known, live) {
        Ok(compared) => compared,
        Err(reason) => return document.unknown(Unknown::because(reason), span),
    };
    let found = document.bool(compared.is_found, span);
    let drift = compared.drift.into_iter();
    let drift: Vec<_> = drift.map(|it| it.write(document)).collect();
    let drift = document.array(&drift, span);
    let holds = match live {
        Live::Found { holds_images, .. } => *holds_images,
        Live::Missing | Live::Unknown(_) => Truth::Unknown(()),
    };
    let loss = compared.loss.into_iter();
    let loss: Vec<_> = loss.map(|it| it.write(document, holds)).collect();
    let loss = document.array(&loss, span);
    let mut members = vec![("found", found), ("drift", drift), ("loss", loss)];
    if let Live::Found {
        repository,
        images: Some(images),
        ..
    } = live
        && let (Some(ours), Some(theirs)) = (entity.settings(), repository.settings())
    {
        let theirs = theirs.document.value(theirs.own.lifecycle_policy);
        let (ours, written) = (ours.own.lifecycle_policy, ours.own.lifecycle_written);
        let expirations = expirations::describe(document, ours, written, theirs, images);
        members.push((members::EXPIRATIONS.name(), expirations));
    }
    document.object(&members, span)
}

/// What differs.
struct Differences {
    is_found: bool,
    drift: Vec<DriftChange>,
    loss: Vec<loss::Loss>,
}

fn compare<'l>(
    document: &Document,
    entity: &Entity,
    known: Option<Comparable>,
    live: &Live<'l>,
) -> Result<Differences, &'l str> {
    let (repository, described) = match live {
        Live::Unknown(reason) => return Err(reason),
        Live::Missing => {
            let place = entity.name_place();
            let created = "creates it: the account has no repository of this name in this region";
            let created = DriftChange {
                span: place,
                theirs: place,
                change: Ok(created.to_owned()),
            };
            return Ok(Differences {
                is_found: false,
                drift: vec![created],
                loss: Vec::new(),
            });
        }
        Live::Found {
            repository,
            described,
            ..
        } => (repository, described),
    };
    if entity.kind() == EntityKind::Removed {
        return Ok(Differences {
            is_found: true,
            drift: Vec::new(),
            loss: vec![loss::removed(entity)],
        });
    }
    let theirs = described.ok_or(UNASKED)?;
    let theirs = ComparedSide::of(&theirs.document, repository, theirs.known);
    let ours = ComparedSide::of(document, entity, known);
    let (ours, theirs) = ours.zip(theirs).ok_or("it is not a repository")?;
    Ok(Differences {
        is_found: true,
        drift: drift(ours, theirs),
        loss: loss::losses(ours, theirs),
    })
}

impl DriftChange {
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
            &[
                ("changes", changes),
                ("change", change),
                (members::LIVE.name(), live),
            ],
            self.span,
        )
    }
}

/// Every setting that differs, and every one for which that is not known.
fn drift(ours: ComparedSide<'_>, theirs: ComparedSide<'_>) -> Vec<DriftChange> {
    let aspects = [
        scanning(ours, theirs),
        mutability(ours, theirs),
        lifecycle(ours, theirs),
        policy(ours, theirs),
        tags(ours, theirs),
    ];
    let changes = aspects.into_iter().filter_map(|aspect| {
        let change = match aspect.change {
            Ok(None) => return None,
            Ok(Some(change)) => Ok(change),
            Err(reason) => Err(reason),
        };
        Some(DriftChange {
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

fn aspect(ours: Value<'_>, theirs: Value<'_>, change: Result<Option<String>, String>) -> Aspect {
    Aspect {
        span: ours.span(),
        theirs: theirs.span(),
        change,
    }
}

/// Whether images are scanned, by the registry where both sides know it, else by the repository's own flag.
fn scanning(ours: ComparedSide<'_>, theirs: ComparedSide<'_>) -> Aspect {
    let [own, other] = [ours, theirs].map(|side| side.known.scanning);
    let is_alike = own.is_decided_like(other);
    let flags = [(ours, own), (theirs, other)].map(|(side, scanning)| {
        side.value(match is_alike {
            true => scanning.effective,
            false => scanning.on_push,
        })
    });
    let change = match flags.map(flag) {
        [Err(reason), _] | [_, Err(reason)] => Err(reason),
        [Ok(ours), Ok(theirs)] if ours == theirs => Ok(None),
        [Ok(true), _] => Ok(Some("switches scanning on".to_owned())),
        [Ok(false), _] => Ok(Some("switches scanning off".to_owned())),
    };
    aspect(flags[0], flags[1], change)
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
fn mutability(ours: ComparedSide<'_>, theirs: ComparedSide<'_>) -> Aspect {
    let modes = [ours, theirs].map(|side| side.value(side.known.mode));
    let filters = [ours, theirs].map(|side| side.value(side.settings.own.exclusion_filters));
    let words = modes.map(|mode| leaf::text(mode));
    let change = match words {
        [leaf::Leaf::Unknown(unknown), _] | [_, leaf::Leaf::Unknown(unknown)] => {
            Err(unknown.reason.clone())
        }
        [leaf::Leaf::Known(ours), leaf::Leaf::Known(theirs)] if ours != theirs => Ok(Some(
            format!("changes the mode of its tags from `{theirs}` to `{ours}`"),
        )),
        _ => {
            let [ours, theirs] = filters.map(terms::filters);
            sets(ours, theirs)
        }
    };
    aspect(modes[0], modes[1], change)
}

fn lifecycle(ours: ComparedSide<'_>, theirs: ComparedSide<'_>) -> Aspect {
    let [ours, theirs] = [ours, theirs].map(ComparedSide::lifecycle_policy);
    let change = sets(terms::lifecycle(ours), terms::lifecycle(theirs));
    aspect(ours, theirs, change)
}

fn tags(ours: ComparedSide<'_>, theirs: ComparedSide<'_>) -> Aspect {
    let [ours, theirs] = [ours, theirs].map(ComparedSide::tags);
    let change = sets(terms::tags(ours), terms::tags(theirs));
    aspect(ours, theirs, change)
}

/// Who gets what. Texts that say the same in other words are not a change.
fn policy(ours: ComparedSide<'_>, theirs: ComparedSide<'_>) -> Aspect {
    let documents = [ours, theirs].map(|side| side.value(side.known.policy));
    let access = |side: ComparedSide<'_>| terms::access(side.value(side.known.access));
    let change = match sets(access(ours), access(theirs)) {
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
