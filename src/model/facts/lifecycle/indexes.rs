//! Rules that count no more images than one push of a multi-platform image made: the index, what it lists, and the
//! signatures and the like that refer to these.
//! It does not know whether these take places of a rule that counts, which AWS does not say.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::leaf::Leaf;
use super::doubt;
use super::idle::as_placeholder;
use super::reach::{self, RuleReach};
use super::selection::Selection;
use super::words::COUNT;
use crate::model::lifecycle::{Children, Image, StorageClass};
use crate::model::{Document, NodeId, Truth, Unknown};

/// Images that are looked at, each as often as it belongs to an index. A repository holds 100,000 by AWS's quota.
const MOST_MEMBERS: usize = 1_000_000;
/// Characters of a digest that are enough to tell it from others.
const SHORT: usize = 19;

/// The images of a repository, and how those came that belong to indexes.
struct PushedImages<'i> {
    images: &'i [Image],
    pushes: Vec<IndexPush>,
}

/// What one push made, as far as that is known.
struct IndexPush {
    /// Places of the images: the index, what it lists, and what refers to these. The index comes first.
    members: Vec<usize>,
    /// How many of them are there for the index and what it lists.
    listed: usize,
    /// Why there may be more.
    open: Option<&'static str>,
}

/// What a push makes for one rule.
#[derive(Clone, Copy, Default)]
struct Selected {
    /// Images that the rule certainly selects.
    certain: u64,
    /// Those of them that the index lists.
    listed: u64,
    /// Images that it certainly or perhaps selects.
    possible: u64,
}

impl<'v> RuleReach<'_, 'v> {
    /// Adds `[{rule, count, makes, push}]`: an entry for each rule that counts, expires what is beyond, and counts no more
    /// images than one push of an index made that is left to it. Were each of them counted, a push would take the one
    /// before it.
    pub(super) fn few_for_index(&self, document: &mut Document, images: &[Image]) -> Vec<NodeId> {
        let pushed = PushedImages {
            images,
            pushes: pushes(images),
        };
        let mut found = Vec::new();
        if pushed.pushes.is_empty() {
            return found;
        }
        for one in &self.rules {
            let counts = matches!(one.rule.count_type.leaf, Leaf::Known(COUNT));
            let is_standard = matches!(one.rule.class.leaf, Leaf::Known("standard"));
            let acts = reach::expires(one.rule).and(!self.never_acts(one).0);
            if counts && is_standard && !acts.is_false() {
                found.extend(self.few_for(document, one, &pushed, &acts));
            }
        }
        found
    }

    /// The entry of a rule, for the push that made most.
    fn few_for(
        &self,
        document: &mut Document,
        one: &Selection<'_, 'v>,
        pushed: &PushedImages<'_>,
        acts: &Truth<Unknown>,
    ) -> Option<NodeId> {
        let PushedImages { images, pushes } = pushed;
        let counted = CountingRule::of(one, images)?;
        let mut most: Option<(Selected, &IndexPush)> = None;
        let mut open: Option<Unknown> = None;
        for push in pushes {
            let at = push.members[0];
            let claimed = self.claimed(one, &as_placeholder(&images[at])).0;
            let selects = counted.selects[at].clone();
            let is_left = acts.clone().and(selects).and(!claimed);
            match counted.judge(push, is_left, &images[at]) {
                CountSufficiency::Enough => {}
                CountSufficiency::Few(selected) => {
                    let key = |(selected, push): &(Selected, &IndexPush)| {
                        (selected.certain, images[push.members[0]].pushed_at)
                    };
                    let new = (selected, push);
                    most = most.filter(|most| key(most) >= key(&new)).or(Some(new));
                }
                CountSufficiency::Open(reason) => open = open.or(Some(reason)),
            }
        }
        let span = one.rule.count.span;
        match most {
            Some((selected, push)) => {
                let makes = i64::try_from(selected.certain).unwrap_or(i64::MAX);
                let push = words(selected, &images[push.members[0]]);
                let members = [
                    ("rule", reach::number(document, one.rule.priority)),
                    ("count", reach::number(document, one.rule.count)),
                    ("makes", document.integer(makes, span)),
                    ("push", document.string(&push, span)),
                ];
                Some(document.object(&members, span))
            }
            None => open.map(|unknown| document.unknown(unknown.maybe_absent(), span)),
        }
    }
}

/// A rule that counts, and which of the images it selects.
struct CountingRule {
    count: Result<u64, Unknown>,
    selects: Vec<Truth<Unknown>>,
    /// Images that it may select and that an index may list.
    beside: u64,
}

/// Whether a rule counts few for a push.
enum CountSufficiency {
    Enough,
    Few(Selected),
    Open(Unknown),
}

impl CountingRule {
    fn of(one: &Selection<'_, '_>, images: &[Image]) -> Option<Self> {
        let count = match one.rule.count.leaf {
            Leaf::Known(count) => Ok(u64::try_from(count).unwrap_or(0)),
            Leaf::Unknown(unknown) => Err(doubt(unknown)),
            Leaf::Absent | Leaf::Other => return None,
        };
        let selects = images.iter().map(|image| match image.class() {
            StorageClass::Standard => one.meets(&as_placeholder(image)),
            StorageClass::Archive => Truth::False,
        });
        let selects: Vec<Truth<Unknown>> = selects.collect();
        let is_plain = |image: &Image| !image.is_index() && image.subject.is_none();
        let beside = images.iter().zip(&selects);
        let beside = beside.filter(|(image, selects)| is_plain(image) && !selects.is_false());
        let beside = u64::try_from(beside.count()).unwrap_or(u64::MAX);
        Some(Self {
            count,
            selects,
            beside,
        })
    }

