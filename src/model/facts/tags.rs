//! Which required tags a repository lacks.
//! It does not know where a tag was put on: on the repository or on its stack.

use super::Scope;
use super::leaf::{self, Leaf};
use crate::model::members;
use crate::model::{Document, Environment, NodeId, Truth, Unknown, Value};
use crate::model::{Of, RepositorySettings, RequiredTag};
use crate::source::Span;

/// Why a value may be right in one environment and wrong in another.
const WHICH_ENVIRONMENT: &str = "the environment that it is deployed to is not known";
/// Why no environment says which value is right.
const NO_ENVIRONMENT: &str = "its account and region belong to no environment";

/// What is certain about one required tag.
enum TagCompliance {
    Fulfilled,
    Wrong(Span, String),
    /// With the reason.
    Unknown(Span, String),
}

/// What is demanded of one tag, where the repository is deployed.
struct TagDemand<'s> {
    tag: &'s RequiredTag,
    /// Where the repository may be deployed.
    environments: Vec<&'s Environment>,
}

/// Adds `[{key, expected, wanted, instead, add, problem}]`: required tags that are missing or have a value that is not allowed.
pub(super) fn missing(
    document: &mut Document,
    repository: Of<'_, RepositorySettings>,
    scope: &Scope<'_>,
) -> NodeId {
    let tags = repository.document.value(repository.own.tags);
    let mut found = Vec::new();
    let mut doubt = None;
    for demand in demands(repository, scope) {
        match examine(tags, &demand) {
            TagCompliance::Fulfilled => {}
            TagCompliance::Wrong(span, problem) => {
                let key = &demand.tag.key;
                let key = document.string(&key.value, key.span);
                let expected = leaf::optional(document, demand.only(), span);
                let problem = document.string(&problem, span);
                let is_there = tags.items().any(|tag| {
                    leaf::member_text(tag, members::TAG_KEY).known() == Some(&demand.tag.key.value)
                });
                let free = demand
                    .is_free()
                    .then(|| format!("<{}>", demand.tag.key.value));
                let value = demand.only().or(free.as_deref());
                let add = value.filter(|_| !is_there);
                let members = [
                    ("key", key),
                    ("expected", expected),
                    (
                        "wanted",
                        leaf::optional(document, demand.wanted().as_deref(), span),
                    ),
                    (
                        "instead",
                        leaf::optional(document, value.filter(|_| is_there), span),
                    ),
                    ("add", leaf::optional(document, add, span)),
                    (members::PROBLEM.name(), problem),
                ];
                found.push(document.object(&members, span));
            }
            TagCompliance::Unknown(span, reason) => doubt = doubt.or(Some((span, reason))),
        }
    }
    match doubt {
        Some((span, reason)) if found.is_empty() => {
            document.unknown(Unknown::because(reason), span)
        }
        _ => document.array(&found, tags.span()),
    }
}

/// What is demanded of each tag.
fn demands<'s>(
    repository: Of<'_, RepositorySettings>,
    scope: &Scope<'s>,
) -> impl Iterator<Item = TagDemand<'s>> + use<'s> {
    let (account, region) = (&repository.subject.account, &repository.subject.region);
    let organisation = scope.organisation;
    let environments: Vec<_> = match (scope.environment, organisation) {
        (Some(environment), _) => vec![environment],
        (None, Some(organisation)) => organisation
            .possible_environments(account.as_deref(), region.as_deref())
            .collect(),
        (None, None) => Vec::new(),
    };
    let tags = organisation.map_or(&[][..], |organisation| &organisation.required_tags);
    tags.iter().map(move |tag| TagDemand {
        tag,
        environments: environments.clone(),
    })
}

impl<'s> TagDemand<'s> {
    /// Whether any value will do, wherever the repository is deployed.
    fn is_free(&self) -> bool {
        let RequiredTag {
            values,
            pattern,
            by_environment,
            ..
        } = self.tag;
        values.is_empty() && pattern.is_none() && by_environment.is_empty()
    }

    /// Whether nothing but a pattern says which values are right.
    fn is_about_patterns(&self) -> bool {
        self.tag.values.is_empty() && self.tag.by_environment.is_empty()
    }

