//! The images of a repository, as a record of a snapshot lists them: items of `ecr describe-images`.
//! It does not know lifecycle policies.

use std::sync::Arc;

use super::answer::Answer;
use super::record;
use crate::input::Scratch;
use crate::model::Repository;
use crate::model::lifecycle::{Children, Image, LiveImages, Status, Time};
use crate::source::embedded::Text;
use crate::source::{self, Kind, Node, Problem, SourceId, Span, Tree};

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

/// Reads the images of the repository with this ARN from the text of a snapshot, or of a line of one.
///
/// # Errors
/// The text cannot be read, has no such repository, or does not list its images.
pub fn images(
    text: &str,
    id: SourceId,
    arn: &str,
    scratch: &mut Scratch,
) -> Result<Captured, Problem> {
    source::json::parse(text, id, &mut scratch.tree)?;
    let whole = Span::new(id, 0, 0);
    let root = scratch.tree.root(text);
    let root = root.ok_or_else(|| Problem::new(whole, "there is nothing in it"))?;
    let records = root.get("repositories").into_iter().flat_map(Node::items);
    let mut records = std::iter::once(root).chain(records);
    let is_wanted = |record: &Node<'_>| {
        let repository = record.get("repository");
        let identity = repository.and_then(|it| record::identity(*record, it).ok());
        identity.is_some_and(|identity| identity.arn == arn)
    };
    let Some(found) = records.find(is_wanted) else {
        let title = "images are read from records of snapshots, and this is none of the repository";
        let help = "capture the repository with `ecrlint snapshot --images`";
        return Err(Problem::new(whole, title).help(help));
    };
    read(found, &mut scratch.embedded)
}

/// Gives a live repository its images, as the text of the snapshot, or of its line, lists them; none where nobody asked
/// for them.
pub fn give(repository: &mut Repository, text: &str, scratch: &mut Scratch) {
    let Some(arn) = repository.subject.arn.clone() else {
        return;
    };
    if repository.holds_images.is_none() {
        return;
    }
    let captured = images(text, repository.place.source, &arn, scratch);
    let (images, at) = match captured {
        Ok(captured) => (Ok(captured.images), captured.at),
        Err(problem) => (Err(problem.title), None),
    };
    repository.images = Some(Arc::new(LiveImages { images, at }));
}

fn read(record: Node<'_>, tree: &mut Tree) -> Result<Captured, Problem> {
    let mut captured = Captured {
        at: time(record, "capturedAt")?,
        ..Captured::default()
    };
    let place = record
        .get("repository")
        .map_or(record.span(), record::place);
    let list = match Answer::of(record, "images", place) {
        Answer::Given(list) if list.kind() == Kind::Array => list,
        Answer::Given(other) => {
            return Err(Problem::new(other.span(), "`images` is no list"));
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
            "an item of `images` is no object",
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
        None => Err(Problem::new(found.span(), format!("`{key}` is no text"))),
    }
}

fn time(item: Node<'_>, key: &str) -> Result<Option<Time>, Problem> {
    let Some(found) = member(item, key) else {
        return Ok(None);
    };
    match found.as_text().and_then(Time::parse) {
        Some(time) => Ok(Some(time)),
        None => {
            let title = format!("`{key}` is no time, expected one such as `2026-01-31T12:00:00Z`");
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
        let title = format!("`imageTags` is no list of up to {MOST_TAGS} tags");
        return Err(Problem::new(list.span(), title));
    }
    let tag = |tag: Node<'_>| match tag.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(Problem::new(tag.span(), "a tag is no text")),
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
    let mut text = Text::default();
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

#[cfg(test)]
mod tests {
    use super::{Captured, images};
    use crate::input::Scratch;
    use crate::model::lifecycle::{Children, Status, Time};
    use crate::source::{Problem, SourceId};

    fn read(images_text: &str) -> Result<Captured, Problem> {
        let text = format!(
            r#"{{"capturedAt": "2026-01-31T06:00:00Z", "images": {images_text},
                "repository": {{"repositoryArn": "arn:aws:ecr:eu-west-1:111122223333:repository/a"}}}}"#
        );
        let arn = "arn:aws:ecr:eu-west-1:111122223333:repository/a";
        images(&text, SourceId::default(), arn, &mut Scratch::default())
    }

    #[test]
    fn images_are_read_as_aws_describes_them() {
        let found = read(
            r#"[{"imageDigest": "sha256:a", "imageTags": ["v1", "latest"], "imageSizeInBytes": 5,
                 "imagePushedAt": 1769817600.5, "lastRecordedPullTime": "2026-01-30T01:00:00+01:00",
                 "imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json"},
                {"imageDigest": "sha256:b", "imageStatus": "ARCHIVED", "imagePushedAt": null,
                 "imageManifestMediaType": "application/vnd.oci.image.index.v1+json"},
                {"imageDigest": "sha256:c", "subjectManifestDigest": "sha256:a",
                 "imageManifestMediaType": "application/vnd.docker.distribution.manifest.list.v2+json",
                 "imageManifest": "{\"manifests\": [{\"digest\": \"sha256:a\"}]}"}]"#,
        );
        let found = found.unwrap();
        let [first, second, third] = &found.images[..] else {
            panic!("three")
        };
        assert_eq!(
            (first.tags.len(), first.size, first.children.clone()),
            (2, Some(5), Children::None)
        );
        assert_eq!(first.pushed_at, Time::parse("2026-01-31T00:00:00.5Z"));
        assert_eq!(first.pulled_at, Time::parse("2026-01-30"));
        assert_eq!((second.status, second.pushed_at), (Status::Archived, None));
        assert_eq!(second.children, Children::Unknown);
        assert_eq!(third.children, Children::Known(vec!["sha256:a".to_owned()]));
        assert_eq!(third.subject.as_deref(), Some("sha256:a"));
        assert_eq!(
            (found.at, found.is_vague),
            (Time::parse("2026-01-31T06:00:00Z"), false)
        );
        assert!(read("null").unwrap().images.is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_said_where_it_stands() {
        for (images, title) in [
            ("{}", "`images` is no list"),
            ("[3]", "an item of `images` is no object"),
            ("[{}]", "an item of `images` has no `imageDigest`"),
            (r#"[{"imageDigest": 7}]"#, "`imageDigest` is no text"),
            (
                r#"[{"imageDigest": "a", "imageTags": "v1"}]"#,
                "`imageTags` is no list of up to 10000 tags",
            ),
            (
                r#"[{"imageDigest": "a", "imageTags": [[]]}]"#,
                "a tag is no text",
            ),
            (
                r#"[{"imageDigest": "a", "imageStatus": "GONE"}]"#,
                "`imageStatus` is `GONE`, expected `ACTIVE`, `ARCHIVED` or `ACTIVATING`",
            ),
            (
                r#"[{"imageDigest": "a", "imagePushedAt": "today"}]"#,
                "`imagePushedAt` is no time, expected one such as `2026-01-31T12:00:00Z`",
            ),
            (
                r#"[{"imageDigest": "a", "imagePushedAt": 1e99}]"#,
                "`imagePushedAt` is no time, expected one such as `2026-01-31T12:00:00Z`",
            ),
        ] {
            assert_eq!(read(images).unwrap_err().title, title);
        }
    }
}
