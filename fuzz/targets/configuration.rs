//! Configurations: never a panic; a bad one is reported at places within it, a good one judges.
#![no_main]

use std::sync::LazyLock;

use ecrlint::input::{self, Context, Scratch};
use ecrlint::rules::RuleSet;
use ecrlint::source::Sources;
use ecrlint_fuzz::whole;
use libfuzzer_sys::fuzz_target;

/// Has something for most sections of a configuration to speak about.
const TEMPLATE: &str = include_str!("../seeds/check/orders.template.json");

static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::builtin);

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    match whole::config(text, &mut sources) {
        Ok(config) => {
            let input = sources.add("orders.template.json", TEMPLATE);
            let context = Context::default();
            let loaded = input::load(TEMPLATE, input, &context, &mut Scratch::default());
            whole::reported(&RULES, &config, loaded, &sources);
        }
        Err(problems) => {
            assert!(!problems.is_empty(), "refused without a reason");
            for problem in &problems {
                whole::place(problem.span, &sources);
                assert!(!problem.title.is_empty());
            }
        }
    }
});
