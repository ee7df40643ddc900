//! What roles, users and groups may do with a repository: whether they can pull from it and push to it.
//! It does not know whom else the repository's own policy lets in.

use super::leaf;
use super::problems::Problems;
use crate::model::policy::{Owner, Place, Rights, Truth, resources, rights};
use crate::model::{Data, Document, Identity, NodeId, Repository, Unknown, Value};
use crate::source::Span;

/// What pulling needs.
const PULL: [&str; 2] = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
/// What pushing needs.
const PUSH: [&str; 5] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:PutImage",
];
/// What only somebody needs who pushes. `PutImage` alone gives an image another tag.
const UPLOAD: [&str; 3] = [
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
];

/// Adds a mapping for each identity, at its place.
pub(super) fn describe(
    document: &mut Document,
    repository: &Repository,
    owner: &Owner<'_>,
) -> NodeId {
    let mut entries: Vec<NodeId> = Vec::new();
    for identity in &repository.identities {
        if repository.kind.is_repository() {
            let own = Place {
                template: repository.place.source,
                name: repository.subject.name.as_deref(),
                logical_id: repository.subject.logical_id.as_deref(),
                resource: None,
            };
            let from = format!("repository `{}`", called(repository));
            entries.push(one(
                document,
                (repository, identity),
                owner,
                (own, from, true),
            ));
            continue;
        }
        let policies = policies(repository, identity);
        let resources = resources(&policies, owner);
        // Without any, there may still be tokens.
        let mut places: Vec<Option<Value<'_>>> = resources.into_iter().map(Some).collect();
        if places.is_empty() {
            places.push(None);
        }
        let mut asks = true;
        for resource in places {
            let place = Place {
                template: repository.place.source,
                name: None,
                logical_id: None,
                resource,
            };
            let from = resource.map_or_else(String::new, named);
            let entry = one(document, (repository, identity), owner, (place, from, asks));
            // A token serves every repository.
            let token = document.value(entry).get("token_missing");
            asks &= token.is_some_and(|token| token.as_bool() == Some(false));
            entries.push(entry);
        }
    }
    document.array(&entries, repository.place)
}

/// What people call a repository: by its name as far as it is known, else by its logical id.
fn called(repository: &Repository) -> String {
    let name = repository.document.value(repository.name);
    let shape = name.as_unknown().and_then(|unknown| unknown.shape.as_ref());
    let known = name.as_str().map(str::to_owned);
    let known = known.or_else(|| shape.map(ToString::to_string));
    known
        .or_else(|| repository.subject.logical_id.clone())
        .unwrap_or_default()
}

/// What people call the resource of a statement.
fn named(resource: Value<'_>) -> String {
    let unknown = resource.as_unknown();
    let reference = unknown.and_then(|unknown| unknown.reference.as_ref());
    let shape = unknown.and_then(|unknown| unknown.shape.as_ref());
    match (resource.as_str(), reference, shape) {
        (Some(text), ..) => format!("`{text}`"),
        (None, Some(reference), _) => format!("`{}`", reference.logical_id),
        (None, None, Some(shape)) if !shape.prefix().is_empty() => format!("`{shape}`"),
        _ => "a repository of another stack".to_owned(),
    }
}

fn policies<'r>(repository: &'r Repository, identity: &Identity) -> Vec<Value<'r>> {
    let ids = identity.policies.iter();
    ids.map(|id| repository.document.value(*id)).collect()
}

