//! What CloudFormation refuses in the resources that verdicts depend on.
//! It does not know what comes of it for any verdict.

use crate::input::cloudformation::template::flaw::{Flaw, MOST, stands_twice};
use crate::input::cloudformation::template::kind;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::circles;
use super::circles::{Circles, Edge, Told};
use super::concerned::concerned;
use super::dangling::{Conditions, Walk};
use super::removal;
use super::shapes::Checker;
use crate::input::Loaded;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::resources::repository::subject;
use crate::input::cloudformation::resources::surroundings::Surroundings;
use crate::input::cloudformation::template::attributes::ATTRIBUTES;
use crate::input::cloudformation::template::macros;
use crate::input::cloudformation::template::macros::Reach;
use crate::input::cloudformation::template::schema;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{Document, Entity, EntityKind, Mistake, NodeId, Particulars, Unknown};
use crate::source::{Kind, Member, Node, nearest};

/// What is refused whatever the conditions are, by logical id, and who refers to whom.
#[derive(Debug, Default)]
pub(crate) struct Known<'t> {
    resources: FxHashMap<&'t str, Rc<Static<'t>>>,
    pub(crate) circles: Circles<'t>,
    conditions: Conditions<'t>,
}

/// What a look at a resource tells without evaluating anything.
#[derive(Debug)]
pub(crate) struct Static<'t> {
    pub(crate) flaws: Vec<Flaw>,
    /// Resources that it refers to.
    pub(crate) named: BTreeMap<&'t str, Vec<Edge<'t>>>,
}

/// Writes what is refused about a resource, as far as its properties are known under these conditions.
pub(crate) fn write<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    document: &mut Document,
) -> NodeId {
    let reach = macros::reach(evaluator.template);
    let mut flaws = fixed(evaluator, resource).flaws.clone();
    let own = shapes(evaluator, resource);
    // What is not there is no value of another type as well.
    let is_told = |flaw: &Flaw| flaws.iter().any(|known| flaw.span.contains(known.span));
    let own: Vec<Flaw> = own.into_iter().filter(|flaw| !is_told(flaw)).collect();
    flaws.extend(own);
    let circle = circles::of(evaluator, resource);
    let (circle, undecided) = match circle {
        Some(Told::Flaw(flaw)) => (Some(flaw), None),
        Some(Told::Open(span, reason)) => (None, Some((span, reason))),
        None => (None, None),
    };
    flaws.extend(circle);
    flaws.sort_by(|a, b| (a.span, &a.mistake).cmp(&(b.span, &b.mistake)));
    flaws.dedup();
    flaws.truncate(MOST);
    let open = flaws
        .iter()
        .find_map(|flaw| match (&reach, flaw.is_dangling) {
            (Reach::Everything(reason), _) | (Reach::Additions(reason), true) => {
                Some((flaw.span, reason.clone()))
            }
            _ => None,
        });
    let open = open.or(undecided);
    let certain = |flaw: &&Flaw| match reach {
        Reach::Nothing => true,
        Reach::Additions(_) => !flaw.is_dangling,
        Reach::Everything(_) => false,
    };
    let found: Vec<NodeId> = flaws
        .iter()
        .filter(certain)
        .map(|flaw| flaw.mistake.write(document, flaw.span))
        .collect();
    match open {
        Some((span, reason)) if found.is_empty() => {
            document.unknown(Unknown::because(reason), span)
        }
        _ => document.array(&found, resource.place),
    }
}

/// What is refused whatever the conditions are.
pub(crate) fn fixed<'t>(evaluator: &Evaluator<'t, '_>, resource: &Resource<'t>) -> Rc<Static<'t>> {
    let known = &evaluator.setting.refused;
    if let Some(found) = known.borrow().resources.get(resource.id) {
        return Rc::clone(found);
    }
    let template = evaluator.template;
    let mut walk = Walk::new(template);
    let mut conditions = std::mem::take(&mut known.borrow_mut().conditions);
    walk.resource(resource, &mut conditions);
    known.borrow_mut().conditions = conditions;
    let Walk {
        found: mut flaws,
        named,
        ..
    } = walk;
    flaws.extend(template.doubled.resources.get(resource.id).cloned());
    flaws.extend(resource.node.doubles().iter().map(stands_twice));
    flaws.extend(misplaced(resource));
    flaws.extend(removal::flaws(template.root, resource));
    let found = Rc::new(Static { flaws, named });
    let mut known = known.borrow_mut();
    known.resources.insert(resource.id, Rc::clone(&found));
    found
}

