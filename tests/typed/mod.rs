//! Types what a finding says into the template that it is about.

#![allow(dead_code, reason = "not every test needs everything")]

pub(crate) mod texts;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use ecrlint::source::{Kind, Node, SourceId, Span, Tree, json, yaml};

/// Findings that may come with a fix, by the rule that is fixed: a person has to decide about them.
pub(crate) const LEFT: &[(&str, &str, &str)] = &[
    (
        "name-pattern",
        "ssm-parameter-missing",
        "with its name a repository comes under the standard, which has it published: each parameter is a finding with a fix",
    ),
    (
        "undeclared-repository",
        "ssm-parameter-missing",
        "a declared repository is published: each parameter is a finding with a fix",
    ),
    (
        "declared-repository-missing",
        "ssm-parameter-missing",
        "a declared repository is published: each parameter is a finding with a fix",
    ),
    (
        "declaration-invalid",
        "lifecycle-missing",
        "what is declared counts once it can be read: what the repository lacks of it is a finding with a fix",
    ),
    (
        "declaration-invalid",
        "lifecycle-retention",
        "what is declared counts once it can be read: what the repository lacks of it is a finding with a fix",
    ),
    (
        "empty-on-delete-ineffective",
        "empty-on-delete",
        "what the organisation expects needs another `DeletionPolicy`, which loses images: somebody has to decide",
    ),
];

/// Errors and warnings of which there are more than before; the fix of a rule may bring those that `left` lists.
pub(crate) fn brought<'l>(
    rule: &str,
    left: impl Iterator<Item = &'l (&'l str, &'l str, &'l str)> + Clone,
    before: &[Value],
    after: &[Value],
) -> Vec<String> {
    let key = |one: &Value| [&one["rule"], &one["subject"]["logical_id"]].map(Value::to_string);
    let counted = |one: &&Value| {
        let mut left = left.clone();
        let is_left = left.any(|(fixed, other, _)| *fixed == rule && one["rule"] == *other);
        one["severity"] != "note" && one["verdict"] == "fail" && !is_left
    };
    let mut there: BTreeMap<[String; 2], usize> = BTreeMap::new();
    for one in before.iter().filter(counted) {
        *there.entry(key(one)).or_default() += 1;
    }
    let mut new = Vec::new();
    for one in after.iter().filter(counted) {
        match there.get_mut(&key(one)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => new.push(format!("{}: {}", one["rule"], one["message"])),
        }
    }
    new
}

/// A step into a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

/// A text, YAML or JSON, as a value with CloudFormation's functions in their long form.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let mut tree = Tree::default();
    yaml::parse(text, SourceId::default(), &mut tree).map_err(|problem| problem.title)?;
    tree.root(text)
        .map(value)
        .ok_or_else(|| "nothing is there".to_owned())
}

fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool(flag) => Value::Bool(flag),
        Kind::Number => {
            let text = node.as_text().unwrap_or_default();
            serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
        }
        Kind::String => Value::from(node.as_str().unwrap_or_default()),
        Kind::Array => node.items().map(value).collect(),
        Kind::Object => {
            let members = node
                .members()
                .map(|member| (member.key.to_owned(), value(member.value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

/// The template `text` with `help` typed in at the place of the finding, as JSON.
pub(crate) fn apply(text: &str, location: &Value, help: &str) -> Result<String, String> {
    let mut template = read(text)?;
    let (place, inner) = place(text, location)?;
    match inner.filter(|_| is_typed_into_a_text(help)) {
        Some(inner) => type_into_text(&mut template, &place, &inner, help)?,
        None => match property(help) {
            Some(property) => type_into_property(&mut template, text, &place, &property, help)?,
            None => Advice::read(help)?.apply(&mut template, &place)?,
        },
    }
    Ok(serde_json::to_string_pretty(&template).expect("a value is JSON"))
}

/// Whether what is reported goes where the finding stands, and not into the resource.
fn is_typed_into_a_text(help: &str) -> bool {
    let places = [
        "in this statement",
        "one statement more in this policy",
        "take this value away",
        "in place of this",
    ];
    let words = help.lines().filter_map(|line| line.strip_prefix("# "));
    let mut words = words.map(|line| places.iter().any(|place| line.starts_with(place)));
    words.any(|is_there| is_there)
}

/// The property whose text the edit is typed into, with the resource that has it where that is another one.
fn property(help: &str) -> Option<Vec<String>> {
    let words = help.lines().map_while(|line| line.strip_prefix("# "));
    let mut words = words.filter_map(|line| line.strip_prefix("in the text of "));
    let quoted = words.next()?.split('`').skip(1).step_by(2);
    Some(quoted.map(str::to_owned).collect())
}

/// Types into the JSON of a text, where the finding stands.
fn type_into_text(
    template: &mut Value,
    place: &[Step],
    inner: &texts::Inner,
    help: &str,
) -> Result<(), String> {
    let text = follow(template, place).ok_or("no such place")?;
    let written = text.as_str().ok_or("no text")?;
    let mut policy: Value = serde_json::from_str(written).map_err(|error| error.to_string())?;
    let advice = Advice::read_quoted(help, inner)?;
    if let Err(why) = advice.apply(&mut policy, &inner.path) {
        let is_gone = why == NOTHING_LEFT;
        return if is_gone {
            take_away(template, place)
        } else {
            Err(why)
        };
    }
    let policy = policy.to_string();
    *text = match advice.becomes_substituted() {
        true => texts::substituted(&policy),
        false => Value::from(policy),
    };
    Ok(())
}

/// Types into the JSON of the text of a property, as its members.
fn type_into_property(
    template: &mut Value,
    source: &str,
    place: &[Step],
    property: &[String],
    help: &str,
) -> Result<(), String> {
    let (property, resource) = property.split_first().ok_or("no property")?;
    let resource = match (resource.first(), place) {
        (Some(id), _) => id.clone(),
        (None, [_, Step::Key(id), ..]) => id.clone(),
        _ => return Err("not in a resource".to_owned()),
    };
    let steps = ["Resources", &resource, "Properties", property];
    let mut path = steps.map(|step| Step::Key(step.to_owned())).to_vec();
    let function = Step::Key("Fn::Sub".to_owned());
    let mut tree = Tree::default();
    yaml::parse(source, SourceId::default(), &mut tree).map_err(|problem| problem.title)?;
    let node = tree.root(source).ok_or("nothing is there")?;
    let node = steps
        .iter()
        .try_fold(node, |node, key| node.get(key))
        .ok_or("no property")?;
    let scalar = node.get("Fn::Sub").unwrap_or(node);
    path.extend(node.get("Fn::Sub").map(|_| function));
    let inner = texts::Inner::of(scalar, usize::MAX, usize::MAX).ok_or("no JSON")?;
    let text = follow(template, &path).ok_or("no such place")?;
    let mut policy =
        serde_json::from_str(text.as_str().ok_or("no text")?).map_err(|error| error.to_string())?;
    let advice = Advice::read_quoted(help, &inner)?;
    advice.merge(&mut policy)?;
    let policy = policy.to_string();
    *text = match advice.becomes_substituted() {
        true => texts::substituted(&policy),
        false => Value::from(policy),
    };
    Ok(())
}

/// Why taking something away takes the whole.
const NOTHING_LEFT: &str = "nothing would be left";

/// The words before what is to be typed into the configuration.
const CONFIGURATION: &str = "in ecrlint.yaml, or where it is declared";

/// The configuration with `help` typed in, if it is about that, as JSON.
pub(crate) fn configured(config: Option<&str>, help: &str) -> Result<Option<String>, String> {
    if !help.contains(CONFIGURATION) {
        return Ok(config.map(str::to_owned));
    }
    let code = Advice::read(help)?.code.ok_or("nothing to configure")?;
    let mut config = read(config.unwrap_or("{}"))?;
    lay(&mut config, &code, false);
    Ok(Some(config.to_string()))
}

/// What a finding says.
struct Advice {
    words: Vec<String>,
    code: Option<Value>,
}

impl Advice {
    /// What is typed into a text, with the quotes of that text.
    fn read_quoted(help: &str, inner: &texts::Inner) -> Result<Self, String> {
        let is_word = |line: &&str| line.starts_with("# ");
        let words: Vec<_> = help.lines().take_while(is_word).collect();
        let code: Vec<_> = help.lines().skip(words.len()).collect();
        let code = inner.unquote(&code.join("\n"))?;
        Self::read(&format!("{}\n{code}", words.join("\n")))
    }

    fn becomes_substituted(&self) -> bool {
        self.words
            .iter()
            .any(|line| line.starts_with("with ") && line.contains("Sub`"))
    }

    fn read(help: &str) -> Result<Self, String> {
        let word = |line: &str| Some(line.strip_prefix("# ")?.to_owned());
        let words: Vec<String> = help.lines().map_while(word).collect();
        let code: Vec<_> = help.lines().skip(words.len()).collect();
        let code = code.join("\n");
        let code = match code.trim_start() {
            "" => None,
            members if members.starts_with('"') && members.contains("\": ") => {
                let object = format!("{{{members}}}");
                Some(serde_json::from_str(&object).map_err(|error| error.to_string())?)
            }
            _ => Some(read(&code)?),
        };
        Ok(Self { words, code })
    }

    fn says(&self, words: &str) -> bool {
        self.words.iter().any(|line| line == words)
    }

    fn apply(&self, template: &mut Value, place: &[Step]) -> Result<(), String> {
        if self.says(CONFIGURATION) {
            return Ok(());
        }
        let mut removed = self.removed();
        if removed.any(|path| path[0] == "Resources") {
            return self.merge(template);
        }
        if self.says("take this value away") {
            return take_away(template, place);
        }
        if self.says("in place of this key") {
            let key = self.code.as_ref().and_then(Value::as_str);
            return rename(template, place, key.ok_or("no key to put there")?);
        }
        if self.says("in place of this value") {
            let code = self.code.clone().ok_or("nothing to put there")?;
            *follow(template, place).ok_or("no such place")? = code;
            return Ok(());
        }
        if self.says("in this statement") {
            return within_statement(template, place, |statement| self.merge(statement));
        }
        if self.says("one statement more in this policy") {
            let policy = enclosing(template, place, "Statement").ok_or("no policy")?;
            let mut code = self.code.clone().ok_or("no statement to add")?;
            // In YAML it is written as an item of the list.
            if let Value::Array(items) = &mut code {
                code = items.remove(0);
            }
            let policy = follow(template, &policy).expect("it was found");
            match &mut policy["Statement"] {
                Value::Array(items) => items.push(code),
                only => *only = Value::from(vec![only.take(), code]),
            }
            return Ok(());
        }
        if self
            .code
            .as_ref()
            .is_some_and(|code| code.get("Resources").is_some())
        {
            return self.merge(template);
        }
        let [Step::Key(section), Step::Key(_), ..] = place else {
            return Err("not in a resource".to_owned());
        };
        if section != "Resources" {
            return Err("not in a resource".to_owned());
        }
        let resource = follow(template, &place[..2]).ok_or("no such resource")?;
        if self.is_whole(resource) {
            return self.merge(resource);
        }
        let properties = resource
            .get_mut("Properties")
            .ok_or("no properties to type into")?;
        self.merge(properties)
    }

    /// Whether it is about the resource, and not about its properties.
    fn is_whole(&self, resource: &Value) -> bool {
        let attributes = [
            "Properties",
            "DeletionPolicy",
            "UpdateReplacePolicy",
            "Condition",
        ];
        let code = self.code.as_ref().and_then(Value::as_object);
        let removed = self.removed().map(|path| path[0]);
        let mut keys = code
            .into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
            .chain(removed);
        keys.any(|key| attributes.contains(&key))
            || resource.get("Properties").is_none() && code.is_none()
    }

    fn removed(&self) -> impl Iterator<Item = Vec<&str>> {
        let paths = self
            .words
            .iter()
            .filter_map(|line| line.strip_prefix("remove "));
        paths.map(|path| path.split('.').collect())
    }

    /// A merge patch, RFC 7396; what is to be removed is told in words.
    fn merge(&self, base: &mut Value) -> Result<(), String> {
        for path in self.removed() {
            let (last, parents) = path.split_last().expect("a path has a step");
            let parent = parents
                .iter()
                .try_fold(&mut *base, |value, key| value.get_mut(*key));
            if let Some(members) = parent.and_then(Value::as_object_mut) {
                members.remove(*last);
            }
        }
        let more = self.says("besides the items that are there");
        match &self.code {
            Some(code @ Value::Object(_)) => lay(base, code, more),
            Some(_) => return Err("not a mapping".to_owned()),
            None => {}
        }
        Ok(())
    }
}

fn lay(base: &mut Value, patch: &Value, more: bool) {
    // A function is one value, not a mapping to be laid over.
    let is_function = |members: &Map<String, Value>| {
        members.len() == 1
            && members
                .keys()
                .all(|key| key == "Ref" || key.starts_with("Fn::"))
    };
    match (base, patch) {
        (Value::Object(base), Value::Object(patch))
            if !is_function(base) && !is_function(patch) =>
        {
            for (key, member) in patch {
                lay(base.entry(key).or_insert(Value::Null), member, more);
            }
        }
        (Value::Array(base), Value::Array(items)) if more => base.extend(items.iter().cloned()),
        // One that stands alone is an item, too.
        (base, Value::Array(items)) if more && !base.is_null() => {
            let only = base.take();
            *base = [only].into_iter().chain(items.iter().cloned()).collect();
        }
        (base, patch) => *base = patch.clone(),
    }
}

/// Gives the member at a place another key.
fn rename(template: &mut Value, place: &[Step], key: &str) -> Result<(), String> {
    let Some((Step::Key(old), path)) = place.split_last() else {
        return Err("no key to replace".to_owned());
    };
    let members = follow(template, path).and_then(Value::as_object_mut);
    let members = members.ok_or("no mapping to replace a key of")?;
    let value = members.remove(old).ok_or("no such key")?;
    members.insert(key.to_owned(), value);
    Ok(())
}

fn follow<'v>(value: &'v mut Value, path: &[Step]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get_mut(key),
        Step::Index(index) => value.get_mut(index),
    })
}

/// The innermost mapping around a place that has a key.
fn enclosing(template: &mut Value, place: &[Step], key: &str) -> Option<Vec<Step>> {
    (0..=place.len())
        .rev()
        .map(|length| place[..length].to_vec())
        .find(|path| follow(template, path).is_some_and(|value| value.get(key).is_some()))
}

/// Changes the statement that a place is in.
fn within_statement(
    template: &mut Value,
    place: &[Step],
    change: impl FnOnce(&mut Value) -> Result<(), String>,
) -> Result<(), String> {
    let path = enclosing(template, place, "Effect").ok_or("no statement")?;
    change(follow(template, &path).expect("it was found"))
}

/// Takes a value away, with whatever means nothing without it.
fn take_away(template: &mut Value, place: &[Step]) -> Result<(), String> {
    let mut path = place.to_vec();
    loop {
        let last = path.pop().ok_or(NOTHING_LEFT)?;
        let parent = follow(template, &path).ok_or("no such place")?;
        match (parent, last) {
            (Value::Array(items), Step::Index(index)) => {
                items.remove(index);
                if !items.is_empty() {
                    return Ok(());
                }
            }
            (Value::Object(members), Step::Key(key)) => {
                members.remove(&key);
                let needed = [
                    "Principal",
                    "NotPrincipal",
                    "Action",
                    "NotAction",
                    "Statement",
                    "Rules",
                ];
                let is_part = members.contains_key("Effect") || members.contains_key("Version");
                let goes = is_part && needed.contains(&key.as_str());
                if !members.is_empty() && !goes {
                    return Ok(());
                }
            }
            _ => return Err("no such place".to_owned()),
        }
    }
}

/// The path of what a location in a template points at, and the one in the JSON of a text that stands there.
fn place(text: &str, location: &Value) -> Result<(Vec<Step>, Option<texts::Inner>), String> {
    if location["path"] != "template.yaml" && location["path"] != "ecrlint.yaml" {
        return Ok((Vec::new(), None));
    }
    path_within(text, location)
}

/// The path of what a location in a text points at.
pub(crate) fn path(text: &str, location: &Value) -> Result<Vec<Step>, String> {
    path_within(text, location).map(|(path, _)| path)
}

fn path_within(text: &str, location: &Value) -> Result<(Vec<Step>, Option<texts::Inner>), String> {
    let offset = |end: &str| {
        let number = |name: &str| location[end][name].as_u64().map(|it| it as usize);
        let (line, column) = (number("line")?, number("column")?);
        let start: usize = text
            .split_inclusive('\n')
            .take(line - 1)
            .map(str::len)
            .sum();
        let inside: usize = text[start..]
            .chars()
            .take(column - 1)
            .map(char::len_utf8)
            .sum();
        Some(start + inside)
    };
    let (start, end) = offset("start").zip(offset("end")).ok_or("no location")?;
    let mut tree = Tree::default();
    let parsed = match text.trim_start().starts_with('{') {
        true => json::parse(text, SourceId::default(), &mut tree),
        false => yaml::parse(text, SourceId::default(), &mut tree),
    };
    parsed.map_err(|problem| problem.title)?;
    let mut node = tree.root(text).ok_or("nothing is there")?;
    let holds = |span: Span| span.start as usize <= start && end <= span.end as usize;
    let mut path = Vec::new();
    'inward: loop {
        for member in node.members() {
            if holds(member.key_span) || holds(member.value.span()) {
                path.push(Step::Key(member.key.to_owned()));
                if holds(member.key_span) {
                    return Ok((path, None));
                }
                node = member.value;
                continue 'inward;
            }
        }
        for (index, item) in node.items().enumerate() {
            if holds(item.span()) {
                path.push(Step::Index(index));
                node = item;
                continue 'inward;
            }
        }
        return Ok((path, texts::Inner::of(node, start, end)));
    }
}
