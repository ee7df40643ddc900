//! Which templates of a run export what, nest which, and hand values to other regions.
//! It does not know what the values are.

use std::collections::BTreeMap;

use memchr::memmem;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::deploys::{Deployed, Which, deployed};
use super::outputs::exports;
use crate::input::cloudformation::conditions::compile::Conditions;
use crate::input::cloudformation::conditions::valuation::Valuation;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::setting::TemplateSetting;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::named::MentionedTypes;
use crate::input::cloudformation::template::sections::{Resource, Template};
use crate::input::cloudformation::transforms::loops;
use crate::input::parse::parse;
use crate::input::{Context, Note};
use crate::source::{Kind, Node, Problem, SourceId, Span, Tree, finds};

/// One template of a run.
#[derive(Clone, Debug)]
pub struct StackTemplate<'a> {
    /// Its text.
    pub text: &'a str,
    /// The id of the text.
    pub source: SourceId,
    /// What is known about its stack from outside.
    pub context: Context,
    /// Whether it may have SSM parameters of repositories that other templates have.
    pub publishes: bool,
    /// Whether it may run images of repositories that other templates have.
    pub runs: bool,
}

/// Every template of a run, with the ways that lead from one to another.
#[derive(Debug, Default)]
pub struct Stacks<'a> {
    pub(crate) sheets: Vec<StackTemplate<'a>>,
    pub(crate) by_source: FxHashMap<SourceId, usize>,
    pub(crate) by_name: BTreeMap<String, Vec<usize>>,
    /// Templates and outputs by the name that they export.
    pub(crate) exports: BTreeMap<String, Vec<(usize, String)>>,
    /// Templates with exports whose names depend on what a parent passes, or are not known.
    pub(crate) late: Vec<usize>,
    /// The template that each nested stack deploys, by its parent and logical id.
    pub(crate) children: FxHashMap<(usize, String), usize>,
    /// The nested stacks that deploy a template: parents and logical ids.
    pub(crate) parents: FxHashMap<usize, Vec<(usize, String)>>,
    /// Templates and writers by the path of what they hand to other regions.
    pub(crate) hands: BTreeMap<String, Vec<(usize, String)>>,
    /// Templates with SSM parameters of other templates' repositories.
    pub(crate) publishing: Vec<usize>,
    /// Templates that run images of other templates' repositories.
    pub(crate) running: Vec<usize>,
    /// Remarks about how stacks are nested.
    pub notes: Vec<Note>,
    /// What templates deploy that none of the run is.
    pub unread: Vec<Unread>,
}

/// A template that one of the run deploys, and that is none of the run.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The number of the template that deploys it.
    pub parent: usize,
    /// The resource that deploys it.
    pub id: String,
    /// Where that says so.
    pub place: Span,
    /// Where the template lies, seen from its parent, and whether the CDK says that it is a part of the assembly; or a
    /// clause that says why nobody can see it.
    pub which: Result<(String, bool), String>,
}

/// What one template says about others without being asked for values.
#[derive(Default)]
struct Skimmed {
    exports: Vec<(String, String)>,
    has_open_exports: bool,
    deployed: Vec<Deployed>,
    hands: Vec<(String, String)>,
}

impl<'a> Stacks<'a> {
    /// Looks through the templates, in parallel. `find` says which of them lies at a path as the one
    /// with the given number writes it, `uploaded` which is uploaded under a name in the assembly of that one.
    #[must_use]
    pub fn new(
        sheets: Vec<StackTemplate<'a>>,
        find: impl Fn(usize, &str) -> Option<usize>,
        uploaded: impl Fn(usize, &str) -> Option<usize>,
    ) -> Self {
        let skimmed: Vec<Skimmed> = sheets
            .par_iter()
            .map_init(Tree::default, |tree, sheet| skim(sheet, tree))
            .collect();
        let mut stacks = Self::default();
        for (index, sheet) in sheets.iter().enumerate() {
            stacks.by_source.insert(sheet.source, index);
            if let Some(name) = &sheet.context.stack {
                stacks.by_name.entry(name.clone()).or_default().push(index);
            }
        }
        let publishing = sheets.iter().enumerate();
        let publishing = publishing.filter(|(_, sheet)| sheet.publishes);
        stacks.publishing = publishing.map(|(index, _)| index).collect();
        let running = sheets.iter().enumerate();
        let running = running.filter(|(_, sheet)| sheet.runs);
        stacks.running = running.map(|(index, _)| index).collect();
        stacks.sheets = sheets;
        let mut edges: Vec<Vec<(usize, &Deployed)>> = Vec::with_capacity(skimmed.len());
        for (parent, one) in skimmed.iter().enumerate() {
            edges.push(Vec::new());
            for deployed in &one.deployed {
                let (child, which) = match &deployed.which {
                    Which::Unseen(why) => (None, Err(why.clone())),
                    Which::Uploaded { name, why } => (uploaded(parent, name), Err(why.clone())),
                    Which::Path { path, is_noted } => {
                        (find(parent, path), Ok((path.clone(), *is_noted)))
                    }
                };
                if let Some(child) = child {
                    if deployed.is_nested {
                        edges[parent].push((child, deployed));
                    }
                    continue;
                }
                stacks.unread.push(Unread {
                    parent,
                    id: deployed.id.clone(),
                    place: deployed.place,
                    which,
                });
            }
        }
        stacks.nest(&edges);
        stacks.note_exports(skimmed);
        stacks
    }

