//! Rules that a CDK app acknowledges: the metadata that `Validations.of(…).acknowledge(…)` leaves in
//! an assembly.
//! It does not know which rules there are, nor which frames of a stack trace are worth anything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use memchr::memmem;
use rayon::prelude::*;

use super::assembly::{Assembly, MetadataPlace};
use super::inline::{IgnoreComment, Inline};
use crate::door::read_inside;
use crate::ignore::{Ignore, IgnoreScope};
use crate::model::Entity;
use crate::source::{self, Node, Problem, SourceId, Sources, Span, Tree, shown};

/// The type of the metadata.
const TYPE: &str = "aws:cdk:acknowledged-rules";

/// What an assembly acknowledges, by the path of the construct below which it holds.
#[derive(Debug, Default)]
pub struct Acknowledgements {
    /// Ignores that do not know their places yet. The path of an app itself is empty.
    by_path: BTreeMap<String, Vec<Ignore>>,
    problems: Vec<Problem>,
}

impl Acknowledgements {
    /// Reads the metadata of every stack of the assembly in `folder`: of those that its manifest holds
    /// itself, and of the files that it names.
    ///
    /// A file that cannot be read, or that lies outside of the assembly, acknowledges nothing.
    #[must_use]
    pub fn open(folder: &Path, assembly: &Assembly, sources: &mut Sources) -> Self {
        let mut found = Self::default();
        let mut tree = Tree::default();
        let places: BTreeSet<&MetadataPlace> = assembly.metadata().collect();
        let manifest = assembly.source().filter(|source| {
            places.contains(&MetadataPlace::Manifest) && mentions(sources.source(*source).text())
        });
        if let Some(manifest) = manifest {
            found.read_text(manifest, sources, &mut tree);
        }
        let places: Vec<&MetadataPlace> = places.into_iter().collect();
        let texts: Vec<(PathBuf, String)> = places
            .into_par_iter()
            .filter_map(|place| match place {
                MetadataPlace::File(name) => {
                    let text = read_inside(folder, name).filter(|text| mentions(text))?;
                    Some((folder.join(name), text))
                }
                MetadataPlace::Manifest => None,
            })
            .collect();
        for (path, text) in texts {
            let source = sources.add(shown(&path), text);
            found.read_text(source, sources, &mut tree);
        }
        found
    }

    /// Reads a manifest or a file of metadata.
    fn read_text(&mut self, source: SourceId, sources: &Sources, tree: &mut Tree) {
        let text = sources.source(source).text();
        match source::json::parse(text, source, tree) {
            Ok(()) => {
                for metadata in tree.root(text).into_iter().flat_map(metadata_in) {
                    self.read(metadata);
                }
            }
            Err(problem) => self.problems.push(problem),
        }
    }

    /// Reads metadata: lists of entries by construct path.
    pub(super) fn read(&mut self, metadata: Node<'_>) {
        for construct in metadata.members() {
            for data in entries(construct.value).filter_map(|entry| entry.get("data")) {
                self.acknowledge(construct.key.trim_matches('/'), data);
            }
        }
    }

    /// Takes the reasons by rule of one construct; rules of other tools are passed over.
    fn acknowledge(&mut self, path: &str, rules: Node<'_>) {
        for rule in rules.members() {
            let is_ecrlint_rule = rule.key.starts_with("ecrlint::");
            if !is_ecrlint_rule && rule.key.contains("::") {
                continue;
            }
            let mut read = Inline::default();
            read.add(IgnoreComment {
                rule: (rule.key, rule.key_span),
                reason: rule.value.as_str(),
                owner: None,
                expires: None,
                places: Vec::new(),
                how: "give `acknowledge` a `reason`",
            });
            let ignores = read.ignores.into_iter().map(|ignore| Ignore {
                foreign: !is_ecrlint_rule,
                ..ignore
            });
            let known = self.by_path.entry(path.to_owned()).or_default();
            known.extend(ignores);
            if is_ecrlint_rule {
                self.problems.append(&mut read.problems);
            }
        }
    }

