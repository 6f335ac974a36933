//! Alerts: every rule with its service and its page, and the pages no rule points to.

use crate::link::ground::Ground;
use crate::link::names::squashed;
use crate::link::resolve::{Leads, Places, has_anchor, own_alert};
use crate::model::catalog::{Alert, AlertPage, AlertRule};
use crate::model::claim::{Claim, Fact, Subject};
use crate::model::config::Config;
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::id::{Id, RunbookIx, ServiceIx};
use crate::model::runbook::AlertEntry;
use std::collections::BTreeMap;

/// A rule without a page.
pub(super) const NO_PAGE: Rule = Rule {
    id: "alert-without-page",
    severity: Severity::Warning,
    summary: "an alert rule names no runbook, and no page describes the alert",
};

/// An address that leads nowhere.
pub(super) const DEAD: Rule = Rule {
    id: "alert-runbook-dead",
    severity: Severity::Error,
    summary: "an alert rule's runbook address leads to nothing",
};

/// A page without a rule.
pub(super) const NO_RULE: Rule = Rule {
    id: "alert-page-without-rule",
    severity: Severity::Note,
    summary: "a page describes an alert that no rule raises",
};

/// A rule of a service nobody knows.
pub(super) const UNKNOWN_SERVICE: Rule = Rule {
    id: "alert-service-unknown",
    severity: Severity::Warning,
    summary: "an alert rule says that it is of a service that no document, link or catalog names",
};

/// Where rules and pages of one alert are gathered.
#[derive(Default)]
struct Gathered<'a> {
    rules: Vec<&'a Claim>,
    pages: Vec<(RunbookIx, u32, &'a AlertEntry)>,
}

/// Joins rules and pages by the alert's name, and by the addresses rules give.
pub(super) fn alerts(ground: &Ground, places: &Places, config: &Config, said: &mut Vec<Diagnostic>) -> Vec<Alert> {
    let mut found: BTreeMap<String, Gathered> = BTreeMap::new();
    for (at, runbook) in ground.runbooks.iter().enumerate() {
        for (entry, alert) in (0..).zip(&runbook.alerts) {
            found.entry(squashed(&Id::of(&alert.name))).or_default().pages.push((RunbookIx::from(at), entry, alert));
        }
    }
    let mut rules = false;
    for claim in ground.claims {
        if let Fact::Alert { name, .. } = &claim.fact {
            if let (Subject::Service(service), []) = (&claim.subject, ground.subjects(claim)) {
                let message = format!("the alert {name} is of \"{service}\", which nobody knows");
                let help = "was the service renamed or removed? correct the label, or add an alias in opsbook.toml";
                said.push(UNKNOWN_SERVICE.says(message, Some(place(claim)), help));
            }
            found.entry(squashed(&Id::of(name))).or_default().rules.push(claim);
            rules = true;
        }
    }
    let described: Vec<String> =
        found.iter().filter(|(_, g)| !g.pages.is_empty()).map(|(key, _)| key.clone()).collect();
    let mut alerts: Vec<Alert> = Vec::new();
    for mut gathered in found.into_values() {
        gathered.rules.sort_by(|a, b| (&a.origin, a.line).cmp(&(&b.origin, b.line)));
        let name = gathered.rules.iter().find_map(|claim| match &claim.fact {
            Fact::Alert { name, .. } => Some(name),
            _ => None,
        });
        let Some(name) = name.or_else(|| gathered.pages.first().map(|(_, _, entry)| &entry.name)).cloned() else {
            continue;
        };
        let service = service(ground, &gathered);
        let id = service.map(|ix| ground.names.id(ix).clone());
        let mut pages: Vec<AlertPage> = gathered
            .pages
            .iter()
            .map(|(runbook, entry, alert)| AlertPage { runbook: *runbook, entry: *entry, heading: alert.heading })
            .collect();
        let mut leads = false;
        for claim in &gathered.rules {
            let Fact::Alert { runbook: Some(address), .. } = &claim.fact else { continue };
            match follow(ground, places, config, &described, claim, address) {
                Ok(page) => {
                    leads = true;
                    pages.extend(page.filter(|p| !pages.contains(p)));
                }
                Err(finding) => said.push(about(*finding, &id)),
            }
        }
        if let (true, false, Some(claim)) = (pages.is_empty(), leads, gathered.rules.first())
            && gathered.rules.iter().all(|c| !matches!(c.fact, Fact::Alert { runbook: Some(_), .. }))
        {
            let message = format!("the alert {name} has no runbook, and no page describes it");
            let help = "write a page with Meaning, Impact, Diagnosis and Mitigation, and name it in runbook_url";
            said.push(about(NO_PAGE.says(message, Some(place(claim)), help), &id));
        }
        if let (true, true, Some((ix, _, entry))) = (rules, gathered.rules.is_empty(), gathered.pages.first()) {
            let message = format!("no rule raises the alert {name}");
            let location = Location::line(ground.runbooks[ix.at()].document.origin.clone(), entry.line);
            let help = "was the rule renamed or removed? correct the name, or remove the page";
            said.push(about(NO_RULE.says(message, Some(location), help), &id));
        }
        let rules = gathered.rules.iter().filter_map(|claim| rule(claim)).collect();
        alerts.push(Alert { name, service, rules, pages });
    }
    alerts.sort_by(|a, b| a.name.cmp(&b.name));
    alerts
}

