//! Writes the configuration that `ecrlint init` starts a project with, from what `cdk.json` has.
//! It does not know whether there is a configuration already, nor where it will stand.

use std::fmt::Write as _;

use super::keys;
use super::organisation::is_region;
use super::pointer::{ENVIRONMENT, escape};
use super::words::is_account;
use crate::source::{Kind, Member, Node, SourceId, Tree, json};

/// How deep environments are looked for below `context`.
const DEPTH: usize = 4;
/// How many mappings are looked at.
const LOOKED_AT: usize = 10_000;

/// The text of a commented `ecrlint.yaml` that loads without problems beside the given `cdk.json`.
///
/// Whatever is taken from `cdk.json` stays there: the configuration points to it. What is there is
/// recognised by the shape of its values; where several values fit, none is taken. A text that is
/// not JSON counts as none.
#[must_use]
pub fn init(cdk_json: Option<&str>) -> String {
    let mut tree = Tree::default();
    let text = cdk_json.unwrap_or_default();
    let parsed = json::parse(text, SourceId::default(), &mut tree);
    let root = parsed.ok().and_then(|()| tree.root(text));
    let context = root.and_then(|root| root.get("context"));
    let taken = context.map(Taken::from).unwrap_or_default();
    write(&taken)
}

/// What was recognised in `cdk.json`, as the values of the configuration's keys.
#[derive(Debug, Default)]
struct Taken {
    prefix: Option<String>,
    app: Option<String>,
    environments: Vec<FoundEnvironment>,
    repositories: Option<String>,
}

#[derive(Debug)]
struct FoundEnvironment {
    name: String,
    account: String,
    region: Option<String>,
}

impl Taken {
    fn from(context: Node<'_>) -> Self {
        let mut taken = Self {
            prefix: only(context, is_prefix),
            app: only(context, is_app),
            ..Self::default()
        };
        if let Some(found) = find_environments(context) {
            taken.repositories = found.repositories();
            taken.environments = found.environments();
        }
        if taken.repositories.is_none() {
            taken.repositories = context
                .members()
                .find(|member| is_ecr(*member))
                .map(|member| pointer(&["context", member.key]));
        }
        taken
    }

    fn is_empty(&self) -> bool {
        self.prefix.is_none()
            && self.app.is_none()
            && self.environments.is_empty()
            && self.repositories.is_none()
    }
}

/// Words of a key, in lower case: `appName`, `app_name` and `app-name` have the same two.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for character in key.chars() {
        let start = character.is_uppercase() || !character.is_alphanumeric();
        if start && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut()
            && character.is_alphanumeric()
        {
            word.extend(character.to_lowercase());
        }
    }
    words
}

fn is_prefix(key: &str) -> bool {
    words(key).iter().any(|word| word == "prefix")
}

fn is_app(key: &str) -> bool {
    let words = words(key);
    let app = ["app", "application"];
    let named = words.iter().any(|word| word == "name") || words.len() == 1;
    named && words.iter().any(|word| app.contains(&word.as_str())) || words == ["appname"]
}

/// Whether a key is a person's choice. CDK keeps values of its own by keys with colons, and braces
/// would mean something in a pointer.
fn is_plain(key: &str) -> bool {
    !key.contains([':', '{', '}'])
}

/// A pointer to the only text whose key fits.
fn only(context: Node<'_>, fits: fn(&str) -> bool) -> Option<String> {
    let mut fitting = context.members().filter(|member| {
        let text = member.value.as_str().unwrap_or_default();
        !text.trim().is_empty() && is_plain(member.key) && fits(member.key)
    });
    let first = fitting.next()?;
    let alone = fitting.next().is_none();
    alone.then(|| pointer(&["context", first.key]))
}

/// A mapping of environments: its path, and its entries that have an account.
struct EnvironmentMapping<'t> {
    path: Vec<&'t str>,
    entries: Vec<Member<'t>>,
}

