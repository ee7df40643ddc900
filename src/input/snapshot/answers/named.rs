//! The SSM parameters of an account and region, by what they may be about.
//! It does not know repositories, but for their names.

use std::cell::Cell;

use memchr::memmem::Finder;

use crate::source::{Kind, Node};

/// From this length on, the end of a name may be cut.
const LONGEST_NAME: usize = 256;
/// Parameters that are compared in full with all repositories together.
const MOST_PAIRS: usize = 300_000;

/// Why parameters were not compared with a repository.
pub(super) const TOO_MANY: &str = "the snapshot has more SSM parameters and repositories of like names than are compared with each other";

/// Parameters, with the texts that say what they are about, one behind the other: these are searched at once.
pub(super) struct ParameterIndex<'t> {
    nodes: Vec<Node<'t>>,
    /// The letters and digits of each name.
    letters: Joined,
    values: Joined,
    pairs_left: Cell<usize>,
}

/// Texts one behind the other, with something between them that none of them has.
#[derive(Default)]
struct Joined {
    text: String,
    /// Where each text begins.
    starts: Vec<usize>,
}

/// Stands in no name of a repository, and is neither a letter nor a digit.
const BETWEEN: char = '\0';

impl<'t> ParameterIndex<'t> {
    /// The parameters in whatever commands of Systems Manager were asked.
    pub(super) fn of(ssm: Option<Node<'t>>) -> Self {
        let lists = ssm.into_iter().flat_map(Node::members).flat_map(|answer| {
            let list = match answer.value.kind() {
                Kind::Array => Some(answer.value),
                _ => answer.value.get("Parameters"),
            };
            list.into_iter().flat_map(Node::items)
        });
        let mut all = Self {
            nodes: Vec::new(),
            letters: Joined::default(),
            values: Joined::default(),
            pairs_left: Cell::new(MOST_PAIRS),
        };
        for node in lists {
            if let Some(name) = node.get("Name").and_then(Node::as_str) {
                all.letters.add(&letters(name));
                let value = node.get("Value").and_then(Node::as_str);
                all.values.add(value.unwrap_or_default());
                all.nodes.push(node);
            }
        }
        all
    }

    /// The parameters that may be about a repository; `None` where they are too many to compare. The name of one that
    /// is published for it holds the end of its name, which is the end of its base name.
    pub(super) fn of_repository(&self, name: &str) -> Option<Vec<Node<'t>>> {
        let last = name.rsplit(['-', '/', '_', '.']).next().unwrap_or(name);
        let last = letters(last);
        let numbers = if name.len() >= LONGEST_NAME || last.is_empty() {
            (0..self.nodes.len()).collect()
        } else {
            let mut numbers = self.letters.holding(&last);
            numbers.extend(self.values.holding(name));
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        };
        let left = self.pairs_left.get().checked_sub(numbers.len())?;
        self.pairs_left.set(left);
        Some(numbers.into_iter().map(|it| self.nodes[it]).collect())
    }
}

impl Joined {
    fn add(&mut self, text: &str) {
        self.starts.push(self.text.len());
        self.text.push_str(text);
        self.text.push(BETWEEN);
    }

    /// The numbers of the texts that have this one in them.
    fn holding(&self, sought: &str) -> Vec<usize> {
        let finder = Finder::new(sought);
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(at) = finder.find(&self.text.as_bytes()[from..]) {
            let next = self.starts.partition_point(|start| *start <= from + at);
            found.push(next - 1);
            let Some(start) = self.starts.get(next) else {
                break;
            };
            from = *start;
        }
        found
    }
}

/// The letters and digits of a name, letter case aside.
fn letters(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{Joined, MOST_PAIRS, ParameterIndex};
    use crate::source::{SourceId, Tree, json};

    #[test]
    fn a_text_is_found_in_each_that_has_it_and_in_no_two_together() {
        let mut joined = Joined::default();
        for text in ["abab", "b", "", "ba", "xab"] {
            joined.add(text);
        }
        assert_eq!(joined.holding("ab"), [0, 4]);
        assert_eq!(joined.holding("b"), [0, 1, 3, 4]);
        assert_eq!(joined.holding("bb"), [0; 0]);
    }

    #[test]
    fn too_many_parameters_of_like_names_are_not_compared() {
        let parameter = r#"{"Name": "ECR_A_arn", "Value": "x"}"#;
        let count = 1_000;
        let text = format!(r#"{{"p": [{}]}}"#, vec![parameter; count].join(","));
        let mut tree = Tree::default();
        json::parse(&text, SourceId(0), &mut tree).unwrap();
        let named = ParameterIndex::of(tree.root(&text));
        let compared = (0..).take_while(|_| named.of_repository("acme-a").is_some());
        assert_eq!(compared.count(), MOST_PAIRS / count);
        assert_eq!(named.of_repository("acme-b").map(|all| all.len()), Some(0));
    }
}
