//! Computes what ECR makes of a repository, once, and lays it out as the document that rules ask.
//! It does not know the rules.

mod cause;
mod causes;
mod declared;
mod deletion;
mod deployed;
mod described;
mod encryption;
mod events;
mod grants;
mod identities;
mod key;
mod leaf;
mod lifecycle;
mod live;
mod missing;
mod mutability;
mod naming;
mod owners;
mod parameters;
mod policy_facts;
mod problems;
mod scanning;
mod scope;
mod sharing;
mod tags;

pub use declared::{Match, declaration_for, declaration_named};
pub use described::Described;
pub use lifecycle::{NoPolicy, lifecycle_policy};
pub use live::Live;
pub use naming::{is_tool_owned, misses_standard};
pub use scope::{Fate, Rival, Scope, Twin};

use super::lifecycle::LiveImages;
use super::policy::{Guarded, Owner};
use super::{Document, NodeId};
use super::{Entity, Of, Particulars, Repository, RepositorySettings, Written};
use live::Held;
use owners::Owners;

/// Describes one repository. `schemas/repository.json` has the layout.
#[must_use]
pub fn describe(repository: &Entity, scope: &Scope<'_>) -> Described {
    let mut document = repository.document.copy_with_room();
    let declared = declared::describe(&mut document, repository, scope);
    let registry = scope
        .registry
        .map(|registry| declared::registry(&mut document, registry));
    let organisation = scope
        .organisation
        .map(|organisation| declared::organisation(&mut document, organisation, repository));

    let mut members = Vec::with_capacity(30);
    home(&mut document, repository, scope, &mut members);
    match &repository.particulars {
        Particulars::Repository(own) => {
            let repository = Of::new(repository, &**own);
            names(&mut document, repository, scope, &mut members);
            settings(&mut document, repository, scope, &mut members);
        }
        Particulars::Principals { .. } => {
            principals(&mut document, repository, scope, &mut members)
        }
        Particulars::Registry { policy } => {
            let owners = Owners::of(repository, scope);
            let owner = owners.owner(Guarded::Registry);
            let [policy, access, ..] =
                self::access(&mut document, (repository, *policy), &owner, scope);
            members.extend([policy, access]);
        }
        Particulars::CreationTemplate(own) => {
            let settings = Of::new(repository, &own.settings);
            template(&mut document, settings, scope, &mut members);
        }
        Particulars::Declaration => {
            let fate = scope.fate.cloned().unwrap_or_default();
            members.extend(declared::fate(&mut document, &fate, repository.place));
            let id = repository.subject.name.as_deref();
            let id = id.and_then(naming::logical_id);
            let id = leaf::optional(&mut document, id.as_deref(), repository.place);
            members.push(("resource_id", id));
        }
        Particulars::Removed | Particulars::Resource => {}
    }
    members.push(("template_problems", repository.refused));
    if let Some(live) = &scope.live {
        let sofar = document.object(&members, repository.place);
        let settings = repository.settings();
        let written = settings.map_or(Written::Unmeasured, |one| one.own.lifecycle_written);
        members.push(("live", live::describe(&mut document, sofar, written, live)));
    }
    let repository = document.object(&members, repository.place);
    Described {
        document,
        repository,
        declared,
        registry,
        organisation,
    }
}

