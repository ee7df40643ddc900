//! A repository of a live account, put together from what AWS answered about it.
//! It does not know in which kind of file the answers stood.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::answer::Answer;
use crate::model::lifecycle::LiveImages;
use crate::model::members;
use crate::model::{
    Document, Entity, EventRule, Holds, Identifiers, KmsKey, NodeId, Parameter, Particulars,
    Repository, RepositorySettings, Truth, Unknown, Written,
};
use crate::source::{Kind, Node, Span, Tree};

/// Why nothing is known of the rules that see a repository: nobody was asked for them.
pub(super) const UNSEEN: &str = "the snapshot does not have the rules of EventBridge";

/// Everything that is said about one repository.
pub(super) struct RepositoryAnswers<'t> {
    /// Where its name stands.
    pub(super) place: Span,
    pub(super) identity: RepositoryArn<'t>,
    pub(super) uri: Option<&'t str>,
    pub(super) tag_mutability: Answer<'t>,
    /// A list; names of the two members of an item.
    pub(super) exclusion_filters: (Answer<'t>, [&'static str; 2]),
    pub(super) scan_on_push: Answer<'t>,
    pub(super) scan_frequency: Answer<'t>,
    pub(super) encryption_type: Answer<'t>,
    pub(super) kms_key: Answer<'t>,
    pub(super) lifecycle_policy: Answer<'t>,
    pub(super) repository_policy: Answer<'t>,
    /// A list of `Key` and `Value`, or a mapping.
    pub(super) tags: Answer<'t>,
    pub(super) key: KeyAnswers<'t>,
    pub(super) parameters: Answer<'t>,
    /// The parameters that matter, of the list that `parameters` is.
    pub(super) own_parameters: Vec<Node<'t>>,
}

/// What a key that encrypts is said to be.
pub(super) struct KeyAnswers<'t> {
    /// `KeyMetadata` of `DescribeKey`.
    pub(super) metadata: Answer<'t>,
    /// The answer of `GetKeyRotationStatus`.
    pub(super) rotation: Answer<'t>,
    /// `Policy` of `GetKeyPolicy`.
    pub(super) policy: Answer<'t>,
}

/// Which repository it is: what its ARN says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RepositoryArn<'t> {
    pub(super) arn: String,
    pub(super) account: String,
    pub(super) region: String,
    pub(super) name: &'t str,
}

impl<'t> RepositoryArn<'t> {
    /// The parts of `arn:partition:ecr:region:account:repository/name`.
    pub(super) fn of_arn(arn: &'t str) -> Option<Self> {
        let mut fields = arn.splitn(6, ':');
        let (head, _partition, service) = (fields.next()?, fields.next()?, fields.next()?);
        let (region, account) = (fields.next()?, fields.next()?);
        let name = fields.next()?.strip_prefix("repository/")?;
        let is_whole = head == "arn" && service == "ecr" && !region.is_empty();
        (is_whole && !account.is_empty()).then(|| Self {
            arn: arn.to_owned(),
            account: account.to_owned(),
            region: region.to_owned(),
            name,
        })
    }
}

