//! Whether an SSM parameter holds what its name promises.
//! It does not know which parameters there have to be.

use super::spelling::{ExpectedParameter, ParameterName};
use super::unexpected;
use crate::model::facts::leaf::{self, Leaf};
use crate::model::facts::problems::Problems;
use crate::model::partition;
use crate::model::{Document, NodeId, Piece, Shape, Truth, Unknown, Value};
use crate::model::{Holds, Of, Parameter, Repository};

/// Adds `[{problem}]`: what is wrong with the parameters of this name, each as a whole clause. `right` is the value that they
/// are to have.
pub(super) fn problems(
    document: &mut Document,
    repository: Of<'_, Repository>,
    expected: ExpectedParameter<'_, '_>,
    right: NodeId,
) -> NodeId {
    let (spelled, wanted) = (expected.spelled, expected.wanted.holds);
    let mut named = expected
        .there
        .iter()
        .filter(|name| name.is_spelled(spelled))
        .peekable();
    let (mut instead, mut is_of) = (None, None);
    if named.peek().is_some() {
        let is_right = !document.value(right).is_absent();
        instead = is_right.then_some(("instead", right));
        is_of = Some((self::is_of(wanted), document.bool(true, repository.place)));
    }
    let mut problems = Problems::new(document);
    unexpected::leave_open(&mut problems, repository);
    for ParameterName {
        parameter, name, ..
    } in named
    {
        let name = name.known().unwrap_or_default();
        let value = repository.document.value(parameter.value);
        match holds(repository, parameter, wanted) {
            Truth::True => {}
            Truth::Unknown(unknown) => problems.cannot_tell(&unknown),
            Truth::False => {
                let text = match parameter.holds {
                    Some(other) => format!("holds {}, expected {}", what(other), what(wanted)),
                    None => format!("does not hold {}", what(wanted)),
                };
                let more = instead.into_iter().chain(is_of);
                problems.add_beside(value.span(), &format!("`{name}` {text}"), more);
            }
        }
        let kind = repository.document.value(parameter.kind);
        match leaf::text(kind) {
            Leaf::Known("String") => {}
            Leaf::Unknown(unknown) => problems.cannot_tell(unknown),
            Leaf::Known(other) => {
                let text = format!("`{name}` has the type `{other}`, expected `String`");
                problems.add_instead(kind.span(), &text, "String");
            }
            Leaf::Absent | Leaf::Other => {
                problems.add(
                    kind.span(),
                    &format!("`{name}` has no type, expected `String`"),
                );
            }
        }
    }
    problems.finish(repository.place)
}

/// The member of a row that says what is to be held.
pub(super) fn is_of(holds: Holds) -> &'static str {
    match holds {
        Holds::Arn => "is_arn",
        Holds::Name => "is_name",
        Holds::Uri => "is_uri",
        Holds::KeyArn => "is_key_arn",
    }
}

fn what(holds: Holds) -> &'static str {
    match holds {
        Holds::Arn => "the repository's ARN",
        Holds::Name => "the repository's name",
        Holds::Uri => "the repository's URI",
        Holds::KeyArn => "the ARN of its key",
    }
}

/// Whether the parameter holds the wanted value of the repository.
fn holds(repository: Of<'_, Repository>, parameter: &Parameter, wanted: Holds) -> Truth<Unknown> {
    if let Some(holds) = parameter.holds {
        return Truth::from(holds == wanted);
    }
    let value = repository.document.value(parameter.value);
    if wanted == Holds::KeyArn && is_key_id(repository, value) {
        return Truth::False;
    }
    let expected = match expected(repository, wanted) {
        Ok(shape) => shape,
        Err(unknown) => return Truth::Unknown(unknown),
    };
    match leaf::text(value) {
        Leaf::Known(text) if !expected.admits(text) => Truth::False,
        Leaf::Known(_) if expected.0.iter().all(is_known) => Truth::True,
        Leaf::Known(text) => Truth::Unknown(Unknown::because(format!(
            "`{text}` may be the right value in the account and region of the stack"
        ))),
        Leaf::Unknown(unknown) => match &unknown.shape {
            Some(shape) if !may_be_equal(shape, &expected) => Truth::False,
            _ if is_another_key(repository, unknown, wanted) => Truth::False,
            _ => Truth::Unknown(Unknown::because(unknown.reason.as_str())),
        },
        Leaf::Absent | Leaf::Other => Truth::False,
    }
}

