//! `AWS::ECR::Repository`, `AWS::ECR::PublicRepository` and the registry's scanning configuration.
//! It does not know functions, nor what the values mean to ECR.

use super::registry;
use super::related::{Owner, Related};
use super::scanning_call::Scanning;
use crate::input::Loaded;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::property::{Slot, write_undecided};
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::template::constructs::{construct_path, with_constructs};
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::input::cloudformation::validation::refused;
use crate::model::{
    AssumedHome, Data, Document, Entity, Language, NodeId, Particulars, RegistryScanning,
    Repository, RepositorySettings, RepositorySubject, Truth, Unknown, Value, Written,
};
use crate::source::{Kind, Node, SourceId, Tree};

/// Loads one repository, or what is judged in the place of one, unless it does not exist or its properties are
/// no mapping.
pub(crate) fn load<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    related: &Related<'t>,
    embedded: &mut Tree,
    loaded: &mut Loaded,
) {
    let Some(properties) = properties(evaluator, resource) else {
        return;
    };
    let is_repository = matches!(
        resource.kind,
        ResourceKind::Repository | ResourceKind::PublicRepository
    );
    let mut judged = if is_repository {
        let one = repository(evaluator, (resource, &properties), related, embedded);
        with_constructs(evaluator.template, one)
    } else {
        let mut one = registry::load(evaluator, resource, &properties, embedded);
        one.refused = refused::write(evaluator, resource, &mut one.document);
        one
    };
    judged.whereabouts = related
        .surroundings
        .landmarks
        .whereabouts(evaluator.context, &judged);
    loaded.entities.push(judged);
}

/// One repository with what belongs to it.
fn repository<'t>(
    evaluator: &Evaluator<'t, '_>,
    (resource, properties): (&Resource<'t>, &Slot<'t>),
    related: &Related<'t>,
    embedded: &mut Tree,
) -> Entity {
    let mut room = related.room.borrow_mut();
    let document = &mut *room;
    let mut writer = Writer {
        evaluator,
        properties,
        document,
    };
    let name = writer.string(&["RepositoryName"]);
    let lifecycle = writer.lifecycle();
    let policy = writer.slot(&["RepositoryPolicyText"]);
    let kms_key = writer.slot(&["EncryptionConfiguration", "KmsKey"]);
    let key = related.aliases.key(evaluator, &kms_key.value);
    let owner = Owner {
        resource,
        kms_key: &kms_key,
        key,
    };
    let policy = evaluator.write_policy(writer.document, policy, embedded);
    let above = registry::denying(evaluator, policy, writer.document, embedded);
    let surroundings =
        (related.surroundings).write(evaluator, (resource, name), writer.document, embedded);
    let settings = RepositorySettings {
        name,
        tag_mutability: writer.string(&["ImageTagMutability"]),
        exclusion_filters: writer.exclusion_filters(),
        encryption_type: writer.string(&["EncryptionConfiguration", "EncryptionType"]),
        kms_key: evaluator.write_string(writer.document, kms_key.clone()),
        key: (owner.key.as_ref()).and_then(|key| key.write(evaluator, writer.document, embedded)),
        lifecycle_written: written(&lifecycle),
        lifecycle_policy: evaluator.write_policy(writer.document, lifecycle, embedded),
        repository_policy: policy,
        registry_policies: above,
        tags: writer.tags(),
    };
    let own = Repository {
        is_public: resource.kind == ResourceKind::PublicRepository,
        settings,
        pattern: pattern(evaluator, properties),
        registries: registry::scanning(evaluator),
        scan_on_push: writer.scan_on_push(surroundings.scanning),
        // Only AWS itself can say it.
        scan_frequency: writer.document.absent(resource.place),
        empty_on_delete: writer.bool(&["EmptyOnDelete"]),
        deletion_policy: writer.attribute(resource, "DeletionPolicy"),
        update_replace_policy: writer.attribute(resource, "UpdateReplacePolicy"),
        auto_delete: surroundings.auto_delete,
        holds_images: Truth::Unknown(()),
        images: None,
        event_rules: surroundings.event_rules,
        image_uses: surroundings.image_uses,
        parameters: related.parameters(evaluator, &owner, writer.document),
    };
    let subject = subject(evaluator, resource, writer.document.value(name));
    let refused = refused::write(evaluator, resource, writer.document);
    let particulars = Particulars::Repository(Box::new(own));
    let document = writer.document.take_shrunk();
    Entity {
        family: Some(family(evaluator)),
        ..Entity::of_template((document, refused), subject, resource.place, particulars)
    }
}

/// The name with holes for values of parameters that were chosen.
fn pattern<'t>(evaluator: &Evaluator<'t, '_>, properties: &Slot<'t>) -> Option<String> {
    let name = evaluator.without_values(|| evaluator.inside(properties, "RepositoryName").value)?;
    Some(name.into_text()?.shape().to_string())
}

