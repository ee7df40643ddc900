//! Memory that reading one text leaves for the next one on the same thread.
//! It does not know what is read.

use std::cell::Cell;

use crate::input::Scratch;

thread_local! {
    static SCRATCH: Cell<Option<Scratch>> = const { Cell::new(None) };
}

/// Reads with the memory of the last text. Who reads another text meanwhile begins with memory of its own.
pub(super) fn with_scratch<T>(read: impl FnOnce(&mut Scratch) -> T) -> T {
    let mut scratch = SCRATCH.take().unwrap_or_default();
    let found = read(&mut scratch);
    SCRATCH.set(Some(scratch));
    found
}
