//! What a search finds: the things that have a page, and the places on it that a result can lead to.

use crate::model::book::repeats;
use crate::model::catalog::{Catalog, Presence};
use crate::model::id::{HeadingIx, OwnerIx, RunbookIx, SectionIx, ServiceIx};
use crate::model::runbook::{AlertEntry, Home, Runbook};
use crate::model::state::{Class, Kind, State};
use crate::model::text::Span;
use crate::render::address::{Addresses, href};
use crate::render::search::plain;
use crate::render::views::{heading_id, place_id};
use crate::render::{Site, links, lists, words};
use std::collections::HashMap;

/// Something that has a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A service.
    Service(ServiceIx),
    /// An alert's place in the catalog.
    Alert(u32),
    /// An owner.
    Owner(OwnerIx),
    /// A technology's place in the catalog.
    Technology(u32),
    /// A section of the template.
    Section(SectionIx),
    /// A document that has a readable page.
    Document(RunbookIx),
}

/// What a search knows of a page as a whole.
#[derive(Debug, Default)]
pub struct Subject {
    /// What it is called.
    pub name: String,
    /// Its other names.
    pub aliases: Vec<String>,
    /// Words that go with its name: a service's owners, a section's other headings.
    pub with: String,
    /// Its address below the root.
    pub href: String,
    /// What it is: `service`, `alert`, `owner` ...
    pub kind: &'static str,
    /// How critical its service is; 0 where nobody says.
    pub tier: u8,
    /// Owners of its service.
    pub owners: Vec<OwnerIx>,
    /// The service it belongs to.
    pub service: Option<ServiceIx>,
    /// A letter a section of the template; empty where it is no service with a runbook.
    pub states: String,
}

/// A place on a page.
#[derive(Debug)]
pub struct Unit {
    /// The section of the template it answers.
    pub section: Option<SectionIx>,
    /// Its anchor; empty for the page's top.
    pub anchor: String,
    /// The author's heading, where it says more than the section's.
    pub heading: String,
    /// In what state it is, where that is worth a badge.
    pub state: Option<State>,
    /// Its words, for showing.
    pub text: String,
    /// What it is found by beside them: where its links lead.
    pub hidden: String,
}

/// Everything that has a page, services first, in an order that stays as long as pages stay.
pub fn things(catalog: &Catalog, addresses: &Addresses, sections: usize) -> Vec<Thing> {
    let mut things: Vec<Thing> = (0..catalog.services.len()).map(|at| Thing::Service(at.into())).collect();
    things.extend((0..catalog.alerts.len()).map(|at| Thing::Alert(at as u32)));
    things.extend((0..catalog.owners.len()).map(|at| Thing::Owner(at.into())));
    things.extend((0..catalog.technologies.len()).map(|at| Thing::Technology(at as u32)));
    things.extend((0..sections).map(|at| Thing::Section(at.into())));
    let readable = (0..catalog.runbooks.len()).filter(|&at| addresses.readable[at].is_some());
    things.extend(readable.map(|at| Thing::Document(at.into())));
    things
}

/// The path of a thing's page.
pub fn path(addresses: &Addresses, thing: Thing) -> &str {
    match thing {
        Thing::Service(ix) => addresses.service(ix),
        Thing::Alert(at) => &addresses.alerts[at as usize],
        Thing::Owner(ix) => &addresses.owners[ix.at()],
        Thing::Technology(at) => &addresses.technologies[at as usize],
        Thing::Section(ix) => addresses.section(ix),
        Thing::Document(ix) => addresses.readable[ix.at()].as_deref().unwrap_or_default(),
    }
}

