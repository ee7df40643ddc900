//! Reads values for template parameters: CloudFormation's lists, plain mappings, `NAME=VALUE`.
//! It does not know which parameters a template has.

use std::collections::HashMap;
use std::path::Path;

use super::files;
use super::words::{is_name, kind_words, quoted};
use crate::door::{self, Door, Namer};
use crate::model::Declared;
use crate::source::{Kind, Member, Node, Problem, SourceId, Sources, Span, Tree, shown};

/// A value that was given for a template parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterValue {
    /// Name, at the place where it is given. May carry a stack in front, as in `Stack:Name`.
    pub name: Declared<String>,
    /// The value as CloudFormation takes it, always text. `None` when the deployed stack's previous
    /// value is to be used: nobody can tell it from the files.
    pub value: Declared<Option<String>>,
}

/// Reads the parameter file `path`, which the user named, and adds it to `sources`.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text.
pub fn load(
    path: &Path,
    door: &Door,
    sources: &mut Sources,
) -> Result<Vec<ParameterValue>, Vec<Problem>> {
    match door.text(path, Namer::User, door::FileKind::Data) {
        Ok(text) => parse(&shown(path), text, sources),
        Err(error) => {
            let name = shown(path);
            let title = format!("cannot read `{name}`: {}", files::reason(&error));
            let source = sources.add(name, "");
            let problem = Problem::new(Span::new(source, 0, 0), title)
                .help("name a file with parameters, or write `NAME=VALUE`");
            Err(vec![problem])
        }
    }
}

/// Reads parameters from a text, in the order in which they are given.
///
/// The content tells the notation: `[{"ParameterKey": …, "ParameterValue": …}]`, `["NAME=VALUE"]`,
/// `{"NAME": "VALUE"}`, `{"Parameters": {"NAME": "VALUE"}}`, the same in YAML, or `NAME=VALUE` lines,
/// of which an argument of the command line is one.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text.
pub fn parse(
    name: &str,
    text: String,
    sources: &mut Sources,
) -> Result<Vec<ParameterValue>, Vec<Problem>> {
    let source = sources.add(name, text);
    let text = sources.source(source).text();
    let mut list = ParameterList::default();
    if is_assignments(text) {
        list.lines(text, source);
    } else {
        let mut tree = Tree::default();
        files::parse(Path::new(name), text, source, &mut tree).map_err(|problem| vec![problem])?;
        if let Some(root) = tree.root(text) {
            list.root(root);
        }
    }
    if list.problems.is_empty() {
        Ok(list.parameters)
    } else {
        Err(list.problems)
    }
}

/// Whether the first line that says something is `NAME=VALUE`.
fn is_assignments(text: &str) -> bool {
    let line = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'));
    let name = line.and_then(|line| line.split_once('='));
    name.is_some_and(|(name, _)| is_name(name.trim_end()))
}

/// Parameters so far, and what is wrong with the others.
#[derive(Debug, Default)]
struct ParameterList {
    parameters: Vec<ParameterValue>,
    places: HashMap<String, Span>,
    problems: Vec<Problem>,
}

impl ParameterList {
    fn root(&mut self, root: Node<'_>) {
        match root.kind() {
            Kind::Array => {
                for item in root.items() {
                    self.item(item);
                }
            }
            Kind::Object => {
                let inner = root.get("Parameters");
                let values = inner.filter(|node| node.kind() == Kind::Object);
                for member in values.unwrap_or(root).members() {
                    self.member(member);
                }
            }
            Kind::Null => {}
            kind => self.problems.push(
                Problem::new(root.span(), "the file has no parameters in it")
                    .label(kind_words(kind))
                    .help("write a mapping of names to values, or `NAME=VALUE` lines"),
            ),
        }
    }

