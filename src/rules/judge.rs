//! What a rule says about one repository: a verdict, and where to look.
//! It does not know severities, conditions or what the user ignores.

mod place;

use super::advice::{Filled, FixTarget};
use super::format::{Advice, Demand, Root};
use super::query::{Doubt, Finds, Nodes, Possible, Roots};
use super::{Flavour, Rule, advice, declared, wording};
use crate::model::facts::{FactName, UNASKED};
use crate::model::{EntityKind, Notation, Value, members};
use crate::report::Proposal;
use crate::source::Span;
use place::FindingPlace;
pub(crate) use place::below_repository;
pub(super) use place::field;

/// Everything that a rule can ask about.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// What is judged.
    pub kind: EntityKind,
    /// The repository document.
    pub repository: Value<'a>,
    /// What was declared for the repository, if anything.
    pub declared: Option<Value<'a>>,
    /// The registry that the repository lives in, where it is known.
    pub registry: Option<Value<'a>>,
    /// The organisation's standard, where one is configured.
    pub organisation: Option<Value<'a>>,
    /// The settings of the rule that judges.
    pub settings: Value<'a>,
    /// The words that a fix is told in.
    pub flavour: Flavour,
    /// How the repository is written down, so that a fix is written in the same way.
    pub notation: Notation,
    /// Whether edits are proposed for what is live, too, as a template would have them.
    pub proposes: bool,
}

/// What a rule says about a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The rule is not about this repository.
    NotApplicable,
    /// The repository keeps the rule.
    Pass,
    /// It cannot be known.
    Undetermined {
        /// Completes "undetermined, because …".
        reason: String,
        /// Where the value stands that is not known.
        span: Span,
        /// Path of that value in the repository document.
        field: String,
        /// Other places that the doubt is about, each with what stands there.
        related: Vec<(Span, String)>,
    },
    /// The repository breaks the rule, at each of these places; there is at least one.
    Fail(Vec<Finding>),
}

/// A place where a repository breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong, in one line.
    pub message: String,
    /// Where it is.
    pub span: Span,
    /// What stands there, where that helps.
    pub label: Option<String>,
    /// Path of the place in the repository document, such as `repository.access[0]`.
    pub field: String,
    /// Other places that belong to it.
    pub related: Vec<(Span, String)>,
    /// What to do about it; `None` when the rule does not say.
    pub fix: Option<String>,
    /// The same as an edit of the template; `None` where it is none, or a person has to fill something in.
    pub proposal: Option<Box<Proposal>>,
}

impl Rule {
    /// Judges one repository.
    #[must_use]
    pub fn judge(&self, world: &World<'_>) -> Judgement {
        let asked = RuleContext {
            roots: &world.roots(),
            flavour: world.flavour,
            notation: world.notation,
            proposes: world.proposes,
        };
        let roots = asked.roots;
        let applies = match (self.is_about[world.kind as usize], &self.logic.when) {
            (Some(true), _) | (None, None) => Finds::Certainly,
            (Some(false), _) => Finds::Nothing,
            (None, Some(when)) => when.finds_in(roots),
        };
        match applies {
            Finds::Certainly => self.demanded(&asked),
            Finds::Nothing => Judgement::NotApplicable,
            // Whether or not the rule applies, a repository that keeps it does not break it.
            Finds::Perhaps(doubt) => match self.demanded(&asked) {
                Judgement::Pass => Judgement::Pass,
                _ => undetermined(roots, &doubt),
            },
        }
    }

    /// How to repair what was found.
    fn fix(&self, asked: &RuleContext<'_, '_>, target: FixTarget<'_>) -> Option<Filled> {
        let advice = self.advice(asked.flavour);
        advice::fill(advice, asked.roots, target, asked.notation)
    }

