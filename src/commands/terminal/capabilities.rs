//! What a terminal can show and a user wants to see, by the environment.
//! It does not know what is shown.

use crate::cli::ColorChoice;

/// Looks up a variable of the environment; one that is empty is as good as none.
pub(super) type Lookup<'l> = &'l dyn Fn(&str) -> Option<String>;

/// Programs that show links, by what they say of themselves in `TERM_PROGRAM`.
const PROGRAMS: [&str; 8] = [
    "iterm.app",
    "wezterm",
    "vscode",
    "ghostty",
    "hyper",
    "rio",
    "tabby",
    "warpterminal",
];
/// The same, by a variable that only they set.
const OWN: [&str; 4] = [
    "WT_SESSION",
    "KONSOLE_VERSION",
    "KITTY_WINDOW_ID",
    "DOMTERM",
];
/// The same, by how `TERM` begins.
const TERMS: [&str; 5] = [
    "xterm-kitty",
    "xterm-ghostty",
    "alacritty",
    "foot",
    "wezterm",
];
/// The first release of the library behind GNOME's and other terminals that shows links, 0.50, as it counts.
const VTE: u32 = 5000;

/// Whether colours are shown. `NO_COLOR` (no-color.org) says no, `FORCE_COLOR` (force-color.org) and `CLICOLOR_FORCE`
/// (bixense.com/clicolors) say yes whatever standard output is.
pub(super) fn color(choice: ColorChoice, terminal: bool, get: Lookup<'_>) -> bool {
    match choice {
        ColorChoice::Always => return true,
        ColorChoice::Never => return false,
        ColorChoice::Auto => {}
    }
    if get("NO_COLOR").is_some() {
        return false;
    }
    if let Some(value) = get("FORCE_COLOR") {
        return !is_off(&value);
    }
    if get("CLICOLOR_FORCE").is_some_and(|value| !is_off(&value)) {
        return true;
    }
    let is_unwanted = get("CLICOLOR").is_some_and(|value| is_off(&value));
    terminal && !is_dumb(get) && !is_unwanted
}

/// Whether characters beyond ASCII are shown: by the locale (POSIX.1, 8.2), and where that says nothing, they are.
pub(super) fn unicode(get: Lookup<'_>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(get);
    let locale = locale.unwrap_or_default();
    let named = locale.split('@').next().unwrap_or_default();
    let is_shown = match named.split_once('.') {
        Some((_, codes)) => {
            let codes = codes.replace('-', "").to_ascii_uppercase();
            codes == "UTF8"
        }
        None => named != "C" && named != "POSIX",
    };
    is_shown && !is_dumb(get)
}

/// Whether links (OSC 8) are shown, on a terminal that shows colours, too.
pub(super) fn links(terminal: bool, get: Lookup<'_>) -> bool {
    if let Some(value) = get("FORCE_HYPERLINK") {
        return !is_off(&value);
    }
    let has = |name: &str, known: &dyn Fn(&str) -> bool| {
        get(name).is_some_and(|value| known(&value.to_ascii_lowercase()))
    };
    terminal
        && (OWN.iter().any(|name| get(name).is_some())
            || has("TERM_PROGRAM", &|value| PROGRAMS.contains(&value))
            || has("TERM", &|value| {
                TERMS.iter().any(|term| value.starts_with(term))
            })
            || has("VTE_VERSION", &|value| {
                value.parse().is_ok_and(|version: u32| version >= VTE)
            }))
}

/// Whether a variable that switches something on says the opposite.
fn is_off(value: &str) -> bool {
    value == "0" || value == "false"
}

fn is_dumb(get: Lookup<'_>) -> bool {
    get("TERM").is_some_and(|term| term == "dumb")
}

#[cfg(test)]
mod tests {
    use super::{color, links, unicode};
    use crate::cli::ColorChoice;

    fn with(environment: &str) -> impl Fn(&str) -> Option<String> {
        let pairs = environment
            .split(' ')
            .filter_map(|pair| pair.split_once('='));
        let pairs: Vec<_> = pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        move |name| {
            let mut all = pairs.iter();
            let (_, value) = all.find(|(known, _)| known == name)?;
            Some(value.clone())
        }
    }

    #[test]
    fn colours_are_asked_for_in_many_ways() {
        for (environment, terminal, expected) in [
            ("", true, true),
            ("", false, false),
            ("TERM=dumb", true, false),
            ("CLICOLOR=0", true, false),
            ("CLICOLOR=1", false, false),
            ("NO_COLOR=1", true, false),
            ("FORCE_COLOR=1", false, true),
            ("FORCE_COLOR=3 TERM=dumb", false, true),
            ("FORCE_COLOR=0", true, false),
            ("CLICOLOR_FORCE=1", false, true),
            ("CLICOLOR_FORCE=0", false, false),
            ("CLICOLOR_FORCE=0", true, true),
            ("FORCE_COLOR=1 NO_COLOR=1", true, false),
        ] {
            let color = color(ColorChoice::Auto, terminal, &with(environment));
            assert_eq!(color, expected, "{environment} {terminal}");
        }
        assert!(!color(ColorChoice::Never, true, &with("FORCE_COLOR=1")));
        assert!(color(ColorChoice::Always, false, &with("NO_COLOR=1")));
    }

    #[test]
    fn the_locale_says_which_characters_there_are() {
        for (environment, expected) in [
            ("", true),
            ("LANG=C.UTF-8", true),
            ("LC_ALL=en_US.utf8", true),
            ("LANG=de_DE@euro", true),
            ("LC_ALL=C", false),
            ("LC_ALL=POSIX", false),
            ("LANG=C", false),
            ("LANG=de_DE.UTF-8 LC_ALL=C", false),
            ("LANG=C LC_CTYPE=de_DE.UTF-8", true),
            ("LC_ALL=de_DE.ISO-8859-15@euro", false),
            ("TERM=dumb LC_ALL=C.UTF-8", false),
        ] {
            assert_eq!(unicode(&with(environment)), expected, "{environment}");
        }
    }

    #[test]
    fn links_are_for_terminals_that_are_known_to_show_them() {
        for (environment, terminal, expected) in [
            ("", true, false),
            ("TERM=xterm-256color", true, false),
            ("TERM_PROGRAM=vscode", true, true),
            ("TERM_PROGRAM=vscode", false, false),
            ("TERM_PROGRAM=Apple_Terminal", true, false),
            ("TERM=xterm-kitty", true, true),
            ("WT_SESSION=1", true, true),
            ("VTE_VERSION=4999", true, false),
            ("VTE_VERSION=7600", true, true),
            ("VTE_VERSION=new", true, false),
            ("FORCE_HYPERLINK=1", false, true),
            ("FORCE_HYPERLINK=0 WT_SESSION=1", true, false),
        ] {
            let links = links(terminal, &with(environment));
            assert_eq!(links, expected, "{environment} {terminal}");
        }
    }
}
