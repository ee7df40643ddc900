//! Texts by how they begin and how they end, for those of which only a part is known.
//! It does not know what the texts name.

use std::collections::BTreeMap;
use std::ops::Bound;

/// Different texts that are counted to see which way leaves fewer.
const SOME: usize = 64;

/// Items by the known beginning and the known end of a text.
///
/// Two texts can only be equal if of both beginnings one begins with the other, and so the ends: what cannot be equal
/// is mostly found out without looking at each.
#[derive(Clone, Debug)]
pub(super) struct AffixIndex<T> {
    starts: BTreeMap<String, Vec<T>>,
    /// The ends, read backwards.
    ends: BTreeMap<String, Vec<T>>,
}

impl<T> Default for AffixIndex<T> {
    fn default() -> Self {
        Self {
            starts: BTreeMap::new(),
            ends: BTreeMap::new(),
        }
    }
}

impl<T: Copy> AffixIndex<T> {
    /// Adds an item. A text that is known whole begins and ends with itself.
    pub(super) fn add(&mut self, start: &str, end: &str, item: T) {
        self.starts.entry(start.to_owned()).or_default().push(item);
        self.ends.entry(backwards(end)).or_default().push(item);
    }

    /// Items whose text may be one that begins with `start` and ends with `end`: all that may, and others that may not.
    pub(super) fn candidates(
        &self,
        start: &str,
        end: &str,
    ) -> impl Iterator<Item = T> + use<'_, T> {
        let end = backwards(end);
        // The way that leaves fewer, as far as that is seen at once.
        let some = |map, key| compatible(map, key).take(SOME).map(Vec::len).sum::<usize>();
        let (map, key) = match some(&self.starts, start) <= some(&self.ends, &end) {
            true => (&self.starts, start.to_owned()),
            false => (&self.ends, end),
        };
        compatible(map, &key).flatten().copied()
    }
}

/// The items whose key begins with `key`, and those with whose key `key` begins.
fn compatible<'m, T>(
    map: &'m BTreeMap<String, Vec<T>>,
    key: &str,
) -> impl Iterator<Item = &'m Vec<T>> + use<'m, T> {
    let shorter: Vec<&Vec<T>> = key
        .char_indices()
        .filter_map(|(at, _)| map.get(&key[..at]))
        .collect();
    let key = key.to_owned();
    let longer = map
        .range::<str, _>((Bound::Included(key.as_str()), Bound::Unbounded))
        .take_while(move |(other, _)| other.starts_with(&key))
        .map(|(_, items)| items);
    longer.chain(shorter)
}

fn backwards(text: &str) -> String {
    text.chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::AffixIndex;

    #[test]
    fn only_texts_that_may_be_equal_are_looked_at() {
        let mut affixes = AffixIndex::default();
        let texts = [
            ("team-api", "team-api"),
            ("team-", "-api"),
            ("team-", ""),
            ("", "-web"),
            ("", ""),
            ("other-", "-api"),
        ];
        for (index, (start, end)) in texts.into_iter().enumerate() {
            affixes.add(start, end, index);
        }
        let candidates = |start: &str, end: &str| {
            let mut found: Vec<usize> = affixes.candidates(start, end).collect();
            found.sort_unstable();
            found
        };
        // Texts that begin with `team-`, of which there are fewer than of those that end with `i`.
        assert_eq!(candidates("team-a", ""), [0, 1, 2, 3, 4]);
        assert_eq!(candidates("", "-web"), [2, 3, 4]);
        assert_eq!(candidates("other-x", "é"), [2, 4]);
        assert_eq!(candidates("", ""), [0, 1, 2, 3, 4, 5]);
    }
}
