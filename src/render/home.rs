//! The first page, and the page for an address that leads nowhere.

use crate::model::catalog::Presence;
use crate::model::diagnostic::Diagnostic;
use crate::model::id::{ServiceIx, Tier};
use crate::model::source::SourceState;
use crate::model::state::Class;
use crate::render::fleet::{self, RiskView};
use crate::render::history::{self, Line, Trend};
use crate::render::views::{Gap, Named, ServiceView};
use crate::render::words::{self, count};
use crate::render::{Frame, Site};
use serde::Serialize;

#[derive(Serialize)]
struct Home {
    sentence: String,
    restore: Option<String>,
    met: u32,
    of: u32,
    services: Vec<ServiceRow>,
    all_services: usize,
    /// Of the template: how wide a row is.
    questions: usize,
    risks: Vec<RiskView>,
    more_risks: usize,
    admitted: Vec<Gap>,
    all_admitted: usize,
    owners: Vec<OwnerLine>,
    more_owners: usize,
    honesty: Honesty,
    bands: Vec<Band>,
    trend: Option<Trend>,
}

/// A service as one line of the small matrix.
#[derive(Serialize)]
struct ServiceRow {
    service: ServiceView,
    /// Runs of cells of one class, a cell being 1 wide; none where nothing is written.
    runs: Vec<Run>,
}

#[derive(Serialize)]
struct Run {
    class: &'static str,
    at: usize,
    width: usize,
}

/// A class's part of all cells, drawn as a stretch of a bar 1000 wide.
#[derive(Serialize)]
struct Band {
    class: &'static str,
    says: &'static str,
    count: u32,
    at: f64,
    width: f64,
}

#[derive(Serialize)]
struct OwnerLine {
    owner: Named,
    services: usize,
    met: u32,
    of: u32,
    admitted: u32,
    /// In percent of what is asked, 0 to 100.
    share: u32,
    line: Option<Line>,
}

#[derive(Serialize)]
struct Honesty {
    read: String,
    unsure: Option<String>,
    as_of: Option<String>,
    sources: Vec<SourceLine>,
}

#[derive(Serialize)]
struct SourceLine {
    name: String,
    fresh: bool,
    state: &'static str,
    commit: Option<String>,
    as_of: Option<String>,
    reason: Option<String>,
}

/// More services than these are on a page of their own.
const MOST: usize = 30;

