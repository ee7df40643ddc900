//! Finds for each character of a scalar the bytes of the source that spell it.
//! It does not know which language the source is in: it tries each spelling and keeps what fits.

use std::ops::Range;

use super::super::Span;

/// Characters of a text that stand together in a source; a run lasts until the next one begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CharacterRun {
    /// Offset in the text.
    at: usize,
    /// The bytes of the source.
    span: Span,
    /// Each byte of the text is one byte of the source; else the run is one unit.
    linear: bool,
}

impl CharacterRun {
    /// A run from `at` on, of which every part stands at the whole of `span`.
    pub(super) fn whole(at: usize, span: Span) -> Self {
        Self {
            at,
            span,
            linear: false,
        }
    }

    /// The run of a text whose part from `from` on was moved to `to`.
    pub(super) fn moved(mut self, from: usize, to: usize) -> Self {
        self.at = self.at - from + to;
        self
    }

    fn offset(&self, at: usize) -> usize {
        (self.span.start as usize + (at - self.at)).min(self.span.end as usize)
    }
}

/// Where the bytes `range` of a text of `length` bytes stand.
pub(super) fn span(runs: &[CharacterRun], length: usize, range: Range<usize>) -> Span {
    let start = range.start.min(length);
    let end = range.end.clamp(start, length);
    let Some(first) = run_at(runs, start).or(runs.last()) else {
        return Span::default();
    };
    let source = first.span.source;
    let from = if first.linear {
        first.offset(start)
    } else if start == length && start > first.at {
        first.span.end as usize
    } else {
        first.span.start as usize
    };
    if start == end {
        return Span::new(source, from, from);
    }
    let last = run_at(runs, end - 1).unwrap_or(first);
    let to = if last.linear {
        last.offset(end)
    } else {
        last.span.end as usize
    };
    if last.span.source == source && to >= from {
        Span::new(source, from, to)
    } else {
        Span::new(source, from, first.span.end as usize)
    }
}

/// The offset in a text of what stands at `offset` of the source. The runs are those of one scalar,
/// so they are in the order of the source.
pub(super) fn inverse(runs: &[CharacterRun], offset: usize) -> Option<usize> {
    let behind = runs.partition_point(|run| run.span.start as usize <= offset);
    let run = runs.get(behind.checked_sub(1)?)?;
    if offset >= run.span.end as usize {
        return None;
    }
    let within = offset - run.span.start as usize;
    Some(run.at + if run.linear { within } else { 0 })
}

/// The runs of the bytes `range` of a text of `length` bytes, still at the offsets of that text.
pub(super) fn runs_within<'r>(
    runs: &'r [CharacterRun],
    length: usize,
    range: &Range<usize>,
) -> impl Iterator<Item = CharacterRun> + use<'r> {
    let Range { start, end } = *range;
    let first = runs.partition_point(|run| run.at <= start).max(1) - 1;
    (first..runs.len())
        .map(move |index| {
            let next = runs.get(index + 1);
            (runs[index], next.map_or(length, |run| run.at))
        })
        .take_while(move |(run, _)| run.at < end)
        .map(move |(run, run_end)| {
            let (from, to) = (run.at.max(start), run_end.min(end));
            let span = if run.linear {
                Span::new(run.span.source, run.offset(from), run.offset(to))
            } else {
                run.span
            };
            CharacterRun {
                at: from,
                span,
                linear: run.linear,
            }
        })
}

fn run_at(runs: &[CharacterRun], at: usize) -> Option<&CharacterRun> {
    runs.partition_point(|run| run.at <= at)
        .checked_sub(1)
        .and_then(|index| runs.get(index))
}

/// How a scalar may be spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ScalarSpelling {
    /// Between double quotes, as in JSON and YAML.
    Double,
    /// Between single quotes, as in YAML.
    Single,
    /// YAML without quotes.
    Plain,
    /// YAML behind `|` or `>`.
    Block,
}

/// The runs of `text`, which the source spells at `span`. `None` when no spelling fits.
pub(super) fn align(source: &str, span: Span, text: &str) -> Option<Vec<CharacterRun>> {
    let raw = span.slice(source);
    let all = [
        ScalarSpelling::Double,
        ScalarSpelling::Single,
        ScalarSpelling::Plain,
        ScalarSpelling::Block,
    ];
    all.into_iter()
        .find_map(|spelling| Aligner::new(raw, span, text, spelling)?.run())
}

