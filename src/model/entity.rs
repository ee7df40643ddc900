//! What is judged: an ECR repository, or what stands in the place of one. AWS Config calls it a configuration item.
//! It does not know which kind of input described it.

use std::ops::Deref;
use std::sync::Arc;

use super::repository::{CreationTemplate, Repository, RepositorySettings};
use super::{
    Assumption, Document, EventRule, Identifiers, Identity, ImageUse, NodeId, Notation, Value,
    Whereabouts, partition,
};
use crate::model::members;
use crate::source::{SourceId, Span};

/// Tag with the name of the stack that CloudFormation has made a repository in
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html>).
pub const STACK_TAG: &str = "aws:cloudformation:stack-name";
/// Tag with the logical id that the repository has in that stack's template.
pub const LOGICAL_ID_TAG: &str = "aws:cloudformation:logical-id";

/// Which registry a repository lives in; or what is judged in the place of a repository.
///
/// What is not a repository is judged by rules whose `when` asks for its kind, and by no others. It counts as no
/// repository, and reports do not list it as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityKind {
    /// `AWS::ECR::Repository`, in the private registry of an account and region.
    Private,
    /// `AWS::ECR::PublicRepository`, in the public gallery.
    Public,
    /// [`Particulars::Registry`]
    Registry,
    /// [`Particulars::CreationTemplate`]
    CreationTemplate,
    /// [`Particulars::Principals`]
    Principals,
    /// [`Particulars::Resource`]
    Resource,
    /// [`Particulars::Declaration`]
    Declaration,
    /// [`Particulars::Removed`]
    Removed,
}

impl EntityKind {
    /// Each of them: what is in a registry first, then what is judged in the place of a repository.
    pub const ALL: [Self; 8] = [
        Self::Private,
        Self::Public,
        Self::Registry,
        Self::CreationTemplate,
        Self::Principals,
        Self::Resource,
        Self::Declaration,
        Self::Removed,
    ];

    /// The word in the document that rules ask, `$.repository.kind`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Public => "public",
            Self::Registry => "registry",
            Self::CreationTemplate => "creation-template",
            Self::Principals => "principals",
            Self::Resource => "resource",
            Self::Declaration => "declaration",
            Self::Removed => "removed",
        }
    }

    /// Whether it is a repository at all.
    #[must_use]
    pub fn is_repository(self) -> bool {
        matches!(self, Self::Private | Self::Public)
    }
}

/// What an entity has as one of its kind, and no other kind has.
#[derive(Clone, Debug)]
pub enum Particulars {
    /// `AWS::ECR::Repository` or `AWS::ECR::PublicRepository`.
    Repository(Box<Repository>),
    /// The registry of an account and region.
    Registry {
        /// Its policy: a mapping once it was read as JSON, a string when it is not JSON.
        policy: NodeId,
    },
    /// A template for repositories that ECR itself creates.
    CreationTemplate(Box<CreationTemplate>),
    /// Principals, or rules of EventBridge that belong to no repository of their input.
    Principals {
        /// Principals that are given actions of ECR.
        identities: Vec<Identity>,
        /// Rules of EventBridge about ECR.
        event_rules: Vec<EventRule>,
    },
    /// A resource of a template that verdicts on others depend on and that CloudFormation refuses, or the template
    /// itself.
    Resource,
    /// What an organisation has declared and no input has, or what it has declared wrongly.
    Declaration,
    /// A repository of a live account that a stack of the inputs has made, and that the stack's template no longer has.
    Removed,
}

/// One thing that is judged, as its input describes it, before any ECR meaning is added.
///
/// Every [`NodeId`] belongs to `document`. A property that is not there is an absent node whose span
/// is the place where it would be: the nearest enclosing value that is there.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Holds the nodes. Variants of one entity share it.
    pub document: Arc<Document>,
    /// What it has as one of its kind.
    pub particulars: Particulars,
    /// What a human calls it.
    pub subject: Identifiers,
    /// How it is written down.
    pub notation: Notation,
    /// The name of the resource: the key of its logical id. Findings without a better place point here.
    pub place: Span,
    /// What is taken for granted: conditions that can turn out either way and parameters that can have
    /// several values, in the order in which the entity depends on them. Its other variants stand next to it.
    pub assumptions: Vec<Assumption>,
    /// What follows from the assumptions for other conditions and parameters, on which other entities of the same
    /// text depend.
    pub implied: Vec<Assumption>,
    /// What else is known of where it is.
    pub whereabouts: Whereabouts,
    /// The template of the stack that deploys it together with all stacks nested in it: these are in one account
    /// and region.
    pub family: Option<SourceId>,
    /// List of `{problem}`: what CloudFormation refuses in the template, each at its place. Absent: the input is no
    /// template.
    pub refused: NodeId,
    /// Paths of the CDK constructs of its key, parameters, event rules and identities, by their places; without
    /// those that no input says.
    pub constructs: Vec<(Span, String)>,
}

