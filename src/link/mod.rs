//! Runbooks and claims to a catalog: one service from many documents, both directions of every edge.

use crate::model::catalog::Catalog;
use crate::model::claim::Claim;
use crate::model::config::Config;
use crate::model::diagnostic::Rule;
use crate::model::runbook::Runbook;
use crate::model::source::Source;
use std::sync::Arc;

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[];

/// Links the fleet. Runbooks come sorted by origin.
pub fn link(sources: Vec<Source>, runbooks: Vec<Arc<Runbook>>, claims: Vec<Claim>, _config: &Config) -> Catalog {
    Catalog { sources, runbooks, claims, ..Catalog::default() }
}
