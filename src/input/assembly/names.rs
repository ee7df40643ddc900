//! Names of the files and folders of an assembly.
//! It does not know what is in them.

/// File that describes an assembly.
pub const MANIFEST: &str = "manifest.json";
/// File that marks the folder of an assembly.
pub(super) const MARKER: &str = "cdk.out";
/// File that is there while a synthesis runs.
pub(super) const LOCK: &str = "synth.lock";
/// How the names of synthesized templates end.
pub(super) const TEMPLATE: &str = ".template.json";
/// How the names of nested stacks' templates end: they have no artifact of their own.
const NESTED_TEMPLATE: &str = ".nested.template.json";

/// File name of the asset manifest of a stack.
pub(super) fn assets_of(artifact: &str) -> String {
    format!("{artifact}.assets.json")
}

/// Whether a template is that of a nested stack, by its name.
pub(super) fn is_nested(file_name: &str) -> bool {
    file_name.ends_with(NESTED_TEMPLATE)
}
