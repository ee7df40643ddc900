//! The syntax tree of a query: RFC 9535 JSONPath, reduced to what a rule needs.
//! It does not know how a query is read or evaluated.

use serde::{Deserialize, Serialize};

use super::pattern::Pattern;

/// A JSONPath query that was checked and is ready to be evaluated many times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Query {
    pub(crate) start: Start,
    pub(crate) segments: Vec<Segment>,
}

/// The node that a query starts at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Start {
    /// `@`
    Current,
    /// `$` of a query over a single document.
    Document,
    /// `$.name` of a query over the world of a rule.
    World(Root),
}

/// A part of the world that a rule can ask about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Root {
    /// The repository document.
    Repository,
    /// What was declared for the repository.
    Declared,
    /// The registry that the repository lives in.
    Registry,
    /// The organisation's standard.
    Organisation,
    /// The settings of the rule itself.
    Settings,
}

/// One step of a query: `..` or not, and what is taken from each node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Segment {
    /// Whether the selectors apply to a node and to everything below it.
    pub(crate) descend: bool,
    pub(crate) selectors: Vec<Selector>,
}

/// What a segment takes from a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Selector {
    /// `.name`, `['name']`
    Name(String),
    /// `[3]`, `[-1]`
    Index(i64),
    /// `*`
    Wildcard,
    /// `[start:end:step]`
    Slice(Slice),
    /// `[?…]`: the children for which the filter holds.
    Filter(Filter),
    /// The node itself, when the filter holds: `$[?…]` of a rule asks about the repository.
    Itself(Filter),
}

/// The bounds of a slice as they were written (RFC 9535, section 2.3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Slice {
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
    pub(crate) step: i64,
}

/// A condition on the current node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Filter {
    /// `a || b`
    Or(Vec<Filter>),
    /// `a && b`
    And(Vec<Filter>),
    /// `!a`
    Not(Box<Filter>),
    /// `a == b` and its siblings.
    Compare(Comparison, Operand, Operand),
    /// `@.a`: whether the query finds a node.
    Exists(Query),
    /// `match()` or `search()`.
    Matches(Operand, PatternSource),
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// One side of a comparison: a value, or nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Operand {
    /// `'text'`, `1`, `true`, `null`
    Literal(Literal),
    /// A query that finds one node at most.
    Singular(Query),
    /// `length(…)`
    Length(Box<Operand>),
    /// `count(…)`
    Count(Query),
    /// `value(…)`
    Value(Query),
}

/// A value that stands in the query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number; finite.
    Float(f64),
    /// A text.
    String(String),
}

/// Where the regular expression of a `match()` or `search()` comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum PatternSource {
    /// It stands in the query.
    Literal(Pattern),
    /// It is read from the documents, such as `$.settings.pattern`.
    Dynamic(Box<Operand>, super::pattern::PatternCache),
}

impl Root {
    /// Every root, with the name that queries and messages use.
    pub(crate) const ALL: [(Root, &'static str); 5] = [
        (Root::Repository, "repository"),
        (Root::Declared, "declared"),
        (Root::Registry, "registry"),
        (Root::Organisation, "organisation"),
        (Root::Settings, "settings"),
    ];

    /// The root that `name` stands for.
    pub(crate) fn named(name: &str) -> Option<Root> {
        Root::ALL
            .into_iter()
            .find(|(_, known)| *known == name)
            .map(|(root, _)| root)
    }

    /// The name of the root.
    pub(crate) fn name(self) -> &'static str {
        Root::ALL[self as usize].1
    }
}

impl Query {
    /// The part of the world that the query starts at, if it does.
    pub(crate) fn root(&self) -> Option<Root> {
        match self.start {
            Start::World(root) => Some(root),
            Start::Current | Start::Document => None,
        }
    }

    /// Whether the query finds one node at most, by its form alone (RFC 9535, section 2.3.5.1).
    pub(crate) fn is_singular(&self) -> bool {
        self.segments.iter().all(|segment| {
            !segment.descend
                && matches!(
                    segment.selectors.as_slice(),
                    [Selector::Name(_) | Selector::Index(_)]
                )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Root;

    #[test]
    fn every_root_has_the_name_at_its_place() {
        for (root, name) in Root::ALL {
            assert_eq!(root.name(), name);
            assert_eq!(Root::named(name), Some(root));
        }
    }
}
