//! The line of a repository: what it was listed with, and everything else that is asked about it.
//! It does not know where lines go.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::operation::{
    BATCH_GET_SCANNING, DESCRIBE_IMAGES, GET_LIFECYCLE_POLICY, GET_REPOSITORY_POLICY, LIST_TAGS,
};
use super::record::Members;
use super::region::Region;
use super::{Options, Part};

/// The error by which every call says that the repository is gone.
const GONE: &str = "RepositoryNotFoundException";

/// The lines of some repositories, as many as one call about scanning takes, in their order.
///
/// A repository that is deleted meanwhile has no line.
pub(super) async fn lines(region: Arc<Region>, listed: Vec<Value>) -> Result<Vec<Value>, Failure> {
    let scanning = Arc::new(scanning(&region, &listed).await);
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
        lines.extend(line?);
    }
    Ok(lines)
}

/// How repositories are scanned, by their names.
type Scanning = Result<Vec<Value>, Failure>;

async fn scanning(region: &Region, listed: &[Value]) -> Scanning {
    let names: Vec<&Value> = listed
        .iter()
        .filter_map(|item| item.get("repositoryName"))
        .collect();
    let input = json!({ "repositoryNames": names });
    let mut answer = region.caller.ask(&BATCH_GET_SCANNING, &input).await?;
    match answer.remove("scanningConfigurations") {
        Some(Value::Array(found)) => Ok(found),
        _ => {
            let told = "no `scanningConfigurations` in the answer";
            Err(Failure::unexpected(told))
        }
    }
}

async fn line(region: &Region, item: Value, scanning: &Scanning) -> Result<Option<Value>, Failure> {
    let mut members = Members::default();
    let name = item.get("repositoryName").cloned().unwrap_or_default();
    match scanning {
        Err(failure) => members.add("scanning", Err(failure.clone()))?,
        // What AWS does not answer about is not captured, and no `null`.
        Ok(found) => {
            let own = found
                .iter()
                .find(|of| of.get("repositoryName") == Some(&name));
            if let Some(own) = own {
                members.add("scanning", Ok(own.clone()))?;
            }
        }
    }
    if !settings(region, &item, &mut members).await? {
        return Ok(None);
    }
    keys(region, &item, &mut members).await?;
    if let Some(parameters) = &region.parameters {
        let own = parameters.as_ref().map(|parameters| parameters.of(&item));
        members.add("parameters", own.map(Value::Array).map_err(Failure::clone))?;
    }
    if asks(&region.options, Part::Images) {
        let input = json!({ "repositoryName": name, "filter": { "imageStatus": "ANY" } });
        let size = ("maxResults", 1000);
        let images = region
            .caller
            .list(&DESCRIBE_IMAGES, input, "imageDetails", size);
        members.add("images", images.await.map(Value::Array))?;
    }
    let (known, errors) = members.into_parts();
    let mut line = region.head();
    line.insert("repository".to_owned(), item);
    line.extend(known);
    finish(&mut line, errors);
    Ok(Some(Value::Object(line)))
}

/// Adds policies and tags. `false`: the repository is gone.
async fn settings(region: &Region, item: &Value, members: &mut Members) -> Result<bool, Failure> {
    let name = item.get("repositoryName").cloned().unwrap_or_default();
    let arn = item.get("repositoryArn").cloned().unwrap_or_default();
    let of_name = json!({ "repositoryName": name });
    let of_arn = json!({ "resourceArn": arn });
    let (lifecycle, policy, tags) = tokio::join!(
        region.caller.ask(&GET_LIFECYCLE_POLICY, &of_name),
        region.caller.ask(&GET_REPOSITORY_POLICY, &of_name),
        region.caller.ask(&LIST_TAGS, &of_arn),
    );
    let gone = |failure: Option<&Failure>| failure.is_some_and(|failure| failure.code == GONE);
    if [
        lifecycle.as_ref().err(),
        policy.as_ref().err(),
        tags.as_ref().err(),
    ]
    .into_iter()
    .any(gone)
    {
        return Ok(false);
    }
    members.add_or_null(
        "lifecyclePolicy",
        lifecycle.map(Value::Object),
        &["LifecyclePolicyNotFoundException"],
    )?;
    members.add_or_null(
        "repositoryPolicy",
        policy.map(Value::Object),
        &["RepositoryPolicyNotFoundException"],
    )?;
    let tags = tags.and_then(|mut answer| {
        let missing = || Failure::unexpected("no `tags` in the answer");
        answer.remove("tags").ok_or_else(missing)
    });
    members.add("tags", tags)?;
    Ok(true)
}

async fn keys(region: &Region, item: &Value, members: &mut Members) -> Result<(), Failure> {
    if !asks(&region.options, Part::Kms) {
        return Ok(());
    }
    let encryption = item.get("encryptionConfiguration");
    let keys = region.keys.of(&region.caller, &region.account, encryption);
    members.extend(&keys.await?);
    Ok(())
}

fn asks(options: &Options, part: Part) -> bool {
    options.parts.contains(&part)
}

/// Ends a line with its errors, where there are any.
pub(super) fn finish(line: &mut Map<String, Value>, errors: Map<String, Value>) {
    if !errors.is_empty() {
        line.insert("errors".to_owned(), Value::Object(errors));
    }
}
