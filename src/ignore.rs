//! What somebody decided to ignore: which rule, for which repositories, why, who, and until when.
//! It does not know where an ignore was written, nor whether it was ever used.

use std::fmt;
use std::str::FromStr;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::source::Span;

/// A decision that findings of one rule do not count for some repositories.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// Id of the rule, without the tool's name in front.
    pub rule: String,
    /// Where the rule is named.
    pub rule_span: Span,
    /// Which findings of the rule are meant.
    pub scope: IgnoreScope,
    /// Why the findings do not count; never empty.
    pub reason: String,
    /// Who answers for the decision.
    pub owner: Option<String>,
    /// The last day on which the decision holds, and where it is written.
    pub expires: Option<(Date, Span)>,
    /// Whether the id may be one of another tool's: then it is not a mistake that nobody knows it.
    pub foreign: bool,
}

/// Which repositories an ignore speaks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IgnoreScope {
    /// Those with a name that fits.
    Named(NamePattern),
    /// Those that are declared in one of these ranges of text, and the findings that point there.
    Places(Vec<Span>),
}

/// What a finding is about, as far as ignores ask.
#[derive(Clone, Copy, Debug)]
pub struct FindingTarget<'n> {
    /// Whatever a human calls the repository: its name, logical id, construct path, ARN. One that
    /// fits a pattern is enough.
    pub names: &'n [&'n str],
    /// Where the repository is declared.
    pub place: Span,
}

/// The name of the tool in front of a rule's id, as the CDK writes ids.
const TOOL: &str = "ecrlint::";

/// The id of the rule that is called `scan-on-push` or `ecrlint::scan-on-push`.
#[must_use]
pub fn rule_id(name: &str) -> &str {
    name.strip_prefix(TOOL).unwrap_or(name)
}

impl Ignore {
    /// Whether the last day of the decision is over. Without a last day it never is.
    #[must_use]
    pub fn is_expired(&self, today: Date) -> bool {
        self.expires.is_some_and(|(last, _)| last < today)
    }
}

impl IgnoreScope {
    /// Whether the repository is meant, whatever is found about it.
    #[must_use]
    pub fn holds(&self, about: FindingTarget<'_>) -> bool {
        match self {
            IgnoreScope::Named(pattern) => {
                pattern.is_any() || about.names.iter().any(|name| pattern.matches(name))
            }
            IgnoreScope::Places(_) => self.reaches(about.place),
        }
    }

    /// Whether a finding is meant because it points into the text that the ignore stands at.
    #[must_use]
    pub fn reaches(&self, span: Span) -> bool {
        match self {
            IgnoreScope::Named(_) => false,
            IgnoreScope::Places(places) => places.iter().any(|place| place.contains(span)),
        }
    }
}

/// A glob over the names of a repository: `*` stands for any characters, `/` included.
///
/// Also `?`, `[a-z]` and `{one,other}`; a backslash makes the next character ordinary.
#[derive(Clone, Debug)]
pub struct NamePattern {
    glob: String,
    /// A set of one: unlike a single glob, a set says when it cannot be compiled.
    matcher: GlobSet,
}

/// Names and patterns are written by hand.
const LENGTH_LIMIT: usize = 4096;

/// A glob that does not parse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PatternError(String);

impl NamePattern {
    /// Compiles a glob.
    ///
    /// # Errors
    /// When the glob does not parse; the error says why, in the words of the glob library.
    pub fn new(glob: &str) -> Result<Self, PatternError> {
        if glob.len() > LENGTH_LIMIT {
            return Err(PatternError(format!("longer than {LENGTH_LIMIT} bytes")));
        }
        let compiled = GlobBuilder::new(glob)
            .literal_separator(false)
            .backslash_escape(true)
            .build()
            .and_then(|glob| GlobSetBuilder::new().add(glob).build());
        match compiled {
            Ok(matcher) => Ok(Self {
                glob: glob.to_owned(),
                matcher,
            }),
            Err(error) => Err(PatternError(reason(error.kind()))),
        }
    }

    /// The pattern that only `name` itself fits.
    ///
    /// # Errors
    /// When the name is too long to be compiled.
    pub fn exact(name: &str) -> Result<Self, PatternError> {
        Self::new(&globset::escape(name))
    }

    /// The glob as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.glob
    }

    /// Whether `name` fits.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.matcher.is_match(name)
    }

    /// Whether every repository fits, even one that has no name.
    fn is_any(&self) -> bool {
        self.as_str() == "*"
    }
}

/// The library's reason on one line; a pattern that it cannot compile is nested too deeply.
fn reason(kind: &globset::ErrorKind) -> String {
    match kind {
        globset::ErrorKind::Regex(_) => "nested too deeply".to_owned(),
        other => other.to_string().replace('\n', " "),
    }
}

impl PartialEq for NamePattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for NamePattern {}

/// A day of the Gregorian calendar, written `2027-06-30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// Why a text is no [`Date`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not four digits, two digits, two digits.
    #[error("a date is written `YYYY-MM-DD`")]
    Form,
    /// The right form, but the calendar has no such day.
    #[error("the calendar has no such day")]
    NoSuchDay,
}

