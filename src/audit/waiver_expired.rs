//! A waiver whose day has passed: it does nothing any more.

use crate::audit::Fleet;
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};

/// What the rule is.
pub const RULE: Rule =
    Rule { id: "waiver-expired", severity: Severity::Warning, summary: "a waiver is past its date and does nothing" };

/// Speaks from the day after `until` on.
pub fn check(fleet: &Fleet) -> Vec<Diagnostic> {
    let sections = &fleet.config.knowledge.template;
    let waivers =
        fleet.counted().flat_map(|(runbook, service)| runbook.waivers.iter().map(move |w| (runbook, service, w)));
    waivers
        .filter(|(_, _, waiver)| waiver.until < fleet.today)
        .map(|(runbook, service, waiver)| {
            let section = &sections[waiver.section];
            let message = format!("the waiver of {} for {} ended on {}", waiver.owner, section.title, waiver.until);
            let help = "Answer the section, or decide again and give it a new date";
            let place = Location::line(runbook.document.origin.clone(), waiver.line);
            let said = RULE.says(message, Some(place), help).in_section(&section.id);
            service.map_or(said.clone(), |s| said.about(&s.id))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sample::Sample;
    use jiff::civil::date;

    #[test]
    fn speaks_from_the_day_after() {
        assert_eq!(Sample::well().waiver(date(2026, 6, 1)).findings(check), [""; 0]);
        assert_eq!(
            Sample::well().waiver(date(2026, 5, 31)).findings(check),
            ["orders/README.md:8 the waiver of till for Restore procedures ended on 2026-05-31"]
        );
    }
}
