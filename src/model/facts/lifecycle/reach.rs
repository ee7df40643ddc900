//! Which images a lifecycle rule can ever act on: rules in the shadow of others, and images that carry
//! a protected tag. It does not know any image: one is made up for each question.
//!
//! An image whose tags meet a rule is out of reach of every later rule of the same storage class, even
//! where the earlier rule leaves it alone. Further tags only make an image meet more rules. So the image
//! that is hardest to claim for a rule has one tag for each of the rule's patterns, and each of these tags
//! has a character of no pattern in place of every `*`: what claims it claims every image of the rule.

use super::super::glob;
use super::super::leaf::{Answer, Leaf};
use super::grammar::Rule;
use crate::model::{Data, Declared, Document, NodeId, Unknown, Value};

/// Patterns of one policy that are held against each other; a text that ECR takes hardly has room for more.
const MOST_PATTERNS: usize = 2_000;

/// Longest tag of the OCI distribution specification, in characters.
const LONGEST_TAG: usize = 128;

/// What rules of a policy leave to the rules behind them.
pub(super) struct Reach<'r, 'v> {
    rules: &'r [Rule<'v>],
    /// Why there may be rules that cannot be read.
    hidden: Option<&'v Unknown>,
}

/// An image that is made up: the tags that it has.
struct Image {
    tags: Vec<String>,
    /// Why its tags are not known, or may not be possible.
    doubt: Option<Unknown>,
}