struct Aligner<'a> {
    /// The bytes of the source that are left.
    raw: &'a str,
    /// Offset of these in the source.
    at: usize,
    /// The characters that are left.
    text: &'a str,
    length: usize,
    span: Span,
    spelling: ScalarSpelling,
    /// Whether the scalar goes over several lines, so that white space in it may be folded.
    is_broken: bool,
    runs: Vec<CharacterRun>,
}

impl<'a> Aligner<'a> {
    fn new(raw: &'a str, span: Span, text: &'a str, spelling: ScalarSpelling) -> Option<Self> {
        let quote = match spelling {
            ScalarSpelling::Double => Some('"'),
            ScalarSpelling::Single => Some('\''),
            ScalarSpelling::Plain | ScalarSpelling::Block => None,
        };
        let (inner, skipped) = match quote {
            Some(quote) => (raw.strip_prefix(quote)?.strip_suffix(quote)?, 1),
            None => (raw, 0),
        };
        Some(Self {
            raw: inner,
            at: span.start as usize + skipped,
            text,
            length: text.len(),
            span,
            spelling,
            is_broken: memchr::memchr2(b'\n', b'\r', inner.as_bytes()).is_some(),
            // An escape is a run, and so is what stands behind it.
            runs: Vec::with_capacity(2 * inner.len().saturating_sub(text.len()) + 2),
        })
    }

    fn run(mut self) -> Option<Vec<CharacterRun>> {
        if !self.is_broken {
            self.short()?;
        }
        // The span begins behind the empty lines at the beginning of a block.
        let indented = self.text.starts_with([' ', '\t', '\n']);
        if self.spelling == ScalarSpelling::Block && indented {
            let (raw, _) = self.white_space();
            self.unit(raw, Unit::WhiteSpace)?;
        }
        while let Some(next) = self.raw.chars().next() {
            let (raw, text) = match next {
                '\\' if self.spelling == ScalarSpelling::Double => self.escape()?,
                '\'' if self.spelling == ScalarSpelling::Single && self.raw.starts_with("''") => {
                    (2, Unit::Char('\''))
                }
                ' ' | '\t' | '\r' | '\n' if self.is_broken => self.white_space(),
                _ => {
                    self.plain()?;
                    continue;
                }
            };
            self.unit(raw, text)?;
        }
        // The span ends before the line breaks at the end of a block.
        if !self.text.is_empty() && self.spelling == ScalarSpelling::Block {
            self.unit(0, Unit::WhiteSpace)?;
        }
        if self.runs.is_empty() {
            let inner = Span::new(self.span.source, self.at, self.at);
            self.runs.push(CharacterRun::whole(0, inner));
        }
        self.text.is_empty().then_some(self.runs)
    }

    /// Takes characters that stand for themselves.
    fn plain(&mut self) -> Option<()> {
        let first = self.raw.chars().next().map_or(0, char::len_utf8);
        let rest = &self.raw.as_bytes()[first..];
        let special = match self.is_broken {
            true => rest
                .iter()
                .position(|byte| matches!(byte, b'\\' | b'\'' | b' ' | b'\t' | b'\r' | b'\n')),
            false => memchr::memchr2(b'\\', b'\'', rest),
        };
        self.linear(special.map_or(self.raw.len(), |behind| first + behind))
    }

    /// Takes `length` bytes that stand for themselves.
    fn linear(&mut self, length: usize) -> Option<()> {
        let (same, rest) = self.raw.split_at(length);
        self.text = self.text.strip_prefix(same)?;
        let span = Span::new(self.span.source, self.at, self.at + length);
        match self.runs.last_mut() {
            Some(run) if run.linear && run.span.end == span.start => run.span.end = span.end,
            _ => self.runs.push(CharacterRun {
                at: self.length - self.text.len() - length,
                span,
                linear: true,
            }),
        }
        self.at += length;
        self.raw = rest;
        Some(())
    }

    /// Takes what stands at the beginning of one line, up to an escape that is longer than two bytes: a policy in a text
    /// has hundreds of escaped quotes and nothing else.
    fn short(&mut self) -> Option<()> {
        // Every escape changes what it spells, so that equal bytes have none.
        if self.raw == self.text && !self.raw.is_empty() {
            return self.linear(self.raw.len());
        }
        if self.spelling != ScalarSpelling::Double {
            return Some(());
        }
        let (raw, text) = (self.raw.as_bytes(), self.text.as_bytes());
        let place =
            |from: usize, to: usize| Span::new(self.span.source, self.at + from, self.at + to);
        let (mut read, mut spelled) = (0, 0);
        loop {
            let rest = &raw[read..];
            let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
            if plain > 0 {
                if text.get(spelled..spelled + plain)? != &rest[..plain] {
                    return None;
                }
                self.runs.push(CharacterRun {
                    at: spelled,
                    span: place(read, read + plain),
                    linear: true,
                });
                (read, spelled) = (read + plain, spelled + plain);
            }
            match raw.get(read + 1) {
                Some(escaped @ (b'"' | b'\\' | b'/')) => {
                    if text.get(spelled)? != escaped {
                        return None;
                    }
                    self.runs
                        .push(CharacterRun::whole(spelled, place(read, read + 2)));
                    (read, spelled) = (read + 2, spelled + 1);
                }
                _ => break,
            }
        }
        self.at += read;
        (self.raw, self.text) = (&self.raw[read..], &self.text[spelled..]);
        Some(())
    }

