//! The images of a repository, as a record of a snapshot lists them.
//! It does not know lifecycle policies.

use std::sync::Arc;

pub use super::holdings::Captured;
use super::holdings::read;
use super::record;
use crate::input::Scratch;
use crate::model::lifecycle::LiveImages;
use crate::model::{Entity, Particulars};
use crate::source::{self, Node, Problem, SourceId, Span};

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
        let title =
            "images are read from records of snapshots, and this is not one of the repository";
        let help = "capture the repository with `ecrlint snapshot --images`";
        return Err(Problem::new(whole, title).help(help));
    };
    let place = found.get("repository").map_or(found.span(), record::place);
    read(found, place, &mut scratch.embedded)
}

/// Gives a live repository its images, as the text of the snapshot, or of its line, lists them; none where nobody asked
/// for them.
pub fn give(repository: &mut Entity, text: &str, scratch: &mut Scratch) {
    let Some(arn) = repository.subject.arn.clone() else {
        return;
    };
    let source = repository.place.source;
    let Particulars::Repository(own) = &mut repository.particulars else {
        return;
    };
    if own.holds_images.is_unknown() || own.images.is_some() {
        return;
    }
    let captured = images(text, source, &arn, scratch);
    let (images, at) = match captured {
        Ok(captured) => (Ok(captured.images), captured.at),
        Err(problem) => (Err(problem.title), None),
    };
    own.images = Some(Arc::new(LiveImages { images, at }));
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
            ("{}", "`images` is not a list"),
            ("[3]", "an item of `images` is not an object"),
            ("[{}]", "an item of `images` has no `imageDigest`"),
            (r#"[{"imageDigest": 7}]"#, "`imageDigest` is not a text"),
            (
                r#"[{"imageDigest": "a", "imageTags": "v1"}]"#,
                "`imageTags` is not a list of up to 10000 tags",
            ),
            (
                r#"[{"imageDigest": "a", "imageTags": [[]]}]"#,
                "a tag is not a text",
            ),
            (
                r#"[{"imageDigest": "a", "imageStatus": "GONE"}]"#,
                "`imageStatus` is `GONE`, expected `ACTIVE`, `ARCHIVED` or `ACTIVATING`",
            ),
            (
                r#"[{"imageDigest": "a", "imagePushedAt": "today"}]"#,
                "`imagePushedAt` is not a time, expected one such as `2026-01-31T12:00:00Z`",
            ),
            (
                r#"[{"imageDigest": "a", "imagePushedAt": 1e99}]"#,
                "`imagePushedAt` is not a time, expected one such as `2026-01-31T12:00:00Z`",
            ),
        ] {
            assert_eq!(read(images).unwrap_err().title, title);
        }
    }
}
