//! Evaluates the nodes that ECR resources reach, each when it is asked for, into the document.
//! It does not know what a repository is made of.

use std::cell::{Cell, RefCell};
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::decision::{Binding, DecisionRecord};
use super::setting::TemplateSetting;
use super::value::{List, Resolved, Text, misread, octal};
use super::{dynamic, placeholder};
use crate::input::Context;
use crate::input::cloudformation::template::attributes;
use crate::input::cloudformation::template::function::call;
use crate::input::cloudformation::template::mapping::MappingLevel;
use crate::input::cloudformation::template::marks;
use crate::input::cloudformation::template::marks::DYNAMIC;
use crate::input::cloudformation::template::sections::Template;
use crate::model::{Document, NodeId, Truth, Unknown};
use crate::source::{Kind, Node, Span};

/// Values, functions and references together are followed this deep.
const MAX_DEPTH: u32 = 100;
/// Parts that a computed text may have: more than any policy has intrinsics.
const MAX_PARTS: usize = 2_000;
/// Bytes that a computed text may have: more than any policy, parameter or name.
const MAX_TEXT: usize = 256 * 1024;

/// Logical id and property of a resource.
pub(crate) type PropertyKey<'t> = (&'t str, &'static str);

/// Decides what a template leaves open: how its conditions turn out, and which values its parameters get.
pub(crate) trait Decisions<'t> {
    /// Whether the condition `name` holds, or why that is not decided.
    fn condition(&self, asker: &Evaluator<'t, '_>, name: &'t str) -> Truth;

    /// Whether the condition `name` holds; where that is not decided, it does from now on.
    fn assume(&self, asker: &Evaluator<'t, '_>, name: &'t str) -> bool;

    /// What is known about a parameter besides its declaration, whose default is `default`.
    fn binding(
        &self,
        asker: &Evaluator<'t, '_>,
        name: &str,
        default: Option<&str>,
    ) -> Option<Binding>;

    /// Whether what was chosen says something of a parameter that would not be known without.
    fn is_narrowed(&self, asker: &Evaluator<'t, '_>, name: &str, default: Option<&str>) -> bool;

    /// The value that is tried for a parameter, `None` for any that is not among those which matter; why it is not to
    /// be looked at, where values count as not decided.
    fn decided_value(
        &self,
        asker: &Evaluator<'t, '_>,
        name: &str,
    ) -> Option<Result<Option<String>, String>>;

    /// The value of a parameter that has one of those which its declaration lists, or why that is not decided;
    /// `None` for a parameter that can have other values.
    fn listed_value(
        &self,
        asker: &Evaluator<'t, '_>,
        name: &'t str,
        declaration: Node<'t>,
    ) -> Option<Result<String, String>>;

    /// The key that is tried for one that is not known; no key stands for any that the mapping does not have.
    ///
    /// `None`: what decides is not known.
    fn key(
        &self,
        asker: &Evaluator<'t, '_>,
        level: &MappingLevel<'t>,
    ) -> Option<Result<Option<String>, String>>;

    /// Whether values of parameters were chosen.
    fn has_values(&self) -> bool;

    /// Whether nothing has been chosen yet. Who asks may tell something else once more is chosen.
    fn has_chosen_nothing(&self) -> bool;

    /// The same for whoever has chosen nothing yet.
    fn undecided(&self) -> Box<dyn Decisions<'t> + '_>;
}

/// Evaluates one template under one combination of conditions.
pub(crate) struct Evaluator<'t, 'c> {
    /// What other combinations share.
    pub(crate) setting: &'c TemplateSetting<'t>,
    /// The template.
    pub(crate) template: &'c Template<'t>,
    /// What is known about the stack from outside, and by the conditions.
    pub(crate) context: &'c Context,
    /// Properties of resources that are being evaluated, outermost first.
    pub(crate) open: RefCell<Vec<PropertyKey<'t>>>,
    /// Properties of resources that were evaluated for other resources before.
    pub(crate) texts: RefCell<FxHashMap<PropertyKey<'t>, Traced<'t, Resolved<'t>>>>,
    /// What decides what the template leaves open.
    pub(crate) decisions: &'c dyn Decisions<'t>,
    /// Whether nothing more is decided for now.
    pub(crate) is_quiet: Cell<bool>,
    /// Whether values of parameters that were chosen count as not decided.
    pub(crate) hides_values: Cell<bool>,
    /// What was read that is not the same in every combination.
    pub(crate) reads: Cell<Reads>,
    /// What those who decide were asked, in order.
    pub(crate) trace: RefCell<Vec<DecisionRecord<'t>>>,
    depth: Cell<u32>,
}

/// A value, with what its evaluation depended on and asked.
pub(crate) struct Traced<'t, T> {
    pub(crate) value: T,
    pub(super) reads: Reads,
    pub(super) trace: Vec<DecisionRecord<'t>>,
}

