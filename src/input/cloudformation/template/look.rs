//! A quick look at what may be about ECR, before anything is evaluated. It may let through too much, never too
//! little: what really is about ECR is told by policies that were read. It does not evaluate anything.

use memchr::{memchr_iter, memmem};

use super::named::MentionedTypes;
use super::windows::windows_where;
use crate::input::Sniff;
use crate::source::{Kind, Node, finds};

/// Literals that tell types of ECR from others.
pub(crate) const ECR: &[u8] = b"AWS::ECR::";

/// What the names of the policies for ECR have that AWS manages.
const PROVIDED: &[u8] = b"ContainerRegistry";

/// The bit that tells small letters of ASCII from capital ones.
const CASE: u8 = 0x20;

/// What a look at the bytes of a template says, without reading them as JSON or YAML.
pub(crate) fn sniff(bytes: &[u8], named: &MentionedTypes) -> Sniff {
    let has = |literal: &[u8]| memmem::find(bytes, literal).is_some();
    let is_about_ecr = || {
        (named.identities || named.event_rules) && speaks_of_ecr(bytes)
            || named.identities && may_give(bytes)
    };
    // A key of a template that cannot be missing; the construct tree of CDK has the types, too.
    let has_resources = has(b"Resources");
    let is_ours = || named.ecr || is_about_ecr() || may_become_ours(bytes, named);
    if has_resources && is_ours() {
        return Sniff::Candidate;
    }
    // What templates have at their beginning is sought before what most have nowhere.
    let is_template =
        has_resources && (named.nests || has(b"AWS::")) || has(b"AWSTemplateFormatVersion");
    if !is_template {
        return Sniff::Foreign;
    }
    let text = bytes.trim_ascii();
    if text.starts_with(b"{") && !text.ends_with(b"}") {
        return Sniff::LooksTruncated;
    }
    Sniff::TemplateWithoutEcr
}

/// Whether a text that is deployed may be a template of ECR, or one that deploys such.
pub(crate) fn is_worth_reading(text: &[u8]) -> bool {
    finds(text, |text| {
        let named = MentionedTypes::find(text);
        let sniff = sniff(text, &named);
        sniff >= Sniff::LooksTruncated || sniff > Sniff::Foreign && named.nests
    })
}

/// Whether `ecr` stands there as a word, in any case, as in actions (`ECR:PutImage`), event sources (`aws.ecr`), types
/// of events (`ECR Image Scan`) and of resources (`AWS_ECR_CONTAINER_IMAGE`).
fn speaks_of_ecr(bytes: &[u8]) -> bool {
    let is_letter = |at: Option<usize>| {
        let byte = at.and_then(|at| bytes.get(at));
        byte.is_some_and(u8::is_ascii_alphabetic)
    };
    letters_of_ecr(bytes).any(|at| {
        // The letter of an escape, such as `\n`, belongs to no word.
        let is_escape = || at > 1 && bytes[at - 2] == b'\\';
        (!is_letter(at.checked_sub(1)) || is_escape()) && !is_letter(Some(at + 3))
    })
}

/// Whether a template without repositories may have SSM parameters of repositories, by a look at its bytes.
#[must_use]
pub(in crate::input) fn publishes(bytes: &[u8], named: &MentionedTypes) -> bool {
    let ends = |at: usize| {
        [b"ECR", b"ecr", b"Ecr"]
            .iter()
            .any(|word| bytes[..at].ends_with(*word))
    };
    named.parameters && memchr_iter(b'_', bytes).any(ends)
}

/// Whether a template without repositories may run images of repositories, by a look at its bytes.
#[must_use]
pub(in crate::input) fn runs(bytes: &[u8], named: &MentionedTypes) -> bool {
    // What runs an image has a property for it; a pipeline names the repository.
    let says = |word: &[u8]| memmem::find(bytes, word).is_some();
    named.runners && (says(b"Image") || says(b"ContainerUri") || says(b"RepositoryName"))
}

/// Whether a text holds what may give something of ECR without naming it: a wildcard in the service of an action, an
/// action that is put together of pieces, or a policy of AWS.
pub(crate) fn may_give(bytes: &[u8]) -> bool {
    // The name of a service of ECR ends in `r` or `c`, unless it ends in a wildcard.
    let may_end = |[last, colon]: [u8; 2]| {
        let is_letter = (last | CASE == b'r') | (last | CASE == b'c');
        (colon == b':') & (is_letter | (last == b'*') | (last == b'?'))
    };
    memmem::find(bytes, PROVIDED).is_some()
        || windows_where(bytes, may_end).any(|last| is_service(&bytes[..=last]))
}

