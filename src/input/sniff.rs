//! A quick look at the bytes of a file, by which most files of a folder are passed over without being read. It passes
//! over a file only when it is certain that reading it would say nothing about ECR.

use super::KINDS;
use super::cloudformation::{MentionedTypes, publishes, runs};
use super::kind::Sniff;
use crate::source::plain;

/// What the bytes of a file look like, without parsing them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SniffedBytes {
    /// What it may be.
    pub sniff: Sniff,
    /// Whether it may deploy other templates.
    pub nests: bool,
    /// Whether a template without repositories may have SSM parameters of repositories.
    pub publishes: bool,
    /// Whether a template without repositories may run images of repositories.
    pub runs: bool,
}

/// Looks at the bytes of a file. Costs a few searches for literals, and one more for escapes: only where there are
/// any that may be part of a word, or in UTF-16, what they stand for is searched, too.
#[must_use]
pub fn look(bytes: &[u8]) -> SniffedBytes {
    let own = look_at(bytes);
    if own.sniff == Sniff::Candidate && own.nests {
        return own;
    }
    let Some(plain) = plain(bytes) else {
        return own;
    };
    let plain = look_at(&plain);
    SniffedBytes {
        sniff: own.sniff.max(plain.sniff),
        nests: own.nests || plain.nests,
        publishes: own.publishes || plain.publishes,
        runs: own.runs || plain.runs,
    }
}

fn look_at(bytes: &[u8]) -> SniffedBytes {
    let named = MentionedTypes::find(bytes);
    let mut sniff = Sniff::Foreign;
    for kind in KINDS {
        sniff = sniff.max((kind.sniff)(bytes, &named));
        // Nothing is stronger, and every look goes over all bytes.
        if sniff == Sniff::Candidate {
            break;
        }
    }
    let is_input = sniff > Sniff::Foreign;
    SniffedBytes {
        sniff,
        nests: is_input && named.nests,
        publishes: is_input && sniff < Sniff::Candidate && publishes(bytes, &named),
        runs: is_input && sniff < Sniff::Candidate && runs(bytes, &named),
    }
}

#[cfg(test)]
mod tests {
    use super::{Sniff, look};

    const REPOSITORY: &str = r#"{"Resources": {"A": {"Type": "AWS::ECR::Repository"}}}"#;

    fn sniff(bytes: &[u8]) -> Sniff {
        look(bytes).sniff
    }

    #[test]
    fn a_look_at_the_bytes_tells_what_is_worth_reading() {
        let bucket = REPOSITORY.replace("ECR::Repository", "S3::Bucket");
        assert_eq!(sniff(REPOSITORY.as_bytes()), Sniff::Candidate);
        assert_eq!(sniff(bucket.as_bytes()), Sniff::TemplateWithoutEcr);
        assert_eq!(sniff(&bucket.as_bytes()[..30]), Sniff::Foreign);
        assert_eq!(sniff(&bucket.as_bytes()[..45]), Sniff::LooksTruncated);
        assert_eq!(
            sniff(b"AWSTemplateFormatVersion: 2010-09-09"),
            Sniff::TemplateWithoutEcr
        );
        assert_eq!(
            sniff(br#"{"version": "tree-0.1", "t": "AWS::ECR::Repository"}"#),
            Sniff::Foreign
        );
        assert_eq!(sniff(b""), Sniff::Foreign);
    }

    #[test]
    fn what_names_ecr_in_any_spelling_is_worth_reading() {
        let rule = |text: &str| {
            let json = format!(
                r#"{{"Resources": {{"A": {{"Type": "AWS::Events::Rule", "P": "{text}"}}}}}}"#
            );
            sniff(json.as_bytes())
        };
        for text in [
            "aws.ecr",
            "AWS.ECR",
            "ecr.amazonaws.com",
            "ECR Image Scan",
            "AWS_ECR_CONTAINER_IMAGE",
            "ecr:PutImage",
            "ECR:PutImage",
            "Ecr:*",
            "eCR-public:*",
            r"aws.\u0065cr",
            r"\x65cr:*",
        ] {
            assert_eq!(rule(text), Sniff::Candidate, "{text}");
        }
        for text in [
            "secretsmanager",
            "kms:Decrypt",
            "Ecrit",
            "aws.s3",
            "CR",
            "c",
        ] {
            assert_eq!(rule(text), Sniff::TemplateWithoutEcr, "{text}");
        }
    }

    #[test]
    fn a_template_in_utf_16_is_seen() {
        let units = std::iter::once(0xfeff).chain(REPOSITORY.encode_utf16());
        let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
        assert_eq!(sniff(&bytes), Sniff::Candidate);
    }
}
