//! Policies that one template attaches to the principals of another one, by what is known of their names.
//! It does not know what any policy gives.

use super::{Reference, Shape};
use crate::source::SourceId;

/// A policy that a template attaches to principals which it does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What its template calls it.
    pub policy: String,
    /// To whom it is attached.
    pub targets: Vec<AttachmentTarget>,
}

/// A principal, or several, to which a policy is attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachmentTarget {
    /// The type, such as `AWS::IAM::Role`.
    pub kind: &'static str,
    /// What is known of the name; `None` where that is nothing.
    pub name: Option<Shape>,
    /// The attribute that the name is.
    pub reference: Option<Reference>,
}

/// What a role, user or group goes by where others attach policies to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalNaming {
    /// The type, such as `AWS::IAM::Role`.
    pub kind: &'static str,
    /// The template that makes it.
    pub template: SourceId,
    /// Logical id; of a role that SAM makes beside a function, that of the role.
    pub logical_id: String,
    /// What is known of its name; `None` where CloudFormation makes it up.
    pub name: Option<Shape>,
}

impl AttachmentTarget {
    /// Whether it may be a principal that another template makes.
    ///
    /// A name that CloudFormation makes up is none that somebody has written down.
    #[must_use]
    pub fn may_be(&self, principal: &PrincipalNaming) -> bool {
        if self.kind != principal.kind {
            return false;
        }
        let is_attribute =
            |reference: &Reference| reference.is_of(principal.template, &principal.logical_id);
        if self.reference.as_ref().is_some_and(is_attribute) {
            return true;
        }
        let Some(target) = &self.name else {
            return true;
        };
        match (target.as_text(), &principal.name) {
            (Some(_), None) => false,
            (Some(text), Some(own)) => own.admits(text),
            (None, own) => {
                let own = own.as_ref().and_then(Shape::as_text);
                own.is_none_or(|own| target.admits(own))
            }
        }
    }
}
