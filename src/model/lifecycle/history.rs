//! A history of pushes as people describe it: `push main-{n} daily; release v{semver} weekly; pr-{n} 5 a day`.
//! It does not know policies.

mod platforms;
mod pull;
mod push;
mod random;
mod rate;
mod tag;
mod words;

use std::ops::Range;

use super::time::Time;
use platforms::Platforms;
pub use pull::Pulling;
pub use push::Push;
use random::Random;
use rate::Rate;
use tag::TagTemplate;
pub use words::HistoryMistake;
use words::{Word, words};

/// Most kinds of images in one description.
const MOST_STREAMS: usize = 50;
/// Most images that are pushed in one history.
const MOST_PUSHES: u64 = 50_000;
/// Most days that a history lasts: five years.
pub const MOST_DAYS: u64 = 1_830;
/// Words that say nothing but that something is pushed.
const VERBS: [&str; 6] = ["push", "pushes", "build", "builds", "release", "releases"];

/// What is pushed, and how often, and what of it is pulled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    streams: Vec<PushStream>,
    /// What each kind of images is called.
    families: Vec<String>,
}

/// Images of one kind, pushed again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PushStream {
    /// The tags as they are described.
    name: String,
    /// Where it is described.
    range: Range<usize>,
    /// The tags of each image; none for images without.
    tags: Vec<TagTemplate>,
    rate: Rate,
    size: Option<u64>,
    /// Those of an index.
    platforms: Option<Platforms>,
    pulls: Vec<Pulling>,
    /// The number of its kind of images.
    family: usize,
}

const FORM: &str = "write what is pushed and how often, with `;` in between: \
    `push main-{n} daily; release v{semver} weekly for 2 platforms; pr-{n} 5 a day; untagged 2 a week; pull v{semver} daily`";

impl History {
    /// Reads a description.
    ///
    /// # Errors
    /// Says where what is wrong.
    pub fn parse(text: &str) -> Result<Self, HistoryMistake> {
        let mut streams: Vec<PushStream> = Vec::new();
        let mut pulls: Vec<pull::Pull> = Vec::new();
        let mut start = 0;
        for part in text.split(';') {
            let words = words(part, start);
            start += part.len() + 1;
            if words.is_empty() {
                continue;
            }
            if pull::begins(&words) {
                let pull = pull::read(&words)?;
                if pulls.iter().any(|other| other.is_of(&pull)) {
                    return Err(pull.twice());
                }
                pulls.push(pull);
                continue;
            }
            let stream = stream(&words)?;
            if streams.len() == MOST_STREAMS {
                let title = format!("more than {MOST_STREAMS} kinds of images are described");
                return Err(HistoryMistake::new(
                    stream.range,
                    title,
                    "leave the rare ones out",
                ));
            }
            if streams.iter().any(|other| other.name == stream.name) {
                let title = format!("`{}` is described twice", stream.name);
                return Err(HistoryMistake::new(
                    stream.range,
                    title,
                    "add up how often it is pushed",
                ));
            }
            streams.push(stream);
        }
        for pull in &pulls {
            hand_out(pull, &mut streams)?;
        }
        let mut families = Vec::new();
        for stream in &mut streams {
            stream.family = families.len();
            families.push(stream.name.clone());
            let listed = stream.platforms.into_iter();
            families.extend(listed.flat_map(|it| it.families(&stream.name)));
        }
        match streams.is_empty() {
            true => Err(HistoryMistake::new(
                0..text.len(),
                "nothing is pushed",
                FORM,
            )),
            false => Ok(Self { streams, families }),
        }
    }

    /// What each kind of images is called, in the order of the description; what an index lists comes right behind it.
    pub fn families(&self) -> impl Iterator<Item = &str> {
        self.families.iter().map(String::as_str)
    }

    /// Whether any image is pulled.
    #[must_use]
    pub fn has_pulls(&self) -> bool {
        self.streams.iter().any(|stream| !stream.pulls.is_empty())
    }

    /// Whether any image is an index of others.
    #[must_use]
    pub fn has_indexes(&self) -> bool {
        self.streams.iter().any(|stream| stream.platforms.is_some())
    }

