//! Classes of access against a plain evaluation of single requests, over many small policies.

use ecrlint::model::policy::{Owner, describe};
use ecrlint::model::{Data, Document, NodeId, Value};
use ecrlint::source::Span;
use proptest::prelude::*;

const OWN: &str = "111111111111";
const NAMED: &str = "222222222222";
const UNRELATED: &str = "999999999999";
const ORGANISATION: &str = "o-abcdefghij";
/// Organisations by the names that policies give them; `*` is a letter under an exact operator. None is
/// called like a pattern, so one stands for callers only in a policy that names it.
const MEMBERS: [&str; 3] = [ORGANISATION, "o-*", "*"];
const ACTIONS: [&str; 3] = ["ecr:BatchGetImage", "ecr:PutImage", "ecr:DeleteRepository"];

#[derive(Clone, Debug)]
struct Statement {
    allow: bool,
    /// `None` is everyone.
    account: Option<&'static str>,
    action: &'static str,
    condition: Option<(&'static str, &'static str, &'static str)>,
}

/// A caller as IAM sees it. One without account is a service that acts for somebody.
struct Request {
    account: Option<&'static str>,
    organisation: Option<&'static str>,
    action: &'static str,
}

/// The plain meaning of one condition for one request, with the operators of the strategy only.
fn holds((operator, key, value): (&str, &str, &str), request: &Request) -> bool {
    let held = match key {
        "aws:PrincipalAccount" => request.account,
        _ => request.organisation,
    };
    let fits = |held: &str| match value.strip_suffix('*') {
        Some(prefix) if operator.contains("Like") => held.starts_with(prefix),
        _ => held == value,
    };
    match (operator, held) {
        ("Null", held) => (value == "true") == held.is_none(),
        ("StringEquals" | "StringLike", held) => held.is_some_and(fits),
        ("ForAnyValue:StringEquals", held) => held.is_some_and(fits),
        ("StringNotEquals" | "StringNotLike", held) => !held.is_some_and(fits),
        ("StringEqualsIfExists" | "ForAllValues:StringEquals", held) => held.is_none_or(fits),
        (operator, _) => panic!("{operator} is not in the strategy"),
    }
}

fn applies(statement: &Statement, request: &Request) -> bool {
    let action = statement
        .action
        .strip_suffix('*')
        .map_or(request.action == statement.action, |prefix| {
            request.action.starts_with(prefix)
        });
    action
        && statement
            .account
            .is_none_or(|account| Some(account) == request.account)
        && statement
            .condition
            .is_none_or(|condition| holds(condition, request))
}

/// The organisations that a policy names. Others are strangers, whose ids begin with `o-`.
fn members(policy: &[Statement]) -> impl Iterator<Item = &'static str> {
    let conditions = policy.iter().filter_map(|statement| statement.condition);
    let named: Vec<_> = conditions
        .filter(|(_, key, _)| *key == "aws:PrincipalOrgID")
        .map(|(_, _, value)| value)
        .collect();
    MEMBERS.into_iter().filter(move |id| named.contains(id))
}

/// Whether `grant`, with every `Deny` of the policy, lets one of the callers do one of the actions.
fn lets_in(policy: &[Statement], grant: &Statement, account: &'static str, write: bool) -> bool {
    let account = Some(account);
    let homes = [None, Some("o-zzzzzzzzzz")];
    homes
        .into_iter()
        .chain(members(policy).map(Some))
        .any(|home| allowed(policy, grant, account, home, write))
}

fn allowed(
    policy: &[Statement],
    grant: &Statement,
    account: Option<&'static str>,
    organisation: Option<&'static str>,
    write: bool,
) -> bool {
    ACTIONS.iter().skip(usize::from(write)).any(|action| {
        let request = Request {
            account,
            organisation,
            action,
        };
        applies(grant, &request)
            && !policy
                .iter()
                .any(|statement| !statement.allow && applies(statement, &request))
    })
}

/// The class by trying callers one after the other, widest group first.
fn class(policy: &[Statement], grant: &Statement) -> &'static str {
    let stranger = |home| allowed(policy, grant, Some(UNRELATED), home, false);
    if stranger(None) || stranger(Some("o-zzzzzzzzzz")) {
        "public"
    } else if members(policy).any(|id| stranger(Some(id))) {
        "organisation"
    } else if lets_in(policy, grant, NAMED, false) {
        "named-accounts"
    } else if lets_in(policy, grant, OWN, false) {
        "same-account"
    } else if allowed(policy, grant, None, None, false) {
        "service"
    } else {
        "nobody"
    }
}

fn outsider_writes(policy: &[Statement], grant: &Statement) -> bool {
    let principals = [UNRELATED, NAMED].map(|account| lets_in(policy, grant, account, true));
    if [UNRELATED, NAMED]
        .into_iter()
        .any(|account| lets_in(policy, grant, account, false))
    {
        principals.contains(&true)
    } else {
        allowed(policy, grant, None, None, true)
    }
}

