//! Pages that look at the whole fleet for what is wrong: gaps, risks, checks.

use crate::model::catalog::{Catalog, Presence, Target};
use crate::model::coverage::{Risk, RiskKind};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::id::{SectionIx, ServiceIx};
use crate::model::profile::Required;
use crate::model::state::Class;
use crate::render::links;
use crate::render::teams::{self, Team, Total};
use crate::render::views::{Gap, Named, Place, Quote, ServiceView};
use crate::render::{Frame, Input, Site, words};
use serde::Serialize;

/// Diagnostics about each service, beside the catalog's services.
pub fn diagnostics_by_service(input: &Input) -> Vec<Vec<u32>> {
    let mut found = vec![Vec::new(); input.catalog.services.len()];
    for (at, diagnostic) in input.diagnostics.iter().enumerate() {
        if let Some(service) = diagnostic.service.as_ref().and_then(|id| input.catalog.service(id)) {
            found[service.at()].push(at as u32);
        }
    }
    found
}

/// Services each document names, beside the catalog's runbooks.
pub fn named_by_document(catalog: &Catalog) -> Vec<Vec<ServiceIx>> {
    let mut named = vec![Vec::new(); catalog.runbooks.len()];
    for (at, service) in catalog.services.iter().enumerate() {
        for mention in &service.named_at {
            if let Some(document) = links::document(catalog, &mention.origin.repo, &mention.origin.path)
                && named[document.at()].last() != Some(&ServiceIx::from(at))
            {
                named[document.at()].push(ServiceIx::from(at));
            }
        }
    }
    named
}

/// Alerts of each service, beside the catalog's services.
pub fn alerts_by_service(catalog: &Catalog) -> Vec<Vec<u32>> {
    let mut alerts = vec![Vec::new(); catalog.services.len()];
    for (at, alert) in catalog.alerts.iter().enumerate() {
        alert.services.iter().for_each(|service| alerts[service.at()].push(at as u32));
    }
    alerts
}

/// The gaps of a service: cells that ask for more than is there, and whatever was admitted; worst first.
pub fn gaps_of(site: &Site, service: ServiceIx) -> Vec<SectionIx> {
    let Some(row) = site.input.coverage.rows.get(service.at()) else { return Vec::new() };
    let mut gaps: Vec<SectionIx> = (0..row.cells.len())
        .filter(|&at| {
            (!row.cells[at].met && row.cells[at].required != Required::Shown)
                || row.cells[at].state.class() == Class::Gap
        })
        .map(SectionIx::from)
        .collect();
    gaps.sort_by_key(|s| {
        let cell = &row.cells[s.at()];
        (cell.state.class() != Class::Gap, std::cmp::Reverse(cell.required), std::cmp::Reverse(cell.state))
    });
    gaps
}

/// Services by how much depends on them, the unknown last.
pub fn by_tier(catalog: &Catalog) -> Vec<ServiceIx> {
    let mut services: Vec<ServiceIx> = (0..catalog.services.len()).map(ServiceIx::from).collect();
    services.sort_by_key(|&s| catalog[s].tier.as_ref().map_or(4, |t| u8::from(t.value)));
    services
}

/// More than this is not worked through on one page: the owners' pages have it all.
const MOST: usize = 300;

#[derive(Serialize)]
struct Gaps {
    team: Option<String>,
    totals: Vec<Total>,
    admitted: Vec<Gap>,
    all_admitted: usize,
    promises: u32,
    required: Vec<ServiceGaps>,
    more: usize,
    blank: Vec<ServiceView>,
    none: Vec<ServiceView>,
}

#[derive(Serialize)]
struct ServiceGaps {
    service: ServiceView,
    gaps: Vec<Gap>,
}

/// Everything that was admitted, most critical service first.
pub fn admitted(site: &Site) -> Vec<(ServiceIx, SectionIx)> {
    admitted_of(site, by_tier(site.input.catalog))
}

