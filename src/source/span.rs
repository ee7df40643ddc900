//! Where something stands in a text: byte ranges, and nothing about lines.
//! It does not know the texts themselves.

/// Names one text of a run. Ids are given out in a fixed order, so that they sort the same on every run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

impl SourceId {
    /// The id that is given out `count` ids later.
    #[must_use]
    pub fn after(self, count: usize) -> Self {
        Self(self.0.saturating_add(saturate(count)))
    }
}

/// A range of bytes in a text that is known from elsewhere, `start` included and `end` excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ByteRange {
    /// Offset of the first byte.
    pub(crate) start: usize,
    /// Offset behind the last byte.
    pub(crate) end: usize,
}

impl ByteRange {
    /// The range `start..end`.
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The characters of `text` that the range covers, or an empty text when it lies outside.
    pub(crate) fn slice(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// A range of bytes, `start` included and `end` excluded, in one source.
///
/// Both ends lie on character boundaries of the source's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text that the range belongs to.
    pub source: SourceId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `source`.
    #[must_use]
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "a span ends behind its start");
        Self {
            source,
            start: saturate(start),
            end: saturate(end),
        }
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the range holds no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies in the range, in the same source.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }

    /// The bytes of `text` that the range covers, or an empty text when the range lies outside.
    #[must_use]
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }
}

/// Offsets are 32 bits wide: a source is refused beyond 4 GiB before any span is made.
fn saturate(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
