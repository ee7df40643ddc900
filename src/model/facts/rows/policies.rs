//! Who may do what.

use super::super::fact::FactName;
use super::super::identities;
use super::super::row::{FactKinds, FactRow};
use super::super::shape::ValueShape::*;
use super::super::shape::*;
use super::shared::{ACCESS, DENIAL, ELEMENT, PROBLEM, SHARING};
use crate::model::members;
use crate::model::policy::Guarded;

/// What somebody lacks of a pull and of a push, whoever it is.
const PULL_MISSING: MemberRow = text(
    members::PULL_MISSING.name(),
    "What it lacks to pull, where it has part of that.",
);
const PUSH_MISSING: MemberRow = text(
    members::PUSH_MISSING.name(),
    "What it lacks to push, where it has part of that.",
);
const PULL_ACTIONS: MemberRow = texts(
    members::PULL_ACTIONS.name(),
    "What it lacks to pull, as a list.",
);
const PUSH_ACTIONS: MemberRow = texts(
    members::PUSH_ACTIONS.name(),
    "What it lacks to push, as a list.",
);
const TAKEN_BACK: MemberRow = like(
    members::CAUSE.name(),
    "The `Deny` that takes it back, where there is one.",
    &DENIAL,
);

/// Policies.
pub(super) const ROWS: &[FactRow] = &[
    FactRow {
        fact: FactName::Policy,
        name: "policy",
        kinds: FactKinds::POLICIES,
        about: "The policy that says who may use it: that of the \
                repository, or of the registry.",
        shape: Map(&[
            anything(
                "document",
                "The policy as it is written, where ECR takes it.",
            ),
            member(
                "statements",
                "Its statements, as IAM reads them.",
                Each(
                    "A statement.",
                    &[
                        text(members::EFFECT.name(), "`Allow` or `Deny`."),
                        anything("sid", "Its `Sid`."),
                        member(
                            members::ACTIONS.name(),
                            "Its patterns of actions.",
                            Each(
                                "A pattern.",
                                &[
                                    text(members::PATTERN.name(), "The pattern as it is written."),
                                    flag("wildcard", "Whether it has a `*` or `?`."),
                                    flag(
                                        "writes",
                                        "Whether it is about an action that changes \
                                          something, and that the policy does not deny \
                                          to everybody.",
                                    ),
                                    flag(
                                        "registry_level",
                                        "Whether it is about actions only that no \
                                          policy of a repository can give.",
                                    ),
                                    like(
                                        "not_action",
                                        "`NotAction`, where the statement has it in place of `Action`.",
                                        &ELEMENT,
                                    ),
                                ],
                            ),
                        ),
                        member(
                            "principals",
                            "Its principals.",
                            Each(
                                "A principal.",
                                &[
                                    anything(
                                        members::PRINCIPAL.name(),
                                        "The principal as it is written.",
                                    ),
                                    text("rest", "Its ARN without `arn:` and the partition."),
                                    text("partition", "The partition of its ARN."),
                                    text(
                                        "partition_conflict",
                                        "Why the partition cannot be right, as a clause.",
                                    ),
                                ],
                            ),
                        ),
                        member(
                            "conditions",
                            "Its conditions.",
                            Each(
                                "A condition.",
                                &[
                                    text("operator", "The operator as it is written."),
                                    text("key", "The condition key."),
                                    anything("values", "The values."),
                                    text(
                                        "organisation",
                                        "The organisation that is meant by the values.",
                                    ),
                                    text("meant_operator", "The operator that was meant."),
                                    text(
                                        members::PROBLEM.name(),
                                        "Why it does not keep callers of other \
                                          organisations out, as a clause.",
                                    ),
                                ],
                            ),
                        ),
                        map(
                            "resource",
                            "`Resource` or `NotResource`, which a policy of a repository does not need.",
                            &[
                                text("everything", "`*`, where it is every resource."),
                                anything("value", "The element as it is written."),
                                like(
                                    "not_resource",
                                    "`NotResource`, where the statement has it.",
                                    &ELEMENT,
                                ),
                            ],
                        ),
                    ],
                ),
            ),
            several(members::PROBLEMS.name(), "What ECR refuses.", &PROBLEM),
        ]),
        compute: |facts| Some(facts.policies()?.policy),
    },
    FactRow {
        fact: FactName::Access,
        name: "access",
        kinds: FactKinds::POLICIES,
        about: "Who may do what by the repository policy: one entry for \
                each allowing statement and principal.",
        shape: Several(&ACCESS),
        compute: |facts| Some(facts.policies()?.access),
    },
    FactRow {
        fact: FactName::Sharing,
        name: "sharing",
        kinds: FactKinds::SETTINGS,
        about: "What the accounts of the organisation's environments get by \
                the repository policy, all statements together; not there \
                without an organisation.",
        shape: Like(&SHARING),
        compute: |facts| Some(facts.policies()?.sharing),
    },
    FactRow {
        fact: FactName::Grants,
        name: "grants",
        kinds: FactKinds::SETTINGS,
        about: "What other accounts and principals lack by the repository's \
                policy.",
        shape: Each(
            "An account or principal.",
            &[
                text(
                    members::WHO.name(),
                    "Account id, or the principal as it is written.",
                )
                .always(),
                text(members::FROM.name(), "The repository, in words."),
                PULL_MISSING,
                TAKEN_BACK,
                PUSH_MISSING,
                PULL_ACTIONS,
                PUSH_ACTIONS,
            ],
        ),
        compute: |facts| Some(facts.policies()?.grants),
    },
    FactRow {
        fact: FactName::Identities,
        name: "identities",
        kinds: FactKinds::PRINCIPALS,
        about: "Where principals are judged: what a role, user or group of \
                a template is given by all of its policies that are about \
                ECR, in each place in which it lacks something, or in one.",
        shape: Each(
            "A role, user or group.",
            &[
                text(members::WHO.name(), "Its logical id."),
                text(
                    "iam_id",
                    "Its logical id, where it is a role, user or group of IAM.",
                ),
                text(
                    "sam_id",
                    "Its logical id, where SAM makes a role of its policies.",
                ),
                text(
                    members::FROM.name(),
                    "What it may pull from or push to, in words: a repository of \
                     the template, or the resource of a statement. There is one \
                     entry for each of those; what is lacked in several \
                     repositories alike has one.",
                ),
                PULL_MISSING,
                TAKEN_BACK,
                PUSH_MISSING,
                place(
                    members::STATEMENT.name(),
                    "The only statement that gives part of what it lacks to pull \
                     or to push: a finding stands there.",
                ),
                PULL_ACTIONS,
                PUSH_ACTIONS,
                flag(
                    "token_missing",
                    "Whether it may pull or push, but not get a token.",
                ),
                text(
                    "repository",
                    "The logical id of the repository that `resource` is the ARN \
                     of, where it is one of the template.",
                ),
                text(
                    "substituted",
                    "`resource` as a text for `Fn::Sub`, where functions have to \
                     be in it.",
                ),
                text("resource", "What a statement names to be about the place."),
                text(
                    "gallery_missing",
                    "What it lacks for a token of the public gallery, where it \
                     has part of that.",
                ),
                several(
                    "scoped_tokens",
                    "Tokens that are given on something else than `*`. Only in \
                     the first entry, as everything below.",
                    &PROBLEM,
                ),
                several(
                    "misdirected",
                    "Resources of statements about repositories that are the ARN \
                     of none, each with the reason.",
                    &PROBLEM,
                ),
                several(
                    "unlimited",
                    "Patterns of actions that write, on every repository of some \
                     registry.",
                    &PROBLEM,
                ),
            ],
        ),
        compute: |facts| {
            let entity = facts.entity;
            let (document, owners, scope) = facts.owned();
            let owner = owners.owner(Guarded::Repository);
            Some(identities::describe(document, entity, &owner, scope.names))
        },
    },
];
