//! Which repositories a statement of a registry policy is about, by its `Resource` or `NotResource`.
//! It does not know what the statement says of them. In other policies every statement is about the one
//! thing that the policy is attached to.

use super::text::{self, Text, arn_fields, member, one_or_many};
use super::wildcard;
use super::{Guarded, Owner, Truth};
use crate::model::Value;

/// The repositories that a statement is about.
#[derive(Debug, Default)]
pub(super) enum Resources {
    /// All that the policy is attached to.
    #[default]
    All,
    /// Those whose ARN fits one of the patterns.
    Of(Vec<Pattern>),
    /// Those whose ARN fits none of them.
    Except(Vec<Pattern>),
}

/// A pattern of ARNs.
#[derive(Debug)]
pub(super) struct Pattern {
    /// With `*` where it is not known.
    filled: String,
    /// Why it is not known.
    reason: Option<String>,
}

impl Resources {
    /// Reads a statement.
    pub(super) fn read(statement: Value<'_>, owner: &Owner<'_>) -> Self {
        if owner.guarded != Guarded::Registry {
            return Self::All;
        }
        let patterns = |value| {
            let values = one_or_many(value).into_iter();
            values.map(|value| Pattern::read(value, owner)).collect()
        };
        if let Some(value) = member(statement, "Resource") {
            return Self::Of(patterns(value));
        }
        member(statement, "NotResource").map_or(Self::All, |value| Self::Except(patterns(value)))
    }

    /// One repository.
    pub(super) fn only(arn: &str) -> Self {
        Self::Of(vec![Pattern {
            filled: arn.to_owned(),
            reason: None,
        }])
    }

    /// Whether some repository is among these and `others`; unknown where patterns overlap in ways that are
    /// not worked out.
    pub(super) fn meet(&self, others: &Self, owner: &Owner<'_>) -> Truth {
        match (self, others) {
            (Self::All, others) | (others, Self::All) => others.reach(owner),
            (Self::Of(own), Self::Of(others)) => Truth::any(
                own.iter()
                    .flat_map(|own| others.iter().map(|other| own.meets(&other.filled))),
            ),
            (spared @ Self::Except(_), others) | (others, spared @ Self::Except(_)) => {
                !spared.spare(others)
            }
        }
    }

    /// Whether all of `others` are among those that `NotResource` leaves out.
    fn spare(&self, others: &Self) -> Truth {
        let (Self::Except(spared), Self::Of(others)) = (self, others) else {
            return Truth::No;
        };
        Truth::all(
            others
                .iter()
                .map(|other| Truth::any(spared.iter().map(|spared| spared.covers(&other.filled)))),
        )
    }

    /// Whether any repository of the registry is among them.
    pub(super) fn reach(&self, owner: &Owner<'_>) -> Truth {
        match self {
            Self::All => Truth::Yes,
            Self::Of(patterns) => Truth::any(patterns.iter().map(|pattern| pattern.reaches(owner))),
            Self::Except(patterns) => {
                let all = everything(owner);
                !Truth::any(patterns.iter().map(|pattern| pattern.covers(&all)))
            }
        }
    }

    /// Whether these are all of `others`, or more.
    pub(super) fn cover(&self, others: &Self, owner: &Owner<'_>) -> Truth {
        let all = everything(owner);
        let others = match others {
            Self::Of(patterns) => patterns.as_slice(),
            Self::All | Self::Except(_) => &[],
        };
        match self {
            Self::All => Truth::Yes,
            Self::Of(patterns) => {
                let covered =
                    |other: &str| Truth::any(patterns.iter().map(|pattern| pattern.covers(other)));
                covered(&all).or(Truth::from(!others.is_empty()).and(Truth::all(
                    others.iter().map(|other| covered(&other.filled)),
                )))
            }
            Self::Except(spared) => Truth::from(!others.is_empty()).and(Truth::all(
                others
                    .iter()
                    .flat_map(|other| spared.iter().map(|spared| !spared.meets(&other.filled))),
            )),
        }
    }
}

impl Pattern {
    fn read(value: Value<'_>, owner: &Owner<'_>) -> Self {
        let (filled, reason) = match Text::read(value, owner) {
            Text::Known(text) => (text.into_owned(), None),
            Text::Partial { filled, reason } => (filled, Some(reason.to_owned())),
            Text::Other => (String::new(), Some("`Resource` is not a text".to_owned())),
        };
        Self { filled, reason }
    }

    fn known(&self, answer: Truth) -> Truth {
        match &self.reason {
            Some(reason) if !answer.is_no() => Truth::unknown(reason.as_str()),
            _ => answer,
        }
    }

    /// Whether a repository of the registry may have such an ARN.
    fn reaches(&self, owner: &Owner<'_>) -> Truth {
        if wildcard::is_anything(&self.filled) {
            return self.known(Truth::Yes);
        }
        let all = everything(owner);
        let (Some(pattern), Some(own)) = (arn_fields(&self.filled), arn_fields(&all)) else {
            return match wildcard::is_pattern(&self.filled) {
                true => Truth::unknown(format!("whom `{}` fits cannot be told", self.filled)),
                false => self.known(Truth::No),
            };
        };
        let place = Truth::all(pattern.iter().zip(own).take(5).map(|(pattern, own)| {
            if wildcard::matches(pattern, own) {
                Truth::Yes
            } else if own.starts_with('{') || pattern.starts_with('{') {
                Truth::unknown("the account and region of the stack are not known")
            } else {
                Truth::No
            }
        }));
        self.known(place.and(Truth::from(may_meet(pattern[5], own[5]))))
    }

    /// Whether every ARN that fits `other` fits this pattern, too.
    fn covers(&self, other: &str) -> Truth {
        // A `?` stands for one character, and a `*` of the other for any number.
        let is_plain = !self.filled.contains('?') || !wildcard::is_pattern(other);
        let covers = self.filled == other || is_plain && wildcard::matches(&self.filled, other);
        self.known(Truth::from(covers))
    }

    /// Whether some ARN fits both.
    fn meets(&self, other: &str) -> Truth {
        if wildcard::matches(&self.filled, other) {
            self.known(Truth::Yes)
        } else if may_meet(&self.filled, other) {
            Truth::unknown(format!(
                "whether `{}` and `{other}` have a repository in common cannot be told",
                self.filled
            ))
        } else {
            Truth::No
        }
    }
}

/// Whether some text may fit both patterns: their beginnings, and their ends, do not contradict.
fn may_meet(one: &str, other: &str) -> bool {
    let begins = |text: &str| {
        let end = text.find(wildcard::WILDCARDS).unwrap_or(text.len());
        text[..end].to_owned()
    };
    let ends = |text: &str| {
        let start = text.rfind(wildcard::WILDCARDS).map_or(0, |at| at + 1);
        text[start..].to_owned()
    };
    let (first, second) = (begins(one), begins(other));
    let (last, final_) = (ends(one), ends(other));
    (first.starts_with(&second) || second.starts_with(&first))
        && (last.ends_with(&final_) || final_.ends_with(&last))
}

/// Every repository of the registry.
fn everything(owner: &Owner<'_>) -> String {
    format!("{}*", registry_arn(owner))
}

/// The ARN of a repository of the registry as far as its name.
pub(crate) fn registry_arn(owner: &Owner<'_>) -> String {
    let (partition, account) = (text::own_partition(owner), text::own_account(owner));
    let region = text::own_region(owner);
    format!("arn:{partition}:ecr:{region}:{account}:repository/")
}
