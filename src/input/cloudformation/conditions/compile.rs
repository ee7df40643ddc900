//! The sections `Conditions` and `Rules` as formulas over what is chosen when a stack is deployed.
//! It does not know resources, nor who asks.

use std::cell::RefCell;
use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::constraint::Constraints;
use super::known_keys::KnownKeys;
use super::solver::{Fact, Formula, Solver};
use crate::input::cloudformation::expression::conditional::undeclared;
use crate::input::cloudformation::expression::decision::Binding;
use crate::input::cloudformation::expression::setting::TemplateSetting;
use crate::input::cloudformation::template::attributes;
use crate::input::cloudformation::template::extensions::LOOP;
use crate::input::cloudformation::template::function::{PARTS, all_of, items};
use crate::model::Truth;
use crate::source::{Kind, Member, Node};

/// Conditions are followed into each other this deep.
const MAX_DEPTH: usize = 100;
/// The first part of a rule's functions that compare.
const COMPARING: [&str; 4] = [
    "Fn::Equals",
    "Fn::Contains",
    "Fn::EachMemberIn",
    "Fn::EachMemberEquals",
];

/// Why a condition can have neither outcome.
pub(crate) const CONTRADICTION: &str =
    "no values of the parameters fit the `Rules` of the template";
/// Why an outcome is not looked for any longer.
const TOO_HARD: &str = "the conditions of the template take too long to combine";

/// The conditions of a template, each compiled when it is first asked for.
pub(crate) struct Conditions<'t> {
    pub(crate) state: RefCell<CompiledConditions<'t>>,
    /// Keys of mappings that were looked for.
    pub(crate) keys: KnownKeys<'t>,
}

/// What was compiled so far.
pub(crate) struct CompiledConditions<'t> {
    pub(crate) solver: Solver,
    named: FxHashMap<&'t str, Result<usize, String>>,
    /// Conditions that are being compiled, outermost first.
    open: Vec<&'t str>,
    /// Variables by the name of their parameter, or by the comparison that they stand for.
    pub(crate) variables: FxHashMap<String, usize>,
    /// The values of each variable; `None` is any other value.
    pub(crate) domains: Vec<Vec<Option<String>>>,
    /// The number of each of these values.
    pub(crate) numbers: Vec<FxHashMap<String, usize>>,
    /// The formulas for variables having the values of these numbers, where anybody asked.
    values: FxHashMap<(usize, usize), usize>,
    /// What the declarations of parameters allow, by variable.
    pub(crate) constraints: FxHashMap<usize, Constraints<'t>>,
    /// The texts that each parameter is compared with.
    pub(crate) literals: FxHashMap<&'t str, BTreeSet<String>>,
    /// Mappings whose keys were taken for what a parameter is compared with.
    mapped: FxHashSet<Mapped<'t>>,
    has_started: bool,
}

impl CompiledConditions<'_> {
    /// The formula for a variable having the value of this number.
    pub(crate) fn value(&mut self, variable: usize, value: usize) -> usize {
        let solver = &mut self.solver;
        let known = self.values.entry((variable, value));
        *known.or_insert_with(|| solver.formula(Formula::Is(variable, value)))
    }
}

/// The parameter that chooses from a mapping, the mapping, and whether it chooses within each of its sections.
type Mapped<'t> = (&'t str, &'t str, bool);

/// The ways that a condition can go together with some facts.
pub(crate) enum Ways {
    One(bool),
    Both,
}

/// Turns functions into formulas.
pub(crate) struct Compiler<'s, 't, 'e> {
    pub(crate) state: &'s mut CompiledConditions<'t>,
    /// The template, outside of any combination of conditions.
    pub(crate) setting: &'e TemplateSetting<'t>,
}

impl<'t> Conditions<'t> {
    /// Nothing is compiled yet.
    pub(crate) fn new() -> Self {
        Self {
            state: RefCell::new(CompiledConditions {
                solver: Solver::default(),
                named: FxHashMap::default(),
                open: Vec::new(),
                variables: FxHashMap::default(),
                domains: Vec::new(),
                numbers: Vec::new(),
                values: FxHashMap::default(),
                constraints: FxHashMap::default(),
                literals: FxHashMap::default(),
                mapped: FxHashSet::default(),
                has_started: false,
            }),
            keys: KnownKeys::default(),
        }
    }

    /// The formula of the condition `name`, or why it has none.
    pub(crate) fn formula(
        &self,
        setting: &TemplateSetting<'t>,
        name: &'t str,
    ) -> Result<usize, String> {
        self.compile(setting, |compiler| compiler.named(name))
    }

