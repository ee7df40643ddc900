//! Statements of an identity on resources that no repository matches.
//! It does not know what the statements give.

use super::super::Owner;
use super::super::statement::Statement;
use super::super::text::{member, one_or_many};
use super::arn::{Arn, ArnSymbol, symbols};
use super::shape::{self, Registry};
use crate::model::Truth;
use crate::model::policy::keys;
use crate::source::Span;

/// Repositories that are known beside an identity.
#[derive(Debug, Default)]
pub(crate) struct NearbyRepositories<'k, 'd> {
    /// Those of the same template: logical id, name as people call it, and ARN.
    pub(crate) near: Vec<(&'d str, String, Arn<'d>)>,
    /// Names of all repositories of the run, sorted.
    pub(crate) names: &'k [&'k str],
}

/// What was found, each at its value, and why there may be more.
#[derive(Debug, Default)]
pub(crate) struct Misdirected {
    pub(crate) found: Vec<(Span, String)>,
    pub(crate) doubt: Option<String>,
}

/// Looks through the resources of statements that are about ECR and nothing else, be they given or taken, and through
/// those that a statement spares.
pub(super) fn of<'s, 'd: 's>(
    statements: impl Iterator<Item = &'s Statement<'d>>,
    owner: &Owner<'d>,
    known: &NearbyRepositories<'_, 'd>,
) -> Misdirected {
    let mut misdirected = Misdirected::default();
    for statement in statements {
        let resource = member(statement.value, keys::RESOURCE);
        let is_spared = resource.is_none();
        let Some(resource) = resource.or_else(|| member(statement.value, keys::NOT_RESOURCE))
        else {
            continue;
        };
        let registry = registry(statement);
        let values = one_or_many(resource);
        let all: Vec<Arn<'d>> = values
            .iter()
            .filter_map(|it| Arn::read(*it, owner))
            .collect();
        for value in &values {
            let Some(arn) = Arn::read(*value, owner) else {
                continue;
            };
            let fault = match registry {
                // A `Deny` spares what is none of ECR's, too.
                Some(registry) if is_spared => Ok(spared(&arn, registry, known)),
                Some(registry) => fault(statement, registry, &arn, &all, known),
                // Among actions of several services only an image's URI is certainly none of the others.
                None if shape::is_uri(&arn) && names_ecr(statement) => {
                    Ok(shape::fault(&arn, Registry::Private))
                }
                None => Ok(None),
            };
            match fault {
                Ok(Some(fault)) => misdirected.found.push((value.span(), fault)),
                Ok(None) => {}
                Err(reason) => misdirected.doubt = Some(reason),
            }
        }
    }
    misdirected
}

