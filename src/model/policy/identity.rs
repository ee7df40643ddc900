//! What the policies of a role, user or group give it on one repository, taken together.
//! It does not know which actions belong together.

use super::actions::ActionSet;
use super::gallery::Gallery;
use super::statement::{self, Actions, Effect, Statement};
use super::text::{self, Text, member, one_or_many};
use super::{Guarded, Leveled, Owner, Said, Truth, listing, wildcard};
use crate::model::{Data, Shape, Unknown, Value};
use crate::source::{SourceId, Span};

/// What an identity may do.
#[derive(Debug, Default)]
pub(crate) struct Rights {
    /// Actions on the repository.
    pub(crate) actions: Actions,
    /// What single statements give of which it is not known whether they are about the repository.
    uncertain: Vec<ActionSet>,
    /// Whether something else is not known of its actions.
    unclear: bool,
    /// Whether it may get a token of the private registry.
    pub(crate) token: Option<Truth>,
    /// Tokens, each at its action, that are asked for on something else than everything.
    pub(crate) scoped_tokens: Vec<(Span, String)>,
    /// Why there may be more of them.
    pub(crate) scope_doubt: Option<String>,
    /// Actions on repositories whose `Resource` is the ARN of none.
    pub(crate) shapeless: Vec<(Span, String)>,
    /// Why there may be more of them.
    pub(crate) shape_doubt: Option<String>,
    /// What it has of the token of the public gallery.
    gallery: Gallery,
}

mod resource;

pub(crate) use resource::resources;

/// The repository that rights are about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'p> {
    /// The text that declares it.
    pub(crate) template: SourceId,
    /// Its name, where it is known.
    pub(crate) name: Option<&'p str>,
    /// Its logical id.
    pub(crate) logical_id: Option<&'p str>,
    /// The repositories that a statement names as its resource, in the place of one repository.
    pub(crate) resource: Option<Value<'p>>,
}

const TOKEN: &str = "ecr:GetAuthorizationToken";
const GALLERY: &str = "ecr-public:GetAuthorizationToken";