fn about(finding: Diagnostic, service: &Option<Id>) -> Diagnostic {
    match service {
        Some(id) => finding.about(id),
        None => finding,
    }
}

fn place(claim: &Claim) -> Location {
    Location { column: claim.column, ..Location::line(claim.origin.clone(), claim.line) }
}

/// The service a rule names or lives with, else the one a page speaks for.
fn service(ground: &Ground, gathered: &Gathered) -> Option<ServiceIx> {
    let ruled = gathered.rules.iter().find_map(|claim| ground.subjects(claim).first().copied());
    ruled.or_else(|| gathered.pages.iter().find_map(|(ix, ..)| ground.speaks_for[ix.at()]))
}

fn rule(claim: &Claim) -> Option<AlertRule> {
    let Fact::Alert { runbook, severity, summary, .. } = &claim.fact else { return None };
    let (runbook, severity, summary) = (runbook.clone(), severity.clone(), summary.clone());
    Some(AlertRule { origin: claim.origin.clone(), line: claim.line, runbook, severity, summary })
}

/// Where a rule's address leads: to a page, somewhere else (nothing to say), or nowhere.
fn follow(
    ground: &Ground,
    places: &Places,
    config: &Config,
    described: &[String],
    claim: &Claim,
    address: &str,
) -> Result<Option<AlertPage>, Box<Diagnostic>> {
    let dead = |message: String, help: &str| Err(Box::new(DEAD.says(message, Some(place(claim)), help)));
    if let Some(name) = own_alert(config, address) {
        if described.binary_search(&squashed(&Id::of(name))).is_ok() {
            return Ok(None);
        }
        return dead(format!("{address} is this site's page of an alert that no document describes"), "write its page");
    }
    match places.resolve(&claim.origin, address) {
        Leads::Elsewhere => Ok(None),
        Leads::Nothing(path) => {
            dead(format!("{address} leads to {path}, which was not read"), "correct the address, or write the page")
        }
        Leads::Document(ix, anchor) => {
            let runbook = &ground.runbooks[ix.at()];
            if !has_anchor(runbook, &anchor) {
                let message = format!("{} has no heading #{anchor}", runbook.document.origin.label());
                return dead(message, "correct the anchor; was the heading renamed?");
            }
            let heading = |entry: &AlertEntry| entry.heading.map(|h| runbook.document.headings[h.at()].anchor.as_str());
            let anchor = anchor.to_lowercase();
            let meant = runbook.alerts.iter().position(|e| heading(e) == Some(&anchor));
            let only = (runbook.alerts.len() == 1).then_some(0);
            let page = meant.or(only).map(|entry| AlertPage {
                runbook: ix,
                entry: entry as u32,
                heading: runbook.alerts[entry].heading,
            });
            Ok(page)
        }
    }
}
