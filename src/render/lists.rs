//! Pages that list: services, owners and their work, what is needed and by whom, each section side by side.

use crate::model::catalog::{Presence, Target};
use crate::model::diagnostic::Diagnostic;
use crate::model::id::{OwnerIx, SectionIx, ServiceIx};
use crate::model::state::Class;
use crate::render::address::href;
use crate::render::fleet::{self, RiskView};
use crate::render::graph::Graph;
use crate::render::neighbours::{self, Standing};
use crate::render::night::{Contact, contact};
use crate::render::views::{Gap, Named, Place, Quote, ServiceView};
use crate::render::words::{self, Badge};
use crate::render::{Frame, Site, teams, views};
use serde::Serialize;

/// `services/`: every service, the most critical first.
pub fn services(site: &Site) -> (String, Option<Diagnostic>) {
    let all: Vec<ServiceView> = fleet::by_tier(site.input.catalog).into_iter().map(|s| site.service_view(s)).collect();
    site.frame("services.html", Frame::at("services/index.html", "Services", "services"), &all)
}

#[derive(Serialize)]
struct OwnerView {
    owner: Named,
    contacts: Vec<Contact>,
    services: usize,
    met: u32,
    of: u32,
    admitted: u32,
    without: usize,
}

/// `owners/`: every owner with what is asked of them.
pub fn owners(site: &Site) -> (String, Option<Diagnostic>) {
    let catalog = site.input.catalog;
    let one = |at: usize| {
        let owner = &catalog.owners[at];
        let (tally, counts) = site.input.coverage.totals.owners.get(at).copied().unwrap_or_default();
        OwnerView {
            owner: site.owner_link(at.into()),
            contacts: owner.contacts.iter().map(|c| contact(c)).collect(),
            services: owner.services.len(),
            met: tally.met,
            of: tally.of,
            admitted: counts.gap,
            without: owner.services.iter().filter(|&&s| catalog[s].presence != Presence::Filled).count(),
        }
    };
    let all: Vec<OwnerView> = (0..catalog.owners.len()).map(one).collect();
    site.frame("owners.html", Frame::at("owners/index.html", "Owners", "owners"), &all)
}

#[derive(Serialize)]
struct Work {
    name: String,
    contacts: Vec<Contact>,
    aliases: Vec<String>,
    /// Their worst risks, as dependants see them.
    worst: Vec<RiskView>,
    graph: Option<Graph>,
    services: Vec<ServiceWork>,
    /// The pages of a list too long for one.
    turns: Vec<Named>,
}

#[derive(Serialize)]
struct ServiceWork {
    service: ServiceView,
    standing: Standing,
    written: Option<Place>,
    gaps: Vec<Gap>,
}

/// `owners/<id>/`: the work list of one owner.
pub fn owner(site: &Site, ix: OwnerIx, part: u32) -> (String, Option<Diagnostic>) {
    let catalog = site.input.catalog;
    let owner = &catalog[ix];
    let mut services: Vec<ServiceIx> = owner.services.clone();
    services.sort_by_key(|&s| catalog[s].tier.as_ref().map_or(4, |t| u8::from(t.value)));
    let work = |s: ServiceIx| ServiceWork {
        service: site.service_view(s),
        standing: neighbours::standing(site, s),
        written: match catalog[s].documents.first() {
            Some(&d) => Some(site.place(&catalog[d].document.origin, 0)),
            // Without a runbook, the place that names it is where to begin.
            None => catalog[s].named_at.first().map(|m| site.place(&m.origin, m.line)),
        },
        gaps: match catalog[s].presence {
            Presence::Filled => {
                fleet::gaps_of(site, s).into_iter().filter_map(|section| site.gap(s, section)).collect()
            }
            _ => Vec::new(),
        },
    };
    let view = Work {
        name: owner.name.clone(),
        contacts: owner.contacts.iter().map(|c| contact(c)).collect(),
        aliases: owner.aliases.clone(),
        worst: site
            .input
            .coverage
            .risks
            .iter()
            .filter(|r| r.owner == Some(ix))
            .take(8)
            .map(|r| fleet::risk(site, r, 6))
            .collect(),
        graph: neighbours::of_team(site, ix),
        services: teams::slice(&services, part).iter().map(|&s| work(s)).collect(),
        turns: teams::turns(&site.addresses.owners[ix.at()], services.len()),
    };
    let path = teams::further(&site.addresses.owners[ix.at()], part);
    site.frame("owner.html", Frame::at(&path, &owner.name, "owners").below("Owners", "owners/index.html"), &view)
}

