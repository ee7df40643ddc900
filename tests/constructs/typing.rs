//! Types what a finding says into the program that it is about.

use serde_json::Value;

use crate::code::Language;
use crate::translated::Variable;

/// A program, and what has to be known of the finding to type into it.
pub(crate) struct Page<'a> {
    pub(crate) language: Language,
    pub(crate) text: &'a str,
    pub(crate) variables: &'a [Variable],
    /// The line that the finding points at, from 0.
    pub(crate) line: usize,
    /// The statement that it stands in, counted from the last one of its construct.
    pub(crate) statement: usize,
}

/// What a finding says: words, and code behind them.
pub(crate) struct Advice {
    pub(crate) words: Vec<String>,
    pub(crate) code: Vec<String>,
}

impl Advice {
    pub(crate) fn read(help: &str, language: Language) -> Self {
        let word = |line: &str| Some(line.strip_prefix(language.mark())?.trim().to_owned());
        let words: Vec<_> = help.lines().map_while(word).collect();
        let code = help.lines().skip(words.len()).map(str::to_owned);
        Self {
            code: code.collect(),
            words,
        }
    }

    /// What stands between backticks behind `start`, in each line that begins so.
    fn named<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a str> {
        let rests = self
            .words
            .iter()
            .filter_map(move |line| line.strip_prefix(start));
        rests.filter_map(|rest| rest.strip_prefix('`')?.split('`').next())
    }

    fn says(&self, start: &str) -> bool {
        self.words.iter().any(|line| line.starts_with(start))
    }

    /// What the code is a part of, where that is not what the finding points at.
    fn within(&self) -> Option<&str> {
        let rest = self
            .words
            .iter()
            .find_map(|line| line.strip_prefix("in this "))?;
        rest.split([',', ';']).next()
    }

    /// Whether it is code that stands by itself.
    pub(crate) fn is_statement(&self, language: Language) -> bool {
        self.code
            .first()
            .is_some_and(|first| key(first, language).is_none())
    }

    /// Whether it says what to do, and not only what to think about.
    pub(crate) fn is_edit(&self) -> bool {
        !self.code.is_empty()
            || ["without ", "in place of "]
                .iter()
                .any(|start| self.says(start))
    }
}

/// Lines of a text that belong together: a call with what stands in it.
#[derive(Clone, Copy, Debug)]
struct Block {
    start: usize,
    end: usize,
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The name that a line gives a value to, as a property.
fn key(line: &str, language: Language) -> Option<&str> {
    let line = line.trim_start();
    if let Some(quoted) = line.strip_prefix('"') {
        let (name, rest) = quoted.split_once('"')?;
        return rest.starts_with(':').then_some(name);
    }
    let end = line.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')?;
    let (name, rest) = line.split_at(end);
    let is_member = match language {
        Language::TypeScript => rest.starts_with(':'),
        Language::Python => rest.starts_with('=') && !rest.starts_with("=="),
    };
    (is_member && !name.is_empty()).then_some(name)
}

impl Page<'_> {
    /// The program with `advice` typed in.
    pub(crate) fn with(&self, advice: &Advice) -> Result<String, String> {
        let mut lines: Vec<String> = self.text.lines().map(str::to_owned).collect();
        if advice.within() == Some("statement of the text") {
            return self.with_text(lines, advice);
        }
        for what in advice.named("without ") {
            let block = self.block(&lines, advice.within())?;
            self.without(&mut lines, block, what)?;
        }
        if advice.says("without this construct") || advice.says("without this statement") {
            let block = self.block(&lines, advice.within())?;
            lines.drain(block.start..=block.end);
        }
        if let Some(priority) = advice
            .words
            .iter()
            .find_map(|line| line.strip_prefix("without the rule of priority "))
        {
            let priority = priority.split(';').next().unwrap_or_default();
            self.without_rule(&mut lines, priority)?;
        }
        if advice.says("the first of `") {
            self.first_rule(&mut lines, &advice.code)?;
        } else if let Some(what) = advice.named("in place of ").next() {
            let written = format!("\"{what}\"");
            let at = (self.line..lines.len()).find(|at| lines[*at].contains(&written));
            let at = at.ok_or_else(|| format!("no {written}"))?;
            lines[at] = lines[at].replacen(&written, &advice.code.join(" "), 1);
        } else if advice.is_statement(self.language) {
            let end = self.end(&lines);
            let pad = " ".repeat(indent(&lines[self.line]));
            let code = advice
                .code
                .iter()
                .map(|line| format!("{pad}{}", self.renamed(line)));
            lines.splice(end..end, code);
        } else {
            for member in self.members(&advice.code) {
                let block = self.block(&lines, advice.within())?;
                self.lay(&mut lines, block, &member, advice.says("besides the items"));
            }
        }
        Ok(lines.join("\n") + "\n")
    }

