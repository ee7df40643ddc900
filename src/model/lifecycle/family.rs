//! Families of images: those whose tags are the same but for numbers, versions, commits and days.
//! It does not know what becomes of images.

/// The family of images without a tag.
const UNTAGGED: &str = "untagged";
/// Families of tags that are reported for one image.
const MOST: usize = 3;
/// Fewest characters of the abbreviation of a commit.
const COMMIT: usize = 7;

/// The family of an image with these tags, such as `main-{n} + {sha}`.
#[must_use]
pub fn family(tags: &[String]) -> String {
    if tags.is_empty() {
        return UNTAGGED.to_owned();
    }
    let mut all: Vec<String> = tags.iter().take(100).map(|tag| alike(tag)).collect();
    all.sort_unstable();
    all.dedup();
    let more = if all.len() > MOST { " + …" } else { "" };
    all.truncate(MOST);
    all.join(" + ") + more
}

/// A tag with a word in place of each number, version, commit and day.
fn alike(tag: &str) -> String {
    let mut found = String::with_capacity(tag.len());
    let mut rest = tag;
    let mut is_start = true;
    while let Some(next) = rest.chars().next() {
        if is_start {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric());
            let word = &rest[..end.unwrap_or(rest.len())];
            if is_commit(word) {
                found.push_str("{sha}");
                rest = &rest[word.len()..];
                is_start = false;
                continue;
            }
        }
        if next.is_ascii_digit() {
            let (word, length) = number(rest);
            found.push_str(word);
            rest = &rest[length..];
            is_start = false;
        } else {
            found.push(next);
            rest = &rest[next.len_utf8()..];
            is_start = !next.is_ascii_alphanumeric();
        }
    }
    found
}

/// Whether a word is a commit, whole or abbreviated: hexadecimal digits, of both kinds.
fn is_commit(word: &str) -> bool {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    word.len() >= COMMIT
        && word.bytes().all(is_hex)
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// What a text that begins with a digit begins with, and how long it is there.
fn number(text: &str) -> (&'static str, usize) {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let first = digits(text);
    let part = |at: usize, between: char| {
        let behind = text.get(at..)?.strip_prefix(between)?;
        Some(digits(behind)).filter(|count| *count > 0)
    };
    if let Some(second) = part(first, '.')
        && let Some(third) = part(first + 1 + second, '.')
    {
        return ("{semver}", first + second + third + 2);
    }
    if first == 4 && part(4, '-') == Some(2) && part(7, '-') == Some(2) {
        return ("{date}", 10);
    }
    let is_year = ["19", "20"].iter().any(|century| text.starts_with(century));
    match first {
        8 if is_year => ("{date}", 8),
        _ => ("{n}", first),
    }
}

#[cfg(test)]
mod tests {
    use super::family;

    #[test]
    fn tags_that_differ_in_numbers_are_alike() {
        for (tags, expected) in [
            ("main-123", "main-{n}"),
            ("v1.4.2", "v{semver}"),
            ("1.4.2-rc1", "{semver}-rc{n}"),
            ("pr-7-3f2a91c", "pr-{n}-{sha}"),
            ("0123456789abcdef0123456789abcdef01234567", "{sha}"),
            ("nightly-2026-01-31", "nightly-{date}"),
            ("20260131.4", "{date}.{n}"),
            ("1234567", "{n}"),
            ("latest", "latest"),
            ("abcdefa", "abcdefa"),
            ("", ""),
            ("é9\u{202e}", "é{n}\u{202e}"),
            ("1.", "{n}."),
        ] {
            assert_eq!(family(&[tags.to_owned()]), expected, "{tags}");
        }
        assert_eq!(family(&[]), "untagged");
        let tags = ["v1.0.0", "latest", "main-9", "v1.0.1", "x"].map(str::to_owned);
        assert_eq!(family(&tags), "latest + main-{n} + v{semver} + …");
    }
}
