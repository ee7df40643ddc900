//! The syntax tree of a query: RFC 9535 JSONPath, reduced to what a rule needs.
//! It does not know how a query is read or evaluated.
//!
//! The tree of each built-in rule is stored in the binary and read at every start, hence the short
//! names in its stored form.

use serde::{Deserialize, Serialize};

use super::name::MemberName;
use super::pattern::QueryRegex;

/// A JSONPath query that was checked and is ready to be evaluated many times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Query {
    #[serde(rename = "a")]
    pub(crate) start: QueryRoot,
    #[serde(rename = "s")]
    pub(crate) segments: Vec<Segment>,
}

/// The node that a query starts at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum QueryRoot {
    /// `@`
    #[serde(rename = "@")]
    Current,
    /// `$` of a query over a single document.
    #[serde(rename = "$")]
    Document,
    /// `$.name` of a query over the world of a rule.
    #[serde(untagged)]
    World(Root),
}

/// A part of the world that a rule can ask about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Root {
    /// The repository document.
    #[serde(rename = "rep")]
    Repository,
    /// What was declared for the repository.
    #[serde(rename = "dec")]
    Declared,
    /// The registry that the repository lives in.
    #[serde(rename = "reg")]
    Registry,
    /// The organisation's standard.
    #[serde(rename = "org")]
    Organisation,
    /// The settings of the rule itself.
    #[serde(rename = "set")]
    Settings,
}

/// One step of a query: `..` or not, and what is taken from each node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Segment {
    /// Whether the selectors apply to a node and to everything below it.
    #[serde(rename = "d", default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) descend: bool,
    #[serde(rename = "s")]
    pub(crate) selectors: Vec<Selector>,
}

/// What a segment takes from a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Selector {
    /// `.name`, `['name']`
    #[serde(rename = "n")]
    Name(MemberName),
    /// `[3]`, `[-1]`
    #[serde(rename = "i")]
    Index(i64),
    /// `*`
    #[serde(rename = "*")]
    Wildcard,
    /// `[start:end:step]`
    #[serde(rename = "s")]
    Slice(Slice),
    /// `[?…]`: the children for which the filter holds.
    #[serde(rename = "?")]
    Filter(Filter),
    /// The node itself, when the filter holds: `$[?…]` of a rule asks about the repository.
    #[serde(rename = "@")]
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
    #[serde(rename = "|")]
    Or(Vec<Filter>),
    /// `a && b`
    #[serde(rename = "&")]
    And(Vec<Filter>),
    /// `!a`
    #[serde(rename = "!")]
    Not(Box<Filter>),
    /// `a == b` and its siblings.
    #[serde(rename = "c")]
    Compare(Comparison, Operand, Operand),
    /// `@.a`: whether the query finds a node.
    #[serde(rename = "e")]
    Exists(Query),
    /// `match()` or `search()`.
    #[serde(rename = "m")]
    Matches(Operand, PatternSource),
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Comparison {
    /// `==`
    #[serde(rename = "=")]
    Equal,
    /// `!=`
    #[serde(rename = "!=")]
    NotEqual,
    /// `<`
    #[serde(rename = "<")]
    Less,
    /// `<=`
    #[serde(rename = "<=")]
    LessOrEqual,
    /// `>`
    #[serde(rename = ">")]
    Greater,
    /// `>=`
    #[serde(rename = ">=")]
    GreaterOrEqual,
}

/// One side of a comparison: a value, or nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Operand {
    /// `'text'`, `1`, `true`, `null`
    #[serde(rename = "l")]
    Literal(Literal),
    /// A query that finds one node at most.
    #[serde(rename = "q")]
    Singular(Query),
    /// `length(…)`
    #[serde(rename = "len")]
    Length(Box<Operand>),
    /// `count(…)`
    #[serde(rename = "count")]
    Count(Query),
    /// `value(…)`
    #[serde(rename = "value")]
    Value(Query),
}

/// A value that stands in the query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Literal {
    /// `null`
    #[serde(rename = "0")]
    Null,
    /// `true`, `false`
    #[serde(rename = "b")]
    Bool(bool),
    /// A whole number.
    #[serde(rename = "i")]
    Integer(i64),
    /// Any other number; finite.
    #[serde(rename = "f")]
    Float(f64),
    /// A text.
    #[serde(rename = "s")]
    String(String),
}

/// Where the regular expression of a `match()` or `search()` comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum PatternSource {
    /// It stands in the query.
    Literal(QueryRegex),
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
            QueryRoot::World(root) => Some(root),
            QueryRoot::Current | QueryRoot::Document => None,
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
