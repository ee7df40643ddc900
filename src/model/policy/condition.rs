//! The conditions of a statement: which keys, compared how, with what.
//! It does not know who calls.

use super::operator::Operator;
use super::text::{PolicyText, one_or_many};
use super::words::Words;
use super::{Guarded, Owner};
use crate::model::{Data, Value};
use crate::source::Span;

/// One key under one operator of a `Condition` block.
#[derive(Clone, Debug)]
pub(crate) struct Condition<'d> {
    /// Operator and key as they are written; empty when the block itself cannot be known.
    pub(crate) operator: &'d str,
    pub(crate) name: &'d str,
    /// Where the operator stands, where anybody wrote one.
    pub(crate) place: Span,
    /// Whether it is the only key under its operator.
    pub(crate) is_alone: bool,
    /// Where the values stand.
    pub(crate) value: Value<'d>,
    pub(crate) test: Option<Operator>,
    pub(crate) key: ConditionKey,
    pub(crate) patterns: Vec<ValuePattern>,
    /// Why the condition, or part of it, cannot be known.
    pub(crate) unclear: Option<String>,
}

/// A value that a key is compared with.
#[derive(Clone, Debug)]
pub(crate) struct ValuePattern {
    pub(crate) words: Words,
    /// Why it is not known; what the stack itself fills in counts as known.
    pub(crate) reason: Option<String>,
    /// Whether it holds a policy variable, which may become whatever the request says.
    pub(crate) variable: bool,
}

/// Whose side a condition is on: who calls may bring about what an `Allow` asks, and avoid a `Deny`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    Allow,
    Deny,
}

/// What a condition key says about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConditionKey {
    PrincipalOrganisation,
    PrincipalOrganisationPath,
    PrincipalAccount,
    PrincipalArn,
    PrincipalIsService,
    /// The service that calls by itself.
    PrincipalService,
    /// All names of the service that calls by itself.
    PrincipalServiceNames,
    /// Whether a service passes on the call of somebody else, with the permissions of that one.
    PassedOn,
    /// The services that pass it on.
    PassedOnBy,
    SourceOrganisation,
    SourceOrganisationPath,
    SourceAccount,
    SourceArn,
    /// Something about the network that the call comes through, other than an address.
    Endpoint,
    /// The public address that the call comes from.
    Address,
    /// The address inside the VPC that the call comes from.
    VpcAddress,
    /// The repository's account, whoever calls.
    OwnAccount,
    /// The repository's organisation, whoever calls.
    OwnOrganisation,
    /// Whoever calls can bring about the value: tags of their own, TLS, a user agent.
    Free,
    /// A matter of the repository or of time, whoever calls.
    Circumstance,
    /// Not a key with a known meaning for ECR.
    Unfamiliar,
}

