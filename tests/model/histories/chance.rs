//! Numbers that look like chance and are the same each time.

/// A source of them (George Marsaglia, "Xorshift RNGs").
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        // Neighbours among seeds are none among numbers.
        Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `limit`.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    pub(super) fn one<'o>(&mut self, options: &[&'o str]) -> &'o str {
        options[self.below(options.len() as u64) as usize]
    }
}
