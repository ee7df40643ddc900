//! `Fn::FindInMap`: a value of a mapping.
//! It does not know what decides a key that is not known.

use std::borrow::Cow;

use super::decision::DecisionQuestion;
use super::evaluate::Evaluator;
use super::intrinsics::malformed;
use super::value::Resolved;
use crate::input::cloudformation::template::attributes;
use crate::input::cloudformation::template::mapping::{FIND_IN_MAP, MappingLevel};
use crate::source::{Node, Span};

impl<'t> Evaluator<'t, '_> {
    /// `Fn::FindInMap`
    pub(crate) fn find_in_map(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
        let arguments: Vec<_> = argument.items().take(5).collect();
        let (&[map, top, second], default) = match arguments.split_first_chunk::<3>() {
            Some((keys, [])) => (keys, None),
            Some((keys, [options])) => (keys, options.get("DefaultValue")),
            _ => return malformed(FIND_IN_MAP, "a mapping and two keys", span),
        };
        let mut found = self.template.mappings;
        for (key, next) in [(map, top), (top, second), (second, second)] {
            let level = found.map(|section| MappingLevel {
                section,
                key,
                next: next.as_str().filter(|_| next.span() != key.span()),
                has_default: default.is_some(),
            });
            if let Some(same) = level.as_ref().and_then(|level| self.same_for_all(level)) {
                return self.moved(same, span);
            }
            let key = match (self.known(key), level) {
                (Ok(key), _) => Ok(Some(key)),
                (Err(Some(reason)), Some(level)) => {
                    match self.recorded(
                        DecisionQuestion::Key(level),
                        self.decisions.key(self, &level),
                    ) {
                        Some(chosen) => chosen.map(|key| key.map(Cow::Owned)),
                        None => Err(reason),
                    }
                }
                (Err(Some(reason)), None) => Err(reason),
                (Err(None), _) => return malformed(FIND_IN_MAP, "a mapping and two keys", span),
            };
            let key = match (key, default) {
                (Ok(Some(key)), _) => key,
                (Ok(None), Some(default)) => return self.resolve(default),
                (Ok(None), None) => Cow::Borrowed(""),
                (Err(reason), _) => return Resolved::unknown(span, FIND_IN_MAP, reason),
            };
            if found.is_some_and(|section| section.contradicts(&key)) {
                return Resolved::unknown(span, FIND_IN_MAP, attributes::twice(&key));
            }
            let next = found.and_then(|section| section.get(&key));
            match (next, default) {
                (Some(next), _) => found = Some(next),
                (None, Some(default)) => return self.resolve(default),
                (None, None) => {
                    let reason = format!("`{FIND_IN_MAP}` finds no `{key}` in `Mappings`");
                    return Resolved::unknown(span, FIND_IN_MAP, reason);
                }
            }
        }
        match found {
            Some(value) => self.moved(value, span),
            None => malformed(FIND_IN_MAP, "a mapping and two keys", span),
        }
    }

    /// The value that all keys of a mapping lead to, where the key is not known.
    fn same_for_all(&self, level: &MappingLevel<'t>) -> Option<Node<'t>> {
        let next = level.next.filter(|_| !level.has_default)?;
        if level.key.as_str().is_some() || self.known(level.key).is_ok() {
            return None;
        }
        let entries = level.section.members();
        let mut values = entries.map(|entry| entry.value.get(next));
        let first = values.next()??;
        let text = first.as_text()?;
        let is_same = |value: Option<Node<'t>>| value.and_then(Node::as_text) == Some(text);
        (!level.section.has_doubles() && values.all(is_same)).then_some(first)
    }
}
