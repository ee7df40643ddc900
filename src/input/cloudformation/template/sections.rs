//! The sections of a template and its resources by logical id.
//! It does not know what functions do or what a resource means.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use super::extensions::Reasons;
use super::flaw::Doubled;
use super::kind::ResourceKind;
use super::marks::DYNAMIC;
use super::parameters::PSEUDO;
use super::runners::runs_images;
use super::{attributes, extensions, kind, marks, parameters};
use crate::source::{Kind, Member, Node, Problem, SourceId, Span};

/// Names that are compared with all others, to tell what was meant: enough for anybody to see what is wrong.
const MOST_COMPARISONS: usize = 30;

/// A template whose resources can be looked up.
pub(crate) struct Template<'t> {
    /// All of it.
    pub(crate) root: Node<'t>,
    /// `Parameters`
    pub(crate) parameters: Option<Node<'t>>,
    /// `Mappings`
    pub(crate) mappings: Option<Node<'t>>,
    /// `Conditions`
    pub(crate) conditions: Option<Node<'t>>,
    /// `Rules`
    pub(crate) rules: Option<Node<'t>>,
    /// Every resource by logical id.
    pub(crate) resources: FxHashMap<&'t str, Resource<'t>>,
    /// The resources that matter to ECR, in the order of the text.
    pub(crate) ours: Vec<Resource<'t>>,
    /// The resources that run images, in the order of the text.
    pub(crate) runners: Vec<Resource<'t>>,
    /// Entries of `Resources` that stand for any number of resources.
    pub(crate) loops: Vec<Member<'t>>,
    /// Why loops were not expanded; `None` when no loop was looked at.
    reasons: Option<Reasons>,
    /// What stands in its sections more than once.
    pub(crate) doubled: Doubled<'t>,
    /// How many more names may be compared with all others.
    pub(crate) comparisons: Cell<usize>,
    /// Length of the whole text in bytes.
    pub(crate) length: usize,
    /// Whether any text may hold `{{resolve:…}}`, or what the CDK makes up.
    pub(crate) has_dynamic_references: bool,
}

/// A resource.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resource<'t> {
    /// Logical id.
    pub(crate) id: &'t str,
    /// Where the logical id stands.
    pub(crate) place: Span,
    /// What kind of resource it is.
    pub(crate) kind: ResourceKind,
    /// Type, properties and attributes.
    pub(crate) node: Node<'t>,
    /// Whether the logical id stands in the template again, with something else.
    pub(crate) is_contradicted: bool,
}

impl<'t> Resource<'t> {
    /// Name of the condition under which it exists.
    pub(crate) fn condition(&self) -> Option<&'t str> {
        self.node.get("Condition").and_then(Node::as_str)
    }

    /// A property as it is written, functions in it left as they are.
    pub(crate) fn written(&self, property: &str) -> Option<Node<'t>> {
        self.node.get("Properties")?.get(property)
    }
}

impl<'t> Template<'t> {
    /// Finds the sections of the template at `root`; entries that are not resources become problems.
    ///
    /// `reasons`: why loops are left in it, where loops were expanded.
    pub(crate) fn index(
        root: Node<'t>,
        reasons: Option<Reasons>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let resources = root.get("Resources");
        let mut template = Self {
            conditions: root.get("Conditions"),
            rules: root.get("Rules"),
            reasons,
            ..Self::without_resources(root)
        };
        let contradicted = contradicted(root);
        for member in resources.into_iter().flat_map(Node::members) {
            template.add(member, &contradicted, problems);
        }
        template.doubled = Doubled::find(root);
        template
    }

    /// What of the template at `root` loops may ask for: its parameters and mappings.
    pub(crate) fn without_resources(root: Node<'t>) -> Self {
        Self {
            root,
            parameters: root.get("Parameters"),
            mappings: root.get("Mappings"),
            conditions: None,
            rules: None,
            resources: FxHashMap::default(),
            ours: Vec::new(),
            runners: Vec::new(),
            loops: Vec::new(),
            doubled: Doubled::default(),
            comparisons: Cell::new(MOST_COMPARISONS),
            reasons: None,
            length: root.source_text().len(),
            has_dynamic_references: root.source_text().contains(DYNAMIC)
                || marks::holds_placeholder(root.source_text()),
        }
    }

    /// Why the loop with this key stands in the template as it is written.
    pub(crate) fn unexpanded(&self, key: &str) -> String {
        let known = self.reasons.as_ref().and_then(|reasons| reasons.get(key));
        let reason = match known {
            Some(reason) => reason,
            None if extensions::are_declared(self.root) => "it stands where nothing is repeated",
            None => "the template does not declare the transform `AWS::LanguageExtensions`",
        };
        format!("`{key}` is not expanded: {reason}")
    }

