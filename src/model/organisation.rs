//! What an organisation has declared about its repositories, whatever file said so.
//! It does not know the configuration's format.

use std::sync::OnceLock;

use regex::Regex;
use rustc_hash::FxHashMap;

use super::Truth;
use crate::source::Span;

/// A value together with the place that declared it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared<T> {
    /// The value.
    pub value: T,
    /// Where it is declared.
    pub span: Span,
}

/// What is said about one setting of a declared repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stated<T> {
    /// Nothing, or `null`: the default of the builder holds.
    #[default]
    Nothing,
    /// This.
    Value(Declared<T>),
    /// Something of which nobody can tell what was meant; the clause says why.
    Unclear(Declared<String>),
}

impl<T: Copy> Stated<T> {
    /// The value, where one is stated.
    #[must_use]
    pub fn value(&self) -> Option<T> {
        match self {
            Stated::Value(declared) => Some(declared.value),
            Stated::Nothing | Stated::Unclear(_) => None,
        }
    }

    /// Where something is stated.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Stated::Nothing => None,
            Stated::Value(declared) => Some(declared.span),
            Stated::Unclear(reason) => Some(reason.span),
        }
    }
}

/// An organisation's standard: what the builder of its repositories is given.
#[derive(Clone, Debug, Default)]
pub struct Organisation {
    /// First part of every repository name.
    pub prefix: Option<Declared<String>>,
    /// Second part of every repository name.
    pub app: Option<Declared<String>>,
    /// Accounts and regions that stacks are deployed to.
    pub environments: Vec<Environment>,
    /// Name of the environment that was chosen for stacks whose account and region choose none.
    pub chosen: Option<String>,
    /// Declared repositories, for one environment or for all.
    pub repositories: Vec<DeclaredRepository>,
    /// Where they are found by name.
    pub by_name: ByName,
    /// Whether `repositories` was configured at all, be it empty.
    pub declares_repositories: bool,
    /// Why there may be more declared repositories than `repositories` has: a clause, such as "`repositories` is a
    /// list, expected a mapping".
    pub unread_declarations: Option<Declared<String>>,
    /// Accounts outside the environments that may read.
    pub trusted_accounts: Vec<Declared<String>>,
    /// Tag keys that every repository carries.
    pub required_tags: Vec<RequiredTag>,
    /// How SSM parameters are named: `{BASE}` and `{kind}` stand for the base name and `arn`, `name`, `kms_key_arn`.
    pub parameter_name: Option<Declared<String>>,
}

/// The numbers of declared repositories, by the name that the builder gives them; made when it is asked for first.
#[derive(Clone, Debug, Default)]
pub struct ByName(OnceLock<FxHashMap<String, Vec<usize>>>);

/// An account and region that the organisation deploys to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Name, such as `prod`.
    pub name: String,
    /// Account id of twelve digits.
    pub account: Declared<String>,
    /// Region, where one is fixed.
    pub region: Option<Declared<String>>,
}

impl Environment {
    /// Whether an account and region, as far as they are known, may be those of the environment.
    #[must_use]
    pub fn may_be(&self, account: Option<&str>, region: Option<&str>) -> bool {
        let fits = |declared: Option<&str>, known: Option<&str>| match (declared, known) {
            (Some(declared), Some(known)) => declared == known,
            _ => true,
        };
        let own = self.region.as_ref().map(|region| region.value.as_str());
        fits(Some(&self.account.value), account) && fits(own, region)
    }
}

/// A repository as the organisation's builder is told to make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredRepository {
    /// The environment that declares it; `None` for all of them.
    pub environment: Option<String>,
    /// Base name: the key of the declaration, and its place.
    pub base: Declared<String>,
    /// Whether a customer-managed key encrypts it. Not declared means no.
    pub use_kms_key: Stated<bool>,
    /// How many of the newest images are kept. Not declared means all.
    pub images_retained: Stated<u64>,
    /// Whether every environment's account may pull. Not declared means no.
    pub shareable_with_all_envs: Stated<bool>,
}

/// A tag that every repository must carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredTag {
    /// The key, compared exactly.
    pub key: Declared<String>,
    /// Regular expression that the whole value must match.
    pub pattern: Option<Declared<FullMatchPattern>>,
    /// The values that are allowed; empty means any.
    pub values: Vec<Declared<String>>,
    /// The one value that is allowed in an environment, by the environment's name; where an environment has none, it
    /// asks for no certain value.
    pub by_environment: Vec<(String, Declared<String>)>,
}

impl RequiredTag {
    /// The one value that is allowed in an environment.
    #[must_use]
    pub fn value_in(&self, environment: &Environment) -> Option<&str> {
        let mut values = self.by_environment.iter();
        let (_, value) = values.find(|(name, _)| *name == environment.name)?;
        Some(&value.value)
    }
}

/// A regular expression that is held against a whole text. Compiled once, compared by its text.
#[derive(Clone, Debug)]
pub struct FullMatchPattern {
    text: String,
    compiled: Regex,
}

impl FullMatchPattern {
    /// Compiles `text`.
    ///
    /// # Errors
    /// Says in one line what is wrong with the expression.
    pub fn new(text: &str) -> Result<Self, String> {
        // Compiled alone first, so that a stray bracket cannot close the group around it.
        Regex::new(text)
            .and_then(|_| Regex::new(&format!("^(?:{text})$")))
            .map(|compiled| Self {
                text: text.to_owned(),
                compiled,
            })
            .map_err(|error| {
                let report = error.to_string();
                let last = report.lines().last().unwrap_or_default();
                last.trim_start_matches("error: ").to_owned()
            })
    }

