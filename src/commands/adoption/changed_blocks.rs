//! Which lines belong to a place in a text: those of its resource, of its declaration, or of the call behind it.
//! It does not know what has changed.

use std::ops::RangeInclusive;

use crate::source::{Kind, Member, Node, Source, SourceId, Span, Tree, json, yaml};

/// Parts of a template that what its resources say may depend on.
const SHARED: [&str; 6] = [
    "Parameters",
    "Mappings",
    "Conditions",
    "Transform",
    "Globals",
    "Rules",
];
/// Characters of a program that are looked at for the end of a call.
const CALL: usize = 20_000;
/// Bytes of a program that is searched for what it does with what it made.
const PROGRAM: usize = 1 << 20;
/// Calls that are looked at for one thing that is made.
const CALLS: usize = 200;

/// The parts of one text.
#[derive(Debug, Default)]
pub(super) struct SourceBlocks {
    /// Resources of a template, in the order of the text.
    resources: Vec<Span>,
    /// Members of any mapping, by the place of their key, with all that belongs to them.
    members: Vec<(u32, Span)>,
    /// What all resources of a template may depend on.
    pub(super) shared: Vec<Span>,
}

impl SourceBlocks {
    /// Looks at a text; one that cannot be read has no parts.
    pub(super) fn of(text: &str, id: SourceId) -> Self {
        let mut tree = Tree::default();
        let parsed = match text.trim_start().starts_with(['{', '[']) {
            true => json::parse_with_doubles(text, id, &mut tree),
            false => yaml::parse_with_doubles(text, id, &mut tree),
        };
        let mut blocks = Self::default();
        let Some(root) = tree.root(text).filter(|_| parsed.is_ok()) else {
            return blocks;
        };
        if let Some(resources) = root.get("Resources") {
            let own = resources.members().map(|member| whole(&member));
            blocks.resources.extend(own);
            blocks.resources.sort_by_key(|span| span.start);
            let shared = root.members().filter(|member| SHARED.contains(&member.key));
            blocks.shared.extend(shared.map(|member| whole(&member)));
        } else {
            members(root, &mut blocks.members);
            blocks.members.sort_by_key(|(start, _)| *start);
        }
        blocks
    }

    /// Whether the text is neither a template nor a mapping.
    pub(super) fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.members.is_empty()
    }

    /// All that belongs to what stands at a place.
    pub(super) fn enclosing(&self, span: Span) -> Span {
        let behind = self
            .resources
            .partition_point(|one| one.start <= span.start);
        let resource = behind.checked_sub(1).map(|index| self.resources[index]);
        if let Some(resource) = resource.filter(|one| one.end >= span.start) {
            return resource;
        }
        let found = self
            .members
            .binary_search_by_key(&span.start, |(start, _)| *start);
        found.map_or(span, |index| self.members[index].1)
    }
}

/// The members of a mapping and of those in it. The stack holds no more than the text is deep.
fn members(root: Node<'_>, found: &mut Vec<(u32, Span)>) {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match node.kind() {
            Kind::Object => {
                for member in node.members() {
                    let span = whole(&member);
                    found.push((span.start, span));
                    // What an alias stands for is elsewhere in the text, and reported there.
                    open.extend(Some(member.value).filter(|value| is_inside(*value, span)));
                }
            }
            Kind::Array => {
                let items = node.items().filter(|item| is_inside(*item, node.span()));
                open.extend(items);
            }
            _ => {}
        }
    }
}

/// Whether a node and what is in it stand in a range of the text.
fn is_inside(node: Node<'_>, span: Span) -> bool {
    let first = match node.kind() {
        Kind::Object => node.members().next().map(|member| member.key_span),
        Kind::Array => node.items().next().map(Node::span),
        _ => None,
    };
    first.is_some_and(|first| span.contains(first))
}

fn whole(member: &Member<'_>) -> Span {
    let end = member.value.span().end.max(member.key_span.end);
    Span {
        end,
        ..member.key_span
    }
}

/// The lines from `line` to the end of the call that begins there, behind `column`: its arguments are in them.
pub(super) fn call(source: &Source, line: u32, column: Option<u32>) -> RangeInclusive<u32> {
    let skipped = column.unwrap_or(1).max(1) as usize - 1;
    let mut lines = source.text().lines().skip(line.max(1) as usize - 1);
    let first = lines.next().unwrap_or_default();
    let first = first
        .char_indices()
        .nth(skipped)
        .map_or("", |(at, _)| &first[at..]);
    let (mut depth, mut quote, mut left, mut at) = (0usize, None, CALL, line);
    for text in std::iter::once(first).chain(lines) {
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match (quote, c) {
                (Some(_), '\\') => _ = chars.next(),
                (Some(open), c) if c == open => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'' | '`') => quote = Some(c),
                (None, '#') => break,
                (None, '/') if chars.peek() == Some(&'/') => break,
                (None, '(' | '[' | '{') => depth += 1,
                (None, ')' | ']' | '}') if depth <= 1 => return line..=at,
                (None, ')' | ']' | '}') => depth -= 1,
                _ => {}
            }
        }
        // A line without an open bracket ends what began in it. Only texts between backticks go on.
        quote = quote.filter(|open| *open == '`');
        left = left.saturating_sub(text.len() + 1);
        if (depth == 0 && quote.is_none()) || left == 0 {
            break;
        }
        at += 1;
    }
    match depth {
        0 => line..=at,
        _ => line..=line,
    }
}

