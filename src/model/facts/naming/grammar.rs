//! What names ECR takes, of those that are known and of those with holes.
//! It does not know the organisation's standard.

use crate::model::{CharacterSet, EntityKind, Piece, Shape, TextLimits, Truth, fits};

/// Characters of the shortest name.
const SHORTEST: usize = 2;
/// Characters of one run that an example shows at most, as long as it is wrong all the same.
const SHOWN: usize = 300;

/// Characters of the longest name.
fn longest_of(kind: EntityKind) -> usize {
    match kind {
        EntityKind::Public => 205,
        _ => 256,
    }
}

/// The first fault of a name, as a clause that follows the name.
pub(super) fn fault(name: &str, kind: EntityKind) -> Option<String> {
    let longest = longest_of(kind);
    if let Some(fault) = foreign_letter(name) {
        return Some(fault);
    }
    // Only ASCII is left, so bytes are characters.
    if !(SHORTEST..=longest).contains(&name.len()) {
        let length = name.len();
        let characters = if length == 1 {
            "character"
        } else {
            "characters"
        };
        return Some(format!(
            "has {length} {characters}, expected 2 to {longest}"
        ));
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
pub(super) fn certain_fault(shape: &Shape) -> Option<String> {
    let texts = || {
        shape.0.iter().filter_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            Piece::Hole(..) => None,
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
            Piece::Hole(..) => None,
        })
}

/// What ECR takes, without the number of characters.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html>
const GRAMMAR: &str =
    r"\A(?:[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*/)*[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*\z";

/// A fault that no filling of the holes can mend because of what limits them, with one of the fillings.
pub(super) fn limited_fault(shape: &Shape, kind: EntityKind) -> Option<String> {
    if !shape.is_limited() {
        return None;
    }
    let (shortest, longest) = lengths(shape);
    let is_short = longest.is_some_and(|longest| longest < SHORTEST);
    if is_short || shortest > longest_of(kind) || fits(shape, GRAMMAR) == Truth::False {
        let example = example(shape);
        let fault = fault(&example, kind)?;
        return Some(format!(
            "can be none that ECR takes: `{example}`, for one, {fault}"
        ));
    }
    None
}

/// Characters of the shortest and of the longest filling.
fn lengths(shape: &Shape) -> (usize, Option<usize>) {
    let lengths = shape.0.iter().map(|piece| match piece {
        Piece::Text(text) => (text.chars().count(), Some(text.chars().count())),
        Piece::Hole(_, Some(limits)) => (limits.shortest(), limits.longest()),
        Piece::Hole(_, None) => (0, None),
    });
    lengths.fold((0, Some(0)), |(least, most), (shortest, longest)| {
        let most = most.zip(longest);
        let most = most.map(|(most, longest): (usize, usize)| most.saturating_add(longest));
        (least.saturating_add(shortest), most)
    })
}

/// One filling, of characters that people write where there are any.
fn example(shape: &Shape) -> String {
    let letter = |set: CharacterSet| {
        let letters = ('a'..='z')
            .chain('A'..='Z')
            .chain('0'..='9')
            .chain(' '..='~');
        letters.into_iter().find(|letter| set.has(*letter))
    };
    let filling = |limits: &TextLimits| -> String {
        let runs = limits.runs().iter();
        let runs = runs.map(|run| {
            let letter = letter(run.set).unwrap_or('x');
            let most = run.most.unwrap_or(usize::MAX);
            std::iter::repeat_n(letter, run.least.max(3.min(most)).min(SHOWN))
        });
        runs.flatten().collect()
    };
    let texts = shape.0.iter().map(|piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Hole(_, Some(limits)) => filling(limits),
        Piece::Hole(_, None) => String::new(),
    });
    texts.collect()
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
/// but its length could be wrong with it; a parameter is what its declaration allows.
pub(super) fn certainly_fine(shape: &Shape, kind: EntityKind) -> bool {
    const SHORT: [(&str, &str); 4] = [
        ("AWS::AccountId", "000000000000"),
        ("AWS::Region", "xx-x-1"),
        ("AWS::Partition", "aws"),
        ("AWS::URLSuffix", "xxx.xx"),
    ];
    const LONG: [(&str, &str); 4] = [
        ("AWS::AccountId", "000000000000"),
        ("AWS::Region", "xx-xxxxxxxxxxxxxxxxxxxxxxxxxxxx-1"),
        ("AWS::Partition", "aws-xxxxxxxxxxxxxxxx"),
        ("AWS::URLSuffix", "xxxxxxxxxxxxxxxxxxxxxxx.xxx.xx"),
    ];
    [SHORT, LONG].into_iter().all(|fillings| {
        let filled = |hole: &str| {
            let found = fillings.iter().find(|(name, _)| *name == hole);
            found.map(|(_, filling)| *filling)
        };
        let pieces = shape.0.iter().map(|piece| match piece {
            Piece::Hole(name, None) => Some(Piece::Text(filled(name)?.to_owned())),
            piece => Some(piece.clone()),
        });
        let pieces: Option<Vec<Piece>> = pieces.collect();
        pieces.is_some_and(|pieces| {
            let shape = Shape(pieces);
            let (shortest, longest) = lengths(&shape);
            let is_long = longest.is_none_or(|longest| longest > longest_of(kind));
            shortest >= SHORTEST && !is_long && fits(&shape, GRAMMAR).is_true()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{EntityKind, Piece, Shape, certain_fault, certainly_fine, fault};

    fn faulty(name: &str) -> bool {
        fault(name, EntityKind::Private).is_some()
    }

    #[test]
    fn a_fault_beside_what_is_not_known_is_certain_where_no_filling_mends_it() {
        let faulty = |text: &str| {
            let mut pieces = Vec::new();
            for (index, piece) in text.split('$').enumerate() {
                pieces.extend((index > 0).then(|| Piece::hole("P".to_owned())));
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
                Some(name) => Piece::hole(name),
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
