//! Judges repositories as they come, on any thread, and keeps what the report needs of them.
//! It does not know where they come from, nor how many more there will be.

mod asking;
mod depicting;
mod described;
mod findings;
mod sheets;
mod unchanged;

use std::sync::Arc;

use rayon::prelude::*;

use self::described::{DescribedEntity, JudgedVariant};
use super::access::Givers;
use super::active::ActiveRule;
use super::conclusion::{RepositoryFindings, Thresholds, UnsortedReport, conclude};
use super::counterparts::Counterpart;
use super::declarations::{self, Built, DeclaredNames};
use super::idle;
use super::ignoring::Ignoring;
use super::mistaken::Mistaken;
use super::plan::Plan;
use super::scope::Whole;
use super::variants;
use crate::config::Config;
use crate::model::facts::{self, DescribedNodes, Describer, FactName, FactSet, Scope};
use crate::model::{Document, Entity, EntityKind};
use crate::report::{Diagnostic, DraftReport, SubjectKind, Summary, Tally};
use crate::source::Order;
pub use findings::Findings;

/// Of which repositories the verdicts are kept, besides their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Of all of them.
    Everything,
    /// Of those in templates, and of those in live accounts that have a finding or belong to a tool.
    /// Memory then grows with the findings, not with the repositories.
    Findings,
}

/// Judges the repositories of one run.
///
/// [`Whole`] is gathered first. Then [`Session::judge`] takes any repositories in any order, and what
/// it returns is joined in the order of the inputs. At last [`Session::finish`] makes a report of it.
pub struct Session<'a> {
    plan: &'a Plan<'a>,
    config: &'a Config,
    whole: &'a Whole<'a>,
    thresholds: Thresholds,
    keep: Keep,
    /// What lets somebody use the repositories, where formats draw that.
    givers: Option<&'a Givers<'a>>,
    /// Whether edits are proposed for what is live, too.
    proposes: bool,
    /// Whether the report has the documentation of its rules.
    explains: bool,
    ignoring: Ignoring<'a>,
    /// The ids of the rules that are on.
    rules: Arc<[String]>,
    /// Of those, the ones that judge a subject that is not a repository.
    rules_of_others: Vec<(EntityKind, Arc<[String]>)>,
    /// What is declared, where a rule asks what became of it.
    wanted: Option<DeclaredNames>,
    /// The facts that the rules ask for which judge what is of a kind, in the order of [`EntityKind::ALL`].
    asked: [FactSet; EntityKind::ALL.len()],
    /// Repositories that are taken for declared ones of other names, where a rule says that their names are wrong.
    mistaken: Mistaken<'a>,
}

impl<'a> Session<'a> {
    /// Judges by the rules of `plan`, each repository against the `whole`.
    #[must_use]
    pub fn new(
        plan: &'a Plan<'a>,
        config: &'a Config,
        whole: &'a Whole<'a>,
        thresholds: Thresholds,
        keep: Keep,
    ) -> Self {
        let mut others = EntityKind::ALL.to_vec();
        others.retain(|kind| !kind.is_repository());
        let asks = |one: &ActiveRule<'_>| one.rule.judges(EntityKind::Declaration);
        let asked = config.organisation.as_ref();
        let asked = asked.filter(|_| plan.active.iter().any(asks));
        Self {
            plan,
            config,
            whole,
            thresholds,
            keep,
            givers: None,
            proposes: false,
            explains: false,
            ignoring: Ignoring::new(&config.ignores, thresholds.today),
            rules: rules(plan, EntityKind::Private),
            rules_of_others: others
                .into_iter()
                .map(|kind| (kind, rules(plan, kind)))
                .collect(),
            asked: EntityKind::ALL.map(|kind| facts_for(plan, kind)),
            wanted: asked.map(DeclaredNames::of),
            mistaken: Mistaken::of_run(plan, config, whole),
        }
    }

    /// The same with edits for what is live, which take memory for each finding.
    #[must_use]
    pub fn proposing(self, proposes: bool) -> Self {
        Self { proposes, ..self }
    }

