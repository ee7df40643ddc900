//! What a repository is judged against, and what comes of it. It does not know how anything is judged.

use super::live::Live;
use crate::model::{
    Declared, DeclaredRepository, Environment, Organisation, RegistryScanning, Truth,
};
use crate::source::{Problem, Span};

/// What a repository is judged against, besides itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'s> {
    /// The organisation's standard.
    pub organisation: Option<&'s Organisation>,
    /// The environment that the repository is deployed to.
    pub environment: Option<&'s Environment>,
    /// The repository's declaration, found by [`declaration_for`](super::declaration_for).
    pub declared: Option<&'s DeclaredRepository>,
    /// Why the repository is taken for the declared one though it has another name; `None` where it has the name.
    pub taken: Option<&'s str>,
    /// The scanning configuration of the registry that the repository lives in.
    pub registry: Option<&'s RegistryScanning>,
    /// Other registries of the run that are, or may be, that one.
    pub rivals: &'s [Rival<'s>],
    /// What a snapshot shows of the account and region that the repository lives in.
    pub captured: Option<&'s RegistryScanning>,
    /// Other repositories of the run with the same account, region and name.
    pub same_name: &'s [DuplicateName<'s>],
    /// Names of all repositories of the run's templates, sorted.
    pub names: &'s [&'s str],
    /// Tags that must not expire or move, with `*` for any run of characters.
    pub protected_tags: &'s [Declared<String>],
    /// What a snapshot shows of the repository; `None` when there is none to compare with.
    pub live: Option<Live<'s>>,
    /// What became of the declaration, where it is what is judged.
    pub fate: Option<&'s DeclarationFate<'s>>,
}

/// What became of a declaration: whether some input has what it declares, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct DeclarationFate<'s> {
    /// Whether the repository is in the inputs; the doubt is a clause that says why nobody can tell, `None` when nothing
    /// is declared that could be.
    pub built: Option<Truth<&'s str>>,
    /// Mistakes in the declaration.
    pub problems: Vec<&'s Problem>,
}

/// A scanning configuration besides that of the repository's registry.
#[derive(Clone, Copy, Debug)]
pub struct Rival<'s> {
    /// The configuration.
    pub registry: &'s RegistryScanning,
    /// Whether it is certainly of the same account and region.
    pub is_certain: bool,
}

/// Another repository with the same account, region and name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DuplicateName<'s> {
    /// Place of its name.
    pub span: Span,
    /// Its logical id.
    pub logical_id: Option<&'s str>,
    /// Name of its stack.
    pub stack: Option<&'s str>,
    /// Why it may be another name, account or region after all; `None` when it is certainly the same.
    pub doubt: Option<&'s str>,
    /// How many more there are besides; a hundred stand for that many or more.
    pub more: usize,
}
