//! What the URI of an image says: the registry, the repository, and the tag or the digest, each as far as it is known.
//! It does not know which resources run images.

use super::runners::LATEST;
use crate::input::cloudformation::expression::cross_stack::RepositoryAddress;
use crate::input::cloudformation::expression::references::MADE_UP;
use crate::input::cloudformation::expression::value::{Text, TextPart};
use crate::model::{Kinship, Shape, Truth};
use crate::source::Span;

/// What stands between account and region in the host of a registry: by IPv4 and on both stacks, FIPS or not.
///
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html>
const MARKS: [&str; 4] = [".dkr.ecr.", ".dkr.ecr-fips.", ".dkr-ecr.", ".dkr-ecr-fips."];

/// An image of a repository.
pub(crate) struct ImageReference<'t> {
    /// The tag, unless a digest names it.
    pub(crate) tag: Option<Text<'t>>,
    /// The digest.
    pub(crate) digest: Option<Text<'t>>,
    /// Why it may be an image of another repository.
    pub(crate) doubt: Option<String>,
}

/// Where an image lies.
pub(crate) enum Address<'t> {
    /// In no private registry of ECR.
    Foreign,
    /// In a registry of ECR, as the path of its URI says.
    Ecr {
        account: Vec<TextPart<'t>>,
        region: Vec<TextPart<'t>>,
        path: Vec<TextPart<'t>>,
    },
    /// Wherever what is not known leads.
    Open(Vec<TextPart<'t>>),
}

impl<'t> Address<'t> {
    /// Reads a URI.
    pub(crate) fn of(uri: &Text<'t>) -> Self {
        let Some((host, path)) = cut(&uri.parts, "/") else {
            return match first_reason(&uri.parts) {
                Some(_) => Self::Open(uri.parts.clone()),
                None => Self::Foreign,
            };
        };
        let marked = MARKS.iter().find_map(|mark| cut(&host, mark));
        match marked.and_then(|(account, rest)| Some((account, cut(&rest, ".")?.0))) {
            Some((account, region)) => Self::Ecr {
                account,
                region,
                path,
            },
            None if first_reason(&host).is_some() => Self::Open(uri.parts.clone()),
            None => Self::Foreign,
        }
    }

    /// Whether nothing at all is known of it.
    pub(crate) fn is_anything(&self) -> bool {
        matches!(self, Self::Open(parts) if matches!(parts.as_slice(), [TextPart::Hole { .. }]))
    }

    /// The name of the repository, where it is known whole; `None` where it is not, or there is none.
    pub(crate) fn name(&self) -> Option<String> {
        let Self::Ecr { path, .. } = self else {
            return None;
        };
        let (name, ..) = pieces(path);
        first_reason(&name)
            .is_none()
            .then(|| shape(&name).to_string())
    }

    /// The image, where it is, or may be, one of the repository.
    pub(crate) fn within(
        &self,
        home: &RepositoryAddress<'t>,
        span: Span,
    ) -> Option<ImageReference<'t>> {
        match self {
            Self::Foreign => None,
            Self::Open(parts) => unlocated(parts, home, span),
            Self::Ecr {
                account,
                region,
                path,
            } => {
                let mut doubt = None;
                for (one, other) in [(account, &home.account), (region, &home.region)] {
                    match equals(one, other, home.kinship) {
                        Truth::False => return None,
                        Truth::True => {}
                        Truth::Unknown(()) => {
                            let reason = first_reason(one).or(first_reason(other));
                            doubt = doubt.or(reason.map(str::to_owned));
                        }
                    }
                }
                let mut image = image(path, home, span)?;
                image.doubt = image.doubt.or(doubt);
                Some(image)
            }
        }
    }
}

/// The image of a URI whose registry is not known, where it may be one of the repository.
fn unlocated<'t>(
    parts: &[TextPart<'t>],
    home: &RepositoryAddress<'t>,
    span: Span,
) -> Option<ImageReference<'t>> {
    let text = |parts: Vec<TextPart<'t>>| Text::new(span, parts);
    let mut own = home.account.clone();
    // Whatever the host of the registry is.
    own.push(open(span, ""));
    own.push(TextPart::known("/", span));
    own.extend(home.name.clone());
    let doubt = first_reason(parts)?.to_owned();
    let may_be =
        |parts: &[TextPart<'t>], own: &[TextPart<'t>]| !equals(parts, own, home.kinship).is_false();
    let (name, tag, digest) = pieces(parts);
    // What is not known before a tag, a digest or the end of a name that is written holds none of these.
    let is_told = tag.is_some() || digest.is_some();
    if is_told || first_reason(&last_segment(&name)).is_none() {
        return may_be(&name, &own).then(|| ImageReference {
            doubt: Some(doubt),
            ..named(tag, digest, span)
        });
    }
    let is_possible = ["", ":", "@"].into_iter().any(|mark| {
        let mut own = own.clone();
        own.push(TextPart::known(mark, span));
        own.extend((!mark.is_empty()).then(|| open(span, "")));
        may_be(parts, &own)
    });
    is_possible.then(|| ImageReference {
        tag: Some(text(vec![open(span, &doubt)])),
        digest: None,
        doubt: Some(doubt),
    })
}

