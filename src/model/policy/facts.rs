//! Writes what is known of a policy into its document, for rules to ask.
//! It does not know how any of it was found.

use super::access;
use super::access_facts::{partition_name, write_access};
use super::actions::ActionSet;
use super::condition::{Condition, ConditionKey};
use super::disagreement::PartitionEvidence;
use super::either;
use super::element;
use super::evaluation::Policy;
use super::grammar::{self, GrammarProblem};
use super::meant;
use super::operator::{SetOperator, Test};
use super::principal::{self, Partition};
use super::size::PolicySize;
use super::statement::{self, ActionPattern, Effect, Statement};
use super::text::member;
use super::writer::FactWriter;
use super::{Guarded, Owner, PolicyFacts, Recipients, Shares};
use crate::model::members;
use crate::model::policy::keys;
use crate::model::{Data, Document, NodeId, Value};
use crate::source::Span;

pub(crate) fn describe(
    document: &mut Document,
    policy: NodeId,
    owner: &Owner<'_>,
    recipients: Recipients<'_>,
) -> (PolicyFacts, Shares) {
    let mut writer = FactWriter::new(document);
    let found = write(&mut writer, document.value(policy), owner, recipients);
    let added = writer.nodes.finish();
    document.absorb(added);
    found
}

fn write(
    writer: &mut FactWriter<'_>,
    policy: Value<'_>,
    owner: &Owner<'_>,
    recipients: Recipients<'_>,
) -> (PolicyFacts, Shares) {
    let (id, span) = (policy.id(), policy.span());
    if let Some(unknown) = policy.as_unknown() {
        let facts = PolicyFacts {
            document: id,
            statements: id,
            problems: id,
            access: id,
        };
        return (facts, Err(unknown.reason.clone()));
    }
    let size = PolicySize::of(policy, owner.guarded);
    let found = write_statements(writer, policy, size, owner, recipients);
    let problems = match owner.guarded {
        Guarded::Repository | Guarded::Gallery | Guarded::Registry => {
            grammar::check(policy, owner, size).found
        }
        Guarded::Key => Vec::new(),
    };
    let problems = writer.list(problems, span, |writer, (span, problem)| {
        write_problem(writer, &problem, span)
    });
    let is_accepted = matches!(policy.data(), Data::Object | Data::Absent);
    let facts = PolicyFacts {
        document: match is_accepted {
            true => id,
            false => writer.absent(span),
        },
        statements: found.statements,
        problems,
        access: found.access,
    };
    (facts, found.shares)
}

fn write_problem(writer: &mut FactWriter<'_>, problem: &GrammarProblem, span: Span) -> NodeId {
    match problem {
        GrammarProblem::Refused(problem) => {
            let members = problem.members();
            let members: Vec<_> = members
                .map(|(name, text)| (name, writer.nodes.string(text, span)))
                .collect();
            writer.nodes.object(&members, span)
        }
        GrammarProblem::Unproven(what) => {
            let reason = format!("AWS does not say whether ECR refuses {what}");
            writer.unknown(&reason, span)
        }
    }
}

/// What the statements of a policy come to.
struct StatementFacts {
    statements: NodeId,
    access: NodeId,
    shares: Shares,
}

