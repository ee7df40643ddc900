//! What CloudFormation can only do by replacing or deleting a repository, with the images in it.
//! It does not know whether there are images.
//!
//! `RepositoryName` and `EncryptionConfiguration` cannot be changed
//! (<https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html>). Tags
//! that CloudFormation sets on what it makes say which resource of which stack a live repository is.

use super::super::leaf::{self, Leaf};
use super::side::ComparedSide;
use crate::model::members;
use crate::model::{Document, Entity, LOGICAL_ID_TAG, NodeId, STACK_TAG, Truth, Unknown, Value};
use crate::source::Span;

/// Something that costs the repository.
pub(super) struct Loss {
    span: Span,
    theirs: Span,
    /// What happens, or why it is not known whether anything does.
    problem: Result<String, String>,
    /// What is live, by the names of what tells it in the row.
    kept: Vec<(&'static str, String)>,
}

impl Loss {
    /// Adds `{lost, problem, live}`, with what is live.
    pub(super) fn write(self, document: &mut Document, holds_images: Truth<()>) -> NodeId {
        let lost = match (&self.problem, holds_images) {
            (_, Truth::False) => document.bool(false, self.span),
            (Ok(_), Truth::True) => document.bool(true, self.span),
            (Ok(problem), Truth::Unknown(())) => {
                let reason = format!(
                    "{problem}, and the snapshot does not show whether it holds images, which it does \
                     when it is taken with `--images`"
                );
                document.unknown(Unknown::because(reason), self.span)
            }
            (Err(reason), _) => document.unknown(Unknown::because(reason.as_str()), self.span),
        };
        let problem = self.problem.unwrap_or_default();
        let problem = document.string(&problem, self.span);
        let live = document.string("live", self.theirs);
        let mut members = vec![
            ("lost", lost),
            (members::PROBLEM.name(), problem),
            (members::LIVE.name(), live),
        ];
        for (name, value) in &self.kept {
            members.push((*name, document.string(value, self.theirs)));
        }
        document.object(&members, self.span)
    }
}

/// Everything about a repository of a template that costs the live one.
pub(super) fn losses(ours: ComparedSide<'_>, theirs: ComparedSide<'_>) -> Vec<Loss> {
    [
        name(ours, theirs),
        encryption(ours, theirs),
        identity(ours, theirs),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A live repository that the template of its stack no longer has.
pub(super) fn removed(ours: &Entity) -> Loss {
    let stack = ours.subject.stack.as_deref().unwrap_or_default();
    Loss {
        span: ours.place,
        theirs: ours.place,
        problem: Err(format!(
            "stack `{stack}` no longer has it, and whether CloudFormation deletes or keeps it then is for the \
             `DeletionPolicy` of the template that was deployed last to say, which no input shows"
        )),
        kept: Vec::new(),
    }
}

/// What is live, where it is known.
fn member(name: &'static str, value: Value<'_>) -> Option<(&'static str, String)> {
    Some((name, value.as_str()?.to_owned()))
}

/// A name that differs, where the resource is the same.
fn name(ours: ComparedSide<'_>, theirs: ComparedSide<'_>) -> Option<Loss> {
    let (ours, theirs) = (ours.name(), theirs.name());
    let problem = match (leaf::text(ours), leaf::text(theirs)) {
        (Leaf::Known(new), Leaf::Known(old)) if new != old => Ok(format!(
            "its name changes from `{old}` to `{new}`, and CloudFormation makes a new repository for that"
        )),
        _ => return None,
    };
    Some(Loss {
        span: ours.span(),
        theirs: theirs.span(),
        problem,
        kept: member("name", theirs).into_iter().collect(),
    })
}

fn encryption(ours: ComparedSide<'_>, theirs: ComparedSide<'_>) -> Option<Loss> {
    let kinds = [ours, theirs].map(|side| side.value(side.known.encryption.kind));
    let keys = [ours, theirs].map(|side| side.value(side.known.encryption.key));
    let replaced = "which takes a new repository, under another name";
    let (problem, places) = match kinds.map(leaf::text) {
        [Leaf::Known(new), Leaf::Known(old)] if new != old => (
            Ok(format!(
                "its encryption changes from `{old}` to `{new}`, {replaced}"
            )),
            kinds,
        ),
        [Leaf::Known("AES256"), Leaf::Known(_)] => return None,
        [Leaf::Known(_), Leaf::Known(_)] => match same_key(ours, theirs) {
            Truth::True => return None,
            Truth::False => (Ok(format!("its KMS key changes, {replaced}")), keys),
            Truth::Unknown(reason) => (Err(reason), keys),
        },
        [Leaf::Unknown(unknown), _] | [_, Leaf::Unknown(unknown)] => {
            (Err(unknown.reason.clone()), kinds)
        }
        _ => return None,
    };
    let is_own = manager(theirs) == Some("customer");
    let key = member("key", keys[1]).filter(|_| is_own);
    Some(Loss {
        span: places[0].span(),
        theirs: places[1].span(),
        problem,
        kept: member("encryption_type", kinds[1])
            .into_iter()
            .chain(key)
            .collect(),
    })
}

/// Who manages the key, where that is known.
fn manager(side: ComparedSide<'_>) -> Option<&str> {
    side.value(side.known.encryption.manager).as_str()
}

/// Whether both sides are encrypted by one key.
fn same_key(ours: ComparedSide<'_>, theirs: ComparedSide<'_>) -> Truth {
    match [ours, theirs].map(manager) {
        [Some("aws"), Some("aws")] => return Truth::True,
        [Some("aws"), Some("customer")] | [Some("customer"), Some("aws")] => return Truth::False,
        _ => {}
    }
    match [ours, theirs].map(|side| leaf::text(side.value(side.known.encryption.key))) {
        [Leaf::Known(new), Leaf::Known(old)] => {
            let of_arn = |arn: &str, id: &str| arn.ends_with(&format!(":key/{id}"));
            if new == old || of_arn(new, old) || of_arn(old, new) {
                Truth::True
            } else if [new, old].iter().any(|key| key.contains("alias/")) {
                Truth::unknown("it does not show which key the alias stands for")
            } else {
                Truth::False
            }
        }
        [Leaf::Unknown(unknown), _] | [_, Leaf::Unknown(unknown)] => {
            Truth::unknown(unknown.reason.as_str())
        }
        _ => Truth::unknown("it does not show which key encrypts the images"),
    }
}

/// A resource of the same stack under another logical id.
fn identity(ours: ComparedSide<'_>, theirs: ComparedSide<'_>) -> Option<Loss> {
    let subject = &ours.settings.subject;
    let (stack, logical_id) = (subject.stack.as_deref(), subject.logical_id.as_deref()?);
    let tag = |key: &str| {
        let mut tags = theirs.tags().items();
        tags.find(|tag| tag.get(members::TAG_KEY).and_then(Value::as_str) == Some(key))
    };
    let value = |tag: Value<'_>| Some(tag.get(members::TAG_VALUE)?.as_str()?.to_owned());
    let (of_stack, of_resource) = (tag(STACK_TAG)?, tag(LOGICAL_ID_TAG)?);
    let (old_stack, old) = (value(of_stack)?, value(of_resource)?);
    if old == logical_id || stack.is_some_and(|stack| stack != old_stack) {
        return None;
    }
    let place = ours.name();
    let problem = match stack {
        Some(_) => Ok(format!(
            "its logical id was `{old}`: CloudFormation takes `{logical_id}` for a new resource, whose name is \
             taken, and `{old}` for one to delete"
        )),
        None => Err(format!(
            "it is `{old}` of stack `{old_stack}`, and whether that is the template's stack is not known without \
             `--stack-name`"
        )),
    };
    Some(Loss {
        span: place.span(),
        theirs: of_resource.span(),
        problem,
        kept: vec![(members::LOGICAL_ID.name(), old)],
    })
}