fn admitted_of(site: &Site, services: Vec<ServiceIx>) -> Vec<(ServiceIx, SectionIx)> {
    let rows = &site.input.coverage.rows;
    let is_gap = |s: ServiceIx, at: &usize| rows[s.at()].cells[*at].state.class() == Class::Gap;
    services
        .into_iter()
        .filter(|s| s.at() < rows.len())
        .flat_map(|s| {
            (0..rows[s.at()].cells.len()).filter(move |at| is_gap(s, at)).map(move |at| (s, SectionIx::from(at)))
        })
        .collect()
}

/// Where a team's gaps are, in a fleet that is split.
pub fn gaps_path(team: &Team) -> String {
    format!("gaps/{}/index.html", team.folder)
}

/// `gaps/`: what was admitted, then what is required and not there; of one team where the fleet is split.
pub fn gaps(site: &Site, team: Option<u32>) -> (String, Option<Diagnostic>) {
    let catalog = site.input.catalog;
    let team = team.map(|t| &site.teams[t as usize]);
    let split = team.is_none() && !site.teams.is_empty();
    let services = team.map_or_else(|| by_tier(catalog), |t| t.services.clone());
    let listed: &[ServiceIx] = if split { &[] } else { &services };
    let with = |presence: Presence| {
        let of = listed.iter().filter(|&&s| catalog[s].presence == presence);
        of.map(|&s| site.service_view(s)).collect()
    };
    let required = listed.iter().filter(|&&s| catalog[s].presence == Presence::Filled).filter_map(|&s| {
        let gaps: Vec<Gap> = gaps_of(site, s)
            .into_iter()
            .filter_map(|section| site.gap(s, section))
            .filter(|g| g.badge.counted && !g.badge.met && g.badge.sign.class != Class::Gap.id())
            .collect();
        (!gaps.is_empty()).then(|| ServiceGaps { service: site.service_view(s), gaps })
    });
    let admitted = admitted_of(site, services.clone());
    let most = if team.is_some() { usize::MAX } else { MOST };
    let mut required: Vec<ServiceGaps> = required.collect();
    let more = required.len().saturating_sub(most);
    required.truncate(most);
    let view = Gaps {
        team: team.map(|t| t.name.clone()),
        totals: if split { teams::totals(site, ".") } else { Vec::new() },
        all_admitted: admitted.len(),
        admitted: admitted.into_iter().take(most).filter_map(|(s, section)| site.gap(s, section)).collect(),
        promises: if team.is_some() { 0 } else { site.input.coverage.totals.promises },
        required,
        more,
        blank: with(Presence::Blank),
        none: with(Presence::None),
    };
    let frame = match team {
        Some(team) => {
            Frame::at(&gaps_path(team), format!("Gaps: {}", team.name), "gaps").below("Gaps", "gaps/index.html")
        }
        None => Frame::at("gaps/index.html", "Gaps", "gaps"),
    };
    site.frame("gaps.html", frame, &view)
}

/// A risk as pages show it.
#[derive(Serialize)]
pub struct RiskView {
    service: Named,
    tier: Option<u8>,
    says: &'static str,
    /// The risk as one sentence: who needs whom, and what is missing there.
    sentence: String,
    section: Option<Named>,
    sign: words::Sign,
    /// Which platform it is left to, and what is said there.
    through: Option<String>,
    quote: Option<Quote>,
    affected: Vec<Named>,
    more: usize,
    owner: Option<Named>,
}

