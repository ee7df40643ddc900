//! Follows pointers from the configuration into its data files, and says where one leads nowhere.
//! It does not know what a value is for.

use super::files::pointer_text;
use super::pointer::{ENVIRONMENT, Missing, Pointer, escape};
use super::read::{ConfigReader, Cursor, PROBLEM_LIMIT};
use super::words::{kind_words, listed, quoted};
use crate::source::{Kind, Problem, Span};

/// Where a pointer led.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PointerTarget<'t> {
    /// To this value.
    Value(Cursor<'t>),
    /// To a place that this environment does not have, though the environment itself is there.
    NotHere,
    /// Nowhere, which is reported.
    Broken,
}

impl<'t> ConfigReader<'t> {
    /// Follows a pointer; any other value is itself.
    pub(crate) fn find(&mut self, cursor: Cursor<'t>) -> PointerTarget<'t> {
        let Some(text) = pointer_text(cursor.node).filter(|_| cursor.via.is_none()) else {
            return PointerTarget::Value(cursor);
        };
        let at = text.span();
        let written = match Pointer::parse(text.as_str().unwrap_or_default()) {
            Ok(pointer) => pointer,
            Err(label) => return self.broken(malformed(at, label)),
        };
        let pointer = match cursor.environment {
            Some(name) => written.of_environment(name),
            None if written.names_environment() => return self.broken(homeless(at)),
            None => written.clone(),
        };
        // A file that could not be read is reported where files are read.
        let Some(root) = self.files.root(&pointer.file, self.sources) else {
            return PointerTarget::Broken;
        };
        match pointer.walk(root) {
            Ok(node) => PointerTarget::Value(Cursor {
                node,
                via: Some(at),
                environment: None,
            }),
            Err(missing)
                if written.names_environment()
                    && written
                        .environment_token()
                        .is_none_or(|token| missing.depth > token) =>
            {
                PointerTarget::NotHere
            }
            Err(missing) => self.broken(leads_nowhere(at, &pointer, missing)),
        }
    }

    /// Follows a pointer to a value that has to be there.
    pub(super) fn open(&mut self, cursor: Cursor<'t>) -> Option<Cursor<'t>> {
        match self.find(cursor) {
            PointerTarget::Value(value) => Some(value),
            PointerTarget::Broken => None,
            PointerTarget::NotHere => {
                self.not_here(cursor);
                None
            }
        }
    }

    /// Reports a pointer that leads to a place which an environment does not have.
    pub(crate) fn not_here(&mut self, cursor: Cursor<'t>) {
        let Some(text) = pointer_text(cursor.node) else {
            return;
        };
        let Ok(written) = Pointer::parse(text.as_str().unwrap_or_default()) else {
            return;
        };
        let pointer = written.of_environment(cursor.environment.unwrap_or_default());
        let root = self.files.root(&pointer.file, self.sources);
        if let Some(Err(missing)) = root.map(|root| pointer.walk(root)) {
            self.broken(leads_nowhere(text.span(), &pointer, missing));
        }
    }

    fn broken(&mut self, problem: Problem) -> PointerTarget<'t> {
        if self.problems.len() < PROBLEM_LIMIT {
            self.problems.push(problem);
        }
        PointerTarget::Broken
    }
}

fn malformed(at: Span, label: String) -> Problem {
    Problem::new(at, "`from` is not a file with a JSON Pointer")
        .label(label)
        .help("write `FILE#/KEY/KEY`, with the file's path from the folder of the configuration")
}

fn homeless(at: Span) -> Problem {
    Problem::new(
        at,
        format!("`{ENVIRONMENT}` stands for no environment here"),
    )
    .label(
        "not below an environment, nor below `organisation.repositories`, nor the `value` of a tag",
    )
    .help("name the environment")
}

fn leads_nowhere(at: Span, pointer: &Pointer, missing: Missing) -> Problem {
    let file = quoted(&pointer.file);
    let wanted = pointer.notation(missing.depth + 1);
    let there = match missing.depth {
        0 => "the top of the file".to_owned(),
        depth => quoted(&pointer.notation(depth)),
    };
    let label = match missing.parent_kind {
        Kind::Object | Kind::Array => {
            let token = pointer.tokens.get(missing.depth).map_or("", String::as_str);
            let at = if missing.depth == 0 { "at" } else { "in" };
            format!("no {} {at} {there}", quoted(token))
        }
        kind => format!("{there} is {}", kind_words(kind)),
    };
    let help = match &missing.nearest {
        Some(near) => {
            let start = pointer.notation(missing.depth);
            format!("write {}", quoted(&format!("{start}/{}", escape(near))))
        }
        None if missing.keys.is_empty() => "name a value that is there".to_owned(),
        None => format!(
            "name a key that is there, such as {}",
            listed(&missing.keys)
        ),
    };
    Problem::new(at, format!("{file} has no {}", quoted(&wanted)))
        .label(label)
        .help(help)
        .related(missing.parent, format!("{there} begins here"))
}
