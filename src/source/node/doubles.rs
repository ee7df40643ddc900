//! Keys that stand more than once in one mapping. The tree keeps all of them; whoever reads it decides.
//! It does not know what the keys mean.

use rustc_hash::FxHashMap;

use super::super::Problem;
use super::super::problem::abridged;
use super::{ArenaNodeId, Kind, Member, Node, NodeBuilder, PendingMember, Tree};

impl NodeBuilder<'_> {
    /// Marks a mapping in which the keys of `first` and `second` are equal, and keeps the first such mistake of the text.
    pub(crate) fn mark_doubles(
        &mut self,
        mapping: ArenaNodeId,
        text: &str,
        first: &PendingMember,
        second: &PendingMember,
    ) {
        if self.tree.double.is_none() {
            self.tree.double = Some(self.duplicate(text, first, second));
        }
        self.tree.nodes[mapping.0 as usize].has_doubles = true;
    }

    /// Says that a key stands twice in one object.
    fn duplicate(&self, text: &str, first: &PendingMember, second: &PendingMember) -> Box<Problem> {
        let key = self.key_text(second, text);
        Box::new(
            Problem::new(
                self.key_span(second),
                format!("the key `{}` stands twice in one object", abridged(key)),
            )
            .label("second time here")
            .help("remove one of the two")
            .related(self.key_span(first), "first time here"),
        )
    }
}

impl Tree {
    /// The first key of the text that stands a second time in one mapping, as a mistake.
    pub(crate) fn take_double(&mut self) -> Option<Box<Problem>> {
        self.double.take()
    }

    /// The same, left where it is.
    #[must_use]
    pub fn double(&self) -> Option<&Problem> {
        self.double.as_deref()
    }
}

impl<'t> Node<'t> {
    /// Members whose key stands before in the same mapping, each behind the first one with its key.
    #[must_use]
    pub fn doubles(self) -> Vec<(Member<'t>, Member<'t>)> {
        if !self.has_doubles() {
            return Vec::new();
        }
        let mut first: FxHashMap<&str, Member<'t>> = FxHashMap::default();
        let mut doubles = Vec::new();
        for member in self.members() {
            match first.get(member.key) {
                Some(earlier) => doubles.push((*earlier, member)),
                None => {
                    first.insert(member.key, member);
                }
            }
        }
        doubles
    }

    /// Every key of the mapping once, with its first member and whether a later one has another value.
    #[must_use]
    pub fn distinct(self) -> Vec<(Member<'t>, bool)> {
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        let mut distinct: Vec<(Member<'t>, bool)> = Vec::new();
        for member in self.members() {
            match places.get(member.key) {
                Some(place) => {
                    let (first, differs) = &mut distinct[*place];
                    *differs |= !member.value.is_written_like(first.value);
                }
                None => {
                    places.insert(member.key, distinct.len());
                    distinct.push((member, false));
                }
            }
        }
        distinct
    }

    /// Whether a key of the mapping stands in it more than once.
    #[must_use]
    pub fn has_doubles(self) -> bool {
        self.data().has_doubles
    }

    /// Whether the key stands in the mapping more than once, with values that differ.
    #[must_use]
    pub fn contradicts(self, key: &str) -> bool {
        if !self.has_doubles() {
            return false;
        }
        let mut values = self.members().filter(|member| member.key == key);
        let Some(first) = values.next() else {
            return false;
        };
        values.any(|member| !member.value.is_written_like(first.value))
    }

    /// Whether both hold the same, in the same order. The parser bounds the depth.
    fn is_written_like(self, other: Self) -> bool {
        if self.kind() != other.kind() {
            return false;
        }
        match self.kind() {
            Kind::Array => {
                let mut pairs = self.items().zip(other.items());
                self.items().len() == other.items().len()
                    && pairs.all(|(own, its)| own.is_written_like(its))
            }
            Kind::Object => {
                let mut pairs = self.members().zip(other.members());
                self.members().len() == other.members().len()
                    && pairs.all(|(own, its)| {
                        own.key == its.key && own.value.is_written_like(its.value)
                    })
            }
            _ => self.as_text() == other.as_text(),
        }
    }
}
