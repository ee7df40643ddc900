//! Elements of policies by their keys, each declared once.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>
//! It does not know what any of them means.

use crate::model::MemberKey;

/// The version of the language.
pub(crate) const VERSION: MemberKey = MemberKey::new("Version");
/// A name of the policy as a whole.
pub(crate) const ID: MemberKey = MemberKey::new("Id");
/// The statements.
pub(crate) const STATEMENT: MemberKey = MemberKey::new("Statement");
/// A name of a statement.
pub(crate) const SID: MemberKey = MemberKey::new("Sid");
/// `Allow` or `Deny`.
pub(crate) const EFFECT: MemberKey = MemberKey::new("Effect");
/// Whom a statement is about.
pub(crate) const PRINCIPAL: MemberKey = MemberKey::new("Principal");
/// Whom it is not about.
pub(crate) const NOT_PRINCIPAL: MemberKey = MemberKey::new("NotPrincipal");
/// Which actions it is about.
pub(crate) const ACTION: MemberKey = MemberKey::new("Action");
/// Which actions it is not about.
pub(crate) const NOT_ACTION: MemberKey = MemberKey::new("NotAction");
/// Which resources it is about.
pub(crate) const RESOURCE: MemberKey = MemberKey::new("Resource");
/// Which resources it is not about.
pub(crate) const NOT_RESOURCE: MemberKey = MemberKey::new("NotResource");
/// Under which conditions it holds.
pub(crate) const CONDITION: MemberKey = MemberKey::new("Condition");
/// Services among principals.
pub(crate) const SERVICE: MemberKey = MemberKey::new("Service");
