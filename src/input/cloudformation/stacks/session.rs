//! Values of the stacks of a run, each worked out when another stack asks for it, and once.
//! It does not know who asks.

mod answers;
mod images;
mod known;
mod published;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use self::known::{Late, Publications, Running, What};
use super::index::{Stacks, expand};
use super::outputs::exists;
use crate::input::cloudformation::conditions::valuation::undecided;
use crate::input::cloudformation::expression::cross_stack::{Carried, is_of_place};
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::setting::TemplateSetting;
use crate::input::cloudformation::template::sections::Template;
use crate::input::parse::parse;
use crate::input::{Context, DeployTarget, Override};
use crate::model::{CUT, IMPORT, Shape};
use crate::source::{Node, SourceId, Tree};

/// Stacks through which one value is followed.
const DEEPEST: usize = 12;
/// Values that are worked out for one that is asked for.
const MOST: usize = 2_000;

/// The trees of templates that were asked, one place for each template of a run.
#[derive(Debug, Default)]
pub struct Shelf {
    /// As it is written, and with its loops expanded.
    trees: Vec<OnceCell<[Tree; 2]>>,
}

impl Shelf {
    /// Room for the templates of `stacks`; none is read yet.
    #[must_use]
    pub fn new(stacks: &Stacks<'_>) -> Self {
        Self {
            trees: stacks.sheets.iter().map(|_| OnceCell::new()).collect(),
        }
    }

    /// The numbers of the templates that were read.
    pub fn read(&self) -> impl Iterator<Item = usize> + '_ {
        let trees = self.trees.iter().enumerate();
        trees.filter_map(|(index, tree)| tree.get().map(|_| index))
    }
}

/// Answers what one thread asks about the stacks of a run.
pub struct StackSession<'a> {
    stacks: &'a Stacks<'a>,
    shelf: &'a Shelf,
    templates: Vec<OnceCell<Template<'a>>>,
    contexts: RefCell<FxHashMap<usize, Option<Rc<Context>>>>,
    /// Steps that each template may still take.
    steps: RefCell<FxHashMap<usize, usize>>,
    known: RefCell<FxHashMap<ValueKey, Option<Carried>>>,
    /// What is being worked out, outermost first.
    open: RefCell<Vec<ValueKey>>,
    /// Whether what is being worked out met something that was open already.
    is_cut: Cell<bool>,
    /// Values that were worked out for the outermost one.
    spent: Cell<usize>,
    late: RefCell<Option<Rc<Late>>>,
    published: OnceCell<Publications>,
    running: OnceCell<Running>,
}

/// A value of a template.
type ValueKey = (usize, What);

impl<'a> StackSession<'a> {
    /// Nothing is worked out yet.
    #[must_use]
    pub fn new(stacks: &'a Stacks<'a>, shelf: &'a Shelf) -> Self {
        Self {
            stacks,
            shelf,
            templates: stacks.sheets.iter().map(|_| OnceCell::new()).collect(),
            contexts: RefCell::default(),
            steps: RefCell::default(),
            known: RefCell::default(),
            open: RefCell::default(),
            is_cut: Cell::new(false),
            spent: Cell::new(0),
            late: RefCell::default(),
            published: OnceCell::new(),
            running: OnceCell::new(),
        }
    }

    /// The text of a template, and what is known about its stack from outside and from the stack that
    /// deploys it.
    pub(in crate::input) fn sheet(&self, source: SourceId) -> Option<(&'a str, Rc<Context>)> {
        let index = self.index_of(source)?;
        Some((self.stacks.sheets[index].text, self.context(index)))
    }

