//! Configuration items of AWS Config, as its snapshot files have them.
//! It does not know what the settings mean.

use super::answer::Answer;
use super::repository::{KeyAnswers, RepositoryAnswers, RepositoryArn};
use crate::input::Loaded;
use crate::model::Truth;
use crate::source::{Kind, Node, Problem, Span, Tree};

/// The type of the items that are read; all others are passed over.
const TYPE: &str = "AWS::ECR::Repository";

pub(super) fn recognise(root: Node<'_>) -> bool {
    let items = root.get("configurationItems");
    items.is_some_and(|items| items.kind() == Kind::Array)
}

pub(super) fn load(root: Node<'_>, tree: &mut Tree, loaded: &mut Loaded) {
    let items = root.get("configurationItems").into_iter();
    for item in items.flat_map(Node::items) {
        let text = |key: &str| item.get(key).and_then(Node::as_str);
        let is_gone = text("configurationItemStatus").is_some_and(is_gone);
        if text("resourceType") != Some(TYPE) || is_gone {
            continue;
        }
        match repository(item) {
            Ok(repository) => {
                loaded
                    .entities
                    .push(repository.write(Truth::Unknown(()), None, tree))
            }
            Err(problem) => loaded.problems.push(problem),
        }
    }
}

/// Whether the status says that the resource is no more: `ResourceDeleted`, `ResourceDeletedNotRecorded`.
fn is_gone(status: &str) -> bool {
    status.starts_with("ResourceDeleted")
}

/// The settings of an item, and which repository it is about.
fn identified(item: Node<'_>, place: Span) -> Result<(Answer<'_>, RepositoryArn<'_>), Problem> {
    let complaint = |title: &str, help: &str| Problem::new(place, title).help(help);
    let Some(configuration) = item.get("configuration") else {
        let title = "a configuration item has no `configuration`";
        return Err(complaint(
            title,
            "take the item from a snapshot file of AWS Config",
        ));
    };
    if configuration.kind() == Kind::String {
        let title = "the `configuration` of an item is a text";
        let help = "take the item from a snapshot file of AWS Config, where it is an object";
        return Err(complaint(title, help));
    }
    let settings = Answer::Given(configuration);
    let arn = settings.optional("Arn").text();
    let arn = arn.or_else(|| item.get("ARN").and_then(Node::as_str));
    let identity = arn.and_then(RepositoryArn::of_arn).ok_or_else(|| {
        let title = "a configuration item does not say which repository it is about";
        complaint(
            title,
            "take the item from a snapshot file of AWS Config, with its `ARN`",
        )
    })?;
    Ok((settings, identity))
}

fn repository(item: Node<'_>) -> Result<RepositoryAnswers<'_>, Problem> {
    let place = place(item);
    let (settings, identity) = identified(item, place)?;
    let lifecycle = settings.required("LifecyclePolicy");
    let encryption = settings.required("EncryptionConfiguration");
    let encryption_type = encryption.required("EncryptionType");
    // Without a type it cannot be determined whether a key is missing.
    let kms_key = match encryption_type.text() {
        Some("AES256") => encryption.optional("KmsKey"),
        _ => encryption.required("KmsKey"),
    };
    let filters = settings.required("ImageTagMutabilityExclusionFilters");
    let tag_mutability = settings.required("ImageTagMutability");
    let missing = |key: &str| Answer::Unknown(place, format!("AWS Config does not record {key}"));
    Ok(RepositoryAnswers {
        place,
        identity,
        uri: settings.optional("RepositoryUri").text(),
        exclusion_filters: (
            match tag_mutability.text() {
                Some("MUTABLE" | "IMMUTABLE") => {
                    settings.optional("ImageTagMutabilityExclusionFilters")
                }
                _ => filters,
            },
            [
                "ImageTagMutabilityExclusionFilterType",
                "ImageTagMutabilityExclusionFilterValue",
            ],
        ),
        tag_mutability,
        scan_on_push: settings
            .required("ImageScanningConfiguration")
            .required("ScanOnPush"),
        scan_frequency: missing("whether images are scanned in effect"),
        encryption_type,
        kms_key,
        lifecycle_policy: lifecycle.required("LifecyclePolicyText"),
        repository_policy: settings.required("RepositoryPolicyText"),
        tags: tags(item, &settings, place),
        key: KeyAnswers {
            metadata: missing("keys together with repositories"),
            rotation: missing("keys together with repositories"),
            policy: missing("keys together with repositories"),
        },
        parameters: missing("SSM parameters"),
        own_parameters: Vec::new(),
    })
}

/// The tags of the resource, or else those beside it, which are a mapping.
fn tags<'t>(item: Node<'t>, settings: &Answer<'t>, place: Span) -> Answer<'t> {
    match (settings.required("Tags"), item.get("tags")) {
        (Answer::Unknown(..), Some(tags)) if tags.kind() == Kind::Object => Answer::Given(tags),
        (Answer::Unknown(..), _) => Answer::not_captured("tags", place),
        (tags, _) => tags,
    }
}

fn place(item: Node<'_>) -> Span {
    let name = item
        .get("configuration")
        .and_then(|it| it.get("RepositoryName"));
    let named = name.or_else(|| item.get("resourceName"));
    let named = named.or_else(|| item.get("ARN"));
    named.map_or(item.span(), Node::span)
}
