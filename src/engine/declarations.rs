//! Which declared repositories are in no input, and which declarations are wrong.
//! It does not know rules, nor what a repository has to be like.

use std::collections::{BTreeMap, HashSet};

use rustc_hash::{FxHashMap, FxHashSet};

use super::finding::REFUSED;
use crate::config::{Config, DeclarationProblem};
use crate::model::facts::{DeclarationFate, Scope};
use crate::model::{
    AccountRegion, Data, DeclaredRepository, Document, Entity, EntityKind, Environment,
    Identifiers, Language, Notation, Organisation, Particulars, Shape, Truth, Value,
};
use crate::report::{Diagnostic, Severity, Verdict};
use crate::source::{Problem, Span, Syntax};

/// Why nobody can tell whether a declared repository belongs to the inputs.
const NOWHERE: &str = "the account and region that an input is deployed to are not known";
/// Why nobody can tell what a declared repository is called.
const NAMELESS: &str = "the names of declared repositories begin with a prefix and an application, \
                        which are not both configured";

/// Repositories whose names are not known that are remembered; one that may be the missing one is enough.
const MOST_NAMELESS: usize = 10_000;

/// Names that are declared, each of which some input has to have.
#[derive(Debug, Default)]
pub(super) struct DeclaredNames(FxHashSet<String>);

/// What the inputs have of what is wanted. Repositories may come one by one, and are not kept.
#[derive(Debug, Default)]
pub(super) struct Built {
    /// Names that are wanted, with the places of their repositories.
    names: FxHashMap<String, Vec<AccountRegion>>,
    /// Repositories whose names are not known.
    nameless: Vec<Nameless>,
    /// Where repositories are.
    homes: Vec<AccountRegion>,
    /// What they are written in.
    languages: Vec<Language>,
}

#[derive(Debug)]
struct Nameless {
    shape: Option<Shape>,
    reason: String,
    home: AccountRegion,
}

/// A declaration that is judged: a part of it is wrong, or no input has it.
pub(super) struct Pledge<'a> {
    /// Stands in the place of the repository.
    pub(super) repository: Entity,
    /// Its surroundings, without its fate.
    pub(super) scope: Scope<'a>,
    /// What became of it.
    pub(super) fate: DeclarationFate<'a>,
}

impl DeclaredNames {
    /// The names that an organisation declares.
    pub(super) fn of(organisation: &Organisation) -> Self {
        let declared = organisation.repositories.iter();
        Self(
            declared
                .filter_map(|one| organisation.repository_name(&one.base.value))
                .collect(),
        )
    }
}

impl Built {
    /// Remembers a repository of the inputs, as far as it matters.
    /// `meant` is the name of the declared one that it is taken for.
    pub(super) fn add(&mut self, repository: &Entity, wanted: &DeclaredNames, meant: Option<&str>) {
        if repository.kind() != EntityKind::Private {
            return;
        }
        let subject = &repository.subject;
        let language = repository.notation.language;
        if !self.languages.contains(&language) {
            self.languages.push(language);
        }
        let is_here =
            |home: &AccountRegion| home.account == subject.account && home.region == subject.region;
        let home = || AccountRegion {
            account: subject.account.clone(),
            region: subject.region.clone(),
        };
        if !self.homes.iter().any(is_here) {
            self.homes.push(home());
        }
        let name = match meant {
            Some(meant) => Data::String(meant),
            None => repository.given_name().map_or(Data::Absent, Value::data),
        };
        match name {
            Data::String(name) if wanted.0.contains(name) => {
                let homes = self.names.entry(name.to_owned()).or_default();
                if !homes.iter().any(is_here) {
                    homes.push(home());
                }
            }
            Data::Unknown(unknown) if self.nameless.len() < MOST_NAMELESS => {
                self.nameless.push(Nameless {
                    shape: unknown.shape.clone(),
                    reason: unknown.reason.clone(),
                    home: home(),
                });
            }
            _ => {}
        }
    }