    /// The same, with the edit where it is one. Programs are changed by people, and accounts by other means.
    fn remedy(
        &self,
        asked: &RuleContext<'_, '_>,
        target: FixTarget<'_>,
    ) -> (Option<String>, Option<Box<Proposal>>) {
        let filled = self.fix(asked, target);
        let (fix, proposal) = filled.map_or((None, None), |it| (Some(it.text), it.proposal));
        let proposal = match asked.flavour {
            Flavour::Cloudformation => proposal,
            Flavour::Cli if asked.proposes => {
                let advice = self.advice(Flavour::Cloudformation);
                advice::propose(advice, asked.roots, target)
            }
            _ => None,
        };
        (fix, proposal.map(Box::new))
    }

    /// How to repair a finding in general, with names in place of what a finding knows.
    pub(crate) fn general_fix(&self, flavour: Flavour) -> Option<String> {
        advice::sketch(self.advice(flavour))
    }

    fn advice(&self, flavour: Flavour) -> &[Advice] {
        let fix = &self.documentation().fix;
        match flavour {
            Flavour::CdkTypescript => &fix.cdk_typescript,
            Flavour::CdkPython => &fix.cdk_python,
            Flavour::Cli => &fix.cli,
            Flavour::Cloudformation => &fix.cloudformation,
        }
    }

    fn demanded(&self, asked: &RuleContext<'_, '_>) -> Judgement {
        let roots = asked.roots;
        // Most repositories keep most rules, so that nodes are gathered only for those that do not.
        match &self.logic.demand {
            Demand::Require(query) => match query.finds_in(roots) {
                Finds::Certainly => Judgement::Pass,
                Finds::Perhaps(doubt) => undetermined(roots, &doubt),
                Finds::Nothing => {
                    let place = self.place(roots);
                    Judgement::Fail(vec![self.finding(asked, &place, None)])
                }
            },
            Demand::Forbid(query) => match query.finds_in(roots) {
                Finds::Nothing => Judgement::Pass,
                Finds::Perhaps(doubt) => undetermined(roots, &doubt),
                Finds::Certainly => Judgement::Fail(self.forbidden(asked, &query.select_in(roots))),
            },
        }
    }

    /// A finding at each node; or, where the rule names a place, one there with the nodes beside it.
    fn forbidden(&self, asked: &RuleContext<'_, '_>, nodes: &Nodes<'_>) -> Vec<Finding> {
        let roots = asked.roots;
        let found = &nodes.definite;
        if self.logic.at.is_none() {
            let mut findings: Vec<Finding> = Vec::with_capacity(found.len());
            for node in found {
                let mut place = FindingPlace::of(*node, roots);
                // What one statement gives is reported at that statement.
                if let Some(statement) = node.get(members::STATEMENT).filter(|it| !it.is_absent()) {
                    place.span = statement.span();
                }
                let place = place.decided_by(*node);
                let finding = self.finding(asked, &place, Some(*node));
                if !findings.contains(&finding) {
                    findings.push(finding);
                }
            }
            return findings;
        }
        let place = self.place(roots);
        let mut finding = self.finding(asked, &place, found.first().copied());
        // That it is about the repository goes without saying.
        let whole = roots.get(Root::Repository);
        let is_part = |node: &&Value<'_>| whole.is_none_or(|whole| !node.same(whole));
        for node in found
            .iter()
            .filter(is_part)
            .filter(|node| node.span() != place.span)
        {
            let related = (node.span(), "found here".to_owned());
            if !finding.related.contains(&related) {
                finding.related.push(related);
            }
        }
        vec![finding]
    }

