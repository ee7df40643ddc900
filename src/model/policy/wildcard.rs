//! The wildcards of IAM: `*` stands for any characters or none, `?` for one character.
//! It does not know what the texts name.

/// Whether `text` as a whole fits `pattern`, letter case included. Linear in the product of both
/// lengths at worst, without recursion.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let mut pattern_rest = pattern.chars();
    let mut text_rest = text.chars();
    // Where to go on after the latest `*` when what follows it does not fit.
    let mut retry: Option<(std::str::Chars<'_>, std::str::Chars<'_>)> = None;
    loop {
        let mut next_pattern = pattern_rest.clone();
        let mut next_text = text_rest.clone();
        match (next_pattern.next(), next_text.next()) {
            (Some('*'), _) => {
                retry = Some((next_pattern.clone(), text_rest.clone()));
                pattern_rest = next_pattern;
                continue;
            }
            (None, None) => return true,
            (Some(wanted), Some(found)) if wanted == '?' || wanted == found => {
                pattern_rest = next_pattern;
                text_rest = next_text;
                continue;
            }
            _ => {}
        }
        let Some((after_star, mut skipped)) = retry.take() else {
            return false;
        };
        if skipped.next().is_none() {
            return false;
        }
        pattern_rest = after_star.clone();
        text_rest = skipped.clone();
        retry = Some((after_star, skipped));
    }
}

/// The characters that are wildcards.
pub(crate) const WILDCARDS: [char; 2] = ['*', '?'];

/// Whether `text` holds a wildcard.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(WILDCARDS)
}

/// Whether `text` is made of wildcards alone.
pub(crate) fn is_anything(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| matches!(character, '*' | '?'))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_characters_or_none() {
        assert!(matches("*", ""));
        assert!(matches("a*c*e", "abcde"));
        assert!(matches("a*b", "aXbXb"));
        assert!(!matches("a*b", "aXbXc"));
        assert!(matches("**a", "ba"));
    }

    #[test]
    fn a_question_mark_stands_for_one_character() {
        assert!(matches("a?", "aé"));
        assert!(!matches("a?", "a"));
        assert!(!matches("?", ""));
    }
}
