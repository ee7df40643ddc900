//! Draws a page of Markdown for a terminal: the documentation of a rule.
//! It does not know rules, and of Markdown only what their pages use.

use std::fmt::Write as _;

use super::RenderOptions;
use super::paint::{Brush, Ink};
use super::text::{clean, harmless, wrap};

/// Prose is not set wider than this: long lines are hard to read.
const PROSE: usize = 100;
/// Columns before what stands below a heading.
const INDENT: usize = 2;

/// `markdown` without its marks, as wide as the terminal, with what colours and links there are.
#[must_use]
pub fn page(markdown: &str, options: &RenderOptions) -> String {
    let brush = Brush {
        color: options.color,
        links: options.links,
    };
    let mut page = TextPage {
        brush,
        unicode: options.unicode,
        width: options.width.clamp(40, PROSE),
        text: String::new(),
        paragraph: String::new(),
    };
    let mut fence: Option<&str> = None;
    for line in markdown.lines() {
        match fence {
            Some(end) if line == end => fence = None,
            Some(_) => page.code(line),
            None => fence = page.line(line),
        }
    }
    page.close();
    harmless(&page.text).into_owned()
}

/// What has been drawn.
struct TextPage {
    brush: Brush,
    unicode: bool,
    width: usize,
    text: String,
    /// Lines of prose that belong together.
    paragraph: String,
}

impl TextPage {
    /// Draws a line that is not code; gives the end of the code that it begins, if it does.
    fn line<'m>(&mut self, line: &'m str) -> Option<&'m str> {
        let ticks = line.len() - line.trim_start_matches('`').len();
        if ticks >= 3 {
            self.close();
            return Some(&line[..ticks]);
        }
        let level = line.len() - line.trim_start_matches('#').len();
        if let (1.., Some(title)) = (level, line[level..].strip_prefix(' ')) {
            self.close();
            let indent = if level > 2 { INDENT } else { 0 };
            let ink = if level > 2 { Ink::Key } else { Ink::Strong };
            let title = self.brush.paint(ink, clean(title));
            let _infallible = writeln!(self.text, "{:indent$}{title}", "");
        } else if let Some(item) = line.strip_prefix("- ") {
            self.close();
            let bullet = if self.unicode { "•" } else { "-" };
            let _infallible = write!(self.text, "{:INDENT$}{bullet} ", "");
            self.prose(item, INDENT + 2);
        } else if line.is_empty() {
            self.close();
            if !self.text.is_empty() && !self.text.ends_with("\n\n") {
                self.text.push('\n');
            }
        } else {
            self.paragraph
                .push_str(if self.paragraph.is_empty() { "" } else { " " });
            self.paragraph.push_str(line.trim());
        }
        None
    }

    /// Draws the paragraph that is at its end.
    fn close(&mut self) {
        if !self.paragraph.is_empty() {
            let paragraph = std::mem::take(&mut self.paragraph);
            let _infallible = write!(self.text, "{:INDENT$}", "");
            self.prose(&paragraph, INDENT);
        }
    }

    /// Words below each other, the first line where the text ends, the others behind `indent` columns. What stands
    /// between backticks is painted where there are colours, and keeps its backticks where there are none.
    fn prose(&mut self, text: &str, indent: usize) {
        let address = text
            .strip_prefix('<')
            .and_then(|text| text.strip_suffix('>'));
        if let Some(address) = address {
            let shown = clean(address).into_owned();
            let linked = self.brush.link(Some(address), &shown);
            let _infallible = writeln!(self.text, "{linked}");
            return;
        }
        let text = clean(text);
        let is_paired = text.matches('`').count().is_multiple_of(2);
        let mut is_name = false;
        let room = self.width - indent;
        for (index, line) in wrap(&text, room, room).iter().enumerate() {
            if index > 0 {
                let _infallible = write!(self.text, "{:indent$}", "");
            }
            if !is_paired || !self.brush.color {
                let _infallible = writeln!(self.text, "{line}");
                continue;
            }
            for (part, piece) in line.split('`').enumerate() {
                is_name ^= part > 0;
                let _infallible = match is_name {
                    true => write!(self.text, "{}", self.brush.paint(Ink::Key, piece)),
                    false => write!(self.text, "{piece}"),
                };
            }
            self.text.push('\n');
        }
    }

    /// A line of code, never broken.
    fn code(&mut self, line: &str) {
        let line = line.replace('\t', "  ");
        let bar = if self.unicode { "│" } else { "|" };
        let bar = self.brush.paint(Ink::Quiet, bar);
        let line = format!("{:INDENT$}{bar} {}", "", clean(&line));
        let _infallible = writeln!(self.text, "{}", line.trim_end());
    }
}

#[cfg(test)]
mod tests {
    use super::page;
    use crate::render::RenderOptions;

    const MARKDOWN: &str = "# a-rule\n\nIt is so.\n\n- Severity: error\n- <https://example.com/a>\n\n## Why\n\n\
        One line\nand `another` one.\n\n### CDK\n\n```ts\na();\n\tb(`x`);\n```\n\n````text\n```\n::error::x\u{1b}[1m\n````\n";

    #[test]
    fn marks_become_looks() {
        let plain = RenderOptions::default();
        assert_eq!(
            page(MARKDOWN, &plain),
            "a-rule\n\n  It is so.\n\n  • Severity: error\n  • https://example.com/a\n\nWhy\n\n  One line and `another` \
             one.\n\n  CDK\n\n  │ a();\n  │   b(`x`);\n\n  │ ```\n  │ ::error::x\u{fffd}[1m\n"
        );
        let ascii = RenderOptions {
            unicode: false,
            ..plain.clone()
        };
        let ascii = page(MARKDOWN, &ascii);
        assert!(
            ascii.contains("  - Severity") && ascii.contains("  | a();"),
            "{ascii}"
        );
        let rich = RenderOptions {
            color: true,
            links: true,
            ..plain
        };
        let rich = page(MARKDOWN, &rich);
        for told in [
            "\u{1b}[1ma-rule\u{1b}[0m\n",
            "and \u{1b}[36manother\u{1b}[0m one.",
            "\u{1b}]8;;https://example.com/a\u{1b}\\https://example.com/a\u{1b}]8;;\u{1b}\\",
        ] {
            assert!(rich.contains(told), "{told:?} in {rich:?}");
        }
    }

    #[test]
    fn names_stay_painted_over_the_end_of_a_line() {
        let options = RenderOptions {
            color: true,
            width: 40,
            ..RenderOptions::default()
        };
        let text = format!("{} `one two` b", "a".repeat(33));
        let drawn = page(&text, &options);
        let (first, second) = drawn.split_once('\n').expect("two lines");
        assert!(first.ends_with("\u{1b}[36mone\u{1b}[0m"), "{drawn:?}");
        assert_eq!(second, "  \u{1b}[36mtwo\u{1b}[0m b\n");
    }
}
