//! The texts of a policy with what the stack itself fills in: its account, partition and region.
//! It does not know what a text is used for.

use std::borrow::Cow;

use super::Owner;
use crate::model::{Data, Piece, Unknown, Value};

/// Stands for the stack's account where its id is not known. No account id looks like it.
pub(crate) const OWN_ACCOUNT: &str = "{account}";
const OWN_PARTITION: &str = "{partition}";
const OWN_REGION: &str = "{region}";

/// Why a comparison with the stack's own account stays open.
pub(crate) const ACCOUNT_UNKNOWN: &str = "the stack's account is not known";

/// A text as far as it is known.
#[derive(Clone, Debug)]
pub(crate) enum Text<'d> {
    /// Every character is known, the stack's own account, partition and region included.
    Known(Cow<'d, str>),
    /// Some characters are not known. `filled` has `*` where they stand.
    Partial { filled: String, reason: &'d str },
    /// The value is a list, a mapping, `null` or absent.
    Other,
}

impl<'d> Text<'d> {
    /// Reads a scalar. Numbers and booleans count as their text, the way IAM takes them.
    pub(crate) fn read(value: Value<'d>, owner: &Owner<'_>) -> Self {
        match value.data() {
            Data::String(text) => Self::Known(own_variables(text, owner)),
            Data::Number(text) => Self::Known(Cow::Borrowed(text)),
            Data::Bool(true) => Self::Known(Cow::Borrowed("true")),
            Data::Bool(false) => Self::Known(Cow::Borrowed("false")),
            Data::Unknown(unknown) => partial(unknown, owner),
            Data::Null | Data::Array | Data::Object | Data::Absent => Self::Other,
        }
    }
}

/// The two policy variables that name the repository's side of a request.
fn own_variables<'d>(text: &'d str, owner: &Owner<'_>) -> Cow<'d, str> {
    const VARIABLE: &str = "${aws:ResourceAccount}";
    if text.contains(VARIABLE) {
        Cow::Owned(text.replace(VARIABLE, own_account(owner)))
    } else {
        Cow::Borrowed(text)
    }
}

/// The stack's account, or what stands for it.
pub(crate) fn own_account<'o>(owner: &Owner<'o>) -> &'o str {
    owner.account.unwrap_or(OWN_ACCOUNT)
}

/// The stack's partition, or what stands for it.
pub(crate) fn own_partition<'o>(owner: &Owner<'o>) -> &'o str {
    owner.partition.unwrap_or(OWN_PARTITION)
}

/// The stack's region, or what stands for it.
pub(crate) fn own_region<'o>(owner: &Owner<'o>) -> &'o str {
    owner.region.unwrap_or(OWN_REGION)
}

fn partial<'d>(unknown: &'d Unknown, owner: &Owner<'_>) -> Text<'d> {
    let mut filled = String::new();
    let mut complete = !unknown.maybe_absent;
    match &unknown.shape {
        Some(shape) => {
            for piece in &shape.0 {
                filled.push_str(match piece {
                    Piece::Text(text) => text,
                    Piece::Hole(name) => match name.as_str() {
                        "AWS::AccountId" => own_account(owner),
                        "AWS::Partition" => own_partition(owner),
                        "AWS::Region" => own_region(owner),
                        _ => {
                            complete = false;
                            "*"
                        }
                    },
                });
            }
        }
        None => {
            complete = false;
            filled.push('*');
        }
    }
    if complete {
        Text::Known(Cow::Owned(filled))
    } else {
        Text::Partial {
            filled,
            reason: &unknown.reason,
        }
    }
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
pub(crate) fn member<'d>(value: Value<'d>, key: &str) -> Option<Value<'d>> {
    value.get(key).filter(|member| !member.is_absent())
}

/// The fields of an ARN: `arn`, partition, service, region, account, resource.
pub(crate) fn arn_fields(text: &str) -> Option<[&str; 6]> {
    let mut fields = text.splitn(6, ':');
    let fields = [(); 6].map(|()| fields.next());
    match fields {
        [Some("arn"), Some(a), Some(b), Some(c), Some(d), Some(e)] => Some(["arn", a, b, c, d, e]),
        _ => None,
    }
}

/// Whether `text` is an account id, or stands for the stack's own.
pub(crate) fn is_account(text: &str) -> bool {
    text == OWN_ACCOUNT || text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
