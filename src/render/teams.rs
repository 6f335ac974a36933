//! A fleet too large for one page: services by the team that owns them first, and the totals that lead there.

use crate::model::catalog::Presence;
use crate::model::coverage::{Counts, Tally};
use crate::model::id::{OwnerIx, SectionIx, ServiceIx};
use crate::model::profile::Required;
use crate::model::state::Class;
use crate::render::address::{Addresses, href, segment_of};
use crate::render::views::Named;
use crate::render::{Input, Site, fleet};
use serde::Serialize;
use std::collections::BTreeMap;

/// More services than this are split: a table of them is neither painted at once nor read.
pub const LARGEST: usize = 1500;

/// One page's worth of a team's services.
#[derive(Debug)]
pub struct Team {
    /// The team, with the number of its page where it has several.
    pub name: String,
    /// Where its pages are, below the folder of their kind.
    pub folder: String,
    /// Its services, the most critical first.
    pub services: Vec<ServiceIx>,
}

/// The teams of a fleet that has to be split; none where one page will do.
pub fn of(input: &Input, addresses: &Addresses) -> Vec<Team> {
    let catalog = input.catalog;
    if catalog.services.len() <= LARGEST {
        return Vec::new();
    }
    let mut by_owner: BTreeMap<Option<OwnerIx>, Vec<ServiceIx>> = BTreeMap::new();
    for service in fleet::by_tier(catalog) {
        by_owner.entry(catalog[service].owners.first().map(|o| o.value)).or_default().push(service);
    }
    let mut teams = Vec::new();
    for (owner, services) in by_owner {
        let (name, folder) = match owner {
            Some(o) => (catalog[o].name.clone(), format!("teams/{}", segment_of(&addresses.owners[o.at()]))),
            None => ("Nobody's".to_owned(), "nobody".to_owned()),
        };
        for (at, services) in services.chunks(LARGEST).enumerate() {
            let (name, folder) = match at {
                0 => (name.clone(), folder.clone()),
                at => (format!("{name}, page {}", at + 1), format!("{folder}/page-{}", at + 1)),
            };
            teams.push(Team { name, folder, services: services.to_vec() });
        }
    }
    teams
}

/// The path of a further page of a list that is too long for one; the first keeps its own.
pub fn further(page: &str, part: u32) -> String {
    match part {
        0 => page.to_owned(),
        part => format!("{}page-{}/index.html", page.trim_end_matches("index.html"), part + 1),
    }
}

/// How many pages a list of so many services takes.
pub fn parts(services: usize) -> u32 {
    services.div_ceil(LARGEST).max(1) as u32
}

/// The pages of such a list; none where there is but one.
pub fn turns(page: &str, services: usize) -> Vec<Named> {
    let turn = |part: u32| Named { name: format!("page {}", part + 1), href: href(&further(page, part)) };
    (0..parts(services)).filter(|_| parts(services) > 1).map(turn).collect()
}

/// The services of one page of a list.
pub fn slice<T>(all: &[T], part: u32) -> &[T] {
    all.chunks(LARGEST).nth(part as usize).unwrap_or_default()
}

/// What a team's services amount to.
#[derive(Serialize)]
pub struct Total {
    name: String,
    /// Its page, from the page that shows the totals.
    href: String,
    services: usize,
    without: usize,
    met: u32,
    of: u32,
    counts: Vec<(&'static str, u32)>,
}

/// The totals of every team; `folder` leads to the kind of page they link to.
pub fn totals(site: &Site, folder: &str) -> Vec<Total> {
    let total = |team: &Team| {
        let mut tally = Tally::default();
        let mut counts = Counts::default();
        let mut without = 0;
        for service in &team.services {
            let Some(row) = site.input.coverage.rows.get(service.at()) else { continue };
            tally.met += row.required.met;
            tally.of += row.required.of;
            without += usize::from(site.input.catalog[*service].presence != Presence::Filled);
            for class in row.cells.iter().map(|c| c.state.class()) {
                counts.add(class);
            }
        }
        Total {
            name: team.name.clone(),
            href: format!("{folder}/{}/index.html", href(&team.folder)),
            services: team.services.len(),
            without,
            met: tally.met,
            of: tally.of,
            counts: Class::ALL.map(|class| (class.id(), counts.of(class))).to_vec(),
        }
    };
    site.teams.iter().map(total).collect()
}

/// A section's open answers, team by team.
#[derive(Serialize)]
pub struct Open {
    section: Named,
    /// Services whose answer is asked for and not there, and of how many it is asked.
    teams: Vec<(u32, u32)>,
}

/// What is open in every section, beside the teams.
pub fn open(site: &Site, columns: &[SectionIx]) -> Vec<Open> {
    let of = |team: &Team, s: SectionIx| {
        let cells = team.services.iter().filter_map(|&service| site.input.coverage.cell(service, s));
        cells
            .filter(|c| c.required != Required::Shown)
            .fold((0, 0), |(open, all), c| (open + u32::from(!c.met), all + 1))
    };
    let line = |&s: &SectionIx| Open {
        section: Named { name: site.template()[s].title.clone(), href: href(site.addresses.section(s)) },
        teams: site.teams.iter().map(|team| of(team, s)).collect(),
    };
    columns.iter().map(line).collect()
}
