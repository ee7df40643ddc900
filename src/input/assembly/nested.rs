//! Which nested stack went to which template, in assemblies whose metadata do not say.
//! It does not know what the stacks are for.

use crate::source::{self, Node, SourceId, Tree};

/// Nested stacks of one host that are followed.
const MOST: usize = 1_000;

/// A stack, and the template that it is made from.
#[derive(Clone)]
pub(super) struct StackConstruct {
    /// The file of the template.
    pub(super) template: String,
    /// The construct of the stack.
    pub(super) construct_path: String,
}

/// `top` and every stack nested in it: the resource of a nested
/// stack names its template, and its logical id leads to its construct. `paths` gives the constructs with a
/// logical id, `read` the text of a template.
pub(super) fn stacks<'t, P: Iterator<Item = &'t str>>(
    top: StackConstruct,
    paths: impl Fn(&str) -> P,
    read: &dyn Fn(&str) -> Option<String>,
) -> Vec<StackConstruct> {
    let mut stacks = vec![top];
    let mut tree = Tree::default();
    let mut next = 0;
    while next < stacks.len() && stacks.len() <= MOST {
        let StackConstruct {
            template,
            construct_path,
        } = stacks[next].clone();
        next += 1;
        let Some(text) = read(&template) else {
            continue;
        };
        for (logical_id, file) in assets(&text, &mut tree) {
            let nested = paths(&logical_id).filter(|one| is_in(one, &construct_path));
            // Of equal ids, the one of this stack lies higher than those of stacks nested in it.
            let nested = nested.filter_map(construct).min_by_key(|one| one.len());
            let known = stacks.iter().any(|known| known.template == file);
            if let Some(nested) = nested.filter(|_| !known) {
                stacks.push(StackConstruct {
                    template: file,
                    construct_path: nested,
                });
            }
        }
    }
    stacks
}

/// Logical id and template file of each nested stack in a template.
fn assets(text: &str, tree: &mut Tree) -> Vec<(String, String)> {
    if source::json::parse(text, SourceId::default(), tree).is_err() {
        return Vec::new();
    }
    let root = tree.root(text);
    let resources = root.and_then(|root| root.get("Resources"));
    let members = resources.into_iter().flat_map(Node::members);
    let assets = members.filter_map(|resource| {
        let kind = resource.value.get("Type").and_then(Node::as_str);
        let metadata = resource.value.get("Metadata")?;
        let file = metadata.get("aws:asset:path").and_then(Node::as_str)?;
        let is_stack = kind == Some("AWS::CloudFormation::Stack");
        is_stack.then(|| (resource.key.to_owned(), file.to_owned()))
    });
    assets.collect()
}

/// The construct of a nested stack, `Host/Repos`, from that of its resource,
/// `Host/Repos.NestedStack/Repos.NestedStackResource`.
fn construct(resource: &str) -> Option<String> {
    let (parent, _) = resource.rsplit_once('/')?;
    parent.strip_suffix(".NestedStack").map(str::to_owned)
}

/// Whether a construct is a stack or in it.
fn is_in(path: &str, stack: &str) -> bool {
    let rest = path.strip_prefix(stack);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
