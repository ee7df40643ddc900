//! Facts are computed when a rule asks for them, and no verdict depends on which other rules are on.

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde_json::Value;

use crate::record::{self, Recorded};
use ecrlint::input::{self, Context, Scratch};
use ecrlint::model::facts::{self, Described, FACTS, FactSet, Scope, UNASKED};
use ecrlint::rules::RuleSet;
use ecrlint::source::SourceId;

/// The findings of a rule with everything that a report tells of them, but for how severe they are: a rule that is
/// switched on by its name alone has the severity of its own.
fn of_rule(report: &Value, rule: &str) -> Vec<Value> {
    let findings = report["diagnostics"].as_array().into_iter().flatten();
    let findings = findings.filter(|finding| finding["rule"] == rule);
    let plain = findings.cloned().map(|mut finding| {
        finding["severity"].take();
        finding
    });
    plain.collect()
}

/// How the findings of rules differ where each is the only one: of the rule that is named, else of all that say something
/// of the input.
fn differences(input: &Recorded<'_>, named: Option<&str>, known: &BTreeSet<&str>) -> Vec<String> {
    let (_, together) = input.report();
    let findings = together["diagnostics"].as_array().into_iter().flatten();
    let raised = findings.filter_map(|finding| finding["rule"].as_str());
    let rules: BTreeSet<&str> = match named {
        Some(rule) => BTreeSet::from([rule]),
        None => raised.filter(|rule| known.contains(rule)).collect(),
    };
    let differ = rules.into_iter().filter_map(|rule| {
        let with_others = of_rule(&together, rule);
        let alone = of_rule(&input.report_by(rule), rule);
        if alone == with_others {
            return None;
        }
        // A repository is taken for a declared one of another name where this rule says that its name is wrong.
        let named = of_rule(&input.report_by(&format!("{rule},name-pattern")), rule);
        let name = input.name;
        (named != with_others)
            .then(|| format!("{name}, {rule}: alone {alone:#?}, with others {with_others:#?}"))
    });
    differ.collect()
}

#[test]
fn a_rule_says_alone_what_it_says_with_all_others() {
    let rules = RuleSet::builtin();
    let known: BTreeSet<&str> = rules.iter().map(|rule| rule.id()).collect();
    let mut inputs = record::fixtures();
    inputs.extend(record::verdicts());
    let of_fixture = |name: &String| record::with_fixture(name, |it| differences(it, None, &known));
    let mut found: Vec<String> = inputs.par_iter().flat_map(of_fixture).collect();
    let examples: Vec<_> = rules.iter().flat_map(record::shown).collect();
    found.par_extend(examples.par_iter().flat_map(|one| {
        let own = Some(one.1.id());
        record::with_example(one, |it| differences(it, own, &known))
    }));
    assert!(inputs.len() > 100 && examples.len() > 300);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

const TEMPLATE: &str = "Resources:
  App:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/api
      RepositoryPolicyText: { Statement: [{ Effect: Allow, Principal: '*', Action: 'ecr:*' }] }
";

fn described(asked: FactSet) -> Described {
    let context = Context::default();
    let loaded = input::load(TEMPLATE, SourceId(0), &context, &mut Scratch::default());
    facts::describe_asked(&loaded.entities[0], &Scope::default(), asked)
}

fn names(facts: FactSet) -> Vec<&'static str> {
    let rows = FACTS.iter().filter(|row| facts.has(row.fact));
    rows.map(|row| row.name).collect()
}

/// What is looked up for any finding.
const LOOKED_UP: [&str; 9] = [
    "kind",
    "account",
    "region",
    "logical_id",
    "name",
    "taken_as",
    "exclusion_filters",
    "tags",
    "template_problems",
];

#[test]
fn only_the_facts_of_a_rule_are_computed_for_it() {
    let rules = RuleSet::builtin();
    for (id, expected) in [
        ("scan-on-push", vec!["scanning", "causes"]),
        // What decides about the mode is reported with what decides about scanning.
        (
            "tag-immutability",
            vec!["scanning", "tag_mutability", "mutability", "causes"],
        ),
        ("access-public", vec!["policy", "access"]),
        ("lifecycle-invalid", vec!["lifecycle"]),
        (
            "name-valid",
            vec!["name_problems", "name_suggested", "name_advice"],
        ),
    ] {
        let Some(rule) = rules.get(id) else {
            panic!("no rule {id}");
        };
        let computed = names(described(rule.facts()).computed);
        let own = computed
            .into_iter()
            .filter(|name| !LOOKED_UP.contains(name));
        assert_eq!(own.collect::<Vec<_>>(), expected, "{id}");
    }
    assert_eq!(names(described(FactSet::NONE).computed), [""; 0]);
    let all = names(described(FactSet::ALL).computed);
    let own = FACTS
        .iter()
        .filter(|row| row.kinds.has(ecrlint::model::EntityKind::Private));
    assert_eq!(all, own.map(|row| row.name).collect::<Vec<_>>());
}

#[test]
fn a_fact_that_nobody_asks_for_can_be_anything() {
    let described = described(FactSet::NONE);
    let repository = described.document.value(described.repository);
    let members: Vec<_> = repository.members().collect();
    assert!(members.len() > 30);
    for (name, value) in members {
        let unknown = value
            .as_unknown()
            .unwrap_or_else(|| panic!("{name} is known"));
        assert_eq!(unknown.reason, UNASKED, "{name}");
        assert!(unknown.maybe_absent, "{name}");
    }
}
