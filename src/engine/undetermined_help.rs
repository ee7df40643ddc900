//! What decides a value that is not known: what its user can pass or capture, or how to write it so that it can be
//! known. It does not know rules, nor how values become unknown.

mod records;
mod templates;

use crate::model::Organisation;

/// How every advice about something undetermined begins.
const BEGINS: &str = "to decide: ";
/// Stands for options of the command line that say where a stack is deployed.
const PLACE: &str = "{place}";
/// Stands for what is used in place of the name of an IAM action.
const ACTIONS: &str = "{actions}";
/// Where no row fits: a reason of a kind that nobody has thought of, which a literal value answers all the same.
const OTHERWISE: &str = "nothing that can be passed shows it; write the value itself in place of what stands here, or check a snapshot of \
     what is deployed (`ecrlint snapshot`)";
/// Environments that are named.
const NAMED: usize = 3;
/// Places of a reason at which a pattern is tried.
const MOST_STARTS: usize = 16;
/// Words that a reason repeats from elsewhere, and an advice repeats from there, are cut at this many characters.
const LONGEST: usize = 120;

/// The IAM actions without which members of a snapshot's records are missing
/// (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html> and the
/// pages of the other services).
const MEMBERS: [(&str, &str); 17] = [
    ("repositories", "`ecr:DescribeRepositories`"),
    ("repository", "`ecr:DescribeRepositories`"),
    ("lifecyclePolicy", "`ecr:GetLifecyclePolicy`"),
    ("repositoryPolicy", "`ecr:GetRepositoryPolicy`"),
    (
        "scanning",
        "`ecr:BatchGetRepositoryScanningConfiguration` and `ecr:GetRegistryScanningConfiguration`",
    ),
    ("tags", "`ecr:ListTagsForResource`"),
    ("images", "`ecr:DescribeImages`"),
    ("policy", "`ecr:GetRegistryPolicy`"),
    ("replication", "`ecr:DescribeRegistry`"),
    (
        "creationTemplates",
        "`ecr:DescribeRepositoryCreationTemplates`",
    ),
    (
        "pullThroughCacheRules",
        "`ecr:DescribePullThroughCacheRules`",
    ),
    ("kmsKey", "`kms:DescribeKey`"),
    ("kmsKeyRotation", "`kms:GetKeyRotationStatus`"),
    ("kmsKeyPolicy", "`kms:GetKeyPolicy`"),
    (
        "parameters",
        "`ssm:DescribeParameters` and `ssm:GetParameters`",
    ),
    ("eventRules", "`events:ListRules`"),
    ("targets", "`events:ListTargetsByRule`"),
];

/// What decides something that is undetermined because of `reason`, in one line.
pub(super) fn advice(reason: &str, organisation: Option<&Organisation>) -> String {
    // The first that fits.
    let mut ways = templates::WAYS.iter().chain(records::WAYS);
    let found = ways.find_map(|(pattern, way)| Some((captures(pattern, reason)?, *way)));
    let (captures, way) = found.unwrap_or((Vec::new(), OTHERWISE));
    let mut text = way.replace(PLACE, &place(organisation));
    for (index, captured) in captures.iter().enumerate() {
        if index == 0 && text.contains(ACTIONS) {
            text = text.replace(ACTIONS, &actions(captured));
        }
        let short: String = captured.chars().take(LONGEST).collect();
        text = text.replace(&format!("{{{}}}", index + 1), &short);
    }
    as_advice(&text)
}

/// What decides what AWS did not answer, where `title` names the members of records that are missing, those of calls
/// that failed behind all that were refused.
pub(super) fn granting(title: &str) -> String {
    let refused = title.split("calls for").next().unwrap_or_default();
    let names = refused.split('`').skip(1).step_by(2);
    let actions: Vec<String> = names.map(actions).collect();
    if actions.is_empty() {
        return as_advice("capture again, when the service answers");
    }
    as_advice(&format!(
        "capture again, with {} granted; `ecrlint snapshot --print-iam-policy` prints all that a capture needs",
        actions.join(", ")
    ))
}

/// An advice in the words of `help`.
pub(super) fn as_advice(help: &str) -> String {
    format!("{BEGINS}{help}")
}

/// The options that say where a stack is deployed: an environment where some are configured.
fn place(organisation: Option<&Organisation>) -> String {
    let environments = organisation.map_or(&[][..], |one| &one.environments);
    let named = environments.iter().take(NAMED);
    let named: Vec<String> = named
        .map(|one| format!("`--environment {}`", one.name))
        .collect();
    let direct = "`--account ID --region REGION`";
    match named.as_slice() {
        [] => direct.to_owned(),
        named => format!("{} or {direct}", named.join(", ")),
    }
}

/// The actions that capture a member of a record.
fn actions(member: &str) -> String {
    let known = MEMBERS.iter().find(|(name, _)| *name == member);
    let known = known.map(|(_, actions)| (*actions).to_owned());
    known.unwrap_or_else(|| format!("what captures `{member}`"))
}

/// What stands for each `*` of a pattern that fits somewhere in `text`: words without a backtick, so that a name is
/// never more than one. The last one takes what is left.
fn captures<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let (first, pieces) = pattern.split_once('*').unwrap_or((pattern, ""));
    if first.len() == pattern.len() {
        return text.contains(pattern).then(Vec::new);
    }
    let mut starts = text.match_indices(first).take(MOST_STARTS);
    starts.find_map(|(at, _)| {
        let mut rest = &text[at + first.len()..];
        let mut captured = Vec::new();
        for piece in pieces.split('*') {
            let end = match piece {
                "" => rest.len(),
                piece => rest.find(piece)?,
            };
            let words = &rest[..end];
            if words.contains('`') {
                return None;
            }
            captured.push(words);
            rest = &rest[end + piece.len()..];
        }
        Some(captured)
    })
}

#[cfg(test)]
mod tests;
