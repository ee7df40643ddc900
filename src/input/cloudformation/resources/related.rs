//! Finds what belongs to a repository in the same template: its KMS key and its SSM parameters.
//! It does not know how parameters are to be named or keys to be set up.

mod crowd;
mod hidden;
mod written;

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use super::keys::{Aliases, Key};
use super::repository::condition;
use super::surroundings::Surroundings;
use crate::input::cloudformation::expression::cross_stack::{Published, Sought};
use crate::input::cloudformation::expression::evaluate::{Evaluator, Reads};
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::references::REF;
use crate::input::cloudformation::expression::value::{Resolved, Text};
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{Document, Holds, NodeId, Parameter, Piece, Reference, Shape, Unknown};
use crate::source::{SourceId, Tree};
use crowd::Crowd;

/// How the names of the parameters start that hold values of repositories, letter case ignored.
const PARAMETER_PREFIX: &str = "ecr_";

/// What repositories of a template may have in common, evaluated once.
pub(crate) struct Related<'t> {
    parameters: Vec<Candidate<'t>>,
    /// How many repositories the template has.
    repositories: usize,
    /// Where there are too many of them to look at all for each repository.
    crowd: Option<Crowd>,
    /// Parameters that stand in the document of every repository, written once.
    written: Document,
    /// Room in which the document of each repository is written.
    pub(crate) room: RefCell<Document>,
    /// Aliases of keys.
    pub(crate) aliases: Aliases<'t>,
    /// What else may be about them.
    pub(crate) surroundings: Surroundings<'t>,
}

/// An SSM parameter that may belong to a repository.
#[derive(Clone)]
struct Candidate<'t> {
    resource: Resource<'t>,
    name: Slot<'t>,
    kind: Slot<'t>,
    value: Slot<'t>,
    /// The value as a text with holes.
    shape: Option<Shape>,
    /// The value as it is written where it is not known: the same for every repository.
    hidden: Option<Arc<Unknown>>,
    /// Whether the name may be that of a repository's parameter.
    is_named_alike: bool,
    /// The condition that decides whether it exists.
    condition: Option<&'t str>,
    /// Whether conditions decide about it.
    is_conditional: bool,
    /// What it depends on that may differ between combinations of conditions.
    reads: Reads,
    /// Name, type and value, where they were written already.
    written: Option<[NodeId; 3]>,
}

/// A repository whose related resources are sought.
pub(crate) struct Owner<'t, 'r> {
    /// The repository.
    pub(crate) resource: &'r Resource<'t>,
    /// Its `KmsKey`.
    pub(crate) kms_key: &'r Slot<'t>,
    /// The key that this stands for.
    pub(crate) key: Option<Key<'t>>,
}

/// What is to be recognised in parameters.
struct Identity<'r, 't> {
    template: SourceId,
    repository: &'r str,
    key: Option<&'r Key<'t>>,
    shapes: Vec<(Holds, Shape)>,
}

impl<'t> Related<'t> {
    /// Looks through the resources of a template.
    pub(crate) fn find(evaluator: &Evaluator<'t, '_>, embedded: &mut Tree) -> Self {
        let template = &evaluator.template;
        let parameters = template
            .of_kind(ResourceKind::Parameter)
            .filter(|resource| !evaluator.existence(resource).is_false())
            .map(|resource| candidate(evaluator, resource));
        let hidden = template
            .loops
            .iter()
            .filter_map(|entry| hidden::candidate(template, entry));
        let mut parameters: Vec<_> = parameters.chain(hidden).collect();
        let repositories = template.of_kind(ResourceKind::Repository).count();
        let crowd = Crowd::of(&parameters, repositories);
        let written = match crowd {
            Some(_) => Document::default(),
            None => written::once(evaluator, &mut parameters),
        };
        Self {
            repositories,
            crowd,
            written,
            parameters,
            room: RefCell::new(Document::for_repository()),
            aliases: Aliases::find(evaluator),
            surroundings: Surroundings::find(evaluator, embedded),
        }
    }