/// What an evaluation depended on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reads {
    /// Parameters, a bit for each name; several names may share one.
    pub(crate) parameters: u64,
    /// Whether it depended on the account or the region of the stack, which are not both known.
    pub(crate) place: bool,
    /// Whether it depended on conditions that were not decided, or on parameters with several values that were not
    /// either.
    pub(crate) undecided: bool,
}

impl Reads {
    /// The parameter of this name.
    pub(crate) fn parameter(name: &str) -> Self {
        let mut hasher = FxHasher::default();
        name.hash(&mut hasher);
        Self {
            parameters: 1 << (hasher.finish() >> 58),
            ..Self::default()
        }
    }

    /// What both depended on.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            parameters: self.parameters | other.parameters,
            place: self.place || other.place,
            undecided: self.undecided || other.undecided,
        }
    }

    /// Whether the parameter of this name may be among them.
    pub(crate) fn may_have(self, name: &str) -> bool {
        self.parameters & Self::parameter(name).parameters != 0
    }
}

impl<'t, 'c> Evaluator<'t, 'c> {
    /// An evaluator that has evaluated nothing yet.
    pub(crate) fn new(setting: &'c TemplateSetting<'t>, decisions: &'c dyn Decisions<'t>) -> Self {
        Self::under(setting, &setting.context, decisions)
    }

    /// The same with what follows from the decisions about the stack.
    pub(crate) fn under(
        setting: &'c TemplateSetting<'t>,
        context: &'c Context,
        decisions: &'c dyn Decisions<'t>,
    ) -> Self {
        Self {
            setting,
            template: setting.template,
            context,
            open: RefCell::default(),
            texts: RefCell::default(),
            decisions,
            is_quiet: Cell::default(),
            hides_values: Cell::default(),
            reads: Cell::default(),
            trace: RefCell::default(),
            depth: Cell::new(0),
        }
    }

