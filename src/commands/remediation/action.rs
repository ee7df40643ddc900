//! What a script does about one finding: a call of one of its functions, with everything quoted.
//! It does not know which findings there are.

use serde_json::Value;

use crate::report::{Subject, SubjectKind};
use crate::source::edit::{Amendment, Becomes, Extent, Fragment, rewritten};

/// The way to the flag of a repository that says whether its images are scanned, in a template.
const SCAN_ON_PUSH: [&str; 3] = ["Properties", "ImageScanningConfiguration", "ScanOnPush"];

/// Something that a script does.
pub(super) struct ScriptStep {
    region: String,
    repository: String,
    what: RemedyChange,
}

enum RemedyChange {
    ScanOnPush,
    /// A statement by its number, as it was captured, and as it is to be.
    Statement(usize, String, String),
}

impl ScriptStep {
    /// What an edit of a template would do, done to what is live; `Err` says why it is done by hand.
    pub(super) fn of(subject: &Subject, text: &str, wish: &Amendment) -> Result<Self, String> {
        let region = subject.region.as_deref().filter(|region| is_plain(region));
        let repository = subject.name.as_deref().filter(|name| is_plain(name));
        let (Some(region), Some(repository)) = (region, repository) else {
            return Err("its name or region is not one that AWS assigns".to_owned());
        };
        if subject.kind != SubjectKind::Repository {
            return Err(String::new());
        }
        let what = match wish.extent {
            Extent::Outer(_) => match sets(&wish.becomes, &SCAN_ON_PUSH) {
                true => RemedyChange::ScanOnPush,
                false => return Err(String::new()),
            },
            Extent::Here | Extent::Key | Extent::Around(_) => statement(text, wish)?,
        };
        Ok(Self {
            region: region.to_owned(),
            repository: repository.to_owned(),
            what,
        })
    }

    /// The number of the statement that changes.
    pub(super) fn statement(&self) -> Option<usize> {
        match self.what {
            RemedyChange::ScanOnPush => None,
            RemedyChange::Statement(number, ..) => Some(number),
        }
    }

    /// The call, in one line.
    pub(super) fn call(&self) -> String {
        let Self {
            region, repository, ..
        } = self;
        match &self.what {
            RemedyChange::ScanOnPush => format!("scan_on_push {region} {repository}"),
            RemedyChange::Statement(number, captured, wanted) => format!(
                "change_statement {region} {repository} {number} {} {}",
                quoted(captured),
                quoted(wanted)
            ),
        }
    }
}

/// Whether nothing in a name means anything to a shell.
fn is_plain(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte);
    !name.is_empty() && !name.starts_with('-') && name.bytes().all(fits)
}

/// Whether an edit sets one flag, and nothing else.
fn sets(becomes: &Becomes, path: &[&str]) -> bool {
    match (becomes, path) {
        (Becomes::Set(Fragment::Word(word)), []) => word == "true",
        (Becomes::Members(members), [first, rest @ ..]) => match members.as_slice() {
            [(key, member)] => key == first && sets(member, rest),
            _ => false,
        },
        _ => false,
    }
}

/// The one statement of a policy that an edit changes. One that goes, or comes, is for a person.
fn statement(text: &str, wish: &Amendment) -> Result<RemedyChange, String> {
    let (old, new) = rewritten(text, wish)?;
    let read = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
    let (mut old, mut new) = (read(&old)?, read(&new)?);
    let lists = (
        old.get_mut("Statement").map(Value::take),
        new.get_mut("Statement").map(Value::take),
    );
    let (Some(Value::Array(before)), Some(Value::Array(after))) = lists else {
        return Err("the policy has no list of statements".to_owned());
    };
    if old != new || before.len() != after.len() {
        return Err("more than one statement would change, or one would go".to_owned());
    }
    let pairs = before.iter().zip(&after).enumerate();
    let mut changed = pairs.filter(|(_, (before, after))| before != after);
    match (changed.next(), changed.next()) {
        (Some((number, (before, after))), None) => {
            Ok(RemedyChange::Statement(number, ascii(before), ascii(after)))
        }
        _ => Err("more than one statement would change, or none".to_owned()),
    }
}

/// JSON without a character that is not ASCII, commands a terminal, or means something to a shell.
fn ascii(value: &Value) -> String {
    let mut out = String::new();
    for unit in value.to_string().encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ b' '..=b'~') if !b"'`$!".contains(&byte) => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out
}

/// JSON without single quotes as one word of a shell, in which nothing means anything.
fn quoted(json: &str) -> String {
    format!("'{json}'")
}
