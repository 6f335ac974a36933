//! Values templates show: places, services, owners, quotes, each with its address.

use crate::model::catalog::{Catalog, Presence, Service};
use crate::model::coverage::Cell;
use crate::model::id::{OwnerIx, SectionIx, ServiceIx};
use crate::model::runbook::{Candidate, Evidence, Home};
use crate::model::source::Origin;
use crate::model::template::Template;
use crate::render::address::href;
use crate::render::words::{self, Badge};
use crate::render::{Site, links};
use serde::Serialize;

/// Which entries of the navigation have anything behind them.
#[derive(Serialize)]
pub struct Has {
    alerts: bool,
    owners: bool,
    documents: bool,
}

/// What the fleet has.
pub fn has(catalog: &Catalog) -> Has {
    Has {
        alerts: !catalog.alerts.is_empty(),
        owners: !catalog.owners.is_empty(),
        documents: !catalog.runbooks.is_empty(),
    }
}

/// Words with an address below the root; the address may be missing.
#[derive(Clone, Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub href: String,
}

/// A line of a file.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    /// `payments/RUNBOOK.md`.
    pub label: String,
    /// Its line; 0 where the whole file is meant.
    pub line: u32,
    /// The line on the page as written, below the root.
    pub written: Option<String>,
    /// The line at its host.
    pub view: Option<String>,
    /// Where it can be edited.
    pub edit: Option<String>,
}

/// Words of a document with their place.
#[derive(Clone, Debug, Serialize)]
pub struct Quote {
    /// The words.
    pub text: String,
    /// Where they stand.
    pub place: Place,
}

/// A service in a list.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// 1 to 3, or nothing.
    pub tier: Option<u8>,
    /// `filled`, `blank`, `none`.
    pub presence: &'static str,
    /// Its owners.
    pub owners: Vec<Named>,
    /// What is required and met, in words.
    pub coverage: String,
    /// Required sections met and asked.
    pub met: u32,
    /// Of how many.
    pub of: u32,
    /// Admitted gaps.
    pub admitted: u32,
}

/// The id on a service's page of a place of the template.
pub fn place_id(place: Home, template: &Template) -> String {
    match place {
        Home::Front => "front".to_owned(),
        Home::Section(s) => template[s].id.clone(),
        // A chapter, a parent and a section may share an id.
        Home::Parent(p) => format!("parent-{}", template[p].id),
        Home::Chapter(c) => format!("chapter-{}", template[c].id),
        Home::Beyond => "beyond".to_owned(),
    }
}

/// The id of an author's heading at a place.
pub fn heading_id(place: &str, anchor: &str) -> String {
    format!("{place}--{}", links::id_of(anchor))
}

/// Words of a document as one reads them out: without the bars of a table row and the marks of lists and quotes.
pub fn spoken(text: &str) -> String {
    let text = text.trim().trim_start_matches(['>', ' ']);
    if text.starts_with('|') {
        return text.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" · ");
    }
    let text = text.trim_end_matches(['`', ' ']);
    let item = ["- ", "* ", "+ "].iter().find_map(|mark| text.strip_prefix(mark));
    item.unwrap_or(text).to_owned()
}

/// `filled`, `blank`, `none`.
pub fn presence(service: &Service) -> &'static str {
    match service.presence {
        Presence::Filled => "filled",
        Presence::Blank => "blank",
        Presence::None => "none",
    }
}