    /// The text of a node with everything below it: as it is written, or as loops have written it.
    pub(crate) fn text_of(&self, node: Node<'t>) -> Cow<'t, str> {
        if self.reasons.is_none() {
            return Cow::Borrowed(node.span().slice(node.source_text()));
        }
        let mut text = String::new();
        collect(node, &mut text);
        Cow::Owned(text)
    }

    fn add(
        &mut self,
        member: Member<'t>,
        contradicted: &FxHashSet<&str>,
        problems: &mut Vec<Problem>,
    ) {
        if member.key.starts_with("Fn::") {
            self.loops.push(member);
            return;
        }
        if member.value.kind() != Kind::Object {
            problems.push(
                Problem::new(
                    member.value.span(),
                    format!("resource `{}` is not a mapping", member.key),
                )
                .label("a mapping with a `Type` belongs here"),
            );
            return;
        }
        let kind = member.value.get("Type").and_then(Node::as_str);
        let kind = match (kind, misspelt_type(member.value)) {
            (Some(kind), _) => ResourceKind::of(kind),
            (None, Some(_)) => ResourceKind::OtherEcr,
            (None, None) => ResourceKind::Other,
        };
        let resource = Resource {
            id: member.key,
            place: member.key_span,
            kind,
            node: member.value,
            is_contradicted: contradicted.contains(member.key),
        };
        // The first one stands for all of them.
        match self.resources.entry(resource.id) {
            Entry::Occupied(_) => return,
            Entry::Vacant(entry) => entry.insert(resource),
        };
        if resource.kind != ResourceKind::Other {
            self.ours.push(resource);
        }
        let kind = member.value.get("Type").and_then(Node::as_str);
        if kind.is_some_and(runs_images) {
            self.runners.push(resource);
        }
    }

    /// The parameter, resource or pseudo parameter with this name, as the template spells it.
    pub(crate) fn spelled(&self, name: &str) -> Option<&'t str> {
        let resource = self.resources.get_key_value(name).map(|(id, _)| *id);
        let parameter = || Some(self.parameters?.member(name)?.key);
        let pseudo = || PSEUDO.into_iter().find(|pseudo| *pseudo == name);
        resource.or_else(parameter).or_else(pseudo)
    }

    /// The function or state machine beside which SAM makes a role with this logical id, unless it is given one.
    ///
    /// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html>
    pub(crate) fn role_maker(&self, id: &str) -> Option<&Resource<'t>> {
        let maker = self.resources.get(id.strip_suffix("Role")?)?;
        (maker.kind == ResourceKind::Serverless).then_some(maker)
    }

    /// The parameters of exactly this type.
    pub(crate) fn parameters_of<'k>(
        &self,
        kind: &'k str,
    ) -> impl Iterator<Item = Member<'t>> + use<'t, 'k> {
        let all = self.parameters.into_iter().flat_map(Node::members);
        all.filter(move |parameter| {
            parameter.value.get("Type").and_then(Node::as_str) == Some(kind)
        })
    }

    /// The declaration of a parameter with a single text.
    pub(crate) fn text_parameter(&self, name: &str) -> Option<Node<'t>> {
        let declaration = self.parameters?.get(name)?;
        let kind = declaration.get("Type").and_then(Node::as_str);
        let is_list =
            kind.is_some_and(|kind| kind.contains("List<") || kind == "CommaDelimitedList");
        (!is_list).then_some(declaration)
    }

    /// The declaration of a parameter whose values are tried: one with a single text, or with a list of allowed items.
    pub(crate) fn tried_parameter(&self, name: &str) -> Option<Node<'t>> {
        self.text_parameter(name).or_else(|| {
            let declaration = self.parameters?.get(name)?;
            let is_tried = parameters::is_list(declaration);
            (is_tried && declaration.get("AllowedValues").is_some()).then_some(declaration)
        })
    }

    /// The text that holds it.
    pub(crate) fn source(&self) -> SourceId {
        self.root.span().source
    }

    /// The resources of one kind, in the order of the text.
    pub(crate) fn of_kind(&self, kind: ResourceKind) -> impl Iterator<Item = Resource<'t>> + '_ {
        self.ours
            .iter()
            .copied()
            .filter(move |resource| resource.kind == kind)
    }
}

/// A type of ECR under a key that was meant to be `Type`.
pub(crate) fn misspelt_type(resource: Node<'_>) -> Option<&str> {
    if resource.get("Type").is_some() {
        return None;
    }
    let kind = attributes::misspelt(resource, "Type")?.value.as_str()?;
    kind::is_of_ecr(kind).then_some(kind)
}

/// Logical ids that stand for different resources; all, where the section stands twice and differs.
fn contradicted(root: Node<'_>) -> FxHashSet<&str> {
    let section = root.get("Resources");
    let all = root.contradicts("Resources");
    let Some(section) = section.filter(|section| all || section.has_doubles()) else {
        return FxHashSet::default();
    };
    let distinct = section.distinct().into_iter();
    let differing = distinct.filter(|(_, differs)| all || *differs);
    differing.map(|(member, _)| member.key).collect()
}

/// Adds all keys and scalars, each in a line of its own. The parser bounds the depth.
fn collect(node: Node<'_>, text: &mut String) {
    text.push_str(node.as_text().unwrap_or_default());
    text.push('\n');
    node.items().for_each(|item| collect(item, text));
    for member in node.members() {
        text.push_str(member.key);
        text.push('\n');
        collect(member.value, text);
    }
}
