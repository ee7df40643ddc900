//! Writes what is known of a policy into its document, for rules to ask.
//! It does not know how any of it was found.

use super::access;
use super::access_facts::{access_draft, partition_draft};
use super::actions::ActionSet;
use super::condition::{Condition, ConditionKey};
use super::disagreement::PartitionEvidence;
use super::draft::{Draft, DraftWriter};
use super::either;
use super::element;
use super::evaluation::Policy;
use super::grammar::{self, GrammarProblem};
use super::meant;
use super::operator::{SetOperator, Test};
use super::principal::{self, Partition};
use super::statement::{self, ActionPattern, Effect, Statement};
use super::text::member;
use super::{Guarded, Owner, PolicyFacts, Recipients, Shares, size};
use crate::model::members;
use crate::model::policy::keys;
use crate::model::{Data, Document, NodeId, Value};

pub(crate) fn describe(
    document: &mut Document,
    policy: NodeId,
    owner: &Owner<'_>,
    recipients: Recipients<'_>,
) -> (PolicyFacts, Shares) {
    let value = document.value(policy);
    let span = value.span();
    if let Some(unknown) = value.as_unknown() {
        let facts = PolicyFacts {
            document: policy,
            statements: policy,
            problems: policy,
            access: policy,
        };
        return (facts, Err(unknown.reason.clone()));
    }
    let problems = match owner.guarded {
        Guarded::Repository | Guarded::Gallery | Guarded::Registry => {
            grammar::check(value, owner).found
        }
        Guarded::Key => Vec::new(),
    };
    let problems = problems
        .into_iter()
        .map(|(span, problem)| {
            let draft = match problem {
                GrammarProblem::Refused(problem) => {
                    let text = |(name, text): (_, &str)| (name, Draft::Text(text.to_owned()));
                    Draft::Mapping(problem.members().map(text).collect())
                }
                GrammarProblem::Unproven(what) => {
                    Draft::Unknown(format!("AWS does not say whether ECR refuses {what}"))
                }
            };
            (draft, span)
        })
        .collect();
    let StatementFacts {
        statements,
        access,
        shares,
    } = statement_facts(value, owner, recipients);
    let accepted = matches!(value.data(), Data::Object | Data::Absent);
    let document_node = match accepted {
        true => policy,
        false => document.absent(span),
    };
    let mut writer = DraftWriter::new(document);
    let facts = PolicyFacts {
        document: document_node,
        statements: writer.write(statements, span),
        problems: writer.write(Draft::List(problems), span),
        access: writer.write(access, span),
    };
    (facts, shares)
}

/// What the statements of a policy come to.
struct StatementFacts {
    statements: Draft,
    access: Draft,
    shares: Shares,
}

/// Reads the statements of a policy, once for all that is asked of them.
fn statement_facts(
    policy: Value<'_>,
    owner: &Owner<'_>,
    recipients: Recipients<'_>,
) -> StatementFacts {
    let Some(list) = member(policy, keys::STATEMENT) else {
        let shares = match size::unevaluated(policy, owner) {
            Some(reason) => Err(reason.to_owned()),
            None => Ok(Policy::new(&[], owner).shares(recipients)),
        };
        return StatementFacts {
            statements: Draft::List(Vec::new()),
            access: Draft::List(Vec::new()),
            shares,
        };
    };
    if let Some(unknown) = list.as_unknown() {
        return StatementFacts {
            statements: Draft::Existing(list.id()),
            access: Draft::Existing(list.id()),
            shares: Err(unknown.reason.clone()),
        };
    }
    let statements = statement::read_all(list, owner);
    let unevaluated = size::unevaluated(policy, owner);
    let evaluated: &[Statement<'_>] = match unevaluated {
        Some(_) => &[],
        None => &statements,
    };
    let whole = Policy::new(evaluated, owner);
    let access = if let Some(reason) = unevaluated {
        Draft::Unknown(reason.to_owned())
    } else {
        let found = whole.access_where_written(list);
        let each = found.iter();
        let each = each.map(|access| (access_draft(access, owner), access.place.span()));
        Draft::List(each.chain(either::draft(&found, owner)).collect())
    };
    let known = (PartitionEvidence::of(&whole), whole.closed());
    let drafts = statements.iter().map(|statement| {
        let draft = statement_draft(statement, &whole, &known);
        (draft, statement.value.span())
    });
    let statements = drafts.collect();
    StatementFacts {
        statements: Draft::List(statements),
        access,
        shares: match unevaluated {
            Some(reason) => Err(reason.to_owned()),
            None => Ok(whole.shares(recipients)),
        },
    }
}

/// A statement; of the policy as a whole it is known which partitions contradict each other, and which actions are
/// denied to everybody.
fn statement_draft(
    statement: &Statement<'_>,
    policy: &Policy<'_, '_>,
    (known, closed): &(PartitionEvidence, ActionSet),
) -> Draft {
    let value = statement.value;
    if value.as_unknown().is_some() {
        return Draft::Existing(value.id());
    }
    let patterns = statement.patterns.iter().map(|pattern| {
        let draft = pattern_draft(pattern, statement.value, policy.owner, *closed);
        (draft, pattern.value.span())
    });
    let resource = member(value, keys::RESOURCE).or_else(|| member(value, keys::NOT_RESOURCE));
    Draft::Mapping(vec![
        (members::EFFECT.name(), member(value, keys::EFFECT).into()),
        ("sid", member(value, keys::SID).into()),
        (members::ACTIONS.name(), Draft::List(patterns.collect())),
        ("principals", principals_draft(statement, known)),
        ("conditions", conditions_draft(statement, policy)),
        ("resource", resource_draft(value, resource)),
    ])
}

