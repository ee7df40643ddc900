//! IAM roles, users and groups of a template that may be given actions of ECR, each with all its policies.
//! It does not know what a policy gives.

mod documents;
mod form;
mod given;
mod permission_set;
mod serverless;
mod vicinity;

use self::documents::IdentityDocuments;
use self::form::PrincipalForm;
use self::given::{Recipient, given};
use self::vicinity::{Neighbourhood, Said};
use super::attached::{Attached, Managed, PrincipalName};
use super::references::references;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::look::may_concern;
use crate::input::cloudformation::template::sections::{Resource, Template};
use crate::model::policy::{Owner, Policies};
use crate::model::{Attachment, Document, Identity, InlineForm, NodeId};
use crate::source::{Node, Tree};

/// The identities of a template to which ECR may matter.
pub(crate) struct Identities<'t> {
    list: Vec<IdentityCandidate<'t>>,
    /// The policies about ECR that are attached to principals of another template.
    foreign: Vec<Attachment>,
    /// The repositories that they may be about.
    neighbourhood: Neighbourhood,
}

/// An identity and the policies that it may be given, in whatever way conditions turn out.
pub(crate) struct IdentityCandidate<'t> {
    resource: Resource<'t>,
    /// Those that may be attached to it by themselves, as far as they may be about ECR.
    policies: Vec<Resource<'t>>,
    /// What adds it to groups.
    memberships: Vec<Resource<'t>>,
    /// Of a policy that is judged by itself, the principals to which it belongs in some combinations of conditions.
    owners: Vec<Resource<'t>>,
}

impl<'t> Identities<'t> {
    /// Looks through a template. One that has no policy about ECR costs a look.
    pub(crate) fn find(evaluator: &Evaluator<'t, '_>, embedded: &mut Tree) -> Self {
        let template = &evaluator.template;
        let exists = |resource: &Resource<'t>| !evaluator.existence(resource).is_false();
        let of_kind = |kind| template.of_kind(kind).filter(exists);
        let concerning = |resource: &Resource<'t>| may_concern(resource.node);
        let policies: Vec<_> = of_kind(ResourceKind::IamPolicy)
            .filter(concerning)
            .collect();
        let principals = principals(evaluator);
        let names_ecr = |(form, one): &(PrincipalForm, Resource<'t>)| {
            form.policies(one).is_some_and(may_concern)
        };
        if policies.is_empty() && !principals.iter().any(names_ecr) {
            return Self {
                list: Vec::new(),
                foreign: Vec::new(),
                neighbourhood: Neighbourhood::default(),
            };
        }
        let memberships: Vec<_> = of_kind(ResourceKind::IamMembership).collect();
        let attached: Vec<_> = policies
            .iter()
            .map(|policy| (policy, Attached::read(evaluator, policy)))
            .collect();
        let alone = policies.iter().map(|policy| (*policy, Vec::new()));
        let mut alone: Alone<'t> = alone.collect();
        let mut list = Vec::new();
        for (form, principal) in principals {
            let name = PrincipalName::of(evaluator, &principal);
            let holder = PolicyHolder {
                form,
                resource: &principal,
                name: &name,
            };
            let own = own(evaluator.template, &holder, &attached, &mut alone);
            if form.policies(&principal).is_some_and(may_concern) || !own.is_empty() {
                let of_it = memberships.iter().filter(|membership| {
                    !Attached::read(evaluator, membership)
                        .holds(&name)
                        .is_false()
                });
                list.push(IdentityCandidate {
                    resource: principal,
                    policies: own,
                    memberships: of_it.copied().collect(),
                    owners: Vec::new(),
                });
            }
        }
        let foreign = foreign(evaluator, &attached, &alone, embedded);
        list.extend(alone.into_iter().map(|(policy, owners)| IdentityCandidate {
            resource: policy,
            policies: vec![policy],
            memberships: Vec::new(),
            owners,
        }));
        Self {
            list,
            foreign,
            neighbourhood: Neighbourhood::default(),
        }
    }

    /// The policies about ECR that are attached to principals of another template.
    pub(crate) fn foreign(&self) -> &[Attachment] {
        &self.foreign
    }

    /// Every identity that may be given something.
    pub(crate) fn all(&self) -> &[IdentityCandidate<'t>] {
        &self.list
    }
}

/// The resources that have policies, as far as they may exist.
fn principals<'t>(evaluator: &Evaluator<'t, '_>) -> Vec<(PrincipalForm, Resource<'t>)> {
    let all = evaluator.template.ours.iter().copied();
    all.filter_map(|one| Some((PrincipalForm::of(&one)?, one)))
        .filter(|(_, one)| !evaluator.existence(one).is_false())
        .collect()
}

/// The policies about ECR that are attached to principals of another template.
fn foreign<'t>(
    evaluator: &Evaluator<'t, '_>,
    attached: &[(&Resource<'t>, Attached<'t>)],
    alone: &Alone<'t>,
    embedded: &mut Tree,
) -> Vec<Attachment> {
    let mut foreign = Vec::new();
    for (policy, attached) in attached {
        let is_alone = alone.iter().any(|(alone, _)| alone.id == policy.id);
        if is_alone && attached.is_to_any() && is_about_ecr(evaluator, policy, embedded) {
            foreign.push(Attachment {
                policy: policy.id.to_owned(),
                targets: attached.targets(),
            });
        }
    }
    foreign
}

/// Policies that are certainly no principal's of the template, each with those whose they may be.
type Alone<'t> = Vec<(Resource<'t>, Vec<Resource<'t>>)>;

