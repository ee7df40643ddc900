//! What a lifecycle policy says, what ECR refuses about it, and what it keeps.
//! It does not know images: only what holds for all of them.

mod deployed;
mod effect;
mod grammar;
mod idle;
mod image;
mod indexes;
mod instead;
pub(super) mod keys;
mod mended;
mod minimum;
mod order;
mod parse;
mod problems;
mod protected;
mod reach;
mod reading;
mod refusals;
mod selection;
mod typed;
mod uncapped;
mod words;

use super::leaf::doubt;
use crate::model::lifecycle::LiveImages;
use crate::model::members;
use crate::model::{Data, Document, ImageUse, NodeId, Truth, Unknown, Value};
use crate::model::{Declared, Of, RepositorySettings};
use parse::parse;
use problems::PolicyProblems;
use reach::RuleReach;
pub use typed::{NoPolicy, lifecycle_policy};

/// Images that are not to expire.
#[derive(Clone, Copy)]
struct RetainedImages<'r> {
    /// Those with a protected tag.
    protected: &'r [Declared<String>],
    /// Those that are run.
    uses: &'r [ImageUse],
    /// The images that there are, where that is known.
    held: Option<&'r LiveImages>,
    /// Holds what is known of these.
    values: &'r Document,
}

/// Adds `{policy, present, computed, rules, problems, keeps, caps_tagged, uncapped, narrow_lists, actions, expirations, deployed,
/// idle, few_for_index}`.
pub(super) fn describe(
    document: &mut Document,
    repository: Of<'_, RepositorySettings>,
    protected: &[Declared<String>],
    held: Option<&LiveImages>,
) -> NodeId {
    let policy = repository.document.value(repository.own.lifecycle_policy);
    let span = policy.span();
    let mut problems = PolicyProblems::new(document, policy);
    let rules = match policy.data() {
        Data::Absent | Data::Null => Vec::new(),
        Data::Unknown(unknown) => {
            problems.cannot_tell(unknown);
            Vec::new()
        }
        _ => parse(&mut problems, policy, repository.own.lifecycle_written),
    };
    let refused = problems.any();
    let problems = problems.finish(span);
    let keeps = effect::keeps(document, policy, &rules, refused);
    let instead = instead::describe(document, policy, &rules, refused);
    let narrow_lists = effect::narrow_lists(document, policy, &rules);
    let wanted = RetainedImages {
        protected,
        uses: repository.image_uses(),
        held,
        values: &repository.document,
    };
    let ReachFacts {
        caps_tagged,
        uncapped,
        actions,
        expirations,
        deployed,
        idle,
        few_for_index,
    } = reach(document, policy, &rules, refused, wanted);
    let list = list(document, policy);
    let present = present(document, policy);
    let computed = document.bool(policy.is_computed(), span);
    document.object(
        &[
            ("policy", repository.own.lifecycle_policy),
            ("present", present),
            ("computed", computed),
            ("rules", list),
            (members::PROBLEMS.name(), problems),
            ("keeps", keeps),
            ("instead", instead),
            ("caps_tagged", caps_tagged),
            ("uncapped", uncapped),
            ("narrow_lists", narrow_lists),
            (members::ACTIONS.name(), actions),
            (members::EXPIRATIONS.name(), expirations),
            ("deployed", deployed),
            ("idle", idle),
            ("few_for_index", few_for_index),
        ],
        span,
    )
}

/// What the rules of a policy reach, each absent where there is no policy that ECR takes.
struct ReachFacts {
    /// Whether images with tags expire at all.
    caps_tagged: NodeId,
    /// Images with tags that never expire.
    uncapped: NodeId,
    /// What each rule can act on.
    actions: NodeId,
    /// Which protected tags expire; absent where none is protected.
    expirations: NodeId,
    /// Which images expire that are run; absent where none is.
    deployed: NodeId,
    /// Which rules are about none of the images; absent where no image is known.
    idle: NodeId,
    /// Which rules count few of the images that one push made; absent where no image is known.
    few_for_index: NodeId,
}

impl ReachFacts {
    /// One and the same for each of them.
    fn all(node: NodeId) -> Self {
        Self {
            caps_tagged: node,
            uncapped: node,
            actions: node,
            expirations: node,
            deployed: node,
            idle: node,
            few_for_index: node,
        }
    }
}

