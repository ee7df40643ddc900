//! The words of the configuration's messages: the user's own words quoted, values and choices named.
//! It does not know the configuration.

use crate::source::{Kind, nearest};

/// Whether `text` is an AWS account id.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The user's own word in backticks, on one line and of bearable length.
pub(crate) fn quoted(word: &str) -> String {
    let mut shown: String = word.chars().take(60).flat_map(printable).collect();
    if word.chars().nth(60).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

fn printable(character: char) -> impl Iterator<Item = char> {
    let escaped = character.is_control().then(|| character.escape_default());
    let plain = escaped.is_none().then_some(character);
    escaped.into_iter().flatten().chain(plain)
}

/// Words in backticks, separated by commas.
pub(crate) fn listed<W: AsRef<str>>(words: &[W]) -> String {
    let words: Vec<_> = words.iter().map(|word| quoted(word.as_ref())).collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A help that names the word that was meant, or all there are.
pub(crate) fn suggestion(word: &str, known: &[&str]) -> String {
    match likely(word, known) {
        Some(near) => format!("write `{near}`"),
        None => format!("use {}", listed(known)),
    }
}

/// The known word that was most likely meant.
pub(crate) fn likely<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let short = Some(word).filter(|word| word.len() <= 200);
    short.and_then(|word| nearest(word, known.iter().copied()))
}

/// What a value is, in words.
pub(crate) fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "nothing",
        Kind::Bool(_) => "a boolean",
        Kind::Number => "a number",
        Kind::String => "text",
        Kind::Array => "a list",
        Kind::Object => "a mapping",
    }
}

/// Whether `text` can name a template parameter, with or without a stack in front of it.
pub(crate) fn is_name(text: &str) -> bool {
    let letters = |character: char| {
        character.is_alphanumeric() || matches!(character, ':' | '/' | '-' | '_' | '.')
    };
    !text.is_empty() && text.chars().all(letters)
}
