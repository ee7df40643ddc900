//! Which parts of the world a rule looks at when it decides, worked out from its queries.
//! It does not know what they hold.

use std::collections::BTreeSet;

use super::Rule;
use super::format::{
    Demand, Filter, Operand, PatternSource, Query, QueryRoot, Root, Segment, Selector,
};

/// The node that `@` stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Here {
    /// The repository document as a whole.
    Repository,
    /// Something inside of what was noted already.
    Inside,
}

/// What is done with the nodes that a query finds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NodeUse {
    /// They are counted as there or not there.
    Existence,
    /// They are looked into.
    Value,
}

impl Rule {
    /// The members of the repository document on which the verdict depends, besides what is declared,
    /// the registry, the organisation and the settings. `None` when it may depend on anything else,
    /// such as whether two values that are not known are one and the same.
    pub(crate) fn reads(&self) -> Option<BTreeSet<&str>> {
        let (Demand::Require(demand) | Demand::Forbid(demand)) = &self.logic.demand;
        let mut members = BTreeSet::new();
        let mut is_known = query(demand, Here::Inside, NodeUse::Existence, &mut members);
        if let Some(when) = &self.logic.when {
            is_known &= query(when, Here::Inside, NodeUse::Existence, &mut members);
        }
        is_known.then_some(members)
    }
}

/// Notes what a query looks at; false when that cannot be determined.
fn query<'q>(
    query: &'q Query,
    here: Here,
    purpose: NodeUse,
    members: &mut BTreeSet<&'q str>,
) -> bool {
    match (query.start, here) {
        (QueryRoot::World(Root::Repository), _) | (QueryRoot::Current, Here::Repository) => {
            of_repository(&query.segments, purpose, members)
        }
        (QueryRoot::World(_), _) | (QueryRoot::Current, Here::Inside) => {
            inside(&query.segments, members)
        }
        (QueryRoot::Document, _) => false,
    }
}

/// Notes the members that segments take from the repository document.
fn of_repository<'q>(
    segments: &'q [Segment],
    purpose: NodeUse,
    members: &mut BTreeSet<&'q str>,
) -> bool {
    let Some((first, rest)) = segments.split_first() else {
        // The document itself is always there.
        return purpose == NodeUse::Existence;
    };
    !first.descend
        && first.selectors.iter().all(|selector| match selector {
            Selector::Name(name) => {
                members.insert(name);
                inside(rest, members)
            }
            Selector::Itself(condition) => {
                filter(condition, Here::Repository, members)
                    && of_repository(rest, purpose, members)
            }
            _ => false,
        })
}

/// Notes what filters ask for below a node that was noted as a whole.
fn inside<'q>(segments: &'q [Segment], members: &mut BTreeSet<&'q str>) -> bool {
    let mut selectors = segments.iter().flat_map(|segment| &segment.selectors);
    selectors.all(|selector| match selector {
        Selector::Filter(condition) | Selector::Itself(condition) => {
            filter(condition, Here::Inside, members)
        }
        Selector::Name(_) | Selector::Index(_) | Selector::Wildcard | Selector::Slice(_) => true,
    })
}

fn filter<'q>(condition: &'q Filter, here: Here, members: &mut BTreeSet<&'q str>) -> bool {
    match condition {
        Filter::Or(parts) | Filter::And(parts) => {
            parts.iter().all(|part| filter(part, here, members))
        }
        Filter::Not(part) => filter(part, here, members),
        Filter::Compare(_, left, right) => {
            (is_fixed(left) || is_fixed(right))
                && operand(left, here, members)
                && operand(right, here, members)
        }
        Filter::Exists(found) => query(found, here, NodeUse::Existence, members),
        Filter::Matches(subject, pattern) => {
            operand(subject, here, members)
                && match pattern {
                    PatternSource::Literal(_) => true,
                    PatternSource::Dynamic(pattern, _) => operand(pattern, here, members),
                }
        }
    }
}

/// Whether an operand is known and the same for every repository. Two others may be one value that is
/// not known, which is equal to itself.
fn is_fixed(side: &Operand) -> bool {
    match side {
        Operand::Literal(_) => true,
        Operand::Singular(query) => query.start == QueryRoot::World(Root::Settings),
        Operand::Length(_) | Operand::Count(_) | Operand::Value(_) => false,
    }
}

fn operand<'q>(side: &'q Operand, here: Here, members: &mut BTreeSet<&'q str>) -> bool {
    match side {
        Operand::Literal(_) => true,
        Operand::Length(inner) => operand(inner, here, members),
        Operand::Singular(found) | Operand::Count(found) | Operand::Value(found) => {
            query(found, here, NodeUse::Value, members)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::RuleSet;

    fn reads(id: &str) -> Option<Vec<String>> {
        let rules = RuleSet::builtin();
        let reads = rules.get(id).unwrap().reads()?;
        Some(reads.into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn members_are_found_in_conditions_and_demands() {
        let expected = |members: &[&str]| Some(members.iter().map(|it| (*it).to_owned()).collect());
        assert_eq!(reads("access-public"), expected(&["access", "kind"]));
        let both = expected(&["grants", "identities", "kind"]);
        assert_eq!(reads("pull-incomplete"), both);
        assert_eq!(reads("kms-customer-key"), expected(&["encryption", "kind"]));
        assert_eq!(reads("scan-on-push"), expected(&["kind", "scanning"]));
    }

    #[test]
    fn a_comparison_of_two_values_is_left_alone() {
        assert_eq!(reads("lifecycle-retention"), None);
    }
}
