//! Policies: mappings of the template, or JSON in a text of it.
//! It does not know what a policy says.

use super::super::Embedded;
use super::evaluate::Evaluator;
use super::property::Slot;
use crate::model::{Document, NodeId};

impl<'t> Evaluator<'t, '_> {
    /// Writes a policy
    pub(super) fn write_policy(
        &self,
        document: &mut Document,
        slot: Slot<'t>,
        _embedded: &mut Embedded,
    ) -> NodeId {
        self.write_any(document, slot)
    }
}
