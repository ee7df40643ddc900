//! What to do about a finding, parted into what is said and what is typed.
//! It does not know how either is shown.

/// How a line of code begins that says something to people, in the languages of fixes.
const COMMENTS: [&str; 2] = ["# ", "// "];

/// The lines that speak to people, and those that are to be typed. A fix begins with the former as comments.
pub(super) fn prose_and_code(help: &str, is_code: bool) -> (Vec<&str>, Vec<&str>) {
    let mut lines: Vec<&str> = help.lines().collect();
    let count = match is_code {
        true => lines
            .iter()
            .take_while(|line| spoken(line).is_some())
            .count(),
        false => 1,
    };
    let code = lines.split_off(count.min(lines.len()));
    let prose = lines.iter().map(|line| spoken(line).unwrap_or(line));
    (prose.collect(), code)
}

/// Lines that speak to people as one: each is a clause.
pub(super) fn sentence(lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines {
        let goes_on = text.is_empty() || text.ends_with([':', ';', ',']);
        text.push_str(if goes_on { "" } else { ";" });
        text.push_str(if text.is_empty() { "" } else { " " });
        text.push_str(line);
    }
    text
}

/// What a comment says.
fn spoken<'a>(line: &&'a str) -> Option<&'a str> {
    COMMENTS.iter().find_map(|mark| line.strip_prefix(mark))
}

#[cfg(test)]
mod tests {
    use super::{prose_and_code, sentence};

    #[test]
    fn clauses_become_a_sentence() {
        assert_eq!(sentence(&["here", "a; b", "c"]), "here; a; b; c");
        assert_eq!(
            sentence(&["as many:", "any", "both;", "c"]),
            "as many: any; both; c"
        );
        assert_eq!(sentence(&[]), "");
    }

    #[test]
    fn comments_before_code_are_prose() {
        for (help, is_code, prose, code) in [
            ("a: 1", true, vec![], vec!["a: 1"]),
            (
                "# say\n# more\na: 1\n# b",
                true,
                vec!["say", "more"],
                vec!["a: 1", "# b"],
            ),
            ("// say\na();", true, vec!["say"], vec!["a();"]),
            ("# say", true, vec!["say"], vec![]),
            ("#say", true, vec![], vec!["#say"]),
            ("say", false, vec!["say"], vec![]),
            ("# say", false, vec!["say"], vec![]),
            ("say:\na: 1", false, vec!["say:"], vec!["a: 1"]),
            ("", false, vec![], vec![]),
        ] {
            assert_eq!(prose_and_code(help, is_code), (prose, code), "{help}");
        }
    }
}
