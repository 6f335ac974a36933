//! Catalog to book: one mdBook chapter a service, its words in template order, none lost.

use crate::model::catalog::Catalog;
use crate::model::config::Knowledge;
use crate::model::coverage::Coverage;
use crate::model::id::ServiceIx;
use crate::model::runbook::Runbook;

/// The normalized Markdown of a service.
pub fn chapter(_catalog: &Catalog, _coverage: &Coverage, _knowledge: &Knowledge, _service: ServiceIx) -> String {
    String::new()
}

/// The normalized Markdown of one document.
pub fn document(runbook: &Runbook, _knowledge: &Knowledge) -> String {
    runbook.document.text.to_string()
}