fn one(
    document: &mut Document,
    (repository, identity): (&Repository, &Identity),
    owner: &Owner<'_>,
    (place, from, asks_token): (Place<'_>, String, bool),
) -> NodeId {
    let policies = policies(repository, identity);
    let rights = rights(&policies, owner, place);
    let span = identity.place;
    let pull = missing(document, identity, rights.missing(&PULL, &PULL));
    let push = missing(document, identity, rights.missing(&UPLOAD, &PUSH));
    let works = works(&rights);
    let token = rights.token.clone().unwrap_or(Truth::No);
    let unserved = works.and(!token).and(Truth::from(asks_token));
    let unserved = truth(document, certain(unserved, identity), span);
    let gallery = match (rights.missing_of_gallery(), &identity.doubt) {
        (Ok(Some(_)), Some(doubt)) => open(document, doubt, span),
        (Ok(missing), _) => leaf::optional(document, missing, span),
        (Err(reason), _) => open(document, &reason, span),
    };
    let tokens = listed(document, rights.scoped_tokens, rights.scope_doubt, span);
    let resources = listed(document, rights.shapeless, rights.shape_doubt, span);
    let id = leaf::optional(document, identity.logical_id.as_deref(), span);
    let from = document.string(&from, span);
    document.object(
        &[
            ("who", id),
            ("from", from),
            ("pull_missing", pull),
            ("push_missing", push),
            ("token_missing", unserved),
            ("gallery_missing", gallery),
            ("scoped_tokens", tokens),
            ("misdirected", resources),
        ],
        span,
    )
}

/// Whether the identity can pull or push, a token aside.
fn works(rights: &Rights) -> Truth {
    rights.has(&PULL).or(rights.has(&PUSH))
}

/// What more policies could give is not certainly missing.
fn certain(truth: Truth, identity: &Identity) -> Truth {
    match (truth, &identity.doubt) {
        (Truth::Yes, Some(doubt)) => Truth::unknown(doubt.as_str()),
        (truth, _) => truth,
    }
}

/// The missing actions as one text; absent when there are none.
fn missing(
    document: &mut Document,
    identity: &Identity,
    (lacks, names): (Truth, Vec<&str>),
) -> NodeId {
    let span = identity.place;
    match certain(lacks, identity) {
        Truth::Yes => document.string(&format!("`{}`", names.join("`, `")), span),
        Truth::No => document.absent(span),
        Truth::Unknown(reason) => document.unknown(Unknown::because(reason).maybe_absent(), span),
    }
}

/// Something that may be missing.
fn open(document: &mut Document, reason: &str, span: Span) -> NodeId {
    document.unknown(Unknown::because(reason).maybe_absent(), span)
}

fn truth(document: &mut Document, truth: Truth, span: Span) -> NodeId {
    match truth {
        Truth::Yes => document.bool(true, span),
        Truth::No => document.bool(false, span),
        Truth::Unknown(reason) => document.unknown(Unknown::because(reason), span),
    }
}

fn listed(
    document: &mut Document,
    found: Vec<(Span, String)>,
    doubt: Option<String>,
    span: Span,
) -> NodeId {
    let mut problems = Problems::new(document);
    if let Some(doubt) = doubt {
        problems.cannot_tell(&Unknown::because(doubt));
    }
    for (at, problem) in found {
        problems.add(at, &problem);
    }
    problems.finish(span)
}

/// Adds to what [`grants`] has found the name of the repository: the same policy may guard several.
pub(super) fn named_grants(
    document: &mut Document,
    repository: &Repository,
    grants: NodeId,
) -> NodeId {
    let value = document.value(grants);
    let span = value.span();
    let entries: Vec<_> = value
        .items()
        .map(|entry| {
            let ids = ["who", "pull_missing", "push_missing"];
            (
                entry.span(),
                ids.map(|key| (key, entry.get(key).map(|it| it.id()))),
            )
        })
        .collect();
    if entries.is_empty() {
        return grants;
    }
    let from = format!("repository `{}`", called(repository));
    let from = document.string(&from, span);
    let entries = entries.into_iter().map(|(span, ids)| {
        let known = ids.into_iter().filter_map(|(key, id)| Some((key, id?)));
        let members: Vec<_> = known.chain([("from", from)]).collect();
        document.object(&members, span)
    });
    let entries: Vec<_> = entries.collect();
    document.array(&entries, span)
}

/// Adds `{who, pull_missing, push_missing}` for each other account, or other principal, that the
/// repository's policy lets in: nothing but this policy can give it more.
///
/// `access` is the described access by the policy.
pub(super) fn grants(document: &mut Document, access: NodeId) -> NodeId {
    let value = document.value(access);
    let span = value.span();
    if let Data::Unknown(unknown) = value.data() {
        let unknown = Unknown::because(unknown.reason.as_str());
        return document.unknown(unknown, span);
    }
    let mut groups: Vec<Grant> = Vec::new();
    for entry in value.items() {
        let text = |key| entry.get(key).and_then(Value::as_str);
        let foreign = entry.get("cross_account");
        let Some(who) = text("account").or_else(|| text("principal")) else {
            continue;
        };
        // Somebody of the own account may be given the rest by policies of its own.
        let doubt = match foreign.map(Value::data) {
            Some(Data::Bool(true)) => None,
            Some(Data::Unknown(unknown)) => Some(&unknown.reason),
            _ => continue,
        };
        let index = groups.iter().position(|group| group.who == who);
        let index = index.unwrap_or_else(|| {
            groups.push(Grant::new(who, entry));
            groups.len() - 1
        });
        groups[index].add(entry);
        if let Some(doubt) = doubt {
            groups[index].own.get_or_insert_with(|| doubt.clone());
        }
    }
    let found: Vec<_> = groups
        .into_iter()
        .map(|group| group.write(document))
        .collect();
    document.array(&found, span)
}

/// What one account or principal is given.
struct Grant {
    who: String,
    span: Span,
    actions: Vec<String>,
    /// Why it may be given more.
    doubt: Option<String>,
    /// Why it may be of the repository's own account.
    own: Option<String>,
}

impl Grant {
    fn new(who: &str, entry: Value<'_>) -> Self {
        Self {
            who: who.to_owned(),
            span: entry.span(),
            actions: Vec::new(),
            doubt: None,
            own: None,
        }
    }

    fn add(&mut self, entry: Value<'_>) {
        // What a `Deny` takes back was not forgotten.
        let lists = ["actions", "denied"].into_iter();
        for action in lists
            .filter_map(|key| entry.get(key))
            .flat_map(Value::items)
        {
            match (action.as_unknown(), action.get("action")) {
                (Some(unknown), _) => self.doubt = Some(unknown.reason.clone()),
                (None, Some(name)) => self.actions.extend(name.as_str().map(str::to_owned)),
                _ => {}
            }
        }
    }

    fn missing(&self, document: &mut Document, telling: &[&str], wanted: &[&str]) -> NodeId {
        let has = |action: &&str| self.actions.iter().any(|known| known == action);
        let lacking: Vec<&str> = wanted.iter().filter(|one| !has(one)).copied().collect();
        let told = telling.iter().any(has);
        let doubt = self.doubt.as_ref().or(self.own.as_ref().filter(|_| told));
        match doubt {
            _ if lacking.is_empty() => document.absent(self.span),
            Some(doubt) => {
                let unknown = Unknown::because(doubt.as_str()).maybe_absent();
                document.unknown(unknown, self.span)
            }
            None if told => document.string(&format!("`{}`", lacking.join("`, `")), self.span),
            None => document.absent(self.span),
        }
    }

    fn write(self, document: &mut Document) -> NodeId {
        let who = document.string(&self.who, self.span);
        let pull = self.missing(document, &PULL, &PULL);
        let push = self.missing(document, &UPLOAD, &PUSH);
        let members = [("who", who), ("pull_missing", pull), ("push_missing", push)];
        document.object(&members, self.span)
    }
}
