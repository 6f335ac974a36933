//! Others need a service, and there is nothing to open when it breaks.

use crate::audit::Fleet;
use crate::model::catalog::{Edge, Presence, Target};
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::id::ServiceIx;
use std::collections::{BTreeMap, BTreeSet};

/// What the rule is.
pub const RULE: Rule =
    Rule { id: "no-runbook", severity: Severity::Warning, summary: "a service is named by others and has no runbook" };

/// Speaks once per service, at the first place that names it, and says who needs it.
pub fn check(fleet: &Fleet) -> Vec<Diagnostic> {
    let catalog = fleet.catalog;
    let mut needed_by: BTreeMap<ServiceIx, Vec<&Edge>> = BTreeMap::new();
    for edge in &catalog.edges {
        if let Target::Service(to) = edge.to
            && to != edge.from
        {
            needed_by.entry(to).or_default().push(edge);
        }
    }
    let without = catalog.services.iter().enumerate().filter(|(_, s)| s.presence == Presence::None);
    without
        .map(|(at, service)| {
            let edges = needed_by.get(&at.into()).map(Vec::as_slice).unwrap_or_default();
            let stated = edges.iter().filter_map(|e| Some((*e, e.stated.first()?)));
            let places: Vec<String> = stated
                .map(|(edge, said)| format!("{} ({}:{})", catalog[edge.from].name, said.origin.label(), said.line))
                .collect();
            let first = edges.iter().find_map(|e| e.stated.first()).map(|s| (&s.origin, s.line));
            let place = first.or_else(|| service.named_at.first().map(|m| (&m.origin, m.line)));
            let mut who = if places.is_empty() { String::new() } else { format!("; needed by {}", most(&places)) };
            let stated: BTreeSet<_> =
                edges.iter().flat_map(|e| &e.stated).map(|said| (&said.origin, said.line)).collect();
            let else_where = service.named_at.iter().filter(|m| !stated.contains(&(&m.origin, m.line)));
            let said: Vec<String> = else_where.map(|m| format!("{}:{}", m.origin.label(), m.line)).collect();
            if !said.is_empty() {
                who += &format!("; named in {}", most(&said));
            }
            let help = format!(
                "Write one (`opsbook new {}`), or set `aliases` where it goes by another name in opsbook.toml",
                service.id
            );
            let place = place.map(|(origin, line)| Location::line(origin.clone(), line));
            RULE.says(format!("{} has no runbook{who}", service.name), place, help).about(&service.id)
        })
        .collect()
}

/// Everybody who has to know when it goes, as far as anybody reads.
fn most(places: &[String]) -> String {
    const SHOWN: usize = 50;
    let shown = places[..places.len().min(SHOWN)].join(", ");
    if places.len() > SHOWN { format!("{shown} and {} more", places.len() - SHOWN) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sample::Sample;

    #[test]
    fn names_who_needs_it() {
        let sample = Sample::well().needs("ledger", 4);
        assert_eq!(
            sample.findings(check),
            ["orders/README.md:4 ledger has no runbook; needed by Orders (orders/README.md:4)"]
        );
    }
}
