//! Whom a statement speaks of: the forms of `Principal` and `NotPrincipal`.
//! It does not know what the statement allows them.

use super::text::{self, Text, arn_fields, is_account, member, one_or_many};
use super::wildcard;
use super::{Owner, Truth};
use crate::model::{Data, NodeId, Value};

/// The keys of a `Principal` mapping.
pub(crate) const KINDS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

/// One principal as the policy names it.
#[derive(Clone, Debug)]
pub(crate) struct Named<'d> {
    /// Where it stands.
    pub(crate) value: Value<'d>,
    pub(crate) principal: Principal,
    /// Partition of an ARN.
    pub(crate) partition: Option<String>,
}

/// A kind of caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Principal {
    /// Everyone who has an AWS account, and every service.
    Everyone,
    /// Every service. Not a documented form.
    EveryService,
    /// Whoever an account lets in.
    Account(Account),
    /// One user, role or session, by ARN.
    Identity { account: Account, arn: String },
    /// An AWS service.
    Service(String),
    /// It cannot be known; it may be everyone.
    Unclear(String),
    /// Not a form that IAM documents for a resource policy; the text says why it stays open.
    Undocumented(String),
}

/// An account, where it is known which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// Twelve digits, or a text that stands for the account.
    pub(crate) id: String,
    /// Why the id is not known.
    pub(crate) reason: Option<String>,
}

impl Account {
    pub(crate) fn known(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            reason: None,
        }
    }

    /// An account that stays the same wherever the same node is read.
    pub(crate) fn hidden(node: NodeId, reason: &str) -> Self {
        Self {
            id: format!("{{{node:?}}}"),
            reason: Some(reason.to_owned()),
        }
    }
}

/// Whom a statement speaks of.
#[derive(Clone, Debug)]
pub(crate) enum Principals<'d> {
    /// Those that are listed.
    Listed(Vec<Named<'d>>),
    /// Everyone who is not listed; `place` is the value of `NotPrincipal`.
    Except {
        place: Value<'d>,
        spared: Vec<Named<'d>>,
    },
}

/// Reads `Principal` or `NotPrincipal` of a statement; none when there is neither.
pub(crate) fn read<'d>(statement: Value<'d>, owner: &Owner<'_>) -> Principals<'d> {
    if let Some(value) = member(statement, "Principal") {
        return Principals::Listed(list(value, owner));
    }
    match member(statement, "NotPrincipal") {
        Some(place) => Principals::Except {
            place,
            spared: list(place, owner),
        },
        None => Principals::Listed(Vec::new()),
    }
}

fn list<'d>(value: Value<'d>, owner: &Owner<'_>) -> Vec<Named<'d>> {
    match value.data() {
        Data::Object => value
            .members()
            .flat_map(|(kind, values)| {
                one_or_many(values)
                    .into_iter()
                    .map(move |value| named(kind, value, owner))
            })
            .collect(),
        Data::String("*") => vec![Named::new(value, Principal::Everyone)],
        Data::Unknown(unknown) => {
            vec![Named::unclear(value, &unknown.reason)]
        }
        _ => vec![Named::new(value, unaccepted("the value of `Principal`"))],
    }
}

impl<'d> Named<'d> {
    fn new(value: Value<'d>, principal: Principal) -> Self {
        Self {
            value,
            principal,
            partition: None,
        }
    }

    /// Anybody, or nobody.
    pub(crate) fn unclear(value: Value<'d>, reason: &str) -> Self {
        Self::new(value, Principal::Unclear(reason.to_owned()))
    }

    /// The principal as the policy writes it, where that is known.
    pub(crate) fn text(&self) -> Option<&'d str> {
        match self.value.data() {
            Data::String(text) | Data::Number(text) => Some(text),
            _ => None,
        }
    }
}

fn named<'d>(kind: &str, value: Value<'d>, owner: &Owner<'_>) -> Named<'d> {
    let text = Text::read(value, owner);
    let principal = match (kind, &text) {
        ("AWS", Text::Known(known)) => aws(value.id(), known),
        ("AWS", Text::Partial { filled, reason }) => partly_known(value, filled, reason),
        ("Service", Text::Known(known)) if known == "*" => Principal::EveryService,
        ("Service", Text::Known(known)) => Principal::Service(known.to_lowercase()),
        ("Service", Text::Partial { filled, reason }) => service(filled, reason),
        ("Federated" | "CanonicalUser", _) => Principal::Undocumented(format!(
            "`{kind}` has no documented meaning in a repository policy"
        )),
        (_, Text::Partial { reason, .. }) => Principal::Unclear((*reason).to_owned()),
        (kind, _) => unaccepted(kind),
    };
    let partition = match &text {
        Text::Known(known) => arn_fields(known).map(|fields| fields[1].to_owned()),
        _ => None,
    };
    Named {
        value,
        principal,
        partition,
    }
}

