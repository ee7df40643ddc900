//! Joins what was judged under each combination of conditions into one answer per repository.
//! It does not judge, and does not know how conditions came about.

mod claims;
mod numbered;

use std::sync::Arc;

use crate::model::{Assumption, Entity};
use crate::report::{Diagnostic, Evidence, Subject, SubjectKind};

use super::conclusion::RepositoryFindings;
use claims::Combination;
use numbered::CombinationTable;

/// Alternatives that are spelled out; with more, only the names of the conditions are.
const MOST_ALTERNATIVES: usize = 3;

/// One finding, and the variants that have it.
struct VariantFinding {
    diagnostic: Diagnostic,
    variants: Vec<usize>,
    /// What it says when it does not call the repository by its name.
    neutral: [String; 2],
    /// Whether its variants have different names.
    is_neutral: bool,
}

/// Joins what was judged about the variants of one repository.
pub(super) fn join(
    repositories: &[Entity],
    mut variants: Vec<RepositoryFindings>,
) -> Option<RepositoryFindings> {
    if let [repository] = repositories
        && variants.len() == 1
        && repository.assumptions.is_empty()
    {
        return variants.pop();
    }
    let combinations: Vec<_> = repositories
        .iter()
        .map(|one| one.assumptions.clone())
        .collect();
    let mut patterns = repositories
        .iter()
        .map(|one| one.repository()?.own.pattern.as_deref());
    let first = patterns.next().flatten();
    let pattern = first.filter(|_| patterns.all(|other| other == first));
    join_all(&combinations, variants, pattern)
}

/// `pattern` is what all variants call themselves, with holes for what they differ in.
fn join_all(
    combinations: &[Combination],
    variants: Vec<RepositoryFindings>,
    pattern: Option<&str>,
) -> Option<RepositoryFindings> {
    let mut findings: Vec<VariantFinding> = Vec::new();
    let mut joined: Option<RepositoryFindings> = None;
    for (index, variant) in variants.into_iter().enumerate() {
        let known = findings.len();
        for diagnostic in variant.diagnostics {
            let neutral = neutral(&diagnostic, &variant.evidence.subject, pattern);
            let mut same = findings[..known].iter_mut();
            match same.find(|found| found.is(&diagnostic, &neutral)) {
                Some(found) => {
                    found.is_neutral |= found.diagnostic.message != diagnostic.message;
                    found.variants.push(index);
                }
                None => findings.push(VariantFinding {
                    diagnostic,
                    variants: vec![index],
                    neutral,
                    is_neutral: false,
                }),
            }
        }
        let evidence = variant.evidence;
        match &mut joined {
            Some(joined) => add(&mut joined.evidence, evidence),
            None => {
                joined = Some(RepositoryFindings {
                    evidence,
                    diagnostics: Vec::new(),
                });
            }
        }
    }
    let mut joined = joined?;
    let is_shown = !joined.evidence.tool_owned;
    let numbered = CombinationTable::of(combinations);
    let diagnostics = findings.into_iter().filter(|_| is_shown);
    joined.diagnostics = diagnostics.map(|found| found.told(&numbered)).collect();
    Some(joined)
}

/// Adds the verdicts of another variant. What is not the same in both is not known of the repository.
fn add(evidence: &mut Evidence, other: Evidence) {
    evidence.subject = Arc::new(common(&evidence.subject, &other.subject));
    // A tool does not stop to own a repository because its user may choose the name.
    evidence.tool_owned |= other.tool_owned;
    evidence.declared = evidence
        .declared
        .filter(|_| evidence.declared == other.declared);
    for ((_, verdict), (_, other)) in evidence.verdicts.iter_mut().zip(other.verdicts.iter()) {
        *verdict = (*verdict).max(other);
    }
}

fn common(one: &Subject, other: &Subject) -> Subject {
    let mut common = one.clone();
    common.name = common.name.filter(|_| one.name == other.name);
    common.account = common.account.filter(|_| one.account == other.account);
    common.region = common.region.filter(|_| one.region == other.region);
    common
}

impl VariantFinding {
    /// Whether the other finding says the same of the same place.
    fn is(&self, other: &Diagnostic, neutral: &[String; 2]) -> bool {
        let this = &self.diagnostic;
        this.rule == other.rule
            && this.verdict == other.verdict
            && this.primary.span == other.primary.span
            && this.field == other.field
            && self.neutral == *neutral
    }

    fn told(self, combinations: &CombinationTable<'_>) -> Diagnostic {
        let mut diagnostic = self.diagnostic;
        diagnostic.when = when(combinations, &self.variants);
        if self.is_neutral {
            [diagnostic.message, diagnostic.primary.message] = self.neutral;
            let subject = diagnostic.subject.as_mut();
            if let Some(subject) = subject.filter(|one| one.kind == SubjectKind::Repository) {
                Arc::make_mut(subject).name = None;
            }
        }
        diagnostic
    }
}

/// Message and label with the pattern or the logical id of the repository, `subject`, in place of its name, which
/// variants may differ in.
fn neutral(diagnostic: &Diagnostic, subject: &Subject, pattern: Option<&str>) -> [String; 2] {
    let name = subject.name.as_deref();
    let id = pattern.or(subject.logical_id.as_deref());
    // A finding about the name itself is another one for each name.
    let is_about_name = diagnostic.field.contains("name");
    [&diagnostic.message, &diagnostic.primary.message].map(|text| match (name, id) {
        (Some(name), Some(id)) if !is_about_name => {
            text.replace(&format!("`{name}`"), &format!("`{id}`"))
        }
        _ => text.clone(),
    })
}

/// Under which conditions something holds that holds in these variants; `None` when in any case.
fn when(combinations: &CombinationTable<'_>, variants: &[usize]) -> Option<String> {
    let (inside, outside): (Vec<usize>, Vec<usize>) =
        (0..combinations.len()).partition(|index| variants.contains(index));
    // What every variant has in common is the condition of the repository itself.
    let always = combinations.shared(&combinations.all());
    let certain = combinations.shared(&inside);
    if let Some(weakest) = combinations.weakest(certain, &always, &outside) {
        return spelled(&weakest);
    }
    let [inside, outside] = [inside, outside].map(|numbers| combinations.written(&numbers));
    let alternatives = claims::alternatives(&inside, &outside);
    if alternatives.len() <= MOST_ALTERNATIVES {
        let spelled: Vec<_> = alternatives.iter().map(|one| one.to_string()).collect();
        return Some(spelled.join(", or "));
    }
    let mut names: Vec<String> = Vec::new();
    for about in alternatives.iter().flat_map(|one| one.names()) {
        let name = format!("`{about}`");
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Some(format!("some combinations of {} hold", names.join(", ")))
}

fn spelled(assumptions: &[&Assumption]) -> Option<String> {
    let spelled: Vec<_> = assumptions.iter().map(|one| one.to_string()).collect();
    (!spelled.is_empty()).then(|| spelled.join(" and "))
}

#[cfg(test)]
mod tests;
