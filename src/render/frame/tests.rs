//! What is drawn of the lines that a report keeps.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Mark, SnippetStyle, draw, shown};
use crate::render::paint::Ink;
use crate::source::{Excerpts, Sources, Span};

/// Everything that is drawn of some places.
fn drawn(spans: &[Span], excerpts: &Excerpts) -> String {
    let marks = spans.iter().map(|span| Mark {
        span: *span,
        label: "here",
        ink: Ink::Key,
    });
    let look = SnippetStyle {
        color: false,
        unicode: true,
        width: 60,
        context: 1,
    };
    let mut text = String::new();
    draw(&marks.collect::<Vec<_>>(), excerpts, look, &mut text);
    for span in spans {
        let (lines, place) = (shown(*span, excerpts), excerpts.locate(*span));
        text.push_str(&format!("{lines:?} {place:?}\n"));
    }
    text
}

proptest! {
    #[test]
    fn the_lines_that_are_kept_are_drawn_as_the_whole_text_is(
        lines in vec("(\\PC{0,12}|é{0,90}| {0,4}- [a-c]{1,9}|\t\r?)", 0..60),
        ends in vec((0usize..1500, 0usize..300), 1..6),
        is_line in any::<bool>(),
    ) {
        let text = match is_line {
            true => format!("{{\"a\": [{}]}}", "1, ".repeat(lines.len())),
            false => lines.join("\n"),
        };
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", if is_line { "" } else { &text });
        let id = match is_line {
            true => sources.add_lines(file, 9).expect("there are ids").after(4),
            false => file,
        };
        sources.keep_line(id, text.as_str());
        let near = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
        let spans = ends.iter().map(|(start, length)| {
            let [start, end] = [*start, start + length].map(|at| near(at).unwrap_or(0));
            Span::new(id, start, end)
        });
        let spans: Vec<Span> = spans.collect();
        let few = Excerpts::of(&sources, spans.iter().copied(), []);
        let everywhere = (0..=text.len()).map(|at| Span::new(id, at, at));
        let all = Excerpts::of(&sources, spans.iter().copied(), everywhere);
        prop_assert_eq!(drawn(&spans, &few), drawn(&spans, &all));
        sources.let_go();
        prop_assert_eq!(drawn(&spans, &few), drawn(&spans, &all));
    }
}