    /// Everything that is pushed in so many days from a moment on, in order. `seed` decides at which time of the day.
    ///
    /// # Errors
    /// Says which kind of images is pushed too often for that many days.
    pub fn pushes(&self, from: Time, days: u64, seed: u64) -> Result<Vec<Push>, HistoryMistake> {
        let days = days.min(MOST_DAYS);
        let mut total: u64 = 0;
        for stream in &self.streams {
            let images = stream.rate.pushes(days).saturating_mul(stream.images());
            total = total.saturating_add(images);
            if total > MOST_PUSHES {
                let title = format!(
                    "with `{}` more than {MOST_PUSHES} images are pushed in {days} days",
                    stream.name
                );
                let help = "describe fewer pushes, or a shorter time with `--months`";
                return Err(HistoryMistake::new(stream.range.clone(), title, help));
            }
        }
        let mut pushes = Vec::new();
        let mut random = Random(seed);
        for stream in &self.streams {
            for number in 0..stream.rate.pushes(days) {
                let push = stream.push(number, from, &mut random);
                pushes.push((push, stream.platforms));
            }
        }
        pushes.sort_by_key(|(push, _)| (push.at, push.family));
        let mut all: Vec<Push> = Vec::new();
        for (push, platforms) in pushes {
            match platforms {
                Some(platforms) => all.extend(platforms.spread(push, all.len())),
                None => all.push(push),
            }
        }
        let mut last = None;
        for push in &mut all {
            // What would come at one moment comes right after it: AWS does not say what that means.
            if last >= Some(push.at) {
                push.at = last.unwrap_or(push.at).plus_millis(1);
            }
            last = Some(push.at);
        }
        Ok(all)
    }
}

/// Gives a pull to the images that it is about.
fn hand_out(pull: &pull::Pull, streams: &mut [PushStream]) -> Result<(), HistoryMistake> {
    let mut is_pushed = false;
    for stream in streams {
        let pulling = pull.of(&stream.name);
        is_pushed |= pulling.is_some();
        stream.pulls.extend(pulling);
    }
    match is_pushed {
        true => Ok(()),
        false => Err(pull.nothing()),
    }
}

impl PushStream {
    /// How many images one push makes.
    fn images(&self) -> u64 {
        1 + self.platforms.map_or(0, Platforms::images)
    }

    fn push(&self, number: u64, from: Time, random: &mut Random) -> Push {
        let at = from.plus_millis(self.rate.moment(number, random));
        let tags = self.tags.iter();
        Push {
            family: self.family,
            at,
            tags: tags.map(|tag| tag.tag(number, at, random)).collect(),
            size: self.size,
            lists: Vec::new(),
            pulls: self.pulls.clone(),
        }
    }
}

fn stream(words: &[Word<'_>]) -> Result<PushStream, HistoryMistake> {
    let all = words[0].1.start..words[words.len() - 1].1.end;
    let rest = match words {
        [(verb, _), (next, _), ..] if VERBS.contains(verb) && !rate::begins(next) => &words[1..],
        words => words,
    };
    let [(name, place), rest @ ..] = rest else {
        return Err(HistoryMistake::new(all, "nothing is pushed", FORM));
    };
    let tags = match *name {
        "untagged" => Vec::new(),
        name => tag::read(name, place.start)?,
    };
    if rest.is_empty() {
        let title = format!("how often `{name}` is pushed is missing");
        return Err(HistoryMistake::new(place.clone(), title, rate::FORM));
    }
    let (rate, rest) = rate::read(rest)?;
    let (mut platforms, mut size) = (None, None);
    let mut rest = rest;
    while let [(word, place), behind @ ..] = rest {
        rest = match (*word, behind) {
            ("for", _) if platforms.is_none() => {
                let (found, rest) = platforms::read(rest)?;
                platforms = Some(found);
                rest
            }
            ("of", [(written, place), behind @ ..]) if size.is_none() => {
                size = Some(self::size(written, place)?);
                behind
            }
            (written, behind) if size.is_none() => {
                size = Some(self::size(written, place)?);
                behind
            }
            (word, _) => {
                let title = format!("`{word}` has no meaning here");
                return Err(HistoryMistake::new(place.clone(), title, FORM));
            }
        };
    }
    Ok(PushStream {
        name: (*name).to_owned(),
        range: all,
        tags,
        rate,
        size,
        platforms,
        pulls: Vec::new(),
        family: 0,
    })
}

/// Bytes such as `300MB`; at most a terabyte.
fn size(text: &str, place: &Range<usize>) -> Result<u64, HistoryMistake> {
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
            let title = format!("`{text}` is not a size");
            return Err(HistoryMistake::new(place.clone(), title, help));
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
            let title = format!("`{text}` is not a size of an image, which is up to 1000 GB");
            Err(HistoryMistake::new(place.clone(), title, help))
        }
    }
}

#[cfg(test)]
mod tests;
