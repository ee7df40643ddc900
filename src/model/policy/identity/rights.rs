//! What an identity may do in one place, and what it lacks of sets that belong together.
//! It does not know how statements were matched with the place.

use super::super::actions::ActionSet;
use super::super::denial::Denial;
use super::super::statement::{Actions, Statement};
use super::super::{Guarded, Leveled, listing, wildcard};
use super::sets::{LAYERS, MAKING_FUNCTIONS, PULL, PUSH};
use crate::model::Truth;
use crate::source::Span;

/// What an identity may do.
#[derive(Debug, Default)]
pub(crate) struct Rights {
    /// Actions on the repository.
    pub(crate) actions: Actions,
    /// Of those, what tells what the identity is meant for.
    pub(super) telling: Actions,
    /// Actions that it is, or may be, given by their names.
    named: ActionSet,
    /// What single statements give, and tell, of which it is not known whether they are about the repository.
    uncertain: Vec<[ActionSet; 2]>,
    /// Statements that give, or may give, something, and what.
    givers: Vec<(Span, ActionSet)>,
    /// What each `Deny` that certainly counts takes back of that, and where it stands.
    cuts: Vec<(Span, ActionSet)>,
    /// Whether a `Deny` takes back what another statement gives.
    is_cut: bool,
    /// Whether something else is not known of its actions.
    pub(super) unclear: bool,
    /// Whether it may get a token of the private registry.
    pub(crate) token: Option<Truth>,
    /// The first `Deny` that certainly takes that token.
    pub(crate) token_denial: Option<Span>,
}

impl Rights {
    /// Adds what a statement gives, if it is about the repository.
    pub(super) fn add(&mut self, statement: &Statement<'_>, about: Truth) {
        let actions = statement.actions();
        let telling = telling(statement);
        self.unclear |= !about.is_false() && actions.certain != actions.possible;
        if !about.is_false() {
            self.named = self.named.union(named(statement));
            self.givers.push((statement.value.span(), actions.possible));
        }
        match about {
            Truth::True => {
                self.actions = self.actions.union(actions);
                self.telling = self.telling.union(&telling);
            }
            Truth::False => {}
            Truth::Unknown(reason) => {
                self.uncertain.push([actions.certain, telling.certain]);
                for (all, some) in [(&mut self.actions, actions), (&mut self.telling, &telling)] {
                    *all = all.union(&Actions {
                        certain: ActionSet::default(),
                        possible: some.possible,
                        reason: Some(reason.clone()),
                    });
                }
            }
        }
    }

    /// Loses what a `Deny` at this place certainly takes back.
    pub(super) fn cut(&mut self, place: Span, taken: ActionSet) {
        let given = self.givers.iter();
        let given = given.fold(ActionSet::default(), |all, (_, one)| all.union(*one));
        self.cuts.push((place, given.without(given.without(taken))));
        self.lose(taken, true);
    }

