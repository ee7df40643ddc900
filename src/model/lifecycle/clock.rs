//! By which moment of an image each way of counting goes.
//!
//! <https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html>

use super::image::Image;
use super::time::Time;

/// When an image was pushed; for one that was restored from the archive, when that was.
pub(super) fn pushed(image: &Image) -> Option<Time> {
    image.activated_at.or(image.pushed_at)
}

/// When an image was last pulled; when it was pushed where that never happened, and when it was restored where that
/// has not happened since.
pub(super) fn pulled(image: &Image) -> Option<Time> {
    match (image.activated_at, image.pulled_at) {
        (Some(restored), Some(pulled)) => Some(pulled.max(restored)),
        (Some(restored), None) => Some(restored),
        (None, pulled) => pulled.or(image.pushed_at),
    }
}

/// When an image was last archived.
pub(super) fn archived(image: &Image) -> Option<Time> {
    image.archived_at
}
