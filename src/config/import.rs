//! Copies a whole value into a document, with the pointers in it followed.
//! It does not know what the value is for.

use super::read::{ConfigReader, Cursor};
use crate::model::{Document, NodeId};
use crate::source::{Kind, Problem};

/// How deep the settings of a rule may be nested.
const DEPTH_LIMIT: usize = 64;

impl<'t> ConfigReader<'t> {
    /// Any value, copied with the pointers in it followed.
    pub(crate) fn import(&mut self, cursor: Cursor<'t>, document: &mut Document) -> Option<NodeId> {
        self.import_below(cursor, document, 0)
    }

    fn import_below(
        &mut self,
        cursor: Cursor<'t>,
        document: &mut Document,
        depth: usize,
    ) -> Option<NodeId> {
        let cursor = self.open(cursor)?;
        let (node, span) = (cursor.node, cursor.span());
        if depth > DEPTH_LIMIT {
            let problem = Problem::new(span, "settings are nested too deeply")
                .label(format!("more than {DEPTH_LIMIT} levels"))
                .help("make the settings flatter");
            self.report(cursor, problem);
            return None;
        }
        match node.kind() {
            Kind::Array => {
                let mut items = Vec::new();
                for item in self.items(cursor, "a setting") {
                    items.push(self.import_below(item, document, depth + 1)?);
                }
                Some(document.array(&items, span))
            }
            Kind::Object => {
                let mut members = Vec::new();
                for field in self.entries_of(cursor, "a setting")? {
                    let value = self.import_below(field.value, document, depth + 1)?;
                    members.push((field.key, value));
                }
                Some(document.object_with_keys(&members, span))
            }
            _ => Some(document.import(node)),
        }
    }
}
