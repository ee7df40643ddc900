//! Whom a statement speaks of: the forms of `Principal` and `NotPrincipal`.
//! It does not know what the statement allows them.

use super::account::Account;
use super::symbols::{Own, TextSymbol, TextSymbols};
use super::text::{PolicyText, arn_fields, is_account, member, one_or_many};
use super::words::Words;
use super::{Owner, overlap, wildcard};
use crate::model::policy::keys;
use crate::model::{CharacterSet, Data, NodeId, Value};

/// The keys of a `Principal` mapping.
pub(crate) const KINDS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

/// One principal as the policy names it.
#[derive(Clone, Debug)]
pub(crate) struct NamedPrincipal<'d> {
    /// Where it stands.
    pub(crate) value: Value<'d>,
    pub(crate) principal: Principal,
    /// Partition of an ARN.
    pub(crate) partition: Option<Partition>,
}

/// The partition that an ARN is written with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Partition {
    /// One by name, such as `aws-cn`.
    Named(String),
    /// Whichever the stack is in.
    Own,
}

/// A kind of caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Principal {
    /// Everyone who has an AWS account, and every service.
    Everyone,
    /// Every service. Not a documented form.
    EveryService,
    /// Whoever an account lets in.
    Account(Account),
    /// One user, role or session, by ARN.
    Identity { account: Account, arn: Words },
    /// An AWS service.
    Service(String),
    /// It cannot be known; it may be everyone.
    Unclear(String),
    /// Not a form that IAM documents for a resource policy; the text says why it stays open.
    Undocumented(String),
}

/// Whom a statement speaks of.
#[derive(Clone, Debug)]
pub(crate) enum Principals<'d> {
    /// Those that are listed.
    Listed(Vec<NamedPrincipal<'d>>),
    /// Everyone who is not listed; `place` is the value of `NotPrincipal`.
    Except {
        place: Value<'d>,
        spared: Vec<NamedPrincipal<'d>>,
    },
}

/// Reads `Principal` or `NotPrincipal` of a statement; none when there is neither.
pub(crate) fn read<'d>(statement: Value<'d>, owner: &Owner<'_>) -> Principals<'d> {
    if let Some(value) = member(statement, keys::PRINCIPAL) {
        return Principals::Listed(list(value, owner));
    }
    match member(statement, keys::NOT_PRINCIPAL) {
        Some(place) => Principals::Except {
            place,
            spared: list(place, owner),
        },
        None => Principals::Listed(Vec::new()),
    }
}

fn list<'d>(value: Value<'d>, owner: &Owner<'_>) -> Vec<NamedPrincipal<'d>> {
    match value.data() {
        Data::Object => value
            .members()
            .flat_map(|(kind, values)| {
                one_or_many(values)
                    .into_iter()
                    .map(move |value| named(kind, value, owner))
            })
            .collect(),
        Data::String("*") => vec![NamedPrincipal::new(value, Principal::Everyone)],
        Data::Unknown(unknown) => {
            vec![NamedPrincipal::unclear(value, &unknown.reason)]
        }
        _ => vec![NamedPrincipal::new(
            value,
            Principal::Undocumented(
                "the value of `Principal` is not a principal that IAM accepts".to_owned(),
            ),
        )],
    }
}

impl<'d> Principals<'d> {
    /// Those whom the statement names, to be spared or not.
    pub(super) fn named(&self) -> &[NamedPrincipal<'d>] {
        match self {
            Self::Listed(named) | Self::Except { spared: named, .. } => named,
        }
    }
}

impl<'d> NamedPrincipal<'d> {
    fn new(value: Value<'d>, principal: Principal) -> Self {
        Self {
            value,
            principal,
            partition: None,
        }
    }

    /// Anybody, or nobody.
    pub(crate) fn unclear(value: Value<'d>, reason: &str) -> Self {
        Self::new(value, Principal::Unclear(reason.to_owned()))
    }

    /// The principal as the policy writes it, where that is known.
    pub(crate) fn text(&self) -> Option<&'d str> {
        match self.value.data() {
            Data::String(text) | Data::Number(text) => Some(text),
            _ => None,
        }
    }
}

