//! The texts that stand under `Resource`, with their wildcards and with what is not known of them, and whether
//! one covers another. It does not know which of them exist.

use super::super::Owner;
use crate::model::{Data, Piece, Reference, Truth, Unknown, Value};
use crate::source::SourceId;

/// One symbol of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArnSymbol<'d> {
    /// A character that is certain.
    Char(char),
    /// `*`, or a variable of a policy: any characters or none.
    Any,
    /// `?`: one character.
    One,
    /// Characters that are not known; the same name stands for the same characters.
    Hole(&'d str),
}

/// One place of a text that is written for people, with wildcards as they are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Letter<'d> {
    /// A character.
    Char(char),
    /// What fills the place, by name.
    Hole(&'d str),
}

/// A text of which everything is known.
pub(crate) fn letters<'d>(text: &str) -> Vec<Letter<'d>> {
    text.chars().map(Letter::Char).collect()
}

/// A text under `Resource`.
#[derive(Clone, Debug)]
pub(crate) struct Arn<'d> {
    pub(super) symbols: Vec<ArnSymbol<'d>>,
    /// Why it is not known whole.
    pub(super) reason: Option<&'d str>,
    /// The attribute that it is.
    pub(crate) reference: Option<Reference>,
    /// Whether CloudFormation makes up the name in it, which is none that somebody has written down.
    pub(super) is_made_up: bool,
}

impl<'d> Arn<'d> {
    /// Reads a value; `None` when it is not a text.
    pub(crate) fn read(value: Value<'d>, owner: &Owner<'d>) -> Option<Self> {
        match value.data() {
            Data::String(text) => Some(Self {
                symbols: symbols(text),
                reason: None,
                reference: None,
                is_made_up: false,
            }),
            Data::Unknown(unknown) => Some(Self {
                symbols: of_unknown(unknown, owner),
                reason: Some(&unknown.reason),
                reference: unknown.reference.clone(),
                is_made_up: false,
            }),
            _ => None,
        }
    }

