//! Finds members of mappings that have many, without looking at one after the other.
//! It does not know what the keys mean.

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::{FxBuildHasher, FxHashMap};

/// Members from which on a mapping is worth it.
const MANY: usize = 64;

/// The first member of each key, by where the members of its mapping begin and the hash of the key; made when it is asked
/// for first.
#[derive(Debug, Default)]
pub(super) struct WideIndex(OnceLock<FxHashMap<(usize, u64), usize>>);

impl WideIndex {
    /// Whether a mapping with the members numbered `range` is worth it.
    pub(super) fn is_for(range: &Range<usize>) -> bool {
        range.len() >= MANY
    }

    /// The number of the first member `key` of a mapping that it is for, which has the members numbered `range`. `all` has the ranges of
    /// all mappings of the tree, `key_of` the key of each member.
    pub(super) fn find<'k, All: Iterator<Item = Range<usize>>>(
        &self,
        range: Range<usize>,
        key: &str,
        all: impl FnOnce() -> All,
        key_of: impl Fn(usize) -> &'k str,
    ) -> Option<usize> {
        let is_it = |at: &usize| key_of(*at) == key;
        let index = self.0.get_or_init(|| index(all(), &key_of));
        let first = *index.get(&(range.start, hash(key)))?;
        // Another key may have the same hash.
        (first..range.end).find(is_it)
    }
}

fn index<'k>(
    all: impl Iterator<Item = Range<usize>>,
    key_of: impl Fn(usize) -> &'k str,
) -> FxHashMap<(usize, u64), usize> {
    let mut index = FxHashMap::default();
    for range in all.filter(WideIndex::is_for) {
        for at in range.clone() {
            index.entry((range.start, hash(key_of(at)))).or_insert(at);
        }
    }
    index
}

fn hash(key: &str) -> u64 {
    FxBuildHasher.hash_one(key)
}

#[cfg(test)]
mod tests {
    use crate::source::{SourceId, Tree, json};

    #[test]
    fn members_of_wide_mappings_are_found_as_those_of_narrow_ones() {
        for count in [3, 63, 64, 500] {
            let members: Vec<_> = (0..count).map(|it| format!("\"k{it}\": {it}")).collect();
            let text = format!("{{\"a\": {{{}}}, \"k1\": []}}", members.join(", "));
            let mut tree = Tree::default();
            json::parse(&text, SourceId(0), &mut tree).unwrap();
            let root = tree.root(&text).unwrap();
            let wide = root.get("a").unwrap();
            for it in 0..count {
                let found = wide.member(&format!("k{it}")).unwrap();
                assert_eq!(found.value.as_text(), Some(it.to_string().as_str()));
            }
            assert!(wide.get("k").is_none() && wide.get("").is_none());
            assert!(root.get("k1").is_some() && root.get("k2").is_none());
        }
    }
}
