//! Which stack deploys a nested one: the files of an assembly name the template of each.
//! It does not know what the templates are for.

use std::collections::BTreeMap;
use std::path::Path;

use memchr::memmem;

use super::manifest::{Assembly, MetadataPlace, Stack};
use super::read_inside;

/// How the names of nested stacks' templates end: they have no artifact of their own.
const NESTED_TEMPLATE: &str = ".nested.template.json";
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
            nested = nested_parent(&nested, folder)?;
        }
        None
    }

    /// The stack whose files name the template of a nested stack.
    fn direct_host(&self, nested: &str, folder: &Path) -> Option<(&str, &Stack)> {
        let hosts = self.hosts.get_or_init(|| self.assets(folder));
        let host = match hosts.get(nested) {
            Some(host) => self.stacks.get_key_value(host),
            // Asset manifests may be left out, or not written at all.
            None => self.stacks.iter().find(|(template, stack)| {
                let metadata = match &stack.metadata {
                    Some(MetadataPlace::File(file)) => file,
                    _ => "",
                };
                names(folder, metadata, nested) || names(folder, template, nested)
            }),
        };
        host.map(|(template, stack)| (template.as_str(), stack))
    }

    /// The templates of nested stacks that asset manifests name, with the stacks' own.
    fn assets(&self, folder: &Path) -> BTreeMap<String, String> {
        let mut hosts = BTreeMap::new();
        for (template, stack) in &self.stacks {
            let assets = format!("{}.assets.json", stack.artifact);
            let text = read_inside(folder, &assets).unwrap_or_default();
            let strings = text.split('"').filter(|string| is_nested(string));
            hosts.extend(strings.map(|nested| (nested.to_owned(), template.clone())));
        }
        hosts
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

/// The nested stack whose template names that of another one.
fn nested_parent(nested: &str, folder: &Path) -> Option<String> {
    let entries = std::fs::read_dir(folder).ok()?;
    let mut files: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|file| is_nested(file) && file != nested)
        .collect();
    files.sort();
    files.into_iter().find(|file| names(folder, file, nested))
}

/// Whether the text of a file in `folder` has `wanted` as a string.
fn names(folder: &Path, file: &str, wanted: &str) -> bool {
    let quoted = format!("\"{wanted}\"");
    let text = read_inside(folder, file);
    text.is_some_and(|text| memmem::find(text.as_bytes(), quoted.as_bytes()).is_some())
}

/// Whether a template is that of a nested stack, by its name.
pub(super) fn is_nested(file_name: &str) -> bool {
    file_name.ends_with(NESTED_TEMPLATE)
}