    /// The same with the documentation of the rules in the report.
    #[must_use]
    pub fn explaining(self, explains: bool) -> Self {
        Self { explains, ..self }
    }

    /// The same with what formats draw of repositories besides: who may do what by their policies and by these.
    #[must_use]
    pub fn depicting(self, givers: Option<&'a Givers<'a>>) -> Self {
        Self { givers, ..self }
    }

    /// Judges repositories of an input, in the order of its text. The variants of one repository stand
    /// next to each other.
    #[must_use]
    pub fn judge(&self, repositories: &[Entity]) -> Findings {
        let mut findings = Findings {
            tallies: vec![Tally::default(); self.plan.active.len()],
            ..Findings::default()
        };
        let mut room = Document::default();
        for variants in repositories.chunk_by(Entity::is_variant_of) {
            self.judge_variants(variants, &mut room, &mut findings);
        }
        findings
    }

    /// Judges all repositories of the inputs at once, in parallel.
    #[must_use]
    pub fn judge_all(&self, repositories: &[Entity]) -> Findings {
        let groups: Vec<&[Entity]> = repositories.chunk_by(Entity::is_variant_of).collect();
        // One list for many repositories, not one for each.
        let judged: Vec<Findings> = groups
            .par_iter()
            .fold(
                || (self.judge(&[]), Document::default()),
                |(mut findings, mut room), group| {
                    self.judge_variants(group, &mut room, &mut findings);
                    (findings, room)
                },
            )
            .map(|(findings, _)| findings)
            .collect();
        let mut findings = Findings::default();
        for one in judged {
            findings.append(one);
        }
        findings
    }

    /// Judges a repository; its facts are written in the room of a document that was used before.
    fn judge_variants(&self, variants: &[Entity], room: &mut Document, findings: &mut Findings) {
        if let Some(wanted) = &self.wanted {
            for one in variants {
                let meant = self.mistaken.meant(one).map(|meant| meant.name.as_str());
                findings.built.add(one, wanted, meant);
            }
        }
        let mut describer = Describer::new(variants, room);
        let mut last = None;
        let mut judged: Vec<RepositoryFindings> = Vec::with_capacity(variants.len());
        for number in 0..variants.len() {
            let before = last.as_ref().zip(judged.last());
            let before = before.map(|(nodes, judged)| JudgedVariant {
                nodes,
                verdicts: &judged.evidence.verdicts,
            });
            let before = before.filter(|_| describer.has_last_of(number));
            let (nodes, findings) = self.judge_one(&mut describer, number, before);
            last = Some(nodes);
            judged.push(findings);
        }
        let Some(judged) = variants::join(variants, judged) else {
            return;
        };
        let has_findings = !judged.diagnostics.is_empty();
        findings.diagnostics.extend(judged.diagnostics);
        if judged.evidence.subject.kind != SubjectKind::Repository {
            findings.others.push(judged.evidence);
            return;
        }
        findings.repositories += 1;
        self.depict(variants, &mut findings.depicted);
        if !judged.evidence.tool_owned {
            let verdicts = judged.evidence.verdicts.iter();
            for (tally, (_, verdict)) in findings.tallies.iter_mut().zip(verdicts) {
                tally.add(verdict);
            }
        }
        let is_live = variants.iter().any(|one| one.subject.arn.is_some());
        let is_telling = has_findings || judged.evidence.tool_owned || !is_live;
        if is_telling || self.keep == Keep::Everything {
            findings.evidence.push(judged.evidence);
        }
    }

    /// Asks every rule about one of the variants that are described; another one was judged before.
    fn judge_one(
        &self,
        describer: &mut Describer<'_>,
        variant: usize,
        before: Option<JudgedVariant<'_>>,
    ) -> (DescribedNodes, RepositoryFindings) {
        let repository = describer.variant(variant);
        let asked = self.asked(repository.kind());
        self.in_scope(repository, asked, |scope| {
            let nodes = describer.describe(variant, scope, asked);
            let described = DescribedEntity {
                entity: repository,
                document: describer.document(),
                nodes: &nodes,
            };
            let findings = self.judge_described(described, before);
            (nodes, findings)
        })
    }

