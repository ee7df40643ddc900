//! What rules say about repositories, and how many of them they say it about.
//! It does not know what a repository is, nor why a rule says so.

use std::sync::Arc;

/// What a rule says about one repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The rule has nothing to say about this repository.
    NotApplicable,
    /// The repository keeps the rule.
    Pass,
    /// Somebody decided that the finding does not count.
    Ignored,
    /// The finding was there before the baseline was written.
    Baselined,
    /// The finding is in lines that did not change.
    Unchanged,
    /// It cannot be known from the inputs.
    Undetermined,
    /// The repository breaks the rule.
    Fail,
}

impl Verdict {
    /// Whether a finding with it counts: it was not set aside.
    #[must_use]
    pub fn counts(self) -> bool {
        matches!(self, Verdict::Fail | Verdict::Undetermined)
    }

    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::NotApplicable => "not-applicable",
            Verdict::Pass => "pass",
            Verdict::Ignored => "ignored",
            Verdict::Baselined => "baselined",
            Verdict::Unchanged => "unchanged",
            Verdict::Undetermined => "undetermined",
            Verdict::Fail => "fail",
        }
    }
}

/// The verdicts of rules about one repository. The ids of the rules are shared by all repositories of
/// a report, so that a million repositories fit into memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    rules: Arc<[String]>,
    verdicts: Box<[Verdict]>,
}

impl Verdicts {
    /// The verdicts of `rules`, in their order.
    #[must_use]
    pub fn new(rules: Arc<[String]>, verdicts: Vec<Verdict>) -> Self {
        Self {
            rules,
            verdicts: verdicts.into_boxed_slice(),
        }
    }

    /// Rule id and verdict, in the order of the rule ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, Verdict)> {
        let rules = self.rules.iter().map(String::as_str);
        rules.zip(self.verdicts.iter().copied())
    }

    /// Rule id and verdict, which may be changed.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (&str, &mut Verdict)> {
        let rules = self.rules.iter().map(String::as_str);
        rules.zip(self.verdicts.iter_mut())
    }

    /// Whether both are verdicts of one and the same list of rules.
    #[must_use]
    pub fn are_of_the_rules_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rules, &other.rules)
    }

    /// The verdict of the rule of this number, in the order of the rule ids.
    #[must_use]
    pub fn at(&self, number: usize) -> Option<Verdict> {
        self.verdicts.get(number).copied()
    }

    /// The verdict of the rule `id`, when that is on.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Verdict> {
        self.iter()
            .find(|(rule, _)| *rule == id)
            .map(|(_, verdict)| verdict)
    }
}

impl FromIterator<(String, Verdict)> for Verdicts {
    fn from_iter<I: IntoIterator<Item = (String, Verdict)>>(pairs: I) -> Self {
        let (rules, verdicts): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        Self::new(rules.into(), verdicts)
    }
}

/// How many repositories a rule says what about. Those that a tool made are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The rule has nothing to say about them.
    pub not_applicable: usize,
    /// They keep the rule.
    pub pass: usize,
    /// Every finding about them is ignored.
    pub ignored: usize,
    /// Every finding about them was there before the baseline was written.
    pub baselined: usize,
    /// Every finding about them is in lines that did not change.
    pub unchanged: usize,
    /// It cannot be known.
    pub undetermined: usize,
    /// They break the rule.
    pub fail: usize,
}

impl Tally {
    /// Counts one repository.
    pub fn add(&mut self, verdict: Verdict) {
        *self.of(verdict) += 1;
    }

    /// Counts one repository less.
    pub(super) fn take(&mut self, verdict: Verdict) {
        let count = self.of(verdict);
        *count = count.saturating_sub(1);
    }

    fn of(&mut self, verdict: Verdict) -> &mut usize {
        match verdict {
            Verdict::NotApplicable => &mut self.not_applicable,
            Verdict::Pass => &mut self.pass,
            Verdict::Ignored => &mut self.ignored,
            Verdict::Baselined => &mut self.baselined,
            Verdict::Unchanged => &mut self.unchanged,
            Verdict::Undetermined => &mut self.undetermined,
            Verdict::Fail => &mut self.fail,
        }
    }

    /// Adds what was counted elsewhere.
    pub fn append(&mut self, other: &Self) {
        self.not_applicable += other.not_applicable;
        self.pass += other.pass;
        self.ignored += other.ignored;
        self.baselined += other.baselined;
        self.unchanged += other.unchanged;
        self.undetermined += other.undetermined;
        self.fail += other.fail;
    }
}