    fn key<'l>(&self, line: &'l str) -> Option<&'l str> {
        key(line, self.language)
    }

    /// Properties, each with all its lines.
    fn members(&self, code: &[String]) -> Vec<Vec<String>> {
        let mut members: Vec<Vec<String>> = Vec::new();
        let mut depth = 0_i32;
        for line in code {
            match members.last_mut() {
                Some(last) if depth > 0 => last.push(line.clone()),
                _ => members.push(vec![line.clone()]),
            }
            for letter in line.chars() {
                depth += i32::from("([{".contains(letter)) - i32::from(")]}".contains(letter));
            }
        }
        for member in &mut members {
            if let Some(last) = member.last_mut() {
                *last = format!("{},", last.trim_end_matches(','));
            }
        }
        members
    }

    /// Where the block ends that begins in a line.
    fn from(&self, lines: &[String], start: usize) -> Option<Block> {
        let closes = |line: &String| {
            indent(line) == indent(&lines[start]) && line.trim_start().starts_with(['}', ')', ']'])
        };
        let end = start + 1 + lines[start + 1..].iter().position(closes)?;
        Some(Block { start, end })
    }

    /// The construct that the finding points at, or what it names within.
    fn block(&self, lines: &[String], within: Option<&str>) -> Result<Block, String> {
        let none = || format!("nothing to type into at line {}", self.line + 1);
        let Some(class) = within else {
            return self.from(lines, self.line).ok_or_else(none);
        };
        let all = |what: &str| -> Vec<usize> {
            let is = |(_, line): &(usize, &String)| line.contains(what);
            lines
                .iter()
                .enumerate()
                .filter(is)
                .map(|(at, _)| at)
                .collect()
        };
        let sign = |name: &str| match self.language {
            Language::TypeScript => format!(" {name}: {{"),
            Language::Python => format!(" {name}={{"),
        };
        let start = match class {
            "iam.PolicyStatement" => {
                let all = all("iam.PolicyStatement(");
                all.iter().rev().nth(self.statement).copied()
            }
            "statement of the registry policy" => {
                let all = all("\"Effect\":");
                let inside = all.iter().rev().nth(self.statement).copied();
                inside.and_then(|at| {
                    (0..at)
                        .rev()
                        .find(|start| indent(&lines[*start]) < indent(&lines[at]))
                })
            }
            "detail" => all(&sign("detail")).first().copied(),
            class => all(&format!("{class}(")).first().copied(),
        };
        let start = start.ok_or_else(|| format!("no {class}"))?;
        self.from(lines, start).ok_or_else(none)
    }

    /// The lines of a property of a block.
    fn member(&self, lines: &[String], block: Block, name: &str) -> Option<Block> {
        let inner = indent(&lines[block.start + 1]);
        let begins = |line: &String| indent(line) == inner && self.key(line).is_some();
        let within = block.start + 1..block.end;
        let start = within
            .clone()
            .find(|at| begins(&lines[*at]) && self.key(&lines[*at]) == Some(name))?;
        let end = (start + 1..block.end).find(|at| begins(&lines[*at]));
        Some(Block {
            start,
            end: end.unwrap_or(block.end),
        })
    }

    fn remove_member(&self, lines: &mut Vec<String>, block: Block, name: &str) -> bool {
        let found = self.member(lines, block, name);
        if let Some(found) = found {
            lines.drain(found.start..found.end);
        }
        found.is_some()
    }

    /// Puts a property in place of the one of its name, or beside the others; `more` adds to the items of a list.
    fn lay(&self, lines: &mut Vec<String>, block: Block, member: &[String], more: bool) {
        let name = self.key(&member[0]).unwrap_or_default();
        let inner = match block.start + 1 < block.end {
            true => indent(&lines[block.start + 1]),
            false => indent(&lines[block.start]) + 2,
        };
        let pad = " ".repeat(inner);
        let code = member
            .iter()
            .map(|line| format!("{pad}{}", self.renamed(line)));
        match self.member(lines, block, name) {
            Some(old) if more => {
                let (start, end) = (
                    member[0].find('[').unwrap_or(0),
                    member[0].rfind(']').unwrap_or(0),
                );
                let items = format!(", {}]", &member[0][start + 1..end]);
                lines[old.start] = lines[old.start].replacen(']', &items, 1);
            }
            Some(old) => {
                lines.splice(old.start..old.end, code);
            }
            None => {
                lines.splice(block.end..block.end, code);
            }
        }
    }

    /// Takes away a property, or an item of a list.
    fn without(&self, lines: &mut Vec<String>, block: Block, what: &str) -> Result<(), String> {
        if self.remove_member(lines, block, what) {
            return Ok(());
        }
        // A member of what stands inside.
        let inside = (block.start..block.end).find(|at| self.key(&lines[*at]) == Some(what));
        if let Some(at) = inside {
            let pad = indent(&lines[at]);
            let closes = |line: &String| {
                indent(line) == pad && line.trim_start().starts_with(['}', ')', ']'])
            };
            let is_open = lines[at].ends_with(['{', '(', '[']);
            let end = lines[at..].iter().position(closes).filter(|_| is_open);
            lines.drain(at..=at + end.unwrap_or(0));
            return Ok(());
        }
        let at = (block.start..=block.end).find(|at| lines[*at].contains(what));
        let at = at.ok_or_else(|| format!("no {what}"))?;
        let line = lines[at].clone();
        let list = line.find('[').zip(line.rfind(']'));
        let (start, end) = list.unwrap_or((line.len(), line.len()));
        let items = line.get(start + 1..end).unwrap_or_default().split(", ");
        let left: Vec<_> = items.filter(|item| !item.contains(what)).collect();
        let left = left.join(", ");
        if left.is_empty() {
            // Without anybody or anything the whole statement goes.
            lines.drain(block.start..=block.end);
        } else {
            lines[at] = format!("{}[{left}]{}", &line[..start], &line[end + 1..]);
        }
        Ok(())
    }

    /// Where a rule of a lifecycle policy begins and ends.
    fn rule(&self, lines: &[String], at: usize) -> Option<Block> {
        let start = (0..at)
            .rev()
            .find(|start| indent(&lines[*start]) < indent(&lines[at]))?;
        self.from(lines, start)
    }

    fn priority(&self) -> String {
        match self.language {
            Language::TypeScript => "rulePriority: ".to_owned(),
            Language::Python => "rule_priority=".to_owned(),
        }
    }

    fn without_rule(&self, lines: &mut Vec<String>, priority: &str) -> Result<(), String> {
        let written = format!("{}{priority},", self.priority());
        let at = lines.iter().position(|line| line.trim() == written);
        let rule = at.and_then(|at| self.rule(lines, at));
        let rule = rule.ok_or_else(|| format!("no {written}"))?;
        lines.drain(rule.start..=rule.end);
        // A list without rules goes, too.
        if lines[rule.start].trim() == "]," && lines[rule.start - 1].ends_with('[') {
            lines.drain(rule.start - 1..=rule.start);
        }
        Ok(())
    }

    /// Puts a rule in front of the others, each of which gets a priority of one more.
    fn first_rule(&self, lines: &mut Vec<String>, code: &[String]) -> Result<(), String> {
        let sign = self.priority();
        let mut first = None;
        for (at, line) in lines.iter_mut().enumerate() {
            let Some(number) = line.trim().strip_prefix(&sign) else {
                continue;
            };
            let number: usize = number
                .trim_end_matches(',')
                .parse()
                .map_err(|_| "no priority")?;
            *line = format!("{}{sign}{},", " ".repeat(indent(line)), number + 1);
            first.get_or_insert(at);
        }
        let list = code[0].find('[').zip(code[0].find(']'));
        let list = list
            .map(|(start, end)| &code[0][start..=end])
            .ok_or("no list")?;
        let is_other = |line: &String| line.contains("attern") && line.contains(list);
        let other = lines.iter().position(is_other);
        let at = first.ok_or("no rules")?;
        let first = self.rule(lines, at).ok_or("no rules")?;
        if let Some(other) = other.and_then(|at| self.rule(lines, at)) {
            lines.drain(other.start..=other.end);
        }
        lines.splice(first.start..first.start, code.iter().cloned());
        Ok(())
    }

    /// A program in which a policy that is a text was changed.
    fn with_text(&self, mut lines: Vec<String>, advice: &Advice) -> Result<String, String> {
        let block = self.block(&lines, None)?;
        let is_policy = |at: &usize| {
            self.key(&lines[*at])
                .is_some_and(|key| key.to_lowercase().replace('_', "") == "repositorypolicy")
        };
        let at = (block.start..block.end)
            .find(is_policy)
            .ok_or("no policy")?;
        let line = lines[at].clone();
        let start = line.find('"').ok_or("no text")?;
        let written: String = serde_json::from_str(line[start..].trim_end_matches(','))
            .map_err(|error| error.to_string())?;
        let mut policy: Value =
            serde_json::from_str(&written).map_err(|error| error.to_string())?;
        let statement = policy["Statement"][0]
            .as_object_mut()
            .ok_or("no statement")?;
        let mut is_gone = false;
        for what in advice.named("without ") {
            let is_action = statement.get("Action").is_some_and(|action| action == what);
            is_gone |= is_action;
            statement.remove(what);
        }
        for member in self.members(&advice.code) {
            let member = format!("{{{}}}", member.join(" ").trim_end_matches(','));
            let member: Value = serde_json::from_str(&member).map_err(|error| error.to_string())?;
            statement.extend(member.as_object().cloned().unwrap_or_default());
        }
        if is_gone {
            lines.remove(at);
        } else {
            let text =
                serde_json::to_string(&policy.to_string()).map_err(|error| error.to_string())?;
            lines[at] = format!("{}{text},", &line[..start]);
        }
        Ok(lines.join("\n") + "\n")
    }

    /// The line behind the last one of the program.
    fn end(&self, lines: &[String]) -> usize {
        let pad = indent(&lines[self.line]);
        let last = lines
            .iter()
            .rposition(|line| !line.trim().is_empty() && indent(line) >= pad);
        last.map_or(lines.len(), |last| last + 1)
    }

    /// A line with the names that this program has.
    fn renamed(&self, line: &str) -> String {
        let mut line = line.to_owned();
        for (word, class) in [
            ("repository", "ecr.Repository"),
            ("role", "iam.Role"),
            ("key", "kms.Key"),
            ("rule", "events.Rule"),
        ] {
            let of_class = |one: &&Variable| one.class == class;
            let here = |one: &&Variable| {
                self.text
                    .lines()
                    .nth(self.line)
                    .is_some_and(|line| line.contains(&format!("\"{}\"", one.logical_id)))
            };
            let mut all = self.variables.iter().filter(of_class);
            let found = all.clone().find(here).or(all.next());
            let Some(found) = found else {
                continue;
            };
            for (before, after) in [("", "."), ("(", ")"), (" ", "."), ("[", "."), ("=", ".")] {
                let old = format!("{before}{word}{after}");
                let new = format!("{before}{}{after}", self.language.name(&found.name));
                if before.is_empty() {
                    if let Some(rest) = line.strip_prefix(&old) {
                        line = format!("{new}{rest}");
                    }
                } else {
                    line = line.replace(&old, &new);
                }
            }
        }
        line
    }
}