    /// The expression as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the expression matches the whole of a text that is known in part, whatever the rest is; unknown where
    /// that depends on the rest.
    #[must_use]
    pub fn fits(&self, shape: &super::Shape) -> Truth<()> {
        super::fits(shape, &format!(r"\A(?:{})\z", self.text))
    }

    /// Whether the expression matches the whole of `text`.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.compiled.is_match(text)
    }
}

impl PartialEq for FullMatchPattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for FullMatchPattern {}

impl Organisation {
    /// The environment that an account and region belong to, where exactly one does; among several, and for
    /// an account that is not known, the chosen one.
    #[must_use]
    pub fn environment(&self, account: Option<&str>, region: Option<&str>) -> Option<&Environment> {
        let mut matching = self.possible_environments(account, region);
        let chosen = |one: &&Environment| self.chosen.as_deref() == Some(one.name.as_str());
        if let Some(chosen) = matching.clone().find(chosen) {
            return Some(chosen);
        }
        let first = matching.next().filter(|_| account.is_some())?;
        matching.next().is_none().then_some(first)
    }

    /// The environments that an account and region, as far as they are known, may belong to.
    pub fn possible_environments<'o, 't>(
        &'o self,
        account: Option<&'t str>,
        region: Option<&'t str>,
    ) -> impl Iterator<Item = &'o Environment> + Clone + use<'o, 't> {
        let environments = self.environments.iter();
        environments.filter(move |one| one.may_be(account, region))
    }

    /// The name that the builder gives to a base name: `{prefix}-{app}-{base}`, lower-cased and cut
    /// at 256 characters. `None` when the prefix or the application is not configured.
    #[must_use]
    pub fn repository_name(&self, base: &str) -> Option<String> {
        let prefix = &self.prefix.as_ref()?.value;
        let app = &self.app.as_ref()?.value;
        Some(builder_name([prefix, "-", app, "-", base]).collect())
    }

    /// The declared repositories that the builder names like this; none when the prefix or the application is not
    /// configured.
    pub fn declared_as(&self, name: &str) -> impl Iterator<Item = &DeclaredRepository> {
        let index = self.by_name.0.get_or_init(|| {
            let mut index: FxHashMap<String, Vec<usize>> = FxHashMap::default();
            for (number, declared) in self.repositories.iter().enumerate() {
                if let Some(name) = self.repository_name(&declared.base.value) {
                    index.entry(name).or_default().push(number);
                }
            }
            index
        });
        let numbers = index.get(name).into_iter().flatten();
        numbers.map(|number| &self.repositories[*number])
    }
}

/// The characters of a name, lower-cased and cut as the builder does.
fn builder_name<'a>(parts: [&'a str; 5]) -> impl Iterator<Item = char> + 'a {
    parts
        .into_iter()
        .flat_map(str::chars)
        .flat_map(char::to_lowercase)
        .take(256)
}

#[cfg(test)]
mod tests {
    use super::{Declared, DeclaredRepository, FullMatchPattern, Organisation, Stated};
    use crate::source::Span;

    fn organisation() -> Organisation {
        let declared = |text: &str| {
            Some(Declared {
                value: text.to_owned(),
                span: Span::default(),
            })
        };
        Organisation {
            prefix: declared("Acme"),
            app: declared("shop"),
            ..Organisation::default()
        }
    }

    #[test]
    fn a_name_is_lower_case_and_cut_at_256() {
        let organisation = organisation();
        assert_eq!(
            organisation.repository_name("API").as_deref(),
            Some("acme-shop-api")
        );
        let long = "x".repeat(300);
        let name = organisation.repository_name(&long).unwrap();
        assert_eq!(name.len(), 256);
    }

    #[test]
    fn declared_repositories_are_found_by_the_name_that_the_builder_gives_them() {
        let bases = [
            "API".to_owned(),
            "web".to_owned(),
            "x".repeat(300),
            "api".to_owned(),
        ];
        let declared = bases.map(|base| DeclaredRepository {
            environment: None,
            base: Declared {
                value: base,
                span: Span::default(),
            },
            use_kms_key: Stated::Nothing,
            images_retained: Stated::Nothing,
            shareable_with_all_envs: Stated::Nothing,
        });
        let organisation = Organisation {
            repositories: declared.into(),
            ..organisation()
        };
        let found = |name: &str| organisation.declared_as(name).count();
        assert_eq!(found("acme-shop-api"), 2);
        assert_eq!(found("acme-shop-ap"), 0);
        assert_eq!(found(&format!("acme-shop-{}", "x".repeat(246))), 1);
        assert_eq!(found(&format!("acme-shop-{}", "x".repeat(300))), 0);
    }

    #[test]
    fn a_pattern_covers_the_whole_text() {
        let pattern = FullMatchPattern::new("[0-9]{4}|none").unwrap();
        assert!(pattern.matches("1234") && pattern.matches("none"));
        assert!(!pattern.matches("12345") && !pattern.matches("x1234"));
        assert!(FullMatchPattern::new("a)(b").is_err());
    }
}
