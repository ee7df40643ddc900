//! Reads what a rule says to do, and holds placeholders against the documents that they ask about.
//! It does not know what stands in for them.

use super::super::definition::Fix;
use super::super::members;
use super::super::patch::{self, Advice};
use super::super::query::Root;
use super::super::read::within;
use super::super::template::{MessageTemplate, Placeholder, PlaceholderRoot};
use super::Loader;
use crate::source::{Kind, Node, Problem};

const FIX_KEYS: &[&str] = &["cdk-typescript", "cdk-python", "cloudformation", "cli"];

impl Loader<'_> {
    pub(super) fn fix(&mut self, settings: &[&str]) -> Fix {
        let Some(node) = self.root.get("fix") else {
            return Fix::default();
        };
        if !self.reader.mapping(node, "`fix`", FIX_KEYS) {
            return Fix::default();
        }
        let mut advice = |key: &'static str| self.advice(node, key, settings);
        Fix {
            cdk_typescript: advice("cdk-typescript"),
            cdk_python: advice("cdk-python"),
            cloudformation: advice("cloudformation"),
            cli: advice("cli"),
        }
    }

    /// One piece of advice, or several of which the first is taken that can be.
    fn advice(&mut self, fix: Node<'_>, key: &'static str, settings: &[&str]) -> Vec<Advice> {
        let Some(node) = fix.get(key) else {
            return Vec::new();
        };
        let nodes: Vec<_> = match node.kind() {
            Kind::Array => node.items().collect(),
            _ => vec![node],
        };
        let mut all = Vec::new();
        for node in nodes {
            let when = match node.get("when") {
                Some(when) => match self.query_of(when, "when", settings) {
                    Some((query, _)) => Some(query),
                    None => continue,
                },
                None => None,
            };
            let Some(advice) = patch::read(&mut self.reader, node, key, when) else {
                continue;
            };
            for template in advice.templates() {
                self.check_placeholders(node, &template.to_string(), template, settings);
            }
            all.push(advice);
        }
        all
    }

    /// Tells placeholders that can stand for nothing.
    pub(super) fn check_placeholders(
        &mut self,
        node: Node<'_>,
        text: &str,
        template: &MessageTemplate,
        settings: &[&str],
    ) {
        let requires = self.root.get("require").is_some();
        for place in template.placeholders() {
            let (root, found) = match place.origin {
                PlaceholderRoot::Found if requires => continue,
                PlaceholderRoot::Found => (None, &self.found),
                PlaceholderRoot::World(root) => (Some(root), &None),
            };
            if let Err(mistake) = members::check(place, root, found) {
                self.no_member(node, text, &mistake);
            }
            if let (PlaceholderRoot::World(Root::Settings), [name, ..]) =
                (place.origin, place.members.as_slice())
            {
                let written = format!("{{settings.{name}");
                let start = text.find(&written).unwrap_or(0);
                let span = within(node, text, &(start..start + written.len()));
                self.check_setting(name, settings, span);
            }
        }
        let found = |place: &Placeholder| place.origin == PlaceholderRoot::Found;
        if requires && template.placeholders().any(found) {
            let start = text.find("{@").unwrap_or(0);
            let problem = Problem::new(
                within(node, text, &(start..start + 2)),
                "`@` stands for nothing in a rule with `require`",
            );
            self.reader
                .problem(problem.help("name a root: nothing was found that `@` could stand for"));
        }
    }
}
