//! Who may do what with each repository: rows for the script, and a table for those who have none.
//! It does not know how it was found out.

use maud::{Markup, html};
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::finding::whereabouts;
use super::plain::prose;
use crate::render::access::glance::{Can, ImageWork, can};
use crate::render::access::{LEVELS, cell, names, policy_of};
use crate::render::name::heading;
use crate::render::path::relative;
use crate::render::text::clean;
use crate::render::view::{View, many};
use crate::report::access::{AccessEntry, AccessListing, StatementReference};

/// Rows that are written out for readers without a script.
const WRITTEN: usize = 500;
/// Statements that are reported for a row.
const STATEMENTS: usize = 6;

/// What somebody is given. Many repositories have the same policy, so that each is reported once.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub(super) struct GivenTo {
    /// Who.
    #[serde(rename = "p")]
    principal: String,
    /// The widest group that gets through, or `undetermined`.
    #[serde(rename = "k")]
    class: String,
    /// Whether it can push and pull: `yes`, `perhaps`, `no`.
    #[serde(rename = "c")]
    can: [&'static str; 2],
    /// How many actions of each level, such as `read 2, write 5+?`.
    #[serde(rename = "n")]
    counts: String,
    /// Whose policy gives it.
    #[serde(rename = "i")]
    policy: &'static str,
    /// Levels with the names of their actions, those that are possible, conditions, and whatever there is to know.
    #[serde(rename = "d")]
    details: Vec<(&'static str, String)>,
    /// Why something of it is undetermined.
    #[serde(rename = "b", skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<String>,
}

/// A row: the repository, where it belongs, the number of what is given, when it holds, and the statements.
#[derive(Serialize)]
pub(super) struct AccessRow<'a>(
    String,
    [Option<&'a str>; 3],
    usize,
    Option<String>,
    Vec<String>,
);

/// All rows of a report.
#[derive(Default, Serialize)]
pub(super) struct AccessTable<'a> {
    #[serde(rename = "g")]
    given: Vec<GivenTo>,
    #[serde(rename = "r")]
    rows: Vec<AccessRow<'a>>,
    /// Repositories that are left out.
    #[serde(skip)]
    unlisted: usize,
    /// Who may do something all the same.
    #[serde(skip)]
    others: &'static str,
}

