//! Whether a line of a program still is what a stack trace says that it was.
//! It does not know files, nor what becomes of a line that is not.

/// Characters behind a call that are looked at.
const REACH: usize = 2000;

/// Whether a call that a trace names can be where it says: `text` begins with the line, and goes on with those behind it.
/// Where the line `makes` a construct by `new`, or by a call of a class, the id that is written there is part of the
/// path of the construct.
pub(super) fn holds(text: &str, column: Option<u32>, makes: Option<&str>) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let Some(call) = called(line, column) else {
        return false;
    };
    let Some(path) = makes else { return true };
    let reach = text
        .char_indices()
        .nth(REACH)
        .map_or(text.len(), |(at, _)| at);
    let rest = text.get(call..reach).unwrap_or_default();
    match made(rest, column.is_some()).and_then(id) {
        // A builder may make more of what it is given.
        Some(id) => path.contains(&id.replace('/', "--")),
        None => true,
    }
}

/// Where in a line a call can be that a trace names, by its column where there is one.
fn called(line: &str, column: Option<u32>) -> Option<usize> {
    let code = line.trim_start();
    if ["//", "#", "*", "/*"]
        .iter()
        .any(|mark| code.starts_with(mark))
    {
        return None;
    }
    let Some(column) = column else {
        let is_code = code.chars().any(|c| c.is_alphanumeric() || c == '_');
        return is_code.then_some(0);
    };
    let mut characters = line.char_indices().skip(column as usize - 1);
    let (at, first) = characters.next()?;
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let is_within = is_part(first) && line[..at].chars().next_back().is_some_and(is_part);
    let is_end = first.is_whitespace() || ")]};,".contains(first);
    (!is_within && !is_end).then_some(at)
}

/// What stands between the parentheses where an object is made: at the beginning, or else anywhere in the line.
fn made(text: &str, is_here: bool) -> Option<&str> {
    let line = text.lines().next()?;
    let class = match (is_here, text.strip_prefix("new ")) {
        (true, behind) => behind?,
        (false, _) => match line.split_once("new ") {
            Some((before, _)) => &text[before.len() + "new ".len()..],
            None => &text[python_class(line)?..],
        },
    };
    let end = class.find(|c: char| !(c.is_alphanumeric() || "_$.<>".contains(c)))?;
    class[end..].strip_prefix('(')
}

/// Where in a line the class begins that is called there, as Python does it: a capital, and a parenthesis behind.
fn python_class(line: &str) -> Option<usize> {
    let open = line.find('(')?;
    let before = &line[..open];
    let start = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
    let start = start.len();
    let is_class = before[start..].starts_with(|c: char| c.is_uppercase());
    is_class.then_some(start)
}

/// The second argument, where it is a plain text: the id of a construct, by the convention of all of them.
fn id(arguments: &str) -> Option<&str> {
    let (first, rest) = arguments.split_once(',')?;
    let is_name = |c: char| c.is_alphanumeric() || "_$.".contains(c);
    if !first.trim().chars().all(is_name) {
        return None;
    }
    let rest = rest.trim_start();
    let quote = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '\'' | '"' | '`'))?;
    let (text, behind) = rest[1..].split_once(quote)?;
    let is_alone = behind.trim_start().starts_with([',', ')']);
    let is_plain = !text.is_empty() && !text.contains(['\\', '{', '\n']);
    (is_alone && is_plain).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn a_line_holds_what_a_trace_can_name() {
        let path = Some("Shop/Api/Resource");
        for (text, column, makes, expected) in [
            ("  new ecr.Repository(this, 'Api', {", Some(3), path, true),
            ("  new ecr.Repository(this, \"Api\");", Some(3), path, true),
            ("  new Repository<X>(scope, `Api`)", Some(3), path, true),
            (
                "  new ecr.Repository(\n    this,\n    'Api',\n",
                Some(3),
                path,
                true,
            ),
            ("  new ecr.Repository(this, id, {", Some(3), path, true),
            (
                "  new ecr.Repository(this, `${id}-x`, {",
                Some(3),
                path,
                true,
            ),
            ("  new ecr.Repository(this, 'A' + x, {", Some(3), path, true),
            ("  new ecr.Repository(f(a, 'b'), 'c')", Some(3), path, true),
            ("  return this.make('Web')", Some(15), path, true),
            ("  new ecr.Repository(this, 'Web', {", Some(3), path, false),
            ("  new ecr.Repository(this, 'Web', {", Some(3), None, true),
            ("  new ecr.Repository(this, 'Api', {", Some(5), path, false),
            ("  new ecr.Repository(this, 'Api', {", Some(90), path, false),
            ("    });", Some(5), path, false),
            ("    });", Some(7), path, false),
            ("", Some(1), path, false),
            (
                "    // new ecr.Repository(this, 'Api')",
                Some(8),
                path,
                false,
            ),
            ("x = \"é\"; new A(this, 'Api')", Some(10), path, true),
        ] {
            assert_eq!(holds(text, column, makes), expected, "{text:?} {column:?}");
        }
    }

    #[test]
    fn a_line_without_a_column_holds_what_stands_anywhere_in_it() {
        for (text, expected) in [
            ("        ecr.Repository(self, \"Api\")", true),
            (
                "        repository = ecr.Repository(\n            self,\n            \"Api\",",
                true,
            ),
            ("        return make(self, \"Web\")", true),
            ("        ecr.Repository(self, f\"{x}Web\")", true),
            ("        ecr.Repository(self, \"Web\")", false),
            ("        made =\u{a0}Repository(self, \"Api\")", true),
            ("        made —Repository(self, \"Web\")", false),
            (
                "        Repository r = new Repository(this, \"Api\");",
                true,
            ),
            (
                "        Repository r = new Repository(this, \"Web\");",
                false,
            ),
            ("        # ecr.Repository(self, \"Api\")", false),
            ("        )", false),
            ("", false),
        ] {
            assert_eq!(
                holds(text, None, Some("Shop/Api/Resource")),
                expected,
                "{text:?}"
            );
        }
    }
}
