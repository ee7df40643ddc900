//! Which images a lifecycle rule can ever act on, and which it keeps from the rules behind it.
//! It does not know any image: one is made up for each question.
//!
//! An image whose tags meet a rule is out of reach of every later rule of the same storage class, even
//! where the earlier rule leaves it alone. It is counted all the same, so that this is all that a rule which never
//! acts can do to others.

use super::super::leaf::{self, Leaf};
use super::doubt;
use super::grammar::ParsedRule;
use super::image::PlaceholderImage;
use super::mended;
use super::reading::RuleField;
use super::selection::{Selection, StarReading};
use super::words::COUNT;
use crate::model::{Document, NodeId, Truth, Unknown, Value};
use crate::source::Span;

/// Patterns of one policy that are held against each other, for each two of its rules; more than in any policy that
/// people write, and a text that ECR takes has room for two thousand.
const MOST_PATTERNS: usize = 600;

/// Images from which on a rule that counts is reported with what the policy is without it.
pub(super) const QUOTA: i64 = 1_000;

/// What rules of a policy leave to the rules behind them.
pub(super) struct RuleReach<'r, 'v> {
    pub(super) rules: Vec<Selection<'r, 'v>>,
    /// Why there may be rules that cannot be read.
    hidden: Option<&'v Unknown>,
}

