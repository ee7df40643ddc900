//! Who may do what with a repository, for people: a table of everybody, then each of them in full.
//! It does not know how it was found out.

pub mod glance;
mod json;

use std::fmt::Write as _;
use std::io::{self, Write};

pub(super) use json::subject;
pub use json::write as write_json;

use glance::{Can, ImageWork, can};

use super::RenderOptions;
use super::name;
use super::paint::{Brush, Ink};
use super::text::{clean, harmless, width, wrap};
use crate::report::access::{AccessEntry, AccessListing, EcrAction, Giver, StatementReference};
use crate::source::Sources;

/// The levels of actions with the heading of their column.
pub(in crate::render) const LEVELS: [(&str, &str); 5] = [
    ("read", "READ"),
    ("list", "LIST"),
    ("write", "WRITE"),
    ("tagging", "TAG"),
    ("permissions", "PERMIT"),
];
/// Columns of one level in the table.
const CELL: usize = 7;
/// Terminals that are narrower have no room for the table.
const NARROWEST: usize = 80;
/// Columns before what is said of a principal.
const LABEL: usize = 16;

/// Writes the listings for people.
///
/// # Errors
/// What the writer says.
pub fn write_human(
    listings: &[AccessListing],
    sources: &Sources,
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = AccessPage {
        sources,
        brush: Brush {
            color: options.color,
            links: false,
        },
        width: options.width.clamp(40, 160),
        text: String::new(),
    };
    for (index, listing) in listings.iter().enumerate() {
        if index > 0 {
            page.text.push('\n');
        }
        page.listing(listing);
    }
    out.write_all(harmless(&page.text).as_bytes())
}

struct AccessPage<'a> {
    sources: &'a Sources,
    brush: Brush,
    width: usize,
    text: String,
}

