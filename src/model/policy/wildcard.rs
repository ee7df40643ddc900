//! The wildcards of IAM: `*` stands for any characters or none, `?` for one character.
//! It does not know what the texts name.

use super::symbols::{TextSymbol, TextSymbols};

/// Whether `text` as a whole fits `pattern`, letter case included. Linear in the product of both
/// lengths at worst, without recursion.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    matches_by(pattern.chars(), text.chars(), |wanted, found| {
        match (wanted, found) {
            ('*', _) => WildcardStep::Star,
            ('?', _) => WildcardStep::Fits,
            (wanted, Some(found)) if wanted == found => WildcardStep::Fits,
            _ => WildcardStep::Differs,
        }
    })
}

/// The same for texts that are not wholly known: what is not known is only the same as itself.
pub(crate) fn matches_symbols(pattern: TextSymbols<'_>, text: TextSymbols<'_>) -> bool {
    if !pattern.is_pattern() {
        return pattern == text;
    }
    if pattern.is("*") {
        return true;
    }
    matches_by(pattern.iter(), text.iter(), |wanted, found| {
        match (wanted, found) {
            (TextSymbol::Char('*'), _) => WildcardStep::Star,
            (TextSymbol::Char('?'), Some(TextSymbol::Char(_) | TextSymbol::Fresh)) => {
                WildcardStep::Fits
            }
            (wanted, Some(found)) if wanted == found => WildcardStep::Fits,
            _ => WildcardStep::Differs,
        }
    })
}

/// What a place of a pattern is to a place of a text.
pub(crate) enum WildcardStep {
    /// It takes any number of places.
    Star,
    /// It takes this one.
    Fits,
    /// It takes none.
    Differs,
}

/// Whether a text as a whole fits a pattern, where `step` says what a place of the pattern takes: that of the text, or
/// nothing behind its end.
pub(crate) fn matches_by<P, T>(
    mut pattern_rest: P,
    mut text_rest: T,
    step: impl Fn(P::Item, Option<T::Item>) -> WildcardStep,
) -> bool
where
    P: Iterator + Clone,
    T: Iterator + Clone,
{
    // Where to go on after the latest `*` when what follows it does not fit.
    let mut retry: Option<(P, T)> = None;
    loop {
        let mut next_pattern = pattern_rest.clone();
        let mut next_text = text_rest.clone();
        let found = next_text.next();
        let at_end = found.is_none();
        match next_pattern.next().map(|wanted| step(wanted, found)) {
            Some(WildcardStep::Star) => {
                retry = Some((next_pattern.clone(), text_rest.clone()));
                pattern_rest = next_pattern;
                continue;
            }
            None if at_end => return true,
            Some(WildcardStep::Fits) if !at_end => {
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
    memchr::memchr2(b'*', b'?', text.as_bytes()).is_some()
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
