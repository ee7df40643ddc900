//! What values of facts look like, as plain data that a schema and a page are written from.
//! It does not know any fact.

/// What a value looks like where it is there and known.
#[derive(Clone, Copy, Debug)]
pub enum ValueShape {
    /// Anything, such as a policy as it is written.
    Anything,
    /// A mapping without members, of which only the place says something.
    Place,
    /// A text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Whole,
    /// A whole number that is not less than this.
    WholeFrom(i64),
    /// A value of one of several types, by their names in JSON Schema.
    Either(&'static [&'static str]),
    /// One of these texts.
    Word(&'static [&'static str]),
    /// A list of such values, with what one of them is, where that has to be said.
    List(&'static str, &'static ValueShape),
    /// A list of mappings that have no other members than these, with what one of them is.
    Each(&'static str, &'static [MemberRow]),
    /// A list of what several facts have in common.
    Several(&'static SharedRow),
    /// A mapping that has no other members than these.
    Map(&'static [MemberRow]),
    /// What several facts have in common.
    Like(&'static SharedRow),
}

/// A member of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct MemberRow {
    /// The name that queries use.
    pub name: &'static str,
    /// What it means, in a sentence; empty where its shape says all.
    pub about: &'static str,
    /// What it looks like.
    pub shape: ValueShape,
    /// Whether it is there wherever the mapping is.
    pub is_always: bool,
}

/// A value that several facts have.
#[derive(Clone, Copy, Debug)]
pub struct SharedRow {
    /// Its name among the `$defs` of the schema.
    pub name: &'static str,
    /// What it means.
    pub about: &'static str,
    /// What it looks like.
    pub shape: ValueShape,
}

impl MemberRow {
    /// The same, there wherever the mapping is.
    pub(super) const fn always(self) -> Self {
        Self {
            is_always: true,
            ..self
        }
    }
}

/// A member.
pub(super) const fn member(
    name: &'static str,
    about: &'static str,
    shape: ValueShape,
) -> MemberRow {
    MemberRow {
        name,
        about,
        shape,
        is_always: false,
    }
}

/// A text.
pub(super) const fn text(name: &'static str, about: &'static str) -> MemberRow {
    member(name, about, ValueShape::Text)
}

/// `true` or `false`.
pub(super) const fn flag(name: &'static str, about: &'static str) -> MemberRow {
    member(name, about, ValueShape::Flag)
}

/// A whole number.
pub(super) const fn whole(name: &'static str, about: &'static str) -> MemberRow {
    member(name, about, ValueShape::Whole)
}

/// A place and nothing else.
pub(super) const fn place(name: &'static str, about: &'static str) -> MemberRow {
    member(name, about, ValueShape::Place)
}

/// Anything.
pub(super) const fn anything(name: &'static str, about: &'static str) -> MemberRow {
    member(name, about, ValueShape::Anything)
}

/// One of some words.
pub(super) const fn word(
    name: &'static str,
    about: &'static str,
    words: &'static [&'static str],
) -> MemberRow {
    member(name, about, ValueShape::Word(words))
}

/// A mapping.
pub(super) const fn map(
    name: &'static str,
    about: &'static str,
    members: &'static [MemberRow],
) -> MemberRow {
    member(name, about, ValueShape::Map(members))
}

/// A list of texts.
pub(super) const fn texts(name: &'static str, about: &'static str) -> MemberRow {
    member(name, about, ValueShape::List("", &ValueShape::Text))
}

/// What other facts have, too.
pub(super) const fn like(
    name: &'static str,
    about: &'static str,
    shared: &'static SharedRow,
) -> MemberRow {
    member(name, about, ValueShape::Like(shared))
}

/// A list of mappings, with what one of them is.
pub(super) const fn listed(
    name: &'static str,
    about: &'static str,
    item: &'static str,
    members: &'static [MemberRow],
) -> MemberRow {
    member(name, about, ValueShape::Each(item, members))
}

/// A list of what other facts have, too.
pub(super) const fn several(
    name: &'static str,
    about: &'static str,
    shared: &'static SharedRow,
) -> MemberRow {
    member(name, about, ValueShape::Several(shared))
}
