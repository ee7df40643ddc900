//! The manifest of an assembly's folder: what it says about the templates in it.
//! It does not know what a template says, nor what the metadata of a stack say.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path};

use super::super::{Context, DeployTarget, Note, StackTag};
use super::hosts::Hosts;
use super::mistakes::{locked, refused, unfinished, unmarked, unusable};
use super::names::{LOCK, MANIFEST, MARKER, TEMPLATE, assets_of, is_nested};
use super::values::{stack_tags, tags, target};
use crate::door::{Door, FileKind, Namer};
use crate::source::{self, Node, Problem, SourceId, Sources, Span, Tree, shown};

/// How the names of folders of nested assemblies begin.
const STAGE: &str = "assembly-";

/// One folder of an assembly: its stacks and what is wrong with it.
///
/// A nested assembly is a folder with a manifest of its own, and is read like any other.
#[derive(Debug, Default)]
pub struct Assembly {
    /// The stacks by the file name of their template.
    pub(super) stacks: BTreeMap<String, Stack>,
    /// What holds for a template without a stack of its own: where all stacks agree.
    pub(super) shared: Stack,
    /// What holds for nested stacks, by the file name of their template, where stacks do not agree.
    pub(super) nested: BTreeMap<String, Stack>,
    /// The text of the manifest.
    source: Option<SourceId>,
    /// Whether the manifest was read without any mistake in it.
    pub(super) is_whole: bool,
    /// Which templates belong together.
    pub(super) hosts: Hosts,
    /// Mistakes because of which the assembly cannot be judged as a whole.
    pub problems: Vec<Problem>,
    /// What else there is to say.
    pub notes: Vec<Note>,
}

/// What the manifest says about a stack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stack {
    /// Name of the stack; `None` for a nested stack, whose name is made up at deployment.
    pub name: Option<String>,
    /// Where it is deployed.
    pub environment: DeployTarget,
    /// Tags of the stack.
    pub tags: Vec<StackTag>,
    /// Id of its artifact in the manifest.
    pub artifact: String,
    /// The path of its construct.
    pub construct_path: String,
    /// Where its metadata are, if it has any.
    pub metadata: Option<MetadataPlace>,
}

/// Where the metadata of a stack are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MetadataPlace {
    /// In a file of the assembly's folder, by its name.
    File(String),
    /// In the manifest itself, at the artifact of the stack, as versions before 2.242 write it.
    Manifest,
}

/// Whether a folder is one of an assembly, judged by the names of what is in it, with whether each
/// is a folder.
///
/// A synthesis that failed leaves templates but no manifest: in a folder that the CDK has named, or beside what
/// only the CDK leaves. Any other folder with templates and their assets is where somebody keeps them, such as the
/// snapshots of a test; and one with a manifest alone may be any web application.
#[must_use]
pub fn is_assembly<'n>(entries: impl IntoIterator<Item = (&'n str, bool)>) -> bool {
    let (mut template, mut asset, mut synthesis) = (false, false, false);
    for (name, is_folder) in entries {
        if name == MARKER && !is_folder {
            return true;
        }
        template |= name.ends_with(TEMPLATE);
        asset |= name.starts_with("asset.") || name.ends_with(".assets.json");
        synthesis |= name == MANIFEST || name == LOCK || name.starts_with(STAGE) && is_folder;
    }
    template && asset && synthesis
}

