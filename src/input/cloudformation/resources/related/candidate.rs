//! SSM parameters that may belong to a repository, and what a repository is recognised by in them.
//! It does not know how many are looked at.

use std::rc::Rc;
use std::sync::Arc;

use super::super::keys::DeclaredKey;
use crate::input::cloudformation::expression::cross_stack::Published;
use crate::input::cloudformation::expression::evaluate::{Evaluator, Reads};
use crate::input::cloudformation::expression::memo::Memo;
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::references::REF;
use crate::input::cloudformation::expression::value::{Resolved, Text};
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{Holds, NodeId, Piece, Reference, Shape, Unknown};
use crate::source::SourceId;

/// How the names of the parameters start that hold values of repositories, letter case ignored.
pub(crate) const PARAMETER_PREFIX: &str = "ecr_";

/// Steps that looking for a value counts as which was evaluated before: hundreds of repositories may each ask hundreds of
/// parameters in dozens of variants.
const LOOKUP: usize = 8;

/// An SSM parameter that may belong to a repository, under every combination of conditions that was asked for.
pub(crate) struct DeclaredParameter<'t> {
    /// As it is where nothing is decided.
    pub(super) undecided: Rc<ParameterCandidate<'t>>,
    /// As it is where something was decided that it depends on.
    decided: Memo<'t, Rc<ParameterCandidate<'t>>>,
}

impl<'t> DeclaredParameter<'t> {
    /// A parameter that was evaluated where nothing is decided.
    pub(super) fn new(undecided: ParameterCandidate<'t>) -> Self {
        Self {
            undecided: Rc::new(undecided),
            decided: Memo::default(),
        }
    }

    /// The parameter in the combination of conditions of `evaluator`: what repositories and variants have in common is
    /// evaluated once.
    pub(super) fn under(&self, evaluator: &Evaluator<'t, '_>) -> Rc<ParameterCandidate<'t>> {
        let evaluate = || Rc::new(candidate(evaluator, self.undecided.resource));
        match evaluator.spend(LOOKUP) {
            true => self.decided.or(evaluator, evaluate),
            false => evaluate(),
        }
    }
}

/// An SSM parameter that may belong to a repository, in one combination of conditions.
pub(crate) struct ParameterCandidate<'t> {
    pub(crate) resource: Resource<'t>,
    pub(crate) name: Slot<'t>,
    pub(crate) kind: Slot<'t>,
    pub(crate) value: Slot<'t>,
    /// The value as a text with holes.
    pub(crate) shape: Option<Shape>,
    /// The value as it is written where it is not known: the same for every repository.
    pub(crate) hidden: Option<Arc<Unknown>>,
    /// Whether the name may be that of a repository's parameter.
    pub(crate) is_named_alike: bool,
    /// The condition that decides whether it exists.
    pub(crate) condition: Option<&'t str>,
    /// Whether conditions decide about it.
    pub(crate) is_conditional: bool,
    /// What it depends on that may differ between combinations of conditions.
    pub(crate) reads: Reads,
    /// Name, type and value, where they were written already.
    pub(crate) written: Option<[NodeId; 3]>,
}

/// A repository whose related resources are sought.
pub(crate) struct RelatedOwner<'t, 'r> {
    /// The repository.
    pub(crate) resource: &'r Resource<'t>,
    /// Its `KmsKey`.
    pub(crate) kms_key: Slot<'t>,
    /// The key that this stands for.
    pub(crate) key: Option<DeclaredKey<'t>>,
}

/// What is to be recognised in parameters.
pub(crate) struct ParameterSigns<'r, 't> {
    pub(crate) template: SourceId,
    pub(crate) repository: &'r str,
    pub(crate) key: Option<&'r DeclaredKey<'t>>,
    pub(crate) shapes: Vec<(Holds, Shape)>,
}

pub(crate) fn candidate<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: Resource<'t>,
) -> ParameterCandidate<'t> {
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
    ParameterCandidate {
        resource,
        kind,
        hidden: match &value.value {
            Resolved::Text(text) => text.unknown().map(Arc::new),
            _ => None,
        },
        shape: shape(&value),
        condition: resource.condition().filter(|_| !existence.is_true()),
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
    let is_known = name.as_text().is_some();
    start.starts_with(PARAMETER_PREFIX) || (!is_known && PARAMETER_PREFIX.starts_with(&start))
}

/// The values by which a repository and its key are recognised.
pub(crate) fn identity<'t, 'r>(
    evaluator: &Evaluator<'t, '_>,
    owner: &'r RelatedOwner<'t, 'r>,
) -> ParameterSigns<'r, 't> {
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
    ParameterSigns {
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
pub(crate) fn is_stable(shape: &Shape) -> bool {
    !shape.0.is_empty()
        && shape.0.iter().all(|piece| match piece {
            Piece::Text(_) => true,
            Piece::Hole(name, _) => Shape::is_one_thing(name),
        })
}

impl ParameterSigns<'_, '_> {
    /// Which value of the repository the parameter holds, where that is certain.
    pub(crate) fn held_by(&self, parameter: &ParameterCandidate<'_>) -> Option<Holds> {
        self.held(parameter.value.value.reference(), parameter.shape.as_ref())
    }

    /// The same for a parameter of another template, where it has to do with the repository at all.
    pub(crate) fn claims(&self, published: &Published) -> Option<Option<Holds>> {
        let reference = published.reference.as_ref();
        let holds = self.held(reference, Some(&published.value));
        let is_ours = holds.is_some()
            || may_be_ecr_name(&published.name)
            || reference.is_some_and(|reference| self.is_named(reference));
        is_ours.then_some(holds)
    }

    /// Which value of the repository an attribute or a text is.
    pub(crate) fn held(
        &self,
        reference: Option<&Reference>,
        shape: Option<&Shape>,
    ) -> Option<Holds> {
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
    pub(crate) fn may_own(&self, parameter: &ParameterCandidate<'_>) -> bool {
        parameter.is_named_alike || self.is_named_by(parameter) || self.held_by(parameter).is_some()
    }

    /// The logical ids of the repository and its key.
    pub(crate) fn ids(&self) -> [Option<&str>; 2] {
        let key = self.key.map(|key| match key {
            DeclaredKey::Own(key) => key.id,
            DeclaredKey::Other(key) => key.logical_id.as_str(),
        });
        [Some(self.repository), key]
    }

    /// Whether the text of the parameter speaks of the repository or its key, under any condition.
    pub(crate) fn is_mentioned_in(&self, text: &str) -> bool {
        let mut ids = self.ids().into_iter().flatten();
        ids.any(|id| text.contains(id))
    }

    /// Whether the parameter's value is any attribute of the repository or its key.
    pub(crate) fn is_named_by(&self, parameter: &ParameterCandidate<'_>) -> bool {
        let reference = parameter.value.value.reference();
        reference.is_some_and(|reference| self.is_named(reference))
    }

    pub(crate) fn is_named(&self, reference: &Reference) -> bool {
        reference.is_of(self.template, self.repository)
            || self.key.is_some_and(|key| key.is_of(reference))
    }
}