fn reach(
    document: &mut Document,
    policy: Value<'_>,
    rules: &[grammar::ParsedRule<'_>],
    refused: bool,
    wanted: RetainedImages<'_>,
) -> ReachFacts {
    let span = policy.span();
    let absent = document.absent(span);
    if refused || matches!(policy.data(), Data::Absent | Data::Null) {
        return ReachFacts::all(absent);
    }
    let asked = |asked: bool, node: NodeId| if asked { node } else { absent };
    let hidden = effect::hidden(policy);
    let unknown = match (policy.data(), RuleReach::new(rules, hidden)) {
        (Data::Unknown(unknown), _) => doubt(unknown),
        (_, None) => Unknown::because("it has more tag patterns than are compared"),
        (_, Some(reach)) => {
            let written = policy
                .get(keys::RULES)
                .map_or(0, |rules| rules.items().len());
            let caps = reach.caps_tagged();
            let (caps_tagged, uncapped) = match (&caps, hidden) {
                (Truth::False, Some(unknown)) => {
                    let unknown = doubt(unknown);
                    let uncapped = reach.uncapped(document, policy, Err(&unknown));
                    (document.unknown(unknown, span), uncapped)
                }
                (Truth::False, None) if written != rules.len() => (absent, absent),
                _ => {
                    let uncapped = reach.uncapped(document, policy, Ok(&caps));
                    (caps.write(document, span), uncapped)
                }
            };
            let found = [
                reach.actions(document, policy),
                reach.expirations(document, policy, wanted),
                reach.deployed(document, policy, wanted),
            ];
            let [actions, expirations, deployed] = found.map(|found| match hidden {
                // A rule that cannot be read may be one more.
                Some(unknown) if found.is_empty() => document.unknown(doubt(unknown), span),
                _ => document.array(&found, span),
            });
            let [idle, few_for_index] = of_images(document, policy, &reach, wanted.held);
            return ReachFacts {
                caps_tagged,
                uncapped,
                actions,
                expirations: asked(!wanted.protected.is_empty(), expirations),
                deployed: asked(!wanted.uses.is_empty(), deployed),
                idle,
                few_for_index,
            };
        }
    };
    let unknown = document.unknown(unknown, span);
    let of_images = asked(wanted.held.is_some(), unknown);
    ReachFacts {
        expirations: asked(!wanted.protected.is_empty(), unknown),
        deployed: asked(!wanted.uses.is_empty(), unknown),
        idle: of_images,
        few_for_index: of_images,
        ..ReachFacts::all(unknown)
    }
}

/// Which rules are about none of the images, and which count few of those that one push made.
fn of_images(
    document: &mut Document,
    policy: Value<'_>,
    reach: &RuleReach<'_, '_>,
    held: Option<&LiveImages>,
) -> [NodeId; 2] {
    let span = policy.span();
    match held.map(|held| &held.images) {
        Some(Ok(images)) => {
            let idle = reach.idle(document, policy, images);
            let few = reach.few_for_index(document, images);
            [idle, few].map(|found| document.array(&found, span))
        }
        Some(Err(reason)) => {
            let unknown = document.unknown(Unknown::because(reason.as_str()), span);
            [unknown, unknown]
        }
        None => [document.absent(span); 2],
    }
}

/// The policy's list of rules, as it is written.
fn list(document: &mut Document, policy: Value<'_>) -> NodeId {
    match policy.data() {
        Data::Unknown(unknown) => {
            let unknown = doubt(unknown);
            document.unknown(unknown, policy.span())
        }
        _ => match policy.get(keys::RULES) {
            Some(rules) => rules.id(),
            None => document.absent(policy.span()),
        },
    }
}

/// Whether there is a policy: one without rules and an empty text do nothing and count as none, one that
/// cannot be read is there all the same, whatever it says.
fn present(document: &mut Document, policy: Value<'_>) -> NodeId {
    let span = policy.span();
    let present = match policy.data() {
        Data::Unknown(unknown) if unknown.maybe_absent => {
            return document.unknown(doubt(unknown), span);
        }
        Data::Absent | Data::Null => false,
        Data::Object => match policy.get(keys::RULES).map(Value::data) {
            None | Some(Data::Absent | Data::Null) => false,
            Some(Data::Array) => policy
                .get(keys::RULES)
                .is_some_and(|it| it.items().len() > 0),
            Some(_) => true,
        },
        Data::String(text) => !text.trim().is_empty(),
        _ => true,
    };
    document.bool(present, span)
}
