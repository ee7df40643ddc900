//! Walks a query over documents, with doubt as a companion of every node.
//! It does not know rules; every answer is about the documents alone.

use super::list::sure_length;
use super::operand::{Operand, children, compare, fits};
use super::truth::Truth;
use super::{Doubt, Nodes, Possible, Query, Roots};
use crate::model::{Data, Value};
use crate::rules::format::{
    Filter, Operand as Side, PatternSource, Segment, Selector, Slice, Start,
};

/// How many nodes one evaluation may look at: a bound on time for queries such as `$..*[?$..*]`.
const STEPS: u32 = 1_000_000;

/// Evaluates `query` from the roots.
pub(super) fn select<'d>(query: &'d Query, roots: &Roots<'d>) -> Nodes<'d> {
    let mut evaluation = Evaluation {
        roots: *roots,
        steps: STEPS,
        spare: Vec::new(),
    };
    let mut nodes = Nodes::default();
    let hits = evaluation.nodes(query, None);
    for Hit { value: node, doubt } in hits {
        match doubt {
            None => nodes.definite.push(node),
            Some(doubt) => nodes.possible.push(Possible { node, doubt }),
        }
    }
    nodes
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

struct Evaluation<'d> {
    roots: Roots<'d>,
    /// Steps that are left.
    steps: u32,
    /// Buffers that were used before, so that filters do not allocate for each node.
    spare: Vec<Vec<Hit<'d>>>,
}

