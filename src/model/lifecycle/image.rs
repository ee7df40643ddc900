//! An image of a repository, as far as lifecycle policies look at it.
//! It does not know who described it.

use super::policy::StorageClass;
use super::time::Time;

/// An image, or whatever else has a manifest: an index of images, a signature, a bill of materials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Its digest, such as `sha256:…`; no two images of a repository have the same.
    pub digest: String,
    /// Its tags; none of them is on another image.
    pub tags: Vec<String>,
    /// When it was pushed.
    pub pushed_at: Option<Time>,
    /// When it was last pulled, as far as ECR recorded it; `None` for never.
    pub pulled_at: Option<Time>,
    /// When it was last archived.
    pub archived_at: Option<Time>,
    /// When it was last restored from the archive.
    pub activated_at: Option<Time>,
    /// Where it is.
    pub status: Status,
    /// Bytes of its layers. They are shared with other images, so that less may be freed with it.
    pub size: Option<u64>,
    /// What it is the index of.
    pub children: Children,
    /// The digest of the image that it refers to, for a signature and the like.
    pub subject: Option<String>,
}

/// The images of a live repository, as somebody has captured them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveImages {
    /// The images.
    ///
    /// # Errors
    /// Completes "undetermined, because …".
    pub images: Result<Vec<Image>, String>,
    /// When they were captured, where that is said.
    pub at: Option<Time>,
}

/// `imageStatus`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// It can be pulled.
    #[default]
    Active,
    /// It is in the archive.
    Archived,
    /// It is being restored from the archive.
    Activating,
}

/// The images of an index, which is also called a manifest list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Children {
    /// It is not an index.
    #[default]
    None,
    /// It is one, and nobody has looked which images it lists.
    Unknown,
    /// It is one of the images with these digests.
    Known(Vec<String>),
}

impl Image {
    /// Where it is stored. One that is being restored counts as restored.
    #[must_use]
    pub fn class(&self) -> StorageClass {
        match self.status {
            Status::Archived => StorageClass::Archive,
            Status::Active | Status::Activating => StorageClass::Standard,
        }
    }

    /// Whether it is an index of other images.
    #[must_use]
    pub fn is_index(&self) -> bool {
        self.children != Children::None
    }
}
