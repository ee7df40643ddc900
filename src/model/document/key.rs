//! Keys of members that code reads. What a rule names is no such key: it is looked up by its text.
//! It does not know which members there are.

/// The key of a member that code reads, declared once, beside what the member means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberKey(&'static str);

impl MemberKey {
    /// Declares a key.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The key as it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}
