//! Pieces of a program, written down in either language of the construct library.
//! It does not know what they build.

use std::fmt::Write as _;

/// A language that programs are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    TypeScript,
    Python,
}

use Language::{Python, TypeScript};

impl Language {
    /// What begins a comment.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            TypeScript => "//",
            Python => "#",
        }
    }

    /// A name, as the library has it in the language: members are in snake case in Python.
    pub(crate) fn name(self, name: &str) -> String {
        let segment = |segment: &str| match (self, segment.starts_with(char::is_lowercase)) {
            (Python, true) => snake(segment),
            _ => segment.to_owned(),
        };
        name.split('.').map(segment).collect::<Vec<_>>().join(".")
    }
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// Names with what stands behind them.
pub(crate) type Members = Vec<(String, Code)>;

/// An expression.
#[derive(Clone, Debug)]
pub(crate) enum Code {
    Text(String),
    Number(String),
    Flag(bool),
    /// A dotted name, as TypeScript has it.
    Name(String),
    List(Vec<Code>),
    /// Data: keys stay as they are.
    Data(Members),
    /// What TypeScript writes as an object alone.
    Struct(&'static str, Members),
    /// A class, behind its positional arguments its properties, if it has any.
    New(&'static str, Vec<Code>, Option<Members>),
    /// A construct: its class, its id and its properties.
    Construct(&'static str, String, Members),
    Call(String, Vec<Code>),
}

/// A line of a program.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// The variable that is given the value.
    pub(crate) variable: Option<String>,
    pub(crate) code: Code,
}

impl Line {
    pub(crate) fn text(&self, language: Language) -> String {
        let (indent, end) = match language {
            TypeScript => (4, ";"),
            Python => (8, ""),
        };
        let code = self.code.text(language, indent);
        let start = match (&self.variable, language) {
            (Some(variable), TypeScript) => format!("const {variable} = "),
            (Some(variable), Python) => format!("{} = ", snake(variable)),
            (None, _) => String::new(),
        };
        format!("{}{start}{code}{end}\n", " ".repeat(indent))
    }
}

impl Code {
    fn text(&self, language: Language, indent: usize) -> String {
        let inner = |code: &Code| code.text(language, indent + language_step(language));
        match self {
            Code::Text(text) => serde_json::to_string(text).expect("a text is JSON"),
            Code::Number(number) => number.clone(),
            Code::Flag(flag) if language == Python => {
                if *flag { "True" } else { "False" }.to_owned()
            }
            Code::Flag(flag) => flag.to_string(),
            Code::Name(name) => language.name(name),
            Code::List(items) if items.iter().all(Code::is_short) => {
                let items: Vec<_> = items.iter().map(inner).collect();
                format!("[{}]", items.join(", "))
            }
            Code::List(items) => {
                let items = items.iter().map(inner).collect();
                lines("[", items, "]", language, indent)
            }
            Code::Data(members) => {
                let key = |key: &String| serde_json::to_string(key).expect("a text is JSON");
                let members = members
                    .iter()
                    .map(|(name, code)| format!("{}: {}", key(name), inner(code)));
                lines("{", members.collect(), "}", language, indent)
            }
            Code::Struct(name, members) => match language {
                TypeScript => lines("{", named(members, language, indent), "}", language, indent),
                Python => {
                    let start = format!("{name}(");
                    lines(
                        &start,
                        named(members, language, indent),
                        ")",
                        language,
                        indent,
                    )
                }
            },
            Code::New(name, arguments, members) => {
                let arguments = arguments.iter().map(inner).collect();
                class(name, arguments, members.as_deref(), language, indent)
            }
            Code::Construct(name, id, members) => {
                let scope = match language {
                    TypeScript => "this",
                    Python => "self",
                };
                let arguments = vec![scope.to_owned(), format!("\"{id}\"")];
                class(name, arguments, Some(members), language, indent)
            }
            Code::Call(name, arguments) => call(name, arguments, language, indent),
        }
    }

    fn is_short(&self) -> bool {
        match self {
            Code::List(_) | Code::Data(_) | Code::Struct(..) | Code::Construct(..) => false,
            Code::New(_, _, members) => members.is_none(),
            _ => true,
        }
    }
}

fn call(name: &str, arguments: &[Code], language: Language, indent: usize) -> String {
    let arguments: Vec<_> = arguments
        .iter()
        .map(|code| code.text(language, indent))
        .collect();
    let text = format!("{}({})", language.name(name), arguments.join(", "));
    match language {
        TypeScript => text,
        Python => text.replace("(this, ", "(self, "),
    }
}

fn language_step(language: Language) -> usize {
    match language {
        TypeScript => 2,
        Python => 4,
    }
}

fn named(members: &[(String, Code)], language: Language, indent: usize) -> Vec<String> {
    let sign = match language {
        TypeScript => ": ",
        Python => "=",
    };
    let text = |code: &Code| code.text(language, indent + language_step(language));
    members
        .iter()
        .map(|(name, code)| format!("{}{sign}{}", language.name(name), text(code)))
        .collect()
}

fn class(
    name: &str,
    arguments: Vec<String>,
    members: Option<&[(String, Code)]>,
    language: Language,
    indent: usize,
) -> String {
    let Some(members) = members else {
        let new = if language == TypeScript { "new " } else { "" };
        return format!("{new}{name}({})", arguments.join(", "));
    };
    let members = named(members, language, indent);
    match language {
        TypeScript => {
            let mut start = format!("new {name}(");
            for argument in arguments {
                let _ = write!(start, "{argument}, ");
            }
            lines(&format!("{start}{{"), members, "})", language, indent)
        }
        Python => {
            let all = arguments.into_iter().chain(members).collect();
            lines(&format!("{name}("), all, ")", language, indent)
        }
    }
}

/// Each item on lines of its own.
fn lines(start: &str, items: Vec<String>, end: &str, language: Language, indent: usize) -> String {
    let mut out = format!("{start}\n");
    for item in items {
        let _ = writeln!(
            out,
            "{}{item},",
            " ".repeat(indent + language_step(language))
        );
    }
    out + &" ".repeat(indent) + end
}
