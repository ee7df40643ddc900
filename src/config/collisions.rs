//! Declared repositories that get one and the same name, because names are lower-cased and cut.
//! It does not know how declarations are written down.

use std::collections::HashMap;

use super::configuration::DeclarationProblem;
use super::words::quoted;
use crate::model::{DeclaredRepository, Organisation};
use crate::source::Problem;

/// A mistake at each key of a declaration whose name another one of the same environment gets, too.
pub(super) fn find(organisation: &Organisation) -> Vec<DeclarationProblem> {
    let mut mistakes = Vec::new();
    let mut first: HashMap<(Option<&str>, String), &DeclaredRepository> = HashMap::new();
    for repository in &organisation.repositories {
        let name = name(organisation, repository);
        let environment = repository.environment.as_deref();
        let duplicate = match first.get(&(environment, name.clone())) {
            Some(duplicate) => Some(*duplicate),
            // One for all environments is one for this environment.
            None => first.get(&(None, name.clone())).copied(),
        };
        match duplicate {
            Some(duplicate) if duplicate.base.value != repository.base.value => {
                mistakes.push(mistake(repository, duplicate, &name));
                mistakes.push(mistake(duplicate, repository, &name));
            }
            Some(_) => {}
            None => {
                first.insert((environment, name), repository);
            }
        }
    }
    mistakes
}

/// The name that a repository gets, as far as prefix and application are known.
fn name(organisation: &Organisation, repository: &DeclaredRepository) -> String {
    let base = &repository.base.value;
    let full = organisation.repository_name(base);
    full.unwrap_or_else(|| base.to_lowercase())
}

fn mistake(own: &DeclaredRepository, other: &DeclaredRepository, name: &str) -> DeclarationProblem {
    let title = format!(
        "{} and {} get the same name, {}",
        quoted(&own.base.value),
        quoted(&other.base.value),
        quoted(name)
    );
    let problem = Problem::new(own.base.span, title)
        .label("names are lower-cased and cut at 256 characters")
        .help("rename one of the two")
        .related(other.base.span, "the other one");
    DeclarationProblem {
        environment: own.environment.clone(),
        base: Some(own.base.value.clone()),
        problem,
    }
}