/// The mapping below `context` with the most environments; the first of equals.
fn find_environments(context: Node<'_>) -> Option<EnvironmentMapping<'_>> {
    let mut waiting = vec![(vec!["context"], context)];
    let mut best: Option<EnvironmentMapping<'_>> = None;
    let mut looked = 0;
    while let Some((path, node)) = waiting.pop() {
        looked += 1;
        let entries: Vec<_> = node.members().filter(|it| account(*it).is_some()).collect();
        let more = best
            .as_ref()
            .is_none_or(|best| entries.len() >= best.entries.len());
        if !entries.is_empty() && more {
            let path = path.clone();
            best = Some(EnvironmentMapping { path, entries });
        }
        if path.len() > DEPTH || looked + waiting.len() > LOOKED_AT {
            continue;
        }
        for member in node.members() {
            if member.value.kind() == Kind::Object && is_plain(member.key) {
                let mut path = path.clone();
                path.push(member.key);
                waiting.push((path, member.value));
            }
        }
    }
    best
}

/// The key of the account below an environment; an empty one when the environment is the account.
fn account<'t>(environment: Member<'t>) -> Option<&'t str> {
    if environment.key.trim().is_empty() || !is_plain(environment.key) {
        return None;
    }
    if environment.value.as_str().is_some_and(is_account) {
        return words(environment.key)
            .iter()
            .all(|word| word != "account")
            .then_some("");
    }
    let mut accounts = environment.value.members().filter(|member| {
        let named = words(member.key)
            .iter()
            .any(|word| word.starts_with("account"));
        named && is_plain(member.key) && member.value.as_str().is_some_and(is_account)
    });
    let first = accounts.next()?.key;
    accounts.next().is_none().then_some(first)
}

impl EnvironmentMapping<'_> {
    fn pointer(&self, below: &[&str]) -> String {
        let path: Vec<_> = self.path.iter().chain(below).copied().collect();
        pointer(&path)
    }

    fn environments(&self) -> Vec<FoundEnvironment> {
        let entries = self.entries.iter().map(|entry| {
            let account = match account(*entry).unwrap_or_default() {
                "" => self.pointer(&[entry.key]),
                key => self.pointer(&[entry.key, key]),
            };
            let mut regions = entry.value.members().filter(|member| {
                words(member.key).iter().any(|word| word == "region")
                    && is_plain(member.key)
                    && member.value.as_str().is_some_and(is_region)
            });
            FoundEnvironment {
                name: entry.key.to_owned(),
                account,
                region: regions.next().map(|it| self.pointer(&[entry.key, it.key])),
            }
        });
        entries.collect()
    }

    /// Where the environments declare their repositories, by one key that they share.
    fn repositories(&self) -> Option<String> {
        let mut members = self.entries.iter().flat_map(|entry| entry.value.members());
        let key = members.find(|member| is_ecr(*member))?.key;
        let absent_or_ecr = self.entries.iter().all(|entry| {
            let member = entry.value.member(key);
            member.is_none_or(|member| is_ecr(member) || member.value.kind() == Kind::Null)
        });
        absent_or_ecr.then(|| self.pointer(&[ENVIRONMENT, key]))
    }
}

/// Whether a value has the shape of the builder's declarations: by its key, or by the keys in it.
fn is_ecr(member: Member<'_>) -> bool {
    let mut entries = member.value.members();
    if entries.len() == 0 || !is_plain(member.key) {
        return false;
    }
    let named = words(member.key).iter().any(|word| word == "ecr");
    let mappings = entries
        .clone()
        .all(|entry| entry.value.kind() == Kind::Object);
    let known = |key: &str| keys::REPOSITORY.keys.contains(&key);
    let shaped = entries.any(|entry| entry.value.members().any(|setting| known(setting.key)));
    mappings && (named || shaped)
}

/// A value of the configuration that points into `cdk.json`.
fn pointer(path: &[&str]) -> String {
    let tokens: String = path.iter().map(|key| format!("/{}", escape(key))).collect();
    format!("{{ from: {} }}", quote(&format!("cdk.json#{tokens}")))
}

/// A text in double quotes, which JSON and YAML read alike.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\u{20}'..='\u{7e}' => quoted.push(character),
            other => {
                let mut units = [0; 2];
                // YAML has no surrogates: what needs two units is written with eight digits.
                match other.encode_utf16(&mut units) {
                    [unit] => write!(quoted, "\\u{unit:04x}").unwrap_or_default(),
                    _ => write!(quoted, "\\U{:08x}", u32::from(other)).unwrap_or_default(),
                }
            }
        }
    }
    quoted.push('"');
    quoted
}