    /// Compiles something, after both sections were looked through.
    pub(crate) fn compile<R>(
        &self,
        setting: &TemplateSetting<'t>,
        compile: impl FnOnce(&mut Compiler<'_, 't, '_>) -> R,
    ) -> R {
        let mut state = self.state.borrow_mut();
        let mut compiler = Compiler {
            state: &mut state,
            setting,
        };
        compiler.start();
        compile(&mut compiler)
    }

    /// How the condition with this formula can turn out where `facts` hold.
    pub(crate) fn ways(&self, formula: usize, facts: &[Fact]) -> Result<Ways, String> {
        let state = self.state.borrow();
        let can_be = |truth: bool| {
            let facts: Vec<Fact> = facts.iter().copied().chain([(formula, truth)]).collect();
            state.solver.is_reachable(&facts)
        };
        match (can_be(true), can_be(false)) {
            (Truth::True, Truth::True) => Ok(Ways::Both),
            (Truth::True, Truth::False) => Ok(Ways::One(true)),
            (Truth::False, Truth::True) => Ok(Ways::One(false)),
            (Truth::False, Truth::False) => Err(CONTRADICTION.to_owned()),
            (Truth::Unknown(()), _) | (_, Truth::Unknown(())) => Err(TOO_HARD.to_owned()),
        }
    }

    /// What `facts` say about the parameter `name`, whose default is `default`.
    ///
    /// `None`: nothing, so that the default stays as good as it was.
    pub(crate) fn binding(
        &self,
        name: &str,
        default: Option<&str>,
        facts: &[Fact],
    ) -> Option<Binding> {
        let state = self.state.borrow();
        if facts.is_empty() && !state.solver.has_laws() {
            return None;
        }
        let variable = *state.variables.get(name)?;
        let possible: Vec<Option<&str>> = state.domains[variable]
            .iter()
            .enumerate()
            .filter(|(value, _)| {
                let is_possible = state.solver.is_possible(facts, variable, *value);
                !is_possible.is_false()
            })
            .map(|(_, text)| text.as_deref())
            .collect();
        match possible.as_slice() {
            [Some(only)] => Some(Binding::Value((*only).to_owned())),
            possible if default.is_some_and(|it| possible.contains(&Some(it))) => None,
            _ => default.map(|_| {
                let reason = format!("the conditions rule out the default of parameter `{name}`");
                Binding::Hidden(reason)
            }),
        }
    }

    /// Makes what the rules of the template say about a parameter count, whatever conditions there are.
    pub(crate) fn heed_rules(&self, setting: &TemplateSetting<'t>, name: &str) {
        let parameters = setting.template.parameters;
        let Some(parameter) = parameters.and_then(|all| all.member(name)) else {
            return;
        };
        self.compile(setting, |compiler| compiler.variable(parameter.key));
    }
}

impl<'t> Compiler<'_, 't, '_> {
    /// Looks through both sections for what parameters are compared with, and takes the rules as laws.
    fn start(&mut self) {
        if std::mem::replace(&mut self.state.has_started, true) {
            return;
        }
        let template = self.setting.template;
        for section in [template.conditions, template.rules].into_iter().flatten() {
            self.collect(section);
        }
        if let Some(resources) = template
            .root
            .get("Resources")
            .filter(|_| template.mappings.is_some())
        {
            self.collect_maps(resources);
        }
        for rule in template.rules.into_iter().flat_map(Node::members) {
            self.rule(rule.value);
        }
    }

    /// Finds the keys of mappings that parameters choose between. The parser bounds the depth.
    fn collect_maps(&mut self, node: Node<'t>) {
        node.items().for_each(|item| self.collect_maps(item));
        for member in node.members() {
            if member.key == "Fn::FindInMap" {
                self.collect_keys(member.value);
            }
            self.collect_maps(member.value);
        }
    }

    /// Finds the texts that parameters are compared with. The parser bounds the depth.
    fn collect(&mut self, node: Node<'t>) {
        node.items().for_each(|item| self.collect(item));
        for member in node.members() {
            if COMPARING.contains(&member.key) {
                let (mut names, mut texts) = (Vec::new(), Vec::new());
                sides(member.value, &mut names, &mut texts);
                for kind in member.value.items().filter_map(all_of) {
                    let all = self.setting.template.parameters_of(kind);
                    names.extend(all.map(|parameter| parameter.key));
                }
                for name in names {
                    let known = self.state.literals.entry(name).or_default();
                    known.extend(texts.iter().map(|text| (*text).to_owned()));
                }
            }
            if member.key == "Fn::FindInMap" {
                self.collect_keys(member.value);
            }
            self.collect(member.value);
        }
    }

