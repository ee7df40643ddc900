//! Finds members of mappings that have many, without looking at one after the other.
//! It does not know what the keys mean.

use std::hash::BuildHasher;
use std::sync::OnceLock;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{ArenaMember, Kind, Member, Node, Tree};
use crate::source::Span;

/// Members from which on a mapping is worth it.
const MANY: usize = 64;

/// The first member of each key, by where the members of its mapping begin and the hash of the key; made when it is asked
/// for first.
#[derive(Debug, Default)]
pub(super) struct Wide(OnceLock<FxHashMap<(u32, u64), u32>>);

impl Tree {
    /// The number of the member `key` among those from `start` to `end`.
    fn find(&self, (start, end): (u32, u32), key: &str, source: &str) -> Option<usize> {
        let range = start as usize..end as usize;
        let is_it = |at: &usize| self.resolve(self.members[*at].key, source) == key;
        if range.len() < MANY {
            return range.clone().find(is_it);
        }
        let wide = self.wide.0.get_or_init(|| self.index(source));
        let first = *wide.get(&(start, hash(key)))? as usize;
        // Another key may have the same hash.
        (first..range.end).find(is_it)
    }

    fn index(&self, source: &str) -> FxHashMap<(u32, u64), u32> {
        let mut wide = FxHashMap::default();
        for node in self.nodes.iter().filter(|node| node.kind == Kind::Object) {
            let (start, end) = (node.content.start, node.content.end);
            if ((end - start) as usize) < MANY {
                continue;
            }
            for at in start..end {
                let key = self.resolve(self.members[at as usize].key, source);
                wide.entry((start, hash(key))).or_insert(at);
            }
        }
        wide
    }
}

impl<'t> Node<'t> {
    /// The member `key`.
    #[must_use]
    pub fn member(self, key: &str) -> Option<Member<'t>> {
        let found = self.tree.find(self.range(), key, self.text)?;
        Some(self.of(&self.tree.members[found]))
    }

    /// Where its members are; nowhere for what is no mapping.
    pub(super) fn range(self) -> (u32, u32) {
        let data = self.data();
        match data.kind {
            Kind::Object => (data.content.start, data.content.end),
            _ => (0, 0),
        }
    }

    pub(super) fn of(self, member: &ArenaMember) -> Member<'t> {
        let (start, end) = member.key_span;
        Member {
            key: self.tree.resolve(member.key, self.text),
            key_span: Span::new(self.tree.source, start as usize, end as usize),
            value: Node {
                id: member.value,
                ..self
            },
        }
    }
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
