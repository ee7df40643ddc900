//! ARNs that stand for all those that a pattern with an open account fits, and whether a pattern fits the ARN of
//! somebody whose account nobody names.
//!
//! Who calls chooses a name that lets them in, and one that a `Deny` does not know: so a policy is tried on an ARN for
//! each pattern, besides those that fit none of them. It does not know who is let in.

use super::condition::ConditionKey;
use super::operator::Test;
use super::owner::Owner;
use super::symbols::{HoleId, Own};
use super::words::Words;
use super::{overlap, wildcard};
use crate::model::Truth;

/// Digits of an account id.
const DIGITS: usize = 12;
/// Characters of a name that nobody has written down.
const NAME: usize = 3;
/// Characters of most ARNs that are made here.
const ROOM: usize = 48;

/// Patterns of one kind that principals are found for: each is tried on each of them.
const MOST_PATTERNS: usize = 100;
/// Wildcards of such a pattern, which may each stand for any part of an ARN.
const MOST_WILDCARDS: usize = 40;

/// The kinds of principals that accounts have, as ARNs begin the names of them.
const KINDS: [&str; 2] = ["role/", "user/"];

/// The patterns of a policy that leave open of which account an ARN is, with ARNs of accounts that nobody names.
#[derive(Debug, Default)]
pub(super) struct OpenPatterns {
    principals: Vec<Words>,
    sources: Vec<Words>,
    /// Principals of an account that nobody names: one of each kind, and one for each pattern.
    strangers: Vec<Words>,
    /// The same of what services act for.
    strange_sources: Vec<Words>,
    /// Whether there are more than are looked at, or one is too much to be.
    are_too_many: bool,
}

impl OpenPatterns {
    /// Notes a pattern that a key is compared with, if it is one.
    pub(super) fn add(&mut self, key: ConditionKey, pattern: &Words) {
        let list = match key {
            ConditionKey::PrincipalArn => &mut self.principals,
            _ => &mut self.sources,
        };
        if !is_open(pattern) || list.contains(pattern) {
            return;
        }
        match list.len() < MOST_PATTERNS && wildcards(pattern) <= MOST_WILDCARDS {
            true => list.push(pattern.clone()),
            false => self.are_too_many = true,
        }
    }

    /// Whether nothing certain can be said, because not every pattern is looked at.
    pub(super) fn are_too_many(&self) -> bool {
        self.are_too_many
    }

    /// Finds the ARNs of accounts that nobody names.
    pub(super) fn find_strangers(&mut self, owner: &Owner<'_>) {
        if !self.principals.is_empty() {
            let start = start(owner, &self.principals);
            let ordinary = KINDS.map(|kind| principal(&start, None, kind));
            self.strangers = with_witnesses(&ordinary, &self.principals);
        }
        if !self.sources.is_empty() {
            let ordinary = source(start(owner, &self.sources));
            self.strange_sources = with_witnesses(&[ordinary], &self.sources);
        }
    }

    /// Principals of an account that nobody names; none where no pattern tells one of them from another.
    pub(super) fn strangers(&self) -> &[Words] {
        &self.strangers
    }

    /// What services act for, of an account that nobody names.
    pub(super) fn strange_sources(&self) -> &[Words] {
        &self.strange_sources
    }

    /// Principals of an account that no ARN of the policy names.
    pub(super) fn principals_of(&self, account: &Words, owner: &Owner<'_>) -> Vec<Words> {
        let start = start(owner, &self.principals);
        let ordinary = KINDS.map(|kind| principal(&start, Some(account), kind));
        with_witnesses(&ordinary, &self.principals)
    }

    /// A role of an account that no ARN or pattern of the policy names.
    pub(super) fn any_role_of(&self, account: &Words, owner: &Owner<'_>) -> Words {
        principal(&start(owner, &self.principals), Some(account), KINDS[0])
    }
}

/// ARNs of one account, and one for each pattern that fits none of them.
fn with_witnesses(ordinary: &[Words], patterns: &[Words]) -> Vec<Words> {
    let mut all = ordinary.to_vec();
    for pattern in patterns {
        let found = ordinary.first().and_then(|arn| witness(pattern, arn));
        all.extend(found.filter(|arn| !all.contains(arn)));
    }
    all
}

/// A principal of an account, `None` for one that nobody names, whose ARN begins with `start`.
fn principal(start: &Words, account: Option<&Words>, kind: &str) -> Words {
    let arn = start.clone().then(":iam::");
    let arn = match account {
        Some(account) => arn.then_all(account.symbols()),
        None => arn.then_fresh(DIGITS),
    };
    arn.then(":").then(kind).then_fresh(NAME)
}

/// A resource of an account that nobody names, for which a service acts.
fn source(start: Words) -> Words {
    let arn = start.then(":").then_fresh(NAME).then(":");
    let arn = arn.then_fresh(NAME).then(":").then_fresh(DIGITS);
    arn.then(":").then_fresh(NAME)
}

/// The beginning of ARNs in the partition of the stack or, where that is not known, in one that a pattern is for.
fn start(owner: &Owner<'_>, patterns: &[Words]) -> Words {
    let arn = Words::with_room(ROOM).then("arn:");
    match (owner.partition, patterns.iter().find_map(partition)) {
        (None, Some(partition)) => arn.then(partition),
        _ => arn.then_own(Own::Partition, owner),
    }
}

