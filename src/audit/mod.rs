//! What is wrong with the documents of the fleet: one small file per rule, a table of them here.
//!
//! To add a rule, write its file (the words, the condition, a test in which it speaks), name it in `TABLE`, and
//! write its page `book/src/rules/<id>.md`. Running and listing come from the table; `tests/handbook.rs` asks for the page.

use crate::model::catalog::Catalog;
use crate::model::config::Config;
use crate::model::coverage::Coverage;
use crate::model::diagnostic::{Diagnostic, Rule, Severity};
use jiff::civil::Date;
use rayon::prelude::*;

mod admission;
mod blank_runbook;
mod documented_risk;
mod no_runbook;
mod not_investigated;
mod owner_unknown;
mod place;
mod promised;
mod prose_only;
mod section_required;
mod tier_unknown;
mod unmapped_part;
mod unsure_reading;
mod verified_expired;
mod waiver_expired;

#[cfg(test)]
mod sample;

/// Looks at a fleet and says what it finds.
type Check = fn(&Fleet) -> Vec<Diagnostic>;

const TABLE: [(Rule, Check); 13] = [
    (section_required::RULE, section_required::check),
    (not_investigated::RULE, not_investigated::check),
    (promised::RULE, promised::check),
    (blank_runbook::RULE, blank_runbook::check),
    (documented_risk::RULE, documented_risk::check),
    (no_runbook::RULE, no_runbook::check),
    (tier_unknown::RULE, tier_unknown::check),
    (owner_unknown::RULE, owner_unknown::check),
    (waiver_expired::RULE, waiver_expired::check),
    (verified_expired::RULE, verified_expired::check),
    (prose_only::RULE, prose_only::check),
    (unsure_reading::RULE, unsure_reading::check),
    (unmapped_part::RULE, unmapped_part::check),
];

/// Rules this phase speaks.
pub const RULES: &[Rule] = &{
    let mut rules = [TABLE[0].0; TABLE.len()];
    let mut at = 1;
    while at < TABLE.len() {
        rules[at] = TABLE[at].0;
        at += 1;
    }
    rules
};

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

impl Fleet<'_> {
    /// How loud a rule is in this run; `None` where the configuration silences it.
    fn severity(&self, rule: &Rule) -> Option<Severity> {
        self.config.severities.get(rule.id).copied().unwrap_or(Some(rule.severity))
    }
}

/// Runs every rule; findings come sorted by place.
pub fn audit(fleet: &Fleet) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = TABLE.par_iter().flat_map_iter(|(_, check)| check(fleet)).collect();
    found.par_sort_by(|a, b| (&a.location, a.rule, &a.message).cmp(&(&b.location, b.rule, &b.message)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sample::Sample;

    #[test]
    fn every_rule_is_silent_where_all_is_well() {
        let sample = Sample::well();
        for (rule, check) in TABLE {
            assert_eq!(sample.findings(check), [""; 0], "{}", rule.id);
        }
    }
}