impl<'r, 'v> RuleReach<'r, 'v> {
    /// The rules of a policy that ECR takes; `None` when they have too many patterns to compare.
    pub(super) fn new(rules: &'r [ParsedRule<'v>], hidden: Option<&'v Unknown>) -> Option<Self> {
        let of = |rule| Selection::of(rule, StarReading::Open);
        let rules: Vec<_> = rules.iter().map(of).collect();
        let patterns: usize = rules.iter().map(Selection::len).sum();
        (patterns <= MOST_PATTERNS).then_some(Self { rules, hidden })
    }

    /// Whether every rule of the policy is known to be one.
    pub(super) fn is_whole(&self) -> bool {
        self.hidden.is_none()
    }

    /// The same rules, where `*` in the beginnings of tags has one meaning; `None` where it is in none of them.
    pub(super) fn reading(&self, stars: StarReading) -> Option<Self> {
        let of = |one: &Selection<'r, 'v>| Selection::of(one.rule, stars);
        let has_stars = self.rules.iter().any(Selection::has_stars);
        has_stars.then(|| Self {
            rules: self.rules.iter().map(of).collect(),
            hidden: self.hidden,
        })
    }

    /// Adds `[{rule, dead, why, count, days, keeps_no_minimum, shields, without, only}]`, an entry for each rule at its selection.
    pub(super) fn actions(&self, document: &mut Document, policy: Value<'_>) -> Vec<NodeId> {
        let mut found = Vec::with_capacity(self.rules.len());
        let mut written = 0;
        for one in &self.rules {
            let rule = one.rule;
            let span = one.span();
            let (dead, why) = self.never_acts(one);
            let number = number(document, rule.priority);
            let count = match rule.count_type.leaf {
                Leaf::Known(COUNT) => self::number(document, rule.count),
                _ => document.absent(rule.count.span),
            };
            // A rule that acts does more than to keep images from others.
            let shields = match (&dead, rule.count_type.leaf) {
                (Truth::False, Leaf::Known(clock)) if clock != COUNT => document.absent(span),
                _ => self.shields(document, one),
            };
            let idles = !dead.is_false() || rule.count.leaf.known() >= Some(QUOTA);
            let priority = rule.priority.leaf.known();
            let priority = priority.filter(|_| idles && written < mended::MOST_WRITTEN);
            let without = priority.and_then(|priority| mended::without(policy, priority));
            written += without.as_ref().map_or(0, String::len);
            let without = leaf::optional(document, without.as_deref(), span);
            let only = match self.rules.len() {
                1 => document.bool(true, span),
                _ => document.absent(span),
            };
            let days = self.days(document, one);
            let no_minimum = self.keeps_no_minimum(one).write(document, span);
            let dead = dead.write(document, span);
            let why = document.string(&why, span);
            found.push(document.object(
                &[
                    ("rule", number),
                    ("dead", dead),
                    ("why", why),
                    ("count", count),
                    ("days", days),
                    ("keeps_no_minimum", no_minimum),
                    ("shields", shields),
                    ("without", without),
                    ("only", only),
                ],
                span,
            ));
        }
        found
    }

    /// Whether the rule never acts, whatever images there are, and why it does not act if it does not.
    pub(super) fn never_acts(&self, one: &Selection<'_, 'v>) -> (Truth<Unknown>, String) {
        let (claimed, claimants) = self.all_claimed(one);
        let keeps = one.keeps_its_one_image();
        let why = match (&claimed, &claimants[..], &keeps, one.rule.count.leaf) {
            (Truth::True, [rule], ..) => format!("rule {rule} takes every image that it selects"),
            (Truth::True, [rule, other, ..], ..) => {
                format!("rules {rule} and {other} take every image that it selects")
            }
            (_, _, Truth::True, _) => format!(
                "it keeps the one image that the tag `{}` is on, and no later rule would act on that",
                one.exact_tag().unwrap_or_default()
            ),
            (_, _, _, Leaf::Known(count)) => {
                format!("it acts on what goes beyond {count} images, which no repository holds")
            }
            _ => String::new(),
        };
        (claimed.or(keeps), why)
    }

    /// Whether rules before this one take all that it selects, and which these are.
    fn all_claimed(&self, one: &Selection<'_, 'v>) -> (Truth<Unknown>, Vec<i64>) {
        let images = match one.rule.status.leaf {
            Leaf::Known("any") => vec![PlaceholderImage::untagged(), PlaceholderImage::fresh()],
            Leaf::Known("untagged") => vec![PlaceholderImage::untagged()],
            Leaf::Known("tagged") => vec![one.image()],
            Leaf::Unknown(unknown) if self.has_any_before(one) => {
                return (Truth::Unknown(doubt(unknown)), Vec::new());
            }
            _ => return (Truth::False, Vec::new()),
        };
        let mut claimants = Vec::new();
        let mut all = Truth::True;
        for image in images {
            let (claimed, by) = self.claimed(one, &image);
            claimants.extend(by.filter(|by| !claimants.contains(by)));
            all = match (claimed, image.doubt) {
                (Truth::True, _) => all,
                (Truth::False, Some(doubt)) => all.and(Truth::Unknown(doubt)),
                (other, _) => all.and(other),
            };
        }
        (all, claimants)
    }

    /// Whether some rule may come before this one.
    fn has_any_before(&self, one: &Selection<'_, 'v>) -> bool {
        let before = |other: &Selection<'_, 'v>| comes_before(other.rule, one.rule);
        let mut rules = self.rules.iter();
        !self.hidden_before(one).is_false() || rules.any(|other| !before(other).is_false())
    }

    /// Whether a rule that cannot be read may come before this one.
    pub(super) fn hidden_before(&self, one: &Selection<'_, 'v>) -> Truth<Unknown> {
        match self.hidden {
            // No other rule has the smallest priority that there is.
            Some(unknown) if one.rule.priority.leaf.known() != Some(1) => {
                Truth::Unknown(doubt(unknown))
            }
            _ => Truth::False,
        }
    }

    /// Whether a rule before this one takes the image, and which.
    pub(super) fn claimed(
        &self,
        one: &Selection<'_, 'v>,
        image: &PlaceholderImage,
    ) -> (Truth<Unknown>, Option<i64>) {
        let mut claimed = self.hidden_before(one);
        for other in &self.rules {
            let takes = match comes_before(other.rule, one.rule) {
                Truth::False => continue,
                before => before.and(other.meets(image)),
            };
            if takes.is_true() {
                return (Truth::True, other.rule.priority.leaf.known());
            }
            claimed = claimed.or(takes);
        }
        (claimed, None)
    }

    /// Adds `[{rule, kept}]`: the later rules that would act on images which this one keeps from them.
    fn shields(&self, document: &mut Document, one: &Selection<'_, 'v>) -> NodeId {
        let span = one.span();
        let mut found = Vec::new();
        for other in &self.rules {
            let before = comes_before(one.rule, other.rule);
            let shielded = match before {
                Truth::False => continue,
                before => before
                    .and(!other.keeps_its_one_image())
                    .and(self.kept_from(one, other)),
            };
            match shielded {
                Truth::False => {}
                Truth::True => {
                    let rule = number(document, other.rule.priority);
                    let kept = kept(document, other.rule);
                    found.push(document.object(&[("rule", rule), ("kept", kept)], span));
                }
                Truth::Unknown(unknown) => {
                    found.push(document.unknown(unknown.maybe_absent(), span));
                }
            }
        }
        if let Some(unknown) = self.hidden {
            // It may come behind, and want any image.
            found.push(document.unknown(doubt(unknown).maybe_absent(), span));
        }
        document.array(&found, span)
    }

    /// Whether it is this rule alone that keeps some image from a later one.
    fn kept_from(&self, one: &Selection<'_, 'v>, later: &Selection<'_, 'v>) -> Truth<Unknown> {
        let image = match one.shared(later) {
            Ok(Some(image)) => image,
            Ok(None) => return Truth::False,
            Err(unknown) => return Truth::Unknown(unknown),
        };
        let others = self
            .rules
            .iter()
            .filter(|other| !std::ptr::eq(other.rule, one.rule));
        let mut claimed = self.hidden_before(later);
        for other in others {
            let takes = match comes_before(other.rule, later.rule) {
                Truth::False => continue,
                before => before.and(other.meets(&image)),
            };
            if takes.is_true() {
                return Truth::False;
            }
            claimed = claimed.or(takes);
        }
        let is_real = image.doubt.map_or(Truth::True, Truth::Unknown);
        (!claimed).and(is_real)
    }

    /// Whether any rule expires images with tags.
    ///
    /// A rule that another one keeps from all of its images does not; but where the other one expires them itself,
    /// it does not matter which of them it is.
    pub(super) fn caps_tagged(&self) -> Truth<Unknown> {
        let capable: Vec<_> = self.rules.iter().map(expires_tagged).collect();
        let mut caps = Truth::False;
        for (one, capable_itself) in self.rules.iter().zip(&capable) {
            if capable_itself.is_false() {
                continue;
            }
            let image = match one.rule.status.leaf {
                Leaf::Known("tagged") => one.image(),
                _ => PlaceholderImage::fresh(),
            };
            let mut blocked = self.hidden_before(one);
            for (other, capable) in self.rules.iter().zip(&capable) {
                let blocks = match comes_before(other.rule, one.rule) {
                    Truth::False => continue,
                    before => before.and(!capable.clone()),
                };
                blocked = match blocks {
                    Truth::False => blocked,
                    blocks => blocked.or(blocks.and(other.meets(&image))),
                };
            }
            let is_real = image.doubt.map_or(Truth::True, Truth::Unknown);
            let expires = capable_itself.clone().and(!blocked).and(is_real);
            if expires.is_true() {
                return Truth::True;
            }
            caps = caps.or(expires);
        }
        caps
    }
}

