//! What a request holds under a key, and whether that fits the values of a condition.
//! It does not know who calls.

use std::net::IpAddr;

use super::condition::{Condition, ConditionKey, Side, ValuePattern};
use super::operator::{Operator, SetOperator, Test};
use super::text::{self, arn_fields};
use super::words::Words;
use super::{overlap, wildcard, witness};
use crate::model::Truth;

/// What a request holds under a key.
pub(super) enum ContextValue {
    Absent,
    Text(Words),
    /// A value that is new to everybody.
    Fresh,
    /// The ARN of somebody whose account nobody names.
    Unnamed(Words),
    /// A place that positive conditions name.
    NamedPlace,
    Free,
    Circumstance,
}

pub(super) fn truth(flag: bool) -> Words {
    Words::from(if flag { "true" } else { "false" })
}

/// `Null` with `true` asks that the key is absent.
pub(super) fn null(condition: &Condition<'_>, held: &ContextValue) -> Truth {
    let absent = matches!(held, ContextValue::Absent);
    Truth::any(
        condition
            .patterns
            .iter()
            .map(|pattern| match &pattern.reason {
                Some(reason) => Truth::unknown(reason.clone()),
                None => Truth::from(equal_ignoring_case(&pattern.words, &truth(absent))),
            }),
    )
}

/// Whether a value that is there fits a condition. Who calls brings about what an `Allow` asks and avoids a `Deny`.
pub(super) fn compare(
    condition: &Condition<'_>,
    operator: Operator,
    held: &ContextValue,
    side: Side,
) -> Truth {
    if operator.test == Test::Ordered {
        return Truth::unknown(format!(
            "`{}` is neither a number nor a date, as `{}` compares",
            condition.name, condition.operator
        ));
    }
    let found = Truth::any(condition.patterns.iter().map(|pattern| match held {
        ContextValue::Text(text) if condition.key == ConditionKey::PrincipalServiceNames => {
            matches_text(operator.test, pattern, text).or(is_of_service(pattern, text))
        }
        ContextValue::Text(text) => matches_text(operator.test, pattern, text),
        held => {
            let admitted = admits(condition.key, operator.test, pattern, held);
            // Among those whom nobody names there are some whom a part of an id does not fit.
            let is_avoided = (side == Side::Allow) == operator.negated
                && pattern.reason.is_none()
                && operator.test != Test::Address;
            match admitted {
                Truth::Unknown(()) if is_avoided => Truth::False,
                admitted => as_known(pattern, admitted),
            }
        }
    }));
    if operator.set == SetOperator::One && condition.key.is_multivalued() && !found.is_false() {
        return Truth::unknown(format!(
            "`{}` holds several values, and `{}` compares one",
            condition.name, condition.operator
        ));
    }
    if operator.negated { !found } else { found }
}

/// Whether a value that is known, or stands for one, fits a pattern.
fn matches_text(test: Test, pattern: &ValuePattern, text: &Words) -> Truth {
    let (wanted, found) = (&pattern.words, text);
    let (fits, may_fit) = match test {
        _ if wanted == found => (true, true),
        Test::EqualsIgnoreCase => (
            equal_ignoring_case(wanted, found),
            meet(&wanted.lower(), &found.lower(), false),
        ),
        Test::Like => (
            wildcard::matches_symbols(wanted.symbols(), found.symbols()),
            meet(wanted, found, true),
        ),
        Test::Arn => arn_matches(wanted, found),
        _ => (false, meet(wanted, found, false)),
    };
    match &pattern.reason {
        _ if fits => Truth::True,
        _ if !may_fit => Truth::False,
        Some(reason) => Truth::unknown(reason.clone()),
        None if found.is_whole() => Truth::unknown(text::ACCOUNT_UNKNOWN),
        None => Truth::unknown("which account it is cannot be known"),
    }
}

/// Whether a pattern is another name of a service, such as one with a region in it.
fn is_of_service(pattern: &ValuePattern, name: &Words) -> Truth {
    let first = |words: &Words| {
        let open = words.open();
        open.split('.').next().map(str::to_owned)
    };
    match first(&pattern.words) == first(name) {
        true => Truth::unknown(format!("which names `{name}` has besides is not known")),
        false => Truth::False,
    }
}

/// Whether a pattern and a text may turn out to fit because part of either is not known.
fn meet(pattern: &Words, text: &Words, wild: bool) -> bool {
    let (one, other) = (pattern.symbols(), text.symbols());
    match (pattern.is_known() && text.is_known(), wild) {
        (true, _) => false,
        (false, true) => overlap::may_meet(one, other),
        (false, false) => overlap::may_be(one, other),
    }
}

fn equal_ignoring_case(one: &Words, other: &Words) -> bool {
    one == other || one.lower() == other.lower()
}