impl<'r, 'v> Reach<'r, 'v> {
    /// The rules of a policy that ECR takes; `None` when they have too many patterns to compare.
    pub(super) fn new(rules: &'r [Rule<'v>], hidden: Option<&'v Unknown>) -> Option<Self> {
        let patterns: usize = rules.iter().map(|rule| entries(rule).count()).sum();
        (patterns <= MOST_PATTERNS).then_some(Self { rules, hidden })
    }

    /// Adds `[{rule, dead, why, count, shields}]`, an entry for each rule at its selection.
    pub(super) fn actions(&self, document: &mut Document) -> Vec<NodeId> {
        let mut found = Vec::with_capacity(self.rules.len());
        for rule in self.rules {
            let span = selection(rule);
            let (dead, claimants) = self.dead(rule);
            let why = match (&dead, &claimants[..], rule.count.leaf) {
                (Answer::Yes, [one], _) => format!("rule {one} takes every image that it selects"),
                (Answer::Yes, [one, other, ..], _) => {
                    format!("rules {one} and {other} take every image that it selects")
                }
                (_, _, Leaf::Known(count)) => {
                    format!("it acts on what goes beyond {count} images, which no repository holds")
                }
                _ => String::new(),
            };
            let number = number(document, rule.priority);
            let count = match rule.count_type.leaf {
                Leaf::Known("imageCountMoreThan") => self::number(document, rule.count),
                _ => document.absent(rule.count.span),
            };
            let shields = self.shields(rule).write(document, span);
            let dead = dead.write(document, span);
            let why = document.string(&why, span);
            found.push(document.object(
                &[
                    ("rule", number),
                    ("dead", dead),
                    ("why", why),
                    ("count", count),
                    ("shields", shields),
                ],
                span,
            ));
        }
        found
    }

    /// Adds `[{rule, expires, tag, image, kept}]`: an entry for each rule that may expire an image with
    /// one of the tags, for the first such tag.
    pub(super) fn expirations(
        &self,
        document: &mut Document,
        tags: &[Declared<String>],
    ) -> Vec<NodeId> {
        let mut found = Vec::new();
        for rule in self.rules {
            let Some((tag, expires, image)) = self.expires_any(rule, tags) else {
                continue;
            };
            let span = selection(rule);
            let kept = match rule.count_type.leaf {
                Leaf::Known("imageCountMoreThan") => number(document, rule.count),
                // An age rule keeps no number, however few images there are.
                Leaf::Known(_) => document.integer(0, rule.count_type.span),
                _ => document.unknown(Unknown::because("its `countType` is not known"), span),
            };
            let rule = number(document, rule.priority);
            let expires = expires.write(document, span);
            let tag = document.string(&tag.value, tag.span);
            let image = document.string(&image, span);
            found.push(document.object(
                &[
                    ("rule", rule),
                    ("expires", expires),
                    ("tag", tag),
                    ("image", image),
                    ("kept", kept),
                ],
                span,
            ));
        }
        found
    }

    /// Whether the rule can never act because others take all that it selects, and which these are.
    fn dead(&self, rule: &Rule<'v>) -> (Answer, Vec<i64>) {
        let images = match rule.status.leaf {
            Leaf::Known("any") => vec![Image::untagged(), Image::fresh()],
            Leaf::Known("untagged") => vec![Image::untagged()],
            Leaf::Known("tagged") => vec![Image::of(rule)],
            Leaf::Unknown(unknown) => return (Answer::Unknown(because(unknown)), Vec::new()),
            _ => return (Answer::No, Vec::new()),
        };
        let mut claimants = Vec::new();
        let mut dead = Answer::Yes;
        for image in images {
            let (claimed, by) = self.claimed(rule, &image);
            claimants.extend(by.filter(|by| !claimants.contains(by)));
            dead = match (claimed, image.doubt) {
                (Answer::Yes, _) => dead,
                (Answer::No, Some(doubt)) => dead.and(Answer::Unknown(doubt)),
                (other, _) => dead.and(other),
            };
        }
        (dead, claimants)
    }

    /// Whether a rule before this one takes the image, and which.
    fn claimed(&self, rule: &Rule<'v>, image: &Image) -> (Answer, Option<i64>) {
        let mut claimed = match self.hidden {
            Some(unknown) => Answer::Unknown(because(unknown)),
            None => Answer::No,
        };
        for other in self.rules {
            let takes = comes_before(other, rule).and(meets(other, image));
            if matches!(takes, Answer::Yes) {
                return (Answer::Yes, other.priority.leaf.known());
            }
            claimed = claimed.or(takes);
        }
        (claimed, None)
    }

    /// Whether a later rule selects images that this one keeps from it.
    fn shields(&self, rule: &Rule<'v>) -> Answer {
        let shields = self.rules.iter().any(|other| {
            let before = comes_before(rule, other);
            !matches!(before, Answer::No) && may_share(rule, other)
        });
        match (shields, self.hidden) {
            (false, Some(unknown)) => Answer::Unknown(because(unknown)),
            (shields, _) => shields.into(),
        }
    }

    /// The first of the tags that an image may carry which the rule expires, and such an image in words.
    fn expires_any<'t>(
        &self,
        rule: &Rule<'v>,
        tags: &'t [Declared<String>],
    ) -> Option<(&'t Declared<String>, Answer, String)> {
        let acts = match rule.action.leaf {
            Leaf::Known("expire") => Answer::Yes,
            Leaf::Unknown(unknown) => Answer::Unknown(because(unknown)),
            _ => return None,
        };
        let mut maybe = None;
        for tag in tags {
            let image = Image::of(rule).and(&tag.value);
            let expires = match (acts.clone().and(meets(rule, &image)), &image.doubt) {
                (Answer::No, _) => continue,
                (Answer::Yes, Some(doubt)) => Answer::Unknown(doubt.clone()),
                (other, _) => other,
            };
            match expires.and(self.claimed(rule, &image).0.not()) {
                Answer::No => {}
                Answer::Yes => return Some((tag, Answer::Yes, self.example(rule, &image))),
                unknown => maybe = maybe.or(Some((tag, unknown, String::new()))),
            }
        }
        maybe
    }

    /// The tags of the image in words, with something readable in place of each `*`.
    fn example(&self, rule: &Rule<'v>, image: &Image) -> String {
        let mut tags: Vec<&String> = image.tags.iter().collect();
        // A tag that is more special than another one does for both.
        let all = tags.clone();
        tags.retain(|tag| {
            let twin = |other: &&String| {
                *other != *tag && glob::matches(&glob::fill(tag, "*"), other.as_str())
            };
            !all.iter().any(twin)
        });
        tags.dedup();
        let filled = ["1", "42", "q7", "x0z"].into_iter().map(|filling| {
            let tags = tags.iter().map(|tag| glob::fill(tag, filling));
            tags.collect::<Vec<_>>()
        });
        let fits = |tags: &Vec<String>| {
            let image = Image {
                tags: tags.clone(),
                doubt: None,
            };
            matches!(meets(rule, &image), Answer::Yes)
                && matches!(self.claimed(rule, &image).0, Answer::No)
        };
        let named = filled.clone().find(fits).or_else(|| filled.clone().next());
        let named: Vec<_> = named
            .iter()
            .flatten()
            .map(|tag| format!("`{tag}`"))
            .collect();
        named.join(" and ")
    }
}

impl Image {
    fn untagged() -> Self {
        Self {
            tags: Vec::new(),
            doubt: None,
        }
    }

    /// An image with a tag that only `*` matches.
    fn fresh() -> Self {
        Self {
            tags: vec![glob::generic("*")],
            doubt: None,
        }
    }

    /// The image of the rule that meets the fewest other rules; without tags unless the rule wants some.
    fn of(rule: &Rule<'_>) -> Self {
        let mut image = Self::untagged();
        let wanted = match rule.list.map(|(_, list)| list.data()) {
            Some(Data::Unknown(unknown)) => Some(because(unknown)),
            _ => None,
        };
        image.doubt = wanted;
        for entry in entries(rule) {
            match entry {
                Ok(pattern) => image = image.and(&pattern),
                Err((pattern, unknown)) => {
                    image.tags.push(glob::generic(&pattern));
                    image.doubt = image.doubt.or_else(|| Some(because(unknown)));
                }
            }
        }
        image
    }