#[derive(Serialize)]
struct Needed {
    technologies: Vec<TechnologyLine>,
    services: Vec<NeededService>,
}

#[derive(Serialize)]
struct TechnologyLine {
    technology: Named,
    class: String,
    dependants: usize,
    first: Vec<Named>,
}

#[derive(Serialize)]
struct NeededService {
    service: ServiceView,
    dependants: usize,
    blast: u32,
}

/// `dependencies/`: what the fleet needs, the most needed first.
pub fn dependencies(site: &Site) -> (String, Option<Diagnostic>) {
    let catalog = site.input.catalog;
    let mut technologies: Vec<TechnologyLine> = catalog
        .technologies
        .iter()
        .enumerate()
        .map(|(at, t)| TechnologyLine {
            technology: Named { name: t.name.clone(), href: href(&site.addresses.technologies[at]) },
            class: t.class.clone(),
            dependants: t.dependants.len(),
            first: t.dependants.iter().take(8).map(|&s| site.service_link(s)).collect(),
        })
        .collect();
    technologies.sort_by_key(|t| std::cmp::Reverse(t.dependants));
    let rows = site.input.coverage.rows.iter().enumerate().filter(|(_, r)| !r.dependants.is_empty());
    let mut services: Vec<NeededService> = rows
        .map(|(at, row)| NeededService {
            service: site.service_view(at.into()),
            dependants: row.dependants.len(),
            blast: row.blast_radius,
        })
        .collect();
    services.sort_by_key(|s| std::cmp::Reverse((s.blast, s.dependants)));
    let view = Needed { technologies, services };
    site.frame("dependencies.html", Frame::at("dependencies/index.html", "Dependencies", "dependencies"), &view)
}

#[derive(Serialize)]
struct TechnologyView {
    name: String,
    class: String,
    heading: Option<String>,
    sentence: String,
    dependants: Vec<Dependant>,
}

#[derive(Serialize)]
struct Dependant {
    service: ServiceView,
    purpose: Option<String>,
    written: Option<String>,
    place: Option<Place>,
    restore: Option<Badge>,
    answer: Option<String>,
    quote: Option<Quote>,
}

/// `dependencies/<id>/`: who needs a product, and who of them can restore it.
pub fn technology(site: &Site, at: u32) -> (String, Option<Diagnostic>) {
    let catalog = site.input.catalog;
    let technology = &catalog.technologies[at as usize];
    let restore = site
        .template()
        .section("restore-procedures")
        .filter(|_| matches!(technology.class.as_str(), "store" | "queue" | ""));
    let restore_cell = |s: ServiceIx| {
        let cell = restore.and_then(|section| site.input.coverage.cell(s, section));
        cell.filter(|_| catalog[s].presence == Presence::Filled)
    };
    let mut services = technology.dependants.clone();
    services.sort_by_key(|&s| {
        (catalog[s].tier.as_ref().map_or(4, |t| u8::from(t.value)), restore_cell(s).map(|c| std::cmp::Reverse(c.state)))
    });
    let can = services.iter().filter(|&&s| restore_cell(s).is_some_and(|c| c.state.class() == Class::Covered)).count();
    let needs = words::count(services.len(), "service needs", "services need");
    let sentence = match restore {
        Some(_) => format!("{needs} {}; {can} of them say how to restore what it keeps", technology.name),
        None => format!("{needs} {}", technology.name),
    };
    let one = |s: ServiceIx| {
        let edge = catalog.needs(s).iter().find(|e| e.to == Target::Technology(at));
        let stated = edge.and_then(|e| e.stated.first());
        let cell = restore_cell(s);
        Dependant {
            service: site.service_view(s),
            purpose: edge.and_then(|e| e.purpose.clone()),
            written: stated.map(|w| w.value.clone()).filter(|w| *w != technology.name),
            place: stated.map(|w| site.place(&w.origin, w.line)),
            restore: cell.map(words::badge),
            answer: restore
                .filter(|_| cell.is_some())
                .map(|section| site.addresses.answer(s, &site.template()[section].id)),
            quote: cell.and_then(|c| site.quote(c)).filter(|q| !q.text.is_empty()),
        }
    };
    let view = TechnologyView {
        name: technology.name.clone(),
        class: technology.class.clone(),
        heading: restore.map(|s| site.template()[s].title.clone()),
        sentence,
        dependants: services.into_iter().map(one).collect(),
    };
    let path = &site.addresses.technologies[at as usize];
    let frame = Frame::at(path, &technology.name, "dependencies").below("Dependencies", "dependencies/index.html");
    site.frame("technology.html", frame, &view)
}

