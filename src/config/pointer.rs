//! What `{ from: "file#/pointer" }` says: a file and a JSON Pointer (RFC 6901) into it.
//! It does not read files, nor know what the pointed value is for.

use crate::source::{Kind, Node, Span, nearest};

/// Stands for the name of an environment in a pointer.
pub(crate) const ENVIRONMENT: &str = "{environment}";

/// Names longer than this are never misspelt keys, and comparing them would take long.
const NAME_LIMIT: usize = 200;
/// So many keys are compared with a misspelt one.
const CANDIDATES: usize = 1000;

/// A pointer as it was written, split into its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pointer {
    /// Path of the file, relative to the configuration file.
    pub(crate) file: String,
    /// Reference tokens, unescaped.
    pub(crate) tokens: Vec<String>,
}

/// Where a pointer leads to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The token that leads nowhere, counted from 0.
    pub(crate) depth: usize,
    /// Beginning of the last value on the way that is there: all of a mapping is not a place to look at.
    pub(crate) parent: Span,
    /// What the last value on the way is.
    pub(crate) parent_kind: Kind,
    /// The key of that value that was most likely meant.
    pub(crate) nearest: Option<String>,
    /// Some of the keys of that value.
    pub(crate) keys: Vec<String>,
}

impl Pointer {
    /// Reads `file`, `file#` or `file#/a/b`.
    ///
    /// # Errors
    /// The label of the problem: what about the text is not a pointer.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (file, pointer) = text.split_once('#').unwrap_or((text, ""));
        if file.is_empty() {
            return Err("no file is named before `#`".into());
        }
        if file.starts_with('/') || std::path::Path::new(file).is_absolute() {
            return Err("the file is named by an absolute path".into());
        }
        let Some(tokens) = pointer.strip_prefix('/') else {
            return if pointer.is_empty() {
                Ok(Self {
                    file: file.into(),
                    tokens: Vec::new(),
                })
            } else {
                Err("no `/` follows the `#`".into())
            };
        };
        let tokens = tokens.split('/').map(unescape).collect::<Option<_>>();
        Ok(Self {
            file: file.into(),
            tokens: tokens.ok_or("a `~` stands neither before `0` nor before `1`")?,
        })
    }

    /// Whether the pointer stands for one value per environment.
    pub(crate) fn names_environment(&self) -> bool {
        self.file.contains(ENVIRONMENT) || self.environment_token().is_some()
    }

    /// The last token that names the environment.
    pub(crate) fn environment_token(&self) -> Option<usize> {
        self.tokens
            .iter()
            .rposition(|token| token.contains(ENVIRONMENT))
    }

    /// The pointer of one environment.
    pub(crate) fn of_environment(&self, name: &str) -> Self {
        Self {
            file: self.file.replace(ENVIRONMENT, name),
            tokens: self
                .tokens
                .iter()
                .map(|token| token.replace(ENVIRONMENT, name))
                .collect(),
        }
    }

    /// The first `count` tokens in the notation of RFC 6901.
    pub(crate) fn notation(&self, count: usize) -> String {
        let tokens = self.tokens.iter().take(count);
        tokens.map(|token| format!("/{}", escape(token))).collect()
    }

    /// The value that the tokens lead to.
    ///
    /// # Errors
    /// The first token that leads nowhere.
    pub(crate) fn walk<'t>(&self, root: Node<'t>) -> Result<Node<'t>, Missing> {
        let mut node = root;
        for (depth, token) in self.tokens.iter().enumerate() {
            let next = match node.kind() {
                Kind::Array => index(token).and_then(|index| node.items().nth(index)),
                _ => node.get(token),
            };
            node = next.ok_or_else(|| missing(node, depth, token))?;
        }
        Ok(node)
    }
}

/// A token in the notation of RFC 6901, section 3.
pub(crate) fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

fn unescape(token: &str) -> Option<String> {
    let mut text = String::with_capacity(token.len());
    let mut characters = token.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '~' => match characters.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            other => other,
        });
    }
    Some(text)
}

/// An index without leading zeros, RFC 6901 section 4.
fn index(token: &str) -> Option<usize> {
    let plain = token == "0" || !token.starts_with('0');
    let digits = token.bytes().all(|byte| byte.is_ascii_digit());
    (plain && digits).then(|| token.parse().ok()).flatten()
}

fn missing(parent: Node<'_>, depth: usize, token: &str) -> Missing {
    let keys = || {
        let short = parent.members().map(|member| member.key);
        short.filter(|key| key.len() <= NAME_LIMIT).take(CANDIDATES)
    };
    let near = if token.len() <= NAME_LIMIT {
        nearest(token, keys()).map(str::to_owned)
    } else {
        None
    };
    Missing {
        depth,
        parent: beginning(parent),
        parent_kind: parent.kind(),
        nearest: near,
        keys: keys().take(8).map(str::to_owned).collect(),
    }
}

fn beginning(node: Node<'_>) -> Span {
    let span = node.span();
    let first = span.slice(node.source_text()).chars().next();
    let length = first.map_or(0, char::len_utf8);
    Span::new(
        span.source,
        span.start as usize,
        span.start as usize + length,
    )
}

#[cfg(test)]
mod tests {
    use super::Pointer;

    fn tokens(text: &str) -> Vec<String> {
        Pointer::parse(text).unwrap().tokens
    }

    #[test]
    fn tokens_are_unescaped_once() {
        assert_eq!(tokens("a.json#/a~1b/m~0n/~01"), ["a/b", "m~n", "~1"]);
        assert_eq!(tokens("a.json#/"), [""]);
        assert!(tokens("a.json#").is_empty());
        assert!(tokens("a.json").is_empty());
    }

    #[test]
    fn what_is_no_pointer_is_refused() {
        for text in [
            "#/a",
            "",
            "a.json#a",
            "a.json#/~",
            "a.json#/~2",
            "/etc/a.json#/a",
        ] {
            assert!(Pointer::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn notation_escapes_what_parsing_unescapes() {
        let pointer = Pointer::parse("a.json#/a~1b/m~0n").unwrap();
        assert_eq!(pointer.notation(2), "/a~1b/m~0n");
        assert_eq!(pointer.notation(1), "/a~1b");
    }

    #[test]
    fn an_environment_is_put_into_file_and_tokens() {
        let pointer = Pointer::parse("{environment}.json#/a/{environment}/ecr").unwrap();
        assert!(pointer.names_environment());
        assert_eq!(pointer.environment_token(), Some(1));
        let pointer = pointer.of_environment("dev");
        assert_eq!(pointer.file, "dev.json");
        assert_eq!(pointer.tokens, ["a", "dev", "ecr"]);
    }
}
