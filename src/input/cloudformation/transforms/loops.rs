//! `Fn::ForEach`: writes a template out, as the language extensions of CloudFormation do before anything
//! else is evaluated. It does not know what it repeats.
//!
//! The result is a tree of its own, in which every node stands where it is written: in the body of its
//! loop. <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html>

use std::borrow::Cow;

use memchr::memmem;
use rustc_hash::FxHashSet;

use crate::input::Context;
use crate::input::cloudformation::conditions::valuation::undecided;
use crate::input::cloudformation::expression::setting::TemplateSetting;
use crate::input::cloudformation::template::extensions::{LOOP, Reasons, are_declared};
use crate::input::cloudformation::template::function::items;
use crate::input::cloudformation::template::sections::Template;
use crate::source::{self, ArenaNodeId, Kind, Member, Node, NodeBuilder, Problem, Tree};

/// The sections in which loops are expanded.
const SECTIONS: [&str; 3] = ["Conditions", "Resources", "Outputs"];
/// Nodes that the loops of one template may write: more than fit into a template of 1 MB.
const MOST_NODES: usize = 200_000;
/// Resources that loops may make: twice as many as a template may have.
const MOST_RESOURCES: usize = 1_000;
/// Steps of the evaluation of a collection that count as one node more.
const STEPS_OF_A_NODE: usize = 4;
/// Bytes that an identifier may have.
const LONGEST_IDENTIFIER: usize = 255;
/// Bytes after which a text counts as one node more.
const BYTES_OF_A_NODE: usize = 64;

/// Why a loop is left as it is.
enum Stop {
    /// All loops around it are left, too.
    TooMuch(String),
    /// Only this one.
    Unknown(String),
}

/// Writes the template into `tree` with its loops expanded; `None` when there is nothing to expand.
pub(crate) fn expand(
    root: Node<'_>,
    context: &Context,
    tree: &mut Tree,
    problems: &mut Vec<Problem>,
) -> Option<Reasons> {
    let text = root.source_text().as_bytes();
    let has_loops = || source::finds(text, |text| memmem::find(text, LOOP.as_bytes()).is_some());
    if !are_declared(root) || !has_loops() {
        return None;
    }
    let mut writer = LoopWriter {
        builder: tree.builder(root.span().source),
        root,
        context,
        scope: Vec::new(),
        is_frozen: false,
        nodes: MOST_NODES,
        resources: MOST_RESOURCES,
        reasons: Reasons::new(),
        problems,
    };
    let sections = root.members().filter_map(|section| {
        writer.is_frozen = !SECTIONS.contains(&section.key);
        let is_counted = section.key == "Resources";
        let value = match section.value.kind() {
            Kind::Object => writer.mapping(section.value, is_counted),
            _ => writer.copy(section.value),
        };
        // Outside of loops nothing is too much.
        Some((section, section.key, value.ok()?))
    });
    let sections: Vec<_> = sections.collect();
    let LoopWriter {
        mut builder,
        reasons,
        ..
    } = writer;
    let copy = builder.mapping_at(root, sections);
    builder.complete(copy, root);
    Some(reasons)
}

/// Copies a template, with a value for each identifier of the loops that it is in.
struct LoopWriter<'w, 't> {
    builder: NodeBuilder<'w>,
    root: Node<'t>,
    context: &'w Context,
    /// Identifiers and their values, outermost first.
    scope: Vec<(&'t str, String)>,
    /// Whether loops are left as they are.
    is_frozen: bool,
    nodes: usize,
    resources: usize,
    reasons: Reasons,
    problems: &'w mut Vec<Problem>,
}

/// Members of a mapping that is being written.
type LoopMembers<'t> = Vec<(Member<'t>, Cow<'t, str>, ArenaNodeId)>;

impl<'t> LoopWriter<'_, 't> {
    /// Copies a node with everything below it. The parser bounds the depth.
    fn copy(&mut self, node: Node<'t>) -> Result<ArenaNodeId, Stop> {
        self.spend(1)?;
        match node.kind() {
            Kind::Array => {
                let items: Result<Vec<_>, Stop> =
                    node.items().map(|item| self.copy(item)).collect();
                let items = items?;
                Ok(self.builder.list_at(node, &items))
            }
            Kind::Object => match self.identifier(node) {
                Some(value) => Ok(self.builder.text_at(node, &value)),
                None => self.mapping(node, false),
            },
            _ => {
                let text = match node.as_str() {
                    Some(text) => self.substitute(text)?,
                    None => Cow::Borrowed(""),
                };
                let changed = matches!(text, Cow::Owned(_)).then_some(&*text);
                Ok(self.builder.copy_scalar(node, changed))
            }
        }
    }

