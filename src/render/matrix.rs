//! The matrix: services by sections in one native table, the same as CSV, and the words behind its cells.

use crate::model::catalog::Presence;
use crate::model::coverage::Row;
use crate::model::diagnostic::Diagnostic;
use crate::model::id::{SectionIx, ServiceIx, Tier};
use crate::model::profile::Required;
use crate::model::state::State;
use crate::render::teams::{self, Open, Total};
use crate::render::words::{self, Sign};
use crate::render::{Frame, Site, fleet, table};
use serde::Serialize;

/// Which rows a page of the matrix shows, and which columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Every section, not only those asked of somebody.
    pub all: bool,
    /// One team's services, where the fleet is split; else all of them, or the teams' totals.
    pub team: Option<u32>,
}

impl Part {
    /// Where it stands.
    pub fn path(self, site_teams: &[teams::Team]) -> String {
        let all = if self.all { "all/" } else { "" };
        match self.team.and_then(|t| site_teams.get(t as usize)) {
            Some(team) => format!("matrix/{}/{all}index.html", team.folder),
            None => format!("matrix/{all}index.html"),
        }
    }
}

#[derive(Serialize)]
struct Matrix {
    all: bool,
    team: Option<String>,
    table: String,
    shown: usize,
    of: usize,
    rows: usize,
    hint: bool,
    legend: Vec<Sign>,
    /// The page with the other columns.
    other: String,
    /// The way to the folder the words behind the cells are in.
    up: String,
    owners: Vec<(String, String)>,
    chapters: Vec<ChapterChoice>,
    totals: Vec<Total>,
    open: Vec<Open>,
}

#[derive(Serialize)]
struct ChapterChoice {
    id: String,
    title: String,
    sections: Vec<(String, String)>,
}

/// A page of the matrix.
pub fn page(site: &Site, part: Part) -> (String, Option<Diagnostic>) {
    let template = site.template();
    let path = part.path(&site.teams);
    let team = part.team.map(|t| &site.teams[t as usize]);
    let mut title = if part.all { "Matrix, every section".to_owned() } else { "Matrix".to_owned() };
    if let Some(team) = team {
        title = format!("{title}: {}", team.name);
    }
    let mut frame = Frame::at(&path, title, "matrix");
    if team.is_some() {
        frame = frame.below("Matrix", "matrix/index.html");
    }
    let hint = without_tiers(site);
    let columns = if part.all { template.all().collect() } else { columns(site, hint) };
    let split = team.is_none() && !site.teams.is_empty();
    let rows = match team {
        Some(team) => team.services.clone(),
        None if split => Vec::new(),
        None => fleet::by_tier(site.input.catalog),
    };
    let mut html = table::head(site, &frame.root, &columns);
    html.push_str("<tbody>\n");
    html.push_str(&table::body(site, &frame.root, &rows, &columns));
    html.push_str("</tbody>");
    let other = match part.all {
        true => "../index.html",
        false => "all/index.html",
    };
    let depth = path.matches('/').count();
    let view = Matrix {
        all: part.all,
        team: team.map(|t| t.name.clone()),
        table: if split { String::new() } else { html },
        shown: columns.len(),
        of: template.sections.len(),
        rows: rows.len(),
        hint,
        legend: State::ALL.map(words::sign).to_vec(),
        other: other.to_owned(),
        up: "../".repeat(depth - 1),
        owners: owners(site, &rows),
        chapters: choices(site, &columns),
        totals: if split { teams::totals(site, if part.all { ".." } else { "." }) } else { Vec::new() },
        open: if split { teams::open(site, &columns) } else { Vec::new() },
    };
    site.frame("matrix.html", frame, &view)
}

/// Owners of some services by name.
fn owners(site: &Site, rows: &[ServiceIx]) -> Vec<(String, String)> {
    let catalog = site.input.catalog;
    let of = |&s: &ServiceIx| catalog[s].owners.iter().map(|o| &catalog[o.value]);
    let mut owners: Vec<(String, String)> =
        rows.iter().flat_map(of).map(|o| (o.id.to_string(), o.name.clone())).collect();
    owners.sort_by(|a, b| (a.1.to_lowercase(), &a.0).cmp(&(b.1.to_lowercase(), &b.0)));
    owners.dedup();
    owners
}

fn choices(site: &Site, columns: &[SectionIx]) -> Vec<ChapterChoice> {
    let template = site.template();
    let runs = columns.chunk_by(|a, b| template[*a].chapter == template[*b].chapter);
    runs.map(|run| {
        let chapter = &template[template[run[0]].chapter];
        let sections = run.iter().map(|&s| (template[s].id.clone(), template[s].title.clone())).collect();
        ChapterChoice { id: chapter.id.clone(), title: chapter.title.clone(), sections }
    })
    .collect()
}

/// Whether most services that have a runbook have no tier.
fn without_tiers(site: &Site) -> bool {
    let catalog = site.input.catalog;
    let filled = catalog.services.iter().filter(|s| s.presence == Presence::Filled);
    let (with, without): (Vec<_>, Vec<_>) = filled.partition(|s| s.tier.is_some());
    without.len() > with.len()
}