    /// The parameters that hold a value of `owner`, or are named as if they might.
    pub(crate) fn parameters(
        &self,
        evaluator: &Evaluator<'t, '_>,
        owner: &Owner<'t, '_>,
        document: &mut Document,
    ) -> Vec<Parameter> {
        let others = evaluator.setting.others;
        if self.parameters.is_empty() && others.is_none() {
            return Vec::new();
        }
        let identity = identity(evaluator, owner);
        let mut parameters = Vec::new();
        let moved = document.append(&self.written);
        let near: Vec<&Candidate<'t>> = match &self.crowd {
            None => self.parameters.iter().collect(),
            Some(crowd) => {
                let place = owner.resource.place;
                parameters.push(Parameter::unseen(document, crowd::TOO_MANY, place));
                crowd.near(&self.parameters, &identity)
            }
        };
        for parameter in near {
            let Some(parameter) = self.under(evaluator, parameter, &identity) else {
                continue;
            };
            let holds = identity.held_by(&parameter);
            if identity.may_own(&parameter) {
                let nodes = match parameter.written {
                    Some(nodes) => nodes.map(|id| moved.id(id)),
                    None => parameter.write(evaluator, document),
                };
                parameters.push(parameter.described(nodes, holds));
            }
        }
        if let Some(others) = others {
            let asker = (identity.template, evaluator.context);
            let claim = |published: &Published| identity.claims(published);
            let sought = Sought {
                ids: identity.ids(),
                values: identity.shapes.iter().map(|(_, shape)| shape).collect(),
                claim: &claim,
                repositories: self.repositories,
                place: owner.resource.place,
            };
            parameters.extend(others.parameters(asker, &sought, document));
        }
        parameters
    }

    /// The parameter as it is in the combination of conditions of `evaluator`; `None` when it does
    /// not exist there.
    ///
    /// Conditions of parameters that have nothing to do with the repository are not looked at.
    fn under<'b>(
        &self,
        evaluator: &Evaluator<'t, '_>,
        parameter: &'b Candidate<'t>,
        identity: &Identity<'_, '_>,
    ) -> Option<Cow<'b, Candidate<'t>>> {
        let resource = parameter.resource;
        if !parameter.is_conditional {
            let is_same = !evaluator.decides_any(parameter.reads);
            return Some(match is_same {
                true => Cow::Borrowed(parameter),
                false => Cow::Owned(candidate(evaluator, resource)),
            });
        }
        let text = evaluator.template.text_of(resource.node);
        let is_ours = identity.held_by(parameter).is_some() || identity.is_mentioned_in(&text);
        if !is_ours && evaluator.has_chosen_nothing() {
            return Some(Cow::Borrowed(parameter));
        }
        // What is decided already may tell that it is.
        let decided = || evaluator.quietly(|| candidate(evaluator, resource));
        let known = (!is_ours).then(decided);
        if let Some(known) = known.filter(|known| identity.held_by(known).is_none()) {
            let is_gone = evaluator
                .quietly(|| evaluator.existence(&resource))
                .is_false();
            return (!is_gone).then_some(Cow::Owned(known));
        }
        let exists = !evaluator.existence(&resource).is_false();
        exists.then(|| Cow::Owned(candidate(evaluator, resource)))
    }
}

fn candidate<'t>(evaluator: &Evaluator<'t, '_>, resource: Resource<'t>) -> Candidate<'t> {
    let (slots, reads) = evaluator.reading(|| {
        let properties = evaluator.properties(&resource);
        ["Name", "Type", "Value"].map(|name| evaluator.inside(&properties, name))
    });
    let [name, kind, value] = slots;
    let (existence, decided) = evaluator.reading(|| evaluator.existence(&resource));
    let shape = |slot: &Slot<'t>| {
        let text = evaluator.text_of(slot.value.clone());
        text.map(|text| text.shape())
    };
    Candidate {
        resource,
        kind,
        hidden: match &value.value {
            Resolved::Text(text) => text.unknown().map(Arc::new),
            _ => None,
        },
        shape: shape(&value),
        condition: condition(&resource).filter(|_| !existence.is_true()),
        is_conditional: reads.undecided || decided.undecided,
        reads,
        written: None,
        is_named_alike: shape(&name).is_some_and(|name| may_be_ecr_name(&name)),
        name,
        value,
    }
}

/// Whether a name may turn out to start like that of a repository's parameter.
pub(crate) fn may_be_ecr_name(name: &Shape) -> bool {
    let start = name.prefix().trim_start_matches('/').to_ascii_lowercase();
    let is_known = matches!(name.0.as_slice(), [Piece::Text(_)]);
    start.starts_with(PARAMETER_PREFIX) || (!is_known && PARAMETER_PREFIX.starts_with(&start))
}