    /// Adds what others have seen.
    pub(super) fn append(&mut self, other: Self) {
        for home in other.homes {
            if !self.homes.contains(&home) {
                self.homes.push(home);
            }
        }
        for language in other.languages {
            if !self.languages.contains(&language) {
                self.languages.push(language);
            }
        }
        for (name, homes) in other.names {
            self.names.entry(name).or_default().extend(homes);
        }
        let room = MOST_NAMELESS.saturating_sub(self.nameless.len());
        self.nameless.extend(other.nameless.into_iter().take(room));
    }

    /// The language that all repositories are written in: one that is missing will be, too.
    fn language(&self) -> Language {
        match self.languages.as_slice() {
            [only] => *only,
            _ => Language::default(),
        }
    }

    /// Whether a repository of this name is in an environment; `None` is any environment.
    fn has(&self, name: &str, environment: Option<&Environment>) -> Truth<&str> {
        let may_be_in = |home: &AccountRegion| {
            environment.is_none_or(|environment| {
                environment.may_be(home.account.as_deref(), home.region.as_deref())
            })
        };
        if self
            .names
            .get(name)
            .is_some_and(|homes| homes.iter().any(may_be_in))
        {
            return Truth::True;
        }
        let candidate = self.nameless.iter().find(|one| {
            may_be_in(&one.home) && one.shape.as_ref().is_none_or(|shape| shape.admits(name))
        });
        candidate.map_or(Truth::False, |one| Truth::Unknown(one.reason.as_str()))
    }
}

/// The declarations that have something wrong with them, in the order of the text: mistakes in them, and repositories
/// that no input has. `doubt` says why there may be more repositories than `built` knows.
pub(super) fn pledges<'a>(
    config: &'a Config,
    built: &'a Built,
    homes: impl Iterator<Item = &'a AccountRegion>,
    doubt: Option<&'a str>,
) -> Vec<Pledge<'a>> {
    let Some(organisation) = &config.organisation else {
        return Vec::new();
    };
    let reach = ReachedEnvironments::new(organisation, homes.chain(&built.homes));
    let mut mistakes: BTreeMap<(Option<&str>, Option<&str>), Vec<&Problem>> = BTreeMap::new();
    for DeclarationProblem {
        environment,
        base,
        problem,
    } in &config.declaration_problems
    {
        let whose = (environment.as_deref(), base.as_deref());
        mistakes.entry(whose).or_default().push(problem);
    }
    let mut pledges = Vec::new();
    let mut doubted = HashSet::new();
    for declared in &organisation.repositories {
        let whose = (
            declared.environment.as_deref(),
            Some(declared.base.value.as_str()),
        );
        if let Some(problems) = mistakes.remove(&whose) {
            let fate = DeclarationFate {
                built: None,
                problems,
            };
            pledges.push(pledge(organisation, Some(declared), None, fate));
        }
        let name = organisation.repository_name(&declared.base.value);
        for environment in reach.environments(declared) {
            let fate = match reach.fate(built, name.as_deref(), environment, doubt) {
                Truth::True => continue,
                Truth::False => Truth::False,
                // That the inputs do not say is said once for a repository, not for each environment.
                Truth::Unknown(reason) if doubted.insert(declared.base.value.as_str()) => {
                    Truth::Unknown(reason)
                }
                Truth::Unknown(_) => continue,
            };
            let fate = DeclarationFate {
                built: Some(fate),
                problems: Vec::new(),
            };
            pledges.push(pledge(organisation, Some(declared), environment, fate));
        }
    }
    for ((own, _), problems) in mistakes {
        let mut environments = organisation.environments.iter();
        let environment = environments.find(|one| own == Some(one.name.as_str()));
        let fate = DeclarationFate {
            built: None,
            problems,
        };
        pledges.push(pledge(organisation, None, environment, fate));
    }
    for pledge in &mut pledges {
        pledge.repository.notation.language = built.language();
    }
    pledges
}

/// Which environments the inputs belong to.
struct ReachedEnvironments<'a> {
    organisation: &'a Organisation,
    /// Those that some input may belong to.
    reached: Vec<&'a Environment>,
    /// Names of environments that some input certainly belongs to.
    certain: HashSet<&'a str>,
    /// Names of environments that some input may belong to.
    possible: HashSet<&'a str>,
}

