//! How long a log is once it is compressed, as far as that has to be known: GitHub takes 10 MB of it.
//! It does not know what is in a log.
//!
//! Results repeat each other, so that what is written down says little. The estimate is what the simplest way of
//! compressing needs, which looks for what came before and writes everything else as it is; gzip needs less.

/// Bytes that have to be the same for a text to count as repeated.
const SHORTEST: usize = 8;
/// Bytes that saying where and how much is repeated takes.
const REFERENCE: usize = 4;
/// How far back gzip looks.
const WINDOW: usize = 1 << 15;
/// Places that are remembered.
const PLACES: usize = 1 << 14;

/// Counts what a text takes, part by part.
pub(super) struct Estimate {
    /// Where a text that begins like this was seen last.
    places: Vec<u32>,
    /// What was added last.
    text: Vec<u8>,
    length: usize,
}

impl Estimate {
    /// Nothing was added yet.
    pub(super) fn new() -> Self {
        Self {
            places: vec![0; PLACES],
            text: Vec::with_capacity(4 * WINDOW),
            length: 0,
        }
    }

    /// What everything that was added takes, in bytes.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// Adds what `write` writes.
    pub(super) fn add(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        if self.text.len() > 3 * WINDOW {
            let kept = self.text.len() - WINDOW;
            self.text.drain(..kept);
            self.places.fill(0);
        }
        let mut at = self.text.len();
        write(&mut self.text);
        let text = &self.text;
        while let Some(word) = text.get(at..at + SHORTEST) {
            let word: [u8; SHORTEST] = word.try_into().expect("so many bytes were taken");
            let place = &mut self.places[place(word)];
            let before = std::mem::replace(place, u32::try_from(at).unwrap_or(0)) as usize;
            let is_near = before < at && at - before <= WINDOW;
            if is_near && text[before..before + SHORTEST] == word {
                let same = text[before..].iter().zip(&text[at..]);
                at += same.take_while(|(one, other)| one == other).count();
                self.length += REFERENCE;
            } else {
                at += 1;
                self.length += 1;
            }
        }
        self.length += text.len() - at;
    }
}

fn place(word: [u8; SHORTEST]) -> usize {
    let mixed = u64::from_le_bytes(word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (64 - PLACES.trailing_zeros())) as usize
}

#[cfg(test)]
mod tests {
    use super::Estimate;

    fn estimate(texts: impl Iterator<Item = String>) -> usize {
        let mut estimate = Estimate::new();
        texts.for_each(|text| estimate.add(|out| out.extend_from_slice(text.as_bytes())));
        estimate.length()
    }

    #[test]
    fn what_repeats_takes_little_and_what_does_not_takes_all() {
        let same = estimate((0..1_000).map(|_| "the same as before, over and over".repeat(9)));
        assert!(same < 20_000, "{same}");
        let mut state = 1_u64;
        let mut noise = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            char::from(b' ' + u8::try_from((state >> 33) % 90).unwrap())
        };
        let random: String = (0..100_000).map(|_| noise()).collect();
        let length = random.len();
        assert_eq!(estimate([random.clone()].into_iter()), length);
        let parts = random.as_bytes().chunks(700);
        let parts = parts.map(|part| String::from_utf8(part.to_vec()).unwrap());
        assert_eq!(estimate(parts), length);
    }
}
