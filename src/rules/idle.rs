//! Whether a rule can judge anything at all under a configuration, and what it lacks where it cannot.
//! It does not know inputs: of a repository everything is possible that the configuration leaves open.

use std::collections::BTreeSet;

use super::Rule;
use super::format::{
    Comparison, Demand, Filter, Literal, Operand, PatternSource, Query, QueryRoot, Root, Segment,
    Selector,
};
use super::query::{Finds, Roots};
use crate::model::facts::FactName;
use crate::model::{Document, MemberKey, NodeId, Unknown, Value, members};
use crate::source::Span;

/// A member of the repository document that is not there without more configuration: a fact, or one member of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ConfiguredMember {
    pub(crate) fact: FactName,
    pub(crate) member: Option<MemberKey>,
}

/// What a configuration says to a rule about some repository.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing<'a> {
    /// What stands in the place of a repository.
    pub(crate) kind: &'a str,
    /// What is declared for it, if anything.
    pub(crate) declared: Option<Value<'a>>,
    /// The organisation's standard, where one is configured.
    pub(crate) organisation: Option<Value<'a>>,
    /// The settings of the rule.
    pub(crate) settings: Value<'a>,
    /// Members that are certainly not there under the configuration.
    pub(crate) absent: &'a [ConfiguredMember],
}

impl Rule {
    /// Whether the rule may have something to say about a repository that is like this.
    pub(crate) fn may_judge(&self, standing: &Standing<'_>) -> bool {
        let (document, repository) = open(&self.names(), standing);
        let mut nothing = Document::default();
        let unknown = nothing.unknown(Unknown::default().maybe_absent(), Span::default());
        let roots = Roots::world([
            Some(document.value(repository)),
            standing.declared,
            Some(nothing.value(unknown)),
            standing.organisation,
            Some(standing.settings),
        ]);
        let finds = |query: &Query| !matches!(query.finds_in(&roots), Finds::Nothing);
        let is_about = self.logic.when.as_ref().is_none_or(finds);
        is_about
            && match &self.logic.demand {
                Demand::Forbid(query) => finds(query),
                Demand::Require(_) => true,
            }
    }

    /// Whether it asks for the base names of declared repositories, which are many.
    pub(crate) fn asks_for_bases(&self) -> bool {
        self.names().contains(members::BASE.name())
    }

    /// What of the configuration `when` asks for first, as a clause that says that it is not there.
    pub(crate) fn lacks(&self) -> Option<String> {
        let mut lacks = Vec::new();
        if let Some(when) = &self.logic.when {
            of_query(when, &mut lacks);
        }
        // What is declared is more telling than whether anything is.
        lacks.sort_by_key(|(is_general, _)| *is_general);
        lacks.into_iter().next().map(|(_, text)| text)
    }

    /// The names of all members that its queries ask for.
    fn names(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        for query in self.logic.when.iter().chain([self.logic.demand.query()]) {
            names_of(&query.segments, &mut names);
        }
        names
    }
}

/// A document in which every member may be anything, but for its kind and those that are certainly absent.
fn open(names: &BTreeSet<&str>, standing: &Standing<'_>) -> (Document, NodeId) {
    let place = Span::default();
    let mut document = Document::default();
    let mut open = Vec::new();
    let unknown = document.unknown(Unknown::default().maybe_absent(), place);
    let absent = document.absent(place);
    for name in names {
        let mut missing = standing.absent.iter();
        let missing = missing.find(|one| one.fact.name() == *name);
        let value = match missing.map(|one| one.member) {
            _ if *name == FactName::Kind.name() => document.string(standing.kind, place),
            None => unknown,
            Some(None) => absent,
            Some(Some(own)) => {
                let inner = names.iter().map(|name| {
                    let is_own = *name == own.name();
                    (*name, if is_own { absent } else { unknown })
                });
                document.object_with_keys(&inner.collect::<Vec<_>>(), place)
            }
        };
        open.push((*name, value));
    }
    let root = document.object_with_keys(&open, place);
    (document, root)
}

