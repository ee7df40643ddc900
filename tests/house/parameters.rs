//! What goes together through functions is a struct whose fields have names: no function takes a tuple.

use std::fs;

use crate::rooms::rust_files;

#[test]
fn no_function_takes_a_tuple() {
    let src = crate::program::root().join("src");
    let mut found = Vec::new();
    for path in rust_files(&src) {
        let text = fs::read_to_string(&path).expect("a source file can be read");
        let code: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        for (name, parameter) in tuples(&code.join("\n")) {
            let path = path.display();
            found.push(format!("{path}: `{name}` takes `{parameter}`"));
        }
    }
    assert!(
        found.is_empty(),
        "give each its own parameter, or make a struct of them:\n{}",
        found.join("\n")
    );
}

#[test]
fn tuples_are_found_among_parameters() {
    let found = |code: &str| -> Vec<String> {
        let found = tuples(code).into_iter();
        found.map(|(name, what)| format!("{name} {what}")).collect()
    };
    assert_eq!(
        found("fn one(&self, (a, b): (u8, u8)) {}"),
        ["one (a, b): (u8, u8)"]
    );
    assert_eq!(
        found("fn two<F: Fn(u8) -> u8>(at: &mut (u8, Vec<u8>), f: F) {}"),
        ["two at: &mut (u8, Vec<u8>)"]
    );
    assert_eq!(
        found("fn three(\n    pair: Option<(u8, u8)>,\n) {}"),
        [] as [&str; 0],
        "what a container has is of the container"
    );
    let plain = "fn four(a: &[(u8, u8)], f: impl Fn((u8, u8)) -> u8, g: &(dyn Fn(u8) -> u8 + Sync), u: ()) {}";
    assert_eq!(found(plain), [] as [&str; 0]);
}

/// Names of functions with the parameters of theirs that are tuples.
fn tuples(code: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
            continue;
        }
        let rest = &code[at + 3..];
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        let name = &rest[..rest.find(|letter| !is_part(letter)).unwrap_or(rest.len())];
        let Some(parameters) = parameters(&rest[name.len()..]) else {
            continue;
        };
        let parameters = split(parameters).into_iter().map(str::trim);
        let tuples = parameters.filter(|one| is_tuple(one));
        found.extend(tuples.map(|one| (name, one)));
    }
    found
}

/// Whether a parameter is a tuple, or refers to one.
fn is_tuple(parameter: &str) -> bool {
    if parameter.starts_with('(') {
        return true;
    }
    let Some((_, kind)) = parameter.split_once(':') else {
        return false;
    };
    let mut kind = kind.trim_start();
    while let Some(rest) = kind.strip_prefix('&') {
        let rest = rest.trim_start();
        let rest = match rest.strip_prefix('\'') {
            Some(_) => rest.split_once(' ').map_or(rest, |(_, rest)| rest),
            None => rest,
        };
        kind = rest.strip_prefix("mut ").unwrap_or(rest).trim_start();
    }
    let inside = kind.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    inside.is_some_and(|inside| split(inside).len() > 1)
}

/// What stands between the brackets of a function, behind its generics.
fn parameters(behind_name: &str) -> Option<&str> {
    let mut rest = behind_name;
    if rest.starts_with('<') {
        rest = &rest[closing(rest)? + 1..];
    }
    let inside = rest.strip_prefix('(')?;
    Some(&inside[..closing(rest)? - 1])
}

/// Where the bracket closes that a text begins with.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut last = ' ';
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' | '{' | '<' => depth += 1,
            // The arrow of a function type closes nothing.
            '>' if last == '-' => {}
            ')' | ']' | '}' | '>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
        last = letter;
    }
    None
}

/// The parts between commas that stand in no bracket.
fn split(list: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut last) = (0_usize, 0, ' ');
    for (at, letter) in list.char_indices() {
        match letter {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if last == '-' => {}
            ')' | ']' | '}' | '>' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        last = letter;
    }
    parts.push(&list[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}
