//! The rules that are not data: what the tool itself has to say about inputs and ignores.
//! It does not know when they are broken.

pub(super) use crate::report::UNREADABLE;
use crate::report::baseline;
use crate::report::{RuleSummary, Severity, Tally};

/// Id of the finding that a rule can judge nothing under the configuration that switches it on.
pub(super) const IDLE: &str = "idle-rule";
/// Id of the finding that an ignore ignores nothing.
pub(super) const UNUSED: &str = "unused-ignore";
/// Id of the finding that the last day of an ignore is over.
pub(super) const EXPIRED: &str = "expired-ignore";

/// A rule of the tool itself, raised through the same report as the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToolRule {
    /// The id, as unique as those of rule files.
    pub id: &'static str,
    /// What a finding says in general.
    pub title: &'static str,
    /// Severity, unless the configuration has another.
    pub severity: Severity,
    /// Whether the configuration may give it another severity, or switch it off.
    pub configurable: bool,
    why: &'static str,
    fix: &'static str,
}

/// Every rule of the tool, by id.
pub const TOOL_RULES: [ToolRule; 5] = [
    ToolRule {
        id: EXPIRED,
        title: "the last day of an ignore is over",
        severity: Severity::Warning,
        configurable: true,
        why: "Somebody decided that a finding does not count until a day, and that day is over. The finding \
              counts again.",
        fix: "Mend what the finding says and remove the ignore, or decide anew and write a later day.",
    },
    ToolRule {
        id: IDLE,
        title: "a rule that is switched on can judge nothing",
        severity: Severity::Warning,
        configurable: true,
        why: "Somebody wrote a line for a rule that asks for something which is not configured: a declaration, a \
              setting, an organisation. The rule is on and finds nothing, whatever the repositories are like, and \
              looks as if all of them kept it.",
        fix: "Configure what the rule asks for, give it the setting that makes it ask everywhere, or remove the line.",
    },
    ToolRule {
        id: UNREADABLE,
        title: "something that belongs to the run cannot be read or understood",
        severity: Severity::Error,
        configurable: false,
        why: "What cannot be read cannot be judged, and a run that passes over it in silence would promise \
              what it does not know. While there is such an error, the run ends with exit code 2. It cannot be \
              ignored or switched off.",
        fix: "Mend the file at the place that the finding names, or leave it out of the paths of the run.",
    },
    ToolRule {
        id: baseline::UNUSED,
        title: "a finding of the baseline is fixed",
        severity: Severity::Note,
        configurable: true,
        why: "A baseline lists the findings that were there when it was written, so that only new ones count. An entry \
              whose finding is fixed has done its work. Left in place, it would hide the same finding when it comes \
              back. Entries about inputs and rules that a run does not judge are not spoken of.",
        fix: "Write the baseline anew with `--baseline FILE --write-baseline`, or remove the line.",
    },
    ToolRule {
        id: UNUSED,
        title: "an ignore does not ignore anything",
        severity: Severity::Warning,
        configurable: true,
        why: "An ignore that fits no finding has done its work, or never did: the repository keeps the rule by \
              now, the rule is off, or the pattern does not say what was meant. Left in place, it would hide the \
              next finding that it happens to fit. When no repository of the run is meant at all, the severity \
              is `note`, because the inputs may lie elsewhere. A run that sees a part of what lies below the \
              configuration says nothing of ignores there, and one of selected rules nothing of those of the others.",
        fix: "Remove the ignore, or mend its pattern.",
    },
];

/// The address of the page about a rule of the program.
pub(super) fn page(id: &str) -> String {
    format!("{}/rules/{id}.html", env!("CARGO_PKG_HOMEPAGE"))
}

/// The rule of the tool with this id.
#[must_use]
pub fn tool_rule(id: &str) -> Option<&'static ToolRule> {
    TOOL_RULES.iter().find(|rule| rule.id == id)
}

impl ToolRule {
    /// The documentation as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let configurable = match self.configurable {
            true => "by `rules:` in the configuration",
            false => "no",
        };
        format!(
            "# {}\n\n{}{}.\n\n- Severity: {}\n- Configurable: {configurable}\n\n## Why\n\n{}\n\n## How to fix\n\n{}\n",
            self.id,
            self.title[..1].to_uppercase(),
            &self.title[1..],
            self.severity.as_str(),
            self.why,
            self.fix
        )
    }

    /// What formats need to know about the rule.
    pub(super) fn summary(&self) -> RuleSummary {
        RuleSummary {
            id: self.id.to_owned(),
            title: self.title.to_owned(),
            severity: self.severity,
            why: self.why.to_owned(),
            markdown: self.markdown(),
            url: Some(page(self.id)),
            controls: Vec::new(),
            security: None,
            category: "tool".to_owned(),
            tally: Tally::default(),
        }
    }
}
