//! Which rules of a lifecycle policy expire images that resources of the inputs run, and after how little.
//! It does not know how these resources were found.

use std::cell::LazyCell;

use rustc_hash::FxHashSet;

use super::super::leaf::{self, Leaf};
use super::image::PlaceholderImage;
use super::keys;
use super::reach::{self, RuleReach};
use super::selection::Selection;
use super::words::{COUNT, MOST_RULES};
use super::{RetainedImages, doubt, mended};
use crate::model::glob;
use crate::model::members;
use crate::model::{Data, Declared, Document, ImageUse, NodeId, Truth, Unknown, Value};

/// Images of one repository that are looked at. A stack has 500 resources.
const MOST: usize = 500;

/// Why no more of them are.
const TOO_MANY: &str = "more images of the repository are used than are compared with its policy";

/// How an image is named that is run.
#[derive(Clone, Copy)]
enum DeployedName<'u> {
    Tag(&'u str),
    Digest(&'u str),
    /// By a tag that is not known.
    Unknown(&'u Unknown),
}

impl<'u> DeployedName<'u> {
    /// What it has in common with no other name.
    fn key(self) -> (u8, &'u str) {
        match self {
            DeployedName::Tag(tag) => (0, tag),
            DeployedName::Digest(digest) => (1, digest),
            DeployedName::Unknown(unknown) => (2, &unknown.reason),
        }
    }
}

/// A history in which an image expires that is run.
struct ExpiringHistory<'s, 'r, 'v> {
    one: &'s Selection<'r, 'v>,
    image: PlaceholderImage,
    /// Images that the rule leaves alone, where that is known: so many newer ones make it expire.
    kept: Option<i64>,
    /// Why it may not happen at all.
    doubt: Option<Unknown>,
}

impl<'v> RuleReach<'_, 'v> {
    /// Adds `[{rule, expires, tag, digest, image, history, kept, by, resource, protected, guarded, named}]`: an entry for
    /// each image that is run and may expire, with the history in which it has the fewest tags of its own, and of these that
    /// of the fewest images.
    pub(super) fn deployed(
        &self,
        document: &mut Document,
        policy: Value<'_>,
        wanted: RetainedImages<'_>,
    ) -> Vec<NodeId> {
        let values = wanted.values;
        let mut seen = FxHashSet::default();
        let mut found = Vec::new();
        let mut written = 0;
        let guarded = LazyCell::new(|| self.kept_by(policy, wanted));
        for it in wanted.uses {
            let Some(name) = name(values, it) else {
                continue;
            };
            // The first resource stands for all that use the same.
            if !seen.insert((name.key(), it.doubt.is_some())) {
                continue;
            }
            if seen.len() > MOST {
                let unknown = Unknown::because(TOO_MANY).maybe_absent();
                found.push(document.unknown(unknown, it.place));
                break;
            }
            let doubt = match (name, &it.doubt) {
                (_, Some(reason)) => Some(Unknown::because(reason.as_str())),
                (DeployedName::Unknown(unknown), None) => Some(doubt(unknown)),
                _ => None,
            };
            let entry = ExpiringUse {
                it,
                name,
                is_protected: is_protected(name, wanted.protected),
                doubt,
            };
            for history in telling(self.histories(name)) {
                let guarded = match name {
                    DeployedName::Tag(_) if written < mended::MOST_WRITTEN => guarded.as_deref(),
                    _ => None,
                };
                written += guarded.map_or(0, str::len);
                found.push(entry.write(self, &history, document, guarded));
            }
        }
        found
    }

    /// Histories in which an image expires, the certain ones first, among them those in which it has the fewest tags, and among
    /// these that of the fewest images.
    fn histories<'s>(&'s self, name: DeployedName<'_>) -> Vec<ExpiringHistory<'s, 's, 'v>> {
        let mut found = Vec::new();
        for one in &self.rules {
            let image = match name {
                DeployedName::Tag(tag) => one.image().and(tag),
                DeployedName::Unknown(unknown) => one.image().and_unknown(unknown),
                DeployedName::Digest(_) => one.image(),
            };
            let doubt = match self.takes(one, &image) {
                Truth::False => continue,
                Truth::True => None,
                Truth::Unknown(unknown) => Some(unknown),
            };
            let kept = match (one.rule.count_type.leaf, one.rule.count.leaf) {
                (Leaf::Known(COUNT), Leaf::Known(count)) => Some(count),
                (Leaf::Known(COUNT) | Leaf::Unknown(_), _) => None,
                _ => Some(0),
            };
            found.push(ExpiringHistory {
                one,
                image,
                kept,
                doubt,
            });
        }
        found.sort_by_key(|it| {
            let is_archived = it.one.rule.class.leaf.known() == Some("archive");
            let kept = it.kept.unwrap_or(i64::MAX);
            let priority = it.one.rule.priority.leaf.known();
            // What takes the image as it is comes before what takes it with tags that nobody has seen on it.
            (
                it.doubt.is_some(),
                kept >= reach::QUOTA,
                it.image.len(),
                kept,
                is_archived,
                priority,
            )
        });
        found
    }

    /// The policy with rules in front that keep every tag that is run.
    fn kept_by(&self, policy: Value<'_>, wanted: RetainedImages<'_>) -> Option<String> {
        let mut tags: Vec<Declared<String>> = Vec::new();
        for it in wanted.uses {
            let Some(tag) = it.certain_tag(wanted.values) else {
                continue;
            };
            if tags.len() > MOST_RULES {
                return None;
            }
            if !tags.iter().any(|known| known.value == tag) {
                tags.push(Declared {
                    value: tag.to_owned(),
                    span: it.place,
                });
            }
        }
        self.guarded(policy, &tags)
    }
}

