//! Rules that a CDK app acknowledges: the metadata that `Validations.of(…).acknowledge(…)` leaves in
//! an assembly.
//! It does not know which rules there are, nor where in the app they were acknowledged.

use std::collections::BTreeMap;
use std::path::Path;

use memchr::memmem;

use super::assembly::read_inside;
use super::inline::{Draft, Inline};
use crate::ignore::{Ignore, Scope};
use crate::model::Repository;
use crate::source::{self, Node, Problem, SourceId, Sources, Tree, shown};

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
    /// Reads the metadata of every stack of the assembly in `folder`: of those that its `manifest`,
    /// which was read into `tree`, holds itself, and of the files that it names.
    pub(super) fn open(
        folder: &Path,
        manifest: SourceId,
        sources: &mut Sources,
        tree: &mut Tree,
    ) -> Self {
        let mut found = Self::default();
        let mut files = Vec::new();
        let root = tree.root(&sources.source(manifest).text);
        let artifacts = root.and_then(|root| root.get("artifacts"));
        for artifact in artifacts.into_iter().flat_map(Node::members) {
            if let Some(metadata) = artifact.value.get("metadata") {
                found.read(metadata);
            }
            let file = artifact.value.get("additionalMetadataFile");
            files.extend(file.and_then(Node::as_str).map(str::to_owned));
        }
        for file in &files {
            found.read_file(folder, file, sources, tree);
        }
        found
    }

    /// A file that cannot be read, or that lies outside of the assembly, acknowledges nothing.
    fn read_file(&mut self, folder: &Path, file: &str, sources: &mut Sources, tree: &mut Tree) {
        let Some(text) = read_inside(folder, file) else {
            return;
        };
        if memmem::find(text.as_bytes(), TYPE.as_bytes()).is_none() {
            return;
        }
        let source = sources.add(shown(&folder.join(file)), text);
        let text = &sources.source(source).text;
        match source::json::parse(text, source, tree) {
            Ok(()) => {
                if let Some(metadata) = tree.root(text) {
                    self.read(metadata);
                }
            }
            Err(problem) => self.problems.push(problem),
        }
    }

    /// Reads metadata: lists of entries by construct path.
    pub(super) fn read(&mut self, metadata: Node<'_>) {
        for construct in metadata.members() {
            let entries = construct.value.items();
            let acknowledged =
                entries.filter(|entry| entry.get("type").and_then(Node::as_str) == Some(TYPE));
            for data in acknowledged.filter_map(|entry| entry.get("data")) {
                self.acknowledge(construct.key.trim_matches('/'), data);
            }
        }
    }

    /// Takes the reasons by rule of one construct; rules of other tools are passed over.
    fn acknowledge(&mut self, path: &str, rules: Node<'_>) {
        for rule in rules.members() {
            let is_ours = rule.key.starts_with("ecrlint::");
            if !is_ours && rule.key.contains("::") {
                continue;
            }
            let mut read = Inline::default();
            read.add(Draft {
                rule: (rule.key, rule.key_span),
                reason: rule.value.as_str(),
                owner: None,
                expires: None,
                places: Vec::new(),
                how: "give `acknowledge` a `reason`",
            });
            let ignores = read.ignores.into_iter().map(|ignore| Ignore {
                foreign: !is_ours,
                ..ignore
            });
            let known = self.by_path.entry(path.to_owned()).or_default();
            known.extend(ignores);
            if is_ours {
                self.problems.append(&mut read.problems);
            }
        }
    }

    /// The ignores for the repositories of the assembly: each holds for the repositories at its
    /// construct and below.
    #[must_use]
    pub fn resolve<'r>(mut self, repositories: impl IntoIterator<Item = &'r Repository>) -> Inline {
        if !self.by_path.is_empty() {
            for repository in repositories {
                self.place(repository);
            }
        }
        Inline {
            ignores: self.by_path.into_values().flatten().collect(),
            problems: self.problems,
        }
    }

    fn place(&mut self, repository: &Repository) {
        let Some(own) = &repository.subject.construct_path else {
            return;
        };
        let ends = own.match_indices('/').map(|(at, _)| at);
        for end in std::iter::once(0).chain(ends).chain([own.len()]) {
            for ignore in self.by_path.get_mut(&own[..end]).into_iter().flatten() {
                if let Scope::Places(places) = &mut ignore.scope {
                    places.push(repository.place);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Acknowledgements;
    use crate::input::{Context, Inline, Loaded, Scratch, load};
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
        (found.resolve(&loaded.repositories), loaded)
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
        let held = loaded.repositories.iter().enumerate();
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
        let own = entry("/A", r#"{"ecrlint::name-valid": "in the manifest"}"#);
        let manifest = format!(
            r#"{{"artifacts": {{"A": {{"metadata": {own}}}, "B": {{"additionalMetadataFile": "B.metadata.json"}},
                "C": {{"additionalMetadataFile": "../B.metadata.json"}}, "D": {{"additionalMetadataFile": "gone"}}}}}}"#
        );
        let file = entry("/B", r#"{"ecrlint::name-valid": "in a file"}"#);
        std::fs::write(folder.path().join("B.metadata.json"), file).unwrap();
        let (mut sources, mut tree) = (Sources::default(), Tree::default());
        let source = sources.add("manifest.json", manifest.as_str());
        json::parse(&manifest, source, &mut tree).unwrap();
        let found = Acknowledgements::open(folder.path(), source, &mut sources, &mut tree);
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
}
