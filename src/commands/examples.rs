//! Runs an example of a rule through the same street as a user's input, and holds the result
//! against what the example claims.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::streaming::{FileRemarks, LiveRecords, StreamRemarks};
use crate::config::{self, Config};
use crate::engine::{
    self, CounterpartCriteria, Counterparts, Keep, Plan, Session, Thresholds, Whole,
};
use crate::ignore::Date;
use crate::input::snapshot::lines;
use crate::input::{self, Context, DeployTarget, Loaded, Override, Scratch};
use crate::model::{AccountRegion, Inventory};
use crate::render::{self, Format, RenderOptions};
use crate::report::{Diagnostic, Report, Severity, Summary, Verdict};
use crate::rules::{Example, ExampleKind, Rule};
use crate::source::{Kind, Node, Problem, SourceId, Sources, Span, Tree, yaml};

/// How examples look where nothing is known of the reader.
pub(super) fn look() -> RenderOptions {
    RenderOptions {
        width: 100,
        ..RenderOptions::default()
    }
}

/// What stands before a path into the configuration of an example.
const IN_CONFIG: &str = "config:";

/// What an example says the rule does with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExpectedVerdict {
    Pass,
    Fail,
    Undetermined,
}

impl ExpectedVerdict {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            ExpectedVerdict::Pass => "pass",
            ExpectedVerdict::Fail => "fail",
            ExpectedVerdict::Undetermined => "undetermined",
        }
    }

    fn verdict(self) -> Option<Verdict> {
        match self {
            ExpectedVerdict::Pass => None,
            ExpectedVerdict::Fail => Some(Verdict::Fail),
            ExpectedVerdict::Undetermined => Some(Verdict::Undetermined),
        }
    }
}

/// Name of the stack of an example that has something live to be compared with.
const EXAMPLE_STACK: &str = "example";

/// An example that was judged.
pub(super) struct ExampleRun {
    pub(super) sources: Sources,
    pub(super) report: Report,
    /// The input; of a snapshot with one record a line its lines.
    input: Vec<SourceId>,
}

/// Judges an example by its rule alone.
pub(super) fn run(rule: &Rule, example: &Example) -> ExampleRun {
    let mut sources = Sources::default();
    let mut problems: Vec<Problem> = Vec::new();
    let config = config(example, &mut sources, &mut problems);
    let mut scratch = Scratch::default();
    let context = Context {
        environment: target(example, &config),
        stack: example.live.as_ref().map(|_| EXAMPLE_STACK.to_owned()),
        parameters: Arc::new(parameters(example)),
        ..Context::default()
    };
    let (input, loaded) = load(rule, example, &context, &mut sources, &mut scratch);
    problems.extend(loaded.problems);
    let inventory = Inventory {
        inputs: 1,
        snapshots: 0,
        entities: loaded.entities,
        registries: loaded.registries,
        homes: BTreeSet::from([AccountRegion {
            account: context.environment.account.clone(),
            region: context.environment.region.clone(),
        }]),
    };
    let unreadable: Vec<Diagnostic> = problems.into_iter().map(engine::unreadable).collect();
    let thresholds = Thresholds {
        fail_on: Some(Severity::Note),
        undetermined: Severity::Note,
        today: Date::from_unix_seconds(0),
    };
    let draft = match Plan::only(rule, &config) {
        Ok(plan) => {
            let live = live(rule, example, &inventory, &mut sources, &mut scratch);
            let removed = live.as_ref().map(|live| live.removed(&inventory));
            let mut whole = Whole::of(&inventory);
            if let Some(live) = live {
                whole.compare_with(live);
            }
            let session = Session::new(&plan, &config, &whole, thresholds, Keep::Everything);
            let mut findings = session.judge_all(&inventory.entities);
            findings.append(session.judge_all(&removed.unwrap_or_default()));
            let counted = Summary {
                inputs: inventory.inputs,
                ..Summary::default()
            };
            session.finish(findings, counted, unreadable, &sources.order())
        }
        Err(problems) => engine::failed(problems.into_iter().map(engine::unreadable).collect()),
    };
    ExampleRun {
        report: draft.finish(&sources),
        sources,
        input,
    }
}

