//! IAM roles, users and groups of a template that are given actions of ECR, each with all its policies.
//! It does not know what a policy gives.

use std::borrow::Cow;

use memchr::memmem;

use super::attached::{Attached, Managed, Name, Provided, groups_too, items};
use super::evaluate::Evaluator;
use super::events::references;
use super::property::Slot;
use super::template::{Resource, ResourceKind, Template};
use super::value::Resolved;
use crate::model::{Document, Identity};
use crate::source::Tree;

/// The identities of a template to which ECR matters.
pub(super) struct Identities<'t> {
    list: Vec<Candidate<'t>>,
    /// A policy about ECR that is attached to principals of another template.
    foreign: Option<&'t str>,
}

/// An identity and the policies that it is given.
pub(super) struct Candidate<'t> {
    resource: Resource<'t>,
    documents: Vec<Slot<'t>>,
    /// Policies of AWS.
    provided: Vec<Provided>,
    /// Why there may be more policies.
    doubt: Option<String>,
    /// Repositories of the template that the policies refer to.
    named: Vec<&'t str>,
    /// The policies as they are written.
    texts: Vec<Cow<'t, str>>,
}

impl<'t> Identities<'t> {
    /// Looks through a template. One that says nothing of ECR in its policies costs a search.
    pub(super) fn find(evaluator: &Evaluator<'t, '_>) -> Self {
        let template = &evaluator.template;
        let mentions_ecr = |resource: &Resource<'t>| mentions_ecr(template, resource);
        let exists = |resource: &Resource<'t>| evaluator.existence(resource) != Ok(false);
        let of_kind = |kind| template.of_kind(kind).filter(exists);
        let policies: Vec<_> = of_kind(ResourceKind::IamPolicy).collect();
        let principals: Vec<_> = of_kind(ResourceKind::IamPrincipal).collect();
        if !policies.iter().chain(&principals).any(&mentions_ecr) {
            return Self {
                list: Vec::new(),
                foreign: None,
            };
        }
        let memberships: Vec<_> = of_kind(ResourceKind::IamMembership).collect();
        let attached: Vec<_> = policies
            .iter()
            .map(|policy| (policy, Attached::read(evaluator, policy)))
            .collect();
        let mut alone: Vec<_> = policies.iter().filter(|one| mentions_ecr(one)).collect();
        let mut list = Vec::new();
        for principal in principals {
            let name = Name::of(evaluator, &principal);
            let mut doubt = None;
            let mut own = Vec::new();
            for (policy, attached) in &attached {
                match attached.holds(&name) {
                    Ok(true) => own.push(**policy),
                    Ok(false) => {}
                    Err(reason) => doubt = Some(reason),
                }
            }
            for membership in &memberships {
                if Attached::read(evaluator, membership).holds(&name) != Ok(false) {
                    doubt = Some(groups_too(&principal));
                }
            }
            let managed = Managed::read(evaluator, &principal);
            own.extend(managed.policies);
            let doubt = managed.doubt.or(doubt);
            alone.retain(|policy| own.iter().all(|own| own.id != policy.id));
            if mentions_ecr(&principal) || own.iter().any(&mentions_ecr) {
                let mut candidate = candidate(evaluator, principal, (&own, doubt));
                candidate.provided = managed.provided;
                list.push(candidate);
            }
        }
        let mut foreign = alone.iter().filter(|policy| {
            let mut attached = attached.iter();
            attached.any(|(other, attached)| other.id == policy.id && attached.is_to_any())
        });
        let foreign = foreign.next().map(|policy| policy.id);
        list.extend(alone.into_iter().map(|policy| {
            let reason = format!(
                "who else's policies stand beside `{}` is not known",
                policy.id
            );
            candidate(evaluator, *policy, (&[*policy], Some(reason)))
        }));
        Self { list, foreign }
    }

    /// A policy about ECR that is attached to principals of another template, if there is one.
    pub(super) fn foreign(&self) -> Option<&'t str> {
        self.foreign
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
            .map(|identity| identity.write(evaluator, (document, embedded)))
            .collect()
    }

    /// Every identity, with the resource that is judged for it.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Resource<'t>, &Candidate<'t>)> {
        self.list
            .iter()
            .map(|identity| (&identity.resource, identity))
    }
}

impl<'t> Candidate<'t> {
    /// Writes the identity into a document.
    pub(super) fn write(
        &self,
        evaluator: &Evaluator<'t, '_>,
        (document, embedded): (&mut Document, &mut Tree),
    ) -> Identity {
        let slots = self.documents.iter();
        let own = slots.map(|slot| evaluator.write_policy(document, slot.clone(), embedded));
        let mut policies: Vec<_> = own.collect();
        let provided = self.provided.iter();
        policies.extend(provided.map(|provided| provided.write(document)));
        Identity {
            logical_id: Some(self.resource.id.to_owned()),
            place: self.resource.place,
            policies,
            doubt: self.doubt.clone(),
        }
    }

    /// Whether the identity may be given something on the repository: its policies do not refer to
    /// others only.
    fn concerns(&self, repository: &Resource<'_>) -> bool {
        self.named.is_empty()
            || self.named.contains(&repository.id)
            || self.texts.iter().any(|text| text.contains("repository/"))
    }
}

fn mentions_ecr<'t>(template: &Template<'t>, resource: &Resource<'t>) -> bool {
    let text = template.text_of(resource.node);
    memmem::find(text.as_bytes(), b"ecr").is_some()
}

fn candidate<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: Resource<'t>,
    (policies, doubt): (&[Resource<'t>], Option<String>),
) -> Candidate<'t> {
    let properties = evaluator.properties(&resource);
    let mut documents = Vec::new();
    let (inline, rest) = items(evaluator, evaluator.inside(&properties, "Policies"));
    for inline in inline {
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
    let doubt = conditional(evaluator, policies.iter().chain([&resource]))
        .or(rest)
        .or(doubt);
    let mut named = Vec::new();
    let mut texts = Vec::new();
    for slot in &documents {
        if let Resolved::Node(node) = slot.value {
            references(evaluator.template, node, &mut named);
            texts.push(evaluator.template.text_of(node));
        }
    }
    Candidate {
        resource,
        documents,
        provided: Vec::new(),
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
