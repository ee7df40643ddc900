//! The resources that have policies of IAM, and where each kind keeps them.
//! It does not know what a policy gives.

use super::{permission_set, serverless};
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::resources::boundary::{self, BOUNDARY};
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::{Resource, Template};
use crate::model::{Document, InlineForm, NodeId};
use crate::source::{Node, Tree};

/// How a resource is given policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PrincipalForm {
    /// A role, user or group.
    Iam,
    /// A function or state machine of SAM, which makes a role of the policies that stand in it.
    Serverless,
    /// A permission set of IAM Identity Center, of which a role is made in each account that it is assigned in.
    PermissionSet,
}

impl PrincipalForm {
    /// That of a resource; `None` where it has no policies, or is one.
    pub(super) fn of(resource: &Resource<'_>) -> Option<Self> {
        match resource.kind {
            ResourceKind::IamPrincipal => Some(Self::Iam),
            ResourceKind::Serverless => Some(Self::Serverless),
            ResourceKind::PermissionSet => Some(Self::PermissionSet),
            _ => None,
        }
    }

    /// What holds all that it says of its policies.
    pub(super) fn policies<'t>(self, resource: &Resource<'t>) -> Option<Node<'t>> {
        match self {
            Self::Iam | Self::PermissionSet => Some(resource.node),
            Self::Serverless => resource.written("Policies"),
        }
    }

    /// Whether it may refer to a policy, which then counts with it.
    pub(super) fn refers(
        self,
        template: &Template<'_>,
        resource: &Resource<'_>,
        refers: impl Fn(Node<'_>) -> bool,
    ) -> bool {
        if self == Self::Serverless {
            let boundary = serverless::written(template, resource, BOUNDARY);
            return self.policies(resource).is_some_and(&refers) || boundary.is_some_and(&refers);
        }
        refers(resource.node)
    }

    /// How another policy is written into it.
    pub(super) fn inline(self) -> InlineForm {
        match self {
            Self::Iam => InlineForm::Named,
            Self::Serverless => InlineForm::Bare,
            Self::PermissionSet => InlineForm::Elsewhere,
        }
    }

    /// Who may assume the role, and its permissions boundary.
    pub(super) fn limits<'t>(
        self,
        evaluator: &Evaluator<'t, '_>,
        resource: &Resource<'t>,
        document: &mut Document,
        embedded: &mut Tree,
    ) -> (Option<NodeId>, Option<NodeId>) {
        let properties = evaluator.properties(resource);
        let (trust, boundary) = match self {
            Self::Iam => {
                let trust = evaluator.inside(&properties, "AssumeRolePolicyDocument");
                (
                    Some(evaluator.write_policy(document, trust, embedded)),
                    evaluator.inside(&properties, BOUNDARY),
                )
            }
            Self::Serverless => (
                Some(serverless::trust(evaluator, resource, document, embedded)),
                serverless::setting(evaluator, resource, BOUNDARY),
            ),
            Self::PermissionSet => (None, permission_set::boundary(evaluator, resource)),
        };
        let boundary = boundary::write(evaluator, resource, boundary, document, embedded);
        (trust, boundary)
    }
}