    /// Takes `raw` bytes that spell `unit`.
    fn unit(&mut self, raw: usize, unit: Unit) -> Option<()> {
        let taken = match unit {
            Unit::Same => return self.linear(raw),
            Unit::Nothing => 0,
            Unit::Char(char) => self.text.starts_with(char).then_some(char.len_utf8())?,
            Unit::Breaks(breaks) => {
                let folded = self.text.bytes().take_while(|byte| *byte == b'\n').count();
                (folded >= breaks).then_some(breaks)?
            }
            Unit::WhiteSpace => {
                let end = self
                    .text
                    .find(|char| !matches!(char, ' ' | '\t' | '\r' | '\n'));
                end.unwrap_or(self.text.len())
            }
        };
        if taken > 0 {
            let span = Span::new(self.span.source, self.at, self.at + raw);
            self.runs
                .push(CharacterRun::whole(self.length - self.text.len(), span));
        }
        self.text = &self.text[taken..];
        self.raw = &self.raw[raw..];
        self.at += raw;
        Some(())
    }

    /// White space: with a line break in it, it is folded or indentation.
    fn white_space(&self) -> (usize, Unit) {
        let white = |char| matches!(char, ' ' | '\t' | '\r' | '\n');
        let length = self.raw.find(|char| !white(char)).unwrap_or(self.raw.len());
        let breaks = line_breaks(&self.raw[..length]);
        let unit = match (breaks, self.spelling) {
            (0, _) => Unit::Same,
            (_, ScalarSpelling::Block) => Unit::WhiteSpace,
            (1, _) => Unit::Char(' '),
            (breaks, _) => Unit::Breaks(breaks - 1),
        };
        (length, unit)
    }

    /// The length of the escape at the front, and what it spells.
    fn escape(&self) -> Option<(usize, Unit)> {
        let kind = self.raw[1..].chars().next()?;
        let char = match kind {
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            't' | '\t' => '\t',
            'n' => '\n',
            'v' => '\u{b}',
            'f' => '\u{c}',
            'r' => '\r',
            'e' => '\u{1b}',
            ' ' | '"' | '/' | '\\' => kind,
            'N' => '\u{85}',
            '_' => '\u{a0}',
            'L' => '\u{2028}',
            'P' => '\u{2029}',
            'x' => return self.hexadecimal(2),
            'u' => return self.hexadecimal(4),
            'U' => return self.hexadecimal(8),
            '\r' | '\n' => {
                let white = |char| matches!(char, ' ' | '\t' | '\r' | '\n');
                let rest = self.raw[1..].trim_start_matches(white);
                return Some((self.raw.len() - rest.len(), Unit::Nothing));
            }
            _ => return None,
        };
        Some((1 + kind.len_utf8(), Unit::Char(char)))
    }

    fn hexadecimal(&self, digits: usize) -> Option<(usize, Unit)> {
        let code = |from: usize| u32::from_str_radix(self.raw.get(from..from + digits)?, 16).ok();
        let length = 2 + digits;
        let first = code(2)?;
        if !(0xD800..=0xDBFF).contains(&first) {
            return Some((length, Unit::Char(char::from_u32(first)?)));
        }
        let second = code(length + 2).filter(|code| (0xDC00..=0xDFFF).contains(code))?;
        let whole = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        Some((2 * length, Unit::Char(char::from_u32(whole)?)))
    }
}

/// What some bytes of the source spell.
#[derive(Clone, Copy, Debug)]
enum Unit {
    /// Themselves.
    Same,
    /// Nothing.
    Nothing,
    /// One character.
    Char(char),
    /// This many line breaks.
    Breaks(usize),
    /// All the white space that comes next.
    WhiteSpace,
}

fn line_breaks(white: &str) -> usize {
    let feeds = white.matches('\n').count();
    let returns = white.matches('\r').count();
    feeds + returns - white.matches("\r\n").count()
}
