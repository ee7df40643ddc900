//! Values in place of others, with the quotes that the old ones have.
//! It does not know what the values mean.

use super::text::{Edit, line_end, line_start};
use super::written::{Fragment, json, quoted, yaml};
use crate::source::{Kind, Node, Syntax};

/// The edit that puts a value in place of another; `None` where that has no plain place.
pub(super) fn replace(
    text: &str,
    node: Node<'_>,
    key_end: Option<usize>,
    fragment: &Fragment,
) -> Option<Edit> {
    let span = node.span();
    let (start, end) = (span.start as usize, span.end as usize);
    let old = text.get(start..end)?;
    let syntax = Syntax::of_text(text);
    let is_block = syntax == Syntax::Yaml
        && (old.is_empty() || old.contains('\n') && !old.starts_with(['{', '[', '"', '\'']));
    if !is_block {
        let is_collection = matches!(node.kind(), Kind::Object | Kind::Array)
            || matches!(fragment, Fragment::Map(_) | Fragment::List(_));
        let new = match syntax {
            _ if !is_collection => scalar(old, fragment)?,
            Syntax::Json if is_alone(text, key_end.unwrap_or(start)) => json::block(fragment),
            Syntax::Json => json::line(fragment),
            Syntax::Yaml => yaml::flow(fragment),
        };
        let own = super::text::margin(text, start);
        let new = new.replace('\n', &format!("{}{own}", line_end(text)));
        return Some((start..end, new));
    }
    let colon = key_end? + text.get(key_end?..)?.find(':')? + 1;
    let end = text[..end.max(colon)].trim_end().len().max(colon);
    // A comment behind the key would be lost.
    let between = text.get(colon..start.max(colon))?;
    if between.contains('#') {
        return None;
    }
    let new = match fragment {
        Fragment::Map(_) | Fragment::List(_) => {
            let line = &text[line_start(text, key_end?)..key_end?];
            let own = line.len() - line.trim_start_matches([' ', '-']).len();
            let pad = " ".repeat(own + 2);
            let start = format!("{}{pad}", line_end(text));
            format!(
                "{start}{}",
                yaml::block_by(fragment, 2).replace('\n', &start)
            )
        }
        _ => format!(" {}", yaml::block_by(fragment, 2)),
    };
    Some((colon..end, new))
}

/// Whether a line of JSON has nothing but one member, or one item, up to an offset.
fn is_alone(text: &str, at: usize) -> bool {
    let line = text[line_start(text, at)..at].trim_start();
    line_start(text, at) > 0 && !line.contains(['{', '[', ','])
}

/// A scalar with the quotes of the one that it stands in place of; `None` for lists and mappings.
pub(super) fn scalar(old: &str, fragment: &Fragment) -> Option<String> {
    let text = match fragment {
        Fragment::Word(word) => return Some(word.clone()),
        Fragment::Text(text) => text,
        Fragment::List(_) | Fragment::Map(_) => return None,
    };
    Some(match old.chars().next() {
        Some('"') => quoted(text),
        Some('\'') if !text.contains(char::is_control) => format!("'{}'", text.replace('\'', "''")),
        _ => yaml::scalar(text),
    })
}
