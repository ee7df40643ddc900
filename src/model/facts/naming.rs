//! What a repository's name is worth: grammar, the organisation's pattern, twins.
//! It does not know how a name was put together.

mod suggested;
mod tools;

pub use suggested::misses_standard;
pub(super) use suggested::{base, logical_id, suggested, taken};
pub use tools::is_tool_owned;

use super::leaf::{self, Leaf};
use super::problems::Problems;
use super::{Scope, Twin};
use crate::model::glob;
use crate::model::{Document, NodeId, Piece, Shape, Truth, Unknown, Value};
use crate::model::{EntityKind, Of, Organisation, Repository, RepositorySubject};
use crate::source::Span;

/// Adds whether CloudFormation makes up the name.
pub(super) fn generated(document: &mut Document, name: Value<'_>) -> NodeId {
    match leaf::text(name) {
        Leaf::Absent => document.bool(true, name.span()),
        Leaf::Unknown(unknown) if unknown.maybe_absent => {
            let unknown = Unknown::because(unknown.reason.as_str());
            document.unknown(unknown, name.span())
        }
        _ => document.bool(false, name.span()),
    }
}

/// Adds what ECR refuses about the name.
pub(super) fn problems(document: &mut Document, repository: Of<'_, Repository>) -> NodeId {
    let value = repository.document.value(repository.own.settings.name);
    let span = value.span();
    let mut problems = Problems::new(document);
    match leaf::text(value) {
        Leaf::Known(name) => {
            if let Some(problem) = fault(name, repository.kind()) {
                problems.add(span, &problem);
            }
        }
        Leaf::Absent => {}
        Leaf::Unknown(unknown) => {
            let shape = unknown.shape.as_ref();
            if let Some(problem) = shape.and_then(certain_fault) {
                problems.add(span, &problem);
            }
            if !shape.is_some_and(|shape| certainly_fine(shape, repository.kind())) {
                problems.cannot_tell(unknown);
            }
        }
        Leaf::Other => problems.add(span, "is not a text"),
    }
    problems.finish(span)
}

/// The first fault of a name, as a clause that follows the name.
fn fault(name: &str, kind: EntityKind) -> Option<String> {
    let longest = match kind {
        EntityKind::Public => 205,
        _ => 256,
    };
    if let Some(fault) = foreign_letter(name) {
        return Some(fault);
    }
    // Only ASCII is left, so bytes are characters.
    if !(2..=longest).contains(&name.len()) {
        let length = name.len();
        return Some(format!("has {length} characters, expected 2 to {longest}"));
    }
    name.split('/').find_map(segment_fault)
}

fn foreign_letter(text: &str) -> Option<String> {
    let allowed = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-/".contains(letter)
    };
    let letter = text.chars().find(|letter| !allowed(*letter))?;
    Some(if letter.is_uppercase() {
        format!("has the capital `{letter}`, expected lower case")
    } else {
        let letter = letter.escape_debug();
        format!("has `{letter}`, expected lower-case letters, digits, `.`, `_`, `-` and `/`")
    })
}

/// A part between slashes starts and ends with a letter or digit; between them stand `.`, `_`, `__`
/// or any number of `-`.
fn segment_fault(segment: &str) -> Option<String> {
    let separator = |letter: char| "._-".contains(letter);
    if segment.is_empty() {
        return Some("has an empty part beside a `/`".to_owned());
    }
    if segment.starts_with(separator) || segment.ends_with(separator) {
        return Some(format!(
            "has the part `{segment}`, expected a letter or digit at both of its ends"
        ));
    }
    segment
        .split(|letter| !separator(letter))
        .find(|run| !matches!(*run, "" | "." | "_" | "__") && !run.bytes().all(|byte| byte == b'-'))
        .map(|run| format!("has `{run}` between letters, expected `.`, `_`, `__` or hyphens"))
}

/// A fault that no filling of the holes can mend.
fn certain_fault(shape: &Shape) -> Option<String> {
    let texts = || {
        shape.0.iter().filter_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            Piece::Hole(_) => None,
        })
    };
    if let Some(fault) = texts().find_map(foreign_letter) {
        return Some(fault);
    }
    let length: usize = texts().map(str::len).sum();
    if length > 256 {
        return Some(format!(
            "has more than {length} characters, expected 2 to 256"
        ));
    }
    let last = shape.0.len().saturating_sub(1);
    shape
        .0
        .iter()
        .enumerate()
        .find_map(|(index, piece)| match piece {
            Piece::Text(text) => piece_fault(text, index > 0, index < last),
            Piece::Hole(_) => None,
        })
}

