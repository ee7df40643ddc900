//! What CDK notes about the constructs of a stack: their paths, and the stack traces that made them.
//! It does not know files, nor which frames of a trace are worth anything.

use rustc_hash::{FxHashMap, FxHashSet};

use super::frame::StackFrame;
use super::nested::{self, StackConstruct};
use crate::model::Language;
use crate::source::{Member, Node};

/// Frames of one trace that are looked at. Node keeps 10 unless it is told otherwise.
const MOST_FRAMES: usize = 200;

/// The construct that takes a template in as it is, as frames name it.
const INCLUDE: &str = "new CfnInclude";

/// A resource that something is to be known about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceLookup {
    /// File name of its template.
    pub template: String,
    /// Logical id in the template.
    pub logical_id: String,
    /// The path of its construct, where the template tells it.
    pub construct_path: Option<String>,
}

/// The stack whose metadata are read. Nested stacks have theirs in it.
#[derive(Clone, Copy, Debug)]
pub struct Host<'a> {
    /// File name of its template.
    pub template: &'a str,
    /// The path of its construct.
    pub construct_path: &'a str,
}

/// What the metadata say about a resource. Traces have the innermost frame first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// The path of its construct, without a leading slash.
    pub construct_path: String,
    /// Where it was made.
    pub creation: Vec<String>,
    /// Where its properties were changed, by their CloudFormation names.
    pub assignments: Vec<(String, Vec<String>)>,
    /// Where the stack was made that it is in.
    pub stack: Vec<String>,
}

impl Traces {
    /// Whether any frame may be the user's own code.
    #[must_use]
    pub fn has_user_frames(&self) -> bool {
        let assignments = self.assignments.iter().flat_map(|(_, frames)| frames);
        let mut frames = self.creation.iter().chain(assignments);
        frames.any(|frame| StackFrame::parse(frame).is_some_and(|frame| frame.is_users()))
    }

    /// Whether there was no room for frames of the user: Node keeps the innermost ones only.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.creation
            .iter()
            .any(|frame| StackFrame::tells_a_cut(frame))
    }

    /// The language of the program, as far as its frames say.
    ///
    /// A program that the CDK reaches through jsii is one in Python, as most of them are, unless its
    /// frames name another language.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        let users = |frame: &String| {
            let frame = StackFrame::parse(frame).filter(StackFrame::is_users)?;
            let (_, ending) = frame.file.rsplit_once('.')?;
            Some(match ending {
                "py" => Language::Python,
                _ => Language::Typescript,
            })
        };
        let traces = [&self.creation, &self.stack];
        let frames = || traces.into_iter().flatten();
        frames().find_map(users).or_else(|| {
            let is_foreign = frames().any(|frame| StackFrame::is_of_jsii(frame));
            is_foreign.then_some(Language::Python)
        })
    }

    /// Whether the construct was taken in from a template: `CfnInclude` made it.
    #[must_use]
    pub fn is_included(&self) -> bool {
        let of_libraries =
            |frame: &&String| StackFrame::parse(frame).is_none_or(|one| !one.is_users());
        let mut frames = self.creation.iter().take_while(of_libraries);
        frames.any(|frame| frame.contains(INCLUDE))
    }
}

/// What `metadata` say about each resource of `wanted`, in its order. `read` gives the text of a
/// template by its file name, for assemblies that do not say which stack went where.
pub fn stack_traces(
    metadata: Node<'_>,
    host: Host<'_>,
    wanted: &[ResourceLookup],
    read: &dyn Fn(&str) -> Option<String>,
) -> Vec<Option<Traces>> {
    let mut index = MetadataIndex::of(metadata);
    let asks_several_templates = wanted.iter().any(|one| one.template != host.template);
    if index.stacks.is_empty() {
        let top = StackConstruct {
            template: host.template.to_owned(),
            construct_path: host.construct_path.to_owned(),
        };
        let stacks = match asks_several_templates {
            true => nested::stacks(top, |id| index.paths(id), read),
            false => vec![top],
        };
        for stack in stacks {
            index.add_stack(&stack.template, &stack.construct_path);
        }
    }
    let found = wanted
        .iter()
        .map(|one| Some(index.traces(index.find(one)?)));
    found.collect()
}