/// Values for the parameters of the template.
fn parameters(example: &Example) -> BTreeMap<String, Override> {
    let given = example.parameters.iter();
    given
        .map(|(name, value)| {
            let value = value.clone();
            (name.clone(), Override { value, span: None })
        })
        .collect()
}

/// Reads the example as what it says that it is.
fn load(
    rule: &Rule,
    example: &Example,
    context: &Context,
    sources: &mut Sources,
    scratch: &mut Scratch,
) -> (Vec<SourceId>, Loaded) {
    let (ending, is_snapshot) = match example.kind {
        ExampleKind::Cloudformation => ("yaml", false),
        ExampleKind::Snapshot => ("ndjson", true),
    };
    let name = format!("{}.example.{ending}", rule.id());
    let text = example.text.as_str();
    let records = text.lines().filter(|line| !line.trim().is_empty()).count();
    if is_snapshot && records > 1 && lines::is_stream(text.as_bytes()) {
        return load_lines(&name, text, sources, scratch);
    }
    let source = sources.add(name, text);
    let mut loaded = input::load(text, source, context, scratch);
    let is_mistaken = match loaded.kind {
        Some(kind) => is_snapshot != input::is_live(kind),
        None => loaded.problems.is_empty(),
    };
    if is_mistaken {
        let expected = if is_snapshot { "snapshot" } else { "template" };
        let title = format!("the example is not a {expected}");
        let problem = Problem::new(Span::new(source, 0, text.len()), title);
        loaded = Loaded {
            problems: vec![problem],
            ..Loaded::default()
        };
    }
    (vec![source], loaded)
}

/// Reads a snapshot with one record a line.
fn load_lines(
    name: &str,
    text: &str,
    sources: &mut Sources,
    scratch: &mut Scratch,
) -> (Vec<SourceId>, Loaded) {
    let mut all = Loaded::default();
    let mut ids = Vec::new();
    let mut strange = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let id = sources.add(format!("{name}:{}", index + 1), line);
        if line.trim().is_empty() {
            continue;
        }
        let loaded = lines::load_line(line, id, scratch, &mut strange);
        ids.push(id);
        all.entities.extend(loaded.entities);
        all.registries.extend(loaded.registries);
        all.problems.extend(loaded.problems);
    }
    (ids, all)
}

/// What is live where the example is deployed, if it says so.
fn live(
    rule: &Rule,
    example: &Example,
    inventory: &Inventory,
    sources: &mut Sources,
    scratch: &mut Scratch,
) -> Option<Counterparts> {
    let text = example.live.as_deref()?;
    let source = sources.add(format!("{}.live.json", rule.id()), text);
    let loaded = input::load(text, source, &Context::default(), scratch);
    let sought = CounterpartCriteria::of(inventory);
    let mut live = Counterparts::default();
    let mut records = LiveRecords::default();
    records.take(loaded, source, text, &sought);
    let (mut remarks, mut said) = (FileRemarks::default(), StreamRemarks::default());
    records.hand_on(&mut live, &mut remarks, sources, &mut said);
    Some(live)
}

fn config(example: &Example, sources: &mut Sources, problems: &mut Vec<Problem>) -> Config {
    let Some(text) = &example.config else {
        return Config::default();
    };
    let path = Path::new(config::FILE_NAME);
    let mut nothing = |_: &Path| Err(std::io::ErrorKind::NotFound.into());
    config::parse(path, text.clone(), sources, &mut nothing).unwrap_or_else(|found| {
        problems.extend(found);
        Config::default()
    })
}

