//! What is refused of a resource whatever the conditions are, and what it refers to.
//! It does not know how conditions turn out.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::dangling::ReferenceWalk;
use super::dangling::followed::FollowedConditions;
use super::edge::Edge;
use super::removal;
use crate::input::cloudformation::template::attributes::ATTRIBUTES;
use crate::input::cloudformation::template::flaw::{Flaw, doubled};
use crate::input::cloudformation::template::schema;
use crate::input::cloudformation::template::sections::{Resource, Template};
use crate::model::Mistake;
use crate::source::{Member, Node, nearest};

/// What is refused whatever the conditions are, by logical id, as far as anybody asked for it.
#[derive(Debug, Default)]
pub(crate) struct Fixed<'t> {
    resources: RefCell<FxHashMap<&'t str, Rc<Static<'t>>>>,
    conditions: RefCell<FollowedConditions<'t>>,
}

/// What a look at a resource says without evaluating anything.
#[derive(Debug)]
pub(crate) struct Static<'t> {
    pub(crate) flaws: Vec<Flaw>,
    /// Resources that it refers to.
    pub(crate) named: BTreeMap<&'t str, Vec<Edge<'t>>>,
}

impl<'t> Fixed<'t> {
    /// What is refused of one resource.
    pub(crate) fn of(&self, template: &Template<'t>, resource: &Resource<'t>) -> Rc<Static<'t>> {
        if let Some(found) = self.resources.borrow().get(resource.id) {
            return Rc::clone(found);
        }
        let mut walk = ReferenceWalk::new(template);
        walk.resource(resource, &mut self.conditions.borrow_mut());
        let ReferenceWalk {
            found: mut flaws,
            named,
            ..
        } = walk;
        flaws.extend(template.doubled.resources.get(resource.id).cloned());
        flaws.extend(doubled(resource.node));
        flaws.extend(misplaced(resource));
        flaws.extend(removal::flaws(template.root, resource));
        let found = Rc::new(Static { flaws, named });
        let mut known = self.resources.borrow_mut();
        known.insert(resource.id, Rc::clone(&found));
        found
    }
}

/// Keys of a resource that are not attributes of one, where it is plain what was meant: what they hold is not read by
/// CloudFormation, nor by us.
fn misplaced(resource: &Resource<'_>) -> Vec<Flaw> {
    let kind = resource.node.get("Type").and_then(Node::as_str);
    let properties = kind.and_then(schema::properties).unwrap_or_default();
    let flaw = |member: Member<'_>| {
        let key = member.key;
        if ATTRIBUTES.contains(&key) {
            return None;
        }
        let told = format!("`{key}` is not an attribute of a resource");
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