impl RepositoryAnswers<'_> {
    /// The repository, with whether it holds images, and which.
    pub(super) fn write(
        self,
        holds_images: Truth<()>,
        images: Option<Arc<LiveImages>>,
        tree: &mut Tree,
    ) -> Entity {
        let place = self.place;
        let mut document = Document::for_repository();
        let document = &mut document;
        let RepositoryArn {
            arn,
            account,
            region,
            name,
        } = &self.identity;
        let key = self.write_key(document, tree);
        let (filters, [kind, filter]) = &self.exclusion_filters;
        let settings = RepositorySettings {
            name: document.string(name, place),
            tag_mutability: self.tag_mutability.write(document),
            exclusion_filters: filters.write_list(
                document,
                &[
                    (*kind, members::FILTER_TYPE.name()),
                    (*filter, members::FILTER.name()),
                ],
            ),
            encryption_type: self.encryption_type.write(document),
            kms_key: self.kms_key.write(document),
            lifecycle_written: self.lifecycle_written(),
            lifecycle_policy: self.lifecycle_policy.write_policy_if_any(document, tree),
            repository_policy: self.repository_policy.write_policy(document, tree),
            registry_policies: Vec::new(),
            tags: self.write_tags(document),
            key,
        };
        // There is no stack, and nobody can ask AWS what its template said.
        let absent = document.absent(place);
        let own = Repository {
            scan_on_push: self.scan_on_push.write(document),
            scan_frequency: self.scan_frequency.write(document),
            parameters: self
                .write_parameters(document, settings.key.as_ref())
                .into(),
            event_rules: vec![EventRule::unseen(document, UNSEEN, place)],
            holds_images,
            images,
            settings,
            ..Repository::absent(absent)
        };
        let subject = Identifiers {
            name: Some((*name).to_owned()),
            arn: Some(arn.clone()),
            account: Some(account.clone()),
            region: Some(region.clone()),
            ..Identifiers::default()
        };
        let particulars = Particulars::Repository(Box::new(own));
        let document = document.take_shrunk();
        Entity::of_template(document, absent, subject, place, particulars)
    }

    /// How long the text of the lifecycle policy is.
    fn lifecycle_written(&self) -> Written {
        let text = self.lifecycle_policy.text();
        text.map_or(Written::Unmeasured, |text| {
            Written::Text(text.chars().count())
        })
    }

    /// The tags, which interfaces of AWS give as an object or as a list of pairs.
    fn write_tags(&self, document: &mut Document) -> NodeId {
        match &self.tags {
            Answer::Given(node) if node.kind() == Kind::Object => write_map(document, *node),
            tags => tags.write_list(
                document,
                &[
                    ("Key", members::TAG_KEY.name()),
                    ("Value", members::TAG_VALUE.name()),
                ],
            ),
        }
    }

    /// The key, where its description was asked for and is not refused.
    fn write_key(&self, document: &mut Document, tree: &mut Tree) -> Option<KmsKey> {
        if self.encryption_type.text() == Some("AES256") {
            return None;
        }
        let KeyAnswers {
            metadata,
            rotation,
            policy,
        } = &self.key;
        let missing = match metadata {
            Answer::Given(_) => None,
            Answer::Nothing(span) => Some(*span),
            Answer::Unknown(..) => return None,
        };
        if let Some(span) = missing {
            self.kms_key.node()?;
            let absent = document.absent(span);
            return Some(KmsKey {
                logical_id: None,
                place: span,
                state: document.null(span),
                enabled: document.bool(false, span),
                rotation: rotation.write(document),
                manager: absent,
                spec: absent,
                usage: absent,
                origin: absent,
                policy: policy.write_policy(document, tree),
            });
        }
        Some(KmsKey {
            logical_id: None,
            place: metadata.node()?.span(),
            state: metadata.optional("KeyState").write(document),
            enabled: metadata.required("Enabled").write(document),
            rotation: rotation.required("KeyRotationEnabled").write(document),
            manager: metadata.required("KeyManager").write(document),
            spec: metadata.required("KeySpec").write(document),
            usage: metadata.required("KeyUsage").write(document),
            origin: metadata.required("Origin").write(document),
            policy: policy.write_policy(document, tree),
        })
    }

    fn write_parameters(&self, document: &mut Document, key: Option<&KmsKey>) -> Vec<Parameter> {
        let place = self.place;
        let reason = match &self.parameters {
            Answer::Given(_) | Answer::Nothing(_) => None,
            Answer::Unknown(_, reason) => Some(reason),
        };
        if let Some(reason) = reason {
            return vec![Parameter::unknown(document, reason, place)];
        }
        let mut names = FxHashSet::default();
        let mut parameters = Vec::new();
        for node in &self.own_parameters {
            // Asked for by several names, a parameter may stand here more than once.
            let name = node.get("Name").and_then(Node::as_str);
            if name.is_some_and(|name| !names.insert(name)) {
                continue;
            }
            parameters.push(self.write_parameter(document, *node, key));
        }
        parameters
    }

    fn write_parameter(
        &self,
        document: &mut Document,
        node: Node<'_>,
        key: Option<&KmsKey>,
    ) -> Parameter {
        let part = Answer::Given(node);
        let text = node.get("Value").and_then(Node::as_str);
        let value = match node.get("Value") {
            None if node.get("Type").and_then(Node::as_str) == Some("SecureString") => {
                let reason = "the value of a `SecureString` is not captured";
                document.unknown(Unknown::because(reason), node.span())
            }
            _ => part.required("Value").write(document),
        };
        let key_arn = key.and_then(|_| self.key.metadata.node()?.get("Arn")?.as_str());
        let key_arn = key_arn.or(self.kms_key.text());
        let holds = match text {
            Some(text) if text == self.identity.arn => Some(Holds::Arn),
            Some(text) if text == self.identity.name => Some(Holds::Name),
            Some(text) if Some(text) == self.uri => Some(Holds::Uri),
            Some(text) if Some(text) == key_arn => Some(Holds::KeyArn),
            _ => None,
        };
        Parameter {
            logical_id: None,
            place: node.get("Name").map_or(node.span(), Node::span),
            name: part.required("Name").write(document),
            kind: part.required("Type").write(document),
            value,
            condition: None,
            holds,
            is_unseen: false,
        }
    }
}

/// Tags of AWS Config: a mapping of keys to values.
fn write_map(document: &mut Document, node: Node<'_>) -> NodeId {
    let tags: Vec<NodeId> = node
        .members()
        .map(|member| {
            let key = document.string(member.key, member.key_span);
            let value = document.import(member.value);
            document.object(
                &[
                    (members::TAG_KEY.name(), key),
                    (members::TAG_VALUE.name(), value),
                ],
                member.value.span(),
            )
        })
        .collect();
    document.array(&tags, node.span())
}
