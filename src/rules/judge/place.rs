//! Where a finding points: the place that a rule names, or the value elsewhere that decides instead.
//! It does not know what a rule demands.

use super::super::format::{Root, Segment, Selector};
use super::super::query::{Query, Roots};
use crate::model::facts::FactName;
use crate::model::{Value, members};
use crate::source::Span;

/// Where a finding points.
#[derive(Debug, Default)]
pub(super) struct FindingPlace {
    pub(super) span: Span,
    pub(super) field: String,
    pub(super) absent: bool,
    /// What decides in place of what stands there, where it stands elsewhere.
    pub(super) cause: Option<OverridingValue>,
}

/// A value that decides in place of another.
#[derive(Debug)]
pub(super) struct OverridingValue {
    /// Where it stands.
    pub(super) span: Span,
    /// What stands there, where the message does not say it.
    pub(super) text: Option<String>,
    /// Where that is named which makes it matter.
    pub(super) named: Option<Span>,
}

impl OverridingValue {
    fn at(cause: Value<'_>) -> Self {
        let text = cause.get(members::TEXT).and_then(Value::as_str);
        let named = cause.get(members::NAMED).filter(|named| !named.is_absent());
        Self {
            span: cause.span(),
            text: text.map(str::to_owned),
            named: named.map(Value::span),
        }
    }
}

impl FindingPlace {
    pub(super) fn root(root: Root, roots: &Roots<'_>) -> Option<Self> {
        let value = roots.get(root)?;
        Some(Self::new(value, root.name().to_owned()))
    }

    fn new(value: Value<'_>, field: String) -> Self {
        Self {
            span: value.span(),
            field,
            absent: value.is_absent() || value.is_default(),
            cause: None,
        }
    }

    /// The place of a node that a query found.
    pub(super) fn of(node: Value<'_>, roots: &Roots<'_>) -> Self {
        Self::new(node, field(node, roots))
    }

    /// Follows a singular query as far as there are nodes; absent ones have a place, too.
    pub(super) fn at(query: &Query, roots: &Roots<'_>) -> Option<Self> {
        let root = query.root()?;
        let mut value = roots.get(root)?;
        let mut field = root.name().to_owned();
        for Segment { selectors, .. } in &query.segments {
            let next = match selectors.as_slice() {
                [Selector::Name(name)] => {
                    value.by_key(name).inspect(|_| push_name(&mut field, name))
                }
                [Selector::Index(index)] => {
                    let length = value.items().len();
                    let index = usize::try_from(*index).ok().or_else(|| {
                        length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)
                    });
                    index.and_then(|index| {
                        let item = value.items().nth(index);
                        item.inspect(|_| FieldStep::Index(index).push(&mut field))
                    })
                }
                _ => None,
            };
            let Some(next) = next else { break };
            value = next;
        }
        Some(Self::new(value, field))
    }

    /// Whether it is the place of this fact as a whole.
    pub(super) fn is_of(&self, fact: FactName) -> bool {
        below_repository(&self.field) == Some(fact.name())
    }

    /// With what decides in its place, where the node that was found says so.
    pub(super) fn decided_by(mut self, node: Value<'_>) -> Self {
        if let Some(cause) = node.get(members::CAUSE).filter(|cause| !cause.is_absent()) {
            self.span = cause.span();
            self.cause = Some(OverridingValue::at(cause));
        }
        self
    }

    /// With what decides in its place, where the repository says so.
    pub(super) fn caused(mut self, roots: &Roots<'_>) -> Self {
        self.cause = cause(&self.field, roots);
        self
    }
}

/// The rest of a path that leads into the repository document.
pub(crate) fn below_repository(field: &str) -> Option<&str> {
    let rest = field.strip_prefix(Root::Repository.name())?;
    rest.strip_prefix('.')
}

/// The value that decides in place of what stands at `field`.
fn cause(field: &str, roots: &Roots<'_>) -> Option<OverridingValue> {
    let member = below_repository(field)?;
    let causes = roots.get(Root::Repository)?.get(FactName::Causes)?;
    let is_of = |cause: &Value<'_>| cause.get(members::OF).and_then(Value::as_str) == Some(member);
    let found = causes.members().map(|(_, cause)| cause).find(is_of)?;
    Some(OverridingValue::at(found))
}

/// Path of a node in the world. It is searched for, because only findings need it.
pub(in crate::rules) fn field(node: Value<'_>, roots: &Roots<'_>) -> String {
    let mut steps = Vec::new();
    for (root, name) in Root::ALL {
        if roots
            .get(root)
            .is_some_and(|value| search(value, node, &mut steps))
        {
            let mut path = name.to_owned();
            for step in steps.iter().rev() {
                step.push(&mut path);
            }
            return path;
        }
    }
    String::new()
}

/// One step of a path.
enum FieldStep<'v> {
    Index(usize),
    Name(&'v str),
}

/// Finds `node` below `value` and notes the steps to it, the last one first, so that nothing is noted
/// on the ways that lead nowhere. The depth is that of the document.
fn search<'v>(value: Value<'v>, node: Value<'_>, steps: &mut Vec<FieldStep<'v>>) -> bool {
    if value.same(node) {
        return true;
    }
    if !value.may_hold(node) {
        return false;
    }
    for (index, item) in value.items().enumerate() {
        if search(item, node, steps) {
            steps.push(FieldStep::Index(index));
            return true;
        }
    }
    for (name, member) in value.members() {
        if search(member, node, steps) {
            steps.push(FieldStep::Name(name));
            return true;
        }
    }
    false
}

impl FieldStep<'_> {
    fn push(&self, path: &mut String) {
        match self {
            FieldStep::Index(index) => path.push_str(&format!("[{index}]")),
            FieldStep::Name(name) => push_name(path, name),
        }
    }
}

fn push_name(path: &mut String, name: &str) {
    let plain = |character: char| character.is_alphanumeric() || character == '_';
    if !name.is_empty() && name.chars().all(plain) {
        path.push('.');
        path.push_str(name);
    } else {
        path.push_str(&format!(
            "['{}']",
            name.replace('\\', r"\\").replace('\'', r"\'")
        ));
    }
}
