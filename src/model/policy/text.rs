//! The texts of a policy with what the stack itself fills in: its account, partition and region.
//! It does not know what a text is used for.

use std::borrow::Cow;
use std::sync::Arc;

use super::Owner;
use super::symbols::{HoleId, Own};
use super::words::Words;
use crate::model::{Data, MemberKey, Piece, TextLimits, Unknown, Value};

/// Why a comparison with the stack's own account stays open.
pub(crate) const ACCOUNT_UNKNOWN: &str = "the stack's account is not known";

/// A text as far as it is known.
#[derive(Clone, Debug)]
pub(crate) enum PolicyText<'d> {
    /// Every character is known.
    Known(Cow<'d, str>),
    /// Every character is known but for what the stack fills in.
    Own(Words),
    /// Some characters are not known.
    Partial { words: Words, reason: &'d str },
    /// The value is a list, a mapping, `null` or absent.
    Other,
}

impl<'d> PolicyText<'d> {
    /// Reads a scalar. Numbers and booleans count as their text, the way IAM takes them.
    pub(crate) fn read(value: Value<'d>, owner: &Owner<'_>) -> Self {
        match value.data() {
            Data::String(text) => own_variables(text, owner),
            Data::Number(text) => Self::Known(Cow::Borrowed(text)),
            Data::Bool(true) => Self::Known(Cow::Borrowed("true")),
            Data::Bool(false) => Self::Known(Cow::Borrowed("false")),
            Data::Unknown(unknown) => Self::partial(value, unknown, owner),
            Data::Null | Data::Array | Data::Object | Data::Absent => Self::Other,
        }
    }

    fn whole(words: Words) -> Self {
        match words.known() {
            Some(known) => Self::Known(Cow::Owned(known.to_owned())),
            None => Self::Own(words),
        }
    }

    fn partial(value: Value<'d>, unknown: &'d Unknown, owner: &Owner<'_>) -> Self {
        let words = match &unknown.shape {
            Some(shape) => {
                let pieces = shape.0.iter().enumerate();
                pieces.fold(Words::default(), |words, (at, piece)| match piece {
                    Piece::Text(text) => words.then(text),
                    Piece::Hole(name, limits) => match Own::named(name) {
                        Some(own) => words.then_own(own, owner),
                        None => words.then_hole(mark(value, name, limits.as_ref(), at)),
                    },
                })
            }
            None => Words::default().then_hole(mark(value, "", None, 0)),
        };
        if words.is_whole() && !unknown.maybe_absent {
            return Self::whole(words);
        }
        let reason = &unknown.reason;
        Self::Partial { words, reason }
    }
}

/// What tells a hole from others. A function such as `Fn::Join` is not named in full, so that two of one name may
/// be different values.
fn mark(value: Value<'_>, name: &str, limits: Option<&Arc<TextLimits>>, at: usize) -> HoleId {
    let is_named = !name.is_empty() && !name.starts_with("Fn::");
    match value.as_unknown().and_then(|it| it.reference.as_ref()) {
        Some(reference) => HoleId::Attribute(Arc::new(reference.clone()), at),
        None if is_named => HoleId::Named(name.into(), limits.cloned()),
        None => HoleId::At(value.id(), at),
    }
}

/// The policy variable that names the repository's side of a request.
fn own_variables<'d>(text: &'d str, owner: &Owner<'_>) -> PolicyText<'d> {
    const VARIABLE: &str = "${aws:ResourceAccount}";
    if !text.contains(VARIABLE) {
        return PolicyText::Known(Cow::Borrowed(text));
    }
    let mut words = Words::default();
    for (index, part) in text.split(VARIABLE).enumerate() {
        if index > 0 {
            words = words.then_own(Own::Account, owner);
        }
        words = words.then(part);
    }
    PolicyText::whole(words)
}

/// The value itself, or the items of a list: IAM allows either nearly everywhere.
pub(crate) fn one_or_many<'d>(value: Value<'d>) -> Vec<Value<'d>> {
    match value.data() {
        Data::Array => value.items().filter(|item| !item.is_absent()).collect(),
        Data::Absent => Vec::new(),
        _ => vec![value],
    }
}

/// The member `key`, unless it is absent.
pub(crate) fn member<'d>(value: Value<'d>, key: MemberKey) -> Option<Value<'d>> {
    value.get(key).filter(|member| !member.is_absent())
}

/// The fields of an ARN: `arn`, partition, service, region, account, resource.
pub(crate) fn arn_fields(text: &str) -> Option<[&str; 6]> {
    let mut rest = text.strip_prefix("arn:")?;
    let mut fields = ["arn"; 6];
    for field in &mut fields[1..5] {
        let colon = memchr::memchr(b':', rest.as_bytes())?;
        *field = &rest[..colon];
        rest = &rest[colon + 1..];
    }
    fields[5] = rest;
    Some(fields)
}

/// Whether `text` is an account id.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
