//! What the name of a repository is worth.

use super::super::fact::FactName;
use super::super::naming;
use super::super::row::{FactKinds, FactRow};
use super::super::shape::ValueShape::*;
use super::super::shape::*;
use super::shared::PROBLEM;
use crate::model::members;

/// Names.
pub(super) const ROWS: &[FactRow] = &[
    FactRow {
        fact: FactName::Name,
        name: "name",
        kinds: FactKinds::ALL,
        about: "Its name; not there when CloudFormation makes one up.",
        shape: Text,
        compute: |facts| {
            let Some(repository) = facts.entity.repository() else {
                return Some(facts.optional(facts.entity.subject.name.as_deref()));
            };
            Some(repository.own.settings.name)
        },
    },
    FactRow {
        fact: FactName::NameGenerated,
        name: "name_generated",
        kinds: FactKinds::REPOSITORIES,
        about: "Whether CloudFormation makes up the name.",
        shape: Flag,
        compute: |facts| {
            let repository = facts.entity.repository()?;
            Some(naming::generated(
                facts.document,
                repository.document.value(repository.own.settings.name),
            ))
        },
    },
    FactRow {
        fact: FactName::NameComputed,
        name: "name_computed",
        kinds: FactKinds::REPOSITORIES,
        about: "Whether parameters, conditions or the place of the stack have \
                a part in the name.",
        shape: Flag,
        compute: |facts| {
            let repository = facts.entity.repository()?;
            let name = repository.document.value(repository.own.settings.name);
            let (is_computed, span) = (name.is_computed(), name.span());
            Some(facts.document.bool(is_computed, span))
        },
    },
    FactRow {
        fact: FactName::NameProblems,
        name: "name_problems",
        kinds: FactKinds::REPOSITORIES,
        about: "What ECR refuses about the name, each as a clause that \
                follows the name.",
        shape: Several(&PROBLEM),
        compute: |facts| {
            let repository = facts.entity.repository()?;
            Some(naming::problems(facts.document, repository))
        },
    },
    FactRow {
        fact: FactName::NameExpected,
        name: "name_expected",
        kinds: FactKinds::REPOSITORIES,
        about: "The name that the organisation's standard gives to the \
                declared repository.",
        shape: Text,
        compute: |facts| {
            let span = facts.entity.given_name()?.span();
            Some(naming::expected(facts.document, facts.scope, span))
        },
    },
    FactRow {
        fact: FactName::NameSuggested,
        name: "name_suggested",
        kinds: FactKinds::REPOSITORIES,
        about: "A name that ECR and the organisation's standard take, where \
                the name is not one or another repository has it.",
        shape: Text,
        compute: |facts| {
            let repository = facts.entity.repository()?;
            Some(naming::suggested(facts.document, repository, facts.scope))
        },
    },
    FactRow {
        fact: FactName::NameAdvice,
        name: "name_advice",
        kinds: FactKinds::REPOSITORIES,
        about: "What to do about a name of which a part is filled in, in \
                words: a constant in its place would be the name of every \
                stack.",
        shape: Text,
        compute: |facts| {
            let repository = facts.entity.repository()?;
            Some(naming::advice(facts.document, repository, facts.scope))
        },
    },
    FactRow {
        fact: FactName::BaseSuggested,
        name: "base_suggested",
        kinds: FactKinds::REPOSITORIES,
        about: "The base name by which the repository can be declared.",
        shape: Text,
        compute: |facts| {
            let repository = facts.entity.repository()?;
            Some(naming::base(facts.document, repository, facts.scope))
        },
    },
    FactRow {
        fact: FactName::NameConforms,
        name: "name_conforms",
        kinds: FactKinds::REPOSITORIES,
        about: "Whether the name is `{prefix}-{app}-{base}`, with a \
                declared base name where base names are declared.",
        shape: Flag,
        compute: |facts| {
            let repository = facts.entity.repository()?;
            Some(naming::conforms(
                facts.document,
                repository.document.value(repository.own.settings.name),
                facts.scope,
            ))
        },
    },
    FactRow {
        fact: FactName::TakenAs,
        name: "taken_as",
        kinds: FactKinds::REPOSITORIES,
        about: "The declaration that is meant though the repository has \
                another name, where exactly one fits and no other repository \
                fits that one.",
        shape: Map(&[
            text("name", "The name that it wants."),
            text(members::BECAUSE.name(), "What shows that it is the one."),
        ]),
        compute: |facts| {
            let span = facts.entity.given_name()?.span();
            Some(naming::taken(facts.document, facts.scope, span))
        },
    },
    FactRow {
        fact: FactName::SameName,
        name: "same_name",
        kinds: FactKinds::REPOSITORIES,
        about: "Another repository of the run with the same account, region \
                and name, where there is any.",
        shape: Each(
            "Another repository.",
            &[
                text(members::LOGICAL_ID.name(), "Its logical id."),
                text("stack", "Its stack."),
                text(
                    "both",
                    "This repository and the other one, in words that tell them \
                     apart.",
                ),
                text(
                    "more",
                    "How many more have the name, in words that follow `are both \
                     named it`, such as `, as are 3 more`; empty where there are \
                     no more.",
                ),
            ],
        ),
        compute: |facts| {
            let repository = facts.entity.repository()?;
            Some(naming::same_name(
                facts.document,
                repository,
                facts.scope.same_name,
            ))
        },
    },
];
