//! Document to runbook: which section each heading answers, in what state, and the facts it states.

use crate::model::config::Knowledge;
use crate::model::diagnostic::Rule;
use crate::model::document::Document;
use crate::model::runbook::Runbook;
use crate::model::state::Kind;
use std::sync::Arc;

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[];

/// Knowledge made ready for reading many documents.
pub struct Reader {
    _knowledge: Arc<Knowledge>,
}

impl Reader {
    /// Makes the knowledge ready; done once a run.
    pub fn new(knowledge: &Arc<Knowledge>) -> Self {
        Self { _knowledge: knowledge.clone() }
    }

    /// Reads one document, knowing nothing of the others.
    pub fn read(&self, document: Arc<Document>) -> Runbook {
        Runbook {
            title: document.headings.first().map_or_else(String::new, |h| h.title.clone()),
            document,
            kind: Kind::Other,
            form: None,
            blank: false,
            name: None,
            place: None,
            owners: vec![],
            dependencies: vec![],
            links: vec![],
            reviewed: None,
            tier: None,
            traits: vec![],
            parts: vec![],
            candidates: vec![],
            alerts: vec![],
            waivers: vec![],
            verifications: vec![],
            diagnostics: vec![],
        }
    }
}