impl<'a> ReachedEnvironments<'a> {
    fn new(organisation: &'a Organisation, homes: impl Iterator<Item = &'a AccountRegion>) -> Self {
        let mut reach = Self {
            organisation,
            reached: Vec::new(),
            certain: HashSet::new(),
            possible: HashSet::new(),
        };
        for home in homes {
            let (account, region) = (home.account.as_deref(), home.region.as_deref());
            match organisation.environment(account, region) {
                Some(environment) => drop(reach.certain.insert(environment.name.as_str())),
                None => {
                    let possible = organisation.possible_environments(account, region);
                    reach.possible.extend(possible.map(|one| one.name.as_str()));
                }
            }
        }
        let mut environments: Vec<_> = organisation.environments.iter().collect();
        environments.retain(|one| {
            let name = one.name.as_str();
            reach.certain.contains(name) || reach.possible.contains(name)
        });
        reach.reached = environments;
        reach
    }

    /// The environments that a repository is declared for, as far as the inputs may belong to them; `None` alone where
    /// no environments are configured.
    fn environments(&self, declared: &DeclaredRepository) -> Vec<Option<&'a Environment>> {
        if self.organisation.environments.is_empty() {
            return vec![None];
        }
        let own = declared.environment.as_deref();
        let environments = self.reached.iter().copied();
        environments
            .filter(|one| own.is_none_or(|own| own == one.name))
            .map(Some)
            .collect()
    }

    fn fate(
        &self,
        built: &'a Built,
        name: Option<&str>,
        environment: Option<&Environment>,
        doubt: Option<&'a str>,
    ) -> Truth<&'a str> {
        let Some(name) = name else {
            return Truth::Unknown(NAMELESS);
        };
        let certain = environment.is_none_or(|one| self.certain.contains(one.name.as_str()));
        match (built.has(name, environment), doubt) {
            (Truth::False, Some(doubt)) => Truth::Unknown(doubt),
            (Truth::False, None) if !certain => Truth::Unknown(NOWHERE),
            (found, _) => found,
        }
    }
}

/// Why a finding about the inputs leaves open which repositories there are: a clause.
pub(super) fn doubt(finding: &Diagnostic) -> Option<&'static str> {
    match (finding.verdict, finding.severity) {
        (Verdict::Undetermined, _) if finding.field == REFUSED => None,
        (Verdict::Undetermined, _) => {
            Some("which repositories some of the inputs have is not known")
        }
        (_, Severity::Error) => Some("another input could not be read"),
        _ => None,
    }
}

fn pledge<'a>(
    organisation: &'a Organisation,
    declared: Option<&'a DeclaredRepository>,
    environment: Option<&'a Environment>,
    fate: DeclarationFate<'a>,
) -> Pledge<'a> {
    let place = match (declared, fate.problems.first()) {
        (Some(declared), _) => declared.base.span,
        (None, Some(problem)) => problem.span,
        (None, None) => Span::default(),
    };
    let own = declared.and_then(|declared| declared.environment.as_deref());
    let mut environments = organisation.environments.iter();
    let environment =
        environment.or_else(|| environments.find(|one| own == Some(one.name.as_str())));
    let name = declared.map(|declared| {
        let base = &declared.base.value;
        let full = organisation.repository_name(base);
        full.unwrap_or_else(|| base.clone())
    });
    let region = environment.and_then(|one| one.region.as_ref());
    let subject = Identifiers {
        name,
        account: environment.map(|one| one.account.value.clone()),
        region: region.map(|region| region.value.clone()),
        ..Identifiers::default()
    };
    Pledge {
        repository: Entity {
            notation: Notation {
                // Declarations stand in YAML or in JSON, which read the words of JSON alike.
                syntax: match fate.problems.is_empty() {
                    true => Syntax::Yaml,
                    false => Syntax::Json,
                },
                ..Notation::default()
            },
            ..Entity::new(
                Document::default(),
                subject,
                place,
                Particulars::Declaration,
            )
        },
        scope: Scope {
            organisation: Some(organisation),
            environment,
            declared,
            ..Scope::default()
        },
        fate,
    }
}
