//! The collections that a parser has open, kept between texts so that parsing again allocates nothing.
//! It does not know which language is parsed.

use std::hash::{Hash, Hasher};

use super::arena::{ArenaNodeId, PendingMember};
use super::{Problem, Span};

/// Collections may be nested this deep; beyond it a text is refused.
pub(crate) const MAX_DEPTH: usize = 512;

/// Objects with at most this many members are compared key by key.
const FEW: usize = 8;

/// What stands open while a text is parsed, innermost last.
#[derive(Debug, Default)]
pub(crate) struct ParserStack {
    /// The open collections.
    pub(crate) open: Vec<OpenCollection>,
    /// Finished items of the open lists.
    pub(crate) items: Vec<ArenaNodeId>,
    /// Members of the open objects; the last one of each may still wait for its value.
    pub(crate) members: Vec<PendingMember>,
    /// Text of the scalar that is being decoded.
    pub(crate) decoded: String,
    /// Hash and index of keys that are being compared.
    keys: Vec<(u64, u32)>,
}

/// What a collection is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CollectionKind {
    /// Items: a list, or a sequence of YAML.
    Array,
    /// Members: an object, or a mapping of YAML.
    Object,
}

/// An open collection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenCollection {
    /// Offset of its first byte.
    pub(crate) start: usize,
    /// Length of the stack of items or members when it was opened.
    pub(crate) base: usize,
    /// Whether items or members stand in it.
    pub(crate) kind: CollectionKind,
}

impl ParserStack {
    /// Forgets everything, keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.open.clear();
        self.items.clear();
        self.members.clear();
        self.decoded.clear();
    }

    /// Opens a collection at `start`.
    pub(crate) fn open(&mut self, start: usize, kind: CollectionKind) {
        let base = self.base(kind);
        self.open.push(OpenCollection { start, base, kind });
    }

    /// Length of the stack that the parts of a collection are put on: those from here on are its own.
    pub(crate) fn base(&self, kind: CollectionKind) -> usize {
        match kind {
            CollectionKind::Array => self.items.len(),
            CollectionKind::Object => self.members.len(),
        }
    }

    /// Hands a finished value to the innermost open collection.
    pub(crate) fn attach(&mut self, value: ArenaNodeId) {
        if let Some(open) = self.open.last() {
            self.attach_to(open.kind, value);
        }
    }

    /// Hands a finished value to the innermost collection, which is of this kind.
    pub(crate) fn attach_to(&mut self, kind: CollectionKind, value: ArenaNodeId) {
        match kind {
            CollectionKind::Array => self.items.push(value),
            CollectionKind::Object => {
                if let Some(member) = self.members.last_mut() {
                    member.set_value(value);
                }
            }
        }
    }

    /// The pair of members, from `base` on, that have the same key: the earlier one first.
    /// A member for which `key` gives nothing equals no other.
    ///
    /// Takes time in proportion to the text, whatever the keys: equal hashes are sorted out by text.
    pub(crate) fn duplicate<'k>(
        &mut self,
        base: usize,
        key: impl Fn(&PendingMember) -> Option<&'k str>,
    ) -> Option<(usize, usize)> {
        let members = &self.members[base..];
        if members.len() <= FEW {
            return duplicate_of_few(members, key).map(|(a, b)| (base + a, base + b));
        }
        self.keys.clear();
        for (member, index) in members.iter().zip(0u32..) {
            if let Some(key) = key(member) {
                let mut hasher = rustc_hash::FxHasher::default();
                key.hash(&mut hasher);
                self.keys.push((hasher.finish(), index));
            }
        }
        self.keys.sort_unstable();
        let text = |index: u32| key(&members[index as usize]);
        self.keys
            .chunk_by_mut(|a, b| a.0 == b.0)
            .filter(|run| run.len() > 1)
            .filter_map(|run| {
                run.sort_unstable_by(|a, b| text(a.1).cmp(&text(b.1)).then(a.1.cmp(&b.1)));
                let equal = run
                    .windows(2)
                    .filter(|pair| text(pair[0].1) == text(pair[1].1));
                equal
                    .map(|pair| (pair[0].1, pair[1].1))
                    .min_by_key(|pair| pair.1)
            })
            .min_by_key(|pair| pair.1)
            .map(|(a, b)| (base + a as usize, base + b as usize))
    }
}

fn duplicate_of_few<'k>(
    members: &[PendingMember],
    key: impl Fn(&PendingMember) -> Option<&'k str>,
) -> Option<(usize, usize)> {
    (1..members.len()).find_map(|later| {
        let name = key(&members[later])?;
        let earlier = members[..later]
            .iter()
            .position(|member| key(member) == Some(name))?;
        Some((earlier, later))
    })
}

/// Says that collections are nested too deep at `span`.
pub(crate) fn depth_problem(span: Span) -> Box<Problem> {
    Box::new(
        Problem::new(
            span,
            format!("collections are nested more than {MAX_DEPTH} deep"),
        )
        .label(format!("level {} starts here", MAX_DEPTH + 1)),
    )
}
