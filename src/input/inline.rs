//! Ignores that stand beside what they are about: how their parts become one, whatever they are
//! written in.
//! It does not know which rules there are.

use crate::ignore::{Date, Ignore, IgnoreScope, rule_id};
use crate::source::{Problem, Span};

/// Ignores that an input itself holds.
#[derive(Debug, Default)]
pub struct Inline {
    /// Those that can be read.
    pub ignores: Vec<Ignore>,
    /// Mistakes in the others.
    pub problems: Vec<Problem>,
}

/// A text with its place.
pub(super) type SpannedText<'t> = (&'t str, Span);

/// An ignore as it is written down.
#[derive(Clone, Debug)]
pub(super) struct IgnoreComment<'t> {
    pub(super) rule: SpannedText<'t>,
    pub(super) reason: Option<&'t str>,
    pub(super) owner: Option<&'t str>,
    pub(super) expires: Option<SpannedText<'t>>,
    /// What it is about.
    pub(super) places: Vec<Span>,
    /// How a reason is given, for whoever left it out.
    pub(super) how: &'static str,
}

impl Inline {
    /// Adds what a draft says, or what is wrong with it.
    pub(super) fn add(&mut self, draft: IgnoreComment<'_>) {
        match finish(draft) {
            Ok(ignore) => self.ignores.push(ignore),
            Err(problem) => self.problems.push(problem),
        }
    }

    /// Adds the ignores of another input.
    pub fn append(&mut self, other: Self) {
        self.ignores.extend(other.ignores);
        self.problems.extend(other.problems);
    }
}

fn finish(draft: IgnoreComment<'_>) -> Result<Ignore, Problem> {
    let (name, rule_span) = draft.rule;
    let rule = rule_id(name.trim());
    if rule.is_empty() {
        let problem = Problem::new(rule_span, "an ignore names no rule");
        return Err(problem
            .label("the id of a rule belongs here")
            .help("name the rule, as in `scan-on-push`"));
    }
    let words: Vec<&str> = draft
        .reason
        .map_or_else(Vec::new, |reason| reason.split_whitespace().collect());
    if words.is_empty() {
        let problem = Problem::new(rule_span, format!("the ignore of `{rule}` has no reason"));
        return Err(problem
            .label("ignored here, nobody knows why")
            .help(draft.how));
    }
    let expires = match draft.expires {
        None => None,
        Some((text, span)) => Some((date(text, span)?, span)),
    };
    Ok(Ignore {
        rule: rule.to_owned(),
        rule_span,
        scope: IgnoreScope::Places(draft.places),
        reason: words.join(" "),
        owner: draft.owner.map(str::to_owned),
        expires,
        foreign: false,
    })
}

fn date(text: &str, span: Span) -> Result<Date, Problem> {
    text.parse().map_err(|error: crate::ignore::DateError| {
        Problem::new(span, format!("`expires` is not a date: `{text}`"))
            .label(error.to_string())
            .help("write the last day on which the ignore holds, such as `2027-06-30`")
    })
}
