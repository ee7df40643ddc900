//! By what a finding is known again: in the next run, after edits, in another place.
//! It does not know what is done with that.

use super::{Diagnostic, Subject};

impl Diagnostic {
    /// A number that stays the same as long as the same rule finds the same fault in the same thing:
    /// rule, subject and field path, but no line numbers. 64 bits of FNV-1a, in hexadecimal.
    ///
    /// `path` is that of the file, seen from the top of the checkout. It tells apart what has no stack and no ARN.
    #[must_use]
    pub fn fingerprint(&self, path: &str) -> String {
        let nobody = Subject::default();
        let subject = self.subject.as_deref().unwrap_or(&nobody);
        let home = match &subject.arn {
            Some(_) => None,
            None => Some(path),
        };
        // A repository of a template is known by its place in the stack, which survives a rename.
        hash([
            Some(self.rule.as_str()),
            subject.account.as_deref(),
            subject.region.as_deref(),
            subject.stack.as_deref().or(home),
            subject.construct_path.as_deref(),
            subject.logical_id.as_deref().or(subject.name.as_deref()),
            subject.arn.as_deref(),
            Some(self.field.as_str()),
            self.when.as_deref(),
        ])
    }

    /// A number that also stays when the file is moved, or something is put in front of it in its list: what is
    /// said of what, wherever that is. Two faults of one thing may share it.
    #[must_use]
    pub fn content(&self) -> String {
        let nobody = Subject::default();
        let subject = self.subject.as_deref().unwrap_or(&nobody);
        let field: String = self.field.chars().filter(|c| !c.is_ascii_digit()).collect();
        hash([
            Some(self.rule.as_str()),
            subject.account.as_deref(),
            subject.region.as_deref(),
            subject.stack.as_deref(),
            subject.construct_path.as_deref(),
            subject.logical_id.as_deref().or(subject.name.as_deref()),
            subject.arn.as_deref(),
            Some(field.as_str()),
            self.when.as_deref(),
            Some(self.message.as_str()),
        ])
    }
}

impl Subject {
    /// What a human calls it, in one word: what tells most comes first.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        let id = self.logical_id.as_ref();
        let in_stack = match (&self.stack, id) {
            (Some(stack), Some(id)) => Some(format!("{stack}/{id}")),
            _ => None,
        };
        let known = [&self.construct_path, &self.arn, &in_stack];
        let known = known.into_iter().chain([&self.logical_id, &self.name]);
        known.flatten().next().cloned()
    }
}

/// 64 bits of FNV-1a over all parts, in hexadecimal.
fn hash<const N: usize>(parts: [Option<&str>; N]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.unwrap_or_default().bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}
