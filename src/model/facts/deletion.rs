//! What becomes of the images when a repository's stack goes.
//! It does not know whether that is wanted.

use super::leaf::{self, Leaf};
use crate::model::members;
use crate::model::{Document, NodeId, Unknown, Value};
use crate::model::{Of, Repository};
use crate::source::Span;

/// Adds `{empty_on_delete, deletion_policy, update_replace_policy, computed, policies, auto_delete, custom_resource, tagged,
/// other_tags}` with CloudFormation's defaults; of a live repository only `auto_delete`.
pub(super) fn describe(document: &mut Document, repository: Of<'_, Repository>) -> NodeId {
    let auto_delete = auto_delete(document, repository);
    let span: Span = repository.place;
    if repository.subject.arn.is_some() {
        // Only the template of its stack could tell what becomes of the images of a live repository.
        return document.object(&[("auto_delete", auto_delete)], span);
    }
    let value = repository.document.value(repository.own.empty_on_delete);
    let empty = leaf::with_default(document, value, false);
    let emptier = repository.own.auto_delete.as_ref();
    let custom_resource = leaf::optional(document, emptier.map(|(id, _)| id.as_str()), span);
    let [tagged, other_tags] = tags(document, repository);
    let deletion = policy(document, repository, repository.own.deletion_policy);
    let replacement = policy(document, repository, repository.own.update_replace_policy);
    let written = [
        repository.own.deletion_policy,
        repository.own.update_replace_policy,
    ];
    let mut written = written.map(|id| repository.document.value(id)).into_iter();
    let computed = document.bool(written.any(Value::is_computed), span);
    let policies = [
        ("DeletionPolicy", "with its stack", deletion),
        (
            "UpdateReplacePolicy",
            "when a change replaces it",
            replacement,
        ),
    ];
    let policies = policies.map(|(attribute, occasion, value)| {
        let place = document.value(value).span();
        let members = [
            ("attribute", document.string(attribute, place)),
            ("occasion", document.string(occasion, place)),
            ("value", value),
        ];
        document.object(&members, place)
    });
    let policies = document.array(&policies, span);
    document.object(
        &[
            (members::EMPTY_ON_DELETE.name(), empty),
            ("deletion_policy", deletion),
            ("update_replace_policy", replacement),
            ("computed", computed),
            ("policies", policies),
            ("auto_delete", auto_delete),
            ("custom_resource", custom_resource),
            ("tagged", tagged),
            ("other_tags", other_tags),
        ],
        span,
    )
}

fn policy(document: &mut Document, repository: Of<'_, Repository>, id: NodeId) -> NodeId {
    let value = repository.document.value(id);
    match leaf::text(value) {
        Leaf::Absent => {
            let delete = document.string("Delete", value.span());
            document.mark_default(delete)
        }
        _ => id,
    }
}

/// The tag by which the custom resource of CDK asks whether it may delete images.
const TAG: &str = "aws-cdk:auto-delete-images";

/// Whether a tag is that one.
fn asks(tag: Value<'_>) -> bool {
    tag.get(members::TAG_KEY).and_then(Value::as_str) == Some(TAG)
}

/// Whether the repository has that tag, and the other tags of its own as a template writes them: absent without it, and
/// where they are not known.
fn tags(document: &mut Document, repository: Of<'_, Repository>) -> [NodeId; 2] {
    let tags = repository.document.value(repository.own.settings.tags);
    let span = tags.span();
    let hidden = |tag: &Value<'_>| tag.get(members::TAG_KEY).and_then(Value::as_str).is_none();
    let is_open = tags.as_unknown().is_some() || tags.items().any(|tag| hidden(&tag));
    let is_tagged = tags.items().any(asks);
    let tagged = match is_open && !is_tagged {
        true => document.unknown(Unknown::because("not all of its tags are known"), span),
        false => document.bool(is_tagged, span),
    };
    if is_open || !is_tagged {
        return [tagged, document.absent(span)];
    }
    // Those of the stack stand elsewhere.
    let is_own = |tag: &Value<'_>| {
        let own = tag.span();
        own.source == span.source && span.start <= own.start && own.end <= span.end
    };
    let others = tags.items().filter(|tag| is_own(tag) && !asks(*tag));
    let others: Option<Vec<_>> = others
        .map(|tag| {
            let (key, value) = (tag.get(members::TAG_KEY)?, tag.get(members::TAG_VALUE)?);
            let is_written = value
                .as_unknown()
                .is_none_or(|it| it.shape.is_some() || it.reference.is_some());
            let members = [("Key", key.id()), ("Value", value.id())];
            is_written.then(|| document.object(&members, tag.span()))
        })
        .collect();
    let others = match others {
        Some(others) => document.array(&others, span),
        None => document.absent(span),
    };
    [tagged, others]
}

/// Whether the custom resource of CDK deletes the images. Its tag alone says so, too.
fn auto_delete(document: &mut Document, repository: Of<'_, Repository>) -> NodeId {
    if let Some((_, place)) = &repository.own.auto_delete {
        return document.bool(true, *place);
    }
    let tags = repository.document.value(repository.own.settings.tags);
    let tag = tags.items().find(|tag| asks(*tag));
    match tag {
        Some(tag) => match tag.get(members::TAG_VALUE).map(leaf::flag) {
            Some(Leaf::Known(flag)) => document.bool(flag, tag.span()),
            Some(Leaf::Unknown(unknown)) => {
                let unknown = Unknown::because(unknown.reason.as_str());
                document.unknown(unknown, tag.span())
            }
            _ => document.bool(false, tag.span()),
        },
        None => document.bool(false, repository.place),
    }
}
