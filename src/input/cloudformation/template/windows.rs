//! A search for short runs of bytes of which each may be one of several, such as a word in any case.
//! It does not know what they mean.

/// Windows that are looked at in one step. The compiler makes a few vector instructions of it.
const BLOCK: usize = 64;

/// Where the windows of `N` bytes start for which `holds` is true. It is asked of every window of a block before any
/// is taken, so it is fast where it has no branches (`|` and `&` in place of `||` and `&&`) and is seldom true.
pub(super) fn windows_where<'b, const N: usize>(
    bytes: &'b [u8],
    holds: impl Fn([u8; N]) -> bool + Copy + 'b,
) -> impl Iterator<Item = usize> + 'b {
    let last = bytes.len().checked_sub(N);
    let windows = last.map_or(0, |last| last + 1);
    let starts = (0..windows).step_by(BLOCK);
    let blocks = starts.filter(move |start| any(&bytes[*start..], holds));
    blocks.flat_map(move |start| {
        let block = start..windows.min(start + BLOCK);
        block.filter(move |at| holds(window(bytes, *at)))
    })
}

/// Whether `holds` is true for a window of the first block. At the end of a text it is not asked.
#[inline]
fn any<const N: usize>(bytes: &[u8], holds: impl Fn([u8; N]) -> bool) -> bool {
    let Some(bytes) = bytes.get(..BLOCK + N - 1) else {
        return true;
    };
    let mut any = false;
    for at in 0..BLOCK {
        any |= holds(window(bytes, at));
    }
    any
}

#[inline]
fn window<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    std::array::from_fn(|index| bytes[at + index])
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, windows_where};

    fn is_word([first, second]: [u8; 2]) -> bool {
        ((first | 0x20) == b'a') & ((second | 0x20) == b'b')
    }

    #[test]
    fn a_word_is_found_wherever_it_stands() {
        for length in [2, BLOCK - 1, BLOCK, BLOCK + 1, BLOCK + 2, 3 * BLOCK + 7] {
            for at in 0..=length - 2 {
                let mut text = vec![b'-'; length];
                text[at] = b'A';
                text[at + 1] = b'b';
                let found: Vec<usize> = windows_where(&text, is_word).collect();
                assert_eq!(found, [at], "of {length}");
            }
        }
    }

    #[test]
    fn texts_shorter_than_a_window_have_none() {
        for text in [&b""[..], b"a"] {
            assert_eq!(windows_where(text, is_word).count(), 0);
        }
        let twice: Vec<usize> = windows_where(b"ab ab", is_word).collect();
        assert_eq!(twice, [0, 3]);
    }
}
