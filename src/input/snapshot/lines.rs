//! A snapshot with one record a line: how it is recognised, and what one line says.
//! It does not know how the lines are read, nor how many there are.

use memchr::{memchr, memchr2, memmem};

use super::{gaps, record};
use crate::input::{Loaded, Scratch};
use crate::source::{self, Problem, SourceId, unescaped};

/// What a look at a line says, without reading it as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glance<'t> {
    /// Nothing but white space.
    Empty,
    /// A repository with this ARN, as far as can be seen.
    Repository(&'t str),
    /// Something else, or nothing that can be determined at a glance.
    Other,
}

/// Whether the beginning of a file is one of a snapshot with one record a line.
///
/// One line is enough that has a record, whole or up to the end of `head`.
#[must_use]
pub fn is_stream(head: &[u8]) -> bool {
    let first = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head);
    let first = first.trim_ascii_start();
    // A document with a member a line has no escaped key of a record in its first one.
    let is_dense = first.starts_with(b"{") && !first.get(1).is_some_and(u8::is_ascii_whitespace);
    has_record(head) || is_dense && has_hidden_record(first)
}

/// Whether a line is the first of a capture, or is a record whose keys have escapes.
fn has_hidden_record(head: &[u8]) -> bool {
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or(head);
    let is_edge = memmem::find(first, b"\"snapshot\"").is_some() && is_record(first);
    is_edge || unescaped(head).is_some_and(|head| has_record(&head))
}

fn has_record(head: &[u8]) -> bool {
    // Nearly every other file is told by that.
    let mut words = memmem::find_iter(head, "\"re").map(|at| &head[at + 3..]);
    if !words.any(|word| word.starts_with(b"pository\"") || word.starts_with(b"gistry\"")) {
        return false;
    }
    let head = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head);
    head.split(|byte| *byte == b'\n').any(is_record)
}

fn is_record(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let names = ["\"repositoryName\"", "\"repositoryArn\""];
    let is_named = || {
        names
            .iter()
            .any(|name| memmem::find(line, name.as_bytes()).is_some())
    };
    let mut has_account = false;
    for (key, value) in RawMembers::of(line) {
        match key {
            b"account" => has_account = true,
            b"repository" | b"vanished" => return value.starts_with(b"{") && is_named(),
            b"registry" => return value.starts_with(b"{") && has_account,
            b"snapshot" => return is_edge(value),
            _ => {}
        }
    }
    false
}

/// Whether a value, which may be cut off, is that of the first or the last line of a capture.
fn is_edge(value: &[u8]) -> bool {
    let mut edges = [gaps::BEGINS, gaps::ENDS].into_iter();
    edges.any(|edge| {
        let edge = format!("\"{edge}\"");
        value.starts_with(edge.as_bytes()) || edge.as_bytes().starts_with(value)
    })
}

/// Looks at a line for the ARN of its repository.
#[must_use]
pub fn glance(line: &[u8]) -> Glance<'_> {
    let line = line.trim_ascii();
    if line.is_empty() {
        return Glance::Empty;
    }
    let repository = RawMembers::of(line).find(|(key, _)| *key == b"repository");
    let arn = repository.and_then(|(_, value)| {
        let (_, arn) = RawMembers::of(value).find(|(key, _)| *key == b"repositoryArn")?;
        let arn = arn.strip_prefix(b"\"")?;
        let arn = &arn[..memchr(b'"', arn)?];
        let arn = std::str::from_utf8(arn).ok()?;
        (!arn.contains('\\')).then_some(arn)
    });
    arn.map_or(Glance::Other, Glance::Repository)
}

/// The members of the object that a text begins with, as far as the text goes: the raw key, and the
/// text from its value on. Stops at whatever is not JSON; it does not find every mistake.
struct RawMembers<'t> {
    rest: &'t [u8],
}

impl<'t> RawMembers<'t> {
    fn of(text: &'t [u8]) -> Self {
        let rest = text.strip_prefix(b"{").unwrap_or_default();
        Self { rest }
    }
}

impl<'t> Iterator for RawMembers<'t> {
    type Item = (&'t [u8], &'t [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.trim_ascii_start();
        let rest = rest.strip_prefix(b",").unwrap_or(rest).trim_ascii_start();
        let key = rest.strip_prefix(b"\"")?;
        let end = string_end(key)?;
        let value = key[end + 1..].trim_ascii_start().strip_prefix(b":")?;
        let value = value.trim_ascii_start();
        self.rest = match value_end(value) {
            Some(end) => &value[end..],
            None => b"",
        };
        Some((&key[..end], value))
    }
}

/// Offset of the quote that ends a string, of which the text is the inside.
fn string_end(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let found = at + memchr2(b'"', b'\\', &text[at..])?;
        if text[found] == b'"' {
            return Some(found);
        }
        at = found + 2;
        if at > text.len() {
            return None;
        }
    }
}