impl<'d> Evaluation<'d> {
    /// Everything that `query` finds. When the steps run out the last hit says so.
    fn nodes(&mut self, query: &'d Query, current: Option<Value<'d>>) -> Vec<Hit<'d>> {
        let mut hits = self.buffer();
        let Some(start) = self.start(query.start, current) else {
            return hits;
        };
        push(
            Hit {
                value: start,
                doubt: None,
            },
            &mut hits,
        );
        for segment in &query.segments {
            let mut next = self.buffer();
            for hit in hits.drain(..) {
                self.segment(segment, hit, &mut next);
            }
            self.spare.push(std::mem::replace(&mut hits, next));
        }
        if self.steps == 0 {
            hits.push(Hit {
                value: start,
                doubt: Some(Doubt::TooManySteps),
            });
        }
        hits
    }

    fn start(&self, start: Start, current: Option<Value<'d>>) -> Option<Value<'d>> {
        let value = match start {
            Start::Current => current,
            Start::Document => self.roots.document,
            Start::World(root) => self.roots.get(root),
        };
        value.filter(|value| !value.is_absent())
    }

    fn buffer(&mut self) -> Vec<Hit<'d>> {
        self.spare.pop().unwrap_or_default()
    }

    /// Pays for looking at one node; false when nothing is left.
    fn pay(&mut self) -> bool {
        self.steps = self.steps.saturating_sub(1);
        self.steps > 0
    }

    fn segment(&mut self, segment: &'d Segment, hit: Hit<'d>, out: &mut Vec<Hit<'d>>) {
        if !segment.descend {
            return self.selectors(&segment.selectors, hit, out);
        }
        // A node comes before what lies below it (RFC 9535, section 2.5.2.2).
        let mut open = self.buffer();
        open.push(hit);
        while let Some(hit) = open.pop() {
            if !self.pay() {
                break;
            }
            self.selectors(&segment.selectors, hit, out);
            let first = open.len();
            for child in children(hit.value) {
                push(
                    Hit {
                        value: child,
                        ..hit
                    },
                    &mut open,
                );
            }
            open[first..].reverse();
        }
        open.clear();
        self.spare.push(open);
    }

    fn selectors(&mut self, selectors: &'d [Selector], hit: Hit<'d>, out: &mut Vec<Hit<'d>>) {
        if let Data::Unknown(_) = hit.value.data() {
            // Whatever the selectors ask for may lie in the unknown value.
            let doubt = hit.doubt.or(Some(Doubt::Unknown(hit.value)));
            return out.push(Hit { doubt, ..hit });
        }
        for selector in selectors {
            if !self.pay() {
                return;
            }
            match selector {
                Selector::Name(name) => {
                    if let Some(value) = hit.value.get(name) {
                        push(Hit { value, ..hit }, out);
                    }
                }
                Selector::Wildcard => {
                    for value in children(hit.value) {
                        if !self.pay() {
                            return;
                        }
                        push(Hit { value, ..hit }, out);
                    }
                }
                Selector::Index(index) => self.index(*index, hit, out),
                Selector::Slice(slice) => self.slice(*slice, hit, out),
                Selector::Filter(filter) => {
                    for value in children(hit.value) {
                        self.filtered(filter, Hit { value, ..hit }, out);
                    }
                }
                Selector::Itself(filter) => self.filtered(filter, hit, out),
            }
        }
    }

    fn filtered(&mut self, filter: &'d Filter, hit: Hit<'d>, out: &mut Vec<Hit<'d>>) {
        if hit.value.is_absent() || !self.pay() {
            return;
        }
        match self.holds(filter, hit.value) {
            Truth::True => push(hit, out),
            Truth::False => {}
            Truth::Unknown(doubt) => {
                let doubt = hit.doubt.or(Some(doubt));
                out.push(Hit { doubt, ..hit });
            }
        }
    }

    fn index(&mut self, index: i64, hit: Hit<'d>, out: &mut Vec<Hit<'d>>) {
        let length = match sure_length(hit.value) {
            Ok(length) => length,
            Err(unsure) => {
                return push(
                    Hit {
                        value: unsure,
                        ..hit
                    },
                    out,
                );
            }
        };
        let position = if index < 0 {
            length.checked_add(index)
        } else {
            Some(index)
        };
        let position = position.and_then(|position| usize::try_from(position).ok());
        let mut items = hit.value.items().filter(|item| !item.is_absent());
        if let Some(value) = position.and_then(|position| items.nth(position)) {
            push(Hit { value, ..hit }, out);
        }
    }

    fn slice(&mut self, slice: Slice, hit: Hit<'d>, out: &mut Vec<Hit<'d>>) {
        let length = match sure_length(hit.value) {
            Ok(length) => length,
            Err(unsure) => {
                return push(
                    Hit {
                        value: unsure,
                        ..hit
                    },
                    out,
                );
            }
        };
        let Some((lower, upper)) = slice.bounds(length) else {
            return;
        };
        let items: Vec<_> = hit.value.items().filter(|item| !item.is_absent()).collect();
        let mut at = if slice.step > 0 { lower } else { upper };
        while (slice.step > 0 && at < upper) || (slice.step < 0 && lower < at) {
            if !self.pay() {
                return;
            }
            if let Some(value) = usize::try_from(at).ok().and_then(|at| items.get(at)) {
                push(
                    Hit {
                        value: *value,
                        ..hit
                    },
                    out,
                );
            }
            at = at.saturating_add(slice.step);
        }
    }

    fn holds(&mut self, filter: &'d Filter, current: Value<'d>) -> Truth<'d> {
        match filter {
            Filter::Or(parts) => parts.iter().fold(Truth::False, |truth, part| {
                truth.or(|| self.holds(part, current))
            }),
            Filter::And(parts) => parts.iter().fold(Truth::True, |truth, part| {
                truth.and(|| self.holds(part, current))
            }),
            Filter::Not(part) => self.holds(part, current).not(),
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
                            Operand::Text(text) => fits(subject, &cache.pattern(text)),
                            Operand::Unknown(value, _) => undecided(subject, Doubt::Unknown(value)),
                            Operand::Doubtful(doubt) => undecided(subject, doubt),
                            _ => Truth::False,
                        }
                    }
                }
            }
        }
    }

    fn exists(&mut self, query: &'d Query, current: Value<'d>) -> Truth<'d> {
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
        let mut hits = self.nodes(query, Some(current));
        let truth = if hits.iter().any(|hit| hit.doubt.is_none()) {
            Truth::True
        } else {
            hits.first()
                .and_then(|hit| hit.doubt)
                .map_or(Truth::False, Truth::Unknown)
        };
        hits.clear();
        self.spare.push(hits);
        truth
    }

    fn operand(&mut self, side: &'d Side, current: Value<'d>) -> Operand<'d> {
        match side {
            Side::Literal(literal) => Operand::literal(literal),
            Side::Singular(query) => match self.single(query, current) {
                Single::Nothing => Operand::Nothing,
                Single::Node(node) => Operand::node(node),
                Single::Doubtful(doubt) => Operand::Doubtful(doubt),
            },
            Side::Length(side) => self.operand(side, current).length(),
            Side::Count(query) => self.summary(query, current, |hits| Operand::count(hits.len())),
            Side::Value(query) => self.summary(query, current, |hits| match hits {
                [hit] => Operand::node(hit.value),
                _ => Operand::Nothing,
            }),
        }
    }

    /// What is said of all nodes of a query, once all of them are certain.
    fn summary(
        &mut self,
        query: &'d Query,
        current: Value<'d>,
        say: impl FnOnce(&[Hit<'d>]) -> Operand<'d>,
    ) -> Operand<'d> {
        let mut hits = self.nodes(query, Some(current));
        let said = match hits.iter().find_map(|hit| hit.doubt) {
            Some(doubt) => Operand::Doubtful(doubt),
            None => say(&hits),
        };
        hits.clear();
        self.spare.push(hits);
        said
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
                [Selector::Name(name)] => value.get(name),
                [Selector::Index(index)] => {
                    let mut found = self.buffer();
                    self.index(*index, Hit { value, doubt: None }, &mut found);
                    let first = found.first().copied();
                    found.clear();
                    self.spare.push(found);
                    match first {
                        Some(Hit {
                            doubt: Some(doubt), ..
                        }) => return Single::Doubtful(doubt),
                        first => first.map(|hit| hit.value),
                    }
                }
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

/// Adds a node, unless it is absent; a node that may be absent is in doubt.
fn push<'d>(hit: Hit<'d>, out: &mut Vec<Hit<'d>>) {
    match hit.value.data() {
        Data::Absent => {}
        Data::Unknown(unknown) if unknown.maybe_absent => out.push(Hit {
            doubt: hit.doubt.or(Some(Doubt::Unknown(hit.value))),
            ..hit
        }),
        _ => out.push(hit),
    }
}

/// A match against a pattern that is not known: only what is no text is decided.
fn undecided<'d>(subject: Operand<'d>, doubt: Doubt<'d>) -> Truth<'d> {
    match subject {
        Operand::Text(_) | Operand::Unknown(..) | Operand::Doubtful(_) => Truth::Unknown(doubt),
        _ => Truth::False,
    }
}