    /// The value that is right wherever the repository may be deployed, where there is only one.
    fn only(&self) -> Option<&'s str> {
        let [value] = self.tag.values.as_slice() else {
            let mut each = self.environments.iter().map(|one| self.tag.value_in(one));
            let first = each.next()??;
            return each.all(|other| other == Some(first)).then_some(first);
        };
        Some(&value.value)
    }

    /// Whether a text that is known in part may be right.
    fn admits(&self, may_be: impl Fn(&str) -> bool) -> bool {
        let values = &self.tag.values;
        let by_environment = self.tag.by_environment.is_empty()
            || self.environments.is_empty()
            || self
                .environments
                .iter()
                .any(|one| self.tag.value_in(one).is_none_or(&may_be));
        by_environment && (values.is_empty() || values.iter().any(|value| may_be(&value.value)))
    }

    /// What a right value is, in words, where not every one is.
    fn wanted(&self) -> Option<String> {
        let expected = Some(self.expected()).filter(|expected| !expected.is_empty());
        let pattern = self.tag.pattern.as_ref();
        expected.or_else(|| pattern.map(|it| format!("a match of `{}`", it.value.as_str())))
    }

    /// What is expected instead of another value.
    fn expected(&self) -> String {
        let values = self
            .tag
            .values
            .iter()
            .map(|value| format!("`{}`", value.value));
        let by_environment = self.environments.iter().filter_map(|one| {
            let value = self.tag.value_in(one)?;
            Some(format!("`{value}` in environment `{}`", one.name))
        });
        let all: Vec<_> = values.chain(by_environment).collect();
        all.join(" or ")
    }

    /// Holds a text against the values of the environments.
    fn in_environments(&self, text: &str) -> Result<(), Fault> {
        if self.tag.by_environment.is_empty() {
            return Ok(());
        }
        let is_right =
            |one: &&Environment| self.tag.value_in(one).is_none_or(|value| value == text);
        let right = self
            .environments
            .iter()
            .copied()
            .filter(|one| is_right(one))
            .count();
        match self.environments.len() {
            0 => Err(Fault::Unclear(NO_ENVIRONMENT)),
            all if right == all => Ok(()),
            _ if right == 0 => Err(Fault::Wrong(self.expected())),
            _ => Err(Fault::Unclear(WHICH_ENVIRONMENT)),
        }
    }

    /// Holds a known value against what is demanded.
    fn check(&self, text: &str) -> Result<(), Fault> {
        let values = &self.tag.values;
        if !values.is_empty() && !values.iter().any(|value| value.value == text) {
            return Err(Fault::Wrong(self.expected()));
        }
        if let Some(pattern) = &self.tag.pattern
            && !pattern.value.matches(text)
        {
            let pattern = pattern.value.as_str();
            return Err(Fault::Wrong(format!("a match of `{pattern}`")));
        }
        self.in_environments(text)
    }
}

/// Why a value is not known to be right.
enum Fault {
    /// It is wrong; with what is expected instead.
    Wrong(String),
    /// It may be right; with the reason.
    Unclear(&'static str),
}

fn examine(tags: Value<'_>, demand: &TagDemand<'_>) -> TagCompliance {
    let wanted = demand.tag.key.value.as_str();
    if let Some(unknown) = tags.as_unknown() {
        return TagCompliance::Unknown(tags.span(), unknown.reason.clone());
    }
    let mut doubt = None;
    let mut near = None;
    for tag in tags.items() {
        let key = match tag.as_unknown() {
            Some(unknown) => Leaf::Unknown(unknown),
            None => leaf::member_text(tag, members::TAG_KEY),
        };
        match key {
            Leaf::Known(key) if key == wanted => return examine_value(tag, demand),
            Leaf::Known(key) if key.eq_ignore_ascii_case(wanted) => near = Some(key),
            Leaf::Unknown(unknown) => {
                let possible = unknown
                    .shape
                    .as_ref()
                    .is_none_or(|shape| shape.admits(wanted));
                doubt = doubt.or(possible.then_some((tag.span(), unknown)));
            }
            _ => {}
        }
    }
    match (doubt, near) {
        (Some((span, unknown)), _) => TagCompliance::Unknown(span, unknown.reason.clone()),
        (None, Some(near)) => TagCompliance::Wrong(
            tags.span(),
            format!("has no tag `{wanted}`, only `{near}` in other letter case"),
        ),
        (None, None) => TagCompliance::Wrong(tags.span(), format!("has no tag `{wanted}`")),
    }
}

fn examine_value(tag: Value<'_>, demand: &TagDemand<'_>) -> TagCompliance {
    let Some(node) = tag.get(members::TAG_VALUE) else {
        return TagCompliance::Fulfilled;
    };
    if demand.is_free() {
        return TagCompliance::Fulfilled;
    }
    let wanted = &demand.tag.key.value;
    match leaf::text(node) {
        Leaf::Known(text) => match demand.check(text) {
            Ok(()) => TagCompliance::Fulfilled,
            Err(Fault::Unclear(reason)) => TagCompliance::Unknown(node.span(), reason.to_owned()),
            Err(Fault::Wrong(expected)) => TagCompliance::Wrong(
                node.span(),
                format!("has the tag `{wanted}` with `{text}`, expected {expected}"),
            ),
        },
        Leaf::Unknown(unknown) => {
            let shape = unknown.shape.as_ref();
            let may_be = |text: &str| shape.is_none_or(|shape| shape.admits(text));
            let pattern = demand.tag.pattern.as_ref();
            let fits = pattern.zip(shape);
            let fits = fits.map(|(pattern, shape)| pattern.value.fits(shape));
            let is_one = demand.admits(may_be);
            let expected = match (is_one, fits, pattern) {
                (true, Some(Truth::False), Some(pattern)) => {
                    format!("a match of `{}`", pattern.value.as_str())
                }
                (true, Some(Truth::True), _) if demand.is_about_patterns() => {
                    return TagCompliance::Fulfilled;
                }
                (true, ..) => return TagCompliance::Unknown(node.span(), unknown.reason.clone()),
                (false, ..) => demand.expected(),
            };
            let problem = format!("has the tag `{wanted}` with another value than {expected}");
            TagCompliance::Wrong(node.span(), problem)
        }
        Leaf::Absent | Leaf::Other => {
            let problem = format!("has the tag `{wanted}` without a value");
            TagCompliance::Wrong(node.span(), problem)
        }
    }
}
