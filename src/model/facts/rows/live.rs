//! What deploying would change in a live repository.

use super::super::fact::FactName;
use super::super::live;
use super::super::row::{FactKinds, FactRow};
use super::super::shape::ValueShape::*;
use super::super::shape::*;
use crate::model::members;

/// The live counterpart.
pub(super) const ROWS: &[FactRow] = &[FactRow {
    fact: FactName::Live,
    name: "live",
    kinds: FactKinds::COMPARED,
    about: "What deploying would change in the live repository; there \
            only where a snapshot is given to compare with.",
    shape: Map(&[
        flag("found", "Whether the snapshot has the repository."),
        listed(
            "drift",
            "What differs in its meaning.",
            "A change.",
            &[
                flag("changes", "True, or not known."),
                text(
                    "change",
                    "What deploying does, such as `switches scanning off`.",
                ),
                text(members::LIVE.name(), "Stands at the place in the snapshot."),
            ],
        ),
        listed(
            members::EXPIRATIONS.name(),
            "Images that expire once it is deployed, and are kept now; \
             not there without a snapshot that has images, nor where ECR \
             refuses the policy.",
            "Some images.",
            &[
                flag("expires", "True, or not known."),
                text(
                    "what",
                    "How many, how large, and the names of a few, such as \"41 \
                     images (12 GB) that are kept now, among them `v1.4.2`\".",
                ),
            ],
        ),
        listed(
            "loss",
            "What CloudFormation can only do by replacing or deleting \
             the repository.",
            "A reason to lose it.",
            &[
                flag("lost", "Whether it holds images that are lost then."),
                text(members::PROBLEM.name(), "What changes."),
                text(members::LIVE.name(), "Stands at the place in the snapshot."),
                text("name", "The live name, where that changes."),
                text(
                    "encryption_type",
                    "The live type, where the encryption changes.",
                ),
                text(
                    "key",
                    "The live key of a customer, where the encryption changes.",
                ),
                text(
                    members::LOGICAL_ID.name(),
                    "The live logical id, where that changes.",
                ),
            ],
        ),
    ]),
    compute: |facts| {
        let live = facts.scope.live.as_ref()?;
        let ours = facts.compared();
        Some(live::describe(facts.document, facts.entity, ours, live))
    },
}];
