//! Paths as code hosts want them: relative to the checkout, with forward slashes, or a URI.
//! It does not know the file system: a path is only text here.

use std::fmt::Write;

/// A path in parts, without `.` and, as far as possible, without `..`.
struct PathParts<'a> {
    absolute: bool,
    parts: Vec<&'a str>,
}

impl<'a> PathParts<'a> {
    fn of(path: &'a str) -> Self {
        let drive = path.as_bytes().get(1) == Some(&b':')
            && path.as_bytes()[0].is_ascii_alphabetic()
            && path.as_bytes().get(2) == Some(&b'/');
        let absolute = path.starts_with('/') || drive;
        let mut split = Self {
            absolute,
            parts: Vec::new(),
        };
        split.append(path);
        split
    }

    fn append(&mut self, path: &'a str) {
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." if self.parts.last().is_some_and(|last| *last != "..") => {
                    self.parts.pop();
                }
                ".." if self.absolute => {}
                part => self.parts.push(part),
            }
        }
    }

    /// The path as seen from `root`: relative when it lies inside, absolute otherwise.
    fn resolved(path: &'a str, root: Option<&'a str>) -> Self {
        let own = Self::of(path);
        let Some(root) = root else { return own };
        if !own.absolute && own.parts.first() != Some(&"..") {
            return own;
        }
        let root = Self::of(root);
        let depth = root.parts.len();
        let full = if own.absolute {
            own
        } else {
            let mut full = Self {
                absolute: root.absolute,
                parts: root.parts.clone(),
            };
            full.append(path);
            full
        };
        if full.parts.len() > depth && full.parts[..depth] == root.parts[..] {
            return Self {
                absolute: false,
                parts: full.parts[depth..].to_vec(),
            };
        }
        full
    }
}

/// `path` as seen from the top of the checkout, wherever in it the program runs.
pub(crate) fn of_checkout(path: &str, root: Option<&str>, checkout: Option<&str>) -> String {
    let is_named = path.starts_with('<');
    match (root, checkout) {
        (Some(root), Some(checkout)) if !is_named && root != checkout => {
            let full = PathParts::of(path);
            match full.absolute {
                true => relative(path, Some(checkout)),
                false => relative(&format!("{root}/{path}"), Some(checkout)),
            }
        }
        _ => relative(path, root),
    }
}

/// `path` without detours, relative to `root` when it lies inside.
pub(crate) fn relative(path: &str, root: Option<&str>) -> String {
    let resolved = PathParts::resolved(path, root);
    let joined = resolved.parts.join("/");
    let drive = resolved
        .parts
        .first()
        .is_some_and(|part| part.ends_with(':'));
    if resolved.absolute && !drive {
        format!("/{joined}")
    } else {
        joined
    }
}

/// `path` as a URI reference (RFC 3986): relative to `root` when it lies inside, else `file:///…`.
pub(crate) fn uri(path: &str, root: Option<&str>) -> String {
    let resolved = PathParts::resolved(path, root);
    let mut uri = String::with_capacity(path.len() + 8);
    uri.push_str(if resolved.absolute { "file:///" } else { "" });
    for (index, part) in resolved.parts.iter().enumerate() {
        if index > 0 {
            uri.push('/');
        }
        let drive = resolved.absolute && index == 0 && part.len() == 2 && part.ends_with(':');
        for byte in part.bytes() {
            let plain = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=@".contains(&byte);
            if plain || (drive && byte == b':') {
                uri.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _infallible = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::{relative, uri};

    #[test]
    fn what_lies_inside_the_checkout_is_relative() {
        let root = Some("/home/me/app");
        assert_eq!(
            uri("./cdk.out/App.template.json", root),
            "cdk.out/App.template.json"
        );
        assert_eq!(uri("/home/me/app/a b.yaml", root), "a%20b.yaml");
        assert_eq!(uri("../app/a.yaml", root), "a.yaml");
        assert_eq!(relative("/home/me/app/a b.yaml", root), "a b.yaml");
    }

    #[test]
    fn what_lies_outside_is_a_file_uri() {
        let root = Some("/home/me/app");
        assert_eq!(uri("/tmp/x.yaml", root), "file:///tmp/x.yaml");
        assert_eq!(uri("../other/x.yaml", root), "file:///home/me/other/x.yaml");
        assert_eq!(
            uri("/home/me/app2/x.yaml", root),
            "file:///home/me/app2/x.yaml"
        );
        assert_eq!(uri("C:/w/x.yaml", Some("C:/v")), "file:///C:/w/x.yaml");
    }

    #[test]
    fn reserved_characters_and_other_scripts_are_encoded() {
        assert_eq!(uri("a:b/é#?.yaml", None), "a%3Ab/%C3%A9%23%3F.yaml");
        assert_eq!(uri("<stdin>", None), "%3Cstdin%3E");
        assert_eq!(uri("../x", None), "../x");
    }
}
