//! An image that is pushed in a history.
//! It does not know how it was described.

use super::pull::Pulling;
use crate::model::lifecycle::time::Time;

/// An image that is pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// Which of the kinds of images it is, in the order of the description.
    pub family: usize,
    /// When it is pushed. No two images are pushed at one moment.
    pub at: Time,
    /// Its tags; one that another image has moves to this one.
    pub tags: Vec<String>,
    /// Bytes of its layers, where they are described.
    pub size: Option<u64>,
    /// The pushes of the images that it lists, if it is an index; they come right before it.
    pub lists: Vec<usize>,
    /// How it is pulled.
    pub pulls: Vec<Pulling>,
}
