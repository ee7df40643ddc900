//! Answers what one stack asks about the others of its run.
//! It does not know how a value is worked out.

use std::rc::Rc;

use super::super::index::handed;
use super::super::outputs::exports;
use super::StackSession;
use super::known::{Late, What};
use crate::input::Context;
use crate::input::cloudformation::expression::cross_stack::RepositoryAddress;
use crate::input::cloudformation::expression::cross_stack::{
    Carried, CrossStack, Sought, StackOutput,
};
use crate::input::cloudformation::expression::imports::{
    imported, no_export, no_stack, no_template, no_writer,
};
use crate::input::cloudformation::expression::references::REF;
use crate::input::cloudformation::resources::keys::write_key;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::model::{Document, ImageUse, KmsKey, Parameter, Reference, Truth};
use crate::source::{SourceId, Tree};

impl StackSession<'_> {
    /// The exports whose names are not known without parents.
    fn late(&self) -> Rc<Late> {
        if let Some(known) = &*self.late.borrow() {
            return known.clone();
        }
        // While names are worked out, those that are not known yet do not count.
        self.late.replace(Some(Rc::default()));
        let mut late = Late::default();
        for index in &self.stacks.late {
            let found = self.with(*index, exports).unwrap_or_default();
            for (output, name) in found {
                match name {
                    Ok(name) => late.exports.entry(name).or_default().push((*index, output)),
                    Err(()) => late.open.push(*index),
                }
            }
        }
        let late = Rc::new(late);
        self.late.replace(Some(late.clone()));
        late
    }

    /// Whether two stacks are in one account and region.
    pub(super) fn is_beside(&self, asker: &Context, index: usize) -> Truth<()> {
        let context = self.context(index);
        let accounts = Truth::equal(asker.account(), context.account());
        accounts.and(Truth::equal(asker.region(), context.region()))
    }

    /// The one of several that is certainly meant, or why there is none.
    fn choose<T>(
        found: Vec<(Truth<()>, T)>,
        missing: impl FnOnce() -> String,
        several: impl FnOnce() -> String,
    ) -> Result<T, String> {
        let is_sure = found.iter().any(|(is_meant, _)| is_meant.is_true());
        let wanted = if is_sure {
            Truth::True
        } else {
            Truth::Unknown(())
        };
        let mut chosen = found
            .into_iter()
            .filter(|(is_meant, _)| *is_meant == wanted);
        match (chosen.next(), chosen.next()) {
            (Some((_, only)), None) => Ok(only),
            (None, _) => Err(missing()),
            (Some(_), Some(_)) => Err(several()),
        }
    }
}

