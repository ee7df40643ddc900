//! What documents say, as trees for people: each value with its place, and why it is not known.
//! It does not know how the documents came about.

use std::io::{self, Write};

use super::RenderOptions;
use super::name;
use super::paint::{Brush, Ink};
use super::text::{clean, harmless};
use crate::report::sheet::{Says, Sheet, SheetSection};
use crate::source::{Sources, Span};

/// Longer texts are cut.
const LONGEST: usize = 300;

/// Writes sheets, one after the other.
///
/// # Errors
/// What the writer says.
pub fn write(
    sheets: &[&Sheet],
    sources: &Sources,
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = SheetPage {
        sources,
        brush: Brush {
            color: options.color,
            links: false,
        },
        branches: match options.unicode {
            true => ["├─ ", "└─ ", "│  ", "   "],
            false => ["|- ", "`- ", "|  ", "   "],
        },
        text: String::new(),
    };
    for (index, sheet) in sheets.iter().enumerate() {
        if index > 0 {
            page.text.push('\n');
        }
        page.sheet(sheet);
        // Many documents are told as they are written.
        out.write_all(harmless(&page.text).as_bytes())?;
        page.text.clear();
    }
    Ok(())
}

struct SheetPage<'a> {
    sources: &'a Sources,
    brush: Brush,
    /// Before a part, before the last one, and before what is in each.
    branches: [&'static str; 4],
    text: String,
}

impl SheetPage<'_> {
    fn sheet(&mut self, sheet: &Sheet) {
        let subject = &sheet.subject;
        let name = subject.name.clone().or_else(|| name::name(subject));
        let name = name.unwrap_or_else(|| subject.kind.as_str().to_owned());
        let name = clean(&name).into_owned();
        let mut heading = self.brush.paint(Ink::Strong, name).to_string();
        if let Some(when) = &sheet.when {
            heading.push_str(&format!(", when {}", clean(when)));
        }
        let place = self.place(sheet.place, None);
        self.text.push_str(&format!("{heading}{place}\n"));
        self.parts(&sheet.parts, "", sheet.place);
    }

    fn parts(&mut self, parts: &[SheetSection], before: &str, around: Span) {
        let last = parts.len().saturating_sub(1);
        for (index, part) in parts.iter().enumerate() {
            let is_last = index == last;
            let branch = self.branches[usize::from(is_last)];
            let line = self.line(part, around);
            let quiet = self.brush.paint(Ink::Quiet, format!("{before}{branch}"));
            self.text.push_str(&format!("{quiet}{line}\n"));
            let deeper = format!("{before}{}", self.branches[2 + usize::from(is_last)]);
            if let Says::List(inner) | Says::Map(inner) = &part.says {
                self.parts(inner, &deeper, part.place);
            }
        }
    }

    /// A part in one line, with its place where that is another than the one around it.
    fn line(&self, part: &SheetSection, around: Span) -> String {
        let mut line = String::new();
        if let Some(doubt) = &part.doubt {
            let doubt = format!("perhaps, because {}: ", clean(doubt));
            line.push_str(&self.brush.paint(Ink::Warning, doubt).to_string());
        }
        if !part.name.is_empty() {
            let name = clean(&part.name).into_owned();
            line.push_str(&self.brush.paint(Ink::Key, name).to_string());
        }
        let says = match &part.says {
            Says::Word(word) => clean(word).into_owned(),
            Says::Text(text) => {
                let text = serde_json::Value::from(cut(text)).to_string();
                self.brush.paint(Ink::Good, clean(&text)).to_string()
            }
            Says::Absent => self.brush.paint(Ink::Quiet, "not there").to_string(),
            Says::Unknown(reason) => {
                let reason = format!("not known, because {}", clean(reason));
                self.brush.paint(Ink::Warning, reason).to_string()
            }
            Says::List(items) if items.is_empty() => "[]".to_owned(),
            Says::Map(members) if members.is_empty() => "{}".to_owned(),
            Says::List(items) => {
                let count = self
                    .brush
                    .paint(Ink::Quiet, format!("{} items", items.len()));
                count.to_string()
            }
            Says::Map(_) => String::new(),
        };
        match (part.name.is_empty(), says.is_empty()) {
            (false, false) => line.push_str(": "),
            (true, true) => line.push('-'),
            _ => {}
        }
        line.push_str(&says);
        line + &self.place(part.place, Some(around))
    }

    /// Where something stands, behind what it says; nothing where that is said already.
    fn place(&self, span: Span, around: Option<Span>) -> String {
        if around == Some(span) || span == Span::default() {
            return String::new();
        }
        let place = self.sources.locate(span);
        let (line, column) = (place.start.line, place.start.column);
        let text = match around.is_some_and(|around| around.source == span.source) {
            true => format!("  {line}:{column}"),
            false => format!("  {}:{line}:{column}", clean(&place.path)),
        };
        self.brush.paint(Ink::Quiet, text).to_string()
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
