//! Patterns that no event fits, because they ask for what ECR and Inspector never send.
//! It does not know repositories.

use crate::model::{Data, Piece, Value};
use crate::source::{Span, nearest};

/// Kinds of events by their source. CloudTrail's come from every service.
const KINDS: [(&str, &[&str]); 2] = [
    (
        "aws.ecr",
        &[
            "ECR Image Action",
            "ECR Image Scan",
            "ECR Scan Resource Change",
            "ECR Pull Through Cache Action",
            "ECR Replication Action",
            "ECR Referrer Action",
            "ECR Artifact Action",
            "AWS API Call via CloudTrail",
            "AWS Service Event via CloudTrail",
        ],
    ),
    (
        "aws.inspector2",
        &[
            "Inspector2 Scan",
            "Inspector2 Finding",
            "Inspector2 Coverage",
            "AWS API Call via CloudTrail",
            "AWS Service Event via CloudTrail",
        ],
    ),
];

/// What keeps a pattern from matching, each at its place; or why that cannot be told.
pub(crate) fn problems(pattern: Value<'_>) -> (Vec<(Span, String)>, Option<String>) {
    let mut found = Vec::new();
    if let Some(unknown) = pattern.as_unknown() {
        return (found, Some(unknown.reason.clone()));
    }
    for (key, value) in pattern.members() {
        match value.data() {
            Data::Array if value.items().len() == 0 => {
                found.push((value.span(), format!("`{key}` is an empty list")));
            }
            Data::String(_) => {
                found.push((value.span(), format!("`{key}` is a text, expected a list")));
            }
            _ => {}
        }
    }
    if let Some((source, kinds)) = only_source(pattern) {
        for kind in texts(pattern.get("detail-type")) {
            let text = kind.as_str().unwrap_or_default();
            if kinds.contains(&text) {
                continue;
            }
            let hint = nearest(text, kinds.iter().copied());
            let hint = hint.map_or_else(String::new, |near| format!(", expected `{near}`"));
            let text = format!("`{source}` sends no events of type `{text}`{hint}");
            found.push((kind.span(), text));
        }
        repository_names(pattern, source, &mut found);
    }
    (found, None)
}

/// Basic scanning and everything else of ECR name repositories, Inspector gives their ARNs.
fn repository_names(pattern: Value<'_>, source: &str, found: &mut Vec<(Span, String)>) {
    let names = pattern
        .get("detail")
        .and_then(|detail| detail.get("repository-name"));
    for name in names.into_iter().flat_map(Value::items) {
        let is_arn = match name.data() {
            Data::String(text) => text.starts_with("arn:"),
            Data::Unknown(unknown) => match unknown.shape.as_ref().and_then(|s| s.0.first()) {
                Some(Piece::Text(start)) if start.starts_with("arn:") => true,
                _ if source == "aws.ecr" => false,
                // A name that is not known may be an ARN.
                _ => continue,
            },
            _ => continue,
        };
        let text = match (source, is_arn) {
            ("aws.ecr", true) => "`repository-name` is an ARN, expected the repository's name",
            ("aws.inspector2", false) => {
                "`repository-name` is a name, expected the repository's ARN"
            }
            _ => continue,
        };
        found.push((name.span(), text.to_owned()));
    }
}

/// The source, if the pattern asks for one of ours and no other.
fn only_source(pattern: Value<'_>) -> Option<(&'static str, &'static [&'static str])> {
    let mut sources = pattern.get("source")?.items();
    let (source, None) = (sources.next()?, sources.next()) else {
        return None;
    };
    let source = source.as_str()?;
    KINDS.into_iter().find(|(known, _)| *known == source)
}

/// The texts of a list.
fn texts<'v>(list: Option<Value<'v>>) -> impl Iterator<Item = Value<'v>> {
    let items = list.into_iter().flat_map(Value::items);
    items.filter(|item| item.as_str().is_some())
}
