//! What a lifecycle policy does with images: which it expires, which it archives, which it leaves alone, and why.
//! It does not know texts, templates or the time of day: policies, images and `now` are given.
//!
//! <https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html>

mod change;
mod clock;
mod effect;
mod evaluation;
mod family;
pub mod history;
mod holding;
mod image;
mod lasting;
mod play;
mod policy;
mod rounds;
mod shape;
mod time;

pub use change::{Happens, Witness, does_more};
pub use effect::{Evaluation, Fate, Kept, OutcomeDoubt, RuleEffect};
pub use evaluation::evaluate;
pub use family::family;
pub use image::{Children, Image, LiveImages, Status};
pub use lasting::{Lasting, lasting};
pub use play::{ImageEnd, play};
pub use policy::{
    LifecycleAction, LifecyclePolicy, LifecycleRule, Limit, MOST_RULES, StorageClass, TagListEntry,
    Tags,
};
pub use rounds::settle;
pub use shape::TagShape;
pub use time::Time;
