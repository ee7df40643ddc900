//! What kind of entity it is, where it lives and what made it; and what became of a declaration.

use super::super::fact::FactName;
use super::super::row::{FactKinds, FactRow};
use super::super::shape::ValueShape::*;
use super::super::shape::*;
use super::super::{declared, naming};
use super::shared::PROBLEM;
use crate::model::members;

/// Where it is.
pub(super) const ROWS: &[FactRow] = &[
    FactRow {
        fact: FactName::Kind,
        name: "kind",
        kinds: FactKinds::ALL,
        about: "Which registry it lives in; or what it is in the place of a \
                repository: the registry itself with its policy, a template \
                for repositories that ECR creates, principals and event \
                rules without a repository, a resource of a template that \
                CloudFormation refuses, or a declaration. These are judged \
                by rules whose `when` asks for their word only, and most \
                members are not there.",
        shape: Word(&[
            "private",
            "public",
            "registry",
            "creation-template",
            "principals",
            "resource",
            "declaration",
            "removed",
        ]),
        compute: |facts| Some(facts.text(facts.entity.kind().as_str())),
    },
    FactRow {
        fact: FactName::Account,
        name: "account",
        kinds: FactKinds::ALL,
        about: "Account id of twelve digits.",
        shape: Text,
        compute: |facts| Some(facts.optional(facts.entity.subject.account.as_deref())),
    },
    FactRow {
        fact: FactName::Region,
        name: "region",
        kinds: FactKinds::ALL,
        about: "Region, such as `eu-west-1`.",
        shape: Text,
        compute: |facts| Some(facts.optional(facts.entity.subject.region.as_deref())),
    },
    FactRow {
        fact: FactName::Partition,
        name: "partition",
        kinds: FactKinds::ALL,
        about: "Partition that the region belongs to, such as `aws`.",
        shape: Text,
        compute: |facts| Some(facts.optional(facts.entity.partition())),
    },
    FactRow {
        fact: FactName::Environment,
        name: "environment",
        kinds: FactKinds::ALL,
        about: "The organisation's environment that it is deployed to, \
                whether or not it is declared.",
        shape: Text,
        compute: |facts| Some(facts.optional(facts.scope.environment.map(|it| it.name.as_str()))),
    },
    FactRow {
        fact: FactName::Stack,
        name: "stack",
        kinds: FactKinds::ALL,
        about: "Name of the stack.",
        shape: Text,
        compute: |facts| Some(facts.optional(facts.entity.subject.stack.as_deref())),
    },
    FactRow {
        fact: FactName::LogicalId,
        name: "logical_id",
        kinds: FactKinds::ALL,
        about: "Logical id in the template.",
        shape: Text,
        compute: |facts| Some(facts.optional(facts.entity.subject.logical_id.as_deref())),
    },
    FactRow {
        fact: FactName::ConstructPath,
        name: "construct_path",
        kinds: FactKinds::ALL,
        about: "Path of the construct in its CDK application.",
        shape: Text,
        compute: |facts| Some(facts.optional(facts.entity.subject.construct_path.as_deref())),
    },
    FactRow {
        fact: FactName::ToolOwned,
        name: "tool_owned",
        kinds: FactKinds::ALL,
        about: "Whether a deployment tool made the repository for its own \
                use.",
        shape: Flag,
        compute: |facts| {
            let place = facts.entity.place;
            Some(facts.document.bool(facts.tool_owned, place))
        },
    },
    FactRow {
        fact: FactName::TemplateProblems,
        name: "template_problems",
        kinds: FactKinds::ALL,
        about: "What CloudFormation refuses in the template, each as a \
                clause that stands by itself.",
        shape: Several(&PROBLEM),
        compute: |facts| Some(facts.entity.refused),
    },
    FactRow {
        fact: FactName::Built,
        name: "built",
        kinds: FactKinds::DECLARATIONS,
        about: "Of a declaration: whether the declared repository is in the \
                inputs.",
        shape: Flag,
        compute: |facts| {
            Some(declared::built(
                facts.document,
                facts.scope.fate,
                facts.entity.place,
            ))
        },
    },
    FactRow {
        fact: FactName::DeclarationProblems,
        name: "declaration_problems",
        kinds: FactKinds::DECLARATIONS,
        about: "Of a declaration: what is wrong with it.",
        shape: Each(
            "A mistake, at its place.",
            &[
                text(members::PROBLEM.name(), "What is wrong."),
                text("advice", "What to do."),
                text(
                    members::MEANT_KEY.name(),
                    "The key that was meant, where that is plain.",
                ),
                member(
                    "instead",
                    "The value that was meant, where that is plain.",
                    Either(&["boolean", "integer"]),
                ),
            ],
        ),
        compute: |facts| {
            Some(declared::problems(
                facts.document,
                facts.scope.fate,
                facts.entity.place,
            ))
        },
    },
    FactRow {
        fact: FactName::ResourceId,
        name: "resource_id",
        kinds: FactKinds::DECLARATIONS,
        about: "Of a declaration: a logical id for the repository.",
        shape: Text,
        compute: |facts| {
            let name = facts.entity.subject.name.as_deref();
            Some(facts.optional(name.and_then(naming::logical_id).as_deref()))
        },
    },
];
