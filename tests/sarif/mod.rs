//! The schema of SARIF 2.1.0 by OASIS, as the crate serde-sarif 0.8.0 ships it; its licence lies beside it.

use jsonschema::Validator;

/// The schema, ready to validate.
pub(crate) fn schema() -> Validator {
    // The published pattern is not a regular expression: its bracket is not closed.
    let text = include_str!("sarif-schema-2.1.0.json").replace(
        "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$",
        "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$",
    );
    let schema = serde_json::from_str(&text).expect("the schema is JSON");
    jsonschema::validator_for(&schema).expect("it is a schema")
}
