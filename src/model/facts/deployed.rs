//! Images of a repository that resources of the inputs run.
//! It does not know what becomes of images, nor how the resources were found.

use crate::model::{Document, ImageUse, NodeId, Of, Repository, Unknown};

/// Adds `[{tag, digest, by, resource}]`; what may be an image of another repository is unknown.
pub(super) fn describe(document: &mut Document, repository: Of<'_, Repository>) -> NodeId {
    let uses = repository.own.image_uses.iter();
    let written: Vec<_> = uses.map(|it| write(document, it)).collect();
    document.array(&written, repository.place)
}

fn write(document: &mut Document, it: &ImageUse) -> NodeId {
    let place = it.place;
    if let Some(reason) = &it.doubt {
        let unknown = Unknown::because(reason.as_str()).maybe_absent();
        return document.unknown(unknown, place);
    }
    let by = document.string(&it.logical_id, place);
    let resource = document.string(&it.resource, place);
    let members = [
        ("tag", it.tag),
        ("digest", it.digest),
        ("by", by),
        ("resource", resource),
    ];
    document.object(&members, place)
}

impl ImageUse {
    /// The tag, where it is known and certainly one of the repository; the document is the repository's.
    pub(super) fn certain_tag<'d>(&self, document: &'d Document) -> Option<&'d str> {
        let tag = document.value(self.tag).as_str();
        tag.filter(|_| self.doubt.is_none())
    }
}
