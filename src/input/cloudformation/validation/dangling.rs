//! References of a resource to what its template does not declare, which CloudFormation refuses.
//! It does not know what the references are used for.
//!
//! CloudFormation checks them before it looks at any condition, so that every branch counts.

pub(crate) mod followed;

use std::collections::BTreeMap;

use super::edge::Edge;
use super::functions;
use crate::input::cloudformation::template::flaw::{Flaw, doubled};
use crate::input::cloudformation::template::function::{
    SubPart, attribute_path, call, items, segments,
};
use crate::input::cloudformation::template::parameters::PSEUDO;
use crate::input::cloudformation::template::schema;
use crate::input::cloudformation::template::sections::Template;
use crate::input::cloudformation::transforms::macros;
use crate::model::Mistake;
use crate::source::embedded::Scalar;
use crate::source::{Kind, Node, Span, nearest};

/// References to one resource that are kept: each in another branch of `Fn::If`.
const MOST_EDGES: usize = 16;

/// Follows the references of resources.
pub(crate) struct ReferenceWalk<'w, 't> {
    template: &'w Template<'t>,
    pub(crate) found: Vec<Flaw>,
    /// Resources that are referred to.
    pub(crate) named: BTreeMap<&'t str, Vec<Edge<'t>>>,
    /// The branches of `Fn::If` around, outermost first.
    branches: Vec<(&'t str, bool)>,
    /// Whether the walk is inside of a condition, where no resource exists.
    is_inside: bool,
    /// The conditions that are asked for, and where.
    asked: Vec<(&'t str, Span)>,
}

impl<'w, 't> ReferenceWalk<'w, 't> {
    /// A walk that has seen nothing.
    pub(crate) fn new(template: &'w Template<'t>) -> Self {
        Self {
            template,
            found: Vec::new(),
            named: BTreeMap::new(),
            branches: Vec::new(),
            is_inside: false,
            asked: Vec::new(),
        }
    }

    /// `DependsOn`: one resource, or several.
    fn needed(&mut self, node: Node<'t>) {
        let single = (node.kind() == Kind::String).then_some(node);
        for one in single.into_iter().chain(node.items()) {
            if let Some(id) = one.as_str() {
                self.declared_resource(id, one.span(), None);
            }
        }
    }

    /// Looks at a node with everything below it. The parser bounds the depth.
    fn node(&mut self, node: Node<'t>) {
        self.found.extend(doubled(node));
        if let Some(call) = call(node)
            && let Some(argument) = call.argument
        {
            self.function(call.name, argument);
            if let Some(function) = node.members().next() {
                functions::check(self.template, function, &mut self.found);
            }
            if let ("Fn::If", Some([condition, yes, no])) = (call.name, items(argument))
                && let Some(name) = condition.as_str()
            {
                for (value, holds) in [(yes, true), (no, false)] {
                    self.branches.push((name, holds));
                    self.node(value);
                    self.branches.pop();
                }
                return;
            }
        }
        // Anywhere else, `Condition` is a key like any other.
        if self.is_inside
            && let Some(condition) = node.get("Condition")
            && let Some(name) = condition.as_str()
        {
            self.condition(name, condition.span());
        }
        for member in node.members() {
            self.node(member.value);
        }
        for item in node.items() {
            self.node(item);
        }
    }

    fn function(&mut self, name: &str, argument: Node<'t>) {
        match name {
            "Ref" => {
                if let Some(name) = argument.as_str() {
                    self.reference(name, argument.span());
                }
            }
            "Fn::GetAtt" => {
                if let Some((id, attribute)) = attribute_path(argument) {
                    self.attribute(id, attribute, argument);
                }
            }
            "Fn::Sub" => self.substituted(argument),
            "Fn::If" => {
                if let Some(condition) = argument.items().next()
                    && let Some(name) = condition.as_str()
                {
                    self.condition(name, condition.span());
                }
            }
            "Fn::FindInMap" => self.mapped(argument),
            _ => {}
        }
    }

    /// A `Ref`, or a variable of `Fn::Sub` without a dot.
    fn reference(&mut self, name: &'t str, span: Span) {
        let template = self.template;
        if PSEUDO.contains(&name) {
            return;
        }
        let parameters = template.parameters;
        if parameters.is_some_and(|all| all.get(name).is_some()) {
            self.found
                .extend(template.doubled.parameters.get(name).cloned());
            return;
        }
        if self.is_inside {
            let known = names(parameters).chain(PSEUDO);
            self.missing(&MissingName::new("parameter", name), span, known);
        } else if let Some((id, _)) = template.resources.get_key_value(name) {
            self.names(id, span);
        } else if let Some(maker) = self.made_with_role(name) {
            self.names(maker, span);
        } else {
            let resources = names(template.root.get("Resources"));
            let known = resources.chain(names(parameters)).chain(PSEUDO);
            self.missing(
                &MissingName::new("resource or parameter", name),
                span,
                known,
            );
        }
    }

    fn attribute(&mut self, id: &'t str, attribute: &str, argument: Node<'t>) {
        let place = |index: usize| argument.items().nth(index).unwrap_or(argument).span();
        let is_one_text = argument.as_str().is_some();
        let behind = Some(attribute).filter(|_| is_one_text);
        if self.declared_resource(id, place(0), behind) {
            self.known_attribute(id, attribute, place(1), is_one_text);
        }
    }

    /// `is_one_text` says that the place holds the name of the resource, too.
    fn known_attribute(&mut self, id: &str, attribute: &str, span: Span, is_one_text: bool) {
        let resource = self.template.resources.get(id);
        let known = resource.and_then(|resource| schema::attributes(resource.kind));
        let Some(known) = known.filter(|known| !known.contains(&attribute)) else {
            return;
        };
        let near = meant(attribute, known);
        let known = known.join("` and `");
        let text = format!("`{id}` has no attribute `{attribute}`, there is `{known}`");
        let near = near.map(|near| match is_one_text {
            true => format!("{id}.{near}"),
            false => near.to_owned(),
        });
        let mistake = Mistake::new(text).instead(attribute, near.as_deref());
        self.found.push(Flaw::new(span, mistake));
    }

    /// Notes that a resource is referred to.
    fn names(&mut self, to: &'t str, span: Span) {
        let branches = self.branches.clone();
        self.edge(Edge { to, span, branches });
    }

    fn edge(&mut self, edge: Edge<'t>) {
        let edges = self.named.entry(edge.to).or_default();
        // One that always counts stands for all.
        let is_covered = edges.first().is_some_and(|edge| edge.branches.is_empty());
        if is_covered || edges.len() >= MOST_EDGES && !edge.branches.is_empty() {
            return;
        }
        if edge.branches.is_empty() {
            edges.clear();
        }
        edges.push(edge);
    }

    /// What SAM makes a role with this logical id for, in any case.
    fn made_with_role(&self, id: &str) -> Option<&'t str> {
        let maker = self.template.role_maker(id)?;
        if !macros::runs_sam(self.template) {
            return None;
        }
        maker.written("Role").is_none().then_some(maker.id)
    }

    /// Whether the template has such a resource.
    ///
    /// `behind` is an attribute that stands in one text with the name.
    fn declared_resource(&mut self, id: &'t str, span: Span, behind: Option<&str>) -> bool {
        if self.template.resources.contains_key(id) {
            self.names(id, span);
            return true;
        }
        if let Some(maker) = self.made_with_role(id) {
            self.names(maker, span);
            return false;
        }
        let known = names(self.template.root.get("Resources"));
        let missing = MissingName {
            behind,
            ..MissingName::new("resource", id)
        };
        self.missing(&missing, span, known);
        false
    }

    fn substituted(&mut self, argument: Node<'t>) {
        let (text, variables) = match items(argument) {
            Some([text, variables]) => (text, Some(variables)),
            None => (argument, None),
        };
        let Some(source) = text.as_str().filter(|source| source.contains("${")) else {
            return;
        };
        let scalar = Scalar::of(text);
        for segment in segments(source) {
            let SubPart::Variable(name, range) = segment else {
                continue;
            };
            if variables.is_some_and(|variables| variables.get(name).is_some()) {
                continue;
            }
            let span = scalar
                .as_ref()
                .map_or(text.span(), |scalar| scalar.span(range));
            match name.split_once('.') {
                Some((id, attribute)) => {
                    if self.declared_resource(id, span, Some(attribute)) {
                        self.known_attribute(id, attribute, span, true);
                    }
                }
                None => self.reference(name, span),
            }
        }
    }

    /// A condition by its name.
    fn condition(&mut self, name: &'t str, span: Span) {
        let section = self.template.conditions;
        match section.and_then(|section| section.get(name)) {
            Some(_) => self.asked.push((name, span)),
            None => self.missing(&MissingName::new("condition", name), span, names(section)),
        }
    }

    fn mapped(&mut self, argument: Node<'t>) {
        let arguments: Vec<_> = argument.items().take(4).collect();
        // With a default, anything may be missing.
        let [map, top, second] = arguments.as_slice() else {
            return;
        };
        let section = self.template.mappings;
        let Some(name) = map.as_str() else { return };
        let Some(mapping) = section.and_then(|section| section.get(name)) else {
            self.missing(
                &MissingName::new("mapping", name),
                map.span(),
                names(section),
            );
            return;
        };
        if mapping
            .members()
            .any(|member| member.key.starts_with("Fn::"))
        {
            return;
        }
        let twice = self.template.doubled.mappings.get(name);
        self.found.extend(twice.cloned());
        self.found.extend(doubled(mapping));
        let what = format!("key of mapping `{name}`");
        let entries: Vec<Node<'t>> = match top.as_str() {
            Some(key) => match mapping.get(key) {
                Some(entry) => vec![entry],
                None => {
                    self.missing(
                        &MissingName::new(&what, key),
                        top.span(),
                        names(Some(mapping)),
                    );
                    return;
                }
            },
            None => mapping.members().map(|member| member.value).collect(),
        };
        if let Some(key) = second.as_str()
            && !entries.iter().any(|entry| entry.get(key).is_some())
        {
            let known = entries.iter().flat_map(|entry| names(Some(*entry)));
            self.missing(&MissingName::new(&what, key), second.span(), known);
        }
    }

