//! Functions that write values down in another way: `Fn::ToJsonString`, `Fn::Base64`, `Fn::Cidr`, `Fn::Length`.
//! It does not know where the values come from.

use std::net::Ipv4Addr;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::evaluate::{Evaluator, is_too_long};
use super::intrinsics::malformed;
use super::value::{List, Resolved, Text, TextPart};
use crate::input::cloudformation::template::function::items;
use crate::source::{Kind, Node, Span};

/// Ranges that `Fn::Cidr` gives at most.
const MOST_RANGES: u32 = 256;

impl<'t> Evaluator<'t, '_> {
    /// A value as a text, where it can be one.
    pub(crate) fn text_of(&self, value: Resolved<'t>) -> Option<Text<'t>> {
        match value {
            Resolved::Json(node) => Some(self.json_text(node)),
            other => other.into_text(),
        }
    }

    /// The texts of a list, or why they are not known.
    pub(crate) fn texts(&self, node: Node<'t>) -> Result<Vec<String>, String> {
        let Some(list) = self.list(node) else {
            return Err("its collection is not a list".to_owned());
        };
        let items = list.items.into_iter().map(|item| {
            let text = self
                .text_of(item)
                .ok_or("its collection is not a list of texts")?;
            let known = text.known().map(|known| known.into_owned());
            known.ok_or_else(|| text.reason().unwrap_or_default().to_owned())
        });
        let items: Result<Vec<String>, String> = items.collect();
        match list.rest {
            Some(reason) => Err(reason),
            None => items,
        }
    }

    /// `Fn::Length`
    pub(crate) fn length(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
        let Some(list) = self.list(argument) else {
            return malformed("Fn::Length", "a list", span);
        };
        // An item that may be missing leaves the length open, too.
        let open = list.items.iter().find_map(|item| match item {
            Resolved::Unknown(hidden) if hidden.unknown.maybe_absent => {
                Some(hidden.unknown.reason.to_string())
            }
            _ => None,
        });
        match list.rest.or(open) {
            Some(reason) => Resolved::hole(span, "Fn::Length", reason),
            None => {
                let length = TextPart::known(list.items.len().to_string(), span);
                Resolved::Text(Text::new(span, vec![length]))
            }
        }
    }

    /// `Fn::Base64`
    pub(crate) fn base64(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
        let Some(text) = self.text_of(self.resolve(argument)) else {
            return malformed("Fn::Base64", "a text", span);
        };
        match text.known() {
            Some(known) => {
                let encoded = TextPart::known(BASE64_STANDARD.encode(known.as_bytes()), span);
                self.text(Text::new(span, vec![encoded]))
            }
            // Three characters make four: a hole moves everything behind it.
            None => Resolved::hole(span, "Fn::Base64", text.reason().unwrap_or_default()),
        }
    }

    /// `Fn::Cidr`
    pub(crate) fn cidr(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
        let Some([block, count, bits]) = items(argument) else {
            return malformed("Fn::Cidr", "an address block, a count and bits", span);
        };
        let mut known = Vec::with_capacity(3);
        for node in [block, count, bits] {
            let Some(text) = self.text_of(self.resolve(node)) else {
                return malformed("Fn::Cidr", "an address block, a count and bits", span);
            };
            match text.known() {
                Some(text) => known.push(text.into_owned()),
                None => {
                    let reason = text.reason().unwrap_or_default();
                    return Resolved::unknown(span, "Fn::Cidr", reason);
                }
            }
        }
        let Some(ranges) = ranges(&known[0], &known[1], &known[2]) else {
            let reason =
                "`Fn::Cidr` is given something else than a block of IPv4 that holds its ranges";
            return Resolved::unknown(span, "Fn::Cidr", reason);
        };
        let item =
            |range: String| Resolved::Text(Text::new(span, vec![TextPart::known(range, span)]));
        self.bounded_list(List {
            items: ranges.into_iter().map(item).collect(),
            rest: None,
            span,
        })
    }

    /// What `Fn::ToJsonString` makes of a list or mapping.
    fn json_text(&self, node: Node<'t>) -> Text<'t> {
        let mut text = Text::new(node.span(), Vec::new());
        self.write_json(self.inner(node), &mut text);
        match self.text(text) {
            Resolved::Text(text) => text,
            other => other
                .into_text()
                .unwrap_or_else(|| Text::new(node.span(), Vec::new())),
        }
    }

    /// Adds a value as JSON. What is not known is a hole, in the place of a value or inside a string.
    fn write_json(&self, value: Resolved<'t>, text: &mut Text<'t>) {
        if is_too_long(text) {
            return;
        }
        let span = value.span().unwrap_or(text.span);
        let mut add = |known: &str| text.parts.push(TextPart::known(known.to_owned(), span));
        match value {
            Resolved::Node(node) => match node.kind() {
                Kind::Null => add("null"),
                Kind::Bool(_) | Kind::Number if !node.is_ambiguous() => {
                    add(node.as_text().unwrap_or_default());
                }
                Kind::Array => {
                    let items = node.items().map(|item| (None, self.inner(item)));
                    self.write_json_all(["[", "]"], items, span, text);
                }
                Kind::Object => {
                    let members = node.members();
                    let members = members.map(|it| (Some(it.key), self.inner(it.value)));
                    self.write_json_all(["{", "}"], members, span, text);
                }
                _ => write_json_string(Text::of(node), text),
            },
            Resolved::List(list) => match list.rest {
                Some(reason) => text.parts.push(hole(reason, span)),
                None => {
                    let items = list.items.into_iter().map(|item| (None, item));
                    self.write_json_all(["[", "]"], items, span, text);
                }
            },
            Resolved::Unknown(hidden) => text.parts.push(hole(hidden.unknown.reason, span)),
            Resolved::Text(inner) => write_json_string(Some(inner), text),
            Resolved::Json(node) => write_json_string(Some(self.json_text(node)), text),
            Resolved::Nothing => {}
        }
    }

    /// A value below the one that is written down.
    fn inner(&self, node: Node<'t>) -> Resolved<'t> {
        self.deeper(node.span(), || self.resolve(node))
    }

    fn write_json_all(
        &self,
        [open, close]: [&str; 2],
        members: impl Iterator<Item = (Option<&'t str>, Resolved<'t>)>,
        span: Span,
        text: &mut Text<'t>,
    ) {
        text.parts.push(TextPart::known(open.to_owned(), span));
        let members = members.filter(|(_, value)| !matches!(value, Resolved::Nothing));
        for (index, (key, value)) in members.enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let key = key.map(|key| format!("{}:", serde_json::Value::from(key)));
            let start = format!("{comma}{}", key.unwrap_or_default());
            text.parts.push(TextPart::known(start, span));
            self.write_json(value, text);
        }
        text.parts.push(TextPart::known(close.to_owned(), span));
    }
}

fn hole<'t>(reason: String, span: Span) -> TextPart<'t> {
    TextPart::hole("Fn::ToJsonString", reason, span)
}

/// Adds a string of JSON whose characters may be hidden in part.
fn write_json_string<'t>(string: Option<Text<'t>>, text: &mut Text<'t>) {
    let Some(string) = string else { return };
    let quote = || TextPart::known("\"", string.span);
    text.parts.push(quote());
    for part in string.parts {
        text.parts.push(match part {
            TextPart::Known { text, origin } => {
                let quoted = serde_json::Value::from(&*text).to_string();
                let inner = quoted[1..quoted.len() - 1].to_owned();
                TextPart::known(inner, origin.span())
            }
            hole @ TextPart::Hole { .. } => hole,
        });
    }
    text.parts.push(TextPart::known("\"", string.span));
}