/// The first history, and where no repository may hold as many images as it takes, the first of those of which that or
/// something else is not known.
fn telling<'s, 'r, 'v>(
    histories: Vec<ExpiringHistory<'s, 'r, 'v>>,
) -> Vec<ExpiringHistory<'s, 'r, 'v>> {
    let is_few = |it: &ExpiringHistory<'s, 'r, 'v>| it.kept.is_some_and(|kept| kept < reach::QUOTA);
    let is_told = |it: &ExpiringHistory<'s, 'r, 'v>| it.doubt.is_none() && it.kept.is_some();
    let mut told: Vec<ExpiringHistory<'s, 'r, 'v>> = Vec::new();
    for history in histories {
        let after = told
            .last()
            .is_none_or(|last| is_told(last) && !is_told(&history));
        if after {
            let is_enough = is_told(&history) && is_few(&history);
            told.push(history);
            if is_enough {
                break;
            }
        }
    }
    told
}

/// What is said about an image that may expire.
struct ExpiringUse<'u> {
    it: &'u ImageUse,
    name: DeployedName<'u>,
    is_protected: bool,
    /// Why it may be none of the repository, or may have another tag.
    doubt: Option<Unknown>,
}

impl ExpiringUse<'_> {
    fn write(
        &self,
        reach: &RuleReach<'_, '_>,
        history: &ExpiringHistory<'_, '_, '_>,
        document: &mut Document,
        guarded: Option<&str>,
    ) -> NodeId {
        let place = self.it.place;
        let span = history.one.span();
        let rule = history.one.rule;
        let tags = reach.example(history.one, &history.image);
        let (tag, digest, image) = match self.name {
            DeployedName::Digest(digest) if tags.is_empty() => {
                (None, Some(digest), format!("the image `{digest}`"))
            }
            DeployedName::Digest(digest) => {
                let image = format!("the image `{digest}`, where it is tagged {tags},");
                (None, Some(digest), image)
            }
            DeployedName::Tag(tag) => (Some(tag), None, format!("the image tagged {tags}")),
            DeployedName::Unknown(_) => (None, None, format!("the image tagged {tags}")),
        };
        // What keeps anybody from telling is told where it stands.
        let (expires, at) = match (&self.doubt, &history.doubt) {
            (Some(doubt), _) => {
                let doubt = doubt.clone();
                let rule = "this rule may expire it".to_owned();
                (Truth::Unknown(doubt.beside(span, rule)), place)
            }
            (None, Some(doubt)) => {
                let doubt = doubt.clone();
                let image = "this image is used".to_owned();
                (Truth::Unknown(doubt.beside(place, image)), span)
            }
            (None, None) => (Truth::True, span),
        };
        let named = document.object(&[], place);
        let members = [
            ("rule", reach::number(document, rule.priority)),
            ("expires", expires.write(document, at)),
            ("tag", leaf::optional(document, tag, span)),
            ("digest", leaf::optional(document, digest, span)),
            ("image", document.string(&image, span)),
            (
                "history",
                document.string(&told(history, digest.is_some()), span),
            ),
            ("kept", reach::kept(document, rule)),
            ("by", document.string(&self.it.logical_id, place)),
            ("resource", document.string(&self.it.resource, place)),
            ("protected", document.bool(self.is_protected, span)),
            ("guarded", leaf::optional(document, guarded, span)),
            (members::NAMED.name(), named),
        ];
        document.object(&members, span)
    }
}

