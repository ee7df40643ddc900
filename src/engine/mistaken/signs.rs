//! What shows that a repository of another name is a declared one: its name but for case, separators or prefix, its logical
//! id, its construct, a tag. It does not know whether another repository shows the same.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::model::facts::misses_standard;
use crate::model::{Declared, Entity, LOGICAL_ID_TAG, MemberKey, Organisation, Value, members};

/// Endings of ids that say what a resource is, not which.
const KINDS: [&str; 3] = ["repository", "repo", "ecr"];
/// Ids of constructs that say as little.
const PLAIN: [&str; 5] = ["resource", "default", "repository", "repo", "ecr"];
/// Letters of the hash that the CDK adds to a logical id.
const HASH: usize = 8;
/// Tags of what CloudFormation makes begin so.
const OF_AWS: &str = "aws:";
/// Words of keys whose tags say whose or where a repository is, not which one.
const ABOUT_OTHERS: [&str; 20] = [
    "owner",
    "team",
    "env",
    "environment",
    "stage",
    "cost",
    "costcenter",
    "department",
    "project",
    "product",
    "app",
    "application",
    "organisation",
    "organization",
    "customer",
    "tenant",
    "account",
    "region",
    "version",
    "managedby",
];

/// The declared base names by what shows them.
pub(super) struct Signs<'o> {
    organisation: &'o Organisation,
    /// By whole names without case and separators: with prefix and application, and without one of them or both.
    names: FxHashMap<String, Sign<'o>>,
    /// By application and base name, which another prefix may stand before.
    endings: FxHashMap<String, Sign<'o>>,
    /// Bytes of the longest of these.
    longest: usize,
    /// By base name alone.
    bases: FxHashMap<String, Sign<'o>>,
}

/// Base names with one spelling: one, or several that it does not tell apart.
#[derive(Clone, Copy)]
enum Sign<'o> {
    One(&'o str),
    Several,
}

impl<'o> Signs<'o> {
    pub(super) fn of(organisation: &'o Organisation) -> Self {
        let mut signs = Self {
            organisation,
            names: FxHashMap::default(),
            endings: FxHashMap::default(),
            longest: 0,
            bases: FxHashMap::default(),
        };
        let part = |part: &'o Option<Declared<String>>| {
            part.as_ref().map_or("", |part| part.value.as_str())
        };
        let (prefix, app) = (part(&organisation.prefix), part(&organisation.app));
        for declared in &organisation.repositories {
            let base = declared.base.value.as_str();
            if plain(base).is_empty() {
                continue;
            }
            for parts in [
                &[prefix, app, base][..],
                &[app, base],
                &[prefix, base],
                &[base],
            ] {
                add(&mut signs.names, plain(&parts.concat()), base);
            }
            add(&mut signs.endings, plain(&[app, base].concat()), base);
            add(&mut signs.bases, plain(base), base);
        }
        let lengths = signs.endings.keys().map(String::len);
        signs.longest = lengths.max().unwrap_or(0);
        signs
    }

    /// The one base name that a repository shows, and by what. A name that the standard takes is another repository's
    /// unless it differs from a declared one in case and separators alone.
    pub(super) fn only(&self, repository: &Entity) -> Option<(&'o str, String)> {
        let name = repository.known_name()?;
        let mut found: BTreeMap<&'o str, String> = BTreeMap::new();
        let is_clear = self.by_name(name, &mut found)?;
        if misses_standard(repository, self.organisation) {
            self.by_id(repository, &mut found)?;
            self.by_tags(repository, &mut found)?;
        } else if !is_clear {
            return None;
        }
        let mut found = found.into_iter();
        let only = found.next()?;
        found.next().is_none().then_some(only)
    }

    /// Adds what the name shows; whether it differs in case and separators alone. `None` where it shows several.
    fn by_name(&self, name: &str, found: &mut BTreeMap<&'o str, String>) -> Option<bool> {
        let own = plain(name);
        let mut is_clear = false;
        if let Some(sign) = self.names.get(&own) {
            let base = sign.one()?;
            let wanted = self.organisation.repository_name(base)?;
            is_clear = plain(&wanted) == own;
            let differs = match is_clear {
                true => format!("its name differs from `{wanted}` in case or separators only"),
                false => format!("its name differs from `{wanted}` in the beginning only"),
            };
            found.insert(base, differs);
        }
        for ending in endings(name, &own, self.longest) {
            let Some(sign) = self.endings.get(ending) else {
                continue;
            };
            let base = sign.one()?;
            let wanted = self.organisation.repository_name(base)?;
            let differs = format!("its name differs from `{wanted}` in the beginning only");
            found.entry(base).or_insert(differs);
        }
        Some(is_clear)
    }

    /// Adds what the logical id and the construct show.
    fn by_id(&self, repository: &Entity, found: &mut BTreeMap<&'o str, String>) -> Option<()> {
        let subject = &repository.subject;
        let path = subject.construct_path.as_deref();
        let mut ids: Vec<&str> = subject.logical_id.as_deref().into_iter().collect();
        ids.extend(repository.tag(LOGICAL_ID_TAG));
        for id in ids {
            for written in [Some(id), hashless(id)].into_iter().flatten() {
                let because = || format!("its logical id is `{id}`");
                self.add_base(written, because, found)?;
            }
        }
        let construct = path.and_then(|path| {
            let mut ids = path
                .split('/')
                .skip(1)
                .collect::<Vec<_>>()
                .into_iter()
                .rev();
            ids.find(|id| !PLAIN.contains(&plain(id).as_str()))
        });
        if let Some(id) = construct {
            let because = || format!("its construct is `{}`", path.unwrap_or_default());
            self.add_base(id, because, found)?;
        }
        Some(())
    }

    /// Adds what the tags show.
    fn by_tags(&self, repository: &Entity, found: &mut BTreeMap<&'o str, String>) -> Option<()> {
        for (key, value) in tags(repository) {
            let is_telling =
                !key.starts_with(OF_AWS) && !ABOUT_OTHERS.contains(&plain(key).as_str());
            let Some(sign) = self.bases.get(&plain(value)).filter(|_| is_telling) else {
                continue;
            };
            let base = sign.one()?;
            if base.eq_ignore_ascii_case(value) {
                let because = format!("its tag `{key}` is `{value}`");
                found.entry(base).or_insert(because);
            }
        }
        Some(())
    }

    /// Adds the base name that an id is, with or without a word for its kind.
    fn add_base(
        &self,
        id: &str,
        because: impl Fn() -> String,
        found: &mut BTreeMap<&'o str, String>,
    ) -> Option<()> {
        let own = plain(id);
        let bare = KINDS.iter().find_map(|kind| own.strip_suffix(kind));
        for written in [Some(own.as_str()), bare].into_iter().flatten() {
            if let Some(sign) = self.bases.get(written) {
                found.entry(sign.one()?).or_insert_with(&because);
            }
        }
        Some(())
    }
}