    fn item(&mut self, item: Node<'_>) {
        if let Some(text) = item.as_str() {
            return self.assignment(text, item.span());
        }
        let Some(key) = item.get("ParameterKey") else {
            self.problems.push(
                Problem::new(item.span(), "an item of the list is not a parameter")
                    .label("`ParameterKey` is missing")
                    .help("write `{ \"ParameterKey\": \"NAME\", \"ParameterValue\": \"VALUE\" }`"),
            );
            return;
        };
        let Some(name) = key.as_str() else {
            return self.not_text(key, "`ParameterKey`");
        };
        let name = declared(name, key.span());
        let previous = item.get("UsePreviousValue").and_then(Node::as_text) == Some("true");
        match item.get("ParameterValue") {
            Some(value) => self.value(name, value),
            None if previous => {
                let span = item.span();
                self.add(name, Declared { value: None, span });
            }
            None => self.problems.push(
                Problem::new(
                    item.span(),
                    format!("parameter {} has no value", quoted(&name.value)),
                )
                .label("`ParameterValue` is missing")
                .help("add `ParameterValue`, or `\"UsePreviousValue\": true`"),
            ),
        }
    }

    fn member(&mut self, member: Member<'_>) {
        self.value(declared(member.key, member.key_span), member.value);
    }

    fn value(&mut self, name: Declared<String>, value: Node<'_>) {
        let span = value.span();
        if value.is_ambiguous() {
            let title = format!("parameter {} may be read in two ways", quoted(&name.value));
            let problem = Problem::new(span, title)
                .label("YAML 1.1 and YAML 1.2 disagree about this value")
                .help("quote it");
            self.problems.push(problem);
            return;
        }
        match value.as_text() {
            Some(text) => {
                let value = Some(text.to_owned());
                self.add(name, Declared { value, span });
            }
            None => self.not_text(value, &format!("parameter {}", quoted(&name.value))),
        }
    }

    /// Reads one `NAME=VALUE` a line; empty lines and those that begin with `#` say nothing.
    fn lines(&mut self, text: &str, source: SourceId) {
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let content = line.trim_end_matches(['\n', '\r']);
            let trimmed = content.trim_start_matches(['\u{feff}', ' ', '\t']);
            let begin = start + content.len() - trimmed.len();
            start += line.len();
            if !trimmed.is_empty() && !trimmed.starts_with('#') {
                self.line(trimmed, Span::new(source, begin, begin + trimmed.len()));
            }
        }
    }

    /// A line stands in the text as it is, so name and value have places of their own.
    fn line(&mut self, text: &str, span: Span) {
        let Some((name, value)) = text.split_once('=') else {
            return self.assignment(text, span);
        };
        let name = name.trim_end();
        if !is_name(name) {
            return self.assignment(text, span);
        }
        let start = span.start as usize;
        let name_span = Span::new(span.source, start, start + name.len());
        let value_start = span.end as usize - value.len();
        let value_span = Span::new(span.source, value_start, span.end as usize);
        let value = Declared {
            value: Some(value.to_owned()),
            span: value_span,
        };
        self.add(declared(name, name_span), value);
    }

    fn assignment(&mut self, text: &str, span: Span) {
        match text.split_once('=') {
            Some((name, value)) if is_name(name) => {
                let value = Some(value.to_owned());
                self.add(declared(name, span), Declared { value, span });
            }
            _ => self.problems.push(
                Problem::new(span, format!("{} is not a parameter", quoted(text)))
                    .label("not `NAME=VALUE`")
                    .help("write the name of a parameter, `=`, and its value"),
            ),
        }
    }

    fn add(&mut self, name: Declared<String>, value: Declared<Option<String>>) {
        if let Some(first) = self.places.insert(name.value.clone(), name.span) {
            let title = format!("parameter {} is given twice", quoted(&name.value));
            let problem = Problem::new(name.span, title)
                .label("given again here")
                .help("keep one of the two values")
                .related(first, "given here before");
            self.problems.push(problem);
        }
        self.parameters.push(ParameterValue { name, value });
    }

    fn not_text(&mut self, node: Node<'_>, what: &str) {
        let found = kind_words(node.kind());
        let problem = Problem::new(node.span(), format!("{what} is {found}, expected text"))
            .label(found)
            .help("write text; a list is text with commas in between");
        self.problems.push(problem);
    }
}

