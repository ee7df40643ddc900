//! Why a text under `Resource` is not the ARN of a repository that there can be.
//! It does not know which repositories there are.

use super::arn::{Arn, ArnSymbol};

/// Which registry a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Registry {
    /// That of an account and region.
    Private,
    /// The public gallery, whose ARNs have no region.
    Public,
}

/// Says why no repository has an ARN that fits, if that is so.
///
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html>
pub(super) fn fault(arn: &Arn<'_>, registry: Registry) -> Option<String> {
    let shown = format!("`{}`", arn.shown().replace('`', "'"));
    if is_uri(arn) {
        return Some(format!("{shown} is a URI, not the ARN of a repository"));
    }
    if has_host_in_name(arn) {
        return Some(format!(
            "{shown} has a URI in the place of a repository's name"
        ));
    }
    if may_be(&arn.symbols, registry) {
        return None;
    }
    let text = arn.open();
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    let [_, _, service, region, account, resource] = fields[..] else {
        return Some(format!("{shown} is not the ARN of a repository"));
    };
    let name = resource.strip_prefix("repository/");
    let is_private = registry == Registry::Private;
    Some(match (service, name) {
        ("ecr", _) if is_private && region.is_empty() => {
            format!("{shown} is not the ARN of a repository: the region is missing")
        }
        ("ecr-public", _) if !is_private && !region.is_empty() => {
            format!(
                "{shown} is not the ARN of a repository: those of the public gallery have no region"
            )
        }
        ("ecr" | "ecr-public", _) if account.is_empty() => {
            format!("{shown} is not the ARN of a repository: the account is missing")
        }
        ("ecr", Some(_)) if !is_private => {
            format!(
                "{shown} is the ARN of a repository of a private registry, which no action of the public gallery is about"
            )
        }
        ("ecr-public", Some(_)) if is_private => {
            format!(
                "{shown} is the ARN of a repository of the public gallery, which no action of a private registry is about"
            )
        }
        (_, Some(name)) if name.contains([':', '@']) => {
            format!(
                "{shown} is not the ARN of a repository: policies allow repositories, not single tags or digests"
            )
        }
        (_, Some(name)) if name.starts_with('/') || name.ends_with('/') || name.contains("//") => {
            format!(
                "{shown} is not the ARN of a repository: no name has an empty part between slashes"
            )
        }
        (_, Some(name)) if name.contains(|one: char| one.is_ascii_uppercase()) => {
            format!("{shown} is not the ARN of a repository: names have no capital letters")
        }
        _ => format!("{shown} is not the ARN of a repository"),
    })
}

/// What stands behind the account in the names of registries' hosts; the region is next.
///
/// <https://docs.aws.amazon.com/general/latest/gr/ecr.html>
pub(crate) const HOSTS: [&str; 4] = [".dkr.ecr.", ".dkr.ecr-fips.", ".dkr-ecr.", ".dkr-ecr-fips."];

/// What URIs of the public gallery begin with; an alias stands behind it, which says nothing of the account.
///
/// <https://docs.aws.amazon.com/AmazonECR/latest/public/public-registries.html>
pub(crate) const GALLERY_HOST: &str = "public.ecr.aws/";

/// Whether an ARN has the URI of a repository where the name belongs.
fn has_host_in_name(arn: &Arn<'_>) -> bool {
    let text = arn.open().to_ascii_lowercase();
    let Some((_, name)) = text.split_once("repository/") else {
        return false;
    };
    let name = name.trim_start_matches("https://");
    let before_host = HOSTS.iter().filter_map(|host| name.find(host)).min();
    before_host.is_some_and(|at| {
        let account = &name[..at];
        let is_digit = |one: char| one.is_ascii_digit();
        account == "*" || (account.len() == 12 && account.chars().all(is_digit))
    })
}

/// Whether the text is that of an image or registry in place of an ARN.
pub(super) fn is_uri(arn: &Arn<'_>) -> bool {
    const STARTS: [&str; 3] = ["https://", "http://", GALLERY_HOST];
    let reference = arn.reference.as_ref();
    if reference.is_some_and(|reference| reference.attribute == "RepositoryUri") {
        return true;
    }
    let text = arn.open().to_ascii_lowercase();
    let before_host = HOSTS.iter().filter_map(|host| text.find(host)).min();
    let in_a_name = |at: usize| text[..at].contains("repository/");
    before_host.is_some_and(|at| !in_a_name(at))
        || STARTS.iter().any(|start| text.starts_with(start))
}

