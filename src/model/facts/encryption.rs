//! What encrypts a repository, and who manages the key.
//! It does not know what the organisation wants.

use super::cause::Cause;
use super::found::EncryptionNodes;
use super::leaf::{self, Leaf};
use super::problems::Problems;
use crate::model::members;
use crate::model::partition;
use crate::model::{Data, Document, NodeId, Piece, Shape, Unknown, Value};
use crate::model::{KmsKey, Of, RepositorySettings};

const TYPES: [&str; 3] = ["AES256", "KMS", DUAL_LAYER];

/// Encryption in two layers, which there is in one partition alone.
///
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html>
const DUAL_LAYER: &str = "KMS_DSSE";
const DUAL_LAYER_PARTITION: &str = "aws-us-gov";

/// Who manages the key that encrypts a repository.
enum Manager<'v> {
    /// `none`, `aws` or `customer`.
    Known(&'static str),
    /// It depends on a value that is not known.
    Unknown(&'v Unknown),
    /// It cannot be determined, for this reason.
    Hidden(String),
}

/// Adds `{type, key, key_manager, key_described, problems}`.
pub(super) fn describe(
    document: &mut Document,
    repository: Of<'_, RepositorySettings>,
) -> EncryptionNodes {
    let kind = repository.document.value(repository.own.encryption_type);
    let key = repository.document.value(repository.own.kms_key);
    let span = kind.span();
    let kind_id = match leaf::text(kind) {
        Leaf::Absent => {
            let kind = document.string("AES256", span);
            document.mark_default(kind)
        }
        _ => kind.id(),
    };
    let manager = match manager(repository, kind, key) {
        Manager::Known(manager) => document.string(manager, key.span()),
        Manager::Unknown(unknown) => {
            let mut unknown = unknown.clone();
            unknown.shape = None;
            unknown.reference = None;
            document.unknown(unknown, key.span())
        }
        Manager::Hidden(reason) => document.unknown(Unknown::because(reason), key.span()),
    };
    let problems = problems(document, repository, kind, key);
    let described = document.bool(repository.own.key.is_some(), key.span());
    let members = [
        ("type", kind_id),
        ("key", key.id()),
        ("key_manager", manager),
        ("key_described", described),
        (members::PROBLEMS.name(), problems),
    ];
    EncryptionNodes {
        node: document.object(&members, span),
        kind: kind_id,
        key: key.id(),
        manager,
    }
}

/// The type of encryption, where it leaves a key without use that a customer may manage.
pub(super) fn cause(repository: Of<'_, RepositorySettings>) -> Option<Cause> {
    let kind = repository.document.value(repository.own.encryption_type);
    let key = repository.document.value(repository.own.kms_key);
    let text = match leaf::text(kind) {
        Leaf::Known("AES256") => "the encryption type `AES256` uses no key",
        Leaf::Absent => "without an encryption type it is `AES256`, which uses no key",
        _ => return None,
    };
    let names_aws = |text: &str| alias(text).is_some_and(|name| name.starts_with("aws/"));
    match leaf::text(key) {
        Leaf::Absent | Leaf::Other => return None,
        Leaf::Known(text) if names_aws(text) => return None,
        Leaf::Known(_) | Leaf::Unknown(_) => {}
    }
    Some(Cause {
        span: kind.span(),
        text: text.to_owned(),
        remedy: Some("let the key be used".to_owned()),
        named: None,
    })
}

fn manager<'v>(
    repository: Of<'v, RepositorySettings>,
    kind: Value<'v>,
    key: Value<'v>,
) -> Manager<'v> {
    match leaf::text(kind) {
        Leaf::Known("AES256") | Leaf::Absent => return Manager::Known("none"),
        Leaf::Known("KMS" | "KMS_DSSE") => {}
        Leaf::Unknown(unknown) => return Manager::Unknown(unknown),
        Leaf::Known(kind) => {
            return Manager::Hidden(format!("ECR knows no encryption type `{kind}`"));
        }
        Leaf::Other => return Manager::Hidden("the encryption type is not a text".to_owned()),
    }
    match repository
        .own
        .key
        .as_ref()
        .map(|key| joined(repository, key))
    {
        Some(Leaf::Known("AWS")) => return Manager::Known("aws"),
        Some(Leaf::Known(_) | Leaf::Absent) => return Manager::Known("customer"),
        _ => {}
    }
    match leaf::text(key) {
        Leaf::Absent => Manager::Known("aws"),
        Leaf::Known("") => Manager::Hidden("the key is an empty text".to_owned()),
        Leaf::Known(text) => match alias(text) {
            Some(name) if name.starts_with("aws/") => Manager::Known("aws"),
            Some(_) => Manager::Known("customer"),
            None => Manager::Hidden(
                "the id or ARN of a key does not show whether AWS or a customer manages it"
                    .to_owned(),
            ),
        },
        Leaf::Unknown(unknown) => unknown
            .shape
            .as_ref()
            .and_then(shape_manager)
            .map_or(Manager::Unknown(unknown), Manager::Known),
        Leaf::Other => Manager::Hidden("the key is not a text".to_owned()),
    }
}