fn build(document: &mut Document, policy: &[Statement]) -> NodeId {
    let span = Span::default();
    let statements: Vec<_> = policy
        .iter()
        .map(|statement| {
            let effect = document.string(if statement.allow { "Allow" } else { "Deny" }, span);
            let principal = match statement.account {
                None => document.string("*", span),
                Some(account) => {
                    let account = document.string(account, span);
                    document.object(&[("AWS", account)], span)
                }
            };
            let action = document.string(statement.action, span);
            let condition = match statement.condition {
                None => document.absent(span),
                Some((operator, key, value)) => {
                    let value = document.string(value, span);
                    let keys = document.object(&[(key, value)], span);
                    document.object(&[(operator, keys)], span)
                }
            };
            let members = [
                ("Effect", effect),
                ("Principal", principal),
                ("Action", action),
                ("Condition", condition),
            ];
            document.object(&members, span)
        })
        .collect();
    let list = document.array(&statements, span);
    document.object(&[("Statement", list)], span)
}

fn condition() -> impl Strategy<Value = (&'static str, &'static str, &'static str)> {
    let text = prop::sample::select(vec![
        "StringEquals",
        "StringLike",
        "StringNotEquals",
        "StringNotLike",
        "StringEqualsIfExists",
        "ForAllValues:StringEquals",
        "ForAnyValue:StringEquals",
    ]);
    let organisation = prop::sample::select(vec![ORGANISATION, "o-*", "*"]);
    let account = prop::sample::select(vec![OWN, NAMED, "*"]);
    let null = prop::sample::select(vec!["true", "false"]);
    prop_oneof![
        (text.clone(), Just("aws:PrincipalOrgID"), organisation),
        (text, Just("aws:PrincipalAccount"), account),
        (Just("Null"), Just("aws:PrincipalOrgID"), null),
    ]
}

fn statement() -> impl Strategy<Value = Statement> {
    (
        any::<bool>(),
        prop::sample::select(vec![None, Some(OWN), Some(NAMED)]),
        prop::sample::select(vec![
            "ecr:BatchGetImage",
            "ecr:PutImage",
            "ecr:Batch*",
            "*",
            "ecr:DeleteRepository",
        ]),
        prop::option::of(condition()),
    )
        .prop_map(|(allow, account, action, condition)| Statement {
            allow,
            account,
            action,
            condition,
        })
}

/// The oracle knows three actions, two of which write; others would make its answers incomplete.
fn known_actions(mut policy: Vec<Statement>) -> Vec<Statement> {
    for statement in &mut policy {
        if statement.allow && statement.action.ends_with('*') {
            statement.action = "ecr:PutImage";
        }
    }
    policy
}

#[test]
fn no_organisation_is_outside_every_organisation() {
    let statement = |allow, condition| Statement {
        allow,
        account: None,
        action: ACTIONS[0],
        condition: Some(condition),
    };
    let outside = statement(true, ("StringNotLike", "aws:PrincipalOrgID", "o-*"));
    assert_eq!(class(std::slice::from_ref(&outside), &outside), "public");
    let homeless = statement(false, ("Null", "aws:PrincipalOrgID", "true"));
    assert_eq!(class(&[outside.clone(), homeless], &outside), "nobody");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_class_is_what_single_requests_say(policy in prop::collection::vec(statement(), 1..5)) {
        let policy = known_actions(policy);
        let mut document = Document::default();
        let node = build(&mut document, &policy);
        let owner = Owner { account: Some(OWN), ..Owner::default() };
        let facts = describe(&mut document, node, &owner);
        let grants: Vec<_> = policy.iter().filter(|statement| statement.allow).collect();
        let access: Vec<_> = document.value(facts.access).items().collect();
        prop_assert_eq!(access.len(), grants.len());
        for (grant, access) in grants.into_iter().zip(access) {
            let expected = class(&policy, grant);
            prop_assert_eq!(access.by_key("class").and_then(Value::as_str), Some(expected), "{:?}", grant);
            let public = access.by_key("public").map(Value::data);
            prop_assert_eq!(public, Some(Data::Bool(expected == "public")));
            let cross_account = ["public", "organisation", "named-accounts"].contains(&expected);
            // For whom a service acts decides, and nothing says it.
            let cross_account_known = (expected != "service").then_some(cross_account);
            prop_assert_eq!(access.by_key("cross_account").and_then(Value::as_bool), cross_account_known);
            if cross_account {
                let writes = outsider_writes(&policy, grant);
                prop_assert_eq!(access.by_key("write").and_then(Value::as_bool), Some(writes), "{:?}", grant);
            }
        }
    }
}
