//! What is wrong with a YAML text, said so that it can be mended.
//! It does not know how to read YAML.

use granit_parser::ScanError;

use super::super::Problem;
use super::{Range, Reader};

impl Reader<'_, '_> {
    /// A mistake that the parser found.
    pub(super) fn scan_problem(&self, error: &ScanError) -> Box<Problem> {
        let at = error.marker().byte_offset().unwrap_or(self.text.len());
        let at = self.text.floor_char_boundary(at);
        let width = self.text[at..].chars().next().map_or(0, char::len_utf8);
        let span = self.span_of((at, at + width));
        Box::new(Problem::new(span, error.kind().to_string()))
    }

    pub(super) fn second_document(&self, range: Range) -> Box<Problem> {
        Box::new(
            Problem::new(self.span_of(range), "a second YAML document begins")
                .help("put each document into a file of its own"),
        )
    }

    pub(super) fn tagged_key(&self, tag: Range) -> Box<Problem> {
        Box::new(
            Problem::new(self.span_of(tag), "a key has a tag").help("write the key as plain text"),
        )
    }

    pub(super) fn merge_key(&self, range: Range) -> Box<Problem> {
        Box::new(
            Problem::new(
                self.span_of(range),
                "the merge key `<<` is not part of CloudFormation's YAML",
            )
            .help("write the merged keys out"),
        )
    }

    pub(super) fn empty_key(&self, range: Range) -> Box<Problem> {
        Box::new(Problem::new(self.span_of(range), "a key is empty").help("write the key"))
    }

    pub(super) fn complex_key(&self, range: Range) -> Box<Problem> {
        Box::new(
            Problem::new(self.span_of(range), "a key is not plain text")
                .help("write the key as plain text"),
        )
    }

    pub(super) fn foreign_tag(&self, tag: Range) -> Box<Problem> {
        let name = self.text.get(tag.0..tag.1).unwrap_or_default();
        Box::new(
            Problem::new(
                self.span_of(tag),
                format!("the tag `{name}` is not known here"),
            )
            .help("remove the tag"),
        )
    }

    pub(super) fn wrong_core_tag(&self, value: Range, tag: Range) -> Box<Problem> {
        let name = self.text.get(tag.0..tag.1).unwrap_or_default();
        Box::new(
            Problem::new(
                self.span_of(value),
                format!("the value does not fit its tag `{name}`"),
            )
            .help("remove the tag, or mend the value")
            .related(self.span_of(tag), "the tag"),
        )
    }

    pub(super) fn alias_of_itself(&self, range: Range) -> Box<Problem> {
        Box::new(
            Problem::new(
                self.span_of(range),
                "an alias stands inside the node that it repeats",
            )
            .help("write the value out"),
        )
    }

    pub(super) fn too_many_aliases(&self, range: Range, limit: u64) -> Box<Problem> {
        Box::new(
            Problem::new(
                self.span_of(range),
                format!("the aliases up to here repeat more than {limit} nodes"),
            )
            .help("write the values out, or repeat less"),
        )
    }
}
