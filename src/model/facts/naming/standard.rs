//! What names the organisation's standard takes: they begin with its prefix and its application.
//! It does not know what ECR takes.

use crate::model::{Organisation, Shape, Truth, Unknown, fits, glob};

/// The beginning that every name of the organisation has.
#[derive(Clone, Copy, Debug)]
pub(in crate::model::facts) struct Start<'o> {
    pub(super) prefix: &'o str,
    pub(super) app: Option<&'o str>,
}

impl<'o> Start<'o> {
    /// `None` when no prefix is configured.
    pub(in crate::model::facts) fn of(organisation: &'o Organisation) -> Option<Self> {
        Some(Self {
            prefix: &organisation.prefix.as_ref()?.value,
            app: organisation.app.as_ref().map(|app| app.value.as_str()),
        })
    }

    /// What follows the beginning in `name`, if `name` has it.
    pub(in crate::model::facts) fn strip(self, name: &str) -> Option<&str> {
        let rest = strip_part(name, self.prefix)?;
        match self.app {
            Some(app) => strip_part(rest, app),
            None => Some(rest),
        }
    }

    /// Whether a filling of the holes has the beginning.
    fn may_begin(self, shape: &Shape) -> bool {
        let wanted = match self.app {
            Some(app) => format!("{}-{app}-*", self.prefix),
            None => format!("{}-*", self.prefix),
        };
        glob::overlap(&wanted.to_lowercase(), &glob::of_shape(shape))
    }
}

impl Start<'_> {
    /// What matches every text that has the beginning, with something behind it.
    fn expression(self) -> String {
        let parts = [Some(self.prefix), self.app].into_iter().flatten();
        let parts = parts.map(|part| format!("{}-", regex_syntax::escape(&part.to_lowercase())));
        format!(r"\A{}(?s:.)", parts.collect::<String>())
    }
}

/// Takes `part`, lower-cased, and a hyphen off the beginning.
fn strip_part<'n>(name: &'n str, part: &str) -> Option<&'n str> {
    let mut rest = name.chars();
    for letter in part.chars().flat_map(char::to_lowercase) {
        if rest.next()? != letter {
            return None;
        }
    }
    rest.as_str().strip_prefix('-')
}

/// Prefix, application and some base name. Whether the base name is declared is another question; a declared name
/// that is cut short may lack its beginning.
pub(super) fn is_given(
    name: &str,
    organisation: &Organisation,
    start: Start<'_>,
) -> Truth<Unknown> {
    let lower = !name.chars().any(char::is_uppercase);
    let begins = start.strip(name).is_some_and(|base| !base.is_empty());
    let formed = lower && name.len() <= 256 && begins;
    (formed || organisation.declared_as(name).next().is_some()).into()
}

pub(super) fn shape_fits(shape: &Shape, unknown: &Unknown, start: Start<'_>) -> Truth<Unknown> {
    // Whatever fills the holes of a name that ECR accepts is in lower case.
    if start
        .strip(shape.prefix())
        .is_some_and(|base| !base.is_empty())
    {
        return Truth::True;
    }
    let begins = match shape.is_limited() {
        true => fits(shape, &start.expression()),
        false if start.may_begin(shape) => Truth::Unknown(()),
        false => Truth::False,
    };
    match begins {
        Truth::True => Truth::True,
        Truth::Unknown(()) => Truth::Unknown(unknown.clone()),
        Truth::False => Truth::False,
    }
}

/// Whether a name that is not known may have prefix, application and a base name.
pub(in crate::model::facts) fn may_begin(unknown: &Unknown, organisation: &Organisation) -> bool {
    let start = Start::of(organisation).filter(|start| start.app.is_some());
    match (start, &unknown.shape) {
        (Some(start), Some(shape)) => start.may_begin(shape),
        (Some(_), None) => true,
        (None, _) => false,
    }
}
