//! Ignores in the comments of a template: `# ecrlint: ignore RULE owner=… expires=… -- REASON`.
//! It does not know where resources begin and end.

use super::place::Blocks;
use super::words::{IGNORE, TOOL};
use crate::input::inline::{IgnoreComment, Inline};
use crate::source::{Node, Problem, Span, nearest};

/// What may stand between the rules and the reason.
const OPTIONS: [&str; 2] = ["owner", "expires"];
/// What parts the rules from the reason.
const DASHES: &str = "--";
/// The whole of an ignore.
const FORM: &str = "write `# ecrlint: ignore RULE -- REASON`";

/// Reads every comment of the template at `root`.
pub(super) fn load(root: Node<'_>, inline: &mut Inline) {
    let text = root.source_text();
    let directives: Vec<Comment<'_>> = root
        .comments()
        .filter_map(|span| Comment::of(span, text))
        .collect();
    if directives.is_empty() {
        return;
    }
    let mut blocks = Blocks::new(root);
    let start = inline.ignores.len();
    let mut problems = Vec::new();
    // The last one first: what follows a comment is then known from the next one.
    for comment in directives.into_iter().rev() {
        if let Err(problem) = comment.read(&mut blocks, inline) {
            problems.push(problem);
        }
    }
    inline.ignores[start..].reverse();
    problems.reverse();
    inline.problems.append(&mut problems);
}

/// A comment that speaks to the tool.
struct Comment<'t> {
    span: Span,
    /// The whole comment.
    text: &'t str,
    /// What follows the name of the tool, with its colon where there is one.
    body: &'t str,
}

impl<'t> Comment<'t> {
    /// The comment at `span`, when it begins with the name of the tool.
    fn of(span: Span, source: &'t str) -> Option<Self> {
        let text = span.slice(source);
        let words = text.trim_start_matches('#').trim();
        let body = words.strip_prefix(TOOL)?;
        let is_prose = match body.trim_start().strip_prefix(':') {
            Some(_) => false,
            // A colon is easily forgotten; a sentence about the tool is none of its business.
            None => body.split_whitespace().next() != Some(IGNORE) || !body.starts_with(' '),
        };
        (!is_prose).then_some(Self { span, text, body })
    }

    /// Where a part of the comment stands.
    fn span_of(&self, part: &str) -> Span {
        let skipped = part.as_ptr() as usize - self.text.as_ptr() as usize;
        let start = self.span.start as usize + skipped;
        Span::new(self.span.source, start, start + part.len())
    }

    fn read(&self, blocks: &mut Blocks<'_>, inline: &mut Inline) -> Result<(), Problem> {
        // The place is asked for first, because the comments before this one build on it.
        let place = blocks.of(self.span);
        let options = self.after_ignore()?;
        let (options, reason) = self.reason(options)?;
        let place = place.ok_or_else(|| self.nowhere())?;
        let words: Vec<&str> = options
            .split([' ', '\t', ','])
            .filter(|word| !word.is_empty())
            .collect();
        let (mut rules, mut owner, mut expires) = (Vec::new(), None, None);
        for word in words {
            match word.split_once('=') {
                None => rules.push((word, self.span_of(word))),
                Some(("owner", value)) if !value.is_empty() => owner = Some(value),
                Some(("expires", value)) => expires = Some((value, self.span_of(value))),
                Some((key, _)) => return Err(self.unknown_option(word, key)),
            }
        }
        if rules.is_empty() {
            return Err(Problem::new(self.span, "a comment ignores no rule")
                .label("no rule is named here")
                .help(FORM));
        }
        for rule in rules.into_iter().rev() {
            inline.add(IgnoreComment {
                rule,
                reason: Some(reason),
                owner,
                expires,
                places: vec![place],
                how: FORM,
            });
        }
        Ok(())
    }

