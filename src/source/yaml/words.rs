//! What the mistakes that the YAML parser finds are called.
//! It does not know where they stand.

use std::borrow::Cow;

use granit_parser::ErrorKind;

/// A mistake in words: what is, and what to do.
pub(super) struct ProblemText {
    pub(super) title: Cow<'static, str>,
    pub(super) help: Option<&'static str>,
}

/// Names a mistake. Rare ones keep the words of the parser.
pub(super) fn of(kind: &ErrorKind) -> ProblemText {
    let known = layout(kind)
        .or_else(|| token(kind))
        .or_else(|| quoted(kind));
    match known {
        Some((title, help)) => ProblemText {
            title: title.into(),
            help: Some(help),
        },
        None => of_named(kind),
    }
}

/// Lines, indentation and what may stand where.
fn layout(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        tab if is_tab(tab) => ("a tab stands in the indentation", "indent with spaces"),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
            "a `:` stands where no value can begin",
            "put text with `: ` between quotes, or begin the key on a line of its own",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            "expected a key and `: `",
            "write `: ` behind the key, or indent the line as part of the text before",
        ),
        ErrorKind::ExpectedBlockMappingKey => (
            "expected a key with the indentation of its neighbours",
            "indent the line like the other keys",
        ),
        ErrorKind::ExpectedBlockSequenceEntry => (
            "expected another `- ` item of the list",
            "indent the line by another amount, or write `- ` before it",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => (
            "a `- ` item cannot begin here",
            "begin the list on a line of its own",
        ),
        ErrorKind::InvalidBlockScalarHeader => (
            "text stands behind `|` or `>`",
            "begin the text on the next line",
        ),
        ErrorKind::ExpectedDocumentStart => (
            "text stands behind the end of the YAML value",
            "write keys and values, or indent the line as part of the text before",
        ),
        ErrorKind::BomInsideDocument => (
            "a byte order mark stands inside the text",
            "remove the mark",
        ),
        _ => return None,
    })
}

/// Anchors, tags and brackets.
fn token(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ErrorKind::UnknownAnchor => (
            "the alias has no anchor before it",
            "define the anchor, or put the text between quotes",
        ),
        ErrorKind::MissingAnchorOrAliasName => (
            "an anchor or alias has no name",
            "put the text between quotes, or write the name",
        ),
        ErrorKind::UndeclaredTagHandle => (
            "the tag has a handle that is not declared",
            "write the tag with one `!`, as in `!Sub`",
        ),
        ErrorKind::UnclosedVerbatimTag => ("the tag `!<` is not closed", "close it with `>`"),
        ErrorKind::MisplacedFlowCollectionEnd => (
            "a closing bracket has no opening one",
            "remove the bracket, or put the text between quotes",
        ),
        ErrorKind::ExpectedFlowMappingSeparator => (
            "expected `,` or `}` between the braces",
            "write a comma between two members",
        ),
        ErrorKind::ExpectedFlowSequenceSeparator => (
            "expected `,` or `]` between the brackets",
            "write a comma between two items",
        ),
        _ => return None,
    })
}

/// Text between quotes.
fn quoted(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ErrorKind::InvalidQuotedScalarIndent | ErrorKind::UnclosedQuotedScalar => (
            "a text between quotes is not closed before this place",
            "close the quotes, or indent the lines that belong to the text",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "text stands behind the closing quote",
            "put all of it between the quotes",
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            "an unknown escape stands between these double quotes",
            "write `\\\\` for a backslash, or use single quotes",
        ),
        ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate => (
            "a `\\u` escape names one half of a surrogate pair",
            "write both halves, or the character itself",
        ),
        _ => return None,
    })
}

/// Names a mistake whose words depend on what was found.
fn of_named(kind: &ErrorKind) -> ProblemText {
    match kind {
        ErrorKind::UnclosedFlowCollection { open } => ProblemText {
            title: format!("the bracket `{open}` is not closed").into(),
            help: Some("close it"),
        },
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => ProblemText {
            title: format!("the bracket `{open}` is closed with `{close}`").into(),
            help: Some("close each bracket with its own kind"),
        },
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => ProblemText {
            title: format!(
                "the control character U+{:04X} cannot stand in YAML",
                u32::from(*character)
            )
            .into(),
            help: Some("remove it, or write an escape between double quotes"),
        },
        ErrorKind::UnexpectedCharacter { character } => ProblemText {
            title: format!("a text cannot begin with the character `{character}`").into(),
            help: Some("put the text between quotes"),
        },
        other => ProblemText {
            title: super::super::problem::abridged(&other.to_string()).into(),
            help: None,
        },
    }
}

/// Whether the parser names the place behind the tab that is meant.
pub(super) fn is_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar
    )
}