/// The registry that all actions of a statement on repositories are of.
fn registry(statement: &Statement<'_>) -> Option<Registry> {
    let all = |prefix: &str| {
        let texts = || statement.patterns.iter().filter_map(|pattern| pattern.text);
        let is_of = |text: &str| {
            let start = text.get(..prefix.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        !statement.patterns.is_empty()
            && texts().count() == statement.patterns.len()
            && texts().all(is_of)
    };
    let is_of_repositories = !statement.actions().certain.is_empty();
    if all("ecr:") {
        return is_of_repositories.then_some(Registry::Private);
    }
    let token = |pattern: Option<&str>| {
        pattern.is_some_and(|text| text.eq_ignore_ascii_case(super::GALLERY))
    };
    let only_tokens = statement.patterns.iter().all(|one| token(one.text));
    (all("ecr-public:") && !only_tokens).then_some(Registry::Public)
}

fn names_ecr(statement: &Statement<'_>) -> bool {
    let mut texts = statement.patterns.iter().filter_map(|pattern| pattern.text);
    texts.any(super::about::is_of_ecr)
}

/// What is wrong with one of the resources of a statement, or why that is not known.
fn fault<'d>(
    statement: &Statement<'d>,
    registry: Registry,
    arn: &Arn<'d>,
    all: &[Arn<'d>],
    known: &NearbyRepositories<'_, 'd>,
) -> Result<Option<String>, String> {
    if let Some(fault) = shape::fault(arn, registry) {
        return Ok(Some(fault));
    }
    if let Some(reference) = &arn.reference {
        let mut near = known.near.iter();
        let is_of_template = near.any(|(id, ..)| *id == reference.logical_id);
        return Ok((is_of_template && reference.attribute == "Ref")
            .then(|| format!("`{}` is the name of a repository, not its ARN", arn.shown())));
    }
    if matches!(arn.symbols.first(), Some(ArnSymbol::Hole(_))) {
        return Err(arn.reason.unwrap_or_default().to_owned());
    }
    below(statement, arn, all, known)
}

/// What is wrong with a text that names a repository to be spared.
fn spared<'d>(
    arn: &Arn<'d>,
    registry: Registry,
    known: &NearbyRepositories<'_, 'd>,
) -> Option<String> {
    let is_meant = shape::is_uri(arn) || shape::is_of_ecr(arn);
    if is_meant {
        return shape::fault(arn, registry);
    }
    let reference = arn.reference.as_ref()?;
    let mut near = known.near.iter();
    let is_of_template = near.any(|(id, ..)| *id == reference.logical_id);
    (is_of_template && reference.attribute == "Ref")
        .then(|| format!("`{}` is the name of a repository, not its ARN", arn.shown()))
}

/// Says so where a resource covers the names below that of a repository, but neither that repository nor any other.
fn below<'d>(
    statement: &Statement<'d>,
    arn: &Arn<'d>,
    all: &[Arn<'d>],
    known: &NearbyRepositories<'_, 'd>,
) -> Result<Option<String>, String> {
    // Whoever creates repositories may create those.
    let creates = super::ActionSet::matching("ecr:CreateRepository");
    if statement.actions().possible.contains(creates) {
        return Ok(None);
    }
    let Some(start) = arn
        .symbols
        .strip_suffix([ArnSymbol::Char('/'), ArnSymbol::Any].as_slice())
    else {
        return Ok(None);
    };
    let own = known
        .near
        .iter()
        .find(|(_, _, own)| is_one(start, &own.symbols));
    let Some((_, name, own)) = own else {
        return Ok(None);
    };
    if all.iter().any(|other| other.covers(own).is_true()) {
        return Ok(None);
    }
    // Names that CloudFormation makes up have no slash.
    let is_placeholder = |id: &str, arn: &Arn<'_>| matches!(arn.symbols.last(), Some(ArnSymbol::Hole(name)) if *name == id);
    let others = known
        .near
        .iter()
        .filter(|(id, _, other)| !other.is(own) && !is_placeholder(id, other));
    match Truth::any(others.map(|(_, _, other)| arn.covers(other))) {
        Truth::True => return Ok(None),
        Truth::Unknown(reason) => return Err(reason),
        Truth::False => {}
    }
    let prefix = format!("{name}/");
    let from = known.names.partition_point(|name| *name < prefix.as_str());
    if known
        .names
        .get(from)
        .is_some_and(|name| name.starts_with(&prefix))
    {
        return Ok(None);
    }
    Ok(Some(format!(
        "`{}` covers names below `{name}`, never `{name}` itself, and is not the ARN of a repository here",
        arn.shown()
    )))
}

/// Whether a text is the ARN of the repository, whose account and region may be written out in it.
fn is_one(text: &[ArnSymbol<'_>], own: &[ArnSymbol<'_>]) -> bool {
    if text == own {
        return true;
    }
    let resource =
        |symbols| <[ArnSymbol<'_>]>::splitn(symbols, 6, |one| *one == ArnSymbol::Char(':')).nth(5);
    match (resource(text), resource(own)) {
        (Some(text), Some(own)) => {
            text == own
                && text.starts_with(&symbols("repository/"))
                && !own.contains(&ArnSymbol::Hole(""))
        }
        _ => false,
    }
}