    /// The first `Deny` that takes back some of these actions, and which.
    pub(crate) fn taken<'n>(&self, names: &[&'n str]) -> Option<Denial<'n>> {
        self.cuts.iter().find_map(|(place, cut)| {
            let names = names.iter().copied();
            let taken: Vec<_> = names
                .filter(|name| cut.contains(ActionSet::matching(name)))
                .collect();
            let place = *place;
            (!taken.is_empty()).then_some(Denial { place, taken })
        })
    }

    /// Loses what a `Deny` takes back, or may take back.
    pub(super) fn lose(&mut self, taken: ActionSet, certainly: bool) {
        for all in [&mut self.actions, &mut self.telling] {
            let before = all.certain;
            all.certain = before.without(taken);
            self.is_cut |= before != all.certain;
            if certainly {
                all.possible = all.possible.without(taken);
            } else if before != all.certain {
                self.unclear = true;
                all.reason = Some("a `Deny` may take part of it back".to_owned());
            }
        }
        if certainly {
            self.named = self.named.without(taken);
        }
        for sets in &mut self.uncertain {
            *sets = sets.map(|set| set.without(taken));
        }
    }

    /// Loses what is beyond a permissions boundary, or may be.
    pub(super) fn limit(&mut self, boundary: &Self) {
        let Actions {
            certain,
            possible,
            reason,
        } = &boundary.actions;
        self.lose(ActionSet::all().without(*possible), true);
        let open = possible.without(*certain);
        let before = self.actions.certain;
        self.actions.certain = before.without(open);
        if before != self.actions.certain {
            self.unclear = true;
            self.actions.reason.clone_from(reason);
        }
        for [given, _] in &mut self.uncertain {
            *given = given.without(open);
        }
    }

    /// The only statement that has to do with these actions, if it is one: then it is what has to change.
    pub(crate) fn giver(&self, wanted: &[&str]) -> Option<Span> {
        let is_asked = |set: &ActionSet| {
            let mut wanted = wanted.iter();
            wanted.any(|action| set.contains(ActionSet::matching(action)))
        };
        let mut spans = self.givers.iter().filter(|(_, set)| is_asked(set));
        let (span, _) = spans.next().filter(|_| !self.is_cut)?;
        spans.all(|(other, _)| other == span).then_some(*span)
    }

    /// Whether nothing is missed, whichever of the uncertain statements count: one of them alone leaves the most
    /// to be missed.
    fn is_whole(&self, ask: &Ask<'_>) -> bool {
        let has = |set: ActionSet, action: &str| set.contains(ActionSet::matching(action));
        let is_excused = self.is_excused(ask);
        let worlds = [[ActionSet::default(); 2]]
            .into_iter()
            .chain(self.uncertain.iter().copied());
        let mut worlds = worlds.map(|[added, told]| {
            let given = self.actions.certain.union(added);
            (given, self.telling.certain.union(told))
        });
        !self.unclear
            && worlds.all(|(given, told)| {
                !ask.telling.iter().any(|action| has(told, action))
                    || is_excused
                    || (!ask.excused.is_empty() && PUSH.iter().all(|action| has(given, action)))
                    || ask.wanted.iter().all(|action| has(given, action))
            })
    }

    /// Whether one of the actions is named by which half of a set has another use. A wildcard that happens to cover
    /// it says nothing.
    fn is_excused(&self, ask: &Ask<'_>) -> bool {
        let mut excused = ask.excused.iter();
        excused.any(|action| self.named.contains(ActionSet::matching(action)))
    }

    /// The actions on the repository that it has, and those that it may have besides, with their levels.
    pub(crate) fn leveled(&self) -> [Vec<Leveled>; 2] {
        let Actions {
            certain, possible, ..
        } = &self.actions;
        let on_repositories = |set: ActionSet| listing::leveled(set.effective(Guarded::Repository));
        [
            on_repositories(*certain),
            on_repositories(possible.without(*certain)),
        ]
    }

    /// Whether it has all of these actions.
    pub(crate) fn has(&self, wanted: &[&str]) -> Truth {
        Truth::all(wanted.iter().map(|action| holds(&self.actions, action)))
    }

    /// Whether it has all that pulling needs, and for pulling: not for the functions that it makes of images.
    pub(crate) fn pulls_by_token(&self) -> Truth {
        let is_named = |action: &&str| self.named.contains(ActionSet::matching(action));
        match MAKING_FUNCTIONS.iter().all(is_named) && !is_named(&LAYERS) {
            true => Truth::False,
            false => self.has(&PULL),
        }
    }

    /// What is missing of `wanted`, if one of `telling` is there and none of `excused`; whether there is anything,
    /// and its names.
    pub(crate) fn missing<'a>(&self, ask: &Ask<'a>) -> (Truth, Vec<&'a str>) {
        if self.is_whole(ask) {
            return (Truth::False, Vec::new());
        }
        let any = |actions: &Actions, names: &[&str]| {
            Truth::any(names.iter().map(|action| holds(actions, action)))
        };
        let told = any(&self.telling, ask.telling);
        let excused = match ask.excused {
            [] => Truth::False,
            _ => Truth::from(self.is_excused(ask)).or(self.has(&PUSH)),
        };
        let missing = |action: &&&str| holds(&self.actions, action).is_false();
        let names: Vec<_> = ask.wanted.iter().filter(missing).copied().collect();
        let lacks = !self.has(ask.wanted);
        (told.and(!excused).and(lacks), names)
    }
}

/// A set of actions that belong together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask<'a> {
    /// Who has one of these is meant to have all.
    pub(crate) telling: &'a [&'a str],
    /// All of them.
    pub(crate) wanted: &'a [&'a str],
    /// Who is given one of these by name, or all that pushing needs, has another use for it.
    pub(crate) excused: &'a [&'a str],
}

fn holds(actions: &Actions, action: &str) -> Truth {
    let action = ActionSet::matching(action);
    if actions.certain.contains(action) {
        Truth::True
    } else if actions.possible.contains(action) {
        Truth::unknown(actions.reason.clone().unwrap_or_default())
    } else {
        Truth::False
    }
}

/// What of the actions of a statement says what the identity is meant for. A wildcard as wide as `ecr:Get*`, of
/// somebody who looks at things, says nothing.
fn telling(statement: &Statement<'_>) -> Actions {
    const WIDEST: usize = "ecr:get".len();
    let tells = statement.patterns.iter().filter(|pattern| {
        let text = pattern.text.unwrap_or_default();
        let start = text.find(wildcard::WILDCARDS).unwrap_or(text.len());
        !pattern.wildcard || start > WIDEST
    });
    tells.fold(Actions::default(), |all, next| all.union(&next.actions))
}

/// The actions that a statement names.
fn named(statement: &Statement<'_>) -> ActionSet {
    let named = statement
        .patterns
        .iter()
        .filter(|pattern| !pattern.wildcard);
    named.fold(ActionSet::default(), |all, next| {
        all.union(next.actions.certain)
    })
}