impl Entity {
    /// One of which nothing is known but what is given: no conditions, nothing refused.
    #[must_use]
    pub fn new(
        mut document: Document,
        subject: Identifiers,
        place: Span,
        particulars: Particulars,
    ) -> Self {
        let refused = document.absent(place);
        Self::of_template(document, refused, subject, place, particulars)
    }

    /// One of a template in which CloudFormation refuses what a node of the document lists.
    #[must_use]
    pub fn of_template(
        document: Document,
        refused: NodeId,
        subject: Identifiers,
        place: Span,
        particulars: Particulars,
    ) -> Self {
        Self {
            document: Arc::new(document),
            particulars,
            subject,
            notation: Notation::default(),
            place,
            assumptions: Vec::new(),
            implied: Vec::new(),
            whereabouts: Whereabouts::default(),
            family: None,
            refused,
            constructs: Vec::new(),
        }
    }

    /// What kind of entity it is.
    #[must_use]
    pub fn kind(&self) -> EntityKind {
        match &self.particulars {
            Particulars::Repository(own) if own.is_public => EntityKind::Public,
            Particulars::Repository(_) => EntityKind::Private,
            Particulars::Registry { .. } => EntityKind::Registry,
            Particulars::CreationTemplate(_) => EntityKind::CreationTemplate,
            Particulars::Principals { .. } => EntityKind::Principals,
            Particulars::Resource => EntityKind::Resource,
            Particulars::Declaration => EntityKind::Declaration,
            Particulars::Removed => EntityKind::Removed,
        }
    }

