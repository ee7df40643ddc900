//! Wildcards of patterns: `*` stands for any characters, or none, and `\*` for itself.
//! It does not know events.

use crate::model::{Piece, Shape};

/// The steps of one comparison; beyond them anything is taken for possible.
const MOST_STEPS: usize = 1 << 20;

/// A character, or `None` for any number of them.
type Letters = Vec<Option<char>>;

/// What a wildcard says of a text of which only a shape is known: whether it fits for certain, and whether it can.
pub(super) fn fits(pattern: &str, shape: &Shape) -> (bool, bool) {
    let pattern = letters(pattern);
    let text = shape_letters(shape);
    if pattern.len().saturating_mul(text.len()) > MOST_STEPS {
        return (false, true);
    }
    let is_known = text.iter().all(Option::is_some);
    let can = meet(&pattern, &text);
    (can && (is_known || swallows(&pattern, &text)), can)
}

/// The characters that stand for themselves, piece by piece.
pub(super) fn literals(pattern: &str) -> Vec<String> {
    let letters = letters(pattern);
    let pieces = letters.split(Option::is_none);
    pieces
        .map(|piece| piece.iter().flatten().collect())
        .collect()
}

fn letters(pattern: &str) -> Letters {
    let mut found = Vec::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        found.push(match letter {
            '*' => None,
            '\\' => Some(letters.next().unwrap_or('\\')),
            letter => Some(letter),
        });
    }
    found
}

fn shape_letters(shape: &Shape) -> Letters {
    let mut found = Vec::new();
    for piece in &shape.0 {
        match piece {
            Piece::Text(text) => found.extend(text.chars().map(Some)),
            Piece::Hole(..) => found.push(None),
        }
    }
    found
}

/// Whether some text fits both. The steps are the product of both lengths.
fn meet(one: &Letters, other: &Letters) -> bool {
    // `reached[j]`: the first `i` of one and the first `j` of the other have a text in common.
    let mut reached = vec![false; other.len() + 1];
    reached[0] = true;
    for (j, letter) in other.iter().enumerate() {
        reached[j + 1] = reached[j] && letter.is_none();
    }
    for left in one {
        let mut next = vec![false; other.len() + 1];
        next[0] = reached[0] && left.is_none();
        for (j, right) in other.iter().enumerate() {
            next[j + 1] = match (left, right) {
                (None, None) => reached[j] || reached[j + 1] || next[j],
                (None, Some(_)) => reached[j + 1] || next[j],
                (Some(_), None) => next[j] || reached[j + 1],
                (Some(left), Some(right)) => left == right && reached[j],
            };
        }
        reached = next;
    }
    reached[other.len()]
}

/// Whether a pattern with one `*` takes in all that is not certain of a text.
fn swallows(pattern: &Letters, text: &Letters) -> bool {
    let mut parts = pattern.split(Option::is_none);
    let (Some(start), Some(end), None) = (parts.next(), parts.next(), parts.next()) else {
        return pattern.iter().all(Option::is_none) && !pattern.is_empty();
    };
    let first = text.iter().position(Option::is_none).unwrap_or(0);
    let last = text.iter().rposition(Option::is_none).unwrap_or(0) + 1;
    text[..first].starts_with(start) && text[last.min(text.len())..].ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::{fits, literals};
    use crate::model::{Piece, Shape};

    fn shape(text: &str) -> Shape {
        let pieces = text.split('$');
        let mut found = Vec::new();
        for (index, piece) in pieces.enumerate() {
            if index > 0 {
                found.push(Piece::hole("x"));
            }
            found.push(Piece::Text(piece.into()));
        }
        Shape(found)
    }

    #[test]
    fn a_wildcard_fits_what_it_can() {
        for (pattern, text, certain, can) in [
            ("a*c", "abbc", true, true),
            ("a*c", "ac", true, true),
            ("a*c", "a", false, false),
            (r"a\*c", "a*c", true, true),
            (r"a\*c", "abc", false, false),
            ("", "", true, true),
            ("*", "$", true, true),
            ("team/*", "team/$", true, true),
            ("team/*", "$", false, true),
            ("team/*", "acme/$", false, false),
            ("*/web", "team/$/api", false, false),
            ("*/api", "team/$/api", true, true),
            ("te*pi", "team/$/api", true, true),
            ("te*x*pi", "team/$/api", false, true),
            ("team", "team/$", false, false),
            (
                "arn:*:repository/app",
                "arn:$:ecr:$:$:repository/app",
                true,
                true,
            ),
            ("arn:aws:s3:*", "arn:$:ecr:$:$:repository/app", false, true),
            ("*:s3", "arn:$:ecr:$:$:repository/app", false, false),
        ] {
            assert_eq!(
                fits(pattern, &shape(text)),
                (certain, can),
                "{pattern} {text}"
            );
        }
    }

    #[test]
    fn long_ones_are_possible() {
        let long = "a*".repeat(4_000);
        assert_eq!(fits(&long, &shape(&"b".repeat(4_000))), (false, true));
    }

    #[test]
    fn literals_are_what_stands_for_itself() {
        assert_eq!(literals(r"te*a\*m*"), ["te", "a*m", ""]);
    }
}
