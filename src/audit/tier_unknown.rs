//! Nobody says how critical a service is, so little is asked of its runbook.

use crate::audit::Fleet;
use crate::model::diagnostic::{Diagnostic, Rule, Severity};

/// What the rule is.
pub const RULE: Rule =
    Rule { id: "tier-unknown", severity: Severity::Warning, summary: "nothing says how critical a service is" };

/// Speaks for services with a runbook.
pub fn check(fleet: &Fleet) -> Vec<Diagnostic> {
    fleet
        .filled()
        .filter(|(service, _)| service.tier.is_none())
        .map(|(service, row)| {
            let leaning = match row.dependants.len() {
                0 => String::new(),
                1 => ", and one service needs it".to_owned(),
                n => format!(", and {n} services need it"),
            };
            let help = format!(
                "Set `tier` to 1, 2 or 3: in the document's front matter, a catalog file, a registry, or [services.\"{}\"] of opsbook.toml",
                service.id
            );
            let message = format!("{}: nothing says of which tier it is{leaning}", service.name);
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
        let sample = Sample::well().tier(None);
        assert_eq!(sample.findings(check), ["orders/README.md:1 Orders: nothing says of which tier it is"]);
    }
}
