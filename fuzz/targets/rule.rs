//! Rules of users: never a panic; a bad one is reported at places within it, a good one judges.
#![no_main]

use ecrlint::input::{self, Context, Scratch};
use ecrlint::rules::{self, RuleSet};
use ecrlint::source::Sources;
use ecrlint_fuzz::whole;
use libfuzzer_sys::fuzz_target;

/// Has something for most facts to be about.
const TEMPLATE: &str = include_str!("../seeds/check/orders.template.json");

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let id = sources.add("rules/naming/own.yaml", text);
    let definition = match rules::load(text, id, "naming/own.yaml") {
        Ok(definition) => definition,
        Err(problems) => {
            assert!(!problems.is_empty(), "refused without a reason");
            for problem in &problems {
                whole::place(problem.span, &sources);
            }
            return;
        }
    };
    // Alone, so that an execution costs what this rule costs.
    let mut rules = RuleSet::default();
    if let Err(problem) = rules.add(definition) {
        whole::place(problem.span, &sources);
        return;
    }
    let config =
        whole::config("rules: { own: error }", &mut sources).expect("the configuration holds");
    let input = sources.add("orders.template.json", TEMPLATE);
    let loaded = input::load(
        TEMPLATE,
        input,
        &Context::default(),
        &mut Scratch::default(),
    );
    whole::reported(&rules, &config, loaded, &sources);
});
