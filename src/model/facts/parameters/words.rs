//! Names of parameters as texts: filled in, joined and compared.
//! It does not know which parameters there are.

/// Whether names differ in letter case and separators only. They are compared from behind, where the
/// names of the parameters of one template differ.
pub(super) fn are_alike(one: &str, other: &str) -> bool {
    let ends = [one, other].map(|name| name.bytes().next_back());
    if let [Some(end), Some(other_end)] = ends
        && end.is_ascii_alphanumeric()
        && other_end.is_ascii_alphanumeric()
        && !end.eq_ignore_ascii_case(&other_end)
    {
        return false;
    }
    if one.is_ascii() && other.is_ascii() {
        let [one, other] = [one, other].map(|name| {
            let letters = name.bytes().rev().filter(u8::is_ascii_alphanumeric);
            letters.map(|letter| letter.to_ascii_lowercase())
        });
        return one.eq(other);
    }
    letters(one).rev().eq(letters(other).rev())
}

/// Letters and digits in lower case.
fn letters(name: &str) -> impl DoubleEndedIterator<Item = char> + '_ {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

/// Fills a hole of a template, which starts with a brace.
pub(super) fn fill(template: &str, hole: &str, text: &str) -> String {
    let mut out = String::with_capacity(template.len() + text.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        rest = match from.strip_prefix(hole) {
            Some(behind) => {
                out.push_str(text);
                behind
            }
            None => {
                out.push('{');
                &from[1..]
            }
        };
    }
    out.push_str(rest);
    out
}

/// Writes every run of characters that are neither letters nor digits as one `_`.
pub(super) fn with_underscores(base: &str) -> String {
    let mut joined = String::with_capacity(base.len());
    for letter in base.chars() {
        if letter.is_alphanumeric() {
            joined.push(letter);
        } else if !joined.ends_with('_') {
            joined.push('_');
        }
    }
    joined
}
