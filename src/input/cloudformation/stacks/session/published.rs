//! SSM parameters that other templates of a run may have for a repository.
//! It does not know whose they are.

use super::StackSession;
use super::known::Publications;
use crate::input::Context;
use crate::input::cloudformation::expression::cross_stack::{Carried, Published, Sought};
use crate::input::cloudformation::resources::related::candidate::may_be_ecr_name;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::model::{Document, Holds, Parameter, Shape, Truth};
use crate::source::{SourceId, Span};

/// Parameters of other templates and repositories of one template that are compared, each with each.
const MOST_PAIRS: usize = 300_000;

/// Why parameters were not compared with a repository.
const TOO_MANY: &str = "other templates have more SSM parameters, and this one more repositories, than are compared with each other";

impl StackSession<'_> {
    fn published(&self) -> &Publications {
        self.published.get_or_init(|| {
            let mut found = Publications::default();
            for index in &self.stacks.publishing {
                let home = home(&self.context(*index));
                for one in self.published_by(*index) {
                    let number = found.all.len();
                    if let Some(reference) = &one.reference {
                        let id = reference.logical_id.clone();
                        found.references.entry(id).or_default().push(number);
                    }
                    if let (Some(home), true) = (&home, may_be_ecr_name(&one.name)) {
                        found.named.entry(home.clone()).or_default().push(number);
                    }
                    let value = one.value.clone();
                    found.values.entry(value).or_default().push(number);
                    found.all.push(one);
                }
            }
            found
        })
    }

    fn published_by(&self, index: usize) -> Vec<Published> {
        let found = self.with(index, |evaluator| {
            let parameters = evaluator.template.of_kind(ResourceKind::Parameter);
            let existing = parameters.filter(|one| !evaluator.existence(one).is_false());
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

    /// Writes those that are sought, as [`CrossStack::parameters`](crate::input::cloudformation::CrossStack::parameters) says.
    ///
    /// Where the account and region are not known to be the same, only what certainly holds a value of the
    /// repository counts.
    pub(super) fn claimed(
        &self,
        template: SourceId,
        asker: &Context,
        sought: &Sought<'_>,
        document: &mut Document,
    ) -> Vec<Parameter> {
        let published = self.published();
        let (numbers, is_cut) = published.near(home(asker), sought);
        let all = numbers.into_iter().map(|number| &published.all[number]);
        let all = all.filter(|one| self.stacks.sheets[one.index].source != template);
        let unseen = is_cut.then(|| Parameter::unseen(document, TOO_MANY, sought.place));
        let claimed = all.filter_map(|one| {
            let holds = (sought.claim)(one)?;
            match self.is_beside(asker, one.index) {
                Truth::False => None,
                Truth::Unknown(()) if holds.is_none() => None,
                _ => self.write_parameter(one, holds, document),
            }
        });
        let mut claimed: Vec<_> = claimed.collect();
        claimed.extend(unseen);
        claimed
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
                condition: resource
                    .condition()
                    .filter(|_| !existence.is_true())
                    .map(str::to_owned),
                holds,
                is_unseen: false,
            })
        })?
    }
}

impl Publications {
    /// The numbers of those that may be sought, in their order, and whether there are more than are compared.
    fn near(&self, home: Option<[String; 2]>, sought: &Sought<'_>) -> (Vec<usize>, bool) {
        let most = (MOST_PAIRS / sought.repositories.max(1)).max(1);
        let ids = sought.ids.into_iter().flatten();
        let referring = ids.filter_map(|id| self.references.get(id));
        let equal = sought.values.iter();
        let equal = equal.filter_map(|value| self.values.get(*value));
        let named = home.and_then(|home| self.named.get(&home));
        let mut numbers = Vec::new();
        let mut is_cut = false;
        for found in referring.chain(equal).chain(named) {
            is_cut |= found.len() > most;
            numbers.extend(found.iter().take(most));
        }
        numbers.sort_unstable();
        numbers.dedup();
        (numbers, is_cut)
    }
}

/// Account and region, where both are known: then two stacks in the same are certainly in one.
fn home(context: &Context) -> Option<[String; 2]> {
    Some([context.account()?.to_owned(), context.region()?.to_owned()])
}

fn shape(value: Carried) -> Option<Shape> {
    let text = value.into_resolved(Span::default()).into_text()?;
    Some(text.shape())
}