/// Looks at a folder and reads its manifest, if it is one of an assembly.
///
/// The manifest becomes a source, because stack tags and mistakes point into it. Without a manifest
/// the folder itself does: an assembly without one is a mistake. What the manifest names lies in the folder, or
/// in the checkout.
pub fn open(
    folder: &Path,
    door: &Door,
    sources: &mut Sources,
    tree: &mut Tree,
) -> Option<Assembly> {
    let entries: Vec<(String, bool)> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(Result::ok)
        .map(|entry| {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            (entry.file_name().to_string_lossy().into_owned(), is_folder)
        })
        .collect();
    let names = entries.iter();
    let names = names.map(|(name, is_folder)| (name.as_str(), *is_folder));
    // The folder that `cdk synth` writes into by itself.
    let synthesis = folder.file_name().is_some_and(|name| name == MARKER);
    let synthesis = synthesis.then_some((LOCK, false));
    if !is_assembly(names.chain(synthesis)) {
        return None;
    }
    let is_locked = !door.takes_part_in_synthesis() && entries.iter().any(|(name, _)| name == LOCK);
    let path = folder.join(MANIFEST);
    match door.text(&path, Namer::File(folder), FileKind::Manifest) {
        Ok(text) => {
            let source = sources.add(shown(&path), text);
            let text = sources.source(source).text();
            let look = |inside: &Path, kind| {
                let found = door.look(&folder.join(inside), folder, kind)?;
                Ok(found.is_dir())
            };
            let mut assembly = Assembly::read(text, source, tree, look);
            assembly.look_at_assets(source, look);
            if is_locked {
                assembly.problems.push(locked(source));
            }
            if !entries.iter().any(|(name, _)| name == MARKER) {
                assembly.notes.push(unmarked(source));
            }
            Some(assembly)
        }
        Err(error) => {
            let problem = match error.kind() {
                std::io::ErrorKind::NotFound if is_locked => locked(sources.add(shown(folder), "")),
                std::io::ErrorKind::NotFound => unfinished(sources.add(shown(folder), "")),
                _ => {
                    let start = Span::new(sources.add(shown(&path), ""), 0, 0);
                    Problem::new(start, format!("cannot read the manifest: {error}"))
                }
            };
            Some(Assembly {
                problems: vec![problem],
                ..Assembly::default()
            })
        }
    }
}

/// Says whether a path in the folder is a folder, or why it cannot be read.
type PathCheck<'l> = dyn Fn(&Path, FileKind) -> io::Result<bool> + 'l;

/// What a path of the manifest is wanted for.
#[derive(Clone, Copy)]
enum PathUse {
    Template,
    Metadata,
    Assembly,
}

impl Assembly {
    /// Reads the manifest `text` of a folder; `look` says whether what it names is a folder, or
    /// why it cannot be read.
    pub fn read(
        text: &str,
        source: SourceId,
        tree: &mut Tree,
        look: impl Fn(&Path, FileKind) -> io::Result<bool>,
    ) -> Self {
        let mut assembly = Self {
            source: Some(source),
            ..Self::default()
        };
        if let Err(problem) = source::json::parse(text, source, tree) {
            assembly.problems.push(problem);
            return assembly;
        }
        let root = tree.root(text);
        let Some(artifacts) = root.and_then(|root| root.get("artifacts")) else {
            let start = Span::new(source, 0, 0);
            let title = format!("`{MANIFEST}` has no `artifacts`");
            assembly.problems.push(Problem::new(start, title));
            return assembly;
        };
        for artifact in artifacts.members() {
            assembly.add(artifact.key, artifact.value, &look);
        }
        if let Some(missing) = root.and_then(|root| root.member("missing")) {
            assembly.note_lookups(missing.key_span, missing.value);
        }
        assembly.shared = assembly.agreement();
        assembly.is_whole = assembly.problems.is_empty();
        assembly
    }

    /// `base` with what is known about the template with this file name.
    #[must_use]
    pub fn context(&self, file_name: &str, base: &Context) -> Context {
        let mut context = base.clone();
        if let Some(stack) = self.stack(file_name) {
            context.stack.clone_from(&stack.name);
            context.environment = stack.environment.clone();
            context.stack_tags.clone_from(&stack.tags);
        }
        context
    }

    /// What is known about the template with this file name.
    #[must_use]
    pub fn stack(&self, file_name: &str) -> Option<&Stack> {
        let own = self.stacks.get(file_name);
        own.or_else(|| self.nested.get(file_name))
            .or_else(|| is_nested(file_name).then_some(&self.shared))
    }

    /// The text of the manifest, where there is one.
    #[must_use]
    pub fn source(&self) -> Option<SourceId> {
        self.source
    }

    /// Where the metadata of the stacks are.
    pub fn metadata(&self) -> impl Iterator<Item = &MetadataPlace> {
        self.stacks
            .values()
            .filter_map(|stack| stack.metadata.as_ref())
    }

    /// The file names of the templates that belong to stacks.
    pub fn templates(&self) -> impl Iterator<Item = &str> {
        self.stacks.keys().map(String::as_str)
    }