/// Whether the text is an ARN of ECR or of the public gallery, of whatever kind.
pub(super) fn is_of_ecr(arn: &Arn<'_>) -> bool {
    let text = arn.open();
    let service = text.split(':').nth(2);
    text.starts_with("arn:") && matches!(service, Some("ecr" | "ecr-public"))
}

/// Letters that ARNs of repositories are made of.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz0123456789-._/:";
/// What stands between the partition and the region.
const PRIVATE: &str = ":ecr:";
const PUBLIC: &str = ":ecr-public::";
const REPOSITORY: &str = ":repository/";

/// How far the ARN of a repository was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum ArnState {
    /// `arn:`, so many letters of it.
    Start(usize),
    /// The partition, and whether it has a letter.
    Partition(bool),
    /// The service with the colons around it.
    Service(usize),
    /// The region, and whether it has a letter.
    Region(bool),
    /// The account, so many digits of it.
    Account(usize),
    /// `:repository/`
    Kind(usize),
    /// The name, and whether a part of it has begun.
    Name(bool),
}

impl ArnState {
    /// Where a letter leads; nowhere when no ARN goes on with it.
    fn after(self, letter: char, registry: Registry) -> Option<Self> {
        let is_word = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        let service = match registry {
            Registry::Private => PRIVATE,
            Registry::Public => PUBLIC,
        };
        let next = |text: &str, at: usize| text[at..].starts_with(letter).then_some(at + 1);
        match self {
            Self::Start(at) => {
                let at = next("arn:", at)?;
                Some(if at == 4 {
                    Self::Partition(false)
                } else {
                    Self::Start(at)
                })
            }
            Self::Partition(true) if letter == ':' => Some(Self::Service(1)),
            Self::Partition(_) => (is_word || letter == '-').then_some(Self::Partition(true)),
            Self::Service(at) => {
                let at = next(service, at)?;
                Some(match registry {
                    _ if at < service.len() => Self::Service(at),
                    Registry::Private => Self::Region(false),
                    Registry::Public => Self::Account(0),
                })
            }
            Self::Region(true) if letter == ':' => Some(Self::Account(0)),
            Self::Region(_) => (is_word || letter == '-').then_some(Self::Region(true)),
            Self::Account(12) => (letter == ':').then_some(Self::Kind(1)),
            Self::Account(count) => letter.is_ascii_digit().then_some(Self::Account(count + 1)),
            Self::Kind(at) => {
                let at = next(REPOSITORY, at)?;
                let is_whole = at == REPOSITORY.len();
                Some(if is_whole {
                    Self::Name(false)
                } else {
                    Self::Kind(at)
                })
            }
            Self::Name(true) if letter == '/' => Some(Self::Name(false)),
            Self::Name(begun) => {
                let is_mark = begun && matches!(letter, '.' | '_' | '-');
                (is_word || is_mark).then_some(Self::Name(true))
            }
        }
    }
}

