//! Asks every rule about one entity that is described. It does not know how it was described.

use std::sync::Arc;

use super::Session;
use super::described::{DescribedEntity, JudgedVariant};
use super::unchanged::Unchanged;
use crate::engine::conclusion::RepositoryFindings;
use crate::engine::finding;
use crate::model::EntityKind;
use crate::report::{Diagnostic, Evidence, Subject, Verdict, Verdicts};
use crate::rules::World;

impl Session<'_> {
    /// Asks every rule about an entity, or one variant of it. Of another variant, whose nodes are in the same document,
    /// verdicts are taken over that cannot differ.
    pub(super) fn judge_described(
        &self,
        one: DescribedEntity<'_>,
        other: Option<JudgedVariant<'_>>,
    ) -> RepositoryFindings {
        let DescribedEntity {
            entity: repository,
            nodes: described,
            document,
        } = one;
        let subject = Arc::new(finding::subject(repository));
        let tool_owned = described.tool_owned;
        let unchanged = other.and_then(|other| Unchanged::between(other, described, document));
        let (verdicts, mut diagnostics) = self.ask(one, unchanged.as_ref(), &subject);
        let mut evidence = Evidence {
            subject,
            place: repository.place,
            tool_owned,
            declared: described.declared_at,
            verdicts: Verdicts::new(self.rules_for(repository.kind()), verdicts),
        };
        self.ignoring
            .apply(repository, &mut diagnostics, &mut evidence);
        RepositoryFindings {
            evidence,
            diagnostics,
        }
    }

    /// The ids of the rules that judge what is of this kind.
    fn rules_for(&self, kind: EntityKind) -> Arc<[String]> {
        let mut others = self.rules_of_others.iter();
        let own = others.find(|(other, _)| *other == kind);
        own.map_or(&self.rules, |(_, rules)| rules).clone()
    }

    fn ask(
        &self,
        one: DescribedEntity<'_>,
        unchanged: Option<&Unchanged<'_>>,
        subject: &Arc<Subject>,
    ) -> (Vec<Verdict>, Vec<Diagnostic>) {
        let DescribedEntity {
            entity: repository,
            nodes: described,
            document,
        } = one;
        let mut diagnostics = Vec::new();
        let mut verdicts = Vec::with_capacity(self.plan.active.len());
        for (number, active) in self.plan.judging(repository.kind()).enumerate() {
            if let Some(verdict) = unchanged.and_then(|same| same.verdict(active, number)) {
                verdicts.push(verdict);
                continue;
            }
            let world = World {
                kind: repository.kind(),
                repository: document.value(described.repository),
                declared: described.declared.map(|id| document.value(id)),
                registry: described.registry.map(|id| document.value(id)),
                organisation: described.organisation.map(|id| document.value(id)),
                settings: active.settings.value(),
                flavour: finding::flavour(repository),
                notation: repository.notation,
                proposes: self.proposes,
            };
            let judgement = active.rule.judge(&world);
            verdicts.push(finding::verdict(&judgement));
            // What a tool made is shown with its verdicts, but nobody here can change it.
            if !described.tool_owned {
                let context = finding::FindingContext {
                    active,
                    repository,
                    described: world.repository,
                    subject,
                    undetermined: self.thresholds.undetermined,
                    organisation: self.config.organisation.as_ref(),
                };
                context.diagnostics(judgement, &mut diagnostics);
            }
        }
        (verdicts, diagnostics)
    }
}
