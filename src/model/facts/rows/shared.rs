//! What several facts have in common.

use super::super::shape::ValueShape::*;
use super::super::shape::*;
use crate::model::members;

/// `$defs.problem` of the schema.
pub(super) const PROBLEM: SharedRow = SharedRow {
    name: "problem",
    about: "Something that AWS refuses, at its place.",
    shape: Map(&[
        text(members::PROBLEM.name(), "What is wrong.").always(),
        text(
            "instead",
            "What is right at this place, where that is certain; of a \
             lifecycle policy all of its text.",
        ),
        text(
            "substituted",
            "The same as a text for `Fn::Sub`, where functions have to \
             be in it.",
        ),
        text(
            "surplus",
            "The logical id of a resource, or a field of a pattern, that \
             is one too many.",
        ),
        text(
            "resource",
            "What the resource of the statement has to be, where nothing \
             else is given on it.",
        ),
        texts(
            members::ACTIONS.name(),
            "The actions of the statement by their names, in place of a \
             pattern.",
        ),
        text(
            members::MEANT_KEY.name(),
            "The key that was meant in place of the one that is written.",
        ),
        text(
            "harmless",
            "The same key, where only the case of its letters is wrong, \
             and to write it right lets nobody in, deletes nothing and \
             replaces nothing.",
        ),
        text(
            "written",
            "The text or key that is written, where `key` or `instead` \
             is told; of a list of tags, its entries in words.",
        ),
        text(
            "repository",
            "The logical id of the repository whose ARN is meant, where \
             it is one of the template.",
        ),
        place(
            members::NAMED.name(),
            "Where the other one of two with one name is named.",
        ),
        text("advice", "What to know besides."),
        text(
            "policy",
            "A lifecycle policy that belongs one level deeper.",
        ),
        text("wants_name", "The field that wants the repository's name."),
        text("wants_arn", "The field that wants the repository's ARN."),
        text("enabled", "Whether a key has to be enabled."),
        text("leaving", "Whether a key is going to be deleted."),
        text("spec", "The spec that ECR needs."),
        text("usage", "The usage that ECR needs."),
        flag("is_arn", "Whether the repository's ARN is expected."),
        flag("is_name", "Whether the repository's name is expected."),
        flag("is_key_arn", "Whether the ARN of its key is expected."),
        text(
            "says",
            "Of a lifecycle policy: a part of what ECR says of it, where \
             that is documented.",
        ),
    ]),
};

/// `$defs.cause` of the schema.
pub(super) const CAUSE: SharedRow = SharedRow {
    name: "cause",
    about: "A value that decides in place of another.",
    shape: Map(&[
        text(
            members::OF.name(),
            "Path of the value that it decides in place of.",
        )
        .always(),
        text(
            members::TEXT.name(),
            "What decides, in words; its place is that of the value.",
        )
        .always(),
        text(
            "remedy",
            "What to do there, in words, where a setting of the \
             repository itself does not help.",
        ),
        place(
            members::NAMED.name(),
            "Where that is named which makes it matter, if it is.",
        ),
    ]),
};

/// `$defs.denial` of the schema.
pub(super) const DENIAL: SharedRow = SharedRow {
    name: "denial",
    about: "A `Deny` that takes back something of what is missing, at \
            its statement.",
    shape: Map(&[
        text(members::TEXT.name(), "What it does, in words."),
        text(
            members::ACTIONS.name(),
            "The actions that it takes back, in words.",
        ),
        text("rest", "What is missing besides, in words."),
    ]),
};

/// `$defs.element` of the schema.
pub(super) const ELEMENT: SharedRow = SharedRow {
    name: "element",
    about: "An element of a statement by its names.",
    shape: Map(&[
        text("policy", "In a policy."),
        text(
            "typescript",
            "As a property of `iam.PolicyStatement` in TypeScript.",
        ),
        text("python", "The same in Python."),
    ]),
};

/// An account of the organisation.
const SHARED_ACCOUNT: MemberRow =
    text(members::ACCOUNT.name(), "Account id of twelve digits.").always();