    /// The value of the identifier that a mapping is a `Ref` to.
    fn identifier(&self, node: Node<'t>) -> Option<String> {
        let mut members = node.members();
        let (Some(only), None) = (members.next(), members.next()) else {
            return None;
        };
        let name = only.value.as_str().filter(|_| only.key == "Ref")?;
        self.value(name).map(str::to_owned)
    }

    fn value(&self, name: &str) -> Option<&str> {
        let bound = self.scope.iter().rev();
        let mut found = bound.filter(|(identifier, _)| *identifier == name);
        found.next().map(|(_, value)| value.as_str())
    }

    fn mapping(&mut self, node: Node<'t>, is_counted: bool) -> Result<ArenaNodeId, Stop> {
        let mut members = LoopMembers::with_capacity(node.members().len());
        self.members(node, is_counted, &mut members)?;
        let has_loops = node.members().any(|member| member.key.starts_with(LOOP));
        if has_loops && !self.is_frozen {
            self.remove_doubles(&mut members);
        }
        let members = members
            .iter()
            .map(|(member, key, id)| (*member, &**key, *id));
        Ok(self.builder.mapping_at(node, members))
    }

    fn members(
        &mut self,
        node: Node<'t>,
        is_counted: bool,
        written: &mut LoopMembers<'t>,
    ) -> Result<(), Stop> {
        for member in node.members() {
            if member.key.starts_with(LOOP) && !self.is_frozen {
                let before = written.len();
                let reason = match self.repeat(member, is_counted, written) {
                    Ok(()) => continue,
                    Err(stop @ Stop::TooMuch(_)) if !self.scope.is_empty() => return Err(stop),
                    Err(Stop::TooMuch(reason) | Stop::Unknown(reason)) => reason,
                };
                written.truncate(before);
                self.leave(member, reason, written)?;
                continue;
            }
            if is_counted && !self.scope.is_empty() {
                let left = self.resources.checked_sub(1);
                self.resources = left.ok_or_else(too_many_resources)?;
            }
            let key = self.substitute(member.key)?;
            let value = self.copy(member.value)?;
            written.push((member, key, value));
        }
        Ok(())
    }

    /// Writes the body of a loop once for each value.
    fn repeat(
        &mut self,
        member: Member<'t>,
        is_counted: bool,
        written: &mut LoopMembers<'t>,
    ) -> Result<(), Stop> {
        let unknown = |reason: &str| Stop::Unknown(reason.to_owned());
        let Some([identifier, collection, body]) = items(member.value) else {
            return Err(unknown(
                "it is not given an identifier, a collection and a mapping",
            ));
        };
        let Some(identifier) = identifier.as_str() else {
            return Err(unknown("its identifier is not a text"));
        };
        if body.kind() != Kind::Object {
            return Err(unknown("what it repeats is not a mapping"));
        }
        for value in self.values(collection)? {
            self.spend(1)?;
            self.scope.push((identifier, value));
            let outcome = self.members(body, is_counted, written);
            self.scope.pop();
            outcome?;
        }
        Ok(())
    }

    /// Copies a loop as it stands.
    fn leave(
        &mut self,
        member: Member<'t>,
        reason: String,
        written: &mut LoopMembers<'t>,
    ) -> Result<(), Stop> {
        self.is_frozen = true;
        let value = self.copy(member.value);
        self.is_frozen = false;
        self.reasons.entry(member.key.to_owned()).or_insert(reason);
        written.push((member, Cow::Borrowed(member.key), value?));
        Ok(())
    }