/// A fault between the characters of one piece of a name, which may go on before and behind it.
fn piece_fault(text: &str, is_behind: bool, goes_on: bool) -> Option<String> {
    let parts = text.split('/').count();
    let mut numbered = text.split('/').enumerate();
    numbered.find_map(|(index, part)| {
        let (begins, ends) = (index > 0 || !is_behind, index + 1 < parts || !goes_on);
        part_fault(part, begins, ends)
    })
}

/// A fault of a part of a name, of which it is known whether it begins and ends there.
fn part_fault(part: &str, begins: bool, ends: bool) -> Option<String> {
    if begins && ends {
        return segment_fault(part);
    }
    let separator = |letter: char| "._-".contains(letter);
    if begins && part.starts_with(separator) || ends && part.ends_with(separator) {
        return Some(format!(
            "has `{part}` at an end of a part, expected a letter or digit there"
        ));
    }
    // What goes on may have more separators where it does.
    let inside = part.trim_matches(separator);
    inside
        .contains(|letter| !separator(letter))
        .then(|| segment_fault(inside))?
}

/// Whether every filling of the holes is a name that ECR takes: an account has twelve digits, a region lower-case
/// words, hyphens and a digit, a partition lower-case words and hyphens, a host suffix such words and dots, and nothing
/// but its length could be wrong with it.
fn certainly_fine(shape: &Shape, kind: EntityKind) -> bool {
    const SHORTEST: [(&str, &str); 4] = [
        ("AWS::AccountId", "000000000000"),
        ("AWS::Region", "xx-x-1"),
        ("AWS::Partition", "aws"),
        ("AWS::URLSuffix", "xxx.xx"),
    ];
    const LONGEST: [(&str, &str); 4] = [
        ("AWS::AccountId", "000000000000"),
        ("AWS::Region", "xx-xxxxxxxxxxxxxxxxxxxxxxxxxxxx-1"),
        ("AWS::Partition", "aws-xxxxxxxxxxxxxxxx"),
        ("AWS::URLSuffix", "xxxxxxxxxxxxxxxxxxxxxxx.xxx.xx"),
    ];
    [SHORTEST, LONGEST].into_iter().all(|fillings| {
        let filled = |hole: &str| {
            let found = fillings.iter().find(|(name, _)| *name == hole);
            found.map(|(_, filling)| *filling)
        };
        let texts = shape.0.iter().map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            Piece::Hole(name) => filled(name),
        });
        let name: Option<String> = texts.collect();
        name.is_some_and(|name| fault(&name, kind).is_none())
    })
}

/// Adds whether the name is one that the organisation's standard gives.
pub(super) fn conforms(document: &mut Document, name: Value<'_>, scope: &Scope<'_>) -> NodeId {
    let span = name.span();
    let Some(organisation) = scope.organisation else {
        return document.absent(span);
    };
    // What is declared under another name has a wrong one.
    if scope.taken.is_some() {
        return document.bool(false, span);
    }
    let Some(start) = Start::of(organisation) else {
        return document.absent(span);
    };
    let answer = match leaf::text(name) {
        Leaf::Absent => return document.absent(span),
        Leaf::Known(name) => fits(name, organisation, start),
        Leaf::Unknown(unknown) => match &unknown.shape {
            Some(shape) => shape_fits(shape, unknown, start),
            None => Truth::Unknown(unknown.clone()),
        },
        Leaf::Other => Truth::False,
    };
    answer.write(document, span)
}

/// The beginning that every name of the organisation has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start<'o> {
    prefix: &'o str,
    app: Option<&'o str>,
}

impl<'o> Start<'o> {
    /// `None` when no prefix is configured.
    pub(super) fn of(organisation: &'o Organisation) -> Option<Self> {
        Some(Self {
            prefix: &organisation.prefix.as_ref()?.value,
            app: organisation.app.as_ref().map(|app| app.value.as_str()),
        })
    }

    /// What follows the beginning in `name`, if `name` has it.
    pub(super) fn strip(self, name: &str) -> Option<&str> {
        let rest = strip_part(name, self.prefix)?;
        match self.app {
            Some(app) => strip_part(rest, app),
            None => Some(rest),
        }
    }