/// One risk; `most` of the services it touches are named.
pub fn risk(site: &Site, risk: &Risk, most: usize) -> RiskView {
    let catalog = site.input.catalog;
    let template = site.template();
    let cell = risk.section.and_then(|s| site.input.coverage.cell(risk.service, s));
    RiskView {
        service: site.service_link(risk.service),
        tier: catalog[risk.service].tier.as_ref().map(|t| t.value.into()),
        says: words::risk(risk.kind),
        sentence: sentence(site, risk),
        section: risk.section.filter(|_| cell.is_some()).map(|s| Named {
            name: template[s].title.clone(),
            href: site.addresses.answer(risk.service, &template[s].id),
        }),
        // These two are about the fleet's shape, whatever is written.
        sign: match risk.kind {
            RiskKind::TierInversion => words::Sign { class: Class::Missing.id(), ..words::sign(risk.state) },
            RiskKind::SinglePoint => words::Sign { class: Class::Gap.id(), ..words::sign(risk.state) },
            _ => words::sign(risk.state),
        },
        through: cell.and_then(|c| c.through).map(|t| words::by(&catalog[t.service].name, t.state)),
        quote: cell.map_or_else(|| evidence(site, risk), |c| site.quote(c)),
        affected: risk.affected.iter().take(most).map(|&s| site.service_link(s)).collect(),
        more: reach(site, risk).saturating_sub(most.min(risk.affected.len())),
        owner: risk.owner.map(|o| site.owner_link(o)),
    }
}

/// The line behind a risk that no cell tells of: who says that they need it, who names it, which form is untouched.
fn evidence(site: &Site, risk: &Risk) -> Option<Quote> {
    let catalog = site.input.catalog;
    let service = &catalog[risk.service];
    if risk.kind == RiskKind::Blank {
        let document = &catalog[*service.documents.first()?].document;
        return Some(Quote { text: String::new(), place: site.place(&document.origin, 0) });
    }
    let needs = |&from: &ServiceIx| catalog.needs(from).iter().find(|e| e.to == Target::Service(risk.service));
    if let Some(said) = risk.affected.iter().find_map(|from| needs(from)?.stated.first()) {
        return Some(Quote { text: said.value.clone(), place: site.place(&said.origin, said.line) });
    }
    let mention = service.named_at.first()?;
    Some(Quote { text: mention.text.clone(), place: site.place(&mention.origin, mention.line) })
}

#[derive(Serialize)]
struct Risks {
    gaps: String,
    without: String,
    inversions: String,
    single: String,
    all: Vec<RiskView>,
    more: usize,
}

/// How many services a risk touches: only the first of them are named in it.
fn reach(site: &Site, risk: &Risk) -> usize {
    match risk.kind {
        RiskKind::TierInversion => risk.affected.len(),
        _ => site.input.coverage.rows.get(risk.service.at()).map_or(0, |r| r.blast_radius as usize),
    }
}

fn sentence(site: &Site, risk: &Risk) -> String {
    let catalog = site.input.catalog;
    let service = &catalog[risk.service];
    let name = &service.name;
    let tier = |ix: ServiceIx| catalog[ix].tier.as_ref().map_or(0, |t| u8::from(t.value));
    match risk.kind {
        RiskKind::TierInversion => {
            let first = risk.affected[0];
            let others = match risk.affected.len() - 1 {
                0 => String::new(),
                more => format!(" and {}", words::count(more, "other", "others")),
            };
            let lean = if risk.affected.len() == 1 { "leans" } else { "lean" };
            let (is, needs) = (tier(risk.service), tier(first));
            format!("{} of tier {needs}{others} {lean} on {name}, which is only of tier {is}", catalog[first].name)
        }
        RiskKind::SinglePoint => {
            let critical =
                (0..catalog.services.len()).map(ServiceIx::from).filter(|&s| s != risk.service && tier(s) == 1);
            let critical = words::count(critical.count(), "tier 1 service", "tier 1 services");
            format!("All {critical} fall with {name}, and nothing says that it survives the loss of a part")
        }
        _ => {
            let rows = site.input.coverage.rows.get(risk.service.at());
            let (direct, all) = rows.map_or((0, 0), |r| (r.dependants.len(), r.blast_radius as usize));
            let what = match (risk.kind, risk.section) {
                (RiskKind::NoRunbook, _) => "which has no runbook".to_owned(),
                (RiskKind::Blank, _) => "whose runbook is an untouched form".to_owned(),
                (_, section) => {
                    let title = section.map_or("runbook", |s| &*site.template()[s].title);
                    format!("whose “{title}” {}", words::verdict(risk.state))
                }
            };
            let further = if all > direct { format!("; {all} fall with it in all") } else { String::new() };
            match direct {
                0 => format!("Nobody says that they need {name}, {what}"),
                _ => format!("{} {name}, {what}{further}", words::count(direct, "service needs", "services need")),
            }
        }
    }
}

