//! Whether two descriptions of texts have a text in common.
//! It does not know what describes the texts.

/// What may stand in one place of a text.
pub(super) trait TextPlace {
    /// Whether any number of characters may stand there, none included; else it is exactly one.
    fn repeats(&self) -> bool;

    /// Whether one character may stand in both places.
    fn meets(&self, other: &Self) -> bool;
}

/// Pairs of places compared at most: beyond them the answer is that the texts may meet.
const MOST: usize = 4_000_000;

/// Whether some text fits the places of both. Takes time in proportion to the product of their lengths.
pub(super) fn have_common_text<P: TextPlace>(left: &[P], right: &[P]) -> bool {
    if left.len().saturating_mul(right.len()) > MOST {
        return true;
    }
    // reach[j]: what was read of `left` and the first j places of `right` have a common text.
    let mut reach = vec![false; right.len() + 1];
    reach[0] = true;
    pass_repeated(&mut reach, right);
    for place in left {
        match place.repeats() {
            true => repeated_place(place, right, &mut reach),
            false => reach = single_place(place, right, &reach),
        }
        pass_repeated(&mut reach, right);
    }
    reach[right.len()]
}

/// Goes on from what is reached by any number of characters.
fn repeated_place<P: TextPlace>(place: &P, right: &[P], reach: &mut [bool]) {
    for (at, other) in right.iter().enumerate() {
        reach[at + 1] |= reach[at] && place.meets(other);
    }
}

/// Goes on from what is reached by exactly one character.
fn single_place<P: TextPlace>(place: &P, right: &[P], reach: &[bool]) -> Vec<bool> {
    let mut next = vec![false; reach.len()];
    for (at, other) in right.iter().enumerate() {
        if reach[at] && place.meets(other) {
            // It may be one of several that stand in a repeated place.
            next[if other.repeats() { at } else { at + 1 }] = true;
        }
    }
    next
}

/// What takes any number of characters may take none.
fn pass_repeated<P: TextPlace>(reach: &mut [bool], places: &[P]) {
    for (at, place) in places.iter().enumerate() {
        reach[at + 1] |= reach[at] && place.repeats();
    }
}
