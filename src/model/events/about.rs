//! Whether a pattern is about ECR: by its sources, its types of events and the services behind records of CloudTrail.
//! It does not know whether any event fits.

use super::conjunct::{Conjunct, PatternField, conjuncts, starred};
use super::kind::{EventKind, INSPECTOR, Sent};
use super::kinds::KINDS;
use super::pattern::fits;
use super::sample::{folded, is_ecr, is_ecr_service, words};
use crate::model::{Data, Truth, Value};

/// Where a record of CloudTrail names the service.
pub(super) const SERVICE: [&str; 2] = ["detail", "eventSource"];
/// Where a record of CloudTrail names what was called.
pub(super) const OPERATION: [&str; 2] = ["detail", "eventName"];

/// Whether a pattern asks for events of ECR, or of Inspector about images in ECR, as far as that can be seen.
pub(crate) fn is_about(pattern: Value<'_>) -> bool {
    match pattern.data() {
        Data::Object => match conjuncts(pattern) {
            Some(all) => all.iter().any(is_about_ecr),
            None => mentions(pattern),
        },
        Data::String(text) => quotes(text),
        Data::Unknown(unknown) => unknown
            .shape
            .as_ref()
            .is_some_and(|shape| quotes(&starred(shape))),
        _ => false,
    }
}

/// Whether a pattern is certainly about something else, and sees nothing of ECR.
pub(crate) fn is_foreign(pattern: Value<'_>) -> bool {
    if is_open(pattern) || is_about(pattern) {
        return false;
    }
    let is_of_repository =
        |kind: &&EventKind| !matches!(kind.sent, Sent::CrossStack | Sent::Foreign);
    let sees = |one: &Conjunct<'_>| {
        KINDS
            .iter()
            .filter(is_of_repository)
            .any(|kind| !fit(one, kind).is_false())
    };
    match pattern.data() {
        Data::Object => conjuncts(pattern).is_some_and(|all| !all.iter().any(sees)),
        _ => true,
    }
}

/// Whether anything in a pattern is not known.
fn is_open(value: Value<'_>) -> bool {
    value.as_unknown().is_some()
        || value.items().any(is_open)
        || value.members().any(|(_, member)| is_open(member))
}

/// Whether one of the alternatives is about ECR.
pub(super) fn is_about_ecr(conjunct: &Conjunct<'_>) -> bool {
    names_ecr(conjunct) || (names_inspector(conjunct) && is_about_images(conjunct))
}

fn names_ecr(conjunct: &Conjunct<'_>) -> bool {
    conjunct.iter().any(|field| {
        let is_of_repository: fn(&str) -> bool = match asks_for(field) {
            Some("source") => is_ecr,
            Some("eventsource") => is_ecr_service,
            Some("detailtype") => is_type,
            _ => return false,
        };
        field.texts().iter().any(|text| is_of_repository(text))
    })
}

/// What a field is meant to be that tells what a pattern is about, however it is spelled.
fn asks_for(field: &PatternField<'_>) -> Option<&'static str> {
    let (top, member) = match field.path.as_slice() {
        [name] => (*name, None),
        [top, member] => (*top, Some(*member)),
        _ => return None,
    };
    match (&*folded(top), member.map(folded).as_deref()) {
        ("source", None) => Some("source"),
        ("detailtype", None) => Some("detailtype"),
        ("detail", Some("eventsource")) => Some("eventsource"),
        _ => None,
    }
}

/// Whether a type of events is meant to be one of ECR's.
fn is_type(text: &str) -> bool {
    words(text).next().is_some_and(|word| word == "ecr")
}

fn names_inspector(conjunct: &Conjunct<'_>) -> bool {
    let is_inspector = |text: &str| words(text).any(|word| word == "inspector2");
    let mut fields = conjunct.iter();
    fields.any(|field| {
        matches!(asks_for(field), Some("source" | "detailtype"))
            && field.texts().iter().any(|text| is_inspector(text))
    })
}

/// Whether what is asked of Inspector is about images: because it says so, or because it is not about something else.
fn is_about_images(conjunct: &Conjunct<'_>) -> bool {
    if names_images(conjunct) {
        return true;
    }
    let fits = |is_cross_stack: bool| {
        let asked = KINDS.iter().filter(|kind| {
            let is_such = (kind.sent == Sent::CrossStack) == is_cross_stack;
            kind.source == INSPECTOR && is_such && may_ask_for(conjunct, kind)
        });
        Truth::any(asked.map(|kind| fit(conjunct, kind)))
    };
    match (fits(false), fits(true)) {
        (Truth::True, _) | (Truth::False, Truth::False) => true,
        (Truth::False, _) | (_, Truth::True) => false,
        _ => true,
    }
}

/// Whether a field is named, or a value asked for, that only images have.
fn names_images(conjunct: &Conjunct<'_>) -> bool {
    const FIELDS: [&str; 4] = [
        "repository-name",
        "image-digest",
        "image-tags",
        "awsEcrContainerImage",
    ];
    let is_of_repository = |text: &str| {
        let is_type = text.starts_with("AWS_") && words(text).nth(1).as_deref() == Some("ecr");
        is_type || (text.starts_with("arn:") && text.contains(":ecr:"))
    };
    conjunct.iter().any(|field| {
        let named = field.path.iter().any(|name| FIELDS.contains(name));
        named || field.texts().iter().any(|text| is_of_repository(text))
    })
}

/// Whether a kind is one for whose fields the pattern may ask: for those that nobody has documented, it has to name the
/// type.
pub(super) fn may_ask_for(conjunct: &Conjunct<'_>, kind: &EventKind) -> bool {
    !kind.is_vague || conjunct.iter().any(|field| field.is(&["detail-type"]))
}

/// Whether an event of a kind fits all fields, each by itself.
pub(super) fn fit(conjunct: &Conjunct<'_>, kind: &EventKind) -> Truth {
    let fields = conjunct.iter();
    Truth::all(fields.map(|field| fits(field, &kind.event)))
}

/// Whether any text of a pattern with too many alternatives is about ECR.
fn mentions(pattern: Value<'_>) -> bool {
    let own = pattern
        .as_str()
        .is_some_and(|text| is_ecr(text) || is_type(text));
    own || pattern.items().any(mentions) || pattern.members().any(|(_, value)| mentions(value))
}

/// Whether a text that is to be a pattern quotes a source, a type or a service of ECR.
fn quotes(text: &str) -> bool {
    let mut quoted = text.split('"').skip(1).step_by(2);
    quoted.any(|word| is_ecr(word) || is_type(word))
}
