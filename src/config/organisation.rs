//! Reads what an organisation has declared: names, environments, repositories, accounts, tags.
//! It does not know what the rules make of it.

use std::collections::HashMap;

use super::files::pointers;
use super::follow::Found;
use super::keys;
use super::read::{Cursor, Field, Fields, Reader};
use super::words::quoted;
use crate::model::{Declared, DeclaredRepository, Environment, Organisation, Pattern, RequiredTag};
use crate::source::{Kind, Node, Problem, Span};

/// Names of the environments, before anything else is read: files may be named after them.
pub(crate) fn environment_names<'t>(reader: &mut Reader<'t>, root: Node<'t>) -> Vec<&'t str> {
    let environments = root
        .get("organisation")
        .and_then(|node| value(reader, Reader::root(node)))
        .and_then(|cursor| child(cursor, "environments"))
        .and_then(|cursor| value(reader, cursor));
    environments.map_or_else(Vec::new, |cursor| {
        cursor.node.members().map(|member| member.key).collect()
    })
}

fn value<'t>(reader: &mut Reader<'t>, cursor: Cursor<'t>) -> Option<Cursor<'t>> {
    match reader.find(cursor) {
        Found::Value(value) => Some(value),
        Found::NotHere | Found::Broken => None,
    }
}

fn child<'t>(cursor: Cursor<'t>, key: &str) -> Option<Cursor<'t>> {
    let node = cursor.node.get(key)?;
    Some(Cursor { node, ..cursor })
}

/// Reads `organisation`.
pub(crate) fn read<'t>(
    reader: &mut Reader<'t>,
    cursor: Cursor<'t>,
    names: &[&'t str],
) -> Option<Organisation> {
    let fields = reader.mapping(cursor, "`organisation`", &keys::ORGANISATION)?;
    let mut organisation = Organisation::default();
    let mut declarations = Declarations::default();
    let mut text = |key: &str| {
        let value = fields.get(key)?;
        reader.text(value, &quoted(key))
    };
    organisation.prefix = text("prefix");
    organisation.app = text("app");
    if let Some(value) = fields.get("repositories") {
        organisation.declares_repositories = true;
        repositories_of_all(reader, value, names, &mut declarations);
    }
    if let Some(value) = fields.get("environments") {
        for field in reader.entries(value, "`environments`") {
            environment(reader, &field, &mut organisation, &mut declarations);
        }
    }
    organisation.repositories = declarations.all;
    if let Some(value) = fields.get("trusted_accounts") {
        for item in reader.items(value, "`trusted_accounts`") {
            let account = reader.account(item, "a trusted account");
            organisation.trusted_accounts.extend(account);
        }
    }
    if let Some(value) = fields.get("required_tags") {
        for field in reader.entries(value, "`required_tags`") {
            organisation.required_tags.push(tag(reader, &field));
        }
    }
    Some(organisation)
}

fn environment<'t>(
    reader: &mut Reader<'t>,
    field: &Field<'t>,
    organisation: &mut Organisation,
    declarations: &mut Declarations,
) {
    let what = format!("environment {}", quoted(field.key));
    let cursor = field.value.of_environment(field.key);
    // Other tools keep more in an environment of `cdk.json` than accounts.
    let Some(fields) = reader.mapping(cursor, &what, &keys::ENVIRONMENT) else {
        return;
    };
    let account = match fields.get("account") {
        Some(value) => reader.account(value, &format!("account of {what}")),
        None => {
            let problem = Problem::new(field.key_span, format!("{what} has no account"))
                .label("`account` is missing")
                .help("write `account: \"111111111111\"` with the environment's account id");
            reader.report(field.value, problem);
            None
        }
    };
    let region = fields
        .get("region")
        .and_then(|value| region(reader, value, &what));
    if let Some(value) = fields.get("repositories") {
        organisation.declares_repositories = true;
        let declared = match reader.find(value) {
            Found::Value(value) => repositories(reader, value, Some(field.key)),
            Found::NotHere => {
                reader.not_here(value);
                Vec::new()
            }
            Found::Broken => Vec::new(),
        };
        for repository in declared {
            declarations.add(reader, value, repository);
        }
    }
    organisation
        .environments
        .extend(account.map(|account| Environment {
            name: field.key.to_owned(),
            account,
            region,
        }));
}

fn region<'t>(reader: &mut Reader<'t>, value: Cursor<'t>, what: &str) -> Option<Declared<String>> {
    let what = format!("region of {what}");
    let region = reader.text(value, &what)?;
    if is_region(&region.value) {
        return Some(region);
    }
    let title = format!("{what} is {}, expected a region", quoted(&region.value));
    let problem = Problem::new(region.span, title)
        .label("no name of a region")
        .help("write a region as AWS does, such as `eu-west-1`");
    reader.report(value, problem);
    None
}

/// Whether `text` has the form of a region's name, such as `us-gov-west-1`.
pub(crate) fn is_region(text: &str) -> bool {
    let mut parts = text.split('-').rev();
    let number = parts.next().unwrap_or_default();
    let mut words = 0;
    let lower = parts.all(|part| {
        words += 1;
        part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_lowercase())
    });
    lower && words >= 2 && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads `organisation.repositories`: once for all environments, or once for each when a pointer in
