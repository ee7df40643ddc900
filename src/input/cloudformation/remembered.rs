//! Remembers what the JSON in a text of a template says, for the next text that is written the same.
//! It does not know what the JSON is about.
//!
//! Lifecycle policies are texts, and whoever builds repositories with one function gives all of them the
//! same one. Where something stands in a text depends on how the text is written and on nothing around it.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::model::{Document, NodeId};
use crate::source::{Node, Span};

/// Longer texts are read each time.
const MOST_TEXT: usize = 16 * 1024;
/// Texts that are remembered at once; beyond it all are forgotten.
const MOST: usize = 500;

/// What a text says.
struct Entry {
    document: Document,
    root: NodeId,
    /// Where it stood.
    span: Span,
}

thread_local! {
    /// By the text as it is written and as it is meant.
    static KNOWN: RefCell<FxHashMap<Box<[u8]>, Entry>> = RefCell::default();
}

/// Writes what `read` makes of a text, which depends on nothing but `node`.
pub(super) fn text(
    document: &mut Document,
    node: Node<'_>,
    read: impl FnOnce(&mut Document) -> NodeId,
) -> NodeId {
    let span = node.span();
    let (written, meant) = (
        span.slice(node.source_text()),
        node.as_str().unwrap_or_default(),
    );
    if written.len() > MOST_TEXT || meant.len() > MOST_TEXT {
        return read(document);
    }
    let mut key = Vec::with_capacity(8 + written.len() + meant.len());
    key.extend_from_slice(&written.len().to_le_bytes());
    key.extend_from_slice(written.as_bytes());
    key.extend_from_slice(meant.as_bytes());
    let known = KNOWN.with_borrow(|known| {
        let entry = known.get(key.as_slice())?;
        let moved = document.append_at(&entry.document, entry.span, span);
        Some(moved.id(entry.root))
    });
    known.unwrap_or_else(|| {
        let mut made = Document::default();
        let root = read(&mut made);
        let id = document.append(&made).id(root);
        if made.lies_within(span) {
            let entry = Entry {
                document: made.shrunk(),
                root,
                span,
            };
            KNOWN.with_borrow_mut(|known| {
                if known.len() >= MOST {
                    known.clear();
                }
                known.insert(key.into_boxed_slice(), entry);
            });
        }
        id
    })
}

#[cfg(test)]
mod tests {
    use crate::input::{Context, Loaded, Scratch, load};
    use crate::model::Value;
    use crate::source::SourceId;

    fn loaded(id: u32, text: &str) -> Loaded {
        load(
            text,
            SourceId(id),
            &Context::default(),
            &mut Scratch::default(),
        )
    }

    fn told(value: Value<'_>, text: &str, out: &mut Vec<String>) {
        out.push(format!("{:?} {}", value.data(), value.span().slice(text)));
        for item in value.items() {
            told(item, text, out);
        }
        for (key, member) in value.members() {
            out.push(key.to_owned());
            told(member, text, out);
        }
    }

    fn policies(loaded: &Loaded, text: &str) -> Vec<Vec<String>> {
        let policies = loaded.repositories.iter().map(|repository| {
            let mut out = Vec::new();
            let policy = repository.document.value(repository.lifecycle_policy);
            assert_eq!(policy.span().source, repository.place.source);
            told(policy, text, &mut out);
            out
        });
        policies.collect()
    }

    #[test]
    fn equal_texts_say_the_same_at_their_own_places() {
        let json = [
            r#""{\"rules\": [{\"a\": 1}, {\"b\": \"c\"}]}""#,
            r#"'{"rules": [{"a": 1}, {"b": "c"}]}'"#,
            r#"'{"rules": [{"a": 1}, {"b"'"#,
            "'plain'",
            "|\n        {\"rules\": [\n          {\"a\": 1},\n          {\"b\": \"c\"}]}\n",
        ];
        for (id, policy) in (0..).zip(json) {
            let resource = |name: &str| {
                format!(
                    "  {name}:\n    Type: AWS::ECR::Repository\n    Properties:\n     \
                     LifecyclePolicy:\n      LifecyclePolicyText: {policy}\n"
                )
            };
            let alone = format!("Resources:\n{}", resource("First"));
            let first = policies(&loaded(2 * id, &alone), &alone);
            let twice = format!("Resources:\n{}{}", resource("Another"), resource("Third"));
            let again = policies(&loaded(2 * id + 1, &twice), &twice);
            assert_eq!(again, [first[0].clone(), first[0].clone()], "{policy}");
        }
    }
}
