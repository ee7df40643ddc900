//! What an organisation has declared about its repositories, whatever file said so.
//! It does not know the configuration's format.

use crate::source::Span;

/// A value together with the place that declared it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared<T> {
    /// The value.
    pub value: T,
    /// Where it is declared.
    pub span: Span,
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
    /// Declared repositories, for one environment or for all.
    pub repositories: Vec<DeclaredRepository>,
    /// Whether `repositories` was configured at all, be it empty.
    pub declares_repositories: bool,
    /// Accounts outside the environments that may read.
    pub trusted_accounts: Vec<Declared<String>>,
    /// Tag keys that every repository carries.
    pub required_tags: Vec<RequiredTag>,
    /// How SSM parameters are named: `{BASE}` and `{kind}` stand for the base name and `arn`, `name`, `kms_key_arn`.
    pub parameter_name: Option<Declared<String>>,
}

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

/// A repository as the organisation's builder is told to make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredRepository {
    /// The environment that declares it; `None` for all of them.
    pub environment: Option<String>,
    /// Base name: the key of the declaration, and its place.
    pub base: Declared<String>,
    /// Whether a customer-managed key encrypts it. Not declared means no.
    pub use_kms_key: Option<Declared<bool>>,
    /// How many of the newest images are kept. Not declared means all.
    pub images_retained: Option<Declared<u64>>,
    /// Whether every environment's account may pull. Not declared means no.
    pub shareable_with_all_envs: Option<Declared<bool>>,
}

/// A tag that every repository must carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredTag {
    /// The key, compared exactly.
    pub key: Declared<String>,
    /// Regular expression that the whole value must match.
    pub pattern: Option<Declared<String>>,
    /// The values that are allowed; empty means any.
    pub values: Vec<Declared<String>>,
}

impl Organisation {
    /// The environment that an account and region belong to, where exactly one does.
    #[must_use]
    pub fn environment(&self, account: Option<&str>, region: Option<&str>) -> Option<&Environment> {
        let account = account?;
        let mut matching = self.environments.iter().filter(|environment| {
            environment.account.value == account
                && match (&environment.region, region) {
                    (Some(declared), Some(region)) => declared.value == region,
                    _ => true,
                }
        });
        let first = matching.next()?;
        matching.next().is_none().then_some(first)
    }

    /// The name that the builder gives to a base name: `{prefix}-{app}-{base}`, lower-cased and cut
    /// at 256 characters. `None` when the prefix or the application is not configured.
    #[must_use]
    pub fn repository_name(&self, base: &str) -> Option<String> {
        let prefix = &self.prefix.as_ref()?.value;
        let app = &self.app.as_ref()?.value;
        let name = format!("{prefix}-{app}-{base}").to_lowercase();
        Some(name.chars().take(256).collect())
    }
}
