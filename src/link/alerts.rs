//! Alerts: every rule with its service and its page, and the pages no rule points to.

use crate::link::ground::Ground;
use crate::link::names::squashed;
use crate::link::resolve::{LONG, Leads, Places, has_anchor, own_page};
use crate::model::catalog::{Alert, AlertPage, AlertRule, RunbookLead};
use crate::model::claim::{Claim, Fact, Subject};
use crate::model::config::Config;
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::id::{Id, RunbookIx, ServiceIx};
use crate::model::runbook::AlertEntry;
use std::collections::{BTreeMap, HashMap, HashSet};

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

/// Where rules and pages are gathered whose names differ in spelling alone.
#[derive(Default)]
struct Gathered<'a> {
    rules: Vec<&'a Claim>,
    pages: Vec<(RunbookIx, u32, &'a AlertEntry)>,
}

impl Gathered<'_> {
    fn pages(&self) -> impl Iterator<Item = AlertPage> + '_ {
        self.pages.iter().map(|(runbook, entry, alert)| AlertPage {
            runbook: *runbook,
            entry: *entry,
            heading: alert.heading,
        })
    }
}

/// Joins rules and pages by the alert's name, and by the addresses rules give.
///
/// Each name that a rule has is an alert of its own, since addresses are made of it; a page answers however it is spelled.
pub(super) fn alerts(ground: &Ground, places: &Places, config: &Config, said: &mut Vec<Diagnostic>) -> Vec<Alert> {
    let mut found: BTreeMap<String, Gathered> = BTreeMap::new();
    for (at, runbook) in ground.runbooks.iter().enumerate() {
        for (entry, alert) in (0..).zip(&runbook.alerts) {
            found.entry(squashed(&Id::of(&alert.name))).or_default().pages.push((RunbookIx::from(at), entry, alert));
        }
    }
    for claim in ground.claims {
        let Fact::Alert { name, .. } = &claim.fact else { continue };
        if let (Subject::Service(service), []) = (&claim.subject, ground.subjects(claim)) {
            let message = format!("the alert {name} is of \"{service}\", which nobody knows");
            let help = "was the service renamed or removed? correct the label, or add an alias in opsbook.toml";
            said.push(UNKNOWN_SERVICE.says(message, Some(place(claim)), help));
        }
        found.entry(squashed(&Id::of(name))).or_default().rules.push(claim);
    }
    let mut named: Vec<(&str, Vec<&Claim>, &Gathered)> = Vec::new();
    for gathered in found.values() {
        let mut rules: BTreeMap<&str, Vec<&Claim>> = BTreeMap::new();
        for claim in &gathered.rules {
            if let Fact::Alert { name, .. } = &claim.fact {
                rules.entry(name).or_default().push(claim);
            }
        }
        if let (true, Some((_, _, entry))) = (rules.is_empty(), gathered.pages.first()) {
            named.push((&entry.name, Vec::new(), gathered));
        }
        named.extend(rules.into_iter().map(|(name, rules)| (name, rules, gathered)));
    }
    named.sort_by_key(|(name, ..)| *name);
    let own = Own::of(config, &named);
    let mut pointed = Pointed::default();
    let mut alerts: Vec<Alert> = Vec::new();
    for (name, rules, gathered) in &named {
        let whose = |claim: &Claim| ground.subjects(claim).first().copied();
        let mut rules: Vec<(&Claim, Option<ServiceIx>)> = rules.iter().map(|claim| (*claim, whose(claim))).collect();
        rules.sort_by(|(a, _), (b, _)| (&a.origin, a.line).cmp(&(&b.origin, b.line)));
        let mut pages: Vec<AlertPage> = gathered.pages().take(MOST).collect();
        let mut listed: HashSet<(RunbookIx, u32)> = pages.iter().map(|p| (p.runbook, p.entry)).collect();
        let speakers: HashSet<_> = pages.iter().map(|page| ground.speaks_for[page.runbook.at()]).collect();
        let mut services: Vec<ServiceIx> = rules.iter().filter_map(|(_, service)| *service).collect();
        if services.is_empty() {
            services.extend(pages.iter().find_map(|page| ground.speaks_for[page.runbook.at()]));
        }
        services.sort_unstable();
        services.dedup();
        let about = |service: Option<ServiceIx>| service.or(services.first().copied()).map(|ix| ground.names.id(ix));
        let apart = |service: Option<ServiceIx>| service.filter(|_| services.len() > 1);
        // A page of another service says nothing of this one's.
        let described = |service: Option<ServiceIx>| match apart(service) {
            Some(_) => speakers.contains(&None) || speakers.contains(&service),
            _ => !speakers.is_empty(),
        };
        let mut answered: HashSet<Option<ServiceIx>> = HashSet::new();
        answered.extend(rules.iter().filter(|(claim, _)| address(claim).is_some()).map(|(_, service)| apart(*service)));
        let mut followed: HashSet<usize> = HashSet::new();
        let mut raised = Vec::new();
        for (claim, service) in rules {
            let mut leads = RunbookLead::Unsaid;
            match address(claim).map(|address| follow(ground, places, &own, claim, address)) {
                None => {
                    if answered.insert(apart(service)) && !described(service) {
                        let what = match apart(service) {
                            Some(ix) => {
                                format!("of {} has no runbook, and no page of its own", ground.names.id(ix))
                            }
                            None => "has no runbook, and no page describes it".to_owned(),
                        };
                        let help =
                            "write a page with Meaning, Impact, Diagnosis and Mitigation, and name it in runbook_url";
                        let finding = NO_PAGE.says(format!("the alert {name} {what}"), Some(place(claim)), help);
                        said.push(told(finding, about(service)));
                    }
                }
                Some(Err(finding)) => {
                    leads = RunbookLead::Nowhere;
                    said.push(told(*finding, about(service)));
                }
                Some(Ok(Followed::Own(at))) => {
                    leads = RunbookLead::Elsewhere;
                    pointed.own.insert(at);
                    if followed.insert(at) {
                        let more = named[at].2.pages().take(MOST.saturating_sub(pages.len()));
                        pages.extend(more.filter(|page| listed.insert((page.runbook, page.entry))));
                    }
                }
                Some(Ok(Followed::Elsewhere)) => leads = RunbookLead::Elsewhere,
                Some(Ok(Followed::Document(page, to, anchor))) => {
                    leads = RunbookLead::Document(to, anchor);
                    pointed.pages.extend(page.map(|p| (p.runbook, p.entry)));
                    pages.extend(page.filter(|page| listed.insert((page.runbook, page.entry))));
                }
            }
            raised.extend(rule(claim, service, leads));
        }
        alerts.push(Alert { name: (*name).to_owned(), services, rules: raised, pages });
    }
    let any = named.iter().any(|(_, rules, _)| !rules.is_empty());
    for (at, (alert, (name, rules, gathered))) in alerts.iter().zip(&named).enumerate() {
        let Some((ix, entry, page)) = gathered.pages.first().filter(|_| any && rules.is_empty()) else { continue };
        if pointed.own.contains(&at) || pointed.pages.contains(&(*ix, *entry)) {
            continue;
        }
        let message = format!("no rule raises the alert {name}");
        let location = Location::line(ground.runbooks[ix.at()].document.origin.clone(), page.line);
        let help = "was the rule renamed or removed? correct the name, or remove the page";
        let id = alert.services.first().map(|ix| ground.names.id(*ix));
        said.push(told(NO_RULE.says(message, Some(location), help), id));
    }
    alerts
}