/// The image at a path of the registry, where that may lead into the repository.
fn image<'t>(
    path: &[TextPart<'t>],
    home: &RepositoryAddress<'t>,
    span: Span,
) -> Option<ImageReference<'t>> {
    let (name, tag, digest) = pieces(path);
    let is_own = equals(&name, &home.name, home.kinship);
    if is_own.is_true() {
        return Some(named(tag, digest, span));
    }
    let reason = first_reason(&name).map(str::to_owned);
    // Nobody writes down a name that CloudFormation is going to make up, nor is another one made up.
    if is_made_up(&name) || (is_made_up(&home.name) && reason.is_none()) {
        return None;
    }
    match reason {
        Some(reason) if tag.is_none() && digest.is_none() => {
            // What is not known of the name may hold the tag, too.
            let mut start = known_start(&name);
            start.push(open(span, &reason));
            let may_be = !equals(&start, &home.name, home.kinship).is_false();
            may_be.then(|| ImageReference {
                tag: Some(Text::new(span, vec![open(span, &reason)])),
                digest: None,
                doubt: Some(reason),
            })
        }
        _ if is_own.is_false() => None,
        reason => Some(ImageReference {
            doubt: reason.or(first_reason(&home.name).map(str::to_owned)),
            ..named(tag, digest, span)
        }),
    }
}

/// An image by its digest, else by its tag, else by the tag that a URI without one means.
fn named<'t>(
    tag: Option<Vec<TextPart<'t>>>,
    digest: Option<Vec<TextPart<'t>>>,
    span: Span,
) -> ImageReference<'t> {
    let text = |parts: Vec<TextPart<'t>>| Text::new(span, parts);
    let tag = tag.unwrap_or_else(|| vec![TextPart::known(LATEST, span)]);
    ImageReference {
        tag: digest.is_none().then(|| text(tag)),
        digest: digest.map(text),
        doubt: None,
    }
}

/// The name of a repository, the tag, and the digest in the path of a URI.
///
/// What is not known before the colon is taken for a part of the name, as it stands in front of a tag.
fn pieces<'t>(
    path: &[TextPart<'t>],
) -> (
    Vec<TextPart<'t>>,
    Option<Vec<TextPart<'t>>>,
    Option<Vec<TextPart<'t>>>,
) {
    let (before, digest) = match cut(path, "@") {
        Some((before, digest)) => (before, Some(digest)),
        None => (path.to_vec(), None),
    };
    match cut(&before, ":") {
        Some((name, tag)) => (name, Some(tag), digest),
        None => (before, None, digest),
    }
}

/// Whether CloudFormation makes up a name.
fn is_made_up(name: &[TextPart<'_>]) -> bool {
    let mut parts = name.iter();
    let is_empty =
        |part: &TextPart<'_>| matches!(part, TextPart::Known { text, .. } if text.is_empty());
    let mut told = parts.by_ref().filter(|part| !is_empty(part));
    let is_one =
        matches!(told.next(), Some(TextPart::Hole { reason, .. }) if reason.starts_with(MADE_UP));
    is_one && told.next().is_none()
}

/// What stands behind the last slash that is certain.
fn last_segment<'t>(parts: &[TextPart<'t>]) -> Vec<TextPart<'t>> {
    let mut last = parts.to_vec();
    while let Some((_, behind)) = cut(&last, "/") {
        last = behind;
    }
    last
}

/// The parts before the first that is not known.
fn known_start<'t>(parts: &[TextPart<'t>]) -> Vec<TextPart<'t>> {
    let known = |part: &&TextPart<'t>| matches!(part, TextPart::Known { .. });
    parts.iter().take_while(known).cloned().collect()
}

/// The parts before and behind the first place at which a text is certain to stand.
fn cut<'t>(
    parts: &[TextPart<'t>],
    delimiter: &str,
) -> Option<(Vec<TextPart<'t>>, Vec<TextPart<'t>>)> {
    // Adjoining characters are one text, however they were put together.
    let parts = joined(parts);
    for (index, part) in parts.iter().enumerate() {
        let TextPart::Known { text, origin } = part else {
            continue;
        };
        let Some((start, end)) = text.split_once(delimiter) else {
            continue;
        };
        let piece = |text: &str| TextPart::known(text.to_owned(), origin.span());
        let mut before = parts[..index].to_vec();
        before.push(piece(start));
        let mut behind = vec![piece(end)];
        behind.extend_from_slice(&parts[index + 1..]);
        return Some((before, behind));
    }
    None
}

fn joined<'t>(parts: &[TextPart<'t>]) -> Vec<TextPart<'t>> {
    let mut joined: Vec<TextPart<'t>> = Vec::with_capacity(parts.len());
    for part in parts {
        match (part, joined.last_mut()) {
            (TextPart::Known { text, .. }, Some(TextPart::Known { text: last, .. })) => {
                last.to_mut().push_str(text);
            }
            _ => joined.push(part.clone()),
        }
    }
    joined
}

fn shape(parts: &[TextPart<'_>]) -> Shape {
    Text::new(Span::default(), parts.to_vec()).shape()
}

fn equals(one: &[TextPart<'_>], other: &[TextPart<'_>], kinship: Kinship) -> Truth<()> {
    shape(one).equals(&shape(other), kinship)
}

/// Characters that nothing is known of.
fn open<'t>(span: Span, reason: &str) -> TextPart<'t> {
    TextPart::hole("", reason, span)
}

fn first_reason<'p>(parts: &'p [TextPart<'_>]) -> Option<&'p str> {
    parts.iter().find_map(|part| match part {
        TextPart::Hole { reason, .. } => Some(reason.as_str()),
        TextPart::Known { .. } => None,
    })
}
