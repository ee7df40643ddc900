//! Reads a rule from its YAML file; every mistake is a problem at its place, and all are reported.
//! It does not know where rules come from, nor whether they are asked anything sensible.

mod examples;
mod fix;

use super::asks::Asks;
use super::definition::{Definition, Demand, Documentation, Logic};
use super::members::{self, MemberSchemas, NoMember};
use super::query::{Query, QueryRoot, Root};
use super::read::{RuleReader, listed, within};
use super::sets::{pinned, version};
use super::settings::read_settings;
use super::template::{MessageTemplate, TemplateError};
use crate::report::Severity;
use crate::source::{Node, Problem, SourceId, Span, Tree, nearest, yaml};

const KEYS: &[&str] = &[
    "id",
    "title",
    "severity",
    "security",
    "sets",
    "since",
    "controls",
    "why",
    "settings",
    "when",
    "require",
    "forbid",
    "at",
    "message",
    "fix",
    "references",
    "examples",
];
const EXAMPLE_KEYS: &[&str] = &[
    "cloudformation",
    "snapshot",
    "at",
    "config",
    "environment",
    "live",
    "parameters",
];

/// Reads the rule in `text`, which is the file `path`: `<category>/<id>.yaml`, forward slashes.
///
/// # Errors
/// Every mistake of the file, in the order of the text; a text that is not YAML has one.
pub fn load(text: &str, source: SourceId, path: &str) -> Result<Definition, Vec<Problem>> {
    let mut tree = Tree::default();
    yaml::parse(text, source, &mut tree).map_err(|problem| vec![problem])?;
    let Some(root) = tree.root(text) else {
        return Err(vec![Problem::new(Span::new(source, 0, 0), "rule is empty")]);
    };
    let mut loader = Loader {
        reader: RuleReader::default(),
        root,
        found: None,
    };
    let definition = loader.definition(path);
    let mut problems = loader.reader.problems;
    match definition {
        Some(definition) if problems.is_empty() => Ok(definition),
        _ => {
            problems.sort_by_key(|problem| problem.span);
            Err(problems)
        }
    }
}

struct Loader<'t> {
    reader: RuleReader,
    root: Node<'t>,
    /// What the latest query finds.
    found: MemberSchemas,
}