    /// Notes what each template exports, and hands to stacks of other regions.
    fn note_exports(&mut self, skimmed: Vec<Skimmed>) {
        for (index, one) in skimmed.into_iter().enumerate() {
            for (path, id) in one.hands {
                self.hands.entry(path).or_default().push((index, id));
            }
            let is_child = self.parents.contains_key(&index);
            if one.has_open_exports || (is_child && !one.exports.is_empty()) {
                self.late.push(index);
                continue;
            }
            for (name, output) in one.exports {
                let exports = self.exports.entry(name).or_default();
                exports.push((index, output));
            }
        }
    }

    /// Notes who nests whom, but for what leads back to itself.
    fn nest(&mut self, edges: &[Vec<(usize, &Deployed)>]) {
        let mut state = vec![VisitState::New; edges.len()];
        for start in 0..edges.len() {
            if state[start] != VisitState::New {
                continue;
            }
            state[start] = VisitState::Open;
            let mut way = vec![(start, 0)];
            while let Some((index, next)) = way.last_mut() {
                let index = *index;
                let Some((child, nested)) = edges[index].get(*next) else {
                    state[index] = VisitState::Done;
                    way.pop();
                    continue;
                };
                *next += 1;
                if state[*child] == VisitState::Open {
                    self.notes.push(circle(nested));
                    continue;
                }
                let parents = self.parents.entry(*child).or_default();
                parents.push((index, nested.id.clone()));
                self.children.insert((index, nested.id.clone()), *child);
                if state[*child] == VisitState::New {
                    state[*child] = VisitState::Open;
                    way.push((*child, 0));
                }
            }
        }
        self.parents.values_mut().for_each(|parents| parents.sort());
    }

    /// Whether another stack of the run deploys the template, so that it decides its parameters.
    #[must_use]
    pub fn is_nested(&self, source: SourceId) -> bool {
        let index = self.by_source.get(&source);
        index.is_some_and(|index| self.parents.contains_key(index))
    }
}

/// How far a walk has come with a template.
#[derive(Clone, Copy, PartialEq, Eq)]
enum VisitState {
    New,
    Open,
    Done,
}

fn circle(nested: &Deployed) -> Note {
    let title = format!(
        "nested stack `{}` leads back to its own template",
        nested.id
    );
    Note::Mistake(
        Problem::new(nested.resource, title)
            .label("it is not followed")
            .help("a stack cannot be part of itself"),
    )
}

/// Whether a template may export values or hand them to other regions, which has the same word, or deploy others.
fn concerns_others(text: &[u8]) -> bool {
    memmem::find(text, b"Export").is_some() || MentionedTypes::find(text).nests
}

fn skim(sheet: &StackTemplate<'_>, tree: &mut Tree) -> Skimmed {
    let mut skimmed = Skimmed::default();
    if !finds(sheet.text.as_bytes(), concerns_others)
        || parse(sheet.text, sheet.source, &sheet.context, tree).is_err()
    {
        return skimmed;
    }
    let mut expanded = Tree::default();
    expand(sheet, tree, &mut expanded);
    let root = expanded.root(sheet.text);
    let Some(root) = root.or_else(|| tree.root(sheet.text)) else {
        return skimmed;
    };
    let template = Template::index(root, None, &mut Vec::new());
    let setting = TemplateSetting::new(&template, &sheet.context, None);
    let conditions = Conditions::new();
    let undecided = Valuation::undecided(&conditions);
    let evaluator = Evaluator::new(&setting, &undecided);
    for (output, name) in exports(&evaluator) {
        match name {
            Ok(name) => skimmed.exports.push((name, output)),
            Err(()) => skimmed.has_open_exports = true,
        }
    }
    skimmed.deployed = deployed(&setting, &conditions);
    for writer in template.of_kind(ResourceKind::ExportWriter) {
        let handed = handed(&writer).into_iter().flat_map(Node::members);
        skimmed
            .hands
            .extend(handed.map(|one| (one.key.to_owned(), writer.id.to_owned())));
    }
    skimmed
}

/// Writes a template with its loops expanded, if it has any.
pub(crate) fn expand(sheet: &StackTemplate<'_>, tree: &Tree, expanded: &mut Tree) {
    if let Some(root) = tree.root(sheet.text) {
        // What is wrong with a template is said when it is loaded.
        loops::expand(root, &sheet.context, expanded, &mut Vec::new());
    }
}

/// What a writer hands to another region, by path.
pub(crate) fn handed<'t>(writer: &Resource<'t>) -> Option<Node<'t>> {
    let properties = writer.node.get("Properties")?.get("WriterProps")?;
    let exports = properties.get("exports")?;
    (exports.kind() == Kind::Object).then_some(exports)
}
