//! The line of a repository: what it was listed with, and everything else that is asked about it.
//! It does not know where lines go.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::answer::{list, of_repository};
use super::caller::ApiResponse;
use super::failure::Failure;
use super::operation::{
    BATCH_GET_SCANNING, GET_LIFECYCLE_POLICY, GET_REPOSITORY_POLICY, LIST_TAGS,
};
use super::record::RecordMembers;
use super::region::Region;
use super::{CaptureOptions, SnapshotPart, listing};

/// The error by which every call says that the repository is gone.
const GONE: &str = "RepositoryNotFoundException";

/// The lines of some repositories, as many as one call about scanning takes, in their order.
pub(super) async fn lines(region: Arc<Region>, listed: Vec<Value>) -> Result<Vec<Value>, Failure> {
    let scanning = Arc::new(ScanningConfigurations::ask(&region, &listed).await);
    let tasks: Vec<_> = listed
        .into_iter()
        .map(|item| {
            let (region, scanning) = (Arc::clone(&region), Arc::clone(&scanning));
            tokio::spawn(async move { line(&region, item, &scanning).await })
        })
        .collect();
    let mut lines = Vec::new();
    for task in tasks {
        let line = task
            .await
            .map_err(|error| Failure::unexpected(error.to_string()))?;
        lines.push(line?);
    }
    Ok(lines)
}

/// How repositories are scanned.
struct ScanningConfigurations {
    known: Result<Vec<Value>, Failure>,
    /// The repositories that AWS does not tell this about, with its code.
    failures: Vec<Value>,
}

impl ScanningConfigurations {
    async fn ask(region: &Region, listed: &[Value]) -> Self {
        let name = |item: &Value| item.get("repositoryName").cloned();
        let names: Vec<Value> = listed.iter().filter_map(name).collect();
        let input = json!({ "repositoryNames": names });
        let mut failures = Vec::new();
        let answer = region.caller.ask(&BATCH_GET_SCANNING, &input).await;
        let known = answer.and_then(|mut answer| {
            if let Some(Value::Array(told)) = answer.remove("failures") {
                failures = told;
            }
            let known = list(&mut answer, "scanningConfigurations")?;
            let is_asked = |of: &Value| name(of).is_some_and(|name| names.contains(&name));
            match known.iter().all(is_asked) {
                true => Ok(known),
                false => Err(Failure::unexpected(
                    "the answer is about another repository",
                )),
            }
        });
        Self { known, failures }
    }

    fn of(&self, name: &str) -> Result<Value, Failure> {
        let is_own = |of: &&Value| text(of, "repositoryName") == name;
        let known = self.known.as_ref().map_err(Failure::clone)?;
        if let Some(own) = known.iter().find(is_own) {
            return Ok(own.clone());
        }
        match self.failures.iter().find(is_own) {
            Some(told) if text(told, "failureCode") == "REPOSITORY_NOT_FOUND" => {
                Err(Failure::other(GONE, text(told, "failureReason")))
            }
            Some(told) => Err(Failure::other(
                text(told, "failureCode"),
                text(told, "failureReason"),
            )),
            None => Err(Failure::unexpected("the answer leaves the repository out")),
        }
    }
}

async fn line(
    region: &Region,
    item: Value,
    scanning: &ScanningConfigurations,
) -> Result<Value, Failure> {
    let mut line = region.head();
    let Some(members) = members(region, &item, scanning).await? else {
        let named = ["repositoryArn", "repositoryName"].map(|name| (name, text(&item, name)));
        line.insert("vanished".to_owned(), named.into_iter().collect());
        return Ok(Value::Object(line));
    };
    let (known, errors) = members.into_parts();
    line.insert("repository".to_owned(), item);
    line.extend(known);
    finish(&mut line, errors);
    Ok(Value::Object(line))
}

/// Everything about a repository; `None` where it was deleted since it was listed.
async fn members(
    region: &Region,
    item: &Value,
    scanning: &ScanningConfigurations,
) -> Result<Option<RecordMembers>, Failure> {
    let name = text(item, "repositoryName");
    let mut answers = vec![("scanning", scanning.of(name), "")];
    answers.extend(settings(region, item).await);
    if asks(&region.options, SnapshotPart::Images) {
        let input = json!({ "repositoryName": name, "filter": { "imageStatus": "ANY" } });
        let images = listing::IMAGES.all(&region.caller, input).await;
        answers.push(("images", images.map(Value::Array), ""));
    }
    let is_gone = |answer: &Result<Value, Failure>| {
        answer.as_ref().is_err_and(|failure| failure.code == GONE)
    };
    if answers.iter().any(|(_, answer, _)| is_gone(answer)) {
        return Ok(None);
    }
    let images = answers.pop_if(|(name, ..)| *name == "images");
    let mut members = RecordMembers::default();
    for (name, answer, absent) in answers {
        members.add_or_null(name, answer, &[absent])?;
    }
    keys(region, item, &mut members).await?;
    if let Some(parameters) = &region.parameters {
        let own = parameters.as_ref().map(|parameters| parameters.of(item));
        members.add("parameters", own.map(Value::Array).map_err(Failure::clone))?;
    }
    if let Some((name, answer, _)) = images {
        members.add(name, answer)?;
    }
    Ok(Some(members))
}

/// Policies and tags, each with the error by which AWS says that there is none.
async fn settings(
    region: &Region,
    item: &Value,
) -> [(&'static str, Result<Value, Failure>, &'static str); 3] {
    let name = text(item, "repositoryName");
    let of_name = json!({ "repositoryName": name });
    let of_arn = json!({ "resourceArn": text(item, "repositoryArn") });
    let (lifecycle, policy, tags) = tokio::join!(
        region.caller.ask(&GET_LIFECYCLE_POLICY, &of_name),
        region.caller.ask(&GET_REPOSITORY_POLICY, &of_name),
        region.caller.ask(&LIST_TAGS, &of_arn),
    );
    let about = |answer: Result<ApiResponse, Failure>, member: &str| {
        answer
            .and_then(|answer| of_repository(answer, name, member))
            .map(Value::Object)
    };
    [
        (
            "lifecyclePolicy",
            about(lifecycle, "lifecyclePolicyText"),
            "LifecyclePolicyNotFoundException",
        ),
        (
            "repositoryPolicy",
            about(policy, "policyText"),
            "RepositoryPolicyNotFoundException",
        ),
        (
            "tags",
            tags.and_then(|mut answer| list(&mut answer, "tags"))
                .map(Value::Array),
            "",
        ),
    ]
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

async fn keys(region: &Region, item: &Value, members: &mut RecordMembers) -> Result<(), Failure> {
    if !asks(&region.options, SnapshotPart::Kms) {
        return Ok(());
    }
    let encryption = item.get("encryptionConfiguration");
    let keys = region.keys.of(&region.caller, &region.account, encryption);
    members.extend(&keys.await?);
    Ok(())
}

fn asks(options: &CaptureOptions, part: SnapshotPart) -> bool {
    options.parts.contains(&part)
}

/// Ends a line with its errors, where there are any.
pub(super) fn finish(line: &mut Map<String, Value>, errors: Map<String, Value>) {
    if !errors.is_empty() {
        line.insert("errors".to_owned(), Value::Object(errors));
    }
}
