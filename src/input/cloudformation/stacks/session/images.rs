//! Images that resources of the templates of a run name, for the repositories of the others.
//! It does not know what becomes of images.

use super::StackSession;
use super::known::{Running, Use};
use crate::input::Context;
use crate::input::cloudformation::expression::cross_stack::{
    Carried, RepositoryAddress, is_of_place,
};
use crate::input::cloudformation::expression::value::{Resolved, Text, TextPart};
use crate::input::cloudformation::resources::images::{Address, Runner, kind, named};
use crate::model::{Document, ImageUse, Kinship, Truth};
use crate::source::{SourceId, Span};

/// Images of other templates that are compared with one repository.
const MOST: usize = 10_000;

/// Why images were not compared with a repository.
const TOO_MANY: &str = "other templates name more images than are compared with a repository";

impl StackSession<'_> {
    fn running(&self) -> &Running {
        self.running.get_or_init(|| {
            let mut found = Running::default();
            for index in &self.stacks.running {
                for one in self.uses(*index) {
                    let number = found.all.len();
                    let address = Address::of(&text(one.uri.clone(), one.place));
                    match (address.name(), address) {
                        (_, Address::Foreign) => continue,
                        (Some(name), _) => found.names.entry(name).or_default().push(number),
                        (None, _) => found.open.push(number),
                    }
                    found.all.push(one);
                }
            }
            found
        })
    }

    /// The images that the resources of a template run.
    fn uses(&self, index: usize) -> Vec<Use> {
        let found = self.with(index, |evaluator| {
            let mut uses = Vec::new();
            for resource in &evaluator.template.runners {
                let doubt = match evaluator.existence(resource) {
                    Truth::False => continue,
                    Truth::True => None,
                    Truth::Unknown(reason) => Some(reason),
                };
                for one in named(evaluator, resource) {
                    let uri = Resolved::Text(one.uri);
                    let uri = Carried::of(uri, |hole| self.renamed(index, hole, true));
                    uses.extend(uri.map(|uri| Use {
                        index,
                        kind: kind(resource).to_owned(),
                        logical_id: resource.id.to_owned(),
                        place: one.place,
                        doubt: doubt.clone(),
                        uri,
                    }));
                }
            }
            uses
        });
        found.unwrap_or_default()
    }

    /// Writes those of one repository, as [`CrossStack::images`](crate::input::cloudformation::CrossStack::images) says.
    pub(super) fn used(
        &self,
        template: SourceId,
        asker: &Context,
        home: &RepositoryAddress<'_>,
        document: &mut Document,
    ) -> Vec<ImageUse> {
        let running = self.running();
        let Some(index) = self.index_of(template).filter(|_| !running.all.is_empty()) else {
            return Vec::new();
        };
        let (numbers, is_cut) = running.near(&home.name);
        let renamed = |parts: &[TextPart<'_>]| -> Vec<TextPart<'static>> {
            let rename = |name: String| self.renamed(index, name, true);
            let renamed = parts.iter().map(|part| part.renamed(rename));
            renamed.collect()
        };
        let home = RepositoryAddress {
            account: renamed(&home.account),
            region: renamed(&home.region),
            name: renamed(&home.name),
            place: home.place,
            kinship: Kinship::Place,
        };
        let others = numbers.into_iter().map(|number| &running.all[number]);
        let others = others.filter(|one| one.index != index);
        let mut uses = Vec::new();
        for one in others {
            let mut uri = text(one.uri.clone(), one.place);
            if self.is_beside(asker, one.index).is_false() {
                // What is called the same is not the same elsewhere.
                for part in &mut uri.parts {
                    if let TextPart::Hole { name, .. } = part
                        && is_of_place(name)
                    {
                        *name = format!("#{}/{name}", one.index);
                    }
                }
            }
            let address = Address::of(&uri);
            if address.is_anything() {
                // It says nothing about a repository that it does not stand beside.
                continue;
            }
            let runner = Runner {
                kind: &one.kind,
                logical_id: &one.logical_id,
                place: one.place,
                doubt: one.doubt.clone(),
            };
            uses.extend(runner.write(&address, &home, document));
        }
        if is_cut {
            uses.push(ImageUse::unseen(document, TOO_MANY, home.place));
        }
        uses
    }
}

impl Running {
    /// The numbers of those that may be of a repository with this name, in their order, and whether there are more.
    fn near(&self, name: &[TextPart<'_>]) -> (Vec<usize>, bool) {
        let known = Text::new(Span::default(), name.to_vec());
        let mut numbers: Vec<usize> = match known.known() {
            Some(name) => {
                let named = self.names.get(name.as_ref()).into_iter().flatten();
                named.chain(&self.open).copied().collect()
            }
            None => (0..self.all.len()).collect(),
        };
        let is_cut = numbers.len() > MOST;
        numbers.truncate(MOST);
        numbers.sort_unstable();
        (numbers, is_cut)
    }
}

fn text(uri: Carried, place: Span) -> Text<'static> {
    let text = uri.into_resolved(place).into_text();
    text.unwrap_or_else(|| Text::new(place, Vec::new()))
}
