//! What roles, users and groups may do with repositories: whether they can pull from them and push to them, and what
//! they are given that nobody can use, or that is too wide. It does not know whom repositories' own policies let in.

pub(super) mod advice;
mod lacks;
mod near;
mod places;
mod repair;

use super::cause;
use super::leaf;
use super::problems::Problems;
use crate::model::members;
use crate::model::policy::keys;
use crate::model::policy::{Arn, NearbyRepositories, Owner, Policies, TOKEN, needs};
use crate::model::{Document, Entity, Identity, InlineForm, NodeId, Truth, Unknown, Value};
use crate::source::{SourceId, Span};
use advice::FoundStatement;
use lacks::{Lacks, lacks};
use near::near;
use places::places;

/// Adds mappings for each identity: one for each place in which it lacks something, at least one.
///
/// `names` are those of all repositories of the run, sorted.
pub(super) fn describe(
    document: &mut Document,
    repository: &Entity,
    owner: &Owner<'_>,
    names: &[&str],
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
        let near = near(repository, identity, &policies, owner);
        let places = places(&policies, owner, &near);
        let trust = identity.trust.map(|id| repository.document.value(id));
        let needs = needs(trust, owner);
        let lacks = match identity.uncompared {
            Some(reason) => vec![Lacks::unknown(reason)],
            None => lacks(&policies, &needs, &places, owner),
        };
        let nearby = NearbyRepositories {
            near: near
                .iter()
                .map(|(id, place)| (*id, place.0.clone(), place.1.clone()))
                .collect(),
            names,
        };
        let written = WrittenPolicies {
            policies: &values,
            near: &near,
            nearby,
            template: repository.place.source,
        };
        let mut own = Some(own(document, identity, &policies, &written, owner));
        let mut asks = true;
        for one in lacks {
            let (entry, is_served) = entry(document, identity, &one, own.take(), asks);
            // A token serves every repository.
            asks &= is_served;
            entries.push(entry);
        }
    }
    document.array(&entries, repository.place)
}

/// The policies of an identity as they are written, and the repositories of the template.
struct WrittenPolicies<'w, 'd> {
    policies: &'w [Value<'d>],
    near: &'w [(&'d str, (String, Arn<'d>))],
    /// The same, as misdirected resources are compared with.
    nearby: NearbyRepositories<'w, 'd>,
    template: SourceId,
}

type IdentityFacts = Vec<(&'static str, NodeId)>;

/// What is said of an identity as a whole, wherever it is given something.
fn own<'d>(
    document: &mut Document,
    identity: &Identity,
    policies: &Policies<'d>,
    written: &WrittenPolicies<'_, 'd>,
    owner: &Owner<'d>,
) -> IdentityFacts {
    let span = identity.place;
    let tokens = policies.tokens(owner);
    let gallery = match (tokens.missing_of_gallery(), &identity.doubt) {
        (Ok(Some(_)), Some(doubt)) => open(document, doubt, span),
        (Ok(missing), _) => leaf::optional(document, missing, span),
        (Err(reason), _) => open(document, &reason, span),
    };
    let mut misdirected = policies.misdirected(owner, &written.nearby);
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
                tokens.scoped,
                tokens.doubt,
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
                misdirected.found,
                misdirected.doubt,
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
                breadth.found,
                breadth.doubt,
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
    own: Option<IdentityFacts>,
    asks_token: bool,
) -> (NodeId, bool) {
    let span = identity.place;
    let doubt = identity.doubt.as_deref();
    let doubt_of_pull = doubt.or(lacks.by_code);
    let pull = missing(document, span, doubt_of_pull, &lacks.pull.0, &lacks.pull.1);
    let push = missing(document, span, doubt, &lacks.push.0, &lacks.push.1);
    let unserved = (lacks.asks_token.clone())
        .and(!lacks.token.clone())
        .and(Truth::from(asks_token));
    let unserved = certain(unserved, doubt_of_pull);
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
        let lacking = match denial.taken.as_slice() {
            [TOKEN] => vec![TOKEN],
            _ => [lacks.pull.1.as_slice(), &lacks.push.1].concat(),
        };
        members.push((
            members::CAUSE.name(),
            cause::denial(document, denial, &lacking),
        ));
    }
    members.extend(own.unwrap_or_default());
    (document.object(&members, span), is_served)
}

/// What more policies could give, or nobody asks for, is not certainly missing.
fn certain(truth: Truth, doubt: Option<&str>) -> Truth {
    match (truth, doubt) {
        (Truth::True, Some(doubt)) => Truth::unknown(doubt),
        (truth, _) => truth,
    }
}

/// The missing actions as one text; absent when there are none.
fn missing(
    document: &mut Document,
    span: Span,
    doubt: Option<&str>,
    lacks: &Truth,
    names: &[&str],
) -> NodeId {
    match certain(lacks.clone(), doubt) {
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
    found: Vec<(Span, String)>,
    doubt: Option<String>,
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