/// Reads every statement of an identity. What a `Deny` speaks of is no longer certain.
pub(crate) fn rights(policies: &[Value<'_>], owner: &Owner<'_>, place: Place<'_>) -> Rights {
    let mut rights = Rights::default();
    let token = ActionSet::matching(TOKEN);
    let mut denied = ActionSet::default();
    let mut held = Truth::No;
    for policy in policies {
        if let Data::Unknown(unknown) = policy.data() {
            let reason = Some(unknown.reason.clone());
            rights.unclear = true;
            rights.gallery.hide(&unknown.reason);
            rights.actions = rights.actions.union(&Actions {
                certain: ActionSet::default(),
                possible: ActionSet::all(),
                reason,
            });
            held = held.or(Truth::unknown(unknown.reason.as_str()));
        }
        let Some(list) = member(*policy, "Statement") else {
            continue;
        };
        for statement in statement::read_all(list, owner) {
            let all = statement
                .patterns
                .iter()
                .fold(Actions::default(), |all, next| all.union(&next.actions));
            let about = speaks_of(&statement, owner, place);
            let counts = match &statement.effect {
                Effect::Allow => conditional(statement.value),
                Effect::Deny => {
                    denied = denied.union(all.possible);
                    continue;
                }
                Effect::Unclear(reason) => {
                    denied = denied.union(all.possible);
                    Truth::unknown(reason.as_str())
                }
            };
            let everything = is_everything(statement.value).and(counts.clone());
            held = held.or(gives_token(&all, everything));
            rights.note(&statement, owner);
            // What cannot be read at all has no resource to look at.
            let about = match statement.value.as_unknown() {
                Some(_) => counts,
                None => about.and(counts),
            };
            rights.add(statement.actions(), about);
        }
    }
    let before = rights.actions.certain;
    rights.actions.certain = before.without(denied);
    if before != rights.actions.certain {
        rights.unclear = true;
        rights.actions.reason = Some("a `Deny` may take part of it back".to_owned());
    }
    if denied.contains(token) {
        held = held.and(Truth::unknown("a `Deny` may take the token back"));
    }
    rights.token = Some(held);
    rights
}

/// The statements of an identity that are, or may be, about the repository: those that give, and those that take
/// something back.
pub(crate) fn speaking(
    policies: &[Value<'_>],
    owner: &Owner<'_>,
    place: Place<'_>,
) -> [Vec<Said>; 2] {
    let [mut gives, mut takes] = [Vec::new(), Vec::new()];
    for list in policies.iter().filter_map(|it| member(*it, "Statement")) {
        for statement in statement::read_all(list, owner) {
            let about = speaks_of(&statement, owner, place);
            let is_ours = !statement.actions().possible.is_empty();
            match statement.effect {
                _ if !is_ours || about.is_no() => {}
                Effect::Deny => takes.push(listing::said(&statement)),
                Effect::Allow | Effect::Unclear(_) => gives.push(listing::said(&statement)),
            }
        }
    }
    [gives, takes]
}

/// Whether actions on resources contain the token.
fn gives_token(actions: &Actions, everything: Truth) -> Truth {
    let token = ActionSet::matching(TOKEN);
    if actions.certain.contains(token) {
        everything
    } else if actions.possible.contains(token) {
        Truth::unknown(actions.reason.clone().unwrap_or_default())
    } else {
        Truth::No
    }
}

/// Whether what the statement gives is given at all. Conditions are not evaluated.
fn conditional(statement: Value<'_>) -> Truth {
    match member(statement, "Condition") {
        Some(_) => Truth::unknown("a `Condition` decides whether a statement counts"),
        None => Truth::Yes,
    }
}

/// Whether the statement is about every resource.
fn is_everything(statement: Value<'_>) -> Truth {
    let Some(resource) = member(statement, "Resource") else {
        return match member(statement, "NotResource") {
            Some(_) => Truth::unknown("`NotResource` is not evaluated"),
            None => Truth::No,
        };
    };
    Truth::any(
        one_or_many(resource)
            .into_iter()
            .map(|value| match value.data() {
                Data::String("*") => Truth::Yes,
                Data::Unknown(unknown) if unknown.shape.is_none() => {
                    Truth::unknown(unknown.reason.as_str())
                }
                Data::Unknown(unknown) => match &unknown.shape {
                    Some(shape) if shape.admits("*") => Truth::unknown(unknown.reason.as_str()),
                    _ => Truth::No,
                },
                _ => Truth::No,
            }),
    )
}

/// Whether the statement is about the repository.
fn speaks_of(statement: &Statement<'_>, owner: &Owner<'_>, place: Place<'_>) -> Truth {
    let Some(resource) = member(statement.value, "Resource") else {
        return match member(statement.value, "NotResource") {
            Some(_) => Truth::unknown("`NotResource` is not evaluated"),
            None => Truth::No,
        };
    };
    if let Some(own) = place.resource {
        let values = one_or_many(resource).into_iter();
        return Truth::any(values.map(|value| resource::covers(value, own, owner)));
    }
    let name = place.name.unwrap_or("{name}");
    let region = owner.region.unwrap_or("{region}");
    let (partition, account) = (text::own_partition(owner), text::own_account(owner));
    let own = format!("arn:{partition}:ecr:{region}:{account}:repository/{name}");
    let values = one_or_many(resource).into_iter();
    Truth::any(values.map(|value| {
        if value.as_unknown().is_some_and(|unknown| {
            let (Some(reference), Some(id)) = (&unknown.reference, place.logical_id) else {
                return false;
            };
            reference.attribute == "Arn" && reference.is_of(place.template, id)
        }) {
            return Truth::Yes;
        }
        match Text::read(value, owner) {
            Text::Known(pattern) if wildcard::matches(&pattern, &own) => Truth::Yes,
            Text::Known(pattern) => may_be_own(&pattern, &own),
            Text::Partial { filled, .. } if !filled.contains('*') => Truth::No,
            Text::Partial { reason, .. } => Truth::unknown(reason),
            Text::Other => Truth::No,
        }
    }))
}

/// A text may name the repository once its account, partition and region are known.
fn may_be_own(pattern: &str, own: &str) -> Truth {
    let (Some(pattern), Some(own)) = (text::arn_fields(pattern), text::arn_fields(own)) else {
        return Truth::No;
    };
    let may = pattern.iter().zip(own).all(|(pattern, own)| {
        let open = own.starts_with('{') || pattern.starts_with('{');
        open || wildcard::matches(pattern, own)
    });
    if may {
        Truth::unknown("the account and region of the stack are not known")
    } else {
        Truth::No
    }
}

impl Rights {
    /// Adds what a statement gives, if it is about the repository.
    fn add(&mut self, actions: Actions, about: Truth) {
        self.unclear |= !about.is_no() && actions.certain != actions.possible;
        self.actions = self.actions.union(&match about {
            Truth::Yes => actions,
            Truth::No => Actions::default(),
            Truth::Unknown(reason) => {
                self.uncertain.push(actions.certain);
                Actions {
                    certain: ActionSet::default(),
                    possible: actions.possible,
                    reason: Some(reason),
                }
            }
        });
    }

    /// Whether all is there or nothing, whichever of the uncertain statements count: one of them alone
    /// leaves the most to be missed.
    fn is_whole(&self, telling: &[&str], wanted: &[&str]) -> bool {
        let has = |set: ActionSet, action: &str| set.contains(ActionSet::matching(action));
        let worlds = [ActionSet::default()]
            .into_iter()
            .chain(self.uncertain.iter().copied());
        let mut worlds = worlds.map(|added| self.actions.certain.union(added));
        !self.unclear
            && worlds.all(|set| {
                !telling.iter().any(|action| has(set, action))
                    || wanted.iter().all(|action| has(set, action))
            })
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
        Truth::all(wanted.iter().map(|action| self.holds(action)))
    }

    fn holds(&self, action: &str) -> Truth {
        let action = ActionSet::matching(action);
        if self.actions.certain.contains(action) {
            Truth::Yes
        } else if self.actions.possible.contains(action) {
            Truth::unknown(self.actions.reason.clone().unwrap_or_default())
        } else {
            Truth::No
        }
    }

    /// Which of `wanted` are missing, if one of `telling` is there; whether there are any, and their
    /// names.
    pub(crate) fn missing<'a>(
        &self,
        telling: &[&str],
        wanted: &[&'a str],
    ) -> (Truth, Vec<&'a str>) {
        if self.is_whole(telling, wanted) {
            return (Truth::No, Vec::new());
        }
        let told = Truth::any(telling.iter().map(|action| self.holds(action)));
        let missing = |action: &&&str| self.holds(action).is_no();
        let names: Vec<_> = wanted.iter().filter(missing).copied().collect();
        let lacks = !self.has(wanted);
        (told.and(lacks), names)
    }

    /// The half of what the public gallery asks for that is missing while the other is there.
    ///
    /// # Errors
    /// Says why it is not known whether one is.
    pub(crate) fn missing_of_gallery(&self) -> Result<Option<&'static str>, String> {
        self.gallery.missing()
    }

    /// Remembers what is odd about one statement alone.
    fn note(&mut self, statement: &Statement<'_>, owner: &Owner<'_>) {
        let texts: Vec<&str> = statement
            .patterns
            .iter()
            .filter_map(|one| one.text)
            .collect();
        self.gallery.note(statement, owner);
        let Some(resource) = member(statement.value, "Resource") else {
            return;
        };
        for pattern in &statement.patterns {
            let text = pattern.text.unwrap_or_default();
            let tokens = [TOKEN, GALLERY];
            if !tokens.iter().any(|token| token.eq_ignore_ascii_case(text)) {
                continue;
            }
            match is_everything(statement.value) {
                Truth::Yes => {}
                Truth::No => {
                    let place = pattern.value.span();
                    self.scoped_tokens.push((place, format!("`{text}`")));
                }
                Truth::Unknown(reason) => self.scope_doubt = Some(reason),
            }
        }
        if statement.actions().certain.is_empty() {
            return;
        }
        let only_ecr = texts
            .iter()
            .all(|text| text.to_lowercase().starts_with("ecr:"));
        for value in one_or_many(resource).into_iter().filter(|_| only_ecr) {
            match (Text::read(value, owner), value.data()) {
                (Text::Known(text), _) if !may_be_repository(&text) => {
                    self.shapeless.push((value.span(), format!("`{text}`")));
                }
                // The ARN of a resource of the same stack, or a text of which a part is known, has its shape.
                (_, Data::Unknown(unknown)) if is_shapeless(unknown) => {
                    self.shape_doubt = Some(unknown.reason.clone());
                }
                _ => {}
            }
        }
    }
}

/// Whether nothing at all is known of a value.
fn is_shapeless(unknown: &Unknown) -> bool {
    let begins = |shape: &Shape| !shape.prefix().is_empty();
    unknown.reference.is_none() && !unknown.shape.as_ref().is_some_and(begins)
}

/// Whether any repository has an ARN that fits.
fn may_be_repository(pattern: &str) -> bool {
    if wildcard::is_anything(pattern) {
        return true;
    }
    match text::arn_fields(pattern) {
        Some([_, _, service, _, _, resource]) => {
            let kind = resource.split('/').next().unwrap_or_default();
            wildcard::matches(service, "ecr")
                && (wildcard::is_pattern(kind) || (kind == "repository" && resource.contains('/')))
        }
        // A `*` may stand for several fields.
        None => pattern.starts_with("arn:") && wildcard::is_pattern(pattern),
    }
}