/// Reads the statements of a policy, once for all that is asked of them.
fn write_statements(
    writer: &mut FactWriter<'_>,
    policy: Value<'_>,
    size: PolicySize,
    owner: &Owner<'_>,
    recipients: Recipients<'_>,
) -> StatementFacts {
    let span = policy.span();
    let unevaluated = size.unevaluated();
    let Some(list) = member(policy, keys::STATEMENT) else {
        let shares = match unevaluated {
            Some(reason) => Err(reason.to_owned()),
            None => Ok(Policy::new(&[], owner).shares(recipients)),
        };
        return StatementFacts {
            statements: writer.nodes.array(&[], span),
            access: writer.nodes.array(&[], span),
            shares,
        };
    };
    if let Some(unknown) = list.as_unknown() {
        return StatementFacts {
            statements: list.id(),
            access: list.id(),
            shares: Err(unknown.reason.clone()),
        };
    }
    let statements = statement::read_all(list, owner);
    let evaluated: &[Statement<'_>] = match unevaluated {
        Some(_) => &[],
        None => &statements,
    };
    let whole = Policy::new(evaluated, owner);
    let access = match unevaluated {
        Some(reason) => writer.unknown(reason, span),
        None => write_accesses(writer, &whole, list, span),
    };
    let statements = match owner.guarded {
        Guarded::Repository | Guarded::Gallery | Guarded::Registry => {
            let (evidence, closed) = (PartitionEvidence::of(&whole), whole.closed());
            writer.list(&statements, span, |writer, statement| {
                write_statement(writer, statement, &whole, &evidence, closed)
            })
        }
        // The document tells whom a key's policy lets in, not how.
        Guarded::Key => writer.absent(span),
    };
    StatementFacts {
        statements,
        access,
        shares: match unevaluated {
            Some(reason) => Err(reason.to_owned()),
            None => Ok(whole.shares(recipients)),
        },
    }
}

fn write_accesses<'d>(
    writer: &mut FactWriter<'_>,
    policy: &Policy<'_, 'd>,
    list: Value<'d>,
    span: Span,
) -> NodeId {
    let owner = policy.owner;
    let found = policy.access_where_written(list);
    let either = either::write(writer, &found, owner);
    let each = found.iter().map(Ok).chain(either.map(Err));
    writer.list(each, span, |writer, access| match access {
        Ok(access) => write_access(writer, access, owner),
        Err(either) => either,
    })
}

/// Adds a statement; of the policy as a whole it is known which partitions contradict each other, and which actions are
/// denied to everybody.
fn write_statement(
    writer: &mut FactWriter<'_>,
    statement: &Statement<'_>,
    policy: &Policy<'_, '_>,
    known: &PartitionEvidence,
    closed: ActionSet,
) -> NodeId {
    let value = statement.value;
    if value.as_unknown().is_some() {
        return value.id();
    }
    let span = value.span();
    let by_exception = member(value, keys::NOT_ACTION).map(|_| value);
    let patterns = writer.list(&statement.patterns, span, |writer, pattern| {
        write_pattern(writer, pattern, by_exception, policy.owner, closed)
    });
    let resource = member(value, keys::RESOURCE).or_else(|| member(value, keys::NOT_RESOURCE));
    let members = [
        (
            members::EFFECT.name(),
            writer.existing(member(value, keys::EFFECT), span),
        ),
        ("sid", writer.existing(member(value, keys::SID), span)),
        (members::ACTIONS.name(), patterns),
        ("principals", write_principals(writer, statement, known)),
        ("conditions", write_conditions(writer, statement, policy)),
        ("resource", write_resource(writer, value, resource)),
    ];
    writer.nodes.object(&members, span)
}

/// Adds `{value}`, so that an element is known to be there even when its value is not.
fn write_resource(
    writer: &mut FactWriter<'_>,
    statement: Value<'_>,
    resource: Option<Value<'_>>,
) -> NodeId {
    match resource {
        None => writer.absent(statement.span()),
        Some(value)
            if value
                .as_unknown()
                .is_some_and(|unknown| unknown.maybe_absent) =>
        {
            value.id()
        }
        Some(value) => {
            let span = value.span();
            // What is about every repository says nothing in the policy of one.
            let is_everything =
                value.as_str() == Some("*") && member(statement, keys::RESOURCE).is_some();
            let everything = is_everything.then_some("*");
            let members = [
                ("everything", writer.optional(everything, span)),
                ("value", value.id()),
                (
                    "not_resource",
                    element::write(writer, statement, keys::NOT_RESOURCE, span),
                ),
            ];
            writer.nodes.object(&members, span)
        }
    }
}

