//! A pattern as alternatives, in each of which every field that is named has to be there: `$or` multiplied out.
//! It does not know events.

use std::borrow::Cow;

use super::operator::operator;
use crate::model::{Data, Piece, Shape, Value};

/// Alternatives that are looked at.
const MOST: usize = 64;

/// One field with what is asked of it.
#[derive(Clone, Debug)]
pub(super) struct PatternField<'v> {
    /// The names of the members that lead to it.
    pub(super) path: Vec<&'v str>,
    /// The list of alternatives, or what stands in the place of one.
    pub(super) tests: Value<'v>,
}

/// Fields that all have to be there.
pub(super) type Conjunct<'v> = Vec<PatternField<'v>>;

impl<'v> PatternField<'v> {
    /// The alternatives. A text in the place of a list is meant to be one.
    pub(super) fn alternatives(&self) -> Vec<Value<'v>> {
        match self.tests.data() {
            Data::Array => self.tests.items().collect(),
            _ => vec![self.tests],
        }
    }

    pub(super) fn is(&self, path: &[&str]) -> bool {
        self.path == path
    }

    /// The texts that the field is asked to be, or to begin, end or match with; `*` stands for what is not known.
    pub(super) fn texts(&self) -> Vec<Cow<'v, str>> {
        let alternatives = self.alternatives();
        alternatives.into_iter().filter_map(text).collect()
    }
}

/// A text with `*` for what is not known.
pub(super) fn starred(shape: &Shape) -> String {
    let pieces = shape.0.iter().map(|piece| match piece {
        Piece::Text(text) => text,
        Piece::Hole(..) => "*",
    });
    pieces.collect()
}

/// The text of an alternative; none where it says what the field is not.
fn text(test: Value<'_>) -> Option<Cow<'_, str>> {
    let text = match test.data() {
        Data::String(text) => Some(text),
        Data::Unknown(unknown) => {
            return unknown.shape.as_ref().map(|shape| starred(shape).into());
        }
        Data::Object => match operator(test)? {
            ("anything-but" | "exists" | "numeric" | "cidr", _) => None,
            (_, operand) => match operand.data() {
                Data::Object => operand.by_key("equals-ignore-case")?.as_str(),
                _ => operand.as_str(),
            },
        },
        _ => None,
    };
    text.map(Cow::Borrowed)
}

/// The patterns of `$or`. Of one alone EventBridge makes a field of that name.
pub(super) fn alternatives<'v>(
    key: &str,
    wanted: Value<'v>,
) -> Option<impl ExactSizeIterator<Item = Value<'v>>> {
    let parts = wanted.items();
    (key == "$or" && parts.len() > 1).then_some(parts)
}

/// The alternatives of a pattern; `None` when there are too many.
pub(super) fn conjuncts(pattern: Value<'_>) -> Option<Vec<Conjunct<'_>>> {
    expand(pattern, &[])
}

fn expand<'v>(pattern: Value<'v>, path: &[&'v str]) -> Option<Vec<Conjunct<'v>>> {
    let mut all: Vec<Conjunct<'v>> = vec![Vec::new()];
    for (key, value) in pattern.members().filter(|(_, value)| !value.is_absent()) {
        let next = match alternatives(key, value) {
            Some(parts) => {
                let mut found = Vec::new();
                for part in parts {
                    found.extend(expand(part, path)?);
                }
                found
            }
            None => {
                let mut path = path.to_vec();
                path.push(key);
                match value.data() {
                    Data::Object => expand(value, &path)?,
                    _ => vec![vec![PatternField { path, tests: value }]],
                }
            }
        };
        if all.len() * next.len() > MOST {
            return None;
        }
        let pairs = all.iter().flat_map(|one| {
            next.iter()
                .map(move |other| one.iter().chain(other).cloned().collect())
        });
        all = pairs.collect();
    }
    Some(all)
}
