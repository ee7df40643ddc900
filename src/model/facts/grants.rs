//! What other accounts and principals may do with a repository by its own policy: whether they can pull from it and
//! push to it. It does not know what roles beside the repository may do.

use super::cause;
use super::identities::advice;
use crate::model::members;
use crate::model::policy::{
    self, Ask, Denial, GALLERY_PUSH, GALLERY_UPLOAD, Guarded, NO_PULL, PULL, PUSH, UPLOAD,
};
use crate::model::{Data, Document, Entity, MemberKey, NodeId, Unknown, Value};
use crate::source::Span;

/// What people call a repository: by its name as far as it is known, else by its logical id.
pub(super) fn called(name: Option<Value<'_>>, logical_id: Option<&str>) -> String {
    let unknown = name.and_then(Value::as_unknown);
    let shape = unknown.and_then(|unknown| unknown.shape.as_ref());
    let known = name.and_then(Value::as_str).map(str::to_owned);
    let known = known.or_else(|| shape.map(ToString::to_string));
    known.unwrap_or_else(|| logical_id.unwrap_or_default().to_owned())
}

/// Adds to what [`grants`] has found the name of the repository: the same policy may guard several.
pub(super) fn named_grants(document: &mut Document, repository: &Entity, grants: NodeId) -> NodeId {
    let value = document.value(grants);
    let span = value.span();
    let mut entries: Vec<_> = value.items().map(Value::id).collect();
    if entries.is_empty() {
        return grants;
    }
    let id = repository.subject.logical_id.as_deref();
    let from = format!("repository `{}`", called(repository.given_name(), id));
    let from = document.string(&from, span);
    for entry in &mut entries {
        let span = document.value(*entry).span();
        *entry = document.object_with(*entry, members::FROM.name(), from, span);
    }
    document.array(&entries, span)
}

/// Adds `{who, pull_missing, push_missing}` for each other account, or other principal, that the
/// repository's policy lets in: nothing but this policy can give it more.
///
/// `access` and `statements` are those that the policy was described by.
pub(super) fn grants(
    document: &mut Document,
    guarded: Guarded,
    access: NodeId,
    statements: NodeId,
) -> NodeId {
    let value = document.value(access);
    let span = value.span();
    if let Data::Unknown(unknown) = value.data() {
        let unknown = Unknown::because(unknown.reason.as_str());
        return document.unknown(unknown, span);
    }
    let mut groups: Vec<NamedGrant> = Vec::new();
    let mut taken_back = Vec::new();
    for entry in value.items() {
        let text = |key: MemberKey| entry.get(key).and_then(Value::as_str);
        let foreign = entry.get(members::CROSS_ACCOUNT);
        let Some(who) = text(members::ACCOUNT).or_else(|| text(members::PRINCIPAL)) else {
            continue;
        };
        // Somebody of the own account may be given the rest by policies of its own.
        let doubt = match foreign.map(Value::data) {
            Some(Data::Bool(true)) => None,
            Some(Data::Unknown(unknown)) => Some(&unknown.reason),
            _ => {
                taken_back.push((who, entry));
                continue;
            }
        };
        let index = groups.iter().position(|group| group.who == who);
        let index = index.unwrap_or_else(|| {
            groups.push(NamedGrant::new(who, entry));
            groups.len() - 1
        });
        groups[index].add(entry);
        if let Some(doubt) = doubt {
            groups[index].own.get_or_insert_with(|| doubt.clone());
        }
    }
    // How a grant is split into statements makes no difference: what a `Deny` takes back of one counts as it does beside
    // what is left of another.
    for (who, entry) in taken_back {
        if let Some(group) = groups.iter_mut().find(|group| group.who == who) {
            group.add(entry);
        }
    }
    let found: Vec<_> = groups
        .into_iter()
        .map(|group| group.write(document, &pushing(guarded), statements))
        .collect();
    document.array(&found, span)
}

/// The actions of a push.
struct PushActions {
    /// What only somebody needs who pushes.
    upload: &'static [&'static str],
    /// All that pushing needs.
    all: &'static [&'static str],
}

fn pushing(guarded: Guarded) -> PushActions {
    match guarded {
        Guarded::Gallery => PushActions {
            upload: &GALLERY_UPLOAD,
            all: &GALLERY_PUSH,
        },
        Guarded::Repository | Guarded::Registry | Guarded::Key => PushActions {
            upload: &UPLOAD,
            all: &PUSH,
        },
    }
}

/// Whether a pattern of actions is about an action.
fn covers(pattern: &str, action: &str) -> bool {
    policy::matches(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase())
}

/// What one account or principal is given.
struct NamedGrant {
    who: String,
    span: Span,
    /// What it may effectively do.
    actions: Vec<String>,
    /// What a `Deny` takes back of what is allowed.
    denied: Vec<String>,
    /// Why it may be given more.
    doubt: Option<String>,
    /// Why it may be of the repository's own account.
    own: Option<String>,
}

