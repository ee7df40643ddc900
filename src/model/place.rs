//! What is known of where a stack is, besides its account and region.
//! It does not know who says so, nor what contradicts it.

use super::partition;

/// What is known of where a stack is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// The partitions that it may be in.
    pub partitions: Partitions,
    /// The regions that it may be in.
    pub regions: Regions,
    /// ARNs of the same stack that name another place than they could.
    pub landmarks: Vec<Landmark>,
}

/// An ARN of a stack that is of use only in the stack's own place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landmark {
    /// What it stands in, as a part of a sentence.
    pub what: String,
    /// The partition that it names.
    pub partition: String,
    /// The region that it names, where the stack has to be in the same one.
    pub region: Option<String>,
}

/// The regions that a stack may be in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Regions {
    /// These are not among them.
    pub ruled_out: Vec<String>,
    /// There are no others than these.
    pub only: Option<Vec<String>>,
}

impl Regions {
    /// Whether it is certain that the stack is not in this region.
    pub(crate) fn exclude(&self, region: &str) -> bool {
        let is_in = |names: &Vec<String>| names.iter().any(|name| name == region);
        is_in(&self.ruled_out) || self.only.as_ref().is_some_and(|only| !is_in(only))
    }
}

/// The partitions that a stack may be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partitions {
    /// One bit for each row of the table.
    possible: u8,
    /// Whether it may be one that is not in the table.
    others: bool,
}

impl Default for Partitions {
    /// Any of them.
    fn default() -> Self {
        Self {
            possible: u8::MAX,
            others: true,
        }
    }
}

impl Partitions {
    /// Those of them that `keep` says by name and by the end of its hosts' names, and any other one, where `others`.
    pub(crate) fn only(mut self, keep: impl Fn(&str, &str) -> bool, others: bool) -> Self {
        for (bit, (name, suffix)) in partition::all().enumerate() {
            if !keep(name, suffix) {
                self.possible &= !(1 << bit);
            }
        }
        self.others &= others;
        self
    }

    /// The name of the only one.
    pub(crate) fn single(self) -> Option<&'static str> {
        let mut possible = self.names();
        let only = possible.next();
        only.filter(|_| !self.others && possible.next().is_none())
    }

    /// Whether it is certain that the stack is not in the partition of this name.
    pub(crate) fn exclude(self, partition: &str) -> bool {
        match partition::all().any(|(name, _)| name == partition) {
            true => !self.names().any(|name| name == partition),
            false => !self.others,
        }
    }

    fn names(self) -> impl Iterator<Item = &'static str> {
        let named = partition::all().enumerate();
        named.filter_map(move |(bit, (name, _))| (self.possible & (1 << bit) != 0).then_some(name))
    }
}
