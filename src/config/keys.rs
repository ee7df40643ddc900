//! The keys that a configuration may have, mapping by mapping: the one list that the loader reads by
//! and that the editors' schema is held against. It does not know what the keys mean.

/// The keys of one kind of mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MappingKeys {
    /// What the mapping is called in messages.
    pub of: &'static str,
    /// Place of its description in `schemas/config.json`, as a JSON Pointer.
    pub schema: &'static str,
    /// The keys, in the order in which they are documented.
    pub keys: &'static [&'static str],
    /// Whether other tools keep keys of their own in such a mapping when it stands in a data file.
    pub shared: bool,
}

pub(crate) const ROOT: MappingKeys = MappingKeys {
    of: "the configuration",
    schema: "",
    keys: &[
        "$schema",
        "extends",
        "sets",
        "organisation",
        "registry",
        "protected_tags",
        "ssm",
        "rules",
        "rules_dirs",
        "ignores",
    ],
    shared: false,
};

pub(crate) const EXTENSION: MappingKeys = MappingKeys {
    of: "what is extended",
    schema: "/$defs/extension",
    keys: &["path", "sha256"],
    shared: false,
};

pub(crate) const ORGANISATION: MappingKeys = MappingKeys {
    of: "`organisation`",
    schema: "/$defs/organisation",
    keys: &[
        "prefix",
        "app",
        "environments",
        "repositories",
        "trusted_accounts",
        "required_tags",
    ],
    shared: false,
};

pub(crate) const ENVIRONMENT: MappingKeys = MappingKeys {
    of: "an environment",
    schema: "/$defs/environment",
    keys: &["account", "region", "repositories"],
    shared: true,
};

pub(crate) const REPOSITORY: MappingKeys = MappingKeys {
    of: "a declared repository",
    schema: "/$defs/repository",
    keys: &["use_kms_key", "images_retained", "shareable_with_all_envs"],
    shared: false,
};

pub(crate) const REQUIRED_TAG: MappingKeys = MappingKeys {
    of: "a required tag",
    schema: "/$defs/required_tag",
    keys: &["pattern", "value", "values"],
    shared: false,
};

pub(crate) const REGISTRY: MappingKeys = MappingKeys {
    of: "`registry`",
    schema: "/$defs/registry",
    keys: &["scanning"],
    shared: false,
};

pub(crate) const SCANNING: MappingKeys = MappingKeys {
    of: "`registry.scanning`",
    schema: "/$defs/scanning",
    keys: &["type", "rules"],
    shared: false,
};

pub(crate) const SCANNING_RULE: MappingKeys = MappingKeys {
    of: "a scanning rule",
    schema: "/$defs/scanning_rule",
    keys: &["frequency", "filters"],
    shared: false,
};

pub(crate) const SCANNING_FILTER: MappingKeys = MappingKeys {
    of: "a scanning filter",
    schema: "/$defs/scanning_filter",
    keys: &["filter", "type"],
    shared: false,
};

pub(crate) const SSM: MappingKeys = MappingKeys {
    of: "`ssm`",
    schema: "/$defs/ssm",
    keys: &["name"],
    shared: false,
};

pub(crate) const RULE: MappingKeys = MappingKeys {
    of: "the configuration of a rule",
    schema: "/$defs/rule",
    keys: &["severity", "settings"],
    shared: false,
};

pub(crate) const IGNORE: MappingKeys = MappingKeys {
    of: "an ignore",
    schema: "/$defs/ignore",
    keys: &["rule", "subject", "reason", "owner", "expires"],
    shared: false,
};

/// Every mapping with fixed keys.
pub const KEYS: [MappingKeys; 13] = [
    ROOT,
    EXTENSION,
    ORGANISATION,
    ENVIRONMENT,
    REPOSITORY,
    REQUIRED_TAG,
    REGISTRY,
    SCANNING,
    SCANNING_RULE,
    SCANNING_FILTER,
    SSM,
    RULE,
    IGNORE,
];
