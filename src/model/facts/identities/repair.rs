//! The ARN of a repository that was meant by a text that is none.
//! It does not know which repositories there are.

use crate::model::policy::{GALLERY_HOST, HOSTS, Letter, letters};
use crate::model::{Piece, Value};

/// An ARN that was meant.
pub(super) struct Repaired<'d> {
    pub(super) arn: Vec<Letter<'d>>,
    /// Whether the text was an ARN with account and region.
    pub(super) is_full: bool,
    /// The name of the repository.
    name: Vec<Letter<'d>>,
}

impl<'d> Repaired<'d> {
    /// By the name of the repository, and what stands in front of it: partition, service, region and account.
    fn of(fields: [&[Letter<'d>]; 4], name: Vec<Letter<'d>>) -> Self {
        let mut arn = letters("arn:");
        for field in fields {
            arn.extend_from_slice(field);
            arn.push(Letter::Char(':'));
        }
        arn.extend(letters(REPOSITORY));
        arn.extend_from_slice(&name);
        Self {
            arn,
            is_full: false,
            name,
        }
    }

    /// Whether the repository has this name.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.name == letters(name)
    }
}

/// A value letter by letter; nothing when nothing of it is certain.
pub(super) fn spelled(value: Value<'_>) -> Option<Vec<Letter<'_>>> {
    if let Some(text) = value.as_str() {
        return Some(letters(text));
    }
    let unknown = value.as_unknown()?;
    let Some(shape) = &unknown.shape else {
        return unknown.reference.as_ref().map(|_| Vec::new());
    };
    let pieces = shape.0.iter().flat_map(|piece| match piece {
        Piece::Text(text) => letters(text),
        Piece::Hole(name, _) => vec![Letter::Hole(name)],
    });
    Some(pieces.collect())
}

/// The ARN of the repository that a text is about.
///
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html>
pub(super) fn repaired<'d>(written: &[Letter<'d>]) -> Option<Repaired<'d>> {
    let bare = without_scheme(written);
    if strip(bare, GALLERY_HOST).is_some() {
        return None;
    }
    match (RegistryUri::find(bare), strip(bare, "arn:")) {
        (Some(uri), _) => uri.repaired(),
        (None, Some(fields)) => of_arn(fields, strip(written, "arn:").is_some()),
        (None, None) => of_name(bare),
    }
}

fn without_scheme<'s, 'd>(mut text: &'s [Letter<'d>]) -> &'s [Letter<'d>] {
    while let Some(rest) = strip(text, "https://").or_else(|| strip(text, "http://")) {
        text = rest;
    }
    text
}

/// A URI of a private registry, alone or where the name of an ARN belongs.
struct RegistryUri<'s, 'd> {
    account: &'s [Letter<'d>],
    /// Region, suffix of the host, and path.
    rest: &'s [Letter<'d>],
}

impl<'s, 'd> RegistryUri<'s, 'd> {
    fn find(bare: &'s [Letter<'d>]) -> Option<Self> {
        let hosts = HOSTS
            .iter()
            .filter_map(|host| Some((find(bare, host)?, host.len())));
        let (at, length) = hosts.min()?;
        let account = &bare[..at];
        Some(Self {
            account: match find(account, REPOSITORY) {
                Some(at) => without_scheme(&account[at + REPOSITORY.len()..]),
                None => account,
            },
            rest: &bare[at + length..],
        })
    }

    /// The repository that it names; `None` where it has no path.
    fn repaired(&self) -> Option<Repaired<'d>> {
        let slash = self.rest.iter().position(|one| *one == Letter::Char('/'))?;
        let (host, path) = (&self.rest[..slash], &self.rest[slash + 1..]);
        let region = host.split(|one| *one == Letter::Char('.')).next();
        let partition = match host.ends_with(&letters(".cn")) {
            true => letters("aws-cn"),
            false => vec![Letter::Hole("AWS::Partition")],
        };
        let fields = [
            &partition,
            &letters("ecr"),
            region.unwrap_or_default(),
            self.account,
        ];
        Some(Repaired::of(fields, name(path)))
    }
}

fn of_name<'d>(bare: &[Letter<'d>]) -> Option<Repaired<'d>> {
    let is_name = |one: &Letter<'_>| match one {
        Letter::Char(one) => one.is_ascii_alphanumeric() || "/._-:@".contains(*one),
        Letter::Hole(_) => false,
    };
    let name = name(bare);
    if name.is_empty() || !bare.iter().all(is_name) {
        return None;
    }
    let [partition, region, account] =
        ["AWS::Partition", "AWS::Region", "AWS::AccountId"].map(|own| [Letter::Hole(own)]);
    let fields = [&partition[..], &letters("ecr"), &region, &account];
    Some(Repaired::of(fields, name))
}