/// The entries of the metadata by what they are looked up by.
struct MetadataIndex<'t> {
    /// Constructs by logical id, which repeats in nested stacks.
    by_id: FxHashMap<&'t str, Vec<Member<'t>>>,
    /// Entries of each construct path.
    by_path: FxHashMap<&'t str, Node<'t>>,
    /// Construct paths of the stacks, nested ones included, by the file names of their templates.
    stacks: FxHashMap<String, String>,
    stack_paths: FxHashSet<String>,
}

impl<'t> MetadataIndex<'t> {
    fn of(metadata: Node<'t>) -> Self {
        let mut index = Self {
            by_id: FxHashMap::default(),
            by_path: FxHashMap::default(),
            stacks: FxHashMap::default(),
            stack_paths: FxHashSet::default(),
        };
        for construct in metadata.members() {
            let path = construct.key.trim_start_matches('/');
            index.by_path.insert(path, construct.value);
            for entry in construct.value.items() {
                let data = entry.get("data").and_then(Node::as_str);
                match (entry.get("type").and_then(Node::as_str), data) {
                    (Some("aws:cdk:logicalId"), Some(id)) => {
                        index.by_id.entry(id).or_default().push(construct);
                    }
                    (Some("aws:cdk:templateFile"), Some(file)) => {
                        let file = file.rsplit('/').next().unwrap_or(file);
                        index.add_stack(file, path);
                    }
                    _ => {}
                }
            }
        }
        index
    }

    fn add_stack(&mut self, file: &str, path: &str) {
        self.stacks.insert(file.to_owned(), path.to_owned());
        self.stack_paths.insert(path.to_owned());
    }

    /// Paths of the constructs with a logical id.
    fn paths<'i>(&'i self, logical_id: &str) -> impl Iterator<Item = &'t str> + use<'i, 't> {
        let constructs = self.by_id.get(logical_id).into_iter().flatten();
        constructs.map(|construct| construct.key.trim_start_matches('/'))
    }

    /// The path of a resource: the one that its template names, else the one with its logical id in
    /// the stack that its template belongs to.
    fn find(&self, wanted: &ResourceLookup) -> Option<&'t str> {
        let mut paths = self.paths(&wanted.logical_id);
        if let Some(named) = &wanted.construct_path {
            return paths.find(|path| path == named);
        }
        let stack = self.stacks.get(&wanted.template)?;
        paths.find(|path| self.stack_of(path) == Some(stack))
    }

    /// The stack that a construct is in: the one with the longest path that leads to it.
    fn stack_of<'p>(&self, path: &'p str) -> Option<&'p str> {
        let ends = path.rmatch_indices('/').map(|(at, _)| at);
        let mut enclosing = std::iter::once(path.len())
            .chain(ends)
            .map(|at| &path[..at]);
        enclosing.find(|stack| self.stack_paths.contains(*stack))
    }

    fn traces(&self, path: &str) -> Traces {
        let mut traces = Traces {
            construct_path: path.to_owned(),
            stack: self.stack_of(path).map_or_else(Vec::new, |stack| {
                let entries = self.by_path.get(stack);
                entries.map_or_else(Vec::new, |entries| creation(*entries))
            }),
            ..Traces::default()
        };
        let Some(entries) = self.by_path.get(path) else {
            return traces;
        };
        traces.creation = creation(*entries);
        for entry in of_type(*entries, "aws:cdk:propertyAssignment") {
            let data = entry.get("data");
            let name = data.and_then(|data| data.get("propertyName"));
            if let Some(name) = name.and_then(Node::as_str) {
                let frames = data.and_then(|data| data.get("stackTrace"));
                let frames = frames.map_or_else(Vec::new, frames_of);
                traces.assignments.push((name.to_owned(), frames));
            }
        }
        traces
    }
}

/// The trace of a construct: its creation stack, else that of its logical id, as older versions have
/// it.
fn creation(entries: Node<'_>) -> Vec<String> {
    let own = of_type(entries, "aws:cdk:creationStack").find_map(|entry| entry.get("data"));
    let older = || of_type(entries, "aws:cdk:logicalId").find_map(|entry| entry.get("trace"));
    own.or_else(older).map_or_else(Vec::new, frames_of)
}

fn of_type<'t>(entries: Node<'t>, name: &'static str) -> impl Iterator<Item = Node<'t>> {
    let is = move |entry: &Node<'_>| entry.get("type").and_then(Node::as_str) == Some(name);
    entries.items().filter(is)
}

