//! What a record of a snapshot says of the images of its repository: items of `ecr describe-images`.
//! It does not know lifecycle policies, nor the other records.

use std::sync::Arc;

use super::answer::Answer;
use crate::model::lifecycle::{Children, Image, LiveImages, Status, Time};
use crate::source::embedded::EmbeddedText;
use crate::source::{Kind, Node, Problem, Span, Tree};

/// Media types of indexes, which list other images.
const INDEXES: [&str; 2] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];
/// Most tags of an image, by ECR's quota, ten times over.
const MOST_TAGS: usize = 10_000;

/// The images of a repository.
#[derive(Clone, Debug, Default)]
pub struct Captured {
    /// The images.
    pub images: Vec<Image>,
    /// When they were captured, where the record says so.
    pub at: Option<Time>,
    /// Whether some item does not say what kind of manifest it is.
    pub is_vague: bool,
}

/// The images of a record; `None` where nobody asked for them. AWS may have been asked and not have answered.
pub(super) fn held(record: Node<'_>, place: Span, tree: &mut Tree) -> Option<Arc<LiveImages>> {
    let errors = record.get("errors");
    record.get("images").or_else(|| errors?.get("images"))?;
    let captured = read(record, place, tree);
    let (images, at) = match captured {
        Ok(captured) => (Ok(captured.images), captured.at),
        Err(problem) => (Err(problem.title), None),
    };
    Some(Arc::new(LiveImages { images, at }))
}

/// Reads the images of a record; what is missing would be at `place`.
pub(super) fn read(record: Node<'_>, place: Span, tree: &mut Tree) -> Result<Captured, Problem> {
    let mut captured = Captured {
        at: time(record, "capturedAt")?,
        ..Captured::default()
    };
    let list = match Answer::of(record, "images", place) {
        Answer::Given(list) if list.kind() == Kind::Array => list,
        Answer::Given(other) => {
            return Err(Problem::new(other.span(), "`images` is not a list"));
        }
        Answer::Nothing(_) => return Ok(captured),
        Answer::Unknown(place, reason) => {
            let title = format!("which images there are is not known, because {reason}");
            let help = "capture them with `ecrlint snapshot --images`";
            return Err(Problem::new(place, title).help(help));
        }
    };
    captured.images.reserve(list.items().len());
    for item in list.items() {
        captured.is_vague |= item.get("imageManifestMediaType").is_none();
        captured.images.push(image(item, tree)?);
    }
    Ok(captured)
}

fn image(item: Node<'_>, tree: &mut Tree) -> Result<Image, Problem> {
    if item.kind() != Kind::Object {
        return Err(Problem::new(
            item.span(),
            "an item of `images` is not an object",
        ));
    }
    let digest = text(item, "imageDigest")?;
    let Some(digest) = digest.filter(|digest| !digest.is_empty()) else {
        let title = "an item of `images` has no `imageDigest`";
        return Err(Problem::new(item.span(), title).help("take it from `aws ecr describe-images`"));
    };
    let media = text(item, "imageManifestMediaType")?.unwrap_or_default();
    let size = item.get("imageSizeInBytes").and_then(Node::as_text);
    Ok(Image {
        digest: digest.to_owned(),
        tags: tags(item)?,
        pushed_at: time(item, "imagePushedAt")?,
        pulled_at: time(item, "lastRecordedPullTime")?,
        archived_at: time(item, "lastArchivedAt")?,
        activated_at: time(item, "lastActivatedAt")?,
        status: status(item)?,
        size: size.and_then(|size| size.parse().ok()),
        children: match INDEXES.contains(&media) {
            true => children(item, tree),
            false => Children::None,
        },
        subject: text(item, "subjectManifestDigest")?.map(str::to_owned),
    })
}

fn member<'t>(item: Node<'t>, key: &str) -> Option<Node<'t>> {
    item.get(key).filter(|member| member.kind() != Kind::Null)
}

fn text<'t>(item: Node<'t>, key: &str) -> Result<Option<&'t str>, Problem> {
    let Some(found) = member(item, key) else {
        return Ok(None);
    };
    match found.as_str() {
        Some(text) => Ok(Some(text)),
        None => Err(Problem::new(found.span(), format!("`{key}` is not a text"))),
    }
}

fn time(item: Node<'_>, key: &str) -> Result<Option<Time>, Problem> {
    let Some(found) = member(item, key) else {
        return Ok(None);
    };
    match found.as_text().and_then(Time::parse) {
        Some(time) => Ok(Some(time)),
        None => {
            let title =
                format!("`{key}` is not a time, expected one such as `2026-01-31T12:00:00Z`");
            Err(Problem::new(found.span(), title))
        }
    }
}

fn tags(item: Node<'_>) -> Result<Vec<String>, Problem> {
    let Some(list) = member(item, "imageTags") else {
        return Ok(Vec::new());
    };
    let count = list.items().len();
    if list.kind() != Kind::Array || count > MOST_TAGS {
        let title = format!("`imageTags` is not a list of up to {MOST_TAGS} tags");
        return Err(Problem::new(list.span(), title));
    }
    let tag = |tag: Node<'_>| match tag.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(Problem::new(tag.span(), "a tag is not a text")),
    };
    list.items().map(tag).collect()
}

fn status(item: Node<'_>) -> Result<Status, Problem> {
    match text(item, "imageStatus")? {
        None | Some("ACTIVE") => Ok(Status::Active),
        Some("ARCHIVED") => Ok(Status::Archived),
        Some("ACTIVATING") => Ok(Status::Activating),
        Some(other) => {
            let title = format!(
                "`imageStatus` is `{other}`, expected `ACTIVE`, `ARCHIVED` or `ACTIVATING`"
            );
            let place = member(item, "imageStatus").map_or(item.span(), Node::span);
            Err(Problem::new(place, title))
        }
    }
}

/// What an index lists, where somebody has added its `imageManifest`, as `ecr batch-get-image` answers it.
fn children(item: Node<'_>, tree: &mut Tree) -> Children {
    let Some(manifest) = member(item, "imageManifest") else {
        return Children::Unknown;
    };
    let mut text = EmbeddedText::default();
    text.push_node(manifest);
    if text.parse_json(tree).is_err() {
        return Children::Unknown;
    }
    let Some(list) = text.root(tree).and_then(|root| root.get("manifests")) else {
        return Children::Unknown;
    };
    let digests = list.items().map(|one| {
        let digest = one.get("digest")?;
        digest.as_str().map(str::to_owned)
    });
    digests
        .collect::<Option<Vec<_>>>()
        .map_or(Children::Unknown, Children::Known)
}
