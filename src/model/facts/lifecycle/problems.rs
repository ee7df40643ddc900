//! Collects what ECR would refuse of a lifecycle policy, each with the policy in which one thing is mended.
//! It does not know any of the reasons.

use super::super::problems::Problems;
use super::mended::{self, At, MOST_WRITTEN, MemberEdit};
use crate::model::{Document, Mistake, NodeId, Unknown, Value};
use crate::source::Span;

/// Most mended policies that are written for one: each is as long as the whole.
const MOST_MENDED: usize = 20;

/// The problems of one policy in the making.
#[derive(Debug)]
pub(super) struct PolicyProblems<'d> {
    problems: Problems<'d>,
    /// The policy that is examined.
    policy: Value<'d>,
    mended: usize,
    written: usize,
}

impl<'d> PolicyProblems<'d> {
    /// No problem so far.
    pub(super) fn new(document: &'d mut Document, policy: Value<'d>) -> Self {
        Self {
            problems: Problems::new(document),
            policy,
            mended: 0,
            written: 0,
        }
    }

    /// Adds what is certainly wrong at `span`.
    pub(super) fn add(&mut self, span: Span, problem: impl Into<Mistake>) {
        self.problems.add_mistake(span, &problem.into());
    }

    /// Adds what is certainly wrong at `span`, with the policy that `mend` makes of the examined one.
    pub(super) fn add_mended(
        &mut self,
        span: Span,
        problem: impl Into<Mistake>,
        mend: impl FnOnce(Value<'d>) -> Option<String>,
    ) {
        self.add_with(span, problem.into(), "instead", mend);
    }

    /// Adds what is certainly wrong at `span`, with the policy in which one thing is changed.
    pub(super) fn add_change(
        &mut self,
        span: Span,
        problem: impl Into<Mistake>,
        at: At<'_>,
        change: MemberEdit<'_>,
    ) {
        self.add_mended(span, problem, |policy| mended::changed(policy, at, change));
    }

    /// Adds what is certainly wrong at `span`, with the policy as a text for `Fn::Sub`.
    pub(super) fn add_substituted(&mut self, span: Span, problem: &str) {
        self.add_with(span, problem.into(), "substituted", mended::substituted);
    }

    /// Adds what is certainly wrong at `span`, with a mended policy under `member`, unless enough of them are written.
    fn add_with(
        &mut self,
        span: Span,
        mistake: Mistake,
        member: &'static str,
        mend: impl FnOnce(Value<'d>) -> Option<String>,
    ) {
        self.mended += 1;
        let may_mend = self.mended <= MOST_MENDED && self.written < MOST_WRITTEN;
        let mended = may_mend.then(|| mend(self.policy)).flatten();
        self.written += mended.as_ref().map_or(0, String::len);
        let mistake = match mended {
            Some(policy) => mistake.with(member, policy),
            None => mistake,
        };
        self.problems.add_mistake(span, &mistake);
    }

    /// Remembers that a value could not be examined; the first reason is kept.
    pub(super) fn cannot_tell(&mut self, unknown: &Unknown) {
        self.problems.cannot_tell(unknown);
    }

    /// Whether something is certainly wrong.
    pub(super) fn any(&self) -> bool {
        self.problems.any()
    }

    /// Adds the list; see [`Problems::finish`].
    pub(super) fn finish(self, span: Span) -> NodeId {
        self.problems.finish(span)
    }
}