impl Site<'_> {
    /// A line of a file as pages link to it.
    pub(super) fn place(&self, origin: &Origin, line: u32) -> Place {
        let catalog = self.input.catalog;
        let written = links::document(catalog, &origin.repo, &origin.path).and_then(|d| self.addresses.line(d, line));
        let web = catalog.source(&origin.repo).and_then(|s| s.web.as_ref());
        Place {
            label: origin.label(),
            line,
            written,
            view: web.map(|w| w.view(origin.commit.as_deref(), &origin.path, line.max(1))),
            edit: web.map(|w| w.edit(&origin.path, line.max(1))),
        }
    }

    /// The candidate a cell was decided by.
    pub(super) fn candidate(&self, cell: &Cell) -> Option<(&Candidate, &Origin)> {
        let answer = cell.answer?;
        let runbook = self.input.catalog.runbooks.get(answer.runbook.at())?;
        Some((runbook.candidates.get(answer.candidate as usize)?, &runbook.document.origin))
    }

    /// The decisive words of a cell; where it has none, the place of its heading.
    pub(super) fn quote(&self, cell: &Cell) -> Option<Quote> {
        let (candidate, origin) = self.candidate(cell)?;
        // `[!WARNING]` only opens what is said.
        let says = |e: &&Evidence| !e.text.trim_start_matches(['>', ' ']).starts_with("[!");
        match candidate.evidence.iter().find(says).or(candidate.evidence.first()) {
            Some(evidence) => Some(Quote { text: spoken(&evidence.text), place: self.place(origin, evidence.line) }),
            None => {
                let runbook = &self.input.catalog[cell.answer?.runbook];
                let heading = candidate.heading?;
                let line = runbook.document.line(runbook.document.headings[heading.at()].span.start);
                Some(Quote { text: String::new(), place: self.place(origin, line) })
            }
        }
    }

    /// A service as lists show it.
    pub(super) fn service_view(&self, ix: ServiceIx) -> ServiceView {
        let service = &self.input.catalog[ix];
        let row = self.input.coverage.rows.get(ix.at());
        let tally = row.map(|r| r.required).unwrap_or_default();
        let coverage = match service.presence {
            Presence::None => "no runbook".to_owned(),
            Presence::Blank => "untouched form".to_owned(),
            Presence::Filled if tally.of == 0 => "nothing required".to_owned(),
            Presence::Filled => format!("{} of {}", tally.met, tally.of),
        };
        ServiceView {
            id: service.id.to_string(),
            name: service.name.clone(),
            href: href(self.addresses.service(ix)),
            tier: service.tier.as_ref().map(|t| t.value.into()),
            presence: presence(service),
            owners: service.owners.iter().map(|o| self.owner_link(o.value)).collect(),
            coverage,
            met: tally.met,
            of: tally.of,
            admitted: row.map_or(0, |r| r.counts.gap),
        }
    }

    /// Name and page of a service.
    pub(super) fn service_link(&self, ix: ServiceIx) -> Named {
        Named { name: self.input.catalog[ix].name.clone(), href: href(self.addresses.service(ix)) }
    }

    /// Name and page of an owner.
    pub(super) fn owner_link(&self, ix: OwnerIx) -> Named {
        Named { name: self.input.catalog[ix].name.clone(), href: href(&self.addresses.owners[ix.at()]) }
    }

    /// Where a missing section belongs: below the last heading of its chapter, else at the top of the runbook.
    fn place_for(&self, service: ServiceIx, section: SectionIx) -> Option<Place> {
        let catalog = self.input.catalog;
        let runbook = &catalog[*catalog[service].documents.first()?];
        let template = self.template();
        let chapter = template[section].chapter;
        let of_chapter = |home: Home| match home {
            Home::Section(s) => template[s].chapter == chapter,
            Home::Parent(p) => template[p].chapter == chapter,
            Home::Chapter(c) => c == chapter,
            Home::Front | Home::Beyond => false,
        };
        let heading = runbook.parts.iter().rev().filter(|p| of_chapter(p.home)).find_map(|p| p.heading);
        let line = heading.map_or(1, |h| runbook.document.line(runbook.document.headings[h.at()].span.start));
        Some(self.place(&runbook.document.origin, line))
    }

    /// A gap in a list: what is missing, whose it is, what was said.
    pub(super) fn gap(&self, service: ServiceIx, section: SectionIx) -> Option<Gap> {
        let cell = self.input.coverage.cell(service, section)?;
        let ix = section;
        let section = &self.template()[section];
        Some(Gap {
            service: self.service_link(service),
            tier: self.input.catalog[service].tier.as_ref().map(|t| t.value.into()),
            owner: self.input.catalog[service].owners.first().map(|o| self.owner_link(o.value)),
            section: section.title.clone(),
            href: self.addresses.answer(service, &section.id),
            badge: words::badge(cell),
            through: cell.through.map(|t| words::by(&self.input.catalog[t.service].name, t.state)),
            quote: self.quote(cell),
            place: if cell.answer.is_none() { self.place_for(service, ix) } else { None },
        })
    }
}

/// A cell in a list of gaps.
#[derive(Clone, Debug, Serialize)]
pub struct Gap {
    /// Whose.
    pub service: Named,
    /// How critical that is.
    pub tier: Option<u8>,
    /// Who should mend it.
    pub owner: Option<Named>,
    /// Which section.
    pub section: String,
    /// The section on the service's page.
    pub href: String,
    /// Its state.
    pub badge: Badge,
    /// Which platform it is left to, and what is said there.
    pub through: Option<String>,
    /// The words behind it.
    pub quote: Option<Quote>,
    /// Where it belongs, where nothing is there.
    pub place: Option<Place>,
}
