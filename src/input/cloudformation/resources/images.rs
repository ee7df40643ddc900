//! Images of repositories that resources of templates run.
//! It does not know what becomes of images.

mod address;
mod runners;

pub(crate) use self::address::Address;
pub(crate) use self::runners::{NamedImage, named};

use crate::input::cloudformation::expression::cross_stack::RepositoryAddress;
use crate::input::cloudformation::expression::evaluate::{Evaluator, Reads, write_text};
use crate::input::cloudformation::expression::pseudo;
use crate::input::cloudformation::expression::references::REF;
use crate::input::cloudformation::expression::value::TextPart;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{Document, ImageUse, Kinship, Truth};
use crate::source::{Node, Span};

/// Images and repositories of one template that are compared, each with each: a stack of 500 resources can have 250 of
/// both.
const MOST_PAIRS: usize = 62_500;

/// Why images were not compared with a repository.
pub(crate) const TOO_MANY: &str =
    "the template names more images and has more repositories than are compared with each other";

/// The images that resources of a template run.
pub(crate) struct RunningImages<'t> {
    runners: Vec<ImageRunner<'t>>,
    /// Whether there are too many of them to be compared with each repository.
    is_crowded: bool,
}

/// A resource that runs images.
struct ImageRunner<'t> {
    resource: Resource<'t>,
    /// What it names where no condition is decided.
    images: Vec<(NamedImage<'t>, Address<'t>)>,
    /// Whether conditions decide about it.
    is_conditional: bool,
    /// What it depends on that may differ between combinations of conditions.
    reads: Reads,
}

impl<'t> RunningImages<'t> {
    /// Looks through the resources of a template.
    pub(crate) fn find(evaluator: &Evaluator<'t, '_>) -> Self {
        let template = evaluator.template;
        let runners = template.runners.iter();
        let existing = runners.filter(|one| !evaluator.existence(one).is_false());
        let mut found: Vec<ImageRunner<'t>> = existing.map(|one| read(evaluator, *one)).collect();
        found
            .retain(|one| one.is_conditional || one.reads != Reads::default() || one.may_be_ours());
        let repositories = template.of_kind(ResourceKind::Repository).count();
        let images: usize = found.iter().map(|one| one.images.len().max(1)).sum();
        Self {
            is_crowded: images.saturating_mul(repositories) > MOST_PAIRS,
            runners: found,
        }
    }

    /// Whether any may be of a repository that another template has.
    pub(crate) fn may_be_of_others(&self) -> bool {
        self.runners.iter().any(ImageRunner::may_be_ours)
    }

    /// Writes the images of a repository into its document.
    pub(crate) fn write(
        &self,
        evaluator: &Evaluator<'t, '_>,
        repository: &Resource<'t>,
        document: &mut Document,
    ) -> Vec<ImageUse> {
        if self.is_crowded {
            return vec![ImageUse::unseen(document, TOO_MANY, repository.place)];
        }
        let others = evaluator.setting.others;
        if self.runners.is_empty() && others.is_none() {
            return Vec::new();
        }
        let home = home(evaluator, repository);
        let mut uses = Vec::new();
        for runner in &self.runners {
            uses.extend(runner.write(evaluator, repository, &home, document));
        }
        if let Some(others) = others {
            let template = repository.place.source;
            uses.extend(others.images(template, evaluator.context, &home, document));
        }
        uses
    }
}

