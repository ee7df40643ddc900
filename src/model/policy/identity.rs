//! What the policies of a role, user or group give it on one repository, taken together.
//! It does not know which actions belong together.

mod about;
mod arn;
mod breadth;
mod misdirected;
mod rights;
mod sets;
mod shape;

use super::actions::ActionSet;
use super::gallery::{GALLERY, Gallery};
use super::statement::{self, Actions, Effect, Statement};
use super::text::{member, one_or_many};
use super::{Guarded, Owner, StatementPlace, listing, wildcard};
use crate::model::policy::keys;
use crate::model::{Data, Truth, Value};
use crate::source::Span;

pub(crate) use arn::{Arn, Letter, letters};
pub(crate) use breadth::Breadth;
pub(crate) use misdirected::{Misdirected, NearbyRepositories};
pub(crate) use rights::{Ask, Rights};
pub(crate) use sets::{GALLERY_PUSH, GALLERY_UPLOAD, NO_PULL, Needs, PULL, PUSH, UPLOAD, needs};
pub(crate) use shape::{GALLERY_HOST, HOSTS};

/// The statements of an identity, of all its policies.
pub(crate) struct Policies<'d> {
    statements: Vec<Statement<'d>>,
    /// Why there may be more, in policies of which nothing is known.
    hidden: Vec<&'d str>,
    /// Beyond what these give, nothing is given.
    boundary: Option<Box<Policies<'d>>>,
}

/// What an identity is given of tokens.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    /// Tokens, each at its action, that are asked for on something else than everything.
    pub(crate) scoped: Vec<(Span, String)>,
    /// Why there may be more of them.
    pub(crate) doubt: Option<String>,
    /// What it has of the token of the public gallery.
    gallery: Gallery,
}

/// What a token of private registries needs.
pub(crate) const TOKEN: &str = "ecr:GetAuthorizationToken";

/// Resources of one identity that are looked at: more than a policy of IAM has room for.
const MOST: usize = 64;

