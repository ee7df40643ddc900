//! Numbers as people read them.
//! It does not know what is counted.

/// A number with its noun: `1 image`, `41 images`.
pub(super) fn count(number: u64, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        number => format!("{} {noun}s", grouped(number)),
    }
}

/// A number with a comma before each three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Bytes in decimal units, with three digits at most where they are few.
pub(super) fn bytes(number: u64) -> String {
    let units = ["bytes", "KB", "MB", "GB", "TB", "PB", "EB"];
    let mut rest = gigabytes(number) * 1e9;
    let mut unit = 0;
    while rest >= 999.5 && unit + 1 < units.len() {
        rest /= 1000.0;
        unit += 1;
    }
    match unit {
        0 => format!("{number} bytes"),
        unit if rest < 9.95 => format!("{rest:.1} {}", units[unit]),
        unit => format!("{rest:.0} {}", units[unit]),
    }
}

/// Gigabytes of a thousand million bytes.
#[allow(clippy::cast_precision_loss, reason = "it is shown with three digits")]
pub(super) fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}

/// Dollars, rounded up to cents.
pub(super) fn dollars(amount: f64) -> String {
    // A little less than a cent of the machine's arithmetic is none.
    let cents = (amount * 100.0 - 1e-6).ceil();
    format!("${:.2}", if cents > 0.0 { cents / 100.0 } else { 0.0 })
}

/// Dollars as they were given, to the cent at least.
pub(super) fn rate(amount: f64) -> String {
    let is_short = (amount * 100.0).fract().abs() < 1e-9;
    match is_short {
        true => format!("${amount:.2}"),
        false => format!("${amount}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, count, dollars, grouped};

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(
            (count(1, "image"), count(0, "image")),
            ("1 image".into(), "0 images".into())
        );
        assert_eq!(count(12_345, "image"), "12,345 images");
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
        for (number, text) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1.0 KB"),
            (12_400_000_000, "12 GB"),
            (9_960_000, "10 MB"),
            (999_600, "1.0 MB"),
            (u64::MAX, "18 EB"),
        ] {
            assert_eq!(bytes(number), text);
        }
        assert_eq!(
            (dollars(0.0), dollars(1.241), dollars(0.1)),
            ("$0.00".into(), "$1.25".into(), "$0.10".into())
        );
    }
}
