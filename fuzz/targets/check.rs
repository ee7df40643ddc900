//! A whole check: never a panic, and every report leads into the text and is plain text.
#![no_main]

use ecrlint_fuzz::whole;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    whole::judged("template.yaml", text);
});
