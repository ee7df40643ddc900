//! Moments, as AWS writes them and as ages are counted.
//! It does not know what happened then.

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// The last moment that has a year of four digits, 9999-12-31, in seconds since 1970.
const LAST: i64 = 253_402_300_799;
/// Fewest characters of seconds since 1970: fewer are a year, or part of a date.
const SHORTEST: usize = 9;
/// The first one, 0000-01-01.
const FIRST: i64 = -62_167_219_200;

/// A moment, to the millisecond, in years of four digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// The moment so many seconds after the beginning of 1970 in UTC; the nearest one that there is.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.clamp(FIRST, LAST) * 1000)
    }

    /// The moment that a text names: a date, or date and time of RFC 3339 as the AWS CLI writes it, or seconds since
    /// 1970 as the API itself has it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_number = |c: char| c.is_ascii_digit() || c == '.';
        if (SHORTEST..=20).contains(&text.len()) && text.chars().all(is_number) {
            let (whole, part) = text.split_once('.').unwrap_or((text, ""));
            let seconds: i64 = whole.parse().ok().filter(|it| *it <= LAST)?;
            return Some(Self(seconds * 1000 + thousandths(part)?));
        }
        let (date, rest) = text.split_at_checked(10)?;
        let day = day(date)?;
        if rest.is_empty() {
            return Some(Self(day * DAY));
        }
        let rest = rest.strip_prefix(['T', 't', ' '])?;
        let (clock, behind) = rest.split_at_checked(8)?;
        let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
        // A leap second counts as the one after it.
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let end = |text: &str| text.find(|c: char| !c.is_ascii_digit());
        let (part, zone) = match behind.strip_prefix('.') {
            Some(behind) => behind.split_at(end(behind).unwrap_or(behind.len())),
            None => ("", behind),
        };
        let seconds = (hour * 60 + minute) * 60 + second - offset(zone)? * 60;
        let moment = day * DAY + seconds * 1000 + thousandths(part)?;
        (FIRST * 1000..=LAST * 1000 + 999)
            .contains(&moment)
            .then_some(Self(moment))
    }

    /// The moment so many days later, or earlier; the nearest one that there is.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_millis(days.saturating_mul(DAY))
    }

    /// The moment so many milliseconds later, or earlier; the nearest one that there is.
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        let moment = self.0.saturating_add(millis);
        Self(moment.clamp(FIRST * 1000, LAST * 1000 + 999))
    }

    /// Milliseconds from another moment to this one.
    #[must_use]
    pub fn millis_since(self, other: Self) -> i64 {
        self.0 - other.0
    }

    /// Whole days from another moment to this one, none where that is later.
    #[must_use]
    pub fn days_since(self, other: Self) -> u64 {
        u64::try_from((self.0 - other.0) / DAY).unwrap_or(0)
    }

    /// Whether more than so many days have gone by from another moment to this one: "older than N days".
    #[must_use]
    pub fn is_older(self, other: Self, days: u64) -> bool {
        let limit = i64::try_from(days)
            .ok()
            .and_then(|days| days.checked_mul(DAY));
        limit.is_some_and(|limit| self.0 - other.0 > limit)
    }

    /// The beginning of its day in UTC.
    #[must_use]
    pub fn midnight(self) -> Self {
        Self(self.0.div_euclid(DAY) * DAY)
    }

    /// Its date in UTC, such as `2026-01-31`.
    #[must_use]
    pub fn date(self) -> String {
        // Days since 1970 in years of which March is the first month, so that leap days are last
        // (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
        let days = self.0.div_euclid(DAY) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        format!("{year:04}-{month:02}-{day:02}")
    }
}

/// Days since 1970 of a date such as `2026-01-31`.
fn day(date: &str) -> Option<i64> {
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=longest).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let month = (month + 9) % 12;
    let of_year = (153 * month + 2) / 5 + day - 1;
    let of_era = year.rem_euclid(400) * 365 + year.rem_euclid(400) / 4 - year.rem_euclid(400) / 100;
    Some(era * 146_097 + of_era + of_year - 719_468)
}

/// Three numbers of so many digits each.
fn numbers(text: &str, between: char, digits: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(between);
    let mut found = [0; 3];
    for (number, digits) in found.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits)?;
        if !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

/// Minutes by which a time zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone.is_empty() || zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = zone.get(1..)?.replace(':', "");
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (digits[..2].parse().ok()?, digits[2..].parse().ok()?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// Milliseconds that the digits behind a point stand for.
fn thousandths(part: &str) -> Option<i64> {
    if !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn moments_are_read_as_aws_writes_them() {
        for (text, same) in [
            ("2026-01-31", "2026-01-31T00:00:00Z"),
            ("2026-01-31T02:00:00+02:00", "2026-01-31T00:00:00Z"),
            ("2026-01-30T18:30:00.000-0530", "2026-01-31T00:00:00Z"),
            ("1769817600", "2026-01-31T00:00:00Z"),
            ("1769817600.25", "2026-01-31T00:00:00.250000Z"),
            ("2024-02-29 23:59:60", "2024-03-01T00:00:00Z"),
        ] {
            assert_eq!(Time::parse(text), Time::parse(same), "{text}");
            assert!(Time::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2025-02-29",
            "2026-01-32",
            "2026-01-31T24:00:00Z",
            "2026-01-31T00:00:00+1",
            "99999999999999999999",
            "2026-01-31Tx",
            "é026-01-31",
            "1.x",
            "0000-01-01T00:00:00+23:59",
        ] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_written_as_they_are_read() {
        for text in [
            "1970-01-01",
            "1969-12-31",
            "2000-02-29",
            "0000-01-01",
            "9999-12-31",
        ] {
            assert_eq!(Time::parse(text).unwrap().date(), text);
        }
        assert_eq!(Time::from_seconds(i64::MAX).date(), "9999-12-31");
        assert_eq!(
            Time::from_seconds(0).plus_days(i64::MAX).date(),
            "9999-12-31"
        );
        assert_eq!(Time::from_seconds(0).plus_days(59).date(), "1970-03-01");
    }

    #[test]
    fn older_than_a_day_is_more_than_a_day() {
        let then = Time::parse("2026-01-30").unwrap();
        let now = Time::parse("2026-01-31").unwrap();
        assert!(!now.is_older(then, 1) && now.plus_millis(1).is_older(then, 1));
        assert!(!now.is_older(then, u64::MAX) && !then.is_older(now, 0));
        assert_eq!((now.days_since(then), then.days_since(now)), (1, 0));
    }
}
