//! Writes down what to change in JSON that stands in a text of the template, as it is spelled in that text.
//! It does not know which finding it is for.

use crate::model::facts::FactName;
use crate::model::{Functions, JsonText, Spelling, Value, partition};
use crate::rules::format::{Base, POLICIES, Root};
use crate::rules::query::Roots;
use crate::source::edit::Fragment;
use crate::source::edit::written::json;
use crate::source::{Span, Syntax};

/// A text of the template that an edit is typed into.
pub(super) struct Quoted<'d> {
    text: &'d JsonText,
    /// Whether members are typed into an object that is there.
    open: bool,
    /// The property whose text it is, where the finding does not stand in it, and the resource that has it.
    property: Option<(&'static str, Option<String>)>,
    repository: Option<Value<'d>>,
}

impl<'d> Quoted<'d> {
    /// The text that an edit for a finding at `span` goes into; `None` where the template has no text there.
    pub(super) fn of(
        base: Base,
        tree: Option<&Fragment>,
        span: Span,
        roots: &Roots<'d>,
    ) -> Option<Self> {
        let repository = roots.get(Root::Repository)?;
        let quoted = |text, open, property| Self {
            text,
            open,
            property,
            repository: Some(repository),
        };
        match base {
            Base::Statement | Base::Beside | Base::Here | Base::Key => {
                let text = repository.text_around(span)?;
                Some(quoted(text, base == Base::Statement, None))
            }
            Base::Resource | Base::Template => {
                let (property, whose) = POLICIES.into_iter().find(|(property, _)| {
                    tree.is_some_and(|tree| inside(tree, property).is_some())
                })?;
                let policy = whose.of(repository)?;
                let text = repository.text_around(policy.span())?;
                let resource = match base {
                    Base::Template => tree.and_then(resource),
                    _ => None,
                };
                Some(quoted(text, true, Some((property, resource))))
            }
            Base::Configuration => None,
        }
    }

    /// The edit as it is typed; what there is to know about it is added to `lines`.
    pub(super) fn write(&self, tree: Fragment, syntax: Syntax, lines: &mut Vec<String>) -> String {
        let tree = match &self.property {
            Some((property, resource)) => {
                lines.insert(
                    0,
                    match resource {
                        Some(resource) => format!("in the text of `{property}` of `{resource}`"),
                        None => format!("in the text of `{property}`"),
                    },
                );
                inside(&tree, property).cloned().unwrap_or(tree)
            }
            None => tree,
        };
        if self.text.spelling == Spelling::Fetched {
            lines.insert(0, "in the text that is fetched here".to_owned());
        }
        let is_called = self.text.functions == Functions::Possible && calls(&tree);
        let mut words = QuotedText {
            quoted: self,
            is_substituted: is_called || self.text.functions == Functions::Substituted,
            left: false,
        };
        let tree = words.tree(tree);
        if is_called {
            lines.push(match syntax {
                Syntax::Json => "with the text as the argument of `Fn::Sub`".to_owned(),
                Syntax::Yaml => "with `!Sub` in front of the text".to_owned(),
            });
        }
        if words.left {
            lines.push("a text takes no function: write down what stands in `<…>`".to_owned());
        }
        let members = match &tree {
            Fragment::Map(members) if self.open => Some(members),
            _ => None,
        };
        let block = || members.map_or_else(|| json::block(&tree), |it| json::block_members(it));
        let line = || members.map_or_else(|| json::line(&tree), |it| json::line_members(it));
        match self.text.spelling {
            Spelling::Plain | Spelling::Fetched => block(),
            Spelling::Single => line().replace('\'', "''"),
            Spelling::Double => line().replace('\\', r"\\").replace('"', "\\\""),
        }
    }
}

/// Whether an edit writes a policy where there is none yet.
pub(super) fn is_first(tree: Option<&Fragment>, roots: &Roots<'_>) -> bool {
    let repository = roots.get(Root::Repository);
    POLICIES.into_iter().any(|(property, whose)| {
        let is_written = tree.is_some_and(|tree| inside(tree, property).is_some());
        let policy = repository.and_then(|repository| whose.of(repository));
        is_written && policy.is_none_or(Value::is_absent)
    })
}

