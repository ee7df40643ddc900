//! What a finding is about: the repository, or a resource of its own that was judged with it, such as a role.
//! It does not know rules.

use crate::model::facts::FactName;
use crate::model::{Document, Entity, MemberKey, NodeId, Parameter, Value, events, members};
use crate::report::{Subject, SubjectKind};
use crate::rules::below_repository;
use crate::source::Span;

/// A list of resources in the repository document, which have an entry each.
struct ResourceList {
    fact: FactName,
    kind: SubjectKind,
    /// What an entry is known by.
    id: MemberKey,
}

/// All of them.
const LISTS: [ResourceList; 2] = [
    ResourceList {
        fact: FactName::Identities,
        kind: SubjectKind::Principals,
        id: members::WHO,
    },
    ResourceList {
        fact: FactName::EventRules,
        kind: SubjectKind::EventRule,
        id: members::LOGICAL_ID,
    },
];

/// A resource that was judged with a repository, and what a finding says of it.
pub(super) struct RelatedResource {
    /// What a human calls it.
    pub(super) subject: Subject,
    /// Path of the field in what is said of it: without its position among others, which changes with them, but
    /// with the repository where the finding is about that one as well.
    pub(super) field: String,
}

/// A finding, as far as it says what it is about.
#[derive(Clone, Copy)]
pub(super) struct FindingPointer<'f> {
    /// Path in the repository document.
    pub(super) field: &'f str,
    /// Its place.
    pub(super) span: Span,
    /// What it says.
    pub(super) message: &'f str,
}

/// The resource that a finding is about; `None` where it is the repository itself, or what stands in its place.
/// `subject` is that of the repository, `described` its document.
pub(super) fn of(
    repository: &Entity,
    subject: &Subject,
    described: Value<'_>,
    finding: FindingPointer<'_>,
) -> Option<RelatedResource> {
    let near = NearbyRepository {
        repository,
        subject,
        finding,
    };
    let members = below_repository(finding.field)?;
    let listed = LISTS.iter().find_map(|list| {
        let (entry, rest) = entry(described, list.fact, members)?;
        // What rules there are, nobody knows, or the account has them for all its repositories.
        let is_a_rule = entry.get(list.id).is_some_and(|id| !id.is_absent());
        if list.kind == SubjectKind::EventRule && !is_a_rule {
            return None;
        }
        Some(near.listed(list, entry, rest))
    });
    listed.or_else(|| near.key(members)).or_else(|| {
        let members = members.strip_prefix(FactName::Parameters.name())?;
        near.parameter(members.strip_prefix('.')?)
    })
}

/// A repository with the finding that may be about something near to it.
struct NearbyRepository<'n> {
    repository: &'n Entity,
    subject: &'n Subject,
    finding: FindingPointer<'n>,
}