/// The properties of a resource that exists and has any.
fn properties<'t>(evaluator: &Evaluator<'t, '_>, resource: &Resource<'t>) -> Option<Slot<'t>> {
    if !evaluator.exists(resource) {
        return None;
    }
    let properties = evaluator.properties(resource);
    if let Resolved::Node(node) = properties.value {
        // What CloudFormation refuses whole is told, and nothing of it is left to be judged.
        if node.kind() != Kind::Object {
            return None;
        }
    }
    Some(properties)
}

/// The scanning configuration of the stack's registry, unless it does not exist.
///
/// The document has no place for the condition of a registry, so that one that may not exist is
/// unknown. So is one that is not looked at, with the reason in `doubt`.
pub(crate) fn registry_scanning<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    doubt: Option<&str>,
) -> Option<RegistryScanning> {
    let undecided = match condition(resource) {
        Some(condition) => match evaluator.decide(condition) {
            Truth::False => return None,
            Truth::True => None,
            Truth::Unknown(_) => Some(condition),
        },
        None => None,
    };
    let properties = evaluator.properties(resource);
    let mut document = Document::default();
    let (scan_type, rules) = match (undecided, doubt) {
        (_, Some(doubt)) => {
            let unknown = document.unknown(Unknown::because(doubt), resource.place);
            (unknown, unknown)
        }
        (Some(condition), None) => (
            write_undecided(&mut document, condition, resource.place),
            write_undecided(&mut document, condition, resource.place),
        ),
        (None, None) => {
            let mut writer = Writer {
                evaluator,
                properties: &properties,
                document: &mut document,
            };
            (writer.string(&["ScanType"]), writer.scanning_rules())
        }
    };
    let context = evaluator.context;
    Some(RegistryScanning {
        event_rules: Vec::new(),
        policy: None,
        document,
        account: context.account().map(str::to_owned),
        region: context.region().map(str::to_owned),
        family: Some(family(evaluator)),
        file: None,
        is_live: false,
        scan_type,
        rules,
    })
}

/// The template of the outermost stack that deploys this one.
fn family(evaluator: &Evaluator<'_, '_>) -> SourceId {
    let own = evaluator.template.source();
    evaluator.context.family.unwrap_or(own)
}

/// Writes the properties of one resource into one document.
pub(crate) struct Writer<'w, 't, 'c> {
    pub(crate) evaluator: &'w Evaluator<'t, 'c>,
    pub(crate) properties: &'w Slot<'t>,
    pub(crate) document: &'w mut Document,
}

impl<'t> Writer<'_, 't, '_> {
    pub(crate) fn slot(&self, path: &[&str]) -> Slot<'t> {
        let mut slot = self.properties.clone();
        for name in path {
            slot = self.evaluator.inside(&slot, name);
        }
        slot
    }

    pub(crate) fn string(&mut self, path: &[&str]) -> NodeId {
        let slot = self.slot(path);
        self.evaluator.write_string(self.document, slot)
    }

    /// The text of the lifecycle policy. Where the property is given and cannot be read, it gives a policy.
    fn lifecycle(&self) -> Slot<'t> {
        let property = self.slot(&["LifecyclePolicy"]);
        let mut text = self.evaluator.inside(&property, "LifecyclePolicyText");
        let maybe_absent = match &property.value {
            Resolved::Unknown(hidden) => hidden.unknown.maybe_absent,
            Resolved::Text(text) => text.known().is_some(),
            _ => return text,
        };
        if let Resolved::Unknown(hidden) = &mut text.value {
            hidden.unknown.maybe_absent = maybe_absent;
        }
        text
    }

    fn bool(&mut self, path: &[&str]) -> NodeId {
        let slot = self.slot(path);
        self.evaluator.write_bool(self.document, slot)
    }

    fn attribute(&mut self, resource: &Resource<'t>, name: &str) -> NodeId {
        let slot = self.evaluator.attribute_slot(resource, name);
        self.evaluator.write_string(self.document, slot)
    }

    /// The flag, unless a custom resource sets it at deployment.
    fn scan_on_push(&mut self, scanning: Scanning) -> NodeId {
        let flag = self.bool(&["ImageScanningConfiguration", "ScanOnPush"]);
        match scanning {
            Scanning::Untouched => flag,
            Scanning::Set(on, place) => self.document.bool(on, place),
            Scanning::Unsure => {
                let span = self.document.value(flag).span();
                let reason =
                    "a resource of type `Custom::ECRImageScanOnPush` sets it when it is deployed";
                self.document.unknown(Unknown::because(reason), span)
            }
        }
    }

    pub(crate) fn exclusion_filters(&mut self) -> NodeId {
        const NAMES: [(&str, &str); 2] = [
            ("ImageTagMutabilityExclusionFilterType", "type"),
            ("ImageTagMutabilityExclusionFilterValue", "filter"),
        ];
        let slot = self.slot(&["ImageTagMutabilityExclusionFilters"]);
        let evaluator = self.evaluator;
        evaluator.write_list_of(self.document, slot, |document, item| {
            evaluator.write_texts(document, item, &NAMES)
        })
    }

    fn scanning_rules(&mut self) -> NodeId {
        let slot = self.slot(&["Rules"]);
        let evaluator = self.evaluator;
        evaluator.write_list_of(self.document, slot, |document, rule| {
            write_scanning_rule(evaluator, document, rule)
        })
    }

    /// The tags of a property.
    pub(crate) fn own_tags(&mut self, property: &str) -> NodeId {
        const NAMES: [(&str, &str); 2] = [("Key", "key"), ("Value", "value")];
        let slot = self.slot(&[property]);
        let evaluator = self.evaluator;
        evaluator.write_list_of(self.document, slot, |document, tag| {
            evaluator.write_texts(document, tag, &NAMES)
        })
    }

    /// The repository's own tags, then those of the stack whose keys it does not set itself.
    fn tags(&mut self) -> NodeId {
        let place = self.slot(&["Tags"]).place;
        let own = self.own_tags("Tags");
        let value = self.document.value(own);
        let is_list = matches!(value.data(), Data::Array);
        let stack_tags = &self.evaluator.context.stack_tags;
        if stack_tags.is_empty() || !(is_list || value.is_absent()) {
            return own;
        }
        let mut tags: Vec<NodeId> = value.items().map(|tag| tag.id()).collect();
        let span = if is_list { value.span() } else { place };
        let added: Vec<_> = stack_tags
            .iter()
            .filter(|tag| {
                let key = |own: Value<'_>| own.get("key")?.as_str().map(|key| key == tag.key);
                !value.items().any(|own| key(own) == Some(true))
            })
            .collect();
        for tag in added {
            let key = self.document.string(&tag.key, tag.span);
            let text = self.document.string(&tag.value, tag.span);
            let members = [("key", key), ("value", text)];
            tags.push(self.document.object(&members, tag.span));
        }
        self.document.array(&tags, span)
    }
}

