//! Finds what belongs to a repository in the same template: its KMS key and its SSM parameters.
//! It does not know how parameters are to be named or keys to be set up.

pub(crate) mod candidate;
mod crowd;
mod hidden;
mod written;

use std::rc::Rc;

use self::candidate::{
    DeclaredParameter, ParameterCandidate, ParameterSigns, RelatedOwner, candidate, identity,
};
use super::keys::Aliases;
use super::registry::KnownScanning;
use super::surroundings::Surroundings;
use crate::input::cloudformation::expression::cross_stack::{Published, Sought};
use crate::input::cloudformation::expression::decision::DecisionQuestion;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::validation::refusals::Refusals;
use crate::model::{Document, Parameter};
use crate::source::Tree;
use crowd::Crowd;

/// What repositories of a template may have in common, evaluated once.
pub(crate) struct Related<'t> {
    parameters: Vec<DeclaredParameter<'t>>,
    /// How many repositories the template has.
    repositories: usize,
    /// Where there are too many of them to look at all for each repository.
    crowd: Option<Crowd>,
    /// Parameters that stand in the document of every repository, written once.
    written: Document,
    /// Aliases of keys.
    pub(crate) aliases: Aliases<'t>,
    /// What else may be about them.
    pub(crate) surroundings: Surroundings<'t>,
    /// What CloudFormation refuses in the template.
    pub(crate) refusals: Refusals<'t>,
    /// How the registry is scanned that they are in.
    pub(crate) registries: KnownScanning,
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
            parameters: parameters.into_iter().map(DeclaredParameter::new).collect(),
            aliases: Aliases::find(evaluator),
            surroundings: Surroundings::find(evaluator, embedded),
            refusals: Refusals::default(),
            registries: KnownScanning::default(),
        }
    }

    /// The parameters that hold a value of `owner`, or are named as if they might.
    pub(crate) fn parameters(
        &self,
        evaluator: &Evaluator<'t, '_>,
        owner: &RelatedOwner<'t, '_>,
        document: &mut Document,
    ) -> Vec<Parameter> {
        let others = evaluator.setting.others;
        if self.parameters.is_empty() && others.is_none() {
            return Vec::new();
        }
        let identity = identity(evaluator, owner);
        let mut parameters = Vec::new();
        let moved = document.append(&self.written);
        let near: Vec<&DeclaredParameter<'t>> = match &self.crowd {
            None => self.parameters.iter().collect(),
            Some(crowd) => {
                let place = owner.resource.place;
                parameters.push(Parameter::unseen(document, crowd::TOO_MANY, place));
                let near = crowd.near(&identity).into_iter();
                near.map(|number| &self.parameters[number]).collect()
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
            let claim = |published: &Published| identity.claims(published);
            let sought = Sought {
                ids: identity.ids(),
                values: identity.shapes.iter().map(|(_, shape)| shape).collect(),
                claim: &claim,
                repositories: self.repositories,
                place: owner.resource.place,
            };
            let asker = evaluator.context;
            parameters.extend(others.parameters(identity.template, asker, &sought, document));
        }
        parameters
    }

    /// The parameter as it is in the combination of conditions of `evaluator`; `None` when it does
    /// not exist there.
    ///
    /// Conditions of parameters that have nothing to do with the repository are not looked at.
    fn under(
        &self,
        evaluator: &Evaluator<'t, '_>,
        parameter: &DeclaredParameter<'t>,
        identity: &ParameterSigns<'_, '_>,
    ) -> Option<Rc<ParameterCandidate<'t>>> {
        let undecided = &parameter.undecided;
        let resource = undecided.resource;
        if !undecided.is_conditional {
            let is_same = !evaluator.decides_any(undecided.reads);
            return Some(match is_same {
                true => Rc::clone(undecided),
                false => parameter.under(evaluator),
            });
        }
        let text = evaluator.template.text_of(resource.node);
        let is_ours = identity.held_by(undecided).is_some() || identity.is_mentioned_in(&text);
        let has_chosen_nothing = || {
            evaluator.recorded(
                DecisionQuestion::HasChosenNothing,
                evaluator.decisions.has_chosen_nothing(),
            )
        };
        if !is_ours && has_chosen_nothing() {
            return Some(Rc::clone(undecided));
        }
        // What is decided already may say that it is.
        let decided = || evaluator.quietly(|| parameter.under(evaluator));
        let known = (!is_ours).then(decided);
        if let Some(known) = known.filter(|known| identity.held_by(known).is_none()) {
            let is_gone = evaluator
                .quietly(|| evaluator.existence(&resource))
                .is_false();
            return (!is_gone).then_some(known);
        }
        let exists = !evaluator.existence(&resource).is_false();
        exists.then(|| parameter.under(evaluator))
    }
}