/// Adds a pattern of actions; `by_exception` is its statement, where that has `NotAction`.
fn write_pattern(
    writer: &mut FactWriter<'_>,
    pattern: &ActionPattern<'_>,
    by_exception: Option<Value<'_>>,
    owner: &Owner<'_>,
    closed: ActionSet,
) -> NodeId {
    let span = pattern.value.span();
    let effective = |set: ActionSet| set.effective(owner.guarded);
    let unknown = pattern.value.as_unknown();
    let certain = pattern.actions.certain;
    let writes = pattern
        .actions
        .any(|set| effective(set).without(closed).writes());
    let wildcard = match unknown {
        Some(unknown) if pattern.text.is_none() => writer.unknown(&unknown.reason, span),
        _ => writer.nodes.bool(pattern.wildcard, span),
    };
    let ineffective = match unknown {
        Some(unknown) => writer.unknown(&unknown.reason, span),
        None => {
            let own = certain.without_other_registry(owner.guarded);
            let is_ineffective = !own.is_empty() && effective(certain).is_empty();
            writer.nodes.bool(is_ineffective, span)
        }
    };
    let text = match pattern.text {
        Some(text) => writer.nodes.string(text, span),
        None => pattern.value.id(),
    };
    let members = [
        (members::PATTERN.name(), text),
        ("wildcard", wildcard),
        ("writes", writer.truth(&writes, span)),
        ("registry_level", ineffective),
        (
            "not_action",
            match by_exception {
                Some(statement) => element::write(writer, statement, keys::NOT_ACTION, span),
                None => writer.absent(span),
            },
        ),
    ];
    writer.nodes.object(&members, span)
}

fn write_principals(
    writer: &mut FactWriter<'_>,
    statement: &Statement<'_>,
    known: &PartitionEvidence,
) -> NodeId {
    let named = statement.principals.named();
    let write = |writer: &mut FactWriter<'_>, named: &principal::NamedPrincipal<'_>| {
        let span = named.value.span();
        let conflict = match &named.partition {
            Some(Partition::Named(one)) => known.conflict(one),
            Some(Partition::Own) | None => None,
        };
        let partition = partition_name(named.partition.as_ref());
        let members = [
            (members::PRINCIPAL.name(), named.value.id()),
            ("rest", writer.optional(meant::rest(named.value), span)),
            ("partition", writer.optional(partition, span)),
            (
                "partition_conflict",
                writer.optional(conflict.as_deref(), span),
            ),
        ];
        writer.nodes.object(&members, span)
    };
    writer.list(named, statement.value.span(), write)
}

fn write_conditions(
    writer: &mut FactWriter<'_>,
    statement: &Statement<'_>,
    policy: &Policy<'_, '_>,
) -> NodeId {
    let open = statement.effect == Effect::Allow
        && access::is_everyone(&statement.principals)
        && policy.admits_strangers(&statement.conditions).is_true();
    let write = |writer: &mut FactWriter<'_>, condition: &Condition<'_>| {
        let problem = if open {
            unsound(condition, policy)
        } else {
            None
        };
        let operator = meant::operator(condition);
        // Where an operator says too much, that is what is wrong.
        let span = match operator.is_some() && problem.is_some() {
            true => condition.place,
            false => condition.value.span(),
        };
        let members = [
            ("operator", writer.nodes.string(condition.operator, span)),
            ("key", writer.nodes.string(condition.name, span)),
            ("values", condition.value.id()),
            (
                "organisation",
                writer.optional(meant::organisation(condition), span),
            ),
            ("meant_operator", writer.optional(operator.as_deref(), span)),
            (
                members::PROBLEM.name(),
                writer.optional(problem.as_deref(), span),
            ),
        ];
        writer.nodes.object(&members, span)
    };
    writer.list(&statement.conditions, statement.value.span(), write)
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