/// Whether the ARN of some repository fits: both are read side by side, and every way that is open is followed.
/// Linear in the length of the text, because an ARN has few states.
fn may_be(symbols: &[ArnSymbol<'_>], registry: Registry) -> bool {
    let mut open = vec![ArnState::Start(0)];
    for symbol in symbols {
        open = match symbol {
            ArnSymbol::Char(letter) => step(&open, registry, |one| one == *letter),
            ArnSymbol::One => step(&open, registry, |_| true),
            ArnSymbol::Any => run(open, registry, |_| true),
            ArnSymbol::Hole(name) => match *name {
                "AWS::AccountId" => run(open, registry, |one| one.is_ascii_digit()),
                "AWS::Region" | "AWS::Partition" => run(open, registry, |one| {
                    one.is_ascii_alphanumeric() || one == '-'
                }),
                "AWS::URLSuffix" => {
                    run(open, registry, |one| one.is_ascii_lowercase() || one == '.')
                }
                _ => run(open, registry, |_| true),
            },
        };
        if open.is_empty() {
            return false;
        }
    }
    open.contains(&ArnState::Name(true))
}

fn step(open: &[ArnState], registry: Registry, takes: impl Fn(char) -> bool) -> Vec<ArnState> {
    let mut next: Vec<ArnState> = Vec::new();
    for state in open {
        let letters = LETTERS.chars().filter(|letter| takes(*letter));
        for found in letters.filter_map(|letter| state.after(letter, registry)) {
            if !next.contains(&found) {
                next.push(found);
            }
        }
    }
    next
}

/// The states after any number of letters.
fn run(mut open: Vec<ArnState>, registry: Registry, takes: impl Fn(char) -> bool) -> Vec<ArnState> {
    let mut from = 0;
    while from < open.len() {
        let found = step(&open[from..=from], registry, &takes);
        from += 1;
        for state in found {
            if !open.contains(&state) {
                open.push(state);
            }
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::super::arn::{Arn, symbols};
    use super::{Registry, fault};

    fn told(text: &str, registry: Registry) -> Option<String> {
        let arn = Arn {
            symbols: symbols(text),
            reason: None,
            reference: None,
            is_made_up: false,
        };
        fault(&arn, registry)
    }

    #[test]
    fn whatever_fits_the_arn_of_a_repository_is_one() {
        for text in [
            "*",
            "arn:aws:ecr:eu-west-1:111111111111:repository/app",
            "arn:aws:ecr:eu-west-1:111111111111:repository/team/app-1_x.y",
            "arn:aws:ecr:*:*:repository/*",
            "arn:aws:ecr:*:111111111111:*",
            "arn:aws:ecr:*",
            "arn:*:ecr:*:*:repository/team-?",
            "arn:aws:ec?:eu-*:*:rep*/a",
            "arn:aws-cn:ecr:cn-north-1:111111111111:repository/${aws:PrincipalTag/team}/*",
            "a*",
            "*repository/app",
        ] {
            assert_eq!(told(text, Registry::Private), None, "{text}");
        }
        let public = "arn:aws:ecr-public::111111111111:repository/app";
        assert_eq!(told(public, Registry::Public), None);
    }

    #[test]
    fn whatever_fits_no_repository_is_reported_with_the_reason() {
        for (text, says) in [
            ("app", "not the ARN of a repository"),
            (
                "111111111111.dkr.ecr.eu-west-1.amazonaws.com/app",
                "is a URI",
            ),
            (
                "https://111111111111.dkr.ecr.eu-west-1.amazonaws.com/app",
                "is a URI",
            ),
            (
                "111111111111.dkr.ecr.eu-west-1.amazonaws.com/app:latest",
                "is a URI",
            ),
            ("111111111111.dkr-ecr.eu-west-1.on.aws/app", "is a URI"),
            ("111111111111.dkr-ecr-fips.us-east-1.on.aws/app", "is a URI"),
            ("public.ecr.aws/team/app", "is a URI"),
            (
                "arn:aws:ecr:eu-west-1:111111111111:repository/111111111111.dkr.ecr.eu-west-1.amazonaws.com/app",
                "has a URI in the place",
            ),
            (
                "arn:aws:ecr:*:*:repository/https://111111111111.dkr.ecr-fips.us-east-1.amazonaws.com/app",
                "has a URI in the place",
            ),
            (
                "arn:aws:ecr:eu-west-1:111111111111:repository/*.dkr.ecr.eu-west-1.amazonaws.com/app",
                "has a URI in the place",
            ),
            (
                "arn:aws:ecr:eu-west-1:111111111111:repository/app:latest",
                "not single tags",
            ),
            (
                "arn:aws:ecr:eu-west-1:111111111111:repository/app@sha256:00",
                "not single tags",
            ),
            (
                "arn:aws:ecr::111111111111:repository/app",
                "the region is missing",
            ),
            (
                "arn:aws:ecr:eu-west-1::repository/app",
                "the account is missing",
            ),
            ("arn:aws:ecr:::repository/*", "the region is missing"),
            (
                "arn:aws:ecr:eu-west-1:111111111111:repository/App",
                "capital letters",
            ),
            (
                "arn:aws:ecr:eu-west-1:111111111111:repository//app",
                "empty part",
            ),
            (
                "arn:aws:ecr:eu-west-1:111111111111:repository/app//x",
                "empty part",
            ),
            (
                "arn:aws:ecr:eu-west-1:111111111111:repository/app/",
                "empty part",
            ),
            (
                "arn:aws:ecr:eu-west-1:111111111111:repository/",
                "not the ARN of a repository",
            ),
            (
                "arn:aws:ecr:eu-west-1:111111111111:app",
                "not the ARN of a repository",
            ),
            (
                "arn:aws:ECR:eu-west-1:111111111111:repository/app",
                "not the ARN of a repository",
            ),
            (
                "arn:aws:ecs:eu-west-1:111111111111:repository/app",
                "not the ARN of a repository",
            ),
            (
                "arn:aws:ecr-public::111111111111:repository/app",
                "a repository of the public gallery",
            ),
        ] {
            let told = told(text, Registry::Private).unwrap_or_default();
            assert!(told.contains(says), "{text}: {told:?}");
        }
        let regional = "arn:aws:ecr-public:us-east-1:111111111111:repository/app";
        let told = told(regional, Registry::Public).unwrap_or_default();
        assert!(told.contains("have no region"), "{told}");
    }
}