impl AccessPage<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn listing(&mut self, listing: &AccessListing) {
        let subject = &listing.subject;
        let whole = name::name(subject);
        let mut heading = match (&subject.name, &whole) {
            (Some(name), Some(more)) => format!("access to `{}`, {}", clean(name), clean(more)),
            (Some(name), None) => format!("access to `{}`", clean(name)),
            (None, Some(whole)) => format!("access to {}", clean(whole)),
            (None, None) => "access to the repository".to_owned(),
        };
        if let Some(when) = &listing.when {
            let _ = write!(heading, ", when {}", clean(when));
        }
        let heading = self.brush.paint(Ink::Strong, heading).to_string();
        self.line(&heading);
        if self.width >= NARROWEST && !listing.entries.is_empty() {
            self.text.push('\n');
            self.table(&listing.entries);
        }
        for (number, entry) in listing.entries.iter().enumerate() {
            self.text.push('\n');
            self.entry(number + 1, entry);
        }
        for (giver, reason) in &listing.unknown {
            self.text.push('\n');
            let whose = policy_of(*giver);
            self.prose(
                0,
                &format!("what {whose} gives cannot be known, because {reason}"),
            );
        }
        if listing.entries.is_empty() && listing.unknown.is_empty() {
            self.text.push('\n');
            self.prose(0, "no policy lets anybody in");
        }
        self.text.push('\n');
        self.prose(0, &format!("not listed: {}", listing.unlisted));
    }

    fn table(&mut self, entries: &[AccessEntry]) {
        let room = self.width - LEVELS.len() * CELL - "  4 ".len() - CLASS;
        let widest = entries.iter().map(|entry| width(&clean(&entry.principal)));
        let room = widest.max().unwrap_or(0).max("WHO".len()).min(room);
        let mut heading = format!("{:4}{:room$}  {:CLASS$}", "", "WHO", "CLASS");
        for (_, level) in LEVELS {
            let _ = write!(heading, "{level:>CELL$}");
        }
        let heading = self.brush.paint(Ink::Key, heading).to_string();
        self.line(&heading);
        for (number, entry) in entries.iter().enumerate() {
            let principal = clean(&entry.principal);
            let who = cut(&principal, room);
            let pad = room - width(&who);
            let class = entry.class.as_ref().map_or("?", |class| class);
            let mut row = format!("{:>3} {who}{:pad$}  {class:CLASS$}", number + 1, "");
            for (level, _) in LEVELS {
                let _ = write!(row, "{:>CELL$}", cell(entry, level));
            }
            self.line(&row);
        }
    }

    fn entry(&mut self, number: usize, entry: &AccessEntry) {
        let class = match &entry.class {
            Ok(class) => format!(": {class}"),
            Err(_) => String::new(),
        };
        let heading = format!("{number}. {}{class}", clean(&entry.principal));
        for (index, part) in wrap(&heading, self.width, self.width - 3)
            .into_iter()
            .enumerate()
        {
            let indent = if index == 0 { "" } else { "   " };
            let part = self.brush.paint(Ink::Strong, part).to_string();
            self.line(&format!("{indent}{part}"));
        }
        if let Err(reason) = &entry.class {
            self.say("class", &format!("not known, because {reason}"));
        }
        for (level, _) in LEVELS {
            let names = names(entry.actions.iter().filter(|action| action.level == level));
            let purpose = match level {
                "read" if can(entry, ImageWork::Pull) == Can::Surely => " (can pull)",
                "write" if can(entry, ImageWork::Push) == Can::Surely => " (can push)",
                _ => "",
            };
            if !names.is_empty() {
                self.say(level, &format!("{names}{purpose}"));
            }
        }
        if !entry.possible.is_empty() {
            let names = names(entry.possible.iter());
            let reason = entry.reason.as_deref().unwrap_or_default();
            self.say(
                "perhaps",
                &format!("{names}; not certain, because {reason}"),
            );
        }
        if entry.actions.is_empty() && entry.possible.is_empty() {
            self.say(
                "nothing",
                "nobody gets through, or nothing has an effect here",
            );
        }
        for [operator, key, values] in &entry.conditions {
            self.say("only if", &format!("{operator} {key}: {values}"));
        }
        match &entry.token {
            None => {}
            Some(Ok(true)) => self.say("token", "ecr:GetAuthorizationToken is given"),
            Some(Ok(false)) => self.say("token", "ecr:GetAuthorizationToken is not given"),
            Some(Err(reason)) => self.say("token", &format!("not certain, because {reason}")),
        }
        self.statements(entry);
        if let Some(doubt) = &entry.doubt {
            self.say("more", &format!("not certain, because {doubt}"));
        }
    }

    fn statements(&mut self, entry: &AccessEntry) {
        for (index, statement) in entry.given_by.iter().enumerate() {
            let whose = policy_of(entry.giver);
            let label = if index == 0 { "given by" } else { "" };
            self.say(label, &format!("{}, {whose}", self.spelled(statement)));
        }
        if !entry.denied.is_empty() {
            self.say("taken back", &bare(entry.denied.iter().copied()));
        }
        for statement in &entry.taken_by {
            let text = format!("{}, from some or all", self.spelled(statement));
            self.say("taken back by", &text);
        }
    }

    fn spelled(&self, statement: &StatementReference) -> String {
        let location = self.sources.locate(statement.place);
        let (line, column) = (location.start.line, location.start.column);
        let mut text = format!("{}:{line}:{column}", location.path);
        if let Some(sid) = &statement.sid {
            let _ = write!(text, " `{sid}`");
        }
        text
    }

    fn say(&mut self, label: &str, text: &str) {
        let room = self.width.saturating_sub(LABEL + 3).max(20);
        let text = clean(text);
        for (index, part) in wrap(&text, room, room).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let pad = LABEL - label.len();
            let label = self.brush.paint(Ink::Quiet, label).to_string();
            self.line(&format!("   {label}{:pad$}{part}", ""));
        }
    }

    fn prose(&mut self, indent: usize, text: &str) {
        let text = clean(text);
        for part in wrap(&text, self.width - indent, self.width - indent) {
            self.line(&format!("{:indent$}{part}", ""));
        }
    }
}

/// Columns of the class in the table.
const CLASS: usize = "organisational-unit".len();

pub(in crate::render) fn policy_of(giver: Giver) -> &'static str {
    match giver {
        Giver::Repository => "the repository policy",
        Giver::Registry => "the registry policy",
        Giver::Identity => "its IAM policies",
    }
}

/// How many actions of a level there are, with what is certain of it.
pub(in crate::render) fn cell(entry: &AccessEntry, level: &str) -> String {
    let count = |actions: &[EcrAction]| actions.iter().filter(|it| it.level == level).count();
    match (count(&entry.actions), count(&entry.possible)) {
        (0, 0) => "-".to_owned(),
        (0, _) => "?".to_owned(),
        (certain, 0) => certain.to_string(),
        (certain, _) => format!("{certain}+?"),
    }
}

pub(in crate::render) fn names<'a>(actions: impl Iterator<Item = &'a EcrAction>) -> String {
    bare(actions.map(|action| action.name))
}

/// Names without their prefix, which is the same for all.
fn bare(names: impl Iterator<Item = &'static str>) -> String {
    let names: Vec<_> = names
        .map(|name| name.strip_prefix("ecr:").unwrap_or(name))
        .collect();
    names.join(", ")
}

/// As much of a text as fits.
fn cut(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut short = String::new();
    for character in text.chars() {
        if width(&short) + 2 > room {
            break;
        }
        short.push(character);
    }
    short.push('…');
    short
}
