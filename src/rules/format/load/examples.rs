//! Reads the examples of a rule.
//! It does not run them.

use super::super::definition::{Example, ExampleKind, Examples};
use super::{EXAMPLE_KEYS, Loader};
use crate::source::{Node, Problem};

impl Loader<'_> {
    pub(super) fn examples(&mut self) -> Option<Examples> {
        let node = self.reader.required(self.root, "a rule", "examples")?;
        let kinds = ["pass", "fail", "undetermined"];
        if !self.reader.mapping(node, "`examples`", &kinds) {
            return None;
        }
        let examples = Examples {
            pass: self.example_list(node.get("pass")),
            fail: self.example_list(node.get("fail")),
            undetermined: self.example_list(node.get("undetermined")),
        };
        for key in ["pass", "fail"] {
            let count = node.get(key).map(|list| list.items().len());
            if matches!(count, None | Some(0)) {
                let problem = Problem::new(
                    node.span(),
                    format!("`examples` has no example that is to {key}"),
                );
                self.reader
                    .problem(problem.help(format!("add one below `{key}:`")));
            }
        }
        Some(examples)
    }

    fn example_list(&mut self, list: Option<Node<'_>>) -> Vec<Example> {
        let nodes: Vec<_> = self.reader.items(list, "a list of examples").collect();
        nodes
            .into_iter()
            .filter_map(|node| self.example(node))
            .collect()
    }

    fn example(&mut self, node: Node<'_>) -> Option<Example> {
        if !self.reader.mapping(node, "an example", EXAMPLE_KEYS) {
            return None;
        }
        let (kind, input) = match (node.get("cloudformation"), node.get("snapshot")) {
            (Some(input), None) => (ExampleKind::Cloudformation, input),
            (None, Some(input)) => (ExampleKind::Snapshot, input),
            _ => {
                let problem = Problem::new(node.span(), "example is not exactly one input")
                    .help("give it either `cloudformation:` or `snapshot:`");
                self.reader.problem(problem);
                return None;
            }
        };
        let text = self.reader.text(input, "the input of an example")?;
        let mut optional = |key: &str| {
            let what = format!("`{key}`");
            node.get(key).and_then(|node| self.reader.text(node, &what))
        };
        let (at, config) = (optional("at"), optional("config"));
        let environment = optional("environment");
        let live = optional("live");
        let mut parameters = Vec::new();
        for member in self.reader.members(node.get("parameters"), "`parameters`") {
            let what = format!("`{}`", member.key);
            if let Some(value) = self.reader.text(member.value, &what) {
                parameters.push((member.key.to_owned(), value));
            }
        }
        Some(Example {
            kind,
            text,
            at,
            config,
            environment,
            live,
            parameters,
            place: node.span(),
        })
    }
}