/// What has to happen until the image expires.
fn told(history: &ExpiringHistory<'_, '_, '_>, is_digest: bool) -> String {
    let rule = history.one.rule;
    let count = match rule.count.leaf {
        Leaf::Known(count) => count.to_string(),
        _ => "so many".to_owned(),
    };
    let is_one = rule.count.leaf.known() == Some(1);
    let untagged = rule.status.leaf.known() == Some("untagged");
    let first = match untagged && is_digest {
        true => "its tags are gone and ",
        false => "",
    };
    let (days, have) = if is_one {
        ("day", "has")
    } else {
        ("days", "have")
    };
    let Leaf::Known(COUNT) = rule.count_type.leaf else {
        return match rule.class.leaf.known() {
            Some("archive") => format!("once {first}it has been archived for {count} {days}"),
            _ => format!("once {first}{count} {days} {have} gone by since it was pushed"),
        };
    };
    let (images, are) = if is_one {
        ("image", "is")
    } else {
        ("images", "are")
    };
    let kind = match rule.list {
        _ if untagged => " without a tag".to_owned(),
        Some((_, list)) if !matches!(list.data(), Data::Unknown(_)) => {
            let entries = list.items().filter_map(Value::as_str);
            let entries: Vec<_> = entries.map(|entry| format!("`{entry}`")).collect();
            match rule.list {
                Some((keys::TAG_PREFIX_LIST, _)) => {
                    format!(" tagged {}…", entries.join("… and "))
                }
                _ => format!(" tagged {}", entries.join(" and ")),
            }
        }
        _ => String::new(),
    };
    format!("once {first}{count} newer {images}{kind} {are} there")
}

/// How an image is named that is run; `None` where there is nothing to go by.
fn name<'u>(values: &'u Document, it: &'u ImageUse) -> Option<DeployedName<'u>> {
    match (values.value(it.digest).data(), values.value(it.tag).data()) {
        (Data::String(digest), _) => Some(DeployedName::Digest(digest)),
        // Whatever its digest is, no tag protects it.
        (Data::Unknown(_), _) => Some(DeployedName::Digest("sha256:…")),
        (_, Data::String(tag)) => Some(DeployedName::Tag(tag)),
        (_, Data::Unknown(unknown)) => Some(DeployedName::Unknown(unknown)),
        _ => None,
    }
}

fn is_protected(name: DeployedName<'_>, protected: &[Declared<String>]) -> bool {
    match name {
        DeployedName::Tag(tag) => protected
            .iter()
            .any(|pattern| glob::matches(&pattern.value, tag)),
        _ => false,
    }
}
