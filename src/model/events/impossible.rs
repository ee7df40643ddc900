//! Patterns that no event fits, because they ask for what ECR and Inspector never send.
//! It does not know rules, nor how problems are worded.

use super::about::{OPERATION, SERVICE, fit, is_about_ecr, may_ask_for};
use super::conjunct::{Conjunct, PatternField, conjuncts};
use super::kind::{EventKind, INSPECTOR, Sent};
use super::kinds::KINDS;
use super::left::CandidateKinds;
use super::operator::operator;
use super::pattern::{at, fits, has};
use super::sample::RECORDS;
use super::{grammar, words};
use crate::model::{Data, Mistake, Truth, Value};
use crate::source::{SourceId, Span};

/// What is known of a rule besides its pattern.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct EventRuleContext<'r> {
    /// Whether the registry whose events the rule sees scans by Inspector, where that is known.
    pub(crate) enhanced: Truth<()>,
    /// The repository beside the rule.
    pub(crate) repository: Option<(SourceId, &'r str)>,
    /// Whether the rule gets records of calls that only read, too, where that is known.
    pub(crate) reads: Truth<()>,
}

/// What keeps a pattern from matching, and why more cannot be determined.
#[derive(Debug, Default)]
pub(crate) struct Impossible {
    /// Each at its place.
    pub(crate) problems: Vec<(Span, Mistake)>,
    /// Why nothing may be wrong.
    pub(crate) unknown: Option<String>,
}

/// What keeps a pattern about ECR from matching.
pub(crate) fn impossible(pattern: Value<'_>, setting: EventRuleContext<'_>) -> Impossible {
    let mut impossible = Impossible::default();
    match pattern.data() {
        Data::Unknown(unknown) => impossible.unknown = Some(unknown.reason.clone()),
        Data::String(_) => impossible.add(pattern.span(), "the pattern is not JSON"),
        _ => {
            for (span, fault) in grammar::faults(pattern) {
                impossible.add(span, fault);
            }
            match conjuncts(pattern) {
                Some(all) => judge(&all, setting, &mut impossible),
                None => impossible.doubt("the pattern has too many alternatives"),
            }
        }
    }
    impossible
}

impl Impossible {
    fn add(&mut self, span: Span, problem: impl Into<Mistake>) {
        if !self.problems.iter().any(|(known, _)| *known == span) {
            self.problems.push((span, problem.into()));
        }
    }

    fn doubt(&mut self, reason: &str) {
        self.unknown.get_or_insert_with(|| reason.to_owned());
    }
}

