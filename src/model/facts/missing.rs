//! Images that are used, held against those that a live repository holds.
//! It does not know how either was found.

use super::lifecycle::lifecycle_policy;
use super::live::Held;
use crate::model::lifecycle::{self, Fate, Image, LifecycleAction, Status, Time};
use crate::model::members;
use crate::model::{Document, ImageUse, NodeId, Of, Repository, Unknown};

/// Why nothing is known of the images of a live repository.
const UNCAPTURED: &str = "the snapshot does not have `images`";

/// Adds `[{problem, image, by, resource}]`, each where the image is named; absent where no image is used, or nothing is
/// compared with what is live.
pub(super) fn describe(
    document: &mut Document,
    repository: Of<'_, Repository>,
    held: Option<Held<'_>>,
) -> NodeId {
    let place = repository.place;
    let uses = || repository.own.image_uses.iter();
    let certain = || uses().filter(|it| it.doubt.is_none());
    let (Some(held), Some(first)) = (held, certain().next()) else {
        return document.absent(place);
    };
    let known = match held {
        Held::Images(held) => match &held.images {
            Ok(images) => Ok((images.as_slice(), held.at)),
            Err(reason) => Err(reason.as_str()),
        },
        Held::Unknown(reason) => Err(reason),
        Held::Uncaptured => Err(UNCAPTURED),
    };
    let (images, at) = match known {
        Ok(known) => known,
        Err(reason) => return document.unknown(Unknown::because(reason), first.place),
    };
    let fates = next(repository, images, at);
    let mut found = Vec::new();
    for it in certain() {
        let Some(named) = ImageIdentifier::of(&repository.document, it) else {
            continue;
        };
        let (problem, doubt) = match named.problem(images, fates.as_ref()) {
            Ok(None) => continue,
            Ok(Some(problem)) => (problem, None),
            Err(reason) => (String::new(), Some(reason)),
        };
        let problem = match doubt {
            Some(reason) => document.unknown(Unknown::because(reason).maybe_absent(), it.place),
            None => document.string(&problem, it.place),
        };
        let members = [
            (members::PROBLEM.name(), problem),
            ("image", document.string(&named.words(), it.place)),
            ("by", document.string(&it.logical_id, it.place)),
            ("resource", document.string(&it.resource, it.place)),
        ];
        found.push(document.object(&members, it.place));
    }
    document.array(&found, place)
}

/// What the next evaluation of the policy makes of the images, where that can be determined; with the priorities of its rules.
struct Next {
    fates: Vec<Fate>,
    priorities: Vec<i64>,
}

fn next(repository: Of<'_, Repository>, images: &[Image], at: Option<Time>) -> Option<Next> {
    let policy = repository
        .document
        .value(repository.own.settings.lifecycle_policy);
    let policy = lifecycle_policy(policy, repository.own.settings.lifecycle_written).ok()?;
    let evaluation = lifecycle::evaluate(&policy, images, at?);
    Some(Next {
        fates: evaluation.fates,
        priorities: policy.rules().iter().map(|rule| rule.priority).collect(),
    })
}

/// An image by its tag or its digest.
enum ImageIdentifier<'d> {
    Tag(&'d str),
    Digest(&'d str),
}

impl<'d> ImageIdentifier<'d> {
    fn of(document: &'d Document, it: &ImageUse) -> Option<Self> {
        let text = |id| document.value(id).as_str();
        let digest = text(it.digest).map(ImageIdentifier::Digest);
        digest.or_else(|| text(it.tag).map(ImageIdentifier::Tag))
    }

    fn is(&self, image: &Image) -> bool {
        match self {
            ImageIdentifier::Tag(tag) => image.tags.iter().any(|own| own == tag),
            ImageIdentifier::Digest(digest) => image.digest == *digest,
        }
    }

    fn words(&self) -> String {
        match self {
            ImageIdentifier::Tag(tag) => format!("the image tagged `{tag}`"),
            ImageIdentifier::Digest(digest) => format!("the image `{digest}`"),
        }
    }

    /// What keeps the image from being pulled, or is going to, as a clause that follows its name; or why nobody can tell.
    fn problem(
        &self,
        images: &[Image],
        next: Option<&Next>,
    ) -> Result<Option<String>, &'static str> {
        let Some(at) = images.iter().position(|image| self.is(image)) else {
            return Ok(Some("which is not there".to_owned()));
        };
        if images[at].status == Status::Archived {
            return Ok(Some("which is archived, and cannot be pulled".to_owned()));
        }
        let Some(next) = next else { return Ok(None) };
        let does = |action| match action {
            LifecycleAction::Expire => "expires",
            LifecycleAction::Archive => "archives",
        };
        Ok(match next.fates[at] {
            Fate::Acts { rule, action } => {
                let (rule, does) = (next.priorities[rule], does(action));
                Some(format!(
                    "which rule {rule} of the lifecycle policy {does} with its next evaluation"
                ))
            }
            Fate::Follows { action, .. } => {
                let does = does(action);
                Some(format!(
                    "which the lifecycle policy {does} together with the image that it refers to"
                ))
            }
            Fate::Kept(_) => None,
            Fate::Undetermined(doubt) => return Err(doubt.reason()),
        })
    }
}
