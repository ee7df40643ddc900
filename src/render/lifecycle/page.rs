//! A page of text for a terminal: paragraphs that fit, and tables.
//! It does not know what stands in it.

use crate::render::RenderOptions;
use crate::render::name;
use crate::render::paint::{Brush, Ink};
use crate::render::text::{clean, columns, width, wrap};
use crate::report::lifecycle::DescribedPolicy;

/// Columns of the widest lines.
const WIDEST: usize = 140;
/// Columns of the narrowest lines.
const NARROWEST: usize = 40;

/// Columns of the first column of a table.
const LEAST: usize = 10;

/// A page in the making.
pub(super) struct LifecyclePage {
    pub(super) brush: Brush,
    pub(super) width: usize,
    /// Whether characters beyond ASCII may be drawn with.
    pub(super) unicode: bool,
    pub(super) text: String,
}

impl LifecyclePage {
    pub(super) fn new(options: &RenderOptions) -> Self {
        Self {
            brush: Brush {
                color: options.color,
                links: false,
            },
            width: options.width.clamp(NARROWEST, WIDEST),
            unicode: options.unicode,
            text: String::new(),
        }
    }

    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// A line that stands out, over several where it is long.
    pub(super) fn heading(&mut self, text: &str) {
        let text = clean(text);
        for part in wrap(&text, self.width, self.width) {
            let part = self.brush.paint(Ink::Strong, part).to_string();
            self.line(&part);
        }
    }

    /// A paragraph; lines behind the first one stand a little to the right.
    pub(super) fn item(&mut self, indent: usize, text: &str) {
        let text = clean(text);
        let room = self.width.saturating_sub(indent);
        for (index, part) in wrap(&text, room, room.saturating_sub(2))
            .into_iter()
            .enumerate()
        {
            let indent = indent + if index > 0 { 2 } else { 0 };
            self.line(&format!("{:indent$}{part}", ""));
        }
    }

    /// A paragraph.
    pub(super) fn prose(&mut self, indent: usize, text: &str) {
        let text = clean(text);
        let room = self.width.saturating_sub(indent);
        for part in wrap(&text, room, room) {
            self.line(&format!("{:indent$}{part}", ""));
        }
    }

    /// A word and what it names, over several lines where it is long.
    pub(super) fn named(&mut self, indent: usize, key: &str, text: &str) {
        let text = clean(text);
        let hang = indent + key.len() + 1;
        let room = self.width.saturating_sub(hang).max(20);
        for (index, part) in wrap(&text, room, room).into_iter().enumerate() {
            let line = match index {
                0 => format!("{:indent$}{} {part}", "", self.brush.paint(Ink::Key, key)),
                _ => format!("{:hang$}{part}", ""),
            };
            self.line(&line);
        }
    }

    /// Rows under their heads: numbers to the right, the first column to the left. It is cut where there is no room, and
    /// the last columns are left out.
    pub(super) fn table(&mut self, heads: &[&str], rows: &[Vec<String>]) {
        let mut widths: Vec<usize> = heads.iter().map(|head| width(head)).collect();
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(self::width(&clean(cell)));
            }
        }
        let taken = |widths: &[usize]| -> usize { widths.iter().skip(1).map(|one| one + 2).sum() };
        while widths.len() > 2 && taken(&widths) + LEAST + 2 > self.width {
            widths.pop();
        }
        let taken = taken(&widths);
        let Some(first) = widths.first_mut() else {
            return;
        };
        *first = (*first).min(self.width.saturating_sub(taken + 2).max(LEAST));
        let heads: Vec<_> = heads.iter().map(|head| (*head).to_owned()).collect();
        let head = self.row(&heads, &widths);
        let head = self.brush.paint(Ink::Key, head.trim_end()).to_string();
        self.line(&head);
        for row in rows {
            let line = self.row(row, &widths);
            self.line(&line);
        }
    }

    fn row(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = "  ".to_owned();
        for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
            let cell = self.cut(&clean(cell), *width);
            let pad = width.saturating_sub(self::width(&cell));
            match at {
                0 => line.push_str(&format!("{cell}{:pad$}", "")),
                _ => line.push_str(&format!("  {:pad$}{cell}", "")),
            }
        }
        line
    }

    /// A text that fits into so many columns.
    pub(super) fn cut(&self, text: &str, room: usize) -> String {
        if width(text) <= room {
            return text.to_owned();
        }
        let end = if self.unicode { "…" } else { "~" };
        let mut short = String::new();
        let mut filled = 0;
        for character in text.chars() {
            filled += columns(character);
            if filled + 1 > room {
                break;
            }
            short.push(character);
        }
        short + end
    }

    /// What a policy is called in a sentence.
    pub(super) fn called(about: &DescribedPolicy) -> String {
        let subject = about.subject.as_ref();
        let name = subject.and_then(|one| one.name.clone().or_else(|| name::name(one)));
        let policy = match name {
            Some(name) => format!("the lifecycle policy of `{name}`"),
            None => "the lifecycle policy".to_owned(),
        };
        match &about.when {
            Some(when) => format!("{policy}, when {when},"),
            None => policy,
        }
    }
}