#[derive(Serialize)]
struct ChapterLine {
    title: String,
    sections: Vec<SectionLine>,
}

#[derive(Serialize)]
struct SectionLine {
    section: Named,
    asks: String,
    counts: Vec<(&'static str, u32)>,
}

/// `sections/`: the template's questions, and how the fleet answers each.
pub fn sections(site: &Site) -> (String, Option<Diagnostic>) {
    let template = site.template();
    let line = |s: SectionIx| SectionLine {
        section: Named { name: template[s].title.clone(), href: href(site.addresses.section(s)) },
        asks: asks(&template[s].guidance),
        counts: counts(site, s),
    };
    let chapters: Vec<ChapterLine> = (0..template.chapters.len())
        .map(|c| ChapterLine {
            title: template.chapters[c].title.clone(),
            sections: template.sections_of(c.into()).map(line).collect(),
        })
        .collect();
    site.frame("sections.html", Frame::at("sections/index.html", "Sections", "sections"), &chapters)
}

fn counts(site: &Site, s: SectionIx) -> Vec<(&'static str, u32)> {
    let counts = site.input.coverage.totals.sections.get(s.at()).copied().unwrap_or_default();
    Class::ALL.map(|class| (class.id(), counts.of(class))).to_vec()
}

/// Guidance as one plain line.
pub fn asks(guidance: &str) -> String {
    guidance
        .lines()
        .map(|l| l.trim_start_matches(['>', ' ']).trim())
        .filter(|l| !l.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[derive(Serialize)]
struct SectionView {
    title: String,
    asks: String,
    counts: Vec<(&'static str, u32)>,
    answers: Vec<Answer>,
    missing: Vec<Named>,
    without: Vec<Named>,
    next: Option<Named>,
    previous: Option<Named>,
    turns: Vec<Named>,
}

#[derive(Serialize)]
struct Answer {
    service: Named,
    tier: Option<u8>,
    href: String,
    badge: Badge,
    quotes: Vec<Quote>,
}

/// `sections/<id>/`: every service's answer to one question side by side.
pub fn section(site: &Site, s: SectionIx, part: u32) -> (String, Option<Diagnostic>) {
    let catalog = site.input.catalog;
    let template = site.template();
    let section = &template[s];
    let (with, without): (Vec<ServiceIx>, Vec<ServiceIx>) =
        teams::slice(&fleet::by_tier(catalog), part).iter().partition(|&&ix| catalog[ix].presence == Presence::Filled);
    let answer = |ix: ServiceIx| {
        let cell = site.input.coverage.cell(ix, s)?;
        if cell.state.class() == Class::Missing {
            return None;
        }
        let quotes = site.candidate(cell).map(|(candidate, origin)| {
            let quote = |e: &crate::model::runbook::Evidence| Quote {
                text: views::spoken(&e.text),
                place: site.place(origin, e.line),
            };
            candidate.evidence.iter().filter(|e| !e.text.starts_with("[!")).take(3).map(quote).collect()
        });
        Some(Answer {
            service: site.service_link(ix),
            tier: catalog[ix].tier.as_ref().map(|t| t.value.into()),
            href: site.addresses.answer(ix, &section.id),
            badge: words::badge(cell),
            quotes: quotes.unwrap_or_default(),
        })
    };
    let neighbour = |at: Option<usize>| {
        let at = at.filter(|&at| at < template.sections.len())?;
        Some(Named { name: template.sections[at].title.clone(), href: href(&site.addresses.sections[at]) })
    };
    let missing =
        |&&ix: &&ServiceIx| site.input.coverage.cell(ix, s).is_some_and(|c| c.state.class() == Class::Missing);
    let missing = with.iter().filter(missing).map(|&ix| site.service_link(ix)).collect();
    let view = SectionView {
        title: section.title.clone(),
        asks: asks(&section.guidance),
        counts: counts(site, s),
        answers: with.into_iter().filter_map(answer).collect(),
        missing,
        without: without.into_iter().map(|ix| site.service_link(ix)).collect(),
        next: neighbour(Some(s.at() + 1)),
        previous: neighbour(s.at().checked_sub(1)),
        turns: teams::turns(site.addresses.section(s), catalog.services.len()),
    };
    let path = teams::further(site.addresses.section(s), part);
    let frame = Frame::at(&path, &section.title, "sections").below("Sections", "sections/index.html");
    site.frame("section.html", frame, &view)
}
