//! What the editor is told of a judged document: findings, pages of rules, edits, and names of rules.

use std::collections::HashMap;
use std::str::FromStr;

use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeDescription, CompletionItem,
    CompletionItemKind, CompletionResponse, Diagnostic, DiagnosticRelatedInformation,
    DiagnosticSeverity, Documentation, Hover, HoverContents, Location, MarkupContent, MarkupKind,
    NumberOrString, Position, Range, TextEdit, Uri, WorkspaceEdit,
};

use super::inspected::Inspected;
use super::positions::LineIndex;
use super::survey::Survey;
use crate::commands::explain;
use crate::engine;
use crate::render;
use crate::report::{self, Severity, Verdict};

const SOURCE: &str = "ecrlint";
/// Lines above the cursor in which the beginning of a list of ignores is looked for.
const ABOVE: usize = 10;

/// The findings of a document. One whose place is in another file is reported where the document is named by it.
pub(super) fn diagnostics(inspected: &Inspected, uri: &Uri) -> Vec<Diagnostic> {
    let found = inspected.found();
    found
        .filter_map(|one| diagnostic(inspected, uri, one))
        .collect()
}

fn diagnostic(inspected: &Inspected, uri: &Uri, one: &report::Diagnostic) -> Option<Diagnostic> {
    let range = range(inspected, one)?;
    let mut message = render::sentence(one).into_owned();
    if let Some(help) = &one.help {
        message.push('\n');
        message.push_str(help);
    }
    let places = one.related.iter().filter_map(|place| {
        let bytes = inspected.bytes(place.span)?;
        let range = inspected.text.range(bytes);
        let message = place.message.clone();
        Some(DiagnosticRelatedInformation {
            location: Location::new(uri.clone(), range),
            message,
        })
    });
    let places: Vec<_> = places.filter(|place| !place.message.is_empty()).collect();
    let page = inspected
        .url(&one.rule)
        .and_then(|url| Uri::from_str(url).ok());
    Some(Diagnostic {
        range,
        severity: Some(severity(one)),
        code: Some(NumberOrString::String(one.rule.clone())),
        code_description: page.map(|href| CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message,
        related_information: (!places.is_empty()).then_some(places),
        ..Diagnostic::default()
    })
}

/// Where a finding is shown: at its place, or else at one that belongs to it.
fn range(inspected: &Inspected, one: &report::Diagnostic) -> Option<Range> {
    let spans = std::iter::once(one.primary.span).chain(one.related.iter().map(|place| place.span));
    let bytes = spans.into_iter().find_map(|span| inspected.bytes(span))?;
    Some(inspected.text.range(bytes))
}

fn severity(one: &report::Diagnostic) -> DiagnosticSeverity {
    match (one.verdict, one.severity) {
        (Verdict::Undetermined, _) | (_, Severity::Note) => DiagnosticSeverity::INFORMATION,
        (_, Severity::Warning) => DiagnosticSeverity::WARNING,
        (_, Severity::Error) => DiagnosticSeverity::ERROR,
    }
}

/// What the policy at a position says, and the page of the rule that is broken there, or whose name stands there.
pub(super) fn hover(inspected: &Inspected, survey: Option<&Survey>, at: Position) -> Option<Hover> {
    let found = inspected.found();
    let mut here = found.filter_map(|one| Some((one, range(inspected, one)?)));
    let broken = here.find(|(_, range)| range.start <= at && at <= range.end);
    let name = word(&inspected.text, at);
    let (rule, mut range) = match &broken {
        Some((one, range)) => (one.rule.as_str(), Some(*range)),
        None => (name, None),
    };
    let byte = inspected.text.byte(at);
    let policy = survey.and_then(|survey| survey.policy_at(byte, name));
    let mut parts = Vec::new();
    if let Some((bytes, told)) = policy {
        parts.push(told);
        range = range.or_else(|| Some(inspected.text.range(bytes)));
    }
    parts.extend(page(inspected, rule));
    let contents = HoverContents::Markup(MarkupContent {
        kind: MarkupKind::Markdown,
        value: parts.join("\n\n---\n\n"),
    });
    (!parts.is_empty()).then_some(Hover { contents, range })
}

/// The documentation of a rule as Markdown.
fn page(inspected: &Inspected, id: &str) -> Option<String> {
    if let Some(rule) = engine::tool_rule(id) {
        return Some(rule.markdown());
    }
    inspected.setup.as_ref()?.rules.get(id).map(explain::page)
}

/// The name at a position.
fn word(numbered: &LineIndex, at: Position) -> &str {
    let text = numbered.text.as_str();
    let byte = numbered.byte(at);
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let (before, behind) = text.split_at(byte);
    let start = before.trim_end_matches(is_part).len();
    let end = behind
        .find(|c| !is_part(c))
        .map_or(text.len(), |at| byte + at);
    text.get(start..end).unwrap_or_default()
}

/// The edits that end findings in a range.
pub(super) fn actions(inspected: &Inspected, uri: &Uri, wanted: Range) -> Vec<CodeActionOrCommand> {
    let found = inspected.found().filter(|one| !one.fixes.is_empty());
    let here = found.filter_map(|one| {
        let range = range(inspected, one)?;
        (range.start <= wanted.end && wanted.start <= range.end).then_some(one)
    });
    here.filter_map(|one| action(inspected, uri, one)).collect()
}

fn action(
    inspected: &Inspected,
    uri: &Uri,
    one: &report::Diagnostic,
) -> Option<CodeActionOrCommand> {
    let edits = one.fixes.iter().map(|fix| {
        let range = inspected.text.range(inspected.bytes(fix.span)?);
        Some(TextEdit::new(range, fix.text.clone()))
    });
    let edits: Vec<TextEdit> = edits.collect::<Option<_>>()?;
    let action = CodeAction {
        title: format!("Fix {} (ecrlint)", one.rule),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: diagnostic(inspected, uri, one).map(|it| vec![it]),
        edit: Some(WorkspaceEdit::new(HashMap::from([(uri.clone(), edits)]))),
        is_preferred: Some(true),
        ..CodeAction::default()
    };
    Some(CodeActionOrCommand::CodeAction(action))
}

/// The ids of rules, where one is written: in a configuration, and in ignores of a template.
pub(super) fn completion(inspected: &Inspected, at: Position) -> CompletionResponse {
    let rules = inspected.setup.as_ref().map(|setup| &setup.rules);
    let wanted = rules.filter(|_| names_rules(inspected, at));
    let rules = wanted.into_iter().flat_map(|rules| rules.iter());
    let items = rules.map(|rule| CompletionItem {
        label: rule.id().to_owned(),
        kind: Some(CompletionItemKind::CONSTANT),
        detail: Some(rule.logic().title.clone()),
        documentation: Some(Documentation::String(rule.documentation().why.clone())),
        ..CompletionItem::default()
    });
    CompletionResponse::Array(items.collect())
}

/// Whether the line of a position, or what it stands in, speaks about rules.
fn names_rules(inspected: &Inspected, at: Position) -> bool {
    let is_input = inspected.is_input();
    let before = &inspected.text.text[..inspected.text.byte(at)];
    let mut lines = before.lines().rev();
    let here = lines.next().unwrap_or_default();
    let begins = |line: &str| {
        ["ignore:", "ecrlint:", "\"ignore\":", "\"ecrlint\":"]
            .iter()
            .any(|key| line.trim_start().starts_with(key))
    };
    !is_input || here.contains("ecrlint") || lines.take(ABOVE).any(begins)
}
