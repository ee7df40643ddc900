//! Snapshots: what AWS answered about the repositories of live accounts.
//! It does not know where a file lies, nor how it was captured.

mod answer;
mod answers;
mod config_items;
pub mod gaps;
mod holdings;
pub mod images;
pub mod lines;
pub mod policy;
mod record;
mod registry;
mod repository;

use memchr::memmem;

use super::kind::InputKind;
use super::{Context, Loaded, Sniff};
use crate::source::{Kind, Node, Tree};

/// One JSON document with records, or with the answers of the AWS CLI.
pub(super) const ANSWERS: InputKind = InputKind {
    name: "snapshot",
    sniff: |bytes, _| sniff_answers(bytes),
    recognise: |root| is_records(root) || record::recognise(root) || answers::recognise(root),
    reads_doubles: false,
    is_live: true,
    load: |root, context, _, tree, loaded| load_answers(root, context, tree, loaded),
};

/// A snapshot file of AWS Config.
pub(super) const CONFIG: InputKind = InputKind {
    name: "snapshot of AWS Config",
    sniff: |bytes, _| sniff_config(bytes),
    recognise: config_items::recognise,
    reads_doubles: false,
    is_live: true,
    load: |root, _, _, tree, loaded| config_items::load(root, tree, loaded),
};

fn has(bytes: &[u8], literal: &str) -> bool {
    memmem::find(bytes, literal.as_bytes()).is_some()
}

/// The ARN or the name of each repository stands in whatever AWS answers.
fn sniff_answers(bytes: &[u8]) -> Sniff {
    if !is_json(bytes) {
        return sniff_yaml(bytes);
    }
    // All have a word that starts like this: most files are passed over in one search.
    let mut words = memmem::find_iter(bytes, "\"re").map(|at| &bytes[at + 3..]);
    if !words.any(|word| word.starts_with(b"pository") || word.starts_with(b"gistry\"")) {
        return Sniff::Foreign;
    }
    let names = ["\"repositoryArn\"", "\"repositoryName\""];
    let is_record = has(bytes, "\"repository\"") || has(bytes, "\"registry\"");
    let is_answer = has(bytes, "\"describe-repositories\"");
    let names_repository = names.iter().any(|name| has(bytes, name));
    let is_registry = has(bytes, "\"registry\"") && has(bytes, "\"scanType\"");
    candidate(names_repository && (is_record || is_answer) || is_registry)
}

/// The same of YAML, where keys need no quotes. Workflows and charts name repositories, too, which are none of ECR:
/// what is read has a word that only ECR has.
fn sniff_yaml(bytes: &[u8]) -> Sniff {
    let names_repository = has(bytes, "repositoryArn") || has(bytes, "repositoryName");
    let is_ecr = || {
        let words = [":repository/", "imageTagMutability", "registryId"];
        words.iter().any(|word| has(bytes, word))
    };
    let is_registry = || has(bytes, "scanType") && has(bytes, "registry");
    candidate(names_repository && is_ecr() || is_registry())
}

/// Whether a document starts as JSON does; the flow style of YAML does, too, and may have keys without quotes.
fn is_json(bytes: &[u8]) -> bool {
    let mut start = bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    start.next() == Some(&b'{') && start.next() == Some(&b'"')
}

fn candidate(is_one: bool) -> Sniff {
    match is_one {
        true => Sniff::Candidate,
        false => Sniff::Foreign,
    }
}

fn sniff_config(bytes: &[u8]) -> Sniff {
    let key = match is_json(bytes) {
        true => "\"configurationItems\"",
        false => "configurationItems",
    };
    match has(bytes, key) {
        true if has(bytes, "AWS::ECR::Repository") => Sniff::Candidate,
        true => Sniff::TemplateWithoutEcr,
        false => Sniff::Foreign,
    }
}

/// Whether the document has a list of records.
fn is_records(root: Node<'_>) -> bool {
    let records = root
        .get("repositories")
        .filter(|_| root.get("ecr").is_none());
    let mut records = records.into_iter().flat_map(Node::items);
    records.next().is_some_and(record::recognise)
}

fn load_answers(root: Node<'_>, _: &Context, tree: &mut Tree, loaded: &mut Loaded) {
    let mut strange = Vec::new();
    if record::recognise(root) {
        record::load(root, tree, &mut strange, loaded);
    } else if is_records(root) {
        let records = root.get("repositories").into_iter();
        for record in records.flat_map(Node::items) {
            record::load(record, tree, &mut strange, loaded);
        }
    } else if root.kind() == Kind::Object {
        answers::load(root, tree, loaded);
    }
}

#[cfg(test)]
mod tests;
