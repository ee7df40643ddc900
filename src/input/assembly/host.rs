//! Which stack deploys a nested one: the files of an assembly name the template of each.
//! It does not know what the templates are for.

use std::collections::BTreeMap;
use std::path::Path;

use super::manifest::{Assembly, MetadataPlace, Stack};
use super::names::{TEMPLATE, assets_of, is_nested};
use crate::door::read_inside;
use crate::source::{self, Node, SourceId, Tree};

/// Nested stacks inside of each other that are followed.
const DEEPEST: usize = 16;

impl Assembly {
    /// The stack that a template belongs to, with the file name of the stack's own template: for a
    /// nested stack, the one that deploys it, directly or through other nested stacks.
    #[must_use]
    pub fn host(&self, file_name: &str, folder: &Path) -> Option<(&str, &Stack)> {
        if let Some((template, stack)) = self.stacks.get_key_value(file_name) {
            return Some((template, stack));
        }
        let mut nested = file_name.to_owned();
        for _ in 0..DEEPEST {
            if !is_nested(&nested) {
                break;
            }
            let host = self.direct_host(&nested, folder);
            if host.is_some() {
                return host;
            }
            nested = self.nested_parent(&nested, folder)?.to_owned();
        }
        None
    }

    /// Whether a template is in the folder though the assembly does not have it: the CDK overwrites
    /// what it writes again, and leaves what an earlier synthesis wrote for stacks that are no more.
    ///
    /// Templates with other names, such as those of products, are assets and no stacks.
    #[must_use]
    pub fn is_left_over(&self, file_name: &str, folder: &Path) -> bool {
        if !self.is_whole {
            return false;
        }
        if is_nested(file_name) {
            let has_assets = |stack: &Stack| folder.join(assets_of(&stack.artifact)).is_file();
            return self.host(file_name, folder).is_none() && self.stacks.values().all(has_assets);
        }
        let stem = file_name.strip_suffix(TEMPLATE);
        let is_a_stacks = stem.is_some_and(|stem| !stem.is_empty() && !stem.contains('.'));
        is_a_stacks && !self.stacks.contains_key(file_name)
    }

    /// The stack whose files name the template of a nested stack.
    fn direct_host(&self, nested: &str, folder: &Path) -> Option<(&str, &Stack)> {
        let hosts = &self.hosts;
        let by_assets = hosts.by_assets.get_or_init(|| self.assets(folder));
        let host = by_assets.get(nested).or_else(|| {
            // Asset manifests may be left out, or not written at all.
            let by_texts = hosts.by_texts.get_or_init(|| self.texts(folder));
            by_texts.get(nested)
        });
        let (template, stack) = self.stacks.get_key_value(host?)?;
        Some((template, stack))
    }

    /// The templates of nested stacks that asset manifests name, with the stacks' own.
    fn assets(&self, folder: &Path) -> BTreeMap<String, String> {
        let mut hosts = BTreeMap::new();
        for (template, stack) in &self.stacks {
            let nested = nested_in(folder, &assets_of(&stack.artifact)).into_iter();
            hosts.extend(nested.map(|nested| (nested, template.clone())));
        }
        hosts
    }

    /// The template of a nested stack that is uploaded under a name, which is the end of its URL.
    #[must_use]
    pub fn uploaded(&self, name: &str, folder: &Path) -> Option<&str> {
        let uploads = self.hosts.uploads.get_or_init(|| {
            let mut uploads = BTreeMap::new();
            for stack in self.stacks.values() {
                let text = read_inside(folder, &assets_of(&stack.artifact)).unwrap_or_default();
                add_uploads(&text, &mut uploads);
            }
            uploads
        });
        uploads.get(name).map(String::as_str)
    }

    /// The same, by what metadata and templates name.
    fn texts(&self, folder: &Path) -> BTreeMap<String, String> {
        let mut hosts = BTreeMap::new();
        for (template, stack) in self.stacks.iter().rev() {
            let mut nested = nested_in(folder, template);
            if let Some(MetadataPlace::File(file)) = &stack.metadata {
                nested.extend(nested_in(folder, file));
            }
            hosts.extend(nested.into_iter().map(|nested| (nested, template.clone())));
        }
        hosts
    }

    /// The nested stack whose template names that of another one.
    fn nested_parent(&self, nested: &str, folder: &Path) -> Option<&str> {
        let parents = self.hosts.parents.get_or_init(|| parents(folder));
        parents.get(nested).map(String::as_str)
    }

    /// Finds out which stack deploys a nested one, where that makes a difference.
    pub fn settle(&mut self, file_name: &str, folder: &Path) {
        let differ = self.stacks.values().any(|stack| {
            let all = (&self.shared.environment, self.shared.tags.len());
            (&stack.environment, stack.tags.len()) != all
        });
        if !differ || !is_nested(file_name) {
            return;
        }
        if let Some((_, host)) = self.host(file_name, folder) {
            let nested = Stack {
                name: None,
                ..host.clone()
            };
            self.nested.insert(file_name.to_owned(), nested);
        }
    }
}

/// The templates of nested stacks in a folder that name those of others, by the others.
fn parents(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|file| is_nested(file))
        .collect();
    files.sort();
    let mut parents = BTreeMap::new();
    for file in files.iter().rev() {
        let nested = nested_in(folder, file).into_iter();
        let others = nested.filter(|nested| nested != file);
        parents.extend(others.map(|nested| (nested, file.clone())));
    }
    parents
}

/// The templates of nested stacks in the text of an asset manifest, by the names of what they become.
fn add_uploads(text: &str, uploads: &mut BTreeMap<String, String>) {
    let mut tree = Tree::default();
    if source::json::parse(text, SourceId::default(), &mut tree).is_err() {
        return;
    }
    let files = tree.root(text).and_then(|root| root.get("files"));
    for file in files.into_iter().flat_map(Node::members) {
        let path = file
            .value
            .get("source")
            .and_then(|source| source.get("path"));
        let Some(path) = path.and_then(Node::as_str).filter(|path| is_nested(path)) else {
            continue;
        };
        let destinations = file.value.get("destinations").into_iter();
        for destination in destinations.flat_map(Node::members) {
            let key = destination.value.get("objectKey").and_then(Node::as_str);
            if let Some(name) = key.and_then(|key| key.rsplit('/').next()) {
                uploads.insert(name.to_owned(), path.to_owned());
            }
        }
    }
}

/// The templates of nested stacks that the strings of a file in `folder` name.
fn nested_in(folder: &Path, file: &str) -> Vec<String> {
    let text = read_inside(folder, file).unwrap_or_default();
    let strings = text.split('"').filter(|string| is_nested(string));
    strings.map(str::to_owned).collect()
}
