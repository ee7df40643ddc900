//! Turns what a rule says about a repository into findings in plain words.
//! It does not decide anything.

use super::about::{self, FindingPointer, RelatedResource};
use super::active::ActiveRule;
use super::plan::Plan;
use super::tool_rules::UNREADABLE;
use super::undetermined_help;
use std::sync::Arc;

use crate::input::Note;
use crate::model::{Entity, EntityKind, Language, Organisation, Value};
use crate::report::baseline::{self, BaselineEntry};
use crate::report::{Diagnostic, Label, Proposal, Severity, Subject, SubjectKind, Verdict};
use crate::rules::{Finding, Flavour, Judgement};
use crate::source::edit::Extent;
use crate::source::{Problem, Span};

/// A finding of the tool itself: a text that could not be read or understood.
#[must_use]
pub fn unreadable(problem: Problem) -> Diagnostic {
    Diagnostic::from_problem(UNREADABLE, problem)
}

/// What there is to say about entries of a baseline whose findings are no more.
#[must_use]
pub fn fixed<'e>(
    plan: &Plan<'_>,
    entries: impl Iterator<Item = &'e BaselineEntry>,
) -> Vec<Diagnostic> {
    let Some(severity) = plan.tool_severity(baseline::UNUSED) else {
        return Vec::new();
    };
    let fixed = entries.map(|entry| {
        let about = match entry.subject.as_str() {
            "" => &entry.path,
            subject => subject,
        };
        let title = format!(
            "the baseline lists a finding of `{}` that is fixed: `{about}`",
            entry.rule
        );
        let problem = Problem::new(entry.span, title)
            .help("remove the line, or write the baseline anew with `--write-baseline`");
        Diagnostic {
            severity,
            field: entry.fingerprint.clone(),
            ..Diagnostic::from_problem(baseline::UNUSED, problem)
        }
    });
    fixed.collect()
}

/// The field of a finding about what AWS did not answer: it hides no repository.
pub(super) const REFUSED: &str = "errors";

/// A remark about an input that was read all the same. What is undetermined says what decides it.
#[must_use]
pub fn remark(
    note: Note,
    undetermined: Severity,
    organisation: Option<&Organisation>,
) -> Diagnostic {
    let open = |problem: Problem| {
        let advice = match &problem.help {
            Some(help) => undetermined_help::as_advice(help),
            None => undetermined_help::advice(&problem.title, organisation),
        };
        problem.help(advice)
    };
    match note {
        Note::Mistake(problem) => Diagnostic {
            severity: Severity::Warning,
            ..unreadable(problem)
        },
        Note::Unknown(problem) => Diagnostic {
            severity: undetermined,
            verdict: Verdict::Undetermined,
            ..unreadable(open(problem))
        },
        Note::Refused(problem) => Diagnostic {
            severity: undetermined,
            verdict: Verdict::Undetermined,
            field: REFUSED.to_owned(),
            help: Some(undetermined_help::granting(&problem.title)),
            ..unreadable(problem)
        },
        Note::Undetermined { span, reason } => Diagnostic {
            severity: undetermined,
            verdict: Verdict::Undetermined,
            ..unreadable(open(Problem::new(
                span,
                format!("cannot tell which repositories there are, because {reason}"),
            )))
        },
    }
}

/// Everything that a finding is made from.
pub(super) struct FindingContext<'a> {
    pub(super) active: &'a ActiveRule<'a>,
    pub(super) repository: &'a Entity,
    /// The repository as rules see it.
    pub(super) described: Value<'a>,
    pub(super) subject: &'a Arc<Subject>,
    pub(super) undetermined: Severity,
    /// The standard, for its environments.
    pub(super) organisation: Option<&'a Organisation>,
}