    /// `is_left` says whether the rule acts on the index.
    fn judge(&self, push: &IndexPush, is_left: Truth<Unknown>, index: &Image) -> CountSufficiency {
        let mut selected = push.selected(&self.selects);
        if push.open.is_some() {
            selected.possible = selected.possible.saturating_add(self.beside);
        }
        match (is_left, &self.count) {
            (Truth::False, _) => CountSufficiency::Enough,
            (Truth::True, Ok(count)) if is_few(*count, selected.certain) => {
                CountSufficiency::Few(selected)
            }
            (_, Ok(count)) if !is_few(*count, selected.possible) => CountSufficiency::Enough,
            (_, Err(_)) if selected.possible < 2 => CountSufficiency::Enough,
            (Truth::Unknown(unknown), _) => CountSufficiency::Open(unknown),
            (_, Err(unknown)) => CountSufficiency::Open(unknown.clone()),
            _ => CountSufficiency::Open(push.reason(&self.selects, index)),
        }
    }
}

/// Whether a push takes the one before it, were each image counted: the index of that one comes behind all that the new
/// one made.
fn is_few(count: u64, makes: u64) -> bool {
    makes > 1 && count <= makes
}

impl IndexPush {
    fn selected(&self, selects: &[Truth<Unknown>]) -> Selected {
        let mut selected = Selected::default();
        for (place, at) in self.members.iter().enumerate() {
            match selects[*at] {
                Truth::True => {
                    selected.certain += 1;
                    selected.possible += 1;
                    selected.listed += u64::from(place > 0 && place < self.listed);
                }
                Truth::Unknown(_) => selected.possible += 1,
                Truth::False => {}
            }
        }
        selected
    }

    /// Why nobody can tell how many images of the push a rule selects.
    fn reason(&self, selects: &[Truth<Unknown>], index: &Image) -> Unknown {
        if let Some(open) = self.open {
            let name = name(index);
            return Unknown::because(format!(
                "{open} {name} is not known, of which `aws ecr batch-get-image` answers the `imageManifest`"
            ));
        }
        let mut own = self.members.iter().map(|at| &selects[*at]);
        own.find_map(|selects| match selects {
            Truth::Unknown(unknown) => Some(unknown.clone()),
            _ => None,
        })
        .unwrap_or_else(|| Unknown::because("which images the rule selects is not known"))
    }
}

/// What each index that is not archived was pushed with.
fn pushes(images: &[Image]) -> Vec<IndexPush> {
    if !images.iter().any(Image::is_index) {
        return Vec::new();
    }
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    let mut referrers: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (at, image) in images.iter().enumerate() {
        places.insert(&image.digest, at);
        if let Some(subject) = &image.subject {
            referrers.entry(subject).or_default().push(at);
        }
    }
    // What several indexes list was made by one push of them at most.
    let mut lists: FxHashMap<usize, usize> = FxHashMap::default();
    for index in images {
        let Children::Known(digests) = &index.children else {
            continue;
        };
        let children = digests.iter().filter_map(|one| places.get(one.as_str()));
        for child in children.copied().collect::<FxHashSet<usize>>() {
            *lists.entry(child).or_default() += 1;
        }
    }
    let is_own = |child: &usize| images[*child].subject.is_none() && lists.get(child) == Some(&1);
    let mut left = MOST_MEMBERS;
    let indexes = images.iter().enumerate();
    let indexes =
        indexes.filter(|(_, one)| one.is_index() && one.class() == StorageClass::Standard);
    let mut found = Vec::new();
    for (at, index) in indexes {
        let mut seen = FxHashSet::from_iter([at]);
        let mut members = vec![at];
        let mut open = None;
        match &index.children {
            Children::Known(digests) => {
                let children = digests.iter().filter_map(|one| places.get(one.as_str()));
                let own = children.copied().filter(is_own).take(left);
                members.extend(own.filter(|child| seen.insert(*child)));
            }
            Children::Unknown => open = Some("what is listed by the index"),
            Children::None => {}
        }
        let listed = members.len();
        // What refers to something that refers to the index, too.
        let mut next = 0;
        while let Some(member) = members.get(next) {
            let of = referrers.get(images[*member].digest.as_str());
            let more = of.into_iter().flatten().copied().take(left);
            let more: Vec<usize> = more.filter(|one| seen.insert(*one)).collect();
            members.extend(more);
            next += 1;
        }
        left = left.saturating_sub(members.len());
        if left == 0 {
            // More than in any repository: nothing is said of the rest.
            break;
        }
        found.push(IndexPush {
            members,
            listed,
            open,
        });
    }
    found
}

/// A push in words.
fn words(selected: Selected, index: &Image) -> String {
    let referring = selected.certain - selected.listed - 1;
    let mut words = format!("the index {}", name(index));
    let listed = match selected.listed {
        0 => None,
        1 => Some("1 image that it lists".to_owned()),
        count => Some(format!("{count} images that it lists")),
    };
    let referring = match referring {
        0 => None,
        1 => Some("1 that refers to these".to_owned()),
        count => Some(format!("{count} that refer to these")),
    };
    let parts: Vec<String> = listed.into_iter().chain(referring).collect();
    let between = [", ", " and "];
    for (place, part) in parts.iter().enumerate() {
        words += between[usize::from(place + 1 == parts.len())];
        words += part;
    }
    words
}

/// An index by its first tag, else by its digest.
fn name(index: &Image) -> String {
    match index.tags.iter().min() {
        Some(tag) => format!("`{tag}`"),
        None => format!("`{}`", index.digest.chars().take(SHORT).collect::<String>()),
    }
}
