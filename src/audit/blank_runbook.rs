//! A form stands where a runbook should, and nobody filled it in.

use crate::audit::Fleet;
use crate::audit::place::some_of;
use crate::model::catalog::Presence;
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::profile::Required;

/// What the rule is.
pub const RULE: Rule =
    Rule { id: "blank-runbook", severity: Severity::Error, summary: "a service's runbook is a form nobody filled in" };

/// Speaks once per blank form: forty-nine red cells would say no more.
pub fn check(fleet: &Fleet) -> Vec<Diagnostic> {
    let sections = &fleet.config.knowledge.template.sections;
    fleet
        .counted()
        .filter(|(runbook, _)| runbook.blank)
        .filter_map(|(runbook, service)| {
            let service = service?;
            let row = fleet.coverage.rows.get(fleet.catalog.service(&service.id)?.at())?;
            let place = Location::line(runbook.document.origin.clone(), 1);
            let asked = sections.iter().zip(&row.cells).filter(|(_, cell)| cell.required != Required::Shown);
            let first: Vec<String> = asked.map(|(section, _)| section.title.clone()).collect();
            let said = if service.presence == Presence::Blank {
                let help = format!("Begin with what its tier asks for: {}", some_of(&first));
                RULE.says(format!("{}: the runbook is a form nobody filled in", service.name), Some(place), help)
            } else {
                let message = format!("{}: a form nobody filled in stands beside its runbook", service.name);
                let help = "Fill it in or delete it: somebody in a hurry may open this one";
                Diagnostic { severity: Severity::Warning, ..RULE.says(message, Some(place), help) }
            };
            Some(said.about(&service.id))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sample::Sample;

    #[test]
    fn speaks_once() {
        let sample = Sample::well().blank();
        assert_eq!(sample.findings(check), ["orders/README.md:1 Orders: the runbook is a form nobody filled in"]);
        assert_eq!(
            check(&sample.fleet())[0].help,
            "Begin with what its tier asks for: Service owner, Restore procedures"
        );
        assert_eq!(sample.findings(crate::audit::audit).len(), 1, "a blank form is one finding");
    }
}
