//! The account of a principal, as far as it can be determined. It does not know what the account may do.

use crate::model::Truth;
use std::sync::Arc;

use super::symbols::{HoleId, Own, TextSymbol, TextSymbols};
use super::text::{self, is_account};
use super::words::Words;
use super::{Owner, overlap};

/// An account, as far as it is known which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Account {
    /// Twelve digits.
    Known(Arc<str>),
    /// The stack's own, whose id is not known.
    Own,
    /// One whose id is not known, for a reason: the same account wherever the same id stands.
    Hidden { id: Words, reason: Arc<str> },
}

impl Account {
    pub(crate) fn known(id: &str) -> Self {
        Self::Known(id.into())
    }

    /// The stack's own.
    pub(crate) fn own(owner: &Owner<'_>) -> Self {
        owner.account.map_or(Self::Own, Self::known)
    }

    pub(crate) fn hidden(id: Words, reason: &str) -> Self {
        let reason = reason.into();
        Self::Hidden { id, reason }
    }

    /// The account of what has an ARN that does not say it.
    pub(crate) fn behind(arn: &Words, reason: &str) -> Self {
        let mark = HoleId::AccountOf(arn.placed());
        Self::hidden(Words::default().then_hole(mark), reason)
    }

    /// Whether a text is an account id, known or the stack's own.
    pub(crate) fn is_id(text: TextSymbols<'_>) -> bool {
        match text.known() {
            Some(known) => is_account(known),
            None => text.only() == Some(TextSymbol::Own(Own::Account)),
        }
    }

    /// What an account id stands for, where it is one; `reason` says why it may not be known.
    pub(crate) fn read(id: TextSymbols<'_>, reason: Option<&str>) -> Option<Self> {
        match (id.known(), reason) {
            (Some(known), _) => is_account(known).then(|| Self::known(known)),
            (None, _) if id.only() == Some(TextSymbol::Own(Own::Account)) => Some(Self::Own),
            (None, Some(reason)) => Some(Self::hidden(Words::from(id), reason)),
            (None, None) => None,
        }
    }

    /// The id as far as it is known.
    pub(crate) fn id(&self) -> Words {
        match self {
            Self::Known(id) => Words::from(&**id),
            Self::Own => Words::from_iter([TextSymbol::Own(Own::Account)]),
            Self::Hidden { id, .. } => id.clone(),
        }
    }

    /// Why the account cannot be told from others.
    pub(crate) fn reason(&self) -> Option<&str> {
        match self {
            Self::Known(_) => None,
            Self::Own => Some(text::ACCOUNT_UNKNOWN),
            Self::Hidden { reason, .. } => Some(reason),
        }
    }

    /// Whether both are one.
    pub(crate) fn is(&self, other: &Self) -> Truth {
        match (self, other) {
            (Self::Known(one), Self::Known(other)) => Truth::from(one == other),
            (Self::Own, Self::Own) => Truth::True,
            (Self::Hidden { id, .. }, Self::Hidden { id: other, .. }) if id == other => Truth::True,
            (Self::Hidden { id, reason }, other) | (other, Self::Hidden { id, reason }) => {
                match overlap::may_be(id.symbols(), other.id().symbols()) {
                    true => Truth::unknown(&**reason),
                    false => Truth::False,
                }
            }
            (Self::Own, Self::Known(_)) | (Self::Known(_), Self::Own) => {
                Truth::unknown(text::ACCOUNT_UNKNOWN)
            }
        }
    }
    /// Whether it is the stack's own.
    pub(crate) fn is_own(&self, owner: &Owner<'_>) -> Truth {
        self.is(&Self::own(owner))
    }
}