    /// The values of a collection.
    fn values(&mut self, collection: Node<'t>) -> Result<Vec<String>, Stop> {
        let mut tree = Tree::default();
        let source = collection.span().source;
        let mut writer = LoopWriter {
            builder: tree.builder(source),
            root: self.root,
            context: self.context,
            scope: self.scope.clone(),
            is_frozen: true,
            nodes: self.nodes,
            resources: 0,
            reasons: Reasons::new(),
            problems: self.problems,
        };
        let copy = writer.copy(collection)?;
        let LoopWriter { builder, nodes, .. } = writer;
        builder.complete(copy, self.root);
        self.nodes = nodes;
        let Some(collection) = tree.root(self.root.source_text()) else {
            return Ok(Vec::new());
        };
        let template = Template::without_resources(self.root);
        let setting = TemplateSetting::new(&template, self.context, None);
        let values = undecided(&setting, |evaluator| evaluator.texts(collection));
        self.charge(setting.spent() / STEPS_OF_A_NODE)?;
        values.map_err(Stop::Unknown)
    }

    /// The text with the values of identifiers in it: `${Name}` whole, `&{Name}` its letters and digits.
    fn substitute(&mut self, text: &'t str) -> Result<Cow<'t, str>, Stop> {
        if self.scope.is_empty() || !text.contains('{') {
            return Ok(Cow::Borrowed(text));
        }
        let mut changed = String::new();
        let mut copied = 0;
        for (at, _) in text.match_indices('{') {
            let Some(mark) = at.checked_sub(1).filter(|mark| *mark >= copied) else {
                continue;
            };
            let mut rest = text.bytes().skip(at).take(LONGEST_IDENTIFIER);
            let Some(length) = rest.position(|byte| byte == b'}') else {
                continue;
            };
            let end = at + length;
            let name = &text[at + 1..end];
            let value = match (text.as_bytes()[mark], self.value(name)) {
                (b'$', Some(value)) => value.to_owned(),
                (b'&', Some(value)) => value
                    .chars()
                    .filter(|it| it.is_ascii_alphanumeric())
                    .collect(),
                _ => continue,
            };
            self.spend(value.len() / BYTES_OF_A_NODE)?;
            changed.push_str(&text[copied..mark]);
            changed.push_str(&value);
            copied = end + 1;
        }
        if copied == 0 {
            return Ok(Cow::Borrowed(text));
        }
        changed.push_str(&text[copied..]);
        self.spend(changed.len() / BYTES_OF_A_NODE)?;
        Ok(Cow::Owned(changed))
    }

    /// Takes away what has a name that another one has, which CloudFormation refuses.
    fn remove_doubles(&mut self, members: &mut LoopMembers<'t>) {
        let mut names = FxHashSet::default();
        let mut doubles = Vec::new();
        members.retain(|(member, key, _)| {
            let is_new = names.insert(key.to_string());
            if !is_new {
                doubles.push((member.key_span, key.to_string()));
            }
            is_new
        });
        for (span, name) in doubles {
            let problem = Problem::new(span, format!("a loop makes `{name}` twice"))
                .label("what stands here is passed over")
                .help("put the identifier of every loop into the name");
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
    }

    /// Takes `nodes` from what loops may write.
    fn spend(&mut self, nodes: usize) -> Result<(), Stop> {
        match self.scope.is_empty() {
            true => Ok(()),
            false => self.charge(nodes),
        }
    }

    /// The same, for what costs something outside of loops, too.
    fn charge(&mut self, nodes: usize) -> Result<(), Stop> {
        let too_much = "the loops of the template write more than a template can hold";
        let left = self.nodes.checked_sub(nodes);
        self.nodes = left.ok_or_else(|| Stop::TooMuch(too_much.to_owned()))?;
        Ok(())
    }
}

fn too_many_resources() -> Stop {
    Stop::TooMuch(format!(
        "the loops of the template make more than {MOST_RESOURCES} resources"
    ))
}