/// Condition keys in lower case, as IAM compares them.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
const KEYS: [(&str, ConditionKey); 37] = [
    ("aws:principalorgid", ConditionKey::PrincipalOrganisation),
    (
        "aws:principalorgpaths",
        ConditionKey::PrincipalOrganisationPath,
    ),
    ("aws:principalaccount", ConditionKey::PrincipalAccount),
    ("aws:principalarn", ConditionKey::PrincipalArn),
    (
        "aws:principalisawsservice",
        ConditionKey::PrincipalIsService,
    ),
    ("aws:principalservicename", ConditionKey::PrincipalService),
    (
        "aws:principalservicenameslist",
        ConditionKey::PrincipalServiceNames,
    ),
    ("aws:viaawsservice", ConditionKey::PassedOn),
    ("aws:calledvia", ConditionKey::PassedOnBy),
    ("aws:calledviafirst", ConditionKey::PassedOnBy),
    ("aws:calledvialast", ConditionKey::PassedOnBy),
    ("aws:sourceorgid", ConditionKey::SourceOrganisation),
    ("aws:sourceorgpaths", ConditionKey::SourceOrganisationPath),
    ("aws:sourceaccount", ConditionKey::SourceAccount),
    ("aws:sourcearn", ConditionKey::SourceArn),
    ("aws:sourcevpce", ConditionKey::Endpoint),
    ("aws:sourcevpc", ConditionKey::Endpoint),
    ("aws:sourcevpcarn", ConditionKey::Endpoint),
    ("aws:vpceaccount", ConditionKey::Endpoint),
    ("aws:vpceorgid", ConditionKey::Endpoint),
    ("aws:vpceorgpaths", ConditionKey::Endpoint),
    ("aws:sourceip", ConditionKey::Address),
    ("aws:vpcsourceip", ConditionKey::VpcAddress),
    ("aws:resourceaccount", ConditionKey::OwnAccount),
    ("aws:resourceorgid", ConditionKey::OwnOrganisation),
    ("aws:resourceorgpaths", ConditionKey::OwnOrganisation),
    ("aws:securetransport", ConditionKey::Free),
    ("aws:useragent", ConditionKey::Free),
    ("aws:referer", ConditionKey::Free),
    ("aws:multifactorauthpresent", ConditionKey::Free),
    ("aws:multifactorauthage", ConditionKey::Free),
    ("aws:username", ConditionKey::Free),
    ("aws:principaltype", ConditionKey::Free),
    ("aws:tagkeys", ConditionKey::Free),
    ("aws:requestedregion", ConditionKey::Circumstance),
    ("aws:currenttime", ConditionKey::Circumstance),
    ("aws:epochtime", ConditionKey::Circumstance),
];

impl ConditionKey {
    /// Reads a key of a policy; letter case is ignored.
    fn of(text: &str, guarded: Guarded) -> Self {
        match (Self::parse(text), guarded) {
            (Self::Unfamiliar, Guarded::Key) => Self::parse_for_keys(text),
            (key, _) => key,
        }
    }

    /// Reads a condition key of KMS. Whoever calls chooses the service, the encryption context and
    /// the grant.
    fn parse_for_keys(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        match lower.strip_prefix("kms:") {
            Some("calleraccount") => Self::PrincipalAccount,
            Some("viaservice" | "grantisforawsresource" | "encryptioncontextkeys") => Self::Free,
            Some(key) if key.starts_with("encryptioncontext:") => Self::Free,
            _ => Self::Unfamiliar,
        }
    }

    /// Reads a key; letter case is ignored.
    pub(crate) fn parse(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        if let Some((_, key)) = KEYS.into_iter().find(|(known, _)| *known == lower) {
            return key;
        }
        match lower.split_once('/') {
            Some(("aws:principaltag" | "aws:requesttag", _)) => Self::Free,
            Some(("aws:resourcetag" | "ecr:resourcetag", _)) => Self::Circumstance,
            _ => Self::Unfamiliar,
        }
    }

    /// Whether a request holds a list of values under the key.
    pub(crate) fn is_multivalued(self) -> bool {
        matches!(
            self,
            Self::PrincipalOrganisationPath
                | Self::SourceOrganisationPath
                | Self::PrincipalServiceNames
        )
    }

    /// Whether the key is about an organisation, of the caller or of the repository.
    pub(crate) fn is_about_organisation(self) -> bool {
        matches!(
            self,
            Self::PrincipalOrganisation
                | Self::PrincipalOrganisationPath
                | Self::SourceOrganisation
                | Self::SourceOrganisationPath
                | Self::OwnAccount
                | Self::OwnOrganisation
        )
    }

    /// Whether the key is about how a call comes, by itself or passed on by a service.
    pub(crate) fn is_about_passing_on(self) -> bool {
        matches!(self, Self::PassedOn | Self::PassedOnBy)
    }

    pub(crate) fn is_about_network(self) -> bool {
        matches!(self, Self::Endpoint | Self::Address | Self::VpcAddress)
    }
}

