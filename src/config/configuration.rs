//! What a configuration says. It does not know how it is read.

use std::path::PathBuf;

use crate::ignore::Ignore;
use crate::model::{Declared, Document, NodeId, Organisation, RegistryScanning};
use crate::report::Severity;
use crate::source::Problem;

/// What a configuration says. The default is what an empty file says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file, where the configuration came from one.
    pub path: Option<PathBuf>,
    /// What it builds on, in the order of the file.
    pub extends: Vec<Extension>,
    /// Rule sets; `None` leaves the choice to the defaults.
    pub sets: Option<Vec<Declared<String>>>,
    /// The organisation's standard. `parameter_name` in it is the one of this configuration.
    pub organisation: Option<Organisation>,
    /// Scanning of the registry, asserted for every account and region.
    pub registry: Option<RegistryScanning>,
    /// Tag patterns of images that no lifecycle policy may expire.
    pub protected_tags: Vec<Declared<String>>,
    /// How SSM parameters are named, with `{BASE}` and `{kind}` in it.
    pub parameter_name: Option<Declared<String>>,
    /// What is configured for single rules, in the order of the file.
    pub rules: Vec<RuleConfig>,
    /// Folders with more rules, joined to the folder of the configuration.
    pub rules_dirs: Vec<Declared<PathBuf>>,
    /// Findings that do not count.
    pub ignores: Vec<Ignore>,
    /// Mistakes in declared repositories, by place. They do not keep a configuration from loading; they are
    /// findings of the rule `declaration-invalid`. What was declared wrongly is not known.
    pub declaration_problems: Vec<DeclarationProblem>,
}

/// Something that a configuration builds on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// A configuration, or a folder of rules, joined to the folder of the configuration that names it.
    pub path: Declared<PathBuf>,
    /// Its checksum, in hexadecimal.
    pub sha256: Option<Declared<String>>,
}

/// What is wrong with a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclarationProblem {
    /// The environment that is declared for; `None` for all of them.
    pub environment: Option<String>,
    /// Base name of the declared repository; `None` when it is about all of them.
    pub base: Option<String>,
    /// What is wrong, and where.
    pub problem: Problem,
}

/// What is configured for one rule.
#[derive(Clone, Debug)]
pub struct RuleConfig {
    /// Id of the rule, at its key. Whether there is such a rule is not known here.
    pub id: Declared<String>,
    /// How much its findings matter, where that is configured.
    pub severity: Option<Declared<RuleSetting>>,
    /// The rule's settings, a mapping. Which there are is not known here.
    pub settings: Option<(Document, NodeId)>,
}

/// What a rule is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleSetting {
    /// The rule does not run.
    Off,
    /// The rule runs, and its findings are this severe.
    Severity(Severity),
}