impl NearbyRepository<'_> {
    /// What has an entry in a list.
    fn listed(&self, list: &ResourceList, entry: Value<'_>, rest: &str) -> RelatedResource {
        let id = entry.get(list.id).and_then(Value::as_str);
        let from = entry.get(members::FROM).and_then(Value::as_str);
        let from = from.filter(|from| !from.is_empty() && self.finding.message.contains(from));
        let field = format!("{}{rest}", list.fact.name());
        let field = match from {
            _ if self.names_repository() => self.with_repository(field),
            Some(from) => format!("{field} of {from}"),
            None => field,
        };
        let mut subject = self.resource(list.kind, entry.span(), id);
        if self.is_awaited(entry.span()) {
            subject.name.clone_from(&self.subject.name);
        }
        RelatedResource { subject, field }
    }

    /// Whether the pattern of an event rule waits for events of this repository alone: it is called by its name
    /// or refers to it. Such a rule is known by the repository, too.
    fn is_awaited(&self, place: Span) -> bool {
        let document = &self.repository.document;
        let rule = self
            .repository
            .event_rules()
            .iter()
            .find(|one| one.place == place);
        let pattern = rule.map(|rule| document.value(rule.pattern));
        let mut names = pattern.into_iter().flat_map(events::awaited_names);
        let (Some(name), None) = (names.next(), names.next()) else {
            return false;
        };
        let source = self.repository.place.source;
        let id = self.repository.subject.logical_id.as_deref();
        match name.as_unknown() {
            Some(unknown) => {
                let reference = unknown.reference.as_ref();
                reference.is_some_and(|one| id.is_some_and(|id| one.is_of(source, id)))
            }
            None => {
                name.as_str().is_some() && name.as_str() == self.repository.subject.name.as_deref()
            }
        }
    }

    fn key(&self, members: &str) -> Option<RelatedResource> {
        let rest = members.strip_prefix(FactName::Key.name())?;
        let settings = self.repository.settings()?;
        let key = settings.own.key.as_ref()?;
        if !rest.is_empty() && !rest.starts_with(['.', '[']) {
            return None;
        }
        let mut subject = self.resource(SubjectKind::Key, key.place, key.logical_id.as_deref());
        if key.logical_id.is_none() {
            let arn = text(&self.repository.document, settings.own.kms_key);
            subject.arn = arn.map(str::to_owned);
        }
        Some(RelatedResource {
            subject,
            field: self.with_repository(members.to_owned()),
        })
    }

    /// The parameter whose name, type or value is found, or whose resource is.
    fn parameter(&self, members: &str) -> Option<RelatedResource> {
        let document = &self.repository.document;
        let span = self.finding.span;
        let name = |parameter: &Parameter| text(document, parameter.name);
        let is_found = |parameter: &&Parameter| {
            let nodes = [parameter.name, parameter.kind, parameter.value];
            let mut places = nodes.iter().map(|id| document.value(*id).span());
            let is_here = parameter.place == span || places.any(|place| place == span);
            let is_named = |name: &str| self.finding.message.contains(&format!("`{name}`"));
            is_here && name(parameter).is_none_or(is_named)
        };
        let repository = self.repository.repository()?;
        let parameter = repository.own.parameters.iter().find(is_found)?;
        let id = parameter.logical_id.as_deref();
        let mut subject = self.resource(SubjectKind::Parameter, parameter.place, id);
        subject.name = name(parameter).map(str::to_owned);
        Some(RelatedResource {
            subject,
            field: self.with_repository(format!("{}.{members}", FactName::Parameters.name())),
        })
    }

    /// What a human calls a resource.
    fn resource(&self, kind: SubjectKind, place: Span, id: Option<&str>) -> Subject {
        let is_here = place.source == self.repository.place.source;
        let mut constructs = self.repository.constructs.iter();
        let construct = constructs.find(|(at, _)| *at == place);
        Subject {
            kind,
            name: None,
            logical_id: id.map(str::to_owned),
            // What another template declares belongs to another stack.
            stack: self.subject.stack.clone().filter(|_| is_here),
            construct_path: construct.map(|(_, path)| path.clone()),
            arn: None,
            account: self.subject.account.clone(),
            region: self.subject.region.clone(),
        }
    }

    /// Whether the finding speaks of the repository, too.
    fn names_repository(&self) -> bool {
        let names = [&self.subject.name, &self.subject.logical_id];
        let mut names = names.into_iter().flatten();
        let is_one = self.repository.kind().is_repository();
        is_one && names.any(|name| self.finding.message.contains(&format!("`{name}`")))
    }

    /// The repository is known by its logical id, which survives a new name.
    fn with_repository(&self, field: String) -> String {
        let ids = [&self.subject.logical_id, &self.subject.name];
        match ids.into_iter().flatten().next() {
            Some(id) => format!("{field} of {id}"),
            None => field,
        }
    }
}

fn text(document: &Document, id: NodeId) -> Option<&str> {
    document.value(id).as_str()
}

/// The entry of a list that a path such as `identities[2].who` leads to, and the rest of the path.
fn entry<'d, 'p>(
    described: Value<'d>,
    list: FactName,
    members: &'p str,
) -> Option<(Value<'d>, &'p str)> {
    let (index, rest) = members
        .strip_prefix(list.name())?
        .strip_prefix('[')?
        .split_once(']')?;
    let entry = described.get(list)?.items().nth(index.parse().ok()?)?;
    Some((entry, rest))
}