impl<'a> AccessTable<'a> {
    pub(super) fn of(view: &View<'a>) -> Self {
        let Some(depicted) = view.report.depicted() else {
            return Self::default();
        };
        let mut access = Self {
            unlisted: depicted.unlisted,
            others: depicted.access.first().map_or("", |one| one.unlisted),
            ..Self::default()
        };
        let mut known: FxHashMap<GivenTo, usize> = FxHashMap::default();
        for listing in &depicted.access {
            let name = heading(&listing.subject).unwrap_or_else(|| "(no name)".to_owned());
            let name = clean(&name).into_owned();
            for (given, statements) in all(listing) {
                let next = access.given.len();
                let number = *known.entry(given).or_insert_with_key(|given| {
                    access.given.push(given.clone());
                    next
                });
                let places = statements.iter().take(STATEMENTS);
                access.rows.push(AccessRow(
                    name.clone(),
                    whereabouts(&listing.subject),
                    number,
                    listing.when.as_deref().map(|when| clean(when).into_owned()),
                    places.map(|one| place(view, one)).collect(),
                ));
            }
        }
        access
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// What the rows say, and whom they do not tell.
    pub(super) fn about(&self) -> Markup {
        html! {
            p .quiet {
                "What policies of these inputs give, to whom, with each private repository. Not listed: " (prose(self.others)) "."
            }
        }
    }

    /// What is said where not all repositories are listed.
    pub(super) fn left_out(&self) -> Markup {
        html! {
            @if self.unlisted > 0 {
                p { "Of " (self.unlisted) " more repositories " code { "ecrlint access" } " says who may do what." }
            }
        }
    }

    /// The rows as a table; the first of them, where there are many.
    pub(super) fn plain(&self) -> Markup {
        let more = self.rows.len().saturating_sub(WRITTEN);
        html! {
            @if !self.rows.is_empty() {
                section aria-labelledby="all-access" {
                    h2 id="all-access" { "Who may do what" }
                    (self.about())
                    div .scroll tabindex="0" role="group" aria-label="Who may do what" {
                        table {
                            thead { tr {
                                @for head in ["Repository", "Who", "Group", "Push", "Pull", "Actions", "Given by"] { th scope="col" { (head) } }
                            } }
                            tbody { @for row in self.rows.iter().take(WRITTEN) { (self.row(row)) } }
                        }
                    }
                    @if more > 0 {
                        p { (many(more, "more row", "s")) ": with a script they can be searched, and "
                            code { "ecrlint access" } " shows those of each repository." }
                    }
                }
            }
        }
    }

    fn row(&self, AccessRow(name, _, number, when, places): &AccessRow<'_>) -> Markup {
        let given = &self.given[*number];
        html! {
            tr {
                th scope="row" { (name) @if let Some(when) = when { ", when " (when) } }
                td { (given.principal) } td { (given.class) } td { (given.can[0]) } td { (given.can[1]) }
                td { (given.counts)
                    @for reason in &given.reasons { p .undetermined { "Undetermined, because " (prose(reason)) "." } }
                }
                td { (given.policy) @for place in places { ", " code { (place) } } }
            }
        }
    }
}

/// Everything that is given with a repository.
fn all(listing: &AccessListing) -> Vec<(GivenTo, Vec<&StatementReference>)> {
    let mut all: Vec<(GivenTo, Vec<&StatementReference>)> = listing
        .entries
        .iter()
        .map(|one| (given(one), one.given_by.iter().collect()))
        .collect();
    all.extend(listing.unknown.iter().map(|(giver, reason)| {
        let unknown = GivenTo {
            principal: "(not known)".to_owned(),
            class: "undetermined".to_owned(),
            can: ["perhaps"; 2],
            policy: policy_of(*giver),
            reasons: vec![clean(reason).into_owned()],
            ..GivenTo::default()
        };
        (unknown, Vec::new())
    }));
    if all.is_empty() {
        let nobody = GivenTo {
            principal: "nobody".to_owned(),
            class: "nobody".to_owned(),
            can: ["no"; 2],
            policy: "no policy",
            ..GivenTo::default()
        };
        all.push((nobody, Vec::new()));
    }
    all
}

fn given(entry: &AccessEntry) -> GivenTo {
    let word = |work| match can(entry, work) {
        Can::Surely => "yes",
        Can::Perhaps => "perhaps",
        Can::Not => "no",
    };
    let counts = LEVELS.iter().map(|(level, _)| (level, cell(entry, level)));
    let counts = counts.filter(|(_, count)| count != "-");
    let counts: Vec<_> = counts
        .map(|(level, count)| format!("{level} {count}"))
        .collect();
    let class = entry.class.as_ref().copied();
    GivenTo {
        principal: clean(&entry.principal).into_owned(),
        class: class.unwrap_or("undetermined").to_owned(),
        can: ImageWork::BOTH.map(word),
        counts: counts.join(", "),
        policy: policy_of(entry.giver),
        details: details(entry),
        reasons: reasons(entry),
    }
}

fn details(entry: &AccessEntry) -> Vec<(&'static str, String)> {
    let mut details = Vec::new();
    let mut add = |word: &'static str, text: String| {
        if !text.is_empty() {
            details.push((word, clean(&text).into_owned()));
        }
    };
    for (level, _) in LEVELS {
        add(
            level,
            names(entry.actions.iter().filter(|one| one.level == level)),
        );
    }
    add("perhaps", names(entry.possible.iter()));
    for [operator, key, values] in &entry.conditions {
        add("only if", format!("{operator} {key}: {values}"));
    }
    add("taken back", entry.denied.join(", "));
    match &entry.token {
        Some(Ok(true)) => add("token", "ecr:GetAuthorizationToken is given".to_owned()),
        Some(Ok(false)) => add("token", "ecr:GetAuthorizationToken is not given".to_owned()),
        Some(Err(_)) | None => {}
    }
    details
}

/// Why something of it is undetermined.
fn reasons(entry: &AccessEntry) -> Vec<String> {
    let why = entry.reason.iter().filter(|_| !entry.possible.is_empty());
    let token = entry.token.iter().filter_map(|token| token.as_ref().err());
    let all = why
        .chain(entry.class.as_ref().err())
        .chain(token)
        .chain(&entry.doubt);
    let mut reasons: Vec<String> = Vec::new();
    for reason in all.map(|reason| clean(reason).into_owned()) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

/// Where a statement stands, and its name.
fn place(view: &View<'_>, statement: &StatementReference) -> String {
    let found = view.excerpts.locate(statement.place);
    let path = relative(&found.path, view.options.root.as_deref());
    let sid = statement.sid.iter().map(|sid| format!(" {sid}"));
    let sid: String = sid.collect();
    let text = format!("{path}:{}:{}{sid}", found.start.line, found.start.column);
    clean(&text).into_owned()
}
