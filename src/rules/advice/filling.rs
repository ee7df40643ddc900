//! Values in the place of the holes of an advice.
//! It does not know what the advice is for.

use crate::model::{Data, Unknown, Value};
use crate::rules::format::{MessageTemplate, Patch, TemplatePiece};
use crate::rules::query::Roots;
use crate::rules::wording;
use crate::source::edit::Fragment;

/// What values stand in for placeholders; none in documentation.
pub(super) type Values<'a, 'd> = Option<(&'a Roots<'d>, Option<Value<'d>>)>;

/// A text with its placeholders filled.
pub(super) fn text(template: &MessageTemplate, values: Values<'_, '_>) -> Option<String> {
    let Some((roots, found)) = values else {
        return Some(wording::sketch(template));
    };
    wording::fill_code(template, roots, found)
}

/// Fills a patch, and gathers what it takes away.
pub(super) struct Filling<'a, 'd> {
    pub(super) values: Values<'a, 'd>,
    pub(super) path: Vec<String>,
    pub(super) removed: Vec<String>,
    /// Whether the whole is to be taken away.
    pub(super) whole: bool,
    /// Whether lists hold only what comes to the items that are there.
    pub(super) more: bool,
}

impl Filling<'_, '_> {
    /// `None` where nothing is left to write: a member whose placeholder stands for nothing is left out.
    pub(super) fn fill(&mut self, patch: &Patch) -> Option<Fragment> {
        match patch {
            Patch::Remove => {
                self.whole = self.path.is_empty();
                let is_hole = self.path.last().is_some_and(|key| key.starts_with('<'));
                // What is not there in every case is no matter of documentation.
                if !(self.whole || is_hole && self.values.is_none()) {
                    self.removed.push(self.path.join("."));
                }
                None
            }
            Patch::Word(word) => Some(Fragment::Word(word.clone())),
            Patch::Text(template) => self.value(template),
            Patch::List(items) | Patch::More(items) => {
                self.more |= matches!(patch, Patch::More(_));
                let mut filled = Vec::new();
                for item in items {
                    match (item, self.fill(item)) {
                        // A list that a placeholder stands for is some of the items.
                        (Patch::Text(_), Some(Fragment::List(inner))) => filled.extend(inner),
                        (_, tree) => filled.extend(tree),
                    }
                }
                (items.is_empty() || !filled.is_empty()).then_some(Fragment::List(filled))
            }
            Patch::Map(members) => {
                let mut filled = Vec::new();
                for (key, member) in members {
                    let Some(key) = text(key, self.values) else {
                        continue;
                    };
                    self.path.push(key);
                    let tree = self.fill(member);
                    let key = self.path.pop();
                    filled.extend(key.zip(tree));
                }
                (members.is_empty() || !filled.is_empty()).then_some(Fragment::Map(filled))
            }
        }
    }

    pub(super) fn value(&self, template: &MessageTemplate) -> Option<Fragment> {
        let Some((roots, found)) = self.values else {
            return text(template, self.values).map(Fragment::Text);
        };
        if let [TemplatePiece::Place(place)] = template.pieces.as_slice()
            && let Some(value) = wording::resolve(place, roots, found)
            && !value.is_absent()
        {
            return Some(tree(value).unwrap_or_else(|| Fragment::Text(wording::hole(place))));
        }
        let text = text(template, self.values)?;
        let in_sub = self.path.last().is_some_and(|key| key == "Fn::Sub");
        let is_part = |piece: &TemplatePiece| match piece {
            TemplatePiece::Place(place) => {
                let value = wording::resolve(place, roots, found);
                value.and_then(Value::as_unknown).is_some_and(is_spelled)
            }
            TemplatePiece::Text(_) => false,
        };
        match !in_sub && template.pieces.iter().any(is_part) {
            true => Some(Fragment::function("Fn::Sub", Fragment::Text(text))),
            false => Some(Fragment::Text(text)),
        }
    }
}

/// Whether a value that is not known is written with its known pieces.
pub(super) fn is_spelled(unknown: &Unknown) -> bool {
    unknown.shape.is_some() || unknown.reference.is_some()
}

/// A value as a template writes it; `None` when that is not known.
pub(super) fn tree(value: Value<'_>) -> Option<Fragment> {
    Some(match value.data() {
        Data::Absent | Data::Null => return None,
        Data::Bool(flag) => Fragment::Word(flag.to_string()),
        Data::Number(number) => Fragment::Word(number.to_owned()),
        Data::String(text) => Fragment::Text(text.to_owned()),
        Data::Array => Fragment::List(value.items().filter_map(tree).collect()),
        Data::Object => Fragment::Map(
            value
                .members()
                .filter_map(|(key, member)| Some((key.to_owned(), tree(member)?)))
                .collect(),
        ),
        Data::Unknown(unknown) => match (&unknown.shape, &unknown.reference) {
            (_, Some(reference)) if reference.attribute == "Ref" => {
                Fragment::function("Ref", Fragment::Text(reference.logical_id.clone()))
            }
            (_, Some(reference)) => {
                let path = [&reference.logical_id, &reference.attribute];
                let path = path.map(|part| Fragment::Text(part.clone()));
                Fragment::function("Fn::GetAtt", Fragment::List(path.into()))
            }
            (Some(shape), None) => Fragment::function("Fn::Sub", Fragment::Text(shape.to_string())),
            (None, None) => return None,
        },
    })
}
