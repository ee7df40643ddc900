//! What formats draw of repositories beside the verdicts: who may do what, and what becomes of images. It judges nothing.

use super::Session;
use crate::engine::lifecycle::{self, BorrowedImages};
use crate::ignore::Date;
use crate::model::facts::{FactSet, Live};
use crate::model::lifecycle::{LiveImages, Time};
use crate::model::{Entity, EntityKind};
use crate::report::depicted::{Depicted, Drawn};

impl Session<'_> {
    /// Adds what is drawn of a repository, given in all the ways in which conditions turn out.
    pub(super) fn depict(&self, variants: &[Entity], depicted: &mut Depicted) {
        let is_private = |one: &Entity| one.kind() == EntityKind::Private;
        let Some(givers) = self.givers.filter(|_| variants.iter().all(is_private)) else {
            return;
        };
        depicted.list(givers.listings(variants));
        let is_compared = self.whole.counterparts().is_some();
        for one in variants {
            let today = self.thresholds.today;
            let own = one.private_repository();
            if let Some(images) = own.and_then(|it| it.own.images.as_deref()) {
                draw(one, images, today, depicted);
            } else if is_compared {
                self.in_scope(one, FactSet::NONE, |scope| {
                    // The images that are there meet the policy that comes.
                    if let Some(Live::Found {
                        images: Some(images),
                        ..
                    }) = scope.live
                    {
                        draw(one, images, today, depicted);
                    }
                });
            }
        }
    }
}

/// Adds what a policy does with images, where there are any, and a policy.
fn draw(repository: &Entity, live: &LiveImages, today: Date, depicted: &mut Depicted) {
    let tried = match lifecycle::tried(repository) {
        Ok(tried) if tried.policy.rules().is_empty() => return,
        Ok(tried) => Ok(tried),
        Err(problems) => Err(problems),
    };
    let images = match &live.images {
        Ok(images) if images.is_empty() => return,
        Ok(images) => Ok(images),
        Err(reason) => Err(reason.clone()),
    };
    let about = lifecycle::about(repository);
    let preview = match (tried, images) {
        (Err(problems), _) => {
            let first = problems.into_iter().next();
            Err(first.map_or_else(String::new, |problem| problem.title))
        }
        (_, Err(reason)) => Err(reason),
        (Ok(tried), Ok(images)) => {
            let now = live.at.or_else(|| Time::parse(&today.to_string()));
            let images = BorrowedImages::Captured {
                images,
                now: now.unwrap_or_default(),
                is_captured: live.at.is_some(),
                taken: &[],
            };
            let preview = lifecycle::preview(&tried, images, lifecycle::list_price());
            preview.map_err(|mistake| mistake.title)
        }
    };
    let preview = preview.map(|preview| crate::report::lifecycle::Preview {
        images: Vec::new(),
        ..preview
    });
    depicted.draw(Drawn { about, preview });
}
