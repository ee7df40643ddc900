//! Reads what an organisation has declared: names, environments, repositories, accounts, tags.
//! It does not know what the rules make of it.

use std::collections::HashMap;

use super::files::pointers;
use super::follow::PointerTarget;
use super::read::{ConfigReader, Cursor, Declaring, Field, Fields};
use super::words::quoted;
use super::{collisions, keys, tags};
use crate::model::{Declared, DeclaredRepository, Environment, Organisation, Stated};
use crate::source::{Kind, Node, Problem, Span};

/// Names of the environments, before anything else is read: files may be named after them.
pub(crate) fn environment_names<'t>(reader: &mut ConfigReader<'t>, root: Node<'t>) -> Vec<&'t str> {
    let environments = root
        .get("organisation")
        .and_then(|node| value(reader, ConfigReader::root(node)))
        .and_then(|cursor| child(cursor, "environments"))
        .and_then(|cursor| value(reader, cursor));
    environments.map_or_else(Vec::new, |cursor| {
        cursor.node.members().map(|member| member.key).collect()
    })
}

fn value<'t>(reader: &mut ConfigReader<'t>, cursor: Cursor<'t>) -> Option<Cursor<'t>> {
    match reader.find(cursor) {
        PointerTarget::Value(value) => Some(value),
        PointerTarget::NotHere | PointerTarget::Broken => None,
    }
}

fn child<'t>(cursor: Cursor<'t>, key: &str) -> Option<Cursor<'t>> {
    let node = cursor.node.get(key)?;
    Some(Cursor { node, ..cursor })
}

/// Reads `organisation`.
pub(crate) fn read<'t>(
    reader: &mut ConfigReader<'t>,
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
    organisation.unread_declarations = declarations.unread;
    let collisions = collisions::find(&organisation);
    reader.declaration_problems.extend(collisions);
    if let Some(value) = fields.get("trusted_accounts") {
        for item in reader.items(value, "`trusted_accounts`") {
            let account = reader.account(item, "a trusted account");
            organisation.trusted_accounts.extend(account);
        }
    }
    if let Some(value) = fields.get("required_tags") {
        for field in reader.entries(value, "`required_tags`") {
            organisation
                .required_tags
                .push(tags::required(reader, &field, names));
        }
    }
    Some(organisation)
}

fn environment<'t>(
    reader: &mut ConfigReader<'t>,
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
        match reader.find(value) {
            PointerTarget::Value(value) => {
                repositories(reader, value, Some(field.key), declarations)
            }
            PointerTarget::NotHere => reader.not_here(value),
            PointerTarget::Broken => {}
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

fn region<'t>(
    reader: &mut ConfigReader<'t>,
    value: Cursor<'t>,
    what: &str,
) -> Option<Declared<String>> {
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
    reader: &mut ConfigReader<'t>,
    cursor: Cursor<'t>,
    names: &[&'t str],
    all: &mut Declarations,
) {
    let each = pointers(cursor.node)
        .into_iter()
        .find(|(pointer, _)| pointer.names_environment());
    let Some((_, place)) = each else {
        if let PointerTarget::Value(value) = reader.find(cursor) {
            repositories(reader, value, None, all);
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
            PointerTarget::Value(value) => {
                declaring += 1;
                repositories(reader, value, Some(name), all);
            }
            PointerTarget::NotHere => {}
            PointerTarget::Broken => declaring += 1,
        }
    }
    // An environment without repositories is nothing special; when all are without, it is a mistake.
    if let (0, Some(name)) = (declaring, names.first()) {
        reader.not_here(cursor.of_environment(name));
    }
}

/// The repositories of one mapping; whatever else stands there leaves open which are declared.
fn repositories<'t>(
    reader: &mut ConfigReader<'t>,
    cursor: Cursor<'t>,
    environment: Option<&str>,
    declarations: &mut Declarations,
) {
    // The caller has followed the pointer: behind it, `null` says that there are none.
    if cursor.node.kind() == Kind::Null {
        return;
    }
    let whose = |base: Option<&str>| {
        Some(Declaring {
            environment: environment.map(str::to_owned),
            base: base.map(str::to_owned),
        })
    };
    reader.declaring = whose(None);
    reader.last = None;
    let entries = reader.entries(cursor, "`repositories`");
    if let Some(value) = reader.last.take() {
        let span = cursor.span();
        declarations.unread = Some(Declared { value, span });
    }
    let mut declared = Vec::with_capacity(entries.len());
    for field in entries {
        reader.declaring = whose(Some(field.key));
        declared.push(repository(reader, &field, environment));
    }
    reader.declaring = None;
    for repository in declared {
        declarations.add(reader, cursor, repository);
    }
}

