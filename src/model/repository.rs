//! What an input says about one ECR repository and what belongs to it.
//! It does not know which kind of input said so.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::lifecycle::LiveImages;
use super::{
    Assumption, Document, EventRule, Identity, ImageUse, KmsKey, Language, NodeId, Parameter,
    Value, Whereabouts, partition,
};
use crate::source::{SourceId, Span};

/// Tag with the name of the stack that CloudFormation has made a repository in
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html>).
pub const STACK_TAG: &str = "aws:cloudformation:stack-name";
/// Tag with the logical id that the repository has in that stack's template.
pub const LOGICAL_ID_TAG: &str = "aws:cloudformation:logical-id";

/// Which registry a repository lives in; or what is judged in the place of a repository.
///
/// What is no repository is judged by rules whose `when` asks for its kind, and by no others. It counts as no
/// repository, and reports do not list it as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RepositoryKind {
    /// `AWS::ECR::Repository`, in the private registry of an account and region.
    #[default]
    Private,
    /// `AWS::ECR::PublicRepository`, in the public gallery.
    Public,
    /// No repository: the registry of an account and region, with its policy.
    Registry,
    /// No repository: a template for repositories that ECR itself creates. Its name is the prefix of theirs.
    CreationTemplate,
    /// No repository: principals, or rules of EventBridge, of an input that has no repository which they could
    /// belong to.
    Principals,
    /// No repository: a resource of a template that verdicts on others depend on and that CloudFormation refuses, or
    /// the template itself.
    Resource,
    /// No repository: what an organisation has declared and no input has, or what it has declared wrongly.
    Declaration,
    /// No repository of an input: one of a live account that a stack of the inputs has made, and that the stack's
    /// template no longer has.
    Removed,
}

impl RepositoryKind {
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

/// What a human calls a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The repository's name, where it is known.
    pub name: Option<String>,
    /// Logical id in its template.
    pub logical_id: Option<String>,
    /// Name of the stack.
    pub stack: Option<String>,
    /// Path of the construct in its CDK application.
    pub construct_path: Option<String>,
    /// ARN, for a repository of a live account.
    pub arn: Option<String>,
    /// Account id of twelve digits.
    pub account: Option<String>,
    /// Region, such as `eu-west-1`.
    pub region: Option<String>,
    /// Which of these two are known for the combination of conditions only that is looked at: the stack itself
    /// may be deployed anywhere.
    pub assumed: AssumedHome,
    /// What it is written in.
    pub language: Language,
    /// Whether its template is written in JSON, or in YAML that looks like it.
    pub is_json: bool,
    /// Whether its template gives it no properties at all.
    pub is_bare: bool,
}

/// What of an account and a region follows from conditions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AssumedHome {
    /// The account.
    pub account: bool,
    /// The region.
    pub region: bool,
}

