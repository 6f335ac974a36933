//! A runbook from which nobody can tell whom to call.

use crate::audit::Fleet;
use crate::model::diagnostic::{Diagnostic, Rule, Severity};

/// What the rule is.
pub const RULE: Rule =
    Rule { id: "owner-unknown", severity: Severity::Warning, summary: "nothing says who owns a service" };

/// Speaks for services with a runbook.
pub fn check(fleet: &Fleet) -> Vec<Diagnostic> {
    fleet
        .filled()
        .filter(|(service, _)| service.owners.is_empty())
        .map(|(service, _)| {
            let help = "Name the team and how to reach it under \"Service owner\", in a catalog file or in CODEOWNERS";
            let message = format!("{}: no document, catalog file or CODEOWNERS names an owner", service.name);
            RULE.says(message, fleet.top(service), help).about(&service.id)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sample::Sample;

    #[test]
    fn speaks_once_a_service() {
        assert_eq!(
            Sample::well().unowned().findings(check),
            ["orders/README.md:1 Orders: no document, catalog file or CODEOWNERS names an owner"]
        );
    }
}