/// A page as a whole.
pub fn subject(site: &Site, thing: Thing) -> Subject {
    let catalog = site.input.catalog;
    let mut subject = match thing {
        Thing::Service(ix) => {
            let service = &catalog[ix];
            Subject {
                name: service.name.clone(),
                aliases: service.aliases.iter().map(|a| a.value.clone()).collect(),
                with: service.system.as_ref().map(|s| s.value.clone()).unwrap_or_default(),
                kind: "service",
                service: Some(ix),
                states: states(site, ix),
                ..Subject::default()
            }
        }
        Thing::Alert(at) => Subject {
            name: catalog.alerts[at as usize].name.clone(),
            kind: "alert",
            service: catalog.alerts[at as usize].services.first().copied(),
            ..Subject::default()
        },
        Thing::Owner(ix) => Subject {
            name: catalog[ix].name.clone(),
            aliases: catalog[ix].aliases.clone(),
            kind: "owner",
            owners: vec![ix],
            ..Subject::default()
        },
        Thing::Technology(at) => Subject {
            name: catalog.technologies[at as usize].name.clone(),
            with: catalog.technologies[at as usize].class.clone(),
            kind: "dependency",
            ..Subject::default()
        },
        Thing::Section(ix) => Subject {
            name: site.template()[ix].title.clone(),
            with: site.template()[ix].aliases.join(", "),
            kind: "section",
            ..Subject::default()
        },
        Thing::Document(ix) => Subject {
            name: catalog[ix].title.clone(),
            with: catalog[ix].document.origin.label(),
            kind: match catalog[ix].kind {
                Kind::Procedure => "procedure",
                Kind::Notes => "notes",
                _ => "document",
            },
            service: catalog.speaks_for[ix.at()],
            ..Subject::default()
        },
    };
    subject.href = href(path(&site.addresses, thing));
    if let Some(service) = subject.service.map(|ix| &catalog[ix]) {
        subject.tier = service.tier.as_ref().map_or(0, |t| t.value.into());
        subject.owners = service.owners.iter().map(|o| o.value).collect();
    }
    subject
}

fn states(site: &Site, ix: ServiceIx) -> String {
    let row = site.input.coverage.rows.get(ix.at());
    let row = row.filter(|_| site.input.catalog[ix].presence == Presence::Filled);
    row.map(|r| r.cells.iter().map(|c| words::sign(c.state).letter).collect()).unwrap_or_default()
}

/// The places of a page, its top first. Every word of a document is found on one page: its service's, else its own.
pub fn units(site: &Site, thing: Thing) -> Vec<Unit> {
    let catalog = site.input.catalog;
    let mut places = Places { site, units: vec![Unit::at(String::new())], at: HashMap::new() };
    match thing {
        Thing::Service(ix) if catalog[ix].presence == Presence::Filled => {
            places.at.insert("front".to_owned(), 0);
            for &document in &catalog[ix].documents {
                places.on_service(&catalog[document], ix);
            }
        }
        Thing::Service(_) => {}
        Thing::Alert(at) => {
            let alert = &catalog.alerts[at as usize];
            let said: Vec<&str> = alert.rules.iter().filter_map(|r| r.summary.as_deref()).collect();
            places.units[0].text = said.join(" · ");
            for page in &alert.pages {
                let runbook = &catalog[page.runbook];
                if let Some(entry) = runbook.alerts.get(page.entry as usize) {
                    places.on_alert(runbook, entry);
                }
            }
        }
        Thing::Owner(ix) => places.units[0].text = catalog[ix].contacts.join(" · "),
        Thing::Technology(_) => {}
        Thing::Section(ix) => places.units[0].text = lists::asks(&site.template()[ix].guidance),
        Thing::Document(ix) => {
            let told = catalog.speaks_for[ix.at()].is_some_and(|s| catalog[s].presence == Presence::Filled);
            if !told {
                places.on_own(&catalog[ix]);
            }
        }
    }
    places.units
}

struct Places<'a, 's> {
    site: &'a Site<'s>,
    units: Vec<Unit>,
    at: HashMap<String, usize>,
}

impl Places<'_, '_> {
    /// The parts of a document on its service's page.
    fn on_service(&mut self, runbook: &Runbook, service: ServiceIx) {
        let template = self.site.template();
        for part in runbook.parts.iter().filter(|p| !is_of_alert(runbook, p.span)) {
            let place = place_id(part.home, template);
            let heading = part.heading.filter(|&h| !repeats(runbook, h, part.home, template));
            let cell = match part.home {
                Home::Section(s) => self.site.input.coverage.cell(service, s),
                _ => None,
            };
            let residue = part.state == State::Residue || cell.is_some_and(|c| c.state == State::Residue);
            let mut text = if residue { String::new() } else { said(runbook, part.heading, part.span) };
            // What the template asks is no part of what the author answers.
            if let Home::Section(section) = part.home
                && let Some(rest) = text.strip_prefix(&lists::asks(&template[section].guidance))
            {
                text = rest.trim_start_matches([' ', '·']).to_owned();
            }
            if text.is_empty() && (residue || heading.is_none()) {
                continue;
            }
            let unit = self.unit(match heading {
                Some(h) => heading_id(&place, &runbook.document.headings[h.at()].anchor),
                None => place,
            });
            if let Home::Section(section) = part.home {
                unit.section = Some(section);
            }
            // A heading of several may promise beside one that answers: no green stands beside its words.
            let admits = heading.is_some() && matches!(part.state.class(), Class::Gap | Class::Partial);
            let cell = cell.map(|c| c.state).filter(|state| !(admits && state.class() == Class::Covered));
            unit.state = Some(cell.unwrap_or(part.state)).filter(|_| part.home != Home::Front);
            unit.say(runbook, heading, part.span, &text);
        }
    }

