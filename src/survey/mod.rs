//! Facts from files that already stand in repositories: one file a format, each fact a claim with its place.

use crate::model::claim::Claim;
use crate::model::diagnostic::{Diagnostic, Rule};
use crate::model::source::TextFile;

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[];

/// Whether a path is one of the formats' (the shell collects it then).
pub fn wants(_path: &str) -> bool {
    false
}

/// The claims of one file; what it cannot read is a diagnostic, the rest of the file is still used.
pub fn survey(_file: &TextFile) -> (Vec<Claim>, Vec<Diagnostic>) {
    (Vec::new(), Vec::new())
}
