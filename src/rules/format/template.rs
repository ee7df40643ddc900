//! Texts with placeholders: messages and fixes.
//! It does not know the values that stand in for them.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::query::Root;

/// A text with placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MessageTemplate {
    pub(crate) pieces: Vec<TemplatePiece>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TemplatePiece {
    /// Characters as they are.
    Text(String),
    /// `{repository.name}`
    Place(Placeholder),
}

/// What stands in for a placeholder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Placeholder {
    pub(crate) origin: PlaceholderRoot,
    /// Member names from the origin inward.
    pub(crate) members: Vec<String>,
}

/// The node that a placeholder starts at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PlaceholderRoot {
    /// `@`: the node that the rule found.
    Found,
    /// A part of the world.
    World(Root),
}

/// Why a text is not a template, at a range of its bytes.
#[derive(Debug)]
pub(crate) struct TemplateError {
    pub(crate) range: Range<usize>,
    pub(crate) title: String,
    pub(crate) help: String,
}

impl MessageTemplate {
    /// Reads a message: every brace belongs to a placeholder, or is doubled.
    pub(crate) fn message(text: &str) -> Result<MessageTemplate, TemplateError> {
        let mut template = MessageTemplate::default();
        let mut at = 0;
        while let Some(brace) = text[at..].find(['{', '}']).map(|brace| at + brace) {
            template.push_text(&text[at..brace]);
            let rest = &text[brace..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                template.push_text(&rest[..1]);
                at = brace + 2;
                continue;
            }
            let length = rest.find('}').map_or(rest.len(), |end| end + 1);
            let place = Placeholder::read(&rest[..length]);
            let error = |title: String| TemplateError {
                range: brace..brace + length,
                title,
                help: "write `{repository.name}` or another root and its member, `{@.member}` for \
                       what was found, `{{` for a brace"
                    .into(),
            };
            match place {
                Some(Ok(place)) => template.pieces.push(TemplatePiece::Place(place)),
                Some(Err(name)) => {
                    return Err(error(format!("unknown root `{name}` in a placeholder")));
                }
                None => return Err(error("placeholder cannot be read".into())),
            }
            at = brace + length;
        }
        template.push_text(&text[at..]);
        Ok(template)
    }

    /// Reads a piece of code, which is full of braces: only what is certainly a placeholder is one.
    pub(crate) fn code(text: &str) -> MessageTemplate {
        let mut template = MessageTemplate::default();
        let mut at = 0;
        while let Some(brace) = text[at..].find('{').map(|brace| at + brace) {
            let length = text[brace..].find('}').map_or(1, |end| end + 1);
            template.push_text(&text[at..brace]);
            match Placeholder::read(&text[brace..brace + length]) {
                Some(Ok(place)) => {
                    template.pieces.push(TemplatePiece::Place(place));
                    at = brace + length;
                }
                _ => {
                    template.push_text("{");
                    at = brace + 1;
                }
            }
        }
        template.push_text(&text[at..]);
        template
    }

    /// The placeholders, in the order of the text.
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        self.pieces.iter().filter_map(|piece| match piece {
            TemplatePiece::Place(place) => Some(place),
            TemplatePiece::Text(_) => None,
        })
    }

    fn push_text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(TemplatePiece::Text(last)) => last.push_str(text),
            _ => self.pieces.push(TemplatePiece::Text(text.to_owned())),
        }
    }
}

/// The text as it was written, with its placeholders.
impl std::fmt::Display for MessageTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for piece in &self.pieces {
            match piece {
                TemplatePiece::Text(text) => f.write_str(text)?,
                TemplatePiece::Place(place) => {
                    let origin = match place.origin {
                        PlaceholderRoot::Found => "@",
                        PlaceholderRoot::World(root) => root.name(),
                    };
                    write!(f, "{{{origin}")?;
                    for member in &place.members {
                        write!(f, ".{member}")?;
                    }
                    f.write_str("}")?;
                }
            }
        }
        Ok(())
    }
}

impl Placeholder {
    /// Reads `{root.member}`, braces included: `None` when it is not a path at all, the name of the root
    /// when there is no such root.
    fn read(text: &str) -> Option<Result<Placeholder, &str>> {
        let path = text.strip_prefix('{')?.strip_suffix('}')?;
        let mut names = path.split('.');
        let origin = names.next()?;
        let members: Vec<String> = names.map(str::to_owned).collect();
        if !members.iter().all(|name| is_member(name)) {
            return None;
        }
        let origin = match (origin, Root::named(origin)) {
            ("@", _) => PlaceholderRoot::Found,
            (_, Some(root)) if !members.is_empty() => PlaceholderRoot::World(root),
            (_, None) if is_member(origin) => return Some(Err(origin)),
            _ => return None,
        };
        Some(Ok(Placeholder { origin, members }))
    }
}

fn is_member(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || character == '_')
}

#[cfg(test)]
mod tests {
    use super::{MessageTemplate, TemplatePiece};

    fn refusal(text: &str) -> (&str, String) {
        let error = MessageTemplate::message(text).unwrap_err();
        (&text[error.range], error.title)
    }

    #[test]
    fn a_message_prints_as_it_was_written() {
        let text = "repository `{repository.name}` has {@.problem} and {@}";
        let template = MessageTemplate::message(text).unwrap();
        assert_eq!(template.placeholders().count(), 3);
        assert_eq!(template.to_string(), text);
    }

    #[test]
    fn doubled_braces_are_braces() {
        let template = MessageTemplate::message("`{{prefix}}-x`").unwrap();
        assert_eq!(
            template.pieces,
            [TemplatePiece::Text("`{prefix}-x`".into())]
        );
    }

    #[test]
    fn a_message_with_a_wrong_placeholder_is_refused_at_it() {
        assert_eq!(
            refusal("a {repo.name}"),
            ("{repo.name}", "unknown root `repo` in a placeholder".into())
        );
        assert_eq!(refusal("a {repository}").0, "{repository}");
        assert_eq!(refusal("a {@.b").0, "{@.b");
        assert_eq!(refusal("a } b").0, "}");
    }

    #[test]
    fn braces_of_code_stay_as_they_are() {
        let code = "x({ a: `${b}` }, {}, '{repository.name}', '{@.a}')";
        let template = MessageTemplate::code(code);
        assert_eq!(template.placeholders().count(), 2);
        assert_eq!(template.to_string(), code);
    }
}
