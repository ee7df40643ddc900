//! What is known about each input from outside of it: the assembly it lies in, and the values that
//! were given for its parameters.
//! It does not read inputs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::setup::Setup;
use crate::config::parameters::{self, Parameter};
use crate::discover::Found;
use crate::input::acknowledged::Acknowledgements;
use crate::input::assembly::{self, Assembly};
use crate::input::{Context, Inline, Note, Override, Target};
use crate::model::Repository;
use crate::source::{Problem, Sources, Tree, shown};

/// How the folders of nested assemblies are called.
const NESTED: &str = "assembly-";

/// The surroundings of every input of a run.
#[derive(Default)]
pub(super) struct Placing {
    /// The folders of the inputs, as reports show them, with the assemblies that they are.
    folders: BTreeMap<PathBuf, Option<Assembly>>,
    parameters: Parameters,
    /// Where stacks are deployed whose account and region are not known.
    pub(super) chosen: Target,
    /// Assemblies that cannot be judged.
    pub(super) problems: Vec<Problem>,
    /// Remarks about assemblies.
    pub(super) remarks: Vec<Note>,
}

/// Values of template parameters.
#[derive(Default)]
pub(super) struct Parameters {
    /// Those for every stack, by name.
    everywhere: Arc<BTreeMap<String, Override>>,
    /// Those that were given as `Stack:Name`, by stack, with those for every stack.
    by_stack: BTreeMap<String, Arc<BTreeMap<String, Override>>>,
}

impl Placing {
    /// Looks at the folder of every input.
    pub(super) fn new(found: &[Found], parameters: Parameters, sources: &mut Sources) -> Self {
        let mut placing = Self {
            parameters,
            ..Self::default()
        };
        let mut tree = Tree::default();
        for file in found {
            let home = folder(&file.path);
            placing.open(home, sources, &mut tree);
            // A synthesis that failed leaves nested assemblies in a folder without a manifest.
            let name = home.file_name().unwrap_or_default().to_string_lossy();
            let parent = folder(home);
            if name.starts_with(NESTED) && !parent.join(assembly::MANIFEST).exists() {
                placing.open(parent, sources, &mut tree);
            }
            let name = file.path.file_name().unwrap_or_default().to_string_lossy();
            if let Some(Some(assembly)) = placing.folders.get_mut(Path::new(&shown(home))) {
                assembly.settle(&name, home);
            }
        }
        placing
    }

    /// Looks at a folder once.
    fn open(&mut self, folder: &Path, sources: &mut Sources, tree: &mut Tree) {
        let name = PathBuf::from(shown(folder));
        if self.folders.contains_key(&name) {
            return;
        }
        let mut assembly = assembly::open(folder, sources, tree);
        if let Some(assembly) = &mut assembly {
            self.problems.append(&mut assembly.problems);
            self.remarks.append(&mut assembly.notes);
        }
        self.folders.insert(name, assembly);
    }

    /// The assembly that the file called `name` is part of, and its folder.
    pub(super) fn assembly(&self, name: &str) -> Option<(&Path, &Assembly)> {
        let (folder, assembly) = self.folders.get_key_value(folder(Path::new(name)))?;
        Some((folder, assembly.as_ref()?))
    }

    /// Whether a file that nobody named was left in an assembly by an earlier synthesis.
    pub(super) fn is_left_over(&self, file: &Found) -> bool {
        let path = &file.path;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let assembly = || self.assembly(&shown(path));
        !file.named && assembly().is_some_and(|(_, one)| one.is_left_over(&name, folder(path)))
    }

    /// What is known about one input.
    pub(super) fn context(&self, file: &Found) -> Context {
        let path = &file.path;
        let mut context = Context {
            named_yaml: path.extension().is_some_and(|end| end != "json"),
            ..Context::default()
        };
        if let Some((_, assembly)) = self.assembly(&shown(path)) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            context = assembly.context(&name, &context);
        }
        // A stack that is certainly deployed elsewhere has nothing of it.
        let own = &context.environment;
        let fits = |own: &Option<String>, chosen: &Option<String>| {
            own.is_none() || chosen.is_none() || own == chosen
        };
        if fits(&own.account, &self.chosen.account) && fits(&own.region, &self.chosen.region) {
            context.fallback.clone_from(&self.chosen);
        }
        context.parameters = self.parameters.of(context.stack.as_deref());
        context
    }

    /// What the apps of the assemblies acknowledge that have repositories. Nobody asks the others, whose
    /// metadata may be large.
    pub(super) fn acknowledged(
        &self,
        repositories: &[Repository],
        sources: &mut Sources,
    ) -> Inline {
        let mut by_folder: BTreeMap<&Path, Vec<&Repository>> = BTreeMap::new();
        for repository in repositories {
            let name = &sources.source(repository.place.source).name;
            if let Some((folder, _)) = self.assembly(name) {
                by_folder.entry(folder).or_default().push(repository);
            }
        }
        let mut inline = Inline::default();
        for (folder, own) in by_folder {
            if let Some(Some(assembly)) = self.folders.get(folder) {
                let acknowledged = Acknowledgements::open(folder, assembly, sources);
                inline.append(acknowledged.resolve(own));
            }
        }
        inline
    }
}

/// The folder of a file; the working directory for a bare name.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

impl Parameters {
    /// The values that `--parameters` gives, later ones over earlier ones. Mistakes in them are
    /// added to the problems of the set-up.
    pub(super) fn read(arguments: &[String], setup: &mut Setup) -> Self {
        let mut everywhere = BTreeMap::new();
        let mut by_stack: BTreeMap<String, BTreeMap<String, Override>> = BTreeMap::new();
        for parameter in arguments.iter().flat_map(|argument| given(argument, setup)) {
            // The previous value of a deployed stack is as unknown as no value.
            let Some(value) = parameter.value.value else {
                continue;
            };
            let value = Override {
                value,
                span: Some(parameter.name.span),
            };
            match parameter.name.value.split_once(':') {
                Some((stack, name)) => {
                    let values = by_stack.entry(stack.to_owned()).or_default();
                    values.insert(name.to_owned(), value);
                }
                None => {
                    everywhere.insert(parameter.name.value, value);
                }
            }
        }
        let by_stack = by_stack.into_iter().map(|(stack, values)| {
            let mut all = everywhere.clone();
            all.extend(values);
            (stack, Arc::new(all))
        });
        Self {
            by_stack: by_stack.collect(),
            everywhere: Arc::new(everywhere),
        }
    }

    fn of(&self, stack: Option<&str>) -> Arc<BTreeMap<String, Override>> {
        stack
            .and_then(|stack| self.by_stack.get(stack))
            .unwrap_or(&self.everywhere)
            .clone()
    }
}

/// The values of one `--parameters`: `NAME=VALUE`, or the name of a file.
fn given(argument: &str, setup: &mut Setup) -> Vec<Parameter> {
    let is_file = !argument.contains('=') || Path::new(argument).is_file();
    let read = if is_file {
        parameters::load(Path::new(argument), &mut setup.sources)
    } else {
        parameters::parse("--parameters", argument.to_owned(), &mut setup.sources)
    };
    read.unwrap_or_else(|problems| {
        setup.problems.extend(problems);
        Vec::new()
    })
}
