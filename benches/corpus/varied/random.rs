//! Numbers, words and accounts that differ from place to place and are the same in each run.

/// SplitMix64 by Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
pub(super) struct Random(u64);

const SYLLABLES: [&str; 24] = [
    "ba", "co", "den", "fi", "gal", "ho", "jun", "ka", "lor", "mi", "nes", "or", "pla", "qui",
    "ra", "sol", "ter", "ur", "vi", "wen", "xa", "yor", "zel", "bri",
];

impl Random {
    /// Numbers of their own for one thing of a kind.
    pub(super) fn new(kind: &str, index: usize) -> Self {
        let kind = kind
            .bytes()
            .fold(0, |sum: u64, byte| sum * 31 + u64::from(byte));
        Self(kind.wrapping_mul(0x9e37_79b9) ^ index as u64)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 on, below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub(super) fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    pub(super) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(super) fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// At least one of them, in their order.
    pub(super) fn some<'t>(&mut self, of: &[&'t str]) -> Vec<&'t str> {
        let certain = self.below(of.len());
        let chosen = of
            .iter()
            .enumerate()
            .filter(|(at, _)| *at == certain || self.one_in(2));
        chosen.map(|(_, one)| *one).collect()
    }

    /// A word that hardly comes twice.
    pub(super) fn word(&mut self) -> String {
        let mut word: String = (0..3).map(|_| *self.pick(&SYLLABLES)).collect();
        word.push_str(&self.below(100_000).to_string());
        word
    }

    /// A word as a logical id.
    pub(super) fn id(&mut self, kind: &str) -> String {
        let word = self.word();
        format!("{}{}{kind}", word[..1].to_uppercase(), &word[1..])
    }

    /// An id as KMS gives it to keys.
    pub(super) fn uuid(&mut self) -> String {
        let parts = [8, 4, 4, 4, 12].map(|digits| self.hexadecimal(digits));
        parts.join("-")
    }

    /// Digits of a hash.
    pub(super) fn hexadecimal(&mut self, digits: usize) -> String {
        (0..digits)
            .map(|_| char::from(*self.pick(b"0123456789abcdef")))
            .collect()
    }
}