/// Whether a text fits a pattern field by field, and whether it may.
fn arn_matches(pattern: &Words, text: &Words) -> (bool, bool) {
    if pattern.is("*") {
        return (true, true);
    }
    match (pattern.arn_fields(), text.arn_fields()) {
        (Some(patterns), Some(texts)) => {
            let mut fits = true;
            let may_fit = patterns.into_iter().zip(texts).all(|(pattern, text)| {
                let is_met = wildcard::matches_symbols(pattern, text);
                fits &= is_met;
                is_met || overlap::may_meet(pattern, text)
            });
            (fits, may_fit)
        }
        _ => (false, meet(pattern, text, true)),
    }
}

/// Whether a value of a stranger's own fits: no for a closed pattern, yes for an open one.
fn admits(key: ConditionKey, test: Test, pattern: &ValuePattern, held: &ContextValue) -> Truth<()> {
    let text = pattern.words.sample();
    match (test, held) {
        _ if pattern.variable => Truth::True,
        (Test::Like | Test::Arn, ContextValue::Unnamed(arn))
            if pattern.reason.is_none() && witness::is_open(&pattern.words) =>
        {
            witness::fits(test, &pattern.words, arn)
        }
        (Test::Like | Test::Arn, _) => admits_stranger(key, test, &text),
        (Test::Address, _) => is_wide(&text),
        _ => Truth::False,
    }
}

/// The same with the reason, where it is not known.
fn as_known(pattern: &ValuePattern, admitted: Truth<()>) -> Truth {
    match (&pattern.reason, admitted) {
        (_, Truth::False) => Truth::False,
        (Some(reason), _) => Truth::unknown(reason.clone()),
        (None, Truth::True) => Truth::True,
        (None, Truth::Unknown(())) => Truth::unknown(format!(
            "whom `{}` matches cannot be determined",
            pattern.words
        )),
    }
}

/// Whether a pattern is open to everybody; unknown when it is to some.
fn admits_stranger(key: ConditionKey, test: Test, pattern: &str) -> Truth<()> {
    if pattern.chars().all(|character| character == '*') {
        return Truth::from(!pattern.is_empty());
    }
    match key {
        ConditionKey::PrincipalOrganisation | ConditionKey::SourceOrganisation => {
            admits_id(pattern, "o-")
        }
        ConditionKey::PrincipalOrganisationPath | ConditionKey::SourceOrganisationPath => {
            admits_path(pattern)
        }
        ConditionKey::PrincipalArn | ConditionKey::SourceArn => admits_arn(test, pattern),
        ConditionKey::Endpoint if pattern.starts_with("arn:") => admits_arn(test, pattern),
        ConditionKey::Endpoint if pattern.starts_with("o-") => admits_path(pattern),
        ConditionKey::Endpoint => {
            let prefix = ["vpce-", "vpc-"]
                .into_iter()
                .find(|prefix| pattern.starts_with(prefix));
            admits_id(pattern, prefix.unwrap_or_default())
        }
        _ => admits_id(pattern, ""),
    }
}

/// An organisation, alone or with units of it.
fn admits_path(pattern: &str) -> Truth<()> {
    let (organisation, rest) = pattern.split_once('/').unwrap_or((pattern, ""));
    match admits_id(organisation, "o-") {
        Truth::True if !rest.chars().all(|c| matches!(c, '*' | '/')) => Truth::Unknown(()),
        admitted => admitted,
    }
}

fn admits_arn(test: Test, pattern: &str) -> Truth<()> {
    let Some([_, partition, service, region, account, resource]) = arn_fields(pattern) else {
        return match wildcard::is_pattern(pattern) {
            true => Truth::Unknown(()),
            false => Truth::False,
        };
    };
    // Under `StringLike` a `*` in front of the account also spans colons.
    let spans = test == Test::Like && [partition, service, region].join("").contains('*');
    match account {
        "" => admits_id(resource, ""),
        account => match admits_id(account, "") {
            Truth::False if spans => Truth::Unknown(()),
            admitted => admitted,
        },
    }
}

/// Characters of the shortest ids that AWS gives out, those of organisations.
const SHORTEST_ID: usize = 10;

/// Whether an id that is given out by AWS may fit: `prefix` is the same for all of them.
fn admits_id(pattern: &str, prefix: &str) -> Truth<()> {
    let rest = pattern.strip_prefix(prefix).unwrap_or(pattern);
    let is_long = rest.contains('*') || rest.len() >= SHORTEST_ID;
    if wildcard::is_anything(rest) && is_long {
        Truth::True
    } else if wildcard::is_pattern(rest) {
        Truth::Unknown(())
    } else {
        Truth::False
    }
}

/// Whether a range holds addresses of anybody: wider than `/8`, or `/32` of IPv6, the bounds beyond
/// which Amazon S3 calls a policy public. Unknown for what is not a range.
fn is_wide(range: &str) -> Truth<()> {
    let (address, bits) = range.split_once('/').unwrap_or((range, "128"));
    let (Ok(address), Ok(bits)) = (address.parse::<IpAddr>(), bits.parse::<u8>()) else {
        return Truth::Unknown(());
    };
    Truth::from(bits < if address.is_ipv4() { 8 } else { 32 })
}
