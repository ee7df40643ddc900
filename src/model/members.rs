//! Members of the repository document that code reads, each declared once: who writes one, who says what it means and who
//! reads it name it from here. Facts themselves are named by [`FactName`](super::facts::FactName).
//! It does not know what any of them means.

use super::MemberKey;

// Members by which any node that a rule finds says where its finding points besides.

/// What decides, where that stands elsewhere.
pub(crate) const CAUSE: MemberKey = MemberKey::new("cause");
/// Where those are named whom it is about.
pub(crate) const NAMED: MemberKey = MemberKey::new("named");
/// Where the live counterpart stands.
pub(crate) const LIVE: MemberKey = MemberKey::new("live");
/// The statement that it comes from, where it is one alone.
pub(crate) const STATEMENT: MemberKey = MemberKey::new("statement");
/// What is wrong, in words.
pub(crate) const PROBLEM: MemberKey = MemberKey::new("problem");
/// The key that was meant in place of the one that is written.
pub(crate) const MEANT_KEY: MemberKey = MemberKey::new("key");

// Values that decide in place of others.

/// Path of the value in whose place another one decides.
pub(crate) const OF: MemberKey = MemberKey::new("of");
/// What decides, in words.
pub(crate) const TEXT: MemberKey = MemberKey::new("text");
/// What shows that a declaration is meant.
pub(crate) const BECAUSE: MemberKey = MemberKey::new("because");

// Policies as IAM reads them, and whom they let in.

/// A policy as it is written.
pub(crate) const DOCUMENT: MemberKey = MemberKey::new("document");
/// The policy of a key as it is written.
pub(crate) const KEY_POLICY: MemberKey = MemberKey::new("policy");
/// `Allow` or `Deny`.
pub(crate) const EFFECT: MemberKey = MemberKey::new("effect");
/// A pattern of actions.
pub(crate) const PATTERN: MemberKey = MemberKey::new("pattern");
/// A list of actions, or of patterns of them.
pub(crate) const ACTIONS: MemberKey = MemberKey::new("actions");
/// An action of such a list.
pub(crate) const ACTION: MemberKey = MemberKey::new("action");
/// What a `Deny` takes back.
pub(crate) const DENIED: MemberKey = MemberKey::new("denied");
/// The widest group of callers.
pub(crate) const CLASS: MemberKey = MemberKey::new("class");
/// The principal as it is written.
pub(crate) const PRINCIPAL: MemberKey = MemberKey::new("principal");
/// The id of an account.
pub(crate) const ACCOUNT: MemberKey = MemberKey::new("account");
/// The environment that an account serves.
pub(crate) const ENVIRONMENT: MemberKey = MemberKey::new("environment");
/// Whether a principal of another account is let in.
pub(crate) const CROSS_ACCOUNT: MemberKey = MemberKey::new("cross_account");

// What somebody lacks.

/// Who it is.
pub(crate) const WHO: MemberKey = MemberKey::new("who");
/// Of which repository, in words.
pub(crate) const FROM: MemberKey = MemberKey::new("from");
/// What is lacked to pull, in words.
pub(crate) const PULL_MISSING: MemberKey = MemberKey::new("pull_missing");
/// What is lacked to push, in words.
pub(crate) const PUSH_MISSING: MemberKey = MemberKey::new("push_missing");
/// What is lacked to pull, as a list.
pub(crate) const PULL_ACTIONS: MemberKey = MemberKey::new("pull_actions");
/// What is lacked to push, as a list.
pub(crate) const PUSH_ACTIONS: MemberKey = MemberKey::new("push_actions");

// What is beside a repository.

/// The logical id of a resource.
pub(crate) const LOGICAL_ID: MemberKey = MemberKey::new("logical_id");
/// Images that a lifecycle policy expires although they are protected.
pub(crate) const EXPIRATIONS: MemberKey = MemberKey::new("expirations");

// What an organisation declares.

/// The base name of a declared repository.
pub(crate) const BASE: MemberKey = MemberKey::new("base");
/// Whether the organisation says which repositories there are.
pub(crate) const DECLARES_REPOSITORIES: MemberKey = MemberKey::new("declares_repositories");

// What becomes of a repository and of its key.

/// Whether a repository is deleted together with its images.
pub(crate) const EMPTY_ON_DELETE: MemberKey = MemberKey::new("empty_on_delete");
/// Whether a key rotates by itself.
pub(crate) const ROTATION: MemberKey = MemberKey::new("rotation");
/// What AWS refuses.
pub(crate) const PROBLEMS: MemberKey = MemberKey::new("problems");

// Settings as loaders write them.

/// The key of a tag.
pub(crate) const TAG_KEY: MemberKey = MemberKey::new("key");
/// The value of a tag.
pub(crate) const TAG_VALUE: MemberKey = MemberKey::new("value");
/// The type of a filter.
pub(crate) const FILTER_TYPE: MemberKey = MemberKey::new("type");
/// The pattern of a filter.
pub(crate) const FILTER: MemberKey = MemberKey::new("filter");
/// The filters of a scanning rule.
pub(crate) const FILTERS: MemberKey = MemberKey::new("filters");
/// How often a scanning rule has images scanned.
pub(crate) const FREQUENCY: MemberKey = MemberKey::new("frequency");