/// Reads the `Condition` block of a statement.
pub(crate) fn read<'d>(block: Value<'d>, owner: &Owner<'_>) -> Vec<Condition<'d>> {
    if !matches!(block.data(), Data::Object) {
        return vec![unreadable(block, "")];
    }
    let mut conditions = Vec::new();
    for (operator, place, keys) in block.members_as_written() {
        if keys.is_absent() {
            continue;
        }
        if !matches!(keys.data(), Data::Object) {
            conditions.push(unreadable(keys, operator));
            continue;
        }
        let is_alone = keys.members().len() == 1;
        for (name, value) in keys.members().filter(|(_, value)| !value.is_absent()) {
            conditions.push(Condition {
                place,
                is_alone,
                ..condition(operator, name, value, owner)
            });
        }
    }
    conditions
}

fn unreadable<'d>(value: Value<'d>, operator: &'d str) -> Condition<'d> {
    let reason = value
        .as_unknown()
        .map_or("the condition is not a mapping", |unknown| &unknown.reason);
    Condition {
        operator,
        name: "",
        place: value.span(),
        is_alone: false,
        value,
        test: None,
        key: ConditionKey::Unfamiliar,
        patterns: Vec::new(),
        unclear: Some(reason.to_owned()),
    }
}

fn condition<'d>(
    operator: &'d str,
    name: &'d str,
    value: Value<'d>,
    owner: &Owner<'_>,
) -> Condition<'d> {
    let test = Operator::parse(operator);
    let key = ConditionKey::of(name, owner.guarded);
    let maybe_absent = value.as_unknown().filter(|unknown| unknown.maybe_absent);
    let unclear = if let Some(unknown) = maybe_absent {
        Some(unknown.reason.clone())
    } else if test.is_none() {
        Some(format!("`{operator}` is not a condition operator of IAM"))
    } else if key == ConditionKey::Unfamiliar {
        Some(format!(
            "what `{name}` holds in a request to {} is not known",
            match owner.guarded {
                Guarded::Repository | Guarded::Gallery | Guarded::Registry => "ECR",
                Guarded::Key => "KMS",
            }
        ))
    } else {
        None
    };
    Condition {
        operator,
        name,
        place: value.span(),
        is_alone: false,
        value,
        test,
        key,
        patterns: one_or_many(value)
            .into_iter()
            .map(|value| pattern(value, owner))
            .collect(),
        unclear,
    }
}

fn pattern(value: Value<'_>, owner: &Owner<'_>) -> ValuePattern {
    let known = |words| ValuePattern {
        words,
        reason: None,
        variable: false,
    };
    match PolicyText::read(value, owner) {
        PolicyText::Known(text) if is_variable(&text) => ValuePattern {
            words: Words::of(value.id()),
            reason: Some(format!("`{text}` is only known when a request is made")),
            variable: true,
        },
        PolicyText::Known(text) => known(Words::from(text.as_ref())),
        PolicyText::Own(words) if is_variable(&words.open()) => ValuePattern {
            reason: Some(format!("`{words}` is only known when a request is made")),
            words: Words::of(value.id()),
            variable: true,
        },
        PolicyText::Own(words) => known(words),
        PolicyText::Partial { words, reason } => ValuePattern {
            words,
            reason: Some(reason.to_owned()),
            variable: false,
        },
        PolicyText::Other => ValuePattern {
            words: Words::of(value.id()),
            reason: Some("the value of a condition is not a text".to_owned()),
            variable: false,
        },
    }
}

/// Policy variables other than the repository's own organisation, which no caller outside it has.
fn is_variable(text: &str) -> bool {
    text.contains("${") && text != "${aws:ResourceOrgID}"
}

#[cfg(test)]
mod tests {
    use super::ConditionKey;

    #[test]
    fn keys_are_read_without_regard_to_letter_case() {
        assert_eq!(
            ConditionKey::parse("AWS:principalORGid"),
            ConditionKey::PrincipalOrganisation
        );
        assert_eq!(
            ConditionKey::parse("aws:PrincipalTag/aws-cdk:id"),
            ConditionKey::Free
        );
        assert_eq!(
            ConditionKey::parse("ecr:ResourceTag/env"),
            ConditionKey::Circumstance
        );
        assert_eq!(ConditionKey::parse("s3:prefix"), ConditionKey::Unfamiliar);
    }
}
