//! What the policy of a repository or key means, remembered for the next one that says the same.
//! It does not know repositories, nor how the meaning is found.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{grants, sharing};
use crate::model::document::{Answer, Memory, Question};
use crate::model::policy::{self, Guarded, Owner, PolicyFacts};
use crate::model::{Data, Document, NodeId, Organisation, Said};

/// A run, in which the organisation stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run(u64);

impl Run {
    /// Another run than all before.
    #[must_use]
    #[allow(
        clippy::new_without_default,
        reason = "two runs are never the same, so that there is no usual one"
    )]
    pub fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        Self(COUNT.fetch_add(1, Ordering::Relaxed))
    }
}

/// Nodes that say what a policy means.
pub(super) struct Meaning {
    pub(super) facts: PolicyFacts,
    /// `{missing, excess}` of the organisation's accounts.
    pub(super) sharing: NodeId,
    /// What others lack for a pull or push; absent for a key.
    pub(super) grants: NodeId,
}

thread_local! {
    /// Meanings that were found in one run.
    static KNOWN: RefCell<(Option<Run>, Memory)> = RefCell::default();
}

/// Adds what a policy means. Within a `run` it is found once for all policies that say the same.
pub(super) fn of(
    document: &mut Document,
    policy: NodeId,
    owner: &Owner<'_>,
    (organisation, run): (Option<&Organisation>, Option<Run>),
) -> Meaning {
    let work = |document: &mut Document, policy| find(document, policy, owner, organisation);
    if run.is_none() {
        return work(document, policy);
    }
    let value = document.value(policy);
    let question = Question::new(value, about(owner, policy::needs_name(value, owner)));
    let known = KNOWN.with_borrow_mut(|(last, memory)| {
        if *last != run {
            (*last, *memory) = (run, Memory::default());
        }
        memory.recall(&question, document)
    });
    let nodes = known.unwrap_or_else(|| {
        let answer = Answer::find(&question, document, |copy, policy| {
            work(copy, policy).nodes().to_vec()
        });
        let nodes = answer.write(&question, document);
        KNOWN.with_borrow_mut(|(_, memory)| memory.keep(&question, answer));
        nodes
    });
    Meaning::from(nodes)
}

fn find(
    document: &mut Document,
    policy: NodeId,
    owner: &Owner<'_>,
    organisation: Option<&Organisation>,
) -> Meaning {
    let facts = policy::describe(document, policy, owner);
    let sharing = sharing::describe(document, policy, owner, organisation);
    let grants = match owner.guarded {
        Guarded::Repository | Guarded::Registry => {
            grants::grants(document, facts.access, facts.statements)
        }
        Guarded::Key => document.absent(document.value(policy).span()),
    };
    Meaning {
        facts,
        sharing,
        grants,
    }
}

impl Meaning {
    fn nodes(&self) -> [NodeId; 6] {
        let facts = self.facts;
        [
            facts.document,
            facts.statements,
            facts.problems,
            facts.access,
            self.sharing,
            self.grants,
        ]
    }
}

impl From<Vec<NodeId>> for Meaning {
    fn from(nodes: Vec<NodeId>) -> Self {
        let [document, statements, problems, access, sharing, grants] =
            <[NodeId; 6]>::try_from(nodes).expect("a meaning has as many nodes as were kept");
        Self {
            facts: PolicyFacts {
                document,
                statements,
                problems,
                access,
            },
            sharing,
            grants,
        }
    }
}

/// What the meaning depends on besides the policy; the accounts are those of the organisation, which
/// is one in a run. The name only matters to policies that speak of resources.
fn about(owner: &Owner<'_>, needs_name: bool) -> Vec<u8> {
    let Owner {
        guarded,
        name,
        account,
        region,
        partition,
        whereabouts,
        above,
        organisation_accounts: _,
        trusted_accounts: _,
    } = owner;
    let mut about = Vec::with_capacity(512);
    about.push(match guarded {
        Guarded::Repository => 0,
        Guarded::Key => 1,
        Guarded::Registry => 2,
    });
    let name = name.filter(|_| needs_name).map(|name| match name.data() {
        Data::String(name) => name.to_owned(),
        Data::Unknown(unknown) => format!("{:?}", unknown.shape),
        _ => String::new(),
    });
    for text in [&name.as_deref(), account, region, partition] {
        let text = text.as_ref().map(|text| text.as_bytes());
        about.push(u8::from(text.is_some()));
        about.extend_from_slice(text.unwrap_or_default());
        // No text of an account, region or partition has it, nor has a name that ECR takes.
        about.push(0);
    }
    let mut said = Said::default();
    above.iter().for_each(|policy| said.add(Some(*policy)));
    about.extend_from_slice(said.bytes());
    if let Some(whereabouts) = whereabouts {
        about.extend(format!("{:?}", whereabouts.partitions).bytes());
        for landmark in &whereabouts.landmarks {
            about.extend(format!("{} {}\0", landmark.partition, landmark.what).bytes());
        }
    }
    about
}

