//! What belongs to a repository: its parameters, event rules and tags.

use super::super::fact::FactName;
use super::super::row::{FactKinds, FactRow};
use super::super::shape::ValueShape::*;
use super::super::shape::*;
use super::super::{events, tags};
use super::shared::PROBLEM;
use crate::model::members;

/// What belongs to it.
pub(super) const ROWS: &[FactRow] = &[
    FactRow {
        fact: FactName::Parameters,
        name: "parameters",
        kinds: FactKinds::REPOSITORIES,
        about: "SSM parameters that publish the repository.",
        shape: Map(&[
            listed(
                "expected",
                "Parameters that the organisation's standard asks for.",
                "A parameter.",
                &[
                    word(
                        "kind",
                        "Which value it holds.",
                        &["arn", "name", "kms_key_arn"],
                    )
                    .always(),
                    text("name", "Its name.").always(),
                    flag("found", "Whether it is there."),
                    text("near_miss", "A parameter that was probably meant to be it."),
                    text("near_id", "The logical id of that parameter."),
                    text(
                        "value",
                        "The value that it is to have, where a template can say it.",
                    ),
                    text(members::LOGICAL_ID.name(), "A logical id for it."),
                    text(
                        members::PROBLEM.name(),
                        "What is wrong, as a clause that follows the name.",
                    ),
                    several(
                        members::PROBLEMS.name(),
                        "What is wrong with its value or type, each as a clause.",
                        &PROBLEM,
                    ),
                    flag("is_arn", "Whether it holds the repository's ARN."),
                    flag("is_name", "Whether it holds the repository's name."),
                    flag("is_key_arn", "Whether it holds the ARN of its key."),
                ],
            ),
            listed(
                "found",
                "Parameters of the template that belong to the repository, \
                 or are named as if they did.",
                "A parameter.",
                &[
                    text("name", "Its name."),
                    text("type", "`String`, `StringList` or `SecureString`."),
                    word(
                        "holds",
                        "Which value of the repository it holds.",
                        &["arn", "name", "uri", "kms_key_arn"],
                    ),
                ],
            ),
            several(
                "unexpected",
                "Parameters of a key that is not there, and near misses of \
                 expected names, each as a clause; not there without an \
                 organisation.",
                &PROBLEM,
            ),
            several(
                "duplicates",
                "Names that two parameters of the template have, each as a \
                 clause.",
                &PROBLEM,
            ),
            several(
                "name_problems",
                "Names that Systems Manager refuses, each as a clause.",
                &PROBLEM,
            ),
        ]),
        compute: |facts| facts.parameters(),
    },
    FactRow {
        fact: FactName::EventRules,
        name: "event_rules",
        kinds: FactKinds::WATCHED,
        about: "Rules of EventBridge in the template whose patterns may be \
                about the repository.",
        shape: Each(
            "A rule.",
            &[
                text(members::LOGICAL_ID.name(), "Its logical id."),
                flag("enabled", "Whether it is enabled."),
                flag("has_target", "Whether it has a target."),
                flag(
                    "sees_finished_scans",
                    "Whether it matches an event that says that a scan of the \
                     repository is finished.",
                ),
                flag(
                    "waits_for_scans",
                    "Whether such events are all that it matches of what ECR \
                     sends about the repository.",
                ),
                flag(
                    "names_repositories",
                    "Whether it asks for certain repositories.",
                ),
                text(
                    "idle",
                    "Why it does nothing, as a clause that follows the rule's \
                     name.",
                ),
                several(
                    members::PROBLEMS.name(),
                    "What keeps its pattern from matching anything.",
                    &PROBLEM,
                ),
                flag("disabled", "Whether that is because it is disabled."),
                place(members::CAUSE.name(), "Where it is disabled, if it is."),
            ],
        ),
        compute: |facts| Some(events::describe(facts.document, facts.entity, facts.scope)),
    },
    FactRow {
        fact: FactName::Tags,
        name: "tags",
        kinds: FactKinds::SETTINGS,
        about: "Tags, those of the stack included.",
        shape: Each(
            "A tag.",
            &[
                text(members::TAG_KEY.name(), "Key."),
                text(members::TAG_VALUE.name(), "Value."),
            ],
        ),
        compute: |facts| Some(facts.entity.settings()?.own.tags),
    },
    FactRow {
        fact: FactName::MissingTags,
        name: "missing_tags",
        kinds: FactKinds::REPOSITORIES,
        about: "Required tags that are missing or have another value than \
                allowed.",
        shape: Each(
            "A tag.",
            &[
                text("key", "The required key.").always(),
                text(
                    "expected",
                    "The value that is expected, where there is one.",
                ),
                text(
                    "wanted",
                    "What a right value is, in words, where not every one is.",
                ),
                text(
                    "instead",
                    "The value that has to stand there, where the tag is there \
                     and only one is right.",
                ),
                text(
                    "add",
                    "The value to add the tag with, where it is not there: the \
                     one that is right, or the key in angle brackets where any \
                     is.",
                ),
                text(
                    members::PROBLEM.name(),
                    "What is wrong, as a clause that follows the repository's \
                     name.",
                )
                .always(),
            ],
        ),
        compute: |facts| {
            let settings = facts.entity.settings()?;
            Some(tags::missing(facts.document, settings, facts.scope))
        },
    },
];