/// The mapping below a member of this name, wherever it is.
fn inside<'t>(tree: &'t Fragment, name: &str) -> Option<&'t Fragment> {
    let Fragment::Map(members) = tree else {
        return None;
    };
    members.iter().find_map(|(key, member)| match member {
        Fragment::Map(_) if key == name => Some(member),
        member => inside(member, name),
    })
}

/// The resource that an edit of the template is about.
fn resource(tree: &Fragment) -> Option<String> {
    let Fragment::Map(members) = tree else {
        return None;
    };
    match members.first()? {
        (_, Fragment::Map(resources)) => resources.first().map(|(id, _)| id.clone()),
        _ => None,
    }
}

/// Whether a function stands anywhere in an edit.
fn calls(tree: &Fragment) -> bool {
    match tree {
        Fragment::Word(_) | Fragment::Text(_) => false,
        Fragment::List(items) => items.iter().any(calls),
        Fragment::Map(members) => {
            let is_function = |key: &str| key == "Ref" || key.starts_with("Fn::");
            members
                .iter()
                .any(|(key, member)| is_function(key) || calls(member))
        }
    }
}

/// Turns functions into what stands for them in a text.
struct QuotedText<'q, 'd> {
    quoted: &'q Quoted<'d>,
    /// Whether the text is, or becomes, the argument of `Fn::Sub`.
    is_substituted: bool,
    /// Whether something is left to the reader.
    left: bool,
}

impl QuotedText<'_, '_> {
    fn tree(&mut self, tree: Fragment) -> Fragment {
        match tree {
            Fragment::Word(_) => tree,
            Fragment::Text(text) if self.is_substituted => {
                Fragment::Text(text.replace("${", "${!"))
            }
            Fragment::Text(_) => tree,
            Fragment::List(items) => {
                Fragment::List(items.into_iter().map(|item| self.tree(item)).collect())
            }
            Fragment::Map(members) => match members.as_slice() {
                [(name, Fragment::Text(text))] if name == "Ref" => {
                    Fragment::Text(self.call(&format!("${{{text}}}")))
                }
                [(name, Fragment::Text(text))] if name == "Fn::Sub" => {
                    Fragment::Text(self.call(text))
                }
                [(name, Fragment::List(path))] if name == "Fn::GetAtt" => match path.as_slice() {
                    [Fragment::Text(id), Fragment::Text(attribute)] => {
                        Fragment::Text(self.call(&format!("${{{id}.{attribute}}}")))
                    }
                    _ => Fragment::Map(members),
                },
                _ => Fragment::Map(
                    members
                        .into_iter()
                        .map(|(key, member)| (key, self.tree(member)))
                        .collect(),
                ),
            },
        }
    }

    /// A text with variables of `Fn::Sub`.
    fn call(&mut self, text: &str) -> String {
        match self.is_substituted {
            true => text.to_owned(),
            false => self.known(text),
        }
    }

    /// A text with what the variables are known to be.
    fn known(&mut self, text: &str) -> String {
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, name, after)) = variable(rest) {
            out.push_str(before);
            match self.quoted.pseudo(name) {
                Some(known) => out.push_str(&known),
                None => {
                    self.left = true;
                    out.push_str(&format!("<{name}>"));
                }
            }
            rest = after;
        }
        out + rest
    }
}

impl Quoted<'_> {
    /// What a pseudo parameter is where the repository stands.
    fn pseudo(&self, name: &str) -> Option<String> {
        let text = |fact: FactName| self.repository?.get(fact)?.as_str().map(str::to_owned);
        match name {
            "AWS::AccountId" => text(FactName::Account),
            "AWS::Region" => text(FactName::Region),
            "AWS::Partition" => {
                text(FactName::Region).map(|region| partition::name(&region).to_owned())
            }
            _ => None,
        }
    }
}

/// A text before, in and behind its first `${…}`.
fn variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}
