//! Values of events, as far as every event of a kind is alike.
//! It does not know patterns, nor which kinds of events there are.

use crate::model::policy::HOSTS;
use crate::model::{Piece, Reference, Shape, Truth};
use crate::source::nearest;

/// A value of an event, or all the values that it has in some event.
#[derive(Clone, Debug)]
pub(super) enum Sample {
    /// A text that is certain.
    Text(String),
    /// One text that is not known whole.
    Hidden(PartialText),
    /// Any text of a form: each is in some event.
    Free(TextForm),
    /// One of the documented words, or of others that nobody has documented.
    Word(EnumValues),
    /// Any number.
    Number,
    /// How many there are of something: any whole number from 0 on.
    Count,
    /// Whatever somebody may ask for.
    Any,
    /// A list.
    List(Vec<Sample>),
    /// A mapping.
    Map(Map),
}

/// A text that is not known whole.
#[derive(Clone, Debug)]
pub(super) struct PartialText {
    /// What is known of it.
    pub(super) shape: Shape,
    /// The attribute that it is in the template.
    pub(super) reference: Option<Reference>,
    /// Why it is not known.
    pub(super) reason: String,
}

/// The members of a mapping.
#[derive(Clone, Debug)]
pub(super) struct Map {
    /// Those that are documented.
    pub(super) members: Vec<(&'static str, Sample)>,
    /// Whether there are others.
    pub(super) is_open: bool,
    /// Members that only other events have.
    pub(super) never: &'static [&'static str],
}

/// A member of a mapping.
pub(super) enum SampleMember<'e> {
    /// It is there in some event.
    There(&'e Sample),
    /// No event has it.
    Nowhere,
    /// It is not documented.
    Perhaps,
}

/// The documented words of an enumeration.
#[derive(Clone, Copy, Debug)]
pub(super) struct EnumValues {
    /// The words.
    pub(super) known: &'static [&'static str],
    /// Words that are documented for other events.
    pub(super) never: &'static [&'static str],
    /// Whether words are as like each other as `GetImage` and `PutImage`, so that only another spelling is a miss.
    pub(super) are_alike: bool,
}

/// What the texts of a field have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextForm {
    /// Nothing.
    Text,
    /// The name of a repository.
    Name,
    /// The ARN of a repository.
    Arn,
    /// The ARN of an image: that of its repository, and a digest.
    ImageArn,
    /// The tag of an image.
    Tag,
    /// A digest, or a tag.
    Digest,
    /// The number of an account.
    Account,
    /// The name of a region.
    Region,
    /// What every event has, whatever stands there: its id, and when it was sent.
    Mark,
    /// The source of other services' events.
    OtherSource,
    /// A type of other services' events.
    OtherType,
    /// A type of records of CloudTrail.
    RecordType,
    /// The service behind a record of CloudTrail about others.
    OtherService,
    /// What is not a resource of ECR.
    OtherResource,
}

impl Sample {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(super) fn words(known: &'static [&'static str]) -> Self {
        Self::words_but(known, &[])
    }

    /// The same, where some are certainly others'.
    pub(super) fn words_but(
        known: &'static [&'static str],
        never: &'static [&'static str],
    ) -> Self {
        Self::Word(EnumValues {
            known,
            never,
            are_alike: false,
        })
    }

    /// A mapping with these members and no others.
    pub(super) fn closed(members: Vec<(&'static str, Self)>) -> Self {
        Self::Map(Map {
            members,
            is_open: false,
            never: &[],
        })
    }

    /// A mapping that may have others, too.
    pub(super) fn open(members: Vec<(&'static str, Self)>) -> Self {
        Self::open_but(members, &[])
    }

    /// The same, where some are certainly others'.
    pub(super) fn open_but(
        members: Vec<(&'static str, Self)>,
        never: &'static [&'static str],
    ) -> Self {
        Self::Map(Map {
            members,
            is_open: true,
            never,
        })
    }

    /// The member `key` of a value.
    pub(super) fn member(&self, key: &str) -> SampleMember<'_> {
        match self {
            Self::Any => SampleMember::There(self),
            Self::Map(map) => match map.members.iter().find(|(name, _)| *name == key) {
                Some((_, value)) => SampleMember::There(value),
                None if map.may_have(key) => SampleMember::Perhaps,
                None => SampleMember::Nowhere,
            },
            _ => SampleMember::Nowhere,
        }
    }
}

impl Map {
    /// Whether there may be a member that is not documented.
    fn may_have(&self, key: &str) -> bool {
        self.is_open && !self.never.contains(&key) && self.near(key).is_none()
    }

    /// The documented member that `key` was most likely meant to be.
    pub(super) fn near(&self, key: &str) -> Option<&'static str> {
        let names = || self.members.iter().map(|(name, _)| *name);
        let longer = |name: &&str| name.starts_with(&format!("{key}-"));
        let known = names().find(|name| folded(name) == folded(key));
        known
            .or_else(|| nearest(key, names()))
            .or_else(|| names().find(longer))
    }
}

impl EnumValues {
    /// The documented word that `word` was most likely meant to be.
    pub(super) fn near(self, word: &str) -> Option<&'static str> {
        let known = || self.known.iter().copied();
        let same = |text: &str| folded(text).trim_end_matches('s').to_owned();
        let spelled = known().find(|known| same(known) == same(word));
        spelled.or_else(|| match self.are_alike {
            true => None,
            false => nearest(word, known()),
        })
    }
}