/// How many pages of one alert are kept: more is a mistake or an attack.
const MOST: usize = 1_000;

/// What addresses of rules lead to.
#[derive(Default)]
struct Pointed {
    /// Alerts whose page of this site is meant.
    own: HashSet<usize>,
    /// Entries of documents.
    pages: HashSet<(RunbookIx, u32)>,
}

/// Where an address of a rule leads.
enum Followed {
    /// To this site's page of an alert.
    Own(usize),
    /// Out of the fleet.
    Elsewhere,
    /// Into a document, at an anchor; to the entry of an alert there, where it has one.
    Document(Option<AlertPage>, RunbookIx, String),
}

fn address(claim: &Claim) -> Option<&str> {
    match &claim.fact {
        Fact::Alert { runbook, .. } => runbook.as_deref(),
        _ => None,
    }
}

/// This site's own pages of alerts.
struct Own<'a> {
    config: &'a Config,
    named: &'a [(&'a str, Vec<&'a Claim>, &'a Gathered<'a>)],
    /// Names that carry a part of their hash in addresses, by what stands before it.
    hashed: HashMap<String, usize>,
}

impl<'a> Own<'a> {
    fn of(config: &'a Config, named: &'a [(&'a str, Vec<&'a Claim>, &'a Gathered<'a>)]) -> Self {
        let odd = named.iter().enumerate().filter(|(_, (name, ..))| !is_plain(name));
        let cut = |name: &str| squashed(&Id::of(&name[..name.floor_char_boundary(LONG)]));
        let hashed = odd.map(|(at, (name, ..))| (cut(name), at)).collect();
        Self { config, named, hashed }
    }

