//! What an answer has to hold before it is believed: the thing that was asked about, and the text that was
//! asked for.
//! It does not know how anything is asked.

use serde_json::Value;

use super::caller::ApiResponse;
use super::failure::Failure;

/// The answer, if it names the repository that was asked about and has a text under `member`.
///
/// # Errors
/// It is about another repository, or has no such text.
pub(super) fn of_repository(
    answer: ApiResponse,
    name: &str,
    member: &str,
) -> Result<ApiResponse, Failure> {
    let own = answer.get("repositoryName").and_then(Value::as_str);
    if own.is_some_and(|own| own != name) {
        return Err(Failure::unexpected(
            "the answer is about another repository",
        ));
    }
    with_text(answer, member)
}

/// The answer, if it has a text under `member`.
///
/// # Errors
/// It has none.
pub(super) fn with_text(answer: ApiResponse, member: &str) -> Result<ApiResponse, Failure> {
    match answer.get(member) {
        Some(Value::String(_)) => Ok(answer),
        _ => Err(missing(member)),
    }
}

/// The object that an answer has under `member`.
///
/// # Errors
/// There is nothing, or something else.
pub(super) fn object(mut answer: ApiResponse, member: &str) -> Result<Value, Failure> {
    let object = answer.remove(member).filter(Value::is_object);
    object.ok_or_else(|| missing(member))
}

/// Takes the list that an answer has under `member` out of it.
///
/// # Errors
/// There is nothing, or something else.
pub(super) fn list(answer: &mut ApiResponse, member: &str) -> Result<Vec<Value>, Failure> {
    match answer.remove(member) {
        Some(Value::Array(list)) => Ok(list),
        _ => Err(missing(member)),
    }
}

fn missing(member: &str) -> Failure {
    Failure::unexpected(format!("no `{member}` in the answer"))
}

/// Whether an item of a listing is a repository of the account and region that were asked.
pub(super) fn is_listed_in(item: &Value, account: &str, region: &str) -> bool {
    let text = |member: &str| item.get(member).and_then(Value::as_str);
    let (Some(arn), Some(name)) = (text("repositoryArn"), text("repositoryName")) else {
        return false;
    };
    let mut parts = arn.splitn(6, ':');
    let (prefix, _partition) = (parts.next(), parts.next());
    prefix == Some("arn") && parts.eq(["ecr", region, account, &format!("repository/{name}")])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{is_listed_in, of_repository};

    #[test]
    fn an_answer_is_about_the_repository_that_was_asked_about() {
        let answer = |value: Value| value.as_object().cloned().expect("an object");
        let right = json!({ "repositoryName": "a", "policyText": "{}" });
        assert!(of_repository(answer(right), "a", "policyText").is_ok());
        for wrong in [
            json!({ "repositoryName": "b", "policyText": "{}" }),
            json!({ "repositoryName": "a" }),
            json!({ "repositoryName": "a", "policyText": null }),
            json!({ "repositoryName": "a", "policyText": {} }),
        ] {
            assert!(
                of_repository(answer(wrong.clone()), "a", "policyText").is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_repository_is_listed_where_it_is() {
        let item = |arn: &str| json!({ "repositoryArn": arn, "repositoryName": "a/b" });
        let listed = |arn: &str| is_listed_in(&item(arn), "111111111111", "eu-west-1");
        assert!(listed("arn:aws:ecr:eu-west-1:111111111111:repository/a/b"));
        for other in [
            "arn:aws:ecr:eu-west-1:222222222222:repository/a/b",
            "arn:aws:ecr:us-east-1:111111111111:repository/a/b",
            "arn:aws:ecr:eu-west-1:111111111111:repository/a",
            "arn:aws:ecr:eu-west-1:111111111111",
            "",
        ] {
            assert!(!listed(other), "{other}");
        }
    }
}