/// The home page.
pub fn page(site: &Site) -> (String, Option<Diagnostic>) {
    let catalog = site.input.catalog;
    let totals = &site.input.coverage.totals;
    let risks = &site.input.coverage.risks;
    let admitted = fleet::admitted(site);
    let services = catalog.services.len();
    let all = |part: u32, is: &str| (part > 0).then(|| format!("{} {is}", words::grouped(part as usize)));
    let parts = [
        all(totals.filled, "with a runbook"),
        all(totals.blank, "with an untouched form"),
        all(totals.none, "that others name and nobody has written about"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let sentence = format!("{}: {}", count(services, "service", "services"), parts.join(", "));
    let owners = catalog.owners.iter().enumerate().filter(|(_, o)| !o.services.is_empty()).map(|(at, owner)| {
        let (tally, counts) = totals.owners.get(at).copied().unwrap_or_default();
        OwnerLine {
            owner: site.owner_link(at.into()),
            services: owner.services.len(),
            met: tally.met,
            of: tally.of,
            admitted: counts.gap,
            share: (tally.met * 100).checked_div(tally.of).unwrap_or(0),
            line: history::of_owner(site, owner.id.as_str()),
        }
    });
    // Whose answers are furthest from what is asked of them stands first.
    let mut owners: Vec<OwnerLine> = owners.collect();
    owners.sort_by_key(|o| (o.of == 0, std::cmp::Reverse(o.of - o.met), std::cmp::Reverse(o.admitted)));
    let more_owners = owners.len().saturating_sub(40);
    owners.truncate(40);
    let view = Home {
        sentence,
        restore: restore(site),
        met: totals.required.met,
        of: totals.required.of,
        services: fleet::by_tier(catalog).into_iter().take(MOST).map(|s| row(site, s)).collect(),
        all_services: services,
        questions: site.template().sections.len(),
        risks: fleet::worst(risks, 7).into_iter().map(|r| fleet::risk(site, r, 4)).collect(),
        more_risks: risks.len().saturating_sub(7),
        all_admitted: admitted.len(),
        admitted: admitted.into_iter().take(8).filter_map(|(s, section)| site.gap(s, section)).collect(),
        owners,
        more_owners,
        bands: bands(site),
        trend: history::trend(site),
        honesty: honesty(site),
    };
    site.frame("home.html", Frame::at("index.html", "", "home"), &view)
}

fn row(site: &Site, ix: ServiceIx) -> ServiceRow {
    let filled = site.input.catalog[ix].presence == Presence::Filled;
    let cells = site.input.coverage.rows.get(ix.at()).filter(|_| filled).map_or(&[][..], |row| &row.cells);
    let classes: Vec<Class> = site.template().all().filter_map(|s| Some(cells.get(s.at())?.state.class())).collect();
    let mut at = 0;
    let run = |run: &[Class]| {
        at += run.len();
        Run { class: run[0].id(), at: at - run.len(), width: run.len() }
    };
    ServiceRow { service: site.service_view(ix), runs: classes.chunk_by(|a, b| a == b).map(run).collect() }
}

fn bands(site: &Site) -> Vec<Band> {
    let counts = site.input.coverage.totals.counts;
    let all: u32 = Class::ALL.iter().map(|class| counts.of(*class)).sum();
    let mut at = 0.0;
    let band = |class: Class| {
        let count = counts.of(class);
        let width = if all == 0 { 0.0 } else { (f64::from(count) * 10_000.0 / f64::from(all)).round() / 10.0 };
        at += width;
        Band { class: class.id(), says: words::class(class), count, at: ((at - width) * 10.0).round() / 10.0, width }
    };
    Class::ALL.into_iter().map(band).collect()
}

/// What an outage of data would find among the most critical services.
fn restore(site: &Site) -> Option<String> {
    let catalog = site.input.catalog;
    let critical: Vec<_> = fleet::by_tier(catalog)
        .into_iter()
        .filter(|&s| catalog[s].tier.as_ref().is_some_and(|t| t.value == Tier::One))
        .collect();
    if critical.is_empty() {
        return None;
    }
    let restore = site.template().section("restore-procedures")?;
    let lost = critical
        .iter()
        .filter(|&&s| match catalog[s].presence {
            Presence::Filled => site.input.coverage.cell(s, restore).is_some_and(|c| !c.met),
            Presence::Blank | Presence::None => true,
        })
        .count();
    Some(match (critical.len(), lost) {
        (1, 0) => "The one tier-1 service can be restored as written".to_owned(),
        (many, 0) => format!("All {many} tier-1 services can be restored as written"),
        (many, lost) => format!("For {lost} of {many} tier-1 services nobody has written all it takes to restore them"),
    })
}

fn honesty(site: &Site) -> Honesty {
    let catalog = site.input.catalog;
    let unsure = site.input.coverage.totals.unsure as usize;
    let sources = &catalog.sources;
    let fresh = sources.iter().filter(|s| s.state == SourceState::Fresh).count();
    Honesty {
        read: format!("Read {fresh} of {}", count(sources.len(), "source", "sources")),
        unsure: (unsure > 0).then(|| format!("{} unsure: please look", count(unsure, "answer is", "answers are"))),
        as_of: sources.iter().filter_map(|s| s.as_of).max().map(|d| d.to_string()),
        sources: sources
            .iter()
            .map(|s| SourceLine {
                name: s.name.to_string(),
                fresh: s.state == SourceState::Fresh,
                state: match s.state {
                    SourceState::Fresh => "read",
                    SourceState::Stale => "last good copy",
                    SourceState::Denied => "not allowed",
                    SourceState::Gone => "gone",
                    SourceState::Rejected => "refused",
                },
                commit: s.commit.as_ref().map(|c| c.chars().take(10).collect()),
                as_of: s.as_of.map(|d| d.to_string()),
                reason: s.reason.clone(),
            })
            .collect(),
    }
}

/// The page for an address that leads nowhere. It is shown at any depth, so its links start at the site's root.
pub fn lost(site: &Site) -> (String, Option<Diagnostic>) {
    let mut frame = Frame::at("404.html", "Not here", "");
    frame.root = format!("{}/", site.input.config.base_url.as_deref().unwrap_or_default()).into();
    site.frame("404.html", frame, &())
}