    /// The ignores for the repositories of the assembly, and for what belongs to them: each holds for those at
    /// its construct and below.
    #[must_use]
    pub fn resolve<'r>(mut self, repositories: impl IntoIterator<Item = &'r Entity>) -> Inline {
        if !self.by_path.is_empty() {
            for repository in repositories {
                let subject = &repository.subject;
                if let Some(path) = &subject.construct_path {
                    self.place(path, repository.place);
                }
                for (place, path) in &repository.constructs {
                    self.place(path, *place);
                }
            }
            // A role belongs to every repository that it uses.
            for ignore in self.by_path.values_mut().flatten() {
                if let IgnoreScope::Places(places) = &mut ignore.scope {
                    places.sort_unstable();
                    places.dedup();
                }
            }
        }
        Inline {
            ignores: self.by_path.into_values().flatten().collect(),
            problems: self.problems,
        }
    }

    /// Adds the place of the resource with this construct path.
    fn place(&mut self, own: &str, place: Span) {
        let ends = own.match_indices('/').map(|(at, _)| at);
        for end in std::iter::once(0).chain(ends).chain([own.len()]) {
            for ignore in self.by_path.get_mut(&own[..end]).into_iter().flatten() {
                if let IgnoreScope::Places(places) = &mut ignore.scope {
                    places.push(place);
                }
            }
        }
    }
}

/// The stack traces of the acknowledgements in a manifest or a file of metadata, by the places of the
/// rules that they name.
#[must_use]
pub fn traces(text: &str, source: SourceId) -> Vec<(Span, Arc<[String]>)> {
    let mut tree = Tree::default();
    if !mentions(text) || source::json::parse(text, source, &mut tree).is_err() {
        return Vec::new();
    }
    let metadata = tree.root(text).into_iter().flat_map(metadata_in);
    let constructs = metadata.flat_map(Node::members);
    let entries = constructs.flat_map(|construct| entries(construct.value));
    let traces = entries.flat_map(|entry| {
        let trace = entry.get("trace").into_iter();
        let frames: Arc<[String]> = trace
            .flat_map(|trace| trace.items().filter_map(Node::as_str))
            .map(str::to_owned)
            .collect();
        let rules = entry.get("data").into_iter().flat_map(Node::members);
        rules.map(move |rule| (rule.key_span, Arc::clone(&frames)))
    });
    traces.collect()
}

/// Whether a text has acknowledgements.
fn mentions(text: &str) -> bool {
    memmem::find(text.as_bytes(), TYPE.as_bytes()).is_some()
}