    /// The parts of a document that belong to one of its alerts.
    fn on_alert(&mut self, runbook: &Runbook, entry: &AlertEntry) {
        for part in runbook.parts.iter().filter(|p| entry.span.contains(p.span)) {
            let heading = part.heading.filter(|&h| Some(h) != entry.heading);
            let unit = self.unit(heading.map_or(String::new(), |h| anchor(runbook, h)));
            let answer = entry.answers.iter().find(|a| heading.is_some() && a.heading == heading);
            unit.state = answer.map(|a| a.state).or(unit.state);
            unit.say(runbook, heading, part.span, &said(runbook, part.heading, part.span));
        }
    }

    /// The parts of a document on a page of its own.
    fn on_own(&mut self, runbook: &Runbook) {
        let titled = |h: HeadingIx| h.at() == 0 && runbook.document.headings[0].title == runbook.title;
        for part in runbook.parts.iter().filter(|p| !is_of_alert(runbook, p.span)) {
            let heading = part.heading.filter(|&h| !titled(h));
            let unit = self.unit(heading.map_or(String::new(), |h| anchor(runbook, h)));
            unit.state = Some(part.state).filter(|s| matches!(s.class(), Class::Gap | Class::Partial));
            unit.say(runbook, heading, part.span, &said(runbook, part.heading, part.span));
        }
    }

    /// The unit of an anchor: parts that stand at one place are found as one.
    fn unit(&mut self, anchor: String) -> &mut Unit {
        let next = self.units.len();
        let at = if anchor.is_empty() { 0 } else { *self.at.entry(anchor.clone()).or_insert(next) };
        if at == next {
            self.units.push(Unit::at(anchor));
        }
        &mut self.units[at]
    }
}

impl Unit {
    fn at(anchor: String) -> Self {
        let (heading, text, hidden) = Default::default();
        Self { section: None, anchor, heading, state: None, text, hidden }
    }

    fn say(&mut self, runbook: &Runbook, heading: Option<HeadingIx>, span: Span, text: &str) {
        if let Some(heading) = heading {
            self.heading.clone_from(&runbook.document.headings[heading.at()].title);
        }
        if !self.text.is_empty() && !text.is_empty() {
            self.text.push_str(" · ");
        }
        self.text.push_str(text);
        let links = &runbook.document.links;
        let first = links.partition_point(|l| l.span.start < span.start);
        for link in links[first..].iter().take_while(|l| l.span.start < span.end) {
            self.hidden.push_str(&link.target);
            self.hidden.push(' ');
        }
    }
}

fn anchor(runbook: &Runbook, heading: HeadingIx) -> String {
    links::id_of(&runbook.document.headings[heading.at()].anchor)
}

/// The words of a part, with the answer that stands inside its heading.
fn said(runbook: &Runbook, heading: Option<HeadingIx>, span: Span) -> String {
    let document = &runbook.document;
    let text = plain::text(document, span);
    match heading.and_then(|h| document.headings[h.at()].inline_answer) {
        Some(answer) => format!("{} {text}", answer.of(&document.text).trim()),
        None => text,
    }
}

/// Whether a part is shown on an alert's page; alerts stand in the order of their lines.
fn is_of_alert(runbook: &Runbook, part: Span) -> bool {
    let next = runbook.alerts.partition_point(|a| a.span.start <= part.start);
    runbook.kind == Kind::Alert && next > 0 && runbook.alerts[next - 1].span.contains(part)
}
