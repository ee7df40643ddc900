//! Walks a query over documents, with doubt as a companion of every node.
//! It does not know rules; every answer is about the documents alone.

use std::ops::ControlFlow;

use super::list::{at, may_be_absent, sure_length};
use super::nodes::{Doubt, Finds, Nodes, Possible};
use super::operand::{OperandValue, children, compare, fits};
use super::roots::Roots;
use crate::model::{Data, Truth, Value};
use crate::rules::format::{
    Filter, Operand as Side, PatternSource, Query, QueryRoot, Segment, Selector, Slice,
};

/// How many nodes one evaluation may look at: a bound on time for queries such as `$..*[?$..*]`.
const STEPS: u32 = 1_000_000;

/// Evaluates `query` from the roots.
pub(super) fn select<'d>(query: &'d Query, roots: &Roots<'d>) -> Nodes<'d> {
    let mut nodes = Nodes::default();
    let _ = QueryEvaluation::new(roots).each(query, None, &mut |Hit { value: node, doubt }| {
        match doubt {
            None => nodes.definite.push(node),
            Some(doubt) => nodes.possible.push(Possible { node, doubt }),
        }
        ControlFlow::Continue(())
    });
    nodes
}

/// Whether `query` finds anything from the roots; nothing is looked at behind the first certain node.
pub(super) fn finds<'d>(query: &'d Query, roots: &Roots<'d>) -> Finds<'d> {
    let mut found = Finds::Nothing;
    let _ = QueryEvaluation::new(roots).each(query, None, &mut |Hit { value: node, doubt }| {
        match (doubt, &found) {
            (None, _) => {
                found = Finds::Certainly;
                return ControlFlow::Break(());
            }
            (Some(doubt), Finds::Nothing) => found = Finds::Perhaps(Possible { node, doubt }),
            (Some(_), _) => {}
        }
        ControlFlow::Continue(())
    });
    found
}

/// A node that a query has reached, and the doubt about it, if any.
#[derive(Clone, Copy, Debug)]
struct Hit<'d> {
    value: Value<'d>,
    doubt: Option<Doubt<'d>>,
}