/// Keys of a resource that are no attributes of one, where it is plain what was meant: what they hold is not read by
/// CloudFormation, nor by us.
fn misplaced(resource: &Resource<'_>) -> Vec<Flaw> {
    let kind = resource.node.get("Type").and_then(Node::as_str);
    let properties = kind.and_then(schema::properties).unwrap_or_default();
    let flaw = |member: Member<'_>| {
        let key = member.key;
        if ATTRIBUTES.contains(&key) {
            return None;
        }
        let told = format!("`{key}` is no attribute of a resource");
        if properties.iter().any(|(property, _)| *property == key) {
            let text = format!("{told}, it belongs under `Properties`");
            return Some(Flaw::new(member.key_span, text));
        }
        let near = nearest(key, ATTRIBUTES)?;
        let mistake = Mistake::new(format!("{told}, write `{near}`")).key(key, Some(near));
        Some(Flaw::new(member.key_span, mistake))
    };
    resource.node.members().filter_map(flaw).collect()
}

/// What is wrong with the type and the properties of a resource of ECR.
fn shapes<'t>(evaluator: &Evaluator<'t, '_>, resource: &Resource<'t>) -> Vec<Flaw> {
    let Some(kind) = resource.node.get("Type") else {
        return Vec::new();
    };
    let Some(name) = kind.as_str().filter(|name| kind::is_of_ecr(name)) else {
        return Vec::new();
    };
    let Some(properties) = schema::properties(name) else {
        let instead = schema::in_place_of(name).map_or_else(String::new, |it| format!(": {it}"));
        let text = format!("there is no type `{name}`{instead}");
        return vec![Flaw::new(kind.span(), text)];
    };
    let mut checker = Checker {
        evaluator,
        found: Vec::new(),
    };
    match evaluator.properties(resource).value {
        Resolved::Node(node) if node.kind() == Kind::Object => {
            checker.mapping(node, properties, &format!("`{name}`"));
        }
        Resolved::Node(node) => {
            let text = "`Properties` is something else than a mapping".to_owned();
            checker.found.push(Flaw::new(node.span(), text));
        }
        _ => {}
    }
    checker.found
}

/// Loads what is refused and belongs to no repository: each resource is judged in the place of one.
pub(crate) fn load<'t>(
    evaluator: &Evaluator<'t, '_>,
    surroundings: &Surroundings<'t>,
    loaded: &mut Loaded,
) {
    let template = evaluator.template;
    let (principals, judged): (Vec<_>, Vec<_>) =
        (loaded.entities.iter()).partition(|one| one.kind() == EntityKind::Principals);
    let ids = |of: Vec<&Entity>| -> BTreeSet<String> {
        let ids = of.into_iter().map(|one| one.subject.logical_id.clone());
        ids.flatten().collect()
    };
    let (principals, judged) = (ids(principals), ids(judged));
    let concerned = concerned(evaluator, surroundings, &principals);
    let others = template.ours.iter().filter(|resource| {
        concerned.contains(resource.id)
            && !judged.contains(resource.id)
            && !evaluator.existence(resource).is_false()
    });
    for resource in others {
        let mut document = Document::default();
        let refused = write(evaluator, resource, &mut document);
        let value = document.value(refused);
        if value.as_unknown().is_some() || value.items().len() > 0 {
            let subject = subject(evaluator, resource, value);
            let particulars = Particulars::Resource;
            loaded.entities.push(Entity::of_template(
                (document, refused),
                subject,
                resource.place,
                particulars,
            ));
        }
    }
    if let (false, Some(first)) = (concerned.is_empty(), template.doubled.sections.first()) {
        loaded.entities.push(whole(evaluator, first));
    }
}

/// What is wrong with the template itself.
fn whole(evaluator: &Evaluator<'_, '_>, first: &Flaw) -> Entity {
    let mut document = Document::default();
    let found: Vec<NodeId> = evaluator
        .template
        .doubled
        .sections
        .iter()
        .take(MOST)
        .map(|flaw| flaw.mistake.write(&mut document, flaw.span))
        .collect();
    let refused = document.array(&found, first.span);
    let subject = crate::model::RepositorySubject {
        stack: evaluator.context.stack.clone(),
        account: evaluator.context.account().map(str::to_owned),
        region: evaluator.context.region().map(str::to_owned),
        ..crate::model::RepositorySubject::default()
    };
    Entity::of_template(
        (document, refused),
        subject,
        first.span,
        Particulars::Resource,
    )
}
