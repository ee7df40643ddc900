//! Dynamic references: `{{resolve:…}}` in a text, looked up when the stack is deployed.
//! It does not know what they are resolved to.

use super::value::{CharacterOrigin, Text, TextPart};
use crate::input::cloudformation::template::marks::DYNAMIC;
use crate::model::CUT;

/// How it ends.
const END: &str = "}}";

/// A text whose dynamic references become holes.
#[derive(Default)]
struct Hiding<'t> {
    parts: Vec<TextPart<'t>>,
    /// The reference that has not ended yet.
    open: Option<OpenReference<'t>>,
}

/// A reference without an end so far.
struct OpenReference<'t> {
    /// The number of parts before its hole.
    before: usize,
    /// What it is made of.
    inside: Vec<TextPart<'t>>,
}

/// Turns dynamic references into holes.
///
/// What only starts like one stays as it is: a text around it may have the end.
pub(crate) fn hide(text: Text<'_>) -> Text<'_> {
    let mut hiding = Hiding::default();
    hiding.parts.reserve(text.parts.len() + 2);
    for part in text.parts {
        match (part, &mut hiding.open) {
            (TextPart::Known { text, origin }, _) => hiding.known(&text, origin),
            (hole, Some(open)) => open.inside.push(hole),
            (hole, None) => hiding.parts.push(hole),
        }
    }
    if let Some(open) = hiding.open {
        let may_end = open
            .inside
            .iter()
            .any(|part| matches!(part, TextPart::Hole { .. }));
        if !may_end {
            hiding.parts.truncate(open.before);
            hiding.parts.extend(open.inside);
        }
    }
    Text {
        parts: hiding.parts,
        ..text
    }
}

impl<'t> Hiding<'t> {
    /// Adds the characters outside of references.
    fn known(&mut self, text: &str, origin: CharacterOrigin<'t>) {
        let mut at = 0;
        if let Some(open) = &mut self.open {
            let Some(end) = text.find(END) else {
                open.inside.push(piece(text, 0, text.len(), origin));
                return;
            };
            self.open = None;
            at = end + END.len();
        }
        while at < text.len() {
            let found = text[at..].find(DYNAMIC);
            let start = found.map_or(text.len(), |found| at + found);
            if start > at {
                self.parts.push(piece(text, at, start, origin));
            }
            if found.is_none() {
                return;
            }
            at = match text[start..].find(END) {
                Some(length) => start + length + END.len(),
                None => text.len(),
            };
            self.begin(text, start, at, origin);
        }
    }

    /// Adds the hole of a reference from `start` to `end`, which may be only the end of the text.
    fn begin(&mut self, text: &str, start: usize, end: usize, origin: CharacterOrigin<'t>) {
        let name = &text[start + 2..end];
        let is_whole = name.ends_with(END);
        let name = match is_whole {
            true => name[..name.len() - END.len()].to_owned(),
            false => format!("{name}{CUT}"),
        };
        if !is_whole {
            self.open = Some(OpenReference {
                before: self.parts.len(),
                inside: vec![piece(text, start, end, origin)],
            });
        }
        let reason = format!("`{name}` is looked up when the stack is deployed");
        self.parts.push(TextPart::hole(name, reason, origin.span()));
    }
}

/// The characters `start..end` of a part.
fn piece<'t>(text: &str, start: usize, end: usize, origin: CharacterOrigin<'t>) -> TextPart<'t> {
    TextPart::Known {
        text: text[start..end].to_owned().into(),
        origin: match origin {
            CharacterOrigin::Scalar(node, offset) => CharacterOrigin::Scalar(node, offset + start),
            CharacterOrigin::Substituted(node, offset) => {
                CharacterOrigin::Substituted(node, offset + start)
            }
            CharacterOrigin::Computed(span) => CharacterOrigin::Computed(span),
        },
    }
}