/// What is wrong with the alternatives that are about ECR. A field that several share is wrong when it is in all.
fn judge(all: &[Conjunct<'_>], setting: EventRuleContext<'_>, impossible: &mut Impossible) {
    let about: Vec<_> = all.iter().filter(|one| is_about_ecr(one)).collect();
    let found: Vec<_> = about
        .iter()
        .map(|one| AlternativeFlaws::of(one, setting))
        .collect();
    for one in &found {
        for (span, problem) in &one.dead {
            let is_wrong = |(other, conjunct): (&AlternativeFlaws, &&Conjunct<'_>)| {
                !holds(conjunct, *span) || other.dead.iter().any(|(dead, _)| dead == span)
            };
            if found.iter().zip(&about).all(is_wrong) {
                impossible.add(*span, problem.clone());
            }
        }
    }
    let is_silent = impossible.problems.is_empty() && all.len() == about.len();
    if is_silent && found.iter().all(|one| one.conflict.is_some()) {
        let conflicts = found.iter().filter_map(|one| one.conflict.clone());
        conflicts.for_each(|(span, problem)| impossible.add(span, problem));
    }
    for one in found {
        if let Some(reason) = one.unknown {
            impossible.doubt(&reason);
        }
    }
}

/// Whether a field or one of its alternatives stands at a place.
fn holds(conjunct: &Conjunct<'_>, span: Span) -> bool {
    conjunct.iter().any(|field| {
        let mut alternatives = field.alternatives().into_iter();
        field.tests.span() == span || alternatives.any(|test| test.span() == span)
    })
}

/// What is wrong with one alternative.
#[derive(Default)]
struct AlternativeFlaws {
    /// Fields that no event has, and values that none has there.
    dead: Vec<(Span, Mistake)>,
    /// Fields that no event has together.
    conflict: Option<(Span, Mistake)>,
    /// Why that cannot be determined.
    unknown: Option<String>,
}

impl AlternativeFlaws {
    fn of(conjunct: &Conjunct<'_>, setting: EventRuleContext<'_>) -> Self {
        let mut judged = Self::default();
        let mut left = concerned(conjunct, setting);
        // What decides which kinds of events the rest is about comes first.
        for path in [&["source"][..], &["detail-type"], &SERVICE] {
            let Some(field) = conjunct.iter().find(|field| field.is(path)) else {
                continue;
            };
            judged.field(field, &left, setting);
            left = left.under(field);
            if field.is(&["source"]) && judged.is_of_another(conjunct, field, &left) {
                return judged;
            }
            if left.kinds.is_empty() {
                return judged;
            }
        }
        for field in conjunct {
            judged.field(field, &left, setting);
        }
        if judged.dead.is_empty() && judged.unknown.is_none() {
            judged.conflict = conflict(conjunct, &left.kinds);
        }
        judged
    }

    /// Whether only other services are asked for a type of events that is one of ours.
    fn is_of_another(
        &mut self,
        conjunct: &Conjunct<'_>,
        source: &PatternField<'_>,
        left: &CandidateKinds<'_>,
    ) -> bool {
        let are_others = left.kinds.iter().all(|kind| kind.sent == Sent::Foreign);
        let field = conjunct.iter().find(|field| field.is(&["detail-type"]));
        let texts = field.map(PatternField::texts).unwrap_or_default();
        let mut own = texts.iter().filter_map(|text| {
            let mut kinds = KINDS.iter();
            kinds.find(|kind| kind.name == text && !RECORDS.contains(&kind.name))
        });
        let (Some(kind), true, true) = (own.next(), texts.len() == 1, are_others) else {
            return false;
        };
        if self.dead.is_empty() {
            let problem = format!("events of type `{}` come from `{}`", kind.name, kind.source);
            self.dead(source.tests.span(), problem);
        }
        true
    }

    /// Judges one field against the kinds that are left.
    fn field(
        &mut self,
        field: &PatternField<'_>,
        left: &CandidateKinds<'_>,
        setting: EventRuleContext<'_>,
    ) {
        if let Some(unknown) = field.tests.as_unknown() {
            self.unknown.get_or_insert_with(|| unknown.reason.clone());
            return;
        }
        let is_inspectors = left.kinds.iter().all(|kind| kind.source == INSPECTOR);
        let alternatives = field.alternatives();
        let truths = alternatives.iter().map(|test| {
            if is_inspectors && is_own_name(field, *test, setting) {
                return Truth::False;
            }
            let kinds = left.kinds.iter();
            Truth::any(kinds.map(|kind| at(&kind.event, &field.path, *test)))
        });
        let truths: Vec<Truth> = truths.collect();
        let has = |kind: &&EventKind| !has(&kind.event, &field.path).is_false();
        if !left.kinds.iter().any(has) && truths.iter().all(Truth::is_false) {
            return self.dead(field.tests.span(), words::missing(field, left));
        }
        // Beside what is sent, what a registry that scans in the other way sends is there on purpose.
        let is_live = truths.iter().any(|truth| !truth.is_false());
        let is_of_other_way = |test: Value<'_>| {
            let mut unsent = left.unsent.iter();
            is_live && unsent.any(|kind| !at(&kind.event, &field.path, test).is_false())
        };
        for (test, truth) in alternatives.iter().zip(&truths) {
            if truth.is_false() && !is_of_other_way(*test) {
                self.dead(test.span(), words::value(field, *test, left));
            }
        }
        if let Truth::Unknown(reason) = Truth::any(truths) {
            self.unknown.get_or_insert(reason);
        }
        if field.is(&OPERATION) {
            let reads = alternatives.into_iter().filter(|test| only_reads(*test));
            reads.for_each(|test| self.read(test, setting.reads));
        }
    }

    /// Judges a call that only reads.
    fn read(&mut self, test: Value<'_>, reads: Truth<()>) {
        match reads {
            Truth::True => {}
            Truth::False => self.dead(test.span(), words::read(test)),
            Truth::Unknown(()) => {
                let reason = "the `State` of the rule is not known, and records of calls that only read reach one state alone";
                self.unknown.get_or_insert_with(|| reason.to_owned());
            }
        }
    }

    fn dead(&mut self, span: Span, problem: impl Into<Mistake>) {
        if !self.dead.iter().any(|(known, _)| *known == span) {
            self.dead.push((span, problem.into()));
        }
    }
}