/// Whether a pattern of ARNs leaves open of which account they are.
pub(super) fn is_open(pattern: &Words) -> bool {
    match pattern.arn_fields() {
        Some(fields) => fields[4].is_pattern(),
        None => pattern.symbols().is_pattern() && !pattern.is("*"),
    }
}

fn wildcards(pattern: &Words) -> usize {
    let text = pattern.sample();
    text.bytes()
        .filter(|byte| matches!(byte, b'*' | b'?'))
        .count()
}

/// The partition that a pattern is written for.
fn partition(pattern: &Words) -> Option<&str> {
    let rest = pattern.symbols().strip_prefix("arn:")?;
    let (partition, _) = rest.split_once(b':')?;
    partition.known().filter(|name| !wildcard::is_pattern(name))
}

/// An ARN of the same account as `ordinary` that an open pattern fits, as far as it leaves the account open: like
/// `ordinary` wherever the pattern fits that. `None` where there is none to be found.
fn witness(pattern: &Words, ordinary: &Words) -> Option<Words> {
    let Some(patterns) = pattern.arn_fields() else {
        return of_text(pattern, ordinary);
    };
    let found = ordinary.arn_fields()?;
    let mut arn = Words::from("arn");
    for (at, (pattern, found)) in patterns.into_iter().zip(found).enumerate().skip(1) {
        arn = arn.then(":");
        arn = match at == 4 || wildcard::matches_symbols(pattern, found) {
            true => arn.then_all(found),
            false => arn.then_all(Words::from(pattern).example().symbols()),
        };
    }
    Some(arn)
}

/// The same for a pattern whose first star stands for several fields.
fn of_text(pattern: &Words, ordinary: &Words) -> Option<Words> {
    let (start, rest) = pattern.symbols().split_once(b'*')?;
    let example = Words::from(rest).example();
    let behind = ordinary.symbols().strip_prefix(start.known()?)?;
    let arn = Words::from(start).then_all(behind);
    if rest.strip_prefix(":").is_none() {
        return Some(arn.then_all(example.symbols()));
    }
    let fields = arn.arn_fields()?;
    let mut whole = Words::from("arn");
    for field in &fields[1..5] {
        whole = whole.then(":").then_all(*field);
    }
    Some(whole.then_all(example.symbols()))
}

/// Whether a pattern with wildcards in the place of the account, or for several fields, fits the ARN of somebody of an
/// account that nobody names: unknown where it fits those of some accounts only.
pub(super) fn fits(test: Test, pattern: &Words, arn: &Words) -> Truth<()> {
    let is_text = test == Test::Like;
    if is_text && wildcard::matches_symbols(pattern.symbols(), arn.symbols()) {
        return Truth::True;
    }
    let (Some(patterns), Some(found)) = (pattern.arn_fields(), arn.arn_fields()) else {
        let is_possible = !is_text || may_fit_some_account(pattern, arn);
        return match is_possible {
            true => Truth::Unknown(()),
            false => Truth::False,
        };
    };
    let is_met = |at: usize| wildcard::matches_symbols(patterns[at], found[at]);
    // A partition that is not known is the one that the pattern is written for.
    let is_partition = is_met(1) || !found[1].is_known();
    match (is_partition && [2, 3, 5].into_iter().all(is_met), is_met(4)) {
        (false, _) => Truth::False,
        (true, true) => Truth::True,
        (true, false) => Truth::Unknown(()),
    }
}

/// Whether the pattern fits the ARN for one account or another.
fn may_fit_some_account(pattern: &Words, arn: &Words) -> bool {
    let Some([_, partition, service, region, _, resource]) = arn.arn_fields() else {
        return true;
    };
    let mut open = Words::from("arn");
    for field in [partition, service, region] {
        open = open.then(":").then_all(field);
    }
    let account = HoleId::AccountOf(arn.placed());
    let open = open.then(":").then_hole(account).then(":");
    let open = open.then_all(resource);
    overlap::may_meet(pattern.symbols(), open.symbols())
}

#[cfg(test)]
mod tests {
    use super::{ConditionKey, MOST_PATTERNS, MOST_WILDCARDS, OpenPatterns, Words};

    fn with(patterns: impl IntoIterator<Item = String>) -> OpenPatterns {
        let mut open = OpenPatterns::default();
        for pattern in patterns {
            open.add(ConditionKey::PrincipalArn, &Words::from(pattern.as_str()));
        }
        open
    }

    #[test]
    fn more_patterns_than_are_looked_at_leave_it_open() {
        let pattern = |at: usize| format!("arn:aws:iam::*:role/ci-{at}");
        assert!(!with((0..MOST_PATTERNS).map(pattern)).are_too_many());
        assert!(with((0..=MOST_PATTERNS).map(pattern)).are_too_many());
        // The same one again is no other.
        let twice = (0..MOST_PATTERNS).chain(0..MOST_PATTERNS);
        assert!(!with(twice.map(pattern)).are_too_many());
    }

    #[test]
    fn a_pattern_of_wildcards_leaves_it_open() {
        let stars = |count: usize| "*a".repeat(count);
        assert!(!with([stars(MOST_WILDCARDS)]).are_too_many());
        assert!(with([stars(MOST_WILDCARDS + 1)]).are_too_many());
    }
}