    /// The facts that are asked of what is of this kind.
    fn asked(&self, kind: EntityKind) -> FactSet {
        self.asked[kind as usize]
    }

    /// Looks at a repository with all that has to be known of the others for these facts.
    fn in_scope<T>(
        &self,
        repository: &Entity,
        asked: FactSet,
        look: impl FnOnce(&Scope<'_>) -> T,
    ) -> T {
        let same_name = self.whole.duplicates(repository);
        let registries = self.whole.registries(self.config, repository);
        let counterpart = self.counterpart(repository, asked);
        let mut scope = Scope {
            live: counterpart.as_ref().map(Counterpart::live),
            ..(self.whole).scope(self.config, repository, &same_name, &registries)
        };
        if let Some(meant) = self.mistaken.meant(repository) {
            scope.declared = Some(meant.declared);
            scope.taken = Some(&meant.because);
        }
        look(&scope)
    }

    /// Judges what was declared and is wrong, or in no input.
    fn judge_declarations(
        &self,
        built: &Built,
        unreadable: &[Diagnostic],
    ) -> Vec<RepositoryFindings> {
        if self.wanted.is_none() {
            return Vec::new();
        }
        let doubt = unreadable.iter().find_map(declarations::doubt);
        let pledges = declarations::pledges(self.config, built, self.whole.homes(), doubt);
        let judged = pledges.par_iter().map(|pledge| {
            let scope = Scope {
                fate: Some(&pledge.fate),
                ..pledge.scope
            };
            self.judge_in(&pledge.repository, &scope)
        });
        judged.collect()
    }

    fn judge_in(&self, repository: &Entity, scope: &Scope<'_>) -> RepositoryFindings {
        let described = facts::describe_asked(repository, scope, self.asked(repository.kind()));
        let described = DescribedEntity {
            entity: repository,
            document: &described.document,
            nodes: &described.nodes,
        };
        self.judge_described(described, None)
    }

    /// The live repository that this one of a template is compared with, if any is asked for.
    fn counterpart(&self, repository: &Entity, asked: FactSet) -> Option<Counterpart<'_>> {
        self.whole.counterparts()?.of(repository, |live| {
            if !asked.has(FactName::Live) {
                return None;
            }
            let registries = self.whole.registries(self.config, live);
            let scope = self.whole.scope(self.config, live, &[], &registries);
            Some(facts::as_live(live, &scope))
        })
    }

    /// The report of everything that was found, with what was counted and what went wrong before: `unreadable`. Texts
    /// are sorted as `order` says.
    #[must_use]
    pub fn finish(
        self,
        findings: Findings,
        counted: Summary,
        unreadable: Vec<Diagnostic>,
        order: &Order,
    ) -> DraftReport {
        let Findings {
            mut diagnostics,
            mut evidence,
            mut others,
            repositories,
            tallies,
            built,
            depicted,
        } = findings;
        for one in self.judge_declarations(&built, &unreadable) {
            diagnostics.extend(one.diagnostics);
            others.push(one.evidence);
        }
        diagnostics.extend(unreadable);
        diagnostics.extend(self.ignoring.close(self.plan));
        diagnostics.extend(idle::findings(self.plan, self.config));
        evidence.sort_by_key(|one| order.of(one.place.source));
        others.sort_by_key(|one| order.of(one.place.source));
        let is_depicted = self.givers.is_some();
        let draft = conclude(
            self.plan,
            UnsortedReport {
                counted,
                explains: self.explains,
                repositories,
                tallies,
                diagnostics,
                evidence,
                others,
            },
            self.thresholds,
            order,
        );
        DraftReport {
            depicted: is_depicted.then(|| Box::new(depicted)),
            ..draft
        }
    }
}

fn facts_for(plan: &Plan<'_>, kind: EntityKind) -> FactSet {
    let facts = plan.judging(kind).map(|one| one.rule.facts());
    facts.fold(FactSet::NONE, FactSet::or)
}

fn rules(plan: &Plan<'_>, kind: EntityKind) -> Arc<[String]> {
    let active = plan.judging(kind);
    active.map(|one| one.rule.id().to_owned()).collect()
}

#[cfg(test)]
mod tests;
