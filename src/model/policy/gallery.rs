//! Whether policies give the token of the public gallery, and the right without which that token is of no use.
//! It does not know private registries.

use super::operator::Test;
use super::statement::{Effect, Statement};
use super::text::{PolicyText, member, one_or_many};
use super::{Owner, wildcard};
use crate::model::policy::keys;
use crate::model::{Truth, Value};

/// What a token of the public gallery needs.
pub(crate) const GALLERY: &str = "ecr-public:GetAuthorizationToken";
/// What it needs besides.
const BEARER: &str = "sts:GetServiceBearerToken";

/// The service that the bearer token is for then.
const SERVICE: &str = "ecr-public.amazonaws.com";

/// What an identity has of the two.
#[derive(Debug)]
pub(super) struct Gallery {
    token: Truth,
    bearer: Truth,
    /// Whether the bearer token is given for another service, or by a wildcard.
    is_for_others: bool,
}

impl Default for Gallery {
    fn default() -> Self {
        Self {
            token: Truth::False,
            bearer: Truth::False,
            is_for_others: false,
        }
    }
}

impl Gallery {
    /// Takes note of a policy of which nothing is known.
    pub(super) fn hide(&mut self, reason: &str) {
        self.add(&Truth::unknown(reason), &Truth::unknown(reason));
    }

    /// Takes note of a statement that gives, or may give.
    pub(super) fn note(&mut self, statement: &Statement<'_>, owner: &Owner<'_>) {
        let value = statement.value;
        if let Some(unknown) = value.as_unknown() {
            return self.hide(&unknown.reason);
        }
        let certain = match &statement.effect {
            Effect::Unclear(reason) => Truth::unknown(reason.as_str()),
            Effect::Allow | Effect::Deny => Truth::True,
        };
        let gives = |action| certain.clone().and(names(value, action, owner));
        let bearer = gives(BEARER).and(serves_gallery(statement));
        self.add(&gives(GALLERY), &bearer);
        let texts = member(value, keys::ACTION)
            .map(one_or_many)
            .unwrap_or_default();
        self.is_for_others |= texts.into_iter().any(|text| {
            let text = text.as_str().unwrap_or_default().to_lowercase();
            text.starts_with("codeartifact:")
                || (text.starts_with("sts:") && wildcard::is_pattern(&text))
        });
    }

    /// Takes note of a statement that takes, or may take, on every resource.
    pub(super) fn take(&mut self, statement: &Statement<'_>, owner: &Owner<'_>) {
        let value = statement.value;
        if value.as_unknown().is_some() {
            return;
        }
        let certain = match (&statement.effect, member(value, keys::CONDITION)) {
            (Effect::Unclear(reason), _) => Truth::unknown(reason.as_str()),
            (_, Some(_)) => Truth::unknown("a `Deny` with a `Condition` may take the token back"),
            (_, None) => Truth::True,
        };
        for (half, action) in [(&mut self.token, GALLERY), (&mut self.bearer, BEARER)] {
            let taken = certain.clone().and(names(value, action, owner));
            *half = half.clone().and(!taken);
        }
    }

    fn add(&mut self, token: &Truth, bearer: &Truth) {
        self.token = self.token.clone().or(token.clone());
        self.bearer = self.bearer.clone().or(bearer.clone());
    }

    /// The one of the two that is missing while the other is there.
    ///
    /// # Errors
    /// Says why it is not known whether one is.
    pub(super) fn missing(&self) -> Result<Option<&'static str>, String> {
        let (token, bearer) = (self.token.clone(), self.bearer.clone());
        let lacks_token = (!token.clone())
            .and(bearer.clone())
            .and(Truth::from(!self.is_for_others));
        match (token.and(!bearer), lacks_token) {
            (Truth::True, _) => Ok(Some(BEARER)),
            (_, Truth::True) => Ok(Some(GALLERY)),
            (Truth::Unknown(reason), _) | (_, Truth::Unknown(reason)) => Err(reason),
            (Truth::False, Truth::False) => Ok(None),
        }
    }
}

/// Whether the conditions of a statement let the bearer token be one for the public gallery.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_awsservicename>
fn serves_gallery(statement: &Statement<'_>) -> Truth {
    let about = statement
        .conditions
        .iter()
        .filter(|condition| condition.name.eq_ignore_ascii_case("sts:AWSServiceName"));
    Truth::all(about.map(|condition| {
        let Some(operator) = condition.test.filter(|it| it.test != Test::Null) else {
            return Truth::True;
        };
        let fits = Truth::any(condition.patterns.iter().map(|pattern| {
            let fits = wildcard::matches(&pattern.words.open(), SERVICE);
            match &pattern.reason {
                Some(reason) if fits => Truth::unknown(reason.as_str()),
                _ => Truth::from(fits),
            }
        }));
        if operator.negated { !fits } else { fits }
    }))
}

/// Whether an action is among those of a statement.
fn names(statement: Value<'_>, action: &str, owner: &Owner<'_>) -> Truth {
    let action = action.to_lowercase();
    let among = |value| {
        Truth::any(one_or_many(value).into_iter().map(|value| {
            match PolicyText::read(value, owner) {
                PolicyText::Known(text) => {
                    Truth::from(wildcard::matches(&text.to_lowercase(), &action))
                }
                PolicyText::Partial { words, reason }
                    if wildcard::matches(&words.open().to_lowercase(), &action) =>
                {
                    Truth::unknown(reason)
                }
                PolicyText::Own(_) | PolicyText::Partial { .. } | PolicyText::Other => Truth::False,
            }
        }))
    };
    match member(statement, keys::ACTION) {
        Some(value) => among(value),
        None => member(statement, keys::NOT_ACTION).map_or(Truth::False, |value| !among(value)),
    }
}
