//! What an identity lacks in each place that its policies speak of. It does not know how that is written down.

use super::places::Place;
use crate::model::Truth;
use crate::model::policy::{
    Ask, Denial, NO_PULL, Needs, Owner, PULL, PUSH, Policies, Rights, TOKEN, UPLOAD,
};
use crate::source::Span;

/// Why it is not known whether somebody pulls who runs as a function of Lambda.
const OF_FUNCTION: &str = "Lambda pulls the images of functions without their roles, and what the code of this one does is not known";

/// What an identity lacks in one place.
pub(super) struct Lacks<'d> {
    pub(super) place: Option<&'d Place<'d>>,
    pub(super) pull: (Truth, Vec<&'static str>),
    pub(super) push: (Truth, Vec<&'static str>),
    /// The only statement that gives part of what is lacked.
    pub(super) giver: Option<Span>,
    /// The `Deny` that takes back part of it.
    pub(super) denial: Option<Denial<'static>>,
    works: Truth,
    /// Whether what it may do takes a token.
    pub(super) asks_token: Truth,
    /// Why pulling may be no business of it, however much of it is there.
    pub(super) by_code: Option<&'static str>,
    /// Whether it is given a token.
    pub(super) token: Truth,
}

impl Lacks<'_> {
    /// Nobody knows what is lacked anywhere.
    pub(super) fn unknown(reason: &str) -> Self {
        let unknown = || Truth::unknown(reason);
        Self {
            place: None,
            pull: (unknown(), Vec::new()),
            push: (unknown(), Vec::new()),
            giver: None,
            denial: None,
            works: unknown(),
            asks_token: unknown(),
            by_code: None,
            token: unknown(),
        }
    }
}

/// What is lacked in one place.
fn asked<'d>(
    policies: &Policies<'d>,
    needs: &Needs,
    owner: &Owner<'d>,
    place: Option<&'d Place<'d>>,
) -> Lacks<'d> {
    let rights = policies.rights(owner, place.map(|place| &place.arn));
    let pull = rights.missing(&Ask {
        telling: needs.pull,
        wanted: needs.pull,
        excused: &NO_PULL,
    });
    let push = rights.missing(&Ask {
        telling: if needs.push.is_empty() { &[] } else { &UPLOAD },
        wanted: needs.push,
        excused: &[],
    });
    let works = works(&rights);
    // Who can pull or push is given enough by one statement or another.
    let lacked = [(&pull, needs.pull), (&push, needs.push)].into_iter();
    let lacked = lacked.filter(|((lacks, _), _)| lacks.is_true() && !works.is_true());
    let (missing, wanted): (Vec<_>, Vec<_>) = lacked
        .map(|((_, missing), wanted)| (missing.as_slice(), wanted))
        .unzip();
    let wanted: Vec<&str> = wanted.into_iter().flatten().copied().collect();
    let giver = rights.giver(&wanted);
    let token = rights.token.clone().unwrap_or(Truth::False);
    // Nobody but programs that pull or push asks for a token.
    let is_by_token = token.is_true() || rights.has(&PUSH).is_true();
    // An entry has one cause, and may be about two sets.
    let denial = match missing.as_slice() {
        [missing] => rights.taken(missing),
        [] if token.is_false() => rights.token_denial.map(|place| Denial {
            place,
            taken: vec![TOKEN],
        }),
        _ => None,
    };
    Lacks {
        place,
        pull,
        push,
        giver,
        denial,
        works,
        asks_token: rights.pulls_by_token().or(rights.has(&PUSH)),
        by_code: (needs.is_of_function && !is_by_token).then_some(OF_FUNCTION),
        token,
    }
}

/// What is lacked in each place; what is the same in several repositories is reported once.
pub(super) fn lacks<'d>(
    policies: &Policies<'d>,
    needs: &Needs,
    places: &'d [Place<'d>],
    owner: &Owner<'d>,
) -> Vec<Lacks<'d>> {
    let ask = |place: Option<&'d Place<'d>>| asked(policies, needs, owner, place);
    let mut all: Vec<Lacks<'d>> = places.iter().map(|place| ask(Some(place))).collect();
    if all.is_empty() {
        all.push(ask(None));
    }
    // Who may do all of it somewhere within a pattern was not given half of it by mistake.
    let whole =
        |one: &Lacks<'_>| one.works.is_true() && one.pull.0.is_false() && one.push.0.is_false();
    let excused: Vec<bool> = all
        .iter()
        .map(|one| {
            let pattern = one.place.filter(|place| place.arn.is_pattern());
            pattern.is_some_and(|pattern| {
                all.iter().any(|other| {
                    let within = other.place.map(|place| pattern.arn.covers(&place.arn));
                    whole(other) && within.is_some_and(|within| within.is_true())
                })
            })
        })
        .collect();
    let mut told: Vec<Lacks<'d>> = Vec::new();
    for (one, excused) in all.into_iter().zip(excused) {
        let is_same = |other: &Lacks<'_>| {
            let repositories =
                [one.place, other.place].map(|it| it.is_some_and(|it| it.is_repository));
            repositories == [true; 2] && (&one.pull, &one.push) == (&other.pull, &other.push)
        };
        if !told.iter().any(is_same) && (!excused || told.is_empty()) {
            told.push(match excused {
                true => Lacks {
                    pull: (Truth::False, Vec::new()),
                    push: (Truth::False, Vec::new()),
                    ..one
                },
                false => one,
            });
        }
    }
    told
}

/// Whether the identity can pull or push, a token aside.
fn works(rights: &Rights) -> Truth {
    rights.has(&PULL).or(rights.has(&PUSH))
}