/// The address ranges that `Fn::Cidr` cuts from the start of a block, as far as they fit into it.
fn ranges(block: &str, count: &str, bits: &str) -> Option<Vec<String>> {
    let (address, length) = block.split_once('/')?;
    let address: Ipv4Addr = address.parse().ok()?;
    let length: u32 = length.parse().ok().filter(|length| *length <= 32)?;
    let count: u32 = count
        .parse()
        .ok()
        .filter(|count| (1..=MOST_RANGES).contains(count))?;
    let bits: u32 = bits.parse().ok().filter(|bits| *bits <= 32 - length)?;
    let block_size = 1_u64 << (32 - length);
    let size = 1_u64 << bits;
    let start = u64::from(u32::from(address)) / block_size * block_size;
    if u64::from(count) * size > block_size {
        return None;
    }
    let range = |index: u32| {
        let first = u32::try_from(start + u64::from(index) * size).ok()?;
        Some(format!("{}/{}", Ipv4Addr::from(first), 32 - bits))
    };
    (0..count).map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn ranges_follow_each_other_and_fit_into_the_block() {
        let cut = |block, count, bits| ranges(block, count, bits).map(|all| all.join(" "));
        assert_eq!(
            cut("192.168.0.0/24", "3", "5").as_deref(),
            Some("192.168.0.0/27 192.168.0.32/27 192.168.0.64/27")
        );
        assert_eq!(cut("10.0.0.0/8", "1", "24").as_deref(), Some("10.0.0.0/8"));
        assert_eq!(cut("0.0.0.0/0", "1", "32").as_deref(), Some("0.0.0.0/0"));
        for (block, count, bits) in [
            ("10.0.0.0/24", "9", "5"),
            ("10.0.0.0/24", "0", "5"),
            ("10.0.0.0/24", "1", "9"),
            ("10.0.0.0", "1", "1"),
            ("10.0.0.0/33", "1", "0"),
            ("::/64", "1", "8"),
        ] {
            assert_eq!(cut(block, count, bits), None, "{block} {count} {bits}");
        }
    }
}