/// One node at most, as a singular query finds it.
enum Single<'d> {
    Nothing,
    Node(Value<'d>),
    Doubtful(Doubt<'d>),
}

/// Takes one node after the other, until it has enough of them. Nothing is collected on the way: most
/// queries find nothing, and lists for each of their steps cost more than the steps.
type Taker<'t, 'd> = dyn FnMut(Hit<'d>) -> ControlFlow<()> + 't;

struct QueryEvaluation<'d> {
    roots: Roots<'d>,
    /// Steps that are left.
    steps: u32,
}

impl<'d> QueryEvaluation<'d> {
    fn new(roots: &Roots<'d>) -> Self {
        Self {
            roots: *roots,
            steps: STEPS,
        }
    }

    /// Everything that `query` finds. When the steps run out the last hit says so.
    fn each(
        &mut self,
        query: &'d Query,
        current: Option<Value<'d>>,
        take: &mut Taker<'_, 'd>,
    ) -> ControlFlow<()> {
        let Some(value) = self.start(query.start, current) else {
            return ControlFlow::Continue(());
        };
        self.reach(&query.segments, Hit { value, doubt: None }, take)?;
        if self.steps == 0 {
            let doubt = Some(Doubt::TooManySteps);
            return take(Hit { value, doubt });
        }
        ControlFlow::Continue(())
    }

    fn start(&self, start: QueryRoot, current: Option<Value<'d>>) -> Option<Value<'d>> {
        let value = match start {
            QueryRoot::Current => current,
            QueryRoot::Document => self.roots.document,
            QueryRoot::World(root) => self.roots.get(root),
        };
        value.filter(|value| !value.is_absent())
    }

    /// Pays for looking at one node; false when nothing is left.
    fn pay(&mut self) -> bool {
        self.steps = self.steps.saturating_sub(1);
        self.steps > 0
    }

    /// Goes on from a node, unless it is absent; a node that may be absent is in doubt.
    fn reach(
        &mut self,
        segments: &'d [Segment],
        hit: Hit<'d>,
        take: &mut Taker<'_, 'd>,
    ) -> ControlFlow<()> {
        match hit.value.data() {
            Data::Absent => ControlFlow::Continue(()),
            Data::Unknown(unknown) if unknown.maybe_absent => {
                let doubt = hit.doubt.or(Some(Doubt::Unknown(hit.value)));
                self.walk(segments, Hit { doubt, ..hit }, take)
            }
            _ => self.walk(segments, hit, take),
        }
    }

    /// Goes from a node through the segments that are left.
    fn walk(
        &mut self,
        segments: &'d [Segment],
        hit: Hit<'d>,
        take: &mut Taker<'_, 'd>,
    ) -> ControlFlow<()> {
        let Some((segment, rest)) = segments.split_first() else {
            return take(hit);
        };
        if !segment.descend {
            return self.selectors(&segment.selectors, rest, hit, take);
        }
        // A node comes before what lies below it (RFC 9535, section 2.5.2.2).
        let mut open = vec![hit];
        while let Some(hit) = open.pop() {
            if !self.pay() {
                break;
            }
            self.selectors(&segment.selectors, rest, hit, take)?;
            let first = open.len();
            for value in children(hit.value) {
                match value.data() {
                    Data::Absent => {}
                    Data::Unknown(unknown) if unknown.maybe_absent => open.push(Hit {
                        value,
                        doubt: hit.doubt.or(Some(Doubt::Unknown(value))),
                    }),
                    _ => open.push(Hit { value, ..hit }),
                }
            }
            open[first..].reverse();
        }
        ControlFlow::Continue(())
    }

    fn selectors(
        &mut self,
        selectors: &'d [Selector],
        rest: &'d [Segment],
        hit: Hit<'d>,
        take: &mut Taker<'_, 'd>,
    ) -> ControlFlow<()> {
        if let Data::Unknown(_) = hit.value.data() {
            // Whatever the selectors ask for may lie in the unknown value.
            let doubt = hit.doubt.or(Some(Doubt::Unknown(hit.value)));
            return self.walk(rest, Hit { doubt, ..hit }, take);
        }
        for selector in selectors {
            if !self.pay() {
                break;
            }
            match selector {
                Selector::Name(name) => {
                    if let Some(value) = hit.value.by_key_near(name, &name.near) {
                        self.reach(rest, Hit { value, ..hit }, take)?;
                    }
                }
                Selector::Wildcard => {
                    for value in children(hit.value) {
                        if !self.pay() {
                            break;
                        }
                        self.reach(rest, Hit { value, ..hit }, take)?;
                    }
                }
                Selector::Index(index) => {
                    if let Some(value) = at(*index, hit.value) {
                        self.reach(rest, Hit { value, ..hit }, take)?;
                    }
                }
                Selector::Slice(slice) => self.slice(*slice, rest, hit, take)?,
                Selector::Filter(filter) => {
                    for value in children(hit.value) {
                        self.filtered(filter, rest, Hit { value, ..hit }, take)?;
                    }
                }
                Selector::Itself(filter) => self.filtered(filter, rest, hit, take)?,
            }
        }
        ControlFlow::Continue(())
    }

    fn filtered(
        &mut self,
        filter: &'d Filter,
        rest: &'d [Segment],
        hit: Hit<'d>,
        take: &mut Taker<'_, 'd>,
    ) -> ControlFlow<()> {
        if hit.value.is_absent() || !self.pay() {
            return ControlFlow::Continue(());
        }
        match self.holds(filter, hit.value) {
            Truth::True => self.reach(rest, hit, take),
            Truth::False => ControlFlow::Continue(()),
            Truth::Unknown(doubt) => {
                let doubt = hit.doubt.or(Some(doubt));
                self.walk(rest, Hit { doubt, ..hit }, take)
            }
        }
    }

    fn slice(
        &mut self,
        slice: Slice,
        rest: &'d [Segment],
        hit: Hit<'d>,
        take: &mut Taker<'_, 'd>,
    ) -> ControlFlow<()> {
        let length = match sure_length(hit.value) {
            Ok(length) => length,
            Err(value) => return self.reach(rest, Hit { value, ..hit }, take),
        };
        let Some((lower, upper)) = slice.bounds(length) else {
            return ControlFlow::Continue(());
        };
        let items: Vec<_> = hit.value.items().filter(|item| !item.is_absent()).collect();
        let mut at = if slice.step > 0 { lower } else { upper };
        while (slice.step > 0 && at < upper) || (slice.step < 0 && lower < at) {
            if !self.pay() {
                break;
            }
            if let Some(value) = usize::try_from(at).ok().and_then(|at| items.get(at)) {
                let value = *value;
                self.reach(rest, Hit { value, ..hit }, take)?;
            }
            at = at.saturating_add(slice.step);
        }
        ControlFlow::Continue(())
    }

    fn holds(&mut self, filter: &'d Filter, current: Value<'d>) -> Truth<Doubt<'d>> {
        match filter {
            Filter::Or(parts) => parts.iter().fold(Truth::False, |truth, part| {
                truth.or_else(|| self.holds(part, current))
            }),
            Filter::And(parts) => parts.iter().fold(Truth::True, |truth, part| {
                truth.and_then(|| self.holds(part, current))
            }),
            Filter::Not(part) => !self.holds(part, current),
            Filter::Compare(operator, left, right) => {
                let left = self.operand(left, current);
                let right = self.operand(right, current);
                compare(*operator, left, right)
            }
            Filter::Exists(query) => self.exists(query, current),
            Filter::Matches(subject, pattern) => {
                let subject = self.operand(subject, current);
                match pattern {
                    PatternSource::Literal(pattern) => fits(subject, pattern),
                    PatternSource::Dynamic(pattern, cache) => {
                        match self.operand(pattern, current) {
                            OperandValue::Text(text) => fits(subject, &cache.pattern(text)),
                            OperandValue::Unknown(value, _) => {
                                undecided(subject, Doubt::Unknown(value))
                            }
                            OperandValue::Doubtful(doubt) => undecided(subject, doubt),
                            _ => Truth::False,
                        }
                    }
                }
            }
        }
    }

    fn exists(&mut self, query: &'d Query, current: Value<'d>) -> Truth<Doubt<'d>> {
        if query.is_singular() {
            return match self.single(query, current) {
                Single::Nothing => Truth::False,
                Single::Doubtful(doubt) => Truth::Unknown(doubt),
                Single::Node(node) => match node.data() {
                    Data::Unknown(unknown) if unknown.maybe_absent => {
                        Truth::Unknown(Doubt::Unknown(node))
                    }
                    _ => Truth::True,
                },
            };
        }
        let mut truth = Truth::False;
        let _ = self.each(query, Some(current), &mut |hit| {
            match (hit.doubt, truth) {
                (None, _) => {
                    truth = Truth::True;
                    return ControlFlow::Break(());
                }
                (Some(doubt), Truth::False) => truth = Truth::Unknown(doubt),
                (Some(_), _) => {}
            }
            ControlFlow::Continue(())
        });
        truth
    }

    fn operand(&mut self, side: &'d Side, current: Value<'d>) -> OperandValue<'d> {
        match side {
            Side::Literal(literal) => OperandValue::literal(literal),
            Side::Singular(query) => match self.single(query, current) {
                Single::Nothing => OperandValue::Nothing,
                Single::Node(node) => OperandValue::node(node),
                Single::Doubtful(doubt) => OperandValue::Doubtful(doubt),
            },
            Side::Length(side) => self.operand(side, current).length(),
            Side::Count(query) => {
                self.summary(query, current, |hits| OperandValue::count(hits.len()))
            }
            Side::Value(query) => self.summary(query, current, |hits| match hits {
                [hit] => OperandValue::node(hit.value),
                _ => OperandValue::Nothing,
            }),
        }
    }

    /// What is said of all nodes of a query, once all of them are certain.
    fn summary(
        &mut self,
        query: &'d Query,
        current: Value<'d>,
        say: impl FnOnce(&[Hit<'d>]) -> OperandValue<'d>,
    ) -> OperandValue<'d> {
        let mut hits = Vec::new();
        let _ = self.each(query, Some(current), &mut |hit| {
            hits.push(hit);
            ControlFlow::Continue(())
        });
        match hits.iter().find_map(|hit| hit.doubt) {
            Some(doubt) => OperandValue::Doubtful(doubt),
            None => say(&hits),
        }
    }

    /// The node of a query that finds one at most, without any list.
    fn single(&mut self, query: &'d Query, current: Value<'d>) -> Single<'d> {
        let Some(mut value) = self.start(query.start, Some(current)) else {
            return Single::Nothing;
        };
        for segment in &query.segments {
            if !self.pay() {
                return Single::Doubtful(Doubt::TooManySteps);
            }
            if let Data::Unknown(_) = value.data() {
                return Single::Doubtful(Doubt::Unknown(value));
            }
            let next = match segment.selectors.as_slice() {
                [Selector::Name(name)] => value.by_key_near(name, &name.near),
                [Selector::Index(index)] => match at(*index, value) {
                    Some(item) if may_be_absent(item) => {
                        return Single::Doubtful(Doubt::Unknown(item));
                    }
                    found => found,
                },
                _ => None,
            };
            match next {
                Some(next) if !next.is_absent() => value = next,
                _ => return Single::Nothing,
            }
        }
        Single::Node(value)
    }
}

/// A match against a pattern that is not known: only what is not a text is decided.
fn undecided<'d>(subject: OperandValue<'d>, doubt: Doubt<'d>) -> Truth<Doubt<'d>> {
    match subject {
        OperandValue::Text(_) | OperandValue::Unknown(..) | OperandValue::Doubtful(_) => {
            Truth::Unknown(doubt)
        }
        _ => Truth::False,
    }
}