    /// What follows the word `ignore`.
    fn after_ignore(&self) -> Result<&'t str, Problem> {
        let Some(rest) = self.body.trim_start().strip_prefix(':') else {
            let title = format!("a comment has no colon behind `{TOOL}`");
            return Err(Problem::new(self.span, title)
                .label("without the colon it is only a comment")
                .help(FORM));
        };
        let rest = rest.trim_start();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        if word == IGNORE {
            return Ok(rest);
        }
        let title = format!("a comment for `{TOOL}` does not say `{IGNORE}`");
        Err(Problem::new(self.span_of(word), title)
            .label(format!("`{IGNORE}` belongs here"))
            .help(FORM))
    }

    /// The words before and behind the dashes.
    fn reason(&self, rest: &'t str) -> Result<(&'t str, &'t str), Problem> {
        let dashes = rest.match_indices(DASHES).map(|(at, _)| at).find(|at| {
            let (before, behind) = (&rest[..*at], &rest[at + DASHES.len()..]);
            let is_apart = |c: char| c.is_whitespace();
            before.ends_with(is_apart) && (behind.is_empty() || behind.starts_with(is_apart))
        });
        let parts = dashes.map(|at| (&rest[..at], rest[at + DASHES.len()..].trim()));
        parts
            .filter(|(_, reason)| !reason.is_empty())
            .ok_or_else(|| {
                Problem::new(self.span, "an ignore has no reason")
                    .label("ignored here, nobody knows why")
                    .help(FORM)
            })
    }

    fn unknown_option(&self, word: &str, key: &str) -> Problem {
        let span = self.span_of(word);
        if key == "owner" {
            return Problem::new(span, "`owner` is empty")
                .label("nothing is written here")
                .help("write the value, or leave the key out");
        }
        let problem = Problem::new(span, format!("unknown key `{key}` in an ignore"))
            .label("not a key of an ignore");
        problem.help(match nearest(key, OPTIONS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "use `owner` or `expires`".to_owned(),
        })
    }

    fn nowhere(&self) -> Problem {
        Problem::new(self.span, "an ignore stands at no resource")
            .label("neither inside of a resource nor right above one")
            .help("move it to the resource, or write it into the configuration")
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::super::{Context, Inline, Loaded, Scratch, load};
    use crate::ignore::IgnoreScope;
    use crate::source::{SourceId, Span};

    /// Loads a template whose comments do not hinder it.
    fn loaded(text: &str) -> Loaded {
        let loaded = load(
            text,
            SourceId(0),
            &Context::default(),
            &mut Scratch::default(),
        );
        assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
        loaded
    }

    fn read(comment: &str) -> Inline {
        loaded(&format!(
            "Resources:\n  A: {comment}\n    Type: AWS::ECR::Repository\n"
        ))
        .inline
    }

    /// The repositories that each comment is about, by logical id.
    fn subjects(text: &str) -> Vec<Vec<&str>> {
        let loaded = loaded(text);
        let of = |scope: &IgnoreScope| {
            let all = loaded.entities.iter().map(|one| one.place);
            let held = all.filter(|place| scope.reaches(*place));
            held.map(|place| place.slice(text)).collect()
        };
        let ignores = loaded.inline.ignores.iter();
        ignores.map(|ignore| of(&ignore.scope)).collect()
    }

    fn mistake(comment: &str) -> (String, Span) {
        let inline = read(comment);
        assert!(inline.ignores.is_empty(), "{comment}");
        assert_eq!(inline.problems.len(), 1, "{comment}");
        let problem = &inline.problems[0];
        (problem.title.clone(), problem.span)
    }

    #[test]
    fn a_comment_names_rules_owner_last_day_and_reason() {
        let comment = "# ecrlint: ignore scan-on-push, ecrlint::name-valid owner=platform \
                       expires=2027-06-30 -- not  deployed -- ever";
        let inline = read(comment);
        let rules: Vec<_> = inline.ignores.iter().map(|one| one.rule.as_str()).collect();
        assert_eq!(rules, ["scan-on-push", "name-valid"]);
        for ignore in &inline.ignores {
            assert_eq!(ignore.reason, "not deployed -- ever");
            assert_eq!(ignore.owner.as_deref(), Some("platform"));
            assert_eq!(ignore.expires.unwrap().0.to_string(), "2027-06-30");
        }
    }

    #[test]
    fn the_place_of_an_ignore_is_its_rule() {
        let text = "Resources:\n  A: # é ecrlint\n    # ecrlint:ignore scan-on-push -- x\n    \
                    Type: AWS::ECR::Repository\n";
        assert_eq!(
            loaded(text).inline.ignores[0].rule_span.slice(text),
            "scan-on-push"
        );
    }

    #[test]
    fn sentences_about_the_tool_are_no_ignores() {
        for comment in [
            "# ecrlint",
            "# ecrlint is fine",
            "# see ecrlint: ignore x",
            "# ecrlints: x",
        ] {
            let inline = read(comment);
            assert!(
                inline.ignores.is_empty() && inline.problems.is_empty(),
                "{comment}"
            );
        }
    }

    #[test]
    fn mistakes_are_reported_at_their_words() {
        let table = [
            (
                "# ecrlint: ignroe a -- x",
                "a comment for `ecrlint` does not say `ignore`",
            ),
            (
                "# ecrlint ignore a -- x",
                "a comment has no colon behind `ecrlint`",
            ),
            ("# ecrlint: ignore a", "an ignore has no reason"),
            ("# ecrlint: ignore a --", "an ignore has no reason"),
            ("# ecrlint: ignore a --x", "an ignore has no reason"),
            ("# ecrlint: ignore -- x", "a comment ignores no rule"),
            (
                "# ecrlint: ignore a until=2027-06-30 -- x",
                "unknown key `until` in an ignore",
            ),
            ("# ecrlint: ignore a owner= -- x", "`owner` is empty"),
            (
                "# ecrlint: ignore a expires=soon -- x",
                "`expires` is not a date: `soon`",
            ),
            (
                "# ecrlint: ignore a expires= -- x",
                "`expires` is not a date: ``",
            ),
        ];
        for (comment, title) in table {
            assert_eq!(mistake(comment).0, title, "{comment}");
        }
        let (_, span) = mistake("# ecrlint: ignore a expires=soon -- x");
        assert_eq!(span.len(), "soon".len());
    }

    #[test]
    fn a_comment_belongs_to_the_resource_it_stands_in_or_right_above() {
        let text = "\
Resources:
  # ecrlint: ignore a -- above the first
  # some words
  A:
    # ecrlint: ignore a -- inside
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: a # ecrlint: ignore a -- at a property
    # ecrlint: ignore a -- the last line of a block

    # ecrlint: ignore a -- and behind an empty line

  # ecrlint: ignore a -- above the second
  B: # ecrlint: ignore a -- at its key
    Type: AWS::ECR::Repository
    # ecrlint: ignore a -- the end of the section
Outputs: {}
";
        let a = vec!["A"];
        let b = vec!["B"];
        let expected = [
            a.clone(),
            a.clone(),
            a.clone(),
            a.clone(),
            a,
            b.clone(),
            b.clone(),
            b,
        ];
        assert_eq!(subjects(text), expected);
        assert_eq!(subjects(&text.replace('\n', "\r\n")), expected);
    }

    #[test]
    fn a_comment_at_no_resource_is_a_mistake() {
        let text = "\
# ecrlint: ignore a -- above everything
Resources: # ecrlint: ignore a -- at the section
  # ecrlint: ignore a -- parted from the resource

  A:
    Type: AWS::ECR::Repository
# ecrlint: ignore a -- behind the last resource
Outputs: # ecrlint: ignore a -- elsewhere
  # ecrlint: ignore a -- elsewhere, too
  X: { Value: 1 } # ecrlint: ignore a -- and here
";
        let inline = loaded(text).inline;
        assert!(inline.ignores.is_empty());
        let places = inline.problems.iter().map(|one| one.span.slice(text));
        let comments = text
            .match_indices('#')
            .map(|(at, _)| text[at..].lines().next().unwrap());
        assert!(places.eq(comments), "{:?}", inline.problems);
    }

    #[test]
    fn a_comment_in_the_flow_style_belongs_to_its_line() {
        let text = "{Resources: {A: {Type: 'AWS::ECR::Repository'}, # ecrlint: ignore a -- x\n  \
                    B: {Type: 'AWS::ECR::Repository'}} # ecrlint: ignore a -- x\n}\n";
        let context = Context {
            named_yaml: true,
            ..Context::default()
        };
        let loaded = load(text, SourceId(0), &context, &mut Scratch::default());
        let of = |index: usize| &loaded.inline.ignores[index].scope;
        let place = |index: usize| loaded.entities[index].place;
        assert!(of(0).reaches(place(0)) && !of(0).reaches(place(1)));
        assert!(of(1).reaches(place(1)) && !of(1).reaches(place(0)));
    }

    #[test]
    fn a_hash_in_a_text_is_no_comment() {
        let text = "Resources:\n  A:\n    Type: AWS::ECR::Repository\n    Description: |\n      \
                    # ecrlint: ignore a -- x\n    Other: '# ecrlint: ignore'\n";
        let inline = loaded(text).inline;
        assert!(inline.ignores.is_empty() && inline.problems.is_empty());
    }

    #[test]
    fn any_number_of_comments_costs_little() {
        let comments = "  # ecrlint: ignore a -- x\n".repeat(50_000);
        let text = format!("Resources:\n{comments}  A:\n    Type: AWS::ECR::Repository\n");
        assert_eq!(loaded(&text).inline.ignores.len(), 50_000);
    }
}
