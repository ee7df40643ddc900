//! Typed reading of a spanned tree in which any value may be a pointer into another file.
//! It does not know what the values are for; every mistake becomes a problem, and reading goes on.

use super::configuration::DeclarationProblem;
use super::files::ConfigFiles;
use super::keys::MappingKeys;
use super::words::{is_account, kind_words, likely, listed, quoted, suggestion};
use crate::model::Declared;
use crate::source::{Kind, Node, Problem, Sources, Span, Suggestion};

/// More problems than this help nobody.
pub(super) const PROBLEM_LIMIT: usize = 1000;
/// Values that are read at most. Aliases can make a small file stand for a huge one.
const VALUE_LIMIT: usize = 1_000_000;

/// What a flag is in words.
const FLAG: &str = "`true` or `false`";
/// What a count is in words.
const COUNT: &str = "a whole number from 1, or `null`";

/// A value on the way to being read; perhaps still a pointer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'t> {
    pub(crate) node: Node<'t>,
    /// The pointer through which the value was reached: what is behind it is data, never a pointer.
    pub(super) via: Option<Span>,
    /// What `{environment}` stands for.
    pub(super) environment: Option<&'t str>,
}

/// A key with its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field<'t> {
    pub(crate) key: &'t str,
    pub(crate) key_span: Span,
    pub(crate) value: Cursor<'t>,
}

impl Field<'_> {
    pub(crate) fn declared_key(&self) -> Declared<String> {
        Declared {
            value: self.key.to_owned(),
            span: self.key_span,
        }
    }
}

/// A mapping whose keys were checked.
#[derive(Debug)]
pub(crate) struct Fields<'t> {
    pub(crate) span: Span,
    fields: Vec<Field<'t>>,
}

impl<'t> Fields<'t> {
    /// The value of `key`. Nothing behind a key, as in `sets:`, counts as no key.
    pub(crate) fn get(&self, key: &str) -> Option<Cursor<'t>> {
        let field = self.fields.iter().find(|field| field.key == key)?;
        (field.value.node.kind() != Kind::Null).then_some(field.value)
    }
}

impl<'t> Cursor<'t> {
    /// The same value, for one environment.
    pub(crate) fn of_environment(self, name: &'t str) -> Self {
        Self {
            environment: Some(name),
            ..self
        }
    }

    pub(crate) fn span(self) -> Span {
        self.node.span()
    }

    fn child(self, node: Node<'t>) -> Self {
        Self { node, ..self }
    }
}

/// Reads values and collects what is wrong with them.
#[derive(Debug)]
pub(crate) struct ConfigReader<'t> {
    pub(super) files: &'t ConfigFiles,
    pub(super) sources: &'t Sources,
    budget: usize,
    /// What keeps the configuration from being loaded.
    pub(crate) problems: Vec<Problem>,
    /// What is wrong with declarations; a finding, which does not keep the configuration from loading.
    pub(crate) declaration_problems: Vec<DeclarationProblem>,
    /// The declaration that is being read.
    pub(crate) declaring: Option<Declaring>,
    /// What the last mistake was.
    pub(crate) last: Option<String>,
}

/// Whose declaration is being read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declaring {
    pub(crate) environment: Option<String>,
    pub(crate) base: Option<String>,
}

impl<'t> ConfigReader<'t> {
    pub(crate) fn new(files: &'t ConfigFiles, sources: &'t Sources) -> Self {
        Self {
            files,
            sources,
            budget: VALUE_LIMIT,
            problems: Vec::new(),
            declaration_problems: Vec::new(),
            declaring: None,
            last: None,
        }
    }

    /// The cursor at the top of the configuration.
    pub(crate) fn root(root: Node<'t>) -> Cursor<'t> {
        Cursor {
            node: root,
            via: None,
            environment: None,
        }
    }

    /// Records what is wrong with a value.
    pub(crate) fn report(&mut self, at: Cursor<'_>, problem: Problem) {
        let problem = match at.via {
            Some(via) if problem.related.is_none() => {
                problem.related(via, "the value is taken from there")
            }
            _ => problem,
        };
        self.last = Some(problem.title.clone());
        match &self.declaring {
            Some(whose) if self.declaration_problems.len() < PROBLEM_LIMIT => {
                let Declaring { environment, base } = whose.clone();
                self.declaration_problems.push(DeclarationProblem {
                    environment,
                    base,
                    problem,
                });
            }
            None if self.problems.len() < PROBLEM_LIMIT => self.problems.push(problem),
            _ => {}
        }
    }

    /// A mapping with fixed keys; others are reported, unless they belong to other tools.
    pub(crate) fn mapping(
        &mut self,
        cursor: Cursor<'t>,
        what: &str,
        keys: &MappingKeys,
    ) -> Option<Fields<'t>> {
        let cursor = self.open(cursor)?;
        let fields = self.entries_of(cursor, what)?;
        if !(keys.shared && cursor.via.is_some()) {
            let unknown = fields.iter().filter(|it| !keys.keys.contains(&it.key));
            for field in unknown.take(PROBLEM_LIMIT) {
                self.report(field.value, unknown_key(field, &fields, keys));
            }
        }
        Some(Fields {
            span: cursor.span(),
            fields,
        })
    }

