//! From a template to what it says of repositories: the folders beside it, one after the other.
//! It does not know which file a template came from.

use super::conditions::compile::Conditions;
use super::conditions::valuation::Valuation;
use super::expression::cross_stack::CrossStack;
use super::expression::evaluate::Evaluator;
use super::expression::setting::TemplateSetting;
use super::ignores;
use super::resources::variants::Variants;
use super::resources::{principals, refused, registry, related};
use super::template::kind::ResourceKind;
use super::template::sections::Template;
use super::template::{crowded, look, sections};
use super::transforms::loops;
use super::transforms::macros;
use crate::input::kind::InputKind;
use crate::input::{Context, Loaded};
use crate::source::{Kind, Node, Tree};

/// The kind of input.
pub(in crate::input) const KIND: InputKind = InputKind {
    name: "CloudFormation template",
    sniff: look::sniff,
    recognise,
    reads_doubles: true,
    is_live: false,
    load,
};

/// A template has resources, and resources have types.
fn recognise(root: Node<'_>) -> bool {
    let Some(resources) = root.get("Resources") else {
        return root.get("AWSTemplateFormatVersion").is_some();
    };
    let has_type = |resource: Node<'_>| {
        let kind = resource.get("Type").and_then(Node::as_str);
        kind.is_some_and(|kind| kind.contains("::")) || sections::misspelt_type(resource).is_some()
    };
    root.get("AWSTemplateFormatVersion").is_some()
        || resources
            .members()
            .any(|member| has_type(member.value) || member.key.starts_with("Fn::ForEach::"))
}

fn load<'t>(
    root: Node<'t>,
    context: &Context,
    others: Option<&'t dyn CrossStack>,
    embedded: &mut Tree,
    loaded: &mut Loaded,
) {
    ignores::load(root, &mut loaded.inline);
    let mut tree = Tree::default();
    let reasons = loops::expand(root, context, &mut tree, &mut loaded.problems);
    let expanded = reasons.and_then(|reasons| Some((tree.root(root.source_text())?, reasons)));
    let (root, reasons) = match expanded {
        Some((root, reasons)) => (root, Some(reasons)),
        None => (root, None),
    };
    let template = Template::index(root, reasons, &mut loaded.problems);
    load_expanded(&template, context, others, embedded, loaded);
}

/// Loads a template without loops, except for those that cannot be expanded.
fn load_expanded<'t>(
    template: &'t Template<'t>,
    context: &Context,
    others: Option<&'t dyn CrossStack>,
    embedded: &mut Tree,
    loaded: &mut Loaded,
) {
    let root = template.root;
    if let Some(resources) = root
        .get("Resources")
        .filter(|node| node.kind() != Kind::Object)
    {
        loaded
            .problems
            .push(not_a_mapping(resources, "`Resources`"));
    }
    macros::note(template, &mut loaded.notes);
    if !context.parameters.is_empty() {
        let names = template.parameters.into_iter().flat_map(Node::members);
        loaded.parameters = names.map(|member| member.key.to_owned()).collect();
    }
    let setting = TemplateSetting::new(template, context, others);
    let conditions = Conditions::new();
    let undecided = Valuation::undecided(&conditions);
    let evaluator = Evaluator::new(&setting, &undecided);
    let related = related::Related::find(&evaluator, embedded);
    loaded.attaches = related.surroundings.identities.foreign().to_vec();
    let mut variants = Variants::new(&setting, &conditions, &related);
    let judged = crowded::judged(template, &mut loaded.notes);
    for resource in judged {
        match resource.kind {
            ResourceKind::RegistryScanning => {
                let registry = registry::registry_scanning(&evaluator, resource, None);
                loaded.registries.extend(registry);
            }
            _ => variants.load(resource, embedded, loaded),
        }
    }
    let surroundings = &related.surroundings;
    principals::load_identities(&mut variants, &surroundings.identities, embedded, loaded);
    principals::load_rules(
        &evaluator,
        &mut variants,
        &surroundings.events,
        embedded,
        loaded,
    );
    variants.imply(&mut loaded.entities);
    refused::load(&evaluator, &related, loaded);
    loaded.seeks = setting.seeks.get();
    loaded.runs = surroundings.images.may_be_of_others();
    let mut repositories = template.of_kind(ResourceKind::Repository);
    let has_parameters = template.of_kind(ResourceKind::Parameter).next().is_some();
    loaded.publishes = has_parameters && (loaded.seeks || repositories.next().is_none());
}

