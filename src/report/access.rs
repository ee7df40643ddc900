//! Who may do what with a repository, in plain words and spans, ready for any format.
//! It does not know how it was found out.

use super::Subject;
use crate::source::Span;

/// Everybody who may do something with one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessListing {
    /// The repository.
    pub subject: Subject,
    /// The conditions under which all this holds, in the user's names.
    pub when: Option<String>,
    /// What is given, in the order of the policies.
    pub entries: Vec<AccessEntry>,
    /// What cannot be known as a whole: whose policy, and why.
    pub unknown: Vec<(Giver, String)>,
    /// Where its own policy stands, once for each way in which it is written.
    pub policies: Vec<Span>,
    /// Who may do something all the same and is not among the entries.
    pub unlisted: &'static str,
}

/// What gives something to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giver {
    /// The policy of the repository.
    Repository,
    /// The policy of its registry.
    Registry,
    /// Policies of a role, user or group.
    Identity,
}

impl Giver {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Giver::Repository => "repository-policy",
            Giver::Registry => "registry-policy",
            Giver::Identity => "identity-policy",
        }
    }
}

/// What somebody is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessEntry {
    /// What a human calls the principal.
    pub principal: String,
    /// The id of its account, where that is known.
    pub account: Option<String>,
    /// What gives it.
    pub giver: Giver,
    /// The widest group that gets through.
    ///
    /// # Errors
    /// Says why it cannot be known.
    pub class: Result<&'static str, String>,
    /// What is given.
    pub actions: Vec<EcrAction>,
    /// What may be given besides.
    pub possible: Vec<EcrAction>,
    /// Why that is not certain.
    pub reason: Option<String>,
    /// Operator, key and values of each condition.
    pub conditions: Vec<[String; 3]>,
    /// The statements that give.
    pub given_by: Vec<StatementReference>,
    /// Where the policies of a role, user or group stand that have these statements.
    pub policies: Vec<Span>,
    /// Actions that the statements name and that a `Deny` takes back from everybody.
    pub denied: Vec<&'static str>,
    /// The statements that take something back from some, or from all.
    pub taken_by: Vec<StatementReference>,
    /// Whether it may get a token for the registry, where that is a matter of the same policies.
    ///
    /// # Errors
    /// Says why it cannot be known.
    pub token: Option<Result<bool, String>>,
    /// Why it may have more than all this.
    pub doubt: Option<String>,
    /// What has to be given to work with images.
    pub needs: ImageActions,
}

/// The actions that together are a pull, and those that are a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageActions {
    /// With prefix, as all names of actions.
    pub pull: &'static [&'static str],
    /// The same of a push.
    pub push: &'static [&'static str],
}

/// An action of ECR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EcrAction {
    /// With prefix, such as `ecr:PutImage`.
    pub name: &'static str,
    /// `read`, `list`, `write`, `tagging` or `permissions`.
    pub level: &'static str,
}

/// A statement of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementReference {
    /// Where it stands.
    pub place: Span,
    /// Its `Sid`.
    pub sid: Option<String>,
}