    /// It, if it is a repository.
    #[must_use]
    pub fn repository(&self) -> Option<Of<'_, Repository>> {
        match &self.particulars {
            Particulars::Repository(own) => Some(Of::new(self, own)),
            _ => None,
        }
    }

    /// It, if it is a repository of a private registry.
    #[must_use]
    pub fn private_repository(&self) -> Option<Of<'_, Repository>> {
        self.repository().filter(|one| !one.own.is_public)
    }

    /// It, if it is a repository, or a template for some.
    #[must_use]
    pub fn settings(&self) -> Option<Of<'_, RepositorySettings>> {
        match &self.particulars {
            Particulars::Repository(own) => Some(Of::new(self, &own.settings)),
            Particulars::CreationTemplate(own) => Some(Of::new(self, &own.settings)),
            _ => None,
        }
    }

    /// It, if it is a template for repositories.
    #[must_use]
    pub fn creation_template(&self) -> Option<&CreationTemplate> {
        match &self.particulars {
            Particulars::CreationTemplate(own) => Some(own),
            _ => None,
        }
    }

    /// The principals that it is, if it is any.
    #[must_use]
    pub fn identities(&self) -> &[Identity] {
        match &self.particulars {
            Particulars::Principals { identities, .. } => identities,
            _ => &[],
        }
    }

    /// The rules of EventBridge that belong to it.
    #[must_use]
    pub fn event_rules(&self) -> &[EventRule] {
        match &self.particulars {
            Particulars::Repository(own) => &own.event_rules,
            Particulars::Principals { event_rules, .. } => event_rules,
            _ => &[],
        }
    }

    /// Images of it that resources of the inputs run.
    #[must_use]
    pub fn image_uses(&self) -> &[ImageUse] {
        self.repository().map_or(&[], |one| &one.own.image_uses)
    }

    /// The name as its input gives it, where it is of a kind that has one.
    #[must_use]
    pub fn given_name(&self) -> Option<Value<'_>> {
        let one = self.settings()?;
        Some(self.document.value(one.own.name))
    }

    /// The name, where it is known.
    #[must_use]
    pub fn known_name(&self) -> Option<&str> {
        self.given_name().and_then(Value::as_str)
    }

    /// Where its name stands, or would stand; where it itself does, if it is of a kind without a name.
    #[must_use]
    pub fn name_place(&self) -> Span {
        self.given_name().map_or(self.place, Value::span)
    }

    /// The policy that says who may use it: that of the repository, or of the registry.
    #[must_use]
    pub fn own_policy(&self) -> Option<Value<'_>> {
        let policy = match self.particulars {
            Particulars::Registry { policy } => policy,
            _ => self.settings()?.own.repository_policy,
        };
        Some(self.document.value(policy))
    }

    /// The partition that it is in, where it is known.
    pub(crate) fn partition(&self) -> Option<&'static str> {
        let region = self.subject.region.as_deref();
        let named = region.map(partition::name);
        named.or_else(|| self.whereabouts.partitions.single())
    }

    /// Whatever a human calls it: its name, logical id, construct path and ARN, as far as they are known.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let subject = &self.subject;
        let names = [
            &subject.name,
            &subject.logical_id,
            &subject.construct_path,
            &subject.arn,
        ];
        names.into_iter().flatten().map(String::as_str)
    }

    /// The value of a tag, where it is known.
    #[must_use]
    pub fn tag(&self, key: &str) -> Option<&str> {
        let mut tags = self.document.value(self.settings()?.own.tags).items();
        let tag =
            tags.find(|tag| tag.get(members::TAG_KEY).and_then(Value::as_str) == Some(key))?;
        tag.get(members::TAG_VALUE)?.as_str()
    }

    /// What belongs to it and is a resource of its own, each with its logical id: key, parameters, event rules,
    /// identities.
    pub fn neighbours(&self) -> impl Iterator<Item = (Span, &str)> {
        let own = self.repository().map(|one| one.own);
        let key = own.and_then(|own| own.settings.key.as_ref());
        let key = key.map(|one| (one.place, &one.logical_id));
        let parameters = own.map_or(&[][..], |own| &own.parameters);
        let parameters = parameters.iter();
        let parameters = parameters.map(|one| (one.place, &one.logical_id));
        let rules = self.event_rules().iter();
        let rules = rules.map(|one| (one.place, &one.logical_id));
        let identities = self.identities().iter();
        let identities = identities.map(|one| (one.place, &one.logical_id));
        let all = key.into_iter().chain(parameters);
        let all = all.chain(rules).chain(identities);
        all.filter_map(|(place, id)| Some((place, id.as_deref()?)))
    }

    /// Whether both are the same under different conditions.
    #[must_use]
    pub fn is_variant_of(&self, other: &Self) -> bool {
        // One line of text may declare for many environments.
        self.kind() != EntityKind::Declaration
            && self.kind() == other.kind()
            && self.place == other.place
            && self.subject.logical_id == other.subject.logical_id
    }

    /// Whether both never exist together, because of the conditions of the text that they stand in.
    #[must_use]
    pub fn excludes(&self, other: &Self) -> bool {
        let against = |one: &Self, other: &Self| {
            one.assumptions.iter().any(|own| {
                let mut known = other.assumptions.iter().chain(&other.implied);
                known.any(|known| own.contradicts(known))
            })
        };
        self.place.source == other.place.source && (against(self, other) || against(other, self))
    }
}

/// A reference to an entity that is known to be of one kind, with what it has as such.
#[derive(Debug)]
pub struct Of<'e, T> {
    entity: &'e Entity,
    /// What it has as one of its kind. The nodes are those of the entity's document.
    pub own: &'e T,
}

impl<'e, T> Of<'e, T> {
    pub(super) fn new(entity: &'e Entity, own: &'e T) -> Self {
        Self { entity, own }
    }

    /// The entity, for as long as it was lent.
    #[must_use]
    pub fn entity(self) -> &'e Entity {
        self.entity
    }
}

impl<'e> Of<'e, Repository> {
    /// What it has in common with a template for repositories.
    #[must_use]
    pub fn settings(self) -> Of<'e, RepositorySettings> {
        Of::new(self.entity, &self.own.settings)
    }
}

impl<T> Clone for Of<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Of<'_, T> {}

impl<T> Deref for Of<'_, T> {
    type Target = Entity;

    fn deref(&self) -> &Entity {
        self.entity
    }
}
