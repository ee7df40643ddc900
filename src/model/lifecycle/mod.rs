//! What a lifecycle policy does with images: which it expires, which it archives, which it leaves alone, and why.
//! It does not know texts, templates or the time of day: policies, images and `now` are given.
//!
//! <https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html>

mod clock;
mod effect;
mod evaluation;
mod holding;
mod image;
mod policy;
mod rounds;
mod time;

pub use effect::{Doubt, Effect, Evaluation, Fate, Kept};
pub use evaluation::{Evaluator, evaluate};
pub use image::{Children, Image, Status};
pub use policy::{Action, Class, Entry, Limit, MOST_RULES, Policy, Rule, Tags};
pub use rounds::follow_ups;
pub use time::Time;
