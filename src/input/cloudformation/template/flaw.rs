//! A mistake in a template at its place, and what stands twice in one mapping.
//! It does not know what comes of it.

use rustc_hash::FxHashMap;

use crate::model::Mistake;
use crate::source::{Member, Node, Span};

/// Mistakes that are reported for one resource; one with more has said enough.
pub(crate) const MOST: usize = 50;

/// A mistake at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    /// Where it stands.
    pub(crate) span: Span,
    /// A clause that stands by itself.
    pub(crate) mistake: Mistake,
    /// Whether what is missed may be made when the stack is deployed.
    pub(crate) is_dangling: bool,
}

impl Flaw {
    /// A mistake in what is written.
    pub(crate) fn new(span: Span, mistake: impl Into<Mistake>) -> Self {
        Self {
            span,
            mistake: mistake.into(),
            is_dangling: false,
        }
    }

    /// A reference to what is not there.
    pub(crate) fn dangling(span: Span, mistake: Mistake) -> Self {
        Self {
            is_dangling: true,
            ..Self::new(span, mistake)
        }
    }
}

/// The mistakes of the keys that stand more than once in a mapping.
pub(crate) fn doubled(mapping: Node<'_>) -> Vec<Flaw> {
    let doubles = mapping.doubles();
    let flaws = doubles.iter().map(|(_, second)| stands_twice(second));
    flaws.collect()
}

/// The mistake of a member whose key stands for the second time.
fn stands_twice(second: &Member<'_>) -> Flaw {
    let text = format!("`{}` stands twice in one mapping", second.key);
    Flaw::new(second.key_span, text)
}

/// What stands in the sections of a template more than once, each with the mistake of the last time.
#[derive(Debug, Default)]
pub(crate) struct Doubled<'t> {
    pub(crate) parameters: FxHashMap<&'t str, Flaw>,
    pub(crate) conditions: FxHashMap<&'t str, Flaw>,
    pub(crate) mappings: FxHashMap<&'t str, Flaw>,
    pub(crate) resources: FxHashMap<&'t str, Flaw>,
    pub(crate) sections: Vec<Flaw>,
}

impl<'t> Doubled<'t> {
    /// Looks at the sections; costs nothing where no key stands twice.
    pub(crate) fn find(root: Node<'t>) -> Self {
        let of = |section: &str| {
            let doubles = root.get(section).map(Node::doubles).unwrap_or_default();
            let named = doubles.iter();
            let named = named.map(|(_, second)| (second.key, stands_twice(second)));
            named.collect()
        };
        Self {
            parameters: of("Parameters"),
            conditions: of("Conditions"),
            mappings: of("Mappings"),
            resources: of("Resources"),
            sections: doubled(root),
        }
    }
}
