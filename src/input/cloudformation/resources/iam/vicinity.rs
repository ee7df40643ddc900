//! The repositories of a template that its identities may be about: most of them see the same, which is kept once.
//! It does not know what a policy gives.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::model::{Document, IdentityRepository, Vicinity};

/// Texts under `Resource` that are compared with a repository each. A stack of 500 resources can have 250 identities
/// with four texts each beside 250 repositories.
const MOST_PAIRS: usize = 300_000;

/// Names of repositories that are evaluated for single identities, because conditions decide about them.
const MOST_NAMES: usize = 100_000;

/// Why an identity is not compared with the repositories of its template.
const TOO_MANY: &str = "the policies of the template have more resources, and it more repositories, than are compared with each other";

/// What the policies of an identity say of repositories.
#[derive(Debug, Default)]
pub(super) struct Said<'t> {
    /// Repositories of the template that they refer to.
    pub(super) named: Vec<&'t str>,
    /// Whether they spell names of repositories.
    pub(super) spells_names: bool,
    /// The number of their resources that tell repositories apart.
    pub(super) resources: usize,
}

/// The repositories of a template.
#[derive(Debug)]
pub(super) struct Neighbourhood {
    /// All of them, whatever conditions decide.
    all: OnceCell<Arc<Vicinity>>,
    pairs_left: Cell<usize>,
    names_left: Cell<usize>,
}

impl Default for Neighbourhood {
    fn default() -> Self {
        Self {
            all: OnceCell::new(),
            pairs_left: Cell::new(MOST_PAIRS),
            names_left: Cell::new(MOST_NAMES),
        }
    }
}

impl Neighbourhood {
    /// The repositories that an identity may be about: its policies do not refer to others only. Says besides why they
    /// are not compared with it, if they are not.
    pub(super) fn of(
        &self,
        evaluator: &Evaluator<'_, '_>,
        said: &Said<'_>,
    ) -> (Arc<Vicinity>, Option<&'static str>) {
        let undecided = evaluator.decisions.undecided();
        let plain = Evaluator::new(evaluator.setting, &*undecided);
        let near = if !said.named.is_empty() && !said.spells_names {
            let is_named = |id: &str| said.named.contains(&id);
            Arc::new(vicinity(&plain, &plain, &is_named))
        } else {
            let all = self
                .all
                .get_or_init(|| Arc::new(vicinity(&plain, &plain, &|_| true)));
            let is_certain = all
                .repositories
                .iter()
                .all(|near| all.document.value(near.name).as_unknown().is_none());
            // Conditions of a name matter where policies spell names.
            if !said.spells_names || is_certain {
                all.clone()
            } else if take(&self.names_left, all.repositories.len()) {
                Arc::new(vicinity(evaluator, &plain, &|_| true))
            } else {
                return (all.clone(), Some(TOO_MANY));
            }
        };
        let pairs = near.repositories.len().saturating_mul(said.resources);
        let uncompared = (!take(&self.pairs_left, pairs)).then_some(TOO_MANY);
        (near, uncompared)
    }
}

/// Takes as much as is left; whether there was enough.
fn take(left: &Cell<usize>, wanted: usize) -> bool {
    let rest = left.get().checked_sub(wanted);
    left.set(rest.unwrap_or_else(|| left.get()));
    rest.is_some()
}

/// Repositories that exist, with the names that `evaluator` gives them.
fn vicinity<'t>(
    evaluator: &Evaluator<'t, '_>,
    plain: &Evaluator<'t, '_>,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Vicinity {
    let mut document = Document::default();
    let repositories = evaluator.template.of_kind(ResourceKind::Repository);
    let wanted = repositories.filter(|one| is_wanted(one.id) && !plain.existence(one).is_false());
    let near = wanted.map(|repository| {
        let properties = evaluator.properties(&repository);
        let name = evaluator.inside(&properties, "RepositoryName");
        IdentityRepository {
            logical_id: repository.id.to_owned(),
            name: evaluator.write_string(&mut document, name),
        }
    });
    let repositories = near.collect();
    Vicinity {
        document: document.take_shrunk(),
        repositories,
    }
}