impl FindingContext<'_> {
    /// Adds the findings of one judgement.
    pub(super) fn diagnostics(&self, judgement: Judgement, out: &mut Vec<Diagnostic>) {
        match judgement {
            Judgement::NotApplicable | Judgement::Pass => {}
            Judgement::Undetermined {
                reason,
                span,
                field,
                related,
            } => {
                let title = &self.active.rule.logic().title;
                let about = self.about(&field, span, title);
                let name = name(about.as_ref().map_or(self.subject, |about| &about.subject));
                let advice = undetermined_help::advice(&reason, self.organisation);
                let finding = Finding {
                    message: format!("cannot tell for {name} whether {title}, because {reason}"),
                    span,
                    label: None,
                    field,
                    related,
                    fix: Some(advice),
                    proposal: None,
                };
                out.push(Diagnostic {
                    severity: self.undetermined,
                    verdict: Verdict::Undetermined,
                    ..self.diagnostic(finding)
                });
            }
            Judgement::Fail(findings) => {
                out.extend(findings.into_iter().map(|finding| self.diagnostic(finding)));
            }
        }
    }

    /// The resource of its own that a finding is about, which the repository is near to.
    fn about(&self, field: &str, span: Span, message: &str) -> Option<RelatedResource> {
        let finding = FindingPointer {
            field,
            span,
            message,
        };
        about::of(self.repository, self.subject, self.described, finding)
    }

    /// An edit of a resource, or of the template, is about where the repository is declared: what decides a finding
    /// may stand elsewhere.
    fn aimed(&self, mut proposal: Box<Proposal>) -> Box<Proposal> {
        if matches!(proposal.amendment.extent, Extent::Outer(_)) {
            proposal.amendment.place = self.repository.place;
        }
        proposal
    }

    fn diagnostic(&self, finding: Finding) -> Diagnostic {
        let about = self.about(&finding.field, finding.span, &finding.message);
        let (subject, field) = match about {
            Some(about) => (Arc::new(about.subject), about.field),
            None => (Arc::clone(self.subject), finding.field),
        };
        Diagnostic {
            rule: self.active.rule.id().to_owned(),
            severity: self.active.severity,
            verdict: Verdict::Fail,
            message: shrunk(finding.message),
            help: finding.fix.map(shrunk),
            // Only all variants together can tell.
            when: None,
            subject: Some(subject),
            judged: Some(self.repository.place),
            primary: Label {
                span: finding.span,
                message: shrunk(finding.label.unwrap_or_default()),
            },
            related: finding
                .related
                .into_iter()
                .map(|(span, message)| Label { span, message })
                .collect(),
            source_location: None,
            field,
            proposal: finding.proposal.map(|proposal| self.aimed(proposal)),
            fixes: Vec::new(),
        }
    }
}

/// A text without the room that is left. Findings are kept to the end.
fn shrunk(mut text: String) -> String {
    text.shrink_to_fit();
    text
}

/// A fix is offered in the language that the entity is written in.
pub(super) fn flavour(entity: &Entity) -> Flavour {
    match entity.notation.language {
        _ if entity.subject.arn.is_some() => Flavour::Cli,
        Language::Typescript => Flavour::CdkTypescript,
        Language::Python => Flavour::CdkPython,
        Language::Cloudformation => Flavour::Cloudformation,
    }
}

fn name(subject: &Subject) -> String {
    let names = [&subject.name, &subject.logical_id, &subject.arn];
    match names.into_iter().flatten().next() {
        Some(name) => format!("`{name}`"),
        None => format!("the {}", subject.kind.as_str()),
    }
}

/// What a human calls a repository, or what stands in its place, for the report.
pub(super) fn subject(repository: &Entity) -> Subject {
    let subject = &repository.subject;
    Subject {
        kind: match repository.kind() {
            EntityKind::Private | EntityKind::Public => SubjectKind::Repository,
            EntityKind::Registry => SubjectKind::Registry,
            EntityKind::CreationTemplate => SubjectKind::CreationTemplate,
            EntityKind::Principals => SubjectKind::Principals,
            EntityKind::Resource => SubjectKind::Resource,
            EntityKind::Declaration => SubjectKind::Declaration,
            EntityKind::Removed => SubjectKind::Removed,
        },
        name: subject.name.clone(),
        logical_id: subject.logical_id.clone(),
        stack: subject.stack.clone(),
        construct_path: subject.construct_path.clone(),
        arn: subject.arn.clone(),
        // What a condition says of where the stack is holds in one branch of it only.
        account: subject.certain_account().map(str::to_owned),
        region: subject.certain_region().map(str::to_owned),
    }
}

/// What a rule says, without its findings.
pub(super) fn verdict(judgement: &Judgement) -> Verdict {
    match judgement {
        Judgement::NotApplicable => Verdict::NotApplicable,
        Judgement::Pass => Verdict::Pass,
        Judgement::Undetermined { .. } => Verdict::Undetermined,
        Judgement::Fail(_) => Verdict::Fail,
    }
}