/// A principal that policies may be attached to.
struct PolicyHolder<'p, 't> {
    form: PrincipalForm,
    resource: &'p Resource<'t>,
    name: &'p PrincipalName<'t>,
}

/// The policies that a principal may have in some combination of conditions; those that it certainly has are no
/// longer alone.
fn own<'t>(
    template: &Template<'t>,
    holder: &PolicyHolder<'_, 't>,
    attached: &[(&Resource<'t>, Attached<'t>)],
    alone: &mut Alone<'t>,
) -> Vec<Resource<'t>> {
    let mut own = Vec::new();
    for (policy, attached) in attached {
        let holds = attached.holds(holder.name);
        let is_managed = holder
            .form
            .refers(template, holder.resource, |node| refers(node, policy.id));
        let is_named = is_managed || refers(policy.node, holder.name.id());
        let mut places = alone.iter();
        match places.position(|(one, _)| one.id == policy.id) {
            Some(at) if holds.is_true() || is_managed => {
                alone.remove(at);
            }
            Some(at) if is_named => alone[at].1.push(*holder.resource),
            _ => {}
        }
        if !holds.is_false() || is_named {
            own.push(**policy);
        }
    }
    own
}

impl<'t> IdentityCandidate<'t> {
    /// Policies of the template that may be attached to it and may be about ECR.
    pub(crate) fn policies(&self) -> &[Resource<'t>] {
        &self.policies
    }

    /// The resource that is judged.
    pub(crate) fn resource(&self) -> &Resource<'t> {
        &self.resource
    }

    /// Writes the identity into a document; `None` when none of its policies is about ECR.
    pub(crate) fn write(
        &self,
        evaluator: &Evaluator<'t, '_>,
        identities: &Identities<'t>,
        document: &mut Document,
        embedded: &mut Tree,
    ) -> Option<Identity> {
        if self.belongs_to_others(evaluator) {
            return None;
        }
        let mut found = IdentityDocuments::default();
        let form = PrincipalForm::of(&self.resource);
        let managed = match form {
            Some(form) => {
                let principal = Recipient {
                    resource: &self.resource,
                    form,
                    policies: &self.policies,
                    memberships: &self.memberships,
                };
                given(evaluator, &principal, &mut found)?
            }
            None => {
                let reason = format!(
                    "who else's policies stand beside `{}` is not known",
                    self.resource.id
                );
                found.doubt = Some(reason);
                found.add(evaluator, &self.resource);
                Managed::default()
            }
        };
        let mut said = Said::default();
        for slot in &found.documents {
            if let Resolved::Node(node) = slot.value {
                references(evaluator.template, node, &mut said.named);
                let text = evaluator.template.text_of(node);
                said.spells_names |= text.contains("repository/");
            }
        }
        let own = found.documents.into_iter();
        let own = own.map(|slot| evaluator.write_policy(document, slot, embedded));
        let mut policies: Vec<_> = own.collect();
        let provided = managed.provided.iter();
        policies.extend(provided.map(|provided| provided.write(document)));
        said.resources = resources(document, &policies)?;
        let (near, uncompared) = identities.neighbourhood.of(evaluator, &said);
        let (trust, boundary) = match form {
            Some(form) => form.limits(evaluator, &self.resource, document, embedded),
            None => (None, None),
        };
        Some(Identity {
            logical_id: Some(self.resource.id.to_owned()),
            place: self.resource.place,
            policies,
            doubt: found.doubt,
            boundary,
            trust,
            near,
            uncompared,
            inline: form.map_or(InlineForm::Elsewhere, PrincipalForm::inline),
            naming: form.map(|_| PrincipalName::of(evaluator, &self.resource).naming()),
        })
    }

    /// Whether the conditions give a policy to nobody, or to principals of the template, which are judged with it.
    fn belongs_to_others(&self, evaluator: &Evaluator<'t, '_>) -> bool {
        if self.owners.is_empty() {
            return false;
        }
        let attached = Attached::read(evaluator, &self.resource);
        let holds = |owner: &Resource<'t>| {
            attached
                .holds(&PrincipalName::of(evaluator, owner))
                .is_true()
        };
        !attached.is_to_any() || self.owners.iter().any(holds)
    }
}

/// The number of texts under `Resource` that tell repositories apart; `None` where no policy is about ECR.
fn resources(document: &Document, policies: &[NodeId]) -> Option<usize> {
    let policies: Vec<_> = policies.iter().map(|id| document.value(*id)).collect();
    let owner = Owner::default();
    let policies = Policies::read(&policies, &owner);
    policies
        .are_about_ecr(&owner)
        .then(|| policies.telling_apart())
}

/// Whether a policy is about ECR, as far as that is known without conditions.
fn is_about_ecr<'t>(
    evaluator: &Evaluator<'t, '_>,
    policy: &Resource<'t>,
    embedded: &mut Tree,
) -> bool {
    let mut document = Document::default();
    let properties = evaluator.properties(policy);
    let written = evaluator.inside(&properties, "PolicyDocument");
    let id = evaluator.write_policy(&mut document, written, embedded);
    document.value(id).as_unknown().is_some() || resources(&document, &[id]).is_some()
}

/// Whether a value refers to a resource. Depth is bounded by the parser's limit.
fn refers(node: Node<'_>, id: &str) -> bool {
    node.items().any(|item| refers(item, id))
        || node.members().any(|member| {
            let is_reference = member.key == "Ref" && member.value.as_str() == Some(id);
            is_reference || refers(member.value, id)
        })
}