    /// A parameter that chooses from a mapping is compared with the keys of the mapping.
    fn collect_keys(&mut self, argument: Node<'t>) {
        let arguments: Vec<_> = argument.items().take(3).collect();
        let [map, top, second] = arguments.as_slice() else {
            return;
        };
        let mappings = self.setting.template.mappings;
        let map = map.as_str().and_then(|map| mappings?.member(map));
        let Some(map) = map else { return };
        let reference = |node: &Node<'t>| node.get("Ref").and_then(Node::as_str);
        let keys = |node: Node<'t>| node.members().map(|member| member.key.to_owned());
        for (by, is_inner) in [(top, false), (second, true)] {
            let Some(name) = reference(by) else { continue };
            if !self.state.mapped.insert((name, map.key, is_inner)) {
                continue;
            }
            let known = self.state.literals.entry(name).or_default();
            match is_inner {
                false => known.extend(keys(map.value)),
                true => known.extend(map.value.members().flat_map(|top| keys(top.value))),
            }
        }
    }

    /// The formula of a named condition.
    fn named(&mut self, name: &'t str) -> Result<usize, String> {
        if let Some(known) = self.state.named.get(name) {
            return known.clone();
        }
        if let Some(start) = self.state.open.iter().position(|open| *open == name) {
            let circle = &self.state.open[start..];
            return Err(cycle(circle));
        }
        let section = self.setting.template.conditions;
        let Some(node) = section.and_then(|section| section.get(name)) else {
            return Err(
                match section.and_then(|section| section.members().find(is_loop)) {
                    Some(left) => self.setting.template.unexpanded(left.key),
                    None => undeclared(name),
                },
            );
        };
        if section.is_some_and(|section| section.contradicts(name)) {
            return Err(attributes::twice(name));
        }
        self.state.open.push(name);
        let formula = self.formula(node, 0);
        self.state.open.pop();
        let formula = formula.map(|formula| self.state.solver.formula(formula));
        self.state.named.insert(name, formula.clone());
        formula
    }

    pub(crate) fn formula(&mut self, node: Node<'t>, depth: usize) -> Result<Formula, String> {
        if depth + self.state.open.len() > MAX_DEPTH {
            return Err(format!("conditions are nested more than {MAX_DEPTH} deep"));
        }
        let mut members = node.members();
        let (Some(function), None) = (members.next(), members.next()) else {
            return Err("a condition holds something else than one function".to_owned());
        };
        let argument = function.value;
        match function.key {
            "Condition" => match argument.as_str() {
                Some(name) => Ok(Formula::Of(self.named(name)?)),
                None => Err("`Condition` is not given the name of a condition".to_owned()),
            },
            "Fn::Not" => match items(argument) {
                Some([inner]) => Ok(Formula::Not(Box::new(self.formula(inner, depth + 1)?))),
                None => Err("`Fn::Not` is not given one condition".to_owned()),
            },
            "Fn::And" => Ok(Formula::All(self.parts(argument, depth)?)),
            "Fn::Or" => Ok(Formula::Any(self.parts(argument, depth)?)),
            name if COMPARING.contains(&name) => self.comparison(name, argument),
            name => Err(format!("`{name}` is not evaluated in conditions")),
        }
    }

    fn parts(&mut self, argument: Node<'t>, depth: usize) -> Result<Vec<Formula>, String> {
        if !PARTS.contains(&argument.items().len()) {
            return Err("a condition is not given two to ten conditions".to_owned());
        }
        argument
            .items()
            .map(|part| self.formula(part, depth + 1))
            .collect()
    }
}

/// The names and texts that a function compares with each other.
fn sides<'t>(node: Node<'t>, names: &mut Vec<&'t str>, texts: &mut Vec<&'t str>) {
    for item in node.items() {
        match item.kind() {
            Kind::Array => sides(item, names, texts),
            Kind::Object => names.extend(item.get("Ref").and_then(Node::as_str)),
            _ => texts.extend(item.as_text()),
        }
    }
}

fn is_loop(member: &Member<'_>) -> bool {
    member.key.starts_with(LOOP)
}

fn cycle(names: &[&str]) -> String {
    match names {
        [only] => format!("condition `{only}` refers to itself"),
        names => format!(
            "the conditions `{}` refer to each other",
            names.join("`, `")
        ),
    }
}
