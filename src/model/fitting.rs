//! Decides whether a text that is known in part fits a regular expression.
//! It does not know who asks, nor where the expression was written.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, Config, DFA};
use regex_automata::{Anchored, Input};

use super::{CharacterSet, LimitedRun, Piece, Shape, TextLimits, Truth};

/// How many states are looked at before the question is given up.
const STATES: usize = 2_000;

/// The hole that an account stands in, and how many digits each has.
const ACCOUNT: &str = "AWS::AccountId";
const DIGITS: usize = 12;

/// Characters of one run that are counted; longer ones may be any longer.
const MOST_STEPS: usize = 512;

/// What every account is.
fn account() -> TextLimits {
    TextLimits::of(vec![LimitedRun {
        set: CharacterSet::between('0', '9'),
        least: DIGITS,
        most: Some(DIGITS),
    }])
}

/// How many automata each thread keeps.
const AUTOMATA_KEPT: usize = 64;

thread_local! {
    /// Automata by the expression they were made from.
    static AUTOMATA: RefCell<HashMap<String, Rc<DFA>>> = RefCell::default();
}

/// Whether every filling of the holes fits; false where none does, unknown where only some do.
///
/// Exact up to [`STATES`], beyond which the answer is unknown. The automaton of the pattern runs over
/// the known pieces from every state it can be in; a hole leads to all states that any text within its limits leads to, one
/// for an account to those that twelve digits lead to.
pub(crate) fn fits(shape: &Shape, expression: &str) -> Truth<()> {
    decide(shape, expression).unwrap_or(Truth::Unknown(()))
}

/// The answer; none where the question is given up.
fn decide(shape: &Shape, expression: &str) -> Option<Truth<()>> {
    let dfa = automaton(expression)?;
    let mut run = DfaRun {
        cache: dfa.create_cache(),
        bytes: representatives(&dfa),
        dfa: &dfa,
    };
    let anchored = Input::new("").anchored(Anchored::Yes);
    let start = dfa.start_state_forward(&mut run.cache, &anchored);
    let mut states = BTreeSet::from([start.ok()?]);
    for piece in &shape.0 {
        states = match piece {
            Piece::Text(text) => text
                .bytes()
                .try_fold(states, |states, byte| run.step(&states, byte))?,
            Piece::Hole(name, _) if name == ACCOUNT => run.any_of(&states, &account())?,
            Piece::Hole(_, Some(limits)) => run.any_of(&states, limits)?,
            Piece::Hole(_, None) => run.any_text(&states)?,
        };
    }
    run.verdict(&states)
}

/// The automaton of a pattern, which runs over whole texts. Building it costs more than running it,
/// and the same few patterns are asked about in every repository.
fn automaton(expression: &str) -> Option<Rc<DFA>> {
    let expression = format!(r"\A(?s:.*)(?:{expression})(?s:.*)\z");
    AUTOMATA.with_borrow_mut(|automata| {
        if let Some(dfa) = automata.get(&expression) {
            return Some(Rc::clone(dfa));
        }
        // Each run has a cache of its own and fails rather than clears it, so that what was
        // asked before never shows in an answer.
        let config = Config::new()
            .cache_capacity(1 << 22)
            .skip_cache_capacity_check(true)
            .minimum_cache_clear_count(Some(0));
        let dfa = Rc::new(DFA::builder().configure(config).build(&expression).ok()?);
        if automata.len() >= AUTOMATA_KEPT {
            automata.clear();
        }
        automata.insert(expression, Rc::clone(&dfa));
        Some(dfa)
    })
}

/// One byte of each kind that neither the automaton nor UTF-8 tells apart.
fn representatives(dfa: &DFA) -> Vec<u8> {
    let mut seen = BTreeSet::new();
    (0..=u8::MAX)
        .filter(|byte| seen.insert((dfa.byte_classes().get(*byte), Utf8::kind(*byte))))
        .collect()
}

/// A run of the automaton from several states at once.
struct DfaRun<'a> {
    dfa: &'a DFA,
    cache: Cache,
    bytes: Vec<u8>,
}