/// One rule of a registry's scanning configuration.
fn write_scanning_rule<'t>(
    evaluator: &Evaluator<'t, '_>,
    document: &mut Document,
    rule: Slot<'t>,
) -> NodeId {
    const NAMES: [(&str, &str); 2] = [("Filter", "filter"), ("FilterType", "type")];
    let span = match rule.value {
        Resolved::Node(node) if node.kind() == Kind::Object => node.span(),
        _ => return evaluator.write_any(document, rule),
    };
    let frequency = evaluator.inside(&rule, "ScanFrequency");
    let frequency = evaluator.write_string(document, frequency);
    let filters = evaluator.inside(&rule, "RepositoryFilters");
    let filters = evaluator.write_list_of(document, filters, |document, filter| {
        evaluator.write_texts(document, filter, &NAMES)
    });
    document.object(&[("frequency", frequency), ("filters", filters)], span)
}

/// What a human calls the resource.
pub(crate) fn subject(
    evaluator: &Evaluator<'_, '_>,
    resource: &Resource<'_>,
    name: Value<'_>,
) -> RepositorySubject {
    let properties = resource.node.get("Properties");
    let path = construct_path(resource);
    let (context, stack) = (evaluator.context, &evaluator.setting.context);
    // Which of its languages it is, only the program itself can tell.
    let language = match path {
        Some(_) => Language::Typescript,
        None => Language::Cloudformation,
    };
    RepositorySubject {
        name: name.as_str().map(str::to_owned),
        logical_id: Some(resource.id.to_owned()),
        stack: context.stack.clone(),
        construct_path: path.map(str::to_owned),
        arn: None,
        account: context.account().map(str::to_owned),
        region: context.region().map(str::to_owned),
        assumed: AssumedHome {
            account: context.account() != stack.account(),
            region: context.region() != stack.region(),
        },
        language,
        is_json: is_braced(properties.unwrap_or(resource.node)),
        is_bare: properties.is_none(),
    }
}

/// Whether a mapping is written in braces, as in JSON.
fn is_braced(node: Node<'_>) -> bool {
    node.span().slice(node.source_text()).starts_with('{')
}

/// Name of the condition under which the resource exists.
pub(crate) fn condition<'t>(resource: &Resource<'t>) -> Option<&'t str> {
    resource.node.get("Condition").and_then(Node::as_str)
}

/// How a lifecycle policy is written down.
pub(crate) fn written(lifecycle: &Slot<'_>) -> Written {
    match lifecycle.value {
        Resolved::Node(node) if matches!(node.kind(), Kind::Object | Kind::Array) => {
            Written::Mapping
        }
        _ => lifecycle
            .value
            .known_text()
            .map_or(Written::Unmeasured, |text| {
                Written::Text(text.chars().count())
            }),
    }
}
