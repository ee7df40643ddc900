//! `ecrlint query` and `ecrlint show`: what the documents of real inputs say, for people who write rules.

use super::deployment::ParameterValues;
use super::gathering::{self, InputRequest};
use super::judging::today;
use super::loading::Loading;
use super::streaming::{self, StreamRemarks};
use super::{CommandError, setup::Setup, terminal::Terminal};
use crate::cli::{LookArgs, QueryArgs, ShowArgs};
use crate::engine::{self, Keep, Looked, Plan, Session, Thresholds};
use crate::model::{Entity, EntityKind};
use crate::render;
use crate::report::Severity;
use crate::report::sheet::Sheet;
use crate::rules::Question;
use crate::rules::query::QueryError;
use crate::source::{Problem, nearest};

/// Repositories whose documents are looked at, at most.
const MOST: usize = 100_000;

pub(super) fn query(args: &QueryArgs, terminal: &mut Terminal) -> Result<u8, CommandError> {
    let question = Question::read(&args.query).map_err(|error| mistake(&args.query, error))?;
    let told = look(
        &args.inputs,
        terminal,
        |_| true,
        |session, repository| session.answers(repository, &question),
    )?;
    let count = told.sheets.len();
    let found = |doubts: bool| -> usize {
        let parts = told.sheets.iter().flat_map(|sheet| &sheet.parts);
        parts.filter(|part| part.doubt.is_some() == doubts).count()
    };
    let (certain, perhaps) = (found(false), found(true));
    let with = told
        .sheets
        .iter()
        .filter(|sheet| !sheet.parts.is_empty())
        .count();
    let code = told.print(terminal, |sheet| !sheet.parts.is_empty())?;
    let nodes = if certain == 1 { "node" } else { "nodes" };
    let perhaps = match perhaps {
        0 => String::new(),
        count => format!(", and perhaps {count} more"),
    };
    terminal.say(&format!(
        "{certain} {nodes}{perhaps}, in {with} of {count} documents"
    ));
    Ok(code)
}

pub(super) fn show(args: &ShowArgs, terminal: &mut Terminal) -> Result<u8, CommandError> {
    let wanted = |one: &Entity| engine::goes_by(one, &args.repository);
    let told = look(&args.inputs, terminal, wanted, |session, repository| {
        session.sheet(repository)
    })?;
    if told.sheets.is_empty() && told.unreadable.is_empty() {
        let known = told.names.iter().map(String::as_str);
        let hint = match nearest(&args.repository, known) {
            Some(near) => format!(", `{near}` comes nearest"),
            None => format!(" among {}", told.names.len()),
        };
        return Err(CommandError::Usage(format!(
            "there is no repository `{}`{hint}",
            args.repository
        )));
    }
    told.print(terminal, |_| true)
}

/// Says where a query is wrong.
fn mistake(text: &str, error: QueryError) -> CommandError {
    let column = text
        .get(..error.range.start)
        .map_or(0, |before| before.chars().count());
    let help = error
        .help
        .map_or_else(String::new, |help| format!("; {help}"));
    let label = match error.label.as_str() {
        "" => String::new(),
        label => format!(" ({label})"),
    };
    CommandError::Usage(format!(
        "{} at column {} of the query{label}{help}",
        error.title,
        column + 1
    ))
}

/// What was seen in the inputs.
struct InspectedInputs {
    setup: Setup,
    sheets: Vec<Sheet>,
    /// Names of repositories that nobody asked for.
    names: Vec<String>,
    unreadable: Vec<Problem>,
}

impl InspectedInputs {
    fn print(
        self,
        terminal: &mut Terminal,
        is_told: impl Fn(&Sheet) -> bool,
    ) -> Result<u8, CommandError> {
        let told: Vec<&Sheet> = self.sheets.iter().filter(|sheet| is_told(sheet)).collect();
        let options = terminal.options();
        let sources = &self.setup.sources;
        terminal.print_with(|out| render::sheet::write(&told, sources, &options, out))?;
        gathering::complain(self.unreadable, &self.setup, terminal)
    }
}

/// Looks at the documents of the repositories that are wanted.
fn look(
    LookArgs { paths, input }: &LookArgs,
    terminal: &mut Terminal,
    is_wanted: impl Fn(&Entity) -> bool + Sync,
    sheet: impl Fn(&Session<'_>, &Entity) -> Sheet,
) -> Result<InspectedInputs, CommandError> {
    let mut setup = gathering::setup(paths, input, terminal)?;
    let parameters = ParameterValues::read(&input.reading.parameters, &mut setup);
    if !setup.problems.is_empty() {
        let unreadable = std::mem::take(&mut setup.problems);
        return Ok(InspectedInputs {
            setup,
            sheets: Vec::new(),
            names: Vec::new(),
            unreadable,
        });
    }
    let wanted = InputRequest::of(paths, input, parameters, &mut setup)?;
    let Loading {
        inventory,
        unreadable,
        remarks,
        mut streams,
        gaps,
        ..
    } = gathering::load(wanted, &mut setup, terminal)?;
    let mut said = StreamRemarks::of(unreadable, remarks, gaps, false);
    let whole = streaming::gather(&inventory, &mut streams, &mut setup.sources, &mut said);
    let mut looked = Looked::default();
    let mut live = Vec::new();
    for stream in &mut streams {
        live.extend(stream.seek(&is_wanted, &mut setup.sources, &mut said, &mut looked));
    }
    let plan = Plan::default();
    let thresholds = Thresholds {
        fail_on: None,
        undetermined: Severity::Note,
        today: today(0),
    };
    let session = Session::new(&plan, &setup.config, &whole, thresholds, Keep::Everything);
    let all = inventory.entities.iter().chain(&live);
    let wanted = all.filter(|one| is_wanted(one)).take(MOST);
    let sheets = wanted.map(|one| sheet(&session, one)).collect();
    let private = inventory.entities.iter();
    let private = private.filter(|one| one.kind() == EntityKind::Private);
    let names = private.flat_map(|one| one.names().map(str::to_owned).collect::<Vec<_>>());
    let names = names.chain(looked.names).collect();
    let unreadable = said.problems;
    drop(whole);
    Ok(InspectedInputs {
        setup,
        sheets,
        names,
        unreadable,
    })
}
