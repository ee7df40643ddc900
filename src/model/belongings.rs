//! What belongs to repositories and is a resource of its own: keys, parameters, identities, event rules.
//! It does not know which kind of input said so.

use std::sync::Arc;

use super::{Document, NodeId, PrincipalNaming, Unknown};
use crate::source::Span;

/// A KMS key that an input describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KmsKey {
    /// Logical id in its template.
    pub logical_id: Option<String>,
    /// Where the key is declared.
    pub place: Span,
    /// String: AWS's word for the state of a key of a live account, such as `PendingDeletion`. Null: AWS says
    /// that there is no such key. Absent: no input says.
    pub state: NodeId,
    /// Boolean; absent means enabled.
    pub enabled: NodeId,
    /// Boolean; absent means off.
    pub rotation: NodeId,
    /// String: `AWS` or `CUSTOMER`. Absent: a key that a template makes, which is a customer's.
    pub manager: NodeId,
    /// String; absent means `SYMMETRIC_DEFAULT`.
    pub spec: NodeId,
    /// String; absent means `ENCRYPT_DECRYPT`.
    pub usage: NodeId,
    /// String: where the material comes from; absent means `AWS_KMS`, which made it itself.
    pub origin: NodeId,
    /// The key policy: a mapping, or a string when it is not JSON.
    pub policy: NodeId,
}

/// An SSM parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Logical id in its template.
    pub logical_id: Option<String>,
    /// Where the parameter is declared.
    pub place: Span,
    /// String.
    pub name: NodeId,
    /// String: `String`, `StringList` or `SecureString`.
    pub kind: NodeId,
    /// String.
    pub value: NodeId,
    /// Name of the condition that decides whether it exists, where that is left open.
    pub condition: Option<String>,
    /// Which value of the repository it holds, where that is certain.
    pub holds: Option<Holds>,
    /// Whether it stands for any number of parameters that nobody has compared with the repository.
    pub is_unseen: bool,
}

impl Parameter {
    /// Whatever parameters there are besides, when they were not compared with the repository for a `reason`.
    #[must_use]
    pub fn unseen(document: &mut Document, reason: &str, place: Span) -> Self {
        Self {
            is_unseen: true,
            ..Self::unknown(document, reason, place)
        }
    }

    /// A parameter of which nothing is known for a `reason`.
    #[must_use]
    pub fn unknown(document: &mut Document, reason: &str, place: Span) -> Self {
        let unknown = document.unknown(Unknown::because(reason), place);
        Self {
            logical_id: None,
            place,
            name: unknown,
            kind: unknown,
            value: unknown,
            condition: None,
            holds: None,
            is_unseen: false,
        }
    }
}

/// How another policy is written into a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InlineForm {
    /// Under `Policies`, as a name and a document: roles, users and groups of IAM.
    Named,
    /// Under `Policies`, as a document alone: functions and state machines of SAM.
    Bare,
    /// Elsewhere: the policy is judged by itself, or the principal takes one document.
    Elsewhere,
}

/// A role, user or group with its policies, or what roles are made of.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Logical id in its template.
    pub logical_id: Option<String>,
    /// Where it is declared.
    pub place: Span,
    /// Every policy that it is known to have: a mapping, or a string when it is not JSON.
    pub policies: Vec<NodeId>,
    /// Why it may have more policies.
    pub doubt: Option<String>,
    /// The permissions boundary, beyond which none of its policies gives anything: a mapping, or a string when it is
    /// not JSON.
    pub boundary: Option<NodeId>,
    /// Of a role, the policy that says who may assume it: a mapping, or a string when it is not JSON.
    pub trust: Option<NodeId>,
    /// The repositories of its template.
    pub near: Arc<Vicinity>,
    /// Why nobody compared its policies with these, where nobody did.
    pub uncompared: Option<&'static str>,
    /// How another policy is written into it.
    pub inline: InlineForm,
    /// What others attach policies to it by; `None` for a policy that is judged by itself.
    pub naming: Option<PrincipalNaming>,
}

/// The repositories of a template, as an identity of it sees them. Most identities see the same.
#[derive(Clone, Debug, Default)]
pub struct Vicinity {
    /// Holds the names.
    pub document: Document,
    /// In reading order.
    pub repositories: Vec<IdentityRepository>,
}

/// A repository of the template that an identity stands in.
#[derive(Clone, Debug)]
pub struct IdentityRepository {
    /// Its logical id.
    pub logical_id: String,
    /// String, in the document of the vicinity. Absent: CloudFormation makes up a name.
    pub name: NodeId,
}

/// A rule of EventBridge with a pattern.
#[derive(Clone, Debug)]
pub struct EventRule {
    /// Logical id in its template.
    pub logical_id: Option<String>,
    /// Where the rule is declared.
    pub place: Span,
    /// String: `ENABLED`, `DISABLED`. Absent means enabled.
    pub state: NodeId,
    /// String: name or ARN of the bus. Absent means the default bus.
    pub bus: NodeId,
    /// The pattern: a mapping, or a string when it is not JSON.
    pub pattern: NodeId,
    /// List of whatever the targets are.
    pub targets: NodeId,
}

impl EventRule {
    /// Whatever rules there are, when nobody knows for a `reason`. Nothing is told of it alone.
    #[must_use]
    pub fn unseen(document: &mut Document, reason: &str, place: Span) -> Self {
        let unknown = document.unknown(Unknown::because(reason), place);
        let absent = document.absent(place);
        Self {
            logical_id: None,
            place,
            state: absent,
            bus: absent,
            pattern: unknown,
            targets: unknown,
        }
    }
}

/// An image of a repository that a resource of the inputs runs.
#[derive(Clone, Debug)]
pub struct ImageUse {
    /// Type of the resource, such as `AWS::ECS::TaskDefinition`; empty where none is reported.
    pub resource: String,
    /// Logical id in its template.
    pub logical_id: String,
    /// Where the image is named.
    pub place: Span,
    /// String: the tag. Absent where a digest names the image.
    pub tag: NodeId,
    /// String: the digest. Absent where a tag names the image.
    pub digest: NodeId,
    /// Why it may be an image of another repository, or may not be run.
    pub doubt: Option<String>,
}

impl ImageUse {
    /// Whatever images are run, when they were not compared with the repository for a `reason`.
    #[must_use]
    pub fn unseen(document: &mut Document, reason: &str, place: Span) -> Self {
        Self {
            resource: String::new(),
            logical_id: String::new(),
            place,
            tag: document.unknown(Unknown::because(reason), place),
            digest: document.absent(place),
            doubt: Some(reason.to_owned()),
        }
    }
}

/// The value of a repository that an SSM parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The repository's ARN.
    Arn,
    /// The repository's name.
    Name,
    /// The repository's URI.
    Uri,
    /// The ARN of the KMS key that encrypts the repository.
    KeyArn,
}