#[cfg(test)]
mod tests {
    use super::{Run, of};
    use crate::model::policy::{Guarded, Owner};
    use crate::model::{Data, Document, NodeId, Unknown, Value};
    use crate::source::{SourceId, Span, Tree, json};

    const POLICY: &str = r#"{"Statement": [{"Effect": "Allow", "Action": ["ecr:Get*", "ecr:PutImage"],
        "Principal": {"AWS": ["222222222222", "*"]}, "Resource": "*",
        "Condition": {"StringLike": {"aws:PrincipalAccount": ["222222222222", "HOLE"]}}}]}"#;

    /// The policy in a document that holds something else, too; `HOLE` is unknown.
    fn document(before: &str) -> (Document, NodeId) {
        let text = format!("[{before}{POLICY}]");
        let mut tree = Tree::default();
        json::parse(&text, SourceId(3), &mut tree).unwrap();
        let mut read = Document::default();
        let root = read.import(tree.root(&text).unwrap());
        let policy = read.value(root).items().last().unwrap();
        let mut document = Document::default();
        document.string(before, Span::default());
        let policy = copy(&mut document, policy);
        (document, policy)
    }

    fn copy(document: &mut Document, value: Value<'_>) -> NodeId {
        let span = value.span();
        if value.as_str() == Some("HOLE") {
            return document.unknown(Unknown::because("nobody knows"), span);
        }
        let items: Vec<_> = value.items().map(|item| copy(document, item)).collect();
        let members: Vec<_> = value
            .members()
            .map(|(key, member)| (key, copy(document, member)))
            .collect();
        match value.data() {
            Data::Array => document.array(&items, span),
            Data::Object => document.object(&members, span),
            _ => document.copy(value),
        }
    }

    /// Everything that a value says, with its places.
    fn told(value: Value<'_>, out: &mut Vec<String>) {
        out.push(format!("{:?} {:?}", value.span(), value.data()));
        for item in value.items() {
            told(item, out);
        }
        for (key, member) in value.members() {
            out.push(key.to_owned());
            told(member, out);
        }
    }

    fn meaning(before: &str, owner: &Owner<'_>, run: Option<Run>) -> Vec<String> {
        let (mut document, policy) = document(before);
        let meaning = of(&mut document, policy, owner, (None, run));
        let mut out = Vec::new();
        for node in meaning.nodes() {
            told(document.value(node), &mut out);
        }
        out
    }

    #[test]
    fn what_is_remembered_is_what_would_be_found_anew() {
        let run = Some(Run::new());
        let owners = [Guarded::Repository, Guarded::Key, Guarded::Registry].map(|guarded| Owner {
            guarded,
            account: Some("111111111111"),
            ..Owner::default()
        });
        for before in ["", "1, ", r#""abc", {"a": []}, "#, "2, 3, "] {
            for owner in owners {
                let anew = meaning(before, &owner, None);
                assert!(anew.len() > 40);
                assert_eq!(meaning(before, &owner, run), anew, "after `{before}`");
            }
        }
    }

    #[test]
    fn another_owner_or_run_is_another_question() {
        let run = Some(Run::new());
        let here = |account| Owner {
            account: Some(account),
            ..Owner::default()
        };
        let own = meaning("", &here("222222222222"), run);
        let other = meaning("", &here("111111111111"), run);
        assert!(own != other, "whose repository it is makes a difference");
        assert_eq!(meaning("", &here("222222222222"), Some(Run::new())), own);
    }
}