impl NamedGrant {
    fn new(who: &str, entry: Value<'_>) -> Self {
        Self {
            who: who.to_owned(),
            span: entry.span(),
            actions: Vec::new(),
            denied: Vec::new(),
            doubt: None,
            own: None,
        }
    }

    fn add(&mut self, entry: Value<'_>) {
        for (key, names) in [
            (members::ACTIONS, &mut self.actions),
            (members::DENIED, &mut self.denied),
        ] {
            for action in entry.get(key).into_iter().flat_map(Value::items) {
                match (action.as_unknown(), action.get(members::ACTION)) {
                    (Some(unknown), _) => self.doubt = Some(unknown.reason.clone()),
                    (None, Some(name)) => names.extend(name.as_str().map(str::to_owned)),
                    _ => {}
                }
            }
        }
    }

    /// What is missing of a set; `meant` is missing on purpose.
    fn missing(&self, document: &mut Document, ask: &Ask<'_>, meant: &[String]) -> NodeId {
        let has = |action: &&str| self.actions.iter().any(|known| known == action);
        if ask.excused.iter().any(has) {
            return document.absent(self.span);
        }
        let is_meant = |action: &&str| meant.iter().any(|known| known == action);
        let lacking: Vec<&str> = (ask.wanted.iter().copied())
            .filter(|one| !has(one) && !is_meant(one))
            .collect();
        let told = ask.telling.iter().any(has);
        let doubt = self.doubt.as_ref().or(self.own.as_ref().filter(|_| told));
        match doubt {
            _ if lacking.is_empty() => document.absent(self.span),
            Some(doubt) => {
                let unknown = Unknown::because(doubt.as_str()).maybe_absent();
                document.unknown(unknown, self.span)
            }
            None if told => document.string(&format!("`{}`", lacking.join("`, `")), self.span),
            None => document.absent(self.span),
        }
    }

    /// The only `Deny` that can take back some of what is missing, and what it takes.
    fn denial<'n>(&self, statements: Value<'_>, missing: &[&'n str]) -> Option<Denial<'n>> {
        let is_taken = |name: &&&str| self.denied.iter().any(|denied| denied == **name);
        let taken: Vec<_> = missing.iter().filter(is_taken).copied().collect();
        let may_take = |deny: &Value<'_>| {
            let mut patterns = deny
                .get(members::ACTIONS)
                .into_iter()
                .flat_map(Value::items);
            patterns.any(|one| {
                let pattern = one.get(members::PATTERN).and_then(Value::as_str);
                let mut taken = taken.iter();
                pattern.is_none_or(|it| it == "NotAction" || taken.any(|name| covers(it, name)))
            })
        };
        let denials = statements.items().filter(|statement| {
            statement.get(members::EFFECT).and_then(Value::as_str) != Some("Allow")
        });
        let mut denials = denials.filter(may_take);
        match (denials.next(), denials.next()) {
            (Some(only), None) if !taken.is_empty() => Some(Denial {
                place: only.span(),
                taken,
            }),
            _ => None,
        }
    }

    fn write(self, document: &mut Document, pushing: &PushActions, statements: NodeId) -> NodeId {
        let who = document.string(&self.who, self.span);
        let pull = Ask {
            telling: &PULL,
            wanted: &PULL,
            excused: &NO_PULL,
        };
        let push = Ask {
            telling: pushing.upload,
            wanted: pushing.all,
            excused: &[],
        };
        let pull = self.missing(document, &pull, &[]);
        // Who may write but not push an image is held back on purpose; half a pull serves nobody.
        let push = self.missing(document, &push, &self.denied);
        let lacking = |wanted: &[&'static str]| -> Vec<&'static str> {
            let has = |action: &&&str| self.actions.iter().any(|known| known == **action);
            wanted.iter().filter(|one| !has(one)).copied().collect()
        };
        let (no_pull, no_push) = (lacking(&PULL), lacking(pushing.all));
        let pulls = advice::list(document, &no_pull, self.span);
        let pushes = advice::list(document, &no_push, self.span);
        let mut members = vec![
            (members::WHO.name(), who),
            (members::PULL_MISSING.name(), pull),
            (members::PUSH_MISSING.name(), push),
            (members::PULL_ACTIONS.name(), pulls),
            (members::PUSH_ACTIONS.name(), pushes),
        ];
        // What is held back of a push is so on purpose.
        let is_about_pull = document.value(push).is_absent();
        let denial = self.denial(document.value(statements), &no_pull);
        if let Some(denial) = denial.filter(|_| is_about_pull) {
            members.push((
                members::CAUSE.name(),
                cause::denial(document, &denial, &no_pull),
            ));
        }
        document.object(&members, self.span)
    }
}
