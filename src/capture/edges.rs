//! The first and the last line of a snapshot: who asked what of whom, and what came of it. A file with the first and
//! without the last is cut off. It does not know where lines go.

use serde_json::{Value, json};

use super::{CallerIdentity, CaptureOptions, CaptureSummary, time};

/// The version of the format; another one would be read differently.
const FORMAT: u8 = 1;

/// What a snapshot begins with: what is asked of which accounts, as whom, each in its regions.
pub(super) fn beginning(options: &CaptureOptions, identities: &[CallerIdentity]) -> Value {
    json!({
        "snapshot": "begins",
        "format": FORMAT,
        "ecrlint": env!("CARGO_PKG_VERSION"),
        "at": time::now(),
        "accounts": accounts(identities),
        "included": options.included(),
    })
}

fn accounts(identities: &[CallerIdentity]) -> Vec<Value> {
    let mut identities: Vec<&CallerIdentity> = identities.iter().collect();
    identities.sort_by(|a, b| a.account.cmp(&b.account));
    let accounts = identities
        .into_iter()
        .map(|one| json!({ "account": one.account, "caller": one.caller, "regions": one.regions }));
    accounts.collect()
}

/// What a snapshot ends with: what is in it, and what was denied.
pub(super) fn end(summary: &CaptureSummary) -> Value {
    let denied = summary.missing.iter();
    let denied = denied.map(
        |((member, error), times)| json!({ "member": member, "error": error, "times": times }),
    );
    let unlisted = summary.unlisted.iter();
    let unlisted = unlisted.map(|(place, error)| json!({ "place": place, "error": error }));
    json!({
        "snapshot": "ends",
        "at": time::now(),
        "accounts": accounts(&summary.identities),
        "registries": summary.registries,
        "repositories": summary.repositories + summary.kept,
        "gone": summary.gone,
        "denied": denied.collect::<Vec<_>>(),
        "unlisted": unlisted.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{beginning, end};
    use crate::capture::{CallerIdentity, CaptureOptions, CaptureSummary, SnapshotPart};

    #[test]
    fn the_first_line_says_what_was_asked_of_whom() {
        let options = CaptureOptions {
            parts: vec![SnapshotPart::Ecr, SnapshotPart::Kms],
            ..CaptureOptions::default()
        };
        let identity = |account: &str, regions: &[&str]| CallerIdentity {
            account: account.to_owned(),
            caller: format!("arn:aws:iam::{account}:user/ann"),
            regions: regions.iter().map(|region| (*region).to_owned()).collect(),
        };
        let places = [
            identity("222222222222", &["eu-west-1"]),
            identity("111111111111", &["eu-west-1", "us-east-1"]),
        ];
        let line = beginning(&options, &places);
        assert_eq!(line["snapshot"], "begins");
        assert_eq!(line["ecrlint"], env!("CARGO_PKG_VERSION"));
        assert_eq!(line["included"], json!(["ecr", "kms"]));
        let accounts = json!([
            {
                "account": "111111111111", "caller": "arn:aws:iam::111111111111:user/ann",
                "regions": ["eu-west-1", "us-east-1"],
            },
            {
                "account": "222222222222", "caller": "arn:aws:iam::222222222222:user/ann",
                "regions": ["eu-west-1"],
            },
        ]);
        assert_eq!(line["accounts"], accounts);
    }

    #[test]
    fn the_last_line_counts_what_there_is_and_what_was_denied() {
        let mut summary = CaptureSummary {
            repositories: 3,
            kept: 2,
            registries: 1,
            gone: 1,
            unlisted: vec![("1 eu-west-1".to_owned(), "AccessDenied".to_owned())],
            ..CaptureSummary::default()
        };
        summary.note(&json!({ "errors": { "tags": "AccessDeniedException: no" } }));
        let line = end(&summary);
        assert_eq!(line["snapshot"], "ends");
        assert_eq!(
            (&line["repositories"], &line["registries"]),
            (&json!(5), &json!(1))
        );
        let denied = json!([{ "member": "tags", "error": "AccessDeniedException", "times": 1 }]);
        assert_eq!(line["denied"], denied);
        assert_eq!(line["unlisted"][0]["place"], "1 eu-west-1");
    }
}