/// One repository as its input describes it, before any ECR meaning is added.
///
/// Every [`NodeId`] belongs to `document`. A property that is not there is an absent node whose span
/// is the place where it would be: the nearest enclosing value that is there.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Holds the nodes.
    pub document: Document,
    /// Private or public, or what it is in the place of a repository.
    pub kind: RepositoryKind,
    /// What a human calls it.
    pub subject: Subject,
    /// The name of the resource: the key of its logical id. Findings without a better place point here.
    pub place: Span,
    /// What is taken for granted: conditions that can turn out either way and parameters that can have
    /// several values, in the order in which the repository depends on them. Its other variants stand next to it.
    pub assumptions: Vec<Assumption>,
    /// What follows from the assumptions for other conditions and parameters, on which other repositories of the same
    /// text depend.
    pub implied: Vec<Assumption>,
    /// The name with a hole for each value of a parameter that is taken for granted, where any is.
    pub pattern: Option<String>,
    /// What else is known of where it is.
    pub whereabouts: Whereabouts,
    /// The template of the stack that deploys it together with all stacks nested in it: these are in one account
    /// and region.
    pub family: Option<SourceId>,
    /// Scanning configurations of its registry in the same template.
    pub registries: Vec<Arc<RegistryScanning>>,
    /// String. Absent: CloudFormation makes up a name.
    pub name: NodeId,
    /// String: `MUTABLE`, `IMMUTABLE`, or one of the two with `_WITH_EXCLUSION`.
    pub tag_mutability: NodeId,
    /// List of `{type, filter}`.
    pub exclusion_filters: NodeId,
    /// Boolean: the repository's own flag, before any registry configuration.
    pub scan_on_push: NodeId,
    /// String: `SCAN_ON_PUSH`, `CONTINUOUS_SCAN` or `MANUAL`, as AWS itself sums up every scanning
    /// configuration for a repository of a live account. Absent: no input says.
    pub scan_frequency: NodeId,
    /// String: `AES256`, `KMS` or `KMS_DSSE`.
    pub encryption_type: NodeId,
    /// String: alias, key id or ARN; unknown with a reference for a key of the same stack.
    pub kms_key: NodeId,
    /// The key that `kms_key` stands for, where the inputs describe it.
    pub key: Option<KmsKey>,
    /// The lifecycle policy: a mapping once it was read as JSON, a string when it is not JSON.
    pub lifecycle_policy: NodeId,
    /// How the lifecycle policy is written down.
    pub lifecycle_written: Written,
    /// The repository policy: a mapping once it was read as JSON, a string when it is not JSON.
    pub repository_policy: NodeId,
    /// Policies of its registry in the same template, as far as they may deny something.
    pub registry_policies: Vec<NodeId>,
    /// List of `{key, value}`, stack tags included.
    pub tags: NodeId,
    /// Boolean.
    pub empty_on_delete: NodeId,
    /// String: `Delete`, `Retain`, `RetainExceptOnCreate`.
    pub deletion_policy: NodeId,
    /// String: `Delete`, `Retain`.
    pub update_replace_policy: NodeId,
    /// The custom resource of CDK that deletes the images before the repository, where there is one: its logical id and
    /// its place.
    pub auto_delete: Option<(String, Span)>,
    /// Whether it holds images, where the input shows a live repository with what is in it.
    pub holds_images: Option<bool>,
    /// What images it holds, where it is a live one and the input lists them.
    pub images: Option<Arc<LiveImages>>,
    /// SSM parameters that hold a value of this repository, by reference or by text.
    pub parameters: Vec<Parameter>,
    /// Rules of EventBridge whose patterns may be about this repository.
    pub event_rules: Vec<EventRule>,
    /// Images of it that resources of the inputs run.
    pub image_uses: Vec<ImageUse>,
    /// Where principals are judged: those that are given actions of ECR.
    pub identities: Vec<Identity>,
    /// List of `{problem}`: what CloudFormation refuses in the template, each at its place. Absent: the input is no
    /// template.
    pub refused: NodeId,
    /// Paths of the CDK constructs of its key, parameters, event rules and identities, by their places; without
    /// those that no input tells.
    pub constructs: Vec<(Span, String)>,
}

impl Repository {
    /// What is judged in the place of a repository: it has no property of one.
    #[must_use]
    pub fn stand_in(kind: RepositoryKind, subject: Subject, place: Span) -> Self {
        let mut document = Document::default();
        let absent = document.absent(place);
        Self {
            document,
            kind,
            subject,
            place,
            assumptions: Vec::new(),
            implied: Vec::new(),
            pattern: None,
            whereabouts: Whereabouts::default(),
            family: None,
            registries: Vec::new(),
            name: absent,
            tag_mutability: absent,
            exclusion_filters: absent,
            scan_on_push: absent,
            scan_frequency: absent,
            encryption_type: absent,
            kms_key: absent,
            key: None,
            lifecycle_policy: absent,
            lifecycle_written: Written::Unmeasured,
            repository_policy: absent,
            registry_policies: Vec::new(),
            tags: absent,
            empty_on_delete: absent,
            deletion_policy: absent,
            update_replace_policy: absent,
            auto_delete: None,
            holds_images: None,
            images: None,
            parameters: Vec::new(),
            event_rules: Vec::new(),
            image_uses: Vec::new(),
            identities: Vec::new(),
            refused: absent,
            constructs: Vec::new(),
        }
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
        let mut tags = self.document.value(self.tags).items();
        let tag = tags.find(|tag| tag.get("key").and_then(Value::as_str) == Some(key))?;
        tag.get("value")?.as_str()
    }

