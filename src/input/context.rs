//! What an input is read with: where it is deployed, and what is known of its parameters. It does not know inputs.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Partitions, Regions};
use crate::source::{SourceId, Span};

/// What is known about an input from outside of its text.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Name of the stack.
    pub stack: Option<String>,
    /// Where the stack is deployed.
    pub environment: DeployTarget,
    /// Where stacks are deployed whose own environment is not known.
    pub fallback: DeployTarget,
    /// Tags that CloudFormation puts on every resource of the stack.
    pub stack_tags: Vec<StackTag>,
    /// Values of the template's parameters, by name.
    pub parameters: Arc<BTreeMap<String, Override>>,
    /// Whether the file is named like YAML.
    pub named_yaml: bool,
    /// The template of the outermost stack that this one is nested in, where it is.
    pub family: Option<SourceId>,
    /// What conditions say about the place of the stack.
    pub assumed: Assumed,
}

/// What is taken for granted about the place of a stack, besides its account and region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assumed {
    /// Its partition.
    pub partition: Option<String>,
    /// What the names of its hosts end in.
    pub url_suffix: Option<String>,
    /// The partitions that are left.
    pub partitions: Partitions,
    /// The regions that are left.
    pub regions: Regions,
}

/// An account and a region, as far as known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeployTarget {
    /// Account id of twelve digits.
    pub account: Option<String>,
    /// Region, such as `eu-west-1`.
    pub region: Option<String>,
}

/// A tag of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackTag {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
    /// Where the tag is declared.
    pub span: Span,
}

/// A parameter value that overrides the template's default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The value; lists are separated by commas.
    pub value: String,
    /// Where it is given; `None` on the command line.
    pub span: Option<Span>,
}

impl Context {
    /// The account of the stack.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        let own = self.environment.account.as_deref();
        own.or(self.fallback.account.as_deref())
    }

    /// The region of the stack.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        let own = self.environment.region.as_deref();
        own.or(self.fallback.region.as_deref())
    }
}