impl DfaRun<'_> {
    /// The states behind one known byte.
    fn step(&mut self, states: &BTreeSet<LazyStateID>, byte: u8) -> Option<BTreeSet<LazyStateID>> {
        states.iter().map(|state| self.next(*state, byte)).collect()
    }

    /// The states behind any text within limits.
    fn any_of(
        &mut self,
        states: &BTreeSet<LazyStateID>,
        limits: &TextLimits,
    ) -> Option<BTreeSet<LazyStateID>> {
        let runs = limits.runs().iter();
        runs.copied()
            .try_fold(states.clone(), |states, one| self.run(&states, one))
    }

    /// The states behind a run of characters. One of which is not of ASCII may be any text.
    fn run(
        &mut self,
        states: &BTreeSet<LazyStateID>,
        run: LimitedRun,
    ) -> Option<BTreeSet<LazyStateID>> {
        let Some(bytes) = run.set.ascii() else {
            return self.any_text(states);
        };
        let mut seen = BTreeSet::new();
        let classes = self.dfa.byte_classes();
        let bytes: Vec<u8> = bytes
            .filter(|byte| seen.insert(classes.get(*byte)))
            .collect();
        let mut newest = states.clone();
        for _ in 0..run.least.min(MOST_STEPS) {
            newest = self.one_of(&newest, &bytes)?;
        }
        let mut reached = newest.clone();
        let is_cut = run.least > MOST_STEPS;
        let more = run.most.map(|most| most.saturating_sub(run.least));
        let more = more.filter(|_| !is_cut).unwrap_or(usize::MAX);
        for _ in 0..more {
            let next = self.one_of(&newest, &bytes)?;
            newest = next.difference(&reached).copied().collect();
            if newest.is_empty() {
                break;
            }
            reached.extend(&newest);
        }
        (reached.len() <= STATES).then_some(reached)
    }

    /// The states behind one of some bytes.
    fn one_of(
        &mut self,
        states: &BTreeSet<LazyStateID>,
        bytes: &[u8],
    ) -> Option<BTreeSet<LazyStateID>> {
        let mut reached = BTreeSet::new();
        for byte in bytes {
            reached.extend(self.step(states, *byte)?);
        }
        (reached.len() <= STATES).then_some(reached)
    }

    fn next(&mut self, state: LazyStateID, byte: u8) -> Option<LazyStateID> {
        let next = self.dfa.next_state(&mut self.cache, state, byte).ok()?;
        // Tags tell match states apart from others; the state behind them is the same.
        (!next.is_quit()).then_some(next)
    }

    /// The states behind any text at all, the empty one included.
    fn any_text(&mut self, states: &BTreeSet<LazyStateID>) -> Option<BTreeSet<LazyStateID>> {
        let mut seen: BTreeSet<_> = states
            .iter()
            .map(|state| (*state, Utf8::Boundary))
            .collect();
        let mut open: Vec<_> = seen.iter().copied().collect();
        while let Some((state, position)) = open.pop() {
            for index in 0..self.bytes.len() {
                let byte = self.bytes[index];
                let Some(position) = position.next(byte) else {
                    continue;
                };
                let reached = (self.next(state, byte)?, position);
                if seen.insert(reached) {
                    open.push(reached);
                }
            }
            if seen.len() > STATES {
                return None;
            }
        }
        let whole = |(state, position)| (position == Utf8::Boundary).then_some(state);
        Some(seen.into_iter().filter_map(whole).collect())
    }

    fn verdict(&mut self, states: &BTreeSet<LazyStateID>) -> Option<Truth<()>> {
        let mut fitting = 0;
        for state in states {
            let end = self.dfa.next_eoi_state(&mut self.cache, *state).ok()?;
            fitting += usize::from(end.is_match());
        }
        Some(match fitting {
            0 => Truth::False,
            all if all == states.len() => Truth::True,
            _ => Truth::Unknown(()),
        })
    }
}

/// How far a character is complete: a hole is filled with characters, not with bytes
/// (RFC 3629, section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Utf8 {
    Boundary,
    One,
    Two,
    Three,
    AfterE0,
    AfterEd,
    AfterF0,
    AfterF4,
}

impl Utf8 {
    /// A number that is equal for bytes that [`Utf8::next`] treats alike everywhere.
    fn kind(byte: u8) -> u8 {
        match byte {
            0x00..=0x7f => 0,
            0x80..=0x8f => 1,
            0x90..=0x9f => 2,
            0xa0..=0xbf => 3,
            0xc2..=0xdf => 4,
            0xe1..=0xec | 0xee | 0xef => 5,
            0xf1..=0xf3 => 6,
            0xe0 | 0xed | 0xf0 | 0xf4 => byte,
            0xc0 | 0xc1 | 0xf5..=0xff => 7,
        }
    }

    fn next(self, byte: u8) -> Option<Utf8> {
        Some(match (self, byte) {
            (Utf8::Boundary, 0x00..=0x7f) | (Utf8::One, 0x80..=0xbf) => Utf8::Boundary,
            (Utf8::Boundary, 0xc2..=0xdf)
            | (Utf8::Two, 0x80..=0xbf)
            | (Utf8::AfterE0, 0xa0..=0xbf)
            | (Utf8::AfterEd, 0x80..=0x9f) => Utf8::One,
            (Utf8::Boundary, 0xe0) => Utf8::AfterE0,
            (Utf8::Boundary, 0xed) => Utf8::AfterEd,
            (Utf8::Boundary, 0xe1..=0xef)
            | (Utf8::Three, 0x80..=0xbf)
            | (Utf8::AfterF0, 0x90..=0xbf)
            | (Utf8::AfterF4, 0x80..=0x8f) => Utf8::Two,
            (Utf8::Boundary, 0xf0) => Utf8::AfterF0,
            (Utf8::Boundary, 0xf4) => Utf8::AfterF4,
            (Utf8::Boundary, 0xf1..=0xf3) => Utf8::Three,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Utf8;

    #[test]
    fn bytes_of_one_kind_lead_to_the_same_place() {
        let positions = [
            Utf8::Boundary,
            Utf8::One,
            Utf8::Two,
            Utf8::Three,
            Utf8::AfterE0,
            Utf8::AfterEd,
            Utf8::AfterF0,
            Utf8::AfterF4,
        ];
        for (a, b) in (0..=u8::MAX).flat_map(|a| (0..=u8::MAX).map(move |b| (a, b))) {
            if Utf8::kind(a) == Utf8::kind(b) {
                assert!(positions.iter().all(|place| place.next(a) == place.next(b)));
            }
        }
    }
}