/// Who manages a key that the inputs describe. A key that a template makes is its customer's.
fn joined<'v>(repository: Of<'v, RepositorySettings>, key: &KmsKey) -> Leaf<'v, &'v str> {
    leaf::text(repository.entity().document.value(key.manager))
}

/// The name of an alias, given as such or as an ARN.
fn alias(key: &str) -> Option<&str> {
    key.strip_prefix("alias/").or_else(|| {
        key.starts_with("arn:")
            .then(|| key.split_once(":alias/").map(|(_, name)| name))
            .flatten()
    })
}

/// Who manages a key of whose alias at least the beginning is certain.
fn shape_manager(shape: &Shape) -> Option<&'static str> {
    let first = shape.prefix().strip_prefix("alias/");
    let name = first.or_else(|| {
        shape.0.iter().find_map(|piece| match piece {
            Piece::Text(text) => text.split_once(":alias/").map(|(_, name)| name),
            Piece::Hole(..) => None,
        })
    })?;
    if name.starts_with("aws/") {
        Some("aws")
    } else {
        (!"aws/".starts_with(name)).then_some("customer")
    }
}

fn problems(
    document: &mut Document,
    repository: Of<'_, RepositorySettings>,
    kind: Value<'_>,
    key: Value<'_>,
) -> NodeId {
    let mut problems = Problems::new(document);
    let keyed = match leaf::text(kind) {
        Leaf::Known("AES256") => Some("`AES256` uses no key, but one is given"),
        Leaf::Absent => Some("a key is given without the encryption type"),
        Leaf::Known(kind_text) => {
            if !TYPES.contains(&kind_text) {
                let text = format!("type `{kind_text}` is none of `{}`", TYPES.join("`, `"));
                match meant(kind_text) {
                    Some(kind_of) => problems.add_instead(kind.span(), &text, kind_of),
                    None => problems.add(kind.span(), &text),
                }
            }
            if kind_text == DUAL_LAYER {
                dual_layer(&mut problems, repository, kind);
            }
            None
        }
        Leaf::Unknown(unknown) => {
            problems.cannot_tell(unknown);
            None
        }
        Leaf::Other => {
            problems.add(kind.span(), "the encryption type is not a text");
            None
        }
    };
    match (keyed, key.data()) {
        (_, Data::Absent | Data::Null) => {}
        (Some(_), Data::Unknown(unknown)) if unknown.maybe_absent => problems.cannot_tell(unknown),
        (Some(problem), _) => problems.add(key.span(), problem),
        (None, Data::String("")) => {
            let text = "the key is an empty text, expected its id, ARN or alias, or no `KmsKey` \
                        for the key of AWS";
            problems.add(key.span(), text);
        }
        (None, _) => region(&mut problems, repository, key),
    }
    problems.finish(kind.span())
}

