//! Describes an entity in all its variants, in one document: what is the same in several of them is described once.
//! It does not know what any fact means.

use std::sync::Arc;

use super::described::DescribedNodes;
use super::describing::Describing;
use super::fact::{FactName, FactSet};
use super::readings::{Readings, Variant};
use super::rows::FACTS;
use super::{Scope, declared};
use crate::model::{Document, Entity};

/// Describes the variants of one entity, one after the other, for one organisation.
#[derive(Debug)]
pub struct Describer<'e> {
    variants: &'e [Entity],
    /// The document of the variants that are described in `document`.
    of: Option<&'e Arc<Document>>,
    document: &'e mut Document,
    readings: Readings,
}

impl<'e> Describer<'e> {
    /// Nothing is described yet. What will be is written in the room of `document`, whatever that says now.
    #[must_use]
    pub fn new(variants: &'e [Entity], document: &'e mut Document) -> Self {
        Self {
            variants,
            of: None,
            document,
            readings: Readings::default(),
        }
    }

    /// The variant of a number.
    #[must_use]
    pub fn variant(&self, number: usize) -> &'e Entity {
        &self.variants[number]
    }

    /// Holds the nodes of the variant that was described last.
    #[must_use]
    pub fn document(&self) -> &Document {
        self.document
    }

    /// Whether the nodes of the variant that was described last stay where they are when this one is.
    #[must_use]
    pub fn has_last_of(&self, number: usize) -> bool {
        let document = &self.variants[number].document;
        self.of.is_some_and(|of| Arc::ptr_eq(of, document))
    }

    /// Describes the variant of a number with the facts that something asks for.
    pub fn describe(
        &mut self,
        variant: usize,
        scope: &Scope<'_>,
        asked: FactSet,
    ) -> DescribedNodes {
        let entity = &self.variants[variant];
        if !self.has_last_of(variant) {
            self.of = Some(&entity.document);
            self.document.become_copy_of(&entity.document);
            self.readings = Readings::default();
        }
        let variant = Variant {
            all: self.variants,
            index: variant,
        };
        let mut describing =
            Describing::new(variant, &mut *self.document, &mut self.readings, scope);
        let document = &mut *describing.document;
        let declared = declared::describe(document, entity, scope);
        let registry = scope.registry;
        let registry = registry.map(|registry| declared::registry(document, registry));
        let organisation = scope.organisation;
        let organisation = organisation.map(|one| declared::organisation(document, one, entity));
        let kind = entity.kind();
        let mut members = Vec::with_capacity(FactName::COUNT);
        let mut unasked = None;
        for row in FACTS.iter().filter(|row| row.kinds.has(kind)) {
            let node = match asked.has(row.fact) {
                true => describing.compute(row.fact, row.compute),
                false => Some(*unasked.get_or_insert_with(|| describing.unasked())),
            };
            members.extend(node.map(|node| (row.name, node)));
        }
        let repository = describing.document.object(&members, entity.place);
        DescribedNodes {
            computed: describing.computed,
            tool_owned: describing.tool_owned,
            declared_at: scope.declared.map(|one| one.base.span),
            repository,
            declared,
            registry,
            organisation,
        }
    }
}