    /// Whether a filling of the holes has the beginning.
    fn may_begin(self, shape: &Shape) -> bool {
        let wanted = match self.app {
            Some(app) => format!("{}-{app}-*", self.prefix),
            None => format!("{}-*", self.prefix),
        };
        glob::overlap(&wanted.to_lowercase(), &glob::of_shape(shape))
    }
}

/// Takes `part`, lower-cased, and a hyphen off the beginning.
fn strip_part<'n>(name: &'n str, part: &str) -> Option<&'n str> {
    let mut rest = name.chars();
    for letter in part.chars().flat_map(char::to_lowercase) {
        if rest.next()? != letter {
            return None;
        }
    }
    rest.as_str().strip_prefix('-')
}

/// Prefix, application and some base name. Whether the base name is declared is another question; a declared name
/// that is cut short may lack its beginning.
fn fits(name: &str, organisation: &Organisation, start: Start<'_>) -> Truth<Unknown> {
    let lower = !name.chars().any(char::is_uppercase);
    let begins = start.strip(name).is_some_and(|base| !base.is_empty());
    let formed = lower && name.len() <= 256 && begins;
    (formed || organisation.declared_as(name).next().is_some()).into()
}

fn shape_fits(shape: &Shape, unknown: &Unknown, start: Start<'_>) -> Truth<Unknown> {
    // Whatever fills the holes of a name that ECR accepts is in lower case.
    if start
        .strip(shape.prefix())
        .is_some_and(|base| !base.is_empty())
    {
        return Truth::True;
    }
    if start.may_begin(shape) {
        Truth::Unknown(unknown.clone())
    } else {
        Truth::False
    }
}