    /// The ARN of a repository of the owner: `resource` is its logical id in its template, `name` its name.
    pub(crate) fn of_repository(
        owner: &Owner<'d>,
        template: SourceId,
        logical_id: Option<&'d str>,
        name: Option<Value<'d>>,
    ) -> Self {
        let mut symbols = symbols("arn:");
        let own = |name: &'static str, known: Option<&str>| match known {
            Some(known) => self::symbols(known),
            None => vec![ArnSymbol::Hole(name)],
        };
        symbols.extend(own("AWS::Partition", owner.partition));
        symbols.extend(self::symbols(":ecr:"));
        symbols.extend(own("AWS::Region", owner.region));
        symbols.push(ArnSymbol::Char(':'));
        symbols.extend(own("AWS::AccountId", owner.account));
        symbols.extend(self::symbols(":repository/"));
        let name = name.and_then(|name| Self::read(name, owner));
        let name = name.map(|name| name.symbols).filter(|it| !it.is_empty());
        let is_made_up = name.is_none();
        // A name that CloudFormation makes up is one for each logical id.
        symbols
            .extend(name.unwrap_or_else(|| vec![ArnSymbol::Hole(logical_id.unwrap_or_default())]));
        Self {
            symbols,
            reason: Some("the account, region or name of the repository is not known"),
            reference: logical_id.map(|id| Reference {
                template,
                logical_id: id.to_owned(),
                attribute: "Arn".to_owned(),
            }),
            is_made_up,
        }
    }

    /// The same for the policies of another template, in which a hole of the same name may be filled otherwise.
    pub(crate) fn seen_from_elsewhere(mut self) -> Self {
        for symbol in &mut self.symbols {
            if let ArnSymbol::Hole(name) = symbol {
                *name = "";
            }
        }
        self
    }

    /// Whether it stands for everything.
    pub(super) fn is_everything(&self) -> bool {
        !self.symbols.is_empty() && self.symbols.iter().all(|one| *one == ArnSymbol::Any)
    }

    /// Whether it holds a wildcard.
    pub(crate) fn is_pattern(&self) -> bool {
        let wild = |one: &ArnSymbol<'_>| matches!(one, ArnSymbol::Any | ArnSymbol::One);
        self.symbols.iter().any(wild)
    }

    /// Whether both are certainly one: the same text, or the same attribute of a resource.
    pub(crate) fn is(&self, other: &Self) -> bool {
        if let (Some(one), Some(other)) = (&self.reference, &other.reference) {
            return one == other;
        }
        let is_stable = |one: &ArnSymbol<'_>| match one {
            ArnSymbol::Hole(name) => is_stable(name),
            _ => true,
        };
        self.symbols == other.symbols && self.symbols.iter().all(is_stable)
    }

    /// Whether this covers all that `other` stands for.
    pub(crate) fn covers(&self, other: &Self) -> Truth {
        if self.is(other) || certainly(&self.symbols, &other.symbols) {
            return Truth::True;
        }
        let is_another = other.is_made_up && is_spelled_out(&self.symbols);
        if is_another || !possibly(&self.symbols, &other.symbols) {
            return Truth::False;
        }
        match self.reason.or(other.reason) {
            Some(reason) => Truth::unknown(reason),
            // Two patterns that have something in common, and of which neither is known to hold the other.
            None => Truth::False,
        }
    }

    /// The symbols as a text with `*` for whatever is not a certain character.
    pub(super) fn open(&self) -> String {
        open(&self.symbols)
    }

    /// The text as it can be written again.
    pub(crate) fn letters(&self) -> Vec<Letter<'d>> {
        let letters = self.symbols.iter().map(|symbol| match symbol {
            ArnSymbol::Char(one) => Letter::Char(*one),
            ArnSymbol::Any => Letter::Char('*'),
            ArnSymbol::One => Letter::Char('?'),
            ArnSymbol::Hole(name) => Letter::Hole(name),
        });
        letters.collect()
    }

    /// The text as people write it.
    pub(crate) fn shown(&self) -> String {
        let mut shown = String::new();
        for symbol in &self.symbols {
            match symbol {
                ArnSymbol::Char(one) => shown.push(*one),
                ArnSymbol::Any => shown.push('*'),
                ArnSymbol::One => shown.push('?'),
                ArnSymbol::Hole(name) => shown.push_str(&format!("${{{name}}}")),
            }
        }
        shown
    }
}

/// Whether a hole of this name is filled alike wherever it stands.
fn is_stable(name: &str) -> bool {
    !name.is_empty() && !name.starts_with("Fn::")
}

pub(super) fn symbols<'d>(text: &str) -> Vec<ArnSymbol<'d>> {
    let mut symbols = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        // A variable is filled when somebody asks, with anything.
        let variable = rest.strip_prefix("${").and_then(|name| name.find('}'));
        if let Some(end) = variable {
            symbols.push(ArnSymbol::Any);
            rest = &rest[end + 3..];
            continue;
        }
        symbols.push(match first {
            '*' => ArnSymbol::Any,
            '?' => ArnSymbol::One,
            other => ArnSymbol::Char(other),
        });
        rest = &rest[first.len_utf8()..];
    }
    symbols
}

fn of_unknown<'d>(unknown: &'d Unknown, owner: &Owner<'d>) -> Vec<ArnSymbol<'d>> {
    let Some(shape) = &unknown.shape else {
        return vec![ArnSymbol::Hole("")];
    };
    let pieces = shape.0.iter().flat_map(|piece| match piece {
        Piece::Text(text) => symbols(text),
        Piece::Hole(name, _) => {
            let known = match name.as_str() {
                "AWS::Partition" => owner.partition,
                "AWS::Region" => owner.region,
                "AWS::AccountId" => owner.account,
                _ => None,
            };
            known.map_or_else(|| vec![ArnSymbol::Hole(name)], symbols)
        }
    });
    pieces.collect()
}

