//! By which function something else than the text decides a value.
//! It does not know how values are replaced.

use super::amendment::EditVocabulary;
use crate::source::Node;

/// The name of the function that a mapping calls.
pub(super) fn function<'t>(words: EditVocabulary, node: Node<'t>) -> Option<&'t str> {
    let mut members = node.members();
    let only = members.next().filter(|_| members.len() == 0)?;
    words.is_function(only.key).then_some(only.key)
}

/// The function by which something else than the text decides a value that is made by a function of the text at `root`.
pub(super) fn by<'t>(words: EditVocabulary, root: Node<'t>, node: Node<'t>) -> Option<&'t str> {
    let name = function(words, node)?;
    match words.deciding.contains(&name) {
        true => Some(name),
        false => within(words, root, node),
    }
}

/// The same for all that stands in a value. The parser bounds the depth.
fn within<'t>(words: EditVocabulary, root: Node<'t>, node: Node<'t>) -> Option<&'t str> {
    if let Some(name) = function(words, node) {
        let argument = node.get(name);
        let text = argument.and_then(|it| it.as_str().or_else(|| it.items().next()?.as_str()));
        if words.deciding.contains(&name) {
            return (!text.is_some_and(|text| text.starts_with(words.own))).then_some(name);
        }
        if name == words.substituting && text.is_some_and(|text| has_parameter(words, root, text)) {
            return Some(name);
        }
    }
    let mut items = node.items();
    let mut members = node.members();
    let in_items = items.find_map(|item| within(words, root, item));
    in_items.or_else(|| members.find_map(|member| within(words, root, member.value)))
}

/// Whether `${…}` of a text stands for the value of a parameter.
fn has_parameter(words: EditVocabulary, root: Node<'_>, text: &str) -> bool {
    let Some(parameters) = root.get(words.parameters) else {
        return false;
    };
    let variables = text.split("${").skip(1);
    let mut names = variables.filter_map(|rest| Some(rest.split_once('}')?.0.trim()));
    names.any(|name| parameters.member(name).is_some())
}