/// Whether a name that is not known may have prefix, application and a base name.
pub(super) fn may_begin(unknown: &Unknown, organisation: &Organisation) -> bool {
    let start = Start::of(organisation).filter(|start| start.app.is_some());
    match (start, &unknown.shape) {
        (Some(start), Some(shape)) => start.may_begin(shape),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// Adds the name that the standard wants for a declared repository.
pub(super) fn expected(document: &mut Document, scope: &Scope<'_>, span: Span) -> NodeId {
    let wanted = scope.declared.and_then(|declared| {
        let name = scope.organisation?.repository_name(&declared.base.value)?;
        Some((name, declared.base.span))
    });
    match wanted {
        Some((name, span)) => document.string(&name, span),
        None => document.absent(span),
    }
}

/// Adds one other repository of the run that has the same account, region and name, with the number of the others.
pub(super) fn same_name(
    document: &mut Document,
    repository: Of<'_, Repository>,
    twins: &[Twin<'_>],
) -> NodeId {
    let name = repository.document.value(repository.own.settings.name);
    let twins: Vec<_> = twins
        .iter()
        .map(|twin| {
            if let Some(doubt) = twin.doubt {
                let other = other(twin);
                let label = format!("{other} may have the same name");
                let unknown = Unknown::because(doubt)
                    .maybe_absent()
                    .beside(twin.span, label);
                return document.unknown(unknown, name.span());
            }
            let logical_id = leaf::optional(document, twin.logical_id, twin.span);
            let stack = leaf::optional(document, twin.stack, twin.span);
            let both = document.string(&both(&repository.subject, twin), twin.span);
            let more = document.string(&more(twin.more), twin.span);
            let members = [
                ("logical_id", logical_id),
                ("stack", stack),
                ("both", both),
                ("more", more),
            ];
            document.object(&members, twin.span)
        })
        .collect();
    document.array(&twins, name.span())
}

/// Another repository, in words that tell it from others.
fn other(twin: &Twin<'_>) -> String {
    match (twin.logical_id, twin.stack) {
        (Some(id), Some(stack)) => format!("`{id}` of stack `{stack}`"),
        (Some(id), None) => format!("`{id}`"),
        (None, _) => "a live repository of the inputs".to_owned(),
    }
}

/// Two repositories with one name, in words that tell them apart.
fn both(subject: &RepositorySubject, twin: &Twin<'_>) -> String {
    let (Some(own), Some(other)) = (subject.logical_id.as_deref(), twin.logical_id) else {
        return "two live repositories of the inputs".to_owned();
    };
    match (subject.stack.as_deref(), twin.stack) {
        (Some(stack), Some(there)) if stack != there => {
            format!("`{own}` of stack `{stack}` and `{other}` of stack `{there}`")
        }
        _ if own == other => format!("`{own}` and another `{other}`"),
        _ => format!("`{own}` and `{other}`"),
    }
}

/// The rest of those that have one name, in words that follow the first two.
fn more(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => ", as is one more".to_owned(),
        100.. => ", as are many more".to_owned(),
        _ => format!(", as are {count} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        EntityKind, Piece, RepositorySubject, Shape, Twin, both, certain_fault, certainly_fine,
        fault,
    };

    fn faulty(name: &str) -> bool {
        fault(name, EntityKind::Private).is_some()
    }

    #[test]
    fn repositories_with_one_name_are_told_apart() {
        for (own, other, stack, expected) in [
            (Some("A"), Some("B"), None, "`A` and `B`"),
            (Some("A"), Some("A"), None, "`A` and another `A`"),
            (Some("A"), Some("B"), Some("Blue"), "`A` and `B`"),
            (
                Some("A"),
                Some("A"),
                Some("Red"),
                "`A` of stack `Blue` and `A` of stack `Red`",
            ),
            (None, None, None, "two live repositories of the inputs"),
        ] {
            let subject = RepositorySubject {
                logical_id: own.map(str::to_owned),
                stack: stack.map(|_| "Blue".to_owned()),
                ..RepositorySubject::default()
            };
            let twin = Twin {
                logical_id: other,
                stack,
                ..Twin::default()
            };
            assert_eq!(both(&subject, &twin), expected);
        }
    }

    #[test]
    fn a_fault_beside_what_is_not_known_is_certain_where_no_filling_mends_it() {
        let faulty = |text: &str| {
            let mut pieces = Vec::new();
            for (index, piece) in text.split('$').enumerate() {
                pieces.extend((index > 0).then(|| Piece::Hole("P".to_owned())));
                pieces.extend((!piece.is_empty()).then(|| Piece::Text(piece.to_owned())));
            }
            certain_fault(&Shape(pieces)).is_some()
        };
        for name in [
            "a//$", "$//a", "a..b$", "$a___b", "a/-$", "$-/a", "$/.a/$", "$a.-b$", "-$", "$_",
        ] {
            assert!(faulty(name), "{name}");
        }
        for name in [
            "a/$", "$/a", "a-$", "$--", "a.$.b", "$", "a__$", "$/$", "$-$", "a--b$",
        ] {
            assert!(!faulty(name) || name == "$--", "{name}");
        }
    }

    #[test]
    fn names_that_ecr_takes_have_no_fault() {
        for name in ["ab", "1a", "a/b", "a.b_c__d-e---f", "team/app-1/x", "0/0"] {
            assert!(!faulty(name), "{name}");
        }
        assert!(!faulty(&"a".repeat(256)));
    }

    #[test]
    fn names_that_ecr_refuses_have_a_fault() {
        for name in [
            "", "a", "-a", "a-", "a..b", "a.-b", "a___b", "a//b", "/a", "a/", "A1", "a b", "é1",
            "a/-b", "_a",
        ] {
            assert!(faulty(name), "{name}");
        }
        assert!(faulty(&"a".repeat(257)));
        assert!(fault(&"a".repeat(206), EntityKind::Public).is_some());
    }

    #[test]
    fn a_fault_says_what_was_expected() {
        let fault = fault("Acme", EntityKind::Private).unwrap();
        assert_eq!(fault, "has the capital `A`, expected lower case");
    }

    #[test]
    fn names_with_an_account_or_region_are_fine_where_every_one_fits() {
        let fine = |pieces: &[&str]| {
            let pieces = pieces.iter().map(|piece| match piece.strip_prefix('$') {
                Some(name) => Piece::Hole(name.to_owned()),
                None => Piece::Text((*piece).to_owned()),
            });
            certainly_fine(&Shape(pieces.collect()), EntityKind::Private)
        };
        assert!(fine(&[
            "acme-",
            "$AWS::AccountId",
            "/",
            "$AWS::Region",
            "-api"
        ]));
        assert!(fine(&["$AWS::Partition"]) && fine(&["x-", "$AWS::URLSuffix"]));
        assert!(!fine(&["acme-", "$Stage"]), "a parameter can be anything");
        assert!(!fine(&["acme..", "$AWS::AccountId"]));
        let long = "a".repeat(230);
        assert!(
            !fine(&[long.as_str(), "$AWS::Region"]),
            "some regions fit, others do not"
        );
    }
}
