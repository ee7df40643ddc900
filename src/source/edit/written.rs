//! Small trees, and how they are written as JSON and as YAML.
//! It does not know what they are for.

pub(crate) mod json;
pub(crate) mod yaml;

use std::fmt::Write as _;

use crate::source::{Kind, Node};

/// Longer lists are written with an item a line.
const WIDTH: usize = 72;

/// What is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fragment {
    /// A number, `true` or `false`.
    Word(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Fragment>),
    /// A mapping, in its order.
    Map(Vec<(String, Fragment)>),
}

impl Fragment {
    /// What a value says, with the functions of its text in their long form.
    pub(crate) fn of(node: Node<'_>) -> Self {
        match node.kind() {
            Kind::Null => Fragment::Word("null".to_owned()),
            Kind::Bool(_) | Kind::Number => {
                Fragment::Word(node.as_text().unwrap_or_default().to_owned())
            }
            Kind::String => Fragment::Text(node.as_str().unwrap_or_default().to_owned()),
            Kind::Array => Fragment::List(node.items().map(Fragment::of).collect()),
            Kind::Object => Fragment::Map(
                node.members()
                    .map(|member| (member.key.to_owned(), Fragment::of(member.value)))
                    .collect(),
            ),
        }
    }

    /// A function of CloudFormation, in its long form.
    pub(crate) fn function(name: &str, argument: Fragment) -> Self {
        Fragment::Map(vec![(name.to_owned(), argument)])
    }
}

/// A text in double quotes, which JSON and YAML read alike.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            other if other.is_control() => _ = write!(out, "\\u{:04x}", u32::from(other)),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