/// What is known of the wanted value.
fn expected(repository: Of<'_, Repository>, wanted: Holds) -> Result<Shape, Unknown> {
    let known = |text: &str| Piece::Text(text.to_owned());
    let hole = |name: &str| Piece::hole(name);
    let or_hole = |text: Option<&str>, name| text.map_or_else(|| hole(name), known);
    let subject = &repository.subject;
    let name = repository.document.value(repository.own.settings.name);
    match wanted {
        Holds::Name => Ok(shape(name)),
        Holds::Arn => {
            let mut pieces = vec![
                known("arn:"),
                or_hole(
                    subject.region.as_deref().map(partition::name),
                    "AWS::Partition",
                ),
                known(":ecr:"),
                or_hole(subject.region.as_deref(), "AWS::Region"),
                known(":"),
                or_hole(subject.account.as_deref(), "AWS::AccountId"),
                known(":repository/"),
            ];
            pieces.extend(shape(name).0);
            Ok(joined(pieces))
        }
        Holds::KeyArn => {
            let key = shape(repository.document.value(repository.own.settings.kms_key));
            if key.prefix().starts_with("arn:") && !key.to_string().contains(":alias/") {
                return Ok(key);
            }
            let arn = [
                known("arn:"),
                hole(""),
                known(":kms:"),
                hole(""),
                known(":key/"),
                hole(""),
            ];
            Ok(Shape(arn.into()))
        }
        Holds::Uri => Err(Unknown::because("a URI is published under no name")),
    }
}

/// Pieces with adjoining characters joined.
fn joined(pieces: Vec<Piece>) -> Shape {
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(Piece::Text(last)), Piece::Text(text)) => last.push_str(&text),
            (_, piece) => joined.push(piece),
        }
    }
    Shape(joined)
}

/// A value as pieces; one hole for what is not known at all.
fn shape(value: Value<'_>) -> Shape {
    match leaf::text(value) {
        Leaf::Known(text) => Shape(vec![Piece::Text(text.to_owned())]),
        Leaf::Unknown(Unknown {
            shape: Some(shape), ..
        }) => shape.clone(),
        _ => Shape(vec![Piece::hole(String::new())]),
    }
}

fn is_known(piece: &Piece) -> bool {
    matches!(piece, Piece::Text(_))
}

/// Whether two texts can turn out to be one: false when their beginnings or their ends differ.
fn may_be_equal(one: &Shape, other: &Shape) -> bool {
    fn end(shape: &Shape) -> &str {
        match shape.0.last() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }
    let (start, other_start) = (one.prefix(), other.prefix());
    let (end, other_end) = (end(one), end(other));
    (start.starts_with(other_start) || other_start.starts_with(start))
        && (end.ends_with(other_end) || other_end.ends_with(end))
}

/// Whether the value is the id of the repository's key, which `Ref` and `KeyId` of a key are.
fn is_key_id(repository: Of<'_, Repository>, value: Value<'_>) -> bool {
    let reference = value.as_unknown().and_then(|it| it.reference.as_ref());
    let own = repository.own.settings.key.as_ref();
    let (Some(reference), Some(own)) = (reference, own) else {
        return false;
    };
    let id = own.logical_id.as_deref();
    ["Ref", "KeyId"].contains(&reference.attribute.as_str())
        && id.is_some_and(|id| reference.is_of(own.place.source, id))
}

/// Whether the value is the ARN of a key of the template other than the repository's.
fn is_another_key(repository: Of<'_, Repository>, unknown: &Unknown, wanted: Holds) -> bool {
    let Some(reference) = &unknown.reference else {
        return false;
    };
    let written = leaf::text(repository.document.value(repository.own.settings.kms_key));
    let own = match &repository.own.settings.key {
        Some(key) => key.logical_id.as_deref().map(|id| (key.place.source, id)),
        // Without a key there is at most the one of AWS, which no template makes.
        None if matches!(written, Leaf::Absent) => None,
        None => return false,
    };
    let of_kms = unknown
        .shape
        .as_ref()
        .is_some_and(|shape| shape.to_string().contains(":kms:"));
    wanted == Holds::KeyArn
        && of_kms
        && reference.attribute == "Arn"
        && own.is_none_or(|(template, id)| !reference.is_of(template, id))
}
