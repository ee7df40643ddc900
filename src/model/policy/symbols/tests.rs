//! A text is the same from either end, and in parts.

use super::{HoleId, Own, PlacedText, TextSymbol, TextSymbols};

/// `é`, the stack's account, a hole, `𝄞`, the name of what is guarded, a fresh character.
fn mixed() -> PlacedText {
    let mut text = PlacedText::default();
    text.push_str("a:é");
    text.push_own(Own::Account);
    text.push_hole(HoleId::Named("x".into(), None));
    text.push_str(":𝄞");
    text.push_hole(HoleId::Guarded);
    text.push_fresh(1);
    text
}

#[test]
fn places_are_the_same_from_either_end() {
    let text = mixed();
    let forwards: Vec<_> = text.symbols().iter().collect();
    let mut backwards = Vec::new();
    let mut rest = text.symbols();
    while let Some((last, before)) = rest.split_last() {
        backwards.insert(0, last);
        rest = before;
    }
    assert_eq!(forwards, backwards);
    let named = HoleId::Named("x".into(), None);
    let wanted = [
        TextSymbol::Char('a'),
        TextSymbol::Char(':'),
        TextSymbol::Char('é'),
        TextSymbol::Own(Own::Account),
        TextSymbol::Hole(&named),
        TextSymbol::Char(':'),
        TextSymbol::Char('𝄞'),
        TextSymbol::Hole(&HoleId::Guarded),
        TextSymbol::Fresh,
    ];
    assert_eq!(forwards, wanted);
    let mut again = PlacedText::default();
    wanted.into_iter().for_each(|symbol| again.push(symbol));
    assert_eq!(again, text);
}

#[test]
fn a_part_has_the_holes_that_are_in_it() {
    let text = mixed();
    let parts = text.symbols().split_once(b':').unwrap().1;
    let (before, behind) = parts.split_once(b':').unwrap();
    assert_eq!(before.iter().count(), 3);
    let hole = |symbols: TextSymbols<'_>| {
        let mut all = symbols.iter();
        all.any(|one| one == TextSymbol::Hole(&HoleId::Guarded))
    };
    assert!(!hole(before) && hole(behind));
    assert_eq!(text.symbols().behind_last(b':'), behind);
    assert_eq!(parts.known_start(), "é");
    assert_eq!(before.known(), None);
    assert_eq!(TextSymbols::of("aé").known(), Some("aé"));
}