    /// The name in an address of this site that is an alert's page.
    fn name(&self, address: &str) -> Option<String> {
        own_page(self.config.base_url.as_deref(), address, "alerts")
    }

    /// The alert whose page of this site is meant; nothing where there is no such page.
    fn alert(&self, name: &str) -> Option<usize> {
        let exact = || self.named.binary_search_by_key(&name, |(name, ..)| *name).ok().filter(|_| is_plain(name));
        let hashed = || {
            let (start, hash) = name.rsplit_once('-')?;
            let hash = hash.len() == 8 && hash.chars().all(|c| c.is_ascii_hexdigit());
            self.hashed.get(&squashed(&Id::of(start))).copied().filter(|_| hash)
        };
        exact().or_else(hashed)
    }
}

/// Whether a name stands in addresses as it is.
fn is_plain(name: &str) -> bool {
    name.len() <= LONG && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn told(finding: Diagnostic, service: Option<&Id>) -> Diagnostic {
    match service {
        Some(id) => finding.about(id),
        None => finding,
    }
}

fn place(claim: &Claim) -> Location {
    Location { column: claim.column, ..Location::line(claim.origin.clone(), claim.line) }
}

fn rule(claim: &Claim, service: Option<ServiceIx>, leads: RunbookLead) -> Option<AlertRule> {
    let Fact::Alert { runbook, severity, summary, .. } = &claim.fact else { return None };
    let (runbook, severity, summary) = (runbook.clone(), severity.clone(), summary.clone());
    Some(AlertRule { origin: claim.origin.clone(), line: claim.line, service, runbook, leads, severity, summary })
}

/// Where a rule's address leads: to pages, somewhere else (nothing to say), or nowhere.
fn follow(
    ground: &Ground,
    places: &Places,
    own: &Own,
    claim: &Claim,
    address: &str,
) -> Result<Followed, Box<Diagnostic>> {
    let dead = |message: String, help: &str| Err(Box::new(DEAD.says(message, Some(place(claim)), help)));
    if let Some(name) = own.name(address) {
        return match own.alert(&name) {
            Some(at) if !own.named[at].2.pages.is_empty() => Ok(Followed::Own(at)),
            Some(_) => {
                dead(format!("{address} is this site's page of an alert that no document describes"), "write its page")
            }
            None if is_plain(&name) => {
                dead(format!("{address} is no page of this site: no alert has this name"), "correct the name")
            }
            None => dead(
                format!("{address} is no page of this site"),
                "a name with blanks or signs has an address of its own: copy it from the alert's page",
            ),
        };
    }
    match places.resolve(&claim.origin, address) {
        Leads::Elsewhere => Ok(Followed::Elsewhere),
        Leads::Gone(path) => {
            dead(format!("this site has no page {path}"), "was the service renamed or removed? correct the address")
        }
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
            let lower = anchor.to_lowercase();
            let meant = runbook.alerts.iter().position(|e| heading(e) == Some(&lower));
            let only = (runbook.alerts.len() == 1).then_some(0);
            let page = meant.or(only).map(|entry| AlertPage {
                runbook: ix,
                entry: entry as u32,
                heading: runbook.alerts[entry].heading,
            });
            Ok(Followed::Document(page, ix, anchor))
        }
    }
}
