//! One alternative of a pattern against one value of an event: a text, a number, or an operator.
//! It does not know where in a pattern it stands.

use super::numbers::{Numbers, number};
use super::operator::{because, operator};
use super::sample::{EnumValues, Map, PartialText, Sample, TextForm, is_uri_shape, undocumented};
use super::wildcard;
use crate::model::{Data, Piece, Shape, Truth, Unknown, Value};

/// Whether an alternative holds of what is at its place; `None` when nothing is there.
pub(super) fn one(test: Value<'_>, found: Option<&Sample>) -> Truth {
    if let Some(exists) = test.by_key("exists") {
        return match exists.data() {
            Data::Bool(wanted) => is_there(wanted, found),
            Data::Unknown(unknown) => because(unknown),
            _ => Truth::False,
        };
    }
    match found {
        None => Truth::False,
        Some(Sample::Any) => Truth::True,
        Some(Sample::List(items)) => Truth::any(items.iter().map(|item| one(test, Some(item)))),
        Some(Sample::Text(text)) => {
            let shape = Shape(vec![Piece::Text(text.clone())]);
            EventText::known(&shape).holds(test)
        }
        Some(Sample::Hidden(hidden)) => EventText {
            shape: &hidden.shape,
            kind: TextKind::Hidden(hidden),
        }
        .holds(test),
        Some(Sample::Free(form)) => EventText {
            shape: &form.shape(),
            kind: TextKind::Free(*form),
        }
        .holds(test),
        Some(Sample::Word(words)) => word(test, *words),
        Some(Sample::Number) => number(test, Numbers::All),
        Some(Sample::Count) => number(test, Numbers::Counts),
        Some(Sample::Map(_)) => Truth::False,
    }
}

/// Fields exist at the leaves of an event only.
fn is_there(wanted: bool, found: Option<&Sample>) -> Truth {
    match found {
        None => Truth::from(!wanted),
        Some(Sample::Text(_) | Sample::Hidden(_)) => Truth::from(wanted),
        Some(Sample::Free(form)) if form.is_always_there() => Truth::from(wanted),
        Some(Sample::Map(Map { .. })) if wanted => Truth::False,
        Some(Sample::Map(_)) => undocumented("whether a mapping exists for a pattern"),
        Some(Sample::List(items)) if items.is_empty() && wanted => {
            undocumented("whether an empty list exists for a pattern")
        }
        Some(Sample::List(items)) if items.is_empty() => Truth::True,
        Some(Sample::List(items)) => {
            Truth::any(items.iter().map(|item| is_there(wanted, Some(item))))
        }
        // Nothing says that every event has it.
        Some(_) => Truth::True,
    }
}

/// A word of an enumeration: any that is documented may be there, and others may be, too.
fn word(test: Value<'_>, words: EnumValues) -> Truth {
    if let Some(unknown) = test.as_unknown() {
        return because(unknown);
    }
    let holds = |word: &&str| {
        let shape = Shape(vec![Piece::Text((*word).to_owned())]);
        EventText::known(&shape).holds(test)
    };
    // What leaves out all that is documented asks for something else, and not for what others have.
    let is_others = || {
        let leaves_out = test.by_key("anything-but").is_some();
        !leaves_out && words.never.iter().any(|word| holds(word).is_true())
    };
    match Truth::any(words.known.iter().map(holds)) {
        Truth::False if is_others() || is_miss(test, words) => Truth::False,
        Truth::False => undocumented(&match test.as_str() {
            Some(text) => format!("the value `{text}`"),
            None => "which values the field has besides".to_owned(),
        }),
        other => other,
    }
}

/// Whether an alternative that fits no word is a misspelt one, or can fit none at all.
fn is_miss(test: Value<'_>, words: EnumValues) -> bool {
    let lower = |text: &str| text.to_lowercase();
    let any = |fits: &dyn Fn(&str) -> bool| words.known.iter().any(|word| fits(&lower(word)));
    match test.data() {
        Data::String(text) => text.contains('*') || words.near(text).is_some(),
        Data::Object => match operator(test) {
            Some(("anything-but", _)) | None => false,
            Some(("numeric" | "cidr", _)) => true,
            Some((name, operand)) => match (name, operand.as_str()) {
                ("prefix", Some(text)) => any(&|word| word.starts_with(&lower(text))),
                ("suffix", Some(text)) => any(&|word| word.ends_with(&lower(text))),
                ("equals-ignore-case", Some(text)) => words.near(text).is_some(),
                ("wildcard", Some(text)) => any(&|word| {
                    let shape = Shape(vec![Piece::Text(word.to_owned())]);
                    wildcard::fits(&lower(text), &shape).1
                }),
                _ => false,
            },
        },
        _ => true,
    }
}

