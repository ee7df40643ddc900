//! Decides whether a text that is known in part fits a pattern of a query.
//! It does not know queries or documents.

use crate::model::{self, Shape};
use crate::rules::format::QueryRegex;

/// Whether every (`Some(true)`), no (`Some(false)`) or only some filling of the holes fits, as far as that is found out.
pub(super) fn fits(shape: &Shape, pattern: &QueryRegex) -> Option<bool> {
    // What is no regular expression fits nothing.
    match pattern.is_readable() {
        true => model::fits(shape, &pattern.expression()),
        false => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::{QueryRegex, Shape, fits};
    use crate::model::Piece;

    /// A shape written with `*` for holes, against a pattern of `match()`.
    fn decide(shape: &str, pattern: &str) -> Option<bool> {
        fits(&pieces(shape), &QueryRegex::new(pattern, true))
    }

    fn pieces(shape: &str) -> Shape {
        let mut pieces = Vec::new();
        for (index, text) in shape.split('*').enumerate() {
            if index > 0 {
                pieces.push(Piece::Hole("x".into()));
            }
            pieces.push(Piece::Text(text.into()));
        }
        Shape(pieces)
    }

    #[test]
    fn a_known_piece_that_contradicts_decides_against() {
        assert_eq!(decide("acme-*", "mare-.*"), Some(false));
        assert_eq!(decide("*-Api", "[a-z-]*"), Some(false));
        assert_eq!(decide("a-*-b-*", "a-[^-]*-c.*"), None);
        assert_eq!(decide("a*", ".{0}"), Some(false));
    }

    #[test]
    fn a_pattern_that_every_filling_fits_decides_for() {
        assert_eq!(decide("acme-*", r"acme-(.|\n|\r)*"), Some(true));
        assert_eq!(
            fits(&pieces("acme-*"), &QueryRegex::new("^acme-", false)),
            Some(true)
        );
        assert_eq!(
            fits(&pieces("*é"), &QueryRegex::new("é", false)),
            Some(true)
        );
    }

    #[test]
    fn what_depends_on_the_hole_stays_open() {
        assert_eq!(decide("acme-*", "acme-[a-z]+"), None);
        // A hole may hold a line break, which `.` does not stand for.
        assert_eq!(decide("acme-*", "acme-.*"), None);
    }

    #[test]
    fn an_account_has_twelve_digits() {
        let account = Shape(vec![
            Piece::Text("a-".into()),
            Piece::Hole("AWS::AccountId".into()),
        ]);
        let decide = |pattern: &str| fits(&account, &QueryRegex::new(pattern, true));
        assert_eq!(decide("a-[0-9]{12}"), Some(true));
        assert_eq!(decide("a-[a-z]+"), Some(false));
        assert_eq!(decide("a-1[0-9]*"), None);
    }

    #[test]
    fn a_shape_without_holes_is_a_text() {
        assert_eq!(decide("abc", "abc"), Some(true));
        assert_eq!(decide("abc", "ab"), Some(false));
    }

    #[test]
    fn a_pattern_too_large_to_decide_stays_open() {
        assert_eq!(decide("*a", "(a|b)*a(a|b){14}"), None);
    }
}
