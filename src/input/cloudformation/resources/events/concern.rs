//! Which event rules of a template may be about which of its repositories, told by the names that their patterns
//! spell or refer to. It does not know what a pattern matches.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::super::references::{is_function, references};
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::{Resource, Template};
use crate::source::{Kind, Node};

/// Pairs of rules and repositories that are compared with each other. Rules that name their repositories take none
/// that matter: this is for patterns about many repositories, in templates that no stack could hold.
const MOST_PAIRS: usize = 10_000;

/// Characters of a pattern that count as one pair: EventBridge takes no more of one, unless it is asked to
/// (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html>).
const ONE_PATTERN: usize = 2_048;

/// The numbers of the rules that may be about each repository.
pub(super) struct Concern<'t> {
    /// By logical id; none where they are too many.
    numbers: FxHashMap<&'t str, Option<Vec<usize>>>,
}

/// No rules.
static NONE: Vec<usize> = Vec::new();

/// What patterns say of repositories.
#[derive(Default)]
struct Index<'t> {
    /// How many pairs each rule counts as with one repository.
    weights: Vec<usize>,
    /// Rules that spell a name, or an ARN with it.
    by_name: FxHashMap<&'t str, Vec<usize>>,
    /// Rules that refer to a repository.
    by_id: FxHashMap<&'t str, Vec<usize>>,
    /// Rules that spell names and refer to nothing: about these names alone.
    spelled: Vec<usize>,
    /// Rules that may be about any repository.
    wide: Vec<usize>,
    /// Rules that refer to repositories, and may be about those whose names they spell anywhere, too.
    mixed: Vec<(usize, Cow<'t, str>)>,
}

impl<'t> Concern<'t> {
    /// Compares the patterns of rules with the repositories of the template.
    pub(super) fn of(template: &Template<'t>, patterns: impl Iterator<Item = Node<'t>>) -> Self {
        let mut index = Index::default();
        for (number, pattern) in patterns.enumerate() {
            index.add(template, number, pattern);
        }
        let mut numbers = FxHashMap::default();
        let mut left = MOST_PAIRS;
        let host = host(template);
        for repository in template.of_kind(ResourceKind::Repository) {
            // What is wrong with a rule in itself is reported once.
            let is_host = host == Some(repository.id);
            numbers.insert(repository.id, index.about(&repository, is_host, &mut left));
        }
        Self { numbers }
    }

    /// The rules that may be about a repository; `None` where nobody has counted them.
    pub(super) fn with(&self, id: &str) -> Option<&[usize]> {
        self.numbers.get(id).map_or(Some(&[]), Option::as_deref)
    }
}

/// The repository beside which rules are judged that name others, of this template or another: the first that exists in any case, else the first.
fn host<'t>(template: &Template<'t>) -> Option<&'t str> {
    let repositories = || template.of_kind(ResourceKind::Repository);
    let certain = repositories().find(|one| one.node.get("Condition").is_none());
    certain.or_else(|| repositories().next()).map(|one| one.id)
}

impl<'t> Index<'t> {
    fn add(&mut self, template: &Template<'t>, number: usize, pattern: Node<'t>) {
        let mut named = Vec::new();
        references(template, pattern, &mut named);
        let span = pattern.span();
        self.weights
            .push(1 + span.end.saturating_sub(span.start) as usize / ONE_PATTERN);
        match spelled(pattern, &named) {
            Some(names) => {
                if named.is_empty() {
                    self.spelled.push(number);
                }
                for name in names {
                    note(&mut self.by_name, name, number);
                }
            }
            None if named.is_empty() => self.wide.push(number),
            None => self.mixed.push((number, template.text_of(pattern))),
        }
        for id in named {
            note(&mut self.by_id, id, number);
        }
    }

    /// The rules that may be about a repository, in their order, unless there are more than `left` pairs to look at.
    fn about(
        &self,
        repository: &Resource<'t>,
        is_host: bool,
        left: &mut usize,
    ) -> Option<Vec<usize>> {
        let name = repository.written("RepositoryName");
        let name = name.and_then(Node::as_str);
        let here = name.map_or(&self.spelled, |name| {
            self.by_name.get(name).unwrap_or(&NONE)
        });
        let beside = if is_host { &self.spelled } else { &NONE };
        let referring = self.by_id.get(repository.id).unwrap_or(&NONE);
        let mixed = if name.is_some() { &*self.mixed } else { &[] };
        if *left == 0 && !is_host {
            return None;
        }
        let all = [&self.wide, here, referring].into_iter().flatten();
        let all = all.chain(mixed.iter().map(|(number, _)| number));
        let pairs: usize = all.map(|number| self.weights[*number]).sum();
        match left.checked_sub(pairs) {
            Some(rest) => *left = rest,
            None if is_host => *left = 0,
            // One that takes less than this may come yet, but nobody is to look for it.
            None => {
                *left = 0;
                return None;
            }
        }
        let mixed = mixed.iter().filter_map(|(number, text)| {
            let is_spelled = name.is_some_and(|name| text.contains(name));
            is_spelled.then_some(number)
        });
        let all = [&self.wide, here, beside, referring].into_iter().flatten();
        let mut numbers: Vec<usize> = all.chain(mixed).copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        Some(numbers)
    }
}

fn note<'t>(index: &mut FxHashMap<&'t str, Vec<usize>>, key: &'t str, number: usize) {
    let numbers = index.entry(key).or_default();
    if numbers.last() != Some(&number) {
        numbers.push(number);
    }
}

/// The names that a pattern asks for, where it asks for names that are spelled, or for repositories `named` by
/// reference, and for nothing else.
fn spelled<'t>(pattern: Node<'t>, named: &[&str]) -> Option<Vec<&'t str>> {
    let detail = pattern
        .get("detail")
        .filter(|_| !pattern.contradicts("detail"))?;
    let names = detail.get("repository-name")?;
    let is_open =
        detail.contradicts("repository-name") || [pattern, detail].into_iter().any(is_made);
    if is_open || names.kind() != Kind::Array {
        return None;
    }
    let mut spelled = Vec::new();
    for item in names.items() {
        match item.as_str() {
            Some(text) if item.kind() == Kind::String => spelled.push(name_in(text)),
            _ => {
                item.get("Ref")?.as_str().filter(|id| named.contains(id))?;
            }
        }
    }
    Some(spelled)
}

/// Whether a function makes members of the mapping.
fn is_made(node: Node<'_>) -> bool {
    node.members().any(|member| is_function(&member))
}

/// The name in an ARN, also of an image; any other text as it is.
fn name_in(text: &str) -> &str {
    match text.split_once(":repository/") {
        Some((_, rest)) => rest.split("/sha256:").next().unwrap_or(rest),
        None => text,
    }
}
