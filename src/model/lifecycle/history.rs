//! A history of pushes as people describe it: `push main-{n} daily; release v{semver} weekly; pr-{n} 5 a day`.
//! It does not know policies.

mod rate;
mod tag;

use std::ops::Range;

use super::time::Time;
use rate::Rate;
use tag::Template;

/// Most kinds of images in one description.
const MOST_STREAMS: usize = 50;
/// Most images that are pushed in one history.
const MOST_PUSHES: u64 = 50_000;
/// Most days that a history lasts: five years.
pub const MOST_DAYS: u64 = 1_830;
/// Words that say nothing but that something is pushed.
const VERBS: [&str; 6] = ["push", "pushes", "build", "builds", "release", "releases"];

/// What is pushed, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    streams: Vec<Stream>,
}

/// Images of one kind, pushed again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stream {
    /// The tags as they are described.
    name: String,
    /// Where it is described.
    range: Range<usize>,
    /// The tags of each image; none for images without.
    tags: Vec<Template>,
    rate: Rate,
    size: Option<u64>,
}

/// What is wrong with a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Bytes of the description that it is about.
    pub range: Range<usize>,
    /// What is wrong.
    pub title: String,
    /// What to write instead.
    pub help: &'static str,
}

/// An image that is pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// Which of the kinds of images it is, in the order of the description.
    pub family: usize,
    /// When it is pushed. No two images are pushed at one moment.
    pub at: Time,
    /// Its tags; one that another image has moves to this one.
    pub tags: Vec<String>,
    /// Bytes of its layers, where they are described.
    pub size: Option<u64>,
}

impl Mistake {
    fn new(range: Range<usize>, title: impl Into<String>, help: &'static str) -> Self {
        let title = title.into();
        Self { range, title, help }
    }
}

const FORM: &str = "write what is pushed and how often, with `;` in between: \
    `push main-{n} daily; release v{semver} weekly; pr-{n} 5 a day; untagged 2 a week`";

impl History {
    /// Reads a description.
    ///
    /// # Errors
    /// Says where what is wrong.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let mut streams: Vec<Stream> = Vec::new();
        let mut start = 0;
        for part in text.split(';') {
            let words = words(part, start);
            start += part.len() + 1;
            if words.is_empty() {
                continue;
            }
            let stream = stream(&words)?;
            if streams.len() == MOST_STREAMS {
                let title = format!("more than {MOST_STREAMS} kinds of images are described");
                return Err(Mistake::new(stream.range, title, "leave the rare ones out"));
            }
            if streams.iter().any(|other| other.name == stream.name) {
                let title = format!("`{}` is described twice", stream.name);
                return Err(Mistake::new(
                    stream.range,
                    title,
                    "add up how often it is pushed",
                ));
            }
            streams.push(stream);
        }
        match streams.is_empty() {
            true => Err(Mistake::new(0..text.len(), "nothing is pushed", FORM)),
            false => Ok(Self { streams }),
        }
    }

    /// What each kind of images is called, in the order of the description.
    pub fn families(&self) -> impl Iterator<Item = &str> {
        self.streams.iter().map(|stream| stream.name.as_str())
    }

    /// Everything that is pushed in so many days from a moment on, in order. `seed` decides at which time of the day.
    ///
    /// # Errors
    /// Says which kind of images is pushed too often for that many days.
    pub fn pushes(&self, from: Time, days: u64, seed: u64) -> Result<Vec<Push>, Mistake> {
        let days = days.min(MOST_DAYS);
        let mut total: u64 = 0;
        for stream in &self.streams {
            total = total.saturating_add(stream.rate.pushes(days));
            if total > MOST_PUSHES {
                let title = format!(
                    "with `{}` more than {MOST_PUSHES} images are pushed in {days} days",
                    stream.name
                );
                let help = "describe fewer pushes, or a shorter time with `--months`";
                return Err(Mistake::new(stream.range.clone(), title, help));
            }
        }
        let mut pushes = Vec::new();
        let mut random = Random(seed);
        for (family, stream) in self.streams.iter().enumerate() {
            for number in 0..stream.rate.pushes(days) {
                let at = from.plus_millis(stream.rate.moment(number, &mut random));
                let tags = stream.tags.iter();
                pushes.push(Push {
                    family,
                    at,
                    tags: tags.map(|tag| tag.tag(number, at, &mut random)).collect(),
                    size: stream.size,
                });
            }
        }
        pushes.sort_by_key(|push| (push.at, push.family));
        let mut last = None;
        for push in &mut pushes {
            // What would come at one moment comes right after it: AWS does not say what that means.
            if last >= Some(push.at) {
                push.at = last.unwrap_or(push.at).plus_millis(1);
            }
            last = Some(push.at);
        }
        Ok(pushes)
    }
}

