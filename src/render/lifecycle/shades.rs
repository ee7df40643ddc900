//! What a cell of a timeline looks like, in a terminal and in a browser.
//! It does not know what decides it.

use crate::render::paint::Ink;
use crate::report::lifecycle::{Cell, FamilyWeeks};

/// What a cell looks like: for all that terminals can show, in ASCII, in colour, and what it says.
pub(in crate::render) type Shade = (&'static str, &'static str, Ink, &'static str);

/// Each shade that a cell can have.
pub(in crate::render) const SHADES: [Shade; 6] = [
    ("█", "#", Ink::Good, "all kept"),
    ("▓", "+", Ink::Good, "most kept"),
    ("▒", "-", Ink::Warning, "few kept"),
    ("░", ".", Ink::Error, "all expired"),
    ("▤", "=", Ink::Key, "archived, none kept"),
    ("?", "?", Ink::Warning, "undetermined"),
];

/// The shade of a cell, by its number; `None` where nothing was pushed.
pub(in crate::render) fn shade(cell: Cell) -> Option<usize> {
    let [kept, expired, archived, open] =
        [cell.kept, cell.expired, cell.archived, cell.undetermined].map(u64::from);
    let all = kept + expired + archived + open;
    match (all, kept) {
        (0, _) => None,
        _ if open > 0 => Some(5),
        (all, kept) if kept == all => Some(0),
        (all, kept) if kept * 2 >= all => Some(1),
        (_, 1..) => Some(2),
        _ if archived > 0 => Some(4),
        _ => Some(3),
    }
}

/// The cells of a row, so many weeks in each.
pub(in crate::render) fn columns(row: &FamilyWeeks, step: usize) -> impl Iterator<Item = Cell> {
    let weeks = row.cells.chunks(step.max(1));
    weeks.map(|cells| {
        let cells = cells.iter();
        cells.fold(Cell::default(), |sum, cell| sum.and(*cell))
    })
}
