//! `--add-ignores`: writes an ignore for each finding, where somebody would have written it by hand.
//! It does not know what an ignore does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::ignore_edits::{self, IgnoreEntry};
use crate::cli::CheckArgs;
use crate::commands::destination::Destination;
use crate::commands::{CommandError, editing, setup::Setup, terminal::Terminal};
use crate::config::FILE_NAMES;
use crate::discover::STDIN;
use crate::door::{FileKind, Namer};
use crate::engine::tool_rule;
use crate::ignore::{Date, NamePattern};
use crate::report::{Diagnostic, DraftReport, Severity};
use crate::source::{SourceId, Span, Syntax, shown};

/// Days for which an ignore holds if nobody says otherwise.
pub(in crate::commands) const DAYS: u64 = 90;

/// Rules by the resource of a template that they are ignored at.
type Comments = BTreeMap<SourceId, BTreeMap<Span, BTreeSet<String>>>;

/// For which findings ignores are written, and until when.
pub(in crate::commands) struct IgnoreRequest {
    /// The least severity of a finding that gets one.
    pub(in crate::commands) least: Severity,
    /// The last day on which they hold, unless the command line names another.
    pub(in crate::commands) ending: Date,
}

/// Writes ignores for what counts in a report; says where they went.
pub(in crate::commands) fn add(
    args: &CheckArgs,
    setup: &Setup,
    draft: &DraftReport,
    wanted: IgnoreRequest,
    terminal: &mut Terminal,
) -> Result<(), CommandError> {
    if draft.is_incomplete() {
        terminal.say(
            "no ignore is written: something could not be read, so not all findings are known",
        );
        return Ok(());
    }
    let adding = Adding {
        setup,
        inline: !args.no_inline_ignores,
        reason: args.adopt.reason.clone().unwrap_or_default(),
        owner: args.adopt.owner.clone(),
        expires: args.adopt.expires.unwrap_or(wanted.ending),
    };
    let counting = draft.diagnostics.iter().filter(|one| {
        one.verdict.counts() && one.severity >= wanted.least && tool_rule(&one.rule).is_none()
    });
    let (mut comments, mut entries) = (Comments::new(), BTreeSet::new());
    let (mut count, mut nameless) = (0, 0);
    for finding in counting {
        if let Some(resource) = adding.resource(finding) {
            let own = comments.entry(resource.source).or_default();
            own.entry(resource)
                .or_default()
                .insert(finding.rule.clone());
        } else if let Some(subject) = pattern(finding) {
            entries.insert(adding.entry(&finding.rule, subject));
        } else {
            nameless += 1;
            continue;
        }
        count += 1;
    }
    // Everything is ready before anything is written.
    let mut edited = adding.commented(&comments)?;
    edited.extend(adding.configured(&entries.into_iter().collect::<Vec<_>>())?);
    for (path, text) in &edited {
        Destination::known(path)?.write(|out| out.write_all(text.as_bytes()))?;
    }
    let names: Vec<String> = edited
        .iter()
        .map(|(path, _)| format!("`{}`", shown(path)))
        .collect();
    let findings = if count == 1 { "finding" } else { "findings" };
    match names.is_empty() {
        true => terminal.say("no ignore is written: there is nothing to ignore"),
        false => terminal.say(&format!(
            "wrote ignores of {count} {findings} until {} into {}",
            adding.expires,
            names.join(", ")
        )),
    }
    if nameless > 0 {
        terminal.say(&format!(
            "left alone: {nameless} about things without a name"
        ));
    }
    Ok(())
}

/// Refuses what could not be judged a second time.
pub(in crate::commands) fn refuse(args: &CheckArgs) -> Result<(), CommandError> {
    let is_stdin = args.paths.iter().any(|path| path.as_os_str() == STDIN);
    match args.adopt.add_ignores && is_stdin {
        true => Err(CommandError::Usage(
            "ignores cannot be written into standard input; name the file".to_owned(),
        )),
        false => Ok(()),
    }
}

/// How what is about something is found again by the configuration.
fn pattern(finding: &Diagnostic) -> Option<String> {
    let subject = finding.subject.as_deref()?;
    let names = [
        &subject.construct_path,
        &subject.arn,
        &subject.name,
        &subject.logical_id,
    ];
    let name = names.into_iter().flatten().next()?;
    Some(NamePattern::exact(name).ok()?.as_str().to_owned())
}

struct Adding<'a> {
    setup: &'a Setup,
    /// Whether ignores in templates count in this run.
    inline: bool,
    reason: String,
    owner: Option<String>,
    expires: Date,
}

impl Adding<'_> {
    fn entry(&self, rule: &str, subject: String) -> IgnoreEntry {
        IgnoreEntry {
            rule: rule.to_owned(),
            subject,
            reason: self.reason.clone(),
            owner: self.owner.clone(),
            expires: self.expires.to_string(),
        }
    }

    /// The resource of a template written by hand that a finding points into, by its key. Whatever a program makes
    /// is made anew, and JSON has no comments.
    fn resource(&self, finding: &Diagnostic) -> Option<Span> {
        finding.subject.as_ref()?;
        if !self.inline || editing::is_made(finding) {
            return None;
        }
        let mut places = [Some(finding.primary.span), finding.judged]
            .into_iter()
            .flatten();
        places.find_map(|place| {
            let source = editing::written(place, &self.setup.sources)?;
            ignore_edits::resource(source.text(), place)
        })
    }

    /// Templates with a comment at each of the resources.
    fn commented(&self, comments: &Comments) -> Result<Vec<(PathBuf, String)>, CommandError> {
        let mut edited = Vec::new();
        for (id, resources) in comments {
            let source = self.setup.sources.source(*id);
            let path = PathBuf::from(&source.name);
            editing::check(&path, source.text(), &self.setup.door)?;
            let lines = resources.iter().map(|(resource, rules)| {
                let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
                let owner = self.owner.as_ref().map(|owner| format!(" owner={owner}"));
                let line = format!(
                    "# ecrlint: ignore {}{} expires={} -- {}",
                    rules.join(", "),
                    owner.unwrap_or_default(),
                    self.expires,
                    self.reason
                );
                (*resource, line)
            });
            let text = ignore_edits::with_comments(source.text(), lines.collect());
            edited.push((path, text.ok_or_else(|| by_hand(&source.name))?));
        }
        Ok(edited)
    }

    /// The configuration with more ignores; a new one where there is none.
    fn configured(
        &self,
        entries: &[IgnoreEntry],
    ) -> Result<Option<(PathBuf, String)>, CommandError> {
        if entries.is_empty() {
            return Ok(None);
        }
        let Some(path) = self.setup.config.path.clone() else {
            let path = PathBuf::from(FILE_NAMES[0]);
            let text = ignore_edits::with_ignores("", entries, Syntax::Yaml);
            return Ok(text.map(|text| (path, text)));
        };
        let door = &self.setup.door;
        let text = door.text(&path, Namer::User, FileKind::Configuration);
        let text = text.map_err(|source| CommandError::Read {
            path: path.clone(),
            source,
        })?;
        let edited = ignore_edits::with_ignores(&text, entries, Syntax::of_path(&path));
        let edited = edited.ok_or_else(|| by_hand(&shown(&path)))?;
        Ok(Some((path, edited)))
    }
}

/// Why a file is left as it is.
fn by_hand(name: &str) -> CommandError {
    CommandError::Usage(format!(
        "cannot add ignores to `{name}` without changing more of it; write them by hand"
    ))
}
