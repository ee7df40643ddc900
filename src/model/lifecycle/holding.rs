//! Which images others keep: an index keeps what it lists, and what refers to an image goes with it.
//! It does not know rules.
//!
//! <https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html>

use rustc_hash::FxHashMap;

use super::image::{Children, Image, Status};
use super::time::Time;

/// Whether an index keeps an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Hold {
    /// None does.
    #[default]
    Free,
    /// This one does.
    By(usize),
    /// Nobody has looked.
    Maybe,
}

/// What images of one repository are to each other.
#[derive(Debug, Default)]
pub(super) struct Ties {
    /// Empty where there is no index.
    holds: Vec<Hold>,
    /// Images that refer to others, each with the index of its subject where that is there.
    pub(super) referrers: Vec<(usize, Option<usize>)>,
}

/// The indexes of which nobody knows what they list. All that an index lists is pushed before it.
#[derive(Clone, Copy, Debug)]
enum UnlistedIndexes {
    /// There is none.
    None,
    /// The last of them was pushed at this moment.
    UpTo(Time),
    /// It is not known when one of them was pushed.
    AtAnyTime,
}

impl UnlistedIndexes {
    /// These, and one that was pushed then.
    fn and(self, pushed: Option<Time>) -> Self {
        match (self, pushed) {
            (Self::AtAnyTime, _) | (_, None) => Self::AtAnyTime,
            (Self::UpTo(last), Some(pushed)) => Self::UpTo(last.max(pushed)),
            (Self::None, Some(pushed)) => Self::UpTo(pushed),
        }
    }

    /// Whether one of them may list an image that was pushed then.
    fn may_list(self, pushed: Option<Time>) -> bool {
        match self {
            Self::None => false,
            Self::UpTo(last) => pushed.is_none_or(|pushed| pushed <= last),
            Self::AtAnyTime => true,
        }
    }
}

impl Ties {
    /// Looks at all images once.
    pub(super) fn of(images: &[Image]) -> Self {
        let mut ties = Self::default();
        let is_plain = |image: &Image| !image.is_index() && image.subject.is_none();
        if images.iter().all(is_plain) {
            return ties;
        }
        let places = images.iter().enumerate();
        let places: FxHashMap<&str, usize> = places
            .map(|(at, image)| (image.digest.as_str(), at))
            .collect();
        let find = |digest: &String| places.get(digest.as_str()).copied();
        let referrers = images.iter().enumerate();
        ties.referrers = referrers
            .filter_map(|(at, image)| Some((at, image.subject.as_ref().map(find)?)))
            .collect();
        ties.holds = vec![Hold::Free; images.len()];
        let mut unlisted = UnlistedIndexes::None;
        for (at, image) in images.iter().enumerate() {
            // What an archived index lists is free.
            if image.status == Status::Archived {
                continue;
            }
            match &image.children {
                Children::None => {}
                Children::Known(digests) => {
                    for child in digests.iter().filter_map(find).filter(|child| *child != at) {
                        ties.holds[child] = Hold::By(at);
                    }
                }
                Children::Unknown => unlisted = unlisted.and(image.pushed_at),
            }
        }
        for (hold, image) in ties.holds.iter_mut().zip(images) {
            let may_be_listed = unlisted.may_list(image.pushed_at) && is_plain(image);
            if *hold == Hold::Free && may_be_listed {
                *hold = Hold::Maybe;
            }
        }
        ties
    }

    /// Whether an index keeps the image at this place.
    pub(super) fn hold(&self, at: usize) -> Hold {
        self.holds.get(at).copied().unwrap_or_default()
    }
}