fn named<'d>(kind: &str, value: Value<'d>, owner: &Owner<'_>) -> NamedPrincipal<'d> {
    let text = PolicyText::read(value, owner);
    let principal = match (kind, &text) {
        ("AWS", PolicyText::Known(known)) => aws(value.id(), known),
        ("AWS", PolicyText::Own(words)) => own(words),
        ("AWS", PolicyText::Partial { words, reason }) => partly_known(words, reason),
        ("Service", PolicyText::Known(known)) if known == "*" => Principal::EveryService,
        ("Service", PolicyText::Known(known)) => Principal::Service(known.to_lowercase()),
        ("Service", PolicyText::Own(words)) => Principal::Service(words.lower().to_string()),
        ("Service", PolicyText::Partial { words, reason }) => service(words, reason),
        ("Federated" | "CanonicalUser", _) => Principal::Undocumented(format!(
            "`{kind}` has no documented meaning in a repository policy"
        )),
        (_, PolicyText::Partial { reason, .. }) => Principal::Unclear((*reason).to_owned()),
        (kind, _) => unaccepted(kind),
    };
    NamedPrincipal {
        value,
        principal,
        partition: partition(&text),
    }
}

/// The partition of an ARN, where that much is known.
fn partition(text: &PolicyText<'_>) -> Option<Partition> {
    let words = match text {
        PolicyText::Known(known) => {
            return arn_fields(known).map(|fields| Partition::Named(fields[1].to_owned()));
        }
        PolicyText::Own(words) | PolicyText::Partial { words, .. } => words,
        PolicyText::Other => return None,
    };
    let field = words.arn_fields()?[1];
    match field.only() {
        Some(TextSymbol::Own(Own::Partition)) => Some(Partition::Own),
        _ => field.known().map(|name| Partition::Named(name.to_owned())),
    }
}

fn aws(node: NodeId, text: &str) -> Principal {
    if text == "*" {
        return Principal::Everyone;
    }
    if is_account(text) {
        return Principal::Account(Account::known(text));
    }
    if is_unique_id(text) {
        let reason = format!("`{text}` is the id of a principal that was deleted");
        let account = Account::hidden(Words::of(node), &reason);
        let arn = Words::from(text);
        return Principal::Identity { account, arn };
    }
    match arn_fields(text) {
        Some([_, _, "iam" | "sts", "", account, resource])
            if is_account(account) && !wildcard::is_pattern(text) && is_caller(resource) =>
        {
            let account = Account::known(account);
            match resource {
                "root" => Principal::Account(account),
                _ => Principal::Identity {
                    account,
                    arn: Words::from(text),
                },
            }
        }
        _ => unaccepted(text),
    }
}

/// A text that is known but for what the stack fills in.
fn own(words: &Words) -> Principal {
    if let Some(account) = Account::read(words.symbols(), None) {
        return Principal::Account(account);
    }
    match words.arn_fields() {
        Some([_, _, service, region, account, resource])
            if is_iam(service)
                && region.is_empty()
                && !words.symbols().is_pattern()
                && may_call(resource) =>
        {
            match Account::read(account, None) {
                Some(account) => of_account(account, resource, words),
                None => unaccepted(&words.to_string()),
            }
        }
        _ => unaccepted(&words.to_string()),
    }
}

fn of_account(account: Account, resource: TextSymbols<'_>, words: &Words) -> Principal {
    if resource.is("root") {
        return Principal::Account(account);
    }
    Principal::Identity {
        account,
        arn: words.clone(),
    }
}

/// Whether the service of an ARN is one that principals are of.
pub(crate) fn is_iam(service: TextSymbols<'_>) -> bool {
    service.is("iam") || service.is("sts")
}

/// Whether the resource of an ARN of IAM or STS may turn out to be one that can call.
pub(crate) fn may_call(resource: TextSymbols<'_>) -> bool {
    match resource.known() {
        Some(known) => is_caller(known),
        // What stands in front decides, unless that is not known either.
        None => {
            let start = resource.known_start();
            let mut kinds = CALLERS.iter();
            "root".starts_with(start)
                || kinds.any(|kind| kind.starts_with(start) || start.starts_with(kind))
        }
    }
}