type Members = Vec<(&'static str, NodeId)>;

/// What kind of subject it is, where it lives, and what it is called there.
fn home(document: &mut Document, repository: &Entity, scope: &Scope<'_>, members: &mut Members) {
    let place = repository.place;
    let subject = &repository.subject;
    members.push(("kind", document.string(repository.kind().as_str(), place)));
    if !repository.kind().is_repository() {
        let name = leaf::optional(document, subject.name.as_deref(), place);
        members.push(("name", name));
    }
    let partition = repository.partition();
    let texts = [
        ("account", subject.account.as_deref()),
        ("region", subject.region.as_deref()),
        ("partition", partition),
        ("environment", scope.environment.map(|it| it.name.as_str())),
        ("stack", subject.stack.as_deref()),
        ("logical_id", subject.logical_id.as_deref()),
        ("construct_path", subject.construct_path.as_deref()),
    ];
    for (key, text) in texts {
        members.push((key, leaf::optional(document, text, place)));
    }
    let tool_owned = naming::is_tool_owned(repository);
    members.push(("tool_owned", document.bool(tool_owned, place)));
}

/// What principals may do, and what event rules see, where there is no repository which they belong to.
fn principals(
    document: &mut Document,
    repository: &Entity,
    scope: &Scope<'_>,
    members: &mut Members,
) {
    let owners = Owners::of(repository, scope);
    let owner = owners.owner(Guarded::Repository);
    let identities = identities::describe(document, repository, (&owner, scope.names));
    let rules = events::describe(document, repository, scope);
    members.extend([("identities", identities), ("event_rules", rules)]);
}

/// What a template gives to the repositories that ECR creates by it.
fn template(
    document: &mut Document,
    repository: Of<'_, RepositorySettings>,
    scope: &Scope<'_>,
    members: &mut Members,
) {
    let owners = Owners::of(repository.entity(), scope);
    let owner = owners.owner(Guarded::Repository);
    members.extend([
        ("tag_mutability", mutability::mode(document, repository)),
        ("exclusion_filters", repository.own.exclusion_filters),
        (
            "mutability",
            mutability::describe(document, repository, scope.protected_tags),
        ),
        ("encryption", encryption::describe(document, repository)),
        (
            "lifecycle",
            lifecycle::describe(document, repository, (scope.protected_tags, None)),
        ),
        ("tags", repository.own.tags),
    ]);
    let policy = repository.own.repository_policy;
    members.extend(access(document, (&repository, policy), &owner, scope));
}

/// What the name of the repository is worth.
fn names(
    document: &mut Document,
    repository: Of<'_, Repository>,
    scope: &Scope<'_>,
    members: &mut Members,
) {
    let name = repository.document.value(repository.own.settings.name);
    members.extend([
        ("name", repository.own.settings.name),
        ("name_generated", naming::generated(document, name)),
        ("name_problems", naming::problems(document, repository)),
        (
            "name_expected",
            naming::expected(document, scope, name.span()),
        ),
        (
            "name_suggested",
            naming::suggested(document, repository, scope),
        ),
        ("base_suggested", naming::base(document, repository, scope)),
        ("name_conforms", naming::conforms(document, name, scope)),
        ("taken_as", naming::taken(document, scope, name.span())),
        (
            "same_name",
            naming::same_name(document, repository, scope.same_name),
        ),
    ]);
}

/// How the repository is set up, and what comes of it.
fn settings(
    document: &mut Document,
    repository: Of<'_, Repository>,
    scope: &Scope<'_>,
    members: &mut Members,
) {
    let settings = repository.settings();
    let encryption = encryption::describe(document, settings);
    let scanning = scanning::describe(document, repository, scope);
    let owners = Owners::of(repository.entity(), scope);
    let owner = owners.owner(Guarded::Repository);
    let key_owner = owners.owner(Guarded::Key);
    members.extend([
        ("scanning", scanning),
        ("tag_mutability", mutability::mode(document, settings)),
        ("exclusion_filters", settings.own.exclusion_filters),
        (
            "mutability",
            mutability::describe(document, settings, scope.protected_tags),
        ),
        ("encryption", encryption),
        ("key", key::describe(document, settings, &key_owner, scope)),
        (
            "lifecycle",
            lifecycle::describe(
                document,
                settings,
                (scope.protected_tags, held(repository, scope)),
            ),
        ),
        ("deployed", deployed::describe(document, repository)),
        (
            "missing_images",
            missing::describe(
                document,
                repository,
                scope.live.and_then(|live| live.held()),
            ),
        ),
        (
            "parameters",
            parameters::describe(document, repository, scope, encryption),
        ),
        ("tags", settings.own.tags),
        ("missing_tags", tags::missing(document, settings, scope)),
        ("deletion", deletion::describe(document, repository)),
        (
            "causes",
            causes::describe(document, repository, scope, scanning),
        ),
    ]);
    members.push((
        "event_rules",
        events::describe(document, &repository, scope),
    ));
    let policy = settings.own.repository_policy;
    members.extend(access(document, (&repository, policy), &owner, scope));
}

/// The images of the repository, or of the live one that it stands for.
fn held<'s>(repository: Of<'s, Repository>, scope: &Scope<'s>) -> Option<&'s LiveImages> {
    let live = || match scope.live?.held()? {
        Held::Images(images) => Some(images),
        Held::Uncaptured | Held::Unknown(_) => None,
    };
    repository.own.images.as_deref().or_else(live)
}

/// The repository policy with its statements, whom it lets in, and what the organisation's accounts
/// lack or have too much.
fn access(
    document: &mut Document,
    (repository, policy): (&Entity, NodeId),
    owner: &Owner<'_>,
    scope: &Scope<'_>,
) -> [(&'static str, NodeId); 4] {
    let place = repository.document.value(policy).span();
    let meaning = policy_facts::of(document, policy, owner, scope.organisation);
    let grants = grants::named_grants(document, repository, meaning.grants);
    let members = [
        ("document", meaning.facts.document),
        ("statements", meaning.facts.statements),
        ("problems", meaning.facts.problems),
    ];
    [
        ("policy", document.object(&members, place)),
        ("access", meaning.facts.access),
        ("sharing", meaning.sharing),
        ("grants", grants),
    ]
}