/// Whether a template without ECR may have repositories in it once it is deployed: by a loop with a type that is put
/// together, or by a macro that can add anything. The macros of AWS add no repositories, but for what they include.
pub(crate) fn may_become_ours(bytes: &[u8], named: &MentionedTypes) -> bool {
    named.transforms
        || named.loops && values(bytes, b"Type").any(is_put_together)
        || values(bytes, b"Transform").any(|value| !is_of_aws(value))
}

/// What follows each key of this name: the rest of its line, or of a later one where nothing is said in the first.
fn values<'b>(bytes: &'b [u8], key: &'static [u8]) -> impl Iterator<Item = &'b [u8]> {
    memmem::find_iter(bytes, key).filter_map(move |at| {
        let is_whole = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let rest = bytes.get(at + key.len()..).filter(|_| is_whole)?;
        let rest = rest
            .strip_prefix(b"\"")
            .or(rest.strip_prefix(b"'"))
            .unwrap_or(rest);
        let mut rest = rest
            .trim_ascii_start()
            .strip_prefix(b":")?
            .trim_ascii_start();
        // Tags, anchors and the marks of blocks stand before a value.
        while let Some(b'!' | b'&' | b'|' | b'>') = rest.first() {
            let end = rest.iter().position(u8::is_ascii_whitespace)?;
            rest = rest[end..].trim_ascii_start();
        }
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        Some(&rest[..end.unwrap_or(rest.len())])
    })
}

/// Whether a type has a part that loops fill in.
fn is_put_together(value: &[u8]) -> bool {
    let value = value.trim_ascii_start();
    let value = value.split(|byte| *byte == b',').next().unwrap_or(value);
    let has = |mark: &[u8]| memmem::find(value, mark).is_some();
    has(b"${") || has(b"&{") || value.starts_with(b"{") || value.starts_with(b"*")
}

/// Whether the value of `Transform` is one macro of AWS that adds nothing but its own.
fn is_of_aws(value: &[u8]) -> bool {
    let value = value.trim_ascii_start();
    let value = value
        .strip_prefix(b"\"")
        .or(value.strip_prefix(b"'"))
        .unwrap_or(value);
    value.starts_with(b"AWS::") && !value.starts_with(b"AWS::Include")
}

/// Whether a text ends in what may be, or end, the service prefix of ECR with a wildcard or in pieces.
fn is_service(before: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'?' | b'-');
    let start = before
        .iter()
        .rposition(|byte| !is_part(byte))
        .map_or(0, |at| at + 1);
    let word = &before[start..];
    // In an ARN a `*` is not a service of an action.
    if start > 0 && matches!(before[start - 1], b':' | b'/' | b'.' | b'_') {
        return false;
    }
    let Some(first) = word.first() else {
        return false;
    };
    let is_wild = word.iter().any(|byte| matches!(byte, b'*' | b'?'));
    (is_wild && matches!(first, b'e' | b'E' | b'*' | b'?'))
        || [&b"cr"[..], b"r", b"cr-public", b"r-public"]
            .iter()
            .any(|piece| word.eq_ignore_ascii_case(piece))
}

/// Whether a resource of IAM, or part of one, may give or take something of ECR. Depth is bounded by the parser's
/// limit.
pub(crate) fn may_concern(node: Node<'_>) -> bool {
    match node.kind() {
        Kind::String => node.as_str().is_some_and(|text| {
            let bytes = text.as_bytes();
            // A whole policy may be written as a text.
            let is_policy = text.contains("Action")
                && (letters_of_ecr(bytes).next().is_some()
                    || may_give(bytes)
                    || text.contains("${")
                    || text.contains("sts:"));
            is_policy || memmem::find(bytes, PROVIDED).is_some()
        }),
        Kind::Array => node.items().any(may_concern),
        Kind::Object => node.members().any(|member| match member.key {
            "Action" => may_be_action(member.value),
            "NotAction" => true,
            "PolicyDocument" | "InlinePolicy" | "Statement" if is_hidden(member.value) => true,
            _ => may_concern(member.value),
        }),
        _ => false,
    }
}

/// Whether a function other than a choice stands for the value.
fn is_hidden(node: Node<'_>) -> bool {
    let mut members = node.members();
    members.any(|member| {
        member.key != "Fn::If" && (member.key == "Ref" || member.key.starts_with("Fn::"))
    })
}

