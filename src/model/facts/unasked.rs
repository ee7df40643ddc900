//! What stands in a document in place of facts that nobody asks for.
//! It does not know which these are.

use std::sync::{Arc, LazyLock};

use crate::model::Unknown;

/// Why such a fact is not known. That a verdict says so is a mistake of this program: whoever asks for a fact has to say
/// so before it is judged.
pub const UNASKED: &str = "nothing was said to ask for it";

/// The value of such a fact: it can be anything, so that no verdict is built on it.
pub(super) static VALUE: LazyLock<Arc<Unknown>> =
    LazyLock::new(|| Arc::new(Unknown::because(UNASKED).maybe_absent()));