/// Whether an alternative asks for calls that only read, by how their names begin.
///
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html>
fn only_reads(test: Value<'_>) -> bool {
    let start = match operator(test) {
        Some(("prefix", operand)) => operand.as_str(),
        _ => test.as_str(),
    };
    let start = start.unwrap_or_default();
    ["Describe", "Get", "List"]
        .iter()
        .any(|reading| start.starts_with(reading))
}

/// Whether a test is a reference to the repository, which is its name.
fn is_own_name(field: &PatternField<'_>, test: Value<'_>, setting: EventRuleContext<'_>) -> bool {
    let unknown = test.as_unknown();
    let reference = unknown.and_then(|unknown| unknown.reference.as_ref());
    let (Some(reference), Some((template, id))) = (reference, setting.repository) else {
        return false;
    };
    let is_name = reference.attribute == "Ref" && reference.is_of(template, id);
    is_name && field.is(&["detail", "repository-name"])
}

/// The kinds that concern a pattern at all.
fn concerned(conjunct: &Conjunct<'_>, setting: EventRuleContext<'_>) -> CandidateKinds<'static> {
    // Other accounts and regions may scan in another way.
    let is_account_or_region =
        |field: &PatternField<'_>| field.is(&["account"]) || field.is(&["region"]);
    let enhanced = match conjunct.iter().any(is_account_or_region) {
        true => Truth::Unknown(()),
        false => setting.enhanced,
    };
    let is_sent = |kind: &&EventKind| match kind.sent {
        Sent::Basic => !enhanced.is_true(),
        Sent::Enhanced => !enhanced.is_false(),
        _ => true,
    };
    let concerned = KINDS.iter().filter(|kind| concerns(conjunct, kind));
    let (kinds, unsent) = concerned.partition(is_sent);
    CandidateKinds { kinds, unsent }
}

/// Whether a kind of event is among those that the pattern may ask for. What Inspector sends about something else is
/// only where it fits the whole of it.
fn concerns(conjunct: &Conjunct<'_>, kind: &EventKind) -> bool {
    let is_meant = || kind.sent != Sent::CrossStack || !fit(conjunct, kind).is_false();
    may_ask_for(conjunct, kind) && is_meant()
}

/// What keeps fields that are each in some event from being in one.
fn conflict(conjunct: &Conjunct<'_>, kinds: &[&EventKind]) -> Option<(Span, Mistake)> {
    let refused = |kind: &EventKind| -> Vec<&PatternField<'_>> {
        let fields = conjunct.iter();
        fields
            .filter(|field| fits(field, &kind.event).is_false())
            .collect()
    };
    let mut fewest: Option<(&EventKind, Vec<&PatternField<'_>>)> = None;
    for kind in kinds {
        let refused = refused(kind);
        if refused.is_empty() {
            return None;
        }
        if fewest
            .as_ref()
            .is_none_or(|(_, known)| refused.len() < known.len())
        {
            fewest = Some((kind, refused));
        }
    }
    let (kind, refused) = fewest?;
    let field = refused.first()?;
    if has(&kind.event, &field.path).is_false() {
        return Some((field.tests.span(), words::conflict(field, kind).into()));
    }
    let left = CandidateKinds {
        kinds: vec![kind],
        unsent: Vec::new(),
    };
    let test = *field.alternatives().first()?;
    Some((test.span(), words::value(field, test, &left)))
}
