//! `Custom::ECRImageScanOnPush`: version 1 of the CDK switches scanning on by a call at deployment.
//! It does not know what else decides how a repository is scanned.

use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{Document, NodeId, Truth, Unknown, Value};
use crate::source::Span;

/// The service and the action that is read.
const CALL: [(&str, &str); 2] = [
    ("service", "ECR"),
    ("action", "putImageScanningConfiguration"),
];

/// The calls of a template.
pub(crate) struct Calls<'t> {
    all: Vec<ScanningCall<'t>>,
}

struct ScanningCall<'t> {
    resource: Resource<'t>,
    /// The repository that it is about.
    name: Resolved<'t>,
    /// What it sets, and where; `None` where that cannot be determined.
    sets: Option<(bool, Span)>,
}

/// What calls make of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scanning {
    /// Nothing.
    Untouched,
    /// The value at this place is set.
    Set(bool, Span),
    /// They may set something.
    Unsure,
}

impl Scanning {
    /// The repository's own flag, unless a custom resource sets it at deployment.
    pub(crate) fn flag(self, document: &mut Document, flag: NodeId) -> NodeId {
        match self {
            Self::Untouched => flag,
            Self::Set(on, place) => document.bool(on, place),
            Self::Unsure => {
                let span = document.value(flag).span();
                let reason =
                    "a resource of type `Custom::ECRImageScanOnPush` sets it when it is deployed";
                document.unknown(Unknown::because(reason), span)
            }
        }
    }
}

impl<'t> Calls<'t> {
    /// Looks through the resources of a template.
    pub(crate) fn find(evaluator: &Evaluator<'t, '_>) -> Self {
        let resources = evaluator.template.of_kind(ResourceKind::ScanOnPush);
        Self {
            all: resources
                .map(|resource| read(evaluator, resource))
                .collect(),
        }
    }

    /// What becomes of a repository with this name.
    pub(crate) fn on(
        &self,
        evaluator: &Evaluator<'t, '_>,
        repository: &Resource<'t>,
        name: Value<'_>,
    ) -> Scanning {
        let mut outcome = Scanning::Untouched;
        for call in &self.all {
            let is_about = call.is_about(repository, name);
            if is_about.is_false() {
                continue;
            }
            let own = match (evaluator.existence(&call.resource), call.sets) {
                (Truth::False, _) => continue,
                (Truth::True, Some((on, place))) if is_about.is_true() => Scanning::Set(on, place),
                _ => Scanning::Unsure,
            };
            outcome = match (outcome, own) {
                (Scanning::Untouched, own) => own,
                (Scanning::Set(one, place), Scanning::Set(other, _)) if one == other => {
                    Scanning::Set(one, place)
                }
                _ => Scanning::Unsure,
            };
        }
        outcome
    }
}

impl ScanningCall<'_> {
    /// Whether the call is about the repository.
    fn is_about(&self, repository: &Resource<'_>, name: Value<'_>) -> Truth<()> {
        if let Some(reference) = self.name.reference() {
            return Truth::from(reference.is_of(repository.place.source, repository.id));
        }
        match (self.name.known_text(), name.as_str()) {
            (Some(own), Some(name)) => Truth::from(own == name),
            // Nobody can write down the name that CloudFormation will make up.
            (Some(_), None) if name.is_absent() => Truth::False,
            // What is not seen to name another repository may name this one.
            _ => Truth::Unknown(()),
        }
    }
}

/// Reads the calls that are made when the stack is made and when it changes.
fn read<'t>(evaluator: &Evaluator<'t, '_>, resource: Resource<'t>) -> ScanningCall<'t> {
    let properties = evaluator.properties(&resource);
    let create = evaluator.inside(&properties, "Create");
    let update = evaluator.inside(&properties, "Update");
    let name = evaluator.inside(&evaluator.inside(&create, "parameters"), "repositoryName");
    let sets = set_by(evaluator, &create);
    let changes = match update.value {
        Resolved::Nothing => sets,
        _ => set_by(evaluator, &update),
    };
    let agree = sets.map(|(on, _)| on) == changes.map(|(on, _)| on);
    ScanningCall {
        resource,
        name: name.value,
        sets: sets.filter(|_| agree),
    }
}

/// What one call sets, where it is the one that is known.
fn set_by<'t>(evaluator: &Evaluator<'t, '_>, call: &Slot<'t>) -> Option<(bool, Span)> {
    let is_known = CALL.iter().all(|(key, expected)| {
        let value = evaluator.inside(call, key).value;
        value.known_text().as_deref() == Some(*expected)
    });
    let parameters = evaluator.inside(call, "parameters");
    // The registry of another account.
    let elsewhere = evaluator.inside(&parameters, "registryId").value;
    if !is_known || !matches!(elsewhere, Resolved::Nothing) {
        return None;
    }
    let scanning = evaluator.inside(&parameters, "imageScanningConfiguration");
    let flag = evaluator.inside(&scanning, "scanOnPush");
    // The call has texts alone; the custom resource turns these into what they stand for.
    let on = match flag.value.known_text()?.as_ref() {
        "TRUE:BOOLEAN" => true,
        "FALSE:BOOLEAN" => false,
        _ => return None,
    };
    Some((on, flag.place))
}