/// Offset behind the value that a text begins with.
fn value_end(text: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        match text.get(at)? {
            b'"' => at += string_end(&text[at + 1..])? + 2,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' if depth == 0 => return Some(at),
            b'}' | b']' => {
                depth -= 1;
                at += 1;
            }
            b',' if depth == 0 => return Some(at),
            _ => at += 1,
        }
        if depth == 0 && matches!(text.get(at - 1), Some(b'"' | b'}' | b']')) {
            return Some(at);
        }
    }
}

/// Reads one line and takes what it says. `strange` has the names of members that were remarked on.
///
/// The line is expected without its line break. What cannot be read is a problem at its place in the
/// source `id`, which is the line alone.
pub fn load_line(
    text: &str,
    id: SourceId,
    scratch: &mut Scratch,
    strange: &mut Vec<String>,
) -> Loaded {
    let mut loaded = Loaded::default();
    if let Err(problem) = source::json::parse(text, id, &mut scratch.tree) {
        loaded.problems.push(mistaken(problem, text));
        return loaded;
    }
    if let Some(root) = scratch.tree.root(text) {
        loaded.kind = Some(KIND);
        record::load(root, &mut scratch.embedded, strange, &mut loaded);
    }
    loaded
}

/// Name of the kind of input.
const KIND: &str = "snapshot";

/// A line that is not JSON. One that stops in the middle was probably cut off.
fn mistaken(problem: Problem, text: &str) -> Problem {
    let is_cut = problem.span.start as usize >= text.trim_end().len();
    let help = match is_cut {
        true => "the line stops in the middle: capture again, with `ecrlint snapshot --resume`",
        false => "a snapshot has one JSON object a line",
    };
    let title = format!("a line of the snapshot cannot be read: {}", problem.title);
    Problem {
        title,
        help: Some(help.to_owned()),
        ..problem
    }
}

#[cfg(test)]
mod tests {
    use super::{Glance, glance, is_stream};

    const ARN: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/app";

    #[test]
    fn a_glance_finds_the_arn_wherever_it_stands() {
        let spellings = [
            format!(r#"{{"account":"1","repository":{{"repositoryArn":"{ARN}"}}}}"#),
            format!(
                r#" {{ "tags" : [ {{ "Key" : "}}\"," }} ] , "repository" : {{ "createdAt" : 1.5 , "x":[[1],{{}}], "repositoryArn" : "{ARN}" }} }} "#
            ),
            format!(
                r#"{{"a\\":"\\","b":null,"c":-1e3,"d":{{"repositoryArn":"no"}},"repository":{{"t":true,"repositoryArn":"{ARN}","#
            ),
        ];
        for line in spellings {
            assert_eq!(glance(line.as_bytes()), Glance::Repository(ARN), "{line}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_parser() {
        for line in [
            r#"{"repository":{"repositoryArn":"a\u0062"}}"#,
            r#"{"repository":{"repositoryName":"app"}}"#,
            r#"{"registry":{}}"#,
            r#"{"repository":"#,
            r#"{"a"#,
            r#"{"a":"\"#,
            "[1]",
            "x",
            "{",
        ] {
            assert_eq!(glance(line.as_bytes()), Glance::Other, "{line}");
        }
        assert_eq!(glance(b" \r"), Glance::Empty);
    }

    #[test]
    fn a_stream_is_told_from_other_files() {
        let record =
            format!(r#"{{"account":"1","region":"r","repository":{{"repositoryArn":"{ARN}"}}}}"#);
        let registry = r#"{"account":"1","region":"r","registry":{}}"#;
        for head in [
            record.clone(),
            format!("\u{feff}{record}\r\n"),
            format!("\n not json\n{registry}\n"),
            record[..record.len() - 3].to_owned(),
            r#"{"snapshot":"begins","format":1}"#.to_owned(),
            r#"{"snapshot":"beg"#.to_owned(),
            record
                .replace("account", r"acco\u0075nt")
                .replace("repository", r"\u0072epository"),
        ] {
            assert!(is_stream(head.as_bytes()), "{head}");
        }
        for head in [
            r#"{"Resources":{"A":{"Type":"AWS::ECR::Repository"}}}"#.to_owned(),
            r#"{"name":"x","repository":{"type":"git"},"registry":{}}"#.to_owned(),
            format!(r#"{{"repositories":[{record}]}}"#),
            r#"{"snapshot":"latest","name":"x"}"#.to_owned(),
            format!("{{\n  \"repository\": {{\n    \"repositoryArn\": \"{ARN}\"\n  }}\n}}\n"),
            String::new(),
        ] {
            assert!(!is_stream(head.as_bytes()), "{head}");
        }
    }
}
