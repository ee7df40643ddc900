//! Where templates are deployed that do not say it themselves, as it is typed.
//! It does not know what depends on it.

use clap::Args;

/// Digits of the id of an account
/// (<https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html>).
const ACCOUNT_DIGITS: usize = 12;

/// Where stacks are deployed whose account and region nothing else says.
#[derive(Clone, Debug, Default, Args)]
pub struct PlaceArgs {
    /// Environment of the configuration that templates are deployed to, where nothing else says
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,

    /// Account that templates are deployed to, where nothing else says
    #[arg(long, value_name = "ID", value_parser = account, conflicts_with = "environment")]
    pub account: Option<String>,

    /// Region that templates are deployed to, where nothing else says
    #[arg(long, value_name = "REGION", value_parser = region, conflicts_with = "environment")]
    pub region: Option<String>,
}

fn account(text: &str) -> Result<String, String> {
    let is_one = text.len() == ACCOUNT_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
    match is_one {
        true => Ok(text.to_owned()),
        false => Err("an account is a number of twelve digits".to_owned()),
    }
}

/// Lower-case words and a number, as in `eu-west-1` and `us-gov-east-1`.
fn region(text: &str) -> Result<String, String> {
    let mut parts = text.rsplit('-');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    let ends = parts.next().is_some_and(is_number);
    let words: Vec<&str> = parts.collect();
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_lowercase());
    match ends && words.len() >= 2 && words.iter().all(is_word) {
        true => Ok(text.to_owned()),
        false => Err("a region is written like `eu-west-1`".to_owned()),
    }
}
