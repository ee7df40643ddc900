//! How a repository is set up, and what comes of it.

use super::super::fact::FactName;
use super::super::row::{FactKinds, FactRow};
use super::super::shape::ValueShape::*;
use super::super::shape::*;
use super::super::{causes, key, mutability};
use super::shared::{ACCESS, CAUSE, PROBLEM, SHARING};
use crate::model::members;
use crate::model::policy::Guarded;

/// Settings.
pub(super) const ROWS: &[FactRow] = &[
    FactRow {
        fact: FactName::Scanning,
        name: "scanning",
        kinds: FactKinds::REPOSITORIES,
        about: "Whether images are scanned.",
        shape: Map(&[
            flag("on_push", "The repository's own flag."),
            flag(
                "effective",
                "Whether images are scanned, by the registry's rules where \
                 these are known.",
            ),
            word(
                "decided_by",
                "Whose setting decided.",
                &["repository", "registry"],
            )
            .always(),
        ]),
        compute: |facts| Some(facts.scanning()?.node),
    },
    FactRow {
        fact: FactName::Causes,
        name: "causes",
        kinds: FactKinds::REPOSITORIES,
        about: "Values that decide in place of others which seem to.",
        shape: Map(&[
            like(
                "scanning",
                "What keeps the registry from scanning it, in place of `scanning.on_push`.",
                &CAUSE,
            ),
            like(
                "mutability",
                "The exclusion filter that takes out release tags, in place \
                 of `tag_mutability`; or the mode, where a tag that is used \
                 can be overwritten.",
                &CAUSE,
            ),
            like(
                "encryption",
                "The type of encryption that uses no key, in place of `encryption.key`.",
                &CAUSE,
            ),
        ]),
        compute: |facts| {
            let repository = facts.entity.repository()?;
            let scanning = facts.scanning()?;
            Some(causes::describe(
                facts.document,
                repository,
                facts.scope,
                scanning,
            ))
        },
    },
    FactRow {
        fact: FactName::TagMutability,
        name: "tag_mutability",
        kinds: FactKinds::SETTINGS,
        about: "`MUTABLE` (the default), `IMMUTABLE`, or one of the two \
                with `_WITH_EXCLUSION`.",
        shape: Text,
        compute: |facts| facts.mode(),
    },
    FactRow {
        fact: FactName::ExclusionFilters,
        name: "exclusion_filters",
        kinds: FactKinds::SETTINGS,
        about: "Tags for which the mode is turned round.",
        shape: Each(
            "A filter.",
            &[
                text(members::FILTER_TYPE.name(), "`WILDCARD`."),
                text(members::FILTER.name(), "Pattern with `*`."),
            ],
        ),
        compute: |facts| Some(facts.entity.settings()?.own.exclusion_filters),
    },
    FactRow {
        fact: FactName::Mutability,
        name: "mutability",
        kinds: FactKinds::SETTINGS,
        about: "What the mode and its filters amount to.",
        shape: Map(&[
            flag(
                "release_tags_mutable",
                "Whether a release tag can be overwritten: one of \
                 `protected_tags`, or a version where none is configured; or \
                 a tag that a resource of the inputs uses.",
            ),
            map(
                "advice",
                "The strictest setting that breaks nothing of the inputs.",
                &[
                    text(
                        "mode",
                        "`IMMUTABLE`, or `IMMUTABLE_WITH_EXCLUSION` where tags have \
                         to move.",
                    )
                    .always(),
                    texts(
                        "tags",
                        "Tags that have to move: those of filters that leave \
                         releases alone, and those that an event rule waits for; not \
                         there when there are none.",
                    ),
                    listed(
                        "filters",
                        "The same as exclusion filters of a template.",
                        "A filter.",
                        &[
                            text("ImageTagMutabilityExclusionFilterType", "`WILDCARD`."),
                            text(
                                "ImageTagMutabilityExclusionFilterValue",
                                "Pattern with `*`.",
                            ),
                        ],
                    ),
                    text("shorthand", "The same in the shorthand of the AWS CLI."),
                    text(
                        "construct",
                        "The same as items of a list of the CDK, in TypeScript and \
                         Python alike.",
                    ),
                    text(
                        "without",
                        "The property that has to go, where filters are there and \
                         none is right.",
                    ),
                ],
            ),
            several(members::PROBLEMS.name(), "What ECR refuses.", &PROBLEM),
        ]),
        compute: |facts| {
            let settings = facts.entity.settings()?;
            Some(mutability::describe(
                facts.document,
                settings,
                facts.scope.protected_tags,
            ))
        },
    },
    FactRow {
        fact: FactName::Encryption,
        name: "encryption",
        kinds: FactKinds::SETTINGS,
        about: "What encrypts the images.",
        shape: Map(&[
            text("type", "`AES256` (the default), `KMS` or `KMS_DSSE`."),
            text("key", "Alias, id or ARN of the key."),
            word(
                "key_manager",
                "Who manages the KMS key.",
                &["none", "aws", "customer"],
            ),
            flag("key_described", "Whether the inputs describe the KMS key."),
            several(members::PROBLEMS.name(), "What ECR refuses.", &PROBLEM),
        ]),
        compute: |facts| Some(facts.encryption()?.node),
    },
    FactRow {
        fact: FactName::Key,
        name: "key",
        kinds: FactKinds::REPOSITORIES,
        about: "The KMS key; not there without one of its own, not known \
                where no input describes it.",
        shape: Map(&[
            text(
                members::LOGICAL_ID.name(),
                "Logical id of the key in the template, where it is in one.",
            ),
            flag("enabled", "Whether the key can be used."),
            flag(
                members::ROTATION.name(),
                "Whether the key rotates by itself.",
            ),
            flag(
                "rotatable",
                "Whether KMS can rotate it by itself: only symmetric keys \
                 whose material it made, in no store of one's own.",
            ),
            several(
                members::PROBLEMS.name(),
                "What keeps ECR from encrypting with it, each as a clause \
                 that follows \"the key\".",
                &PROBLEM,
            ),
            anything("policy", "The key policy as it is written."),
            several("access", "Who may do what by the key policy.", &ACCESS),
            like(
                "sharing",
                "What the accounts of the organisation's environments get by \
                 the key policy.",
                &SHARING,
            ),
        ]),
        compute: |facts| {
            let settings = facts.entity.settings()?;
            let policy = settings.own.key.as_ref().map(|key| key.policy);
            let meaning = policy.map(|policy| facts.meaning(policy, Guarded::Key));
            Some(key::describe(facts.document, settings, meaning))
        },
    },
    FactRow {
        fact: FactName::CustomRole,
        name: "custom_role",
        kinds: FactKinds::CREATION_TEMPLATES,
        about: "ARN of the role by which ECR creates repositories from the \
                template; not there where ECR takes a role of its own.",
        shape: Text,
        compute: |facts| Some(facts.entity.creation_template()?.custom_role),
    },
];
