//! Listings: everything that a call lists, page by page, each thing once.
//! It does not know what the things are.

use std::collections::HashSet;

use serde_json::Value;

use super::answer::list;
use super::caller::{ApiResponse, RegionalClient};
use super::failure::Failure;
use super::operation::{
    DESCRIBE_CACHE_RULES, DESCRIBE_CREATION_TEMPLATES, DESCRIBE_IMAGES, DESCRIBE_PARAMETERS,
    DESCRIBE_REPOSITORIES, LIST_REGIONS, LIST_RULES, LIST_TARGETS, Operation,
};

/// Most pages of one listing; no quota of AWS is near. A page may be empty and name a next one.
const MOST_PAGES: usize = 20_000;

/// A call that lists things.
#[derive(Debug)]
pub(super) struct ListCall {
    operation: &'static Operation,
    /// The member of an answer that holds the things.
    member: &'static str,
    /// The input that sets the size of a page, and the largest that the API takes.
    size: (&'static str, u32),
    /// The text by which one thing is told from another.
    identity: &'static str,
}

macro_rules! listings {
    ($($id:ident = $operation:ident $member:literal by $identity:literal, $size:literal $most:literal;)*) => {
        $(pub(super) const $id: ListCall = ListCall {
            operation: &$operation,
            member: $member,
            size: ($size, $most),
            identity: $identity,
        };)*
    };
}

listings! {
    REGIONS = LIST_REGIONS "Regions" by "RegionName", "MaxResults" 50;
    REPOSITORIES = DESCRIBE_REPOSITORIES "repositories" by "repositoryArn", "maxResults" 1000;
    CREATION_TEMPLATES = DESCRIBE_CREATION_TEMPLATES "repositoryCreationTemplates" by "prefix", "maxResults" 1000;
    CACHE_RULES = DESCRIBE_CACHE_RULES "pullThroughCacheRules" by "ecrRepositoryPrefix", "maxResults" 1000;
    EVENT_RULES = LIST_RULES "Rules" by "Name", "Limit" 100;
    TARGETS = LIST_TARGETS "Targets" by "Id", "Limit" 100;
    PARAMETERS = DESCRIBE_PARAMETERS "Parameters" by "Name", "MaxResults" 50;
    IMAGES = DESCRIBE_IMAGES "imageDetails" by "imageDigest", "maxResults" 1000;
}

impl ListCall {
    /// Everything that is listed for `input`, in the order in which it came.
    ///
    /// A thing that comes again, because it moved from one page to the next while they were asked for,
    /// is there once, as it came first.
    ///
    /// # Errors
    /// A call fails; an answer is not what the API promises; a page leads back to one that came before.
    pub(super) async fn all(
        &self,
        caller: &RegionalClient,
        mut input: Value,
    ) -> Result<Vec<Value>, Failure> {
        input[self.size.0] = self.size.1.into();
        let mut items = Vec::new();
        let mut known = HashSet::new();
        let mut announced = HashSet::new();
        for _ in 0..MOST_PAGES {
            let mut answer = caller.ask(self.operation, &input).await?;
            for item in list(&mut answer, self.member)? {
                if known.insert(self.identity(&item)?.to_owned()) {
                    items.push(item);
                }
            }
            let Some((name, token)) = next(&mut answer)? else {
                return Ok(items);
            };
            if !announced.insert(token.clone()) {
                let told = "the same page is announced again and again";
                return Err(Failure::unexpected(told));
            }
            input[name] = token.into();
        }
        Err(Failure::unexpected("the listing has no end"))
    }

    fn identity<'i>(&self, item: &'i Value) -> Result<&'i str, Failure> {
        let identity = item.get(self.identity).and_then(Value::as_str);
        identity.ok_or_else(|| {
            let (member, identity) = (self.member, self.identity);
            Failure::unexpected(format!("one of the `{member}` has no `{identity}`"))
        })
    }
}

/// How the next page is asked for: the name of the input, and its value.
fn next(answer: &mut ApiResponse) -> Result<Option<(&'static str, String)>, Failure> {
    for name in ["nextToken", "NextToken"] {
        return match answer.remove(name) {
            // Services that write every member write `null` or nothing where there is no next page.
            None | Some(Value::Null) => continue,
            Some(Value::String(token)) if token.is_empty() => continue,
            Some(Value::String(token)) => Ok(Some((name, token))),
            Some(_) => {
                let told = format!("`{name}` is not a text: no next page can be asked for");
                Err(Failure::unexpected(told))
            }
        };
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{REPOSITORIES, next};

    fn next_of(answer: Value) -> Result<Option<(&'static str, String)>, String> {
        let Value::Object(mut answer) = answer else {
            panic!("an answer is an object")
        };
        next(&mut answer).map_err(|failure| failure.to_string())
    }

    #[test]
    fn the_next_page_has_a_text_or_there_is_none() {
        let token = next_of(json!({ "NextToken": "abc" }));
        assert_eq!(token, Ok(Some(("NextToken", "abc".to_owned()))));
        for last in [
            json!({}),
            json!({ "nextToken": null }),
            json!({ "nextToken": "" }),
        ] {
            assert_eq!(next_of(last), Ok(None));
        }
        for strange in [json!(1), json!({}), json!(["abc"]), json!(true)] {
            let told = next_of(json!({ "nextToken": strange })).unwrap_err();
            assert!(told.contains("`nextToken` is not a text"), "{told}");
        }
    }

    #[test]
    fn a_thing_without_its_name_is_no_answer() {
        let item = json!({ "repositoryName": "a" });
        let failure = REPOSITORIES.identity(&item);
        let told = failure.unwrap_err().to_string();
        assert!(told.contains("has no `repositoryArn`"), "{told}");
    }
}