impl Date {
    /// The day of a Unix time in UTC, in seconds. Days before 1970 count as its first,
    /// days behind 9999 as its last.
    #[must_use]
    pub fn from_unix_seconds(seconds: i64) -> Self {
        // Years are counted from March so that the leap day is a year's last, in cycles of 400 years.
        let days = (seconds / 86_400).clamp(0, 2_932_896) + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let (month, carry) = if month < 10 {
            (month + 3, 0)
        } else {
            (month - 9, 1)
        };
        Self {
            year: u16::try_from(era * 400 + year + carry).unwrap_or(9999),
            month: u8::try_from(month).unwrap_or(12),
            day: u8::try_from(day).unwrap_or(31),
        }
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(DateError::Form);
        }
        let year = digits(&bytes[0..4])?;
        let month = digits(&bytes[5..7])?;
        let day = digits(&bytes[8..10])?;
        if !(1..=12).contains(&month) || day < 1 || day > days_of_month(year, month) {
            return Err(DateError::NoSuchDay);
        }
        Ok(Self {
            year,
            month: u8::try_from(month).map_err(|_| DateError::NoSuchDay)?,
            day: u8::try_from(day).map_err(|_| DateError::NoSuchDay)?,
        })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// At most four digits, so the sum fits.
fn digits(bytes: &[u8]) -> Result<u16, DateError> {
    bytes.iter().try_fold(0, |sum, byte| {
        if byte.is_ascii_digit() {
            Ok(sum * 10 + u16::from(byte - b'0'))
        } else {
            Err(DateError::Form)
        }
    })
}

fn days_of_month(year: u16, month: u16) -> u16 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{Date, DateError, FindingTarget, Ignore, IgnoreScope, NamePattern, rule_id};
    use crate::source::{SourceId, Span};

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn span(start: usize, end: usize) -> Span {
        Span::new(SourceId(0), start, end)
    }

    fn ignore() -> Ignore {
        Ignore {
            rule: "tag-immutability".into(),
            rule_span: span(0, 0),
            scope: IgnoreScope::Places(Vec::new()),
            reason: "build cache".into(),
            owner: None,
            expires: Some((date("2027-06-30"), span(0, 0))),
            foreign: false,
        }
    }

    fn named(pattern: &str, names: &[&str]) -> bool {
        let place = span(0, 0);
        IgnoreScope::Named(NamePattern::new(pattern).unwrap()).holds(FindingTarget { names, place })
    }

    #[test]
    fn any_name_of_a_repository_may_fit() {
        assert!(named("*-cache", &["ApiRepo", "team/api-cache"]));
        assert!(!named("*-cache", &["ApiRepo", "api-cache-2"]));
    }

    #[test]
    fn a_lone_star_fits_a_repository_without_any_name() {
        assert!(named("*", &[]));
        assert!(!named("a*", &[]));
    }

    #[test]
    fn a_place_holds_what_is_declared_in_it_and_what_points_there() {
        let scope = IgnoreScope::Places(vec![span(10, 20), span(30, 40)]);
        let holds = |place| scope.holds(FindingTarget { names: &[], place });
        assert!(holds(span(30, 33)));
        assert!(!holds(span(20, 30)));
        assert!(!holds(Span::new(SourceId(1), 30, 33)));
        assert!(scope.reaches(span(12, 20)));
    }

    #[test]
    fn a_rule_may_be_called_with_the_name_of_the_tool() {
        assert_eq!(rule_id("ecrlint::scan-on-push"), "scan-on-push");
        assert_eq!(rule_id("scan-on-push"), "scan-on-push");
        assert_eq!(rule_id("other::scan-on-push"), "other::scan-on-push");
    }

    #[test]
    fn an_exact_pattern_takes_every_character_as_it_is() {
        let pattern = NamePattern::exact("App/Repo[*]{a,b}").unwrap();
        assert!(pattern.matches("App/Repo[*]{a,b}"));
        assert!(!pattern.matches("App/Repo*a"));
    }

    #[test]
    fn a_broken_glob_says_why() {
        let error = NamePattern::new("[a").unwrap_err().to_string();
        assert!(error.contains("unclosed"), "{error}");
    }

    #[test]
    fn a_monstrous_glob_is_refused_not_compiled() {
        let nested = format!("{}a{}", "{".repeat(1000), "}".repeat(1000));
        assert!(NamePattern::new(&nested).is_err());
        assert!(NamePattern::new(&"?".repeat(1_000_000)).is_err());
        assert!(NamePattern::new(&"[!a]".repeat(1000)).is_ok());
    }

    #[test]
    fn an_ignore_holds_through_its_last_day() {
        assert!(!ignore().is_expired(date("2027-06-30")));
        assert!(ignore().is_expired(date("2027-07-01")));
    }

    #[test]
    fn dates_that_no_calendar_has_are_refused() {
        assert_eq!("2027-02-29".parse::<Date>(), Err(DateError::NoSuchDay));
        assert_eq!("1900-02-29".parse::<Date>(), Err(DateError::NoSuchDay));
        assert_eq!("2027-13-01".parse::<Date>(), Err(DateError::NoSuchDay));
        assert_eq!("2027-6-30".parse::<Date>(), Err(DateError::Form));
        assert_eq!("2027-06-3é".parse::<Date>(), Err(DateError::Form));
        assert_eq!("2027-0-630".parse::<Date>(), Err(DateError::Form));
        assert_eq!(date("2028-02-29").to_string(), "2028-02-29");
    }

    #[test]
    fn a_unix_time_names_its_day() {
        assert_eq!(Date::from_unix_seconds(-5), date("1970-01-01"));
        assert_eq!(Date::from_unix_seconds(951_782_400), date("2000-02-29"));
        assert_eq!(Date::from_unix_seconds(951_868_800), date("2000-03-01"));
        assert_eq!(Date::from_unix_seconds(1_798_761_599), date("2026-12-31"));
        assert_eq!(Date::from_unix_seconds(i64::MAX), date("9999-12-31"));
    }
}