/// A text of an event.
#[derive(Clone, Copy)]
struct EventText<'s> {
    shape: &'s Shape,
    kind: TextKind<'s>,
}

#[derive(Clone, Copy)]
enum TextKind<'s> {
    /// It is known whole.
    Known,
    /// It is one text, of which only the shape is known.
    Hidden(&'s PartialText),
    /// It is any text of the shape.
    Free(TextForm),
}

impl<'s> EventText<'s> {
    fn known(shape: &'s Shape) -> Self {
        Self {
            shape,
            kind: TextKind::Known,
        }
    }

    /// What follows when the text fits for certain, or when it can; the pieces have to be in it.
    fn answer<'p>(
        self,
        certain: bool,
        can: bool,
        pieces: impl IntoIterator<Item = &'p str>,
    ) -> Truth {
        match self.kind {
            TextKind::Known => Truth::from(certain),
            TextKind::Hidden(_) if certain => Truth::True,
            TextKind::Hidden(hidden) if can => Truth::unknown(&*hidden.reason),
            TextKind::Hidden(_) => Truth::False,
            TextKind::Free(form) => {
                Truth::from(can && pieces.into_iter().all(|piece| form.accepts(piece)))
            }
        }
    }

    fn holds(self, test: Value<'_>) -> Truth {
        match test.data() {
            Data::String(text) => self.equals(text),
            Data::Unknown(unknown) => self.same(unknown),
            Data::Object => match operator(test) {
                Some((name, operand)) => self.operator(name, operand),
                None => Truth::False,
            },
            _ => Truth::False,
        }
    }

    fn equals(self, text: &str) -> Truth {
        // Names, tags and ARNs have letters.
        let has_letters = matches!(self.kind, TextKind::Free(form) if form != TextForm::Text);
        if text.is_empty() && has_letters {
            return Truth::False;
        }
        let can = self.shape.admits(text) && self.may_be(text);
        self.answer(can && matches!(self.kind, TextKind::Known), can, [text])
    }

    /// Whether a text of the form can be all of this, where it is free.
    fn may_be(self, text: &str) -> bool {
        match self.kind {
            TextKind::Free(form) => form.is_whole(text),
            TextKind::Known | TextKind::Hidden(_) => true,
        }
    }

    /// Two values that are not known whole: equal when they are the same attribute, or all that fills their
    /// holes is the same.
    fn same(self, unknown: &Unknown) -> Truth {
        if let TextKind::Free(form) = self.kind {
            return any_of(form, self.shape, unknown);
        }
        let reference = match self.kind {
            TextKind::Hidden(hidden) => hidden.reference.as_ref(),
            _ => None,
        };
        if reference.is_some() && unknown.reference.as_ref() == reference {
            return Truth::True;
        }
        match (&unknown.shape, self.shape.0.as_slice()) {
            (Some(own), [Piece::Text(text)]) if !own.admits(text) => Truth::False,
            (Some(own), _) if !ends_alike(own, self.shape) => Truth::False,
            (Some(own), _) if own == self.shape && is_stable(own) => Truth::True,
            _ => because(unknown),
        }
    }

    fn operator(self, name: &str, operand: Value<'_>) -> Truth {
        if let Some(unknown) = operand.as_unknown() {
            return match self.kind {
                TextKind::Free(form) => any_of(form, &Shape(vec![]), unknown),
                _ => because(unknown),
            };
        }
        match (name, operand.data()) {
            ("anything-but", _) => self.anything_but(operand),
            ("prefix" | "suffix", Data::Object) => match operand.by_key("equals-ignore-case") {
                Some(value) => self.edge(name, value, true),
                None => Truth::False,
            },
            ("prefix" | "suffix", _) => self.edge(name, operand, false),
            ("equals-ignore-case", Data::String(text)) => self.equals_any_case(text),
            ("wildcard", Data::String(pattern)) => {
                let literals = wildcard::literals(pattern);
                let (certain, can) = wildcard::fits(pattern, self.shape);
                self.answer(certain, can, literals.iter().map(String::as_str))
            }
            // Of a text that is free, some are addresses. No text is a number.
            ("cidr", _) => Truth::from(matches!(self.kind, TextKind::Free(TextForm::Text))),
            ("numeric", _) => Truth::False,
            _ => undocumented(&format!("what `{name}` does in a pattern")),
        }
    }

    fn equals_any_case(self, text: &str) -> Truth {
        let lower = lower_shape(self.shape);
        let can = lower.admits(&text.to_lowercase());
        let known = matches!(self.kind, TextKind::Known);
        self.answer(can && known, can, [&*text.to_lowercase()])
    }

    /// Of the texts of a form, there is always another one.
    fn anything_but(self, operand: Value<'_>) -> Truth {
        if matches!(self.kind, TextKind::Free(_)) {
            return Truth::True;
        }
        let any = match operand.data() {
            Data::Array => Truth::any(operand.items().map(|item| self.holds(item))),
            Data::Object => match operator(operand) {
                Some((name, list)) if matches!(list.data(), Data::Array) => {
                    Truth::any(list.items().map(|item| self.operator(name, item)))
                }
                Some((name, operand)) => self.operator(name, operand),
                None => Truth::False,
            },
            _ => self.holds(operand),
        };
        !any
    }

    fn edge(self, name: &str, value: Value<'_>, ignore_case: bool) -> Truth {
        let Some(text) = value.as_str() else {
            return match value.as_unknown() {
                Some(unknown) => because(unknown),
                None => Truth::False,
            };
        };
        let fold = |text: &str| match ignore_case {
            true => text.to_lowercase(),
            false => text.to_owned(),
        };
        let wanted = fold(text);
        let certain = fold(match name {
            "prefix" => self.shape.prefix(),
            _ => end(self.shape),
        });
        let fits_edge = match (self.kind, name) {
            (TextKind::Free(form), "prefix") => form.may_begin(&wanted),
            (TextKind::Free(form), _) => form.may_end(&wanted),
            _ => true,
        };
        let (holds, can) = match name {
            "prefix" => (certain.starts_with(&wanted), wanted.starts_with(&certain)),
            _ => (certain.ends_with(&wanted), wanted.ends_with(&certain)),
        };
        self.answer(holds, fits_edge && (holds || can), [&*wanted])
    }
}

