//! What the policies of a document say: who may do what, and what becomes of images.
//! It does not know what is found in them.

use std::ops::Range;

use clap::Parser as _;

use crate::cli::{AccessArgs, Cli, Command, LookArgs};
use crate::commands::deployment::ParameterValues;
use crate::commands::gathering::{self, InputRequest};
use crate::commands::setup::{Setup, Texts};
use crate::commands::terminal::Terminal;
use crate::engine;
use crate::engine::lifecycle::{self, ASSUMED_DAYS, BorrowedImages, Tried};
use crate::model::lifecycle::history::History;
use crate::model::{Data, Entity, Inventory};
use crate::render::{self, RenderOptions};
use crate::report::access::AccessListing;
use crate::rules::fenced;
use crate::source::{Problem, Sources, Span};

/// Keys below which a policy stands, of CloudFormation.
const KEYS: [&str; 4] = [
    "LifecyclePolicyText",
    "LifecyclePolicy",
    "RepositoryPolicyText",
    "PolicyText",
];
/// Bytes between such a key and its policy, at most.
const NEAR: usize = 200;
/// Columns of what is told: windows of editors are narrow.
const WIDTH: usize = 84;

/// The policies of a document.
pub(super) struct Survey {
    name: String,
    sources: Sources,
    /// Who may do what.
    pub(super) access: Vec<AccessListing>,
    lifecycles: Vec<Attempted>,
}

/// A lifecycle policy and where it is, or why it cannot be tried.
type Attempted = (Range<usize>, Result<Tried, Vec<Problem>>);
/// A text with the sentence before it.
type Headed = (&'static str, String);

impl Survey {
    /// Looks into a document; `None` for one that is not an input.
    pub(super) fn of(name: &str, texts: &Texts) -> Option<Self> {
        let arguments = ["ecrlint", "access", "any", "--", name];
        let Command::Access(args) = Cli::try_parse_from(arguments).ok()?.command else {
            return None;
        };
        let (inventory, setup) = read(&args, texts)?;
        let mut survey = Self {
            name: name.to_owned(),
            access: engine::survey(&setup.config, &inventory),
            sources: setup.sources,
            lifecycles: Vec::new(),
        };
        let all = inventory.entities.iter();
        for one in all.filter_map(Entity::private_repository) {
            let policy = one.document.value(one.own.settings.lifecycle_policy);
            let is_there = !matches!(policy.data(), Data::Absent | Data::Null);
            if let Some(bytes) = survey.bytes(policy.span()).filter(|_| is_there) {
                survey.lifecycles.push((bytes, lifecycle::tried(&one)));
            }
        }
        Some(survey)
    }

    /// Where in the document a place is; `None` for one in another file.
    pub(super) fn bytes(&self, span: Span) -> Option<Range<usize>> {
        let source = self.sources.source(span.source);
        (source.name == self.name).then_some(span.start as usize..span.end as usize)
    }

    /// What is told, in Markdown, of the policy at a byte, or of that of the key there; and where it is.
    pub(super) fn policy_at(&self, byte: usize, word: &str) -> Option<(Range<usize>, String)> {
        let access = self.access.iter().flat_map(|listing| &listing.policies);
        let access = access.filter_map(|place| self.bytes(*place));
        let lifecycles = self.lifecycles.iter().map(|(bytes, _)| bytes.clone());
        let all: Vec<Range<usize>> = access.chain(lifecycles).collect();
        let around = all.iter().filter(|one| one.contains(&byte));
        let around = around.min_by_key(|one| one.len());
        let below = || {
            let near = |one: &&Range<usize>| byte <= one.start && one.start - byte < NEAR;
            let below = all.iter().filter(near).min_by_key(|one| one.start);
            below.filter(|_| KEYS.contains(&word))
        };
        let bytes = around.or_else(below)?.clone();
        let mut told: Vec<Headed> = Vec::new();
        let told_here = self.access_at(&bytes).chain(self.lifecycle_at(&bytes));
        for one in told_here {
            // Ways in which conditions turn out may make no difference.
            if !told.contains(&one) {
                told.push(one);
            }
        }
        let parts = told.iter();
        let parts = parts.map(|(head, text)| format!("{head}\n\n{}", fenced("text", text)));
        Some((bytes, parts.collect::<Vec<_>>().join("\n\n")))
    }

    fn access_at(&self, bytes: &Range<usize>) -> impl Iterator<Item = Headed> {
        let here = |listing: &&AccessListing| {
            let mut places = listing.policies.iter();
            places.any(|place| self.bytes(*place).as_ref() == Some(bytes))
        };
        self.access.iter().filter(here).map(|listing| {
            let all = std::slice::from_ref(listing);
            let text =
                written(|out| render::access::write_human(all, &self.sources, &options(), out));
            ("Who may do what, as `ecrlint access` says it:", text)
        })
    }

    fn lifecycle_at(&self, bytes: &Range<usize>) -> impl Iterator<Item = Headed> {
        let here = self
            .lifecycles
            .iter()
            .filter(move |(place, _)| place == bytes);
        here.flat_map(|(_, tried)| match tried {
            Ok(tried) => vec![
                ("What each rule can take:", explained(tried)),
                (ASSUMED, on_assumed_history(tried)),
            ],
            Err(problems) => {
                let told = problems.iter().map(|one| one.title.as_str());
                let text = told.collect::<Vec<_>>().join("\n");
                vec![("What this policy does cannot be shown:", text)]
            }
        })
    }
}

/// What stands before a history that nobody has described.
const ASSUMED: &str = "What becomes of images is shown on an assumed history: each day an image of each kind that the \
    rules name, one with another tag, and one without. `ecrlint lifecycle preview --history` shows it on yours.";

fn explained(tried: &Tried) -> String {
    let told = [lifecycle::explain(tried)];
    written(|out| render::lifecycle::write_explained(&told, &options(), out))
}

fn read(args: &AccessArgs, texts: &Texts) -> Option<(Inventory, Setup)> {
    let mut terminal = Terminal::silent();
    let LookArgs { paths, input } = &args.inputs;
    let mut setup = gathering::setup_over(paths, input, texts, &mut terminal).ok()?;
    let parameters = ParameterValues::read(&input.reading.parameters, &mut setup);
    let wanted = InputRequest::of(paths, input, parameters, &mut setup).ok()?;
    let loading = gathering::load(wanted, &mut setup, &terminal).ok()?;
    Some((loading.inventory, setup))
}

/// What a policy makes of half a year in which each kind of image is pushed that it is about.
fn on_assumed_history(tried: &Tried) -> String {
    let text = lifecycle::assumed(&tried.policy);
    let Ok(history) = History::parse(&text) else {
        return String::new();
    };
    let images = BorrowedImages::History {
        history: &history,
        text: &text,
        days: ASSUMED_DAYS,
        seed: 0,
    };
    match lifecycle::preview(tried, images, lifecycle::list_price()) {
        Ok(preview) => {
            written(|out| render::lifecycle::write_previews(&[preview], &options(), out))
        }
        Err(mistake) => mistake.title,
    }
}

fn written(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut text = Vec::new();
    // Nothing that is written to memory fails.
    let _written = write(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

fn options() -> RenderOptions {
    RenderOptions {
        width: WIDTH,
        ..RenderOptions::default()
    }
}
