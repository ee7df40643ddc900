//! How conditions and parameters can turn out: `Conditions` and `Rules` as formulas, and the choices that a stack leaves open.
//! It does not know what is loaded under a combination of them.

pub(super) mod allowed;
pub(super) mod assertions;
pub(super) mod choices;
pub(super) mod compare;
pub(super) mod compile;
pub(super) mod constraint;
pub(super) mod mapped;
pub(super) mod place;
pub(super) mod solver;
pub(super) mod variables;
