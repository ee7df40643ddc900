//! Values that the CDK makes up where a lookup was not done: what is to stand there, nobody knows yet.
//! It does not know functions.

use super::value::{CharacterOrigin, Text, TextPart};
use crate::input::cloudformation::template::marks::MARKS;
use crate::model::CUT;

/// How ARNs start. The account and the region of a made-up one are made up, too.
const ARN: &str = "arn:";

/// Turns made-up values into holes. Where one ends in a longer text cannot be determined.
pub(crate) fn hide(text: Text<'_>) -> Text<'_> {
    let mut parts = Vec::with_capacity(text.parts.len() + 1);
    for part in text.parts {
        match part {
            TextPart::Known { text, origin } => split(text.as_ref(), origin, &mut parts),
            hole @ TextPart::Hole { .. } => parts.push(hole),
        }
    }
    Text { parts, ..text }
}

fn split<'t>(text: &str, origin: CharacterOrigin<'t>, parts: &mut Vec<TextPart<'t>>) {
    let at = MARKS.iter().filter_map(|mark| text.find(mark)).min();
    let end = at.map_or(text.len(), |at| match text[..at].rfind(ARN) {
        Some(arn) if text[at..].starts_with(MARKS[1]) => arn,
        _ => at,
    });
    if end > 0 {
        parts.push(TextPart::Known {
            text: text[..end].to_owned().into(),
            origin,
        });
    }
    if at.is_some() {
        let name = format!("{}{CUT}", &text[end..]);
        let reason = "it holds what the CDK makes up for a lookup that was not done";
        parts.push(TextPart::hole(name, reason, origin.span()));
    }
}
