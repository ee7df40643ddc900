//! Records of live accounts, whole and line by line: never a panic, and every report leads into the text.
#![no_main]

use ecrlint::input::Scratch;
use ecrlint::input::snapshot::lines::{self, Glance};
use ecrlint::source::Sources;
use ecrlint_fuzz::whole;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    whole::judged("snapshot.json", text);
    let mut scratch = Scratch::default();
    let mut strange = Vec::new();
    for line in text.lines() {
        let _passed: Glance<'_> = lines::glance(line.as_bytes());
        let mut sources = Sources::default();
        let id = sources.add("snapshot.ndjson", line);
        let loaded = lines::load_line(line, id, &mut scratch, &mut strange);
        for problem in &loaded.problems {
            whole::place(problem.span, &sources);
        }
    }
});
