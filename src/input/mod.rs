//! Recognises inputs by their content and loads what they say about ECR.
//! It does not know rules, nor what makes a repository good.

pub mod acknowledged;
pub mod assembly;
mod cloudformation;
mod inline;
pub mod snapshot;
mod sniff;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use cloudformation::{Session, Sheet, Shelf, Stacks, Unread};
pub use inline::Inline;
pub use sniff::{Look, Sniff, look};

use self::cloudformation::{CrossStack, Named};
use self::snapshot::gaps::Gaps;
use crate::model::{Entity, Partitions, Regions, RegistryScanning};
use crate::source::{self, Node, Problem, SourceId, Span, Tree};

/// A kind of input: one line in [`KINDS`].
pub struct InputKind {
    /// Name for humans.
    pub name: &'static str,
    /// What a look at the bytes, without reading them as JSON or YAML, says about them.
    sniff: fn(&[u8], &Named) -> Sniff,
    /// Whether the whole text, once read, is of this kind.
    recognise: fn(Node<'_>) -> bool,
    /// Whether its loader knows what to make of keys that stand twice in one mapping.
    reads_doubles: bool,
    /// Takes what the input says.
    load: for<'t> fn(Node<'t>, &Context, Option<&'t dyn CrossStack>, &mut Tree, &mut Loaded),
}

/// Every kind of input; the first that recognises a text loads it.
pub static KINDS: &[InputKind] = &[cloudformation::KIND, snapshot::CONFIG, snapshot::ANSWERS];

/// Whether inputs of the kind with this name describe live accounts.
#[must_use]
pub fn is_live(kind: &str) -> bool {
    [&snapshot::CONFIG, &snapshot::ANSWERS]
        .iter()
        .any(|one| one.name == kind)
}

/// What is known about an input from outside of its text.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Name of the stack.
    pub stack: Option<String>,
    /// Where the stack is deployed.
    pub environment: Target,
    /// Where stacks are deployed whose own environment is not known.
    pub fallback: Target,
    /// Tags that CloudFormation puts on every resource of the stack.
    pub stack_tags: Vec<StackTag>,
    /// Values of the template's parameters, by name.
    pub parameters: Arc<BTreeMap<String, Override>>,
    /// Whether the file is named like YAML.
    pub named_yaml: bool,
    /// The template of the outermost stack that this one is nested in, where it is.
    pub family: Option<SourceId>,
    /// What conditions say about the place of the stack.
    pub assumed: Assumed,
}

/// What is taken for granted about the place of a stack, besides its account and region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assumed {
    /// Its partition.
    pub partition: Option<String>,
    /// What the names of its hosts end in.
    pub url_suffix: Option<String>,
    /// The partitions that are left.
    pub partitions: Partitions,
    /// The regions that are left.
    pub regions: Regions,
}

/// An account and a region, as far as known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Account id of twelve digits.
    pub account: Option<String>,
    /// Region, such as `eu-west-1`.
    pub region: Option<String>,
}

/// A tag of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackTag {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
    /// Where the tag is declared.
    pub span: Span,
}

/// A parameter value that overrides the template's default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The value; lists are separated by commas.
    pub value: String,
    /// Where it is given; `None` on the command line.
    pub span: Option<Span>,
}

impl Context {
    /// The account of the stack.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        let own = self.environment.account.as_deref();
        own.or(self.fallback.account.as_deref())
    }

    /// The region of the stack.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        let own = self.environment.region.as_deref();
        own.or(self.fallback.region.as_deref())
    }
}

/// Memory that is used again for the next text. One for each thread is enough.
#[derive(Debug, Default)]
pub struct Scratch {
    tree: Tree,
    /// For texts inside of texts.
    embedded: Tree,
}

/// What one input says.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Name of the kind of input; `None` when no kind recognises the text.
    pub kind: Option<&'static str>,
    /// Repositories in the order of the text.
    pub repositories: Vec<Entity>,
    /// Registry scanning configurations in the order of the text.
    pub registries: Vec<RegistryScanning>,
    /// Mistakes because of which something could not be loaded.
    pub problems: Vec<Problem>,
    /// What else there is to say.
    pub notes: Vec<Note>,
    /// Names of the parameters that the input has, when values were given for any.
    pub parameters: Vec<String>,
    /// What somebody decided to ignore, beside what it is about.
    pub inline: Inline,
    /// Whether a value of another stack was wanted, and not looked for.
    pub seeks: bool,
    /// Whether it may have SSM parameters of repositories that other texts have.
    pub publishes: bool,
    /// Whether it may run images of repositories that other texts have.
    pub runs: bool,
    /// What of a snapshot is not there.
    pub gaps: Gaps,
    /// A policy about ECR that is attached to principals which the text does not have.
    pub attaches: Option<String>,
}

/// A remark about an input that was loaded all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Something at `span` may hold repositories that cannot be seen.
    Undetermined {
        /// The place.
        span: Span,
        /// Completes "undetermined, because …".
        reason: String,
    },
    /// Which repositories there are in something that was read all the same, nobody can tell; the title says why.
    Unknown(Problem),
    /// What AWS did not answer about repositories that are known.
    Refused(Problem),
    /// A mistake that hides no repository, such as a property that does not exist.
    Mistake(Problem),
}

/// Reads `text` as JSON or YAML and loads what it says about ECR.
///
/// A text that cannot be read gives a problem; a text of no known kind gives no `kind`.
pub fn load(text: &str, source: SourceId, context: &Context, scratch: &mut Scratch) -> Loaded {
    read(text, (source, context), None, scratch)
}

/// The same for one of the templates of `session`, with what the other ones say.
pub fn load_among(source: SourceId, session: &Session<'_>, scratch: &mut Scratch) -> Loaded {
    let Some((text, context)) = session.sheet(source) else {
        return Loaded::default();
    };
    read(text, (source, &context), Some(session), scratch)
}

fn read(
    text: &str,
    (source, context): (SourceId, &Context),
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

/// Parses as JSON what starts like a JSON object or list, anything else as YAML.
///
/// YAML's flow style starts like JSON, too: a file that is named like YAML gets a second chance, and
/// then the mistake is YAML's.
pub(crate) fn parse(
    text: &str,
    source: SourceId,
    context: &Context,
    tree: &mut Tree,
) -> Result<(), Problem> {
    let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if !start.starts_with(['{', '[']) {
        return source::yaml::parse_with_doubles(text, source, tree);
    }
    match source::json::parse_with_doubles(text, source, tree) {
        Err(_) if context.named_yaml => source::yaml::parse_with_doubles(text, source, tree),
        outcome => outcome,
    }
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
        assert_eq!(loaded(REPOSITORY, &yaml).repositories.len(), 1);
        assert_eq!(loaded(block, &json).repositories.len(), 1);
        assert_eq!(loaded(flow, &yaml).repositories.len(), 1);
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