fn declared(text: &str, span: Span) -> Declared<String> {
    Declared {
        value: text.to_owned(),
        span,
    }
}

#[cfg(test)]
mod tests {
    use super::{ParameterValue, parse};
    use crate::source::{Problem, Sources};

    fn read(text: &str) -> (Result<Vec<ParameterValue>, Vec<Problem>>, Sources) {
        let mut sources = Sources::default();
        let read = parse("parameters", text.to_owned(), &mut sources);
        (read, sources)
    }

    fn pairs(text: &str) -> Vec<(String, Option<String>)> {
        let pairs = read(text).0.unwrap().into_iter();
        pairs.map(|it| (it.name.value, it.value.value)).collect()
    }

    fn titles(text: &str) -> Vec<String> {
        let problems = read(text).0.unwrap_err().into_iter();
        problems.map(|problem| problem.title).collect()
    }

    #[test]
    fn every_notation_says_the_same() {
        let expected = [
            ("Stage".to_owned(), Some("dev".to_owned())),
            ("Keep".to_owned(), Some("10".to_owned())),
        ];
        let notations = [
            r#"[{"ParameterKey":"Stage","ParameterValue":"dev"},{"ParameterKey":"Keep","ParameterValue":"10"}]"#,
            r#"["Stage=dev", "Keep=10"]"#,
            r#"{"Stage": "dev", "Keep": 10}"#,
            r#"{"Parameters": {"Stage": "dev", "Keep": "10"}, "Tags": {"owner": "x"}}"#,
            "Parameters:\n  Stage: dev\n  Keep: 10\n",
            "# values of dev\n\nStage=dev\r\nKeep=10",
        ];
        for text in notations {
            assert_eq!(pairs(text), expected, "{text}");
        }
    }

    #[test]
    fn a_previous_value_is_not_made_up() {
        let text = r#"[{"ParameterKey": "Stage", "UsePreviousValue": true}]"#;
        assert_eq!(pairs(text), [("Stage".to_owned(), None)]);
    }

    #[test]
    fn an_assignment_has_its_two_places() {
        let (parameters, sources) = read("Stack:Stage=a=b ");
        let parameter = &parameters.unwrap()[0];
        assert_eq!(sources.text(parameter.name.span), "Stack:Stage");
        assert_eq!(sources.text(parameter.value.span), "a=b ");
        assert_eq!(parameter.value.value.as_deref(), Some("a=b "));
    }

    #[test]
    fn mistakes_are_reported_with_their_places() {
        let text = r#"{"Stage": ["dev"], "Keep": null, "Stack": {"Keep": "10"}}"#;
        let (read, sources) = read(text);
        let problems = read.unwrap_err();
        let places: Vec<_> = problems.iter().map(|it| sources.text(it.span)).collect();
        assert_eq!(places, [r#"["dev"]"#, "null", r#"{"Keep": "10"}"#]);
        assert_eq!(
            problems[0].title,
            "parameter `Stage` is a list, expected text"
        );
    }

    #[test]
    fn what_is_no_parameter_is_reported() {
        assert_eq!(titles("A=1\nA=2\n"), ["parameter `A` is given twice"]);
        assert_eq!(titles("A=1\nnonsense\n"), ["`nonsense` is not a parameter"]);
        assert_eq!(titles("[1]"), ["an item of the list is not a parameter"]);
        assert_eq!(titles("words only"), ["the file has no parameters in it"]);
        assert_eq!(
            titles(r#"[{"ParameterKey": "A"}]"#),
            ["parameter `A` has no value"]
        );
    }

    #[test]
    fn no_parameters_are_no_mistake() {
        assert!(pairs("").is_empty());
        assert!(pairs("{}").is_empty());
    }
}