    /// The entries of a mapping whose keys are the user's own.
    pub(crate) fn entries(&mut self, cursor: Cursor<'t>, what: &str) -> Vec<Field<'t>> {
        let opened = self.open(cursor);
        opened
            .and_then(|cursor| self.entries_of(cursor, what))
            .unwrap_or_default()
    }

    pub(super) fn entries_of(&mut self, cursor: Cursor<'t>, what: &str) -> Option<Vec<Field<'t>>> {
        if cursor.node.kind() != Kind::Object {
            self.mismatch(cursor, what, "a mapping");
            return None;
        }
        let members = cursor.node.members();
        self.spend(cursor, members.len())?;
        let fields = members.map(|member| Field {
            key: member.key,
            key_span: member.key_span,
            value: cursor.child(member.value),
        });
        Some(fields.collect())
    }

    /// The items of a list.
    pub(crate) fn items(&mut self, cursor: Cursor<'t>, what: &str) -> Vec<Cursor<'t>> {
        let Some(cursor) = self.open(cursor) else {
            return Vec::new();
        };
        if cursor.node.kind() != Kind::Array {
            self.mismatch(cursor, what, "a list");
            return Vec::new();
        }
        let items = cursor.node.items();
        if self.spend(cursor, items.len()).is_none() {
            return Vec::new();
        }
        items.map(|item| cursor.child(item)).collect()
    }

    /// A text that says something.
    pub(crate) fn text(&mut self, cursor: Cursor<'t>, what: &str) -> Option<Declared<String>> {
        let cursor = self.open(cursor)?;
        self.opened_text(cursor, what)
    }

    fn opened_text(&mut self, cursor: Cursor<'t>, what: &str) -> Option<Declared<String>> {
        let Some(text) = cursor.node.as_str() else {
            self.mismatch(cursor, what, "text");
            return None;
        };
        if text.trim().is_empty() {
            let problem = Problem::new(cursor.span(), format!("{what} is empty"))
                .label("nothing is written here")
                .help("write the value, or leave the key out");
            self.report(cursor, problem);
            return None;
        }
        Some(Declared {
            value: text.to_owned(),
            span: cursor.span(),
        })
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, cursor: Cursor<'t>, what: &str) -> Vec<Declared<String>> {
        let items = self.items(cursor, what);
        let each = format!("an item of {what}");
        let texts = items.into_iter().filter_map(|item| self.text(item, &each));
        texts.collect()
    }

    /// One of some words.
    pub(crate) fn word(
        &mut self,
        cursor: Cursor<'t>,
        what: &str,
        words: &[&str],
    ) -> Option<Declared<String>> {
        let cursor = self.open(cursor)?;
        let Some(text) = cursor.node.as_str() else {
            self.mismatch(cursor, what, &listed(words));
            return None;
        };
        let span = cursor.span();
        if words.contains(&text) {
            let value = text.to_owned();
            return Some(Declared { value, span });
        }
        let title = format!("{what} is {}", quoted(text));
        let problem = Problem::new(span, title)
            .label(format!("expected {}", listed(words)))
            .help(suggestion(text, words));
        self.report(cursor, problem);
        None
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, cursor: Cursor<'t>, what: &str) -> Option<Declared<bool>> {
        let cursor = self.open(cursor)?;
        if let Kind::Bool(value) = cursor.node.kind() {
            return Some(Declared {
                value,
                span: cursor.span(),
            });
        }
        self.mismatch(cursor, what, FLAG);
        None
    }

    /// A whole number from 1; `null` says that there is none.
    pub(crate) fn count(&mut self, cursor: Cursor<'t>, what: &str) -> Option<Declared<u64>> {
        let cursor = self.open(cursor)?;
        let number = match cursor.node.kind() {
            Kind::Null => return None,
            Kind::Number => cursor.node.as_text().and_then(|text| text.parse().ok()),
            _ => {
                self.mismatch(cursor, what, COUNT);
                return None;
            }
        };
        if let Some(value) = number.filter(|number| *number > 0) {
            return Some(Declared {
                value,
                span: cursor.span(),
            });
        }
        let written = quoted(cursor.node.as_text().unwrap_or_default());
        let problem = Problem::new(cursor.span(), format!("{what} is {written}"))
            .label(format!("expected {COUNT}"))
            .help("write how many, or `null` for no limit");
        self.report(cursor, problem);
        None
    }

    /// An AWS account id: twelve digits, as text.
    pub(crate) fn account(&mut self, cursor: Cursor<'t>, what: &str) -> Option<Declared<String>> {
        let cursor = self.open(cursor)?;
        let (node, span) = (cursor.node, cursor.span());
        // A bare number is text to this parser when it begins with `0`, and less to another.
        let written = span.slice(node.source_text());
        let bare = !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit());
        if node.kind() == Kind::Number || bare {
            let digits = Some(written).filter(|written| is_account(written));
            let problem = Problem::new(span, format!("{what} is a number, expected text"))
                .label("leading zeros of a number get lost")
                .help(digits.map_or_else(
                    || "quote this account id, with all of its twelve digits".to_owned(),
                    |digits| format!("quote this account id: `\"{digits}\"`"),
                ));
            self.report(cursor, problem);
            return None;
        }
        let text = self.opened_text(cursor, what)?;
        if is_account(&text.value) {
            return Some(text);
        }
        let title = format!("{what} is {}, expected twelve digits", quoted(&text.value));
        let problem = Problem::new(span, title)
            .label("no account id")
            .help("write the twelve digits of the account id, without hyphens");
        self.report(cursor, problem);
        None
    }

    /// Reports a value of another type.
    pub(crate) fn mismatch(&mut self, cursor: Cursor<'_>, what: &str, expected: &str) {
        let found = kind_words(cursor.node.kind());
        let problem = Problem::new(
            cursor.span(),
            format!("{what} is {found}, expected {expected}"),
        )
        .label(found);
        let help = match cursor.node.kind() {
            Kind::Number | Kind::Bool(_) if expected == "text" => "quote it".to_owned(),
            Kind::String if expected == "a list" => "put brackets around it".to_owned(),
            _ => format!("write {expected}"),
        };
        let meant = cursor.node.as_str().and_then(|text| word(text, expected));
        let problem = problem.help(help).meant(meant);
        self.report(cursor, problem);
    }

    fn spend(&mut self, cursor: Cursor<'_>, values: usize) -> Option<()> {
        if let Some(rest) = self.budget.checked_sub(values) {
            self.budget = rest;
            return Some(());
        }
        let problem = Problem::new(
            cursor.span(),
            "the configuration stands for too many values",
        )
        .label(format!("more than {VALUE_LIMIT} values up to here"))
        .help("use fewer aliases");
        self.problems.push(problem);
        None
    }
}

/// The number, `true` or `false` that a text says where one is expected.
fn word(text: &str, expected: &str) -> Option<Suggestion> {
    let is_meant = match text {
        "true" | "false" => expected == FLAG,
        number => {
            let number = number.parse::<u64>().ok();
            expected == COUNT
                && number.is_some_and(|number| number > 0 && number.to_string() == text)
        }
    };
    is_meant.then(|| Suggestion::Word(text.to_owned()))
}

fn unknown_key(field: &Field<'_>, all: &[Field<'_>], keys: &MappingKeys) -> Problem {
    let key = quoted(field.key);
    let problem = Problem::new(field.key_span, format!("unknown key {key} in {}", keys.of));
    if field.key == "from" {
        return problem
            .label("a pointer has no other key beside `from`, and text behind it")
            .help("write `{ from: \"FILE#/POINTER\" }` and nothing else in the mapping");
    }
    // A key that is there already, or that two keys may have meant, is somebody's choice.
    let meant = likely(field.key, keys.keys).filter(|near| {
        let mut others = all.iter().filter(|other| other.key != field.key);
        !others.any(|other| likely(other.key, keys.keys) == Some(near))
    });
    problem
        .label(format!("not a key of {}", keys.of))
        .help(suggestion(field.key, keys.keys))
        .meant(meant.map(|near| Suggestion::Key(near.to_owned())))
}