fn aws(node: NodeId, text: &str) -> Principal {
    if text == "*" {
        return Principal::Everyone;
    }
    if is_account(text) {
        return Principal::Account(Account::known(text));
    }
    if is_unique_id(text) {
        let reason = format!("`{text}` is the id of a principal that was deleted");
        let account = Account::hidden(node, &reason);
        let arn = text.to_owned();
        return Principal::Identity { account, arn };
    }
    match arn_fields(text) {
        Some([_, _, "iam" | "sts", "", account, resource])
            if is_account(account) && !wildcard::is_pattern(text) && is_caller(resource) =>
        {
            arn(Account::known(account), resource, text)
        }
        _ => unaccepted(text),
    }
}

/// Whether the resource of an ARN of IAM or STS can call at all, as groups, policies and providers cannot.
pub(crate) fn is_caller(resource: &str) -> bool {
    const KINDS: [&str; 4] = ["user/", "role/", "assumed-role/", "federated-user/"];
    resource == "root" || KINDS.iter().any(|kind| resource.starts_with(kind))
}

fn arn(account: Account, resource: &str, text: &str) -> Principal {
    if resource == "root" {
        Principal::Account(account)
    } else {
        let arn = text.to_owned();
        Principal::Identity { account, arn }
    }
}

/// A text that begins like an ARN is some principal's ARN: IAM refuses wildcards in it.
fn partly_known(value: Value<'_>, filled: &str, reason: &str) -> Principal {
    let Some(rest) = filled.strip_prefix("arn:") else {
        return Principal::Unclear(reason.to_owned());
    };
    let account = match arn_fields(filled) {
        Some([_, partition, "iam" | "sts", "", account, _])
            if is_account(account) && !wildcard::is_pattern(partition) =>
        {
            Account::known(account)
        }
        _ => Account::hidden(value.id(), reason),
    };
    if rest.ends_with(":root") {
        Principal::Account(account)
    } else {
        let unknown = value.as_unknown();
        let arn = match unknown.and_then(|unknown| unknown.reference.as_ref()) {
            // One role, wherever its ARN is read.
            Some(role) => format!("{{{:?}/{}}}", role.template, role.logical_id),
            None => format!("{{{:?}}}", value.id()),
        };
        Principal::Identity { account, arn }
    }
}

fn service(filled: &str, reason: &str) -> Principal {
    if filled.len() > 1 {
        Principal::Service(filled.to_lowercase())
    } else {
        Principal::Unclear(reason.to_owned())
    }
}

fn unaccepted(what: &str) -> Principal {
    Principal::Undocumented(format!("`{what}` is not a principal that IAM accepts"))
}

/// The id that IAM shows in place of the ARN of a principal that was deleted.
pub(crate) fn is_unique_id(text: &str) -> bool {
    text.len() >= 16
        && (text.starts_with("AROA") || text.starts_with("AIDA"))
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Name of the role of which `arn` is a session, with its account.
fn session_role(arn: &str) -> Option<(&str, &str)> {
    let [_, _, "sts", _, account, resource] = arn_fields(arn)? else {
        return None;
    };
    let (role, _) = resource.strip_prefix("assumed-role/")?.split_once('/')?;
    Some((account, role))
}

/// Whether a statement about `arn` is one about `caller` too: the same principal, or its session.
pub(crate) fn covers(arn: &str, caller: &str) -> bool {
    if arn == caller {
        return true;
    }
    let (Some(fields), Some(session)) = (arn_fields(arn), session_role(caller)) else {
        return false;
    };
    let role = fields[5]
        .strip_prefix("role/")
        .and_then(|path| path.rsplit('/').next());
    role.is_some_and(|role| (fields[4], role) == session)
}

/// What `aws:PrincipalArn` holds for a caller: the role's ARN during its session, where it is known.
pub(crate) fn principal_arn(caller: &str) -> Option<String> {
    match session_role(caller) {
        Some((account, role)) => {
            let partition = arn_fields(caller)?[1];
            Some(format!("arn:{partition}:iam::{account}:role/{role}"))
        }
        None => Some(caller.to_owned()),
    }
}

/// Whether the account is the stack's own.
pub(crate) fn is_own(account: &Account, owner: &Owner<'_>) -> Truth {
    if account.id == text::own_account(owner) {
        return Truth::Yes;
    }
    match (&account.reason, owner.account) {
        (Some(reason), _) => Truth::unknown(reason.clone()),
        (None, None) => Truth::unknown(text::ACCOUNT_UNKNOWN),
        (None, Some(_)) => Truth::No,
    }
}