impl<'o> Sign<'o> {
    fn one(&self) -> Option<&'o str> {
        match self {
            Self::One(base) => Some(base),
            Self::Several => None,
        }
    }
}

fn add<'o>(signs: &mut FxHashMap<String, Sign<'o>>, written: String, base: &'o str) {
    let is_other = |sign: &Sign<'o>| !matches!(sign, Sign::One(known) if *known == base);
    let known = signs.entry(written).or_insert(Sign::One(base));
    if is_other(known) {
        *known = Sign::Several;
    }
}

/// The texts of the tags whose keys and values are known.
fn tags(repository: &Entity) -> impl Iterator<Item = (&str, &str)> {
    let settings = repository.settings();
    let tags = settings.map(|one| repository.document.value(one.own.tags));
    let text = |tag: Value<'_>, key: MemberKey| tag.get(key).map(|value| value.id());
    let pairs = tags
        .into_iter()
        .flat_map(Value::items)
        .filter_map(move |tag| {
            Some((text(tag, members::TAG_KEY)?, text(tag, members::TAG_VALUE)?))
        });
    pairs.filter_map(|(key, value)| {
        let text = |id| repository.document.value(id).as_str();
        Some((text(key)?, text(value)?))
    })
}

/// A logical id without the hash of the CDK, where it may have one.
fn hashless(id: &str) -> Option<&str> {
    let start = id.len().checked_sub(HASH)?;
    let (id, hash) = (id.get(..start)?, id.get(start..)?);
    let is_one = |letter: u8| letter.is_ascii_digit() || (b'A'..=b'F').contains(&letter);
    (!id.is_empty() && hash.bytes().all(is_one)).then_some(id)
}

fn is_separator(letter: char) -> bool {
    "-_./".contains(letter)
}

/// What stands behind each separator of a name, without case and separators like the name in `own`, up to so many bytes;
/// the longest first.
fn endings<'p>(name: &str, own: &'p str, longest: usize) -> Vec<&'p str> {
    let mut endings = Vec::new();
    let mut start = own.len();
    for letter in name.chars().rev() {
        if own.len() - start > longest {
            break;
        }
        match is_separator(letter) {
            true => endings.push(&own[start..]),
            false => start -= letter.to_lowercase().map(char::len_utf8).sum::<usize>(),
        }
    }
    endings.reverse();
    endings
}

/// A text without case and separators.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(|letter| !is_separator(*letter));
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{endings, is_separator, plain};

    #[test]
    fn endings_are_what_stands_behind_separators() {
        for name in ["team-App_api", "a", "", "-x-", "İ-ß.Ö", "--", "a/b.c_d-e"] {
            let own = plain(name);
            let separators = name.match_indices(is_separator);
            let expected: Vec<String> = separators.map(|(at, _)| plain(&name[at..])).collect();
            assert_eq!(endings(name, &own, own.len()), expected, "{name}");
        }
        assert_eq!(endings("a-bcd-e-f", "abcdef", 2), ["ef", "f"]);
    }
}