    fn add(&mut self, id: &str, artifact: Node<'_>, look: &PathCheck<'_>) {
        let properties = artifact.get("properties");
        let property = |name: &str| properties.and_then(|properties| properties.get(name));
        match artifact.get("type").and_then(Node::as_str) {
            Some("aws:cloudformation:stack") => {
                let Some(file) = property("templateFile") else {
                    return;
                };
                if self.is_there(file, PathUse::Template, look) {
                    let stack = self.stack_of(id, artifact, look);
                    let file = file.as_str().unwrap_or_default();
                    self.stacks.insert(file.to_owned(), stack);
                }
            }
            Some("cdk:cloud-assembly") => {
                let Some(folder) = property("directoryName") else {
                    return;
                };
                let manifest = Path::new(folder.as_str().unwrap_or_default()).join(MANIFEST);
                if self.is_there(folder, PathUse::Assembly, look)
                    && let Err(error) = look(&manifest, FileKind::Manifest)
                {
                    let problem = unusable(folder.span(), &shown(&manifest), &error);
                    self.problems.push(problem);
                }
            }
            _ => {}
        }
    }

    /// What the artifact of a stack says.
    fn stack_of(&mut self, id: &str, artifact: Node<'_>, look: &PathCheck<'_>) -> Stack {
        let properties = artifact.get("properties");
        let property = |name: &str| properties.and_then(|properties| properties.get(name));
        let inline = artifact.get("metadata");
        let metadata = match artifact.get("additionalMetadataFile") {
            Some(file) if self.is_there(file, PathUse::Metadata, look) => {
                let file = file.as_str().unwrap_or_default();
                Some(MetadataPlace::File(file.to_owned()))
            }
            Some(_) => None,
            None => inline.map(|_| MetadataPlace::Manifest),
        };
        let text = |node: Option<Node<'_>>| node.and_then(Node::as_str).unwrap_or(id).to_owned();
        let tags_of_metadata = || inline.and_then(stack_tags);
        Stack {
            name: Some(text(property("stackName"))),
            environment: artifact
                .get("environment")
                .map_or_else(DeployTarget::default, target),
            tags: property("tags")
                .or_else(tags_of_metadata)
                .map_or_else(Vec::new, tags),
            artifact: id.to_owned(),
            construct_path: text(artifact.get("displayName")),
            metadata,
        }
    }

    /// Whether a path of the manifest is one inside its folder, and what is wanted is there; if not, that is a
    /// mistake.
    fn is_there(&mut self, path: Node<'_>, part: PathUse, look: &PathCheck<'_>) -> bool {
        let text = path.as_str().unwrap_or_default();
        let is_inside = !text.is_empty()
            && Path::new(text)
                .components()
                .all(|part| matches!(part, Component::Normal(_)));
        let problem = if !is_inside {
            Problem::new(
                path.span(),
                "the manifest names a path outside of its folder",
            )
            .label("it is not followed")
        } else {
            let kind = match part {
                PathUse::Template => FileKind::Template,
                PathUse::Metadata | PathUse::Assembly => FileKind::Metadata,
            };
            match (look(Path::new(text), kind), part) {
                (Ok(true), PathUse::Assembly)
                | (Ok(false), PathUse::Template | PathUse::Metadata) => {
                    return true;
                }
                (Ok(true), _) => refused(path.span(), text, "it is a folder"),
                (Ok(false), _) => refused(path.span(), text, "it is not a folder"),
                (Err(error), _) => unusable(path.span(), text, &error),
            }
        };
        self.problems.push(problem);
        false
    }