/// `{value}`, so that an element is known to be there even when its value is not.
fn resource_draft(statement: Value<'_>, resource: Option<Value<'_>>) -> Draft {
    match resource {
        None => Draft::Absent,
        Some(value)
            if value
                .as_unknown()
                .is_some_and(|unknown| unknown.maybe_absent) =>
        {
            Draft::Existing(value.id())
        }
        Some(value) => {
            // What is about every repository says nothing in the policy of one.
            let is_everything =
                value.as_str() == Some("*") && member(statement, keys::RESOURCE).is_some();
            let everything = is_everything.then(|| Draft::Text("*".to_owned()));
            let members = vec![
                ("everything", everything.unwrap_or(Draft::Absent)),
                ("value", Draft::Existing(value.id())),
                (
                    "not_resource",
                    element::draft(statement, keys::NOT_RESOURCE),
                ),
            ];
            Draft::At(value.span(), Box::new(Draft::Mapping(members)))
        }
    }
}

fn pattern_draft(
    pattern: &ActionPattern<'_>,
    statement: Value<'_>,
    owner: &Owner<'_>,
    closed: ActionSet,
) -> Draft {
    let effective = |set: ActionSet| set.effective(owner.guarded);
    let unknown = pattern.value.as_unknown();
    let wildcard = match unknown {
        Some(unknown) if pattern.text.is_none() => Draft::Unknown(unknown.reason.clone()),
        _ => Draft::Bool(pattern.wildcard),
    };
    let ineffective = match unknown {
        Some(unknown) => Draft::Unknown(unknown.reason.clone()),
        None => Draft::Bool(
            !pattern
                .actions
                .certain
                .without_other_registry(owner.guarded)
                .is_empty()
                && effective(pattern.actions.certain).is_empty(),
        ),
    };
    let text = match pattern.text {
        Some(text) => Draft::Text(text.to_owned()),
        None => Draft::Existing(pattern.value.id()),
    };
    Draft::Mapping(vec![
        (members::PATTERN.name(), text),
        ("wildcard", wildcard),
        (
            "writes",
            pattern
                .actions
                .any(|set| effective(set).without(closed).writes())
                .into(),
        ),
        ("registry_level", ineffective),
        ("not_action", element::draft(statement, keys::NOT_ACTION)),
    ])
}

fn principals_draft(statement: &Statement<'_>, known: &PartitionEvidence) -> Draft {
    let named = statement.principals.named();
    let draft = |named: &principal::NamedPrincipal<'_>| {
        let conflict = match &named.partition {
            Some(Partition::Named(one)) => known.conflict(one),
            Some(Partition::Own) | None => None,
        };
        Draft::Mapping(vec![
            (members::PRINCIPAL.name(), Draft::Existing(named.value.id())),
            ("rest", meant::rest(named.value)),
            ("partition", partition_draft(named.partition.as_ref())),
            (
                "partition_conflict",
                conflict.map_or(Draft::Absent, Draft::Text),
            ),
        ])
    };
    Draft::List(
        named
            .iter()
            .map(|named| (draft(named), named.value.span()))
            .collect(),
    )
}

fn conditions_draft(statement: &Statement<'_>, policy: &Policy<'_, '_>) -> Draft {
    let open = statement.effect == Effect::Allow
        && access::is_everyone(&statement.principals)
        && policy.admits_strangers(&statement.conditions).is_true();
    let draft = |condition: &Condition<'_>| {
        let problem = if open {
            unsound(condition, policy)
        } else {
            None
        };
        Draft::Mapping(vec![
            ("operator", Draft::Text(condition.operator.to_owned())),
            ("key", Draft::Text(condition.name.to_owned())),
            ("values", Draft::Existing(condition.value.id())),
            ("organisation", meant::organisation(condition)),
            ("meant_operator", meant::operator(condition)),
            (
                members::PROBLEM.name(),
                problem.map_or(Draft::Absent, Draft::Text),
            ),
        ])
    };
    // Where an operator says too much, that is what is wrong.
    let place = |condition: &Condition<'_>| match meant::operator(condition) {
        Draft::Text(_) if open && unsound(condition, policy).is_some() => condition.place,
        _ => condition.value.span(),
    };
    Draft::List(
        statement
            .conditions
            .iter()
            .map(|condition| (draft(condition), place(condition)))
            .collect(),
    )
}

/// Why a condition about an organisation lets in callers from outside it.
fn unsound(condition: &Condition<'_>, policy: &Policy<'_, '_>) -> Option<String> {
    let operator = condition.test?;
    if !condition.key.is_about_organisation()
        || !policy
            .admits_strangers(std::slice::from_ref(condition))
            .is_true()
    {
        return None;
    }
    let (name, written) = (condition.name, condition.operator);
    Some(match condition.key {
        ConditionKey::OwnAccount | ConditionKey::OwnOrganisation => {
            format!("`{name}` says whose the repository is, not who calls")
        }
        _ if operator.set == SetOperator::All => {
            format!("`{written}` also holds for callers without `{name}`")
        }
        _ if operator.if_exists => {
            format!("`{written}` also holds for callers without `{name}`")
        }
        _ if operator.negated => {
            format!("`{written}` lets in everyone whose `{name}` is another")
        }
        _ if operator.test == Test::Null => {
            format!("`Null` asks whether `{name}` is there, not what it is")
        }
        _ => format!("`{name}` is compared with a pattern that every organisation fits"),
    })
}
