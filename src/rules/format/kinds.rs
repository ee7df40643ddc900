//! For which kinds of subjects a rule was written: those that its `when` asks for by their words.
//! It does not know which kinds there are.

use super::query::{
    Comparison, Filter, Literal, Operand, Query, QueryRoot, Root, Segment, Selector,
};

impl Query {
    /// The words that the kind of the subject is compared with by `==`: `@.kind == 'registry'` of a filter on the
    /// subject itself, or `$.repository.kind == 'registry'` of any. What stands behind `!` asks for everything else.
    pub(crate) fn kinds(&self) -> Vec<String> {
        let mut words = Vec::new();
        for selector in self.segments.iter().flat_map(|segment| &segment.selectors) {
            match selector {
                Selector::Itself(filter) => filter.collect(true, &mut words),
                Selector::Filter(filter) => filter.collect(false, &mut words),
                _ => {}
            }
        }
        words
    }

    /// Whether the query, which a rule asks about in `when`, finds a subject of this kind; `None` where more than the kind
    /// decides.
    pub(crate) fn finds_kind(&self, kind: &str) -> Option<bool> {
        let QueryRoot::World(Root::Repository) = self.start else {
            return None;
        };
        match self.segments.as_slice() {
            [
                Segment {
                    descend: false,
                    selectors,
                },
            ] => match selectors.as_slice() {
                [Selector::Itself(filter)] => filter.decided_by(kind),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Filter {
    /// What the filter says of a subject of this kind, however everything else turns out.
    fn decided_by(&self, kind: &str) -> Option<bool> {
        let among = |parts: &[Self], decisive: bool| {
            let mut decided = Some(!decisive);
            for part in parts {
                match part.decided_by(kind) {
                    Some(holds) if holds == decisive => return Some(decisive),
                    Some(_) => {}
                    None => decided = None,
                }
            }
            decided
        };
        match self {
            Filter::Or(parts) => among(parts, true),
            Filter::And(parts) => among(parts, false),
            Filter::Not(part) => part.decided_by(kind).map(|holds| !holds),
            Filter::Compare(Comparison::Equal, left, right) => {
                compared_kind(left, right, true).map(|word| word == kind)
            }
            Filter::Compare(Comparison::NotEqual, left, right) => {
                compared_kind(left, right, true).map(|word| word != kind)
            }
            Filter::Compare(..) | Filter::Exists(_) | Filter::Matches(..) => None,
        }
    }

    /// Adds the words; `itself` when `@` stands for the subject.
    fn collect(&self, itself: bool, words: &mut Vec<String>) {
        match self {
            Filter::Or(parts) | Filter::And(parts) => {
                for part in parts {
                    part.collect(itself, words);
                }
            }
            Filter::Compare(Comparison::Equal, left, right) => {
                let word = compared_kind(left, right, itself).map(str::to_owned);
                words.extend(word.filter(|word| !words.contains(word)));
            }
            Filter::Compare(..) | Filter::Not(_) | Filter::Exists(_) | Filter::Matches(..) => {}
        }
    }
}

/// The word that the kind of the subject is compared with; `itself` when `@` stands for the subject.
fn compared_kind<'f>(left: &'f Operand, right: &'f Operand, itself: bool) -> Option<&'f str> {
    match (left, right) {
        (side, Operand::Literal(Literal::String(word)))
        | (Operand::Literal(Literal::String(word)), side)
            if side.is_kind(itself) =>
        {
            Some(word)
        }
        _ => None,
    }
}

impl Operand {
    fn is_kind(&self, itself: bool) -> bool {
        let Operand::Singular(query) = self else {
            return false;
        };
        let subject = match query.start {
            QueryRoot::Current => itself,
            QueryRoot::World(root) => root == Root::Repository,
            QueryRoot::Document => false,
        };
        let is_kind = |segment: &Segment| matches!(segment.selectors.as_slice(), [Selector::Name(name)] if **name == *"kind");
        subject && matches!(query.segments.as_slice(), [only] if is_kind(only))
    }
}

#[cfg(test)]
mod tests {
    use super::Query;

    fn kinds(when: &str) -> Vec<String> {
        Query::parse_over_world(when).unwrap().query.kinds()
    }

    #[test]
    fn a_kind_is_asked_for_by_its_word() {
        assert_eq!(kinds("$[?@.kind == 'registry']"), ["registry"]);
        assert_eq!(kinds("$[?'registry' == @.kind]"), ["registry"]);
        let both = "$[?(@.kind == 'private' || @.kind == 'principals') && @.account]";
        assert_eq!(kinds(both), ["private", "principals"]);
        let outside = "$.organisation[?$.repository.kind == 'declaration']";
        assert_eq!(kinds(outside), ["declaration"]);
    }

    #[test]
    fn a_kind_alone_decides_where_nothing_else_is_asked() {
        for (when, private, registry) in [
            ("$[?@.kind == 'private']", Some(true), Some(false)),
            ("$[?@.kind != 'private']", Some(false), Some(true)),
            ("$[?!(@.kind == 'private')]", Some(false), Some(true)),
            ("$[?@.kind == 'private' && @.key]", None, Some(false)),
            ("$[?@.key && @.kind == 'private']", None, Some(false)),
            ("$[?@.kind == 'private' || @.key]", Some(true), None),
            (
                "$[?'private' == $.repository.kind]",
                Some(true),
                Some(false),
            ),
            ("$[?@.key.kind == 'private']", None, None),
            ("$[?@.kind]", None, None),
            ("$.organisation", None, None),
            ("$.repository.access[?@.kind == 'private']", None, None),
            (
                "$.organisation[?$.repository.kind == 'private']",
                None,
                None,
            ),
        ] {
            let query = Query::parse_over_world(when).unwrap().query;
            let found = ["private", "registry"].map(|kind| query.finds_kind(kind));
            assert_eq!(found, [private, registry], "{when}");
        }
    }

    #[test]
    fn what_excludes_a_kind_does_not_ask_for_it() {
        for when in [
            "$[?@.kind != 'registry']",
            "$[?!(@.kind == 'registry')]",
            "$[?@.name == 'registry']",
            "$.repository.access[?@.kind == 'registry']",
            "$[?@.access.kind == 'registry']",
            "$[?match(@.kind, 'registry')]",
            "$.repository.kind",
        ] {
            assert!(kinds(when).is_empty(), "{when}");
        }
    }
}
