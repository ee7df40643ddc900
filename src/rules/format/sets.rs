//! Sets of rules and the versions since which rules belong to them: `recommended@0.2` is the set as it was in 0.2.
//! It does not know which sets there are.

use super::Logic;

/// What parts the name of a set from a version.
const AT: char = '@';

/// A set and the version that is wanted of it, if any.
#[must_use]
pub fn pinned(set: &str) -> (&str, Option<&str>) {
    match set.split_once(AT) {
        Some((name, version)) => (name, Some(version)),
        None => (set, None),
    }
}

/// The numbers of a version, such as `0.2` or `0.2.1`; `None` where it is none.
#[must_use]
pub fn version(text: &str) -> Option<Vec<u64>> {
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = text
        .split('.')
        .map(|part| part.parse().ok().filter(|_| is_number(part)));
    let parts: Vec<u64> = parts.collect::<Option<_>>()?;
    (parts.len() <= 3).then_some(parts)
}

/// Why the version behind the name of a set means nothing, if it does: title and help.
pub fn unfit<'r>(
    set: &str,
    mut rules: impl Iterator<Item = &'r Logic>,
) -> Option<(String, String)> {
    let (name, pin) = pinned(set);
    let pin = pin?;
    let help = format!("write it as in `{name}@{}`", env!("CARGO_PKG_VERSION"));
    if version(pin).is_none() {
        return Some((format!("`{set}` names no version"), help));
    }
    let has_none = !rules.any(|rule| rule.is_in(set));
    has_none.then(|| {
        (
            format!("no rule belonged to `{name}` in version {pin}"),
            help,
        )
    })
}

impl Logic {
    /// Whether the rule belongs to a set, or did in the version behind its `@`. A rule that does not say since when
    /// always did.
    #[must_use]
    pub fn is_in(&self, set: &str) -> bool {
        let (name, pin) = pinned(set);
        let Some(index) = self.sets.iter().position(|own| own == name) else {
            return false;
        };
        let joined = self.joined.get(index).and_then(|joined| version(joined));
        let (Some(mut joined), Some(pin)) = (joined, pin.and_then(version)) else {
            return true;
        };
        // `0.2` is every 0.2.x.
        joined.truncate(pin.len());
        joined <= pin
    }
}

#[cfg(test)]
mod tests {
    use super::super::load;
    use super::version;
    use crate::source::SourceId;

    #[test]
    fn a_rule_is_in_a_set_since_its_version() {
        let rule = |sets: &str| {
            let text = format!(
                "id: a\ntitle: t\nseverity: note\nsets: {sets}\nsince: 0.2.0\nwhy: w\nrequire: $.repository.name\n\
                 message: m\nfix: {{ cli: x }}\nreferences: [https://example.com]\nexamples:\n  \
                 pass: [{{ cloudformation: x }}]\n  fail: [{{ cloudformation: y }}]\n"
            );
            load(&text, SourceId(0), "x/a.yaml").map(|one| one.logic)
        };
        let logic = rule("[one, two@0.10.1]").expect("a rule");
        assert_eq!(logic.sets, ["one", "two"]);
        for (set, is_in) in [
            ("one", true),
            ("one@0.2", true),
            ("one@0.2.0", true),
            ("one@0.1", false),
            ("one@0.1.9", false),
            ("one@1", true),
            ("one@0.10", true),
            ("two", true),
            ("two@0.9", false),
            ("two@0.10", true),
            ("two@0.10.0", false),
            ("three", false),
            ("three@9", false),
        ] {
            assert_eq!(logic.is_in(set), is_in, "{set}");
        }
        assert!(rule("[one@new]").is_err());
        assert!(rule("[one@]").is_err());
    }

    #[test]
    fn versions_are_numbers() {
        for text in [
            "",
            "x",
            "1.x",
            "1..2",
            "1.2.3.4",
            "+1",
            "99999999999999999999",
        ] {
            assert_eq!(version(text), None, "{text}");
        }
        assert_eq!(version("0.10.1"), Some(vec![0, 10, 1]));
    }
}