/// The metadata in a text: those of each artifact of a manifest, else the text itself.
fn metadata_in(root: Node<'_>) -> Vec<Node<'_>> {
    match root.get("artifacts") {
        Some(artifacts) => {
            let artifacts = artifacts.members();
            artifacts
                .filter_map(|one| one.value.get("metadata"))
                .collect()
        }
        None => vec![root],
    }
}

/// The acknowledgements among the metadata of a construct.
fn entries(construct: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let is_one = |entry: &Node<'_>| entry.get("type").and_then(Node::as_str) == Some(TYPE);
    construct.items().filter(is_one)
}

#[cfg(test)]
mod tests {
    use super::{Acknowledgements, traces};
    use crate::input::{Context, Inline, Loaded, Scratch, assembly, load};
    use crate::source::{SourceId, Sources, Tree, json};

    /// What `metadata` ignores in a template with a repository at each of the construct paths.
    fn resolved(metadata: &str, paths: &[&str]) -> (Inline, Loaded) {
        let resources: Vec<_> = paths.iter().enumerate().map(|(index, path)| {
            format!(
                r#""R{index}": {{"Type": "AWS::ECR::Repository", "Metadata": {{"aws:cdk:path": "{path}"}}}}"#
            )
        }).collect();
        let text = format!(r#"{{"Resources": {{{}}}}}"#, resources.join(","));
        let loaded = load(
            &text,
            SourceId(1),
            &Context::default(),
            &mut Scratch::default(),
        );
        let mut tree = Tree::default();
        json::parse(metadata, SourceId(0), &mut tree).unwrap();
        let mut found = Acknowledgements::default();
        found.read(tree.root(metadata).unwrap());
        (found.resolve(&loaded.entities), loaded)
    }

    fn entry(path: &str, data: &str) -> String {
        format!(
            r#"{{"{path}": [{{"type": "aws:cdk:logicalId", "data": "X"}},
                {{"type": "aws:cdk:acknowledged-rules", "data": {data}}}]}}"#
        )
    }

    /// Indices of the repositories that the only ignore is about.
    fn held(path: &str, paths: &[&str]) -> Vec<usize> {
        let (inline, loaded) = resolved(&entry(path, r#"{"ecrlint::scan-on-push": "x"}"#), paths);
        let scope = &inline.ignores[0].scope;
        let held = loaded.entities.iter().enumerate();
        let held = held.filter(|(_, one)| scope.reaches(one.place));
        held.map(|(index, _)| index).collect()
    }

    #[test]
    fn an_acknowledgement_holds_for_its_construct_and_what_is_below() {
        let paths = [
            "App/Repo/Resource",
            "App/Repository/Resource",
            "App/Repo",
            "Other/Repo",
        ];
        assert_eq!(held("/App/Repo", &paths), [0, 2]);
        assert_eq!(held("/App", &paths), [0, 1, 2]);
        assert_eq!(held("/", &paths), [0, 1, 2, 3]);
        assert_eq!(held("/App/Re", &paths), [0usize; 0]);
    }

    #[test]
    fn rules_of_other_tools_are_passed_over() {
        let data = r#"{"cdk-nag::scan-on-push": "x", "W3010": "y", "ecrlint::name-valid": "z"}"#;
        let (inline, _) = resolved(&entry("/App", data), &["App/Repo"]);
        let rules: Vec<_> = inline
            .ignores
            .iter()
            .map(|one| (one.rule.as_str(), one.foreign))
            .collect();
        assert_eq!(rules, [("W3010", true), ("name-valid", false)]);
    }

    #[test]
    fn a_reason_that_is_missing_is_a_mistake_at_the_rule() {
        let metadata = entry("/App", r#"{"ecrlint::name-valid": "", "W3010": ""}"#);
        let (inline, _) = resolved(&metadata, &[]);
        assert!(inline.ignores.is_empty());
        assert_eq!(inline.problems.len(), 1);
        assert_eq!(
            inline.problems[0].span.slice(&metadata),
            r#""ecrlint::name-valid""#
        );
    }

    #[test]
    fn metadata_lies_in_the_manifest_or_in_files_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let own = entry("/A", r#"{"ecrlint::name-valid": "in the manifest"}"#);
        let stack = |id: &str, more: &str| {
            format!(
                r#""{id}": {{"type": "aws:cloudformation:stack", {more},
                    "properties": {{"templateFile": "{id}.template.json"}}}}"#
            )
        };
        let manifest = format!(
            r#"{{"artifacts": {{{}, {}, {}, {}}}}}"#,
            stack("A", &format!(r#""metadata": {own}"#)),
            stack("B", r#""additionalMetadataFile": "B.metadata.json""#),
            stack("C", r#""additionalMetadataFile": "../B.metadata.json""#),
            stack("D", r#""additionalMetadataFile": "gone""#),
        );
        write("manifest.json", &manifest);
        write("cdk.out", "{}");
        for id in ["A", "B", "C", "D"] {
            write(&format!("{id}.template.json"), "{}");
        }
        let file = entry("/B", r#"{"ecrlint::name-valid": "in a file"}"#);
        write("B.metadata.json", &file);
        let mut sources = Sources::default();
        let assembly = assembly::open(
            folder.path(),
            &crate::door::Door::default(),
            &mut sources,
            &mut Tree::default(),
        )
        .unwrap();
        let found = Acknowledgements::open(folder.path(), &assembly, &mut sources);
        let inline = found.resolve(&[]);
        let told: Vec<_> = inline
            .ignores
            .iter()
            .map(|one| one.reason.as_str())
            .collect();
        assert_eq!(told, ["in the manifest", "in a file"]);
        let place = sources.locate(inline.ignores[1].rule_span).path;
        assert!(place.ends_with("B.metadata.json"), "{place}");
    }

    #[test]
    fn traces_belong_to_the_rules_of_their_acknowledgement() {
        let metadata = r#"{"/App": [{"type": "aws:cdk:acknowledged-rules", "data": {"ecrlint::a": "x", "b": "y"},
            "trace": ["    at f (/r/lib/a.ts:1:2)", 3]}, {"type": "aws:cdk:logicalId", "data": {"c": "z"}, "trace": ["g"]}]}"#;
        let manifest = format!(r#"{{"artifacts": {{"App": {{"metadata": {metadata}}}}}}}"#);
        for text in [metadata, &manifest] {
            let traces = traces(text, SourceId(0));
            let named: Vec<_> = traces.iter().map(|(span, _)| span.slice(text)).collect();
            assert_eq!(named, [r#""ecrlint::a""#, r#""b""#]);
            assert_eq!(*traces[1].1, ["    at f (/r/lib/a.ts:1:2)"]);
        }
        assert!(traces("{}", SourceId(0)).is_empty());
        assert!(traces(r#"{"aws:cdk:acknowledged-rules""#, SourceId(0)).is_empty());
    }
}
