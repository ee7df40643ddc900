//! What keeps ECR from accepting a document as a repository policy, each at the place in question.
//! It does not know what the policy allows.

mod principals;

use super::actions::{self, ActionSet};
use super::operator::{self, Operator};
use super::principal::KINDS;
use super::size::{MAXIMUM_LENGTH, PolicySize};
use super::text::{PolicyText, member, one_or_many};
use super::{Guarded, Owner, wildcard};
use crate::model::policy::keys;
use crate::model::{Data, MemberKey, Mistake, Value};
use crate::source::{Span, nearest};

const DOCUMENT_KEYS: [&str; 3] = [
    keys::VERSION.name(),
    keys::ID.name(),
    keys::STATEMENT.name(),
];
const STATEMENT_KEYS: [&str; 9] = [
    keys::SID.name(),
    keys::EFFECT.name(),
    keys::PRINCIPAL.name(),
    keys::NOT_PRINCIPAL.name(),
    keys::ACTION.name(),
    keys::NOT_ACTION.name(),
    keys::RESOURCE.name(),
    keys::NOT_RESOURCE.name(),
    keys::CONDITION.name(),
];
/// What a statement of a registry policy is about, for `Fn::Sub`.
const EVERY_REPOSITORY: &str =
    "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/*";

const VERSIONS: [&str; 2] = ["2012-10-17", "2008-10-17"];

/// Collects problems in the order of the policy.
#[derive(Debug, Default)]
pub(crate) struct GrammarProblems {
    pub(crate) found: Vec<(Span, GrammarProblem)>,
}

/// What is odd about a part of a policy.
#[derive(Debug)]
pub(crate) enum GrammarProblem {
    /// ECR refuses it.
    Refused(Mistake),
    /// Nobody has shown whether ECR refuses it; the text says what it is.
    Unproven(String),
}

/// Checks a whole policy document.
pub(super) fn check(policy: Value<'_>, owner: &Owner<'_>, size: PolicySize) -> GrammarProblems {
    let mut problems = GrammarProblems::default();
    let what = match owner.guarded {
        Guarded::Registry => "registry",
        Guarded::Repository | Guarded::Gallery | Guarded::Key => "repository",
    };
    match policy.data() {
        Data::Absent | Data::Unknown(_) => {}
        Data::String(_) => problems.add(policy, format!("the {what} policy is not JSON")),
        Data::Object => problems.document(policy, owner, size),
        _ => problems.add(policy, format!("the {what} policy is not a mapping")),
    }
    problems
}

impl GrammarProblems {
    fn add(&mut self, place: Value<'_>, problem: impl Into<Mistake>) {
        self.add_at(place.span(), problem);
    }

    fn add_at(&mut self, span: Span, problem: impl Into<Mistake>) {
        self.found
            .push((span, GrammarProblem::Refused(problem.into())));
    }

    /// Takes note of something of which no source says that ECR refuses it.
    fn doubt(&mut self, place: Value<'_>, what: impl Into<String>) {
        let problem = GrammarProblem::Unproven(what.into());
        self.found.push((place.span(), problem));
    }

    fn document(&mut self, policy: Value<'_>, owner: &Owner<'_>, size: PolicySize) {
        if let Some(length) = size.excess {
            self.add(
                policy,
                format!("the policy has {length} characters, ECR takes at most {MAXIMUM_LENGTH}"),
            );
        }
        self.keys(policy, &DOCUMENT_KEYS, "a policy");

        if let Some(version) = member(policy, keys::VERSION) {
            self.one_of(version, keys::VERSION, &VERSIONS);
        }
        let Some(statements) = member(policy, keys::STATEMENT) else {
            let expected = match owner.guarded {
                Guarded::Registry => {
                    ": a registry's is a list, each with `Effect`, `Principal`, `Action` and `Resource`"
                }
                Guarded::Repository | Guarded::Gallery | Guarded::Key => "",
            };
            return self.add(policy, format!("the policy has no `Statement`{expected}"));
        };
        match statements.data() {
            Data::Array if statements.items().len() == 0 => {
                self.doubt(statements, "an empty `Statement`");
            }
            Data::Array | Data::Object | Data::Unknown(_) => {
                for statement in one_or_many(statements) {
                    self.statement(statement, owner);
                }
            }
            _ => self.add(statements, "`Statement` is not a list of statements"),
        }
    }

