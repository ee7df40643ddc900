//! Texts with `*`, the way ECR reads them: any run of characters, or none.
//! It does not know what the texts name.

use crate::model::policy::{WildcardStep, matches_by};
use crate::model::{Piece, Shape};

/// Stands for any character that occurs in no pattern.
const FRESH: &str = "\u{1}";

/// Longest texts that are compared with each other pattern by pattern.
const LIMIT: usize = 1024;

/// Whether `pattern` matches the whole of `text`.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(head) else {
        return false;
    };
    let Some((middle, tail)) = rest.rsplit_once('*') else {
        return text.ends_with(rest);
    };
    // The earliest place for each part leaves the most room for the parts behind it.
    for part in middle.split('*') {
        let Some(at) = text.find(part) else {
            return false;
        };
        text = &text[at + part.len()..];
    }
    text.ends_with(tail)
}

/// Whether `general` matches everything that `special` matches.
///
/// A text that fills the gaps of `special` with a character of no pattern is matched only through a
/// `*` of `general`, which then takes any filling.
pub(super) fn covers(general: &str, special: &str) -> bool {
    matches(general, &generic(special))
}

/// A text that the pattern matches, and that no other pattern matches unless it covers the pattern.
pub(super) fn generic(pattern: &str) -> String {
    pattern.replace('*', FRESH)
}

/// The text with `filling` in its gaps, where it is one of [`generic`].
pub(super) fn fill(generic: &str, filling: &str) -> String {
    generic.replace(FRESH, filling)
}

/// Whether some text is matched by both patterns. Beyond [`LIMIT`] bytes the answer is yes.
pub(super) fn overlap(left: &str, right: &str) -> bool {
    if left.len() > LIMIT || right.len() > LIMIT {
        return true;
    }
    let right: Vec<char> = right.chars().collect();
    // reach[j]: what was read of `left` and the first j characters of `right` have a common text.
    let mut reach = vec![false; right.len() + 1];
    reach[0] = true;
    skip_stars(&mut reach, &right);
    for letter in left.chars() {
        let mut next = vec![false; right.len() + 1];
        if letter == '*' {
            let first = reach.iter().position(|reached| *reached);
            next.iter_mut()
                .skip(first.unwrap_or(usize::MAX))
                .for_each(|reached| *reached = true);
        } else {
            for (at, other) in right.iter().enumerate() {
                if reach[at] && *other == '*' {
                    next[at] = true;
                } else if reach[at] && *other == letter {
                    next[at + 1] = true;
                }
            }
        }
        reach = next;
        skip_stars(&mut reach, &right);
    }
    reach[right.len()]
}

/// A `*` may stand for nothing.
fn skip_stars(reach: &mut [bool], pattern: &[char]) {
    for (at, letter) in pattern.iter().enumerate() {
        if reach[at] && *letter == '*' {
            reach[at + 1] = true;
        }
    }
}

/// One part of a pattern of which not everything is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum GlobSymbol {
    /// This character.
    Letter(char),
    /// Any run of characters, or none.
    Star,
    /// What is not known, by its name; whatever it is, it is the same wherever the name is.
    Hole(String),
}

/// The parts of a shape; `None` where two holes of one name need not be the same.
pub(super) fn symbols(shape: &Shape) -> Option<Vec<GlobSymbol>> {
    let mut symbols = Vec::new();
    for piece in &shape.0 {
        match piece {
            Piece::Text(text) => symbols.extend(text.chars().map(|letter| match letter {
                '*' => GlobSymbol::Star,
                letter => GlobSymbol::Letter(letter),
            })),
            Piece::Hole(name, _) if Shape::is_one_thing(name) => {
                symbols.push(GlobSymbol::Hole(name.clone()));
            }
            Piece::Hole(..) => return None,
        }
    }
    Some(symbols)
}

/// Whether `general` matches everything that `special` matches, whatever the holes of both turn out to be.
///
/// What fills a hole stands in the same place in both, and a `*` of `general` takes any filling. False where that
/// cannot be determined, or beyond [`LIMIT`] parts.
pub(super) fn always_covers(general: &[GlobSymbol], special: &[GlobSymbol]) -> bool {
    let is_short = general.len() <= LIMIT && special.len() <= LIMIT;
    is_short
        && matches_by(general.iter(), special.iter(), |wanted, found| {
            match (wanted, found) {
                (GlobSymbol::Star, _) => WildcardStep::Star,
                (wanted, Some(found)) if wanted == found => WildcardStep::Fits,
                _ => WildcardStep::Differs,
            }
        })
}

/// The shape of a text as a pattern: its holes are the gaps.
pub(super) fn of_shape(shape: &Shape) -> String {
    let pieces = shape.0.iter().map(|piece| match piece {
        Piece::Text(text) => text.as_str(),
        Piece::Hole(..) => "*",
    });
    pieces.collect()
}

#[cfg(test)]
mod tests {
    use super::{GlobSymbol, always_covers, covers, matches, overlap};

    fn symbols(text: &str) -> Vec<GlobSymbol> {
        let symbol = |letter: char| match letter {
            '*' => GlobSymbol::Star,
            'P' | 'Q' => GlobSymbol::Hole(letter.to_string()),
            letter => GlobSymbol::Letter(letter),
        };
        text.chars().map(symbol).collect()
    }

    #[test]
    fn a_pattern_covers_another_one_with_the_same_holes() {
        for (general, special) in [
            ("P*", "P-x*"),
            ("a-P", "a-P"),
            ("*P", "a-P"),
            ("*", "PQ"),
            ("*P*Q", "aPbPQ"),
        ] {
            assert!(
                always_covers(&symbols(general), &symbols(special)),
                "{general} {special}"
            );
        }
        for (general, special) in [
            ("P*", "Q*"),
            ("P", "P*"),
            ("a*", "P*"),
            ("P-x*", "P*"),
            ("P", ""),
        ] {
            assert!(
                !always_covers(&symbols(general), &symbols(special)),
                "{general} {special}"
            );
        }
    }

    #[test]
    fn a_star_is_any_run_of_characters() {
        assert!(matches("prod*repo", "prod-repo") && matches("prod*repo", "prodrepo"));
        assert!(!matches("prod*repo", "prod-repo-x") && !matches("*prod", "prod-repo"));
        assert!(matches("*a*a*", "aa") && !matches("*a*a*", "a"));
        assert!(!matches("ab*ba", "aba"));
        assert!(matches("*", "") && matches("**", "x") && !matches("", "x"));
    }

    #[test]
    fn a_pattern_covers_what_it_always_matches() {
        assert!(covers("*", "v*") && covers("v*", "v*") && covers("v*", "v1"));
        assert!(!covers("v1*", "v*") && !covers("*-dev", "v*"));
    }

    #[test]
    fn patterns_overlap_when_one_text_fits_both() {
        assert!(overlap("*-dev", "v*") && overlap("a*", "*a") && overlap("*", ""));
        assert!(!overlap("dev-*", "v*") && !overlap("ab", "a") && !overlap("a*b", "a*c"));
        assert!(overlap("a*b*", "acb") && !overlap("a*b*", "acd"));
    }
}