/// A value that is something else than the mapping that belongs there.
fn not_a_mapping(node: Node<'_>, what: &str) -> crate::source::Problem {
    crate::source::Problem::new(node.span(), format!("{what} is not a mapping"))
        .label("a mapping belongs here")
}

#[cfg(test)]
mod tests {
    use crate::input::{Context, Loaded, Scratch, load};
    use crate::model::{Data, Value};
    use crate::source::SourceId;

    fn loaded(resources: &str) -> Loaded {
        let text = format!(r#"{{"Resources": {{{resources}}}}}"#);
        load(
            &text,
            SourceId(0),
            &Context::default(),
            &mut Scratch::default(),
        )
    }

    fn repository(id: &str, properties: &str) -> String {
        format!(r#""{id}": {{"Type": "AWS::ECR::Repository", "Properties": {{{properties}}}}}"#)
    }

    fn name(loaded: &Loaded, index: usize) -> Value<'_> {
        let repository = &loaded.entities[index];
        repository.given_name().expect("a name")
    }

    fn depth(value: Value<'_>) -> usize {
        1 + value.items().map(depth).max().unwrap_or(0)
    }

    #[test]
    fn names_that_double_themselves_cost_little() {
        let resources: Vec<String> = (0..60)
            .map(|index| {
                let next = format!(r#"{{"Ref": "R{}"}}"#, index + 1);
                let join = format!(r#"{{"Fn::Join": ["", [{next}, "x", {next}]]}}"#);
                repository(
                    &format!("R{index}"),
                    &format!(r#""RepositoryName": {join}"#),
                )
            })
            .chain([repository("R60", r#""RepositoryName": "long-name""#)])
            .collect();
        let loaded = loaded(&resources.join(","));
        assert_eq!(loaded.entities.len(), 61);
        assert_eq!(name(&loaded, 59).as_str(), Some("long-namexlong-name"));
        assert!(matches!(name(&loaded, 0).data(), Data::Unknown(_)));
    }

    #[test]
    fn functions_nested_too_deep_are_unknown() {
        let deep = |levels: usize| {
            let open = r#"{"Fn::Join": ["", ["#.repeat(levels);
            let close = "]]}".repeat(levels);
            loaded(&repository(
                "R",
                &format!(r#""RepositoryName": {open}"a"{close}"#),
            ))
        };
        assert_eq!(name(&deep(50), 0).as_str(), Some("a"));
        let deep = deep(120);
        let unknown = name(&deep, 0).as_unknown().expect("not evaluated");
        assert_eq!(unknown.reason, "values are nested more than 100 deep");
    }

    #[test]
    fn deep_policies_are_cut_and_deep_texts_are_read() {
        let nested = format!("{}1{}", "[".repeat(400), "]".repeat(400));
        let loaded = loaded(&repository(
            "R",
            &format!(
                r#""RepositoryPolicyText": {{"a": {nested}}},
                   "LifecyclePolicy": {{"LifecyclePolicyText": "{nested}"}}"#
            ),
        ));
        let repository = &loaded.entities[0];
        let settings = repository.settings().expect("a repository").own;
        let policy = repository.document.value(settings.repository_policy);
        assert_eq!(depth(policy.by_key("a").expect("a member")), 100);
        let lifecycle = repository.document.value(settings.lifecycle_policy);
        assert_eq!(depth(lifecycle), 401);
    }
}