impl<'d> Policies<'d> {
    /// Reads every statement.
    pub(crate) fn read(policies: &[Value<'d>], owner: &Owner<'_>) -> Self {
        let lists = policies
            .iter()
            .filter_map(|it| member(*it, keys::STATEMENT));
        Self {
            statements: lists
                .flat_map(|list| statement::read_all(list, owner))
                .collect(),
            hidden: policies
                .iter()
                .filter_map(|policy| Some(policy.as_unknown()?.reason.as_str()))
                .collect(),
            boundary: None,
        }
    }

    /// The same within a permissions boundary.
    pub(crate) fn within(self, boundary: Option<Value<'d>>, owner: &Owner<'_>) -> Self {
        let boundary = boundary.map(|boundary| Box::new(Self::read(&[boundary], owner)));
        Self { boundary, ..self }
    }

    /// Whether a statement is about ECR, as far as that can be seen.
    pub(crate) fn are_about_ecr(&self, owner: &Owner<'_>) -> bool {
        let mut statements = self.statements.iter();
        statements.any(|statement| about::is_about_ecr(statement, owner))
    }

    /// The resources on which actions of ECR are given, each once, in reading order.
    pub(crate) fn resources(&self, owner: &Owner<'d>) -> Vec<Arn<'d>> {
        let mut found: Vec<Arn<'d>> = Vec::new();
        let relevant = self.statements.iter().filter(|statement| {
            !statement.actions().possible.is_empty() && about::is_about_ecr(statement, owner)
        });
        for statement in relevant {
            let named = member(statement.value, keys::RESOURCE).map(one_or_many);
            for value in named.unwrap_or_default() {
                let Some(arn) = Arn::read(value, owner) else {
                    continue;
                };
                if !found.iter().any(|known| known.is(&arn)) && found.len() < MOST {
                    found.push(arn);
                }
            }
        }
        found
    }

    /// What the statements are about that may give actions on repositories; `None` where not all of that is listed.
    pub(crate) fn repositories(&self, owner: &Owner<'d>) -> Option<Vec<Arn<'d>>> {
        let mut found = Vec::new();
        if !self.hidden.is_empty() {
            return None;
        }
        for statement in self
            .statements
            .iter()
            .filter(|it| it.effect != Effect::Deny)
        {
            let given = statement.actions().possible.effective(Guarded::Repository);
            if given.is_empty() {
                continue;
            }
            for value in one_or_many(member(statement.value, keys::RESOURCE)?) {
                found.push(Arn::read(value, owner)?);
            }
        }
        Some(found)
    }

    /// The number of texts that tell repositories apart: those that a statement is about, or spares, except for
    /// everything.
    pub(crate) fn telling_apart(&self) -> usize {
        let owner = Owner::default();
        let texts = self.statements.iter().flat_map(|statement| {
            let named =
                [keys::RESOURCE, keys::NOT_RESOURCE].map(|key| member(statement.value, key));
            named.into_iter().flatten().flat_map(one_or_many)
        });
        let tells =
            |value: &Value<'d>| Arn::read(*value, &owner).is_some_and(|arn| !arn.is_everything());
        texts.filter(tells).count()
    }

    /// What is given on a repository, or on whatever a text under `Resource` stands for.
    pub(crate) fn rights(&self, owner: &Owner<'d>, place: Option<&Arn<'d>>) -> Rights {
        let mut rights = Rights::default();
        let mut held = Truth::False;
        for reason in &self.hidden {
            rights.unclear = true;
            let anything = Actions {
                certain: ActionSet::default(),
                possible: ActionSet::all(),
                reason: Some((*reason).to_owned()),
            };
            rights.actions = rights.actions.union(&anything);
            rights.telling = rights.telling.union(&anything);
            held = held.or(Truth::unknown(*reason));
        }
        for statement in &self.statements {
            let counts = match &statement.effect {
                Effect::Deny => continue,
                Effect::Allow => conditional(statement.value),
                Effect::Unclear(reason) => Truth::unknown(reason.as_str()),
            };
            let everything = is_everything(statement.value, owner).and(counts.clone());
            held = held.or(gives_token(&all_actions(statement), everything));
            // What cannot be read at all has no resource to look at.
            let about = match statement.value.as_unknown() {
                Some(_) => counts,
                None => speaks_of(statement, owner, place).and(counts),
            };
            rights.add(statement, about);
        }
        self.take_back(&mut rights, owner, place, &mut held);
        if let Some(boundary) = &self.boundary {
            let within = boundary.rights(owner, place);
            held = held.and(within.token.clone().unwrap_or(Truth::False));
            rights.limit(&within);
        }
        rights.token = Some(held);
        rights
    }

    /// Takes back what every `Deny` speaks of.
    fn take_back(
        &self,
        rights: &mut Rights,
        owner: &Owner<'d>,
        place: Option<&Arn<'d>>,
        held: &mut Truth,
    ) {
        let token = ActionSet::matching(TOKEN);
        let denials = self.statements.iter();
        for deny in denials.filter(|statement| statement.effect != Effect::Allow) {
            let counts = match &deny.effect {
                Effect::Unclear(reason) => Truth::unknown(reason.as_str()),
                _ => conditional(deny.value),
            };
            let all = all_actions(deny);
            if all.possible.contains(token) && !is_everything(deny.value, owner).is_false() {
                let is_certain = counts.is_true() && all.certain.contains(token);
                if is_certain && rights.token_denial.is_none() {
                    rights.token_denial = Some(deny.value.span());
                }
                *held = match is_certain {
                    true => Truth::False,
                    false => held
                        .clone()
                        .and(Truth::unknown("a `Deny` may take the token back")),
                };
            }
            let about = speaks_of(deny, owner, place).and(counts);
            let taken = deny.actions();
            match about {
                Truth::False => {}
                Truth::True if taken.certain == taken.possible => {
                    rights.cut(deny.value.span(), taken.certain);
                }
                _ => rights.lose(taken.possible, false),
            }
        }
    }

    /// The statements that are, or may be, about the repository: those that give, and those that take something
    /// back.
    pub(crate) fn speaking(
        &self,
        owner: &Owner<'d>,
        place: Option<&Arn<'d>>,
    ) -> [Vec<StatementPlace>; 2] {
        let [mut gives, mut takes] = [Vec::new(), Vec::new()];
        for statement in &self.statements {
            let about = speaks_of(statement, owner, place);
            let is_relevant = !statement.actions().possible.is_empty();
            match statement.effect {
                _ if !is_relevant || about.is_false() => {}
                Effect::Deny => takes.push(listing::said(statement)),
                Effect::Allow | Effect::Unclear(_) => gives.push(listing::said(statement)),
            }
        }
        [gives, takes]
    }

    /// What is given of tokens.
    pub(crate) fn tokens(&self, owner: &Owner<'d>) -> Tokens {
        let mut tokens = Tokens::default();
        for reason in &self.hidden {
            tokens.gallery.hide(reason);
        }
        let denials = self.statements.iter();
        let denials = denials.filter(|statement| statement.effect != Effect::Allow);
        let denials = denials.filter(|statement| !is_everything(statement.value, owner).is_false());
        for statement in self.giving() {
            tokens.gallery.note(statement, owner);
            if member(statement.value, keys::RESOURCE).is_none() {
                continue;
            }
            for pattern in &statement.patterns {
                let text = pattern.text.unwrap_or_default();
                let is_gallery = GALLERY.eq_ignore_ascii_case(text);
                if !is_gallery && (pattern.text.is_none() || !is_token_alone(text)) {
                    continue;
                }
                match is_everything(statement.value, owner) {
                    Truth::True => {}
                    Truth::False => {
                        let place = pattern.value.span();
                        tokens.scoped.push((place, format!("`{text}`")));
                    }
                    Truth::Unknown(reason) => tokens.doubt = Some(reason),
                }
            }
        }
        denials.for_each(|deny| tokens.gallery.take(deny, owner));
        tokens
    }

    /// Patterns that give writing actions on every repository.
    pub(crate) fn breadth(&self, owner: &Owner<'d>) -> Breadth {
        let breadth = breadth::of(&self.statements, owner);
        match &self.boundary {
            Some(boundary) => breadth.within(&boundary.statements, boundary.hidden(), owner),
            None => breadth,
        }
    }

    /// Why it is not known what they give.
    fn hidden(&self) -> Option<&'d str> {
        self.hidden.first().copied()
    }

    /// Resources of statements that are not the ARN of a repository.
    pub(crate) fn misdirected(
        &self,
        owner: &Owner<'d>,
        known: &NearbyRepositories<'_, 'd>,
    ) -> Misdirected {
        misdirected::of(self.statements.iter(), owner, known)
    }

    fn giving(&self) -> impl Iterator<Item = &Statement<'d>> {
        let statements = self.statements.iter();
        statements.filter(|statement| statement.effect != Effect::Deny)
    }
}

/// Whether a pattern of actions stands for the token and nothing else.
fn is_token_alone(text: &str) -> bool {
    ActionSet::matching(text) == ActionSet::matching(TOKEN)
}

fn all_actions(statement: &Statement<'_>) -> Actions {
    let patterns = statement.patterns.iter();
    patterns.fold(Actions::default(), |all, next| all.union(&next.actions))
}

/// Whether actions on resources contain the token.
fn gives_token(actions: &Actions, everything: Truth) -> Truth {
    let token = ActionSet::matching(TOKEN);
    if actions.certain.contains(token) {
        everything
    } else if actions.possible.contains(token) {
        everything.and(Truth::unknown(actions.reason.clone().unwrap_or_default()))
    } else {
        Truth::False
    }
}

/// Whether what the statement gives is given at all. Conditions are not evaluated.
fn conditional(statement: Value<'_>) -> Truth {
    match member(statement, keys::CONDITION) {
        Some(_) => Truth::unknown("a `Condition` decides whether a statement counts"),
        None => Truth::True,
    }
}

/// Whether the statement is about every resource.
fn is_everything(statement: Value<'_>, owner: &Owner<'_>) -> Truth {
    let Some(resource) = member(statement, keys::RESOURCE) else {
        return match (statement.data(), member(statement, keys::NOT_RESOURCE)) {
            (Data::Unknown(unknown), _) => Truth::unknown(unknown.reason.as_str()),
            (_, Some(spared)) => !is_spared(spared, owner),
            (_, None) => Truth::False,
        };
    };
    let owner = Owner {
        guarded: owner.guarded,
        ..Owner::default()
    };
    let values = one_or_many(resource).into_iter();
    Truth::any(values.map(|value| match Arn::read(value, &owner) {
        Some(arn) if arn.is_everything() => Truth::True,
        Some(arn) if wildcard::matches(&arn.open(), "*") && value.as_unknown().is_some() => {
            Truth::unknown(arn.reason.unwrap_or_default())
        }
        _ => Truth::False,
    }))
}

/// Whether `NotResource` spares the resource of an action that has no type of resources, which is `*` itself.
///
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html>
fn is_spared(value: Value<'_>, owner: &Owner<'_>) -> Truth {
    Truth::any(one_or_many(value).into_iter().map(|value| {
        let Some(arn) = Arn::read(value, owner) else {
            return Truth::False;
        };
        let fits = wildcard::matches(&arn.open(), "*");
        match value.as_unknown() {
            Some(unknown) if fits => Truth::unknown(unknown.reason.as_str()),
            _ => Truth::from(fits),
        }
    }))
}

/// Whether the statement is about the place.
fn speaks_of<'d>(statement: &Statement<'d>, owner: &Owner<'d>, place: Option<&Arn<'d>>) -> Truth {
    let Some(place) = place else {
        return Truth::False;
    };
    let covered = |values: Value<'d>| {
        let values = one_or_many(values).into_iter();
        let arns = values.filter_map(|value| Arn::read(value, owner));
        Truth::any(arns.map(|arn| arn.covers(place)))
    };
    match member(statement.value, keys::RESOURCE) {
        Some(resource) => covered(resource),
        None => match member(statement.value, keys::NOT_RESOURCE) {
            Some(spared) => !covered(spared),
            None => Truth::False,
        },
    }
}

impl Tokens {
    /// The half of what the public gallery asks for that is missing while the other is there.
    ///
    /// # Errors
    /// Says why it is not known whether one is.
    pub(crate) fn missing_of_gallery(&self) -> Result<Option<&'static str>, String> {
        self.gallery.missing()
    }
}
