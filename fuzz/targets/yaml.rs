//! YAML: never a panic, and every place within the text.
#![no_main]

use ecrlint::source::{SourceId, Tree, yaml};
use ecrlint_fuzz::walk;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut tree = Tree::default();
    match yaml::parse(text, SourceId(0), &mut tree) {
        Ok(()) => walk::tree(&tree, text),
        Err(problem) => walk::problem(&problem, text),
    }
});