/// The worst risks, one of each service at first: a list of one service's gaps tells a reader less.
pub fn worst(risks: &[Risk], most: usize) -> Vec<&Risk> {
    let mut known = std::collections::BTreeSet::new();
    let (mut first, again): (Vec<&Risk>, Vec<&Risk>) = risks.iter().partition(|r| known.insert(r.service));
    first.extend(again);
    first.truncate(most);
    first
}

/// `risks/`: gaps as their dependants see them.
pub fn risks(site: &Site) -> (String, Option<Diagnostic>) {
    // A thousand is more than anybody works through; the gaps page has the rest by service.
    let risks = &site.input.coverage.risks;
    let all: Vec<RiskView> = risks.iter().take(1000).map(|r| risk(site, r, 6)).collect();
    let of = |kinds: &[RiskKind]| risks.iter().filter(|r| kinds.contains(&r.kind)).count();
    let view = Risks {
        gaps: words::count(of(&[RiskKind::Gap, RiskKind::Admitted]), "gap", "gaps"),
        without: words::count(of(&[RiskKind::Blank, RiskKind::NoRunbook]), "service", "services"),
        inversions: words::count(of(&[RiskKind::TierInversion]), "service", "services"),
        single: words::count(of(&[RiskKind::SinglePoint]), "single point of failure", "single points of failure"),
        more: risks.len().saturating_sub(all.len()),
        all,
    };
    let frame = Frame::at("risks/index.html", "Risks", "gaps").below("Gaps", "gaps/index.html");
    site.frame("risks.html", frame, &view)
}

/// A diagnostic as pages show it.
#[derive(Serialize)]
pub struct Finding {
    rule: &'static str,
    severity: &'static str,
    message: String,
    help: String,
    excerpt: String,
    place: Option<Place>,
}

/// One diagnostic.
pub fn finding(site: &Site, diagnostic: &Diagnostic) -> Finding {
    Finding {
        rule: diagnostic.rule,
        severity: severity(diagnostic.severity),
        message: diagnostic.message.clone(),
        help: diagnostic.help.clone(),
        excerpt: diagnostic.location.as_ref().map(|l| l.excerpt.clone()).unwrap_or_default(),
        place: diagnostic.location.as_ref().map(|l| site.place(&l.origin, l.line)),
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

#[derive(Serialize)]
struct RuleFindings {
    rule: &'static str,
    severity: &'static str,
    count: String,
    findings: Vec<Finding>,
    more: usize,
}

/// `checks/`: every finding by rule, the gravest first.
pub fn checks(site: &Site) -> (String, Option<Diagnostic>) {
    let mut all: Vec<&Diagnostic> = site.input.diagnostics.iter().collect();
    all.sort_by_key(|d| (std::cmp::Reverse(d.severity), d.rule));
    let rules: Vec<RuleFindings> = all
        .chunk_by(|a, b| (a.severity, a.rule) == (b.severity, b.rule))
        .map(|run| RuleFindings {
            rule: run[0].rule,
            severity: severity(run[0].severity),
            count: words::count(run.len(), "finding", "findings"),
            findings: run.iter().take(200).map(|d| finding(site, d)).collect(),
            more: run.len().saturating_sub(200),
        })
        .collect();
    site.frame("checks.html", Frame::at("checks/index.html", "Checks", "checks"), &rules)
}