/// Sections asked of any service; where most have no tier, also those a service of tier 2 is asked.
fn columns(site: &Site, hint: bool) -> Vec<SectionIx> {
    let asked = |s: SectionIx| {
        let by_row = |row: &Row| row.cells.get(s.at()).is_some_and(|c| c.required != Required::Shown);
        site.input.coverage.rows.iter().any(by_row)
            || hint && site.input.config.knowledge.profiles.asked(s, Some(Tier::Two), &[]) != Required::Shown
    };
    let columns: Vec<SectionIx> = site.template().all().filter(|&s| asked(s)).collect();
    if columns.is_empty() { site.template().all().collect() } else { columns }
}

/// What a cell says, for the panel beside the matrix.
#[derive(Serialize)]
struct Behind<'a> {
    title: &'a str,
    says: &'static str,
    class: &'static str,
    glyph: &'static str,
    /// What else is to be known of it.
    marks: Vec<String>,
    quote: Option<String>,
    place: Option<String>,
    written: Option<String>,
    view: Option<String>,
    edit: Option<String>,
    issues: Option<String>,
    state: &'static str,
    confidence: u32,
    commit: Option<&'a str>,
}

/// `matrix/cells/<service>.js`: the words behind a service's cells, as a script that only hands over data. A page
/// opened from disk may load scripts and nothing else.
pub fn cells(site: &Site, ix: ServiceIx) -> Vec<u8> {
    let template = site.template();
    let catalog = site.input.catalog;
    let service = &catalog[ix];
    let mut map = serde_json::Map::new();
    for s in template.all() {
        let Some(cell) = site.input.coverage.cell(ix, s) else { continue };
        let badge = words::badge(cell);
        let found = site.candidate(cell);
        let quote = site.quote(cell);
        let through = cell.through.map(|t| words::by(&catalog[t.service].name, t.state));
        let marks = [
            badge.worth.map(str::to_owned),
            badge.risk.then(|| "documented risk".to_owned()),
            badge.unsure.then(|| "unsure, please look".to_owned()),
            badge.waived.then(|| "accepted".to_owned()),
            badge.inherited.then(|| "said under the heading above it".to_owned()),
            through,
            Some(match (badge.counted, badge.met) {
                (true, false) => "asked for, and not there".to_owned(),
                (true, true) => "asked for".to_owned(),
                (false, _) => "not asked for".to_owned(),
            }),
        ];
        // Where nothing is written, whoever keeps the service's first document is asked.
        let origin =
            found.map(|(_, origin)| origin).or_else(|| service.documents.first().map(|&d| &catalog[d].document.origin));
        let web = origin.and_then(|o| catalog.source(&o.repo)).and_then(|s| s.web.as_ref());
        let behind = Behind {
            title: &template[s].title,
            says: badge.sign.says,
            class: badge.sign.class,
            glyph: badge.sign.glyph,
            marks: marks.into_iter().flatten().collect(),
            place: quote.as_ref().map(|q| format!("{}, line {}", q.place.label, q.place.line)),
            written: quote.as_ref().and_then(|q| q.place.written.clone()),
            view: quote.as_ref().and_then(|q| q.place.view.clone()),
            edit: quote.as_ref().and_then(|q| q.place.edit.clone()),
            quote: quote.map(|q| q.text).filter(|text| !text.is_empty()),
            issues: web.map(|w| w.new_issue()),
            state: badge.sign.state,
            confidence: (cell.confidence * 100.0).round() as u32,
            commit: found.and_then(|(_, origin)| origin.commit.as_deref()),
        };
        if let Ok(value) = serde_json::to_value(&behind) {
            map.insert(template[s].id.clone(), value);
        }
    }
    let key = serde_json::Value::from(super::address::segment_of(site.addresses.service(ix)));
    let name = serde_json::Value::from(service.name.as_str());
    format!("opsbookCells({key},{name},{});\n", serde_json::Value::Object(map)).into_bytes()
}

/// The matrix as CSV: a row a service, a column a section, the states' names.
pub fn csv(site: &Site, services: impl Iterator<Item = ServiceIx>) -> String {
    let template = site.template();
    let mut out = String::from("service,name,tier,owner,runbook,required met,required");
    for section in &template.sections {
        out.push(',');
        field(&mut out, &section.id);
    }
    out.push_str("\r\n");
    for ix in services {
        let view = site.service_view(ix);
        let tier = view.tier.map(|t| t.to_string()).unwrap_or_default();
        let owner = view.owners.first().map(|o| o.name.clone()).unwrap_or_default();
        for (at, value) in
            [&view.id, &view.name, &tier, &owner, view.presence, &view.met.to_string(), &view.of.to_string()]
                .into_iter()
                .enumerate()
        {
            if at > 0 {
                out.push(',');
            }
            field(&mut out, value);
        }
        for s in template.all() {
            out.push(',');
            out.push_str(site.input.coverage.cell(ix, s).map_or("", |c| c.state.id()));
        }
        out.push_str("\r\n");
    }
    out
}

/// A field, quoted where it must be; one that a spreadsheet would take for a formula is made text.
fn field(out: &mut String, value: &str) {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula || value.contains([',', '"', '\n', '\r']) {
        let value = value.replace('"', "\"\"");
        out.push_str(&format!("\"{}{value}\"", if formula { "'" } else { "" }));
    } else {
        out.push_str(value);
    }
}