/// A key of the configuration; quoted unless every YAML reads it as the same text.
fn key(name: &str) -> String {
    let plain = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '-' || it == '_');
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    if plain && !words.contains(&name.to_ascii_lowercase().as_str()) {
        name.to_owned()
    } else {
        quote(name)
    }
}

fn write(taken: &Taken) -> String {
    let organisation = if taken.is_empty() {
        NO_ORGANISATION.to_owned()
    } else {
        organisation(taken)
    };
    let site = env!("CARGO_PKG_HOMEPAGE");
    let schema = format!("# yaml-language-server: $schema={site}/schemas/config.json\n");
    format!("{schema}{HEAD}\n{organisation}\n{REST}")
}

fn organisation(taken: &Taken) -> String {
    let mut text = String::from(ORGANISATION);
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    match &taken.prefix {
        Some(prefix) => line(format!("  prefix: {prefix}")),
        None => line("  # prefix: mare".to_owned()),
    }
    match &taken.app {
        Some(app) => line(format!("  app: {app}")),
        None => line("  # app: catalogue".to_owned()),
    }
    line("  # The environments that are deployed to, by account and region.".to_owned());
    if taken.environments.is_empty() {
        line("  # environments:".to_owned());
        line("  #   dev: { account: \"111111111111\", region: eu-west-1 }".to_owned());
    } else {
        line("  environments:".to_owned());
    }
    for environment in &taken.environments {
        line(format!("    {}:", key(&environment.name)));
        line(format!("      account: {}", environment.account));
        if let Some(region) = &environment.region {
            line(format!("      region: {region}"));
        }
    }
    line("  # The repositories, as the builder is told to make them.".to_owned());
    match &taken.repositories {
        Some(repositories) => line(format!("  repositories: {repositories}")),
        None => line(REPOSITORIES.to_owned()),
    }
    line("  # trusted_accounts: [\"444444444444\"]".to_owned());
    line("  # required_tags: { owner: {}, environment: { value: \"{environment}\" } }".to_owned());
    text
}

const HEAD: &str = "\
# How ecrlint judges this project. Every key is optional.
# Any value may be taken from another file: { from: \"cdk.json#/context/KEY\" }

# What others publish: configurations and folders of rules. What stands here holds over them.
# extends: [{ path: ../standard/ecrlint.yaml }]

# Rule sets: `organisation` when an organisation is configured, else `recommended`; `recommended@0.1` takes no later rules.
# sets: [recommended, organisation]
";

const ORGANISATION: &str = "\
# What your organisation has decided about its repositories.
organisation:
  # Repositories are named PREFIX-APP-BASE.
";

const REPOSITORIES: &str = "  \
# repositories:
  #   api: { use_kms_key: true, images_retained: 10, shareable_with_all_envs: true }";

const NO_ORGANISATION: &str = "\
# What your organisation has decided about its repositories.
# organisation:
#   prefix: mare                     # repositories are named PREFIX-APP-BASE
#   app: catalogue
#   environments:
#     dev: { account: \"111111111111\", region: eu-west-1 }
#   repositories:
#     api: { use_kms_key: true, images_retained: 10, shareable_with_all_envs: true }
#   trusted_accounts: [\"444444444444\"]
#   required_tags: { owner: {}, environment: { value: \"{environment}\" } }
";

const REST: &str = "\
# What the inputs do not show: how the registry scans.
# registry: { scanning: { type: BASIC, rules: [] } }

# Images with such tags must never expire.
# protected_tags: [\"prod-*\", \"v*\"]

# How SSM parameters are named; `{kind}` stands for arn, name, kms_key_arn.
# ssm: { name: \"ECR_{BASE}_{kind}\" }

# Single rules: off, note, warning, error, or with settings.
# rules:
#   kms-key-rotation: warning

# Folders with rules of your own.
# rules_dirs: [policies/ecr]

# Findings that do not count: why, who decided, and until when.
# ignores:
#   - rule: tag-immutability
#     subject: \"*-cache\"
#     reason: build cache, overwritten on purpose
#     owner: platform
#     expires: 2027-06-30
";
