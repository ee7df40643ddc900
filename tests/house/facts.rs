//! A fact is declared in one row: what is said about it elsewhere is written from there.

use ecrlint::model::EntityKind;
use ecrlint::model::facts::{FACTS, MemberRow, ROOTS, SHARED, ValueShape};
use ecrlint::rules::{Question, example, facts_page, schema};

use crate::golden::assert_golden;
use crate::program::root;

#[test]
fn the_schema_of_the_document_is_written_from_the_rows() {
    assert_golden(&root().join("schemas/repository.json"), &schema());
}

#[test]
fn the_page_of_facts_is_written_from_the_rows() {
    assert_golden(&root().join("docs/facts.md"), &facts_page());
}

#[test]
fn code_and_rules_call_a_fact_by_one_name() {
    for (at, row) in FACTS.iter().enumerate() {
        let mut name = String::new();
        for letter in format!("{:?}", row.fact).chars() {
            if letter.is_uppercase() && !name.is_empty() {
                name.push('_');
            }
            name.extend(letter.to_lowercase());
        }
        assert_eq!(row.name, name);
        assert_eq!(row.fact as usize, at, "{name} stands at another place");
    }
}

#[test]
fn the_query_that_shows_a_fact_is_one_that_a_rule_can_ask() {
    for row in FACTS {
        let query = example(row);
        assert!(query.contains(row.name), "{query}");
        assert!(Question::read(&query).is_ok(), "{query}");
    }
}

/// Everything that is said of a value and below it.
fn sentences(about: &'static str, shape: ValueShape, all: &mut Vec<&'static str>) {
    all.push(about);
    let members: &[MemberRow] = match shape {
        ValueShape::Map(members) => members,
        ValueShape::Each(item, members) => {
            all.push(item);
            members
        }
        _ => &[],
    };
    for one in members {
        sentences(one.about, one.shape, all);
    }
}

#[test]
fn each_fact_and_each_of_its_members_says_what_it_means() {
    let facts = FACTS.iter().map(|row| (row.about, row.shape));
    let roots = ROOTS.iter().map(|row| (row.about, row.shape));
    let shared = SHARED.iter().map(|row| (row.about, row.shape));
    let mut all = Vec::new();
    for (about, shape) in facts.chain(roots).chain(shared) {
        sentences(about, shape, &mut all);
    }
    for sentence in all {
        let is_one = sentence.ends_with('.') && !sentence.contains("  ");
        assert!(is_one, "{sentence:?} is not a sentence");
    }
}

#[test]
fn a_kind_of_entity_is_one_of_the_words_of_its_fact() {
    let ValueShape::Word(words) = FACTS[0].shape else {
        panic!("the kind is a word");
    };
    let kinds = EntityKind::ALL.map(EntityKind::as_str);
    assert_eq!(words, kinds);
}
