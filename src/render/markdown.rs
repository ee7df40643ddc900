//! A summary with a table, for the job summary of GitHub Actions or a comment.
//! It does not know where it will stand.

mod escaping;
mod evidence;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use self::escaping::{LIMIT, escape, prose};
use super::cause::CauseGroup;
use super::conclusion::Conclusion;
use super::path::relative;
use super::view::{Grade, View, many};

/// Characters of a message that are shown.
const MESSAGE: usize = 1000;
/// Instances of one cause that are listed.
const OTHERS: usize = 50;

pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = view.report;
    let causes = CauseGroup::all(view);
    let conclusion = Conclusion::with_causes(report, causes.len());
    let mut page = format!("## ecrlint: {}\n\n{}\n", conclusion.word, conclusion.text);
    if !causes.is_empty() {
        page.push_str("\n| | Rule | Finding | Where |\n|---|---|---|---|\n");
    }
    for (index, cause) in causes.iter().enumerate() {
        let row = row(view, cause);
        if page.len() + row.len() > LIMIT {
            let more = causes[index..].iter().map(CauseGroup::len).sum();
            let more = many(more, "more finding", "s");
            let _infallible = writeln!(page, "\n{more} left out: a summary holds 1 MiB");
            break;
        }
        page.push_str(&row);
    }
    let owned = report
        .repositories()
        .iter()
        .filter(|one| one.tool_owned)
        .count();
    match owned {
        0 => {}
        1 => page.push_str("\n1 repository made by a tool is not counted\n"),
        n => {
            let _infallible = writeln!(page, "\n{n} repositories made by tools are not counted");
        }
    }
    if let Some(hidden) = view.hidden() {
        let _infallible = writeln!(page, "\n{}", prose(&hidden));
    }
    if let Some(path) = report.configuration() {
        let _infallible = writeln!(page, "\nconfigured by <code>{}</code>", escape(path));
    }
    if view.options.evidence {
        evidence::add(&mut page, view);
    }
    out.write_all(page.as_bytes())
}

fn row(view: &View<'_>, cause: &CauseGroup<'_>) -> String {
    let finding = cause.first;
    let place = view.place(finding);
    let column = place
        .column
        .map(|column| format!(":{column}"))
        .unwrap_or_default();
    let file = relative(&place.path, view.options.root.as_deref());
    let place = format!("{file}:{}{column}", place.line);
    let rule = escape(&cause.title());
    let url = view
        .rule(&cause.title())
        .and_then(|(_, rule)| rule.url.as_deref());
    let rule = match url.filter(|url| {
        url.chars()
            .all(|c| c.is_ascii_graphic() && !"|()<>\\".contains(c))
    }) {
        Some(url) => format!("[{rule}]({url})"),
        None => rule,
    };
    let mut told = prose(&short(&cause.sentence()));
    let others = cause.other_places(view);
    for other in others.iter().take(OTHERS) {
        let _infallible = write!(told, "<br>also {}", prose(&short(other)));
    }
    if others.len() > OTHERS {
        let _infallible = write!(told, "<br>and {} more", others.len() - OTHERS);
    }
    format!(
        "| {} | {rule} | {told} | <code>{}</code> |\n",
        Grade::of(finding).as_str(),
        escape(&place)
    )
}

fn short(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MESSAGE) {
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::escaping::prose;

    #[test]
    fn names_become_code_and_never_markup() {
        assert_eq!(
            prose("repository `a|<b>` is *open* `"),
            "repository <code>a&#124;&#60;b&#62;</code> is &#42;open&#42; &#96;"
        );
    }
}