/// Whether an action is, or covers, the right to get a bearer token of a service.
fn is_bearer(action: &str) -> bool {
    let name = "getservicebearertoken";
    let action = action.to_ascii_lowercase();
    action.strip_prefix("sts:").is_some_and(|action| {
        let start = action.find(['*', '?']).map_or(action, |at| &action[..at]);
        name.starts_with(start) && (start.len() < action.len() || action == name)
    })
}

fn may_be_action(node: Node<'_>) -> bool {
    match node.kind() {
        Kind::String => node.as_str().is_some_and(|text| {
            let service = text.split(':').next().unwrap_or_default();
            // Half of what the token of the public gallery needs is an action of `sts`.
            let ours = ["ecr", "ecr-public"];
            is_bearer(text)
                || service.contains(['*', '?'])
                || ours.iter().any(|our| service.eq_ignore_ascii_case(our))
        }),
        Kind::Array => node.items().any(may_be_action),
        Kind::Object => {
            let mut members = node.members();
            // The name of the condition is not an action.
            members.any(|member| {
                member.key != "Fn::If" || member.value.items().skip(1).any(may_be_action)
            })
        }
        _ => false,
    }
}

/// Where the letters of `ecr` stand, in any case.
fn letters_of_ecr(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    windows_where(bytes, |[e, c, r]: [u8; 3]| {
        let differing = (e ^ b'e') | (c ^ b'c') | (r ^ b'r');
        differing & !CASE == 0
    })
}

#[cfg(test)]
mod tests {
    use super::{MentionedTypes, may_give};

    fn may_become_ours(text: &[u8]) -> bool {
        super::may_become_ours(text, &MentionedTypes::find(text))
    }

    #[test]
    fn templates_that_become_ours_are_told_from_others() {
        for text in [
            r#""Fn::ForEach::A": ["X", ["E"], {"${X}": {"Type": "AWS::${X}CR::Repository"}}]"#,
            "Fn::ForEach::A:\n - X\n - [R]\n - R${X}:\n     Type: >-\n       AWS::EC${X}::Repository",
            "Fn::ForEach::A: [X, [R], {R&{X}: {Type: !Sub 'AWS::EC&{X}::Repository'}}]",
            "Transform: Mine",
            "Transform:\n  - AWS::Serverless-2016-10-31\n  - Mine",
            r#"{"Transform": ["AWS::LanguageExtensions", "Mine"]}"#,
            r#"{"Transform":{"Name":"AWS::Include","Parameters":{}}}"#,
            "Transform: AWS::Include",
            "  Fn::Transform: {Name: AWS::Include}",
        ] {
            assert!(may_become_ours(text.as_bytes()), "{text}");
        }
        for text in [
            "Transform: AWS::Serverless-2016-10-31\nResources: {}",
            r#"{"Transform": "AWS::LanguageExtensions", "A": 1}"#,
            r#"{"Transform" : 'AWS::Serverless-2016-10-31'}"#,
            "Fn::ForEach::A:\n - X\n - [a]\n - T${X}:\n     Type: AWS::SNS::Topic\n     P: !Sub '${X}'",
            r#""Fn::ForEach::A": ["X", ["a"], {"T${X}": {"Type": "AWS::SNS::Topic", "P": "${X}"}}]"#,
            "Type: AWS::${X}::Y",
            "DataTransform: x",
            "Transformer: x",
            "a transform",
        ] {
            assert!(!may_become_ours(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn actions_of_ecr_that_are_not_spelled_out_are_seen() {
        for text in [
            r#""Action": "ec?:*""#,
            r#""Action": "e*:PutImage""#,
            "Action: [*:PutImage]",
            "Action: E*:Put*",
            "- ecr*:Get*",
            r#"!Join ["", ["e", "cr:PutImage"]]"#,
            r#"!Join ["", ["ec", "r:*"]]"#,
            "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryFullAccess",
        ] {
            assert!(may_give(text.as_bytes()), "{text}");
        }
        for text in [
            r#""Action": "s3:*""#,
            "secretsmanager:GetSecretValue",
            "arn:aws:logs:*:*:log-group:*:log-stream:*",
            "arn:aws:s3:::bucket/*",
            "Resource: '*'",
            "kms:Decrypt",
        ] {
            assert!(!may_give(text.as_bytes()), "{text}");
        }
    }
}