fn repository<'t>(
    reader: &mut ConfigReader<'t>,
    field: &Field<'t>,
    environment: Option<&str>,
) -> DeclaredRepository {
    let what = format!("declaration of {}", quoted(field.key));
    reader.last = None;
    let fields: Option<Fields<'t>> = reader.mapping(field.value, &what, &keys::REPOSITORY);
    let whole = fields.is_none().then(|| reader.last.take()).flatten();
    let mut statements = Statements {
        reader,
        fields,
        whole: whole.map(|value| Declared {
            value,
            span: field.value.span(),
        }),
    };
    DeclaredRepository {
        environment: environment.map(str::to_owned),
        base: field.declared_key(),
        use_kms_key: statements.read("use_kms_key", ConfigReader::flag),
        images_retained: statements.read("images_retained", ConfigReader::count),
        shareable_with_all_envs: statements.read("shareable_with_all_envs", ConfigReader::flag),
    }
}

/// What is stated about one repository, setting by setting.
struct Statements<'r, 't> {
    reader: &'r mut ConfigReader<'t>,
    fields: Option<Fields<'t>>,
    /// Why nothing of it could be read.
    whole: Option<Declared<String>>,
}

impl<'t> Statements<'_, 't> {
    fn read<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut ConfigReader<'t>, Cursor<'t>, &str) -> Option<Declared<T>>,
    ) -> Stated<T> {
        if let Some(reason) = &self.whole {
            return Stated::Unclear(reason.clone());
        }
        let Some(value) = self.fields.as_ref().and_then(|fields| fields.get(key)) else {
            return Stated::Nothing;
        };
        self.reader.last = None;
        match (
            read(self.reader, value, &quoted(key)),
            self.reader.last.take(),
        ) {
            (Some(stated), _) => Stated::Value(stated),
            (None, None) => Stated::Nothing,
            (None, Some(reason)) => Stated::Unclear(Declared {
                value: reason,
                span: value.span(),
            }),
        }
    }
}

/// Declarations in the order of the text, and the place of each.
#[derive(Debug, Default)]
struct Declarations {
    all: Vec<DeclaredRepository>,
    places: HashMap<(Option<String>, String), Span>,
    /// Why there may be more.
    unread: Option<Declared<String>>,
}

impl Declarations {
    /// Adds a declaration, unless the repository is declared for the same environment already.
    fn add(
        &mut self,
        reader: &mut ConfigReader<'_>,
        cursor: Cursor<'_>,
        repository: DeclaredRepository,
    ) {
        let base = &repository.base;
        let own = (repository.environment.clone(), base.value.clone());
        let shared = (None, base.value.clone());
        let duplicate = self.places.get(&own).or_else(|| self.places.get(&shared));
        if let Some(duplicate) = duplicate {
            let title = format!(
                "repository {} is declared twice for one environment",
                quoted(&base.value)
            );
            let problem = Problem::new(base.span, title)
                .label("declared again here")
                .help("keep one of the two declarations")
                .related(*duplicate, "declared here before");
            reader.report(cursor, problem);
        } else {
            self.places.insert(own, base.span);
            self.all.push(repository);
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
