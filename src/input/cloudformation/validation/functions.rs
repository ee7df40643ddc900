//! Calls to functions that CloudFormation refuses, whatever their arguments turn out to be.
//! It does not know what the functions return.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use crate::input::cloudformation::template::extensions::LOOP;
use crate::input::cloudformation::template::flaw::Flaw;
use crate::input::cloudformation::template::function::PARTS;
use crate::input::cloudformation::template::function::call;
use crate::input::cloudformation::template::function::{SubPart, attribute_path, items, segments};
use crate::input::cloudformation::template::sections::Template;
use crate::input::cloudformation::template::{extensions, parameters};
use crate::model::Mistake;
use crate::source::{Kind, Member, Node, nearest};

/// What a template may use anywhere, in conditions, or in rules.
const FUNCTIONS: [&str; 23] = [
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Contains",
    "Fn::EachMemberEquals",
    "Fn::EachMemberIn",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::GetStackOutput",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Not",
    "Fn::Or",
    "Fn::RefAll",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::Transform",
    "Fn::ValueOf",
    "Fn::ValueOfAll",
];
/// How their names start.
const PREFIX: &str = "Fn::";
/// What is written without that.
const BARE: [&str; 2] = ["Ref", "Condition"];
/// What the language extensions bring, besides loops.
const EXTENDED: [&str; 2] = ["Fn::Length", "Fn::ToJsonString"];
/// What stands for a condition inside of a condition.
const CONDITIONS: [&str; 5] = ["Condition", "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"];

/// What a value is for certain, before it is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Text,
    List,
    Mapping,
    Empty,
    /// A function that can give one or the other.
    Open,
}

/// Tells what is wrong with the function of a mapping.
pub(crate) fn check<'t>(template: &Template<'t>, function: Member<'t>, found: &mut Vec<Flaw>) {
    let name = function.key;
    if name.starts_with(LOOP) {
        return;
    }
    let checker = FunctionChecker {
        template,
        is_extended: extensions::are_declared(template.root),
    };
    if name != "Ref" && !FUNCTIONS.contains(&name) {
        found.extend(checker.unknown(function));
        return;
    }
    let wrong = checker.wrong(name, function.value);
    found.extend(wrong.map(|(node, text)| Flaw::new(node.span(), text)));
}

struct FunctionChecker<'w, 't> {
    template: &'w Template<'t>,
    is_extended: bool,
}

/// The argument that is wrong, and what is wrong with it.
type Wrong<'t> = Option<(Node<'t>, String)>;

