//! Which settings of a declaration a rule goes by, so that its findings can show where they are declared.
//! It does not know what the rule makes of them.

use super::format::{Filter, Logic, Operand, PatternSource, Query, QueryRoot, Root, Selector};
use super::query::Roots;
use crate::model::{MemberKey, members};
use crate::source::Span;

/// What a declaration is known by, not what it says.
const IDENTITY: [MemberKey; 2] = [members::BASE, members::ENVIRONMENT];

/// Places of the settings that `when` and the demand of a rule compare with, in the order of the rule.
/// What is not declared stands where the declaration begins.
pub(super) fn places(logic: &Logic, roots: &Roots<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    for query in logic.when.iter().chain([logic.demand.query()]) {
        below(query, roots, &mut found);
    }
    found
}

fn below(query: &Query, roots: &Roots<'_>, found: &mut Vec<Span>) {
    if query.start == QueryRoot::World(Root::Declared) {
        found.extend(place(query, roots));
    }
    let selectors = query.segments.iter().flat_map(|segment| &segment.selectors);
    for selector in selectors {
        if let Selector::Filter(filter) | Selector::Itself(filter) = selector {
            inside(filter, roots, found);
        }
    }
}

fn inside(filter: &Filter, roots: &Roots<'_>, found: &mut Vec<Span>) {
    match filter {
        Filter::Or(parts) | Filter::And(parts) => {
            for part in parts {
                inside(part, roots, found);
            }
        }
        Filter::Not(part) => inside(part, roots, found),
        Filter::Compare(_, left, right) => {
            side(left, roots, found);
            side(right, roots, found);
        }
        Filter::Exists(query) => below(query, roots, found),
        Filter::Matches(subject, pattern) => {
            side(subject, roots, found);
            if let PatternSource::Dynamic(pattern, _) = pattern {
                side(pattern, roots, found);
            }
        }
    }
}

fn side(operand: &Operand, roots: &Roots<'_>, found: &mut Vec<Span>) {
    match operand {
        Operand::Literal(_) => {}
        Operand::Singular(query) | Operand::Count(query) | Operand::Value(query) => {
            below(query, roots, found);
        }
        Operand::Length(operand) => side(operand, roots, found),
    }
}

/// The place of one setting: `$.declared.name`.
fn place(query: &Query, roots: &Roots<'_>) -> Option<Span> {
    let [segment] = query.segments.as_slice() else {
        return None;
    };
    let [Selector::Name(name)] = segment.selectors.as_slice() else {
        return None;
    };
    let declared = roots.get(Root::Declared)?;
    let setting =
        (!IDENTITY.iter().any(|key| key.name() == &**name)).then(|| declared.by_key(name));
    Some(setting??.span())
}
