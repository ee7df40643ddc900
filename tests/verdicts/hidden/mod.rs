//! Nobody hides a repository: not by how it is spelled, where it lies, what git ignores, or by leaving something out.

mod cut;
mod ignored;
mod named;
mod refused;
mod spellings;