/// Whether a rule expires images with tags, where no other one keeps it from them.
fn expires_tagged(one: &Selection<'_, '_>) -> Truth<Unknown> {
    let selects = match one.rule.status.leaf {
        Leaf::Known("any" | "tagged") => Truth::True,
        Leaf::Unknown(unknown) => Truth::Unknown(doubt(unknown)),
        _ => Truth::False,
    };
    selects
        .and(expires(one.rule))
        .and(!one.keeps_its_one_image())
}

/// Whether the rule expires what it acts on.
pub(super) fn expires(rule: &ParsedRule<'_>) -> Truth<Unknown> {
    match rule.action.leaf {
        Leaf::Known("expire") => Truth::True,
        Leaf::Unknown(unknown) => Truth::Unknown(doubt(unknown)),
        _ => Truth::False,
    }
}

/// Whether both rules act in one storage class, the first one before the other.
pub(super) fn comes_before(first: &ParsedRule<'_>, second: &ParsedRule<'_>) -> Truth<Unknown> {
    if std::ptr::eq(first, second) {
        return Truth::False;
    }
    let compared = |class: bool, one: Option<&Unknown>, other: Option<&Unknown>| match one.or(other)
    {
        Some(unknown) => Truth::Unknown(doubt(unknown)),
        None => class.into(),
    };
    let (one, other) = (first.class.leaf, second.class.leaf);
    let same_class = one.known().is_some() && one.known() == other.known();
    let class = compared(same_class, unknown(one), unknown(other));
    let (one, other) = (first.priority.leaf, second.priority.leaf);
    let is_first = matches!((one.known(), other.known()), (Some(one), Some(other)) if one < other);
    class.and(compared(is_first, unknown(one), unknown(other)))
}

fn unknown<'v, T>(leaf: Leaf<'v, T>) -> Option<&'v Unknown> {
    match leaf {
        Leaf::Unknown(unknown) => Some(unknown),
        _ => None,
    }
}

/// Adds how many images a rule leaves alone, however many it selects.
pub(super) fn kept(document: &mut Document, rule: &ParsedRule<'_>) -> NodeId {
    match rule.count_type.leaf {
        Leaf::Known(COUNT) => number(document, rule.count),
        // An age rule keeps no number, however few images there are.
        Leaf::Known(_) => document.integer(0, rule.count_type.span),
        _ => {
            let reason = "its `countType` is not known";
            document.unknown(Unknown::because(reason), rule.count_type.span)
        }
    }
}

pub(super) fn number(document: &mut Document, field: RuleField<'_, i64>) -> NodeId {
    let span: Span = field.span;
    match field.leaf {
        Leaf::Known(number) => document.integer(number, span),
        Leaf::Unknown(unknown) => document.unknown(doubt(unknown), span),
        Leaf::Absent | Leaf::Other => document.absent(span),
    }
}