/// Where the example is deployed: nobody knows, unless it names an environment of its configuration.
fn target(example: &Example, config: &Config) -> DeployTarget {
    let environments = config.organisation.iter().flat_map(|all| &all.environments);
    let named = example.environment.as_ref().and_then(|name| {
        environments
            .into_iter()
            .find(|environment| environment.name == *name)
    });
    named.map_or_else(DeployTarget::default, |environment| DeployTarget {
        account: Some(environment.account.value.clone()),
        region: environment
            .region
            .as_ref()
            .map(|region| region.value.clone()),
    })
}

/// Holds an example against its claim; the error says what happened instead.
pub(super) fn hold(rule: &Rule, example: &Example, claim: ExpectedVerdict) -> Result<(), String> {
    let run = run(rule, example);
    let found = run.report.diagnostics();
    let as_claimed = match claim.verdict() {
        None => {
            let judged = run.report.summary().repositories + run.report.others().len();
            found.is_empty() && judged > 0
        }
        Some(verdict) => {
            !found.is_empty() && found.iter().all(|finding| finding.verdict == verdict)
        }
    };
    if !as_claimed {
        return Err(run.show());
    }
    let Some(at) = &example.at else { return Ok(()) };
    let place = run.place(at)?;
    if found
        .iter()
        .any(|finding| place.holds(finding.primary.span))
    {
        Ok(())
    } else {
        Err(format!("it is not at `{at}`\n{}", run.show()))
    }
}

/// The place that an example names.
struct ExamplePlace {
    key: Span,
    value: Span,
    /// A text in which a finding may point at a part, such as a policy written as JSON.
    is_text: bool,
}

impl ExamplePlace {
    fn holds(&self, span: Span) -> bool {
        let inside = self.value.start <= span.start && span.end <= self.value.end;
        span == self.key || span == self.value || (self.is_text && inside)
    }
}

impl ExampleRun {
    /// What the run found, as a user would see it.
    pub(super) fn show(&self) -> String {
        self.show_in(&look())
    }

    /// The same in another look.
    pub(super) fn show_in(&self, options: &RenderOptions) -> String {
        let mut out = Vec::new();
        let format = Format::named("human").expect("the human format is a row of the table");
        match render::write(format, &self.report, options, &mut out) {
            Ok(()) => String::from_utf8_lossy(&out).into_owned(),
            Err(error) => error.to_string(),
        }
    }

    /// The place that the dotted path `at` leads to in the example's text, or in its configuration.
    fn place(&self, at: &str) -> Result<ExamplePlace, String> {
        // The configuration is what was read first.
        let (source, at) = match (at.strip_prefix(IN_CONFIG), self.input.as_slice()) {
            (Some(at), _) => (SourceId::default(), at),
            (None, [only]) => (*only, at),
            (None, lines) => {
                let line = at.strip_prefix('[').and_then(|at| at.split_once("]."));
                let found = line.and_then(|(line, at)| {
                    let line = lines.get(line.parse::<usize>().ok()?)?;
                    Some((*line, at))
                });
                found.ok_or_else(|| format!("`{at}` does not begin with a line, such as `[0].`"))?
            }
        };
        let text = self.sources.source(source).text();
        let mut tree = Tree::default();
        yaml::parse(text, source, &mut tree).map_err(|problem| problem.title)?;
        let mut node: Node<'_> = tree.root(text).ok_or("the example is empty")?;
        let mut key = node.span();
        for step in at.split(['.', '[']).map(|step| step.trim_end_matches(']')) {
            let missing = || format!("there is no `{step}` on the way to `{at}`");
            if node.kind() == Kind::Array {
                let index: usize = step.parse().map_err(|_| missing())?;
                node = node.items().nth(index).ok_or_else(missing)?;
                key = node.span();
            } else {
                let member = node.member(step).ok_or_else(missing)?;
                (node, key) = (member.value, member.key_span);
            }
        }
        // A function such as `!Sub` stands around the text that it is applied to.
        let inner = match (node.members().len(), node.members().next()) {
            (1, Some(function)) if function.key.starts_with("Fn::") => function.value,
            _ => node,
        };
        Ok(ExamplePlace {
            key,
            value: node.span(),
            is_text: inner.kind() == Kind::String,
        })
    }
}