    /// What belongs to it and is a resource of its own, each with its logical id: key, parameters, event rules,
    /// identities.
    pub fn neighbours(&self) -> impl Iterator<Item = (Span, &str)> {
        let key = self.key.iter().map(|one| (one.place, &one.logical_id));
        let parameters = self.parameters.iter();
        let parameters = parameters.map(|one| (one.place, &one.logical_id));
        let rules = self.event_rules.iter();
        let rules = rules.map(|one| (one.place, &one.logical_id));
        let identities = self.identities.iter();
        let identities = identities.map(|one| (one.place, &one.logical_id));
        let all = key.chain(parameters).chain(rules).chain(identities);
        all.filter_map(|(place, id)| Some((place, id.as_deref()?)))
    }

    /// Takes another document, in which `absent` stands for everything that the repository is not.
    pub fn in_document(&mut self, document: Document, absent: NodeId) {
        let all = [
            &mut self.name,
            &mut self.tag_mutability,
            &mut self.exclusion_filters,
            &mut self.scan_on_push,
            &mut self.scan_frequency,
            &mut self.encryption_type,
            &mut self.kms_key,
            &mut self.lifecycle_policy,
            &mut self.repository_policy,
            &mut self.tags,
            &mut self.empty_on_delete,
            &mut self.deletion_policy,
            &mut self.update_replace_policy,
            &mut self.refused,
        ];
        for id in all {
            *id = absent;
        }
        self.document = document;
    }

    /// Whether both are the same repository under different conditions.
    #[must_use]
    pub fn is_variant_of(&self, other: &Self) -> bool {
        // One line of text may declare for many environments.
        self.kind != RepositoryKind::Declaration
            && self.kind == other.kind
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

/// How a policy for which ECR takes a JSON text is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Written {
    /// As a text whose length is not known, or not at all.
    #[default]
    Unmeasured,
    /// As a text of so many characters.
    Text(usize),
    /// As a mapping of the template, where a text belongs.
    Mapping,
}

/// The scanning configuration of a registry, from an input or asserted by the configuration.
#[derive(Clone, Debug)]
pub struct RegistryScanning {
    /// Holds the nodes.
    pub document: Document,
    /// Account that the registry belongs to, where known.
    pub account: Option<String>,
    /// Region that the registry belongs to, where known.
    pub region: Option<String>,
    /// The template of the stack that deploys it together with all stacks nested in it, for one of a template.
    pub family: Option<SourceId>,
    /// Name of the file that it was read from.
    pub file: Option<String>,
    /// Whether it is what a live account has now.
    pub is_live: bool,
    /// String: `BASIC` or `ENHANCED`.
    pub scan_type: NodeId,
    /// List of `{frequency, filters: [{filter, type}]}`.
    pub rules: NodeId,
    /// Its policy, where a live account has one.
    pub policy: Option<NodeId>,
    /// Rules of EventBridge in the account and region, where it is live.
    pub event_rules: Vec<EventRule>,
}

/// Everything that the inputs of one run say.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Number of inputs that were read, those without any repository included.
    pub inputs: usize,
    /// Those of them that describe live accounts, not templates.
    pub snapshots: usize,
    /// Repositories, and what is judged besides and is none, in the order of the inputs.
    pub repositories: Vec<Repository>,
    /// Registry scanning configurations in the order of the inputs.
    pub registries: Vec<RegistryScanning>,
    /// Where the inputs are deployed, those without any repository included.
    pub homes: BTreeSet<Home>,
}

/// An account and a region, as far as they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Home {
    /// Account id of twelve digits.
    pub account: Option<String>,
    /// Region, such as `eu-west-1`.
    pub region: Option<String>,
}