    /// What the node turns out to be, its children left as they are.
    pub(crate) fn resolve(&self, node: Node<'t>) -> Resolved<'t> {
        match node.kind() {
            Kind::String if self.template.has_dynamic_references => self.literal(node),
            Kind::Object => match call(node) {
                Some(call) => self.deeper(call.span, || self.call(&call)),
                None => Resolved::Node(node),
            },
            _ => Resolved::Node(node),
        }
    }

    /// Writes a node with everything below it; `None` when `AWS::NoValue` takes it away.
    pub(crate) fn write(&self, document: &mut Document, node: Node<'t>) -> Option<NodeId> {
        let resolved = self.resolve_whole(node);
        self.write_resolved(document, resolved)
    }

    /// Writes a value with everything below it; `None` when there is no value.
    pub(crate) fn write_resolved(
        &self,
        document: &mut Document,
        value: Resolved<'t>,
    ) -> Option<NodeId> {
        match value {
            Resolved::Node(node) => Some(self.write_node(document, node)),
            Resolved::Text(text) => Some(write_text(document, &text)),
            Resolved::List(list) => Some(self.write_list(document, list)),
            Resolved::Unknown(hidden) => Some(document.unknown(hidden.unknown, hidden.span)),
            Resolved::Json(_) => self.text_of(value).map(|text| write_text(document, &text)),
            Resolved::Nothing => None,
        }
    }

    fn write_list(&self, document: &mut Document, list: List<'t>) -> NodeId {
        if let Some(reason) = list.rest {
            return document.unknown(Unknown::because(reason), list.span);
        }
        let items: Vec<_> = list
            .items
            .into_iter()
            .filter_map(|item| self.write_resolved(document, item))
            .collect();
        document.array(&items, list.span)
    }

    fn write_node(&self, document: &mut Document, node: Node<'t>) -> NodeId {
        let span = node.span();
        if !matches!(node.kind(), Kind::Array | Kind::Object) {
            return write_scalar(document, node);
        }
        if let Some(reason) = self.descend() {
            return document.unknown(Unknown::because(reason), span);
        }
        let written = if node.kind() == Kind::Array {
            let mut items = Vec::with_capacity(node.items().len());
            items.extend(node.items().filter_map(|item| self.write(document, item)));
            document.array(&items, span)
        } else {
            let mut members = Vec::with_capacity(node.members().len());
            if node.has_doubles() {
                for (member, differs) in node.distinct() {
                    let value = match differs {
                        true => {
                            let unknown = Unknown::because(attributes::twice(member.key));
                            Some(document.unknown(unknown, member.key_span))
                        }
                        false => self.write(document, member.value),
                    };
                    members.extend(value.map(|value| (member.key, member.key_span, value)));
                }
                let written = document.object_as_written(&members, span);
                self.ascend();
                return written;
            }
            for member in node.members() {
                if let Some(value) = self.write(document, member.value) {
                    members.push((member.key, member.key_span, value));
                }
            }
            document.object_as_written(&members, span)
        };
        self.ascend();
        written
    }

    /// Runs `inner` one level deeper, or gives up at `span`.
    pub(crate) fn deeper(&self, span: Span, inner: impl FnOnce() -> Resolved<'t>) -> Resolved<'t> {
        if let Some(reason) = self.descend() {
            return Resolved::unknown(span, "", reason);
        }
        let value = inner();
        self.ascend();
        value
    }

    /// Goes one level down, or says why not.
    fn descend(&self) -> Option<String> {
        if self.depth.get() >= MAX_DEPTH {
            return Some(format!("values are nested more than {MAX_DEPTH} deep"));
        }
        if !self.spend(1) {
            return Some("the template takes too many steps to evaluate".to_owned());
        }
        self.depth.set(self.depth.get() + 1);
        None
    }

    fn ascend(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    /// Takes `steps` from what the template may cost; false when nothing is left.
    pub(crate) fn spend(&self, steps: usize) -> bool {
        let left = self.setting.steps.get().checked_sub(steps);
        self.setting.steps.set(left.unwrap_or(0));
        left.is_some()
    }

    /// A computed text, unless it grew beyond all bounds.
    pub(crate) fn text(&self, text: Text<'t>) -> Resolved<'t> {
        let text = match self.template.has_dynamic_references {
            true => placeholder::hide(dynamic::hide(text)),
            false => text,
        };
        let cost = text.parts.len() + text.len() / 64;
        if is_too_long(&text) || !self.spend(cost) {
            return Resolved::unknown(text.span, "", "the text is too long to evaluate");
        }
        Resolved::Text(text)
    }

    /// A computed list, unless the template has cost too much already.
    pub(crate) fn bounded_list(&self, list: List<'t>) -> Resolved<'t> {
        if self.spend(list.items.len()) {
            return Resolved::List(list);
        }
        Resolved::unknown(list.span, "", "the list is too long to evaluate")
    }

    fn literal(&self, node: Node<'t>) -> Resolved<'t> {
        let has_holes = |text: &str| text.contains(DYNAMIC) || marks::holds_placeholder(text);
        match Text::of(node) {
            Some(text) if node.as_str().is_some_and(has_holes) => {
                Resolved::Text(placeholder::hide(dynamic::hide(text)))
            }
            _ => Resolved::Node(node),
        }
    }
}

/// Whether a text has grown beyond what it may be, so that adding to it is no use.
pub(crate) fn is_too_long(text: &Text<'_>) -> bool {
    text.parts.len() > MAX_PARTS || text.len() > MAX_TEXT
}

/// Writes a text, as an unknown when part of it is hidden.
pub(crate) fn write_text(document: &mut Document, text: &Text<'_>) -> NodeId {
    match text.known() {
        Some(known) => document.string(&known, text.span),
        None => document.unknown(text.unknown().unwrap_or_default(), text.span),
    }
}

/// Writes a scalar as CloudFormation reads it.
fn write_scalar(document: &mut Document, node: Node<'_>) -> NodeId {
    let span = node.span();
    if let Some(number) = octal(node) {
        return document.number(&number, span);
    }
    if let Some(reason) = misread(node) {
        return document.unknown(Unknown::because(reason), span);
    }
    match node.kind() {
        Kind::Bool(value) => document.bool(value, span),
        Kind::Number if !node.is_ambiguous() => {
            document.number(node.as_text().unwrap_or_default(), span)
        }
        Kind::Number => document.string(node.as_text().unwrap_or_default(), span),
        Kind::String => document.string(node.as_str().unwrap_or_default(), span),
        Kind::Null | Kind::Array | Kind::Object => document.null(span),
    }
}