    fn context(&self, index: usize) -> Rc<Context> {
        let base = &self.stacks.sheets[index].context;
        let Some(parents) = self.stacks.parents.get(&index) else {
            return Rc::new(base.clone());
        };
        match self.contexts.borrow().get(&index) {
            Some(Some(known)) => return known.clone(),
            // What the parent passes depends on the stack itself.
            Some(None) => {
                self.is_cut.set(true);
                return Rc::new(base.clone());
            }
            None => {}
        }
        self.contexts.borrow_mut().insert(index, None);
        let mut context = base.clone();
        let mut homes = parents.iter().map(|(parent, _)| self.context(*parent));
        if let Some(first) = homes.next() {
            let place = |of: &Context| {
                (
                    of.account().map(str::to_owned),
                    of.region().map(str::to_owned),
                )
            };
            let (account, region) = place(&first);
            let all: Vec<_> = homes.map(|home| place(&home)).collect();
            let own = DeployTarget {
                account: account
                    .filter(|it| all.iter().all(|(other, _)| other.as_ref() == Some(it))),
                region: region.filter(|it| all.iter().all(|(_, other)| other.as_ref() == Some(it))),
            };
            let environment = &mut context.environment;
            environment.account = environment.account.take().or(own.account);
            environment.region = environment.region.take().or(own.region);
        }
        let mut parameters = BTreeMap::clone(&context.parameters);
        for name in self.names_passed(parents) {
            match self.passed_to(index, &name).map(|value| value.known()) {
                Some(Some(value)) => {
                    parameters.insert(name, Override { value, span: None });
                }
                Some(None) => {
                    parameters.remove(&name);
                }
                None => {}
            }
        }
        context.parameters = Arc::new(parameters);
        context.family = self.family(parents);
        let context = Rc::new(context);
        let mut contexts = self.contexts.borrow_mut();
        match self.is_cut.get() {
            true => contexts.remove(&index),
            false => contexts.insert(index, Some(context.clone())),
        };
        context
    }

    /// The template of the stack in which all of these parents are nested, or are themselves.
    fn family(&self, parents: &[(usize, String)]) -> Option<SourceId> {
        let mut families = parents.iter().map(|(parent, _)| {
            let own = self.stacks.sheets[*parent].source;
            self.context(*parent).family.unwrap_or(own)
        });
        let first = families.next()?;
        families.all(|other| other == first).then_some(first)
    }

    /// Names of the parameters for which any of the nested stacks passes a value.
    fn names_passed(&self, parents: &[(usize, String)]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (parent, id) in parents {
            let Some(template) = self.template(*parent) else {
                continue;
            };
            let passed = passed(template, id).into_iter().flat_map(Node::members);
            names.extend(passed.map(|member| member.key.to_owned()));
        }
        names.sort();
        names.dedup();
        names
    }

