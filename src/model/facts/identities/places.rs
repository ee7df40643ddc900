//! Where an identity is given something, as far as its policies say.
//! It does not know what it is given there.

use crate::model::policy::{Arn, Owner, Policies};

/// A place that an identity is asked about.
pub(super) struct Place<'d> {
    pub(super) arn: Arn<'d>,
    /// What people call it.
    pub(super) from: String,
    pub(super) is_repository: bool,
}

/// Where an identity is given something: repositories of the template, and what its statements name besides.
pub(super) fn places<'r>(
    policies: &Policies<'r>,
    owner: &Owner<'r>,
    near: &[(&'r str, (String, Arn<'r>))],
) -> Vec<Place<'r>> {
    let resources = policies.resources(owner);
    let covered = |arn: &Arn<'_>| resources.iter().any(|one| !one.covers(arn).is_false());
    let repositories = near.iter().filter(|(_, (_, arn))| covered(arn));
    let mut places: Vec<Place<'r>> = repositories
        .map(|(_, (name, arn))| Place {
            arn: arn.clone(),
            from: format!("repository `{name}`"),
            is_repository: true,
        })
        .collect();
    let others = resources.iter().filter(|resource| {
        // What stands for a repository of the template is asked about as such.
        !near
            .iter()
            .any(|(_, (_, arn))| !resource.covers(arn).is_false())
    });
    let others = others.map(|arn| Place {
        from: named(arn),
        arn: arn.clone(),
        is_repository: false,
    });
    places.extend(others);
    places
}

/// What people call the resource of a statement.
fn named(arn: &Arn<'_>) -> String {
    let shown = arn.shown();
    match &arn.reference {
        Some(reference) => format!("`{}`", reference.logical_id),
        None if shown.starts_with("${") => "a repository of another stack".to_owned(),
        None => format!("`{shown}`"),
    }
}
