//! Whether two values of one document say the same.
//! It does not know why somebody asks.

use super::value::{Data, Value};

impl Value<'_> {
    /// Whether two values of one document say the same, wherever they stand: nodes, keys, their order, and what is known
    /// of unknown values. Looks at `room` nodes at most, and takes what it looked at from it; with none left the answer
    /// is false.
    #[must_use]
    pub fn is_like(self, other: Self, room: &mut usize) -> bool {
        if self.same(other) {
            return true;
        }
        if *room == 0 {
            return false;
        }
        *room -= 1;
        match (self.data(), other.data()) {
            (Data::Array, Data::Array) => {
                self.items().len() == other.items().len()
                    && self
                        .items()
                        .zip(other.items())
                        .all(|(own, other)| own.is_like(other, room))
            }
            (Data::Object, Data::Object) => {
                self.members().len() == other.members().len()
                    && self
                        .members()
                        .zip(other.members())
                        .all(|((own_key, own), (key, other))| {
                            own_key == key && own.is_like(other, room)
                        })
            }
            (Data::Unknown(own), Data::Unknown(other)) => std::ptr::eq(own, other) || own == other,
            (own, other) => own == other,
        }
    }
}