    /// Files of assets are found by their names, where they are.
    fn look_at_assets(
        &mut self,
        manifest: SourceId,
        look: impl Fn(&Path, FileKind) -> io::Result<bool>,
    ) {
        for stack in self.stacks.values() {
            let name = assets_of(&stack.artifact);
            let why = match look(Path::new(&name), FileKind::Metadata) {
                Ok(false) => continue,
                Ok(true) => "it is a folder".to_owned(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => error.to_string(),
            };
            self.problems
                .push(refused(Span::new(manifest, 0, 0), &name, &why));
        }
    }

    /// Lookups that were not resolved leave made-up values in the templates.
    fn note_lookups(&mut self, place: Span, missing: Node<'_>) {
        if missing.items().len() > 0 {
            self.notes.push(Note::Undetermined {
                span: place,
                reason: "context lookups are missing, so that templates hold made-up values"
                    .to_owned(),
            });
        }
    }

    /// What all stacks of the folder have in common.
    fn agreement(&self) -> Stack {
        let mut stacks = self.stacks.values();
        let Some(first) = stacks.next() else {
            return Stack::default();
        };
        let mut shared = Stack {
            environment: first.environment.clone(),
            tags: first.tags.clone(),
            ..Stack::default()
        };
        for stack in stacks {
            let (own, other) = (&mut shared.environment, &stack.environment);
            if own.account != other.account {
                own.account = None;
            }
            if own.region != other.region {
                own.region = None;
            }
            let same = |tag: &StackTag| {
                let mut tags = stack.tags.iter();
                tags.any(|other| (&other.key, &other.value) == (&tag.key, &tag.value))
            };
            shared.tags.retain(same);
        }
        shared
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Assembly, Context, DeployTarget, Door, MetadataPlace, Note, is_assembly};
    use crate::source::{Sources, Tree};

    fn read(text: &str) -> (Assembly, Sources) {
        let mut sources = Sources::default();
        let source = sources.add("manifest.json", text);
        let look = |path: &Path, _| {
            let path = path.to_string_lossy().replace('\\', "/");
            let is_gone = path.contains("gone") || path.ends_with("empty/manifest.json");
            match is_gone {
                true => Err(std::io::ErrorKind::NotFound.into()),
                false => Ok(!path.ends_with(".json")),
            }
        };
        (
            Assembly::read(text, source, &mut Tree::default(), look),
            sources,
        )
    }

    fn stack(id: &str, environment: &str, more: &str) -> String {
        format!(
            r#""{id}": {{"type": "aws:cloudformation:stack", "environment": "{environment}",
                "properties": {{"templateFile": "{id}.template.json"{more}}}}}"#
        )
    }

    fn manifest(artifacts: &[String]) -> String {
        format!(
            r#"{{"version": "55.0.0", "artifacts": {{{}}}}}"#,
            artifacts.join(",")
        )
    }

    #[test]
    fn a_stack_has_its_environment_name_and_tags() {
        let more = r#", "stackName": "Prod-Exp", "tags": {"Organization": "acme"}"#;
        let (assembly, sources) = read(&manifest(&[
            stack("Exp", "aws://111111111111/eu-west-1", more),
            stack("Any", "aws://unknown-account/unknown-region", ""),
        ]));
        let exp = assembly.stack("Exp.template.json").unwrap();
        assert_eq!(exp.name.as_deref(), Some("Prod-Exp"));
        assert_eq!(exp.environment.account.as_deref(), Some("111111111111"));
        assert_eq!(exp.environment.region.as_deref(), Some("eu-west-1"));
        assert_eq!(sources.text(exp.tags[0].span), "\"acme\"");
        let any = assembly.stack("Any.template.json").unwrap();
        assert_eq!(any.name.as_deref(), Some("Any"));
        assert_eq!(any.environment, DeployTarget::default());
        assert!(assembly.stack("Other.template.json").is_none());
        assert!(assembly.problems.is_empty());
    }

    #[test]
    fn a_nested_stack_has_what_all_stacks_agree_on() {
        let (assembly, _) = read(&manifest(&[
            stack(
                "A",
                "aws://111111111111/eu-west-1",
                r#", "tags": {"a": "1", "b": "2"}"#,
            ),
            stack(
                "B",
                "aws://111111111111/us-east-1",
                r#", "tags": {"a": "1", "b": "3"}"#,
            ),
        ]));
        let nested = assembly.stack("ARepos1234.nested.template.json").unwrap();
        assert_eq!(nested.name, None);
        assert_eq!(nested.environment.account.as_deref(), Some("111111111111"));
        assert_eq!(nested.environment.region, None);
        let keys: Vec<_> = nested.tags.iter().map(|tag| tag.key.as_str()).collect();
        assert_eq!(keys, ["a"]);
    }

    #[test]
    fn tags_are_read_in_each_spelling() {
        let tags = |manifest: &str| {
            let (assembly, _) = read(manifest);
            let stack = assembly.stack("A.template.json").unwrap().clone();
            let tags = stack.tags.into_iter().map(|tag| (tag.key, tag.value));
            tags.collect::<Vec<_>>()
        };
        let inline = |list: &str| {
            format!(
                r#"{{"artifacts": {{"A": {{"type": "aws:cloudformation:stack",
                    "properties": {{"templateFile": "A.template.json"}},
                    "metadata": {{"/A": [{{"type": "aws:cdk:stack-tags", "data": {list}}}]}}}}}}}}"#
            )
        };
        let expected = [("team".to_owned(), "shop".to_owned())];
        assert_eq!(
            tags(&inline(r#"[{"key": "team", "value": "shop"}]"#)),
            expected
        );
        assert_eq!(
            tags(&inline(r#"[{"Key": "team", "Value": "shop"}, 1, {}]"#)),
            expected
        );
        let mapped = stack("A", "aws://1/2", r#", "tags": {"team": "shop", "odd": 1}"#);
        assert_eq!(tags(&manifest(&[mapped])), expected);
    }

    #[test]
    fn metadata_are_in_a_file_or_in_the_manifest() {
        let place = |more: &str| {
            let (assembly, _) = read(&format!(
                r#"{{"artifacts": {{"A": {{"type": "aws:cloudformation:stack", {more}
                    "properties": {{"templateFile": "A.template.json"}}}}}}}}"#
            ));
            let problems = assembly.problems.len();
            (
                assembly.stack("A.template.json").unwrap().metadata.clone(),
                problems,
            )
        };
        let file = MetadataPlace::File("A.metadata.json".to_owned());
        assert_eq!(
            place(r#""additionalMetadataFile": "A.metadata.json","#),
            (Some(file), 0)
        );
        assert_eq!(
            place(r#""metadata": {},"#),
            (Some(MetadataPlace::Manifest), 0)
        );
        assert_eq!(place(""), (None, 0));
        for outside in ["../A.metadata.json", "/etc/passwd", "gone.json", ""] {
            let more = format!(r#""additionalMetadataFile": "{outside}","#);
            assert_eq!(place(&more), (None, 1), "{outside}");
        }
    }

    #[test]
    fn a_nested_stack_belongs_to_the_stack_that_deploys_it() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text);
        write("B.assets.json", r#"{"path": "Nx.nested.template.json"}"#).unwrap();
        write("B.template.json", r#"{"path": "Ny.nested.template.json"}"#).unwrap();
        let inner = r#"{"path": "Ni.nested.template.json"}"#;
        write("Ny.nested.template.json", inner).unwrap();
        write(
            "Loop.nested.template.json",
            r#"["Loop2.nested.template.json"]"#,
        )
        .unwrap();
        write(
            "Loop2.nested.template.json",
            r#"["Loop.nested.template.json"]"#,
        )
        .unwrap();
        let (mut assembly, _) = read(&manifest(&[
            stack("A", "aws://111111111111/eu-west-1", ""),
            stack("B", "aws://222222222222/eu-west-1", ""),
        ]));
        for nested in [
            "Nx.nested.template.json",
            "Ny.nested.template.json",
            "Ni.nested.template.json",
        ] {
            let (template, _) = assembly.host(nested, folder.path()).unwrap();
            assert_eq!(template, "B.template.json");
            assert_eq!(assembly.stack(nested).unwrap().environment.account, None);
            assembly.settle(nested, folder.path());
            let nested = assembly.stack(nested).unwrap();
            assert_eq!(nested.environment.account.as_deref(), Some("222222222222"));
            assert_eq!(nested.name, None);
        }
        let host = |file: &str| assembly.host(file, folder.path());
        assert!(host("Loop.nested.template.json").is_none());
        assert!(host("Nz.nested.template.json").is_none());
        assert!(host("Z.template.json").is_none());
    }

    #[test]
    fn paths_outside_or_gone_are_mistakes() {
        let nested = |folder: &str| {
            format!(
                r#""N{folder}": {{"type": "cdk:cloud-assembly", "properties": {{"directoryName": "{folder}"}}}}"#
            )
        };
        let (assembly, sources) = read(&manifest(&[
            nested("../other"),
            nested("/etc"),
            nested("assembly-gone"),
            nested("assembly-empty"),
            nested("assembly-Prod"),
            stack("gone", "aws://111111111111/eu-west-1", ""),
        ]));
        let places: Vec<_> = assembly
            .problems
            .iter()
            .map(|problem| sources.text(problem.span))
            .collect();
        let expected = [
            "\"../other\"",
            "\"/etc\"",
            "\"assembly-gone\"",
            "\"assembly-empty\"",
            "\"gone.template.json\"",
        ];
        assert_eq!(places, expected);
        assert!(assembly.stack("gone.template.json").is_none());
    }

    #[test]
    fn missing_lookups_are_noted() {
        let (assembly, sources) = read(r#"{"artifacts": {}, "missing": [{"key": "x"}]}"#);
        let [Note::Undetermined { span, .. }] = assembly.notes.as_slice() else {
            panic!("one note: {:?}", assembly.notes);
        };
        assert_eq!(sources.text(*span), "\"missing\"");
    }

    #[test]
    fn a_manifest_that_is_none_is_a_mistake() {
        assert_eq!(read("{").0.problems.len(), 1);
        assert_eq!(read("[]").0.problems.len(), 1);
    }

    #[test]
    fn a_folder_is_an_assembly_by_what_is_in_it() {
        let files = |names: &[&str]| is_assembly(names.iter().map(|name| (*name, false)));
        assert!(files(&["cdk.out"]));
        assert!(files(&["A.template.json", "asset.0", "manifest.json"]));
        assert!(files(&["A.template.json", "A.assets.json", "synth.lock"]));
        assert!(is_assembly([
            ("A.template.json", false),
            ("asset.0", true),
            ("assembly-B", true)
        ]));
        assert!(!files(&["A.template.json", "A.assets.json"]));
        assert!(!files(&["A.template.json", "package.json"]));
        assert!(!files(&["manifest.json", "index.html"]));
        assert!(!is_assembly([("cdk.out", true)]));
    }

    #[test]
    fn a_folder_left_by_a_failed_synthesis_is_a_mistake() {
        let folder = tempfile::tempdir().unwrap();
        let mut sources = Sources::default();
        let mut open = || {
            super::open(
                folder.path(),
                &Door::at(folder.path()),
                &mut sources,
                &mut Tree::default(),
            )
        };
        assert!(open().is_none());
        std::fs::write(folder.path().join("cdk.out"), "{}").unwrap();
        let problems = open().unwrap().problems;
        assert!(problems[0].title.contains("did not finish"));
        let text = manifest(&[stack("A", "aws://111111111111/eu-west-1", "")]);
        std::fs::write(folder.path().join("manifest.json"), text).unwrap();
        std::fs::write(folder.path().join("A.template.json"), "{}").unwrap();
        let assembly = open().unwrap();
        assert!(assembly.problems.is_empty());
        let context = assembly.context("A.template.json", &Context::default());
        assert_eq!(context.account(), Some("111111111111"));
        assert_eq!(context.stack.as_deref(), Some("A"));
    }

    #[test]
    fn what_an_earlier_synthesis_left_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("A.assets.json", r#"{"path": "An.nested.template.json"}"#);
        let (assembly, _) = read(&manifest(&[stack("A", "aws://111111111111/eu-west-1", "")]));
        let is_left = |name: &str| assembly.is_left_over(name, folder.path());
        assert!(is_left("Old.template.json"));
        assert!(is_left("Oldn.nested.template.json"));
        for own in [
            "A.template.json",
            "An.nested.template.json",
            "AProduct1.product.template.json",
            ".template.json",
            "template.json",
            "orders.yaml",
        ] {
            assert!(!is_left(own), "{own}");
        }
        std::fs::remove_file(folder.path().join("A.assets.json")).unwrap();
        let (assembly, _) = read(&manifest(&[stack("A", "aws://111111111111/eu-west-1", "")]));
        assert!(!assembly.is_left_over("Oldn.nested.template.json", folder.path()));
        let (broken, _) = read("{");
        assert!(!broken.is_left_over("Old.template.json", folder.path()));
    }

    #[test]
    fn an_assembly_that_is_being_written_is_a_mistake() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let mut sources = Sources::default();
        let mut titles = || {
            let assembly = super::open(
                folder.path(),
                &Door::at(folder.path()),
                &mut sources,
                &mut Tree::default(),
            )
            .unwrap();
            let titles = assembly.problems.into_iter().map(|problem| problem.title);
            titles.collect::<Vec<_>>()
        };
        write("cdk.out", "{}");
        write("synth.lock", "4711");
        let title = "the assembly is being written: there is a `synth.lock`";
        assert_eq!(titles(), [title]);
        write("manifest.json", r#"{"artifacts": {}}"#);
        assert_eq!(titles(), [title]);
        std::fs::remove_file(folder.path().join("synth.lock")).unwrap();
        assert!(titles().is_empty());
    }
}
