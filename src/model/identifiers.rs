//! By what an entity is known: names, ids and where it is.
//! It does not know what a report tells of them.

/// By what an entity is known, as far as its input says. What a report calls it holds under all conditions; this may
/// hold in the one combination of them that is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identifiers {
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
}

/// What of an account and a region follows from conditions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AssumedHome {
    /// The account.
    pub account: bool,
    /// The region.
    pub region: bool,
}

impl Identifiers {
    /// The account, where it does not follow from conditions.
    #[must_use]
    pub fn certain_account(&self) -> Option<&str> {
        self.account.as_deref().filter(|_| !self.assumed.account)
    }

    /// The region, where it does not follow from conditions.
    #[must_use]
    pub fn certain_region(&self) -> Option<&str> {
        self.region.as_deref().filter(|_| !self.assumed.region)
    }

    /// Whether the construct is that of the CloudFormation resource itself, such as `CfnRepository`, not the one that another
    /// construct calls `Resource` and makes for itself
    /// (<https://docs.aws.amazon.com/cdk/v2/guide/constructs.html#constructs-lib-levels>).
    #[must_use]
    pub fn has_cfn_construct(&self) -> bool {
        let path = self.construct_path.as_deref();
        path.is_some_and(|path| path.rsplit('/').next() != Some("Resource"))
    }
}
