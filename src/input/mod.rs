//! Recognises inputs by their content and loads what they say about ECR.
//! It does not know rules, nor what makes a repository good.

pub mod acknowledged;
pub mod assembly;
mod cloudformation;
mod context;
mod inline;
mod kind;
mod loaded;
mod parse;
pub mod snapshot;
mod sniff;

pub use cloudformation::{Shelf, StackSession, StackTemplate, Stacks, Unread};
pub use context::{Assumed, Context, DeployTarget, Override, StackTag};
pub use inline::Inline;
pub use kind::{InputKind, Sniff};
pub use loaded::{Loaded, Note};
pub(crate) use parse::parse;
pub use sniff::{SniffedBytes, look};

use self::cloudformation::CrossStack;
use crate::source::{SourceId, Tree};

/// Every kind of input; the first that recognises a text loads it.
pub static KINDS: &[InputKind] = &[cloudformation::KIND, snapshot::CONFIG, snapshot::ANSWERS];

/// Whether inputs of the kind with this name describe live accounts.
#[must_use]
pub fn is_live(kind: &str) -> bool {
    KINDS.iter().any(|one| one.is_live && one.name == kind)
}

/// Memory that is used again for the next text. One for each thread is enough.
#[derive(Debug, Default)]
pub struct Scratch {
    tree: Tree,
    /// For texts inside of texts.
    embedded: Tree,
}

/// Reads `text` as JSON or YAML and loads what it says about ECR.
///
/// A text that cannot be read gives a problem; a text of no known kind gives no `kind`.
pub fn load(text: &str, source: SourceId, context: &Context, scratch: &mut Scratch) -> Loaded {
    read(text, source, context, None, scratch)
}

/// The same for one of the templates of `session`, with what the other ones say.
pub fn load_among(source: SourceId, session: &StackSession<'_>, scratch: &mut Scratch) -> Loaded {
    let Some((text, context)) = session.sheet(source) else {
        return Loaded::default();
    };
    read(text, source, &context, Some(session), scratch)
}

fn read(
    text: &str,
    source: SourceId,
    context: &Context,
    others: Option<&dyn CrossStack>,
    scratch: &mut Scratch,
) -> Loaded {
    let mut loaded = Loaded::default();
    if let Err(problem) = parse(text, source, context, &mut scratch.tree) {
        loaded.problems.push(problem);
        return loaded;
    }
    let Some(root) = scratch.tree.root(text) else {
        return loaded;
    };
    if let Some(kind) = KINDS.iter().find(|kind| (kind.recognise)(root)) {
        loaded.kind = Some(kind.name);
        if let Some(problem) = scratch.tree.double().filter(|_| !kind.reads_doubles) {
            loaded.problems.push(problem.clone());
            return loaded;
        }
        (kind.load)(root, context, others, &mut scratch.embedded, &mut loaded);
    }
    loaded
}

#[cfg(test)]
mod tests {
    use super::{Context, Loaded, Scratch, load};
    use crate::source::SourceId;

    const REPOSITORY: &str = r#"{"Resources": {"A": {"Type": "AWS::ECR::Repository"}}}"#;

    fn loaded(text: &str, context: &Context) -> Loaded {
        load(text, SourceId(0), context, &mut Scratch::default())
    }

    #[test]
    fn json_and_yaml_are_told_apart_by_content() {
        let json = Context::default();
        let yaml = Context {
            named_yaml: true,
            ..Context::default()
        };
        let block = "Resources:\n  A:\n    Type: AWS::ECR::Repository\n";
        let flow = "{Resources: {A: {Type: 'AWS::ECR::Repository'}}}";
        assert_eq!(loaded(REPOSITORY, &yaml).entities.len(), 1);
        assert_eq!(loaded(block, &json).entities.len(), 1);
        assert_eq!(loaded(flow, &yaml).entities.len(), 1);
        assert_eq!(loaded(flow, &json).problems.len(), 1);
    }

    #[test]
    fn what_is_no_input_has_no_kind() {
        for text in [
            "",
            "a: 1",
            "[]",
            "{}",
            r#"{"Resources": {"a": 1}}"#,
            "plain",
        ] {
            let loaded = loaded(text, &Context::default());
            assert_eq!(loaded.kind, None, "{text}");
            assert!(loaded.problems.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_text_that_cannot_be_read_is_a_mistake() {
        assert_eq!(loaded("{\"a\"", &Context::default()).problems.len(), 1);
        assert_eq!(loaded("a: [", &Context::default()).problems.len(), 1);
    }
}
