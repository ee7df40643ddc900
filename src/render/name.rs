//! What a human calls the thing that a finding is about.
//! It does not know findings, nor how any format looks.

use crate::report::{Subject, SubjectKind};

/// What people call a kind of subject.
fn kind_word(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Principals => "identity",
        SubjectKind::EventRule => "event rule",
        SubjectKind::CreationTemplate => "creation template",
        kind => kind.as_str(),
    }
}

/// What a human calls a repository: the most precise name, then where it belongs. What is not a repository is
/// told from one by its kind.
pub(crate) fn name(subject: &Subject) -> Option<String> {
    called(subject, true)
}

/// The same without the path of the construct, for lists.
pub(crate) fn brief(subject: &Subject) -> Option<String> {
    called(subject, false)
}

/// What a heading calls it: the name that people have given it, before that of a tool.
pub(crate) fn heading(subject: &Subject) -> Option<String> {
    let path = subject.construct_path.as_deref();
    // What CDK calls the one resource of a construct says nothing.
    let path = path.map(|path| path.strip_suffix("/Resource").unwrap_or(path));
    let name = subject.name.as_deref();
    let own = name.or(path).or(subject.logical_id.as_deref());
    let own = own.or(subject.arn.as_deref());
    match (subject.kind, own) {
        (SubjectKind::Repository, own) => own.map(str::to_owned),
        (kind, Some(own)) => Some(format!("{} {own}", kind_word(kind))),
        (kind, None) => Some(kind_word(kind).to_owned()),
    }
}

fn called(subject: &Subject, has_path: bool) -> Option<String> {
    let names = (&subject.logical_id, &subject.arn, &subject.name);
    let own = match names {
        (Some(id), ..) => Some(id),
        (None, Some(arn), _) => Some(arn),
        (None, None, name) => name.as_ref().or(subject.construct_path.as_ref()),
    };
    let mut text = match (subject.kind, own) {
        (SubjectKind::Repository, own) => own?.clone(),
        (kind, Some(own)) => format!("{} {own}", kind_word(kind)),
        (kind, None) => kind_word(kind).to_owned(),
    };
    if let (None, Some(_)) = (&subject.logical_id, &subject.arn) {
        return Some(text);
    }
    if let Some(stack) = &subject.stack {
        text.push_str(" in stack ");
        text.push_str(stack);
    }
    if let Some(path) = &subject.construct_path
        && has_path
        && own != Some(path)
    {
        text.push_str(" (construct ");
        text.push_str(path);
        text.push(')');
    }
    let home = [subject.account.as_deref(), subject.region.as_deref()];
    let home: Vec<_> = home.into_iter().flatten().collect();
    if !home.is_empty() {
        text.push_str(", ");
        text.push_str(&home.join(" "));
    }
    Some(text)
}
