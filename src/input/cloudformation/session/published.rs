//! SSM parameters that other templates of a run may have for a repository.
//! It does not know whose they are.

use super::super::super::Context;
use super::super::elsewhere::{Carried, Claim, Published};
use super::super::repository::condition;
use super::super::template::ResourceKind;
use super::Session;
use super::answers::Together;
use crate::model::{Document, Holds, Parameter, Shape};
use crate::source::{SourceId, Span};

impl Session<'_> {
    /// Every parameter of the templates that publish for others.
    fn published(&self) -> &[Published] {
        self.published.get_or_init(|| {
            let indexes = self.stacks.publishing.iter();
            indexes
                .flat_map(|index| self.published_by(*index))
                .collect()
        })
    }

    fn published_by(&self, index: usize) -> Vec<Published> {
        let found = self.with(index, |evaluator| {
            let parameters = evaluator.template.of_kind(ResourceKind::Parameter);
            let existing = parameters.filter(|one| evaluator.existence(one) != Ok(false));
            let published = existing.filter_map(|resource| {
                let properties = evaluator.properties(&resource);
                let carried = |name| {
                    let value = evaluator.inside(&properties, name).value;
                    Carried::of(value, |hole| self.renamed(index, hole, true))
                };
                let value = carried("Value")?;
                let reference = value.reference.clone();
                Some(Published {
                    index,
                    id: resource.id.to_owned(),
                    name: shape(carried("Name")?)?,
                    value: shape(value)?,
                    reference,
                })
            });
            published.collect()
        });
        found.unwrap_or_default()
    }

    /// Writes those that `claim` takes, as [`super::super::Elsewhere::parameters`] says.
    ///
    /// Where the account and region are not known to be the same, only what certainly holds a value of the
    /// repository counts.
    pub(super) fn claimed(
        &self,
        (template, asker): (SourceId, &Context),
        claim: Claim<'_>,
        document: &mut Document,
    ) -> Vec<Parameter> {
        let all = self.published().iter();
        let all = all.filter(|one| self.stacks.sheets[one.index].source != template);
        let claimed = all.filter_map(|one| {
            let holds = claim(one)?;
            match self.together(asker, one.index) {
                Together::Never => None,
                Together::Perhaps if holds.is_none() => None,
                _ => self.write_parameter(one, holds, document),
            }
        });
        claimed.collect()
    }

    fn write_parameter(
        &self,
        published: &Published,
        holds: Option<Holds>,
        document: &mut Document,
    ) -> Option<Parameter> {
        self.with(published.index, |evaluator| {
            let resource = evaluator.template.resources.get(published.id.as_str())?;
            let properties = evaluator.properties(resource);
            let mut write = |name| {
                let slot = evaluator.inside(&properties, name);
                evaluator.write_string(document, slot)
            };
            let existence = evaluator.existence(resource);
            Some(Parameter {
                logical_id: Some(resource.id.to_owned()),
                place: resource.place,
                name: write("Name"),
                kind: write("Type"),
                value: write("Value"),
                condition: condition(resource)
                    .filter(|_| existence != Ok(true))
                    .map(str::to_owned),
                holds,
            })
        })?
    }
}

fn shape(value: Carried) -> Option<Shape> {
    let text = value.into_resolved(Span::default()).into_text()?;
    Some(text.shape())
}
