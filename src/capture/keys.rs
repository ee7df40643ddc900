//! The keys that encrypt repositories, each asked about once.
//! It does not know which repositories they encrypt.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::answer::{object, with_text};
use super::caller::RegionalClient;
use super::failure::Failure;
use super::operation::{DESCRIBE_KEY, GET_KEY_POLICY, GET_KEY_ROTATION};
use super::record::RecordMembers;

/// The members about a key, by the key's name.
#[derive(Debug, Default)]
pub(super) struct KmsKeys {
    known: Mutex<HashMap<String, Arc<OnceCell<RecordMembers>>>>,
}

impl KmsKeys {
    /// The members about the key of a repository with this `encryptionConfiguration`.
    pub(super) async fn of(
        &self,
        caller: &RegionalClient,
        account: &str,
        encryption: Option<&Value>,
    ) -> Result<RecordMembers, Failure> {
        let text = |name: &str| encryption?.get(name)?.as_str();
        match (text("encryptionType"), text("kmsKey")) {
            (Some("AES256"), _) => none(),
            // Neither is a key named nor is there none, so nobody can tell what to ask about.
            (_, None) => Ok(RecordMembers::default()),
            (_, Some(key)) => {
                let cell = {
                    let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                    Arc::clone(known.entry(key.to_owned()).or_default())
                };
                let members = cell.get_or_try_init(|| ask(caller, account, key));
                Ok(members.await?.clone())
            }
        }
    }
}

fn none() -> Result<RecordMembers, Failure> {
    let mut members = RecordMembers::default();
    for name in ["kmsKey", "kmsKeyRotation", "kmsKeyPolicy"] {
        members.add(name, Ok(Value::Null))?;
    }
    Ok(members)
}

async fn ask(caller: &RegionalClient, account: &str, key: &str) -> Result<RecordMembers, Failure> {
    let input = json!({ "KeyId": key });
    let of_policy = json!({ "KeyId": key, "PolicyName": "default" });
    let (described, rotation, policy) = tokio::join!(
        caller.ask(&DESCRIBE_KEY, &input),
        caller.ask(&GET_KEY_ROTATION, &input),
        caller.ask(&GET_KEY_POLICY, &of_policy),
    );
    let mut members = RecordMembers::default();
    let described = described
        .and_then(|answer| object(answer, "KeyMetadata"))
        .and_then(|found| is_of(&found, key).then_some(found).ok_or_else(other_key));
    // Of another account's key, AWS may say that it is not there when it is only not to be seen.
    let absent: &[&str] = if key.split(':').nth(4).is_none_or(|owner| owner == account) {
        &["NotFoundException"]
    } else {
        &[]
    };
    members.add_or_null("kmsKey", described, absent)?;
    members.add_or_null("kmsKeyRotation", rotation.map(Value::Object), absent)?;
    let policy = policy.and_then(|answer| with_text(answer, "Policy"));
    members.add_or_null("kmsKeyPolicy", policy.map(Value::Object), absent)?;
    Ok(members)
}

/// Whether what is described is the key that was asked about, as far as its name says.
fn is_of(described: &Value, key: &str) -> bool {
    let arn = described.get("Arn").and_then(Value::as_str);
    !key.contains(":key/") || arn == Some(key)
}

fn other_key() -> Failure {
    Failure::unexpected("the answer is about another key")
}