    /// Adds that a name stands for nothing, with the one that was meant among those that are known.
    fn missing<'k>(
        &mut self,
        missing: &MissingName<'_>,
        span: Span,
        known: impl Iterator<Item = &'k str>,
    ) {
        let MissingName { what, name, behind } = *missing;
        // To compare with all names takes long, and a template with many such mistakes has said enough.
        let is_compared = self.template.comparisons.get() > 0;
        let near = match is_compared {
            true => nearest(name, known),
            false => None,
        };
        let left = self.template.comparisons.get().saturating_sub(1);
        self.template.comparisons.set(left);
        let hint = near.map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
        let text = format!("there is no {what} `{name}`{hint}");
        let near = near.map(|near| match behind {
            Some(behind) => format!("{near}.{behind}"),
            None => near.to_owned(),
        });
        let mistake = Mistake::new(text).instead(name, near.as_deref());
        self.found.push(Flaw::dangling(span, mistake));
    }
}

/// A name that stands for nothing in the template.
struct MissingName<'n> {
    /// What it would be the name of.
    what: &'n str,
    name: &'n str,
    /// The attribute that stands behind the name in one text.
    behind: Option<&'n str>,
}

impl<'n> MissingName<'n> {
    /// A name that stands alone.
    fn new(what: &'n str, name: &'n str) -> Self {
        Self {
            what,
            name,
            behind: None,
        }
    }
}

/// The attribute that was meant: the only one, or the only one that ends like what is written.
fn meant<'k>(attribute: &str, known: &[&'k str]) -> Option<&'k str> {
    if let [only] = known {
        return Some(only);
    }
    let written = attribute.to_ascii_lowercase();
    let mut alike = known
        .iter()
        .filter(|known| known.to_ascii_lowercase().ends_with(&written));
    alike.next().copied().filter(|_| alike.next().is_none())
}

/// The keys of a section.
fn names(section: Option<Node<'_>>) -> impl Iterator<Item = &str> {
    let members = section.into_iter().flat_map(Node::members);
    members.map(|member| member.key)
}
