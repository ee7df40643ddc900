//! What is left of what was pushed when, as rows of shades.
//! It does not know what decides it.

use super::page::LifecyclePage;
use super::shades::{SHADES, columns, shade};
use crate::render::paint::Ink;
use crate::render::text::clean;
use crate::report::lifecycle::Timeline;

/// Columns of the names of families.
const LABEL: usize = 26;
/// Rows that are drawn.
const MOST_ROWS: usize = 12;
/// Columns between two dates below the rows.
const BETWEEN: usize = 3;

/// Draws a timeline; nothing where there is none.
pub(super) fn write(timeline: &Timeline, is_numbered: bool, page: &mut LifecyclePage) {
    if timeline.rows.is_empty() || timeline.weeks.is_empty() {
        return;
    }
    let names = timeline
        .rows
        .iter()
        .take(MOST_ROWS)
        .map(|row| clean(&row.family).chars().count());
    let label = names
        .max()
        .unwrap_or(0)
        .clamp("pushed in".len(), LABEL.min(page.width / 3));
    let room = page.width.saturating_sub(label + 4).max(1);
    let weeks = timeline.weeks.len();
    let step = weeks.div_ceil(room);
    let mut used = [false; SHADES.len()];
    page.gap();
    for row in timeline.rows.iter().take(MOST_ROWS) {
        let name = page.cut(&clean(&row.family), label);
        let pad = label - name.chars().count().min(label);
        let mut line = format!("  {name}{:pad$}  ", "");
        // One colour goes on as long as it is the same: a row is short then.
        let shades: Vec<Option<usize>> = columns(row, step).map(shade).collect();
        for run in shades.chunk_by(|one, other| one == other) {
            match run[0] {
                None => line.push_str(&" ".repeat(run.len())),
                Some(shade) => {
                    used[shade] = true;
                    let (drawn, ascii, ink, _) = SHADES[shade];
                    let cell = if page.unicode { drawn } else { ascii };
                    line.push_str(&page.brush.paint(ink, cell.repeat(run.len())).to_string());
                }
            }
        }
        page.line(&line);
    }
    axis(timeline, is_numbered, label, step, page);
    legend(&used, label, page);
    let more = timeline.rows.len().saturating_sub(MOST_ROWS);
    if more > 0 {
        page.prose(label + 4, &format!("and {more} more families"));
    }
}

/// When the weeks are, as far as there is room.
fn axis(
    timeline: &Timeline,
    is_numbered: bool,
    label: usize,
    step: usize,
    page: &mut LifecyclePage,
) {
    let columns = timeline.weeks.len().div_ceil(step);
    let longest = timeline.weeks.iter().map(String::len).max().unwrap_or(0);
    let mut line = String::new();
    for column in (0..columns).step_by(longest + BETWEEN) {
        let Some(week) = timeline.weeks.get(column * step) else {
            break;
        };
        if column == 0 || column + week.len() <= columns {
            line.push_str(&" ".repeat(column.saturating_sub(line.len())));
            line.push_str(week);
        }
    }
    let head = match is_numbered {
        true => "week",
        false => "pushed in",
    };
    let axis = format!("  {head:label$}  {line}");
    let axis = page.brush.paint(Ink::Quiet, axis).to_string();
    page.line(&axis);
}

fn legend(used: &[bool], label: usize, page: &mut LifecyclePage) {
    let shades = SHADES.iter().zip(used).filter(|(_, used)| **used);
    let shades = shades.map(|((drawn, ascii, _, text), _)| {
        format!("{} {text}", if page.unicode { drawn } else { ascii })
    });
    let legend = shades.collect::<Vec<_>>().join("   ");
    page.prose(label + 4, &legend);
}
