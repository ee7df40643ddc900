//! What IAM refuses in a principal that a policy names. It does not know what the principal may do.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use crate::model::Value;
use crate::model::policy::Owner;
use crate::model::policy::account::Account;
use crate::model::policy::principal;
use crate::model::policy::symbols::TextSymbols;
use crate::model::policy::text::{PolicyText, is_account};
use crate::model::policy::words::Words;

/// What is wrong with a principal of AWS.
pub(super) fn problem(text: &str) -> Option<String> {
    let refused = |what: &str| Some(format!("the principal `{text}` {what}"));
    if text == "*" || principal::is_unique_id(text) {
        return None;
    }
    match is_strange(text) {
        true => {
            let hint = as_written(text);
            refused(&format!("is an account id without twelve digits{hint}"))
        }
        false => symbols_problem(TextSymbols::of(text)),
    }
}

/// Whether a text is a number that no account has.
fn is_strange(text: &str) -> bool {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number && !is_account(text)
}

/// Says which account YAML makes this number of, where that is likely: digits behind a zero count by eights unless they
/// are quoted.
pub(super) fn as_written(number: &str) -> String {
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
    let octal = number
        .parse::<u64>()
        .ok()
        .map(|number| format!("{number:o}"));
    match octal.filter(|octal| is_plain && octal.len() == 11) {
        Some(octal) => format!(", as YAML reads `{octal:0>12}` without quotes"),
        None => String::new(),
    }
}

/// The same for a principal of which something may not be known.
pub(super) fn symbols_problem(symbols: TextSymbols<'_>) -> Option<String> {
    if Account::is_id(symbols) {
        return None;
    }
    let refused = |what: &str| Some(format!("the principal `{}` {what}", Words::from(symbols)));
    if symbols.is_pattern() {
        return refused("has a wildcard inside, IAM takes `*` alone");
    }
    match symbols.arn_fields() {
        Some([_, _, service, region, account, resource])
            if principal::is_iam(service) && region.is_empty() =>
        {
            if !Account::is_id(account) {
                let hint = account.known().map_or_else(String::new, as_written);
                refused(&format!("names an account without twelve digits{hint}"))
            } else if principal::may_call(resource) {
                None
            } else {
                refused("is not an ARN of an account, user, role or session")
            }
        }
        Some(_) => refused("is not an ARN of an account, user, role or session"),
        None => refused("is neither an account id nor an ARN"),
    }
}

/// Whether no hole is in front of the resource of an ARN.
pub(super) fn is_told(fields: [TextSymbols<'_>; 6]) -> bool {
    fields[..5].iter().all(|field| field.is_whole())
}

/// A number that no account has, where one is compared: IAM takes it, and the condition is about nobody.
pub(super) fn strange_account(value: Value<'_>, key: &str, owner: &Owner<'_>) -> Option<String> {
    const KEYS: [&str; 3] = [
        "aws:principalaccount",
        "aws:resourceaccount",
        "aws:sourceaccount",
    ];
    if !KEYS.contains(&key.to_ascii_lowercase().as_str()) {
        return None;
    }
    let PolicyText::Known(text) = PolicyText::read(value, owner) else {
        return None;
    };
    is_strange(&text).then(|| {
        let hint = as_written(&text);
        format!("the account `{text}` under `{key}`, without twelve digits{hint}")
    })
}