/// The frames of a trace, which is a list of lines.
fn frames_of(trace: Node<'_>) -> Vec<String> {
    let lines = trace.items().filter_map(Node::as_str);
    let lines = lines.flat_map(str::lines).take(MOST_FRAMES);
    lines.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{Host, ResourceLookup, Traces, stack_traces};
    use crate::model::Language;
    use crate::source::{self, SourceId, Tree};

    const HOST: Host<'_> = Host {
        template: "Host.template.json",
        construct_path: "Host",
    };

    fn wanted(template: &str, logical_id: &str, construct_path: Option<&str>) -> ResourceLookup {
        ResourceLookup {
            template: template.to_owned(),
            logical_id: logical_id.to_owned(),
            construct_path: construct_path.map(str::to_owned),
        }
    }

    fn found(metadata: &str, wanted: &[ResourceLookup]) -> Vec<Option<Traces>> {
        let mut tree = Tree::default();
        source::json::parse(metadata, SourceId(0), &mut tree).expect("JSON");
        let root = tree.root(metadata).expect("a text");
        let read = |file: &str| (file == HOST.template).then(|| TEMPLATE.to_owned());
        stack_traces(root, HOST, wanted, &read)
    }

    fn paths(metadata: &str, wanted: &[ResourceLookup]) -> Vec<Option<String>> {
        let found = found(metadata, wanted).into_iter();
        found.map(|traces| Some(traces?.construct_path)).collect()
    }

    /// A host with the nested stacks `Repos` and `More`, as older versions write it.
    const TEMPLATE: &str = r#"{"Resources": {
        "ReposStack": {"Type": "AWS::CloudFormation::Stack",
            "Metadata": {"aws:asset:path": "HostRepos1.nested.template.json"}},
        "MoreStack": {"Type": "AWS::CloudFormation::Stack",
            "Metadata": {"aws:asset:path": "HostMore2.nested.template.json"}}}}"#;

    const OLDER: &str = r#"{
        "/Host/Repo/Resource": [{"type": "aws:cdk:logicalId", "data": "Repo1", "trace": [
            "new R (/r/node_modules/x.js:1:2)", "new Host (/r/lib/host.ts:3:4)"]}],
        "/Host/Repos.NestedStack/Repos.NestedStackResource": [
            {"type": "aws:cdk:logicalId", "data": "ReposStack"}],
        "/Host/Repos/Repo/Resource": [{"type": "aws:cdk:logicalId", "data": "Repo1"}],
        "/Host/More.NestedStack/More.NestedStackResource": [
            {"type": "aws:cdk:logicalId", "data": "MoreStack"}],
        "/Host/More/Repo/Resource": [{"type": "aws:cdk:logicalId", "data": "Repo1"}]}"#;

    const NEWER: &str = r#"{
        "/Host": [{"type": "aws:cdk:creationStack", "data": ["<anonymous> (/r/app.ts:1:1)"]},
            {"type": "aws:cdk:templateFile", "data": "Host.template.json"}],
        "/Host/Repos": [{"type": "aws:cdk:templateFile", "data": "HostRepos1.nested.template.json"}],
        "/Host/Repos/Repo/Resource": [{"type": "aws:cdk:logicalId", "data": "Repo1"}],
        "/Host/ReposOfHost/Resource": [{"type": "aws:cdk:logicalId", "data": "Repo2"}],
        "/Host/Repo/Resource": [{"type": "aws:cdk:logicalId", "data": "Repo1"},
            {"type": "aws:cdk:creationStack", "data": ["...x...", "new Host (/r/lib/host.ts:3:4)"]},
            {"type": "aws:cdk:propertyAssignment", "data": {"propertyName": "LifecyclePolicy",
                "stackTrace": ["new Host (/r/lib/host.ts:9:4)"]}}]}"#;

    #[test]
    fn a_logical_id_belongs_to_the_stack_of_its_template() {
        let asked = [
            wanted("HostRepos1.nested.template.json", "Repo1", None),
            wanted("Host.template.json", "Repo1", None),
            wanted("Host.template.json", "Repo2", None),
            wanted("Other.template.json", "Repo1", None),
            wanted("Host.template.json", "Gone", None),
        ];
        let expected = [
            Some("Host/Repos/Repo/Resource"),
            Some("Host/Repo/Resource"),
            Some("Host/ReposOfHost/Resource"),
            None,
            None,
        ];
        assert_eq!(
            paths(NEWER, &asked),
            expected.map(|path| path.map(str::to_owned))
        );
    }

    #[test]
    fn older_nested_stacks_are_found_by_the_asset_of_their_resource() {
        let asked = [
            wanted("HostMore2.nested.template.json", "Repo1", None),
            wanted("HostRepos1.nested.template.json", "Repo1", None),
            wanted("Host.template.json", "Repo1", None),
        ];
        let expected = [
            "Host/More/Repo/Resource",
            "Host/Repos/Repo/Resource",
            "Host/Repo/Resource",
        ];
        assert_eq!(
            paths(OLDER, &asked),
            expected.map(|path| Some(path.to_owned()))
        );
    }

    #[test]
    fn the_path_in_the_template_decides() {
        let path = "Host/More/Repo/Resource";
        let asked = [
            wanted("x.template.json", "Repo1", Some(path)),
            wanted("Host.template.json", "Repo1", Some("Host/CrossStack")),
        ];
        assert_eq!(paths(OLDER, &asked), [Some(path.to_owned()), None]);
    }

    #[test]
    fn traces_are_those_of_the_construct() {
        let asked = [wanted("Host.template.json", "Repo1", None)];
        let newer = found(NEWER, &asked)[0].clone().expect("traces");
        assert_eq!(newer.creation, ["...x...", "new Host (/r/lib/host.ts:3:4)"]);
        let set = vec!["new Host (/r/lib/host.ts:9:4)".to_owned()];
        assert_eq!(newer.assignments, [("LifecyclePolicy".to_owned(), set)]);
        assert_eq!(newer.stack, ["<anonymous> (/r/app.ts:1:1)"]);
        let older = found(OLDER, &asked)[0].clone().expect("traces");
        assert_eq!(older.creation[1], "new Host (/r/lib/host.ts:3:4)");
        assert!(newer.has_user_frames() && older.has_user_frames());
    }

    fn creation(frames: &[&str]) -> Traces {
        Traces {
            creation: frames.iter().map(|frame| (*frame).to_owned()).collect(),
            ..Traces::default()
        }
    }

    #[test]
    fn frames_tell_the_language() {
        let jsii = "...aws-cdk-lib, jsii runtime, node internals...";
        let kernel = "K.create (/tmp/jsii-kernel-AbC/node_modules/aws-cdk-lib/x.js:1:2)";
        for (frames, language) in [
            (&["f (/r/lib/a.ts:1:2)"][..], Some(Language::Typescript)),
            (&["f (/r/build/a.js:1:2)"], Some(Language::Typescript)),
            (&[jsii, "f (/r/stacks.py:1)"], Some(Language::Python)),
            (&[jsii, "f (/r/Shop.java:1)"], Some(Language::Typescript)),
            (
                &[jsii, "(no user code in 10 frames)"],
                Some(Language::Python),
            ),
            (&[kernel], Some(Language::Python)),
            (&["...new Repository2 in aws-cdk-lib..."], None),
            (&[], None),
        ] {
            assert_eq!(creation(frames).language(), language, "{frames:?}");
        }
    }

    #[test]
    fn what_was_taken_in_from_a_template_is_told_apart() {
        let included = |frames: &[&str]| creation(frames).is_included();
        let user = "new Legacy (/r/lib/legacy.ts:10:5)";
        let library = "new CfnInclude (/r/node_modules/aws-cdk-lib/cfn-include.js:1:2427)";
        assert!(included(&["...new CfnInclude in aws-cdk-lib...", user]));
        assert!(included(&[library, user]));
        assert!(!included(&[user]));
        assert!(!included(&[
            "...new Repository2 in aws-cdk-lib...",
            user,
            library
        ]));
    }

    #[test]
    fn odd_metadata_say_nothing() {
        let asked = [wanted("Host.template.json", "A", None)];
        for text in [
            "[]",
            "1",
            r#"{"/Host/A": 1}"#,
            r#"{"/Host/A": [1, {"type": 2}, {"type": "aws:cdk:logicalId", "data": []}]}"#,
        ] {
            assert_eq!(found(text, &asked), [None], "{text}");
        }
        let odd = r#"{"/Host/A": [{"type": "aws:cdk:logicalId", "data": "A", "trace": 7},
            {"type": "aws:cdk:propertyAssignment", "data": 1}]}"#;
        let traces = found(odd, &asked)[0].clone().expect("a path");
        assert!(!traces.has_user_frames());
    }
}