    fn finding(
        &self,
        asked: &RuleContext<'_, '_>,
        place: &FindingPlace,
        found: Option<Value<'_>>,
    ) -> Finding {
        let roots = asked.roots;
        let mut declared = wording::declarations(&self.logic.message, roots);
        for place in declared::places(&self.logic, roots) {
            if !declared.contains(&place) {
                declared.push(place);
            }
        }
        // Where CloudFormation refuses what is written, that is why the value is not there.
        let refused = (place.absent).then(|| refused(roots, place.span)).flatten();
        // What is judged by a declaration of another name says why it is.
        let taken = taken(roots).filter(|_| place.is_of(FactName::Name) || !declared.is_empty());
        if let Some((span, _)) = taken {
            declared.retain(|place| *place != span);
        }
        // A fact that compares with a live repository says where that one stands.
        let beside = [(members::LIVE, "live here"), (members::NAMED, "named here")];
        let beside = beside.into_iter().filter_map(|(member, words)| {
            let node = found.and_then(|node| node.get(member))?;
            (!node.is_absent()).then(|| (node.span(), words.to_owned()))
        });
        let mut message = wording::fill(&self.logic.message, roots, found);
        let mut label = place.absent.then(|| "not set here".to_owned());
        if let Some(cause) = &place.cause {
            if let Some(text) = &cause.text {
                message = format!("{message}: {text}");
            }
            // What is not set where it would be decides by that.
            let is_unset = place.absent && cause.span == place.span;
            label = label
                .filter(|_| is_unset)
                .or(Some("this decides".to_owned()));
        }
        let named = place.cause.as_ref().and_then(|cause| cause.named);
        let named = named.map(|at| (at, "named here".to_owned()));
        let span = place.cause.as_ref().map_or(place.span, |it| it.span);
        let target = FixTarget {
            found,
            span: place.span,
        };
        let (fix, proposal) = self.remedy(asked, target);
        Finding {
            message,
            span,
            label,
            field: place.field.clone(),
            fix,
            proposal,
            related: declared
                .into_iter()
                .filter(|at| *at != span)
                .map(|at| (at, "declared here".to_owned()))
                .chain(taken)
                .chain(beside.filter(|(at, _)| *at != span))
                .chain(named)
                .chain(refused.map(|problem| (place.span, problem)))
                .collect(),
        }
    }

    /// The place that the rule names, or the innermost one around it that there is.
    fn place(&self, roots: &Roots<'_>) -> FindingPlace {
        let named = self
            .logic
            .at
            .as_ref()
            .and_then(|at| FindingPlace::at(at, roots));
        named
            .or_else(|| FindingPlace::root(Root::Repository, roots))
            .unwrap_or_default()
            .caused(roots)
    }
}

/// What a rule asks, and how its advice is reported.
struct RuleContext<'r, 'd> {
    roots: &'r Roots<'d>,
    flavour: Flavour,
    notation: Notation,
    proposes: bool,
}

impl<'a> World<'a> {
    pub(super) fn roots(&self) -> Roots<'a> {
        Roots::world([
            Some(self.repository),
            self.declared,
            self.registry,
            self.organisation,
            Some(self.settings),
        ])
    }
}

/// The place of the declaration for which a repository of another name is taken, and why it is.
fn taken(roots: &Roots<'_>) -> Option<(Span, String)> {
    let taken = roots.get(Root::Repository)?.get(FactName::TakenAs)?;
    let because = taken.get(members::BECAUSE)?.as_str()?;
    let text = format!("taken for this declaration: {because}");
    Some((taken.span(), text))
}

/// What CloudFormation refuses at this place.
fn refused(roots: &Roots<'_>, span: Span) -> Option<String> {
    let problems = roots
        .get(Root::Repository)?
        .get(FactName::TemplateProblems)?;
    let mut problems = problems.items().filter(|problem| problem.span() == span);
    problems
        .next()?
        .get(members::PROBLEM)?
        .as_str()
        .map(str::to_owned)
}

fn undetermined(roots: &Roots<'_>, possible: &Possible<'_>) -> Judgement {
    let (place, unknown) = match possible.doubt {
        Doubt::Unknown(value) => (value, value.as_unknown()),
        Doubt::TooManySteps => (possible.node, None),
    };
    let beside = unknown.and_then(|unknown| unknown.beside.as_deref());
    debug_assert_ne!(
        possible.doubt.reason(),
        UNASKED,
        "a rule looks at a fact that it did not say it asks for"
    );
    Judgement::Undetermined {
        related: beside.into_iter().cloned().collect(),
        reason: possible.doubt.reason().to_owned(),
        span: place.span(),
        field: field(place, roots),
    }
}

#[cfg(test)]
mod tests;
