//! A rule as Markdown: the one text behind `explain`, the help in SARIF and the site.
//! It does not know terminals or files.

use std::fmt::Write as _;

use super::{Flavour, Rule};

/// The documentation of `rule`. `output` is what the tool really prints for the first failing
/// example, where somebody has run it.
#[must_use]
pub fn markdown(rule: &Rule, output: Option<&str>) -> String {
    let logic = rule.logic();
    let documentation = rule.documentation();
    let mut text = format!("# {}\n\n{}.\n\n", logic.id, capitalised(&logic.title));
    text.push_str(&facts(rule));
    section(&mut text, "Why", documentation.why.trim());
    section(&mut text, "How to fix", &fixes(rule));
    if let Some(output) = output {
        section(&mut text, "What it looks like", &fenced("text", output));
    } else if let Some(example) = documentation.examples.fail.first() {
        section(&mut text, "What it finds", &fenced("", &example.text));
    }
    section(&mut text, "Settings", &settings(rule));
    section(&mut text, "References", &references(rule));
    text
}

/// Severity, sets, version and controls, one line each.
fn facts(rule: &Rule) -> String {
    let (logic, documentation) = (rule.logic(), rule.documentation());
    let mut lines = format!("- Severity: {}\n", logic.severity.as_str());
    if logic.sets.is_empty() {
        lines.push_str("- Sets: none, off unless it is selected\n");
    } else {
        let _ = writeln!(lines, "- Sets: {}", sets(rule).join(", "));
    }
    if let Some(since) = &documentation.since {
        let _ = writeln!(lines, "- Since: {since}");
    }
    for (framework, ids) in &documentation.controls {
        let _ = writeln!(lines, "- {framework}: {}", ids.join(", "));
    }
    lines
}

/// The sets, with the version since which the rule belongs to one where that is another than its own.
fn sets(rule: &Rule) -> Vec<String> {
    let logic = rule.logic();
    let since = rule.documentation().since.as_ref();
    let sets = logic.sets.iter().enumerate();
    let told = sets.map(|(index, set)| match logic.joined.get(index) {
        Some(joined) if Some(joined) != since => format!("{set} (since {joined})"),
        _ => set.clone(),
    });
    told.collect()
}

fn fixes(rule: &Rule) -> String {
    let mut text = String::new();
    for flavour in Flavour::ALL {
        let Some(fix) = rule.general_fix(flavour) else {
            continue;
        };
        let (title, language) = match flavour {
            Flavour::CdkTypescript => ("CDK, TypeScript", "ts"),
            Flavour::CdkPython => ("CDK, Python", "python"),
            Flavour::Cloudformation => ("CloudFormation", "yaml"),
            Flavour::Cli => ("AWS CLI", "sh"),
        };
        let code = fenced(language, &fix);
        let _ = writeln!(text, "### {title}\n\n{code}\n");
    }
    text.trim_end().to_owned()
}

fn settings(rule: &Rule) -> String {
    let mut text = String::new();
    for setting in &rule.logic().settings {
        let _ = write!(
            text,
            "- `{}` ({}): {}",
            setting.name,
            setting.kind.noun(),
            setting.description.trim_end()
        );
        if !setting.choices.is_empty() {
            let choices: Vec<_> = setting
                .choices
                .iter()
                .map(|choice| format!("`{choice}`"))
                .collect();
            let _ = write!(text, ". One of {}", choices.join(", "));
        }
        let _ = match &setting.default {
            Some(default) => writeln!(text, ". Default: `{default}`"),
            None => writeln!(text, ". No default"),
        };
    }
    text.trim_end().to_owned()
}

fn references(rule: &Rule) -> String {
    let links = rule.documentation().references.iter();
    let lines: Vec<_> = links.map(|link| format!("- <{link}>")).collect();
    lines.join("\n")
}

/// Adds a section, unless there is nothing to say in it.
fn section(text: &mut String, title: &str, body: &str) {
    if !body.is_empty() {
        let _ = write!(text, "\n## {title}\n\n{body}\n");
    }
}

/// A fenced block whose fence is longer than any run of backticks within.
pub(crate) fn fenced(language: &str, text: &str) -> String {
    let longest = text
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}", text.trim_end())
}

/// The text with its first letter in upper case.
fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::fenced;

    #[test]
    fn no_text_ends_its_fence() {
        for (text, expected) in [("a `b` c", "```"), ("", "```"), ("````\nx", "`````")] {
            let block = fenced("text", text);
            let inner = block.strip_prefix(expected).expect("the fence begins it");
            let inner = inner.strip_suffix(expected).expect("the fence ends it");
            assert_eq!(inner, format!("text\n{text}\n"), "{text:?}");
        }
    }
}
