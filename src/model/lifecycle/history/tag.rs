//! Tags that change from one push to the next: `main-{n}`, `v{semver}`, `{sha}`, `{date}`.

use super::random::Random;
use super::words::HistoryMistake;
use crate::model::lifecycle::time::Time;

const FORM: &str = "write `{n}` for a number, `{semver}` for a version, `{sha}` for a commit, `{date}` for the day";
const CHARACTERS: &str = "a tag has letters, digits, `_`, `.` and `-`, the last two not in front, and 128 of them at most";
/// Longest tag of the OCI distribution specification.
const LONGEST: usize = 128;
/// Room that is left for what is put in: a commit has forty characters.
const FILLED: usize = 40;

/// A tag, part by part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TagTemplate(Vec<TagPart>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum TagPart {
    Text(String),
    Number,
    Version,
    Commit,
    Date,
}

/// Reads the tags of an image: `main-{n}+latest` are two.
pub(super) fn read(text: &str, start: usize) -> Result<Vec<TagTemplate>, HistoryMistake> {
    let mut tags = Vec::new();
    let mut at = start;
    for tag in text.split('+') {
        if tag.is_empty() {
            // The `+` before it, else the one behind.
            let plus = at.saturating_sub(usize::from(at > start));
            let title = "a tag is missing beside `+`";
            return Err(HistoryMistake::new(plus..plus + 1, title, FORM));
        }
        tags.push(template(tag, at)?);
        at += tag.len() + 1;
    }
    Ok(tags)
}

fn template(tag: &str, start: usize) -> Result<TagTemplate, HistoryMistake> {
    let all = start..start + tag.len();
    let mut parts = Vec::new();
    let mut rest = tag;
    while !rest.is_empty() {
        let at = start + tag.len() - rest.len();
        if let Some(inside) = rest.strip_prefix('{') {
            let Some((name, behind)) = inside.split_once('}') else {
                return Err(HistoryMistake::new(
                    at..all.end,
                    "a `{` is not closed",
                    FORM,
                ));
            };
            let place = at..at + name.len() + 2;
            parts.push(match name {
                "n" => TagPart::Number,
                "semver" => TagPart::Version,
                "sha" => TagPart::Commit,
                "date" => TagPart::Date,
                other => {
                    let title = format!("`{{{other}}}` stands for nothing");
                    return Err(HistoryMistake::new(place, title, FORM));
                }
            });
            rest = behind;
            continue;
        }
        let end = rest.find('{').unwrap_or(rest.len());
        let (text, behind) = rest.split_at(end);
        let is_fine = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if let Some((offset, strange)) = text.char_indices().find(|(_, c)| !is_fine(*c)) {
            let place = at + offset..at + offset + strange.len_utf8();
            return Err(match strange {
                '*' => HistoryMistake::new(place, "a tag has no `*`", FORM),
                other => HistoryMistake::new(place, format!("a tag has no `{other}`"), CHARACTERS),
            });
        }
        parts.push(TagPart::Text(text.to_owned()));
        rest = behind;
    }
    let longest: usize = parts.iter().map(TagPart::longest).sum();
    if tag.starts_with(['.', '-']) || longest > LONGEST {
        return Err(HistoryMistake::new(all, "this cannot be a tag", CHARACTERS));
    }
    Ok(TagTemplate(parts))
}

impl TagPart {
    fn longest(&self) -> usize {
        match self {
            TagPart::Text(text) => text.len(),
            _ => FILLED,
        }
    }
}

impl TagTemplate {
    /// The tag of one push.
    pub(super) fn tag(&self, number: u64, at: Time, random: &mut Random) -> String {
        let mut tag = String::new();
        for part in &self.0 {
            match part {
                TagPart::Text(text) => tag.push_str(text),
                TagPart::Number => tag.push_str(&(number + 1).to_string()),
                TagPart::Version => {
                    let (minor, patch) = (number / 10, number % 10);
                    tag.push_str(&format!("1.{minor}.{patch}"));
                }
                TagPart::Commit => {
                    let (head, tail) = (random.next(), random.next());
                    let commit = format!("{head:016x}{tail:016x}{:08x}", random.next() >> 32);
                    tag.push_str(&commit);
                }
                TagPart::Date => tag.push_str(&at.date()),
            }
        }
        tag
    }
}