/// The calls of a program that are about what is made at `line`: the one that makes it, and those that name the
/// variable which holds it.
pub(super) fn calls(source: &Source, line: u32, column: Option<u32>) -> Vec<RangeInclusive<u32>> {
    let mut found = vec![call(source, line, column)];
    if source.text().len() > PROGRAM {
        return found;
    }
    let start = source.text().lines().nth(line.max(1) as usize - 1);
    let skipped = column.unwrap_or(1).max(1) as usize - 1;
    let before = start.map(|text| text.chars().take(skipped).collect::<String>());
    let Some(name) = before.as_deref().and_then(assigned) else {
        return found;
    };
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    for (number, text) in (1..).zip(source.text().lines()) {
        let named = text.match_indices(name).find(|(at, _)| {
            let (before, behind) = (&text[..*at], &text[at + name.len()..]);
            !before.ends_with(is_part) && !behind.starts_with(is_part)
        });
        if named.is_some() && number != line && found.len() < CALLS {
            found.push(call(source, number, None));
        }
    }
    found
}

/// The variable that `text` assigns to, as in `const repository: ecr.Repository = `.
fn assigned(text: &str) -> Option<&str> {
    let left = text
        .trim_end()
        .strip_suffix("await")
        .unwrap_or(text)
        .trim_end();
    let left = left.strip_suffix('=')?;
    let left = left
        .split_once(':')
        .map_or(left, |(name, _)| name)
        .trim_end();
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let name = left.rsplit(|c| !is_part(c)).next()?;
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{SourceBlocks, call, calls};
    use crate::source::{SourceId, Sources, Span};

    #[test]
    fn a_place_belongs_to_its_resource_or_its_declaration() {
        let template =
            "Parameters:\n  P: {Type: String}\nResources:\n  A:\n    Type: X\n  B:\n    Type: Y\n";
        let declared = "{\"ecr\": {\"api\": {\"use_kms_key\": true}, \"web\": {}}}";
        for (text, at, expected) in [
            (template, "Type: Y", "B:\n    Type: Y"),
            (template, "A:", "A:\n    Type: X"),
            (declared, "\"api\"", "\"api\": {\"use_kms_key\": true}"),
            (declared, "true", "true"),
            ("- : {", "{", "{"),
        ] {
            let start = text.find(at).expect("it is there");
            let span = Span::new(SourceId(0), start, start + at.len());
            let around = SourceBlocks::of(text, SourceId(0))
                .enclosing(span)
                .slice(text);
            assert_eq!(around.trim_end(), expected, "{at}");
        }
    }

    #[test]
    fn what_is_made_is_found_by_the_name_of_its_variable() {
        let mut sources = Sources::default();
        for (text, expected) in [
            (
                "const a = new A(\n);\nb.c();\na.add({\n});\nba(a2);\nf(a);",
                vec![1..=2, 4..=5, 7..=7],
            ),
            ("this.a = new A();\nthis.a.add();", vec![1..=1, 2..=2]),
            ("a: x.A = new A()\na.b()\n", vec![1..=1, 2..=2]),
            ("new A();\na.b()\n", vec![1..=1]),
        ] {
            let id = sources.add("x.ts", text);
            let column = text.find("new").expect("it is made") as u32 + 1;
            assert_eq!(
                calls(sources.source(id), 1, Some(column)),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn a_call_ends_where_its_brackets_do() {
        let mut sources = Sources::default();
        for (text, column, expected) in [
            (
                "new A(this, 'x', {\n  y: ')',\n  // )\n  z: [1],\n});\nnext();",
                1,
                5,
            ),
            ("a = Repo(\n    self,\n    # )\n    \"it's\",\n)\n", 5, 5),
            ("one(); two(\n)", 1, 1),
            ("one", 1, 1),
            ("open(\n", 1, 1),
            ("f(`\n)\n`)", 1, 3),
            ("x", 99, 1),
        ] {
            let id = sources.add("x.ts", text);
            assert_eq!(
                call(sources.source(id), 1, Some(column)),
                1..=expected,
                "{text}"
            );
        }
    }
}