impl<'t> FunctionChecker<'_, 't> {
    /// A function that does not exist, or not here.
    fn unknown(&self, function: Member<'t>) -> Option<Flaw> {
        let name = function.key;
        let is_extension = EXTENDED.contains(&name);
        if is_extension && self.is_extended {
            return None;
        }
        // A tag is named as it is written.
        let written = function.key_span.slice(function.value.source_text());
        let spelled = |name: &str| match written.starts_with('!') {
            true => name.replacen(PREFIX, "!", 1),
            false => name.to_owned(),
        };
        let mistake = if is_extension {
            let transform = extensions::EXTENSIONS;
            Mistake::new(format!(
                "`{}` needs the transform `{transform}`",
                spelled(name)
            ))
        } else {
            // The prefix of all of them makes no two alike.
            let known = FUNCTIONS.into_iter().chain(EXTENDED);
            let known = known.map(|name| name.trim_start_matches(PREFIX));
            let own = name.trim_start_matches(PREFIX);
            let near = nearest(own, known.chain(BARE)).map(|near| match near {
                near if BARE.contains(&near) && !written.starts_with('!') => near.to_owned(),
                near => spelled(&format!("{PREFIX}{near}")),
            });
            let hint = near.as_ref();
            let hint = hint.map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
            let mistake = Mistake::new(format!("there is no function `{}`{hint}", spelled(name)));
            // A tag stands before its value, where no key does.
            match written.starts_with('!') {
                true => mistake,
                false => mistake.key(name, near.as_deref()),
            }
        };
        Some(Flaw::new(function.key_span, mistake))
    }

    fn wrong(&self, name: &str, argument: Node<'t>) -> Wrong<'t> {
        match name {
            "Ref" => match argument.kind() {
                Kind::Array | Kind::Null => refused(argument, name, "a name"),
                Kind::Object if !self.is_extended => refused(argument, name, "a name"),
                _ => None,
            },
            "Fn::GetAtt" => self.attribute(argument),
            "Fn::Sub" => self.substituted(argument),
            "Fn::Join" => self.joined(argument),
            "Fn::Split" => self.split(argument),
            "Fn::Select" => self.selected(argument),
            "Fn::FindInMap" => self.mapped(argument),
            "Fn::If" => match items(argument) {
                Some([condition, _, _]) if condition.as_str().is_none() => {
                    refused(condition, name, "the name of a condition")
                }
                Some(_) => None,
                None => refused(argument, name, "a condition and two values"),
            },
            "Fn::Equals" => match items::<2>(argument) {
                None => refused(argument, name, "two values"),
                Some(sides) => sides
                    .into_iter()
                    .find_map(|side| self.text(side, name, "two texts")),
            },
            "Fn::Not" => match items(argument) {
                Some([inner]) => self.condition(inner, name, "one condition"),
                None => refused(argument, name, "one condition in a list"),
            },
            "Fn::And" | "Fn::Or" => self.conditions(name, argument),
            "Fn::Base64" | "Fn::ImportValue" => self.text(argument, name, "a text"),
            "Fn::Cidr" => match argument.items().len() {
                2 | 3 => None,
                _ if self.sort(argument) == Sort::Open => None,
                _ => refused(argument, name, "a block, a count and bits"),
            },
            _ => None,
        }
    }

    fn attribute(&self, argument: Node<'t>) -> Wrong<'t> {
        let wanted = "a logical id and an attribute";
        let is_open = |node: Node<'t>| self.is_extended && node.kind() == Kind::Object;
        let fits = match attribute_path(argument) {
            Some((id, attribute)) => !id.is_empty() && !attribute.is_empty(),
            None => items::<2>(argument).is_some_and(|parts| parts.into_iter().any(is_open)),
        };
        match fits {
            true => None,
            false => refused(argument, "Fn::GetAtt", wanted),
        }
    }

    fn substituted(&self, argument: Node<'t>) -> Wrong<'t> {
        let name = "Fn::Sub";
        let (text, variables) = match argument.kind() {
            Kind::Array => match items(argument) {
                Some([text, variables]) => (text, Some(variables)),
                None => return refused(argument, name, "a text and a mapping of its variables"),
            },
            _ => (argument, None),
        };
        if matches!(text.kind(), Kind::Array | Kind::Object | Kind::Null) {
            return refused(text, name, "a text");
        }
        if let Some(variables) = variables
            && (variables.kind() != Kind::Object || call(variables).is_some())
        {
            return refused(variables, name, "a mapping of variables");
        }
        let values = variables.into_iter().flat_map(Node::members);
        let mut values = values.map(|member| member.value);
        if let Some(wrong) =
            values.find_map(|value| self.text(value, name, "a text for each variable"))
        {
            return Some(wrong);
        }
        // An empty name is not a reference that could be looked up.
        let is_empty = |segment: &SubPart<'_>| matches!(segment, SubPart::Variable("", _));
        let source = text.as_str().filter(|source| source.contains("${"))?;
        match segments(source).iter().any(is_empty) {
            true => refused(text, name, "a name in each `${…}`"),
            false => None,
        }
    }

    fn joined(&self, argument: Node<'t>) -> Wrong<'t> {
        let name = "Fn::Join";
        let Some([delimiter, list]) = items(argument) else {
            return refused(argument, name, "a delimiter and a list");
        };
        if delimiter.as_text().is_none() {
            return refused(delimiter, name, "a literal text as its delimiter");
        }
        match list.kind() {
            Kind::Array => {
                let mut parts = list.items();
                parts.find_map(|part| self.text(part, name, "a list of texts"))
            }
            _ => self.list(list, name, "a list to join"),
        }
    }

    fn split(&self, argument: Node<'t>) -> Wrong<'t> {
        let name = "Fn::Split";
        let Some([delimiter, text]) = items(argument) else {
            return refused(argument, name, "a delimiter and a text");
        };
        match delimiter.as_text() {
            None => refused(delimiter, name, "a literal text as its delimiter"),
            Some("") => refused(delimiter, name, "a delimiter of at least one character"),
            Some(_) => self.text(text, name, "a text to split"),
        }
    }

    fn selected(&self, argument: Node<'t>) -> Wrong<'t> {
        let name = "Fn::Select";
        let Some([index, list]) = items(argument) else {
            return refused(argument, name, "an index and a list");
        };
        if matches!(self.sort(index), Sort::List | Sort::Mapping | Sort::Empty) {
            return refused(index, name, "a number as its index");
        }
        if let Some(wrong) = self.list(list, name, "a list to select from") {
            return Some(wrong);
        }
        let text = index.as_text()?;
        let Ok(number) = text.trim().parse::<usize>() else {
            return refused(index, name, "an index from 0 on");
        };
        // Items that turn out to be nothing only make the list shorter.
        let count = match list.kind() {
            Kind::Array => list.items().len(),
            _ => self.pieces(list)?,
        };
        let text = format!("`{name}` takes item {number} of a list of {count}");
        (number >= count).then_some((index, text))
    }

    /// How many items `Fn::Split` makes of a literal text.
    fn pieces(&self, node: Node<'t>) -> Option<usize> {
        let split = call(node).filter(|call| call.name == "Fn::Split")?;
        let [delimiter, text] = items(split.argument?)?;
        let delimiter = delimiter.as_text().filter(|it| !it.is_empty())?;
        let literal = text.as_text().filter(|it| !it.contains("{{resolve:"))?;
        Some(literal.split(delimiter).count())
    }

    fn mapped(&self, argument: Node<'t>) -> Wrong<'t> {
        let name = "Fn::FindInMap";
        let arguments: Vec<_> = argument.items().take(5).collect();
        let (keys, options) = match arguments.as_slice() {
            [map, top, second] => ([*map, *top, *second], None),
            [map, top, second, options] => ([*map, *top, *second], Some(*options)),
            _ => return refused(argument, name, "a mapping and two keys"),
        };
        // The function takes a default by itself, without the language extensions.
        if let Some(options) = options
            && options.get("DefaultValue").is_none()
        {
            return refused(options, name, "a `DefaultValue`");
        }
        keys.into_iter()
            .find_map(|key| self.text(key, name, "texts as keys"))
    }

    fn conditions(&self, name: &str, argument: Node<'t>) -> Wrong<'t> {
        let wanted = "two to ten conditions";
        if !PARTS.contains(&argument.items().len()) {
            return refused(argument, name, wanted);
        }
        let mut parts = argument.items();
        parts.find_map(|part| self.condition(part, name, wanted))
    }

    /// What is not a condition for certain.
    fn condition(&self, node: Node<'t>, name: &str, wanted: &str) -> Wrong<'t> {
        let mut members = node.members();
        let function = match (members.next(), members.next()) {
            (Some(only), None) => Some(only.key),
            _ => None,
        };
        let fits = match node.kind() {
            Kind::Object => function.is_some_and(|name| {
                CONDITIONS.contains(&name) || name == "Ref" || name.starts_with("Fn::")
            }),
            Kind::Bool(_) => true,
            Kind::String => matches!(node.as_str(), Some("true" | "false")),
            _ => false,
        };
        match fits {
            true => None,
            false => refused(node, name, wanted),
        }
    }

    /// What is not a text for certain.
    fn text(&self, node: Node<'t>, name: &str, wanted: &str) -> Wrong<'t> {
        match self.sort(node) {
            Sort::Text | Sort::Open => None,
            _ => refused(node, name, wanted),
        }
    }

    /// What is not a list for certain.
    fn list(&self, node: Node<'t>, name: &str, wanted: &str) -> Wrong<'t> {
        match self.sort(node) {
            Sort::List | Sort::Open => None,
            _ => refused(node, name, wanted),
        }
    }

    fn sort(&self, node: Node<'t>) -> Sort {
        match node.kind() {
            Kind::String | Kind::Number | Kind::Bool(_) => Sort::Text,
            Kind::Null => Sort::Empty,
            Kind::Array => Sort::List,
            Kind::Object => match call(node) {
                Some(call) => self.returned(call.name, call.argument),
                None if node.get("Condition").is_some() => Sort::Open,
                None => Sort::Mapping,
            },
        }
    }

    /// What a function returns for certain.
    fn returned(&self, name: &str, argument: Option<Node<'t>>) -> Sort {
        let Some(argument) = argument else {
            return Sort::Open;
        };
        match name {
            "Fn::Sub" | "Fn::Join" | "Fn::ImportValue" | "Fn::Base64" | "Fn::ToJsonString"
            | "Fn::Length" => Sort::Text,
            "Fn::Split" | "Fn::GetAZs" | "Fn::Cidr" => Sort::List,
            "Ref" => argument
                .as_str()
                .map_or(Sort::Open, |name| self.named(name)),
            _ => Sort::Open,
        }
    }

    /// What `Ref` returns for certain.
    fn named(&self, name: &str) -> Sort {
        if name.starts_with("AWS::") {
            return match name {
                "AWS::NoValue" => Sort::Open,
                "AWS::NotificationARNs" => Sort::List,
                _ => Sort::Text,
            };
        }
        let Some(declaration) = self.template.parameters.and_then(|all| all.get(name)) else {
            return Sort::Open;
        };
        match declaration.get("Type").and_then(Node::as_str) {
            _ if parameters::is_list(declaration) => Sort::List,
            Some("String" | "Number") => Sort::Text,
            _ => Sort::Open,
        }
    }
}

fn refused<'t>(node: Node<'t>, name: &str, wanted: &str) -> Wrong<'t> {
    Some((node, format!("`{name}` is not given {wanted}")))
}