/// A word of a description and where it stands.
type Word<'t> = (&'t str, Range<usize>);

fn words(part: &str, start: usize) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    for word in part.split(char::is_whitespace) {
        if !word.is_empty() {
            words.push((word, start + at..start + at + word.len()));
        }
        let behind = part[at + word.len()..].chars().next();
        at += word.len() + behind.map_or(0, char::len_utf8);
    }
    words
}

fn stream(words: &[Word<'_>]) -> Result<Stream, Mistake> {
    let all = words[0].1.start..words[words.len() - 1].1.end;
    let rest = match words {
        [(verb, _), (next, _), ..] if VERBS.contains(verb) && !rate::begins(next) => &words[1..],
        words => words,
    };
    let [(name, place), rest @ ..] = rest else {
        return Err(Mistake::new(all, "nothing is pushed", FORM));
    };
    let tags = match *name {
        "untagged" => Vec::new(),
        name => tag::read(name, place.start)?,
    };
    if rest.is_empty() {
        let title = format!("how often `{name}` is pushed is missing");
        return Err(Mistake::new(place.clone(), title, rate::FORM));
    }
    let (rate, rest) = rate::read(rest)?;
    let rest = match rest {
        [(of, _), rest @ ..] if *of == "of" && !rest.is_empty() => rest,
        rest => rest,
    };
    let (size, rest) = match rest {
        [(size, place), rest @ ..] => (Some(self::size(size, place)?), rest),
        [] => (None, rest),
    };
    if let [(word, place), ..] = rest {
        let title = format!("`{word}` has no meaning here");
        return Err(Mistake::new(place.clone(), title, FORM));
    }
    let (name, tags) = ((*name).to_owned(), tags);
    Ok(Stream {
        name,
        range: all,
        tags,
        rate,
        size,
    })
}

/// Bytes such as `300MB`; at most a terabyte.
fn size(text: &str, place: &Range<usize>) -> Result<u64, Mistake> {
    const MOST: f64 = 1e12;
    let help = "write the size of an image behind how often it is pushed: `300MB`, `1.2GB`";
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let unit = match unit.to_ascii_lowercase().as_str() {
        "kb" => 1e3,
        "kib" => 1024.0,
        "mb" => 1e6,
        "mib" => 1_048_576.0,
        "gb" => 1e9,
        "gib" => 1_073_741_824.0,
        _ => {
            let title = format!("`{text}` is no size");
            return Err(Mistake::new(place.clone(), title, help));
        }
    };
    let bytes = number.parse::<f64>().ok().map(|number| number * unit);
    match bytes.filter(|bytes| (1.0..=MOST).contains(bytes)) {
        // In range, as was just looked at.
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "bounded above"
        )]
        Some(bytes) => Ok(bytes as u64),
        None => {
            let title = format!("`{text}` is no size of an image, which is up to 1000 GB");
            Err(Mistake::new(place.clone(), title, help))
        }
    }
}

/// Numbers that look random and are the same for the same seed (Sebastiano Vigna, "splitmix64").
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One below `limit`, which is at least 1.
    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }
}

#[cfg(test)]
mod tests;