/// The values by which a repository and its key are recognised.
fn identity<'t, 'r>(evaluator: &Evaluator<'t, '_>, owner: &'r Owner<'t, 'r>) -> Identity<'r, 't> {
    let resource = owner.resource;
    let own = [
        (Holds::Arn, "Arn"),
        (Holds::Uri, "RepositoryUri"),
        (Holds::Name, REF),
    ];
    let own = own.into_iter().filter_map(|(holds, attribute)| {
        let value = evaluator.attribute_of(resource.id, attribute, resource.place);
        Some((holds, value.into_text()?.shape()))
    });
    let key_arn = owner.kms_key.value.clone().into_text();
    let key_arn = key_arn
        .map(|text: Text<'_>| text.shape())
        .filter(|shape| shape.prefix().starts_with("arn:"))
        .map(|shape| (Holds::KeyArn, shape));
    Identity {
        template: resource.place.source,
        repository: resource.id,
        key: owner.key.as_ref(),
        shapes: own
            .chain(key_arn)
            .filter(|(_, shape)| is_stable(shape))
            .collect(),
    }
}

/// Whether equal shapes are equal texts: every hole names the one thing that fills it.
fn is_stable(shape: &Shape) -> bool {
    !shape.0.is_empty()
        && shape.0.iter().all(|piece| match piece {
            Piece::Text(_) => true,
            Piece::Hole(name) => Shape::is_one_thing(name),
        })
}

impl Identity<'_, '_> {
    /// Which value of the repository the parameter holds, where that is certain.
    fn held_by(&self, parameter: &Candidate<'_>) -> Option<Holds> {
        self.held(parameter.value.value.reference(), parameter.shape.as_ref())
    }

    /// The same for a parameter of another template, where it has to do with the repository at all.
    fn claims(&self, published: &Published) -> Option<Option<Holds>> {
        let reference = published.reference.as_ref();
        let holds = self.held(reference, Some(&published.value));
        let is_ours = holds.is_some()
            || may_be_ecr_name(&published.name)
            || reference.is_some_and(|reference| self.is_named(reference));
        is_ours.then_some(holds)
    }

    /// Which value of the repository an attribute or a text is.
    fn held(&self, reference: Option<&Reference>, shape: Option<&Shape>) -> Option<Holds> {
        if let Some(reference) = reference {
            let attribute = reference.attribute.as_str();
            if reference.is_of(self.template, self.repository) {
                return match attribute {
                    "Arn" => Some(Holds::Arn),
                    "RepositoryUri" => Some(Holds::Uri),
                    REF => Some(Holds::Name),
                    _ => None,
                };
            }
            if self.key.is_some_and(|key| key.is_of(reference)) && attribute == "Arn" {
                return Some(Holds::KeyArn);
            }
        }
        let shape = shape?;
        let found = self.shapes.iter().find(|(_, own)| own == shape);
        found.map(|(holds, _)| *holds)
    }

    /// Whether the parameter holds a value of the repository, or is named as if it might.
    fn may_own(&self, parameter: &Candidate<'_>) -> bool {
        parameter.is_named_alike || self.is_named_by(parameter) || self.held_by(parameter).is_some()
    }

    /// The logical ids of the repository and its key.
    fn ids(&self) -> [Option<&str>; 2] {
        let key = self.key.map(|key| match key {
            Key::Own(key) => key.id,
            Key::Other(key) => key.logical_id.as_str(),
        });
        [Some(self.repository), key]
    }

    /// Whether the text of the parameter speaks of the repository or its key, under any condition.
    fn is_mentioned_in(&self, text: &str) -> bool {
        let mut ids = self.ids().into_iter().flatten();
        ids.any(|id| text.contains(id))
    }

    /// Whether the parameter's value is any attribute of the repository or its key.
    fn is_named_by(&self, parameter: &Candidate<'_>) -> bool {
        let reference = parameter.value.value.reference();
        reference.is_some_and(|reference| self.is_named(reference))
    }

    fn is_named(&self, reference: &Reference) -> bool {
        reference.is_of(self.template, self.repository)
            || self.key.is_some_and(|key| key.is_of(reference))
    }
}