    fn statement(&mut self, statement: Value<'_>, owner: &Owner<'_>) {
        match statement.data() {
            Data::Object => {}
            Data::Unknown(_) => return,
            _ => return self.add(statement, "a statement is not a mapping"),
        }
        self.keys(statement, &STATEMENT_KEYS, "a statement");
        if let Some(sid) = member(statement, keys::SID)
            && !matches!(
                sid.data(),
                Data::String(_) | Data::Number(_) | Data::Unknown(_)
            )
        {
            self.add(sid, "`Sid` is not a text");
        }
        match member(statement, keys::EFFECT) {
            Some(effect) => self.one_of(effect, keys::EFFECT, &["Allow", "Deny"]),
            None => self.add(statement, "the statement has no `Effect`"),
        }
        if let Some(value) = self.either(statement, keys::PRINCIPAL, keys::NOT_PRINCIPAL) {
            self.principals(value, owner);
        }
        if let Some(value) = self.either(statement, keys::ACTION, keys::NOT_ACTION) {
            self.actions(value, owner);
        }
        if owner.guarded == Guarded::Registry {
            self.either(statement, keys::RESOURCE, keys::NOT_RESOURCE);
        }
        if let Some(block) = member(statement, keys::CONDITION) {
            self.conditions(block, owner);
        }
    }

    fn keys(&mut self, value: Value<'_>, known: &[&str], what: &str) {
        for (key, at, member) in value.members_as_written() {
            if !member.is_absent() && !known.contains(&key) {
                let text = format!("`{key}` is not an element of {what}");
                self.add_at(
                    at,
                    match key {
                        "rules" | "scanType" => Mistake::new(
                            text + ", it belongs to `AWS::ECR::RegistryScanningConfiguration`",
                        ),
                        _ => no_key(text, key, known.iter().copied()),
                    },
                );
            }
        }
    }

    fn one_of(&mut self, value: Value<'_>, key: MemberKey, known: &[&str]) {
        let name = key.name();
        let is_right = value.as_unknown().is_some()
            || value.as_str().is_some_and(|text| known.contains(&text));
        if is_right {
            return;
        }
        let expected = format!("expected `{}` or `{}`", known[0], known[1]);
        match value.data() {
            Data::String(text) => {
                let meant = known.iter().find(|known| known.eq_ignore_ascii_case(text));
                // There is no reason to write an old version.
                let meant = meant.or(known.first().filter(|_| key == keys::VERSION));
                let mistake = Mistake::new(format!("`{name}` is `{text}`, {expected}"));
                self.add(value, mistake.instead(text, meant.copied()));
            }
            _ => self.add(value, format!("`{name}` is not a text, {expected}")),
        }
    }

