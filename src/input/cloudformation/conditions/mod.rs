//! How conditions and parameters can turn out: `Conditions` and `Rules` as formulas, and the choices that a stack leaves open.
//! It does not know what is loaded under a combination of them.

mod allowed;
mod assertions;
pub(super) mod choices;
mod compare;
pub(super) mod compile;
mod constraint;
mod keys;
mod known_keys;
mod place;
mod solver;
mod tried;
pub(super) mod valuation;
mod variables;