fn names_of<'q>(segments: &'q [Segment], names: &mut BTreeSet<&'q str>) {
    for selector in segments.iter().flat_map(|segment| &segment.selectors) {
        match selector {
            Selector::Name(name) => {
                names.insert(name);
            }
            Selector::Filter(filter) | Selector::Itself(filter) => names_in(filter, names),
            Selector::Index(_) | Selector::Wildcard | Selector::Slice(_) => {}
        }
    }
}

fn names_in<'q>(filter: &'q Filter, names: &mut BTreeSet<&'q str>) {
    match filter {
        Filter::Or(parts) | Filter::And(parts) => {
            parts.iter().for_each(|part| names_in(part, names));
        }
        Filter::Not(part) => names_in(part, names),
        Filter::Compare(_, left, right) => {
            names_beside(left, names);
            names_beside(right, names);
        }
        Filter::Exists(query) => names_of(&query.segments, names),
        Filter::Matches(subject, pattern) => {
            names_beside(subject, names);
            if let PatternSource::Dynamic(pattern, _) = pattern {
                names_beside(pattern, names);
            }
        }
    }
}

fn names_beside<'q>(operand: &'q Operand, names: &mut BTreeSet<&'q str>) {
    match operand {
        Operand::Literal(_) => {}
        Operand::Singular(query) | Operand::Count(query) | Operand::Value(query) => {
            names_of(&query.segments, names);
        }
        Operand::Length(operand) => names_beside(operand, names),
    }
}

/// What is not there, and whether it is the whole of what is declared.
type Lack = (bool, String);

fn of_query(query: &Query, lacks: &mut Vec<Lack>) {
    lacks.extend(lack(query, None));
    for selector in query.segments.iter().flat_map(|segment| &segment.selectors) {
        if let Selector::Filter(filter) | Selector::Itself(filter) = selector {
            of_filter(filter, lacks);
        }
    }
}

fn of_filter(filter: &Filter, lacks: &mut Vec<Lack>) {
    match filter {
        Filter::Or(parts) | Filter::And(parts) => {
            parts.iter().for_each(|part| of_filter(part, lacks));
        }
        Filter::Compare(Comparison::Equal, Operand::Singular(query), Operand::Literal(wanted))
        | Filter::Compare(Comparison::Equal, Operand::Literal(wanted), Operand::Singular(query)) => {
            lacks.extend(lack(query, Some(wanted)));
        }
        Filter::Exists(query) => of_query(query, lacks),
        Filter::Compare(..) | Filter::Matches(..) | Filter::Not(_) => {}
    }
}

fn lack(query: &Query, wanted: Option<&Literal>) -> Option<Lack> {
    let names = query.segments.iter().flat_map(|segment| &segment.selectors);
    let names: Vec<&str> = names
        .map_while(|selector| match selector {
            Selector::Name(name) => Some(&**name),
            _ => None,
        })
        .collect();
    let path = names.join(".");
    let value = wanted.and_then(written);
    let nothing = || (true, "no repository is declared".to_owned());
    match (query.start, path.as_str(), value) {
        (QueryRoot::World(Root::Declared), "", _) => Some(nothing()),
        (QueryRoot::World(Root::Declared), path, Some(value)) => {
            Some((false, format!("nothing is declared with `{path}: {value}`")))
        }
        (QueryRoot::World(Root::Declared), path, None) => {
            Some((false, format!("nothing is declared with `{path}`")))
        }
        (QueryRoot::World(Root::Organisation), "", _) => {
            Some((true, "no `organisation` is configured".to_owned()))
        }
        (QueryRoot::World(Root::Organisation), path, _)
            if path == members::DECLARES_REPOSITORIES.name() =>
        {
            Some(nothing())
        }
        (QueryRoot::World(Root::Organisation), path, _) => {
            Some((true, format!("`organisation.{path}` is not configured")))
        }
        _ => None,
    }
}

fn written(literal: &Literal) -> Option<String> {
    match literal {
        Literal::Null => None,
        Literal::Bool(flag) => Some(flag.to_string()),
        Literal::Integer(number) => Some(number.to_string()),
        Literal::Float(number) => Some(number.to_string()),
        Literal::String(text) => Some(text.clone()),
    }
}