impl Loader<'_> {
    /// The rule, or `None` when a mistake leaves a gap. Everything is read before the first gap counts.
    fn definition(&mut self, path: &str) -> Option<Definition> {
        if !self.reader.mapping(self.root, "a rule", KEYS) {
            return None;
        }
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let place = self.root.get("id").map_or(self.root.span(), Node::span);
        let id = self.id(file);
        let title = self.sentence("title");
        let severity = self.severity();
        let settings = read_settings(&mut self.reader, self.root.get("settings"));
        // A setting with a mistake is not an unknown setting.
        let schemas = self.root.get("settings").into_iter();
        let known = schemas.flat_map(Node::members).map(|member| member.key);
        let known: Vec<&str> = known.collect();
        let when = self.query("when", &known);
        let at = self.query("at", &known);
        let demand = self.demand(&known);
        self.check_at(at.as_ref());
        let message = self.message(&known);
        let documentation = self.documentation(&known);
        let (sets, joined) = self.sets();
        let (demand, message, documentation) = (demand?, message?, documentation?);
        let asks = Asks::of(
            when.as_ref(),
            at.as_ref(),
            &demand,
            &message,
            &documentation,
        );
        Some(Definition {
            logic: Logic {
                id: id?,
                category: folder.rsplit('/').next().unwrap_or_default().to_owned(),
                title: title?,
                severity: severity?,
                sets,
                joined,
                settings,
                kinds: when.as_ref().map(Query::kinds).unwrap_or_default(),
                when,
                demand,
                at,
                message,
                asks,
            },
            documentation,
            place,
        })
    }

    /// The sets with the version since which the rule belongs to each: the rule's own, unless one is named.
    fn sets(&mut self) -> (Vec<String>, Vec<String>) {
        let written = self.reader.texts(self.root.get("sets"), "`sets`");
        let place = self.root.get("sets").map_or(self.root.span(), Node::span);
        let since = self.root.get("since");
        let since = since.and_then(Node::as_text).map(str::to_owned);
        let (mut names, mut joined) = (Vec::new(), Vec::new());
        for set in written {
            let (name, own) = pinned(&set);
            if own.is_some_and(|own| version(own).is_none()) {
                let title = format!("`{set}` names no version");
                let help =
                    "write the version since which the rule belongs to the set, as in `ours@1.2`";
                self.reader.problem(Problem::new(place, title).help(help));
            }
            names.push(name.to_owned());
            // Without a version it always did.
            joined.push(
                own.map(str::to_owned)
                    .or_else(|| since.clone())
                    .unwrap_or_default(),
            );
        }
        if joined.iter().all(String::is_empty) {
            joined.clear();
        }
        (names, joined)
    }

    fn id(&mut self, file: &str) -> Option<String> {
        let node = self.reader.required(self.root, "a rule", "id")?;
        let id = self.reader.text(node, "`id`")?;
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let is_kebab = |word: &str| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if !id.split('-').all(is_kebab) {
            self.reader.problem(
                Problem::new(node.span(), format!("id `{id}` is not in kebab-case"))
                    .help("write lower-case words, joined by `-`"),
            );
        } else if id != stem {
            self.reader.problem(
                Problem::new(
                    node.span(),
                    format!("id `{id}` differs from the file's name"),
                )
                .label(format!("the file is named `{file}`"))
                .help(format!("write `{stem}`, or rename the file to `{id}.yaml`")),
            );
        }
        Some(id)
    }

    fn severity(&mut self) -> Option<Severity> {
        let node = self.reader.required(self.root, "a rule", "severity")?;
        let word = self.reader.text(node, "`severity`")?;
        let words = Severity::ALL.map(Severity::as_str);
        let severity = word.parse().ok();
        if severity.is_none() {
            let problem = Problem::new(node.span(), format!("unknown severity `{word}`"));
            self.reader.problem(match nearest(&word, words) {
                Some(known) => problem.help(format!("write `{known}`")),
                None => problem.help(format!("use one of {}", listed(&words))),
            });
        }
        severity
    }

    /// A text in the style of messages.
    fn sentence(&mut self, key: &str) -> Option<String> {
        let node = self.reader.required(self.root, "a rule", key)?;
        let text = self.reader.text(node, &format!("`{key}`"))?;
        let whole = || within(node, &text, &(0..text.len()));
        if text.contains('\n') {
            let problem = Problem::new(whole(), format!("`{key}` has several lines"));
            self.reader.problem(problem.help("write one line"));
        }
        if let Some(first) = text.chars().next().filter(|first| first.is_uppercase()) {
            let span = within(node, &text, &(0..first.len_utf8()));
            let problem = Problem::new(span, format!("`{key}` starts with a capital letter"));
            self.reader
                .problem(problem.help("start with a lower-case letter, or a name in backticks"));
        }
        if text.ends_with(['.', '!', '?']) {
            let span = within(node, &text, &(text.len() - 1..text.len()));
            let problem = Problem::new(span, format!("`{key}` ends with a full stop"));
            self.reader.problem(problem.help("end with the last word"));
        }
        Some(text)
    }

    fn query(&mut self, key: &str, settings: &[&str]) -> Option<Query> {
        let (query, found) = self.query_of(self.root.get(key)?, key, settings)?;
        self.found = found;
        Some(query)
    }

    /// A query, and what the nodes are that it finds, where that is known.
    fn query_of(
        &mut self,
        node: Node<'_>,
        key: &str,
        settings: &[&str],
    ) -> Option<(Query, members::MemberSchemas)> {
        let text = self.reader.text(node, &format!("`{key}`"))?;
        let read = match Query::parse_over_world(&text) {
            Ok(read) => read,
            Err(error) => {
                let span = within(node, &text, &error.range);
                let mut problem = Problem::new(span, error.title).label(error.label);
                problem.help = error.help;
                self.reader.problem(problem);
                return None;
            }
        };
        for (name, range) in &read.settings {
            self.check_setting(name, settings, within(node, &text, range));
        }
        let mut found = None;
        match members::found(&read.query) {
            Ok(member) => found = member,
            Err(mistake) => self.no_member(node, &text, &mistake),
        }
        if read.query.start == QueryRoot::World(Root::Settings) {
            let problem = Problem::new(node.span(), format!("`{key}` asks about the settings"))
                .help("ask about another root, and compare with the setting in a filter");
            self.reader.problem(problem);
        }
        Some((read.query, found))
    }

    fn no_member(&mut self, node: Node<'_>, text: &str, mistake: &NoMember) {
        let span = within(node, text, &mistake.range(text));
        let problem = Problem::new(span, mistake.title());
        self.reader.problem(problem.help(mistake.help()));
    }

    fn check_setting(&mut self, name: &str, settings: &[&str], span: Span) {
        if settings.contains(&name) {
            return;
        }
        let problem = Problem::new(span, format!("unknown setting `{name}`"));
        self.reader
            .problem(match nearest(name, settings.iter().copied()) {
                Some(known) => problem.help(format!("write `{known}`")),
                None => problem.help(format!("add `{name}` to `settings`")),
            });
    }

    fn demand(&mut self, settings: &[&str]) -> Option<Demand> {
        let forbid = self.root.member("forbid");
        if let (Some(require), Some(forbid)) = (self.root.member("require"), forbid) {
            let problem = Problem::new(forbid.key_span, "rule has both `require` and `forbid`")
                .related(require.key_span, "the other one")
                .help("split the rule in two");
            self.reader.problem(problem);
        }
        if forbid.is_some() {
            return self.query("forbid", settings).map(Demand::Forbid);
        }
        if self.root.get("require").is_none() {
            let problem = Problem::new(self.first_key(), "rule has neither `require` nor `forbid`")
                .help("add `require:` with what must be found, or `forbid:` with what must not");
            self.reader.problem(problem);
        }
        self.query("require", settings).map(Demand::Require)
    }

    /// A place is found by names and positions alone.
    fn check_at(&mut self, at: Option<&Query>) {
        if let (Some(node), Some(query)) = (self.root.get("at"), at)
            && !query.is_singular()
        {
            let problem = Problem::new(node.span(), "`at` can be many places")
                .help("use names and positions only, such as `$.repository.scanning.on_push`");
            self.reader.problem(problem);
        }
    }

    fn message(&mut self, settings: &[&str]) -> Option<MessageTemplate> {
        let text = self.sentence("message")?;
        let node = self.root.get("message")?;
        let template = match MessageTemplate::message(&text) {
            Ok(template) => template,
            Err(TemplateError { range, title, help }) => {
                let span = within(node, &text, &range);
                self.reader.problem(Problem::new(span, title).help(help));
                return None;
            }
        };
        self.check_placeholders(node, &text, &template, settings);
        Some(template)
    }

    fn documentation(&mut self, settings: &[&str]) -> Option<Documentation> {
        let why = self.reader.required(self.root, "a rule", "why");
        let why = why.and_then(|node| self.reader.text(node, "`why`"));
        let since = self.root.get("since");
        let since = since.and_then(|node| self.reader.text(node, "`since`"));
        let mut controls = Vec::new();
        for member in self.reader.members(self.root.get("controls"), "`controls`") {
            let what = format!("`{}`", member.key);
            let ids = self.reader.texts(Some(member.value), &what);
            controls.push((member.key.to_owned(), ids));
        }
        let security = self.security();
        let fix = self.fix(settings);
        let references = self.references();
        let examples = self.examples()?;
        Some(Documentation {
            since,
            controls,
            security,
            why: why?,
            fix,
            references,
            examples,
        })
    }

    fn security(&mut self) -> Option<String> {
        let node = self.root.get("security")?;
        let text = self.reader.text(node, "`security`")?;
        let score = text
            .parse::<f32>()
            .ok()
            .filter(|score| (0.1..=10.0).contains(score));
        if score.is_none() {
            let problem = Problem::new(node.span(), "`security` is not a score");
            self.reader.problem(problem.help(
                "write a number from `0.1` to `10.0`, or leave it out where nobody gains anything",
            ));
        }
        score.map(|score| format!("{score:.1}"))
    }

    fn references(&mut self) -> Vec<String> {
        let nodes: Vec<_> = self
            .reader
            .items(self.root.get("references"), "`references`")
            .collect();
        let mut references = Vec::new();
        for node in nodes {
            let Some(link) = self.reader.text(node, "an item of `references`") else {
                continue;
            };
            if !link.starts_with("https://") {
                let problem = Problem::new(node.span(), format!("reference `{link}` is not https"));
                self.reader
                    .problem(problem.help("write an address with `https://`"));
            }
            references.push(link);
        }
        references
    }

    fn first_key(&self) -> Span {
        self.root
            .members()
            .next()
            .map_or(self.root.span(), |member| member.key_span)
    }
}

#[cfg(test)]
mod tests;
