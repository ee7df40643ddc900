//! What a human calls an entity, and where it is.

use super::Language;

/// What a human calls a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepositorySubject {
    /// The repository's name, where it is known.
    pub name: Option<String>,
    /// Logical id in its template.
    pub logical_id: Option<String>,
    /// Name of the stack.
    pub stack: Option<String>,
    /// Path of the construct in its CDK application.
    pub construct_path: Option<String>,
    /// ARN, for a repository of a live account.
    pub arn: Option<String>,
    /// Account id of twelve digits.
    pub account: Option<String>,
    /// Region, such as `eu-west-1`.
    pub region: Option<String>,
    /// Which of these two are known for the combination of conditions only that is looked at: the stack itself
    /// may be deployed anywhere.
    pub assumed: AssumedHome,
    /// What it is written in.
    pub language: Language,
    /// Whether its template is written in JSON, or in YAML that looks like it.
    pub is_json: bool,
    /// Whether its template gives it no properties at all.
    pub is_bare: bool,
}

/// What of an account and a region follows from conditions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AssumedHome {
    /// The account.
    pub account: bool,
    /// The region.
    pub region: bool,
}