    fn template(&self, index: usize) -> Option<&Template<'a>> {
        let (stacks, shelf) = (self.stacks, self.shelf);
        let sheet = &stacks.sheets[index];
        let [tree, expanded] = shelf.trees[index].get_or_init(|| {
            let (mut tree, mut expanded) = (Tree::default(), Tree::default());
            // A text that cannot be read was reported when it was loaded; it has no root.
            if parse(sheet.text, sheet.source, &sheet.context, &mut tree).is_ok() {
                expand(sheet, &tree, &mut expanded);
            }
            [tree, expanded]
        });
        let root = expanded
            .root(sheet.text)
            .or_else(|| tree.root(sheet.text))?;
        Some(self.templates[index].get_or_init(|| Template::index(root, None, &mut Vec::new())))
    }

    /// Evaluates something of a template.
    fn with<R>(
        &self,
        index: usize,
        evaluate: impl for<'t> FnOnce(&Evaluator<'t, '_>) -> R,
    ) -> Option<R> {
        let template = self.template(index)?;
        let context = self.context(index);
        let setting = TemplateSetting::new(template, &context, Some(self));
        if let Some(left) = self.steps.borrow().get(&index) {
            setting.steps.set(*left);
        }
        let value = undecided(&setting, evaluate);
        self.steps.borrow_mut().insert(index, setting.steps.get());
        Some(value)
    }

    /// A value of a template: the one that is known, else what `evaluate` makes of it.
    fn demand(&self, key: ValueKey, evaluate: impl FnOnce() -> Option<Carried>) -> Option<Carried> {
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let depth = self.open.borrow().len();
        if depth == 0 {
            self.spent.set(0);
        }
        self.spent.set(self.spent.get() + 1);
        let refusal = if self.open.borrow().contains(&key) {
            Some(format!("{} refers to itself", self.told(key.0, &key.1)))
        } else if depth >= DEEPEST {
            Some(format!(
                "it leads through more than {DEEPEST} values of other stacks"
            ))
        } else if self.spent.get() > MOST {
            Some("it is made of too many values of other stacks".to_owned())
        } else {
            None
        };
        if let Some(reason) = refusal {
            self.is_cut.set(true);
            return Some(Carried::unknown(&format!("{CUT}"), reason));
        }
        self.open.borrow_mut().push(key.clone());
        let before = self.is_cut.replace(false);
        let value = evaluate();
        self.open.borrow_mut().pop();
        // What was cut short would be something else for another one who asks.
        let is_cut = self.is_cut.get();
        if depth == 0 || !is_cut {
            self.known.borrow_mut().insert(key, value.clone());
        }
        self.is_cut.set(depth > 0 && (before || is_cut));
        value
    }

    fn told(&self, index: usize, what: &What) -> String {
        let stack = match &self.stacks.sheets[index].context.stack {
            Some(name) => format!(" of stack `{name}`"),
            None => String::new(),
        };
        match what {
            What::Output(name) => format!("output `{name}`{stack}"),
            What::Passed(name) => format!("parameter `{name}`{stack}"),
            What::Handed(name) => format!("`{name}`{stack}"),
        }
    }

    fn output_of(&self, index: usize, name: &str) -> Carried {
        let key = (index, What::Output(name.to_owned()));
        let value = self.demand(key, || {
            self.with(index, |evaluator| {
                let outputs = evaluator.template.root.get("Outputs")?;
                let output = outputs.get(name)?;
                if !exists(evaluator, output) {
                    return None;
                }
                let value = evaluator.resolve(output.get("Value")?);
                Carried::of(value, |hole| self.renamed(index, hole, true))
            })?
        });
        value.unwrap_or_else(|| {
            let stack = self.stacks.sheets[index].context.stack.as_deref();
            let reason = match stack {
                Some(stack) => format!("stack `{stack}` has no output `{name}` that is a text"),
                None => format!("the stack has no output `{name}` that is a text"),
            };
            Carried::unknown(&format!("{name}{CUT}"), reason)
        })
    }

    fn passed_to(&self, index: usize, name: &str) -> Option<Carried> {
        let parents = self.stacks.parents.get(&index)?;
        let mut found: Option<Carried> = None;
        for (parent, id) in parents {
            // One for each nested stack, so that the same template may be deployed twice by one parent.
            let key = (*parent, What::Passed(format!("{id}.{name}")));
            let value = self.demand(key, || {
                self.with(*parent, |evaluator| {
                    let value = passed(evaluator.template, id)?.get(name)?;
                    let value = evaluator.resolve(value);
                    let rename = |hole| self.renamed(*parent, hole, true);
                    let unknown = || {
                        let reason = format!("`{name}` is not passed as a text");
                        Carried::unknown(&format!("{name}{CUT}"), reason)
                    };
                    Some(Carried::of(value, rename).unwrap_or_else(unknown))
                })?
            });
            match (&found, value) {
                (Some(known), Some(value)) if *known == value => {}
                (None, Some(value)) if *parent == parents[0].0 && *id == parents[0].1 => {
                    found = Some(value);
                }
                (None, None) => {}
                _ => {
                    let reason =
                        format!("several stacks nest the template, each with its own `{name}`");
                    return Some(Carried::unknown(&format!("{name}{CUT}"), reason));
                }
            }
        }
        found
    }

    /// The name of a hole as other templates know it: two holes of one name are one thing.
    fn renamed(&self, index: usize, hole: String, same_place: bool) -> String {
        let is_of_stack = !["resolve:", IMPORT].iter().any(|it| hole.starts_with(it));
        let keeps = !Shape::is_one_thing(&hole)
            || (same_place && (is_of_place(&hole) || !is_of_stack))
            || (hole.contains('/') && is_of_stack);
        match &self.stacks.sheets[index].context.stack {
            _ if keeps => hole,
            Some(stack) => format!("{stack}/{hole}"),
            // A stack without a name is known by its number.
            None => format!("#{index}/{hole}"),
        }
    }

    fn index_of(&self, source: SourceId) -> Option<usize> {
        self.stacks.by_source.get(&source).copied()
    }
}

/// What a nested stack passes, by the name of the parameter.
fn passed<'t>(parent: &Template<'t>, id: &str) -> Option<Node<'t>> {
    parent.resources.get(id)?.written("Parameters")
}