pub(super) fn open(symbols: &[ArnSymbol<'_>]) -> String {
    let chars = symbols.iter().map(|symbol| match symbol {
        ArnSymbol::Char(one) => *one,
        ArnSymbol::One => '?',
        ArnSymbol::Any | ArnSymbol::Hole(_) => '*',
    });
    chars.collect()
}

/// Whether whatever `other` turns out to be fits `pattern`, whatever that turns out to be. As the wildcards of
/// IAM, on symbols: linear in the product of both lengths at worst.
pub(super) fn certainly(pattern: &[ArnSymbol<'_>], other: &[ArnSymbol<'_>]) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(at), other.get(read)) {
            (Some(ArnSymbol::Any), _) => {
                at += 1;
                retry = Some((at, read));
                continue;
            }
            (None, None) => return true,
            (Some(wanted), Some(found)) if fits(*wanted, *found) => {
                at += 1;
                read += 1;
                continue;
            }
            _ => {}
        }
        match retry {
            Some((after, skipped)) if skipped < other.len() => {
                at = after;
                read = skipped + 1;
                retry = Some((after, read));
            }
            _ => return false,
        }
    }
}

fn fits(wanted: ArnSymbol<'_>, found: ArnSymbol<'_>) -> bool {
    match (wanted, found) {
        (ArnSymbol::One, ArnSymbol::Char(_) | ArnSymbol::One) => true,
        (ArnSymbol::Char(one), ArnSymbol::Char(other)) => one == other,
        (ArnSymbol::Hole(one), ArnSymbol::Hole(other)) => one == other && is_stable(one),
        _ => false,
    }
}

/// Whether something may fit both, as far as beginnings and ends say: of the whole, and of each field of an ARN.
fn possibly(one: &[ArnSymbol<'_>], other: &[ArnSymbol<'_>]) -> bool {
    ends_agree(one, other) && fields_may_agree(one, other)
}

fn ends_agree(one: &[ArnSymbol<'_>], other: &[ArnSymbol<'_>]) -> bool {
    agree(one.iter(), other.iter()) && agree(one.iter().rev(), other.iter().rev())
}

/// Whether nothing contradicts as far as both are certain.
fn agree<'s, 'd: 's>(
    mut one: impl Iterator<Item = &'s ArnSymbol<'d>>,
    mut other: impl Iterator<Item = &'s ArnSymbol<'d>>,
) -> bool {
    loop {
        match (one.next(), other.next()) {
            (Some(ArnSymbol::Char(first)), Some(ArnSymbol::Char(second))) if first == second => {}
            (Some(ArnSymbol::Char(_)), Some(ArnSymbol::Char(_)) | None)
            | (None, Some(ArnSymbol::Char(_))) => return false,
            (Some(ArnSymbol::One), Some(ArnSymbol::Char(_) | ArnSymbol::One))
            | (Some(ArnSymbol::Char(_)), Some(ArnSymbol::One)) => {}
            _ => return true,
        }
    }
}

/// Whether an ARN has a name of which every character is written down.
fn is_spelled_out(arn: &[ArnSymbol<'_>]) -> bool {
    let mut fields = arn.splitn(6, |one| *one == ArnSymbol::Char(':'));
    let name = fields.nth(5);
    name.is_some_and(|name| name.iter().all(|one| matches!(one, ArnSymbol::Char(_))))
}

/// Whether no field of the two ARNs contradicts.
fn fields_may_agree(one: &[ArnSymbol<'_>], other: &[ArnSymbol<'_>]) -> bool {
    let fields = |symbols| -> Vec<_> {
        <[ArnSymbol<'_>]>::splitn(symbols, 6, |one| *one == ArnSymbol::Char(':')).collect()
    };
    let (one, other) = (fields(one), fields(other));
    if one.len() != 6 || other.len() != 6 {
        return true;
    }
    let mut pairs = one.into_iter().zip(other);
    pairs.all(|(one, other)| ends_agree(one, other))
}