/// A word without what spellings differ in: letter case, hyphens, underscores and blanks.
pub(super) fn folded(word: &str) -> String {
    let letters = word.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

impl TextForm {
    /// What is certain of such a text.
    pub(super) fn shape(self) -> Shape {
        let text = |text: &str| Piece::Text(text.to_owned());
        let hole = || Piece::hole(String::new());
        match self {
            Self::Arn | Self::ImageArn => Shape(vec![
                text("arn:"),
                hole(),
                text(":ecr:"),
                hole(),
                text(":"),
                hole(),
                text(":repository/"),
                hole(),
            ]),
            _ => Shape(vec![hole()]),
        }
    }

    /// Whether such a text can hold this piece.
    pub(super) fn accepts(self, piece: &str) -> bool {
        match self {
            Self::Text | Self::Mark | Self::Arn | Self::ImageArn => true,
            Self::Account => piece.bytes().all(|byte| byte.is_ascii_digit()),
            Self::Region => piece
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            Self::Name => {
                let is_letter = |letter: char| {
                    letter.is_ascii_lowercase()
                        || letter.is_ascii_digit()
                        || "/._-".contains(letter)
                };
                piece.chars().all(is_letter) && !is_uri(piece)
            }
            Self::Tag => is_of_tag(piece),
            // A digest has a colon, too.
            Self::Digest => piece.split(':').all(is_of_tag),
            Self::OtherSource => !is_ecr(piece) && !is_inspector(piece),
            Self::OtherService => !is_ecr_service(piece) && !is_inspector(piece),
            Self::RecordType => RECORDS.iter().any(|record| record.contains(piece)),
            Self::OtherType => {
                let first = words(piece).next();
                !first.is_some_and(|word| ["ecr", "inspector2"].contains(&word.as_str()))
                    && !RECORDS.contains(&piece)
            }
            Self::OtherResource => !piece.starts_with("arn:") || !piece.contains(":ecr:"),
        }
    }

    /// Whether such a text can begin with this piece, which it accepts.
    pub(super) fn may_begin(self, piece: &str) -> bool {
        match self {
            Self::Name => !piece.starts_with(SEPARATORS),
            Self::Tag => !piece.starts_with(['.', '-']),
            Self::Account => piece.len() <= DIGITS,
            _ => true,
        }
    }

    /// Whether such a text can end with this piece, which it accepts.
    pub(super) fn may_end(self, piece: &str) -> bool {
        match self {
            Self::Name => !piece.ends_with(SEPARATORS),
            Self::Account => piece.len() <= DIGITS,
            _ => true,
        }
    }

    /// Whether all of such a text can be this, which it accepts.
    pub(super) fn is_whole(self, text: &str) -> bool {
        let has_length = self != Self::Account || text.len() == DIGITS;
        has_length && self.may_begin(text) && self.may_end(text)
    }

    /// Whether every event has a text there, wherever one of the form stands.
    ///
    /// <https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html>
    pub(super) fn is_always_there(self) -> bool {
        matches!(self, Self::Account | Self::Region | Self::Mark)
    }

    /// Whether a value that is the attribute of a resource can be such a text.
    pub(super) fn takes(self, attribute: &str) -> bool {
        match self {
            Self::Name => !["Arn", "RepositoryUri"].contains(&attribute),
            Self::Arn | Self::ImageArn => attribute != "RepositoryUri",
            _ => true,
        }
    }
}

/// What no part of a repository's name begins or ends with
/// (<https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html>).
const SEPARATORS: [char; 4] = ['/', '.', '_', '-'];

/// Digits of an account.
const DIGITS: usize = 12;

/// Whether a piece has nothing but what tags have.
fn is_of_tag(piece: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    piece.chars().all(is_letter)
}

/// Whether a text begins like the URI of a repository.
pub(super) fn is_uri(text: &str) -> bool {
    let mut labels = text.split('.');
    let account = labels.next().unwrap_or_default();
    account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && labels.next().is_some_and(is_registry)
}

/// Whether the label behind an account makes it the host of a registry.
fn is_registry(label: &str) -> bool {
    HOSTS
        .iter()
        .any(|host| host.split('.').nth(1) == Some(label))
}

/// The same for a text of which not all is known: the account, or the number of a parameter, stands in front of the
/// host.
pub(super) fn is_uri_shape(shape: &Shape) -> bool {
    match shape.0.as_slice() {
        [Piece::Text(start), ..] => is_uri(start.trim_start_matches("https://")),
        [Piece::Hole(..), Piece::Text(host), ..] => {
            let label = host.strip_prefix('.').and_then(|rest| rest.split_once('.'));
            label.is_some_and(|(label, _)| is_registry(label))
        }
        _ => false,
    }
}

/// The words of a name, in lower case.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
}

/// The types of records of CloudTrail: calls, and what a service does by itself.
pub(super) const RECORDS: [&str; 2] = [
    "AWS API Call via CloudTrail",
    "AWS Service Event via CloudTrail",
];

/// Whether a source is meant to be ECR's: `aws.ecr`, and what people write for it. A program of somebody's own may call
/// itself `ecr`.
pub(super) fn is_ecr(source: &str) -> bool {
    is_ecr_service(source) && words(source).count() > 1
}

/// Whether a service of CloudTrail is meant to be ECR.
pub(super) fn is_ecr_service(service: &str) -> bool {
    const BESIDE: [&str; 8] = [
        "ecr",
        "aws",
        "amazon",
        "amazonaws",
        "com",
        "cn",
        "api",
        "public",
    ];
    words(service).any(|word| word == "ecr")
        && words(service).all(|word| BESIDE.contains(&word.as_str()))
}

/// Whether a source or service is Inspector.
fn is_inspector(source: &str) -> bool {
    words(source).any(|word| word == "inspector2")
}

/// That a value is none that anybody has documented.
pub(super) fn undocumented(what: &str) -> Truth {
    Truth::unknown(format!("AWS does not document {what}"))
}