/// Of an ARN, what stands behind `arn:`.
fn of_arn<'d>(fields: &[Letter<'d>], is_written: bool) -> Option<Repaired<'d>> {
    let fields: Vec<_> = fields.splitn(5, |one| *one == Letter::Char(':')).collect();
    let [partition, service, region, account, resource] = fields.as_slice() else {
        return None;
    };
    let is_public = **service == *letters("ecr-public");
    if !is_public && **service != *letters("ecr") {
        return None;
    }
    let own = |field: &[Letter<'d>], name: &'static str| match field {
        [] => vec![Letter::Hole(name)],
        field => field.to_vec(),
    };
    let region = match is_public {
        true => Vec::new(),
        false => own(region, "AWS::Region"),
    };
    let is_full = is_written && !account.is_empty() && (is_public || !fields[2].is_empty());
    let account = own(account, "AWS::AccountId");
    let mut resource = *resource;
    while let Some(shorter) = resource.strip_suffix(letters("/*").as_slice()) {
        resource = shorter;
    }
    let name = name(resource);
    if name.is_empty() {
        return None;
    }
    Some(Repaired {
        is_full,
        ..Repaired::of([partition, service, &region, &account], name)
    })
}

/// What stands in front of a name in ARNs.
const REPOSITORY: &str = "repository/";

/// The name of a repository without what may stand around it: its type, a tag or digest, slashes.
fn name<'d>(resource: &[Letter<'d>]) -> Vec<Letter<'d>> {
    let kinds = [REPOSITORY, "repository:", "/"];
    let bare = kinds.iter().find_map(|kind| strip(resource, kind));
    let bare = bare.unwrap_or(resource);
    let is_end = |one: &Letter<'_>| matches!(one, Letter::Char(':' | '@'));
    let bare = bare.split(is_end).next().unwrap_or_default();
    let parts = bare.split(|one| *one == Letter::Char('/'));
    let mut name = Vec::with_capacity(bare.len());
    for part in parts.filter(|part| !part.is_empty()) {
        if !name.is_empty() {
            name.push(Letter::Char('/'));
        }
        name.extend(part.iter().map(|one| match one {
            Letter::Char(one) => Letter::Char(one.to_ascii_lowercase()),
            hole => *hole,
        }));
    }
    name
}

fn strip<'s, 'd>(text: &'s [Letter<'d>], prefix: &str) -> Option<&'s [Letter<'d>]> {
    text.strip_prefix(letters(prefix).as_slice())
}

/// Where a text begins in another one.
fn find(text: &[Letter<'_>], wanted: &str) -> Option<usize> {
    let wanted = letters(wanted);
    text.windows(wanted.len()).position(|part| part == wanted)
}

#[cfg(test)]
mod tests {
    use super::{Letter, letters, repaired};

    fn shown(text: &[Letter<'_>]) -> String {
        let arn = repaired(text).map_or_else(Vec::new, |repaired| repaired.arn);
        let shown = arn.iter().map(|one| match one {
            Letter::Char(one) => one.to_string(),
            Letter::Hole(name) => format!("<{name}>"),
        });
        shown.collect()
    }

    #[test]
    fn what_was_meant_is_an_arn() {
        for (text, meant) in [
            (
                "111111111111.dkr.ecr.eu-west-1.amazonaws.com/Team//app:latest",
                "arn:<AWS::Partition>:ecr:eu-west-1:111111111111:repository/team/app",
            ),
            (
                "https://111111111111.dkr.ecr.cn-north-1.amazonaws.com.cn/app",
                "arn:aws-cn:ecr:cn-north-1:111111111111:repository/app",
            ),
            (
                "arn:aws:ecr:eu-west-1:222222222222:repository/111111111111.dkr.ecr.eu-west-1.amazonaws.com/app",
                "arn:<AWS::Partition>:ecr:eu-west-1:111111111111:repository/app",
            ),
            (
                "111111111111.dkr.ecr-fips.us-east-1.amazonaws.com/app",
                "arn:<AWS::Partition>:ecr:us-east-1:111111111111:repository/app",
            ),
            (
                "https://111111111111.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn/app:1",
                "arn:aws-cn:ecr:cn-north-1:111111111111:repository/app",
            ),
            (
                "arn:aws:ecr:us-east-1:222222222222:repository/111111111111.dkr-ecr.us-east-1.on.aws/app",
                "arn:<AWS::Partition>:ecr:us-east-1:111111111111:repository/app",
            ),
            ("public.ecr.aws/team/app", ""),
            ("https://public.ecr.aws/team/app", ""),
            (
                "app@sha256:00",
                "arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/app",
            ),
            (
                "arn:aws:ecr:::repository/app/*",
                "arn:aws:ecr:<AWS::Region>:<AWS::AccountId>:repository/app",
            ),
            (
                "arn:aws:ecr-public:us-east-1:111111111111:repository/app",
                "arn:aws:ecr-public::111111111111:repository/app",
            ),
            ("arn:aws:s3:::app", ""),
        ] {
            assert_eq!(shown(&letters(text)), meant, "{text}");
        }
    }

    #[test]
    fn no_letter_stands_for_what_is_not_known() {
        let mut text = letters("arn:aws:ecr::111111111111:repository/");
        text.push(Letter::Hole("Name"));
        text.extend(letters("\u{e000}-${x}"));
        let meant = "arn:aws:ecr:<AWS::Region>:111111111111:repository/<Name>\u{e000}-${x}";
        assert_eq!(shown(&text), meant);
    }
}
