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
}

impl Filter {
    /// Adds the words; `itself` when `@` stands for the subject.
    fn collect(&self, itself: bool, words: &mut Vec<String>) {
        match self {
            Filter::Or(parts) | Filter::And(parts) => {
                for part in parts {
                    part.collect(itself, words);
                }
            }
            Filter::Compare(Comparison::Equal, left, right) => {
                let word = match (left, right) {
                    (side, Operand::Literal(Literal::String(word)))
                    | (Operand::Literal(Literal::String(word)), side)
                        if side.is_kind(itself) =>
                    {
                        word
                    }
                    _ => return,
                };
                if !words.contains(word) {
                    words.push(word.clone());
                }
            }
            Filter::Compare(..) | Filter::Not(_) | Filter::Exists(_) | Filter::Matches(..) => {}
        }
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
