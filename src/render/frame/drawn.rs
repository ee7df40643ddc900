//! Lines that miette has drawn, read again: which is which, behind their colours.
//! It does not know what they show.

/// Whether a drawn line is the one below a marked line: its bar is broken.
pub(super) fn is_underline(line: &str) -> bool {
    let mut is_colour = false;
    let bar = line.chars().find(|c| {
        let is_code = is_colour || *c == '\u{1b}';
        is_colour = is_code && *c != 'm';
        !is_code && *c != ' '
    });
    matches!(bar, Some('·' | ':'))
}

/// A drawn line without its number, unless that is `number`. Colours are left as they are.
pub(super) fn unnumbered(line: &str, number: u32) -> String {
    let bar = line.find(['│', '|']).unwrap_or(0);
    let (margin, rest) = line.split_at(bar);
    let mut digits = String::new();
    let mut blank = String::with_capacity(line.len());
    let mut is_colour = false;
    for c in margin.chars() {
        is_colour = c == '\u{1b}' || is_colour && c != 'm';
        match c {
            '0'..='9' if !is_colour => {
                digits.push(c);
                blank.push(' ');
            }
            ' ' => blank.push(c),
            c if is_colour || c == 'm' && blank.contains('\u{1b}') => blank.push(c),
            // A label, or the frame itself.
            _ => return line.to_owned(),
        }
    }
    match digits == number.to_string() {
        true => line.to_owned(),
        false => blank + rest,
    }
}