/// The kinds of resources of IAM and STS that call, besides `root`.
const CALLERS: [&str; 4] = ["user/", "role/", "assumed-role/", "federated-user/"];

/// Whether the resource of an ARN of IAM or STS can call at all, as groups, policies and providers cannot.
fn is_caller(resource: &str) -> bool {
    resource == "root" || CALLERS.iter().any(|kind| resource.starts_with(kind))
}

/// A text that begins like an ARN is some principal's ARN: IAM refuses wildcards in it.
fn partly_known(words: &Words, reason: &str) -> Principal {
    if let Some(account) = whole_account(words, reason) {
        return Principal::Account(account);
    }
    if words.symbols().strip_prefix("arn:").is_none() && may_be_everyone(words) {
        return Principal::Unclear(reason.to_owned());
    }
    let account = match words.arn_fields() {
        Some([_, _, service, region, account, _]) if is_iam(service) && region.is_empty() => {
            Account::read(account, Some(reason))
        }
        _ => None,
    };
    let account = account.unwrap_or_else(|| Account::behind(words, reason));
    let is_root = words.symbols().ends_with(":root");
    if is_root {
        Principal::Account(account)
    } else {
        let arn = words.clone();
        Principal::Identity { account, arn }
    }
}

/// Whether a text that is not known may turn out to be the one that stands for everyone.
fn may_be_everyone(words: &Words) -> bool {
    overlap::may_be(words.symbols(), TextSymbols::of("*"))
}

/// The account that a text can be nothing else than the id of: its characters are all digits.
fn whole_account(words: &Words, reason: &str) -> Option<Account> {
    let digits = CharacterSet::between('0', '9');
    let is_digits = words.symbols().iter().all(|symbol| match symbol {
        TextSymbol::Char(character) => character.is_ascii_digit(),
        TextSymbol::Own(own) => own == Own::Account,
        TextSymbol::Hole(hole) => hole
            .limits()
            .is_some_and(|limits| limits.runs().iter().all(|run| run.set.is_in(digits))),
        TextSymbol::Fresh => false,
    });
    is_digits.then(|| Account::hidden(words.clone(), reason))
}

fn service(words: &Words, reason: &str) -> Principal {
    if words.open().len() > 1 || !may_be_everyone(words) {
        Principal::Service(words.lower().to_string())
    } else {
        Principal::Unclear(reason.to_owned())
    }
}

fn unaccepted(what: &str) -> Principal {
    Principal::Undocumented(format!("`{what}` is not a principal that IAM accepts"))
}

/// The id that IAM shows in place of the ARN of a principal that was deleted.
pub(crate) fn is_unique_id(text: &str) -> bool {
    text.len() >= 16
        && (text.starts_with("AROA") || text.starts_with("AIDA"))
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Name of the role of which `arn` is a session, with its account.
fn session_role(arn: &Words) -> Option<(TextSymbols<'_>, TextSymbols<'_>)> {
    let [_, _, service, _, account, resource] = arn.arn_fields()?;
    if !service.is("sts") {
        return None;
    }
    let named = resource.strip_prefix("assumed-role/")?;
    Some((account, named.split_once(b'/')?.0))
}

/// Whether a statement about `arn` is one about `caller` too: the same principal, or its session.
pub(crate) fn covers(arn: &Words, caller: &Words) -> bool {
    if arn == caller {
        return true;
    }
    let (Some(session), Some(fields)) = (session_role(caller), arn.arn_fields()) else {
        return false;
    };
    let role = fields[5].strip_prefix("role/");
    role.is_some_and(|path| (fields[4], path.behind_last(b'/')) == session)
}

/// What `aws:PrincipalArn` holds for a caller: the role's ARN during its session, where it is known.
pub(crate) fn principal_arn(caller: &Words) -> Option<Words> {
    let Some((account, role)) = session_role(caller) else {
        return Some(caller.clone());
    };
    let partition = caller.arn_fields()?[1];
    let start = Words::from("arn:").then_all(partition).then(":iam::");
    Some(start.then_all(account).then(":role/").then_all(role))
}