    /// The one of two elements of which a statement has exactly one.
    fn either<'d>(
        &mut self,
        statement: Value<'d>,
        one: MemberKey,
        other: MemberKey,
    ) -> Option<Value<'d>> {
        let (name, other_name) = (one.name(), other.name());
        match (member(statement, one), member(statement, other)) {
            (Some(_), Some(second)) => {
                self.add(
                    second,
                    format!("the statement has both `{name}` and `{other_name}`"),
                );
                None
            }
            (None, None) => {
                let mut mistake = Mistake::new(format!("the statement has no `{name}`"));
                if one == keys::RESOURCE {
                    mistake = mistake.with("resource", EVERY_REPOSITORY);
                }
                self.add(statement, mistake);
                None
            }
            (value, None) | (None, value) => value,
        }
    }

    fn principals(&mut self, value: Value<'_>, owner: &Owner<'_>) {
        match value.data() {
            Data::Unknown(_) | Data::String("*") => {}
            Data::String(text) => self.add(
                value,
                format!(
                    "the principal is the text `{text}`, expected `*` or a mapping such as `AWS`"
                ),
            ),
            Data::Object => {
                for (kind, at, values) in value.members_as_written() {
                    self.principals_of_kind(kind, at, values, owner);
                }
            }
            _ => self.add(value, "the principal is neither `*` nor a mapping"),
        }
    }

    fn principals_of_kind(&mut self, kind: &str, at: Span, values: Value<'_>, owner: &Owner<'_>) {
        if !KINDS.contains(&kind) && !values.is_absent() {
            let text = format!("`{kind}` is not a kind of principal");
            self.add_at(at, no_key(text, kind, KINDS));
            return;
        }
        for value in one_or_many(values) {
            match PolicyText::read(value, owner) {
                PolicyText::Known(text) if kind == "AWS" => {
                    if let Some(problem) = principals::problem(&text) {
                        self.add(value, problem);
                    }
                }
                PolicyText::Own(words) if kind == "AWS" => {
                    if let Some(problem) = principals::symbols_problem(words.symbols()) {
                        self.add(value, problem);
                    }
                }
                // What fills a hole at the beginning may be anything.
                PolicyText::Partial { words, .. } if kind == "AWS" => {
                    if words.arn_fields().is_some_and(principals::is_told)
                        && let Some(problem) = principals::symbols_problem(words.symbols())
                    {
                        self.add(value, problem);
                    }
                }
                PolicyText::Other => self.add(value, "the principal is not a text"),
                _ => {}
            }
        }
    }

    fn actions(&mut self, value: Value<'_>, owner: &Owner<'_>) {
        if let Data::Array = value.data()
            && value.items().len() == 0
        {
            self.add(value, "the list of actions is empty");
        }
        for value in one_or_many(value) {
            match PolicyText::read(value, owner) {
                PolicyText::Known(text) => {
                    self.action(value, &text, owner.guarded);
                }
                PolicyText::Own(_) | PolicyText::Partial { .. } => {}
                PolicyText::Other => self.add(value, "the action is not a text"),
            }
        }
    }

    /// An action of another service, or one that ECR does not document, has no effect here. That ECR refuses it is
    /// not on record: a policy that AWS has published holds `sts:AssumeRole`.
    fn action(&mut self, value: Value<'_>, text: &str, guarded: Guarded) {
        let prefix = actions::prefix(guarded);
        let names = || actions::names(prefix);
        let is_own = || text.starts_with(prefix) && !ActionSet::matching(text).is_empty();
        if text == "*" || is_own() {
            return;
        }
        let Some((service, name)) = text.split_once(':') else {
            let problem =
                format!("the action `{text}` has no service in front, such as `{prefix}`");
            return self.add(value, problem);
        };
        if wildcard::is_pattern(service) {
            return;
        }
        if !service.eq_ignore_ascii_case(prefix.trim_end_matches(':')) {
            let hint = match names().find(|known| is_named(known, name)) {
                Some(known) => format!(" (of this one there is `{known}`)"),
                None => String::new(),
            };
            let what = format!("`{text}`, an action of another service{hint}");
            return self.doubt(value, what);
        }
        if !wildcard::is_pattern(name) && ActionSet::matching(text).is_empty() {
            let hint = meant(text, names());
            self.doubt(
                value,
                format!("`{text}`, which is not an action of ECR{hint}"),
            );
        }
    }

    fn conditions(&mut self, block: Value<'_>, owner: &Owner<'_>) {
        match block.data() {
            Data::Object => {}
            Data::Unknown(_) => return,
            _ => return self.add(block, "`Condition` is not a mapping"),
        }
        for (operator, at, keys) in block.members_as_written() {
            if keys.is_absent() {
                continue;
            }
            if Operator::parse(operator).is_none() {
                let text = format!("`{operator}` is not a condition operator");
                self.add_at(at, no_key(text, operator, operator::operators()));
            }
            match keys.data() {
                Data::Object => {}
                Data::Unknown(_) => continue,
                _ => {
                    self.add(keys, format!("what `{operator}` compares is not a mapping"));
                    continue;
                }
            }
            for (key, values) in keys.members() {
                for value in one_or_many(values) {
                    if matches!(value.data(), Data::Null | Data::Array | Data::Object) {
                        self.add(value, format!("a value of `{key}` is not a text"));
                    }
                    if let Some(what) = principals::strange_account(value, key, owner) {
                        self.doubt(value, what);
                    }
                }
            }
        }
    }
}

/// That a key is none of those that are known, with the one that was probably meant.
fn no_key<'k>(text: String, key: &str, known: impl IntoIterator<Item = &'k str>) -> Mistake {
    match nearest(key, known) {
        Some(near) => {
            let mistake = Mistake::new(format!("{text}, `{near}` comes nearest"));
            // A condition that counts makes a policy narrower.
            let narrower = Some(near).filter(|near| *near == "Condition");
            mistake.key(key, Some(near)).harmless(key, narrower)
        }
        None => Mistake::new(text),
    }
}

/// Ends a sentence with the name that was probably meant.
fn meant<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    nearest(word, known).map_or_else(String::new, |known| format!(", `{known}` comes nearest"))
}

/// Whether an action has this name behind its prefix.
fn is_named(action: &str, name: &str) -> bool {
    let known = action.split_once(':');
    known.is_some_and(|(_, known)| known.eq_ignore_ascii_case(name))
}