/// What the account is for.
const SHARED_ENVIRONMENT: MemberRow = text(
    members::ENVIRONMENT.name(),
    "The environment that it serves.",
)
.always();
/// What the account lacks, or gets too much.
const SHARED_ACTIONS: MemberRow = text(
    members::ACTIONS.name(),
    "Patterns or actions, each in backticks.",
)
.always();

/// `$defs.sharing` of the schema.
pub(super) const SHARING: SharedRow = SharedRow {
    name: "sharing",
    about: "What the accounts of the organisation's environments get, \
            all statements together; not there without an organisation.",
    shape: Map(&[
        listed(
            "missing",
            "Accounts that lack some of the patterns which sharing gives.",
            "An account.",
            &[
                SHARED_ACCOUNT,
                SHARED_ENVIRONMENT,
                SHARED_ACTIONS,
                like(
                    members::CAUSE.name(),
                    "The `Deny` that takes it back, where there is one.",
                    &DENIAL,
                ),
                texts(
                    "patterns",
                    "The missing patterns as a list, where a statement more \
                     gives them.",
                ),
            ],
        )
        .always(),
        listed(
            "excess",
            "Accounts that get more than these patterns.",
            "An account.",
            &[
                SHARED_ACCOUNT,
                SHARED_ENVIRONMENT,
                SHARED_ACTIONS,
                member(
                    "remaining",
                    "The actions of the statement that gives all of them, \
                     without them.",
                    List("An action.", &Text),
                ),
            ],
        )
        .always(),
    ]),
};

/// `$defs.access` of the schema.
pub(super) const ACCESS: SharedRow = SharedRow {
    name: "access",
    about: "What one principal of an allowing statement gets.",
    shape: Map(&[
        word(
            members::CLASS.name(),
            "The widest group of callers that is let in.",
            &[
                "public",
                "network",
                "organisation",
                "organisational-unit",
                "named-accounts",
                "same-account",
                "service",
                "nobody",
            ],
        ),
        anything(members::PRINCIPAL.name(), "The principal as it is written."),
        text(
            members::WHO.name(),
            "Those who are let in, as part of a sentence: `organisation` \
             with its id in place of `*`.",
        ),
        text(
            members::ACCOUNT.name(),
            "The account of a principal that has one.",
        ),
        text("partition", "The partition of a principal's ARN."),
        flag("public", "Whether principals of any account are let in."),
        flag(
            members::CROSS_ACCOUNT.name(),
            "Whether a principal of another account is let in.",
        ),
        listed(
            "accounts",
            "Accounts that the policy names and lets in, the owner's own \
             aside.",
            "An account.",
            &[
                text(members::ACCOUNT.name(), "Account id of twelve digits."),
                flag("listed", "Whether the organisation knows the account."),
                place(
                    members::NAMED.name(),
                    "Where a condition names the account, and the principal does \
                     not.",
                ),
                flag("trusted", "Whether it is one of `trusted_accounts`."),
            ],
        ),
        flag(
            "bound",
            "Whether a service is tied to somebody for whom it acts.",
        ),
        flag(
            "write",
            "Whether something can be changed; in a registry policy, \
             more than replication and caches need.",
        ),
        several(members::ACTIONS.name(), "What is given.", &ACTION),
        several(
            members::DENIED.name(),
            "What is given by the statement and taken back by a `Deny`.",
            &ACTION,
        ),
        anything("sid", "The statement's `Sid`."),
        flag(
            "functions",
            "Whether it is the service that pulls images for Lambda \
             functions.",
        ),
        place(
            members::NAMED.name(),
            "Where a condition names those who are let in, and the \
             principal does not.",
        ),
        like(
            "not_principal",
            "`NotPrincipal`, where the statement has it in place of \
             `Principal`.",
            &ELEMENT,
        ),
        like(
            "not_action",
            "`NotAction`, where the statement has it in place of \
             `Action`.",
            &ELEMENT,
        ),
    ]),
};

/// `$defs.action` of the schema.
pub(super) const ACTION: SharedRow = SharedRow {
    name: "action",
    about: "An action.",
    shape: Map(&[
        text(members::ACTION.name(), "Name with prefix.").always(),
        word(
            "level",
            "What it does.",
            &["read", "list", "write", "tagging", "permissions"],
        )
        .always(),
    ]),
};
