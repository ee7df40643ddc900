//! How frames look: colours, characters and width.
//! It does not know what is in a frame.

use miette::{GraphicalReportHandler, GraphicalTheme};

use crate::render::paint::Ink;

/// How frames look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SnippetStyle {
    pub(crate) color: bool,
    pub(crate) unicode: bool,
    pub(crate) width: usize,
    /// Lines shown before and behind the marked ones.
    pub(crate) context: usize,
}

impl SnippetStyle {
    /// Columns left for text when the largest line number is `line`.
    pub(super) fn room(self, line: usize) -> usize {
        let digits = line.max(1).ilog10() as usize + 1;
        self.width.clamp(40, 240) - digits - 5
    }

    /// The arrow before a place without a frame.
    pub(crate) fn arrow(self) -> &'static str {
        if self.unicode { "──▶" } else { "-->" }
    }

    /// What a line across the page is made of.
    pub(crate) fn dash(self) -> &'static str {
        if self.unicode { "─" } else { "-" }
    }

    /// What stands before each line of code.
    pub(crate) fn bar(self) -> &'static str {
        if self.unicode { "│" } else { "|" }
    }

    /// What draws a frame in which marks have these colours.
    pub(super) fn handler(self, inks: impl Iterator<Item = Ink>) -> GraphicalReportHandler {
        let mut theme = match (self.color, self.unicode) {
            (true, true) => GraphicalTheme::unicode(),
            (true, false) => GraphicalTheme::ascii(),
            (false, true) => GraphicalTheme::unicode_nocolor(),
            (false, false) => GraphicalTheme::none(),
        };
        let styles = &mut theme.styles;
        let inks = inks.map(|ink| match ink {
            Ink::Error => styles.error,
            Ink::Warning => styles.warning,
            Ink::Quiet => styles.linum,
            _ => styles.advice,
        });
        let highlights = inks.collect();
        styles.highlights = highlights;
        styles.link = styles.help;
        if !self.unicode {
            theme.characters.underbar = '^';
        }
        GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .without_primary_span_start()
            .without_syntax_highlighting()
            .without_cause_chain()
            .with_context_lines(0)
    }
}
