//! The members of a line: an answer, `null` where AWS says that there is none, or an error in its place.
//! It does not know what is asked.

use serde_json::{Map, Value};

use super::failure::Failure;

/// Members of a line, and why others are missing.
#[derive(Clone, Debug, Default)]
pub(super) struct RecordMembers {
    known: Map<String, Value>,
    errors: Map<String, Value>,
}

impl RecordMembers {
    /// Puts an answer, or the reason why there is none.
    ///
    /// # Errors
    /// A failure after which no other call can work.
    pub(super) fn add(
        &mut self,
        name: &str,
        answer: Result<Value, Failure>,
    ) -> Result<(), Failure> {
        match answer {
            Ok(value) => {
                self.known.insert(name.to_owned(), value);
            }
            Err(failure) if failure.is_final() => return Err(failure),
            Err(failure) => {
                self.errors
                    .insert(name.to_owned(), failure.to_string().into());
            }
        }
        Ok(())
    }

    /// Like [`add`](Self::add); an error by which AWS says that there is none becomes `null`.
    pub(super) fn add_or_null(
        &mut self,
        name: &str,
        answer: Result<Value, Failure>,
        absent: &[&str],
    ) -> Result<(), Failure> {
        self.add(name, or(answer, absent, Value::Null))
    }

    /// Like [`add`](Self::add) for a listing; an error by which AWS says that there is none becomes `[]`.
    pub(super) fn add_or_none(
        &mut self,
        name: &str,
        answer: Result<Vec<Value>, Failure>,
        absent: &[&str],
    ) -> Result<(), Failure> {
        let answer = answer.map(Value::Array);
        self.add(name, or(answer, absent, Value::Array(Vec::new())))
    }

    /// Adds the members of others, which were asked for once for several lines.
    pub(super) fn extend(&mut self, others: &RecordMembers) {
        self.known.extend(others.known.clone());
        self.errors.extend(others.errors.clone());
    }

    /// The members that are known, and the errors of the others.
    pub(super) fn into_parts(self) -> (Map<String, Value>, Map<String, Value>) {
        (self.known, self.errors)
    }
}

fn or(answer: Result<Value, Failure>, absent: &[&str], none: Value) -> Result<Value, Failure> {
    match answer {
        Err(failure) if absent.contains(&failure.code.as_str()) => Ok(none),
        answer => answer,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::RecordMembers;
    use crate::capture::failure::Failure;

    fn failure(code: &str) -> Failure {
        let body = format!(r#"{{"__type":"{code}","message":"told"}}"#);
        Failure::told(400, None, body.as_bytes())
    }

    #[test]
    fn denied_absent_and_there_are_three_things() {
        let mut members = RecordMembers::default();
        let absent = ["RepositoryPolicyNotFoundException"];
        members.add("tags", Ok(json!([]))).unwrap();
        members
            .add_or_null("policy", Err(failure(absent[0])), &absent)
            .unwrap();
        members
            .add_or_null("lifecycle", Err(failure("AccessDeniedException")), &absent)
            .unwrap();
        let (known, errors) = members.into_parts();
        assert_eq!(Value::Object(known), json!({ "tags": [], "policy": null }));
        let denied = json!({ "lifecycle": "AccessDeniedException: told" });
        assert_eq!(Value::Object(errors), denied);
    }

    #[test]
    fn credentials_that_have_run_out_end_everything() {
        let mut members = RecordMembers::default();
        let expired = Err(failure("ExpiredTokenException"));
        assert!(members.add("tags", expired).is_err());
    }
}