/// Encryption in two layers is refused where there is none. A live repository shows that there is.
fn dual_layer(
    problems: &mut Problems<'_>,
    repository: Of<'_, RepositorySettings>,
    kind: Value<'_>,
) {
    if repository.subject.arn.is_some() {
        return;
    }
    let known = &repository.whereabouts;
    let region = repository.subject.region.as_deref();
    let is_there = match region.map(partition::name) {
        Some(own) => Some(own == DUAL_LAYER_PARTITION),
        None if known.partitions.exclude(DUAL_LAYER_PARTITION) => Some(false),
        None => {
            let landmark = known.landmarks.first();
            landmark.map(|it| it.partition == DUAL_LAYER_PARTITION)
        }
    };
    let told = "type `KMS_DSSE` is only available in AWS GovCloud (US)";
    match is_there {
        Some(true) => {}
        Some(false) => problems.add_instead(kind.span(), told, "KMS"),
        None => {
            let reason = format!("{told}, and the region of the stack is not known");
            problems.cannot_tell(&Unknown::because(reason));
        }
    }
}

/// A key has to be in the repository's region.
fn region(problems: &mut Problems<'_>, repository: Of<'_, RepositorySettings>, key: Value<'_>) {
    let certain = match leaf::text(key) {
        Leaf::Known(text) => text,
        Leaf::Unknown(unknown) => unknown.shape.as_ref().map_or("", Shape::prefix),
        _ => return,
    };
    // arn:partition:kms:region:account:resource, of which all before the account is needed.
    let mut fields = certain.splitn(5, ':');
    let (head, partition, service) = (fields.next(), fields.next(), fields.next());
    let (region, rest) = (fields.next(), fields.next());
    let (Some("arn"), Some(partition), Some("kms"), Some(region), Some(_)) =
        (head, partition, service, region, rest)
    else {
        return;
    };
    match region_mismatch(repository, partition, region) {
        Ok(None) => {}
        Ok(Some(text)) => match here(certain) {
            Some(key_here) => problems.add_instead(key.span(), &text, &key_here),
            None => problems.add(key.span(), &text),
        },
        Err(reason) => problems.cannot_tell(&Unknown::because(reason)),
    }
}

/// Why a key of this partition and region cannot be the repository's.
///
/// # Errors
/// Says why that cannot be determined.
fn region_mismatch(
    repository: Of<'_, RepositorySettings>,
    partition: &str,
    region: &str,
) -> Result<Option<String>, String> {
    if let Some(own) = repository.subject.region.as_deref() {
        let text = || format!("the key is in region `{region}`, the repository in `{own}`");
        return Ok((region != own).then(text));
    }
    let known = &repository.whereabouts;
    let of_region = partition::name(region);
    if of_region != partition {
        let text = format!("the key is in region `{region}`, which is not of `{partition}`");
        return Ok(Some(text));
    }
    if known.regions.exclude(region) || known.partitions.exclude(partition) {
        let text = format!("the key is in region `{region}`, which the repository is not in");
        return Ok(Some(text));
    }
    let rival = known.landmarks.iter().find_map(|it| match &it.region {
        Some(other) if other != region => Some(format!("{} is in `{other}`", it.what)),
        _ if it.partition != partition => Some(format!("{} is of `{}`", it.what, it.partition)),
        _ => None,
    });
    match rival {
        Some(rival) => Ok(Some(format!(
            "the key is in region `{region}`, though {rival}, and no stack is in both"
        ))),
        None => Err(format!(
            "the key is in region `{region}`, and the region of the stack is not known"
        )),
    }
}

/// The type that another spelling stands for, such as that of other services.
fn meant(kind: &str) -> Option<&'static str> {
    let lower = kind.to_ascii_lowercase();
    let has = |word: &str| lower.contains(word);
    match (has("kms"), has("dsse"), has("aes")) {
        (true, true, _) => Some("KMS_DSSE"),
        (true, ..) => Some("KMS"),
        (.., true) => Some("AES256"),
        _ => None,
    }
}

/// The same key in the repository's own region, where one can be: by its alias.
fn here(key: &str) -> Option<String> {
    let (_, name) = key.split_once(":alias/")?;
    Some(format!("alias/{name}"))
}
