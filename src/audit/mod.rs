//! What is wrong with the documents of the fleet: one small file a rule, a table of them here.

use crate::model::catalog::Catalog;
use crate::model::config::Config;
use crate::model::coverage::Coverage;
use crate::model::diagnostic::{Diagnostic, Rule};
use jiff::civil::Date;

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[];

/// Everything a rule may look at.
pub struct Fleet<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// The matrix.
    pub coverage: &'a Coverage,
    /// What the run was told.
    pub config: &'a Config,
    /// Decides what has expired.
    pub today: Date,
}

/// Runs every rule; findings come sorted by place.
pub fn audit(_fleet: &Fleet) -> Vec<Diagnostic> {
    Vec::new()
}
