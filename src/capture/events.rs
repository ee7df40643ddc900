//! Rules of EventBridge that may see events of ECR, with their targets.
//! It does not know what a rule sees: whatever may is kept.

use serde_json::{Value, json};

use super::caller::RegionalClient;
use super::failure::Failure;
use super::listing;

/// The services whose events are about repositories.
const SOURCES: [&str; 2] = ["aws.ecr", "aws.inspector2"];

/// The rules of the default bus, where the events of services are sent, each as `{rule, targets}`.
pub(super) async fn rules(caller: &RegionalClient) -> Result<Vec<Value>, Failure> {
    let mut kept = Vec::new();
    for rule in listing::EVENT_RULES.all(caller, json!({})).await? {
        if !may_see(rule.get("EventPattern").and_then(Value::as_str)) {
            continue;
        }
        let name = rule.get("Name").and_then(Value::as_str).unwrap_or_default();
        let input = json!({ "Rule": name });
        let listed = listing::TARGETS.all(caller, input).await?;
        let targets: Vec<Value> = listed.iter().map(bare).collect();
        kept.push(json!({ "rule": rule, "targets": targets }));
    }
    Ok(kept)
}

/// A target without what is sent to it, which may hold whatever somebody wrote there.
fn bare(target: &Value) -> Value {
    let members = ["Id", "Arn"]
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), target.get(*name)?.clone())));
    Value::Object(members.collect())
}

/// Whether a pattern may match an event of one of [`SOURCES`], judged by `source` alone.
fn may_see(pattern: Option<&str>) -> bool {
    // Without a pattern, a rule is a timetable.
    let Some(pattern) = pattern else { return false };
    let Ok(pattern) = serde_json::from_str::<Value>(pattern) else {
        return true;
    };
    match pattern.get("source") {
        None => true,
        Some(Value::Array(items)) => items.iter().any(|item| match item {
            Value::String(source) => SOURCES.contains(&source.as_str()),
            _ => true,
        }),
        Some(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{bare, may_see};

    #[test]
    fn a_rule_is_kept_unless_its_source_is_another_service() {
        for pattern in [
            r#"{"source":["aws.ecr"]}"#,
            r#"{"source":["aws.s3","aws.inspector2"]}"#,
            r#"{"source":[{"prefix":"aws."}]}"#,
            r#"{"detail-type":["ECR Image Scan"]}"#,
            r#"{"$or":[{"source":["aws.s3"]},{"source":["aws.ecr"]}]}"#,
            "not JSON",
        ] {
            assert!(may_see(Some(pattern)), "{pattern}");
        }
        assert!(!may_see(Some(r#"{"source":["aws.s3"]}"#)));
        assert!(!may_see(None));
    }

    #[test]
    fn what_a_target_is_sent_is_left_out() {
        let target = json!({ "Id": "1", "Arn": "arn:x", "Input": "{\"token\":\"s3cr3t\"}" });
        assert_eq!(bare(&target), json!({ "Id": "1", "Arn": "arn:x" }));
    }
}
