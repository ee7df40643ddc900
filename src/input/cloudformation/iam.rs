//! IAM roles, users and groups of a template that are given actions of ECR, each with all its policies.
//! It does not know what a policy gives.

use memchr::memmem;

use super::evaluate::Evaluator;
use super::events::references;
use super::property::Slot;
use super::template::{Resource, ResourceKind};
use super::value::Resolved;
use crate::model::{Document, Identity};
use crate::source::{Kind, Tree};

/// The identities of a template to which ECR matters.
pub(super) struct Identities<'t> {
    list: Vec<Candidate<'t>>,
}

/// An identity and the policies that it is given.
struct Candidate<'t> {
    resource: Resource<'t>,
    documents: Vec<Slot<'t>>,
    /// Why there may be more policies.
    doubt: Option<String>,
    /// Repositories of the template that the policies refer to.
    named: Vec<&'t str>,
    /// The policies as they are written.
    texts: Vec<&'t str>,
}

impl<'t> Identities<'t> {
    /// Looks through a template. One that says nothing of ECR in its policies costs a search.
    pub(super) fn find(evaluator: &Evaluator<'t, '_>) -> Self {
        let template = &evaluator.template;
        let exists = |resource: &Resource<'t>| evaluator.existence(resource) != Ok(false);
        let of_kind = |kind| template.of_kind(kind).filter(exists);
        let policies: Vec<_> = of_kind(ResourceKind::IamPolicy).collect();
        let principals: Vec<_> = of_kind(ResourceKind::IamPrincipal).collect();
        if !policies.iter().chain(&principals).any(mentions_ecr) {
            return Self { list: Vec::new() };
        }
        let attached: Vec<_> = policies
            .iter()
            .map(|policy| (policy, attachments(evaluator, policy)))
            .collect();
        let mut alone: Vec<_> = policies.iter().filter(|one| mentions_ecr(one)).collect();
        let mut list = Vec::new();
        for principal in principals {
            let own = attached
                .iter()
                .filter(|(_, ids)| ids.iter().any(|id| id == principal.id));
            let mut own: Vec<_> = own.map(|(policy, _)| **policy).collect();
            let (managed, doubt) = managed(evaluator, &principal);
            own.extend(managed);
            alone.retain(|policy| own.iter().all(|own| own.id != policy.id));
            if mentions_ecr(&principal) || own.iter().any(mentions_ecr) {
                list.push(candidate(evaluator, principal, (&own, doubt)));
            }
        }
        list.extend(alone.into_iter().map(|policy| {
            let reason = format!(
                "who else's policies stand beside `{}` is not known",
                policy.id
            );
            candidate(evaluator, *policy, (&[*policy], Some(reason)))
        }));
        Self { list }
    }

    /// Writes the identities into the document of a repository.
    pub(super) fn write(
        &self,
        evaluator: &Evaluator<'t, '_>,
        repository: &Resource<'t>,
        (document, embedded): (&mut Document, &mut Tree),
    ) -> Vec<Identity> {
        let concerned = self
            .list
            .iter()
            .filter(|identity| identity.concerns(repository));
        concerned
            .map(|identity| Identity {
                logical_id: Some(identity.resource.id.to_owned()),
                place: identity.resource.place,
                policies: identity
                    .documents
                    .iter()
                    .map(|slot| evaluator.write_policy(document, slot.clone(), embedded))
                    .collect(),
                doubt: identity.doubt.clone(),
            })
            .collect()
    }
}

impl Candidate<'_> {
    /// Whether the identity may be given something on the repository: its policies do not refer to
    /// others only.
    fn concerns(&self, repository: &Resource<'_>) -> bool {
        self.named.is_empty()
            || self.named.contains(&repository.id)
            || self.texts.iter().any(|text| text.contains("repository/"))
    }
}

fn mentions_ecr(resource: &Resource<'_>) -> bool {
    let text = resource.node.span().slice(resource.node.source_text());
    memmem::find(text.as_bytes(), b"ecr").is_some()
}

/// Logical ids of the identities to which a policy is attached.
fn attachments<'t>(evaluator: &Evaluator<'t, '_>, policy: &Resource<'t>) -> Vec<String> {
    let properties = evaluator.properties(policy);
    ["Roles", "Users", "Groups"]
        .into_iter()
        .flat_map(|name| items(evaluator, evaluator.inside(&properties, name)))
        .filter_map(|value| Some(value.reference()?.logical_id.clone()))
        .collect()
}

fn items<'t>(evaluator: &Evaluator<'t, '_>, slot: Slot<'t>) -> Vec<Resolved<'t>> {
    match slot.value {
        Resolved::Node(node) if node.kind() == Kind::Array => {
            node.items().map(|item| evaluator.resolve(item)).collect()
        }
        Resolved::List(list) => list.items,
        Resolved::Nothing => Vec::new(),
        other => vec![other],
    }
}

/// The managed policies of an identity, and why there may be more policies.
fn managed<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
) -> (Vec<Resource<'t>>, Option<String>) {
    let properties = evaluator.properties(resource);
    let mut policies = Vec::new();
    let mut doubt = None;
    for managed in items(
        evaluator,
        evaluator.inside(&properties, "ManagedPolicyArns"),
    ) {
        let id = managed.reference().map(|found| found.logical_id.as_str());
        let found = id.and_then(|id| evaluator.template.resources.get(id));
        match found.filter(|found| found.kind == ResourceKind::IamPolicy) {
            Some(policy) => policies.push(*policy),
            None => {
                doubt = Some(format!(
                    "`{}` has a managed policy of no input",
                    resource.id
                ))
            }
        }
    }
    if !items(evaluator, evaluator.inside(&properties, "Groups")).is_empty() {
        doubt = Some(format!(
            "`{}` has the policies of its groups, too",
            resource.id
        ));
    }
    (policies, doubt)
}

fn candidate<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: Resource<'t>,
    (policies, doubt): (&[Resource<'t>], Option<String>),
) -> Candidate<'t> {
    let properties = evaluator.properties(&resource);
    let mut documents = Vec::new();
    for inline in items(evaluator, evaluator.inside(&properties, "Policies")) {
        let place = inline.span().unwrap_or(resource.place);
        let inline = Slot {
            value: inline,
            place,
        };
        documents.push(evaluator.inside(&inline, "PolicyDocument"));
    }
    for policy in policies {
        let properties = evaluator.properties(policy);
        documents.push(evaluator.inside(&properties, "PolicyDocument"));
    }
    let doubt = conditional(evaluator, policies.iter().chain([&resource])).or(doubt);
    let mut named = Vec::new();
    let mut texts = Vec::new();
    for slot in &documents {
        if let Resolved::Node(node) = slot.value {
            references(evaluator.template, node, &mut named);
            texts.push(node.span().slice(node.source_text()));
        }
    }
    Candidate {
        resource,
        documents,
        doubt,
        named,
        texts,
    }
}

/// Why a policy, or the identity itself, may not exist.
fn conditional<'r, 't: 'r>(
    evaluator: &Evaluator<'t, '_>,
    mut resources: impl Iterator<Item = &'r Resource<'t>>,
) -> Option<String> {
    resources.find_map(|resource| evaluator.existence(resource).err())
}