impl<'t> ImageRunner<'t> {
    fn may_be_ours(&self) -> bool {
        let is_ours = |(_, address): &(_, Address<'t>)| !matches!(address, Address::Foreign);
        self.images.iter().any(is_ours)
    }

    /// Writes the images of a repository that the resource runs in the combination of conditions of `evaluator`.
    ///
    /// Conditions of what has nothing to do with the repository are not looked at.
    fn write(
        &self,
        evaluator: &Evaluator<'t, '_>,
        repository: &Resource<'t>,
        home: &RepositoryAddress<'t>,
        document: &mut Document,
    ) -> Vec<ImageUse> {
        let resource = &self.resource;
        let is_same = match self.is_conditional {
            false => !evaluator.decides_any(self.reads),
            true => false,
        };
        let again;
        let (existence, images) = if is_same {
            (Truth::True, &self.images)
        } else {
            let look = || {
                let existence = evaluator.existence(resource);
                (existence, addressed(evaluator, resource))
            };
            let text = evaluator.template.text_of(resource.node);
            let (existence, images) = match text.contains(repository.id) {
                true => look(),
                false => evaluator.quietly(look),
            };
            again = images;
            (existence, &again)
        };
        let doubt = match existence {
            Truth::False => return Vec::new(),
            Truth::True => None,
            Truth::Unknown(reason) => Some(reason),
        };
        let mut uses = Vec::new();
        for (named, address) in images {
            let runner = Runner {
                kind: kind(resource),
                logical_id: resource.id,
                place: named.place,
                doubt: doubt.clone(),
            };
            uses.extend(runner.write(address, home, document));
        }
        uses
    }
}

/// A resource that runs an image, by what a finding says of it.
pub(crate) struct Runner<'r> {
    /// Its type.
    pub(crate) kind: &'r str,
    /// Its logical id.
    pub(crate) logical_id: &'r str,
    /// Where it names the image.
    pub(crate) place: Span,
    /// Why it may not exist.
    pub(crate) doubt: Option<String>,
}

impl Runner<'_> {
    /// Writes the image that it runs, where that is, or may be, one of the repository.
    pub(crate) fn write<'t>(
        self,
        address: &Address<'t>,
        home: &RepositoryAddress<'t>,
        document: &mut Document,
    ) -> Option<ImageUse> {
        let image = address.within(home, self.place)?;
        let mut write = |text| match text {
            Some(text) => write_text(document, &text),
            None => document.absent(self.place),
        };
        Some(ImageUse {
            resource: self.kind.to_owned(),
            logical_id: self.logical_id.to_owned(),
            place: self.place,
            tag: write(image.tag),
            digest: write(image.digest),
            doubt: image.doubt.or(self.doubt),
        })
    }
}

/// The type of a resource.
pub(crate) fn kind<'t>(resource: &Resource<'t>) -> &'t str {
    let kind = resource.node.get("Type").and_then(Node::as_str);
    kind.unwrap_or_default()
}

fn read<'t>(evaluator: &Evaluator<'t, '_>, resource: Resource<'t>) -> ImageRunner<'t> {
    let (images, reads) = evaluator.reading(|| addressed(evaluator, &resource));
    let (_, decided) = evaluator.reading(|| evaluator.existence(&resource));
    ImageRunner {
        resource,
        images,
        is_conditional: reads.undecided || decided.undecided,
        reads: reads.and(decided),
    }
}

fn addressed<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
) -> Vec<(NamedImage<'t>, Address<'t>)> {
    let named = named(evaluator, resource).into_iter();
    let addressed = named.map(|one| {
        let address = Address::of(&one.uri);
        (one, address)
    });
    addressed.collect()
}

/// How URIs of images may name a repository of the template.
fn home<'t>(evaluator: &Evaluator<'t, '_>, repository: &Resource<'t>) -> RepositoryAddress<'t> {
    let place = repository.place;
    let part = |name: &str| -> Vec<TextPart<'t>> {
        let part = pseudo::part(name, evaluator.context, place);
        part.into_iter().collect()
    };
    let name = evaluator
        .attribute_of(repository.id, REF, place)
        .into_text();
    let name = name.map(|name| name.parts).unwrap_or_default();
    RepositoryAddress {
        account: part("AWS::AccountId"),
        region: part("AWS::Region"),
        name,
        place,
        kinship: Kinship::Stack,
    }
}