impl CrossStack for StackSession<'_> {
    fn export(&self, asker: &Context, name: &str) -> Carried {
        let late = self.late();
        let known = [self.stacks.exports.get(name), late.exports.get(name)];
        let found = known.into_iter().flatten().flatten();
        let found = found.map(|one| (self.is_beside(asker, one.0), one));
        let missing = || {
            let mut open = late.open.iter();
            match open.any(|index| !self.is_beside(asker, *index).is_false()) {
                true => format!(
                    "a stack that exports under a name that is not known may export `{name}`"
                ),
                false => no_export(name),
            }
        };
        let several = || format!("more than one output is exported as `{name}`");
        match Self::choose(found.collect(), missing, several) {
            Ok((index, output)) => self.output_of(*index, output),
            Err(reason) => Carried::unknown(&imported(name), reason),
        }
    }

    fn output(&self, asker: &Context, wanted: &StackOutput) -> Carried {
        let named = self.stacks.by_name.get(&wanted.stack);
        let region = wanted.region.as_deref().or(asker.region());
        let found = named.into_iter().flatten().map(|index| {
            let context = self.context(*index);
            let accounts = match wanted.any_account {
                true => Truth::True,
                false => Truth::equal(asker.account(), context.account()),
            };
            let regions = Truth::equal(region, context.region());
            (accounts.and(regions), *index)
        });
        let missing = || no_stack(&wanted.stack);
        let several = || format!("more than one stack is called `{}`", wanted.stack);
        match Self::choose(found.collect(), missing, several) {
            Ok(index) => self.output_of(index, &wanted.output),
            Err(reason) => Carried::unknown(&wanted.hole(), reason),
        }
    }

    fn nested(&self, asker: SourceId, logical_id: &str, output: &str) -> Carried {
        let child = self.index_of(asker).and_then(|index| {
            let nested = (index, logical_id.to_owned());
            self.stacks.children.get(&nested)
        });
        match child {
            Some(child) => self.output_of(*child, output),
            None => no_template(logical_id, output),
        }
    }

    fn passed(&self, asker: SourceId, parameter: &str) -> Option<Carried> {
        self.passed_to(self.index_of(asker)?, parameter)
    }

    fn handed(&self, asker: &Context, path: &str) -> Carried {
        let writers = self.stacks.hands.get(path).into_iter().flatten();
        let found = writers.filter_map(|(index, writer)| {
            let context = self.context(*index);
            let region = self.with(*index, |evaluator| {
                let writer = evaluator.template.resources.get(writer.as_str())?;
                let properties = writer.node.get("Properties")?.get("WriterProps")?;
                let region = evaluator.resolve(properties.get("region")?).known_text()?;
                Some(region.into_owned())
            })?;
            let accounts = Truth::equal(asker.account(), context.account());
            let regions = Truth::equal(asker.region(), region.as_deref());
            Some((accounts.and(regions), (*index, writer)))
        });
        let missing = || no_writer(path);
        let several = || format!("more than one stack writes `{path}`");
        let (index, writer) = match Self::choose(found.collect(), missing, several) {
            Ok(found) => found,
            Err(reason) => return Carried::unknown(path, reason),
        };
        let value = self.demand((index, What::Handed(path.to_owned())), || {
            self.with(index, |evaluator| {
                let writer = evaluator.template.resources.get(writer.as_str())?;
                let value = evaluator.resolve(handed(writer)?.get(path)?);
                Carried::of(value, |hole| self.renamed(index, hole, false))
            })?
        });
        value
            .unwrap_or_else(|| Carried::unknown(path, format!("`{path}` is not written as a text")))
    }

    fn parameters(
        &self,
        template: SourceId,
        asker: &Context,
        sought: &Sought<'_>,
        document: &mut Document,
    ) -> Vec<Parameter> {
        self.claimed(template, asker, sought, document)
    }

    fn images(
        &self,
        template: SourceId,
        asker: &Context,
        home: &RepositoryAddress<'_>,
        document: &mut Document,
    ) -> Vec<ImageUse> {
        self.used(template, asker, home, document)
    }

    fn key(&self, reference: &Reference) -> Option<Reference> {
        let mut reference = reference.clone();
        // An alias of an alias is the longest way there is.
        for _ in 0..3 {
            let index = self.index_of(reference.template)?;
            let next = self.with(index, |evaluator| {
                let resource = evaluator
                    .template
                    .resources
                    .get(reference.logical_id.as_str())?;
                match resource.kind {
                    ResourceKind::Key => Some(Ok(resource.id.to_owned())),
                    ResourceKind::Alias if reference.attribute == REF => {
                        let properties = evaluator.properties(resource);
                        let target = evaluator.inside(&properties, "TargetKeyId").value;
                        Some(Err(target.reference()?.clone()))
                    }
                    _ => None,
                }
            })??;
            match next {
                Ok(logical_id) => {
                    return Some(Reference {
                        template: reference.template,
                        logical_id,
                        attribute: "Arn".to_owned(),
                    });
                }
                Err(target) => reference = target,
            }
        }
        None
    }

    fn write_key(
        &self,
        key: &Reference,
        document: &mut Document,
        embedded: &mut Tree,
    ) -> Option<KmsKey> {
        self.with(self.index_of(key.template)?, |evaluator| {
            let resource = evaluator.template.resources.get(key.logical_id.as_str())?;
            Some(write_key(evaluator, resource, document, embedded))
        })?
    }
}
