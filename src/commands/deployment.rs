//! What is known about each input from outside of it: the assembly it lies in, and the values that
//! were given for its parameters.
//! It does not read inputs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) use super::parameter_values::ParameterValues;
use crate::discover::{FoundFile, STDIN};
use crate::door::Door;
use crate::input::acknowledged::Acknowledgements;
use crate::input::assembly::{self, Assembly};
use crate::input::{Context, DeployTarget, Inline, Note};
use crate::model::Entity;
use crate::source::{Problem, SourceId, Sources, Tree, shown};

/// How the folders of nested assemblies are called.
const NESTED: &str = "assembly-";

/// The surroundings of every input of a run.
#[derive(Default)]
pub(super) struct Deployment {
    /// The way to the files of the run.
    pub(super) door: Arc<Door>,
    /// The folders of the inputs, as reports show them, with the assemblies that they are.
    folders: BTreeMap<PathBuf, Option<Assembly>>,
    pub(super) parameters: ParameterValues,
    /// Where stacks are deployed whose account and region are not known.
    pub(super) chosen: DeployTarget,
    /// The stack of a template that is in no assembly.
    pub(super) stack_name: Option<String>,
    /// The name of what comes on standard input.
    pub(super) stdin: Option<PathBuf>,
    /// Whether files that are named and are none of ours are passed over.
    pub(super) skips_foreign: bool,
    /// Whether what is there of a snapshot that was cut off is judged all the same.
    pub(super) allows_partial: bool,
    /// Assemblies that cannot be judged.
    pub(super) problems: Vec<Problem>,
    /// Remarks about assemblies.
    pub(super) remarks: Vec<Note>,
}

impl Deployment {
    /// Looks at the folder of every input, and adds to them the templates that only the manifests there name.
    pub(super) fn new(
        found: &mut Vec<FoundFile>,
        parameters: ParameterValues,
        door: &Door,
        sources: &mut Sources,
    ) -> Self {
        let mut deployment = Self {
            parameters,
            door: Arc::new(door.clone()),
            ..Self::default()
        };
        let mut tree = Tree::default();
        for file in &*found {
            let home = folder(&file.path);
            deployment.open(home, sources, &mut tree);
            // A synthesis that failed leaves nested assemblies in a folder without a manifest.
            let name = home.file_name().unwrap_or_default().to_string_lossy();
            let parent = folder(home);
            if name.starts_with(NESTED) && !parent.join(assembly::MANIFEST).exists() {
                deployment.open(parent, sources, &mut tree);
            }
            let name = file.path.file_name().unwrap_or_default().to_string_lossy();
            if let Some(Some(assembly)) = deployment.folders.get_mut(Path::new(&shown(home))) {
                assembly.settle(&name, home);
            }
        }
        found.extend(deployment.unfound(found));
        deployment
    }

    /// The templates of stacks that the manifests of the assemblies name and that no search found: in the folder
    /// of an asset, or with another ending. Where single files of an assembly were named, the others are not meant.
    fn unfound(&self, found: &[FoundFile]) -> Vec<FoundFile> {
        let known: BTreeSet<PathBuf> = found
            .iter()
            .map(|file| PathBuf::from(shown(&file.path)))
            .collect();
        let manifests = found.iter().filter(|file| {
            let name = file.path.file_name();
            !file.named && name.is_some_and(|name| name == assembly::MANIFEST)
        });
        let mut unfound = Vec::new();
        for manifest in manifests {
            let home = folder(&manifest.path);
            let Some(Some(assembly)) = self.folders.get(Path::new(&shown(home))) else {
                continue;
            };
            let bare = manifest.path.parent().unwrap_or(Path::new(""));
            let templates = assembly.templates().map(|name| bare.join(name));
            let missing = templates.filter(|path| !known.contains(Path::new(&shown(path))));
            unfound.extend(missing.map(|path| FoundFile { path, named: false }));
        }
        unfound
    }

    /// The folders of assemblies, nested ones included.
    pub(super) fn assemblies(&self) -> impl Iterator<Item = &Path> {
        let folders = self.folders.iter();
        folders.filter_map(|(folder, assembly)| assembly.as_ref().map(|_| folder.as_path()))
    }

    /// The text of the manifest of the assembly in a folder.
    pub(super) fn manifest(&self, folder: &Path) -> Option<SourceId> {
        self.folders.get(folder)?.as_ref()?.source()
    }

    /// Looks at a folder once.
    fn open(&mut self, folder: &Path, sources: &mut Sources, tree: &mut Tree) {
        let name = PathBuf::from(shown(folder));
        if self.folders.contains_key(&name) {
            return;
        }
        let mut assembly = assembly::open(folder, &self.door, sources, tree);
        if let Some(assembly) = &mut assembly {
            self.problems.append(&mut assembly.problems);
            self.remarks.append(&mut assembly.notes);
        }
        self.folders.insert(name, assembly);
    }

    /// The assembly that the file called `name` is part of, and its folder.
    pub(super) fn assembly(&self, name: &str) -> Option<(&Path, &Assembly)> {
        let path = Path::new(name);
        let own = self.folders.get_key_value(folder(path));
        if let Some((folder, Some(assembly))) = own {
            return Some((folder, assembly));
        }
        // The manifest may name a template in a folder of its own.
        let mut above = folder(path).ancestors().skip(1);
        above.find_map(|home| {
            let home = if home == Path::new("") {
                Path::new(".")
            } else {
                home
            };
            let (home, assembly) = self.folders.get_key_value(home)?;
            let assembly = assembly.as_ref()?;
            let file = path.strip_prefix(home).unwrap_or(path);
            let is_own = assembly.templates().any(|own| Path::new(own) == file);
            is_own.then_some((home.as_path(), assembly))
        })
    }

    /// The name of a file in reports.
    pub(super) fn name(&self, file: &FoundFile) -> String {
        match (file.path.as_os_str() == STDIN, &self.stdin) {
            (false, _) => shown(&file.path),
            (true, Some(name)) => shown(name),
            (true, None) => "<stdin>".to_owned(),
        }
    }

    /// Whether a file has to be an input, because it was named.
    pub(super) fn is_wanted(&self, file: &FoundFile) -> bool {
        file.named && !self.skips_foreign
    }

    /// Whether a file that nobody named was left in an assembly by an earlier synthesis.
    pub(super) fn is_left_over(&self, file: &FoundFile) -> bool {
        let path = &file.path;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // A template that the manifest names in another folder is left over by nobody.
        let assembly = || self.folders.get(Path::new(&shown(folder(path))))?.as_ref();
        !file.named && assembly().is_some_and(|one| one.is_left_over(&name, folder(path)))
    }

    /// What is known about one input.
    pub(super) fn context(&self, file: &FoundFile) -> Context {
        let path = &file.path;
        let mut context = Context {
            named_yaml: path.extension().is_some_and(|end| end != "json"),
            ..Context::default()
        };
        let shown = shown(path);
        if let Some((home, assembly)) = self.assembly(&shown) {
            let name = Path::new(&shown).strip_prefix(home);
            let name = name.unwrap_or(Path::new(&shown)).to_string_lossy();
            context = assembly.context(&name, &context);
        } else {
            context.stack.clone_from(&self.stack_name);
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
    pub(super) fn acknowledged(&self, repositories: &[Entity], sources: &mut Sources) -> Inline {
        let mut by_folder: BTreeMap<&Path, Vec<&Entity>> = BTreeMap::new();
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
