//! What roles, users and groups may do with repositories: whether they can pull from them and push to them, and what
//! they are given that nobody can use, or that is too wide. It does not know whom repositories' own policies let in.

pub(super) mod advice;
mod near;
mod places;
mod repair;

use super::cause::{self, Denial};
use super::leaf;
use super::problems::Problems;
use crate::model::members;
use crate::model::policy::keys;
use crate::model::policy::{
    Arn, Ask, NO_PULL, NearbyRepositories, Needs, Owner, PULL, PUSH, Policies, Rights, UPLOAD,
    needs,
};
use crate::model::{Document, Entity, Identity, InlineForm, NodeId, Truth, Unknown, Value};
use crate::source::{SourceId, Span};
use advice::FoundStatement;
use near::near;
use places::{Place, places};

/// What an identity lacks in one place.
struct Lacks<'d> {
    place: Option<&'d Place<'d>>,
    pull: (Truth, Vec<&'static str>),
    push: (Truth, Vec<&'static str>),
    /// The only statement that gives part of what is lacked.
    giver: Option<Span>,
    /// The `Deny` that takes back part of it.
    denial: Option<Denial<'static>>,
    works: Truth,
    token: Truth,
}

impl Lacks<'_> {
    /// Nobody knows what is lacked anywhere.
    fn unknown(reason: &str) -> Self {
        let unknown = || Truth::unknown(reason);
        Self {
            place: None,
            pull: (unknown(), Vec::new()),
            push: (unknown(), Vec::new()),
            giver: None,
            denial: None,
            works: unknown(),
            token: unknown(),
        }
    }
}

/// Adds mappings for each identity: one for each place in which it lacks something, at least one.
///
/// `names` are those of all repositories of the run, sorted.
pub(super) fn describe(
    document: &mut Document,
    repository: &Entity,
    (owner, names): (&Owner<'_>, &[&str]),
) -> NodeId {
    let mut entries: Vec<NodeId> = Vec::new();
    for identity in repository.identities() {
        let values: Vec<Value<'_>> = (identity.policies.iter())
            .map(|id| repository.document.value(*id))
            .collect();
        let boundary = identity.boundary.map(|id| repository.document.value(id));
        let policies = Policies::read(&values, owner).within(boundary, owner);
        if !policies.are_about_ecr(owner) {
            continue;
        }
        let near = near(repository, identity, (&policies, owner));
        let places = places(&policies, owner, &near);
        let trust = identity.trust.map(|id| repository.document.value(id));
        let needs = needs(trust, owner);
        let lacks = match identity.uncompared {
            Some(reason) => vec![Lacks::unknown(reason)],
            None => lacks(&policies, (&needs, &places), owner),
        };
        let known = NearbyRepositories {
            near: near
                .iter()
                .map(|(id, place)| (*id, place.0.clone(), place.1.clone()))
                .collect(),
            names,
        };
        let written = WrittenPolicies {
            policies: &values,
            near: &near,
            template: repository.place.source,
        };
        let mut own = Some(own(
            document,
            identity,
            (&policies, &known, &written),
            owner,
        ));
        let mut asks = true;
        for one in lacks {
            let (entry, is_served) = entry(document, identity, &one, (own.take(), asks));
            // A token serves every repository.
            asks &= is_served;
            entries.push(entry);
        }
    }
    document.array(&entries, repository.place)
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
    // An entry has one cause, and may be about two sets.
    let denial = match missing.as_slice() {
        [missing] => rights.taken(missing),
        _ => None,
    };
    Lacks {
        place,
        pull,
        push,
        giver,
        denial,
        works,
        token: rights.token.unwrap_or(Truth::False),
    }
}

/// What is lacked in each place; what is the same in several repositories is told once.
fn lacks<'d>(
    policies: &Policies<'d>,
    (needs, places): (&Needs, &'d [Place<'d>]),
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

/// The policies of an identity as they are written, and the repositories of the template.
struct WrittenPolicies<'w, 'd> {
    policies: &'w [Value<'d>],
    near: &'w [(&'d str, (String, Arn<'d>))],
    template: SourceId,
}

type IdentityFacts = Vec<(&'static str, NodeId)>;

/// What is said of an identity as a whole, wherever it is given something.
fn own<'d>(
    document: &mut Document,
    identity: &Identity,
    (policies, known, written): (
        &Policies<'d>,
        &NearbyRepositories<'_, 'd>,
        &WrittenPolicies<'_, 'd>,
    ),
    owner: &Owner<'d>,
) -> IdentityFacts {
    let span = identity.place;
    let tokens = policies.tokens(owner);
    let gallery = match (tokens.missing_of_gallery(), &identity.doubt) {
        (Ok(Some(_)), Some(doubt)) => open(document, doubt, span),
        (Ok(missing), _) => leaf::optional(document, missing, span),
        (Err(reason), _) => open(document, &reason, span),
    };
    let mut misdirected = policies.misdirected(owner, known);
    if let Some(reason) = identity.uncompared {
        misdirected.doubt = Some(reason.to_owned());
    }
    let breadth = policies.breadth(owner);
    vec![
        ("gallery_missing", gallery),
        (
            "scoped_tokens",
            listed(
                document,
                (tokens.scoped, tokens.doubt),
                span,
                |document, at| {
                    FoundStatement::of(written.policies, keys::ACTION, at)?.everything(document)
                },
            ),
        ),
        (
            "misdirected",
            listed(
                document,
                (misdirected.found, misdirected.doubt),
                span,
                |document, at| {
                    let found = FoundStatement::of(written.policies, keys::RESOURCE, at)
                        .or_else(|| FoundStatement::of(written.policies, keys::NOT_RESOURCE, at))?;
                    found.arn(document, written.near, written.template)
                },
            ),
        ),
        (
            "unlimited",
            listed(
                document,
                (breadth.found, breadth.doubt),
                span,
                |document, at| {
                    FoundStatement::of(written.policies, keys::ACTION, at)?.named(document)
                },
            ),
        ),
    ]
}

