//! Which resources of assemblies findings lead to, and what the metadata say about these and their siblings.
//! It does not know lines of programs.

use std::collections::{BTreeMap, BTreeSet};

use super::super::deployment::Deployment;
use super::reading::{self, TraceRequest};
use super::resource_lines::{ResourceLines, TemplateLines};
use crate::input::assembly::{Sharing, Traces};
use crate::report::{Diagnostic, DraftReport, Evidence, Subject, SubjectKind};
use crate::source::{SourceId, Sources, Span};

/// A resource: the text of its template, and its logical id.
pub(super) type ResourceKey = (SourceId, String);

/// The resources that a finding leads to.
#[derive(Debug)]
pub(super) struct TracedResources {
    /// The repository that was judged, or what stands in its place.
    pub(super) home: ResourceKey,
    /// Where the organisation declares it.
    pub(super) declared: Option<Span>,
    /// What the finding is about, where that is not a repository.
    pub(super) subject: Option<ResourceKey>,
    /// What it points into, where that is none of the two.
    pub(super) pointed: Option<ResourceKey>,
    /// The property that it points into.
    pub(super) property: Option<String>,
    /// Whether it speaks of the repository beside its subject.
    pub(super) tells_home: bool,
}

impl TracedResources {
    /// The resources whose lines a finding is shown at, the first one first.
    pub(super) fn resources(&self) -> impl Iterator<Item = &ResourceKey> {
        let about = self.subject.as_ref().unwrap_or(&self.home);
        self.pointed.iter().chain([about])
    }
}

/// Where the repositories of a report are declared.
pub(super) struct Homes<'r> {
    by_place: BTreeMap<Span, Vec<&'r Evidence>>,
}

impl<'r> Homes<'r> {
    pub(super) fn of(draft: &'r DraftReport) -> Self {
        let mut by_place: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for home in draft.repositories.iter().chain(&draft.others) {
            by_place.entry(home.place).or_default().push(home);
        }
        Self { by_place }
    }

    /// What was judged when a finding was found. One line may declare several of them.
    fn find(&self, finding: &Diagnostic) -> Option<&'r Evidence> {
        let here = self.by_place.get(&finding.judged?)?;
        let is_it = |home: &&&Evidence| finding.subject.as_ref() == Some(&home.subject);
        here.iter().find(is_it).or(here.first()).copied()
    }

    /// The resources that a finding leads to, if it is about an assembly.
    pub(super) fn traced(
        &self,
        finding: &Diagnostic,
        resources: &mut ResourceLines,
        deployment: &Deployment,
        sources: &Sources,
    ) -> Option<TracedResources> {
        let home = self.find(finding)?;
        let source = home.place.source;
        deployment.assembly(&sources.source(source).name)?;
        let home_id = home.subject.logical_id.clone()?;
        let at = finding.primary.span;
        let is_made = deployment
            .assembly(&sources.source(at.source).name)
            .is_some();
        let pointed = resources.of(at.source, sources).at(at).filter(|_| is_made);
        let property = pointed.and_then(|one| one.property_at(at));
        let property = property.map(str::to_owned);
        let pointed = pointed.map(|one| (at.source, one.id.clone()));
        let other = finding.subject.as_ref().filter(|one| is_other(one));
        let subject = other.and_then(|subject| {
            let id = subject.logical_id.clone()?;
            // A key may be one of another template.
            let is_pointed = pointed.as_ref().is_some_and(|(_, pointed)| *pointed == id);
            Some((if is_pointed { at.source } else { source }, id))
        });
        let home_key = (source, home_id);
        let about = subject.as_ref().unwrap_or(&home_key);
        Some(TracedResources {
            pointed: pointed.filter(|pointed| pointed != about),
            property,
            tells_home: tells(finding, &home.subject),
            declared: home.declared,
            subject,
            home: home_key,
        })
    }
}

/// Whether a finding speaks of the repository that was judged: a key and a parameter are there for one.
fn tells(finding: &Diagnostic, home: &Subject) -> bool {
    let kind = finding.subject.as_ref().map(|subject| subject.kind);
    let names = [&home.name, &home.logical_id];
    let mut names = names.into_iter().flatten();
    home.kind == SubjectKind::Repository
        && (matches!(kind, Some(SubjectKind::Key | SubjectKind::Parameter))
            || names.any(|name| finding.message.contains(&format!("`{name}`"))))
}

/// Whether what a finding is about is judged with a repository, and none itself.
fn is_other(subject: &Subject) -> bool {
    matches!(
        subject.kind,
        SubjectKind::Principals
            | SubjectKind::EventRule
            | SubjectKind::Key
            | SubjectKind::Parameter
    )
}

/// What the metadata say about resources, by resource, with the types of these.
pub(super) struct ResourceTraces {
    traces: BTreeMap<ResourceKey, (String, Traces)>,
}

impl ResourceTraces {
    /// Reads about the resources that findings lead to, and about all others of their types in the same
    /// templates: only together they say which lines make several.
    pub(super) fn read(
        traced: &[Option<TracedResources>],
        resources: &mut ResourceLines,
        deployment: &Deployment,
        sources: &Sources,
    ) -> Self {
        let mut kinds: BTreeSet<(SourceId, String)> = BTreeSet::new();
        for one in traced.iter().flatten() {
            for (source, id) in one.resources().chain([&one.home]) {
                let kind = resources.of(*source, sources).get(id).map(|one| &one.kind);
                kinds.extend(kind.map(|kind| (*source, kind.clone())));
            }
        }
        let mut keys = Vec::new();
        let mut asked = Vec::new();
        for (source, kind) in kinds {
            let template: &TemplateLines = resources.of(source, sources);
            for one in template.of_kind(&kind) {
                let path = one.construct_path.as_deref();
                asked.push(TraceRequest::new(source, &one.id, path, sources));
                keys.push(((source, one.id.clone()), kind.clone()));
            }
        }
        let read = reading::traces(&asked, deployment, sources);
        let known = keys.into_iter().zip(read);
        Self {
            traces: known
                .filter_map(|((key, kind), traces)| Some((key, (kind, traces?))))
                .collect(),
        }
    }

    /// What is known about a resource.
    pub(super) fn of(&self, key: &ResourceKey) -> Option<(&str, &Traces)> {
        let (kind, traces) = self.traces.get(key)?;
        Some((kind, traces))
    }

    /// Which lines make several resources of a type, by type.
    pub(super) fn sharing(&self) -> BTreeMap<&str, Sharing<'_>> {
        let mut by_kind: BTreeMap<&str, Sharing<'_>> = BTreeMap::new();
        for ((_, id), (kind, traces)) in &self.traces {
            by_kind.entry(kind).or_default().add(id, traces);
        }
        by_kind
    }
}