    /// The image with a tag more: one that meets the pattern, and as few others as can be.
    fn and(mut self, pattern: &str) -> Self {
        if !is_possible(pattern) {
            let doubt = format!(
                "`{pattern}` fits no tag of the OCI specification, and AWS does not say whether ECR \
                 takes others"
            );
            self.doubt = self.doubt.or_else(|| Some(Unknown::because(doubt)));
        }
        self.tags.push(glob::generic(pattern));
        self
    }
}

/// Whether the image meets what a rule wants of tags.
fn meets(rule: &Rule<'_>, image: &Image) -> Answer {
    match rule.status.leaf {
        Leaf::Known("any") => Answer::Yes,
        Leaf::Known("untagged") => image.tags.is_empty().into(),
        Leaf::Known("tagged") => match rule.list.map(|(_, list)| list.data()) {
            Some(Data::Unknown(unknown)) if !image.tags.is_empty() => {
                Answer::Unknown(because(unknown))
            }
            Some(Data::Array) => entries(rule).fold(Answer::Yes, |sofar, entry| {
                let has = |pattern: &str, fits: fn(&str, &str) -> bool| {
                    image.tags.iter().any(|tag| fits(pattern, tag))
                };
                sofar.and(match entry {
                    Ok(pattern) => has(&pattern, glob::matches).into(),
                    // What fills the holes may be anything, a `*` included.
                    Err((pattern, unknown)) if has(&pattern, glob::overlap) => {
                        Answer::Unknown(because(unknown))
                    }
                    Err(_) => Answer::No,
                })
            }),
            _ => Answer::No,
        },
        Leaf::Unknown(unknown) => Answer::Unknown(because(unknown)),
        Leaf::Known(_) | Leaf::Absent | Leaf::Other => Answer::No,
    }
}

/// Whether both rules act in one storage class, the first one before the other.
fn comes_before(first: &Rule<'_>, second: &Rule<'_>) -> Answer {
    let class = match (first.class.leaf, second.class.leaf) {
        (Leaf::Known(first), Leaf::Known(second)) => (first == second).into(),
        (Leaf::Unknown(unknown), _) | (_, Leaf::Unknown(unknown)) => {
            Answer::Unknown(because(unknown))
        }
        _ => Answer::No,
    };
    if std::ptr::eq(first, second) {
        return Answer::No;
    }
    let earlier = match (first.priority.leaf, second.priority.leaf) {
        (Leaf::Known(first), Leaf::Known(second)) => (first < second).into(),
        (Leaf::Unknown(unknown), _) | (_, Leaf::Unknown(unknown)) => {
            Answer::Unknown(because(unknown))
        }
        _ => Answer::No,
    };
    class.and(earlier)
}

/// Whether some image may meet both rules. Two lists of tags always have one: with the tags of both.
fn may_share(one: &Rule<'_>, other: &Rule<'_>) -> bool {
    let words = (one.status.leaf.known(), other.status.leaf.known());
    !matches!(
        words,
        (Some("untagged"), Some("tagged")) | (Some("tagged"), Some("untagged"))
    )
}

/// The patterns of a rule, a prefix as the pattern that it stands for; one that is not known with what
/// is known of it.
fn entries<'v>(
    rule: &Rule<'v>,
) -> impl Iterator<Item = Result<String, (String, &'v Unknown)>> + use<'v> {
    let (key, list) = match rule.list {
        Some((key, list)) => (key, Some(list)),
        None => ("", None),
    };
    let pattern = move |text: &str| match key {
        "tagPrefixList" => format!("{text}*"),
        _ => text.to_owned(),
    };
    let items = list.into_iter().flat_map(Value::items);
    items.filter_map(move |entry| match entry.data() {
        Data::String(text) => Some(Ok(pattern(text))),
        Data::Unknown(unknown) => {
            let known = unknown.shape.as_ref().map(glob::of_shape);
            Some(Err((
                pattern(&known.unwrap_or_else(|| "*".into())),
                unknown,
            )))
        }
        _ => None,
    })
}

/// Whether the OCI distribution specification has a tag that fits: letters, digits, `_`, `.` and `-`, the
/// last two not in front (<https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests>).
fn is_possible(pattern: &str) -> bool {
    let literal = pattern.chars().filter(|letter| *letter != '*');
    let all_fit = literal
        .clone()
        .all(|letter| letter.is_ascii_alphanumeric() || "_.-".contains(letter));
    all_fit
        && literal.count() <= LONGEST_TAG
        && !pattern.is_empty()
        && !pattern.starts_with(['.', '-'])
}

/// Where a rule says which images it is about.
fn selection(rule: &Rule<'_>) -> crate::source::Span {
    rule.list.map_or(rule.status.span, |(_, list)| list.span())
}

fn number(document: &mut Document, field: super::reading::Field<'_, i64>) -> NodeId {
    match field.leaf {
        Leaf::Known(number) => document.integer(number, field.span),
        Leaf::Unknown(unknown) => document.unknown(because(unknown), field.span),
        Leaf::Absent | Leaf::Other => document.absent(field.span),
    }
}

fn because(unknown: &Unknown) -> Unknown {
    Unknown::because(unknown.reason.as_str())
}
