//! Somebody once did what a section says, too long ago to lean on.

use crate::audit::Fleet;
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use jiff::ToSpan;

/// What the rule is.
pub const RULE: Rule = Rule {
    id: "verified-expired",
    severity: Severity::Warning,
    summary: "a section was last verified longer ago than a verification holds",
};

/// Speaks when `verified-for` days have passed, unless a later note of the same document still holds.
pub fn check(fleet: &Fleet) -> Vec<Diagnostic> {
    let template = &fleet.config.knowledge.template;
    let days = fleet.config.verified_for;
    let old = |on: jiff::civil::Date| on.checked_add(i64::from(days).days()).is_ok_and(|until| until < fleet.today);
    fleet
        .counted()
        .flat_map(|(runbook, service)| {
            let notes = &runbook.verifications;
            let lapsed = notes.iter().filter(move |v| !notes.iter().any(|w| w.section == v.section && !old(w.on)));
            lapsed.map(move |note| {
                let section = &template[note.section];
                let message = format!("{} was last verified on {}, more than {days} days ago", section.title, note.on);
                let help = "Do it again, and date a new `verified` note with the evidence";
                let place = Location::line(runbook.document.origin.clone(), note.line);
                let said = RULE.says(message, Some(place), help).in_section(&section.id);
                service.map_or(said.clone(), |s| said.about(&s.id))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sample::Sample;
    use jiff::civil::date;

    #[test]
    fn speaks_when_the_last_one_is_too_old() {
        let old = Sample::well().verified(date(2025, 5, 31));
        assert_eq!(
            old.findings(check),
            ["orders/README.md:8 Restore procedures was last verified on 2025-05-31, more than 365 days ago"]
        );
        assert_eq!(old.verified(date(2025, 6, 1)).findings(check), [""; 0], "a later one still holds");
    }
}
