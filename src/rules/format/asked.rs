//! Queries that stand in no file, held against what the repository document can have.
//! It does not know who asks them.

use std::ops::Range;

use super::error::QueryError;
use super::members;
use super::query::Query;

/// Reads a query that stands in no file, as a rule would have it.
///
/// # Errors
/// The mistake, at its place in the text.
pub(crate) fn asked(text: &str) -> Result<Query, QueryError> {
    let read = Query::parse_over_world(text)?;
    let unasked = |range: Range<usize>, title: String, help: String| QueryError {
        range,
        title,
        label: String::new(),
        help: Some(help),
    };
    if let Some((name, range)) = read.settings.first() {
        let title = format!("there is no setting `{name}` outside of a rule");
        return Err(unasked(
            range.clone(),
            title,
            "write the value itself".to_owned(),
        ));
    }
    if let Err(mistake) = members::found(&read.query) {
        let range = mistake.range(text);
        return Err(unasked(range, mistake.title(), mistake.help()));
    }
    Ok(read.query)
}
