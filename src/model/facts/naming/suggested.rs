//! A name in place of one that will not do.
//! It does not know why the name will not do.

use super::grammar::fault;
use super::standard::{Start, is_given};
use crate::model::facts::Scope;
use crate::model::facts::leaf;
use crate::model::members;
use crate::model::{Data, Document, Entity, NodeId, Of, Organisation, Piece, Repository, Value};
use crate::source::Span;

/// Adds a name that ECR and the standard take; absent where the name is one, and only this repository has it.
pub(in crate::model::facts) fn suggested(
    document: &mut Document,
    repository: Of<'_, Repository>,
    scope: &Scope<'_>,
) -> NodeId {
    let name = repository.document.value(repository.own.settings.name);
    leaf::optional(
        document,
        suggestion(repository, scope).as_deref(),
        name.span(),
    )
}

/// Adds what to do about a name of which a part is filled in; absent where all of it is written, or it need not change.
pub(in crate::model::facts) fn advice(
    document: &mut Document,
    repository: Of<'_, Repository>,
    scope: &Scope<'_>,
) -> NodeId {
    let name = repository.document.value(repository.own.settings.name);
    let suggestion = || suggestion(repository, scope);
    let suggestion = name.is_computed().then(suggestion).flatten();
    let words = suggestion.map(|suggestion| {
        format!(
            "a part of the name is filled in: keep that, and change what is written, so that each stack has a name of \
             its own, such as `{suggestion}`"
        )
    });
    leaf::optional(document, words.as_deref(), name.span())
}

/// A name in place of one that will not do; `None` where it will.
fn suggestion(repository: Of<'_, Repository>, scope: &Scope<'_>) -> Option<String> {
    let value = repository.document.value(repository.own.settings.name);
    if let Some((name, _)) = meant(scope) {
        return Some(name);
    }
    let start = scope.organisation.and_then(Start::of);
    let is_right = |name: &str| {
        let conforms = scope
            .organisation
            .zip(start)
            .is_none_or(|(organisation, start)| is_given(name, organisation, start).is_true());
        conforms && fault(name, repository.kind()).is_none()
    };
    let has_duplicate = !scope.same_name.is_empty();
    if leaf::text(value)
        .known()
        .is_some_and(|name| is_right(name) && !has_duplicate)
    {
        return None;
    }
    let id = repository.subject.logical_id.as_deref();
    let own = words(id.unwrap_or("repository"), true);
    let written: String = match value.data() {
        Data::String(name) => words(name, false),
        Data::Unknown(unknown) => {
            let shape = unknown.shape.iter().flat_map(|shape| &shape.0);
            let texts = shape.map(|piece| match piece {
                Piece::Text(text) => text,
                Piece::Hole(..) => "-",
            });
            words(&texts.collect::<String>(), false)
        }
        _ => String::new(),
    };
    let base = match (written.is_empty(), has_duplicate) {
        (true, _) => own,
        (false, true) => format!("{written}-{own}"),
        (false, false) => written,
    };
    let name = match start {
        Some(start) => start.begin(&base),
        None => base,
    };
    is_right(&name).then_some(name)
}

/// Whether a name that is known certainly misses the organisation's standard.
#[must_use]
pub fn misses_standard(entity: &Entity, organisation: &Organisation) -> bool {
    let name = entity.given_name().and_then(Value::as_str);
    let start = Start::of(organisation);
    let judged = name.zip(start);
    judged.is_some_and(|(name, start)| is_given(name, organisation, start).is_false())
}

/// The name that a declaration wants for which a repository of another name is taken, and why it is taken for it.
fn meant<'s>(scope: &Scope<'s>) -> Option<(String, &'s str)> {
    let (because, declared) = (scope.taken?, scope.declared?);
    let name = scope.organisation?.repository_name(&declared.base.value)?;
    Some((name, because))
}

/// Adds the declaration for which a repository of another name is taken, at its place: `{name, because}`.
pub(in crate::model::facts) fn taken(
    document: &mut Document,
    scope: &Scope<'_>,
    span: Span,
) -> NodeId {
    let place = scope.declared.map_or(span, |declared| declared.base.span);
    let Some((name, because)) = meant(scope) else {
        return document.absent(span);
    };
    let name = document.string(&name, place);
    let because = document.string(because, place);
    document.object(&[("name", name), (members::BECAUSE.name(), because)], place)
}

/// Adds the base name by which the repository can be declared: what the standard leaves of its name.
pub(in crate::model::facts) fn base(
    document: &mut Document,
    repository: Of<'_, Repository>,
    scope: &Scope<'_>,
) -> NodeId {
    let name = repository.document.value(repository.own.settings.name);
    let start = scope.organisation.and_then(Start::of);
    let base = name.as_str().zip(start);
    let base = base.and_then(|(name, start)| start.strip(name));
    leaf::optional(document, base.filter(|base| !base.is_empty()), name.span())
}

/// A logical id for the repository of a name.
pub(in crate::model::facts) fn logical_id(name: &str) -> Option<String> {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let mut id = String::new();
    for word in words {
        let mut letters = word.chars();
        id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        id.extend(letters);
    }
    id.starts_with(|first: char| first.is_ascii_alphabetic())
        .then_some(id)
}

impl Start<'_> {
    /// The name of the organisation with the base name that is left of a name.
    fn begin(self, name: &str) -> String {
        let parts = [Some(self.prefix), self.app].into_iter().flatten();
        let start: Vec<_> = parts.map(|part| words(part, false)).collect();
        let mut base = name;
        for part in &start {
            base = base
                .strip_prefix(part.as_str())
                .and_then(|rest| rest.strip_prefix(['-', '/', '_', '.']))
                .unwrap_or(base);
        }
        format!("{}-{}", start.join("-"), base.replace('/', "-"))
    }
}

/// A text as the words of a name: `TeamApi` is `team-api` where capitals begin words.
fn words(text: &str, capitals: bool) -> String {
    let mut name = String::new();
    let mut before = '-';
    for letter in text.chars() {
        let begins = capitals && letter.is_ascii_uppercase() && before.is_ascii_lowercase();
        let next = match letter {
            letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
            '/' | '.' | '_' => letter,
            _ => '-',
        };
        let is_separator = |letter: char| "-/._".contains(letter);
        if begins {
            name.push('-');
        }
        match (name.chars().next_back(), is_separator(next)) {
            // A slash is the stronger separator.
            (Some(last), true) if is_separator(last) => {
                if next == '/' {
                    name.pop();
                    name.push('/');
                }
            }
            (None, true) => {}
            _ => name.push(next),
        }
        before = letter;
    }
    name.trim_end_matches(['-', '/', '.', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_what_ecr_takes_of_a_text() {
        for (text, name) in [
            ("Team/App", "team/app"),
            ("team-app-", "team-app"),
            ("-a//b-/c", "a/b/c"),
            ("my name", "my-name"),
            ("__x..y", "x.y"),
            ("", ""),
        ] {
            assert_eq!(words(text, false), name, "{text}");
        }
        assert_eq!(words("TeamApiRepo", true), "team-api-repo");
        assert_eq!(words("ECRRepo", true), "ecrrepo");
    }
}
