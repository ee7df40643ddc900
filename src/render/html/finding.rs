//! A finding in the words and lines that the page shows of it.
//! It does not know where on the page it stands.

use std::borrow::Cow;

use serde::Serialize;

use crate::render::advice::{prose_and_code, sentence};
use crate::render::frame::{ShownLine, shown};
use crate::render::name::heading;
use crate::render::path::relative;
use crate::render::text::clean;
use crate::render::view::{Grade, View, parted};
use crate::report::{Diagnostic, Subject};
use crate::source::Span;

/// Related places that are reported.
const RELATED: usize = 6;

/// What the page shows of a finding. The names of the members are short because every finding has them.
#[derive(Serialize)]
pub(super) struct HtmlFinding<'a> {
    /// `error`, `warning`, `undetermined` or `note`.
    #[serde(rename = "g")]
    pub(super) grade: &'static str,
    /// Id of the rule.
    #[serde(rename = "r")]
    pub(super) rule: &'a str,
    /// What it is about.
    #[serde(rename = "s")]
    pub(super) subject: Option<String>,
    /// Account, region and stack of what it is about.
    #[serde(rename = "w")]
    pub(super) whereabouts: [Option<&'a str>; 3],
    /// What is wrong.
    #[serde(rename = "m")]
    pub(super) message: Cow<'a, str>,
    /// Why it is undetermined.
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    pub(super) because: Option<Cow<'a, str>>,
    /// The condition under which it holds.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub(super) when: Option<Cow<'a, str>>,
    /// Where a reader is sent: path, line and column.
    #[serde(rename = "p")]
    pub(super) place: String,
    /// The lines there.
    #[serde(rename = "x")]
    pub(super) lines: Vec<HtmlLine>,
    /// What stands at the place.
    #[serde(rename = "l", skip_serializing_if = "str::is_empty")]
    pub(super) label: Cow<'a, str>,
    /// What to know and to do, in words.
    #[serde(rename = "h", skip_serializing_if = "String::is_empty")]
    pub(super) advice: String,
    /// What to type.
    #[serde(rename = "t", skip_serializing_if = "String::is_empty")]
    pub(super) code: String,
    /// Other places that belong to it, each with a few words.
    #[serde(rename = "o", skip_serializing_if = "Vec::is_empty")]
    pub(super) related: Vec<(String, Cow<'a, str>)>,
    /// Page of the rule.
    #[serde(rename = "u", skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<&'a str>,
}

/// A line of a source: its number, and the text before, in and behind the mark.
#[derive(Serialize)]
pub(super) struct HtmlLine(
    pub(super) Option<u32>,
    pub(super) String,
    pub(super) String,
    pub(super) String,
);

impl From<ShownLine> for HtmlLine {
    fn from(line: ShownLine) -> Self {
        Self(line.number, line.before, line.marked, line.behind)
    }
}

impl<'a> HtmlFinding<'a> {
    pub(super) fn of(view: &View<'a>, finding: &'a Diagnostic) -> Self {
        let (message, because) = parted(finding);
        let help = finding.help.as_deref().unwrap_or_default();
        let (prose, code) = prose_and_code(help, view.has_code(&finding.rule, finding));
        let code: Vec<_> = code.iter().map(|line| clean(line)).collect();
        let (span, label) = marked(finding, because.is_some());
        let subject = finding.subject.as_deref();
        let rule = view.rule(&finding.rule).map(|(_, rule)| rule);
        Self {
            grade: Grade::of(finding).as_str(),
            rule: &finding.rule,
            subject: subject
                .and_then(heading)
                .map(|name| clean(&name).into_owned()),
            whereabouts: subject.map_or([None; 3], whereabouts),
            message: clean(message),
            because: because.map(clean),
            when: finding.when.as_deref().map(clean),
            place: place(view, finding),
            lines: shown(span, view.excerpts)
                .into_iter()
                .map(HtmlLine::from)
                .collect(),
            label: clean(label),
            advice: clean(&sentence(&prose)).into_owned(),
            code: code.join("\n"),
            related: related(view, finding),
            url: rule
                .and_then(|rule| rule.url.as_deref())
                .filter(|url| url.starts_with("https://")),
        }
    }
}

/// Account, region and stack of a subject.
pub(super) fn whereabouts(subject: &Subject) -> [Option<&str>; 3] {
    [&subject.account, &subject.region, &subject.stack].map(Option::as_deref)
}

/// What is marked of a finding, and what stands there: in the user's own program, where its text is known, or in the
/// input.
fn marked(finding: &Diagnostic, is_told: bool) -> (Span, &str) {
    let origin = finding.source_location.as_deref();
    match origin.and_then(|own| Some((own.span?, own.message.as_str()))) {
        Some(own) => own,
        None if is_told => (finding.primary.span, ""),
        None => (finding.primary.span, &finding.primary.message),
    }
}

/// Where a reader is sent: path, line and column.
fn place(view: &View<'_>, finding: &Diagnostic) -> String {
    let place = view.place(finding);
    let path = relative(&place.path, view.options.root.as_deref());
    let column = place.column.map(|column| format!(":{column}"));
    let text = format!("{path}:{}{}", place.line, column.unwrap_or_default());
    clean(&text).into_owned()
}

/// Other places that belong to a finding; the place in the input comes first where the program is shown.
fn related<'a>(view: &View<'_>, finding: &'a Diagnostic) -> Vec<(String, Cow<'a, str>)> {
    let at = |span: Span| {
        let found = view.excerpts.locate(span);
        let path = relative(&found.path, view.options.root.as_deref());
        let text = format!("{path}:{}:{}", found.start.line, found.start.column);
        clean(&text).into_owned()
    };
    let input = finding.source_location.as_ref().map(|_| &finding.primary);
    let others = finding.related.iter().take(RELATED);
    let all = input.into_iter().chain(others);
    all.map(|one| (at(one.span), clean(&one.message))).collect()
}
