//! Statements that give writing actions of ECR by a pattern, on every repository.
//! It does not know who has them.

use super::super::actions::ActionSet;
use super::super::statement::{ActionPattern, Effect, Statement};
use super::super::text::{member, one_or_many};
use super::super::{Guarded, Owner, wildcard};
use super::about::{self, GALLERY_WRITES};
use super::arn::{Arn, ArnSymbol, certainly, symbols};
use crate::model::policy::keys;
use crate::model::{Data, Truth, Value};
use crate::source::Span;

/// Names that no pattern has in common unless it covers every name.
const NAMES: [&str; 2] = ["0", "zz9/y.x-w_v/u8"];

/// Keys of conditions that leave every repository within reach, whoever asks from wherever.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
const NOT_NARROWING: [&str; 22] = [
    "aws:currenttime",
    "aws:epochtime",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principaltype",
    "aws:referer",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:securetransport",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:tokenissuetime",
    "aws:useragent",
    "aws:userid",
    "aws:username",
];

/// What is given too widely, each at its action, and why there may be more.
#[derive(Debug, Default)]
pub(crate) struct Breadth {
    pub(crate) found: Vec<(Span, String)>,
    pub(crate) doubt: Option<String>,
}

impl Breadth {
    /// What of it is left within a permissions boundary, given its statements and why there may be more: one that lets no action through which writes leaves nothing,
    /// and one that does on every repository all of it.
    pub(super) fn within(
        self,
        statements: &[Statement<'_>],
        hidden: Option<&str>,
        owner: &Owner<'_>,
    ) -> Self {
        if self.found.is_empty() {
            return self;
        }
        let mut left = Truth::False;
        for statement in statements.iter().filter(|one| one.effect != Effect::Deny) {
            let counts = match &statement.effect {
                Effect::Unclear(reason) => Truth::unknown(reason.as_str()),
                _ => Truth::True,
            };
            let actions = statement.actions();
            let writes = match (writes(actions.certain), writes(actions.possible)) {
                (certain, _) if !certain.is_empty() => Truth::True,
                (_, possible) if possible.is_empty() => Truth::False,
                _ => Truth::unknown(actions.reason.clone().unwrap_or_default()),
            };
            let all = reaches_all(statement.value, owner).and(is_unlimited(statement.value));
            let narrowed = || Truth::unknown("a permissions boundary leaves part of it");
            left = left.or(counts
                .and(writes)
                .and(if all.is_false() { narrowed() } else { all }));
        }
        let denies = statements.iter().any(|one| one.effect != Effect::Allow);
        if let Some(reason) = hidden {
            left = left.or(Truth::unknown(reason));
        } else if denies {
            left = left.and(Truth::unknown(
                "a permissions boundary takes part of it back",
            ));
        }
        match left {
            Truth::True => self,
            Truth::False => Self {
                found: Vec::new(),
                ..self
            },
            Truth::Unknown(reason) => Self {
                found: Vec::new(),
                doubt: Some(reason),
            },
        }
    }
}

/// Finds the patterns in the statements of an identity.
pub(super) fn of(statements: &[Statement<'_>], owner: &Owner<'_>) -> Breadth {
    let mut breadth = Breadth::default();
    for statement in statements {
        // A statement that may be anything is not known to be about ECR.
        if statement.effect != Effect::Allow || statement.value.as_unknown().is_some() {
            continue;
        }
        let reach = reaches_all(statement.value, owner).and(is_unlimited(statement.value));
        if reach.is_false() {
            continue;
        }
        for pattern in &statement.patterns {
            let wide = writes_by_pattern(pattern, statement.value, owner);
            let left = wide
                .and(reach.clone())
                .and(is_left(pattern, statements, owner));
            match left {
                Truth::True => {
                    let shown = match pattern.text {
                        Some("NotAction") => "all but the actions of `NotAction`".to_owned(),
                        text => format!("`{}`", text.unwrap_or_default()),
                    };
                    let but = match member(statement.value, keys::NOT_RESOURCE) {
                        Some(_) => " but those of `NotResource`",
                        None => "",
                    };
                    let told = format!("{shown} is allowed on every repository{but}");
                    let found = (pattern.value.span(), told);
                    if !breadth.found.contains(&found) {
                        breadth.found.push(found);
                    }
                }
                Truth::Unknown(reason) => breadth.doubt = Some(reason),
                Truth::False => {}
            }
        }
    }
    breadth
}

/// Whether a pattern with a wildcard names actions of ECR that write. One that names everything of every service
/// is an administrator's, unless its resources are ECR's.
fn writes_by_pattern(
    pattern: &ActionPattern<'_>,
    statement: Value<'_>,
    owner: &Owner<'_>,
) -> Truth {
    let Some(text) = pattern.text else {
        let is_open = |unknown: &crate::model::Unknown| {
            let start = unknown
                .shape
                .as_ref()
                .map(|shape| shape.prefix().to_ascii_lowercase());
            start.is_some_and(|start| start.starts_with("ecr:"))
        };
        return match pattern.value.as_unknown() {
            Some(unknown) if is_open(unknown) && !writes(pattern.actions.possible).is_empty() => {
                Truth::unknown(unknown.reason.as_str())
            }
            _ => Truth::False,
        };
    };
    if text == "NotAction" {
        let gives = !writes(pattern.actions.certain).is_empty();
        return Truth::from(gives && about::is_on_ecr(statement, owner));
    }
    if !wildcard::is_pattern(text) {
        return Truth::False;
    }
    let is_relevant = match about::is_everything(text) {
        true => about::is_on_ecr(statement, owner),
        false => about::is_of_ecr(text),
    };
    Truth::from(
        is_relevant && (!writes(pattern.actions.certain).is_empty() || writes_gallery(text)),
    )
}

fn writes(set: ActionSet) -> ActionSet {
    set.writes().effective(Guarded::Repository)
}

fn writes_gallery(pattern: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    let mut names = GALLERY_WRITES.iter();
    names.any(|name| wildcard::matches(&pattern, &name.to_ascii_lowercase()))
}

/// Whether a resource of the statement stands for every repository of some registry.
fn reaches_all(statement: Value<'_>, owner: &Owner<'_>) -> Truth {
    let Some(resources) = member(statement, keys::RESOURCE) else {
        let spared = member(statement, keys::NOT_RESOURCE);
        return spared.map_or(Truth::False, |spared| leaves_all(spared, owner));
    };
    Truth::any(one_or_many(resources).into_iter().map(|value| {
        let Some(arn) = Arn::read(value, owner) else {
            return Truth::False;
        };
        match arn.symbols.as_slice() {
            [ArnSymbol::Hole(_)] if arn.reference.is_none() => {
                Truth::unknown(arn.reason.unwrap_or_default())
            }
            _ => Truth::from(is_of_all(&arn)),
        }
    }))
}

/// Whether what `NotResource` spares are a few repositories, or none.
fn leaves_all(spared: Value<'_>, owner: &Owner<'_>) -> Truth {
    Truth::all(one_or_many(spared).into_iter().map(|value| {
        let Some(arn) = Arn::read(value, owner) else {
            return Truth::True;
        };
        match arn.symbols.as_slice() {
            [ArnSymbol::Hole(_)] if arn.reference.is_none() => {
                Truth::unknown(arn.reason.unwrap_or_default())
            }
            _ if !is_of_all(&arn) => Truth::True,
            _ if is_of_any_registry(&arn) => Truth::False,
            _ => Truth::unknown("other registries than the one of `NotResource` may have some"),
        }
    }))
}

/// Whether a text is about all accounts and regions.
fn is_of_any_registry(arn: &Arn<'_>) -> bool {
    let fields: Vec<_> = arn
        .symbols
        .splitn(6, |one| *one == ArnSymbol::Char(':'))
        .collect();
    let is_any = |index: usize| fields[index].contains(&ArnSymbol::Any);
    fields.len() < 6 || is_any(3) && is_any(4)
}

/// Whether a text covers all names of some registry.
fn is_of_all(arn: &Arn<'_>) -> bool {
    if arn.is_everything() {
        return true;
    }
    let fields: Vec<&[ArnSymbol<'_>]> = arn
        .symbols
        .splitn(6, |one| *one == ArnSymbol::Char(':'))
        .collect();
    let services = ["ecr", "ecr-public"];
    services.into_iter().any(|service| {
        let region = if service == "ecr" { "eu-west-1" } else { "" };
        let usual = ["arn", "aws", service, region, "111111111111"];
        NAMES.into_iter().all(|name| {
            let mut sample = Vec::new();
            for (index, usual) in usual.into_iter().enumerate() {
                // Whichever account and region it names, all of their repositories are meant.
                let own = fields
                    .get(index)
                    .filter(|_| fields.len() == 6 && index != 2);
                match own.filter(|field| !field.contains(&ArnSymbol::Any)) {
                    Some(own) => sample.extend_from_slice(own),
                    None => sample.extend(symbols(usual)),
                }
                sample.push(ArnSymbol::Char(':'));
            }
            sample.extend(symbols("repository/"));
            sample.extend(symbols(name));
            certainly(&arn.symbols, &sample)
        })
    })
}

/// Whether the conditions of a statement leave every repository within reach.
fn is_unlimited(statement: Value<'_>) -> Truth {
    let Some(block) = member(statement, keys::CONDITION) else {
        return Truth::True;
    };
    if let Data::Unknown(unknown) = block.data() {
        return Truth::unknown(unknown.reason.as_str());
    }
    let keys = block.members().flat_map(|(_, keys)| keys.members());
    Truth::all(keys.map(|(key, _)| {
        let lower = key.to_ascii_lowercase();
        if lower.starts_with("aws:resourcetag/") || lower.starts_with("ecr:resourcetag/") {
            Truth::False
        } else if NOT_NARROWING.contains(&lower.as_str()) || lower.starts_with("aws:principaltag/")
        {
            Truth::True
        } else {
            Truth::unknown(format!(
                "whom the condition on `{key}` keeps out is not known"
            ))
        }
    }))
}

/// Whether something of what the pattern writes is left by every `Deny`, on every repository.
fn is_left(pattern: &ActionPattern<'_>, statements: &[Statement<'_>], owner: &Owner<'_>) -> Truth {
    let actions = writes(pattern.actions.possible);
    if actions.is_empty() {
        return Truth::True;
    }
    let mut left = actions;
    let mut doubt = None;
    for deny in statements.iter().filter(|one| one.effect != Effect::Allow) {
        let taken = deny.actions();
        let takes_all = left.without(taken.certain).is_empty();
        // What spares few repositories, or those with a tag, leaves those few.
        let is_wide = reaches_all(deny.value, owner);
        let applies = match (&deny.effect, member(deny.value, keys::CONDITION)) {
            (Effect::Unclear(reason), _) => is_wide.and(Truth::unknown(reason.as_str())),
            (_, Some(_)) => is_wide.and(Truth::unknown(
                "a `Deny` with a `Condition` may take it back",
            )),
            _ => is_wide,
        };
        match applies {
            Truth::True => left = left.without(taken.certain),
            Truth::Unknown(reason) if takes_all => doubt = Some(reason),
            _ => {}
        }
    }
    match (left.is_empty(), doubt) {
        (true, _) => Truth::False,
        (false, Some(reason)) => Truth::unknown(reason),
        (false, None) => Truth::True,
    }
}
