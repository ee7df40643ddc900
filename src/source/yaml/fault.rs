//! What is wrong with a YAML text, said so that it can be mended.
//! It does not know how to read YAML.

use granit_parser::{ErrorKind, ScanError};

use super::super::Problem;
use super::super::span::ByteRange;
use super::reader::{YamlReader, long_form};
use super::words;

impl YamlReader<'_, '_> {
    /// A mistake that the parser found.
    pub(super) fn scan_problem(&self, error: &ScanError) -> Box<Problem> {
        let kind = error.kind();
        let at = error.marker().byte_offset().unwrap_or(self.text.len());
        let at = self.text.floor_char_boundary(at);
        let range = match kind {
            ErrorKind::UnknownAnchor => self.until_space(at),
            _ if words::is_tab(kind) => self.tab_near(at),
            // The parser names the beginning of the text that the character stands in.
            ErrorKind::UnexpectedCharacter { character } => {
                let behind = self.text[at..].find(*character).unwrap_or(0);
                self.char_at(at + behind)
            }
            _ => self.char_at(at),
        };
        if let Some(problem) = self.two_tags(at) {
            return Box::new(problem);
        }
        let words = words::of(kind);
        let problem = Problem::new(self.span_of(range), words.title);
        Box::new(match words.help {
            Some(help) => problem.help(help),
            None => problem,
        })
    }

    /// Two short tags before what the parser stumbles over: YAML allows one for each value.
    fn two_tags(&self, at: usize) -> Option<Problem> {
        let is_tag = |word: &str| {
            let name = word.strip_prefix('!');
            name.is_some_and(|name| {
                let mut letters = name.chars();
                letters.next().is_some_and(char::is_alphabetic)
                    && letters.all(char::is_alphanumeric)
            })
        };
        // The parser stops at the second tag, or at what stands behind it.
        let behind = |at: usize| {
            let rest = &self.text[at..];
            at + rest.find(char::is_whitespace).unwrap_or(rest.len())
        };
        let end = if self.text[at..].starts_with('!') {
            behind(at)
        } else {
            at
        };
        let line = self.text[..end].trim_end();
        let second = last_word(line);
        let first = line[..second].trim_end();
        let start = last_word(first);
        let (outer, inner) = (&first[start..], &line[second..]);
        if !is_tag(outer) || !is_tag(inner) {
            return None;
        }
        let range = ByteRange::new(start, start + outer.len());
        let title =
            format!("`{outer}` and `{inner}` stand before one value, which can have one tag");
        let long = long_form(&outer[1..]);
        let help = format!(
            "write the outer one in its long form: `{long}: {inner} …`, in a mapping of its own"
        );
        Some(Problem::new(self.span_of(range), title).help(help))
    }

    /// The character at an offset, or the end of the text.
    pub(super) fn char_at(&self, at: usize) -> ByteRange {
        let width = self.text[at..].chars().next().map_or(0, char::len_utf8);
        ByteRange::new(at, at + width)
    }

    fn until_space(&self, at: usize) -> ByteRange {
        let behind = |char: char| char.is_whitespace() || matches!(char, ',' | ']' | '}');
        let rest = &self.text[at..];
        ByteRange::new(at, at + rest.find(behind).unwrap_or(rest.len()))
    }

    /// The tab on the line of `at`, or the first one behind it.
    fn tab_near(&self, at: usize) -> ByteRange {
        let line = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        match self.text[line..].find('\t') {
            Some(tab) => ByteRange::new(line + tab, line + tab + 1),
            None => self.char_at(at),
        }
    }

    pub(super) fn second_document(&self, range: ByteRange) -> Box<Problem> {
        Box::new(
            Problem::new(self.span_of(range), "a second YAML document begins")
                .help("put each document into a file of its own"),
        )
    }

    pub(super) fn tagged_key(&self, tag: ByteRange) -> Box<Problem> {
        Box::new(
            Problem::new(self.span_of(tag), "a key has a tag").help("write the key as plain text"),
        )
    }

    pub(super) fn merge_key(&self, range: ByteRange) -> Box<Problem> {
        Box::new(
            Problem::new(
                self.span_of(range),
                "the merge key `<<` is not part of CloudFormation's YAML",
            )
            .help("write the merged keys out"),
        )
    }

    pub(super) fn empty_key(&self, range: ByteRange) -> Box<Problem> {
        Box::new(Problem::new(self.span_of(range), "a key is empty").help("write the key"))
    }

    pub(super) fn complex_key(&self, range: ByteRange) -> Box<Problem> {
        Box::new(
            Problem::new(self.span_of(range), "a key is not plain text")
                .help("write the key as plain text"),
        )
    }

    pub(super) fn foreign_tag(&self, tag: ByteRange) -> Box<Problem> {
        let name = tag.slice(self.text);
        Box::new(
            Problem::new(
                self.span_of(tag),
                format!("the tag `{name}` is not known here"),
            )
            .help("remove the tag"),
        )
    }

    pub(super) fn wrong_core_tag(&self, value: ByteRange, tag: ByteRange) -> Box<Problem> {
        let name = tag.slice(self.text);
        Box::new(
            Problem::new(
                self.span_of(value),
                format!("the value does not fit its tag `{name}`"),
            )
            .help("remove the tag, or mend the value")
            .related(self.span_of(tag), "the tag"),
        )
    }

    pub(super) fn alias_of_itself(&self, range: ByteRange) -> Box<Problem> {
        Box::new(
            Problem::new(
                self.span_of(range),
                "an alias stands inside the node that it repeats",
            )
            .help("write the value out"),
        )
    }

    pub(super) fn too_many_aliases(&self, range: ByteRange, limit: u64) -> Box<Problem> {
        Box::new(
            Problem::new(
                self.span_of(range),
                format!("the aliases up to here repeat more than {limit} nodes"),
            )
            .help("write the values out, or repeat less"),
        )
    }
}

/// Where the last word begins: behind white space, of which some is longer than a byte, or behind what opens a value.
fn last_word(text: &str) -> usize {
    let is_border = |letter: char| letter.is_whitespace() || "[,{".contains(letter);
    text.trim_end_matches(|letter| !is_border(letter)).len()
}
