//! Documents beside that of the repository.

use super::super::row::RootRow;
use super::super::shape::ValueShape::*;
use super::super::shape::*;
use crate::model::members;

/// What rules can ask about besides `$.repository`.
pub const ROOTS: &[RootRow] = &[
    RootRow {
        name: "declared",
        about: "What is declared for the repository; not there when nothing \
                is.",
        shape: Map(&[
            text(members::BASE.name(), "Base name.").always(),
            text(
                members::ENVIRONMENT.name(),
                "The environment that it is deployed to.",
            ),
            flag("use_kms_key", "Whether a customer-managed key is wanted."),
            member(
                "images_retained",
                "How many of the newest images are kept; not there when all \
                 are.",
                WholeFrom(0),
            ),
            flag(
                "shareable_with_all_envs",
                "Whether every environment's account may pull.",
            ),
        ]),
    },
    RootRow {
        name: "registry",
        about: "Scanning of the registry; not there when nothing says.",
        shape: Map(&[
            text("scan_type", "`BASIC` or `ENHANCED`."),
            listed(
                "rules",
                "Scanning rules.",
                "A rule.",
                &[
                    text(
                        members::FREQUENCY.name(),
                        "`SCAN_ON_PUSH` or `CONTINUOUS_SCAN`.",
                    ),
                    listed(
                        members::FILTERS.name(),
                        "Which repositories.",
                        "A filter.",
                        &[
                            text(
                                members::FILTER.name(),
                                "Part of a name, or a pattern with `*`.",
                            ),
                            text(members::FILTER_TYPE.name(), "`WILDCARD`."),
                        ],
                    ),
                ],
            ),
        ]),
    },
    RootRow {
        name: "organisation",
        about: "The organisation's standard; not there when none is \
                configured.",
        shape: Map(&[
            text("prefix", "First part of every name."),
            text("app", "Second part of every name."),
            listed(
                "environments",
                "Accounts that are deployed to.",
                "An environment.",
                &[
                    text("name", "Its name.").always(),
                    text("account", "Account id.").always(),
                    text("region", "Region, where one is fixed."),
                ],
            ),
            texts("trusted_accounts", "Other accounts that may read."),
            flag(
                members::DECLARES_REPOSITORIES.name(),
                "Whether the organisation says which repositories there are.",
            ),
        ]),
    },
    RootRow {
        name: "settings",
        about: "Settings of the rule that asks.",
        shape: Anything,
    },
];
