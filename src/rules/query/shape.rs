//! Decides whether a text that is known in part fits a pattern of a query.
//! It does not know queries or documents.

use crate::model::{self, Shape, Truth};
use crate::rules::format::QueryRegex;

/// Whether every filling of the holes fits; false where none does, unknown where only some do or nobody found out.
pub(super) fn fits(shape: &Shape, pattern: &QueryRegex) -> Truth<()> {
    // What is not a regular expression fits nothing.
    match pattern.is_readable() {
        true => model::fits(shape, &pattern.expression()),
        false => Truth::False,
    }
}

#[cfg(test)]
mod tests {
    use super::{QueryRegex, Shape, Truth, fits};
    use crate::model::Piece;
    use crate::rules::format::MatchFunction;

    /// A shape written with `*` for holes, against a pattern of `match()`.
    fn decide(shape: &str, pattern: &str) -> Truth<()> {
        fits(
            &pieces(shape),
            &QueryRegex::new(pattern, MatchFunction::Match),
        )
    }

    fn pieces(shape: &str) -> Shape {
        let mut pieces = Vec::new();
        for (index, text) in shape.split('*').enumerate() {
            if index > 0 {
                pieces.push(Piece::hole("x"));
            }
            pieces.push(Piece::Text(text.into()));
        }
        Shape(pieces)
    }

    #[test]
    fn a_known_piece_that_contradicts_decides_against() {
        assert_eq!(decide("acme-*", "mare-.*"), Truth::False);
        assert_eq!(decide("*-Api", "[a-z-]*"), Truth::False);
        assert_eq!(decide("a-*-b-*", "a-[^-]*-c.*"), Truth::Unknown(()));
        assert_eq!(decide("a*", ".{0}"), Truth::False);
    }

    #[test]
    fn a_pattern_that_every_filling_fits_decides_for() {
        assert_eq!(decide("acme-*", r"acme-(.|\n|\r)*"), Truth::True);
        assert_eq!(
            fits(
                &pieces("acme-*"),
                &QueryRegex::new("^acme-", MatchFunction::Search)
            ),
            Truth::True
        );
        assert_eq!(
            fits(&pieces("*é"), &QueryRegex::new("é", MatchFunction::Search)),
            Truth::True
        );
    }

    #[test]
    fn what_depends_on_the_hole_stays_open() {
        assert_eq!(decide("acme-*", "acme-[a-z]+"), Truth::Unknown(()));
        // A hole may hold a line break, which `.` does not stand for.
        assert_eq!(decide("acme-*", "acme-.*"), Truth::Unknown(()));
    }

    #[test]
    fn an_account_has_twelve_digits() {
        let account = Shape(vec![
            Piece::Text("a-".into()),
            Piece::hole("AWS::AccountId"),
        ]);
        let decide =
            |pattern: &str| fits(&account, &QueryRegex::new(pattern, MatchFunction::Match));
        assert_eq!(decide("a-[0-9]{12}"), Truth::True);
        assert_eq!(decide("a-[a-z]+"), Truth::False);
        assert_eq!(decide("a-1[0-9]*"), Truth::Unknown(()));
    }

    #[test]
    fn a_shape_without_holes_is_a_text() {
        assert_eq!(decide("abc", "abc"), Truth::True);
        assert_eq!(decide("abc", "ab"), Truth::False);
    }

    #[test]
    fn a_pattern_too_large_to_decide_stays_open() {
        assert_eq!(decide("*a", "(a|b)*a(a|b){14}"), Truth::Unknown(()));
    }
}
