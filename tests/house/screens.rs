//! The pictures in the documents show what the program prints.

use std::fmt::Write as _;

use crate::golden::assert_golden;
use crate::program::{ecrlint, root};

/// What a picture shows.
struct Screen {
    file: &'static str,
    /// Where the command runs.
    folder: &'static str,
    arguments: &'static [&'static str],
    /// Of the terminal, in characters.
    columns: u32,
    is_coloured: bool,
}

const SCREENS: [Screen; 3] = [
    Screen {
        file: "check-cdk.svg",
        folder: "fixtures/cdk-app",
        arguments: &["check"],
        columns: 80,
        is_coloured: true,
    },
    Screen {
        file: "check-template.svg",
        folder: ".",
        arguments: &["check", "fixtures/example"],
        columns: 120,
        is_coloured: false,
    },
    Screen {
        file: "explain.svg",
        folder: ".",
        arguments: &["explain", "scan-on-push"],
        columns: 80,
        is_coloured: true,
    },
];
/// Lines of output that a picture has room for.
const ROWS: usize = 48;
/// Size of a character, in pixels.
const CELL: (f64, f64) = (8.4, 18.0);
const MARGIN: f64 = 14.0;

#[test]
fn the_pictures_are_what_is_printed() {
    for screen in SCREENS {
        let color = if screen.is_coloured {
            "always"
        } else {
            "never"
        };
        let run = ecrlint(screen.arguments.iter().copied().chain(["--color", color]));
        let run = run.env("COLUMNS", &screen.columns.to_string());
        let printed = run.within(root().join(screen.folder)).ends().out;
        let command = format!("ecrlint {}", screen.arguments.join(" "));
        let svg = picture(&command, &printed, screen.columns);
        assert_golden(&root().join("docs/screens").join(screen.file), &svg);
    }
}

/// The first rows of what a terminal shows, the command above them.
fn picture(command: &str, printed: &str, columns: u32) -> String {
    let lines: Vec<&str> = printed.lines().collect();
    let shown = lines.len().min(ROWS);
    let width = f64::from(columns) * CELL.0 + 2.0 * MARGIN;
    let height = (shown as f64 + 2.0) * CELL.1 + 2.0 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\">\n<style>\n\
         text {{ font: 14px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #d8dee9; white-space: pre; }}\n\
         .strong {{ font-weight: bold; }} .quiet {{ fill: #7b8494; }} .error {{ fill: #ff6b6b; }}\n\
         .good {{ fill: #7ec77e; }} .warning {{ fill: #e5c07b; }} .key {{ fill: #61c1d1; }}\n</style>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1b1f27\"/>\n"
    );
    row(&mut svg, 0, &format!("\u{1b}[2m$\u{1b}[0m {command}"));
    for (index, line) in lines.iter().take(ROWS).enumerate() {
        row(&mut svg, index + 1, line);
    }
    if lines.len() > shown {
        row(&mut svg, shown + 1, "\u{1b}[2m…\u{1b}[0m");
    }
    svg.push_str("</svg>\n");
    svg
}

/// One line of the terminal, each piece of one look at its column, so that no font moves it.
fn row(svg: &mut String, number: usize, line: &str) {
    let y = MARGIN + (number as f64 + 0.8) * CELL.1;
    let mut column = 0;
    let mut looks: Vec<&str> = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        if let Some((codes, behind)) = rest
            .strip_prefix("\u{1b}[")
            .and_then(|rest| rest.split_once('m'))
        {
            looks = codes.split(';').filter_map(look).collect();
            rest = behind;
            continue;
        }
        let end = rest.find('\u{1b}').unwrap_or(rest.len());
        let (piece, behind) = rest.split_at(end);
        rest = behind;
        let cells = piece.chars().count();
        if !piece.trim().is_empty() {
            let x = MARGIN + column as f64 * CELL.0;
            let length = cells as f64 * CELL.0;
            let class = match looks.is_empty() {
                true => String::new(),
                false => format!(" class=\"{}\"", looks.join(" ")),
            };
            let text = piece.replace('&', "&amp;").replace('<', "&lt;");
            writeln!(
                svg,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{length:.1}\"{class} xml:space=\"preserve\">{text}</text>"
            )
            .expect("memory takes everything");
        }
        column += cells;
    }
}

/// What a code of SGR (ECMA-48) does here.
fn look(code: &str) -> Option<&'static str> {
    match code {
        "1" => Some("strong"),
        "2" => Some("quiet"),
        "31" => Some("error"),
        "32" => Some("good"),
        "33" => Some("warning"),
        "34" | "35" | "36" => Some("key"),
        _ => None,
    }
}