/// it names `{environment}`.
fn repositories_of_all<'t>(
    reader: &mut Reader<'t>,
    cursor: Cursor<'t>,
    names: &[&'t str],
    all: &mut Declarations,
) {
    let each = pointers(cursor.node)
        .into_iter()
        .find(|(pointer, _)| pointer.names_environment());
    let Some((_, place)) = each else {
        if let Found::Value(value) = reader.find(cursor) {
            for repository in repositories(reader, value, None) {
                all.add(reader, value, repository);
            }
        }
        return;
    };
    if names.is_empty() {
        let problem = Problem::new(place, "`{environment}` stands for no environment")
            .label("no environment is configured")
            .help("list the environments under `organisation.environments`");
        reader.report(cursor, problem);
    }
    let mut declaring = 0;
    for name in names {
        let of_one = cursor.of_environment(name);
        match reader.find(of_one) {
            Found::Value(value) => {
                declaring += 1;
                for repository in repositories(reader, value, Some(name)) {
                    all.add(reader, value, repository);
                }
            }
            Found::NotHere => {}
            Found::Broken => declaring += 1,
        }
    }
    // An environment without repositories is nothing special; when all are without, it is a mistake.
    if let (0, Some(name)) = (declaring, names.first()) {
        reader.not_here(cursor.of_environment(name));
    }
}

fn repositories<'t>(
    reader: &mut Reader<'t>,
    cursor: Cursor<'t>,
    environment: Option<&str>,
) -> Vec<DeclaredRepository> {
    // The caller has followed the pointer: behind it, `null` says that there are none.
    if cursor.node.kind() == Kind::Null {
        return Vec::new();
    }
    reader.declaring = true;
    let entries = reader.entries(cursor, "`repositories`");
    let declared = entries
        .into_iter()
        .filter_map(|field| repository(reader, &field, environment))
        .collect();
    reader.declaring = false;
    declared
}

fn repository<'t>(
    reader: &mut Reader<'t>,
    field: &Field<'t>,
    environment: Option<&str>,
) -> Option<DeclaredRepository> {
    let what = format!("declaration of {}", quoted(field.key));
    let fields: Fields<'t> = reader.mapping(field.value, &what, &keys::REPOSITORY)?;
    let mut flag = |key: &str| {
        let value = fields.get(key)?;
        reader.flag(value, &quoted(key))
    };
    let use_kms_key = flag("use_kms_key");
    let shareable_with_all_envs = flag("shareable_with_all_envs");
    let images_retained = fields
        .get("images_retained")
        .and_then(|value| reader.count(value, "`images_retained`"));
    Some(DeclaredRepository {
        environment: environment.map(str::to_owned),
        base: field.declared_key(),
        use_kms_key,
        images_retained,
        shareable_with_all_envs,
    })
}

/// Declarations in the order of the text, and the place of each.
#[derive(Debug, Default)]
struct Declarations {
    all: Vec<DeclaredRepository>,
    places: HashMap<(Option<String>, String), Span>,
}

impl Declarations {
    /// Adds a declaration, unless the repository is declared for the same environment already.
    fn add(&mut self, reader: &mut Reader<'_>, cursor: Cursor<'_>, repository: DeclaredRepository) {
        let base = &repository.base;
        let own = (repository.environment.clone(), base.value.clone());
        let shared = (None, base.value.clone());
        let twin = self.places.get(&own).or_else(|| self.places.get(&shared));
        if let Some(twin) = twin {
            let title = format!(
                "repository {} is declared twice for one environment",
                quoted(&base.value)
            );
            let problem = Problem::new(base.span, title)
                .label("declared again here")
                .help("keep one of the two declarations")
                .related(*twin, "declared here before");
            reader.report(cursor, problem);
        } else {
            self.places.insert(own, base.span);
            self.all.push(repository);
        }
    }
}

fn tag<'t>(reader: &mut Reader<'t>, field: &Field<'t>) -> RequiredTag {
    let mut tag = RequiredTag {
        key: field.declared_key(),
        pattern: None,
        values: Vec::new(),
    };
    if field.value.node.kind() == Kind::Null {
        return tag;
    }
    let what = format!("required tag {}", quoted(field.key));
    let Some(fields) = reader.mapping(field.value, &what, &keys::REQUIRED_TAG) else {
        return tag;
    };
    if let Some(value) = fields.get("values") {
        tag.values = reader.texts(value, "`values`");
    }
    if let Some(value) = fields.get("pattern") {
        tag.pattern = pattern(reader, value);
    }
    tag
}

/// A regular expression, compiled.
fn pattern<'t>(reader: &mut Reader<'t>, at: Cursor<'t>) -> Option<Declared<Pattern>> {
    let text = reader.text(at, "`pattern`")?;
    match Pattern::new(&text.value) {
        Ok(value) => Some(Declared {
            value,
            span: text.span,
        }),
        Err(error) => {
            let problem = Problem::new(text.span, "`pattern` is no regular expression")
                .label(error)
                .help("write a regular expression, such as `^[0-9]{4}$`");
            reader.report(at, problem);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_region;

    #[test]
    fn regions_have_lower_case_words_and_a_number() {
        for region in ["eu-west-1", "us-gov-west-1", "ap-southeast-12"] {
            assert!(is_region(region), "{region}");
        }
        for text in [
            "",
            "eu",
            "eu-west",
            "eu_west_1",
            "EU-WEST-1",
            "eu-west-",
            "-1",
            "eu-1",
        ] {
            assert!(!is_region(text), "{text}");
        }
    }
}