/// Adds one entry; says besides whether a token is certainly there where one is needed.
fn entry(
    document: &mut Document,
    identity: &Identity,
    lacks: &Lacks<'_>,
    (own, asks_token): (Option<IdentityFacts>, bool),
) -> (NodeId, bool) {
    let span = identity.place;
    let pull = missing(document, identity, &lacks.pull);
    let push = missing(document, identity, &lacks.push);
    let unserved = (lacks.works.clone())
        .and(!lacks.token.clone())
        .and(Truth::from(asks_token));
    let unserved = certain(unserved, identity);
    let is_served = unserved.is_false();
    let unserved = truth(document, unserved, span);
    let [pulls, pushes] = [&lacks.pull.1, &lacks.push.1].map(|names| match names.is_empty() {
        true => document.absent(span),
        false => advice::list(document, names, span),
    });
    let on = match lacks.place {
        Some(place) => advice::resource(document, &place.arn, span),
        None => document.absent(span),
    };
    let id = leaf::optional(document, identity.logical_id.as_deref(), span);
    let from = lacks.place.map_or("", |place| place.from.as_str());
    let from = document.string(from, span);
    let [iam_id, sam_id] = [InlineForm::Named, InlineForm::Bare].map(|form| {
        let id = identity.logical_id.as_deref();
        leaf::optional(document, id.filter(|_| identity.inline == form), span)
    });
    let mut members = vec![
        (members::WHO.name(), id),
        ("iam_id", iam_id),
        ("sam_id", sam_id),
        (members::FROM.name(), from),
        (members::PULL_MISSING.name(), pull),
        (members::PUSH_MISSING.name(), push),
        ("token_missing", unserved),
        (members::PULL_ACTIONS.name(), pulls),
        (members::PUSH_ACTIONS.name(), pushes),
        ("resource", on),
    ];
    members.extend(advice::program(document, on, span));
    if let Some(at) = lacks.giver {
        members.push((members::STATEMENT.name(), document.object(&[], at)));
    }
    if let Some(denial) = &lacks.denial {
        let lacking = [lacks.pull.1.as_slice(), &lacks.push.1].concat();
        members.push((
            members::CAUSE.name(),
            cause::denial(document, denial, &lacking),
        ));
    }
    members.extend(own.unwrap_or_default());
    (document.object(&members, span), is_served)
}

/// What more policies could give is not certainly missing.
fn certain(truth: Truth, identity: &Identity) -> Truth {
    match (truth, &identity.doubt) {
        (Truth::True, Some(doubt)) => Truth::unknown(doubt.as_str()),
        (truth, _) => truth,
    }
}

/// The missing actions as one text; absent when there are none.
fn missing(
    document: &mut Document,
    identity: &Identity,
    (lacks, names): &(Truth, Vec<&str>),
) -> NodeId {
    let span = identity.place;
    match certain(lacks.clone(), identity) {
        Truth::True => document.string(&format!("`{}`", names.join("`, `")), span),
        Truth::False => document.absent(span),
        Truth::Unknown(reason) => document.unknown(Unknown::because(reason).maybe_absent(), span),
    }
}

/// Something that may be missing.
fn open(document: &mut Document, reason: &str, span: Span) -> NodeId {
    document.unknown(Unknown::because(reason).maybe_absent(), span)
}

fn truth(document: &mut Document, truth: Truth, span: Span) -> NodeId {
    truth.map_doubt(Unknown::because).write(document, span)
}

/// Problems at their places, each with a member that says what to write, where that is certain.
fn listed(
    document: &mut Document,
    (found, doubt): (Vec<(Span, String)>, Option<String>),
    span: Span,
    mut advice: impl FnMut(&mut Document, Span) -> Option<(&'static str, NodeId)>,
) -> NodeId {
    let mut advise = |at: Span| {
        let told = advice(document, at);
        let more = told.and_then(|(_, what)| advice::program(document, what, at));
        told.into_iter().chain(more)
    };
    let advice: Vec<_> = found.iter().map(|(at, _)| advise(*at)).collect();
    let mut problems = Problems::new(document);
    if let Some(doubt) = doubt {
        problems.cannot_tell(&Unknown::because(doubt));
    }
    for ((at, problem), advice) in found.into_iter().zip(advice) {
        problems.add_beside(at, &problem, advice);
    }
    problems.finish(span)
}