/// Whether a value that is not known can be a text of a form. Which one it is, is somebody else's choice.
fn any_of(form: TextForm, shape: &Shape, unknown: &Unknown) -> Truth {
    let attribute = unknown
        .reference
        .as_ref()
        .map(|reference| &*reference.attribute);
    let Some(own) = &unknown.shape else {
        return Truth::from(attribute.is_none_or(|attribute| form.takes(attribute)));
    };
    if is_uri_shape(own) && matches!(form, TextForm::Name | TextForm::Arn | TextForm::ImageArn) {
        return Truth::False;
    }
    let pieces = own.0.iter().all(|piece| match piece {
        Piece::Text(text) => form.accepts(text),
        Piece::Hole(..) => true,
    });
    let starts =
        own.prefix().starts_with(shape.prefix()) || shape.prefix().starts_with(own.prefix());
    Truth::from(pieces && starts && attribute.is_none_or(|attribute| form.takes(attribute)))
}

/// Whether equal shapes are equal texts: every hole is named after the one thing that fills it.
fn is_stable(shape: &Shape) -> bool {
    shape.0.iter().all(|piece| match piece {
        Piece::Text(_) => true,
        Piece::Hole(name, _) => {
            let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == ':';
            !name.is_empty() && !name.starts_with("Fn::") && name.chars().all(is_plain)
        }
    })
}

fn lower_shape(shape: &Shape) -> Shape {
    let pieces = shape.0.iter().map(|piece| match piece {
        Piece::Text(text) => Piece::Text(text.to_lowercase()),
        hole => hole.clone(),
    });
    Shape(pieces.collect())
}

fn ends_alike(one: &Shape, other: &Shape) -> bool {
    let (start, other_start) = (one.prefix(), other.prefix());
    let (one, other) = (end(one), end(other));
    (one.ends_with(other) || other.ends_with(one))
        && (start.starts_with(other_start) || other_start.starts_with(start))
}

fn end(shape: &Shape) -> &str {
    match shape.0.last() {
        Some(Piece::Text(text)) => text,
        _ => "",
    }
}
